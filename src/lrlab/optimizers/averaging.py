"""Points that are means of the points before: the state begins with the mean so far and the newest point's share."""

from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array
from lrlab.optimizers.rule import Optimizer, State


def average(params: Array, state: State) -> Array:
    """mean + share * (params - mean), params the newest point."""
    mean, share = state[:2]
    # where the share is 1 the mean is the point itself, to the last bit
    return np.where(share == 1, params, mean + share * (params - mean))


def averaged(rule: Optimizer, share: Callable[[int], float]) -> Optimizer:
    """`rule`, counted at its running average, in which point t + 1 has the share(t) when it is the newest."""

    def init(params):
        return params, np.ones_like(params[..., :1]), *rule.init(params)

    def direction(grad, params, state, t, lr):
        step, inner = rule.direction(grad, params, state[2:], t, lr)
        return step, (average(params, state), np.full_like(state[1], share(t)), *inner)

    return Optimizer(rule.name, init, direction, evaluate=average)
