"""What web pages and textbooks repeat: ``{claim}`` puts one sentence to the test, ``{claims}`` lists them all.

A claim stands once, on the page with its experiment. The build makes the list from the pages, with links both ways.
"""

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VERDICTS = ("true", "with conditions", "misleading", "false")
LIST = "chapters/claims"  # the page with the list


class Found(NamedTuple):
    """A claim on its page."""

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
        name, known = self.options["name"], claims(self.env)
        if name in known:
            raise self.error(f"{{claim}} {name}: there is one on {known[name].page} already")
        known[name] = Found(self.env.docname, sentence, self.options["verdict"])
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


def claims(env: "BuildEnvironment") -> dict[str, Found]:
    """Every claim by name, as far as the pages are read."""
    if not hasattr(env, "lrlab_claims"):
        env.lrlab_claims = {}
    return env.lrlab_claims


def forget(app: "Sphinx", env: "BuildEnvironment", docname: str) -> None:
    """Drop the claims of a page that is read again."""
    env.lrlab_claims = {name: found for name, found in claims(env).items() if found.page != docname}


def merge(app: "Sphinx", env: "BuildEnvironment", docnames: set[str], other: "BuildEnvironment") -> None:
    """Take the claims of pages that another process has read."""
    claims(env).update({name: found for name, found in claims(other).items() if found.page in docnames})


def outdated(app: "Sphinx", env: "BuildEnvironment") -> list[str]:
    """The list is written again whenever a page was."""
    return [LIST] if LIST in env.found_docs else []


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
    count = {verdict: sum(found.verdict == verdict for found in known.values()) for verdict in VERDICTS}
    total = f"{len(known)} claims: " + ", ".join(f"{number} {verdict}" for verdict, number in count.items()) + "."
    out: list[nodes.Node] = [nodes.paragraph("", total)]
    order = {page: place for place, page in enumerate(in_order(app.env))}
    for page in sorted({found.page for found in known.values()}, key=lambda page: order.get(page, len(order))):
        link = nodes.reference("", app.env.titles[page].astext(), internal=True)
        link["refuri"] = app.builder.get_relative_uri(docname, page)
        out.append(nodes.rubric("", "", link))
        out.append(nodes.bullet_list("", *(entry(app, docname, name) for name in known if known[name].page == page)))
    return out


def entry(app: "Sphinx", docname: str, name: str) -> nodes.list_item:
    """One claim: the sentence, linked to its experiment, and the verdict."""
    found = claims(app.env)[name]
    uri = f"{app.builder.get_relative_uri(docname, found.page)}#claim-{name}"
    link = nodes.reference("", f"“{found.sentence}”", refuri=uri, internal=True)
    says = nodes.strong("", f"{found.verdict.capitalize()}.")
    return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), says), ids=[f"said-{name}"])


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
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", outdated)
    app.connect("doctree-resolved", resolve)
