"""The static life of a demo: one self-contained piece of HTML that needs no kernel, no library and no other host."""

import gzip
import html
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from lrlab.explore.frames import Frames
from lrlab.explore.knobs import Knob

LIMIT = 120_000  # bytes, gzip level 6 as a plain web server sends it
SCRIPT = files(__package__).joinpath("explore.js").read_text(encoding="utf-8")
STYLE = files(__package__).joinpath("explore.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Page:
    """HTML that a notebook shows as it is."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<a picture, {len(self.html):,} characters of HTML>"


def page(
    draw: Callable, knobs: list[Knob], describe: Callable | None, alt: str | None, play: str | None, prefix: str
) -> Page:
    """Every position of every knob, drawn now; what the browser does later is only to show the right one."""
    moves = [
        dict(zip((knob.name for knob in knobs), values, strict=True))
        for values in itertools.product(*(knob.values for knob in knobs))
    ]
    frames = Frames(prefix)
    rows = [frames.add(draw(**values)) for values in moves]
    check_twice(draw, moves, frames, rows)
    sentences = [describe(**values) for values in moves] if describe else None
    start = 0
    for knob in knobs:
        start = start * len(knob.values) + knob.start
    picture, data = difference(rows, start)
    data["texts"] = [knob.texts for knob in knobs]
    if sentences:
        data["say"] = sentences
    svg = svg_element(picture, frames, alt if alt else sentences[start])
    text = assemble(svg, data, knobs, play, sentences, start)
    weight = len(gzip.compress(text.encode(), 6, mtime=0))
    if weight > LIMIT:
        shape = " x ".join(str(len(knob.values)) for knob in knobs)
        raise ValueError(
            f"this demo weighs {weight / 1000:.0f} kB gzip and may weigh {LIMIT // 1000}: "
            f"give its knobs fewer positions ({shape} now), or draw fewer points"
        )
    return Page(text)


def check_twice(draw: Callable, moves: list[dict], frames: Frames, rows: list[list[str]]) -> None:
    """Draws some frames again, from scratch: draw must depend on its arguments alone, and no memory may be wrong."""
    for k in sorted({0, len(moves) // 2, len(moves) - 1}):
        if frames.whole(draw(**moves[k])) != rows[k]:
            values = ", ".join(f"{name}={value!r}" for name, value in moves[k].items())
            raise ValueError(
                f"draw({values}) does not give the same picture twice: draw from its arguments alone "
                "(seed what is random; move artists instead of adding new ones; beware the colour cycle)"
            )


def difference(rows: list[list[str]], start: int) -> tuple[list[str], dict]:
    """The start frame as groups, and the other frames as what differs from it.

    Neighbouring fragments that never change share one group. In the data `slots` are the groups that change,
    `frames` has a row a frame with a part for each slot, and the parts that the page already shows are 0.
    """
    slots = max(map(len, rows))
    rows = [row + [""] * (slots - len(row)) for row in rows]
    moving = [s for s in range(slots) if any(row[s] != rows[0][s] for row in rows)]
    groups, place, standing = [], [], ""
    for s, fragment in enumerate(rows[start]):
        if s not in moving:
            standing += fragment
            continue
        if standing:
            groups.append(standing)
        standing = ""
        place.append(len(groups))
        groups.append(fragment)
    groups += [standing] if standing else []
    number = {fragment: i for i, fragment in enumerate(dict.fromkeys(rows[start][s] for s in moving))}
    shown = len(number)
    table = [[number.setdefault(row[s], len(number)) for s in moving] for row in rows]
    parts = [0 if i < shown else fragment for i, fragment in enumerate(number)]
    return groups, {"start": start, "slots": place, "frames": table, "parts": parts}


def svg_element(groups: list[str], frames: Frames, alt: str) -> str:
    """The picture as it stands in the page."""
    width, height = frames.writer.width, frames.writer.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{html.escape(alt)}" '
        f'viewBox="0 0 {width:g} {height:g}" style="max-width:{width * 1.6:g}px" fill="currentColor" '
        'stroke-linejoin="round">'
        + "".join(f"<g>{group}</g>" for group in groups)
        + f"{frames.writer.definitions}</svg>"
    )


def still_page(figure, alt: str, prefix: str) -> Page:
    """One picture without knobs."""
    frames = Frames(prefix)
    svg = svg_element(["".join(frames.add(figure))], frames, alt)
    return Page(f'<div class="lr-still"><style>{STYLE}</style>{svg}</div>')


def assemble(svg: str, data: dict, knobs: list[Knob], play: str | None, sentences: list[str] | None, start: int) -> str:
    """Controls, sentence, picture, data and script in the one wrapper."""
    said = told(sentences, start) if sentences else ""
    values = ", ".join(f"{knob.label} {knob.texts[knob.start]}" for knob in knobs)
    # hidden until the script runs: without it, and in print, the knobs would be dead
    controls = "".join(control(knob) for knob in knobs) + (play_button(knobs, play) if play else "")
    json_text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div class="lr-explore"><style>{STYLE}</style>'
        f'<div class="lr-controls" role="group" aria-label="Knobs of this picture" hidden>{controls}</div>'
        f'<p class="lr-fixed">Shown at {html.escape(values, quote=False)}.'
        "<noscript> This picture has knobs; turning them needs JavaScript.</noscript></p>"
        f'{said}<div class="lr-picture">{svg}</div>'
        f'<script type="application/json">{json_text}</script><script>{SCRIPT}</script></div>'
    )


def told(sentences: list[str], start: int) -> str:
    """The live sentence; under it lies the longest one, unseen, so that the picture never jumps for a new line."""
    sentence, longest = (html.escape(text, quote=False) for text in (sentences[start], max(sentences, key=len)))
    return (
        f'<div class="lr-told"><p class="lr-say" role="status" aria-live="polite">{sentence}</p>'
        f'<p class="lr-longest" aria-hidden="true">{longest}</p></div>'
    )


def control(knob: Knob) -> str:
    """A native range or select, labelled, with its value as text."""
    label = html.escape(knob.label)
    if knob.is_slider:
        text = html.escape(knob.texts[knob.start])
        return (
            f'<label class="lr-knob"><span>{label}</span><input type="range" min="0" max="{len(knob.values) - 1}" '
            f'step="1" value="{knob.start}" aria-valuetext="{text}" autocomplete="off">'
            f'<output aria-live="off">{text}</output></label>'
        )
    options = "".join(
        f'<option value="{i}"{" selected" if i == knob.start else ""}>{html.escape(text)}</option>'
        for i, text in enumerate(knob.texts)
    )
    return f'<label class="lr-knob"><span>{label}</span><select autocomplete="off">{options}</select></label>'


def play_button(knobs: list[Knob], play: str) -> str:
    """A button that runs through the one slider named `play`."""
    position = [knob.name for knob in knobs].index(play)
    label = html.escape(knobs[position].label)
    return f'<button type="button" class="lr-play" data-knob="{position}" data-label="{label}">Play {label}</button>'
