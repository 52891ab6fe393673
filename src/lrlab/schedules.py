"""How fast to step, and when: a schedule is a pure function from steps t to learning rates.

t is 0-based and may be an array; asking twice gives the same answer, and plotting a schedule changes nothing.
A base rate may itself be an array of B rates; then t of shape (T,) gives rates of shape (T, B).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, not_negative, number, numbers, whole

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


def constant(lr) -> Schedule:
    """lr_t = lr.

    lr: >= 0, a number or an array of B rates.

    Raises ValueError where lr is negative or not finite.
    Source: torch.optim.lr_scheduler.ConstantLR with factor 1.

    >>> constant(0.1)(np.arange(3)).tolist()
    [0.1, 0.1, 0.1]
    """
    lr = base_rate(lr)

    def rate(t):
        return np.broadcast_to(lr, np.shape(t) + lr.shape).copy()

    return rate


def step(lr, step_size: int, gamma: float = 0.1) -> Schedule:
    """lr_t = lr * gamma ** floor(t / step_size).

    lr:        >= 0, a number or an array of B rates
    step_size: >= 1, how many steps each level lasts (steps, not epochs: multiply by the batches in an epoch yourself)
    gamma:     >= 0, the factor at each drop

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.StepLR.

    >>> step(1.0, step_size=2)(np.arange(5)).round(4).tolist()
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    lr = base_rate(lr)
    step_size = whole("step_size", step_size, 1, "give a whole number of steps from 1 up, such as 30")
    gamma = number("gamma", gamma, "give 0 or more, such as 0.1", not_negative)

    def rate(t):
        return lr * gamma ** (along(t, lr) // step_size)

    return rate


SCHEDULES = {"constant": constant, "step": step}
