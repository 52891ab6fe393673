"""Rates that stay or fall."""

import numpy as np

from lrlab.arguments import not_negative, number, whole
from lrlab.schedules.rate import Schedule, along, base_rate


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
