"""What tuning found: a range test, losses against a rate, samples of two axes."""

from numbers import Real

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.transforms import offset_copy

from lrlab.plots.look import GROUND, MARKERS, PALETTE, SEQUENTIAL, axes_or_new, cross, expect, legend
from lrlab.tuning import RangeTest, Search

READINGS = "D", "s", "P"  # the shapes in which rates that were read off are marked
INK = "black"  # a page turns it into the colour of its text


def u_curve(search: Search, ax: Axes | None = None, *, axis: str = "lr", score: str = "loss") -> Axes:
    """The median score at each rate with its band; a line marks the chosen rate, crosses what diverged.

    A rate is *good* if its median lies within the band of the best one; below the chosen rate the others are too low,
    above it too high. Where several configurations share a rate, the best of them stands for it.

    search: a Search of `lrlab.tuning`; with one axis, or as a cut through several
    axis:   name of an axis that holds numbers
    score:  what the scores are, for the label

    Returns the axes. Raises ValueError where search has no such axis.
    Source: definition; the colours' rule is ours.

    >>> from lrlab.tuning import Search, log
    >>> scores = np.array([[2.0, 2.2], [0.4, 0.6], [np.inf, np.inf]])
    >>> configurations = tuple({"lr": lr} for lr in (0.01, 0.1, 1.0))
    >>> middle = np.array([2.1, 0.5, np.inf])
    >>> search = Search("sweep", {"lr": log(0.01, 1.0)}, configurations, np.arange(2), scores, middle,
    ...                 scores.min(1), scores.max(1), "range", 1, {"lr": 0.1}, ())
    >>> [text.get_text() for text in u_curve(search).get_legend().get_texts()]
    ['too low', 'good', 'diverged', 'chosen: 0.1']
    """
    expect("search", search, Search)
    scale = scale_of(search, axis)
    rates, best = np.unique(search.values(axis)), []
    for rate in rates:
        same = np.flatnonzero(search.values(axis) == rate)
        best.append(same[np.argmin(np.where(np.isnan(search.median[same]), np.inf, search.median[same]))])
    median, low, high = (values[best] for values in (search.median, search.low, search.high))
    drawn = np.isfinite(median)
    ax = axes_or_new(ax)
    ax.set(xlabel=named(axis), ylabel=of_seeds(score, search), xscale=scale)
    if drawn.any() and np.nanmin(low[drawn]) > 0:
        ax.set_yscale("log")
    # what is infinite reaches the top of what can be drawn
    roof = max(median[drawn].max(), np.max(high[np.isfinite(high)], initial=-np.inf)) if drawn.any() else 1.0
    line = np.where(drawn, median, np.nan)
    top = np.where(drawn, np.minimum(high, roof), np.nan)
    ax.fill_between(rates, np.where(drawn, low, np.nan), top, color=GROUND, alpha=0.3, linewidth=0)
    ax.plot(rates, line, color=GROUND, linewidth=1.2)
    kinds = verdicts(search, axis, rates, median)
    for kind in PALETTE:
        mine = kinds == kind
        if kind == "diverged" and mine.any():
            cross(ax, rates[mine], np.full(mine.sum(), roof), label=kind)
        elif mine.any():
            ax.plot(rates[mine], median[mine], MARKERS[kind], color=PALETTE[kind], markersize=7, label=kind)
    if search.chosen is not None:
        chosen = search.chosen[axis]
        ax.axvline(
            chosen, color=PALETTE["good"], linestyle="--", linewidth=1.2, label=f"chosen: {chosen:.3g}", zorder=1
        )
    legend(ax)
    return ax


def verdicts(search: Search, axis: str, rates: np.ndarray, median: np.ndarray) -> np.ndarray:
    """The key in PALETTE for each rate; "" where nothing was run."""
    kinds = np.full(len(rates), "diverged", dtype=object)
    kinds[np.isnan(median)] = ""
    if search.chosen is not None:
        trained = np.isfinite(median)
        kinds[trained & (rates < search.chosen[axis])] = "too low"
        kinds[trained & (rates > search.chosen[axis])] = "too high"
        kinds[trained & (median <= search.high[search.best])] = "good"
        kinds[rates == search.chosen[axis]] = "good"
    return kinds


def range_test(test: RangeTest, ax: Axes | None = None) -> Axes:
    """The loss while the rate rises, smoothed (median of the seeds in ink, each seed in grey), and the rates it gives.

    test: a RangeTest of `lrlab.tuning`; each of its readings is a mark on the curve, a cross is where a seed blew up

    Returns the axes.
    Source: Smith 2015, arXiv:1506.01186.

    >>> from lrlab.objectives import quadratic
    >>> from lrlab.tuning import range_test as test_rates
    >>> range_test(test_rates(quadratic((0.1, 1.0)), [1.0, 1.0], 1e-3, 10.0, seeds=1)).get_xscale()
    'log'
    """
    expect("test", test, RangeTest)
    ax = axes_or_new(ax)
    counts = np.arange(len(test.lr))[:, None] < test.stop
    smooth = np.where(counts, test.smooth, np.nan)
    raw = np.where(counts & np.isfinite(test.loss), test.loss, np.nan)
    middle = median_while_most_live(smooth)
    ax.plot(test.lr, raw, color=GROUND, linewidth=0.5, alpha=0.5)
    if smooth.shape[1] > 1:
        ax.plot(test.lr, smooth, color=GROUND, linewidth=0.9)
    ax.plot(test.lr, middle, color=INK, label="smoothed loss")
    for seed, rate in enumerate(test.blow_up):
        end = int(test.stop[seed]) - 1
        if np.isfinite(rate) and end >= 0:
            cross(
                ax,
                test.lr[end],
                smooth[end, seed],
                label="blow-up" if seed == np.argmax(np.isfinite(test.blow_up)) else None,
            )
    for (name, rate), marker in zip(test.rates.items(), READINGS, strict=False):
        if np.isfinite(rate):
            ax.axvline(rate, color=PALETTE["good"], linestyle=":", linewidth=1.2, zorder=1)
            height = np.interp(rate, test.lr, middle)
            ax.plot(
                rate, height, marker, color=PALETTE["good"], markersize=7, linestyle="none", label=f"{name}: {rate:.2g}"
            )
    ax.set(xlabel="learning rate", ylabel="loss", xscale="log")
    low, high = np.nanmin(smooth, initial=np.inf), np.nanmax(smooth, initial=-np.inf)
    if 0 < 30 * low < high:
        ax.set(yscale="log", ylim=(low / 2, 2 * high))
    elif low < high:  # single losses jump out of the picture: what counts is the average
        ax.set_ylim(low - 0.15 * (high - low), high + 0.15 * (high - low))
    legend(ax)
    return ax


def median_while_most_live(curves: np.ndarray) -> np.ndarray:
    """The median of (T, S), a curve that has ended counting as infinitely high; NaN where half of them have."""
    with np.errstate(invalid="ignore"):
        middle = np.median(np.where(np.isnan(curves), np.inf, curves), axis=1)
    return np.where(np.isfinite(middle), middle, np.nan)


def samples(
    search: Search, ax: Axes | None = None, *, x: str | None = None, y: str | None = None, score: str = "loss"
) -> Axes:
    """Where a search looked: two of its axes, each configuration coloured by its median score, the chosen one ringed.

    search: a Search of `lrlab.tuning`, a grid or a random one
    x, y:   names of two axes that hold numbers; the first two such if left out
    score:  what the scores are, for the colour bar

    The colours are on a log scale where all scores are above 0, and end at ten times the third quartile if the worst
    lies beyond. What diverged is a cross.

    Returns the axes. Raises ValueError where search has no such axes.
    Source: Bergstra and Bengio 2012, jmlr.org/papers/v13/bergstra12a.html.

    >>> from lrlab.tuning import Search, linear, log
    >>> configurations = tuple({"lr": lr, "momentum": beta} for lr in (0.1, 1.0) for beta in (0.0, 0.9))
    >>> scores = np.array([[0.4], [0.2], [0.3], [np.inf]])
    >>> space = {"lr": log(0.1, 1.0), "momentum": linear(0.0, 0.9)}
    >>> search = Search("grid", space, configurations, np.arange(1), scores, *[scores[:, 0]] * 3, "range", 1,
    ...                 configurations[1], ())
    >>> ax = samples(search)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('learning rate', 'momentum')
    """
    expect("search", search, Search)
    ordered = numeric(search)
    if len(ordered) < 2:
        has = ", ".join(map(repr, ordered)) or "none"
        raise ValueError(f"search has no two axes that hold numbers: it has {has}; u_curve draws one")
    x = next(name for name in ordered if name != y) if x is None else x
    y = next(name for name in ordered if name != x) if y is None else y
    if x == y:
        raise ValueError(f"x and y are both {x!r}: give two axes of {', '.join(map(repr, ordered))}")
    scales = [scale_of(search, name) for name in (x, y)]
    ax = axes_or_new(ax)
    across, up, median = search.values(x), search.values(y), search.median
    drawn, gone = np.isfinite(median), np.isposinf(median)
    if drawn.any():
        worst, usual = median[drawn].max(), 10 * np.quantile(median[drawn], 0.75)
        far = worst > usual > 0  # on the way to diverging: it would leave one colour to all others
        norm = (LogNorm if median[drawn].min() > 0 else Normalize)(median[drawn].min(), usual if far else worst)
        look = {"cmap": SEQUENTIAL, "norm": norm, "s": 45, "edgecolors": GROUND, "linewidths": 0.8}
        dots = ax.scatter(across[drawn], up[drawn], c=median[drawn], **look)
        ax.figure.colorbar(dots, ax=ax, label=of_seeds(score, search), extend="max" if far else "neither")
    if gone.any():
        cross(ax, across[gone], up[gone], label="diverged")
    if search.chosen is not None:
        label = f"chosen: {search.chosen[x]:.3g}, {search.chosen[y]:.3g}"
        ax.plot(
            search.chosen[x],
            search.chosen[y],
            "o",
            color=PALETTE["good"],
            markersize=13,
            fillstyle="none",
            markeredgewidth=2,
            label=label,
        )
    ax.set(xlabel=named(x), ylabel=named(y), xscale=scales[0], yscale=scales[1])
    if gone.any() or search.chosen is not None:
        # below the axis and its label: points are everywhere, and above is the title's place
        below = offset_copy(ax.transAxes, ax.figure, y=-38, units="points")
        legend(ax, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, ncols=2, borderaxespad=0)
    return ax


def scale_of(search: Search, axis: str) -> str:
    """The scale of an axis that has numbers, log for a choice of numbers over a decade; else one sentence."""
    if axis not in numeric(search):
        has = ", ".join(map(repr, numeric(search))) or "none"
        raise ValueError(f"search has no axis {axis!r} that holds numbers: it has {has}")
    options = search.space[axis].options
    if not options:
        return search.space[axis].scale
    return "log" if min(options) > 0 and max(options) >= 10 * min(options) else "linear"


def numeric(search: Search) -> list[str]:
    """The axes whose values are numbers."""
    return [
        name
        for name, axis in search.space.items()
        if all(isinstance(option, Real) and not isinstance(option, bool) for option in axis.options)
    ]


def of_seeds(score: str, search: Search) -> str:
    """The label of a median over seeds."""
    count = len(search.seeds)
    return f"{score}, median of {count} seeds" if count > 1 else f"{score}, one seed"


def named(axis: str) -> str:
    return "learning rate" if axis == "lr" else axis.replace("_", " ")
