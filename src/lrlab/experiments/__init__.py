"""The course's long experiments: `make data` runs them, their results are committed, a page loads them.

An experiment is a module with the axes of its grid, ``AXES``, and a function ``cell`` that computes one point of it
from nothing but its arguments. So the whole grid can be made with a bar, a page can load it in a moment, and a test can
compute a few points again (``CHECKED``) and compare them with what was stored, to within ``TOLERANCE``.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from lrlab.arguments import Array
from lrlab.datasets.dataset import BROKEN

FOLDER = Path(__file__).with_name("results")
# the modules of this package, in the order of the chapters
EXPERIMENTS: tuple[str, ...] = (
    "eleven_schedules",
    "range_tests",
    "budget",
    "digits_schedules",
    "rare_features",
    "adamw_map",
    "untuned",
    "batch_map",
    "width_map",
    "warmup_network",
    "equal_loss",
    "reviews_rates",
    "depth_map",
    "depth_cures",
    "lab_grid",
    "vision_rates",
    "detection",
    "nodules_rates",
    "nodules_leakage",
    "lexicon_rates",
)


@dataclass(frozen=True, eq=False)
class Grid:
    """What an experiment gave: `values[name][i, j, ...]` belongs to the i-th entry of the first axis, and so on.

    axes:   name -> its entries, in the order of the axes of each array
    values: name -> array of shape (*lengths of the axes, *shape of one result)
    """

    axes: dict[str, tuple]
    values: dict[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.values[name]


def module(name: str) -> ModuleType:
    """The module of an experiment. Raises ValueError with the known names."""
    if name not in EXPERIMENTS:
        raise ValueError(f"there is no experiment {name!r}, only {', '.join(EXPERIMENTS)}")
    return importlib.import_module(f"lrlab.experiments.{name}")


def path(name: str) -> Path:
    """The file in which an experiment's results are stored."""
    return FOLDER / f"{name}.npz"


def points(axes: dict[str, Sequence]) -> Iterator[tuple[tuple[int, ...], dict]]:
    """Every point of a grid: its indices, and its coordinates by name."""
    for indices in itertools.product(*(range(len(entries)) for entries in axes.values())):
        yield indices, {name: entries[i] for (name, entries), i in zip(axes.items(), indices, strict=True)}


def load(name: str) -> Grid:
    """The stored results of an experiment, in float64.

    name: one of `EXPERIMENTS`

    Raises ValueError for an unknown name, and where the file is missing, broken, or made for another grid.
    """
    experiment, file = module(name), path(name)
    try:
        # opened here, because np.load leaves a file open that is not what it seems
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            values = {key: stored[key].astype(float) for key in stored.files}
    except FileNotFoundError:
        raise ValueError(f"{file} is missing: `make data` makes it, or install lrlab again") from None
    except BROKEN as error:
        raise ValueError(f"{file} is broken ({error}): `make data` makes it, or install lrlab again") from None
    axes = {key: tuple(entries) for key, entries in experiment.AXES.items()}
    lengths = tuple(map(len, axes.values()))
    for key, array in values.items():
        if array.shape[: len(lengths)] != lengths:
            raise ValueError(f"{file} is of another grid, {key} is {array.shape} for {lengths}: run `make data` again")
    return Grid(axes, values)
