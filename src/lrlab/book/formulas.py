r"""Mathematics at build time: LaTeX to MathML, through Sphinx's own hook for math renderers.

Every form that MyST writes comes here: ``$x$``, ``$$ x $$ (label)``, the ``math`` directive, and the environments
``equation``, ``align``, ``gather`` and ``multline``. Equations count from 1 on each page; the rows of an ``align`` or
``gather`` count one by one, as in LaTeX, and each may carry a ``\label`` that ``{eq}`` finds.
"""

import html
import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.errors import SphinxError

from lrlab.book.signs import ALLOWED

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.math import MathDomain
    from sphinx.writers.html5 import HTML5Translator

NARROW = 16  # a formula of at most so many signs fits a phone of 360 px, so it needs no scroll box

_CONVERTER = LatexToMathML(fancy_error=False, macros={"argmin": r"\operatorname*{arg\,min}"})
_ENVIRONMENT = re.compile(r"\s*\\begin\{(equation|align|gather|multline)(\*?)\}(.*)\\end\{\1\2\}\s*", re.DOTALL)
_TOKEN = re.compile(r"\\(?:begin|end)\s*\{[^}]*\}|\\\\(?:\s*\[[^]]*\])?|\\.|[{}]", re.DOTALL)
_LABEL = re.compile(r"\\label\s*\{([^}]*)\}")
_UNNUMBERED = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")


_BADLY_DRAWN = re.compile(r"\\(widehat|x(?:left|right|Left|Right)\w*arrow)(?![A-Za-z])")


class FormulaError(SphinxError):
    """A formula that cannot be shown; the message names page, line and formula."""

    category = "Formula"


class Row(NamedTuple):
    """One numbered line of an environment."""

    tex: str
    label: str | None
    numbered: bool


def split_rows(tex: str) -> list[str]:
    r"""Split LaTeX at the ``\\`` that stand outside of braces and inner environments."""
    parts, depth, start = [], 0, 0
    for token in _TOKEN.finditer(tex):
        if token[0] == "{" or token[0].startswith(r"\begin"):
            depth += 1
        elif token[0] == "}" or token[0].startswith(r"\end"):
            depth -= 1
        elif token[0].startswith(r"\\") and depth == 0:
            parts.append(tex[start : token.start()])
            start = token.end()
    parts.append(tex[start:])
    return [part for part in parts if part.strip()]


def environment_rows(tex: str) -> tuple[str, list[Row]] | None:
    """Name and rows of a formula that is one amsmath environment; None for any other formula."""
    if not (match := _ENVIRONMENT.fullmatch(tex)):
        return None
    name, star, body = match.groups()
    rows = []
    for part in split_rows(body) if name in ("align", "gather") else [body]:
        label = _LABEL.search(part)
        numbered = not star and not _UNNUMBERED.search(part)
        rows.append(Row(_UNNUMBERED.sub("", _LABEL.sub("", part)).strip(), label and label[1], numbered))
    return name, rows


def to_mathml(tex: str, *, display: bool, numbers: tuple[int | None, ...] = ()) -> str:
    r"""Convert one formula to a ``<math>`` element.

    ``numbers`` are those of the rows of an environment, None for a row without one. Blank lines separate formulas, and
    a bare ``\\`` aligns, as Sphinx has it. ``ValueError`` says what is wrong and at which character.
    """
    tex = re.sub(r"(?<!\\)\\\n", r"\\ ", tex)  # a backslash at the end of a line is a space
    tex = tex.replace(r"\begin{split}", r"\begin{aligned}").replace(r"\end{split}", r"\end{aligned}")
    if found := environment_rows(tex):
        name, rows = found
        if name in ("equation", "multline"):  # the number of a single formula stands beside it, out of the scroll box
            tex = rows[0].tex if name == "equation" else rf"\begin{{multline*}}{rows[0].tex}\end{{multline*}}"
        else:
            numbers = numbers or (None,) * len(rows)
            tags = [r"\notag" if number is None else rf"\tag{{{number}}}" for number in numbers]
            body = r"\\".join(f"{row.tex} {tag}" for row, tag in zip(rows, tags, strict=True))
            tex = rf"\begin{{{name}}}{body}\end{{{name}}}"
    elif display:
        rows_of_parts = [split_rows(part) for part in tex.split("\n\n") if part.strip()]
        lines = [line for part in rows_of_parts for line in part]
        if len(lines) > 1:
            tex = r"\begin{aligned}" + r"\\".join(lines) + r"\end{aligned}"
    if re.search(r"\\(?:eq)?ref(?![A-Za-z])", tex):
        raise ValueError(r"\ref and \eqref do not reach out of a formula; write {eq}`label` in the text")
    if badly := _BADLY_DRAWN.search(tex):
        raise ValueError(f"{badly[0]} does not stretch in browsers; write it in another way:\n{tex.strip()}")
    try:
        mathml = _CONVERTER.convert_with_local_state(tex.strip(), displaystyle=display)
    except LatexError as error:
        place, _, reason = str(error).partition(": ")
        raise ValueError(f"{reason.rstrip('.')}, at character {place} of\n{tex.strip()}") from None
    # browsers do not centre the combining line that math-core writes for \overline and \underline
    mathml = mathml.replace("\u0332</mo></mover>", "‾</mo></mover>").replace("\u0332</mo></munder>", "_</mo></munder>")
    drawn = _visible(re.sub(r"<mtext>.*?</mtext>", "", mathml))  # words are set in the text's own font
    if strange := sorted(sign for sign in set(drawn) if ord(sign) not in ALLOWED):
        raise ValueError(
            f"{strange[0]!r} (U+{ord(strange[0]):04X}) is not in the math font, see signs.py:\n{tex.strip()}"
        )
    return mathml


def _visible(mathml: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", mathml))


def is_wide(mathml: str) -> bool:
    """Whether a formula may be wider than a phone: a guess on the safe side, from the signs of its widest row."""
    rows = re.split(r"</mtr>", mathml) if mathml.count("<mtable") == 1 else [mathml]
    signs = [len(_visible(row)) + 2 * row.count("<mspace width") for row in rows]
    return max(signs) > NARROW


def number_equations(app: "Sphinx", doctree: nodes.document) -> None:
    """Number the equations of a page in reading order, the rows of ``align`` and ``gather`` one by one."""
    domain: MathDomain = app.env.get_domain("math")
    docname, following = app.env.docname, count(1)
    for node in list(doctree.findall(nodes.math_block)):
        found = environment_rows(node.astext())
        if found and "amsmath" in node["classes"]:
            if mock := node.get("label"):  # MyST numbers the whole environment, under a random name
                del domain.equations[mock]
                node["ids"].remove(nodes.make_id(f"equation-{mock}"))
            rows = found[1]
            node["rows"] = [next(following) if row.numbered else None for row in rows]
            node["labels"] = [row.label for row in rows if row.label]
            for row, number in zip(rows, node["rows"], strict=True):
                if row.label:
                    domain.note_equation(docname, row.label, location=node)
                    domain.equations[row.label] = (docname, number)
            node["label"], node["number"] = None, node["rows"][0] if found[0] in ("equation", "multline") else None
        elif node.get("number"):
            node["number"] = next(following)
            domain.equations[node["label"]] = (docname, node["number"])


def _render(node: nodes.Element, *, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display=display, numbers=tuple(node.get("rows", ())))
    except ValueError as error:
        place: nodes.Element | None = node
        while place is not None and place.line is None:
            place = place.parent
        raise FormulaError(f"{node.document['source']}:{place.line if place else '?'}: {error}") from None


def visit_math(self: "HTML5Translator", node: nodes.math) -> None:
    """Write an inline formula."""
    mathml = _render(node, display=False)
    if is_wide(mathml):
        mathml = f'<span class="lr-math-wide" tabindex="0" role="group" aria-label="Formula">{mathml}</span>'
    self.body.append(mathml)
    raise nodes.SkipNode


def visit_math_block(self: "HTML5Translator", node: nodes.math_block) -> None:
    """Write a displayed formula in its own scroll box, with its number outside of it."""
    mathml, number = _render(node, display=True), node.get("number")
    name = f"Equation {number}" if number else "Formula"
    focus = f' tabindex="0" role="group" aria-label="{name}"' if is_wide(mathml) else ""
    self.body.append(self.starttag(node, "div", CLASS="lr-math"))
    self.body += [f'<span id="{nodes.make_id(f"equation-{label}")}"></span>' for label in node.get("labels", ())]
    self.body.append(f'<div class="lr-math-box"{focus}>{mathml}</div>')
    if number:
        self.body.append(f'<span class="eqno">({number})')
        if node.get("label"):
            self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: "Sphinx") -> None:
    """Make MathML the way of writing mathematics in HTML."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("doctree-read", number_equations)
