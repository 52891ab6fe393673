"""How far the engine is from other people's code: stored numbers of theirs, beside ours computed again.

``tests/references`` holds the numbers, with the scripts that made them. The tests and the site's tables both ask here.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lrlab import descend, schedules
from lrlab.arguments import Array
from lrlab.objectives import OBJECTIVES
from lrlab.optimizers import OPTIMIZERS

BOUND = 1e-12  # what an error may be, unless a case is shown to amplify rounding


@dataclass(frozen=True)
class Path2D:
    """One optimizer on one landscape, as somebody else ran it.

    optimizer, setting: a row of OPTIMIZERS and its arguments, the same words that `source` was given
    problem, shape:     a row of OBJECTIVES and its arguments
    start:              where the run begins
    lr:                 its constant rate, or the rate of every step
    source:             whose numbers these are, with the version
    bound:              the largest error that counts as agreement
    rounding:           how far their own run moves when its start moves by one unit in the last place
    cycle:              what stood for `momentum`, or for the first of `betas`, at every step; None: what `setting` says
    """

    optimizer: str
    setting: dict
    problem: str
    shape: dict
    start: list[float]
    lr: float | list[float]
    source: str
    bound: float = BOUND
    rounding: float = 0.0
    cycle: list[float] | None = None


@dataclass(frozen=True)
class Sequence:
    """One schedule, as somebody else computed it: `theirs` and `ours` are the two calls, as one would write them."""

    theirs: str
    ours: str
    source: str


Case = Path2D | Sequence


def save(path: Path, cases: list[Case], numbers: list[Array]) -> None:
    """Store cases, all of one kind, with the numbers that belong to each."""
    text = json.dumps([asdict(case) for case in cases])
    np.savez_compressed(path, cases=np.array(text), **{f"n{i}": values for i, values in enumerate(numbers)})


def load(path: Path, kind: type[Case]) -> list[tuple[Case, Array]]:
    """The cases of a file, each with its numbers."""
    with np.load(path) as stored:
        cases = [kind(**case) for case in json.loads(str(stored["cases"]))]
        return [(case, stored[f"n{i}"]) for i, case in enumerate(cases)]


def error(ours: Array, theirs: Array) -> float:
    """max |a - b| / max(1, |b|), b theirs; infinity where one is NaN and the other is not."""
    ours, theirs = np.broadcast_arrays(ours, theirs)
    both = np.isnan(ours) & np.isnan(theirs)
    away = np.where(both, 0.0, np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)))
    return float(np.where(np.isnan(away), np.inf, away).max())


def our_path(case: Path2D, steps: int) -> Array:
    """The same run through the engine: (steps + 1, D)."""
    landscape, rule = OBJECTIVES[case.problem](**case.shape), OPTIMIZERS[case.optimizer](**setting_of(case))
    lr = np.asarray(case.lr).__getitem__ if isinstance(case.lr, list) else case.lr
    return descend(landscape, case.start, lr, optimizer=rule, steps=steps).params


def setting_of(case: Path2D) -> dict:
    """The rule's arguments, with what was cycled as a function of the step."""
    if case.cycle is None:
        return case.setting
    if "betas" in case.setting:
        return {**case.setting, "betas": (case.cycle.__getitem__, case.setting["betas"][1])}
    return {**case.setting, "momentum": case.cycle.__getitem__}


def our_sequence(case: Sequence, steps: int) -> Array:
    """The same schedule through the engine: (steps,)."""
    # the text is our own, stored beside the numbers, so that the site shows the very call that was tested
    schedule = eval(case.ours, {**vars(schedules), "np": np})
    return schedule(np.arange(steps))
