"""What a schedule is, and the small things that all of them share."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, not_negative, numbers, whole

Schedule = Callable[[Array], Array]
LARGEST = np.finfo(float).max


class Feedback(NamedTuple):
    """A schedule that listens to the loss, along the batch: it runs after the step.

    init:   lr (*B, 1) -> memory, a tuple of arrays
    update: memory, loss (*B, 1), lr (*B, 1) -> memory, factor (*B, 1): of all cuts so far together
    """

    init: Callable
    update: Callable


def along(t, lr: Array) -> Array:
    """Steps t with room for the batch axes of lr: (*T,) -> (*T, 1, ...); whole numbers stay whole."""
    steps = numbers("t", t, "give steps of 0 or more, such as np.arange(100)", not_negative)
    if np.asarray(t).dtype.kind in "biu":
        steps = np.asarray(t, dtype=np.int64)  # in a narrow or unsigned type, differences of steps would wrap around
    return steps.reshape(steps.shape + (1,) * lr.ndim)


def base_rate(lr, name: str = "lr") -> Array:
    """The base rate of a schedule: a number or an array, each 0 or more."""
    return numbers(name, lr, "give learning rates of 0 or more, such as 0.1", not_negative)


def schedule_of(lr: Array, rule: Callable[[Array], Array]) -> Schedule:
    """The schedule t -> rule(t), t with room for the batch axes of lr; one step and one rate give a float.

    What outgrows floating point stays at its largest number.
    """

    def rate(t):
        with np.errstate(over="ignore"):
            rates = np.minimum(rule(along(t, lr)), LARGEST)
        # a NumPy scalar would do for us, but torch.load refuses a checkpoint with one in it
        return rates if rates.ndim else float(rates)

    return rate


def one_of(name: str, value, options: Sequence[str]) -> str:
    """`value` if it is one of the options; else one sentence that lists them."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} is {value!r}: give {' or '.join(repr(option) for option in options)}")
    return value


def function(name: str, value, remedy: str) -> Callable:
    """`value` if it can be called; else one sentence with `remedy`."""
    if not callable(value):
        raise ValueError(f"{name} is {value!r}: {remedy}")
    return value


def count(name: str, value, least: int, remedy: str) -> int:
    """A whole number of steps that is at least `least`, and that floats can count; else one sentence."""
    if whole(name, value, least, remedy) > 2**53:
        raise ValueError(f"{name} is more than 2**53, up to where floats count every step: {remedy}")
    return int(value)


def milestone_steps(milestones) -> list[int]:
    """A list of whole steps, 0 or more; else one sentence."""
    remedy = "give a list of whole numbers of steps, such as [30, 80]"
    if isinstance(milestones, np.ndarray):
        milestones = milestones.tolist()
    if not isinstance(milestones, (list, tuple, range)):
        raise ValueError(f"milestones is {milestones!r}: {remedy}")
    return [count("milestones", step, 0, remedy) for step in milestones]


def half_wave(x: Array) -> Array:
    """(1 - cos(pi x)) / 2, as the square of a sine, which keeps its digits where it is small."""
    s = np.sin(0.5 * np.pi * x)
    return s * s


def straight(x: Array) -> Array:
    """x."""
    return x


ANNEAL = {"cos": half_wave, "linear": straight}


def between(start, end, x: Array, shape: Callable[[Array], Array] = straight):
    """From start at x = 0 to end at x = 1, both exactly; never below 0 if neither is."""
    return start * shape(1 - x) + end * shape(x)


def power_of(gamma: float, exponent: Array) -> Array:
    """gamma ** exponent, finite, so that a rate of 0 stays 0."""
    # not ** or np.power: they round 0.1 ** 2 in one way alone and in another in an array
    return np.minimum(np.float_power(gamma, exponent), LARGEST)


def answers(name: str, asked: Callable[[Array], Array], t: Array, remedy: str, ok: Callable = not_negative) -> Array:
    """What a function of the reader's answers for t: one finite number a step, or one for all, for which `ok` holds."""
    try:
        found = np.broadcast_to(asked(t), t.shape)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} failed on an array of steps; if it takes one at a time: np.vectorize({name}, otypes=[float]) "
            f"({error})"
        ) from error
    return numbers(f"{name}, when asked,", found, remedy, ok)
