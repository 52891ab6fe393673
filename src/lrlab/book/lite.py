"""The kernel in the browser, taken into the book: the JupyterLite site that ``make_lite.py`` made, with our notebooks.

The setting ``lrlab_lite`` names the folder of that site, seen from the book's; without one it is what the environment
variable LRLAB_LITE says, which ``make lite`` sets. The built book holds the site, and its pages link to it, exactly
when the setting is not empty.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FOLDER = "lite"  # in the built book
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
DATE = "2000-01-01T00:00:00Z"  # JupyterLite wants one; the same bytes each time


def address(notebook: str, root: str) -> str:
    """Where a notebook opens, seen from a page from which ``root`` leads to the site's root ("" or "../")."""
    return f"{root}{FOLDER}/notebooks/index.html?path={quote(notebook)}"


def for_browser(notebook: str) -> str:
    """The same notebook for the kernel that the browser has, so that it starts without a question."""
    content = json.loads(notebook)
    content["metadata"] |= {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def released(book: Path) -> Iterator[tuple[str, str]]:
    """Path and text of the students' notebooks."""
    for path in sorted((book / "exercises" / "release").glob("*/*.ipynb")):
        yield path.relative_to(book).as_posix(), path.read_text(encoding="utf-8")


def write_contents(site: Path, notebooks: Iterable[tuple[str, str]]) -> None:
    """Put notebooks, path and text, where JupyterLite looks for them: the files, and a list for each folder."""
    folders: dict[str, dict[str, dict]] = {"": {}}
    for path, notebook in notebooks:
        target, text = site / "files" / path, for_browser(notebook)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        entry = model(path, "notebook", size=len(text.encode()))
        while path:  # the notebook in its folder, that folder in its own, up to the root
            folder = path.rpartition("/")[0]
            folders.setdefault(folder, {})[path] = entry
            path, entry = folder, model(folder, "directory")
    for folder, entries in folders.items():
        target = site / "api" / "contents" / folder / "all.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        listed = model(folder, "directory", content=list(entries.values()), format="json")
        target.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def model(path: str, kind: str, **more) -> dict:
    """What Jupyter's contents interface says of a file or folder."""
    nothing = {"content": None, "format": None, "mimetype": None, "size": None, "writable": True}
    dates = {"created": DATE, "last_modified": DATE}
    return {"name": path.rpartition("/")[2], "path": path, "type": kind, **dates, **nothing, **more}


def take_in(source: Path | None, target: Path, notebooks: Iterable[tuple[str, str]]) -> None:
    """Put the site of ``source`` with these notebooks into the built book, or take an older one out."""
    new = target.with_name(f"{target.name}.new")
    for folder in (new, target):
        shutil.rmtree(folder, ignore_errors=True)
    if source:
        shutil.copytree(source, new)
        write_contents(new, notebooks)
        new.rename(target)


def check(app: "Sphinx", config: "Config") -> None:
    """A setting that names no such site stops the build, before a page links to nothing."""
    if config.lrlab_lite and not Path(app.srcdir, config.lrlab_lite, "notebooks", "index.html").is_file():
        raise ConfigError(f"lrlab_lite is {config.lrlab_lite!r}, which holds no JupyterLite site: run `make lite`")


def setup(app: "Sphinx") -> None:
    """Add the setting."""
    app.add_config_value("lrlab_lite", os.environ.get("LRLAB_LITE", ""), "env", str)
    app.connect("config-inited", check)
