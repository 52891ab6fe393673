"""What web pages and textbooks repeat: ``{claim}`` puts one sentence to the test, ``{claims}`` lists them all.

A claim stands once, on the page with its experiment. The build makes the list from the pages, with links both ways.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from lrlab.book.per_page import PerPage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VERDICTS = ("true", "with conditions", "misleading", "false")
LIST = "chapters/claims"  # the page with the list
FOUND = PerPage("claims")
log = logging.getLogger(__name__)


class Found(NamedTuple):
    """A claim on its page."""

    name: str
    page: str
    sentence: str
    verdict: str


class claim_list(nodes.General, nodes.Element):
    """Where the list will stand, once every page is read."""


class claim_link(nodes.Inline, nodes.TextElement):
    """From a box to its row in the list, if this book has the list."""


def verdict(argument: str | None) -> str:
    return directives.choice(argument, VERDICTS)


class Claim(SphinxDirective):
    """``{claim} The sentence.`` with ``:name:``, ``:verdict:``, and why it is believed, and what is true."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"name": directives.unchanged_required, "verdict": verdict}  # noqa: RUF012 (docutils' own way)

    def run(self) -> list[nodes.Node]:
        sentence = " ".join(self.arguments[0].split())
        for option in self.option_spec:
            if option not in self.options:
                raise self.error(f"{{claim}} “{sentence}” has no :{option}:")
        name, page = self.options["name"], self.env.docname
        FOUND.of(self.env).setdefault(page, []).append(Found(name, page, sentence, self.options["verdict"]))
        box = nodes.admonition("", classes=["truth"], ids=[f"claim-{name}"])
        box += nodes.title("", f"Is it true? “{sentence}”")
        says = nodes.strong("", f"{self.options['verdict'].capitalize()}.")
        box += nodes.paragraph("", "", says, claim_link("", name=name), classes=["lr-verdict"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class ClaimList(SphinxDirective):
    """``{claims}``: every claim of the book, by page, with its verdict."""

    def run(self) -> list[nodes.Node]:
        return [claim_list("")]


def claims(env: "BuildEnvironment") -> list[Found]:
    """Every claim of the book, in the order of its pages."""
    found = FOUND.of(env)
    return [claim for page in in_order(env) for claim in found.get(page, ())]


def check(app: "Sphinx", env: "BuildEnvironment") -> None:
    """Warn of a name that stands twice; `make book` makes an error of it. Only now all pages are known."""
    for fault in repeated(claims(env)):
        log.warning(fault, type="claims")


def repeated(found: list[Found]) -> Iterator[str]:
    """One sentence for each claim whose name another one has."""
    first: dict[str, str] = {}
    for claim in found:
        if claim.name in first:
            yield f"claim {claim.name} on {claim.page}: there is one on {first[claim.name]} already"
        first.setdefault(claim.name, claim.page)


def resolve(app: "Sphinx", doctree: nodes.document, docname: str) -> None:
    """Fill in the list and the links to it."""
    for place in list(doctree.findall(claim_list)):
        place.replace_self(listing(app, docname))
    for place in list(doctree.findall(claim_link)):
        inside = []
        if LIST in app.env.found_docs:
            uri = f"{app.builder.get_relative_uri(docname, LIST)}#said-{place['name']}"
            inside = [nodes.Text(" "), nodes.reference("", "All claims", refuri=uri, internal=True)]
        place.replace_self(inside)


def listing(app: "Sphinx", docname: str) -> list[nodes.Node]:
    """How many there are of each verdict, then page by page in the book's order."""
    known = claims(app.env)
    count = {verdict: sum(found.verdict == verdict for found in known) for verdict in VERDICTS}
    total = f"{len(known)} claims: " + ", ".join(f"{number} {verdict}" for verdict, number in count.items()) + "."
    out: list[nodes.Node] = [nodes.paragraph("", total)]
    for page in dict.fromkeys(found.page for found in known):
        link = nodes.reference("", app.env.titles[page].astext(), internal=True)
        link["refuri"] = app.builder.get_relative_uri(docname, page)
        out.append(nodes.rubric("", "", link))
        out.append(nodes.bullet_list("", *(entry(app, docname, found) for found in known if found.page == page)))
    return out


def entry(app: "Sphinx", docname: str, found: Found) -> nodes.list_item:
    """One claim: the sentence, linked to its experiment, and the verdict."""
    uri = f"{app.builder.get_relative_uri(docname, found.page)}#claim-{found.name}"
    link = nodes.reference("", f"“{found.sentence}”", refuri=uri, internal=True)
    says = nodes.strong("", f"{found.verdict.capitalize()}.")
    return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), says), ids=[f"said-{found.name}"])


def in_order(env: "BuildEnvironment") -> list[str]:
    """The pages as the table of contents has them."""
    seen, ahead = [], [env.config.root_doc]
    while ahead:
        page = ahead.pop(0)
        if page not in seen:
            seen.append(page)
            ahead = [*env.toctree_includes.get(page, ()), *ahead]
    return seen


def setup(app: "Sphinx") -> None:
    """Add the directives."""
    app.add_directive("claim", Claim)
    app.add_directive("claims", ClaimList)
    app.add_node(claim_list)
    app.add_node(claim_link)
    FOUND.connect(app, shown_on=LIST)
    app.connect("env-check-consistency", check)
    app.connect("doctree-resolved", resolve)
