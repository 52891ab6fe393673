"""``{pages}``: how long each page is, in words, demos, pictures and seconds of execution, counted by the build."""

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from lrlab.book.claims import claims, in_order
from lrlab.book.per_page import PerPage
from lrlab.book.tables import Made, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LIST = "chapters/pages"  # the page with the table
SIZES = PerPage("sizes")
HEAD = ["page", "words", "demos", "pictures", "claims", "seconds to run"]


class Size(NamedTuple):
    """What a page holds."""

    words: int
    demos: int
    pictures: int


class page_table(nodes.General, nodes.Element):
    """Where the table will stand, once every page is read."""


class Pages(SphinxDirective):
    """``{pages}``: a row for each page of the book, in its order."""

    def run(self) -> list[nodes.Node]:
        return [page_table("")]


def measure(app: "Sphinx", doctree: nodes.document) -> None:
    """Count while a page is read."""
    raw = [node.astext() for node in doctree.findall(nodes.raw)]
    prose = (node for node in doctree.findall(nodes.paragraph) if is_prose(node))
    SIZES.of(app.env)[app.env.docname] = Size(
        words=sum(len(words(paragraph).split()) for paragraph in prose),
        demos=sum('class="lr-explore"' in text for text in raw),
        pictures=sum('class="lr-still"' in text for text in raw),
    )


def is_prose(node: nodes.Element) -> bool:
    """Whether the page itself says it: a footnote names a source, and the list of exercises is their notebook's."""
    around = node.parent
    if around is None:
        return True
    if isinstance(around, nodes.footnote) or {"lr-exercises", "assign"} & set(around.get("classes", ())):
        return False
    return is_prose(around)


def words(paragraph: nodes.paragraph) -> str:
    """A paragraph's text; a formula or a piece of code counts as one word."""
    return "".join(
        "x" if isinstance(node, nodes.math | nodes.literal) else node.astext()
        for node in paragraph.findall(lambda node: isinstance(node, nodes.Text | nodes.math | nodes.literal))
        if not isinstance(node.parent, nodes.math | nodes.literal)
    )


class FillIn(SphinxPostTransform):
    """The table, before the theme puts its box around every table."""

    default_priority = 8

    def run(self, **kwargs: Any) -> None:
        """Change the document in place."""
        for place in list(self.document.findall(page_table)):
            found = table(made(self.app, self.env.docname))
            found["ids"] = ["every-page"]  # Sphinx asks for one where a table has a caption
            place.replace_self(found)


def made(app: "Sphinx", docname: str) -> Made:
    """The rows, with their sums in the last."""
    env, body, totals = app.env, [], [0.0] * 5
    boxes = [found.page for found in claims(env)]
    for page in in_order(env):
        executed = NbMetadataCollector.get_exec_data(env, page)
        numbers = [*SIZES.of(env)[page], boxes.count(page), executed["runtime"] if executed else 0.0]
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        link = nodes.reference("", env.titles[page].astext(), internal=True)
        link["refuri"] = app.builder.get_relative_uri(docname, page)
        body.append([link, *shown(numbers)])
    return Made("Every page of this site", HEAD, [*body, ["together", *shown(totals)]])


def shown(numbers: list[float]) -> list[str]:
    """Counts whole, seconds to a tenth."""
    return [*(f"{round(number):,}" for number in numbers[:-1]), f"{numbers[-1]:.1f}"]


def setup(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("pages", Pages)
    app.add_node(page_table)
    app.connect("doctree-read", measure)
    SIZES.connect(app, shown_on=LIST)
    app.add_post_transform(FillIn)
