"""The live life of a demo: real ipywidgets, recomputed in Python at any value, not only at the grid's."""

import html
import math
from collections.abc import Callable

import ipywidgets as widgets

from lrlab.explore.frames import Frames
from lrlab.explore.knobs import Knob
from lrlab.explore.page import STYLE, svg_element


def live(
    draw: Callable, knobs: list[Knob], describe: Callable | None, alt: str | None, play: str | None, prefix: str
) -> widgets.VBox:
    """A box of controls, sentence and picture; every move calls `draw` with the controls' own values."""
    frames = Frames(prefix)
    picture, sentence = widgets.HTML(), widgets.HTML()
    controls = {knob.name: control(knob) for knob in knobs}

    def show(change=None):
        values = {name: one.value for name, one in controls.items()}
        try:
            said = describe(**values) if describe else ""
            fragments = frames.add(draw(**values))
        except Exception as error:  # it would vanish into the log: say it where the reader looks
            sentence.value = f"<strong>{type(error).__name__}: {html.escape(str(error))}</strong>"
            if change is None:
                raise
            return
        svg = svg_element(fragments, frames, alt or said)
        picture.value = f'<div class="lr-still" style="margin:0"><style>{STYLE}</style>{svg}</div>'
        sentence.value = f'<p role="status" aria-live="polite">{html.escape(said, quote=False)}</p>'

    show()
    for one in controls.values():
        one.observe(show, names="value")
    top = [player(next(knob for knob in knobs if knob.name == play), controls[play])] if play else []
    box = widgets.VBox([*controls.values(), *top, sentence, picture])
    box.add_class("lr-explore-live")
    return box


def control(knob: Knob) -> widgets.Widget:
    """The widget of one knob, between the grid's ends but not bound to its positions."""
    first, last = knob.values[0], knob.values[-1]
    look = {"style": {"description_width": "initial"}, "layout": {"width": "min(100%, 36em)"}}
    if not knob.is_slider:
        return widgets.Dropdown(options=knob.values, value=knob.values[knob.start], description=knob.label, **look)
    if knob.is_whole and knob.spacing is None:  # such a list is a choice: draw may know nothing in between
        options = list(zip(knob.texts, knob.values, strict=True))
        return widgets.SelectionSlider(options=options, value=knob.values[knob.start], description=knob.label, **look)
    if knob.is_whole:
        return widgets.IntSlider(knob.values[knob.start], first, last, description=knob.label, **look)
    if knob.is_geometric:
        low, high = math.log10(first), math.log10(last)
        return widgets.FloatLogSlider(
            knob.values[knob.start], min=low, max=high, step=(high - low) / 1000,
            description=knob.label, readout_format=".3g", **look,
        )  # fmt: skip
    # the grid's own values stay within reach, and nine between two of them
    step = knob.spacing / 10 if knob.spacing else (last - first) / 1000
    return widgets.FloatSlider(
        knob.values[knob.start], min=first, max=last, step=step,
        description=knob.label, readout_format=".3g", **look,
    )  # fmt: skip


def player(knob: Knob, slider: widgets.Widget) -> widgets.Play:
    """A play button that walks `slider` through the grid's positions."""
    button = widgets.Play(0, 0, len(knob.values) - 1, interval=150, description=f"Play {knob.label}")
    button.observe(lambda change: setattr(slider, "value", knob.values[change["new"]]), names="value")
    return button
