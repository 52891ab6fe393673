"""Points that are means of the points before: the state begins with the mean so far and the newest point's share."""

import numpy as np

from lrlab.arguments import Array
from lrlab.optimizers.rule import Optimizer, State


def average(params: Array, state: State) -> Array:
    """mean + share * (params - mean), params the newest point."""
    mean, share = state[:2]
    return mean + share * (params - mean)


def averaged(rule: Optimizer, gamma: float) -> Optimizer:
    """`rule`, counted at its running average, in which point t >= 1 has the share (1 + gamma) / (t + gamma)."""

    def init(params):
        return params, np.ones_like(params[..., :1]), *rule.init(params)

    def direction(grad, params, state, t, lr):
        step, inner = rule.direction(grad, params, state[2:], t, lr)
        share = np.full_like(state[1], (1 + gamma) / (t + 1 + gamma))
        return step, (average(params, state), share, *inner)

    return Optimizer(rule.name, init, direction, evaluate=average)
