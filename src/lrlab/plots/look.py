"""The look of the course: its style sheet, its colours, its figures; and what a picture is made of."""

from collections.abc import Mapping
from importlib.resources import files

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgba
from matplotlib.figure import Figure

from lrlab.arguments import not_negative, number, positive

STYLE = str(files("lrlab").joinpath("lrlab.mplstyle"))
PALETTE = {"too low": "#2565C0", "good": "#009E73", "too high": "#D55E00", "diverged": "#C86EBC"}
MARKERS = {"too low": "v", "good": "o", "too high": "^", "diverged": "x"}
GROUND = "#808080"  # what is only there to be walked on: readable on white and on black

# viridis without its ends, of which one vanishes on black paper and the other on white
SEQUENTIAL = ListedColormap(matplotlib.colormaps["viridis"](np.linspace(0.12, 0.92, 256)), name="lrlab sequential")
# 0 is the paper itself, whatever its colour
DIVERGING = LinearSegmentedColormap.from_list(
    "lrlab diverging",
    [
        (0.0, to_rgba(PALETTE["too low"], 1.0)),
        (0.5, to_rgba(PALETTE["too low"], 0.0)),
        (0.5, to_rgba(PALETTE["too high"], 0.0)),
        (1.0, to_rgba(PALETTE["too high"], 1.0)),
    ],
    N=255,
)


def verdict(lr: float, curvature: float = 1.0) -> str:
    """The key in PALETTE for |1 - lr * curvature|: above 1 diverged, 1/2 to 1 too low or too high, below 1/2 good.

    lr:        >= 0
    curvature: > 0, the largest one of the landscape

    Raises ValueError where one of them is not such a number.
    Source: definition; the borders at one half are ours.

    >>> [verdict(lr) for lr in (0.1, 1.0, 1.9, 2.1)]
    ['too low', 'good', 'too high', 'diverged']
    """
    product = number("lr", lr, "give a rate of 0 or more, such as 0.1", not_negative)
    product *= number("curvature", curvature, "give the largest curvature, above 0", positive)
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


def expect(name: str, value, kind: type) -> None:
    """Refuse what is not of this kind."""
    if not isinstance(value, kind):
        raise ValueError(f"{name} is of the type {type(value).__name__}: give a {kind.__name__}")


def by_name(name: str, values) -> Mapping:
    """A mapping from names; else one sentence."""
    if not isinstance(values, Mapping):
        raise ValueError(
            f'{name} is of the type {type(values).__name__}: give a name for each, such as {{"lr 0.1": ...}}'
        )
    return values


def one_each(name: str, value, count: int) -> list:
    """`count` values: a single one is repeated."""
    if value is None or isinstance(value, str):
        return [value] * count
    if len(value) != count:
        raise ValueError(f"{name} holds {len(value)} entries: give one, or {count}, one a run")
    return list(value)


def axes_or_new(ax: Axes | None) -> Axes:
    """`ax`, or the axes of a new figure."""
    return figure()[1] if ax is None else ax


def legend(ax: Axes, **options) -> None:
    """A legend on paper of its own, so that it can be read where lines run behind it; none where nothing has a name."""
    if ax.get_legend_handles_labels()[0]:
        ax.legend(**{"frameon": True, "framealpha": 0.85, "facecolor": "white", "edgecolor": "none"} | options)


def cross(ax: Axes, x, y, **options) -> None:
    """The mark of a run that diverged: at (x, y), in the run's own colour or in that of `diverged`."""
    look = {"color": PALETTE["diverged"], "markersize": 7, "markeredgewidth": 2, "linestyle": "none"}
    ax.plot(x, y, MARKERS["diverged"], **look | options)
