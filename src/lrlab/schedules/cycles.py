"""Rates that go up and down: restarts, triangles, one cycle; and the momentum that goes against them."""

from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array, not_negative, number, positive
from lrlab.schedules.rate import (
    ANNEAL,
    LARGEST,
    Schedule,
    answers,
    base_rate,
    between,
    count,
    function,
    half_wave,
    one_of,
    schedule_of,
)

MOMENTUM = "give 0 or more, such as 0.9"
SCALES = {
    "triangular": lambda gamma, t, cycle: 1.0,
    "triangular2": lambda gamma, t, cycle: np.float_power(0.5, cycle),
    "exp_range": lambda gamma, t, cycle: np.float_power(gamma, t),
}


def share(x: Array) -> Array:
    """Where x is from 0 to 1."""
    return (x >= 0) & (x <= 1)


def cosine_restarts(lr, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> Schedule:
    """lr_t = eta_min + (lr - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2, T_cur steps into a cycle of T_i.

    lr:      >= 0, a number or an array of B rates
    T_0:     >= 1, steps of the first cycle
    T_mult:  >= 1, each cycle is so many times as long as the one before: T_i = T_0 * T_mult ** i
    eta_min: >= 0, the rate at the end of a cycle, where the next one begins

    t may be a fraction, as in PyTorch's step(epoch + i / batches): by_epoch(..., smooth=True) does that. PyTorch's
    step(epoch) finds the cycle with a logarithm whose rounding misses a few restarts (T_0 10, T_mult 3, epoch 1210).
    Keras's CosineDecayRestarts doubles its cycles (t_mul 2) unless told otherwise, and its m_mul can lower the peaks.

    Raises ValueError for a value out of range.
    Source: Loshchilov and Hutter 2016, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.

    >>> cosine_restarts(1.0, T_0=2, T_mult=2)(np.arange(8)).round(4).tolist()
    [1.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 1.0, 0.9619]
    """
    lr = base_rate(lr)
    T_0 = count("T_0", T_0, 1, "give a whole number of steps from 1 up, such as 100")
    T_mult = count("T_mult", T_mult, 1, "give a whole number from 1 up, such as 2")
    eta_min = number("eta_min", eta_min, "give a rate of 0 or more, such as 0", not_negative)
    starts, lengths = [0], [T_0]
    while T_mult > 1 and starts[-1] + lengths[-1] < 2**62:
        starts, lengths = [*starts, starts[-1] + lengths[-1]], [*lengths, lengths[-1] * T_mult]
    starts, lengths = np.array(starts), np.array(lengths, float)

    def rule(t):
        cycle = np.searchsorted(starts, t, side="right") - 1
        since = t % T_0 if T_mult == 1 else t - starts[cycle]
        return between(lr, eta_min, since / lengths[cycle], half_wave)

    return schedule_of(lr, rule)


def cyclic(
    base_lr,
    max_lr,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: Callable[[Array], Array] | None = None,
    scale_mode: str = "cycle",
) -> Schedule:
    """lr_t = base_lr + (max_lr - base_lr) * triangle(t) * scale(t), triangle 0 -> 1 -> 0 in each cycle.

    base_lr, max_lr: >= 0, numbers or arrays of B rates
    step_size_up:    >= 1, steps from base to peak
    step_size_down:  >= 1, steps from peak to base; as many as up if left out
    mode:            scale(t) is 1 for "triangular", halved each cycle for "triangular2", gamma ** t for "exp_range"
    gamma:           0 to 1, for "exp_range"
    scale_fn:        a scale of your own instead of mode's, an array -> an array of numbers from 0 to 1
    scale_mode:      what scale_fn is given: the "cycle", counted from 1, or "iterations", the step t

    The momentum that PyTorch cycles along is `cyclic_momentum`.

    Raises ValueError for a value out of range.
    Source: Smith 2015, arXiv:1506.01186; torch.optim.lr_scheduler.CyclicLR.

    >>> cyclic(0.0, 1.0, step_size_up=2, mode="triangular2")(np.arange(9)).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.25, 0.5, 0.25, 0.0]
    """
    base_lr, max_lr = base_rate(base_lr, "base_lr"), base_rate(max_lr, "max_lr")
    if base_lr.ndim and max_lr.ndim and base_lr.shape != max_lr.shape:
        raise ValueError(
            f"base_lr has shape {base_lr.shape} and max_lr {max_lr.shape}: give one rate, or as many of each"
        )
    height = heights(step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)
    return schedule_of(max(base_lr, max_lr, key=np.ndim), lambda t: between(base_lr, max_lr, height(t)))


def cyclic_momentum(
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: Callable[[Array], Array] | None = None,
    scale_mode: str = "cycle",
) -> Schedule:
    """momentum_t = max_momentum - (max_momentum - base_momentum) * triangle(t) * scale(t), low where the rate is high.

    base_momentum, max_momentum: >= 0, usually below 1; the other arguments are those of `cyclic`

    For an optimizer's momentum, or the first of its betas: sgd(momentum=cyclic_momentum()).

    Raises ValueError for a value out of range.
    Source: Smith 2018, arXiv:1803.09820; torch.optim.lr_scheduler.CyclicLR with cycle_momentum.

    >>> cyclic_momentum(step_size_up=2)(np.arange(5)).round(4).tolist()
    [0.9, 0.85, 0.8, 0.85, 0.9]
    """
    low = number("base_momentum", base_momentum, MOMENTUM, not_negative)
    high = number("max_momentum", max_momentum, MOMENTUM, not_negative)
    height = heights(step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)
    return schedule_of(np.array(high), lambda t: between(high, low, height(t)))


def heights(up, down, mode, gamma, scale_fn, scale_mode) -> Callable[[Array], Array]:
    """triangle(t) * scale(t) of `cyclic`."""
    up = count("step_size_up", up, 1, "give a whole number of steps from 1 up, such as 2000")
    down = up if down is None else count("step_size_down", down, 1, "give a whole number of steps from 1 up, or None")
    one_of("mode", mode, tuple(SCALES))
    one_of("scale_mode", scale_mode, ("cycle", "iterations"))
    gamma = number("gamma", gamma, "give 0 to 1, such as 0.999", share)
    if scale_fn is not None:
        function("scale_fn", scale_fn, "give a function, such as lambda cycle: 1 / cycle, or None")

    def height(t):
        cycle, since = np.divmod(t, up + down)
        rise = np.where(since <= up, since / up, (up + down - since) / down)
        if scale_fn is None:
            return rise * SCALES[mode](gamma, t, cycle)
        counted = cycle + 1 if scale_mode == "cycle" else t
        return rise * answers("scale_fn", scale_fn, counted, "give a function with answers from 0 to 1", share)

    return height


def one_cycle(
    max_lr,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    *,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """lr_t: max_lr / div_factor -> max_lr at t = pct_start * total_steps - 1 -> the end at t = total_steps - 1.

    max_lr:           >= 0, the peak, a number or an array of B rates
    total_steps:      >= 1; or leave it out and give epochs and steps_per_epoch, both >= 1
    pct_start:        0 to 1, the share of steps that go up (at most 1/2 with three phases)
    anneal_strategy:  "cos" (half waves) or "linear" between the corners
    div_factor:       > 0, peak over start
    final_div_factor: > 0, start over end: the end is max_lr / (div_factor * final_div_factor)
    three_phase:      fall back to the start as steeply as the rise, by 2 * pct_start * total_steps - 2, then to the end

    It ends low and stays there; PyTorch overshoots the end for one step and then raises an error. Optax's
    cosine_onecycle_schedule peaks one step later, at pct_start * total_steps; its linear one falls back to the start at
    0.85 of the way. The momentum that PyTorch cycles along is `one_cycle_momentum`.

    Raises ValueError for a value out of range.
    Source: Smith and Topin 2017, arXiv:1708.07120; torch.optim.lr_scheduler.OneCycleLR.

    >>> one_cycle(1.0, total_steps=9, pct_start=1 / 3, anneal_strategy="linear")(np.arange(10)).round(3).tolist()
    [0.04, 0.52, 1.0, 0.833, 0.667, 0.5, 0.333, 0.167, 0.0, 0.0]
    """
    peak = base_rate(max_lr, "max_lr")
    div_factor = number("div_factor", div_factor, "give a number above 0, such as 25", positive)
    final_div_factor = number("final_div_factor", final_div_factor, "give a number above 0, such as 10000", positive)
    with np.errstate(over="ignore"):
        start = np.minimum(peak / div_factor, LARGEST)
        end = np.minimum(start / final_div_factor, LARGEST)
    corners = corners_of(total_steps, epochs, steps_per_epoch, pct_start, three_phase)
    values = [start, peak, start, end] if three_phase else [start, peak, end]
    return schedule_of(peak, through(corners, np.array(values), anneal_strategy))


def one_cycle_momentum(
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    *,
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    three_phase: bool = False,
) -> Schedule:
    """momentum_t: max_momentum -> base_momentum where `one_cycle` peaks -> max_momentum.

    base_momentum, max_momentum: >= 0, usually below 1; the other arguments are those of `one_cycle`

    For an optimizer's momentum, or the first of its betas: sgd(momentum=one_cycle_momentum(100)).

    Raises ValueError for a value out of range.
    Source: Smith 2018, arXiv:1803.09820; torch.optim.lr_scheduler.OneCycleLR with cycle_momentum.

    >>> one_cycle_momentum(10)(np.array([0, 2, 9])).tolist()
    [0.95, 0.85, 0.95]
    """
    low = number("base_momentum", base_momentum, MOMENTUM, not_negative)
    high = number("max_momentum", max_momentum, MOMENTUM, not_negative)
    corners = corners_of(total_steps, epochs, steps_per_epoch, pct_start, three_phase)
    values = [high, low, high, high] if three_phase else [high, low, high]
    return schedule_of(np.array(high), through(corners, np.array(values), anneal_strategy))


def corners_of(total_steps, epochs, steps_per_epoch, pct_start, three_phase: bool) -> list[float]:
    """The steps, whole or not, between which `one_cycle` moves: PyTorch's."""
    if total_steps is None:
        if epochs is None or steps_per_epoch is None:
            raise ValueError("total_steps is None: give it, or both epochs and steps_per_epoch")
        epochs = count("epochs", epochs, 1, "give a whole number from 1 up, such as 10")
        total_steps = epochs * count("steps_per_epoch", steps_per_epoch, 1, "give a whole number from 1 up, such as 50")
    total_steps = count("total_steps", total_steps, 1, "give a whole number of steps from 1 up, such as 100")
    pct_start = number("pct_start", pct_start, "give 0 to 1, such as 0.3", share)
    if three_phase and pct_start > 0.5:
        raise ValueError(f"pct_start holds {pct_start:g}: give at most 0.5 with three phases, which go up and back")
    up = pct_start * total_steps - 1
    middle = [2 * pct_start * total_steps - 2] if three_phase else []
    return [0, up, *middle, total_steps - 1]


def through(corners: list[float], values: Array, anneal_strategy: str) -> Callable[[Array], Array]:
    """t -> from values[k] to values[k + 1] between corners k and k + 1; from the last corner on the last value."""
    shape = ANNEAL[one_of("anneal_strategy", anneal_strategy, tuple(ANNEAL))]
    starts, ends = np.array(corners[:-1], float), np.array(corners[1:], float)
    # a phase of no length is over as soon as it is asked about
    starts = np.where(starts == ends, ends - 1, starts)

    def value(t):
        phase = np.searchsorted(ends[:-1], t)  # a corner belongs to the phase that it ends
        x = np.clip((t - starts[phase]) / (ends - starts)[phase], 0, 1)
        batch = phase.reshape(phase.shape[: phase.ndim - values.ndim + 1])
        return between(values[batch], values[batch + 1], x, shape)

    return value
