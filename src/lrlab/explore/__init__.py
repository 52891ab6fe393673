"""`explore`: one call, two lives. In the built book, knobs that turn without a kernel; in a live kernel, widgets."""

import itertools
import os
from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from lrlab.explore.knobs import knobs_of, log_grid
from lrlab.explore.page import Page, page, still_page

__all__ = ["explore", "log_grid", "still"]

_count = itertools.count()  # a page is built by one kernel, so counting makes its ids differ and its bytes stay


def explore(
    draw: Callable[..., Figure],
    *,
    describe: Callable[..., str] | None = None,
    alt: str | None = None,
    start: Mapping | None = None,
    labels: Mapping[str, str] | None = None,
    play: str | None = None,
    **grid,
):
    """Shows draw(**values) for every position of the knobs in `grid`.

    draw:     a plain Matplotlib function of the knobs that returns a figure: a new one each time or, much faster, the
              same one with its artists moved. It must depend on its arguments alone.
    describe: the same arguments -> one sentence that says what is to be seen; it stands above the picture and is
              read out
    alt:      what the picture shows, whatever the knobs; if left out, the sentence of `describe` (one is needed)
    start:    name -> the value at which the demo begins, or the nearest on the grid; the first position if left out
    labels:   name -> what the knob is called on the page; its name if left out
    play:     the name of one slider that a play button runs through
    grid:     name -> numbers that rise (a slider) or names (a select)

    While the book is built (the environment variable LRLAB_BOOK is set) the answer is self-contained HTML of at most
    120 kB gzip; in a live kernel it is a box of ipywidgets that recomputes at any value.

    Raises ValueError, in one sentence, for a knob that cannot be turned, a draw that does not give the same picture
    twice, and a demo that is too heavy.
    Source: our own contract; Matplotlib's renderer interface, matplotlib.backend_bases.RendererBase.

    >>> import numpy as np
    >>> from lrlab import plots
    >>> fig, ax = plots.figure()
    >>> line, = ax.plot([0, 1], [0, 1])
    >>> def draw(slope):
    ...     line.set_ydata([0, slope])
    ...     return fig
    >>> demo = explore(draw, slope=np.linspace(0, 1, 5), alt="a straight line that turns about the origin")
    """
    knobs = knobs_of(draw, grid, start, labels)
    if describe is None and not alt:
        raise ValueError("explore has no words for who cannot see the picture: give alt= or describe=")
    if play is not None and not any(knob.name == play and knob.is_slider for knob in knobs):
        sliders = ", ".join(knob.name for knob in knobs if knob.is_slider)
        raise ValueError(f"play is {play!r}: name one of the sliders ({sliders or 'there is none'})")
    prefix = f"lr{next(_count)}"
    if os.environ.get("LRLAB_BOOK"):
        return page(draw, knobs, describe, alt, play, prefix)
    from lrlab.explore.live import live  # the page is built, and the exercises are checked, without ipywidgets

    return live(draw, knobs, describe, alt, play, prefix)


def still(figure: Figure, *, alt: str) -> Page:
    """Shows one figure, without knobs, in the page's own colours.

    figure: any Matplotlib figure
    alt:    what the picture shows

    Raises ValueError where alt is empty or figure is no figure.
    Source: our own contract.

    >>> from lrlab import plots
    >>> fig, ax = plots.figure()
    >>> picture = still(fig, alt="two empty axes")
    """
    if not alt:
        raise ValueError(f"alt is {alt!r}: say in a sentence what the picture shows")
    return still_page(figure, alt, f"lr{next(_count)}")
