"""What an optimizer is, and the small things that its rules share."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lrlab.arguments import Array, not_negative, number, short
from lrlab.optimizers.vectors import ratio

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


def checked(optimizer: Any) -> Optimizer:
    """`optimizer` if it is one; else one sentence, because a rule's name or factory is easily given instead."""
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer is {short(optimizer)}: give a rule, such as optimizers.adam()")
    return optimizer


def at_step(value: Any, t: int) -> Any:
    """A hyperparameter at step t: a number is itself, a function of t is asked."""
    return value(t) if callable(value) else value


def cyclable(name: str, value, remedy: str, ok: Callable) -> float | Callable[[int], float]:
    """A number for which `ok` holds, or a function of t whose every answer is held to the same; for `at_step`."""
    if not callable(value):
        return number(name, value, remedy, ok)
    return lambda t: number(f"{name}, at step {t},", value(t), remedy, ok)


def pair(name: str, value, remedy: str) -> tuple:
    """The two members of an argument that is a pair."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ValueError(f"{name} is {value!r}: {remedy}")
    return tuple(value)


def two_betas(betas, usual: str = "(0.9, 0.999)", check: Callable = cyclable) -> tuple:
    """Two memories, each from 0 up to but not 1; functions of t with such answers too, unless `check` is `number`."""
    remedy = f"give two numbers of at least 0 and below 1, such as {usual}"
    first, second = pair("betas", betas, remedy)
    return check("betas[0]", first, remedy, fraction), check("betas[1]", second, remedy, fraction)


def at_least_0(name: str, value, usual: str) -> float:
    """A number that is 0 or more; `usual` goes into the sentence for one that is not."""
    return number(name, value, f"give 0 or more, such as {usual}", not_negative)


def fraction(x):
    """Where x is at least 0 and below 1."""
    return (x >= 0) & (x < 1)


def with_decay(step: Array, params: Array, weight_decay: float) -> Array:
    """step + weight_decay * params: L2 where step is the gradient, decoupled decay where it is the direction."""
    return step + weight_decay * params if weight_decay else step


def without_lr(step: Array, lr: Array) -> Array:
    """The direction of a rule whose step ignores lr: step / lr, and 0 where lr is 0 because then nothing may move."""
    return ratio(step, lr)
