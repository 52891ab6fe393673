"""One rate for each coordinate, from the squares of its gradients: Adagrad, Adadelta, RMSprop."""

import numpy as np

from lrlab.arguments import not_negative, number
from lrlab.optimizers.rule import Optimizer, at_least_0, at_step, cyclable, fraction, with_decay


def adagrad(
    lr_decay: float = 0.0, weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10
) -> Optimizer:
    """s_t = s_{t-1} + g_t**2;  direction = g_t / (sqrt(s_t) + eps) / (1 + t * lr_decay).

    lr_decay:                  >= 0, per step; lets the rate fall as 1 / t on top
    weight_decay:              >= 0; adds weight_decay * params to the gradient first (L2)
    initial_accumulator_value: >= 0; s before the first step
    eps:                       >= 0, in the gradient's unit; with 0 a gradient of exactly 0 at the start gives NaN

    The first step is lr in every coordinate, whatever the gradient's size; later ones shrink as 1 / sqrt(t).
    Keras and Optax start s at 0.1 and take 1e-7 for eps, under the root. The paper's s starts at 0.

    Raises ValueError for a negative or non-finite number.
    Source: Duchi, Hazan and Singer 2011, JMLR 12:2121-2159; torch.optim.Adagrad.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.quadratic((1.0, 25.0)), [1.0, 1.0], lr=0.5, optimizer=adagrad(), steps=2)
    >>> run.params.round(4).tolist()  # the two curvatures make no difference
    [[1.0, 1.0], [0.5, 0.5], [0.2764, 0.2764]]
    """
    lr_decay = at_least_0("lr_decay", lr_decay, "1e-3")
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")
    initial = at_least_0("initial_accumulator_value", initial_accumulator_value, "0.1")
    eps = at_least_0("eps", eps, "1e-10")

    def init(params):
        return (np.full_like(params, initial),)

    def direction(grad, params, state, t, lr):
        grad = with_decay(grad, params, weight_decay)
        total = state[0] + grad * grad
        scaled = grad / (np.sqrt(total) + eps)
        return (scaled / (1 + t * lr_decay) if lr_decay else scaled), (total,)

    return Optimizer("adagrad", init, direction)


def adadelta(rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0) -> Optimizer:
    """v_t = rho * v_{t-1} + (1 - rho) * g_t**2;  direction = d_t = sqrt((u_{t-1} + eps) / (v_t + eps)) * g_t.

    u_t = rho * u_{t-1} + (1 - rho) * d_t**2: squares of the steps themselves, so the units of d_t are the parameters'.

    rho:          0 <= rho <= 1, the memory; about 1 / (1 - rho) steps long
    eps:          >= 0. It is what the run starts with: the first step is sqrt(eps / (1 - rho)) * lr or less, about
                  .003 lr with the defaults; with 0 the run never starts.
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)

    lr 1 is the paper's rule, which promises to need no rate; eps takes its place. Keras has rho 0.95, eps 1e-7 and
    lr 0.001; Optax has PyTorch's values.

    Raises ValueError for a number out of range.
    Source: Zeiler 2012, arXiv:1212.5701; torch.optim.Adadelta.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=1.0, optimizer=adadelta(), steps=2)
    >>> run.params[:, 0].round(5).tolist()
    [1.0, 0.99684, 0.9936]
    """
    rho = number("rho", rho, "give a number from 0 to 1, such as 0.9", lambda x: (x >= 0) & (x <= 1))
    eps = at_least_0("eps", eps, "1e-6")
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")

    def init(params):
        return np.zeros_like(params), np.zeros_like(params)

    def direction(grad, params, state, t, lr):
        grad = with_decay(grad, params, weight_decay)
        square, moved = state
        square = rho * square + (1 - rho) * (grad * grad)
        delta = np.sqrt((moved + eps) / (square + eps)) * grad
        return delta, (square, rho * moved + (1 - rho) * (delta * delta))

    return Optimizer("adadelta", init, direction)


def rmsprop(
    alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, momentum=0.0, centered: bool = False
) -> Optimizer:
    """v_t = alpha * v_{t-1} + (1 - alpha) * g_t**2;  direction = g_t / (sqrt(v_t) + eps).

    centered: v_t - m_t**2 stands for v_t, with m_t = alpha * m_{t-1} + (1 - alpha) * g_t.
    momentum: direction = b_t = momentum * b_{t-1} + g_t / (sqrt(v_t) + eps).

    alpha:        0 <= alpha < 1, the memory; about 1 / (1 - alpha) steps long
    eps:          >= 0, in the gradient's unit, outside the root
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)
    momentum:     >= 0, usually below 1, or a function of t
    centered:     divide by the standard deviation instead of the root mean square

    v starts at 0 and is not corrected for it: the first step is lr / sqrt(1 - alpha), ten lr with the defaults.
    Keras and Optax have 0.9 for alpha and eps under the root (Optax: unless eps_in_sqrt=False); Keras takes 1e-7. lr
    stays outside b, as in PyTorch; Keras and Optax have it inside, so the runs part after a change of lr. With
    `centered` rounding can push v_t - m_t**2 below 0, where PyTorch has NaN and we have 0.

    Raises ValueError for a number out of range.
    Source: Tieleman and Hinton 2012, Coursera, Neural Networks for Machine Learning, lecture 6.5; centered: Graves
    2013, arXiv:1308.0850; torch.optim.RMSprop.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.01, optimizer=rmsprop(), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.8329]
    """
    alpha = number("alpha", alpha, "give a number of at least 0 and below 1, such as 0.99", fraction)
    eps = at_least_0("eps", eps, "1e-8")
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")
    momentum = cyclable("momentum", momentum, "give 0 or more, such as 0.9", not_negative)
    plain = momentum == 0

    def init(params):
        zero = np.zeros_like(params)
        return (zero,) * (1 + bool(centered) + (not plain))

    def direction(grad, params, state, t, lr):
        grad = with_decay(grad, params, weight_decay)
        square = spread = alpha * state[0] + (1 - alpha) * (grad * grad)
        kept = (square,)
        if centered:
            mean = alpha * state[1] + (1 - alpha) * grad
            spread = np.maximum(square - mean * mean, 0.0)
            kept += (mean,)
        step = grad / (np.sqrt(spread) + eps)
        if not plain:
            step = at_step(momentum, t) * state[-1] + step
            kept += (step,)
        return step, kept

    return Optimizer("rmsprop", init, direction)
