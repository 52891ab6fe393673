"""From figures to frames: a frame is a list of SVG fragments, one an artist, in the order of painting.

`draw` may return a new figure each time, or the same one with its artists moved. In the second case what stands
still (axes with their ticks, contours, images) is drawn once: Matplotlib's public `stale` flag says what has changed.
"""

from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure, FigureBase
from matplotlib.image import AxesImage
from matplotlib.spines import Spine

from lrlab.explore.svg import SvgWriter

SLOW = (Axis, Collection, AxesImage)  # worth remembering; everything else is cheaper to draw than to look after


class Seen(NamedTuple):
    """What an artist looked like, and the parts of it that would say if that changed."""

    fragment: str
    parts: tuple[Artist, ...]


class Frames:
    """Turns the figures of one demo into frames that share their fragments and their definitions."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.writer: SvgWriter | None = None
        self.figure: Figure | None = None
        self.views: list[tuple] = []
        self.places: dict[int, list] = {}  # number of axes -> where the layout of the first such figure put them
        self.memory: dict[Artist, Seen] = {}

    def add(self, figure: Figure) -> list[str]:
        """The fragments of `figure` as it stands now; what has not changed since the last call is not drawn again."""
        new = self.figure is None or figure is not self.figure
        if new:
            self.adopt(figure)
        changed = {artist for artist, seen in self.memory.items() if any(part.stale for part in seen.parts)}
        views = [view(axes) for axes in figure.axes]
        if new or views != self.views or any(isinstance(artist, Axis) for artist in changed):
            self.lay_out(figure)
            views, self.memory = [view(axes) for axes in figure.axes], {}
        self.views, before, self.memory = views, self.memory, {}
        fragments = []
        for artist in painting_order(figure):
            seen = None if artist in changed else before.get(artist)
            if seen is None:
                seen = self.look(artist)
            if isinstance(artist, SLOW):
                self.memory[artist] = seen
            fragments.append(seen.fragment)
        figure.stale = False
        return fragments

    def whole(self, figure: Figure) -> list[str]:
        """The same fragments, all drawn afresh: what `add` must agree with."""
        if figure is not self.figure:
            self.adopt(figure)
        self.memory = {}
        figure.draw_without_rendering()
        return [self.look(artist).fragment for artist in painting_order(figure)]

    def adopt(self, figure: Figure) -> None:
        """Makes ready a figure that has not been seen before."""
        if not isinstance(figure, Figure):
            raise ValueError(
                f"draw returned {type(figure).__name__}, not a matplotlib Figure: end it with `return fig`"
            )
        plt.close(figure)  # else the notebook shows it once more, below the demo; this also resets the dpi
        figure.set_dpi(72)
        width, height = figure.bbox.size
        if self.writer is None:
            self.writer = SvgWriter(width, height, self.prefix)
        elif (width, height) != (self.writer.width, self.writer.height):
            raise ValueError(
                f"draw returned a figure of {width:g} x {height:g} points after one of {self.writer.width:g} x "
                f"{self.writer.height:g}: give every frame the same figsize"
            )
        self.figure, self.memory, self.views = figure, {}, []
        if figure.get_layout_engine() is not None and len(figure.axes) in self.places:
            for axes, place in zip(figure.axes, self.places[len(figure.axes)], strict=True):
                axes.set_position(place)
            figure.set_layout_engine("none")

    def lay_out(self, figure: Figure) -> None:
        """Lets layout, aspect and titles follow the view: what Figure.draw does before it paints, at half its cost."""
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
            # the first frame's layout holds for all: axes that jump are hard to look at
            self.places.setdefault(len(figure.axes), [axes.get_position(original=True) for axes in figure.axes])
            figure.set_layout_engine("none")
        for axes in figure.axes:
            axes.get_tightbbox(self.writer)

    def look(self, artist: Artist) -> Seen:
        """Draws one artist, and marks all of it as seen: drawing an axis leaves its unused ticks stale."""
        self.writer.pieces = []
        artist.draw(self.writer)
        parts = (artist, *(artist.get_children() if isinstance(artist, Axis) else ()))
        for part in parts:
            part.stale = False
        return Seen("".join(self.writer.pieces), parts)


def painting_order(figure: FigureBase) -> list[Artist]:
    """The artists of `figure` as Figure.draw and Axes.draw paint them, axes taken apart; white paper left out."""
    order = [figure.patch] if figure.get_frameon() and not is_paper(figure.patch) else []
    for child in by_zorder(figure.get_children(), figure.patch):
        order += painted_axes(child) if isinstance(child, Axes) else [child]
    return order


def painted_axes(axes: Axes) -> list[Artist]:
    """What Axes.draw paints; a projection that paints itself (polar, 3-D) stays in one piece."""
    if not axes.get_visible():
        return []
    if axes.name != "rectilinear":
        return [axes]
    framed = axes.axison and axes.get_frame_on()
    hidden = (() if framed else (Spine,)) + (() if axes.axison else (Axis,))
    children = [child for child in by_zorder(axes.get_children(), axes.patch) if not isinstance(child, hidden)]
    order = [axes.patch] if framed and not is_paper(axes.patch) else []
    for child in children:
        order += painted_axes(child) if isinstance(child, Axes) else [child]
    return order


def by_zorder(artists: list[Artist], patch: Artist) -> list[Artist]:
    return sorted((artist for artist in artists if artist is not patch), key=lambda artist: artist.get_zorder())


def is_paper(patch) -> bool:
    """Whether a background is white or nothing: the page's own paper does it better."""
    colour = patch.get_facecolor()
    return colour[3] == 0 or to_hex(colour) == "#ffffff"


def view(axes: Axes) -> tuple:
    """What the look of everything in the axes depends on."""
    return (*axes.viewLim.extents, *axes.bbox.extents, axes.get_xscale(), axes.get_yscale())
