"""What Binder does, done here: requirements.txt in a clean environment, then every set and a chapter as notebooks."""

import re
import subprocess
import venv
from urllib.parse import unquote

import pytest
from browser import ROOT, SITE, chromium
from lab import jupyterlab, open_notebook, run_all

from lrlab.grading import sets

CHAPTER = "chapters/what_is_the_learning_rate.md"


def copy_of_the_repository(folder):
    """What a clone would hold: the files that git tracks or would take, as they are now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab as Binder starts it, in a folder whose name has a space in it."""
    home = tmp_path_factory.mktemp("binder")
    repository = home / "the learning rate"
    repository.mkdir()
    copy_of_the_repository(repository)
    venv.create(home / "environment", with_pip=True)
    python = home / "environment" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    done = subprocess.run(install, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with jupyterlab(repository, python=str(python)) as address, chromium() as browser:
        yield address, browser, python


def test_the_image_holds_the_five_packages_and_lrlab(lab):
    *_, python = lab
    modules = "import numpy, matplotlib, ipywidgets, nbval, jupyter_book, lrlab; print(lrlab.__version__)"
    done = subprocess.run([python, "-c", modules], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def opened(lab, page: str, source: str):
    """A tab with the notebook that a page's Binder link leads to, all of its cells run."""
    address, browser, _ = lab
    text = (SITE / f"{page}.html").read_text(encoding="utf-8")
    links = [unquote(path) for path in re.findall(r"urlpath=([^\"&]+)", text)]
    (path,) = {path for path in links if path.endswith(source)}
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    open_notebook(tab, f"{address}{path}?reset")  # else JupyterLab brings back what was open before
    run_all(tab)
    return tab


def test_the_link_of_a_chapter_opens_a_notebook_that_runs(lab):
    tab = opened(lab, CHAPTER.removesuffix(".md"), CHAPTER)
    tab.wait_for_selector(".lr-explore-live svg", state="attached")  # it may stand below the fold
    assert tab.locator(".jp-OutputArea-output", has_text="ModuleNotFoundError").count() == 0
    tab.close()


@pytest.mark.parametrize("name", sets.names())
def test_the_link_of_a_set_opens_a_notebook_that_runs(lab, name):
    tab = opened(lab, sets.read(name).chapter, sets.released(name))
    tab.locator(".jp-OutputArea-output", has_text="still empty").first.wait_for(state="attached")
    tab.close()
