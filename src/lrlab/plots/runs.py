"""Runs against their steps: losses, learning rates, sharpness."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from lrlab.arguments import floats, not_negative, number, numbers, whole
from lrlab.descent import Trajectory
from lrlab.descent import learning_rates as rates_of
from lrlab.plots.look import GROUND, axes_or_new, by_name, cross, expect, legend, one_each
from lrlab.tuning.seeds import quantile


def losses(runs: Mapping, ax: Axes | None = None, colors: Mapping | None = None, *, quantiles=(0.25, 0.75)) -> Axes:
    """loss_t against t, one line a run, with gaps where it is NaN; a run that diverges ends in a cross.

    Many seeds of one setting are drawn as their median and a band between two quantiles. A seed that diverged counts
    as infinitely high and gets a cross of its own; the label says how many did. A picture with seeds ends at a thousand
    times the highest first loss, or at the highest loss of a run that did not diverge; crosses are where it was left.
    The scale is logarithmic, with gaps where a loss is 0, and linear where one is below 0 or none is above.

    runs:      name -> Trajectory of a single run, or its losses (T+1,); of S seeds, or their losses (T+1, S)
    colors:    name -> colour; the style's own if left out
    quantiles: 0 <= low <= high <= 1, the band's borders

    Returns the axes. Raises ValueError for losses of another shape or quantiles out of range.
    Source: definition.

    >>> from lrlab import descend, objectives
    >>> ax = losses({"lr 0.1": descend(objectives.parabola(), [1.0], 0.1)})
    >>> ax.get_yscale()
    'log'
    """
    remedy = "give two numbers from 0 to 1, the lower one first, such as (0.25, 0.75)"
    quantiles = numbers("quantiles", quantiles, remedy, lambda q: (q >= 0) & (q <= 1))
    if quantiles.shape != (2,) or quantiles[0] > quantiles[1]:
        raise ValueError(f"quantiles is {quantiles.tolist()}: {remedy}")
    curves = {name: curves_of(name, run) for name, run in by_name("runs", runs).items()}
    ax = axes_or_new(ax)
    straight = any((loss < 0).any() for loss in curves.values()) or not any(
        (loss > 0).any() for loss in curves.values()
    )
    floor, roof = (-np.inf if straight else np.nextafter(0, 1)), roof_of(list(curves.values()))
    ax.set(xlabel="step", ylabel="loss", yscale="linear" if straight else "log")
    for name, loss in curves.items():
        color = (colors or {}).get(name)
        if loss.ndim == 1:
            line = curve(ax, np.arange(len(loss)), drawn(loss, floor, roof), label=name, color=color)
        else:
            line = band(ax, name, loss, color, quantiles, floor, roof)
        for seed in loss.reshape(len(loss), -1).T:
            last = last_seen(drawn(seed, floor, roof))
            if np.isnan(seed[-1]) and last is not None:
                cross(ax, last, seed[last], color=line.get_color())
    legend(ax)
    return ax


def curves_of(name: str, run) -> np.ndarray:
    """Losses (T+1,) or (T+1, S), NaN where they are not finite."""
    remedy = "give (T+1,), or (T+1, S) for S seeds"
    loss = floats(f"runs[{name!r}]", getattr(run, "loss", run), remedy)
    if loss.ndim not in (1, 2) or not loss.size:
        raise ValueError(f"runs[{name!r}] has losses of shape {loss.shape}: {remedy}")
    return np.where(np.isfinite(loss), loss, np.nan)


def roof_of(curves: list[np.ndarray]) -> float:
    """The highest loss that is drawn. Where there are bands, those that diverge would press all others flat."""
    if all(loss.ndim == 1 for loss in curves):
        return np.inf
    runs = [run for loss in curves for run in loss.reshape(len(loss), -1).T]
    lasting = [np.nanmax(run) for run in runs if np.isfinite(run[-1])]
    first = [1e3 * abs(run[0]) for run in runs if np.isfinite(run[0])]
    return max(first + lasting, default=0.0)


def curve(ax: Axes, x, y, **look):
    """The line through the points; a point between two gaps, which no line would show, gets a dot."""
    seen = np.pad(np.isfinite(y), 1)
    alone = np.flatnonzero(seen[1:-1] & ~seen[:-2] & ~seen[2:]).tolist()
    (line,) = ax.plot(x, y, marker="." if alone else "", markevery=alone, **look)
    return line


def drawn(loss: np.ndarray, floor: float, roof: float) -> np.ndarray:
    """The losses, with a gap where they are above the roof, or below the floor: a log scale has no place for 0."""
    return np.where((loss >= floor) & (loss <= roof), loss, np.nan)


def band(ax: Axes, name: str, loss: np.ndarray, color, quantiles, floor: float, roof: float):
    """The median of seeds (T+1, S), and what lies between two quantiles."""
    gone = int(np.isnan(loss[-1]).sum())
    label = f"{name} ({gone} of {loss.shape[1]} diverged)" if gone else name
    high = np.where(np.isnan(loss), np.inf, loss)
    low, middle, top = (quantile(high, q) for q in (quantiles[0], 0.5, quantiles[1]))
    line = curve(ax, np.arange(len(loss)), drawn(middle, floor, roof), label=label, color=color)
    ax.fill_between(
        np.arange(len(loss)),
        np.maximum(low, np.min(loss, where=loss >= floor, initial=roof)),
        np.minimum(top, roof),
        where=low <= roof,
        color=line.get_color(),
        alpha=0.25,
        linewidth=0,
    )
    return line


def last_seen(values: np.ndarray) -> int | None:
    """The last row that is finite."""
    seen = np.flatnonzero(np.isfinite(values))
    return int(seen[-1]) if len(seen) else None


def learning_rates(
    schedules: Mapping,
    ax: Axes | None = None,
    *,
    steps: int = 100,
    colors: Mapping | None = None,
    yscale: str = "linear",
) -> Axes:
    """lr_t against t, one line a schedule; drawing changes nothing.

    schedules: name -> schedule, which is asked at the steps 0 ... steps - 1; or rates (T,); or a Trajectory of a
               single run, whose rates are those that were really used
    steps:     >= 1
    colors:    name -> colour; the style's own if left out
    yscale:    "linear" or "log", with gaps where a rate is 0

    Returns the axes. Raises ValueError for rates of another shape or another scale.
    Source: definition.

    >>> from lrlab.schedules import cosine, warmup
    >>> ax = learning_rates({"cosine": cosine(0.1, T_max=100), "warmed up": warmup(cosine(0.1, T_max=90), steps=10)})
    >>> [len(line.get_ydata()) for line in ax.lines]
    [100, 100]
    """
    if yscale not in ("linear", "log"):
        raise ValueError(f'yscale is {yscale!r}: give "linear" or "log"')
    steps = whole("steps", steps, 1, "give a whole number of steps from 1 up, such as 100")
    ax = axes_or_new(ax)
    for name, schedule in by_name("schedules", schedules).items():
        rates = rates_of(schedule, 0, steps) if callable(schedule) else getattr(schedule, "lr", schedule)
        remedy = "give (T,), one sequence a name"
        rates = floats(f"schedules[{name!r}]", rates, remedy)
        if rates.ndim != 1:
            raise ValueError(f"schedules[{name!r}] has rates of shape {rates.shape}: {remedy}")
        if yscale == "log":
            rates = np.where(rates > 0, rates, np.nan)
        ax.plot(rates, label=name, color=(colors or {}).get(name))
    ax.set(xlabel="step", ylabel="learning rate", yscale=yscale)
    if yscale == "linear":
        ax.set_ylim(bottom=0)
    legend(ax)
    return ax


def sharpness(run: Trajectory, ax: Axes | None = None, *, momentum: float = 0.0, colors=None) -> Axes:
    """The sharpness that was measured on the way, and, dashed, 2 * (1 + momentum) / lr_t: what the rate can bear.

    run:      a Trajectory with curvature.sharpness_monitor as its monitor: one run, or a batch, one line each
    momentum: >= 0, of the sgd that trained it (heavy ball)
    colors:   one, or one for each run; the style's own if left out

    Returns the axes. Raises ValueError for a run without measurements, a negative momentum, and where there
    are not as many colours as runs.
    Source: Cohen et al. 2021, arXiv:2103.00065.

    >>> from lrlab import curvature, descend, objectives
    >>> valley = objectives.quadratic((1.0, 10.0))
    >>> run = descend(valley, [1.0, 1.0], 0.1, steps=6, monitor=curvature.sharpness_monitor(valley, every=3))
    >>> measured, edge, _ = sharpness(run).lines
    >>> measured.get_ydata().round(6).tolist(), edge.get_ydata()[-1].tolist()
    ([10.0, 10.0, 10.0], 20.0)
    """
    momentum = number("momentum", momentum, "give 0 or more, such as 0.9", not_negative)
    expect("run", run, Trajectory)
    if "sharpness" not in run.metrics:
        raise ValueError("run holds no sharpness: train it with monitor=curvature.sharpness_monitor(objective)")
    t = np.array([t for t, _ in run.metrics["sharpness"]])
    values = np.array([value for _, value in run.metrics["sharpness"]]).reshape(len(t), -1)
    rates = run.lr.reshape(len(run.lr), values.shape[1])
    colors = one_each("colors", colors, values.shape[1])
    first = run.state.t - len(rates)  # of a run that went on from another
    ax = axes_or_new(ax)
    for i in range(values.shape[1]):
        lr = rates[:, i]
        constant = len(lr) and np.isfinite(lr[0]) and np.ptp(lr[np.isfinite(lr)]) == 0
        label = f"lr {lr[0]:.3g}" if constant else "sharpness" if values.shape[1] == 1 else f"run {i + 1}"
        line = curve(ax, t, values[:, i], label=label, color=colors[i])
        with np.errstate(divide="ignore"):
            edge = np.where(lr > 0, 2 * (1 + momentum) / lr, np.nan)
        ax.plot(np.arange(first, first + len(edge)), edge, "--", linewidth=1.2, color=line.get_color())
        last = last_seen(values[:, i])
        if last is not None and last < len(t) - 1:
            cross(ax, t[last], values[last, i], color=line.get_color())
    ax.plot([], [], "--", linewidth=1.2, color=GROUND, label="2 / lr" if momentum == 0 else "2 (1 + momentum) / lr")
    ax.set(xlabel="step", ylabel="sharpness")
    if not (values < 0).any():  # on top of a hill
        ax.set_ylim(bottom=0)
    legend(ax)
    return ax
