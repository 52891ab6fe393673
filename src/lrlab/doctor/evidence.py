"""What can be measured on one loss curve: levels, falls, roughness, and whether the next loss follows from the last."""

from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array

BLOCKS = 8  # blocks of a quarter, from whose means its error bar comes
MANY = 40  # points of the tail below which its neighbours are too far apart to show a rule
LOOK = 400  # points of the tail that are searched for regularity: the search costs their square


@dataclass(frozen=True)
class Evidence:
    """The numbers behind a verdict. Losses are in the log's own unit, everything else is a share or a count.

    points:     values that were logged, NaN and infinite ones too; `finite` of them are numbers
    ended_at:   the step of the first value of a tail without a number, None if the log ends in a number
    begin:      the first loss
    start:      the first loss, or, where it lies within three jumps of the mean of the first fiftieth, that mean
    first:      the higher of start and that mean
    blur:       the standard error of first
    middle:     its mean over the second quarter of the points, `last` over the last quarter
    lowest:     the lowest mean over a sixteenth of the points
    late:       (middle - last) / (first - last): the share of the fall that came late; .57 on a straight line
    ahead:      how much lower 2.4 times the steps would end, as a share of the whole fall, if the fall goes on from
                one factor of time to the next as it did before
    error:      standard error of middle - last, from the scatter of eighths of the quarters around a line
    sigmas:     the fall from middle to last in standard errors, of its logarithm where all losses are above 0
    trend:      the same of the straight line through sixteenths of all points: sees a slow fall in much noise
    ending:     the fall from the first to the second half of the last quarter, as a share of middle - last;
                .25 on a straight line
    scatter:    robust size of the jumps from point to point in the second half, in the log's unit
    spread:     how far the last quarter lies around a line, in the log's unit; wandering counts, which scatter misses
    turning:    share of the inner points of the second half that are a peak or a dip: 2/3 for independent noise, 1 for
                an up and down at every step, 0 for a smooth curve
    echo:       rank correlation of neighbours in the detrended tail; near -1 for an up and down at every step
    regular:    how much better the next loss follows from the most similar earlier ones than from a straight line
                through the last two: above 0 only where a rule, not chance, makes the jumps
    lr_left:    the last rate as a share of the largest, where rates were given
    """

    points: int
    finite: int
    ended_at: float | None
    begin: float
    start: float
    first: float
    blur: float
    middle: float
    last: float
    lowest: float
    late: float
    ahead: float
    error: float
    sigmas: float
    trend: float
    ending: float
    scatter: float
    spread: float
    turning: float
    echo: float
    regular: float
    lr_left: float | None = None


def measure(losses: Array, steps: Array | None = None, lrs: Array | None = None) -> Evidence:
    """The evidence in one run's losses (T,); NaN inside is a gap, a tail of it longer than any gap is the end."""
    points = len(losses)
    where = np.flatnonzero(np.isfinite(losses))
    steps = np.arange(points) if steps is None else steps
    y = losses[where]
    ended_at = None
    if len(where):
        gap = int(np.diff(where).max(initial=1)) - 1
        tail = points - 1 - int(where[-1])
        if tail > gap or (tail and np.isinf(losses[where[-1] + 1 :]).any()):
            ended_at = float(steps[where[-1] + 1])
    left = None
    if lrs is not None and np.isfinite(lrs).any() and np.nanmax(lrs) > 0:
        rates = lrs[np.isfinite(lrs)]
        left = float(rates[-max(1, len(rates) // 20) :].mean() / rates.max())
    # divided by the largest, so that nothing overflows and no unit counts
    unit = float(np.abs(y).max(initial=0.0)) or 1.0
    with np.errstate(all="ignore"):
        return Evidence(points, len(y), ended_at, *shape(y / unit, unit), lr_left=left)


def shape(y: Array, unit: float) -> tuple[float, ...]:
    """The fields of Evidence from `first` on."""
    n = len(y)
    if n < 8:
        begin, level = (unit * float(y[0]), unit * mean(y)) if n else (np.nan, np.nan)
        return (begin, *(level,) * 6, *(0.0,) * 11)
    begin, few = float(y[0]), mean(y[: max(3, n // 50)])
    near = jumps(y[1 : max(20, n // 10)])
    start = begin if abs(begin - few) > 3 * near else few
    first = max(start, few)
    early, middle, last = (
        y[int(a * n) : max(int(b * n), int(a * n) + 1)] for a, b in ((0.1, 0.2), (0.25, 0.5), (0.75, 1))
    )
    lowest = min(mean(part) for part in np.array_split(y, min(16, n // 2)))
    a, b, c = mean(early), mean(middle), mean(last)
    fall, late = first - c, b - c
    half = len(last) // 2
    # the windows lie a factor 2.4 apart in time: a power law falls by the same factor from each to the next
    factor = min(max(late / (a - b), 0.0), 6.0) if a > b else 6.0
    ahead = max(late, 0.0) * factor
    tail = y[n // 2 :]
    steps = np.diff(tail)
    return (
        unit * begin,
        unit * start,
        unit * first,
        unit * near / np.sqrt(max(3, n // 50)) if start == few else 0.0,
        unit * b,
        unit * c,
        unit * lowest,
        ratio(late, fall),
        ratio(ahead, abs(fall) + ahead),
        unit * float(np.hypot(error(middle), error(last))),
        sigmas(middle, last),
        trend(np.array([mean(part) for part in np.array_split(y, min(16, n // 2))])),
        ratio(mean(last[:half]) - mean(last[half:]), late),
        unit * max(jumps(tail), float(np.abs(steps).mean()) / 2),
        unit * float(around_a_line(last).std()),
        turning(steps),
        *regularity(tail[-LOOK:]),
    )


def mean(y: Array) -> float:
    return float(y.mean())


def jumps(y: Array) -> float:
    """The standard deviation of independent noise whose steps are as large as these, from their median."""
    steps = np.diff(y)
    return float(np.median(np.abs(steps - np.median(steps)))) * 1.4826 / np.sqrt(2)


def ratio(a: float, b: float) -> float:
    """a / b, and 0 where there is nothing to divide by."""
    return float(a / b) if b else 0.0


def error(y: Array) -> float:
    """The standard error of the mean."""
    return error_of(blocks(y)) * (mean(y) if y.min() > 0 else 1.0)


def sigmas(before: Array, after: Array) -> float:
    """The fall from one stretch to the next in standard errors, of the logarithm where that can be."""
    log = min(before.min(), after.min()) > 0
    fall = np.log(mean(before) / mean(after)) if log else mean(before) - mean(after)
    wide = np.hypot(*(error(y) / (mean(y) if log else 1.0) for y in (before, after)))
    return float(min(max(fall / wide, -1e3), 1e3)) if wide else 1e3 * float(np.sign(fall))


def trend(means: Array) -> float:
    """How many standard errors a straight line through the means falls."""
    time = np.linspace(-1, 1, len(means))
    slope, left = time @ (means - means.mean()), around_a_line(means)
    wide = np.sqrt(left @ left / max(len(means) - 2, 1) * (time @ time))
    return float(min(max(-slope / wide, -1e3), 1e3)) if wide else -1e3 * float(np.sign(slope))


def blocks(y: Array) -> Array:
    """The means of eighths, so that slow wandering counts; logarithms, because a fall by a factor is no scatter."""
    found = np.array([mean(part) for part in np.array_split(y, min(BLOCKS, len(y)))])
    return np.log(found) if y.min() > 0 else found


def error_of(means: Array) -> float:
    """The standard error of the mean of blocks around a line."""
    away = around_a_line(means)
    return float(np.sqrt(away @ away / max(len(means) - 2, 1) / len(means)))


def around_a_line(y: Array) -> Array:
    """What is left of y when the straight line that fits best is taken out."""
    time = np.linspace(-1, 1, len(y))
    away = y - y.mean()
    return away - time * (time @ away) / max(float(time @ time), 1.0)


def turning(steps: Array) -> float:
    """The share of neighbouring steps whose signs differ; steps of exactly 0 are left out."""
    signs = np.sign(steps[steps != 0])
    return float(np.mean(signs[1:] != signs[:-1])) if len(signs) > 2 else 0.0


def regularity(tail: Array) -> tuple[float, float]:
    """(echo, regular) of the tail's ranks, after a straight line is taken out."""
    n = len(tail)
    if n < 10 or np.ptp(tail) <= 1e-9 * np.abs(tail).max():
        return 0.0, 0.0
    ranks = np.argsort(np.argsort(around_a_line(tail), kind="stable"), kind="stable") / n
    around = ranks - ranks.mean()
    echo = float(around[1:] @ around[:-1] / (around @ around))
    if n < MANY:
        return echo, 0.0
    past, following = np.stack([ranks[1:-1], ranks[:-2]], axis=1), ranks[2:]
    far = np.square(past[:, None] - past[None]).sum(axis=-1)
    # a point's neighbours in time know its future: only the others are asked
    far[np.abs(np.subtract.outer(np.arange(n - 2), np.arange(n - 2))) < 3] = np.inf
    similar = np.argpartition(far, 3, axis=1)[:, :3]
    missed = np.mean((following - following[similar].mean(axis=1)) ** 2)
    line = np.column_stack([past, np.ones(n - 2)])
    straight = np.mean((following - line @ np.linalg.lstsq(line, following, rcond=None)[0]) ** 2)
    return echo, float(1 - missed / straight) if straight > 1e-9 else 0.0
