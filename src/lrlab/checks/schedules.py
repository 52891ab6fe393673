"""Chapter 2, schedules: shapes of the rate, the bugs that keep it from falling, the floor, and one of your own."""

import functools
import math
import operator
from collections.abc import Callable

import numpy as np

from lrlab import schedules
from lrlab.checks.judging import (
    FunctionTask,
    Hint,
    Mistake,
    ResultTask,
    ValueTask,
    form,
    letter,
    numbers,
    numbers_for,
    one_number,
    words_for,
)

# ------------------------------------------------------------------------------------------------- 1: two schedules


def step_decay(t, lr, step_size, gamma):
    return schedules.step(lr, step_size, gamma)(t)


def dropped(drops: Callable) -> Callable:
    """step_decay() with another count of the drops."""
    return lambda t, lr, step_size, gamma: lr * gamma ** drops(t, step_size)


def dropped_in_loop(t, lr, step_size, gamma):
    while t >= step_size:
        t, lr = t - step_size, lr * gamma
    return lr


def dropped_in_range(t, lr, step_size, gamma):
    for _ in range(t // step_size):
        lr = lr * gamma
    return lr


def dropped_for_one_step(first: int) -> Callable:
    """step_decay() whose drops last for one step each, from step `first` on."""
    return lambda t, lr, step_size, gamma: np.where((t >= first) & (t % step_size == 0), lr * gamma, lr)


ONLY_FOR_ARRAYS = "that works for an array of steps, but not for one t: a number cannot be looped over or written into."

STEP_DECAY = FunctionTask(
    right=step_decay,
    parts={
        "numbers": (
            *((0, 0.8, 10, 0.5), (9, 0.8, 10, 0.5), (10, 0.8, 10, 0.5), (25, 0.8, 10, 0.5)),
            *((3, 1.0, 1, 0.9), (47, 0.2, 20, 0.1)),
        ),
        "arrays": ((np.arange(12), 1.0, 5, 0.5), (np.array([0, 29, 30, 59, 60]), 0.1, 30, 0.1)),
    },
    verified={
        "numbers": "the rate keeps its level for step_size steps, then drops by the factor gamma, again and again.",
        "arrays": "one call gives the rates of many steps.",
    },
    mistakes=(
        Mistake(
            "your rate falls at each step: between two drops it must stay level. How many drops are whole?",
            (dropped(lambda t, size: t / size), dropped(lambda t, size: t)),
        ),
        Mistake(
            "that works for one t, but not for an array of them: int, math.floor, range, if and while take one number.",
            (
                dropped(lambda t, size: int(t / size)),
                dropped(lambda t, size: int(t // size)),
                dropped(lambda t, size: math.floor(t / size)),
                dropped_in_loop,
                dropped_in_range,
            ),
        ),
        Mistake(
            ONLY_FOR_ARRAYS,
            (
                lambda t, lr, step_size, gamma: [lr * gamma ** (step // step_size) for step in t],
                dropped(lambda t, size: (t // size).astype(int)),
            ),
        ),
        Mistake(
            "your rate has dropped at t = 0 already: step 0 has lr itself.",
            (dropped(lambda t, size: t // size + 1),),
        ),
        Mistake(
            "your drop lasts for one step only: the steps up to the next one keep what the last one left.",
            (dropped_for_one_step(0), dropped_for_one_step(1)),
        ),
        Mistake(
            "your first drop comes one step early: step step_size - 1 still has the old rate.",
            (dropped(lambda t, size: (t + 1) // size),),
        ),
        Mistake(
            "your drop comes one step late: step step_size itself has the new rate already.",
            (
                dropped(lambda t, size: np.maximum(t - 1, 0) // size),
                dropped(lambda t, size: (t - 1) // size),
                dropped(lambda t, size: t // (size + 1)),
            ),
        ),
        Mistake(
            "you round to the nearest whole number, or up: a drop counts when its step has come, not before.",
            (
                dropped(lambda t, size: round(t / size)),
                dropped(lambda t, size: np.round(t / size)),
                dropped(lambda t, size: np.ceil(t / size)),
            ),
        ),
        Mistake(
            "look at your brackets: Python works out powers and products first, and // after them or along with them.",
            (
                lambda t, lr, step_size, gamma: lr * gamma**t // step_size,
                lambda t, lr, step_size, gamma: lr * gamma * t // step_size,
            ),
        ),
        Mistake(
            "lr is missing in what you give: the first rate is lr, whatever that is.",
            (lambda t, lr, step_size, gamma: gamma ** (t // step_size),),
        ),
        Mistake(
            "% gives the steps since the last drop: the number of drops so far is asked for.",
            (dropped(lambda t, size: t % size),),
        ),
        Mistake(
            "your rate drops only once: each step_size steps it drops again, from where it is then.",
            (
                lambda t, lr, step_size, gamma: np.where(t >= step_size, lr * gamma, lr),
                lambda t, lr, step_size, gamma: lr * gamma,
            ),
        ),
        Mistake(
            "you multiply by the number of drops: each drop multiplies by gamma once more. Which operation is that?",
            (
                lambda t, lr, step_size, gamma: lr * gamma * (t // step_size),
                lambda t, lr, step_size, gamma: lr - lr * gamma * (t // step_size),
            ),
        ),
        Mistake(
            "gamma is what a drop leaves of the rate, not what it takes away, and not what you divide by.",
            (
                lambda t, lr, step_size, gamma: lr * (1 - gamma) ** (t // step_size),
                lambda t, lr, step_size, gamma: lr / gamma ** (t // step_size),
                lambda t, lr, step_size, gamma: lr - gamma * (t // step_size),
            ),
        ),
        Mistake(
            "lr and gamma have changed places: the rate begins at lr, and the power belongs to the factor.",
            (
                lambda t, lr, step_size, gamma: gamma * lr ** (t // step_size),
                lambda t, lr, step_size, gamma: (lr * gamma) ** (t // step_size),
            ),
        ),
    ),
    hints=(
        "write down by hand how many drops have come by step 0, 9, 10, 19, 20, if step_size is 10.",
        "the number of drops is t / step_size without its fraction: Python's // gives that, for an array too.",
        "after n drops the rate is lr * gamma ** n.",
    ),
)


def cosine_decay(t, lr, T_max):
    return schedules.cosine(lr, T_max)(t)


def waves(shape: Callable) -> tuple[Callable, ...]:
    """lr times a shape of the way t / T_max, going on after T_max, and standing still there."""
    return (
        lambda t, lr, T_max: lr * shape(t / T_max),
        lambda t, lr, T_max: lr * shape(np.minimum(t, T_max) / T_max),
    )


def half_wave(x):
    return (1 + np.cos(np.pi * x)) / 2


def short_by(steps: int) -> tuple[Callable, ...]:
    """Waves that reach 0 so many steps too early."""
    return (
        *(lambda t, lr, T_max, wave=wave: wave(t, lr, T_max - steps) for wave in waves(half_wave)),
        lambda t, lr, T_max: lr * half_wave(np.minimum(t, T_max) / (T_max - steps)),
    )


def written_in(t, lr, T_max):
    rates = lr * half_wave(t / T_max)
    rates[t > T_max] = 0
    return rates


COSINE_DECAY = FunctionTask(
    right=cosine_decay,
    parts={
        "within": ((0, 0.5, 100), (25, 0.5, 100), (50, 0.5, 100), (100, 0.5, 100), (np.arange(9), 2.0, 8)),
        "after": ((90, 0.5, 100), (125, 0.5, 100), (260, 0.5, 100), (np.array([0, 5, 10, 12, 20]), 0.3, 10)),
    },
    verified={
        "within": "your rate leaves lr slowly, is half of it at half the way, and reaches 0 gently.",
        "after": "what comes after T_max stays at 0.",
    },
    mistakes=(
        Mistake(
            "your rate goes below 0: a cosine falls from 1 to -1. Lift it, then bring it back to the height lr.",
            (*waves(lambda x: np.cos(np.pi * x)), *waves(lambda x: np.cos(np.pi * x) / 2)),
        ),
        Mistake(
            "you cut off or fold up what lies below 0: lift the whole wave instead, then bring it to the height lr.",
            (*waves(lambda x: np.maximum(np.cos(np.pi * x), 0)), *waves(lambda x: np.abs(np.cos(np.pi * x)))),
        ),
        Mistake(
            "lr must be the height of your wave: multiply by it, once.",
            (
                lambda t, lr, T_max: half_wave(t / T_max),
                lambda t, lr, T_max: half_wave(np.minimum(t, T_max) / T_max),
                lambda t, lr, T_max: lr + half_wave(t / T_max),
                lambda t, lr, T_max: lr**2 * half_wave(np.minimum(t, T_max) / T_max),
            ),
        ),
        Mistake(
            "that is a quarter of a wave: it ends at its steepest. Half a wave, which ends level, is asked for.",
            waves(lambda x: np.cos(np.pi * x / 2)),
        ),
        Mistake(
            "your wave is back at the top at T_max: how much of a full wave leads from the top to the bottom?",
            waves(lambda x: half_wave(2 * x)),
        ),
        Mistake(
            "your wave has hardly begun at T_max: its angle must go from 0 to pi on the way.",
            waves(lambda x: (1 + np.cos(x)) / 2),
        ),
        Mistake(
            "np.cos takes radians, not degrees: half a turn is pi, not 180.",
            waves(lambda x: (1 + np.cos(180 * x)) / 2),
        ),
        Mistake(
            "your rate begins at twice lr: 1 + cos goes from 2 to 0.",
            waves(lambda x: 1 + np.cos(np.pi * x)),
        ),
        Mistake(
            "look at your brackets: the sum of 1 and the cosine is to be halved, not the cosine alone.",
            waves(lambda x: 1 + np.cos(np.pi * x) / 2),
        ),
        Mistake(
            "look at the brackets of np.cos: the whole angle, pi times the share of the way, belongs between them.",
            (
                *waves(lambda x: (1 + np.cos(np.pi) * x) / 2),
                lambda t, lr, T_max: lr * (1 + np.cos(np.pi * t) / T_max) / 2,
                lambda t, lr, T_max: lr * half_wave(t),
            ),
        ),
        Mistake(
            "np.maximum takes the larger of the two, so your clock never runs: which one stops it at T_max?",
            (lambda t, lr, T_max: lr * half_wave(np.maximum(t, T_max) / T_max),),
        ),
        Mistake(
            "look at your brackets: lr must multiply all of the sum, the cosine as well as the 1.",
            (
                lambda t, lr, T_max: lr + np.cos(np.pi * t / T_max) / 2,
                lambda t, lr, T_max: lr / 2 + np.cos(np.pi * t / T_max) / 2,
                lambda t, lr, T_max: lr + np.cos(np.pi * np.minimum(t, T_max) / T_max) / 2,
                lambda t, lr, T_max: lr / 2 + np.cos(np.pi * np.minimum(t, T_max) / T_max) / 2,
            ),
        ),
        Mistake(
            "your rate rises: look at the sign of the cosine, which begins at 1, and whether a sine is asked for.",
            (
                *waves(lambda x: (1 - np.cos(np.pi * x)) / 2),
                *waves(lambda x: (1 + np.sin(np.pi * x)) / 2),
                *waves(lambda x: np.sin(np.pi * x)),
            ),
        ),
        Mistake(
            "your wave is one step too short or too long: it reaches 0 right at t = T_max.",
            (
                *short_by(1),
                *short_by(-1),
                lambda t, lr, T_max: lr * half_wave(np.minimum(t, T_max - 1) / T_max),
            ),
        ),
        Mistake(
            "your wave is one step ahead: at t = 0 no part of its way is done yet.",
            (
                lambda t, lr, T_max: lr * half_wave((t + 1) / T_max),
                lambda t, lr, T_max: lr * half_wave(np.minimum(t + 1, T_max) / T_max),
            ),
        ),
        Mistake(
            "your rate falls in a straight line: it must bend like half a wave.",
            waves(lambda x: 1 - x),
        ),
        Mistake(
            "that works for one t, but not for an array of them: math.cos, min, max and if take one number only.",
            (
                lambda t, lr, T_max: lr * (1 + math.cos(math.pi * t / T_max)) / 2,
                lambda t, lr, T_max: lr * (1 + math.cos(math.pi * min(t, T_max) / T_max)) / 2,
                lambda t, lr, T_max: lr * half_wave(min(t, T_max) / T_max),
                lambda t, lr, T_max: 0.0 if t > T_max else lr * half_wave(t / T_max),
            ),
        ),
        Mistake(
            ONLY_FOR_ARRAYS,
            (written_in, lambda t, lr, T_max: [lr * half_wave(min(step, T_max) / T_max) for step in t]),
        ),
        Mistake(
            "your wave begins anew at T_max: % takes the clock back to 0, and there it should stand still.",
            (lambda t, lr, T_max: lr * half_wave(t % T_max / T_max),),
        ),
        Mistake(
            "after T_max your rate climbs again, as PyTorch's does: here it must stay at 0 from there on.",
            (lambda t, lr, T_max: lr * half_wave(t / T_max),),
        ),
        Mistake(
            "after T_max your rate jumps back up: only t may stand still there, the formula stays.",
            (lambda t, lr, T_max: lr * np.where(np.asarray(t) > T_max, 1.0, half_wave(t / T_max)),),
        ),
    ),
    hints=(
        "the way that is done is t / T_max, from 0 to 1. Where must the angle of the cosine begin and end?",
        "(1 + np.cos(angle)) / 2 goes from 1 to 0 while the angle goes from 0 to np.pi.",
        "that times lr, with angle = np.pi * t / T_max. Take np.minimum(t, T_max) for t, and the end is done as well.",
    ),
)

# -------------------------------------------------------------------------------------------- 2: warm-up, then cosine

WARM = {0: 0.2, 2: 0.6, 3: 0.8, 7: 0.4}  # peak 0.8, warmup 3, total 11


def near(value: float, wanted: float) -> bool:
    return abs(value - wanted) < 0.006  # what is rounded to two decimals is near


PREDICTIONS_WARMUP = ValueTask(
    read=numbers_for(*WARM),
    right=lambda rates: all(near(rates[t], WARM[t]) for t in WARM),
    verified="four equal stairs up to 0.8, the first of them above 0, and half of the peak at half of the wave.",
    mistakes=(
        Mistake(
            "one of your rates is above the peak: rates are asked for, not shares of the peak or per cent.",
            (lambda rates: max(rates.values()) > 0.81,),
        ),
        Mistake(
            "at a rate of 0 the first step would not move: it has the first of the equal stairs already.",
            (lambda rates: near(rates[0], 0),),
        ),
        Mistake(
            "three stairs would have the peak at step 2, but step 3 has it first. How many stairs are there?",
            (lambda rates: near(rates[2], 0.8) or near(rates[0], 0.8 / 3),),
        ),
        Mistake(
            "step 0 does not have the peak yet: three steps of warm-up come first.",
            (lambda rates: rates[0] > 0.5,),
        ),
        Mistake(
            "step 3 comes right after the warm-up: the wave begins there, at its top.",
            (lambda rates: not near(rates[3], 0.8),),
        ),
        Mistake(
            "for step 7, count the wave's way from its own beginning, which is step 3, not from step 0.",
            (lambda rates: near(rates[7], 0.8 * half_wave(7 / 11)) or near(rates[7], 0.8 * half_wave(7 / 8)),),
        ),
        Mistake(
            "for step 7: the wave leads from step 3 to step 11. How much of that way is done, and what is left there?",
            (lambda rates: not near(rates[7], 0.4),),
        ),
    ),
    hints=(
        "draw it: rates of steps 0, 1, 2 and 3 are four points on a line, and step -1 would have 0.",
        "so a stair is a quarter of 0.8. The wave begins at step 3, and step 7 is 4 steps on, of 8.",
        "stairs: 0.2, 0.4, 0.6, 0.8. At half of its way half a wave has half its height.",
    ),
    otherwise="not all four are right yet: the stairs are equally high.",
)


def warm_cosine(t, peak, warmup, total):
    return schedules.warmup(schedules.cosine(peak, total - warmup), warmup)(t)


def stairs(t, warmup):
    return (t + 1) / (warmup + 1)


def shifted_wave(t, warmup, total):
    return half_wave((t - warmup) / (total - warmup))


def warmed(ramp: Callable = stairs, wave: Callable = shifted_wave) -> Callable:
    """warm_cosine() with another way up or down, as shares of the peak."""
    return lambda t, peak, warmup, total: peak * (ramp(t, warmup) if t < warmup else wave(t, warmup, total))


def bracketed(ramp: Callable) -> Callable:
    """warm_cosine() with another way up."""
    return lambda t, peak, warmup, total: ramp(t, peak, warmup) if t < warmup else warm_cosine(t, peak, warmup, total)


WARM_COSINE = FunctionTask(
    right=warm_cosine,
    parts={
        "ramp": (
            (0, 0.8, 3, 11),
            (2, 0.8, 3, 11),
            (0, 0.1, 99, 199),
            (49, 0.1, 99, 199),
            (98, 0.1, 99, 199),
            (0, 2, 1, 3),
        ),
        "wave": (
            *((3, 0.8, 3, 11), (7, 0.8, 3, 11), (10, 0.8, 3, 11)),
            *((99, 0.1, 99, 199), (170, 0.1, 99, 199), (5, 1.0, 0, 10)),
        ),
    },
    verified={
        "ramp": "equal stairs from the first step on, and none of them as high as the peak yet.",
        "wave": "the wave begins at the peak, without a jump, and the last step still moves.",
    },
    mistakes=(
        Mistake(
            "your first rate is 0, and so the first step is wasted: let the stairs begin above 0.",
            (warmed(lambda t, warmup: t / warmup), warmed(lambda t, warmup: t / (warmup + 1))),
        ),
        Mistake(
            "your warm-up reaches the peak one step early, and has it twice: one stair more is needed.",
            (warmed(lambda t, warmup: (t + 1) / warmup),),
        ),
        Mistake(
            "the peak is missing in your warm-up: it rises to 1, whatever the peak is.",
            (
                lambda t, peak, warmup, total: (
                    stairs(t, warmup) if t < warmup else peak * shifted_wave(t, warmup, total)
                ),
            ),
        ),
        Mistake(
            "your warm-up never rises: each of its steps has a larger rate than the one before.",
            (
                warmed(lambda t, warmup: 1 / (warmup + 1)),
                warmed(lambda t, warmup: 1 - stairs(t, warmup)),
                warmed(lambda t, warmup: (warmup - t) / (warmup + 1)),
            ),
        ),
        Mistake(
            "your wave does not begin at the peak: it has a clock of its own, which begins when the warm-up is over.",
            (
                warmed(wave=lambda t, warmup, total: half_wave(t / total)),
                warmed(wave=lambda t, warmup, total: half_wave(t / (total - warmup))),
                warmed(wave=lambda t, warmup, total: half_wave(min(1, t / (total - warmup)))),
            ),
        ),
        Mistake(
            "your wave runs while the stairs do: it must begin when the warm-up is over, at its own step 0.",
            (
                lambda t, peak, warmup, total: peak * min(1, stairs(t, warmup)) * half_wave(t / total),
                lambda t, peak, warmup, total: peak * min(stairs(t, warmup), half_wave(t / total)),
            ),
        ),
        Mistake(
            "your stairs are not equally high: each step of the warm-up adds as much as the one before.",
            (
                warmed(lambda t, warmup: 1 - half_wave(stairs(t, warmup))),
                warmed(lambda t, warmup: stairs(t, warmup) ** 2),
            ),
        ),
        Mistake(
            "your stairs are too low: the steps of the warm-up, not those of the whole run, lead up to the peak.",
            tuple(
                lambda t, peak, warmup, total, more=more: (
                    peak * (t + 1) / (total + more) if t < warmup else warm_cosine(t, peak, warmup, total)
                )
                for more in (0, 1)
            ),
        ),
        Mistake(
            "// cuts the fraction off, and here you need it: below the peak a stair is less than one whole.",
            (warmed(lambda t, warmup: (t + 1) // (warmup + 1)),),
        ),
        Mistake(
            "step warmup - 1 is the last of the warm-up, and you have it in the wave already.",
            (
                lambda t, peak, warmup, total: (
                    peak * (stairs(t, warmup) if t < warmup - 1 else shifted_wave(t, warmup, total))
                ),
            ),
        ),
        Mistake(
            "your rate stays at the peak: after the warm-up the wave must begin to fall.",
            (warmed(wave=lambda t, warmup, total: 1.0),),
        ),
        Mistake(
            "your wave is too long: it has only the steps that the warm-up leaves of total.",
            (warmed(wave=lambda t, warmup, total: half_wave((t - warmup) / total)),),
        ),
        Mistake(
            "your last step, t = total - 1, has a rate of 0 and is wasted: 0 belongs one step later.",
            (warmed(wave=lambda t, warmup, total: half_wave((t - warmup) / (total - warmup - 1))),),
        ),
        Mistake(
            "there is no warm-up in what you give: for t < warmup the rate must rise.",
            (
                lambda t, peak, warmup, total: peak * half_wave(t / total),
                warmed(lambda t, warmup: 1.0),
                lambda t, peak, warmup, total: peak * shifted_wave(t, warmup, total),
            ),
        ),
        Mistake(
            "your wave is one step off: at t = warmup no part of its way is done yet.",
            (
                warmed(wave=lambda t, warmup, total: half_wave((t - warmup + 1) / (total - warmup))),
                warmed(wave=lambda t, warmup, total: half_wave((t - warmup - 1) / (total - warmup))),
            ),
        ),
        Mistake(
            "look at the brackets of your warm-up: it is as high as the peak, or higher, before its end.",
            (
                bracketed(lambda t, peak, warmup: peak * (t + 1) / warmup + 1),
                bracketed(lambda t, peak, warmup: peak * t + 1 / (warmup + 1)),
                bracketed(lambda t, peak, warmup: peak * t / (warmup + 1) + 1),
            ),
        ),
        Mistake(
            "your wave is not half a wave from the peak down to 0: compare its formula with your cosine_decay.",
            (
                warmed(wave=lambda t, warmup, total: np.cos(np.pi * (t - warmup) / (total - warmup))),
                warmed(wave=lambda t, warmup, total: 1 - (t - warmup) / (total - warmup)),
                warmed(wave=lambda t, warmup, total: 1 - shifted_wave(t, warmup, total)),
                warmed(wave=lambda t, warmup, total: 2 * shifted_wave(t, warmup, total)),
                warmed(wave=lambda t, warmup, total: (1 + np.cos(np.pi * (t - warmup) / total - warmup)) / 2),
                warmed(wave=lambda t, warmup, total: (1 + np.cos(np.pi * t - warmup / (total - warmup))) / 2),
            ),
        ),
    ),
    hints=(
        "two cases: `if t < warmup` the stairs, else the wave. Put in t = warmup: both should give the peak.",
        "the stairs are peak * (t + 1) / (warmup + 1). The wave is a cosine that begins at its own step 0.",
        "for the wave, t - warmup steps are done, of total - warmup: cosine_decay(t - warmup, peak, total - warmup).",
    ),
)

# ------------------------------------------------------------------------------------------------- 3: step or epoch

EPOCHS, BATCHES, IMAGES = 30, 38, 1197  # of the notebook's run, in minibatches of 32

WHY_IT_STALLS = letter(
    right="B",
    verified="ten epochs were meant, ten steps were given: the rate is spent within the first epoch.",
    wrong={
        "A": "not A: a tenth, twice in 30 epochs, would be mild. Look at how many drops there are, and when.",
        "C": "not C: the rates of the last 29 epochs are next to nothing. More of them would not move the run.",
        "D": "not D: as long as the rate is 0.5, the loss falls quickly. It stops because that is over soon.",
    },
    hints=(
        "read the printed rates: by which factor has the rate fallen when the first epoch ends?",
        "the plan says every 10 epochs. After how many steps does the first drop come?",
        "look at what stands between the brackets of schedule(...), and at what t counts.",
    ),
)


def rates_by_epoch(schedule, epochs, batches):
    return schedules.by_epoch(schedule, batches)(np.arange(epochs * batches))


def asked_at(argument: Callable) -> Callable:
    """A schedule that is asked, at each batch of each epoch, about argument(epoch, batch, batches, epochs)."""
    return lambda schedule, epochs, batches: [
        float(schedule(argument(e, b, batches, epochs))) for e in range(epochs) for b in range(batches)
    ]


RATES_BY_EPOCH = FunctionTask(
    right=rates_by_epoch,
    parts={
        "all": (
            (schedules.step(0.5, 2, 0.1), 3, 2),
            (schedules.step(0.5, 2, 0.1), 5, 3),
            (schedules.cosine(1.0, 4), 4, 5),
            (schedules.exponential(0.2, 0.5), 3, 4),
            (schedules.linear(0.8, 1, 0, 6), 6, 1),
            (schedules.step(0.3, 1, 0.5), 3, 40),
        )
    },
    verified={"all": "each epoch has one rate, and all of its batches get it."},
    mistakes=(
        Mistake(
            "you still ask the schedule about the step: it drops `batches` times too early.",
            (
                asked_at(lambda e, b, batches, epochs: e * batches + b),
                asked_at(lambda e, b, batches, epochs: e * batches),
            ),
        ),
        Mistake(
            "you ask the schedule about the batch: it begins anew in each epoch.",
            (asked_at(lambda e, b, batches, epochs: b),),
        ),
        Mistake(
            "your epochs are counted from 1: the first one is epoch 0, with the first rate.",
            (
                asked_at(lambda e, b, batches, epochs: e + 1),
                lambda schedule, epochs, batches: [
                    float(schedule(e)) for e in range(1, epochs) for _ in range(batches)
                ],
            ),
        ),
        Mistake(
            "your rate changes within an epoch: ask the schedule about whole epochs only.",
            (
                asked_at(lambda e, b, batches, epochs: e + b / batches),
                asked_at(lambda e, b, batches, epochs: e + (b + 1) / batches),
                asked_at(lambda e, b, batches, epochs: round(e + b / batches)),
            ),
        ),
        Mistake(
            "you give one rate for each epoch: every batch makes a step, so every batch needs its rate in the list.",
            (lambda schedule, epochs, batches: [float(schedule(e)) for e in range(epochs)],),
        ),
        Mistake(
            "your list goes through all epochs again and again: the batches of one epoch belong next to each other.",
            (lambda schedule, epochs, batches: [float(schedule(e)) for e in range(epochs)] * batches,),
        ),
        Mistake(
            "you divide by the number of epochs: how many steps make one epoch?",
            (asked_at(lambda e, b, batches, epochs: (e * batches + b) // epochs),),
        ),
        Mistake(
            "your list holds a list for each epoch: one flat list is asked for, with one number for each step.",
            (lambda schedule, epochs, batches: [[float(schedule(e))] * batches for e in range(epochs)],),
        ),
        Mistake(
            "your list ends too soon: is your `return` inside a loop?",
            (
                lambda schedule, epochs, batches: [float(schedule(0))],
                lambda schedule, epochs, batches: [float(schedule(0))] * batches,
            ),
        ),
        Mistake(
            "the rate of the plan holds for every step as it is: it is not shared out among the batches.",
            (lambda schedule, epochs, batches: np.repeat(schedule(np.arange(epochs)), batches) / batches,),
        ),
        Mistake(
            "38 is the number of batches of one run: here it is `batches`, whatever that is.",
            (asked_at(lambda e, b, batches, epochs: (e * batches + b) // BATCHES),),
        ),
        Mistake(
            "you ask `plan`, which is one schedule of many: ask `schedule`, the one that your function is given.",
            (lambda schedule, epochs, batches: np.repeat(schedules.step(0.5, 10, 0.1)(np.arange(epochs)), batches),),
        ),
        Mistake(
            "your rate never changes: the schedule is asked about the same epoch all the time.",
            (asked_at(lambda e, b, batches, epochs: 0), asked_at(lambda e, b, batches, epochs: epochs)),
        ),
    ),
    hints=(
        "two loops, as in the code with the bug. Which of its variables counts epochs?",
        "within one epoch the schedule is asked the same question for each batch.",
        "append schedule(epoch) for each batch. Or, with t counting steps, ask about t // batches.",
    ),
)

STEPS = EPOCHS * BATCHES

T_MAX_IN_STEPS = ValueTask(
    read=one_number,
    right=lambda steps: steps == STEPS,
    verified="30 epochs of 38 batches are 1140 steps, and a scheduler that is called once a step counts those.",
    mistakes=(
        Mistake(
            "30 calls are over before the first epoch is: then PyTorch's cosine climbs again. What counts its calls?",
            (lambda steps: steps == EPOCHS,),
        ),
        Mistake(
            "after one epoch the rate would be 0 already, and the cosine would climb again: it has all 30 to go.",
            (lambda steps: steps == BATCHES,),
        ),
        Mistake(
            "you add epochs and batches: each epoch has 38 batches, so what does one do with 30 of them?",
            (lambda steps: steps == EPOCHS + BATCHES,),
        ),
        Mistake(
            "T_max is the way from the top to the bottom, once: no doubling, no halving.",
            (lambda steps: steps in (2 * STEPS, STEPS / 2),),
        ),
        Mistake(
            "you count images: scheduler.step() is called once for each minibatch of them.",
            (lambda steps: steps in (IMAGES, EPOCHS * IMAGES),),
        ),
        Mistake(
            "the last minibatch of an epoch is a smaller one, and it makes a whole step like the others.",
            (lambda steps: steps == EPOCHS * (BATCHES - 1) or abs(steps - EPOCHS * IMAGES / 32) < 1,),
        ),
        Mistake(
            "close, but every step counts: all batches of all epochs, not one more and not one fewer.",
            (lambda steps: 0 < abs(steps - STEPS) <= BATCHES,),
        ),
        Mistake(
            "minibatches have 32 images, but a call comes with each of the 38 minibatches of an epoch.",
            (lambda steps: steps in (EPOCHS * 32, 32, 32 * BATCHES),),
        ),
    ),
    hints=(
        "how often is scheduler.step() called in the whole training?",
        "it is called once for each minibatch. There are 38 in an epoch, and 30 epochs.",
        "multiply the two.",
    ),
    otherwise="this is not how often scheduler.step() is called in 30 epochs.",
)

# ------------------------------------------------------------------------------------- 4: the decay that never decays

DECAYS = {"A": "rounded away", "B": "not used", "C": "starts anew", "D": "falls"}

PREDICTIONS_DECAY = ValueTask(
    read=words_for(tuple(DECAYS), tuple(DECAYS.values())),
    right=lambda words: words == DECAYS,
    verified="three loops whose rate never falls, each for a reason of its own, and one whose rate does.",
    mistakes=(
        Mistake(
            "all four cannot do the same: take lr = 0.5, steps = 100 and work out the rate of t = 0, 1 and 50 in each.",
            (lambda words: len(set(words.values())) == 1,),
        ),
        Mistake(
            "A: // divides and cuts off the fraction. What is t // steps for t = 0, 1, ..., steps - 1?",
            (lambda words: words["A"] != DECAYS["A"],),
        ),
        Mistake(
            "B: the rate is worked out well. Now look at the name in the last line.",
            (lambda words: words["B"] != DECAYS["B"],),
        ),
        Mistake(
            "C: follow `rate` through two turns of the loop. What is it at the beginning of the second one?",
            (lambda words: words["C"] != DECAYS["C"],),
        ),
        Mistake(
            "D: follow `lr` through two turns of the loop. Is anything put back at the beginning of the second one?",
            (lambda words: words["D"] != DECAYS["D"],),
        ),
    ),
    hints=(
        "for each loop, write down the number that multiplies gradient(x) at t = 0, at t = 1 and at t = 50.",
        "in three of the four these numbers are all the same.",
        "one divides without a fraction, one multiplies by another name, one takes lr anew in each turn.",
    ),
    otherwise="not all four are right yet.",
)


def decayed(rate: Callable, order: Callable = range) -> Callable:
    """A whole run with rate(lr, t, steps) at each step t of order(steps); gives the last place."""

    def train(gradient, start, lr, steps):
        x = start
        for t in order(steps):
            x = x - rate(lr, t, steps) * gradient(x)
        return x

    return train


def straight(lr, t, steps):
    return lr * (1 - t / steps)


train_with_decay = decayed(straight)


def compounded(gradient, start, lr, steps):
    x = start
    for t in range(steps):
        lr = lr * (1 - t / steps)
        x = x - lr * gradient(x)
    return x


def with_all_places(gradient, start, lr, steps):
    places = [start]
    for t in range(steps):
        places.append(places[-1] - straight(lr, t, steps) * gradient(places[-1]))
    return places


def from_the_start(gradient, start, lr, steps):
    return start - straight(lr, steps - 1, steps) * gradient(start)


def of_one_gradient(gradient, start, lr, steps):
    return train_with_decay(lambda x: gradient(start), start, lr, steps)


TRAIN_WITH_DECAY = FunctionTask(
    right=train_with_decay,
    parts={
        "all": (
            *((np.sin, 1.0, 0.5, 4), (np.tanh, 2.0, 0.8, 10), (np.sin, 3.0, 0.1, 2)),
            *((np.exp, -0.5, 0.2, 5), (np.sin, np.array([1.0, -2.0]), 0.3, 7)),
        )
    },
    verified={"all": "the first step has the whole rate, and each later one has less by the same amount."},
    mistakes=(
        Mistake(
            "your rate never falls: print it in each turn of the loop, and look at the name in the line of the step.",
            (decayed(lambda lr, t, steps: lr), decayed(lambda lr, t, steps: lr * (1 - 1 / steps))),
        ),
        Mistake(
            "you write into lr and multiply it again in the next turn: it falls faster and faster. Keep lr as it is.",
            (compounded,),
        ),
        Mistake(
            "your rate does not fall in a straight line: it should lose the same amount in each turn.",
            (
                decayed(lambda lr, t, steps: lr * (1 - 1 / steps) ** t),
                decayed(lambda lr, t, steps: lr * 0.99**t),
                decayed(lambda lr, t, steps: lr * 0.9**t),
                decayed(lambda lr, t, steps: lr / (1 + t)),
                decayed(lambda lr, t, steps: lr / (1 + t / steps)),
                decayed(lambda lr, t, steps: lr * (1 - t / steps) ** 2),
                decayed(lambda lr, t, steps: lr * half_wave(t / steps)),
            ),
        ),
        Mistake(
            "your last step has a rate of 0: the line reaches 0 at t = steps, and the last turn is t = steps - 1.",
            (decayed(lambda lr, t, steps: lr * (1 - t / (steps - 1))),),
        ),
        Mistake(
            "your first step has less than lr already: the first turn is t = 0, where nothing has been taken off yet.",
            (
                decayed(lambda lr, t, steps: straight(lr, t + 1, steps)),
                decayed(straight, lambda steps: range(1, steps)),
            ),
        ),
        Mistake(
            "your line reaches 0 too late: it is at 0 at t = steps, one step after the last.",
            (decayed(lambda lr, t, steps: lr * (1 - t / (steps + 1))),),
        ),
        Mistake(
            "look at your brackets: t alone is divided by steps, before it is taken from 1.",
            (decayed(lambda lr, t, steps: lr * (1 - t) / steps),),
        ),
        Mistake(
            "you give a loss, or a rate: the place after the last step is asked for.",
            (
                lambda *asked: np.square(train_with_decay(*asked)) / 2,
                lambda gradient, start, lr, steps: straight(lr, steps - 1, steps),
            ),
        ),
        Mistake(
            "lr is missing in your steps: the first one is lr times the gradient.",
            (decayed(lambda lr, t, steps: 1 - t / steps),),
        ),
        Mistake(
            "you give the start back: does // make your rate 0, or is the new place never put into x?",
            (lambda gradient, start, lr, steps: start,),
        ),
        Mistake(
            "your rate rises: the first step should have the whole lr.",
            (
                decayed(lambda lr, t, steps: lr * t / steps),
                decayed(lambda lr, t, steps: lr * (t + 1) / steps),
                decayed(lambda lr, t, steps: lr * (1 + t / steps)),
            ),
        ),
        Mistake(
            "you take t / steps off, whatever lr is: at half the rate, half as much must come off in each turn.",
            (decayed(lambda lr, t, steps: lr - t / steps), decayed(lambda lr, t, steps: max(lr - t / steps, 0))),
        ),
        Mistake(
            "your step goes uphill: look at the sign in front of the gradient.",
            (lambda gradient, start, lr, steps: train_with_decay(lambda x: -gradient(x), start, lr, steps),),
        ),
        Mistake(
            "you multiply by x, which is the slope of one hill only: ask the function gradient.",
            (lambda gradient, start, lr, steps: train_with_decay(lambda x: x, start, lr, steps),),
        ),
        Mistake(
            "each step must begin where the last one ended, and ask for the gradient there.",
            (from_the_start, of_one_gradient),
        ),
        Mistake(
            "you give all places: only the one after the last step is asked for.",
            (with_all_places, lambda *asked: with_all_places(*asked)[1:]),
        ),
        Mistake(
            "the number of steps is not right: t goes from 0 up to steps - 1. Is your return inside the loop?",
            (
                decayed(straight, lambda steps: range(1)),
                decayed(straight, lambda steps: range(steps - 1)),
            ),
        ),
    ),
    hints=(
        "loop A is nearly right: what would its rate be if the division kept its fraction?",
        "in turn t the rate is lr * (1 - t / steps). Work it out anew in each turn, from the lr that was given.",
        "x = start; then, for t in range(steps), x = x - lr * (1 - t / steps) * gradient(x); at last, return x.",
    ),
)

# ------------------------------------------------------------------------------------------------------ 5: plateau

WHY_IT_CUTS = letter(
    right="B",
    verified="the rule waits for a smaller number, as for a loss, and an accuracy gets larger when all goes well.",
    wrong={
        "A": "not A: an epoch is trained before its accuracy is known, so its rate is noted first. Read on.",
        "C": "not C: to count the bad looks is right. But why is every look after the first a bad one here?",
        "D": "not D: it cuts after more than `patience` bad looks, as it should. But these looks were not bad.",
    },
    hints=(
        "go through the loop with the scores 0.5, 0.6, 0.7: what is `best` after each?",
        "`best` stays at the first score, although the scores get better. Which line decides that?",
        "which way is better, for a loss and for an accuracy?",
    ),
)


def plateau_rates(scores, lr, patience):
    listens = schedules.plateau("max", patience=patience, threshold=0, eps=0)
    return schedules.replay(schedules.constant(lr), listens, scores)(np.arange(len(scores)))


def listening(
    better: Callable = lambda score, best, last: score > best,
    worst: float = -math.inf,
    full: Callable = lambda bad, patience: bad > patience,
    cut: Callable = lambda rate, lr: 0.1 * rate,
    forgives: bool = True,  # progress sets the count of bad looks back
    after_cut: Callable = lambda bad: 0,  # the count of bad looks after a cut
    late: bool = False,  # the first rate is the one after the first look
    kept: Callable = lambda best, score: best,  # the best so far, after a cut
) -> Callable:
    """plateau_rates() that errs in one way."""

    def rates_of(scores, lr, patience):
        rate, best, last, bad, rates = lr, worst, worst, 0, []
        for score in scores:
            rates += [] if late else [rate]
            if better(score, best, last):
                best, bad = score, 0 if forgives else bad
            else:
                bad += 1
            if full(bad, patience):
                rate, bad = cut(rate, lr), after_cut(bad)
                best = kept(best, score)
            last = score
            rates += [rate] if late else []
        return rates

    return rates_of


def at_least(bad, patience) -> bool:
    return bad >= patience


def uncut(bad):
    return bad


def knowing_all(scores, lr, patience):
    return listening(lambda score, best, last: score >= max(scores))(scores, lr, patience)


def only_above_the_first(scores, lr, patience):
    return listening(lambda score, best, last: score > scores[0])(scores, lr, patience)


def cut_for_one_epoch(scores, lr, patience):
    falls = np.diff(listening()(scores, lr, patience), prepend=lr) < 0
    return np.where(falls, 0.1 * lr, lr)


SCORES = (  # the short ones first, because an answer that nobody knows is shown whole
    (np.array([0.3, 0.2, 0.4, 0.1]), 0.1, 0),
    (np.array([0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.91]), 0.5, 2),
    (np.array([0.9, 0.7, 0.75, 0.8, 0.85, 0.87, 0.88, 0.89]), 0.2, 1),
    (np.array([0.6, 0.8, 0.8, 0.8, 0.8, 0.9, 0.8, 0.9, 0.95]), 1.0, 1),
    (np.array([0.5, 0.4, 0.6, 0.5, 0.7, 0.6, 0.8, 0.7, 0.9]), 1.0, 2),
    (np.array([0.5, 0.7, 0.6, 0.65, 0.72, 0.7, 0.69, 0.73, 0.7, 0.71, 0.72, 0.7, 0.71, 0.72, 0.7, 0.6]), 0.5, 2),
)

PLATEAU_RATES = FunctionTask(
    right=plateau_rates,
    parts={"all": SCORES},
    verified={
        "all": "the rate stays while the accuracy grows, and is cut when more than `patience` looks were in vain."
    },
    mistakes=(
        Mistake(
            "your rule waits for a smaller accuracy: it cuts while all goes well. Which way is better here?",
            (
                listening(lambda score, best, last: score < best, math.inf),
                listening(lambda score, best, last: score < best, math.inf, at_least),
                listening(lambda score, best, last: score < best),
            ),
        ),
        Mistake(
            "you cut one epoch too early: `patience` bad epochs are forgiven, and the cut comes at the next one.",
            (
                listening(full=at_least),
                listening(full=lambda bad, patience: bad == patience),
                listening(full=lambda bad, patience: bad == patience, after_cut=uncut),
            ),
        ),
        Mistake(
            "you cut one epoch too late: `patience` bad epochs are forgiven, and the very next bad one cuts.",
            (listening(full=lambda bad, patience: bad > patience + 1),),
        ),
        Mistake(
            "only bad epochs *in a row* count: a new best must set your counter back to 0.",
            (
                listening(forgives=False),
                listening(forgives=False, full=at_least),
                listening(forgives=False, after_cut=uncut),
            ),
        ),
        Mistake(
            "after a cut your counter must begin again at 0, or the next cut comes too soon.",
            (listening(after_cut=uncut), listening(after_cut=uncut, full=at_least), listening(after_cut=lambda bad: 1)),
        ),
        Mistake(
            "you compare with the epoch before: after a bad epoch, a little better than bad is still not the best.",
            (
                listening(lambda score, best, last: score > last),
                listening(lambda score, best, last: score > last, full=at_least),
            ),
        ),
        Mistake(
            "an accuracy that only equals the best so far is no progress.",
            (listening(lambda score, best, last: score >= best),),
        ),
        Mistake(
            "your rates come one epoch too early: an epoch is trained first, its accuracy changes only the next one.",
            (listening(late=True), listening(late=True, full=at_least)),
        ),
        Mistake(
            "your second cut does nothing: cut the rate that holds now, not the first one.",
            (listening(cut=lambda rate, lr: 0.1 * lr),),
        ),
        Mistake(
            "a cut leaves a tenth of the rate: yours leaves something else.",
            (
                listening(cut=lambda rate, lr: 0.9 * rate),
                listening(cut=lambda rate, lr: rate - 0.1),
                listening(cut=lambda rate, lr: rate - 0.1 * lr),
                listening(cut=lambda rate, lr: 0.5 * rate),
                listening(cut=lambda rate, lr: rate / 0.1),
            ),
        ),
        Mistake(
            "a cut must not make you forget the best accuracy so far.",
            (listening(kept=lambda best, score: -math.inf), listening(kept=lambda best, score: score)),
        ),
        Mistake(
            "you count the first epoch as a bad one: its accuracy is the best so far, whatever it is.",
            (lambda scores, lr, patience: listening()([scores[0], *scores], lr, patience)[1:],),
        ),
        Mistake(
            "your rate never falls: do you note each new best, and does the next epoch get the rate that was cut?",
            (listening(cut=lambda rate, lr: rate),),
        ),
        Mistake(
            "you give one rate more than there are epochs: after the last accuracy no epoch follows.",
            (lambda scores, lr, patience: listening()([*scores, 0.0], lr, patience),),
        ),
        Mistake(
            "you never note a new best: a score must be above all before it, not above the first one only.",
            (only_above_the_first,),
        ),
        Mistake(
            "after a cut your rate goes back up: a cut holds for all epochs that follow.",
            (cut_for_one_epoch,),
        ),
        Mistake(
            "your rule has a patience of its own: it must use the one that it is given.",
            (listening(full=lambda bad, patience: bad > 2), listening(full=lambda bad, patience: bad >= 2)),
        ),
        Mistake(
            "you look ahead: after an epoch only the scores up to this one are known, not the highest of all.",
            (knowing_all,),
        ),
        Mistake(
            "your list ends too soon: is your `return` inside the loop?",
            (lambda scores, lr, patience: [lr],),
        ),
        Mistake(
            "you give the last rate only: the rate of every epoch is asked for.",
            (lambda *asked: listening()(*asked)[-1], lambda *asked: listening(late=True)(*asked)[-1]),
        ),
    ),
    hints=(
        "keep three things from epoch to epoch: the rate, the best accuracy so far, and how many were bad in a row.",
        "for each score: note the rate first. Then, a new best sets the counter to 0, anything else adds 1 to it.",
        "if the counter is above patience: rate = 0.1 * rate, counter = 0. Begin with best = -math.inf.",
    ),
)

# ------------------------------------------------------------------------------------------------------ 6: the floor

FLOORS = {"half the rate": "half", "half the rate: steps to the floor": "twice"}
FLOORS |= {"twice the noise": "four times", "twice as far a start": "the same"}

PREDICTIONS_FLOOR = ValueTask(
    read=words_for(tuple(FLOORS), ("a quarter", "half", "the same", "twice", "four times")),
    right=lambda words: words == FLOORS,
    verified="half the rate: about half the floor, at twice the steps. The noise counts squared, the start not at all.",
    mistakes=(
        Mistake(
            "for half the rate: the kicks are half as long, but also only half as much is forgotten in each step.",
            (lambda words: words["half the rate"] in ("a quarter", "the same"),),
        ),
        Mistake(
            "for half the rate: shorter steps mean smaller kicks. Can the floor get higher by that?",
            (lambda words: words["half the rate"] in ("twice", "four times"),),
        ),
        Mistake(
            "for the steps to the floor: at half the rate each step covers about half as much of the way.",
            (lambda words: words["half the rate: steps to the floor"] != "twice",),
        ),
        Mistake(
            "for twice the noise: all places are scattered twice as widely, but the loss is the square of that.",
            (lambda words: words["twice the noise"] != "four times",),
        ),
        Mistake(
            "for the start: each step multiplies what is left of it by (1 - 0.1). What is left of it in the long run?",
            (lambda words: words["twice as far a start"] != "the same",),
        ),
    ),
    hints=(
        "take the formula E = (1 - lr) ** 2 * E + lr ** 2 * std ** 2 and look for what stays in the long run.",
        "with a small lr, (1 - lr) ** 2 is about 1 - 2 * lr: so 2 * lr * E is about lr ** 2 * std ** 2.",
        "so E is about lr * std ** 2 / 2: read off what lr and std do. The start is not in it.",
    ),
    otherwise="not all four are right yet.",
)


def noise_floor(lr, curvature, std):
    shrinks = (1 - lr * curvature) ** 2
    return curvature / 2 * (lr * std) ** 2 / (1 - shrinks) if lr * curvature < 2 else math.inf


def floored(formula: Callable) -> tuple[Callable, ...]:
    """A formula for the floor, bare, and with the runs that never settle told apart."""
    return (formula, *(up_to(edge, formula) for edge in (operator.lt, operator.le)))


def up_to(settles: Callable, formula: Callable, beyond: float | str = math.inf) -> Callable:
    """A formula where settles(lr * curvature, 2), and another answer elsewhere."""
    return lambda lr, curvature, std: formula(lr, curvature, std) if settles(lr * curvature, 2) else beyond


def square(lr, curvature, std):
    """The mean of x**2 where it does not change any more."""
    return lr * std**2 / (curvature * (2 - lr * curvature))


def loss_of(square: Callable) -> Callable:
    return lambda lr, curvature, std: curvature * square(lr, curvature, std) / 2


floor = loss_of(square)


def iterated(turns: int) -> Callable:
    """The floor by so many turns of E, whether it settles or not."""

    def floor_of(lr, curvature, std):
        mean = 0.0
        for _ in range(turns):
            mean = (1 - lr * curvature) ** 2 * mean + (lr * std) ** 2
        return curvature * mean / 2

    return floor_of


NOISE_FLOOR = FunctionTask(
    right=noise_floor,
    parts={
        "bowl": (
            (0.5, 1.0, 1.0),
            (0.1, 1.0, 1.0),
            (0.1, 1.0, 3.0),
            (0.1, 4.0, 1.0),
            (0.02, 10.0, 0.3),
            (3.0, 0.5, 2.0),
        ),
        "edge": ((2.5, 1.0, 1.0), (2.0, 1.0, 1.0), (0.5, 4.0, 0.1), (1.9, 1.0, 1.0), (0.3, 4.0, 3.0)),
    },
    verified={
        "bowl": "your floor is where the shrinking and the kicks balance, for every rate, curvature and noise.",
        "edge": "from 2/curvature on there is no floor: the mean loss grows for ever.",
    },
    mistakes=(
        Mistake(
            "that is the mean of x ** 2: the loss is curvature * x ** 2 / 2.",
            floored(square),
        ),
        Mistake(
            "the loss is curvature * E / 2: the half is there, the curvature is missing.",
            floored(lambda *a: square(*a) / 2),
        ),
        Mistake(
            "the loss is curvature * E / 2: the curvature is there, the half is missing.",
            floored(lambda lr, curvature, std: curvature * square(lr, curvature, std)),
        ),
        Mistake(
            "the kick is lr * std * a number of variance 1: its mean square has std squared.",
            floored(lambda lr, curvature, std: floor(lr, curvature, std) / std),
        ),
        Mistake(
            "your floor is for a bowl of curvature 1: there the gradient is x, here it is curvature * x.",
            (
                *floored(lambda lr, curvature, std: floor(lr, 1.0, std)),
                *floored(lambda lr, curvature, std: square(lr, 1.0, std)),
                *floored(lambda lr, curvature, std: floor(lr, 1.0, std) / curvature),
                *floored(lambda lr, curvature, std: lr * std**2 / (2 * (2 - lr)) * curvature),
            ),
        ),
        Mistake(
            "that is the formula for curvature 1 and std 1: here both may be anything.",
            (
                *floored(lambda lr, curvature, std: lr / (2 - lr)),
                *floored(lambda lr, curvature, std: lr / (2 - lr) / 2),
            ),
        ),
        Mistake(
            "one factor of curvature is too many: solve E = (1 - lr * curvature) ** 2 * E + (lr * std) ** 2 again.",
            floored(lambda lr, curvature, std: curvature * floor(lr, curvature, std)),
        ),
        Mistake(
            "that holds for small rates only: (1 - lr * curvature) ** 2 has a term with lr ** 2 too. Keep it.",
            floored(lambda lr, curvature, std: lr * std**2 / 4),
        ),
        Mistake(
            "the kick counts with lr squared: it is lr times the noise that is squared.",
            (
                *floored(lambda lr, curvature, std: floor(lr, curvature, std) / lr),
                *floored(lambda lr, curvature, std: lr * floor(lr, curvature, std)),
            ),
        ),
        Mistake(
            "a sign: 1 - (1 - a) ** 2 is 2 * a - a ** 2, with a = lr * curvature.",
            (lambda lr, curvature, std: lr * std**2 / (2 * (2 + lr * curvature)),),
        ),
        Mistake(
            "you take the loss at the mean place, or a root: the mean of x ** 2 is asked for, then the loss of it.",
            (
                *floored(lambda *a: math.sqrt(abs(square(*a)))),
                *floored(lambda *a: math.sqrt(abs(floor(*a)))),
                *floored(lambda lr, curvature, std: 0.0),
            ),
        ),
        Mistake(
            "look at your brackets: all that you divide by must stand in one pair of them.",
            (
                *floored(lambda lr, curvature, std: lr * std**2 / 2 * (2 - lr * curvature)),
                *floored(lambda lr, curvature, std: lr * std**2 / 2 - lr * curvature),
                *floored(lambda lr, curvature, std: lr * std**2 / (2 * 2 - lr * curvature)),
                *floored(lambda lr, curvature, std: curvature / 2 * (lr * std) ** 2 / 1 - (1 - lr * curvature) ** 2),
            ),
        ),
        Mistake(
            "std is missing in your formula: with more noise the floor is higher.",
            floored(lambda lr, curvature, std: floor(lr, curvature, 1.0)),
        ),
        Mistake(
            "E is the mean of x ** 2 already: do not square it once more.",
            floored(lambda *a: a[1] / 2 * square(*a) ** 2),
        ),
        Mistake(
            "that is the loss of a single kick: what is left of the kicks before it adds to it.",
            floored(lambda lr, curvature, std: curvature / 2 * (lr * std) ** 2),
        ),
        Mistake(
            "the shrinking is squared too: E is a mean of squares, so each step multiplies it by a square.",
            floored(lambda lr, curvature, std: lr * std**2 / 2),
        ),
        Mistake(
            "the kick is lr times the noise: the curvature belongs to the slope, not to the noise.",
            floored(lambda lr, curvature, std: curvature**2 * floor(lr, curvature, std)),
        ),
        Mistake(
            "a loss that grows for ever is not 0: 0 would be the lowest floor of all.",
            (up_to(operator.lt, floor, 0.0),),
        ),
        Mistake(
            "where E grows in every turn, a loop that ends gives some number: tell such runs apart before the loop.",
            tuple(map(iterated, (100, 1000, 10_000))),
        ),
        Mistake(
            "where the loss grows for ever, give the number math.inf: without quotation marks, and not below 0.",
            tuple(up_to(operator.lt, floor, beyond) for beyond in ("inf", "math.inf", -math.inf, math.nan, -1)),
        ),
        Mistake(
            "a mean loss is never below 0, and at 2/curvature you must not divide: what becomes of such a run?",
            (
                floor,
                lambda *a: max(floor(*a), 0.0),
                lambda *a: abs(floor(*a)),
                up_to(operator.ne, floor),
            ),
        ),
        Mistake(
            "at exactly 2/curvature nothing is forgotten, and every kick adds to the loss: no floor there either.",
            (up_to(operator.le, floor),),
        ),
        Mistake(
            "from a rate of 2/curvature on there is no floor. Compare lr * curvature with 2, not lr alone.",
            (
                lambda lr, curvature, std: floor(lr, curvature, std) if lr < 2 else math.inf,
                lambda lr, curvature, std: floor(lr, curvature, std) if lr < 2 * curvature else math.inf,
                lambda lr, curvature, std: floor(lr, curvature, std) if lr <= 2 * curvature else math.inf,
                lambda lr, curvature, std: floor(lr, curvature, std) if lr * curvature < 1 else math.inf,
            ),
        ),
    ),
    hints=(
        "where E does not change any more, E = (1 - lr * curvature) ** 2 * E + (lr * std) ** 2. Solve that for E.",
        "E = lr * std ** 2 / (curvature * (2 - lr * curvature)). Now, which loss has a run with this mean of x ** 2?",
        "the loss is curvature * E / 2. And before all that: if lr * curvature >= 2, give math.inf.",
    ),
)

# ------------------------------------------------------------------------------------------- 7: a schedule of one's own

CURVATURES, STD = np.geomspace(0.01, 1, 20), 0.3  # the bowl of the chapter
BETTER, GOOD, SHORT = {1000: 0.027, 250: math.inf}, {1000: 0.023, 250: math.inf}, {1000: math.inf, 250: 0.06}
# the best constant rate gives 0.0293 and 0.0657, a straight line 0.0206 and 0.0532


def ends(rates: np.ndarray) -> tuple:
    """The mean loss after the last step: what is left of the start, and what the noise has brought. No draw needed."""
    rates = np.asarray(rates, dtype=float)[..., None]
    start, noise = np.ones(len(CURVATURES)), np.zeros(len(CURVATURES))
    with np.errstate(over="ignore", invalid="ignore"):
        for lr in rates:
            shrinks = (1 - lr * CURVATURES) ** 2
            start, noise = shrinks * start, shrinks * noise + (lr * STD) ** 2
        return tuple(np.nan_to_num(each @ CURVATURES / 2, nan=math.inf, posinf=math.inf) for each in (start, noise))


def loss_after(rates: np.ndarray) -> float:
    return sum(ends(rates))


@functools.cache
def best_constant(steps: int) -> float:
    """The loss that the best constant rate reaches: the mark for numbers of steps that have no target of their own."""
    rates = np.geomspace(0.02, 1, 60)
    return float(loss_after(np.broadcast_to(rates, (steps, len(rates)))).min())


def reaches(targets: dict[int, float]) -> Callable:
    """Whether each of the student's schedules gets below its target."""
    return lambda value: all(loss_after(value[n]) < targets.get(n, best_constant(n)) for n in value)


def rates_of(given: list) -> dict[int, np.ndarray]:
    """steps -> the rates that the student's function gave for them."""
    found = {}
    for (steps,), answer in given:
        try:
            rates = numbers(None if isinstance(answer, dict) else answer)
        except Hint:
            what = "a function" if callable(answer) else form(answer)
            raise Hint(
                f"gives {what} for steps={steps}: give a flat list of rates, one finite number for each step."
            ) from None
        if len(rates) != steps:
            raise Hint(f"gives {len(rates)} rates for steps={steps}: give one for each step.")
        if rates.min() < -1e-9:  # a rate that loses a little at each step may end a rounding error below 0
            raise Hint(f"gives the rate {rates.min():.3g} for a step: no rate may be below 0.")
        found[steps] = rates
    return found


def missed(value: dict) -> np.ndarray:
    """The first rates that miss the last target there is for them."""
    targets = {**GOOD, 250: SHORT[250]}
    late = [n for n in value if loss_after(value[n]) >= targets.get(n, best_constant(n))]
    return value[late[0]] if late else next(iter(value.values()))


def ends_high(rates: np.ndarray) -> bool:
    """Whether the last tenth of the rates is above their mean."""
    return rates[-(len(rates) // 10) :].mean() > rates.mean()


def broken_off(value: dict) -> bool:
    """Whether fewer steps get the beginning of the schedule for many."""
    rates = missed(value)
    longest = value[max(value)]
    return len(rates) < len(longest) and np.allclose(rates, longest[: len(rates)])


def noise_per_start(rates: np.ndarray) -> float:
    """At the best peak of a shape this is 1.5 to 3, whatever the shape."""
    start, noise = ends(rates)
    return noise / start if start > 0 else math.inf


def told(value: dict) -> str:
    losses = ", ".join(f"{loss_after(rates):.4g} after {n} steps" for n, rates in value.items())
    return f"the loss is {losses}. Start and noise are in balance, so change the shape: how and when the rate falls."


OWN_SCHEDULE = ResultTask(
    function=lambda steps: None,
    asked=lambda: ((1000,), (250,)),
    read=rates_of,
    right={"better": reaches(BETTER), "good": reaches(GOOD), "short": reaches(SHORT)},
    verified={
        "better": "below 0.027 after 1000 steps, which no constant rate reaches.",
        "good": "below 0.023 after 1000 steps: high to travel, low to settle.",
        "short": "below 0.06 with a quarter of the steps: your schedule knows when it ends.",
    },
    mistakes=(
        Mistake(
            "some of your rates are above 2: in the direction of curvature 1 the run runs away there.",
            (lambda value: missed(value).max() > 2,),
        ),
        Mistake(
            "your rate is constant: the best of those gives 0.0293. It must be high to travel and low to settle.",
            (lambda value: np.ptp(missed(value)) == 0,),
        ),
        Mistake(
            "your rate is high at the end: the kicks of the last steps are long, and nothing forgets them any more.",
            (lambda value: ends_high(missed(value)),),
        ),
        Mistake(
            "for fewer steps you give the beginning of your 1000 rates: it ends high up. Let `steps` decide the fall.",
            (broken_off,),
        ),
        Mistake(
            "a rate of 0 makes no step, and you give many away: a low rate would still settle.",
            (lambda value: np.mean(missed(value) == 0) > 0.1,),
        ),
        *(
            Mistake(
                f"with {length} steps, what is left of the loss comes from the {whence}: {why}.",
                (lambda value, fits=fits, off=off: fits(len(missed(value))) and off(noise_per_start(missed(value))),),
            )
            for length, fits in (("many", lambda n: n > 500), ("few", lambda n: n <= 500))
            for whence, why, off in (
                ("start", "your rates are too small, or fall too soon", lambda ratio: ratio < 1.3),
                ("noise", "your rate settles too late or too high", lambda ratio: ratio > 3.3),
            )
        ),
    ),
    hints=(
        "the best constant rate is 0.043. A rate that ends low may begin higher: how much, your experiment can tell.",
        "try a straight line from a peak to 0, with peaks from 0.05 to 0.5, for 1000 steps and for 250.",
        "a straight line passes with peaks from 0.09 to 0.19 for 1000 steps, and from 0.16 to 0.38 for 250.",
    ),
    otherwise=told,
)

TASKS = {
    "step_decay": STEP_DECAY,
    "cosine_decay": COSINE_DECAY,
    "predictions_warmup": PREDICTIONS_WARMUP,
    "warm_cosine": WARM_COSINE,
    "why_it_stalls": WHY_IT_STALLS,
    "rates_by_epoch": RATES_BY_EPOCH,
    "T_max_in_steps": T_MAX_IN_STEPS,
    "predictions_decay": PREDICTIONS_DECAY,
    "train_with_decay": TRAIN_WITH_DECAY,
    "why_it_cuts": WHY_IT_CUTS,
    "plateau_rates": PLATEAU_RATES,
    "predictions_floor": PREDICTIONS_FLOOR,
    "noise_floor": NOISE_FLOOR,
    "own_schedule": OWN_SCHEDULE,
}
