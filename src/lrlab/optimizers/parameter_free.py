"""Rules that find their own rate from how far the run has come: DoG, D-Adaptation, Prodigy.

Each takes the parameters of a run as one vector, so that every run of a batch has its own estimate. Leave lr at 1: it
multiplies the rate that the rule finds.
"""

from math import sqrt

import numpy as np

from lrlab.arguments import number, positive
from lrlab.optimizers.averaging import averaged
from lrlab.optimizers.rule import Optimizer, at_least_0, fraction, two_betas, with_decay, without_lr
from lrlab.optimizers.vectors import dot, norm, ratio, total


def dog(
    reps_rel: float = 1e-6,
    weight_decay: float = 0.0,
    eps: float = 1e-8,
    init_eta: float | None = None,
    averaging: float | None = None,
) -> Optimizer:
    """direction = max_{i<=t} |x_i - x_0| / sqrt(eps + sum_{i<=t} |g_i|**2) * g_t, distance over gradients.

    reps_rel:     > 0; before the run has moved, its distance counts as reps_rel * (1 + |x_0|)
    weight_decay: >= 0; adds weight_decay * params to the gradient first (L2)
    eps:          >= 0, in the unit of the squared gradient
    init_eta:     > 0, the rate of the first step, whatever lr is, in place of reps_rel; or None
    averaging:    >= 0: the point that counts is a running mean in which x_t, t >= 1, has the share
                  (1 + averaging) / (t + averaging), 0 being the plain mean; None: the last point counts

    Leave lr at 1 (the paper's c). The authors call averaging crucial where there is noise; their package has it in a
    class of its own, with 8. With init_eta, Optax lets lr multiply the first step too; the authors and we do not.

    Raises ValueError for a number that is negative, not finite, or 0 where it must not be.
    Source: Ivgi, Hinder and Carmon 2023, arXiv:2302.12022; averaging: Shamir and Zhang 2013, arXiv:1212.1824.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [3.0], lr=1.0, optimizer=dog(), steps=300)
    >>> bool(run.loss[-1] < 1e-6)
    True
    """
    reps_rel = number("reps_rel", reps_rel, "give a number above 0, such as 1e-6", positive)
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    eps = at_least_0("eps", eps, "1e-8")
    if init_eta is not None:
        init_eta = number("init_eta", init_eta, "give a number above 0, such as 1e-3, or None for reps_rel", positive)
    if averaging is not None:
        averaging = at_least_0("averaging", averaging, "8, or None")

    def init(params):
        far = reps_rel * (1 + norm(params)) if init_eta is None else np.zeros_like(params[..., :1])
        return params, far, np.full_like(far, eps)

    def direction(grad, params, state, t, lr):
        start, far, squares = state
        grad = with_decay(grad, params, weight_decay)
        far, squares = np.maximum(far, norm(params - start)), squares + dot(grad, grad)
        if t == 0 and init_eta is not None:
            return without_lr(init_eta * grad, lr), (start, far, squares)
        return ratio(far, np.sqrt(squares)) * grad, (start, far, squares)

    rule = Optimizer("dog", init, direction)
    if averaging is None:
        return rule
    return averaged(rule, share=lambda t: (1 + averaging) / (t + 1 + averaging))


def dadapt_sgd(
    momentum: float = 0.0, weight_decay: float = 0.0, d0: float = 1e-6, growth_rate: float = np.inf
) -> Optimizer:
    """x_{t+1} = momentum * x_t + (1 - momentum) * (x_0 - s_{t+1}),  s_{t+1} = s_t + lr * d_t / |g_0| * g_t.

    d_{t+1} = max(d_t, min(2 * n_{t+1} / |s_{t+1}|, growth_rate * d_t)),  n_{t+1} = n_t + lr * d_t / |g_0| * g_t . s_t.
    On a convex loss, without momentum, n / |s| is at most the distance from x_0 to a minimum, so d at most twice that.

    momentum:     0 <= momentum < 1, a mean of the points, not of the gradients
    weight_decay: >= 0; adds weight_decay * params to the gradient (L2), but, as in the authors' package, not to g_0
    d0:           > 0, the first guess of the distance, in the parameters' unit: far too small is fine, too large is not
    growth_rate:  >= 1, the most that d may grow by in a step; inf is no limit

    Leave lr at 1. g_0 is the first gradient that is not 0 (the authors' package stops with an error at a 0).

    Raises ValueError for a number out of its range.
    Source: Defazio and Mishchenko 2023, arXiv:2301.07733, as the package dadaptation computes it (DAdaptSGD).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [3.0], lr=1.0, optimizer=dadapt_sgd(), steps=100)
    >>> bool(run.loss[-1] < 1e-6)
    True
    """
    momentum = number("momentum", momentum, "give 0 or more and less than 1, such as 0.9", fraction)
    weight_decay, d0, growth_rate = adaptation(weight_decay, d0, growth_rate)

    def init(params):
        zero = np.zeros_like(params[..., :1])
        return params, np.zeros_like(params), zero, zero + d0, zero

    def direction(grad, params, state, t, lr):
        start, s, n, d, first = state
        first = np.where(first > 0, first, norm(grad))
        grad = with_decay(grad, params, weight_decay)
        rate = ratio(lr * d, first)
        n, s = n + rate * dot(grad, s), s + rate * grad
        d = np.maximum(d, np.minimum(ratio(2 * n, norm(s)), growth_rate * d))
        return without_lr((1 - momentum) * (params - (start - s)), lr), (start, s, n, d, first)

    return Optimizer("dadapt_sgd", init, direction)


def dadapt_adam(
    betas=(0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decouple: bool = False,
    use_bias_correction: bool = False,
    d0: float = 1e-6,
    growth_rate: float = np.inf,
) -> Optimizer:
    """x_{t+1} = x_t - m_{t+1} / (sqrt(v_{t+1}) + eps), Adam with c_t = lr * d_t inside m.

    m_{t+1} = beta1 * m_t + (1 - beta1) * c_t * g_t,  v_{t+1} = beta2 * v_t + (1 - beta2) * g_t**2,  b = sqrt(beta2),
    s_{t+1} = b * s_t + (1 - b) * c_t * g_t,  n_{t+1} = b * n_t + (1 - b) * c_t * g_t . (s_t / (sqrt(v_t) + eps)),
    d_{t+1} = max(d_t, min(n_{t+1} / ((1 - b) * sum abs(s_{t+1})), growth_rate * d_t)).

    betas:               two numbers, 0 <= beta < 1
    eps:                 > 0, outside the root
    weight_decay:        >= 0; adds weight_decay * params to the gradient (L2); with `decouple`, c_t * weight_decay *
                         params to the step instead, as AdamW does
    use_bias_correction: c_t = lr * d_t * sqrt(1 - beta2**(t+1)) / (1 - beta1**(t+1)), Adam's correction
    d0:                  > 0, the first guess of the distance to the minimum (largest coordinate), far too small is fine
    growth_rate:         >= 1, the most that d may grow by in a step; inf is no limit

    Leave lr at 1. The correction is off by default, as in the authors' package; Optax's dadapt_adamw always corrects
    and always decouples.

    Raises ValueError for a number out of its range.
    Source: Defazio and Mishchenko 2023, arXiv:2301.07733, as the package dadaptation computes it (DAdaptAdam).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [3.0], lr=1.0, optimizer=dadapt_adam(), steps=300)
    >>> bool(run.loss[-1] < run.loss[0] / 10)
    True
    """
    beta1, beta2 = two_betas(betas, check=number)  # not functions of t: beta3 is made of them
    eps = number("eps", eps, "give a number above 0, such as 1e-8", positive)
    weight_decay, d0, growth_rate = adaptation(weight_decay, d0, growth_rate)
    beta3 = sqrt(beta2)
    coupled, decoupled = (0.0, weight_decay) if decouple else (weight_decay, 0.0)

    def init(params):
        zeros, zero = np.zeros_like(params), np.zeros_like(params[..., :1])
        return zeros, zeros, zeros, zero, zero + d0

    def direction(grad, params, state, t, lr):
        m, v, s, n, d = state
        grad = with_decay(grad, params, coupled)
        c = lr * d * (correction(beta1, beta2, t) if use_bias_correction else 1.0)
        n = beta3 * n + (1 - beta3) * c * dot(grad, s / (np.sqrt(v) + eps))
        m, v = beta1 * m + (1 - beta1) * c * grad, beta2 * v + (1 - beta2) * (grad * grad)
        s = beta3 * s + (1 - beta3) * c * grad
        d = np.maximum(d, np.minimum(ratio(n, (1 - beta3) * total(np.abs(s))), growth_rate * d))
        step = m / (np.sqrt(v) + eps) + c * (decoupled * params)
        return without_lr(step, lr), (m, v, s, n, d)

    return Optimizer("dadapt_adam", init, direction)


def prodigy(
    betas=(0.9, 0.999),
    beta3: float | None = None,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decouple: bool = True,
    use_bias_correction: bool = False,
    safeguard_warmup: bool = False,
    d0: float = 1e-6,
    d_coef: float = 1.0,
    growth_rate: float = np.inf,
) -> Optimizer:
    """direction = d_t * m_{t+1} / (sqrt(v_{t+1}) + d_{t+1} * eps), Adam on the gradients d_t * g_t.

    m_{t+1} = beta1 * m_t + (1 - beta1) * d_t * g_t,  v_{t+1} = beta2 * v_t + (1 - beta2) * (d_t * g_t)**2,
    s_{t+1} = beta3 * s_t + lr * d_t**2 * g_t,  n_{t+1} = beta3 * n_t + lr * d_t**2 * g_t . (x_0 - x_t),
    d_{t+1} = max(d_t, d_coef * n_{t+1} / sum abs(s_{t+1})), at most growth_rate * d_t once it has left d0.

    betas:               two numbers, 0 <= beta < 1
    beta3:               0 <= beta3 < 1; None: sqrt(beta2)
    eps:                 > 0, outside the root
    weight_decay:        >= 0; with `decouple` adds d_t * weight_decay * params to the direction, as AdamW does; else
                         weight_decay * params to the gradient (L2)
    use_bias_correction: multiplies d_t by sqrt(1 - beta2**(t+1)) / (1 - beta1**(t+1)), Adam's correction, where lr does
    safeguard_warmup:    leaves lr and the correction out of s, for schedules that begin with tiny rates
    d0:                  > 0, the first guess of the distance to the minimum (largest coordinate), far too small is fine
    d_coef:              > 0, the authors' knob to tune, 0.5 to 2
    growth_rate:         >= 1; inf is no limit

    Leave lr at 1. The correction is off by default, as in the authors' package; Optax always corrects and has no
    growth_rate. With beta1 = 0 the package's short cut puts d_{t+1} for d_t into m, against the paper and its own
    reference version; we follow those.

    Raises ValueError for a number out of its range.
    Source: Mishchenko and Defazio 2023, arXiv:2306.06101, as the package prodigyopt computes it (Prodigy).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [3.0], lr=1.0, optimizer=prodigy(), steps=300)
    >>> bool(run.loss[-1] < run.loss[0] / 10)
    True
    """
    beta1, beta2 = two_betas(betas, check=number)
    if beta3 is None:
        beta3 = sqrt(beta2)
    beta3 = number("beta3", beta3, "give 0 or more and less than 1, or None for sqrt(beta2)", fraction)
    eps = number("eps", eps, "give a number above 0, such as 1e-8", positive)
    d_coef = number("d_coef", d_coef, "give a number above 0, such as 1.0", positive)
    weight_decay, d0, growth_rate = adaptation(weight_decay, d0, growth_rate)
    coupled, decoupled = (0.0, weight_decay) if decouple else (weight_decay, 0.0)

    def init(params):
        zeros, zero = np.zeros_like(params), np.zeros_like(params[..., :1])
        return params, zeros, zeros, zeros, zero, zero + d0, zero + d0

    def direction(grad, params, state, t, lr):
        start, m, v, s, n, d, top = state
        grad = with_decay(grad, params, coupled)
        rate = d * (correction(beta1, beta2, t) if use_bias_correction else 1.0)
        push, weight = d * grad, d / d0  # over d0, so that the sums are not too small for floats
        m, v = beta1 * m + (1 - beta1) * push, beta2 * v + (1 - beta2) * (push * push)
        s = beta3 * s + weight * (d if safeguard_warmup else lr * rate) * grad
        n = beta3 * n + weight * (lr * rate) * dot(grad, start - params)
        guess = ratio(d_coef * n, total(np.abs(s)))
        top = np.maximum(top, guess)
        d = np.minimum(top, growth_rate * np.where(d == d0, np.maximum(d, guess), d))
        step = rate * with_decay(m / (np.sqrt(v) + d * eps), params, decoupled)
        return step, (start, m, v, s, n, d, top)

    return Optimizer("prodigy", init, direction)


def correction(beta1: float, beta2: float, t: int) -> float:
    """sqrt(1 - beta2**(t+1)) / (1 - beta1**(t+1)): what Adam's means lack for their start at 0."""
    return sqrt(1 - beta2 ** (t + 1)) / (1 - beta1 ** (t + 1))


def adaptation(weight_decay: float, d0: float, growth_rate: float) -> tuple[float, float, float]:
    """The arguments that D-Adaptation and Prodigy have in common, checked."""
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    d0 = number("d0", d0, "give a number above 0, such as 1e-6", positive)
    if not np.array_equal(growth_rate, np.inf):
        remedy = "give 1 or more, such as 1.02, or inf for no limit"
        growth_rate = number("growth_rate", growth_rate, remedy, lambda x: x >= 1)
    return weight_decay, d0, growth_rate
