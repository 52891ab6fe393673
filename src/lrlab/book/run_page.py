"""The *run this page* bar, and the notebooks that it offers for download.

Every link follows from one setting, Jupyter Book's ``repository`` in ``_config.yml``.
"""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import jupytext
from docutils import nodes

from lrlab.book import lite
from lrlab.grading import sets

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PLACEHOLDER = "OWNER"
DIRECTIVE = re.compile(r"^```\{(exercises|assign|made-table)\} (\S+)\n```\n", re.M)  # lrlab.book.exercises, .tables


class Link(NamedTuple):
    """One entry of the bar; ``save`` is the file name of a download, empty for a page to open."""

    text: str
    href: str
    save: str = ""


@dataclass(frozen=True)
class Repository:
    """Where the book's source is published: ``https://github.com/OWNER/NAME``, a branch, the book's folder in it."""

    owner: str
    name: str
    branch: str = "main"
    folder: str = ""

    @classmethod
    def from_settings(cls, url: str, branch: str = "main", folder: str = "") -> "Repository":
        """Read the three settings of Jupyter Book; another host than GitHub is a ``ValueError``."""
        match = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", url)
        if not match:
            raise ValueError(f"repository url in _config.yml is {url!r}: write it as https://github.com/OWNER/NAME")
        return cls(match[1], match[2], branch, folder.strip("/"))

    @property
    def is_placeholder(self) -> bool:
        """Whether the owner has not been filled in yet."""
        return self.owner == PLACEHOLDER

    @property
    def url(self) -> str:
        """The address of the repository."""
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def site_root(self) -> str:
        """The path under which GitHub Pages serves the site."""
        return "/" if self.name.lower() == f"{self.owner.lower()}.github.io" else f"/{self.name}/"

    def binder(self, source: str) -> str:
        """The address that opens the file ``source`` of the book in JupyterLab on Binder.

        A ``.md`` page opens as a notebook there, because lrlab's wheel brings that setting (``jupyterlab/lrlab.json``).
        """
        path = f"lab/tree/{quote(str(PurePosixPath(self.folder, source)))}"
        return (
            f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{quote(self.branch)}?urlpath={quote(path, safe='')}"
        )

    def colab(self, source: str) -> str:
        """The address that opens the committed notebook ``source`` in Colab."""
        path = quote(str(PurePosixPath(self.folder, source)))
        return f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/{quote(self.branch)}/{path}"


def page_links(repository: Repository, source: str, root: str, in_browser: bool = False) -> list[Link]:
    """The links of the page made from ``source``; ``root`` leads from the page to the site's root ("" or "../").

    ``in_browser`` says whether the site has the kernel that runs in the browser.
    """
    stem, name = PurePosixPath(source).with_suffix("").as_posix(), PurePosixPath(source).stem
    committed = source.endswith(".ipynb")
    links = [Link("Open in Binder", repository.binder(source))]
    if in_browser:
        links.append(Link("Run in the browser", lite.address(f"{stem}.ipynb", root)))
    if committed:  # Colab opens notebooks only
        links.append(Link("Open in Colab", repository.colab(source)))
    links.append(Link("Download .ipynb", f"{root}_sources/{quote(stem)}.ipynb", f"{name}.ipynb"))
    if not committed:
        links.append(Link("Download .md", f"{root}_sources/{quote(source)}", PurePosixPath(source).name))
    return links


def bar(links: list[Link]) -> str:
    """The bar as HTML."""
    items = ""
    for link in links:
        save = f' download="{escape(link.save)}"' if link.save else ""
        items += f'<li><a href="{escape(link.href)}"{save}>{escape(link.text)}</a></li>'
    return f'<nav class="lr-run" aria-label="Run this page"><span>Run this page</span><ul>{items}</ul></nav>'


def to_notebook(source: str) -> str:
    """The Jupyter notebook of a MyST Markdown page, the same bytes each time."""
    notebook = jupytext.reads(DIRECTIVE.sub(in_a_notebook, source), fmt="md:myst")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # jupytext draws random ones
    return jupytext.writes(notebook, fmt="ipynb")


def in_a_notebook(directive: re.Match) -> str:
    """What stands in a notebook, where nobody knows the site's own directives, in place of one of them."""
    kind, name = directive.groups()
    path = sets.released(name)
    return {
        "exercises": f"The exercises are a notebook of their own: [{path}](../{path}).\n",
        "assign": "",
        "made-table": f"*(The table “{name}” is made with the site: see this page there.)*\n",
    }[kind]


def is_notebook(app: "Sphinx", docname: str) -> bool:
    """Whether a page has code that a kernel can run."""
    return app.env.doc2path(docname).endswith(".ipynb") or "kernelspec" in app.env.metadata.get(docname, {})


def add_bar(
    app: "Sphinx", pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.Node | None
) -> None:
    """Hand the template the bar of a notebook page."""
    if doctree is not None and is_notebook(app, pagename):
        source = PurePosixPath(app.env.doc2path(pagename, base=False)).as_posix()
        root = "../" * pagename.count("/")
        context["lr_run"] = bar(
            page_links(app.config.lrlab_repository, source, root, in_browser=bool(app.config.lrlab_lite))
        )


def write_notebooks(app: "Sphinx", exception: Exception | None) -> None:
    """Put the notebook of each Markdown page beside its source in ``_sources``, and all into the browser's kernel."""
    if exception or app.builder.format != "html":
        return
    notebooks = {}
    for docname in sorted(filter(lambda name: is_notebook(app, name), app.env.found_docs)):
        source = Path(app.env.doc2path(docname))
        text = source.read_text(encoding="utf-8")
        if source.suffix == ".md":
            text = to_notebook(text)
            Path(app.outdir, "_sources", f"{docname}.ipynb").write_text(text, encoding="utf-8")
        notebooks[f"{docname}.ipynb"] = text
    notebooks |= lite.released(Path(app.srcdir))
    chosen = Path(app.srcdir, app.config.lrlab_lite) if app.config.lrlab_lite else None
    lite.take_in(chosen, Path(app.outdir, lite.FOLDER), notebooks.items())


def setup(app: "Sphinx") -> None:
    """Add the bar and the notebooks."""
    app.connect("html-page-context", add_bar)
    app.connect("build-finished", write_notebooks)
