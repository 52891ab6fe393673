"""Trajectories and landscapes as pictures: every helper takes ax=None and returns the axes it drew on.

In the four colours of PALETTE *too low*, *good*, *too high* and *diverged* look the same through the whole course. They
can be told apart with any common colour blindness, and stand out on white and on black paper. A page begins with
``plt.style.use(plots.STYLE)``.
"""

from importlib.resources import files

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lrlab.objectives import Landscape

STYLE = str(files("lrlab").joinpath("lrlab.mplstyle"))
PALETTE = {"too low": "#0072B2", "good": "#009E73", "too high": "#D55E00", "diverged": "#A3529B"}
GROUND = "#808080"  # what is only there to be walked on: readable on white and on black


def verdict(lr: float, curvature: float = 1.0) -> str:
    """The key in PALETTE for |1 - lr * curvature|: above 1 diverged, 1/2 to 1 too low or too high, below 1/2 good.

    lr:        >= 0
    curvature: > 0, the largest one of the landscape

    Source: definition; the borders at one half are ours.

    >>> [verdict(lr) for lr in (0.1, 1.0, 1.9, 2.1)]
    ['too low', 'good', 'too high', 'diverged']
    """
    product = lr * curvature
    return "too low" if product < 0.5 else "good" if product <= 1.5 else "too high" if product <= 2 else "diverged"


def figure(rows: int = 1, columns: int = 1, height: float | None = None, **options) -> tuple[Figure, Axes]:
    """A figure 5 inches wide with its axes, in the style that is in use, and out of pyplot's hands.

    rows, columns: as in plt.subplots
    height:        in inches; 3.4 for each row but smaller together, if left out
    options:       go to Figure.subplots

    Source: matplotlib.figure.Figure.subplots.

    >>> fig, ax = figure(height=2.5)
    >>> fig.get_size_inches().tolist()
    [5.0, 2.5]
    """
    fig = Figure(figsize=(5, 1.0 + 2.4 * rows if height is None else height))
    return fig, fig.subplots(rows, columns, **options)


def landscape(objective: Landscape, ax: Axes | None = None, box=None, levels: int = 12) -> Axes:
    """y = f(x) for a landscape of one parameter, contour lines of f for one of two.

    ax:     where to draw; a new figure if left out
    box:    (D, 2), lowest and highest value of each parameter; the landscape's own if left out
    levels: how many contour lines, evenly spaced in the square root of the height above the lowest point in the box

    Returns the axes. Raises ValueError for a landscape with more than two parameters.
    Source: definition.

    >>> from lrlab import objectives
    >>> landscape(objectives.quadratic((1, 10))).get_xlabel()
    'first parameter'
    """
    box = np.asarray(objective.box if box is None else box, float)
    if len(box) > 2:
        raise ValueError(f"objective has {len(box)} parameters: a landscape can be drawn for one or two")
    ax = figure()[1] if ax is None else ax
    if len(box) == 1:
        x = np.linspace(*box[0], 401)
        ax.plot(x, objective.value_and_grad(x[:, None])[0], color=GROUND, zorder=1)
        ax.set(xlabel="parameter", ylabel="loss", xlim=box[0])
        return ax
    axes = np.meshgrid(*(np.linspace(*side, 161) for side in box))
    height, _ = objective.value_and_grad(np.stack(axes, axis=-1))
    # even in the root: lines too close at the bottom would hide the path; the highest point itself has no line
    rise = np.linspace(0, np.sqrt(np.ptp(height)), levels + 2)[1:-1]
    ax.contour(*axes, height, levels=height.min() + rise**2, colors=GROUND, linewidths=0.8, alpha=0.8)
    ax.set(xlabel="first parameter", ylabel="second parameter", xlim=box[0], ylim=box[1])
    return ax


def losses(runs: dict, ax: Axes | None = None, colors: dict | None = None) -> Axes:
    """loss_t against t, one line a run, on a log scale; a line ends where its run diverged.

    runs:   name -> Trajectory of a single run, or its losses (T+1,)
    colors: name -> colour; the style's own if left out

    Returns the axes.
    Source: definition.

    >>> from lrlab import descend, objectives
    >>> ax = losses({"lr 0.1": descend(objectives.parabola(), [1.0], 0.1)})
    >>> ax.get_yscale()
    'log'
    """
    ax = figure()[1] if ax is None else ax
    for name, run in runs.items():
        loss = np.asarray(getattr(run, "loss", run), float)
        (line,) = ax.plot(np.where(loss > 0, loss, np.nan), label=name, color=(colors or {}).get(name))
        if np.isnan(loss).any():
            last = int(np.isfinite(loss).sum()) - 1
            ax.plot(last, loss[last], "x", color=line.get_color(), markersize=7, markeredgewidth=2)
    ax.set(xlabel="step", ylabel="loss", yscale="log")
    ax.legend()
    return ax
