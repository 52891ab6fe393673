"""A rate that is itself stepped downhill: SGD and Adam with hypergradient descent."""

import numpy as np

from lrlab.optimizers.adam import adam
from lrlab.optimizers.momentum import sgd
from lrlab.optimizers.rule import Optimizer, at_least_0, with_decay, without_lr
from lrlab.optimizers.vectors import dot


def sgd_hd(
    momentum=0.0,
    dampening=0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    hypergrad_lr: float = 1e-6,
) -> Optimizer:
    """rate_t = rate_{t-1} + hypergrad_lr * g_t . u_{t-1}, rate_0 = lr;  the step is rate_t * u_t, u SGD's direction.

    -g_t . u_{t-1} is the derivative of the loss at x_t with respect to the rate that led there: the rate grows while
    the gradient keeps pointing along the last step, and shrinks where it turns.

    momentum, dampening, weight_decay, nesterov: as for `sgd`
    hypergrad_lr: >= 0, the rate's own rate, in the unit of lr over squared gradient; 0 is SGD at the first lr

    The first lr is the first rate; a later change of lr changes nothing. So lr still matters, and hypergrad_lr joins
    it. A rate below 0, which climbs, is not prevented, neither in the paper nor by its authors nor here. lr is what a
    Trajectory shows; the rate is the first array of its state.

    Raises ValueError for a number out of its range.
    Source: Baydin et al. 2018, arXiv:1703.04782; the authors' SGDHD (github.com/gbaydin/hypergradient-descent).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=sgd_hd(hypergrad_lr=0.1), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.729]
    """
    return hypergradient("sgd_hd", sgd(momentum, dampening, nesterov=nesterov), weight_decay, hypergrad_lr)


def adam_hd(betas=(0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, hypergrad_lr: float = 1e-8) -> Optimizer:
    """rate_t = rate_{t-1} + hypergrad_lr * g_t . u_{t-1}, rate_0 = lr;  the step is rate_t * u_t, u Adam's direction.

    betas, eps, weight_decay (L2): as for `adam`
    hypergrad_lr: >= 0, the rate's own rate, in the unit of lr over gradient; 0 is Adam at the first lr

    What `sgd_hd` says of lr and of rates below 0 holds here too. The authors' code adds eps before the bias is
    corrected, as PyTorch's Adam did then; we add it after, as the paper writes and PyTorch's does now.

    Raises ValueError for a number out of its range.
    Source: Baydin et al. 2018, arXiv:1703.04782; the authors' AdamHD (github.com/gbaydin/hypergradient-descent).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=adam_hd(hypergrad_lr=0.1), steps=2)
    >>> run.params[:, 0].round(3).tolist()
    [1.0, 0.9, 0.711]
    """
    return hypergradient("adam_hd", adam(betas, eps), weight_decay, hypergrad_lr)


def hypergradient(name: str, base: Optimizer, weight_decay: float, hypergrad_lr: float) -> Optimizer:
    """`base` with a rate that follows g_t . u_{t-1}."""
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    hypergrad_lr = at_least_0("hypergrad_lr", hypergrad_lr, "1e-6")

    def init(params):
        return np.zeros_like(params[..., :1]), np.zeros_like(params), *base.init(params)

    def direction(grad, params, state, t, lr):
        rate, last, *inner = state
        grad = with_decay(grad, params, weight_decay)
        rate = (rate if t else lr) + hypergrad_lr * dot(grad, last)
        step, inner = base.direction(grad, params, tuple(inner), t, lr)
        return without_lr(rate, lr) * step, (rate, step, *inner)

    return Optimizer(name, init, direction)
