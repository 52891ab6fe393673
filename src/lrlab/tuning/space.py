"""What is searched: one axis for each hyperparameter, on a log scale unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from numbers import Real

import numpy as np

from lrlab.arguments import number, positive, short, whole

RANGE = "give an axis: (low, high) for a log scale, log(...), linear(...) or choice(...)"
POINTS = "give a whole number of points from 1 up, such as 5"


@dataclass(frozen=True)
class Axis:
    """The values that one hyperparameter may take.

    scale:   "log" or "linear", between low and high; or "choice", one of the options
    low:     lowest value (None for a choice)
    high:    highest value (None for a choice)
    points:  how many of them a grid takes; None leaves that to the budget
    options: the values themselves (only for a choice)
    """

    scale: str
    low: float | None = None
    high: float | None = None
    points: int | None = None
    options: tuple = ()

    def grid(self, points: int | None = None) -> list:
        """`points` values from low to high, both among them, evenly spaced in the axis' scale; all options of a choice.

        One point alone is the middle.

        >>> log(0.01, 1.0).grid(3)
        [0.01, 0.1, 1.0]
        """
        if self.scale == "choice":
            return list(self.options)
        points = self.points or whole("points", points, 1, POINTS)
        if points == 1:
            return [self.at(0.5)]
        return (np.geomspace if self.scale == "log" else np.linspace)(self.low, self.high, points).tolist()

    def at(self, share: float):
        """The value a share in [0, 1) of the way along the axis: share uniform makes the value log-uniform on "log".

        >>> log(0.01, 1.0).at(0.5), choice(["adam", "sgd"]).at(0.7)
        (0.1, 'sgd')
        """
        if self.scale == "choice":
            return self.options[int(share * len(self.options))]
        if self.scale == "log":
            low, high = np.log10(self.low), np.log10(self.high)
            return float(min(max(10.0 ** (low + share * (high - low)), self.low), self.high))
        return float(self.low + share * (self.high - self.low))


def log(low: float, high: float, points: int | None = None) -> Axis:
    """value = low * (high / low) ** u, u from 0 to 1: every decade gets the same share of the runs.

    low, high: 0 < low < high
    points:    >= 1, how many a grid takes; left to the budget if left out

    Raises ValueError for a value out of range.
    Source: Bergstra and Bengio 2012, jmlr.org/papers/v13/bergstra12a.html.

    >>> log(0.001, 1.0, points=4).grid()
    [0.001, 0.01, 0.1, 1.0]
    """
    low = number("low", low, "give a lowest value above 0, such as 1e-4", positive)
    high = number("high", high, f"give a highest value above low ({low:g})", lambda x: x > low)
    return Axis("log", low, high, points_of(points))


def linear(low: float, high: float, points: int | None = None) -> Axis:
    """value = low + (high - low) * u, u from 0 to 1: for what is not a scale, such as a share or an angle.

    low, high: low < high
    points:    >= 1, how many a grid takes; left to the budget if left out

    On a linear axis from 1e-5 to 1, 90 % of the values lie above 0.1: a learning rate wants `log`.

    Raises ValueError for a value out of range.
    Source: definition.

    >>> linear(0.0, 0.9, points=4).grid()
    [0.0, 0.3, 0.6, 0.9]
    """
    low = number("low", low, "give a finite lowest value, such as 0.0")
    high = number("high", high, f"give a highest value above low ({low:g})", lambda x: x > low)
    return Axis("linear", low, high, points_of(points))


def choice(options: Sequence) -> Axis:
    """value = one of the options; a grid takes them all, a random search each with the same probability.

    options: a list of at least one; names, numbers, True or False (those can be written to a file to resume from)

    Raises ValueError for no options.
    Source: definition.

    >>> choice([16, 32, 64]).grid()
    [16, 32, 64]
    """
    # no set: its order, and with it a search, would change from one session to the next
    listed = isinstance(options, (Sequence, np.ndarray)) and not isinstance(options, str)
    if not listed or getattr(options, "ndim", 1) != 1 or len(options) == 0:
        raise ValueError(f"options is {short(options)}: give a list of at least one, such as [16, 32, 64]")
    return Axis("choice", options=tuple(plain(option) for option in options))


def plain(value):
    """A NumPy scalar as the Python number that JSON can hold; anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def points_of(points: int | None) -> int | None:
    return None if points is None else whole("points", points, 1, POINTS)


def space_of(space: Mapping) -> dict[str, Axis]:
    """name -> Axis; (low, high) is short for log(low, high)."""
    if not isinstance(space, Mapping) or not space:
        raise ValueError(f'space is {space!r}: give name -> axis, such as {{"lr": (1e-4, 1.0)}}')
    return {name: axis_of(name, axis) for name, axis in space.items()}


def axis_of(name: str, axis) -> Axis:
    if isinstance(axis, Axis):
        return axis
    if not isinstance(axis, tuple) or len(axis) != 2:
        raise ValueError(f"space[{name!r}] is {axis!r}: {RANGE}")
    return log(*axis)


def grid_values(space: Mapping[str, Axis], most: int | None) -> dict[str, list]:
    """name -> the values that a grid takes of it, in all at most `most` combinations.

    Axes without points share the budget: k each, the largest k that fits, and one more for the first if that fits.
    """
    taken = {name: len(axis.grid()) for name, axis in space.items() if axis.points or axis.scale == "choice"}
    unsure = [name for name in space if name not in taken]
    least = int(np.prod(list(taken.values()), dtype=int))
    if unsure and most is None:
        raise ValueError(
            f"runs is None and {unsure[0]!r} has no points: give a budget of runs, or points to every axis"
        )
    if most is not None and least > most:
        raise ValueError(f"runs holds {most} configurations: this grid has {least}, give more runs or fewer points")
    if unsure:
        each = 1
        while least * (each + 1) ** len(unsure) <= most:
            each += 1
        taken |= dict.fromkeys(unsure, each)
        for name in unsure:
            if np.prod(list(taken.values()), dtype=int) // each * (each + 1) <= most:
                taken[name] += 1
    return {name: axis.grid(taken[name]) for name, axis in space.items()}


def combinations(values: Mapping[str, list]) -> list[dict]:
    """Every combination of the values, the last name fastest."""
    return [dict(zip(values, row, strict=True)) for row in product(*values.values())]


def random_points(space: Mapping[str, Axis], count: int, rng: np.random.Generator) -> list[dict]:
    """`count` independent draws; the first ones are the same whatever the count."""
    shares = rng.random((count, len(space)))
    return [{name: axis.at(u) for (name, axis), u in zip(space.items(), row, strict=True)} for row in shares.tolist()]


def edges(space: Mapping[str, Axis], configurations: Sequence[dict], best: dict) -> list[str]:
    """One sentence for each axis of which the best configuration has the smallest or the largest value tried."""
    sentences = []
    for name, axis in space.items():
        tried = sorted({configuration[name] for configuration in configurations}) if ordered(axis) else []
        value = best[name]
        if len(tried) > 1 and value in (tried[0], tried[-1]):
            end, way = ("smallest", "down") if value == tried[0] else ("largest", "up")
            sentences.append(f"the best {name}, {value:.4g}, is the {end} you tried: widen the search {way}wards")
    return sentences


def ordered(axis: Axis) -> bool:
    """Whether the axis has a smallest and a largest value: all but a choice of names."""
    return axis.scale != "choice" or all(isinstance(o, Real) and not isinstance(o, bool) for o in axis.options)
