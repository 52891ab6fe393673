"""Steps that look at the gradient's sign alone."""

import numpy as np

from lrlab.arguments import number, numbers
from lrlab.optimizers.rule import Optimizer, at_least_0, at_step, pair, two_betas, with_decay, without_lr


def rprop(etas=(0.5, 1.2), step_sizes=(1e-6, 50)) -> Optimizer:
    """direction = h_t * sign(g_t) / lr;  h_t = h_{t-1} * (etas[1] where g_t * g_{t-1} > 0, etas[0] where it is < 0).

    Each coordinate has a length h of its own, which starts at lr. Where the sign turns, the coordinate rests for this
    step and g_t counts as 0 in the next comparison (iRprop-).

    etas:       (shrink, grow), 0 < shrink < 1 < grow
    step_sizes: (least, most), 0 <= least <= most, in the parameters' unit: bounds for h, from the first step on

    lr sets the first length and nothing else, so a schedule changes nothing after it; but a rate of 0 stands still.
    Rprop trusts the sign of every gradient: it is for full batches, without noise. Optax bounds h only where it
    changes, so not in the first step, and (0.2.8) gives each step out one call late.

    Raises ValueError where etas or step_sizes are not two numbers in that order.
    Source: Riedmiller and Braun 1993, doi:10.1109/ICNN.1993.298623; iRprop-: Igel and Huesken 2003,
    doi:10.1016/S0925-2312(01)00700-7; torch.optim.Rprop.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.5, optimizer=rprop(), steps=4)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.5, -0.1, -0.1, 0.2]
    """
    remedy = "give two numbers, shrink between 0 and 1 and grow above 1, such as (0.5, 1.2)"
    shrink, grow = numbers("etas", pair("etas", etas, remedy), remedy).tolist()
    number("etas[0]", shrink, remedy, lambda x: (x > 0) & (x < 1))
    number("etas[1]", grow, remedy, lambda x: x > 1)
    remedy = "give two lengths, the least first, such as (1e-6, 50)"
    least, most = numbers("step_sizes", pair("step_sizes", step_sizes, remedy), remedy).tolist()
    number("step_sizes[0]", least, remedy, lambda x: (x >= 0) & (x <= most))

    def init(params):
        return np.zeros_like(params), np.zeros_like(params)

    def direction(grad, params, state, t, lr):
        before, size = state
        if t == 0:
            size = size + lr
        turn = grad * before
        size = np.clip(size * np.where(turn > 0, grow, np.where(turn < 0, shrink, 1.0)), least, most)
        grad = np.where(turn < 0, 0.0, grad)
        return without_lr(np.sign(grad) * size, lr), (grad, size)

    return Optimizer("rprop", init, direction)


def lion(betas=(0.9, 0.99), weight_decay: float = 0.0) -> Optimizer:
    """direction = sign(beta1 * m_{t-1} + (1 - beta1) * g_t) + weight_decay * params.

    m_t = beta2 * m_{t-1} + (1 - beta2) * g_t, m_{-1} = 0: the memory is longer than the step's own mean.

    betas:        (beta1, beta2), each at least 0 and below 1, or a function of t; beta1 mixes this gradient into the
                  step, beta2 into the memory m
    weight_decay: >= 0; adds weight_decay * params to the direction, as AdamW does

    Every coordinate moves by lr whatever the gradient's size, so lr is the final precision too: it must decay. The
    authors advise a third to a tenth of AdamW's lr, and three to ten times its decay. Optax's default decay is 1e-3,
    that of Keras and lion-pytorch 0 like ours; the paper chooses it task by task.

    Raises ValueError for a number out of range.
    Source: Chen et al. 2023, arXiv:2302.06675; no torch class.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.quadratic((1.0, 25.0)), [1.0, 3.0], lr=0.1, optimizer=lion(), steps=2)
    >>> run.params.round(4).tolist()
    [[1.0, 3.0], [0.9, 2.9], [0.8, 2.8]]
    """
    betas = two_betas(betas, "(0.9, 0.99)")
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")

    def init(params):
        return (np.zeros_like(params),)

    def direction(grad, params, state, t, lr):
        beta1, beta2 = at_step(betas[0], t), at_step(betas[1], t)
        (mean,) = state
        step = np.sign(beta1 * mean + (1 - beta1) * grad)
        return with_decay(step, params, weight_decay), (beta2 * mean + (1 - beta2) * grad,)

    return Optimizer("lion", init, direction)
