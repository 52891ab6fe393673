"""Schedules made of schedules: warm-up, one after the other, one times the other, epochs for steps."""

from collections.abc import Sequence

import numpy as np

from lrlab.arguments import Array, not_negative, number, numbers
from lrlab.schedules.rate import (
    Schedule,
    base_rate,
    between,
    count,
    function,
    half_wave,
    milestone_steps,
    one_of,
    schedule_of,
    straight,
)

SCHEDULE = "give a schedule, such as constant(0.1)"
WHOLE = "give a whole number of steps, 0 or more"
DECAYS = {"linear": straight, "1-sqrt": lambda x: x / (1 + np.sqrt(1 - x)), "cosine": half_wave}


def warmup(schedule: Schedule, steps: int, start_factor: float | None = None, keep_clock: bool = False) -> Schedule:
    """lr_t = schedule(0) * (start_factor + (1 - start_factor) * t / steps) for t < steps, then schedule(t - steps).

    schedule:     any schedule: steps (T,) -> rates (T,) or (T, B)
    steps:        >= 0, how many steps stay below the full rate
    start_factor: >= 0, the factor at t = 0; left out it is 1 / (steps + 1), so that the factors are 1, 2, ... steps
                  parts of steps + 1. With 0, as in Transformers and Optax, the first step does not move.
    keep_clock:   the schedule does not wait: lr_t = schedule(t) * factor, so that no later rate changes, as with Goyal
                  et al. and in a ChainedScheduler. Otherwise it starts, at its own step 0, when the warm-up is over, as
                  in a SequentialLR, in Transformers, Optax and Keras.

    Raises ValueError for a value out of range, and, when asked, where the schedule cannot take an array.
    Source: Goyal et al. 2017, arXiv:1706.02677; torch.optim.lr_scheduler.LinearLR in a SequentialLR.

    >>> from lrlab.schedules import cosine
    >>> warmup(cosine(1.0, T_max=2), steps=3)(np.arange(6)).round(4).tolist()
    [0.25, 0.5, 0.75, 1.0, 0.5, 0.0]
    """
    function("schedule", schedule, SCHEDULE)
    steps = count("steps", steps, 0, WHOLE)
    start = ramp_start(start_factor, steps)

    def rate(t):
        rates = ask(schedule, t if keep_clock else np.maximum(t - steps, 0))
        return rates * behind(ramp(t, steps, start), rates)

    return schedule_of(np.array(1.0), rate)


def wsd(
    lr,
    warmup_steps: int,
    stable_steps: int,
    decay_steps: int,
    decay_type: str = "linear",
    end_factor: float = 0.0,
    start_factor: float | None = None,
) -> Schedule:
    """lr_t = lr * rise(t), then lr, then lr * (end_factor + (1 - end_factor) * fall(x)): warm-up, stable, decay.

    lr:           >= 0, the stable rate, a number or an array of B rates
    warmup_steps, stable_steps: >= 0
    decay_steps:  >= 1; x in fall is the share of them that is still to come
    decay_type:   fall(x) is x for "linear", 1 - sqrt(1 - x) for "1-sqrt", (1 - cos(pi * x)) / 2 for "cosine"
    end_factor:   >= 0, of the rate that is reached at the end of the decay and kept
    start_factor: as in `warmup`

    Transformers' get_wsd_schedule starts at 0 (start_factor 0) and falls by "cosine" unless told otherwise.

    Raises ValueError for a value out of range.
    Source: Hu et al. 2024, arXiv:2404.06395; for "1-sqrt" Hägele et al. 2024, arXiv:2405.18392.

    >>> wsd(1.0, warmup_steps=1, stable_steps=2, decay_steps=4)(np.arange(8)).tolist()
    [0.5, 1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]
    """
    lr = base_rate(lr)
    warmup_steps = count("warmup_steps", warmup_steps, 0, WHOLE)
    stable_steps = count("stable_steps", stable_steps, 0, WHOLE)
    decay_steps = count("decay_steps", decay_steps, 1, "give a whole number of steps from 1 up, such as 20")
    fall = DECAYS[one_of("decay_type", decay_type, tuple(DECAYS))]
    end_factor = number("end_factor", end_factor, "give 0 or more, such as 0.1", not_negative)
    start, end = ramp_start(start_factor, warmup_steps), warmup_steps + stable_steps + decay_steps

    def factor(t):
        still_to_come = np.clip((end - t) / decay_steps, 0, 1)
        return ramp(t, warmup_steps, start) * between(end_factor, 1.0, fall(still_to_come))

    return schedule_of(lr, lambda t: lr * factor(t))


def join(schedules: Sequence[Schedule], milestones: Sequence[int]) -> Schedule:
    """lr_t = schedules[i](t - milestones[i - 1]), i = number of milestones <= t: each schedule starts at 0 in its turn.

    schedules:  one or more; each is only asked about steps of its own turn, counted from its start
    milestones: rising steps from 0 up, one fewer than schedules

    Optax's join_schedules does the same.

    Raises ValueError for a value out of range, and, when asked, where a schedule cannot take an array.
    Source: torch.optim.lr_scheduler.SequentialLR.

    >>> from lrlab.schedules import constant, exponential
    >>> join([constant(0.1), exponential(1.0, gamma=0.5)], milestones=[2])(np.arange(5)).tolist()
    [0.1, 0.1, 1.0, 0.5, 0.25]
    """
    schedules = list_of(schedules)
    milestones = milestone_steps(milestones)
    if sorted(set(milestones)) != milestones or len(milestones) != len(schedules) - 1:
        raise ValueError(
            f"milestones holds {milestones}: give {len(schedules) - 1} rising steps, one between two schedules"
        )

    def rate(t):
        turn = np.searchsorted(milestones, t, side="right")
        own = [np.where(turn == i, t - start, 0) for i, start in enumerate([0, *milestones])]
        parts = level([ask(schedule, steps) for schedule, steps in zip(schedules, own, strict=True)], t)
        rates = parts[0]
        for i, part in enumerate(parts[1:], start=1):
            rates = np.where(behind(turn == i, part), part, rates)
        return rates

    return schedule_of(np.array(1.0), rate)


def product(schedules: Sequence[Schedule]) -> Schedule:
    """lr_t = schedules[0](t) * schedules[1](t) * ...

    schedules: one or more; let one of them hold the base rate and give the others a base rate of 1

    PyTorch's ChainedScheduler gives the same where each of its schedulers multiplies the rate: eta_min must be 0.

    Raises ValueError where schedules is empty, and, when asked, where one cannot take an array.
    Source: torch.optim.lr_scheduler.ChainedScheduler.

    >>> from lrlab.schedules import exponential, step
    >>> product([exponential(1.0, gamma=0.5), step(1.0, step_size=2)])(np.arange(4)).round(4).tolist()
    [1.0, 0.5, 0.025, 0.0125]
    """
    schedules = list_of(schedules)

    def rate(t):
        rates, *others = level([ask(schedule, t) for schedule in schedules], t)
        for other in others:
            rates = rates * other
        return rates

    return schedule_of(np.array(1.0), rate)


def by_epoch(schedule: Schedule, steps_per_epoch: int, smooth: bool = False) -> Schedule:
    """lr_t = schedule(floor(t / steps_per_epoch)).

    schedule:        a schedule that counts epochs, such as step(0.1, step_size=30)
    steps_per_epoch: >= 1, the batches in an epoch
    smooth:          schedule(t / steps_per_epoch): epochs in fractions, as in PyTorch's step(epoch + i / batches)

    descend asks its schedule once a step. A schedule with epochs in its arguments would run out steps_per_epoch times
    too early; in PyTorch the same slip is a scheduler.step() in the wrong loop.

    Raises ValueError for a value out of range, and, when asked, where the schedule cannot take an array.
    Source: definition.

    >>> from lrlab.schedules import step
    >>> by_epoch(step(1.0, step_size=1), steps_per_epoch=3)(np.arange(7)).round(4).tolist()
    [1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.01]
    """
    function("schedule", schedule, SCHEDULE)
    steps_per_epoch = count(
        "steps_per_epoch", steps_per_epoch, 1, "give a whole number of batches from 1 up, such as 50"
    )
    return schedule_of(np.array(1.0), lambda t: ask(schedule, t / steps_per_epoch if smooth else t // steps_per_epoch))


def ramp_start(start_factor: float | None, steps: int) -> float:
    """The factor of a warm-up's first step."""
    if start_factor is None:
        return 1 / (steps + 1)
    return number("start_factor", start_factor, "give 0 or more, or leave it out", not_negative)


def ramp(t: Array, steps: int, start: float) -> Array:
    """From start at t = 0 to 1 at t = steps, and 1 from there on."""
    return np.where(t < steps, between(start, 1.0, np.minimum(t, steps) / max(steps, 1)), 1.0)


def list_of(schedules) -> list[Schedule]:
    """One schedule or more."""
    if not isinstance(schedules, (list, tuple)) or not schedules:
        raise ValueError(f"schedules is {schedules!r}: give a list of one schedule or more, such as [constant(0.1)]")
    return [function("schedules", schedule, SCHEDULE) for schedule in schedules]


def ask(schedule: Schedule, t: Array) -> Array:
    """The rates of a schedule, one or B for each step."""
    remedy = "if it takes one step at a time: np.vectorize(it, otypes=[float])"
    try:
        rates = np.asarray(schedule(t), float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"a schedule failed on an array of steps; {remedy} ({error})") from error
    numbers("a schedule, when asked,", rates, "give one whose rates are 0 or more", not_negative)
    if rates.shape[: t.ndim] != t.shape:
        raise ValueError(f"a schedule gave shape {rates.shape} for steps of shape {t.shape}; {remedy}")
    return rates


def behind(factor: Array, rates: Array) -> Array:
    """factor (*T,) with room for the batch axes of rates (*T, *B)."""
    return factor.reshape(factor.shape + (1,) * (rates.ndim - factor.ndim))


def level(parts: list[Array], t: Array) -> list[Array]:
    """Rates of several schedules with as many batch axes each: (*T,) beside (*T, B) becomes (*T, 1)."""
    axes = max(part.ndim for part in parts)
    return [part.reshape(t.shape + (1,) * (axes - part.ndim) + part.shape[t.ndim :]) for part in parts]
