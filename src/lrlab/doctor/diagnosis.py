"""The verdict on one run or on several, as a sentence with its numbers and with what to try next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array
from lrlab.doctor.evidence import Evidence, measure
from lrlab.doctor.logs import Run, split
from lrlab.doctor.rules import AHEAD, ENOUGH, NEAR_ZERO, ROUGH, VERDICTS, judge

STEEP = 0.45  # share of the fall that comes late, .57 on a straight line: from here on the run has hardly begun


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    verdict:  one of VERDICTS
    sentence: why, with the numbers
    advice:   what to try next
    factor:   by which to multiply the rate in that trial; 1 to keep it, None where nothing can be said
    evidence: the numbers behind it; for several runs those of the first one with the common verdict
    runs:     for several runs, a Diagnosis each; empty for one
    name:     of the run, if it has one
    """

    verdict: str
    sentence: str
    advice: str
    factor: float | None
    evidence: Evidence
    runs: tuple["Diagnosis", ...] = ()
    name: str = ""


def diagnose(losses, lrs=None, *, steps=None) -> Diagnosis:
    """verdict(loss_0 ... loss_T): diverged, oscillating, too slow, noise floor, plateau, fine, or cannot tell.

    losses: (T,) of one run; (T, B) of B runs, as in Trajectory.loss; or a list of `Run`. Any floats: NaN inside is a
            gap, a tail of NaN longer than any gap is a run that broke. Fewer than 20 points: always cannot tell.
    lrs:    the rates, if known: a number, (T,), (T-1,) as in Trajectory.lr, or the same with the axis of runs. They
            turn factors into rates, and a loss that is level because its rate was taken to zero is not blamed.
    steps:  (T,), the step of each loss, if not 0, 1, 2 ...; one that falls back to the start begins another run, one
            that falls back less resumes from there

    The loss's unit does not count. What tells the verdicts apart: a loss that ends above where it began (diverged);
    that is level and jumps by a rule, not by chance (oscillating); that has hardly left its start (plateau); of which
    much fell late and more lies ahead (too slow); that came down and is level with noise (noise floor); any other that
    came down (fine).
    The thresholds were chosen on the problems that `tuning` in tests/references/make_logs.py lists.

    Raises ValueError for what are no numbers, for more than two axes, or for shapes that do not fit.
    Source: our own rules; the noise floor: Robbins and Monro 1951, doi:10.1214/aoms/1177729586.

    >>> from lrlab import descend, objectives
    >>> found = diagnose(descend(objectives.quadratic((0.1, 1.0)), [1.0, 1.0], 0.003).loss, lrs=0.003)
    >>> found.verdict, found.factor
    ('too slow', 10.0)
    >>> print(found.advice)
    Raise the learning rate 10 times, from 0.003 to 0.03, and compare after as many steps.
    """
    if isinstance(losses, Sequence) and len(losses) and all(isinstance(run, Run) for run in losses):
        runs = list(losses)
    else:
        runs = runs_of(losses, lrs, steps)
    parts = tuple(one(run) for run in runs)
    return parts[0] if len(parts) == 1 else together(parts)


def runs_of(losses, lrs, steps) -> list[Run]:
    """Arrays as runs; else one sentence."""
    y = array("losses", losses, "give the losses of a run, (T,), or of B runs, (T, B)")
    y = y.reshape(1) if y.ndim == 0 else y
    if y.ndim > 2:
        raise ValueError(f"losses has shape {y.shape}: give (T,) for a run or (T, B) for B runs")
    rates = None if lrs is None else array("lrs", lrs, "give a rate, or one for each loss")
    if steps is not None:
        steps = array("steps", steps, "give the step of each loss")
        if steps.shape != y.shape[:1] or not np.isfinite(steps).all():
            raise ValueError(f"steps has shape {steps.shape}, or holds NaN: give {len(y)} finite steps, one a loss")
    if rates is not None:
        rates = rates_like(rates, y.shape)
    if y.ndim == 1:
        return split("", y, steps, None, rates)
    counter = np.arange(len(y)) if steps is None else steps
    return [
        run
        for i in range(y.shape[1])
        for run in split(f"run {i + 1}", y[:, i], counter, None, None if rates is None else rates[:, i])
    ] or [Run("", np.zeros(0), np.zeros(0), None)]


def array(name: str, value, remedy: str) -> Array:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds something that is not a number: {remedy}") from None


def rates_like(rates: Array, shape: tuple[int, ...]) -> Array:
    """Rates of the losses' shape: one for all, one a step, one a run, or one short, as a Trajectory has them."""
    if rates.ndim and len(rates) == shape[0] - 1 > 0:
        rates = np.concatenate([rates, rates[-1:]])
    if rates.ndim == 1 and len(shape) == 2 and len(rates) == shape[0] != shape[1]:
        rates = rates[:, None]
    try:
        return np.broadcast_to(rates, shape)
    except ValueError:
        raise ValueError(
            f"lrs has shape {rates.shape} and losses {shape}: give one rate, or one for each loss"
        ) from None


@np.errstate(all="ignore")  # losses near the largest float: infinity compares rightly too
def one(run: Run) -> Diagnosis:
    """The diagnosis of a single run."""
    evidence = measure(run.losses, run.steps, run.lrs)
    verdict = judge(evidence)
    now = None
    if run.lrs is not None and np.isfinite(run.lrs).any():
        now = float(run.lrs[np.isfinite(run.lrs)][-1])
    sentence, (factor, advice) = SAYS[verdict](evidence)
    if verdict == "diverged" and run.lrs is not None:
        factor, advice = after_a_rise(run, evidence) or (factor, advice)
    return Diagnosis(verdict, sentence, advice.format(rates=rates_text(now, factor)), factor, evidence, (), run.name)


def together(parts: tuple[Diagnosis, ...]) -> Diagnosis:
    """The diagnosis of several runs: the commonest verdict, the graver one if two are as common."""
    counts = Counter(part.verdict for part in parts)
    verdict = max(counts, key=lambda word: (counts[word], -VERDICTS.index(word)))
    chosen = next(part for part in parts if part.verdict == verdict)
    listed = ", ".join(f"{count} {word}" for word, count in counts.most_common())
    ends = [part.evidence.last for part in parts if part.verdict != "diverged" and np.isfinite(part.evidence.last)]
    spread = f"; the losses end between {min(ends):.4g} and {max(ends):.4g}" if ends else ""
    sentence = f"{len(parts)} runs: {listed}{spread}. {chosen.name or 'The first of them'}: {chosen.sentence}"
    return Diagnosis(verdict, sentence, chosen.advice, chosen.factor, chosen.evidence, parts)


def rates_text(now: float | None, factor: float | None) -> str:
    if now is None or not factor or not now:
        return ""
    return f", from {now:.3g} to {now * factor:.3g},"


def after_a_rise(run: Run, evidence: Evidence) -> tuple[float, str] | None:
    """Where the rate was rising when the run broke: the rate at which its loss was lowest, if that is clearly lower."""
    good = np.isfinite(run.losses) & np.isfinite(run.lrs)
    if not good.any():
        return None
    y, lrs = run.losses[good], run.lrs[good]
    window = max(1, len(y) // 50)
    smooth = np.convolve(y / (np.abs(y).max() or 1.0), np.ones(window) / window, "valid")
    best, peak = float(lrs[int(np.argmin(smooth)) + window // 2]), float(lrs.max())
    if not 0 < best < peak / 2:
        return None
    return (
        best / peak / 2,
        f"The rate was rising: the loss was lowest at {best:.3g}. Stay below half of that, {best / 2:.3g}.",
    )


def percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def moved(fall: float) -> str:
    return f"{'falls' if fall >= 0 else 'rises'} by {abs(fall):.2g}"


def fallen(e: Evidence) -> str:
    return f"from {e.first:.4g} to {e.last:.4g}"


def diverged(e: Evidence):
    if e.ended_at is not None:
        sentence = (
            f"The loss is not a finite number from step {e.ended_at:g} on (before that it was {e.begin:.4g} at first)."
        )
    else:
        sentence = f"The loss ends above where it began: {e.begin:.4g} at first, {e.last:.4g} over the last quarter."
    return sentence, (0.1, "Lower the learning rate 10 times{rates} and, once that runs, raise it again in steps of 3.")


def oscillating(e: Evidence):
    if e.turning > ROUGH:
        why = f"it jumps by {e.scatter:.2g} from point to point, by a rule and not by chance"
        signs = f"correlation of neighbours {e.echo:.2f}, regularity {e.regular:.2f}"
    else:
        why, signs = "it stays above what it had reached", f"lowest {e.lowest:.4g}"
    sentence = f"The loss no longer falls (now {e.last:.4g}), and {why} ({signs}): steps too long for the curvature."
    return sentence, (
        1 / 3,
        "Lower the learning rate 3 times{rates} and look: the loss should soon fall again.",
    )


def too_slow(e: Evidence):
    factor = 10.0 if e.late > STEEP else 3.0
    sentence = (
        f"The loss is still on its way, {fallen(e)}: {percent(min(max(e.late, 0.0), 1.0))} of the fall came between "
        "the second quarter and the last, "
    )
    if e.ahead > AHEAD:
        sentence += f"and at this pace another {percent(e.ahead)} of the whole lies ahead."
    else:
        sentence += f"and it creeps on, by {e.ending * (e.middle - e.last):.2g} in the last eighth."
    return sentence, (factor, f"Raise the learning rate {factor:.0f} times{{rates}} and compare after as many steps.")


def noise_floor(e: Evidence):
    sentence = (
        f"The loss came down {fallen(e)} and is level since: it {moved(e.middle - e.last)} from the second quarter "
        f"to the last, and its noise is {e.spread:.2g}."
    )
    advice = (
        "Lower the learning rate 10 times{rates} for the last stretch. If the loss does not follow, what is left is "
        "the noise of the data itself."
    )
    return sentence, (0.1, advice)


def plateau(e: Evidence):
    where = "is above its start and does not fall" if e.last > 1.05 * e.start > 0 else "has hardly left its start"
    sentence = f"The loss {where}: {e.start:.4g} at first, {e.last:.4g} over the last quarter."
    advice = (
        "Raise the learning rate 3 times{rates} for a short trial. If the loss stays, this is the lowest for this "
        "model, or a flat stretch or a dead network that needs another start, and not another rate."
    )
    return sentence, (3.0, advice)


def fine(e: Evidence):
    if e.lr_left is not None and e.lr_left < 0.1:
        return (
            f"The loss came down {fallen(e)} while the rate was taken to {percent(e.lr_left)} of its peak.",
            (1.0, "Keep this schedule; for a lower loss give it more steps."),
        )
    advice = "Keep this learning rate."
    if e.middle - e.last > 2 * e.error:
        rest = "and still falls"
    elif abs(e.last) < NEAR_ZERO * e.first:
        rest = "and has nearly nothing left to lose"
    else:
        rest = "and is level, at its lowest or on a flat stretch of its way: no log can tell"
        advice = "Keep this learning rate; if you know of a lower loss, try another start, or 3 times the rate."
    return f"The loss came down {fallen(e)}, {rest}.", (1.0, advice)


def cannot_tell(e: Evidence):
    if e.points < ENOUGH or e.finite < ENOUGH:
        sentence = f"There are {min(e.points, e.finite)} points, and below {ENOUGH} nothing can be told."
        return sentence, (None, f"Log at least {ENOUGH} points.")
    sentence = f"The noise, {e.spread:.2g}, hides whether the loss has moved at all ({fallen(e)} is within its error)."
    advice = (
        "Train longer, or log the mean of more batches. A rate 10 times higher shows which it is: far too low a rate "
        "falls then, a model that cannot learn stays."
    )
    return sentence, (None, advice)


SAYS = {
    "diverged": diverged,
    "oscillating": oscillating,
    "too slow": too_slow,
    "noise floor": noise_floor,
    "plateau": plateau,
    "fine": fine,
    "cannot tell": cannot_tell,
}
