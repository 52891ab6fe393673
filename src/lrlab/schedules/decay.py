"""Rates that stay, or move one way: steps, powers, lines, a half wave, and any factor of the step."""

from collections.abc import Callable, Sequence

import numpy as np

from lrlab.arguments import Array, not_negative, number, positive
from lrlab.schedules.rate import (
    LARGEST,
    Schedule,
    answers,
    base_rate,
    between,
    count,
    function,
    half_wave,
    milestone_steps,
    power_of,
    schedule_of,
)

STEPS = "give a whole number of steps from 1 up, such as 100"
FACTORS = "give a function whose factors are 0 or more"
LAMBDA = "give a function from steps to factors, such as lambda t: 0.95**t"


def constant(lr, factor: float = 1.0, total_iters: int = 0) -> Schedule:
    """lr_t = lr * factor for t < total_iters, then lr.

    lr:          >= 0, a number or an array of B rates
    factor:      >= 0, on the first steps only
    total_iters: >= 0, how many first steps

    PyTorch's ConstantLR has factor 1/3 and total_iters 5 unless told otherwise; here a constant is constant.

    Raises ValueError for a negative number or one that is not finite.
    Source: torch.optim.lr_scheduler.ConstantLR.

    >>> constant(0.1)(np.arange(3)).tolist()
    [0.1, 0.1, 0.1]
    """
    lr = base_rate(lr)
    factor = number("factor", factor, "give 0 or more, such as 0.5", not_negative)
    total_iters = count("total_iters", total_iters, 0, "give a whole number of steps, 0 or more")
    return schedule_of(lr, lambda t: lr * np.where(t < total_iters, factor, 1.0))


def step(lr, step_size: int, gamma: float = 0.1) -> Schedule:
    """lr_t = lr * gamma ** floor(t / step_size).

    lr:        >= 0, a number or an array of B rates
    step_size: >= 1, how many steps each level lasts (steps, not epochs: `by_epoch` turns one into the other)
    gamma:     >= 0, the factor at each drop

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.StepLR.

    >>> step(1.0, step_size=2)(np.arange(5)).round(4).tolist()
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    lr = base_rate(lr)
    step_size = count("step_size", step_size, 1, "give a whole number of steps from 1 up, such as 30")
    gamma = number("gamma", gamma, "give 0 or more, such as 0.1", not_negative)
    return schedule_of(lr, lambda t: lr * power_of(gamma, t // step_size))


def multi_step(lr, milestones: Sequence[int], gamma: float = 0.1) -> Schedule:
    """lr_t = lr * gamma ** (number of milestones <= t).

    lr:         >= 0, a number or an array of B rates
    milestones: steps >= 0, in any order; one that is named twice counts twice
    gamma:      >= 0, the factor at each milestone

    The new rate holds from the milestone on, in Optax too; Keras's PiecewiseConstantDecay changes one step later.

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.MultiStepLR.

    >>> multi_step(1.0, milestones=[2, 3])(np.arange(5)).round(4).tolist()
    [1.0, 1.0, 0.1, 0.01, 0.01]
    """
    lr = base_rate(lr)
    steps = sorted(milestone_steps(milestones))
    gamma = number("gamma", gamma, "give 0 or more, such as 0.1", not_negative)
    return schedule_of(lr, lambda t: lr * power_of(gamma, np.searchsorted(steps, t, side="right")))


def exponential(lr, gamma: float) -> Schedule:
    """lr_t = lr * gamma ** t.

    lr:    >= 0, a number or an array of B rates
    gamma: >= 0, the factor of each step; above 1 the rate rises, up to the largest number there is

    Keras writes gamma as decay_rate ** (1 / decay_steps), Optax as decay_rate ** (1 / transition_steps).

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.ExponentialLR.

    >>> exponential(1.0, gamma=0.5)(np.arange(4)).tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    lr = base_rate(lr)
    gamma = number("gamma", gamma, "give 0 or more, such as 0.99", not_negative)
    return schedule_of(lr, lambda t: lr * power_of(gamma, t))


def polynomial(lr, total_iters: int = 5, power: float = 1.0) -> Schedule:
    """lr_t = lr * (1 - min(t, total_iters) / total_iters) ** power.

    lr:          >= 0, a number or an array of B rates
    total_iters: >= 1, the step at which 0 is reached
    power:       >= 0; 1 is a straight line

    Keras's PolynomialDecay ends at 1e-4, not at 0, unless told otherwise; Optax has no default.

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.PolynomialLR.

    >>> polynomial(1.0, total_iters=4, power=2)(np.arange(6)).tolist()
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """
    lr = base_rate(lr)
    total_iters = count("total_iters", total_iters, 1, STEPS)
    power = number("power", power, "give 0 or more, such as 1", not_negative)
    return schedule_of(
        lr, lambda t: lr * np.float_power((total_iters - np.minimum(t, total_iters)) / total_iters, power)
    )


def linear(lr, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5) -> Schedule:
    """lr_t = lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters).

    lr:           >= 0, a number or an array of B rates
    start_factor: >= 0, at t = 0
    end_factor:   >= 0, from t = total_iters on
    total_iters:  >= 1

    PyTorch asks for factors of at most 1 and a start above 0. Its LinearLR warms up unless told otherwise; for the
    usual decay to nothing write linear(lr, 1, 0, total_iters).

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.LinearLR.

    >>> linear(1.0, start_factor=0.5, total_iters=4)(np.arange(6)).tolist()
    [0.5, 0.625, 0.75, 0.875, 1.0, 1.0]
    """
    lr = base_rate(lr)
    start_factor = number("start_factor", start_factor, "give 0 or more, such as 0.1", not_negative)
    end_factor = number("end_factor", end_factor, "give 0 or more, such as 1", not_negative)
    total_iters = count("total_iters", total_iters, 1, STEPS)
    return schedule_of(lr, lambda t: lr * between(start_factor, end_factor, np.minimum(t, total_iters) / total_iters))


def inverse_time(lr, decay_steps: float = 1, decay_rate: float = 1.0, power: float = 1.0) -> Schedule:
    """lr_t = lr / (1 + decay_rate * t / decay_steps) ** power.

    lr:          >= 0, a number or an array of B rates
    decay_steps: > 0, in steps
    decay_rate:  >= 0
    power:       >= 0; Robbins and Monro ask for more than 1/2 and at most 1: a sum of rates without end, whose squares
                 have one

    Keras's InverseTimeDecay has power 1 and can go down in stairs.

    Raises ValueError for a value out of range.
    Source: Robbins and Monro 1951, doi:10.1214/aoms/1177729586; keras.optimizers.schedules.InverseTimeDecay.

    >>> inverse_time(1.0)(np.arange(4)).round(4).tolist()
    [1.0, 0.5, 0.3333, 0.25]
    """
    lr = base_rate(lr)
    decay_steps = number("decay_steps", decay_steps, "give a number of steps above 0, such as 100", positive)
    decay_rate = number("decay_rate", decay_rate, "give 0 or more, such as 1", not_negative)
    power = number("power", power, "give 0 or more, such as 1", not_negative)

    def factor(t):
        periods = np.minimum(t / decay_steps, LARGEST)  # finite, so that a decay_rate of 0 means none
        return np.float_power(1 + decay_rate * periods, -power)

    return schedule_of(lr, lambda t: lr * factor(t))


def inverse_sqrt(lr, timescale: float = 1) -> Schedule:
    """lr_t = lr * sqrt(timescale / (t + timescale)).

    lr:        >= 0, a number or an array of B rates
    timescale: > 0, in steps: half the rate is left after 3 * timescale

    With W steps of warm-up in front, warmup(inverse_sqrt(lr, W), W, start_factor=0) is Transformers'
    get_inverse_sqrt_schedule (timescale W is its default), and warmup(inverse_sqrt(lr, W), W - 1, start_factor=1 / W)
    is the rate of Vaswani et al., whose steps count from 1.

    Raises ValueError for a value out of range.
    Source: Vaswani et al. 2017, arXiv:1706.03762; Zhai et al. 2021, arXiv:2106.04560.

    >>> inverse_sqrt(1.0, timescale=5)(np.array([0, 15, 75])).tolist()
    [1.0, 0.5, 0.25]
    """
    lr = base_rate(lr)
    timescale = number("timescale", timescale, "give a number of steps above 0, such as 100", positive)
    return schedule_of(lr, lambda t: lr * np.sqrt(timescale / (t + timescale)))


def cosine(lr, T_max: int, eta_min: float = 0.0, rise_again: bool = False) -> Schedule:
    """lr_t = eta_min + (lr - eta_min) * (1 + cos(pi * min(t, T_max) / T_max)) / 2.

    lr:         >= 0, a number or an array of B rates
    T_max:      >= 1, the step at which eta_min is reached: T_max steps, counted from 0, stop just before it
    eta_min:    >= 0, a rate (in Keras and Optax alpha, a fraction of lr)
    rise_again: after T_max climb back to lr, and so on: what PyTorch does; Keras, Optax and we stay at eta_min

    PyTorch computes each rate from the one before: of T_max 100,000 its last one is off by 7e-8 of itself.

    Raises ValueError for a value out of range.
    Source: Loshchilov and Hutter 2016, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingLR.

    >>> cosine(1.0, T_max=4)(np.arange(6)).round(4).tolist()
    [1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]
    >>> cosine(1.0, T_max=4, rise_again=True)(np.arange(6)).round(4).tolist()
    [1.0, 0.8536, 0.5, 0.1464, 0.0, 0.1464]
    """
    lr = base_rate(lr)
    T_max = count("T_max", T_max, 1, STEPS)
    eta_min = number("eta_min", eta_min, "give a rate of 0 or more, such as 0", not_negative)

    def rule(t):
        away = np.abs((t + T_max) % (2 * T_max) - T_max) if rise_again else np.minimum(t, T_max)
        return between(lr, eta_min, away / T_max, half_wave)

    return schedule_of(lr, rule)


def scaled(lr, lr_lambda: Callable[[Array], Array]) -> Schedule:
    """lr_t = lr * lr_lambda(t).

    lr:        >= 0, a number or an array of B rates
    lr_lambda: an array of steps -> factors of 0 or more

    Raises ValueError for a negative rate, and, when asked, for a factor that is negative or not finite.
    Source: torch.optim.lr_scheduler.LambdaLR.

    >>> scaled(0.5, lambda t: 1 / (1 + t))(np.arange(4)).round(4).tolist()
    [0.5, 0.25, 0.1667, 0.125]
    """
    lr, lr_lambda = base_rate(lr), function("lr_lambda", lr_lambda, LAMBDA)
    return schedule_of(lr, lambda t: lr * answers("lr_lambda", lr_lambda, t, FACTORS))


def multiplicative(lr, lr_lambda: Callable[[Array], Array]) -> Schedule:
    """lr_t = lr * lr_lambda(1) * lr_lambda(2) * ... * lr_lambda(t).

    lr:        >= 0, a number or an array of B rates
    lr_lambda: an array of steps -> factors of 0 or more, of each step to the one before; step 0 has none

    The only schedule whose cost grows with t: time and memory go like the largest step that is asked.

    Raises ValueError for a negative rate, and, when asked, for a factor that is negative or not finite.
    Source: torch.optim.lr_scheduler.MultiplicativeLR.

    >>> multiplicative(1.0, lambda t: t / (t + 1))(np.arange(4)).round(4).tolist()
    [1.0, 0.5, 0.3333, 0.25]
    """
    lr, lr_lambda = base_rate(lr), function("lr_lambda", lr_lambda, LAMBDA)

    def rule(t):
        t = t.astype(int)
        steps = np.arange(1, max(2, t.max(initial=0) + 1))  # never an empty question: np.vectorize could not answer it
        factors = answers("lr_lambda", lr_lambda, steps, FACTORS)
        so_far = np.minimum(np.cumprod(np.append(1.0, factors)), LARGEST)
        return lr * so_far[t]

    return schedule_of(lr, rule)
