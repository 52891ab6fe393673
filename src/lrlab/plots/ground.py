"""A landscape, and the way that a run took over it."""

import numpy as np
from matplotlib.axes import Axes

from lrlab.arguments import numbers, whole
from lrlab.descent import Trajectory
from lrlab.objectives import Landscape
from lrlab.plots.look import GROUND, axes_or_new, cross, expect, legend, one_each


def landscape(
    objective: Landscape, ax: Axes | None = None, box=None, levels: int = 12, *, minima: bool = False
) -> Axes:
    """y = f(x) for a landscape of one parameter, contour lines of f for one of two.

    ax:     where to draw; a new figure if left out
    box:    (D, 2), lowest and highest value of each parameter; the landscape's own if left out
    levels: how many contour lines, evenly spaced in the square root of the height above the lowest point in the box
    minima: whether the known minima that lie in the box get a star

    Where the loss is not finite there is a gap.

    Returns the axes. Raises ValueError for a landscape with more than two parameters, and where box or
    levels do not fit.
    Source: definition.

    >>> from lrlab import objectives
    >>> landscape(objectives.quadratic((1, 10))).get_xlabel()
    'first parameter'
    """
    expect("objective", objective, Landscape)
    dim = len(objective.box)
    if dim > 2:
        raise ValueError(f"objective has {dim} parameters: a landscape can be drawn for one or two")
    remedy = f"give (lowest, highest) of each parameter, such as {[[-1.0, 1.0]] * dim}"
    box = numbers("box", objective.box if box is None else box, remedy)
    if box.shape != (dim, 2) or (box[:, 0] >= box[:, 1]).any():
        raise ValueError(f"box is {box.tolist()}: {remedy}")
    levels = whole("levels", levels, 0, "give a whole number of contour lines, such as 12")
    ax = axes_or_new(ax)
    if len(box) == 1:
        x = np.linspace(*box[0], 401)
        ax.plot(x, heights(objective, x[:, None]), color=GROUND, zorder=1)
        ax.set(xlabel="parameter", ylabel="loss", xlim=box[0])
    else:
        axes = np.meshgrid(*(np.linspace(*side, 161) for side in box))
        height = heights(objective, np.stack(axes, axis=-1))
        low, high = np.nanmin(height, initial=np.inf), np.nanmax(height, initial=-np.inf)
        if high > low:
            # even in the root: lines too close at the bottom would hide the path; the highest point has no line
            rise = np.linspace(0, np.sqrt(high - low), levels + 2)[1:-1]
            ax.contour(*axes, height, levels=low + rise**2, colors=GROUND, linewidths=0.8, alpha=0.8)
        ax.set(xlabel="first parameter", ylabel="second parameter", xlim=box[0], ylim=box[1])
    if minima and len(objective.minima):
        mark_minima(objective, ax, box)
    return ax


def heights(objective: Landscape, points) -> np.ndarray:
    """The loss at each point, NaN where it is not finite: a picture has no place for infinity."""
    with np.errstate(all="ignore"):
        height, _ = objective.value_and_grad(points, rng=np.random.default_rng(0))
    return np.where(np.isfinite(height), height, np.nan)


def mark_minima(objective: Landscape, ax: Axes, box: np.ndarray) -> None:
    """A star on each known minimum in the box."""
    spots = np.asarray(objective.minima)
    spots = spots[((spots >= box[:, 0]) & (spots <= box[:, 1])).all(axis=-1)]
    where = (spots[:, 0], heights(objective, spots)) if len(box) == 1 else spots.T
    ax.plot(*where, "*", color=GROUND, markersize=11, zorder=1.5)


def path(
    objective: Landscape, run: Trajectory, ax: Axes | None = None, *, label=None, color=None, marker: str = "o"
) -> Axes:
    """The points of a run on their landscape, joined in order; a cross where a run that diverged was last seen.

    objective: of one or two parameters; it is drawn first, with its minima, if ax is left out
    run:       a Trajectory with all its points: one run, or a batch, one line each
    label:     for the legend: a name, or one for each run of the batch
    color:     a colour, or one for each run of the batch; the style's own if left out
    marker:    one of Matplotlib's, for every point; "" for none

    The picture keeps its limits: a run may leave it, and one that does not come back ends there.

    Returns the axes. Raises ValueError for a run that kept only its last point or has more than two parameters, and
    where there are not as many labels or colours as runs.
    Source: definition.

    >>> from lrlab import descend, objectives
    >>> valley = objectives.quadratic((1.0, 10.0))
    >>> ax = path(valley, descend(valley, [1.3, 1.2], [0.05, 0.21], steps=60), label=["lr 0.05", "lr 0.21"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['lr 0.05', 'lr 0.21']
    """
    expect("run", run, Trajectory)
    if run.params is None:
        raise ValueError('run holds no points but its last: train it with keep="all"')
    if run.params.shape[-1] > 2:
        raise ValueError(f"run has {run.params.shape[-1]} parameters: a path can be drawn for one or two")
    ax = landscape(objective, minima=True) if ax is None else ax
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    points, loss = run.params.reshape(len(run.loss), -1, run.params.shape[-1]), run.loss.reshape(len(run.loss), -1)
    count = points.shape[1]
    labels, colors = one_each("label", label, count), one_each("color", color, count)
    for i in range(count):
        x, y = (points[:, i, 0], loss[:, i]) if points.shape[-1] == 1 else points[:, i].T
        seen = np.flatnonzero(inside(ax, x, y))
        last = seen[-1] if len(seen) else 0
        shown = slice(last + 2)  # a run that has left for good would go on crossing the picture from outside to outside
        look = {"marker": marker, "markersize": 3, "linewidth": 1.2, "color": colors[i], "label": labels[i]}
        (line,) = ax.plot(x[shown], y[shown], **look)
        if np.isnan(x[-1]):
            cross(ax, x[last], y[last], color=line.get_color(), zorder=line.get_zorder() + 1)
    if label is not None:
        legend(ax)
    return ax


def inside(ax: Axes, x, y) -> np.ndarray:
    """Which points can be seen; NaN cannot."""
    (left, right), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    return (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
