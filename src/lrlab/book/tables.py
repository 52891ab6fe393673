"""One directive for what the build counts and no one types: ``{made-table} NAME``.

The rules of the engine with their equations, how far its numbers are from other people's, and how long it takes.
"""

import inspect
import json
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
Cell = str | nodes.Node
Rows = list[list[Cell]]  # the first one is the head


def code(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def rules(table: dict[str, Callable]) -> Rows:
    """Each row of OPTIMIZERS, SCHEDULES or OBJECTIVES, with the equation that its docstring opens with."""
    first = {name: inspect.getdoc(make).split("\n\n")[0].replace("\n", " ") for name, make in table.items()}
    return [["name", "equation"], *([code(name), code(line.rstrip("."))] for name, line in first.items())]


def optimizer_parity(root: Path) -> Rows:
    """Optimizer x landscape: the largest error of all settings over all steps."""
    worst: dict = defaultdict(lambda: defaultdict(float))
    settings, sources = defaultdict(set), {}
    for path in sorted((root / REFERENCES).glob("*.npz")):
        if path.name == SCHEDULES:
            continue
        for case, theirs in parity.load(path, parity.Path2D):
            found = parity.error(parity.our_path(case, len(theirs) - 1), theirs)
            worst[case.optimizer][case.problem] = max(worst[case.optimizer][case.problem], found)
            settings[case.optimizer].add(json.dumps(case.setting, sort_keys=True))
            sources[case.optimizer] = case.source
    problems = sorted({problem for found in worst.values() for problem in found})
    head = ["optimizer", "settings", *problems, "compared with"]
    listed = [name for name in optimizers.OPTIMIZERS if name in worst]
    return [head] + [
        [code(name), str(len(settings[name])), *(f"{worst[name][p]:.0e}" for p in problems), sources[name]]
        for name in listed
    ]


def schedule_parity(root: Path) -> Rows:
    """The same rates as PyTorch's scheduler classes, call beside call."""
    cases = parity.load(root / REFERENCES / SCHEDULES, parity.Sequence)
    return [["PyTorch", "lrlab", "largest error"]] + [
        [code(case.theirs), code(case.ours), f"{parity.error(parity.our_sequence(case, len(theirs)), theirs):.0e}"]
        for case, theirs in cases
    ]


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
