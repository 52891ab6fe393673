"""Claims that web pages and textbooks repeat: ``{claim}`` puts one to the test, ``{claims}`` lists them all.

A claim stands once, on the page with its experiment; the list is made from the pages by the build, with links both ways.
"""

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VERDICTS = ("true", "with conditions", "misleading", "false")
PLACE = "chapters/claims"  # the page with the list


def verdict(argument: str | None) -> str:
    """One of `VERDICTS`."""
    return directives.choice(argument, VERDICTS)


class ClaimList(nodes.General, nodes.Element):
    """Where the list will stand, once every page is read."""


class Claim(SphinxDirective):
    """``{claim} The sentence.`` with ``:name:`` and ``:verdict:``; the content says why it is believed and what is true."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"name": directives.unchanged_required, "verdict": verdict}  # noqa: RUF012 (docutils' own way)

    def run(self) -> list[nodes.Node]:
        sentence = " ".join(self.arguments[0].split())
        for option in ("name", "verdict"):
            if option not in self.options:
                raise self.error(f"{{claim}} {sentence!r} has no :{option}:")
        name, found = self.options["name"], self.options["verdict"]
        known = claims(self.env)
        if name in known and known[name]["page"] != self.env.docname:
            raise self.error(f"{{claim}} {name!r} stands on {known[name]['page']} already")
        anchor = f"claim-{name}"
        known[name] = {"page": self.env.docname, "sentence": sentence, "verdict": found, "line": self.lineno}
        box = nodes.admonition("", classes=["truth", f"verdict-{found.replace(' ', '-')}"], ids=[anchor])
        self.state.document.note_explicit_target(box)
        box += nodes.title("", f"Is it true? “{sentence}”")
        box += nodes.paragraph("", "", nodes.strong("", found.capitalize() + "."), classes=["verdict"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


def claims(env: "BuildEnvironment") -> dict[str, dict[str, Any]]:
    """name -> page, sentence, verdict."""
    if not hasattr(env, "lrlab_claims"):
        env.lrlab_claims = {}
    return env.lrlab_claims


def setup(app: "Sphinx") -> None:
    """Add the directive."""
    app.add_directive("claim", Claim)
