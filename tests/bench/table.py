"""The table that the benchmark fills row by row, and how it takes times: both sides of a ratio in turn, in one run."""

import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from lrlab.book.tables import short


@dataclass(frozen=True)
class Row:
    """One measurement. A limit is what the value may be at most, or must be at least."""

    part: str
    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    def missed(self) -> bool:
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f"   at {'least' if self.at_least else 'most'} {self.limit:g}"
        missed = "   MISSED" if self.missed() else ""
        return f"{self.what:<76} {short(self.value):>8} {self.unit:<6}{bound}{missed}"


@dataclass
class Table:
    """The rows so far; each is printed as soon as it is known."""

    rows: list[Row] = field(default_factory=list)
    part: str = ""

    def note(self, what: str, value: float, unit: str, limit: float | None = None, at_least: bool = False) -> None:
        row = Row(self.part, what, float(value), unit, limit, at_least)
        self.rows.append(row)
        print(row, flush=True)

    def save(self, path: Path, packages: list[str]) -> None:
        """Write the rows, with what they were measured on."""
        machine = {
            "date": time.strftime("%Y-%m-%d"),
            "processor": processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            **{name: version(name) for name in packages},
        }
        text = json.dumps({"machine": machine, "rows": [asdict(row) for row in self.rows]}, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


def processor() -> str:
    """The processor's name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The median time of `work`."""
    return float(np.median([timed(work) for _ in range(repeats)]))


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object], repeats: int = 15) -> tuple[float, float]:
    """Both median times, taken in turn, so that a busy moment of the machine falls on both."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(repeats)]
    return tuple(np.median(pairs, axis=0).tolist())
