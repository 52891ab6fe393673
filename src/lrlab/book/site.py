"""The page around the text: Jupyter Book's settings handed to the theme furo, our look, descriptions, the 404 page."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.errors import ConfigError

from lrlab.book.run_page import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

HERE = Path(__file__).parent
MOST_PROCESSES = 4  # a kernel each
DESCRIPTION_LENGTH = 160
CODE_STYLES = "a11y-high-contrast-light", "a11y-high-contrast-dark"  # comments are readable too (WCAG 2.2 AA)


def configure(app: "Sphinx", config: "Config") -> None:
    """Translate Jupyter Book's theme options for furo, and point Sphinx to our files."""
    options = config.html_theme_options
    settings = (
        options.get("repository_url", ""),
        options.get("repository_branch", "main"),
        options.get("path_to_docs", ""),
    )
    try:
        config.lrlab_repository = Repository.from_settings(*settings)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    # Jupyter Book writes options of its default theme, which furo would warn of
    config.html_theme_options = {"top_of_page_buttons": [], "footer_icons": []}
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))
    config.html_favicon = config.html_favicon or str(HERE / "static" / "favicon.svg")
    config.pygments_style, config.pygments_dark_style = CODE_STYLES
    config.math_numfig = False  # equations count per page, figures as Jupyter Book has it
    config.nb_ipywidgets_js = {}  # a static page has no live widgets, and their scripts come from another host


def description(doctree: nodes.document) -> str:
    """The first paragraph of a page, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        if text := " ".join(paragraph.astext().split()):
            return text if len(text) <= DESCRIPTION_LENGTH else text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
    return ""


def describe(app: "Sphinx", pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Hand the template the page's description, unless its front matter has one (``html_meta``)."""
    if doctree is not None and 'name="description"' not in (context.get("metatags") or ""):
        context["lr_description"] = description(doctree)


def not_found(app: "Sphinx") -> "Iterator[tuple[str, dict[str, Any], str]]":
    """The page for a wrong address: it stands alone, because its own address can have any depth."""
    yield "404", {"lr_root": app.config.lrlab_repository.site_root}, "404.html"


def visit_fold(self: "HTML5Translator", node: HideCodeCellNode) -> None:
    """Open a folded cell: one plain summary, where MyST-NB's has a label that says other words than it shows."""
    self.body.append(f'<details class="lr-fold">\n<summary>{self.encode(node["prompt_show"])}</summary>\n')


def depart_fold(self: "HTML5Translator", node: HideCodeCellNode) -> None:
    """Close a folded cell."""
    self.body.append("</details>\n")


def side_by_side(app: "Sphinx") -> None:
    """Let pages be executed side by side, which takes half the time on two cores."""
    # it only numbers sections, after reading, and does not say that this is safe
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the kernels: threads of several would wait for each other


def setup(app: "Sphinx") -> None:
    """Add our look."""
    app.parallel = max(app.parallel, min(os.cpu_count() or 1, MOST_PROCESSES))  # Jupyter Book has no option for it
    app.connect("builder-inited", side_by_side)
    app.add_config_value("lrlab_repository", None, "env")  # made by `configure`, not written by an author
    app.add_config_value("comments_config", {}, "")  # Jupyter Book always sets it, for an extension that we leave out
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_fold))
    app.connect("config-inited", configure)
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", not_found)
    app.add_css_file("lrlab.css", priority=900)  # after the theme's own
