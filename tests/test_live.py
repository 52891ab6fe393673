"""The other life of a demo: an exercise opened in a real JupyterLab, its knob dragged to a value that is on no grid."""

import shutil

import numpy as np
import pytest
from browser import ROOT, chromium
from lab import jupyterlab, open_notebook, run_all

NAME = "what_is_the_learning_rate"


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(ROOT / "exercises" / "release" / NAME / f"{NAME}.ipynb", folder)
    with jupyterlab(folder) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        open_notebook(page, f"{address}lab/tree/{NAME}.ipynb?reset")
        run_all(page)
        yield page


def test_the_knob_can_be_dragged_to_a_value_that_is_on_no_grid(tab):
    handle = tab.locator(".lr-explore-live .noUi-handle").first
    handle.scroll_into_view_if_needed()
    picture = tab.locator(".lr-explore-live svg").first
    readout = tab.locator(".lr-explore-live .widget-readout").first
    before, said = picture.inner_html(), readout.inner_text()
    box = handle.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] / 2 + 37, box["y"] + box["height"] / 2, steps=5)
    tab.mouse.up()
    moved = "([node, before]) => node.querySelector('svg').innerHTML !== before"
    tab.wait_for_function(moved, arg=[picture_box(tab), before], timeout=20_000)
    assert readout.inner_text() != said
    value = float(readout.inner_text())
    grid = np.logspace(-2, np.log10(0.3), 41)
    assert np.abs(grid - value).min() > 1e-4, f"{value} is on the grid"


def picture_box(tab):
    """The element that keeps standing while its picture is replaced."""
    return tab.locator(".lr-explore-live .widget-html-content").last.element_handle()


def test_an_empty_answer_says_so_in_one_line(tab):
    errors = tab.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    errors.first.wait_for()
    assert "still empty" in errors.first.inner_text()
    assert "Traceback" not in errors.first.inner_text()
