"""Running means of the gradient and of its square, corrected for their start at 0: Adam and its kin."""

from math import sqrt

import numpy as np

from lrlab.optimizers.rule import Optimizer, at_least_0, at_step, two_betas, with_decay


def adam(
    betas=(0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    decoupled_weight_decay: bool = False,
) -> Optimizer:
    """m_t = beta1 * m_{t-1} + (1 - beta1) * g_t, v_t likewise of g_t**2;  direction = m^_t / (sqrt(v^_t) + eps).

    m is a running mean of the gradients g, v of their squares, and both start at 0, which is too small:
    m^_t = m_t / (1 - beta1**(t+1)) and v^_t = v_t / (1 - beta2**(t+1)), t from 0, undo that.

    betas:        (beta1, beta2), each at least 0 and below 1, or a function of t; memories of 1 / (1 - beta) steps
    eps:          >= 0, in the gradient's unit; with 0 a gradient of exactly 0 at the start gives NaN
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)
    amsgrad:      v^ never falls: the largest v_t so far stands for v_t (see `amsgrad`)
    decoupled_weight_decay: adds weight_decay * params to the direction instead (see `adamw`)

    The first step is lr in every coordinate, whatever the gradient's size, and with eps 0 no scale of the loss makes a
    difference. On curvature L with v frozen the run is stable up to lr = 2 * (1 + beta1) / (1 - beta1) * sqrt(v^) / L.
    The correction takes this step's beta1, so a cycled beta1 gives PyTorch's sequence. Keras's eps, 1e-7, is added to
    the root of the uncorrected v ("epsilon hat" in the paper); Keras decouples every weight_decay. Optax has PyTorch's
    values, and takes amsgrad's largest over the corrected v.

    Raises ValueError for a number out of range.
    Source: Kingma and Ba 2015, arXiv:1412.6980; torch.optim.Adam.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.quadratic((1.0, 25.0)), [1.0, 3.0], lr=0.1, optimizer=adam(), steps=2)
    >>> run.params.round(4).tolist()
    [[1.0, 3.0], [0.9, 2.9], [0.8004, 2.8001]]
    """
    betas = two_betas(betas)
    eps = at_least_0("eps", eps, "1e-8")
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    coupled, decoupled = (0.0, weight_decay) if decoupled_weight_decay else (weight_decay, 0.0)

    def init(params):
        return (np.zeros_like(params),) * (3 if amsgrad else 2)

    def direction(grad, params, state, t, lr):
        beta1, beta2 = at_step(betas[0], t), at_step(betas[1], t)
        grad = with_decay(grad, params, coupled)
        mean = beta1 * state[0] + (1 - beta1) * grad
        square = beta2 * state[1] + (1 - beta2) * (grad * grad)
        kept = (mean, square, np.maximum(state[2], square)) if amsgrad else (mean, square)
        # m^ / (sqrt(v^) + eps) with the corrections drawn together, because numbers are cheaper than arrays
        correction1, correction2 = 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1)
        step = mean / (np.sqrt(kept[-1]) * (correction1 / sqrt(correction2)) + correction1 * eps)
        return with_decay(step, params, decoupled), kept

    return Optimizer("adam", init, direction)


def amsgrad(betas=(0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0) -> Optimizer:
    """Adam with s_t = max(s_{t-1}, v_t) in place of v_t;  direction = m^_t / (sqrt(s_t / (1 - beta2**(t+1))) + eps).

    betas, eps, weight_decay: as `adam`'s

    A rare large gradient is never forgotten, so the effective rate of a coordinate cannot grow again: this is what
    makes it converge where Adam fails on a convex problem. PyTorch and Keras take the largest of the raw v, as we do,
    Optax of the corrected one; the paper corrects neither m nor v.

    Raises ValueError for a number out of range.
    Source: Reddi, Kale and Kumar 2018, arXiv:1904.09237; torch.optim.Adam with amsgrad=True.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=amsgrad(), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.8004]
    """
    return adam(betas, eps, weight_decay, amsgrad=True)._replace(name="amsgrad")


def adamw(betas=(0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.01, amsgrad: bool = False) -> Optimizer:
    """direction = Adam's + weight_decay * params: a weight without gradient shrinks by 1 - lr * weight_decay a step.

    betas, eps, amsgrad: as `adam`'s
    weight_decay:        >= 0; times lr, it is the share of each weight that is lost in a step

    In Adam with L2 a weight with large gradients hardly decays, because sqrt(v) divides the decay too; here all
    weights decay alike. The default is PyTorch's 0.01; Keras has 0.004, Optax 1e-4. The paper's decay is scaled by
    the schedule alone, not by the base rate lr.

    Raises ValueError for a number out of range.
    Source: Loshchilov and Hutter 2019, arXiv:1711.05101; torch.optim.AdamW.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=adamw(weight_decay=0.5), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.85, 0.7082]
    """
    return adam(betas, eps, weight_decay, amsgrad, decoupled_weight_decay=True)._replace(name="adamw")


def adamax(betas=(0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0) -> Optimizer:
    """u_t = max(beta2 * u_{t-1}, |g_t| + eps);  direction = m_t / (1 - beta1**(t+1)) / u_t, m_t as Adam's.

    betas:        (beta1, beta2), each at least 0 and below 1, or a function of t
    eps:          >= 0, in the gradient's unit; with 0 a gradient of exactly 0 at the start gives NaN
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)

    u is the largest gradient lately, and needs no correction: the first step is lr. PyTorch and Optax add eps inside
    the maximum, Keras to u; the paper has none.

    Raises ValueError for a number out of range.
    Source: Kingma and Ba 2015, arXiv:1412.6980, section 7.1; torch.optim.Adamax.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=adamax(), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.9, 0.8052]
    """
    betas = two_betas(betas)
    eps = at_least_0("eps", eps, "1e-8")
    weight_decay = at_least_0("weight_decay", weight_decay, "1e-4")

    def init(params):
        return np.zeros_like(params), np.zeros_like(params)

    def direction(grad, params, state, t, lr):
        beta1, beta2 = at_step(betas[0], t), at_step(betas[1], t)
        grad = with_decay(grad, params, weight_decay)
        mean = beta1 * state[0] + (1 - beta1) * grad
        largest = np.maximum(beta2 * state[1], np.abs(grad) + eps)
        return mean / ((1 - beta1 ** (t + 1)) * largest), (mean, largest)

    return Optimizer("adamax", init, direction)


def nadam(
    betas=(0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
) -> Optimizer:
    """direction = ((1 - mu_t) / (1 - M_t) * g_t + mu_{t+1} / (1 - M_{t+1}) * m_t) / (sqrt(v^_t) + eps), Adam's m, v^.

    mu_t = beta1 * (1 - 0.96**((t + 1) * momentum_decay) / 2), t from 0, and M_t = mu_0 * ... * mu_t: Nesterov's look
    ahead takes the gradient now and the mean as it will weigh a step later.

    betas:          (beta1, beta2), each at least 0 and below 1, or a function of t
    eps:            >= 0, in the gradient's unit; with 0 a gradient of exactly 0 at the start gives NaN
    weight_decay:   >= 0; adds weight_decay * params to the gradient first (L2)
    momentum_decay: >= 0; how fast mu rises from beta1 / 2 to beta1. The default takes thousands of steps.
    decoupled_weight_decay: adds weight_decay * params to the direction instead, as AdamW does

    The first step is 1.056 lr with the defaults. Keras has momentum_decay 1 and eps 1e-7; Optax has no mu at all but
    beta1 itself, and a first step of 1.474 lr. PyTorch keeps M in its default dtype: beside float64 numbers call
    torch.set_default_dtype(torch.float64), or it is off by 1e-9.

    Raises ValueError for a number out of range.
    Source: Dozat 2016, ICLR workshop, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ; torch.optim.NAdam.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.1, optimizer=nadam(), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.8944, 0.82]
    """
    betas = two_betas(betas)
    eps = at_least_0("eps", eps, "1e-8")
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    momentum_decay = at_least_0("momentum_decay", momentum_decay, "4e-3")
    coupled, decoupled = (0.0, weight_decay) if decoupled_weight_decay else (weight_decay, 0.0)

    def init(params):
        return np.zeros_like(params), np.zeros_like(params), np.ones_like(params[..., :1])

    def direction(grad, params, state, t, lr):
        beta1, beta2 = at_step(betas[0], t), at_step(betas[1], t)
        grad = with_decay(grad, params, coupled)
        mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (step * momentum_decay)) for step in (t + 1, t + 2))
        mean = beta1 * state[0] + (1 - beta1) * grad
        square = beta2 * state[1] + (1 - beta2) * (grad * grad)
        product = state[2] * mu
        ahead = (1 - mu) / (1 - product) * grad + mu_next / (1 - product * mu_next) * mean
        step = ahead / (np.sqrt(square / (1 - beta2 ** (t + 1))) + eps)
        return with_decay(step, params, decoupled), (mean, square, product)

    return Optimizer("nadam", init, direction)


def radam(
    betas=(0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, decoupled_weight_decay: bool = False
) -> Optimizer:
    """direction = r_t * m^_t / (sqrt(v_t) + eps) * sqrt(1 - beta2**(t+1)) where rho_t > 5, else m^_t; Adam's m^, v.

    rho_t = rho - 2 * (t+1) * beta2**(t+1) / (1 - beta2**(t+1)), t from 0, rho = 2 / (1 - beta2) - 1: about how many
    gradients v_t has seen. r_t = sqrt((rho_t - 4) * (rho_t - 2) * rho / ((rho - 4) * (rho - 2) * rho_t)) rises to 1.

    betas:        (beta1, beta2), each at least 0 and below 1, or a function of t
    eps:          >= 0, in the gradient's unit; with 0 a gradient of exactly 0 so far gives NaN
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)
    decoupled_weight_decay: adds weight_decay * params to the direction instead, as AdamW does

    A warm-up in disguise, but its first five steps (with beta2 0.999) are plain momentum, whose length is the
    gradient's times lr: what lr means changes in between. The paper rectifies from rho_t > 4, with beta2 0.999 one
    step earlier, and has no eps; Optax from rho_t >= 5, with eps added to the root of the corrected v.

    Raises ValueError for a number out of range.
    Source: Liu et al. 2020, arXiv:1908.03265; torch.optim.RAdam.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(100.0), [1.0], lr=0.001, optimizer=radam(), steps=6)
    >>> run.params[:, 0].round(4).tolist()  # the first steps are lr * 100 long, the sixth is r_5 * lr
    [1.0, 0.9, 0.8053, 0.7158, 0.6315, 0.5524, 0.5523]
    """
    betas = two_betas(betas)
    eps = at_least_0("eps", eps, "1e-8")
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    coupled, decoupled = (0.0, weight_decay) if decoupled_weight_decay else (weight_decay, 0.0)

    def init(params):
        return np.zeros_like(params), np.zeros_like(params)

    def direction(grad, params, state, t, lr):
        beta1, beta2 = at_step(betas[0], t), at_step(betas[1], t)
        grad = with_decay(grad, params, coupled)
        mean = beta1 * state[0] + (1 - beta1) * grad
        square = beta2 * state[1] + (1 - beta2) * (grad * grad)
        correction1, correction2 = 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1)
        rho = 2 / (1 - beta2) - 1
        rho_t = rho - 2 * (t + 1) * beta2 ** (t + 1) / correction2
        if rho_t > 5:
            rectified = sqrt((rho_t - 4) * (rho_t - 2) * rho / ((rho - 4) * (rho - 2) * rho_t))
            step = mean * (rectified * sqrt(correction2) / correction1) / (np.sqrt(square) + eps)
        else:
            step = mean / correction1
        return with_decay(step, params, decoupled), (mean, square)

    return Optimizer("radam", init, direction)
