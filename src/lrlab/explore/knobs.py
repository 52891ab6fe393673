"""The knobs of a demo: what each is called, where it can stand and how that reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import Parameter, signature

import numpy as np

RENARD = (1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9)


@dataclass(frozen=True)
class Knob:
    """A slider over numbers, or a select over names.

    values: what `draw` is given, one a position; a slider's rise from position to position
    start:  the position at which the demo begins
    """

    name: str
    label: str
    values: tuple
    start: int

    @property
    def is_slider(self) -> bool:
        return not isinstance(self.values[0], str)

    @property
    def is_whole(self) -> bool:
        return self.is_slider and all(isinstance(value, int) for value in self.values)

    @property
    def is_geometric(self) -> bool:
        """Whether the positions are a constant factor apart: then a live slider moves in log steps too."""
        values = np.asarray(self.values, float) if self.is_slider else np.zeros(1)
        if len(values) < 3 or values[0] <= 0:
            return False
        # preferred numbers (1, 1.12, 1.25, 1.4, ...) are geometric up to their rounding
        return bool(np.allclose(np.diff(np.log(values)), np.log(values[-1] / values[0]) / (len(values) - 1), rtol=0.2))

    @property
    def spacing(self) -> float | None:
        """The distance from position to position where it is the same all along, else None."""
        steps = np.diff(np.asarray(self.values, float))
        return float(steps[0]) if np.allclose(steps, steps[0]) else None

    @property
    def texts(self) -> list[str]:
        """How each position reads: with three digits, or as many more as it takes to tell neighbours apart."""
        for digits in range(3, 8):
            texts = [text_of(value, digits) for value in self.values]
            if len(set(texts)) == len(texts):
                break
        return texts


def text_of(value, digits: int = 3) -> str:
    """A value as a reader sees it: some digits of a number, a name as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (1e-4 <= abs(value) < 1e6) or value == 0:
        precision = max(digits, len(str(abs(int(value)))))
        return np.format_float_positional(value, precision, unique=False, fractional=False, trim="-")
    return f"{value:.{digits}g}"


def log_grid(first: float, last: float, per_decade: int = 20) -> np.ndarray:
    """Round numbers from `first` to `last` in log steps: 1, 1.12, 1.25, ..., 2, ..., 5, ... and their tenfolds.

    first, last: > 0, first < last
    per_decade:  20, 10 or 5

    Raises ValueError for ends that do not rise and for another per_decade.
    Source: Renard's preferred numbers, ISO 3:1973.

    >>> log_grid(0.1, 1, per_decade=5).tolist()
    [0.1, 0.16, 0.25, 0.4, 0.63, 1.0]
    """
    if per_decade not in (5, 10, 20):
        raise ValueError(f"per_decade is {per_decade!r}: choose 20, 10 or 5")
    if not 0 < first < last < np.inf:
        raise ValueError(f"first is {first!r} and last {last!r}: give two numbers above 0 that rise")
    decades = range(int(np.floor(np.log10(first))), int(np.ceil(np.log10(last))) + 1)
    numbers = [float(f"{number}e{decade}") for decade in decades for number in RENARD[:: 20 // per_decade]]
    return np.array([number for number in numbers if first * (1 - 1e-9) <= number <= last * (1 + 1e-9)])


def knobs_of(draw, grid: Mapping, start: Mapping | None, labels: Mapping | None) -> list[Knob]:
    """The knobs that `grid` asks for; ValueError, in one sentence, for a grid that cannot be turned."""
    start, labels = dict(start or {}), dict(labels or {})
    if not grid:
        raise ValueError(
            "explore needs at least one knob: name a parameter of draw and its values, lr=np.geomspace(.01, 1, 41)"
        )
    for given, what in ((start, "start"), (labels, "labels")):
        for name in given:
            if name not in grid:
                raise ValueError(f"{what} names {name!r}, which is no knob: the knobs are {', '.join(grid)}")
    accepted = signature(draw).parameters.values()
    if not any(parameter.kind is Parameter.VAR_KEYWORD for parameter in accepted):
        names = [parameter.name for parameter in accepted]
        for name in grid:
            if name not in names:
                raise ValueError(f"draw takes no parameter {name!r}: its parameters are {', '.join(names) or 'none'}")
    return [knob(name, values, start.get(name), labels.get(name)) for name, values in grid.items()]


def knob(name: str, values, start, label: str | None) -> Knob:
    label = name.replace("_", " ") if label is None else label
    remedy = "give at least two numbers that rise, such as np.geomspace(.01, 1, 41), or at least two names"
    if isinstance(values, str) or not np.iterable(values):
        raise ValueError(f"{name} is {values!r}: {remedy}")
    values = tuple(values.tolist() if isinstance(values, np.ndarray) else values)
    if len(values) < 2:
        raise ValueError(f"{name} has {len(values)} positions: {remedy}")
    if all(isinstance(value, str) for value in values):
        if len(set(values)) < len(values):
            raise ValueError(f"{name} offers the same name twice: {remedy}")
        if start is not None and start not in values:
            raise ValueError(f"start[{name!r}] is {start!r}: choose one of {', '.join(values)}")
        return Knob(name, label, values, 0 if start is None else values.index(start))
    try:
        numbers = np.array(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} mixes names with other things: {remedy}") from None
    if numbers.ndim != 1 or not np.isfinite(numbers).all() or not (np.diff(numbers) > 0).all():
        raise ValueError(f"{name} does not rise from number to number: {remedy}")
    if isinstance(start, str) or (start is not None and not numbers[0] <= start <= numbers[-1]):
        raise ValueError(f"start[{name!r}] is {start!r}: choose a number from {numbers[0]:g} to {numbers[-1]:g}")
    values = tuple(
        value if isinstance(value, int) and not isinstance(value, bool) else float(value) for value in values
    )
    return Knob(name, label, values, 0 if start is None else int(np.abs(numbers - start).argmin()))
