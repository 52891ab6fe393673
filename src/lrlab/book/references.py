"""The check of the one file of references: each is cited, has an address, and stands there once.

sphinxcontrib-bibtex reads the file and warns of a key that it does not have; a warning stops the build.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from lrlab.book.per_page import PerPage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LIST = "chapters/references"  # the page with the list; a book without it may leave references uncited
ADDRESSES = ("doi", "eprint", "isbn", "url")
NEEDED = ("title", "year")
NEEDED_BY = {"article": ("journal",), "inproceedings": ("booktitle",), "book": ("publisher",)}  # what the style prints
CITED = PerPage("cited")  # keys
log = logging.getLogger(__name__)


def collect(app: "Sphinx", doctree: nodes.document) -> None:
    """Note which references a page cites."""
    names = {name for note in doctree.findall(nodes.footnote) for name in note["ids"]}
    CITED.of(app.env)[app.env.docname] = {
        name.removeprefix("footcite-") for name in names if name.startswith("footcite-")
    }


def check(app: "Sphinx", env: "BuildEnvironment") -> None:
    """Warn of every fault; `make book` makes an error of it."""
    if LIST not in env.found_docs:
        return
    entries = env.get_domain("cite").bibdata.data.entries
    for fault in faults(entries, set().union(*CITED.of(env).values())):
        log.warning(fault, location=LIST, type="references")


def faults(entries: Any, keys: set[str]) -> Iterator[str]:
    """What is wrong with the references, one sentence each. `entries` is pybtex's: key -> type, fields, persons."""
    same = defaultdict(list)
    for key, entry in entries.items():
        # a footnote's id is the key in lower case, and each sign that may not stand there a hyphen
        if re.sub(r"[^a-z0-9]+", "-", key.lower()) not in keys:
            yield f"reference {key} is cited nowhere: cite it or take it out of references.bib"
        needed = (*NEEDED, *NEEDED_BY.get(entry.type, ()))
        missing = [field for field in needed if field not in entry.fields] + ["author"] * (not entry.persons)
        if missing:
            yield f"reference {key} has no {' and no '.join(missing)}"
        if not any(field in entry.fields for field in ADDRESSES):
            yield f"reference {key} has no address: give one of {', '.join(ADDRESSES)}"
        for field in (*ADDRESSES, "title"):
            if field in entry.fields:
                same[field, re.sub(r"\W", "", entry.fields[field].lower())].append(key)
    for (field, _), sharing in same.items():
        if len(sharing) > 1:
            yield f"references {' and '.join(sharing)} have the same {field}: keep one"


def with_current_roles(app: "Sphinx", pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the list's entries a role that is not deprecated (WAI-ARIA 1.2): docutils writes doc-biblioentry."""
    if pagename == LIST:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: "Sphinx") -> None:
    """Check the references once every page is read."""
    app.connect("doctree-read", collect)
    CITED.connect(app)
    app.connect("env-check-consistency", check)
    app.connect("html-page-context", with_current_roles)
