"""What an argument may be, and the one sentence that says so when it is not."""

import reprlib
from collections.abc import Callable

import numpy as np

Array = np.ndarray


def short(value) -> str:
    """The value in a sentence: short, and on one line."""
    return " ".join(reprlib.repr(value).split())


def floats(name: str, value, remedy: str) -> Array:
    """`value` as an array of floats, which may be inf or NaN; else one sentence with `remedy`."""
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biufO":  # not a text, which NumPy would read as a number
            return np.asarray(array, dtype=float)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} is {short(value)}, which is not a number: {remedy}")


def numbers(name: str, value, remedy: str, ok: Callable[[Array], Array] | None = None) -> Array:
    """`value` as an array of finite floats for which `ok` holds everywhere; else one sentence with `remedy`."""
    array = floats(name, value, remedy)
    fine = np.isfinite(array)
    if ok is not None:
        fine = fine & ok(np.where(fine, array, 0.0))
    if not fine.all():
        raise ValueError(f"{name} holds {array[~fine].flat[0]:g}: {remedy}")
    return array


def number(name: str, value, remedy: str, ok: Callable[[Array], Array] | None = None) -> float:
    """A single finite float for which `ok` holds; else one sentence with `remedy`."""
    array = numbers(name, value, remedy, ok)
    if array.ndim:
        raise ValueError(f"{name} has shape {array.shape}: {remedy}")
    return float(array)


def whole(name: str, value, least: int, remedy: str) -> int:
    """A whole number that is at least `least`; else one sentence with `remedy`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}: {remedy}")
    return int(value)


def not_negative(x: Array) -> Array:
    """Where x is 0 or more."""
    return x >= 0


def positive(x: Array) -> Array:
    """Where x is more than 0."""
    return x > 0
