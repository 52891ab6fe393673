"""One directive for what the build counts and no one types: ``{made-table} NAME``.

The rules of the engine with their equations, how far its numbers are from other people's, and how long it takes.
"""

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lrlab import objectives, optimizers, schedules
from lrlab.book import parity

if TYPE_CHECKING:
    from sphinx.application import Sphinx

REFERENCES, BENCH = Path("tests", "references"), Path("tests", "bench", "bench.json")
SCHEDULES = "schedules.npz"
DRIVEN = "LambdaLR(optimizer, schedule)"
Cell = str | nodes.Node
Rows = list[list[Cell]]  # the first one is the head


def code(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def rules(table: dict[str, Callable]) -> Rows:
    """Each row of OPTIMIZERS, SCHEDULES or OBJECTIVES, with the equation that its docstring opens with."""
    first = {name: " ".join(inspect.getdoc(make).split("\n\n")[0].split()) for name, make in table.items()}
    return [
        ["name", "equation"],
        *([code(name), code(re.sub(r"(?<!\.)\.$", "", line))] for name, line in first.items()),
    ]


def optimizer_parity(root: Path) -> Rows:
    """Optimizer x landscape: the largest error of all settings over all steps, and what rounding alone does."""
    worst: dict = defaultdict(lambda: defaultdict(float))
    settings, sources, rounding = defaultdict(set), defaultdict(dict), defaultdict(float)
    for path in (root / REFERENCES).glob("*.npz"):
        if path.name == SCHEDULES:
            continue
        for case, theirs in parity.load(path, parity.Path2D):
            name, found = case.optimizer, parity.error(parity.our_path(case, len(theirs) - 1), theirs)
            worst[name][case.problem] = max(worst[name][case.problem], found)
            settings[name].add(json.dumps([case.setting, case.cycle is None], sort_keys=True))
            sources[name][re.match(r"\S+ [\d.]+", case.source)[0]] = None
            rounding[name] = max(rounding[name], case.rounding)
    problems = [name for name in objectives.OBJECTIVES if any(name in found for found in worst.values())]
    head = ["optimizer", "settings", *(f"on {problem}" for problem in problems), "moved start", "compared with"]
    listed = [name for name in optimizers.OPTIMIZERS if name in worst]
    return [head] + [
        [
            code(name),
            str(len(settings[name])),
            *(power(worst[name][problem]) for problem in problems),
            power(rounding[name]),
            ", ".join(sources[name]),
        ]
        for name in listed
    ]


def schedule_parity(root: Path) -> Rows:
    """Each class of PyTorch's schedulers: one of its calls beside ours, and the largest error of all its cases."""
    cases: dict[str, list] = defaultdict(list)
    for case, theirs in parity.load(root / REFERENCES / SCHEDULES, parity.Sequence):
        ours = parity.our_sequence(case, len(theirs))
        driven = case.theirs == f"LambdaLR(SGD([w], lr=1.0), {case.ours})"
        kind = DRIVEN if driven else re.search(r"\w+(?:LR|Plateau|Restarts|Scheduler)(?=\()", case.theirs)[0]
        cases[kind].append((case.ours, parity.error(ours, theirs)))
    return [["PyTorch", "in lrlab, for example", "cases", "largest error"]] + [
        [code(kind), code(found[0][0]), str(len(found)), power(max(away for _, away in found))]
        for kind, found in cases.items()
    ]


def power(number: float) -> str:
    """A small number by its size; 0 is exact."""
    return f"{number:.0e}" if number else "0"


def bench(root: Path) -> Rows:
    """What `make bench` measured last."""
    rows = json.loads((root / BENCH).read_text(encoding="utf-8"))["rows"]
    return [["what", "measured", "limit"]] + [
        [row["what"], f"{row['value']:.3g} {row['unit']}", limit(row)] for row in rows if row["part"] == "engine"
    ]


def limit(row: dict) -> str:
    if row["limit"] is None:
        return ""
    return f"at {'least' if row['at_least'] else 'most'} {row['limit']:g} {row['unit']}"


TABLES: dict[str, Callable[[Path], Rows]] = {
    "optimizers": lambda root: rules(optimizers.OPTIMIZERS),
    "schedules": lambda root: rules(schedules.SCHEDULES),
    "landscapes": lambda root: rules(objectives.OBJECTIVES),
    "optimizer-parity": optimizer_parity,
    "schedule-parity": schedule_parity,
    "bench": bench,
}


class MadeTable(SphinxDirective):
    """``{made-table} NAME``: a table of this module, filled while the book is built."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name, root = self.arguments[0].strip(), Path(self.env.srcdir)
        if name not in TABLES:
            raise self.error(f"{{made-table}}: there is no table {name!r}, only {', '.join(TABLES)}")
        for path in (*(root / REFERENCES).glob("*.npz"), root / BENCH):
            self.env.note_dependency(str(path))
        head, *body = TABLES[name](root)
        return [table(head, body)]


def table(head: list[Cell], body: Rows) -> nodes.table:
    """A docutils table whose first row is its head."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", row(head))
    group += nodes.tbody("", *map(row, body))
    return nodes.table("", group, classes=["lr-made"])


def row(cells: list[Cell]) -> nodes.row:
    """One row; text becomes a paragraph."""
    inside = [nodes.Text(cell) if isinstance(cell, str) else cell for cell in cells]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in inside))


def setup(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("made-table", MadeTable)
