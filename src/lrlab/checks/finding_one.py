"""Chapter 2, finding one: a log grid, the range test, what n runs can hope for, a plan of runs, another batch size."""

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrlab import experiments, tuning
from lrlab.checks.judging import (
    FunctionTask,
    Hint,
    Mistake,
    ResultTask,
    ValueTask,
    letter,
    numbers,
    numbers_for,
    one_number,
    show,
    words_for,
)
from lrlab.experiments import range_tests

# ------------------------------------------------------------------------------------------------ 1 the axis of rates

EVEN, LOG_EVEN = "even in the rate", "even in the exponent"
# 1,000 rates between 0.0001 and 1: how many lie below 0.01
BELOW = {EVEN: 1000 * (0.01 - 0.0001) / (1 - 0.0001), LOG_EVEN: 500}

PREDICTIONS_DRAWS = ValueTask(
    read=numbers_for(EVEN, LOG_EVEN),
    right=lambda counts: 5 <= counts[EVEN] <= 20 and 450 <= counts[LOG_EVEN] <= 550,
    verified="evenly in the rate about 10 of 1,000 lie in the two lower decades, evenly in the exponent half of them.",
    mistakes=(
        Mistake(
            "these look like shares or percentages: give how many of the 1,000 rates.",
            (
                lambda counts: max(counts.values()) <= 1,
                lambda counts: 0.5 <= counts[EVEN] <= 2 and 45 <= counts[LOG_EVEN] <= 55,
            ),
        ),
        Mistake(
            "the two are swapped: which of the draws cares about decades, and which about distance?",
            (lambda counts: counts[EVEN] >= 400 and counts[LOG_EVEN] <= 100,),
        ),
        Mistake(
            "evenly in the rate, what counts is distance: how much of the way from 0.0001 to 1 lies below 0.01?",
            (lambda counts: not 5 <= counts[EVEN] <= 20,),
        ),
        Mistake(
            "evenly in the exponent, each decade gets the same share: how many of the four decades lie below 0.01?",
            (lambda counts: not 450 <= counts[LOG_EVEN] <= 550,),
        ),
    ),
    hints=(
        "think of a ruler from 0 to 1: where on it is 0.01? Then of one with a mark for each power of ten.",
        "evenly in the rate, the share below 0.01 is (0.01 - 0.0001) / (1 - 0.0001).",
        "that share is about a hundredth. In the exponent, from -4 to 0, the number -2 is half way.",
    ),
    otherwise="not both are right yet.",
)


def log_uniform(low, high, shares):
    return low * (high / low) ** np.asarray(shares)


LOG_UNIFORM = FunctionTask(
    right=log_uniform,
    parts={
        "all": (
            (1e-4, 1.0, 0.25),
            (0.001, 0.1, np.array([0.0, 0.5, 0.9])),
            (0.02, 3.0, np.array([0.1, 0.3, 0.8])),
            (0.5, 40.0, np.array([[0.2, 0.7], [0.4, 0.6]])),
        )
    },
    verified={"all": "equal shares make equal factors, so that every decade gets its part of the draws."},
    mistakes=(
        Mistake(
            "your draws are still even in the rate: go evenly through the exponents instead.",
            (
                lambda low, high, shares: low + (high - low) * shares,
                lambda low, high, shares: low + high * shares,
                lambda low, high, shares: np.log10(low + (high - low) * shares),
            ),
        ),
        Mistake(
            "you give back the exponents: turn each of them into a rate.",
            (
                lambda low, high, shares: np.log10(low) + (np.log10(high) - np.log10(low)) * shares,
                lambda low, high, shares: np.log(low) + (np.log(high) - np.log(low)) * shares,
            ),
        ),
        Mistake(
            "low and high are rates, and you use them as exponents: take their logarithms first.",
            (
                lambda low, high, shares: 10 ** (low + (high - low) * shares),
                lambda low, high, shares: np.exp(low + (high - low) * shares),
            ),
        ),
        Mistake(
            "two kinds of logarithm are mixed: np.log goes with np.exp, np.log10 with 10 ** ...",
            (
                lambda low, high, shares: np.exp(np.log10(low) + np.log10(high / low) * shares),
                lambda low, high, shares: 10 ** (np.log(low) + np.log(high / low) * shares),
            ),
        ),
        Mistake(
            "a share of 0 must give low: your draws begin somewhere else.",
            (
                lambda low, high, shares: (high / low) ** np.asarray(shares),
                lambda low, high, shares: high ** np.asarray(shares),
                lambda low, high, shares: low * high ** np.asarray(shares),
                lambda low, high, shares: 10 ** (np.log10(high) * shares),
                lambda low, high, shares: low ** np.asarray(shares),
                lambda low, high, shares: low + (high / low) ** np.asarray(shares),
            ),
        ),
        Mistake(
            "you go from high down to low: a share of 0 is low, and a share near 1 is near high.",
            (lambda low, high, shares: high * (low / high) ** np.asarray(shares),),
        ),
        Mistake(
            "you draw whole powers of ten only: the exponent need not be a whole number.",
            (
                lambda low, high, shares: 10.0 ** np.round(np.log10(low) + np.log10(high / low) * shares),
                lambda low, high, shares: 10.0 ** np.floor(np.log10(low) + np.log10(high / low) * shares),
            ),
        ),
        Mistake(
            "you step by powers of ten from low, whatever high is: how many decades lie between them?",
            (lambda low, high, shares: low * 10 ** np.asarray(shares),),
        ),
        Mistake(
            "your exponents fit 0.0001 and 1 only: they must follow from low and high.",
            (
                lambda low, high, shares: 10 ** (4 * np.asarray(shares) - 4),
                lambda low, high, shares: low * 10 ** (4 * np.asarray(shares)),
            ),
        ),
        Mistake(
            "high - low is a difference of rates: how far apart are their exponents?",
            (lambda low, high, shares: low * (high - low) ** np.asarray(shares),),
        ),
        Mistake(
            "you multiply by the share, so half a share is half a rate: the share belongs into an exponent.",
            (lambda low, high, shares: low * (high / low) * np.asarray(shares),),
        ),
        Mistake(
            "your rates do not come from the shares: each share is to become one rate.",
            (lambda low, high, shares: np.geomspace(low, high, len(shares)),),
        ),
    ),
    hints=(
        "the rate is a base to some power. Which exponents belong to low and to high?",
        "go a share of the way from log10(low) to log10(high); that is the exponent of your rate.",
        "10 ** (log10(low) + shares * (log10(high) - log10(low))), or shorter: low times (high / low) to the shares.",
    ),
)


def log_grid(low, high, count):
    return np.array(tuning.log(low, high, count).grid())


def powers(factor: Callable, first: int = 0, more: int = 0) -> Callable:
    """log_grid() with another factor, beginning at another power, with more rates."""
    return lambda low, high, count: low * factor(low, high, count) ** np.arange(first, first + count + more)


def right_factor(low, high, count):
    return (high / low) ** (1 / (count - 1))


def small_factor(low, high, count):
    return (high / low) ** (1 / count)


LOG_GRID = FunctionTask(
    right=log_grid,
    parts={"all": ((0.001, 1.0, 4), (1e-5, 0.1, 9), (0.02, 0.32, 5), (0.3, 6.0, 2), (1, 100, 5))},
    verified={"all": "from low to high, both among them, each rate the same factor above the one before."},
    mistakes=(
        Mistake(
            "your rates lie a constant difference apart: a constant factor is asked for.",
            (lambda low, high, count: np.linspace(low, high, count),),
        ),
        Mistake(
            "your last rate falls short of high: how many gaps lie between `count` rates?",
            (
                powers(small_factor),
                lambda low, high, count: np.linspace(low, high, count, endpoint=False),
            ),
        ),
        Mistake(
            "your first rate is already one factor above low: the grid begins at low itself.",
            (powers(right_factor, 1), powers(small_factor, 1)),
        ),
        Mistake(
            "your grid has one rate too many: `count` counts the rates, not the gaps.",
            (powers(small_factor, more=1), powers(right_factor, more=1)),
        ),
        Mistake(
            "your grid has one rate too few: low and high both belong to it. (`while rate <= high` may lose the last.)",
            (powers(right_factor, more=-1), powers(right_factor, 1, -1), powers(right_factor, 1, -2)),
        ),
        Mistake(
            "low and high are rates, and you use them as exponents, which np.logspace wants: take logarithms first.",
            (
                lambda low, high, count: np.logspace(low, high, count),
                lambda low, high, count: np.exp(np.linspace(low, high, count)),
            ),
        ),
        Mistake(
            "you give back the exponents: turn each of them into a rate.",
            (
                lambda low, high, count: np.linspace(np.log10(low), np.log10(high), count),
                lambda low, high, count: np.linspace(np.log(low), np.log(high), count),
            ),
        ),
        Mistake(
            "two kinds of logarithm are mixed: np.log goes with np.exp, np.log10 with 10 ** ...",
            (
                lambda low, high, count: np.logspace(np.log(low), np.log(high), count),
                lambda low, high, count: np.exp(np.linspace(np.log10(low), np.log10(high), count)),
            ),
        ),
        Mistake(
            "your factor is a fixed number: it must follow from low, high and count.",
            (powers(lambda *asked: 10.0), powers(lambda *asked: 2.0), powers(lambda *asked: 3.0)),
        ),
        Mistake(
            "you divide high / low by count - 1, and a root is asked for. (a ** 1 / b is a / b: write a ** (1 / b).)",
            (
                powers(lambda low, high, count: high / low / (count - 1)),
                lambda low, high, count: low * (high / low) ** np.arange(count) / (count - 1),
            ),
        ),
        Mistake(
            "your grid begins at 1: every rate has low as a factor.",
            (lambda low, high, count: right_factor(low, high, count) ** np.arange(count),),
        ),
        Mistake(
            "your rates fall: the grid goes from low up to high.",
            (lambda low, high, count: np.geomspace(high, low, count),),
        ),
    ),
    hints=(
        "0.001, 0.01, 0.1, 1 is such a grid. Its factor is 10. What was the factor to do with 1 / 0.001, and with 3?",
        "`count` rates have count - 1 gaps, so the factor to the power of count - 1 is high / low.",
        "factor = (high / low) ** (1 / (count - 1)); the rates are low * factor ** i for i from 0 to count - 1.",
    ),
)

# -------------------------------------------------------------------------------------------------- 2 the range test


class Training:
    """A network in small, to be trained step by step: step(lr) gives the loss of this batch and makes the step.

    A plain class with its state inside, so that the copy that each function is handed begins anew.
    """

    def __init__(self, curvatures, batches=(1.0, 1.1, 0.9)):
        self.curvatures, self.batches, self.params, self.t = np.array(curvatures), batches, 1.0, 0

    def __call__(self, lr):
        if np.ndim(lr):
            raise TypeError("step takes one rate at a time")
        curvature = self.curvatures * self.batches[self.t % len(self.batches)]
        loss = float(np.sum(curvature * self.params**2) / 2) + 0.01
        self.params, self.t = self.params - lr * curvature * self.params, self.t + 1
        return loss


class Scripted:
    """Training whose losses are given, one a step; the last one stays."""

    def __init__(self, *losses: float):
        self.losses = list(losses)

    def __call__(self, lr):
        return self.losses.pop(0) if len(self.losses) > 1 else self.losses[0]


def far_above(losses, stop) -> bool:
    return not losses[-1] <= stop * min(losses)  # this way round a NaN ends the test too


def rising(
    rates: Callable = log_grid, ends: Callable = far_above, ask: Callable = lambda step, lr, low: step(lr)
) -> Callable:
    """range_test() with other rates, another end, or another way to ask for the loss: what most mistakes come to."""

    def range_test(step, low, high, steps, stop):
        tried, losses = [], []
        for lr in rates(low, high, steps):
            tried.append(float(lr))
            losses.append(ask(step, lr, low))
            if ends(losses, stop):
                break
        return tried, losses

    return range_test


def of_both(change: Callable) -> Callable:
    """range_test() that gives something else back."""

    def mistaken(step, low, high, steps, stop):
        rates, losses = range_test(step, low, high, steps, stop)
        return change(rates, losses, len(losses) > 1 and far_above(losses, stop))

    return mistaken


def twice(step, lr, low):
    step(lr)
    return step(lr)


def once_more(step, lr, low):
    loss = step(lr)
    step(lr)
    return loss


def begun_early(step, low, *asked):
    step(low)
    return range_test(step, low, *asked)


range_test = rising()

RANGE_TEST = FunctionTask(
    right=range_test,
    parts={
        "rises": ((Training([0.2, 1.0]), 0.001, 1.0, 7, 50.0), (Training([3.0]), 0.01, 0.3, 6, 50.0)),
        "stops": (
            (Training([0.2, 1.0]), 0.001, 100.0, 26, 4.0),
            (Scripted(2.0, 1.0, 3.0, 1.5, 3.5, 4.2, 5.5, 9.0, 9.5), 0.01, 10.0, 10, 4.0),
            (Scripted(2.3, 2.0, 1.4, math.nan), 0.01, 10.0, 6, 4.0),
            (Scripted(3.0, 1.0, 1.9, 2.5, 1.2), 0.1, 10.0, 6, 2.0),
        ),
    },
    verified={
        "rises": "from low to high by a constant factor, and one step for each rate.",
        "stops": "it ends where the loss is far above its lowest, or no number any more, and keeps that last loss.",
    },
    mistakes=(
        Mistake(
            "your rates rise by a constant difference: nearly all of them are large. Multiply, do not add.",
            (rising(np.linspace),),
        ),
        Mistake(
            "your factor is too small: between `steps` rates there are how many factors?",
            (
                rising(powers(small_factor)),
                rising(lambda low, high, steps: np.geomspace(low, high, steps + 1)),
            ),
        ),
        Mistake(
            "your last rate is missing: high belongs to the test. (`while rate <= high` may lose it by rounding.)",
            (rising(powers(right_factor, more=-1)),),
        ),
        Mistake(
            "your rates fall: a range test begins at low and rises.",
            (rising(lambda low, high, steps: np.geomspace(high, low, steps)),),
        ),
        Mistake(
            "your first rate is one factor above low: take the step first, then raise the rate.",
            (
                rising(powers(right_factor, 1)),
                rising(powers(small_factor, 1)),
            ),
        ),
        Mistake(
            "every step of yours uses the first rate: hand the new one to step.",
            (rising(ask=lambda step, lr, low: step(low)),),
        ),
        Mistake(
            "you call step more than once for each rate, and each call is a step of training: keep what it gives.",
            (rising(ask=twice), rising(ask=once_more), begun_early),
        ),
        Mistake(
            "your test ends after its first rate: does a `return` stand inside the loop, or a lowest loss begin at 0?",
            (of_both(lambda rates, losses, blown: (rates[:1], losses[:1])),),
        ),
        Mistake(
            "you give back one list: whoever reads the test needs the rates and the losses.",
            (of_both(lambda rates, losses, blown: losses), of_both(lambda rates, losses, blown: rates)),
        ),
        Mistake(
            "the two lists are swapped: first the rates, then the losses.",
            (of_both(lambda rates, losses, blown: (losses, rates)),),
        ),
        Mistake(
            "your test goes on after the loss has blown up: compare each loss with the lowest so far, and stop.",
            (rising(ends=lambda losses, stop: False),),
        ),
        Mistake(
            "you compare with the first loss, but the loss has fallen since: which of the losses so far is asked for?",
            (
                rising(ends=lambda losses, stop: not losses[-1] <= stop * losses[0]),
                rising(ends=lambda losses, stop: losses[-1] > stop * losses[0]),
            ),
        ),
        Mistake(
            "you compare with the loss just before: a loss that climbs bit by bit is never caught. Keep the lowest.",
            (
                rising(ends=lambda losses, stop: not losses[-1] <= stop * losses[max(len(losses) - 2, 0)]),
                rising(ends=lambda losses, stop: losses[-1] > stop * losses[max(len(losses) - 2, 0)]),
            ),
        ),
        Mistake(
            "you compare the loss itself with `stop`: a loss of 4 is high for one network and low for another.",
            (
                rising(ends=lambda losses, stop: not losses[-1] <= stop),
                rising(ends=lambda losses, stop: losses[-1] > stop),
            ),
        ),
        Mistake(
            "you add `stop` to the lowest loss: so many *times* the lowest is asked for.",
            (
                rising(ends=lambda losses, stop: not losses[-1] <= stop + min(losses)),
                rising(ends=lambda losses, stop: losses[-1] > stop + min(losses)),
            ),
        ),
        Mistake(
            "you compare with 4 times the lowest, whatever `stop` is: 4 was an example.",
            (
                rising(ends=lambda losses, stop: not losses[-1] <= 4 * min(losses)),
                rising(ends=lambda losses, stop: losses[-1] > 4 * min(losses)),
            ),
        ),
        Mistake(
            "a loss that is not a number slips through, for nan > x is never true: look at it with math.isfinite.",
            (rising(ends=lambda losses, stop: losses[-1] > stop * min(losses)),),
        ),
        Mistake(
            "the loss that ended the test is missing: store rate and loss first, then ask whether to stop.",
            (of_both(lambda rates, losses, blown: (rates[:-1], losses[:-1]) if blown else (rates, losses)),),
        ),
        Mistake(
            "you stop as soon as the loss rises at all: minibatches are noisy. Wait for `stop` times the lowest.",
            (rising(ends=lambda losses, stop: not losses[-1] <= min(losses)),),
        ),
    ),
    hints=(
        "it is your log grid, walked through once: at each rate one step, and the loss goes on a list.",
        "after each step, compare the newest loss with stop * min(losses). `break` leaves a loop.",
        "store both, then `if not math.isfinite(loss) or loss > stop * min(losses): break`; return both lists.",
    ),
)

# ------------------------------------------------------------------------------------------------- 3 read a range test

SETTINGS = ("SGD", "momentum 0.9", "Adam")
TRAINS, CLOSE = 0.12, 1.7  # an error that is no failure; and how many times the least error is close


@functools.cache
def curves_to_read(seed: int = 0) -> tuple:
    """(rates, losses) of a range test on each of the settings, up to where it stopped."""
    found = []
    for name in SETTINGS:
        data, rule, _ = range_tests.problem(name)
        test = tuning.range_test(data, data.model.init, 1e-4, 10.0, 200, optimizer=rule, seeds=[seed])
        end = test.stop[0]
        found.append((test.lr[:end], test.loss[:end, 0]))
    return tuple(found)


@functools.cache
def errors_of(setting: str) -> np.ndarray:
    """The validation error after 300 steps at each of range_tests.RATES: the median of five runs, made beforehand."""
    grid = experiments.load("range_tests")
    shape = (len(range_tests.AXES["setting"]), len(range_tests.AXES["seed"]), len(range_tests.RATES), -1)
    error = np.nan_to_num(grid["error"].reshape(shape)[..., 2], nan=0.9)
    return np.median(error[range_tests.AXES["setting"].index(setting)], axis=0)


def error_at(setting: str, rate: float) -> float:
    return float(np.interp(np.log(rate), np.log(range_tests.RATES), errors_of(setting)))


class Reading(NamedTuple):
    """What was read off the range tests, one number for each setting.

    rates:  what the student's function gave
    tests:  what it was given
    errors: what training at those rates reaches
    least:  what the best rate reaches
    """

    rates: np.ndarray
    tests: list
    errors: np.ndarray
    least: np.ndarray

    @property
    def minimum(self) -> list[np.ndarray]:
        """The rate of the lowest loss, raw and smoothed as usual."""
        return [
            np.array([rates[np.argmin(curve(losses))] for rates, losses in self.tests])
            for curve in (np.asarray, tuning.smoothed)
        ]

    def is_minimum_over(self, factor: float) -> bool:
        return any(np.allclose(self.rates, at / factor, rtol=0.15) for at in self.minimum)

    @property
    def too_high(self) -> np.ndarray:
        best = [range_tests.RATES[errors_of(name).argmin()] for name in SETTINGS]
        return self.rates > best


def read_reading(given) -> Reading:
    rates = []
    for _, answer in given:
        try:
            rates.append(one_number(answer))
        except Hint:
            raise Hint(f"gives {show(answer)}: give one rate, a number above 0.") from None
        if rates[-1] <= 0:
            raise Hint(f"gives {show(rates[-1])}: give one rate, a number above 0.")
    errors = [error_at(name, rate) for name, rate in zip(SETTINGS, rates, strict=True)]
    least = [errors_of(name).min() for name in SETTINGS]
    return Reading(np.array(rates), [args for args, _ in given], np.array(errors), np.array(least))


def is_constant(found: Reading) -> bool:
    return bool(np.ptp(found.rates) < 1e-9)


def is_loss(found: Reading) -> bool:
    pairs = zip(found.rates, found.tests, strict=True)
    if all(np.isclose(rate, [*losses, *tuning.smoothed(losses)], rtol=1e-9).any() for rate, (_, losses) in pairs):
        return True
    lowest = [[curve(losses).min() for _, losses in found.tests] for curve in (np.asarray, tuning.smoothed)]
    return any(np.allclose(found.rates / each, found.rates[0] / each[0]) for each in lowest)  # such as a third of it


def is_early(found: Reading) -> bool:
    """Whether each rate is one of the first ten of its test."""
    return all(rate in rates[:10] for rate, (rates, _) in zip(found.rates, found.tests, strict=True))


def is_read_off(found: Reading) -> bool:
    """Whether it is a rate that comes from the curve at all, and is not good by accident."""
    return not is_constant(found) and not is_loss(found)


def is_raw_fall(found: Reading) -> bool:
    """Whether the largest fall from one single loss to the next has decided."""
    falls = [(rates, int(np.argmin(np.diff(losses)))) for rates, losses in found.tests]
    return all(rate in rates[at : at + 2] for rate, (rates, at) in zip(found.rates, falls, strict=True))


def worst(found: Reading) -> str:
    i = int(np.argmax(found.errors / found.least))
    reached = f"{100 * found.errors[i]:.1f} % of new images wrong, and {100 * found.least[i]:.1f} % can be had"
    return f"on {SETTINGS[i]} your rate of {found.rates[i]:.3g} ends with {reached}."


def read_rate(rates, losses):
    smooth = tuning.smoothed(losses)
    return rates[np.argmin(smooth)] / 3


READ_RATE = ResultTask(
    function=read_rate,
    asked=curves_to_read,
    read=read_reading,
    right={
        "trains": lambda found: is_read_off(found) and bool(np.all(found.errors <= TRAINS)),
        "close": lambda found: is_read_off(found) and bool(np.all(found.errors <= CLOSE * found.least)),
    },
    verified={
        "trains": "on SGD, momentum and Adam the rate that you read off trains: at most 12 % of new images are wrong.",
        "close": "on all three your rate ends within 1.7 times the least error that any of fifty rates reaches.",
    },
    mistakes=(
        Mistake(
            "your rate is one of the first ten of the test, where the average is of too few losses: leave them out.",
            (is_early,),
        ),
        Mistake(
            "your function gives the same rate for every test: read it off the curve.",
            (is_constant,),
        ),
        Mistake(
            "no test went that high: is it a place in the list? Take the entry of rates at that place.",
            (lambda found: all(found.rates > 10),),
        ),
        Mistake(
            "that is a loss, not a rate: find the place with losses, and take the entry of rates there.",
            (is_loss,),
        ),
        Mistake(
            "the largest fall from one minibatch to the next is luck: look at tuning.smoothed(losses) instead.",
            (is_raw_fall,),
        ),
        Mistake(
            "you take the rate where the test blew up, or just before: that one does not train. Stay well below.",
            (
                lambda found: all(
                    rate > 0.75 * test[0][-1] for rate, test in zip(found.rates, found.tests, strict=True)
                ),
            ),
        ),
        Mistake(
            "at the minimum the loss is about to rise: a rate that high already does harm. Stay well below it.",
            (lambda found: found.is_minimum_over(1),),
        ),
        Mistake(
            "a tenth of the minimum's rate is safe, and needlessly slow with SGD: the best rate lies nearer to it.",
            (lambda found: found.is_minimum_over(10),),
        ),
        Mistake(
            "at least one of your rates is too high, on the side of the cliff: take a lower one for all three.",
            (lambda found: bool(np.any((found.errors > CLOSE * found.least) & found.too_high)),),
        ),
        Mistake(
            "nothing breaks, but at least one of your rates is so low that 300 steps are not enough: go higher.",
            (lambda found: bool(np.any((found.errors > CLOSE * found.least) & ~found.too_high)),),
        ),
    ),
    hints=(
        "look at the smoothed losses on a log axis. Where is the lowest point, and where would you stop?",
        "the minimum's rate is a good landmark: the best constant rate lay between a tenth of it and twice that.",
        "smooth, take np.argmin, and go a factor of two to four below the rate there.",
    ),
    otherwise=worst,
)

# ----------------------------------------------------------------------------------------------- 4 the winner's curse

SHOWN, REAL = "the winner's error on the images that chose it", "its error on new images"
GAP = "the gap between the two"

PREDICTIONS_WINNER = ValueTask(
    read=words_for((SHOWN, REAL, GAP), ("falls", "stays", "grows")),
    right=lambda words: words == {SHOWN: "falls", REAL: "stays", GAP: "grows"},
    verified="the number shown goes on falling, and on new images nothing is gained: the luck is left behind.",
    mistakes=(
        Mistake(
            "all three the same cannot be: if both errors moved alike, the gap would stay.",
            (lambda words: len(set(words.values())) == 1 and words[GAP] != "stays",),
        ),
        Mistake(
            "the winner of 100 is the lowest of more numbers than the winner of 9: can it be higher, or the same?",
            (lambda words: words[SHOWN] != "falls",),
        ),
        Mistake(
            "new images know nothing of the luck that chose the winner, and good settings are found by nine runs.",
            (lambda words: words[REAL] != "stays",),
        ),
        Mistake(
            "your first two words decide the third: one number falls, the other one does not follow it.",
            (lambda words: words[GAP] != "grows",),
        ),
    ),
    hints=(
        "each measured error is quality plus luck. For which of the two is the lowest of many chosen?",
        "for both. With more runs the luckiest one is luckier; four of ten settings are good, so nine runs find one.",
        "so what is shown goes down, what is real does not move, and what lies between them gets larger.",
    ),
    otherwise="not all three are right yet.",
)


def expected_best(scores, n):
    return tuning.expected_best(scores, int(n))


def over_all_ways(of: Callable, ways: Callable = itertools.combinations) -> Callable:
    """The mean of something over all ways to draw n scores; not at all where there are too many."""

    def mistaken(scores, n):
        if math.comb(len(scores) + n, n) > 1e6:
            raise OverflowError("too many ways")
        return float(np.mean([of(drawn) for drawn in ways(sorted(scores), n)]))

    return mistaken


def weighted(chance: Callable, order: Callable = np.sort) -> Callable:
    """sum of score times chance(i, N, n), i from 1, over the scores in order."""

    def mistaken(scores, n):
        total = len(scores)
        return sum(float(score) * chance(i, total, n) for i, score in enumerate(order(scores), 1))

    return mistaken


def neighbours(order: Callable) -> Callable:
    """The mean of the lowest, over all n scores that stand side by side."""
    return lambda scores, n: np.mean([min(order(scores)[i : i + n]) for i in range(len(scores) - n + 1)])


def lowest_of_n(i, total, n) -> float:
    return math.comb(total - i, n - 1) / math.comb(total, n)


ERRORS = np.array([0.31, 0.06, 0.9, 0.045, 0.12, 0.05, 0.2])
# so many that all ways to choose 3 take too long, and so few that a list of them still fits into the memory
MANY = 0.04 + 0.8 * ((np.arange(450) * 187 + 60) % 450 / 450) ** 2

EXPECTED_BEST = FunctionTask(
    right=expected_best,
    parts={
        "few": ((np.array([3.0, 1.0, 2.0]), 2), (ERRORS, 1), (ERRORS, 3), (ERRORS, 7)),
        "many": ((MANY, 3), (MANY, 449), (MANY[:60], 57)),
    },
    verified={
        "few": "the mean of the lowest, over all ways to choose n of the runs.",
        "many": "with 450 runs as well, where there are too many ways to try them all.",
    },
    mistakes=(
        Mistake(
            "you give the mean of all scores: of the n runs only the best one is kept.",
            (lambda scores, n: np.mean(scores), over_all_ways(np.mean)),
        ),
        Mistake(
            "you give the lowest of all scores: whoever makes only n runs may not hit that one.",
            (lambda scores, n: np.min(scores),),
        ),
        Mistake(
            "you keep the first n scores: that is one way to choose n of them. Take the mean over all ways.",
            (lambda scores, n: np.min(scores[:n]), lambda scores, n: np.min(scores[-n:])),
        ),
        Mistake(
            "you take the mean of the n lowest: of n runs only one is kept, and they need not be the lowest ones.",
            (lambda scores, n: np.mean(np.sort(scores)[:n]),),
        ),
        Mistake(
            "you give one score, by its place in the order: other choices of n have another lowest. Take the mean.",
            (lambda scores, n: sorted(scores)[n - 1], lambda scores, n: sorted(scores)[n]),
        ),
        Mistake(
            "you choose neighbours in the list only: any n of the scores may be chosen together.",
            (neighbours(np.asarray), neighbours(np.sort)),
        ),
        Mistake(
            "you keep the highest of the n runs: these are errors, so the lowest is the best.",
            (
                over_all_ways(max),
                weighted(lowest_of_n, lambda scores: np.sort(scores)[::-1]),
            ),
        ),
        Mistake(
            "you let the same run be drawn twice: n different ones are chosen, as by itertools.combinations.",
            (
                weighted(lambda i, total, n: ((total - i + 1) / total) ** n - ((total - i) / total) ** n),
                over_all_ways(min, lambda scores, n: itertools.combinations_with_replacement(scores, n)),
            ),
        ),
        Mistake(
            "the chances belong to the scores in order: sort them first, the lowest in front.",
            (weighted(lowest_of_n, np.asarray),),
        ),
        Mistake(
            "your chances do not add up to 1: for the lowest score, the other n - 1 come from the N - 1 above it.",
            (
                weighted(lambda i, total, n: lowest_of_n(i - 1, total, n)),
                weighted(lambda i, total, n: math.comb(total - i, n) / math.comb(total, n)),
                weighted(lambda i, total, n: lowest_of_n(i + 1, total, n) if i < total else 0.0),
            ),
        ),
        Mistake(
            "you add up over all ways: divide by how many ways there are.",
            (weighted(lambda i, total, n: math.comb(total - i, n - 1)),),
        ),
        Mistake(
            "that is a quantile: near the expected best for many scores, but not the mean of the lowest.",
            (
                lambda scores, n: np.quantile(scores, 1 / (n + 1)),
                lambda scores, n: np.quantile(scores, 1 / n),
                lambda scores, n: np.sort(scores)[len(scores) // (n + 1)],
            ),
        ),
    ),
    hints=(
        "with three runs and n = 2 there are three pairs. Write down the lower one of each pair, and take the mean.",
        "itertools.combinations(scores, n) gives all ways, for few runs. For many: how often is one score the lowest?",
        "sorted, the score with k scores above it is the lowest in comb(k, n - 1) of the comb(N, n) ways (math.comb).",
    ),
)

# ------------------------------------------------------------------------------------------------- 5 plan twelve runs

RUNS = 12
PROBLEM = "pixels from 0 to 16"
COLUMNS = ("training", "validation", "test")
KEYS = ("scouts", "finalists", "seeds", "decided by", "chosen")


class Plan(NamedTuple):
    """A search in two rounds: each scout is one run, each finalist is run with `seeds` fresh seeds."""

    scouts: np.ndarray
    finalists: np.ndarray
    seeds: int
    decided_by: str
    chosen: float

    @property
    def runs(self) -> int:
        return len(self.scouts) + len(self.finalists) * self.seeds

    @property
    def gap(self) -> float:
        """The largest factor between neighbouring scouts."""
        return float(np.max(self.scouts[1:] / self.scouts[:-1], initial=1.0))

    @property
    def at_the_edge(self) -> bool:
        """Whether the best scout, as the median of five runs has it, is the lowest or the highest."""
        best = np.argmin([error_at(PROBLEM, rate) for rate in self.scouts])
        return bool(best in (0, len(self.scouts) - 1))

    @property
    def is_a_finalist(self) -> bool:
        """Whether one of the finalists was chosen."""
        return bool(np.isclose(self.finalists, self.chosen).any())

    @property
    def apart(self) -> float:
        """The smallest factor between neighbouring finalists."""
        return float(np.min(self.finalists[1:] / self.finalists[:-1], initial=np.inf))

    @property
    def stray(self) -> bool:
        """Whether a finalist lies more than one scout away from the best scout."""
        best = self.scouts[np.argmin([error_at(PROBLEM, rate) for rate in self.scouts])]
        far = np.maximum(self.finalists / best, best / self.finalists)
        return bool(np.any(far > 1.01 * max(self.gap, 2)))


def read_plan(answer: Any) -> Plan:
    if not isinstance(answer, dict) or set(answer) != set(KEYS):
        raise Hint(f"must keep its form: an entry for each of {', '.join(KEYS)}.")
    rates = []
    for key in ("scouts", "finalists"):
        try:
            rates.append(np.sort(numbers(answer[key])))
        except Hint as wrong:
            raise Hint(f"says something else for {key}: it {wrong}") from None
    seeds, chosen = (number_in(answer, key) for key in ("seeds", "chosen"))
    if min(rates[0][0], rates[1][0], chosen) <= 0:
        raise Hint("holds a rate that is not above 0: give rates, not exponents.")
    if seeds != int(seeds) or seeds < 1:
        raise Hint(f"says {show(answer['seeds'])} for seeds: give how many, a whole number from 1 up.")
    if answer["decided by"] not in list(COLUMNS):
        raise Hint(f"says {show(answer['decided by'])} for decided by: give one of {', '.join(COLUMNS)}.")
    return Plan(*rates, int(seeds), answer["decided by"], chosen)


def number_in(answer: dict, key: str) -> float:
    try:
        return one_number(answer[key])
    except Hint:
        raise Hint(f"says {show(answer[key])} for {key}: give one number.") from None


def good_rates() -> tuple[float, float]:
    """The lowest and the highest rate whose error is within three points of the least; it is level in between."""
    error = errors_of(PROBLEM)
    good = range_tests.RATES[error <= error.min() + 0.0301]
    return float(good.min()), float(good.max())


def is_chosen_well(plan: Plan) -> bool:
    lowest, highest = good_rates()
    return 0.95 * lowest <= plan.chosen <= 1.05 * highest and plan.is_a_finalist


FAULTS = (  # of a plan, in the order in which they are told
    Mistake(
        "your plan costs more than 12 runs: scouts cost one each, finalists cost `seeds` each.",
        (lambda plan: plan.runs > RUNS,),
    ),
    Mistake(
        "your scouts span less than three decades: you do not know yet in which one the best rate lies.",
        (lambda plan: plan.scouts[-1] < 999 * plan.scouts[0],),
    ),
    Mistake(
        "somewhere your scouts leave a gap of much more than a factor of ten: space them evenly on a log scale.",
        (lambda plan: plan.gap > 15,),
    ),
    Mistake(
        "your best scout is the lowest or the highest of them: you have not seen the other side. Go on there.",
        (lambda plan: plan.at_the_edge,),
    ),
    Mistake(
        "a single finalist wins against nobody: compare at least two rates.",
        (lambda plan: len(plan.finalists) < 2,),
    ),
    Mistake(
        "a finalist lies farther from your best scout than the next scout: the scouts have ruled it out already.",
        (lambda plan: plan.stray,),
    ),
    Mistake(
        "your finalists lie so close together that a dozen seeds could not tell them apart: factors of two or three.",
        (lambda plan: plan.apart < 1.5,),
    ),
    Mistake(
        "too few seeds for the finalists: a single run, or the better of two, may just be luck. At least three.",
        (lambda plan: plan.seeds < 3,),
    ),
    Mistake(
        "the test images judge what was chosen, once, at the end: what they have chosen, they cannot judge any more.",
        (lambda plan: plan.decided_by == "test",),
    ),
    Mistake(
        "the training loss does not see what goes wrong on new images: decide on images that were not trained on.",
        (lambda plan: plan.decided_by == "training",),
    ),
)

SEARCH_PLAN = ValueTask(
    read=read_plan,
    right={
        "plan": lambda plan: not any(made(plan) for fault in FAULTS for made in fault.made),
        "choice": is_chosen_well,
    },
    verified={
        "plan": "a wide log grid, then finalists with several seeds each, decided by validation, in at most 12 runs.",
        "choice": "your rate ends within three points of the least error that fifty rates, five runs each, reach.",
    },
    mistakes=(
        *FAULTS,
        Mistake(
            "the rate that you chose is too high: it stands at the cliff or beyond. Look at the worst seed as well.",
            (lambda plan: plan.chosen > 1.05 * good_rates()[1],),
        ),
        Mistake(
            "the rate that you chose is too low: it learns, but 300 steps are not enough for it.",
            (lambda plan: plan.chosen < 0.95 * good_rates()[0],),
        ),
        Mistake(
            "you chose a rate that is not among your finalists: you have no runs that speak for it.",
            (lambda plan: not plan.is_a_finalist,),
        ),
    ),
    hints=(
        "first the decade, then the rate: how many scouts does it take to see every decade once?",
        "four to six scouts, about a factor of ten apart. That leaves six to eight runs for the finalists.",
        "scouts such as 0.0001 to 1; finalists two or three times apart about the best of them; decide by validation.",
    ),
    otherwise="the plan holds together, but the choice does not fit it yet.",
)

# ----------------------------------------------------------------------------------------------- 6 another batch size

CHANGES = {
    "SGD, batch from 1 to 8": "rises",
    "SGD, batch from 64 to 1,024": "stays",
    "Adam, batch from 1 to 8": "rises",
    "plain SGD, then with momentum 0.9": "falls",
}

PREDICTIONS_SCALING = ValueTask(
    read=words_for(tuple(CHANGES), ("rises", "stays", "falls")),
    right=lambda words: words == CHANGES,
    verified="less noise allows a higher rate, up to the ceiling of curvature; momentum lets the same rate go farther.",
    mistakes=(
        Mistake(
            "small batches are noisy: what does less noise allow? Look again at the batches from 1 to 8.",
            (lambda words: words["SGD, batch from 1 to 8"] != "rises",),
        ),
        Mistake(
            "from 64 on there is hardly any noise left to take away: what limits the rate then, and does it move?",
            (lambda words: words["SGD, batch from 64 to 1,024"] != "stays",),
        ),
        Mistake(
            "Adam has its own rule for the batch size, less steep than that of SGD. Less steep is not level.",
            (lambda words: words["Adam, batch from 1 to 8"] != "rises",),
        ),
        Mistake(
            "with momentum 0.9 each gradient counts for about ten steps: does the same rate go farther, or less far?",
            (lambda words: words["plain SGD, then with momentum 0.9"] != "falls",),
        ),
    ),
    hints=(
        "two things limit a rate: the minibatch's noise, and the curvature. Which of them does the batch size move?",
        "the noise. Where it is the limit, a larger batch lifts the best rate; where curvature is, nothing happens.",
        "up to about 16 noise is the limit here, with both. Momentum makes steps longer, so its rate must be lower.",
    ),
    otherwise="not all four are right yet.",
)


def rate_for_batch(lr, old, new, rule, ceiling):
    factor = new / old if rule == "linear" else math.sqrt(new / old)
    return min(lr * factor, ceiling)


def scaled(linear: Callable, root: Callable, capped: Callable = min) -> Callable:
    """rate_for_batch() with other rules, functions of lr and k = new / old, or with another end."""
    return lambda lr, old, new, rule, ceiling: capped((linear if rule == "linear" else root)(lr, new / old), ceiling)


def by_k(lr, k):
    return lr * k


def by_root(lr, k):
    return lr * math.sqrt(k)


RATE_FOR_BATCH = FunctionTask(
    right=rate_for_batch,
    parts={
        "rules": (
            *((0.1, 32, 128, "linear", 10.0), (0.1, 128, 32, "linear", 10.0), (0.03, 48, 72, "linear", 10.0)),
            *((0.02, 32, 512, "square root", 10.0), (0.02, 90, 10, "square root", 10.0)),
            (0.05, 48, 72, "square root", 10.0),
        ),
        "ceiling": (
            *((0.1, 8, 512, "linear", 0.8), (0.5, 4, 400, "square root", 0.7), (0.1, 32, 64, "linear", 0.8)),
            *((2.0, 64, 8, "linear", 0.8), (0.3, 16, 4, "square root", 0.8), (0.9, 8, 8, "linear", 0.5)),
        ),
    },
    verified={
        "rules": "k times the batch: k times the rate, or the square root of k times, up and down.",
        "ceiling": "and never above the rate that curvature allows, whatever the batch.",
    },
    mistakes=(
        Mistake(
            "your fraction is upside down: a larger batch must not lower the rate.",
            (scaled(lambda lr, k: lr / k, lambda lr, k: lr / math.sqrt(k)),),
        ),
        Mistake(
            "you use the linear rule always: look at the argument `rule`.",
            (scaled(by_k, by_k), lambda lr, old, new, rule, ceiling: lr * new / old),
        ),
        Mistake(
            "you use the square root always: look at the argument `rule`.",
            (scaled(by_root, by_root), lambda lr, old, new, rule, ceiling: lr * math.sqrt(new / old)),
        ),
        Mistake(
            "the two rules are swapped: look at which one takes the square root.",
            (scaled(by_root, by_k),),
        ),
        Mistake(
            "the square root belongs to the factor new / old only, not to the rate, and not to one of the batches.",
            (
                scaled(by_k, lambda lr, k: math.sqrt(lr * k)),
                lambda lr, old, new, rule, ceiling: min(
                    lr * (new / old if rule == "linear" else math.sqrt(new) / old), ceiling
                ),
            ),
        ),
        Mistake(
            "// cuts the rest off, so 48 to 72 looks like no change, and 128 to 32 like nothing: divide with one /.",
            (
                lambda lr, old, new, rule, ceiling: min(
                    lr * (new // old if rule == "linear" else math.sqrt(new // old)), ceiling
                ),
            ),
        ),
        Mistake(
            "you square where the root is asked for.",
            (scaled(by_k, lambda lr, k: lr * k**2),),
        ),
        Mistake(
            "that is half of k, not its root. (** comes before /, so k ** 1 / 2 is half of k.)",
            (scaled(by_k, lambda lr, k: lr * k / 2),),
        ),
        Mistake(
            "the old rate is to be multiplied by the factor: it is left out, or added.",
            (
                scaled(lambda lr, k: k, lambda lr, k: math.sqrt(k)),
                scaled(lambda lr, k: lr + k, lambda lr, k: lr + math.sqrt(k)),
            ),
        ),
        Mistake(
            "your rate never falls: both rules hold for a smaller batch, too.",
            (
                scaled(lambda lr, k: by_k(lr, max(k, 1)), lambda lr, k: by_root(lr, max(k, 1))),
                lambda lr, old, new, rule, ceiling: lr if new < old else rate_for_batch(lr, old, new, rule, ceiling),
            ),
        ),
        Mistake(
            "the ceiling is missing: your rate grows for ever with the batch.",
            (scaled(by_k, by_root, lambda rate, ceiling: rate),),
        ),
        Mistake(
            "you give back the ceiling even where the rule stays below it: which one of the two is asked for?",
            (scaled(by_k, by_root, max), lambda lr, old, new, rule, ceiling: ceiling),
        ),
        Mistake(
            "above the ceiling you go back to the old rate: what is the most that is allowed?",
            (
                lambda lr, old, new, rule, ceiling: (
                    rate if (rate := rate_for_batch(lr, old, new, rule, math.inf)) <= ceiling else lr
                ),
            ),
        ),
        Mistake(
            "your ceiling is a number of your own: use the argument `ceiling`.",
            (
                scaled(by_k, by_root, lambda rate, ceiling: min(rate, 0.8)),
                scaled(by_k, by_root, lambda rate, ceiling: min(rate, 1.0)),
            ),
        ),
        Mistake(
            "the ceiling holds for the new rate, not for the old one: scale first, then compare.",
            (
                lambda lr, old, new, rule, ceiling: (
                    min(lr, ceiling) * (new / old if rule == "linear" else math.sqrt(new / old))
                ),
            ),
        ),
        Mistake(
            "your ceiling stands in one rule only: it holds for both.",
            (
                lambda lr, old, new, rule, ceiling: (
                    min(lr * new / old, ceiling) if rule == "linear" else lr * math.sqrt(new / old)
                ),
                lambda lr, old, new, rule, ceiling: (
                    lr * new / old if rule == "linear" else min(lr * math.sqrt(new / old), ceiling)
                ),
            ),
        ),
    ),
    hints=(
        "give k = new / old a name. It is below 1 where the batch gets smaller, and the rules hold there too.",
        "linear: lr * k. Square root: lr * k ** 0.5. Then compare with the ceiling.",
        "min(a, b) is the smaller one of two numbers: whatever the rule gives, the ceiling is the most that it may be.",
    ),
)

DECAY_FOR_TWICE = letter(
    right="B",
    verified="the weights remember for about 1 / (rate * decay) steps: twice the rate and half the decay keep that.",
    wrong={
        "A": "A doubles the share that a step takes away, so the weights forget twice as soon. Look at the product.",
        "C": "C multiplies the product of rate and decay by four: the weights would forget four times as soon.",
        "D": "D makes up for more than was changed: the rate stands in the product once, not squared.",
    },
    hints=(
        "take a weight without any gradient: what does one step multiply it by?",
        "by 1 - lr * decay. So what must stay the same, if it shall shrink as fast as before?",
        "the product lr * decay. The rate is doubled: what does the decay have to become?",
    ),
)

TASKS = {
    "predictions_draws": PREDICTIONS_DRAWS,
    "log_uniform": LOG_UNIFORM,
    "log_grid": LOG_GRID,
    "range_test": RANGE_TEST,
    "read_rate": READ_RATE,
    "predictions_winner": PREDICTIONS_WINNER,
    "expected_best": EXPECTED_BEST,
    "search_plan": SEARCH_PLAN,
    "predictions_scaling": PREDICTIONS_SCALING,
    "rate_for_batch": RATE_FOR_BATCH,
    "decay_for_twice_the_rate": DECAY_FOR_TWICE,
}
