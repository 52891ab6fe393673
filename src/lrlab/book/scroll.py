"""Wide code and wide tables scroll within themselves; the keyboard can reach them to do so."""

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from pygments.formatters import HtmlFormatter
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

CODE_WIDTH = 34  # characters of code that fit a phone of 360 px
TABLE_WIDTH = 32  # the same for text, with two for the borders of each column


class CodeFormatter(HtmlFormatter):
    """Pygments' HTML, with a tab stop for code that is wider than a phone."""

    def _wrap_pre(self, inner: "Iterable[tuple[int, str]]") -> "Iterator[tuple[int, str]]":
        lines = list(inner)
        wide = any(len(re.sub(r"<[^>]*>|&(?=\w+;)\w*", "", line)) > CODE_WIDTH for _, line in lines)
        for kind, text in super()._wrap_pre(lines):
            yield kind, text.replace("<pre", '<pre tabindex="0"', 1) if wide and not kind else text


class scroll_box(nodes.container):
    """A table's box that can be focused."""


class Boxes(SphinxPostTransform):
    """Swap the theme's box around a wide table for one with a tab stop, and take its boxes around formulas away."""

    formats = ("html",)
    default_priority = 600  # after furo has put its box around every table

    def run(self, **kwargs: Any) -> None:
        """Change the document in place."""
        for table in list(self.document.findall(nodes.table)):
            if "table-wrapper" not in table.parent.get("classes", ()):
                continue
            table.parent["ids"] = []  # the theme's box took over the table's, and the table has kept it
            if least_width(table) > TABLE_WIDTH:
                box = scroll_box(**table.parent.attributes)
                table.parent.replace_self(box)
                box += table
        for formula in list(self.document.findall(nodes.math_block)):
            if "math-wrapper" in formula.parent.get("classes", ()):  # a second box, and a second element of the same id
                formula.parent.replace_self(formula)
                formula["classes"] = [name for name in formula["classes"] if name != "math-wrapper"]


def least_width(table: nodes.table) -> int:
    """Characters across of a table whose cells break at every space."""
    columns: dict[int, int] = {}
    for row in table.findall(nodes.row):
        for number, entry in enumerate(row.findall(nodes.entry)):
            longest = max(map(len, entry.astext().split()), default=0)
            columns[number] = max(columns.get(number, 0), longest + 2)
    return sum(columns.values())


def visit_scroll_box(self: "HTML5Translator", node: scroll_box) -> None:
    """Open the box."""
    label = {"tabindex": "0", "role": "group", "aria-label": "Table"}
    self.body.append(self.starttag(node, "div", CLASS="docutils container", **label))


def depart_scroll_box(self: "HTML5Translator", node: scroll_box) -> None:
    """Close the box."""
    self.body.append("</div>\n")


def use_formatter(app: "Sphinx") -> None:
    """Make our formatter the one that writes code."""
    if getattr(app.builder, "highlighter", None):
        app.builder.highlighter.formatter = CodeFormatter


def setup(app: "Sphinx") -> None:
    """Add both."""
    app.add_node(scroll_box, html=(visit_scroll_box, depart_scroll_box))
    app.add_post_transform(Boxes)
    app.connect("builder-inited", use_formatter)
