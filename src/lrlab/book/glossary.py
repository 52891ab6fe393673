"""The first use of each glossary term on a page becomes a link, which shows the definition where it is pointed at.

Nothing is marked up on the pages: the terms are those of the page with the ``{glossary}`` directive.
"""

import html
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from lrlab.book.formulas import to_mathml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

# where a word is not running text, or is a link already
CLOSED = (
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.title,
    nodes.rubric,
    nodes.raw,
    nodes.footnote,
    nodes.footnote_reference,
    nodes.figure,
    nodes.image,
    nodes.term,
    nodes.thead,
    addnodes.pending_xref,
    addnodes.toctree,
)
OPEN = (nodes.paragraph,)  # in lists, tables, boxes and tabs too
ALONE = ("index", "chapters/glossary", "chapters/claims", "chapters/symbols", "chapters/references")


class Terms:
    """What the glossary says: each spelling's address and definition, and one pattern that finds them all."""

    def __init__(self, env: "BuildEnvironment"):
        self.address: dict[str, tuple[str, str]] = {}  # spelling in lower case -> (page, id)
        self.definition: dict[str, str] = {}  # spelling in lower case -> text
        for page in {page for (kind, _), (page, _) in env.get_domain("std").objects.items() if kind == "term"}:
            for item in env.get_doctree(page).findall(nodes.definition_list_item):
                self.read(page, item)
        self.pattern = pattern(self.address)

    def read(self, page: str, item: nodes.definition_list_item) -> None:
        """Take in one definition, with all its spellings."""
        text = said(next(item.findall(nodes.paragraph)))
        for term in item.findall(nodes.term):
            spelling = term.astext().lower()
            self.address[spelling] = page, term["ids"][0]
            self.definition[spelling] = text


def pattern(spellings: "Iterable[str]") -> re.Pattern:
    """Any of the spellings as a word of its own, in the plural too; the longest that fits."""
    longest_first = "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({longest_first})s?(?![\w-])", re.IGNORECASE)


def said(paragraph: nodes.paragraph) -> str:
    """A paragraph as plain text, its formulas as their signs."""
    parts = []
    for node in paragraph.findall():
        if isinstance(node, nodes.math):
            parts.append(html.unescape(re.sub(r"<[^>]*>", "", to_mathml(node.astext(), display=False))))
        elif isinstance(node, nodes.Text) and not isinstance(node.parent, nodes.math):
            parts.append(node.astext())
    return " ".join("".join(parts).split())


class term_link(nodes.reference):
    """A link to the glossary that carries the definition."""


def link(app: "Sphinx", doctree: nodes.document, docname: str) -> None:
    """Link the first use of each term on a page."""
    if docname in ALONE:
        return
    if not hasattr(app, "lrlab_terms"):
        app.lrlab_terms = Terms(app.env)  # once a build: by now every page is read
    terms, used = app.lrlab_terms, set()
    if not terms.address:
        return
    for text in list(doctree.findall(nodes.Text)):
        if is_prose(text):
            text.parent.replace(text, linked(app, docname, str(text), terms, used))


def is_prose(text: nodes.Text) -> bool:
    """In a paragraph, and in nothing that stands for itself."""
    node, inside = text.parent, False
    while node is not None:
        if isinstance(node, CLOSED):
            return False
        inside = inside or isinstance(node, OPEN)
        node = node.parent
    return inside


def linked(app: "Sphinx", docname: str, text: str, terms: Terms, used: set[str]) -> list[nodes.Node]:
    """A text, cut into pieces at the terms that were not used before."""
    out: list[nodes.Node] = []
    end = 0
    for match in terms.pattern.finditer(text):
        spelling = match[1].lower()
        definition = terms.definition[spelling]  # the same for all spellings of a term
        if definition in used:
            continue
        used.add(definition)
        page, target = terms.address[spelling]
        out.append(nodes.Text(text[end : match.start()]))
        uri = f"{app.builder.get_relative_uri(docname, page)}#{target}"
        out.append(term_link("", match[0], refuri=uri, definition=definition))
        end = match.end()
    return [*(piece for piece in out if piece.astext()), *([nodes.Text(text[end:])] if text[end:] else [])]


def visit(self: "HTML5Translator", node: term_link) -> None:
    definition = html.escape(node["definition"], quote=True)
    self.body.append(f'<a class="lr-term" href="{node["refuri"]}" data-definition="{definition}">')


def depart(self: "HTML5Translator", node: term_link) -> None:
    self.body.append("</a>")


def plain(self: Any, node: term_link) -> None:
    """Other writers show the word."""


def setup(app: "Sphinx") -> None:
    """Link the terms, and show their definitions."""
    app.add_node(term_link, html=(visit, depart), latex=(plain, plain), text=(plain, plain))
    app.connect("doctree-resolved", link, priority=900)  # after the references of Sphinx, which are left alone
    app.add_js_file("lrlab-terms.js", loading_method="defer")
