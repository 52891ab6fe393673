"""Steps along the gradient, along what remains of the ones before, and averages of where they lead: SGD and ASGD."""

import numpy as np

from lrlab.arguments import not_negative
from lrlab.optimizers.averaging import averaged
from lrlab.optimizers.rule import Optimizer, at_least_0, at_step, cyclable, with_decay


def sgd(momentum=0.0, dampening=0.0, weight_decay: float = 0.0, nesterov: bool = False) -> Optimizer:
    """v_t = momentum * v_{t-1} + (1 - dampening) * g_t, v_0 = g_0;  direction = v_t (nesterov: g_t + momentum * v_t).

    momentum:     0 <= momentum, usually below 1, or a function of t. 0 is plain gradient descent: direction = g_t.
    dampening:    0 <= dampening, usually below 1, or a function of t; the first step skips it, as PyTorch's does.
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2).
    nesterov:     look ahead along v; needs momentum above 0 and dampening 0.

    On a quadratic with largest curvature L the run is stable up to lr = 2 * (1 + momentum) / L.
    PyTorch and Optax keep lr outside v, as we do; Keras puts it inside, so the runs part after a change of lr. Some
    texts weigh g by 1 - momentum: that is dampening = momentum, but for the first step. In a step whose momentum is 0
    PyTorch leaves v as it was; we follow the equation.

    Raises ValueError for a negative or non-finite number, or nesterov without momentum or with dampening.
    Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Sutskever et al. 2013, ICML; torch.optim.SGD.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=sgd(momentum=0.9), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.72]
    """
    momentum = cyclable("momentum", momentum, "give 0 or more, such as 0.9", not_negative)
    dampening = cyclable("dampening", dampening, "give 0 or more, such as 0.0", not_negative)
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")
    plain = momentum == 0
    if nesterov and (plain or dampening != 0):
        raise ValueError(
            f"nesterov is True with momentum {momentum!r} and dampening {dampening!r}: "
            "give momentum above 0, such as 0.9, and dampening 0"
        )

    def init(params):
        return () if plain else (np.zeros_like(params),)

    def direction(grad, params, state, t, lr):
        grad = with_decay(grad, params, weight_decay)
        if plain:
            return grad, state
        beta = at_step(momentum, t)
        velocity = grad if t == 0 else beta * state[0] + (1 - at_step(dampening, t)) * grad
        return (grad + beta * velocity if nesterov else velocity), (velocity,)

    return Optimizer("sgd", init, direction)


def asgd(lambd: float = 1e-4, alpha: float = 0.75, t0: float = 1e6, weight_decay: float = 0.0) -> Optimizer:
    """direction = (g_t + lambd * params) / (1 + lambd * lr * t)**alpha; what counts is the mean of params from t0 on.

    mean_{t+1} = mean_t + (params_{t+1} - mean_t) / max(1, t - t0): the parameters themselves up to step t0 + 1, then
    a mean in which all points since weigh the same. The run's params, final and loss are at that mean.

    lambd:        >= 0; how fast the rate falls, and a pull towards 0 (PyTorch lets the one number do both)
    alpha:        >= 0; the power with which the rate falls. Between 1/2 and 1 is what averaging was proved for.
    t0:           >= 0, in steps. The default averages nothing before a million steps: set it to where the noise floor
                  is reached.
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2).

    The gradient is asked at the parameters, not at their mean. PyTorch's `p` holds the parameters and its state `ax`
    the mean. Where lr is a schedule PyTorch takes the rate from the step before; we take this step's.

    Raises ValueError for a negative or non-finite number.
    Source: Polyak and Juditsky 1992, doi:10.1137/0330046; Bottou 2012, Stochastic gradient descent tricks,
    doi:10.1007/978-3-642-35289-8_25; torch.optim.ASGD.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=1.5, optimizer=asgd(lambd=0.0, t0=0), steps=4)
    >>> run.params[:, 0].round(4).tolist()  # the parameters jump: 1, -0.5, 0.25, -0.125, 0.0625
    [1.0, -0.5, 0.25, 0.0625, 0.0625]
    """
    lambd = at_least_0("lambd", lambd, "1e-4")
    alpha = at_least_0("alpha", alpha, "0.75")
    t0 = at_least_0("t0", t0, "1000")
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")

    def direction(grad, params, state, t, lr):
        grad = with_decay(grad, params, weight_decay)
        return (grad + lambd * params) / (1 + lambd * lr * t) ** alpha, state

    rule = Optimizer("asgd", lambda params: (), direction)
    return averaged(rule, share=lambda t: 1 / max(1, t - t0))
