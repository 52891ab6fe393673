"""lrlab COMMAND: what the engine does from the command line. `lrlab diagnose losses.csv` reads a training log."""

import argparse
import sys
from pathlib import Path

import numpy as np

from lrlab.doctor import Diagnosis, Log, Run, diagnose, picture, read

DRAWN = 2000  # points of a curve in a plot, each a mean: more cannot be seen
SHOWN = 12  # runs that are listed


def diagnose_file(asked: argparse.Namespace) -> int:
    """Say what a log's loss curve says; 2 for a file that is no log."""
    try:
        log = read(asked.log, asked.metric)
        found = diagnose(log.runs)
        print(report(str(asked.log), log, found, unicode=writes_unicode()))
        if asked.plot:
            plot(log, found, asked.plot)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def report(name: str, log: Log, found: Diagnosis, unicode: bool = True) -> str:
    """The picture, the verdict, the evidence, and what to try, as text."""
    chosen = next(
        (run for run, part in zip(log.runs, found.runs or (found,), strict=True) if part.evidence is found.evidence)
    )
    first, last = (f"{chosen.steps[i]:g}" for i in (0, -1))
    count = f"{len(log.runs)} runs, drawn is {chosen.name or 'one'}: " if found.runs else ""
    lines = [
        f"{name}, {log.metric}: {count}{len(chosen.losses)} points, steps {first} to {last}",
        "",
        picture(chosen.losses, unicode=unicode),
        "",
        f"{found.verdict.upper()}. {found.sentence}",
        f"Try: {found.advice}",
        "",
    ]
    lines += [f"  {part.name or 'run'}: {part.verdict}" for part in found.runs[:SHOWN]]
    if len(found.runs) > SHOWN:
        lines.append(f"  and {len(found.runs) - SHOWN} more")
    return "\n".join([*lines, *evidence_lines(found)])


def evidence_lines(found: Diagnosis) -> list[str]:
    """The evidence, a line each, with what its numbers mean."""
    e = found.evidence
    if not e.finite:
        return ["Evidence: no finite number"]
    lines = [
        f"points          {e.points}, {e.finite} of them finite",
        f"loss            {e.first:.4g} at the start, {e.middle:.4g} in the second quarter, {e.last:.4g} in the last",
        f"lowest          {e.lowest:.4g}",
        f"fall            {e.sigmas:.3g} standard errors from the second quarter to the last, {e.trend:.3g} over all",
        f"late, ahead     {e.late:.3g} of the fall came late (a straight line: .57), {e.ahead:.3g} lies ahead",
        f"noise           {e.spread:.3g} around a line in the last quarter",
        f"turning points  {e.turning:.3g} of the points (noise: .67, up and down: 1, smooth: 0)",
        f"echo, rule      {e.echo:.3g} between neighbours, {e.regular:.3g} foretold by similar points (noise: 0)",
    ]
    if e.lr_left is not None:
        lines.append(f"rate            at the end {e.lr_left:.3g} of its peak")
    return ["Evidence", *(f"  {line}" for line in lines)]


def writes_unicode() -> bool:
    """Whether the terminal can show Braille."""
    try:
        "\u28ff".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def plot(log: Log, found: Diagnosis, target: Path) -> None:
    """The curves as a picture in a file; else one sentence."""
    try:
        import matplotlib

        matplotlib.use("agg")
        from lrlab import plots
    except ImportError:
        raise ValueError("--plot needs matplotlib: pip install matplotlib") from None
    import matplotlib.pyplot as plt

    kind = target.suffix[1:].lower()
    if kind not in ("svg", "png", "pdf"):
        raise ValueError(f"--plot is {str(target)!r}: give a name that ends in .svg, .png or .pdf")
    with plt.style.context(plots.STYLE):
        fig, ax = plots.figure()
        for number, run in enumerate(log.runs[:SHOWN], 1):
            ax.plot(*thinned(run), label=run.name or f"run {number}", linewidth=1)
        ax.set(xlabel="step", ylabel=log.metric, title=found.verdict)
        drawn = [line.get_ydata() for line in ax.lines]
        if all(np.nanmin(y, initial=np.inf) > 0 for y in drawn) and np.isfinite(np.concatenate(drawn)).any():
            ax.set_yscale("log")
        if len(log.runs) > 1:
            ax.legend()
        part = target.with_name(f"{target.name}.part")
        try:
            fig.savefig(part, format=kind, bbox_inches="tight")
            part.replace(target)
        except OSError as error:
            raise ValueError(
                f"{target} cannot be written ({error.strerror or error}): name a file in a folder of yours"
            ) from None
        finally:
            part.unlink(missing_ok=True)


def thinned(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Steps and losses, in means where there are too many; what is not finite is a gap."""
    finite = np.where(np.isfinite(run.losses), run.losses, np.nan)
    if len(finite) <= DRAWN:
        return run.steps, finite
    edges = np.linspace(0, len(finite), DRAWN + 1).astype(int)[:-1]
    whole = np.isfinite(finite)
    with np.errstate(all="ignore"):
        means = np.add.reduceat(np.where(whole, finite, 0.0), edges) / np.add.reduceat(whole, edges)
    return run.steps[edges], means


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 if it could be done, 2 if what it was given was wrong."""
    parser = argparse.ArgumentParser(prog="lrlab", description="The engine of the course The Learning Rate.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    doctor = commands.add_parser("diagnose", help="say what a training log tells about its learning rate")
    doctor.add_argument("log", type=Path, help="a CSV file with a header, or JSON lines")
    doctor.add_argument("--metric", help="the column to read, if it is not called loss")
    doctor.add_argument("--plot", type=Path, help="also draw the curve into this .svg, .png or .pdf")
    doctor.set_defaults(run=diagnose_file)
    asked = parser.parse_args(arguments)
    return asked.run(asked)


if __name__ == "__main__":
    sys.exit(main())
