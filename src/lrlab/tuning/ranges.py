"""The learning-rate range test: one short run while the rate rises, and three ways to read a rate off it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array, floats, number, positive, whole
from lrlab.descent import descend
from lrlab.objectives import Objective
from lrlab.optimizers import Optimizer
from lrlab.tuning.results import RangeTest
from lrlab.tuning.seeds import begin, seeds_of
from lrlab.tuning.space import linear, log

SCALES = {"log": log, "linear": linear}
LOST = 0.75  # the share of the gain since the start that is lost when a run counts as blown up


def steepest(lr: Array, smooth: Array, blow_up: float) -> float:
    """lr at the steepest fall of the smoothed loss against log(lr), before its minimum.

    fastai's `steep`. The fall is steep where training is already fast, well below where it fails: a careful rate, but
    the noisiest of the three readings, and on a smooth landscape the fall says more about the length of the test than
    about the rate.

    Source: fastai, callback/schedule.py, `steep`.

    >>> steepest(np.array([0.01, 0.1, 1.0, 10.0]), np.array([1.0, 0.9, 0.1, 0.2]), np.nan)
    0.1
    """
    before = int(np.argmin(smooth)) + 1
    if before < 2:
        return np.nan
    # the fall to the next rate belongs to the lower one: the safe side
    return float(lr[np.argmin(np.diff(smooth[:before]) / np.diff(np.log(lr[:before])))])


def minimum_tenth(lr: Array, smooth: Array, blow_up: float) -> float:
    """lr at the minimum of the smoothed loss, divided by 10.

    Jeremy Howard's rule, fastai's `minimum`. At the minimum the loss is already about to rise, so a smaller rate is
    wanted; the 10 is a habit, not a result. On the digits it is about ten times too careful for the training loss: the
    best constant rate there is the minimum itself.

    Source: fastai, callback/schedule.py, `minimum`.

    >>> minimum_tenth(np.array([0.01, 0.1, 1.0, 10.0]), np.array([1.0, 0.9, 0.1, 0.2]), np.nan)
    0.1
    """
    lowest = int(np.argmin(smooth))
    return float(lr[lowest] / 10) if lowest else np.nan


def blow_up_quarter(lr: Array, smooth: Array, blow_up: float) -> float:
    """lr where the stop rule struck, divided by 4.

    The largest rate that trains is within a factor of two of the best one (Bengio), and the test passes that rate
    before it notices: it takes some steps to blow up, and the average some more. Together about 4, which is also
    what Smith takes from his largest rate down to the lower end of a cycle (3 or 4). For a small net on the digits the
    best constant rate is once to twice this one.

    Source: Bengio 2012, arXiv:1206.5533; Smith 2015, arXiv:1506.01186.

    >>> blow_up_quarter(np.array([0.1, 1.0]), np.array([1.0, 0.5]), 4.0)
    1.0
    """
    return blow_up / 4


READINGS: dict[str, Callable[[Array, Array, float], float]] = {
    "steepest": steepest,
    "minimum / 10": minimum_tenth,
    "blow-up / 4": blow_up_quarter,
}


def range_test(
    objective: Objective,
    start,
    low: float = 1e-4,
    high: float = 10.0,
    steps: int = 200,
    *,
    scale: str = "log",
    smoothing: float = 0.9,
    stop: float = 4.0,
    optimizer: Optimizer | None = None,
    seeds=5,
) -> RangeTest:
    """lr_t = low * (high / low) ** (t / (steps - 1)): train while the rate rises, and look at the loss.

    objective: what is minimised
    start:     as `descend`'s, for one run; or a function of a seeded generator that gives it, such as a model's init
    low, high: 0 < low < high, the first and the last rate
    steps:     >= 10
    scale:     "log" as above; "linear": lr_t = low + (high - low) * t / (steps - 1), Smith's own
    smoothing: 0 <= smoothing < 1, beta of the average m_t = beta * m_{t-1} + (1 - beta) * loss_t, m_{-1} = 0, which
               is divided by 1 - beta ** (t + 1). It lags by beta / (1 - beta) steps: 9, with the defaults a factor
               of 1.7 in the rate.
    stop:      > 1: the test ends where the smoothed loss is above `stop` times its lowest so far (for a loss below 0:
               (stop - 1) times its size above it; fastai's rule, with its 4), where three quarters of what was gained
               since the start are lost again and that was at least half of the loss, or where a loss is not finite
    optimizer: a rule from `lrlab.optimizers`; plain SGD if left out
    seeds:     how many, or a list: each gets a run of its own, numpy.random.default_rng(seed)

    loss[t] is the loss after the step with lr_t (fastai pairs lr_t with the loss before it). The first
    1 / (1 - smoothing) entries are no average yet, and no rate is read there.

    Trust it to a factor of 3 to 10. It finds the border of what trains, in a fraction of one run, and not the rate that
    is best after a thousand steps. A loss without noise converges while the rate is still small, and what has converged
    is slow to blow up: the border is then found too late (five times, on the quadratic of curvatures 1 and 25). Softmax
    on the digits has no border: its loss blows up at about 6, and it still classifies 95 % right at a constant 30.
    Decay, warm-up and another batch size move the best rate too. Each of the READINGS says how far to trust it.

    Returns a RangeTest; `plots` draws it.
    Raises ValueError for a value out of range.
    Source: Smith 2015, arXiv:1506.01186; fastai's lr_find.

    >>> from lrlab.objectives import noisy, quadratic
    >>> test = range_test(noisy(quadratic((0.1, 1.0)), 0.3), [1.0, 1.0], 1e-3, 10.0)  # stable up to 2
    >>> {name: round(rate, 2) for name, rate in test.rates.items()}
    {'steepest': 0.03, 'minimum / 10': 0.04, 'blow-up / 4': 0.39}
    """
    steps = whole("steps", steps, 10, "give a whole number of steps from 10 up, such as 200")
    if scale not in list(SCALES):  # a list takes what has no hash too
        raise ValueError(f'scale is {scale!r}: give "log" or "linear"')
    low = number("low", low, "give a first rate above 0, such as 1e-4", positive)
    beta = beta_of(smoothing)
    stop = number("stop", stop, "give a factor above 1, such as 4.0", lambda x: x > 1)
    lr = np.array(SCALES[scale](low, high, steps).grid())

    def loss_of(seed):
        params, rng = begin(start, seed)
        return descend(objective, params, rising, optimizer=optimizer, steps=steps, keep="last", rng=rng).loss[1:]

    def rising(t):
        return lr[t - t[0]]  # a run that is gone on with does not begin at 0

    loss = np.stack([loss_of(seed) for seed in seeds_of(seeds)], axis=-1)
    if loss.ndim != 2:
        raise ValueError(f"start gives a batch of {loss.shape[1:-1]} runs: give one point, (D,)")
    smooth = smoothed(loss, beta)
    first = min(round(1 / (1 - beta)), steps // 2)
    ends = np.array([blown_up(run, stop, first) for run in smooth.T])
    return reading(lr, loss, smooth, ends, first)


def smoothed(loss, smoothing: float = 0.9) -> Array:
    """m_t / (1 - beta ** (t + 1)), m_t = beta * m_{t-1} + (1 - beta) * loss_t, m_{-1} = 0: Adam's mean of a curve.

    loss:      (T, *B), averaged along the first axis; after a NaN everything is NaN
    smoothing: beta, 0 <= beta < 1; the average lags by beta / (1 - beta) steps

    Raises ValueError where smoothing is out of range or loss is no curve.
    Source: Kingma and Ba 2015, arXiv:1412.6980, section 3.

    >>> smoothed([1.0, 1.0, 4.0], 0.5).round(4).tolist()
    [1.0, 1.0, 2.7143]
    """
    remedy = "give the losses of a run, of shape (T,) or (T, *B)"
    beta, loss = beta_of(smoothing), floats("loss", loss, remedy)
    if loss.ndim == 0:
        raise ValueError(f"loss has shape (): {remedy}")
    mean, out = np.zeros(loss.shape[1:]), np.empty_like(loss)
    with np.errstate(all="ignore"):
        for t, now in enumerate(loss):
            mean = beta * mean + (1 - beta) * now
            out[t] = mean / (1 - beta ** (t + 1))
    return out


def beta_of(smoothing) -> float:
    return number("smoothing", smoothing, "give 0 or more and less than 1, such as 0.9", lambda x: (x >= 0) & (x < 1))


def blown_up(smooth: Array, stop: float, first: int) -> int:
    """The first entry where the stop rule strikes; T where it never does."""
    with np.errstate(all="ignore"):
        best = np.minimum.accumulate(smooth)
        gain = smooth[first] - best
        far_above = smooth > best + (stop - 1) * np.abs(best)
        # a net that has gone dead stays at the loss of guessing, which may be less than `stop` times the best
        gambled_away = (gain > np.abs(smooth[first]) / 2) & (smooth > best + LOST * gain)
        struck = ~np.isfinite(smooth) | far_above | gambled_away
    return int(struck.argmax()) if struck.any() else len(smooth)


def reading(lr: Array, loss: Array, smooth: Array, ends: Array, first: int) -> RangeTest:
    """The rates that the curves give, run by run, and what is wrong with them."""
    blow_up = np.array([lr[end] if end < len(lr) else np.nan for end in ends])
    readings = {name: np.full(len(ends), np.nan) for name in READINGS}
    minimum = np.full(len(ends), np.nan)
    for s, end in enumerate(ends):
        seen = slice(first, end)
        if end > first:
            minimum[s] = lr[seen][smooth[seen, s].argmin()]
        for name, read in READINGS.items():
            readings[name][s] = read(lr[seen], smooth[seen, s], blow_up[s]) if end > first else np.nan
    rates = {
        name: float(np.median(r[~np.isnan(r)])) if (~np.isnan(r)).any() else np.nan for name, r in readings.items()
    }
    return RangeTest(lr, loss, smooth, ends, minimum, blow_up, readings, rates, warnings_of(lr, ends, minimum, first))


def warnings_of(lr: Array, ends: Array, minimum: Array, first: int) -> tuple[str, ...]:
    """What to read before a rate is used."""
    runs, found = len(ends), []
    early, late = int((ends <= first).sum()), int((ends == len(lr)).sum())
    if early:
        found.append(f"{early} of {runs} runs blew up at once: begin below low = {lr[0]:.4g}")
    if late:
        found.append(f"{late} of {runs} runs did not blow up: end above high = {lr[-1]:.4g}")
    flat = int((minimum == lr[first]).sum())
    if flat:
        found.append(f"{flat} of {runs} runs never got better: begin below low = {lr[0]:.4g}, or give more steps")
    return tuple(found)
