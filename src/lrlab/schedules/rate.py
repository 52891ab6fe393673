"""What a schedule is, and the small things that all of them share."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, not_negative, numbers

Schedule = Callable[[Array], Array]


class Feedback(NamedTuple):
    """A schedule that listens to the loss, along the batch: it runs after the step.

    init:   lr (*B, 1) -> memory, a tuple of arrays
    update: memory, loss (*B, 1), lr (*B, 1) -> memory, factor (*B, 1): of all cuts so far together
    """

    init: Callable
    update: Callable


def along(t, lr: Array) -> Array:
    """t with room for the batch axes of lr: (*T,) -> (*T, 1, ...)."""
    t = np.asarray(t)
    return t.reshape(t.shape + (1,) * lr.ndim)


def base_rate(lr) -> Array:
    """The base rate of a schedule: a number or an array, each 0 or more."""
    return numbers("lr", lr, "give learning rates of 0 or more, such as 0.1", not_negative)
