"""Steps along the gradient, and along what remains of the ones before: SGD."""

import numpy as np

from lrlab.arguments import not_negative, number
from lrlab.optimizers.rule import Optimizer, at_step


def sgd(momentum=0.0, dampening=0.0, nesterov: bool = False, weight_decay: float = 0.0) -> Optimizer:
    """v_t = momentum * v_{t-1} + (1 - dampening) * g_t, v_0 = g_0;  direction = v_t (nesterov: g_t + momentum * v_t).

    momentum:     0 <= momentum, usually below 1, or a function of t. 0 is plain gradient descent: direction = g_t.
    dampening:    a number or a function of t; PyTorch skips it on the first step, and so do we.
    nesterov:     look ahead along v; needs momentum above 0 and dampening 0.
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2).

    On a quadratic with largest curvature L the run is stable up to lr = 2 * (1 + momentum) / L.
    PyTorch keeps lr outside v, as we do; Keras puts it inside, so the two part after a change of lr.

    Raises ValueError for a negative or non-finite number, or nesterov without momentum or with dampening.
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Sutskever et al. 2013, ICML; torch.optim.SGD.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=sgd(momentum=0.9), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.72]
    """
    for name, value in (("momentum", momentum), ("dampening", dampening), ("weight_decay", weight_decay)):
        if not callable(value):
            number(name, value, "give 0 or more, such as 0.9 for momentum", not_negative)
    plain = not callable(momentum) and momentum == 0
    if nesterov and (plain or callable(dampening) or dampening != 0):
        raise ValueError(
            f"nesterov is True with momentum {momentum!r} and dampening {dampening!r}: "
            "give momentum above 0, such as 0.9, and dampening 0"
        )

    def init(params):
        return () if plain else (np.zeros_like(params),)

    def direction(grad, params, state, t, lr):
        if weight_decay:
            grad = grad + weight_decay * params
        if plain:
            return grad, state
        beta = at_step(momentum, t)
        velocity = grad if t == 0 else beta * state[0] + (1 - at_step(dampening, t)) * grad
        return (grad + beta * velocity if nesterov else velocity), (velocity,)

    return Optimizer("sgd", init, direction)
