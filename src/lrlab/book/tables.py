"""One directive for what the build counts and no one types: ``{made-table} NAME``.

The rules of the engine with their equations, how far its numbers are from other people's, and how long it takes.
"""

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lrlab import objectives, optimizers, schedules
from lrlab.book import parity
from lrlab.checks import TASKS
from lrlab.datasets import FOLDER
from lrlab.doctor import confusion_rows
from lrlab.grading import sets

if TYPE_CHECKING:
    from sphinx.application import Sphinx

REFERENCES, BENCH = Path("tests", "references"), Path("tests", "bench", "bench.json")
LOGS = REFERENCES / "logs.npz"
SCHEDULES, PATHS = "schedules.npz", ("torch.npz", "papers.npz")
DRIVEN = "LambdaLR(optimizer, schedule)"
Cell = str | nodes.Node


class Made(NamedTuple):
    """A table before it is markup."""

    title: str
    head: list[str]
    body: list[list[Cell]]


def code(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def rules(title: str, table: dict[str, Callable]) -> Made:
    """Each row of OPTIMIZERS, SCHEDULES or OBJECTIVES, with the equation that its docstring opens with."""
    first = {name: " ".join(inspect.getdoc(make).split("\n\n")[0].split()) for name, make in table.items()}
    ends = re.compile(r"(?<!\.)\.$")  # the full stop, but not an equation's own dots
    return Made(title, ["name", "equation"], [[code(name), code(ends.sub("", line))] for name, line in first.items()])


def optimizer_parity(root: Path) -> Made:
    """Optimizer x landscape: the largest error of all settings over all steps, and what rounding alone does."""
    worst: dict = defaultdict(lambda: defaultdict(float))
    peers, rounding, versions, count = defaultdict(dict), defaultdict(float), {}, 0
    for file in PATHS:
        for case, theirs in parity.load(root / REFERENCES / file, parity.Path2D):
            name, found = case.optimizer, parity.error(parity.our_path(case, len(theirs) - 1), theirs)
            worst[name][case.problem] = max(worst[name][case.problem], found)
            count += 1
            peer, version = re.match(r"(\S+) ([\d.]+\d)", case.source).groups()
            peers[name][peer] = versions[peer] = version
            rounding[name] = max(rounding[name], case.rounding)
    problems = [name for name in objectives.OBJECTIVES if any(name in found for found in worst.values())]
    head = ["optimizer", "against", *problems, "moved start"]
    listed = [name for name in optimizers.OPTIMIZERS if name in worst]
    body = [
        [
            code(name),
            ", ".join(peers[name]),
            *(power(worst[name][problem]) for problem in problems),
            power(rounding[name]),
        ]
        for name in listed
    ]
    return Made(f"Largest errors of {count} cases, against {listing(versions)}", head, body)


def schedule_parity(root: Path) -> Made:
    """Each class of PyTorch's schedulers: one of its calls beside ours, and the largest error of all its cases."""
    cases: dict[str, list] = defaultdict(list)
    for case, theirs in parity.load(root / REFERENCES / SCHEDULES, parity.Sequence):
        ours = parity.our_sequence(case, len(theirs))
        driven = case.theirs == f"LambdaLR(SGD([w], lr=1.0), {case.ours})"
        kind = DRIVEN if driven else re.search(r"\w+(?:LR|Plateau|Restarts|Scheduler)(?=\()", case.theirs)[0]
        cases[kind].append((case.ours, parity.error(ours, theirs)))
    body = [
        [code(kind), code(found[0][0]), str(len(found)), power(max(away for _, away in found))]
        for kind, found in cases.items()
    ]
    return Made(f"The rates of {case.source}", ["PyTorch", "in lrlab, for example", "cases", "largest error"], body)


def power(number: float) -> str:
    """A small number by its size; 0 is exact."""
    return f"{number:.0e}" if number else "0"


def bench(root: Path) -> Made:
    """What `make bench` measured last, and on what."""
    found = json.loads((root / BENCH).read_text(encoding="utf-8"))
    machine = found["machine"]
    title = f"Measured on {machine.pop('date')}: {machine.pop('processor')}, {machine.pop('cores')} cores"
    rows = [row for row in found["rows"] if row["part"] in ("engine", "models")]
    body = [[row["what"], f"{short(row['value'])} {row['unit']}", limit(row)] for row in rows]
    return Made(f"{title}; {listing(machine)}", ["what", "measured", "limit"], body)


def doctor(root: Path) -> Made:
    """How often the doctor is right on the stored logs that its rules have not seen."""
    (*head,), *body = confusion_rows(root / LOGS)
    return Made(f"{body[-1][-1]} right of {sum(map(int, body[-1][1:-1]))} held-out logs", head, body)


def data(root: Path) -> Made:
    """Every data file of the package: its size, where it is from, and its licence, from the table beside the files."""
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    body, total = [], 0
    for line in lines:
        if re.match(r"\| `[\w.]+` \|", line):
            name, package, version, _, licence, *_ = (cell.strip() for cell in line.strip("|").split("|"))
            size = (FOLDER / name.strip("`")).stat().st_size
            total += size
            plain = [re.sub(r"`|\(`.*", "", cell).strip() for cell in (package, licence)]
            body.append([code(name.strip("`")), f"{size / 1e3:.0f} kB", f"{plain[0]} {version}", plain[1]])
    return Made(f"{len(body)} files, {total / 1e3:.0f} kB together", ["file", "size", "taken from", "licence"], body)


def tasks(root: Path) -> Made:
    """Every set and its tasks: points, minutes, and how many mistakes the checks know by name."""
    exercises, body, every = root / "exercises", [], []
    for name in sets.names(exercises):
        rows = [(task, *size(task)) for task in sets.read(name, exercises).tasks]
        body.append([nodes.strong("", "", code(name)), *(nodes.strong("", text) for text in summed(rows))])
        body += [[f"{i}. {task.title}", *map(str, sizes)] for i, (task, *sizes) in enumerate(rows, 1)]
        every += rows
    body.append(["together", *summed(every)])
    title = f"All {len(every)} tasks, and how many mistakes their checks know"
    return Made(title, ["set and task", "points", "minutes", "mistakes"], body)


def size(task: sets.Task) -> tuple[int, int, int]:
    """Points, minutes and known mistakes."""
    return round(task.points), task.minutes, sum(len(TASKS[answer].mistakes) for answer in task.answers)


def summed(rows: list[tuple]) -> list[str]:
    return [str(sum(row[i] for row in rows)) for i in (1, 2, 3)]


def short(value: float) -> str:
    """Three digits, four where there are more before the point."""
    return f"{value:.{3 if value < 1000 else 4}g}"


def listing(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def limit(row: dict) -> str:
    if row["limit"] is None:
        return ""
    return f"at {'least' if row['at_least'] else 'most'} {row['limit']:g} {row['unit']}"


TABLES: dict[str, Callable[[Path], Made]] = {
    "optimizers": lambda root: rules("lrlab.optimizers", optimizers.OPTIMIZERS),
    "schedules": lambda root: rules("lrlab.schedules", schedules.SCHEDULES),
    "landscapes": lambda root: rules("lrlab.objectives", objectives.OBJECTIVES),
    "optimizer-parity": optimizer_parity,
    "schedule-parity": schedule_parity,
    "bench": bench,
    "doctor": doctor,
    "data": data,
    "tasks": tasks,
}


class MadeTable(SphinxDirective):
    """``{made-table} NAME``: a table of this module, filled while the book is built."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, root = self.arguments[0].strip(), Path(self.env.srcdir)
        if name not in TABLES:
            raise self.error(f"{{made-table}}: there is no table {name!r}, only {', '.join(TABLES)}")
        exercises = (root / "exercises" / "source").glob("*/*.ipynb")
        for path in (*(root / REFERENCES).glob("*.npz"), root / BENCH, *exercises):
            self.env.note_dependency(str(path))
        try:
            made = TABLES[name](root)
        except FileNotFoundError as error:
            remedy = "`make bench` writes it" if error.filename == str(root / BENCH) else "`make references` writes it"
            raise self.error(f"{{made-table}} {name}: {error.filename} is missing: {remedy}") from None
        return [table(made)]


def table(made: Made) -> nodes.table:
    """A docutils table with its caption."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in made.head), cols=len(made.head))
    group += nodes.thead("", row(made.head))
    group += nodes.tbody("", *map(row, made.body))
    return nodes.table("", nodes.title("", made.title), group, classes=["lr-made"])


def row(cells: list[Cell]) -> nodes.row:
    """One row; text becomes a paragraph."""
    inside = [nodes.Text(cell) if isinstance(cell, str) else cell for cell in cells]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in inside))


def setup(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("made-table", MadeTable)
