"""What an optimizer is, and the small things that its rules share."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lrlab.arguments import Array

State = tuple[Array, ...]


class Optimizer(NamedTuple):
    """A rule for the direction.

    init:      params (*B, D) -> state
    direction: grad (*B, D), params (*B, D), state, t, lr (*B, 1) -> direction (*B, D), state
    at:        params, state -> the point whose gradient is asked (None: params)
    evaluate:  params, state -> the point that counts (None: params)
    """

    name: str
    init: Callable[[Array], State]
    direction: Callable[[Array, Array, State, int, Array], tuple[Array, State]]
    at: Callable[[Array, State], Array] | None = None
    evaluate: Callable[[Array, State], Array] | None = None


def at_step(value: Any, t: int) -> Any:
    """A hyperparameter at step t: a number is itself, a function of t is asked."""
    return value(t) if callable(value) else value
