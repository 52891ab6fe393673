"""A running average in place of a schedule: schedule-free SGD and AdamW.

What `descend` steps is z. The gradient is asked at y, between z and the average x; the loss counts at x.
"""

import numpy as np

from lrlab.arguments import number, whole
from lrlab.optimizers.averaging import average
from lrlab.optimizers.rule import Optimizer, at_least_0, two_betas, with_decay
from lrlab.optimizers.vectors import ratio


def schedule_free_sgd(
    momentum: float = 0.9,
    weight_decay: float = 0.0,
    warmup_steps: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
) -> Optimizer:
    """direction = g(y_t) + weight_decay * y_t,  y_t = (1 - momentum) * z_t + momentum * x_t, z what is stepped.

    x_{t+1} = (1 - c) * x_t + c * z_{t+1},  c = w_t / sum_{i<=t} w_i,  w_t = (t + 1)**r * (largest lr)**weight_lr_power.

    momentum:        0 to 1: where the gradient is asked. 0: at z, which is plain averaging; 1: at x
    weight_decay:    >= 0, taken at y
    warmup_steps:    a whole number; the direction grows linearly to its full size in that many steps, 0 for none
    r:               >= 0; above 0 later points weigh more
    weight_lr_power: >= 0; lr counts with its warm-up, so that the small first steps weigh little; 0: all alike

    It frees from a schedule, not from a rate: lr must be tuned, and the authors begin 10 to 50 times above SGD's usual
    one. A Trajectory holds x; its grad_norm is at y. Optax has no r, and the warm-up of its schedule_free_sgd starts at
    0, so that the first step does not move.

    Raises ValueError for a number out of its range.
    Source: Defazio et al. 2024, arXiv:2405.15682, as the package schedulefree computes it (SGDScheduleFree).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.5, optimizer=schedule_free_sgd(), steps=2)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.5, 0.375]
    """
    return schedule_free("schedule_free_sgd", plain(), momentum, weight_decay, warmup_steps, r, weight_lr_power)


def schedule_free_adamw(
    betas=(0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    warmup_steps: int = 0,
    r: float = 0.0,
    weight_lr_power: float = 2.0,
) -> Optimizer:
    """direction = g(y_t) / (sqrt(v_{t+1} / (1 - beta2**(t+1))) + eps) + weight_decay * y_t, z what is stepped.

    v_{t+1} = beta2 * v_t + (1 - beta2) * g(y_t)**2,  y_t = (1 - beta1) * z_t + beta1 * x_t, x the average of
    schedule_free_sgd.

    betas:           beta1 0 to below 1, where the gradient is asked, in place of a mean of gradients; beta2 likewise
    eps:             >= 0, outside the root
    weight_decay:    >= 0, taken at y
    warmup_steps:    a whole number; the direction grows linearly to its full size in that many steps, 0 for none
    r:               >= 0; above 0 later points weigh more
    weight_lr_power: >= 0; lr counts with its warm-up, so that the small first steps weigh little; 0: all alike

    It frees from a schedule, not from a rate: lr must be tuned, and the authors begin 1 to 10 times above AdamW's usual
    one. The paper multiplies lr, and with it the weight of the point, by sqrt(1 - beta2**(t+1)) and leaves v as it is;
    the authors' package, and we, correct v as Adam does. Optax has no r and starts its warm-up at 0; Keras lets all
    points weigh alike, as with weight_lr_power 0.

    Raises ValueError for a number out of its range.
    Source: Defazio et al. 2024, arXiv:2405.15682, as the package schedulefree computes it (AdamWScheduleFree).

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=0.5, optimizer=schedule_free_adamw(), steps=1)
    >>> run.params[:, 0].round(4).tolist()
    [1.0, 0.5]
    """
    beta1, beta2 = two_betas(betas, check=number)  # not functions of t: beta1 is a place, not a memory
    eps = at_least_0("eps", eps, "1e-8")
    base = root_mean_square(beta2, eps)
    return schedule_free("schedule_free_adamw", base, beta1, weight_decay, warmup_steps, r, weight_lr_power)


def schedule_free(name, base: Optimizer, momentum, weight_decay, warmup_steps, r, weight_lr_power) -> Optimizer:
    """`base` with its gradient asked at y and counted at x."""
    momentum = number("momentum", momentum, "give a number from 0 to 1, such as 0.9", lambda x: (x >= 0) & (x <= 1))
    weight_decay = at_least_0("weight_decay", weight_decay, "0.01")
    warmup_steps = whole("warmup_steps", warmup_steps, 0, "give a whole number of steps, 0 for no warm-up")
    r = at_least_0("r", r, "0.0")
    weight_lr_power = at_least_0("weight_lr_power", weight_lr_power, "2.0")

    def at(z, state):
        x = average(z, state)
        return x + (1 - momentum) * (z - x)

    def init(z):
        zero = np.zeros_like(z[..., :1])
        return z, np.ones_like(zero), zero, zero, *base.init(z)

    def direction(grad, z, state, t, lr):
        _, _, weights, top, *inner = state
        warm = min(1.0, (t + 1) / max(warmup_steps, 1))
        top = np.maximum(top, lr * warm)
        weight = np.power(t + 1.0, r) * top**weight_lr_power
        weights = weights + weight
        step, inner = base.direction(grad, z, tuple(inner), t, lr)
        step = with_decay(step, at(z, state), weight_decay)
        return warm * step, (average(z, state), ratio(weight, weights), weights, top, *inner)

    return Optimizer(name, init, direction, at, average)


def plain() -> Optimizer:
    """direction = g."""
    return Optimizer("plain", lambda params: (), lambda grad, params, state, t, lr: (grad, state))


def root_mean_square(beta2: float, eps: float) -> Optimizer:
    """direction = g / (sqrt(v / (1 - beta2**(t+1))) + eps), Adam without a mean of gradients."""

    def direction(grad, params, state, t, lr):
        v = beta2 * state[0] + (1 - beta2) * (grad * grad)
        return ratio(grad, np.sqrt(v / (1 - beta2 ** (t + 1))) + eps), (v,)

    return Optimizer("root_mean_square", lambda params: (np.zeros_like(params),), direction)
