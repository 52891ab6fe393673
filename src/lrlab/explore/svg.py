"""A Matplotlib renderer that writes small SVG: the documented backend interface, one piece of text a drawing call.

It is much smaller than Matplotlib's own SVG file of the same picture: coordinates are relative and rounded to a tenth
of a point, markers are one path, and there are no group ids. Black becomes the page's text colour and white its paper,
so that a picture follows the page into dark mode.
"""

import base64
import html
import io
import math

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

INK, PAPER = "currentColor", "var(--lr-paper,#fff)"
COLOURS = {"#000000": INK, "#ffffff": PAPER}
ANCHORS = {"left": ("", 0.0), "center": (' text-anchor="middle"', 0.5), "right": (' text-anchor="end"', 1.0)}
CURVES = {Path.CURVE3: ("q", 2), Path.CURVE4: ("c", 3)}


class SvgWriter(RendererBase):
    """Collects SVG elements in `pieces`; what they refer to by id is in `definitions`.

    width, height: in points, 1/72 inch; the figure must be at 72 dpi
    prefix:        begins every id, so that two pictures on a page cannot clash
    """

    def __init__(self, width: float, height: float, prefix: str):
        super().__init__()
        self.width, self.height = width, height
        self.pieces: list[str] = []
        self.prefix = prefix
        self.known: dict[str, tuple[str, str]] = {}  # what is defined -> its id, its element
        self.flip = Affine2D().scale(1, -1).translate(0, height)

    @property
    def definitions(self) -> str:
        """The <defs> element that goes with the pieces written so far."""
        return "<defs>" + "".join(element for _, element in self.known.values()) + "</defs>" if self.known else ""

    def define(self, kind: str, content: str, element: str) -> str:
        """A reference to `element`, which is written once; it holds {id}."""
        if content not in self.known:
            name = f"{self.prefix}-{kind}{len(self.known)}"
            self.known[content] = name, element.replace("{id}", name)
        return f"url(#{self.known[content][0]})"

    # -- what Matplotlib calls ------------------------------------------------------------------------------------

    def get_canvas_width_height(self):
        return self.width, self.height

    def get_image_magnification(self):
        return 2.0  # images are resampled for screens with two pixels a point

    def option_scale_image(self):
        return True  # an image without interpolation may come with its own few pixels

    def option_image_nocomposite(self):
        return True  # an image that stands still must not be melted into one that moves

    def draw_path(self, gc, path, transform, rgbFace=None):
        clip = rgbFace is None and gc.get_hatch_path() is None
        d = path_data(self.cleaned(path, transform + self.flip, clip, clip and path.should_simplify, gc))
        if d:
            crisp = (
                "" if gc.get_antialiased() else ' shape-rendering="crispEdges"'
            )  # cells of a mesh must not show seams
            self.pieces.append(f'<path d="{d}"{self.paint(gc, rgbFace)}{crisp}{self.clip(gc)}/>')

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        spots = self.cleaned(path, trans + self.flip, False, False, gc)
        xy = spots.vertices[(spots.codes == Path.MOVETO) | (spots.codes == Path.LINETO)]
        near = (np.abs(xy - [self.width / 2, self.height / 2]) < [self.width, self.height]).all(axis=1)
        xy = xy[near]
        marker = marker_path.cleaned(marker_trans + Affine2D().scale(1, -1), curves=True, simplify=False)
        d, paint = path_data(marker, digits=2), self.paint(gc, rgbFace)
        if len(xy) == 1:  # a path of one point would show its first and its last marker, one on the other
            (x, y), clip = xy[0], self.clip(gc)
            piece = f'<path transform="translate({short(x)} {short(y)})" d="{d}"{paint}/>'
            self.pieces.append(f"<g{clip}>{piece}</g>" if clip else piece)
        elif len(xy):
            element = (
                f'<marker id="{{id}}" markerUnits="userSpaceOnUse" overflow="visible"><path d="{d}"{paint}/></marker>'
            )
            marker = self.define("m", d + paint, element)
            line = path_data(Path(xy), keep_equal=True)
            self.pieces.append(f'<path d="{line}" fill="none" style="marker:{marker}"{self.clip(gc)}/>')

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(im)).save(buffer, "png")
        data = base64.b64encode(buffer.getvalue()).decode()
        if transform is None:  # resampled to the screen's pixels
            transform = Affine2D().scale(*(side / self.get_image_magnification() for side in (width, height)))
            look = ""
        else:  # interpolation "none": its own pixels, with hard edges
            look = ' style="image-rendering:pixelated"'
        # Matplotlib's first row is the lowest one, so the picture is turned over
        place = Affine2D().scale(1 / width, 1 / height) + transform + Affine2D().translate(x, y) + self.flip
        matrix = " ".join(f"{value:.6g}" for value in place.get_matrix()[:2].T.ravel())
        place = f'width="{width}" height="{height}" transform="matrix({matrix})"{look}'
        alpha = "" if gc.get_alpha() == 1 else f' opacity="{gc.get_alpha():.3g}"'
        piece = f'<image {place}{alpha} href="data:image/png;base64,{data}"/>'
        clip = self.clip(gc)
        self.pieces.append(f"<g{clip}>{piece}</g>" if clip else piece)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # formulas as outlines: no font to rely on
            return
        # the reader's font is not ours: tie the text to the point that it was aligned at
        align = "left" if mtext is None else mtext.get_horizontalalignment() if angle == 0 else "center"
        anchor, share = ANCHORS[align]
        along = share * self.get_text_width_height_descent(s, prop, False)[0]
        x, y = x + along * math.cos(math.radians(angle)), y - along * math.sin(math.radians(angle))
        turn = f' transform="rotate({-angle:g} {short(x)} {short(y)})"' if angle else ""
        weight = prop.get_weight()
        bold = ' font-weight="700"' if weight in ("bold", "semibold", "heavy", 600, 700, 800) else ""
        italic = ' font-style="italic"' if prop.get_style() != "normal" else ""
        family = ' font-family="monospace"' if prop.get_family()[0] == "monospace" else ""
        colour, opacity = self.colour(gc.get_rgb(), gc)
        fill = "" if colour == INK else f' fill="{colour}"'
        faint = "" if opacity == 1 else f' fill-opacity="{opacity:.3g}"'
        self.pieces.append(
            f'<text x="{short(x)}" y="{short(y)}" font-size="{prop.get_size_in_points():g}"'
            f"{anchor}{bold}{italic}{family}{fill}{faint}{turn}{self.clip(gc)}>{html.escape(s, quote=False)}</text>"
        )

    def draw_gouraud_triangles(self, gc, triangles_array, colors_array, transform):
        raise NotImplementedError('this picture cannot hold shading="gouraud": use shading="auto", or imshow')

    # -- pieces of elements ---------------------------------------------------------------------------------------

    def cleaned(self, path: Path, transform, clip: bool, simplify: bool, gc: GraphicsContextBase) -> Path:
        box = (0.0, 0.0, self.width, self.height) if clip else None
        sketch = gc.get_sketch_params()
        return path.cleaned(transform, remove_nans=True, clip=box, simplify=simplify, curves=True, sketch=sketch)

    def colour(self, rgb, gc: GraphicsContextBase) -> tuple[str, float]:
        name = to_hex(rgb)
        alpha = gc.get_alpha() if gc.get_forced_alpha() or len(rgb) < 4 else rgb[3]
        return COLOURS.get(name, name), alpha

    def paint(self, gc: GraphicsContextBase, face) -> str:
        """fill and stroke as attributes; the svg element says fill="currentColor" stroke-linejoin="round"."""
        out = []
        if gc.get_hatch():
            out.append(f' fill="{self.hatch(gc, face)}"')
        elif face is None or (len(face) == 4 and face[3] == 0):
            out.append(' fill="none"')
        else:
            colour, alpha = self.colour(face, gc)
            out.append("" if colour == INK else f' fill="{colour}"')
            out.append("" if alpha == 1 else f' fill-opacity="{alpha:.3g}"')
        rgb, width = gc.get_rgb(), gc.get_linewidth()
        if width > 0 and rgb[3] > 0:
            colour, alpha = self.colour(rgb, gc)
            out.append(f' stroke="{colour}"')
            out.append("" if width == 1 else f' stroke-width="{width:.3g}"')
            out.append("" if alpha == 1 else f' stroke-opacity="{alpha:.3g}"')
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                out.append(' stroke-dasharray="{}"'.format(" ".join(f"{v:.3g}" for v in dashes)))
                out.append(f' stroke-dashoffset="{offset:.3g}"' if offset else "")
            cap = {"projecting": "square"}.get(gc.get_capstyle(), gc.get_capstyle())
            out.append("" if cap == "butt" else f' stroke-linecap="{cap}"')
            out.append("" if gc.get_joinstyle() == "round" else f' stroke-linejoin="{gc.get_joinstyle()}"')
        return "".join(out)

    def hatch(self, gc: GraphicsContextBase, face) -> str:
        d = path_data(gc.get_hatch_path(6.0).transformed(Affine2D().scale(72, -72).translate(0, 72)))
        colour = COLOURS.get(to_hex(gc.get_hatch_color()), to_hex(gc.get_hatch_color()))
        back = "" if face is None else f'<rect width="72" height="72" fill="{self.colour(face, gc)[0]}"/>'
        lines = f'<path d="{d}" fill="{colour}" stroke="{colour}" stroke-width="{gc.get_hatch_linewidth():.3g}"/>'
        element = f'<pattern id="{{id}}" patternUnits="userSpaceOnUse" width="72" height="72">{back}{lines}</pattern>'
        return self.define("h", element, element)

    def clip(self, gc: GraphicsContextBase) -> str:
        path, transform = gc.get_clip_path()
        if path is not None:
            shape = f'<path d="{path_data(path.cleaned(transform + self.flip, curves=True))}"/>'
        elif gc.get_clip_rectangle() is not None:
            x, y, width, height = gc.get_clip_rectangle().bounds
            place = (short(v) for v in (x, self.height - y - height, width, height))
            shape = '<rect x="{}" y="{}" width="{}" height="{}"/>'.format(*place)
        else:
            return ""
        reference = self.define("c", shape, f'<clipPath id="{{id}}">{shape}</clipPath>')
        return f' clip-path="{reference}"'


def short(value: float, digits: int = 1) -> str:
    """A number as few characters: 12.30 -> 12.3, -0.5 -> -.5, 7.0 -> 7."""
    return shorter(round(float(value) * 10**digits), 10**digits)


def shorter(ticks: int, scale: int) -> str:
    """`ticks` / `scale` as few characters, exactly."""
    if ticks % scale == 0:
        return str(ticks // scale)
    text = f"{ticks / scale:g}"
    return text.replace("0.", ".", 1) if -scale < ticks < scale else text


def path_data(path: Path, digits: int = 1, keep_equal: bool = False) -> str:
    """SVG path data of `path`, coordinates relative and rounded to `digits` decimals.

    Every point is rounded before differences are taken, so errors do not add up. Neighbours that fall on the same
    point are dropped unless keep_equal (markers would lose one).
    """
    codes = path.codes
    if codes is None:
        codes = np.full(len(path.vertices), Path.LINETO)
        codes[:1] = Path.MOVETO
    keep = codes != Path.STOP
    scale = 10**digits
    points, codes = np.rint(path.vertices[keep] * scale).astype(int).tolist(), codes[keep].tolist()
    out, last, pen, begin, i = [], "", (0, 0), (0, 0), 0
    while i < len(codes):
        if codes[i] == Path.CLOSEPOLY:
            out.append("z")
            last, pen, i = "z", begin, i + 1
            continue
        command, count = CURVES.get(codes[i], ("m" if codes[i] == Path.MOVETO else "l", 1))
        moves = [(x - pen[0], y - pen[1]) for x, y in points[i : i + count]]
        pen = tuple(points[i + count - 1])
        i += count
        if command == "m":
            begin = pen
        elif command == "l" and moves == [(0, 0)] and not keep_equal:
            continue
        # a pair without a letter means the same again, but after m it means l
        out.append("" if command == {"m": "l"}.get(last, last) else command)
        for j, (dx, dy) in enumerate(moves):
            a, b = shorter(dx, scale), shorter(dy, scale)
            gap = "" if (j == 0 and out[-1]) or a[0] == "-" else " "
            out.append(gap + a + ("" if b[0] == "-" else " ") + b)
        last = command
    return "".join(out)
