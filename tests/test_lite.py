"""The kernel in the browser, as `make lite` built it: what the pages link to opens, runs, and asks no other host.

`make test-lite` runs this file, apart from the others, because it needs another site than they do.
"""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from browser import SITE, pages, served
from lab import PATIENCE, open_notebook, run_all

CHAPTER = "chapters/what_is_the_learning_rate"
EXERCISE = "exercises/release/what_is_the_learning_rate/what_is_the_learning_rate.ipynb"
LINK = re.compile(r'href="([^"]*lite/notebooks/index\.html\?path=([^"]+))"')


def links() -> dict[str, str]:
    """Address of each link to the kernel in the browser, seen from the site's root -> the notebook that it names."""
    found = {}
    for page in pages():
        for href, notebook in LINK.findall((SITE / page).read_text(encoding="utf-8")):
            assert href.startswith("../" * page.count("/") + "lite/"), f"{page} links to {href}"
            found[unescape(href).replace("../", "")] = unquote(unescape(notebook))
    return found


@pytest.fixture(scope="module")
def site():
    assert (SITE / "lite").is_dir(), "the built site has no kernel in it: run `make test-lite`"
    with served() as address:
        yield address


@pytest.fixture
def tab(browser, site):
    """A new tab; closing it fails the test if anything asked another host, the kernel in its worker included."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    assert not [url for url in asked if not url.startswith((site, "data:", "blob:"))]
    assert f"{site}lite/static/pyodide/pyodide.asm.wasm" in asked  # so the worker's requests are seen


def open_and_run(tab, address):
    open_notebook(tab, address)
    assert tab.locator(".jp-Dialog").count() == 0  # no question which kernel to take
    run_all(tab)


def test_every_notebook_that_a_page_links_to_is_there(site):
    named = set(links().values())
    assert {f"{CHAPTER}.ipynb", "index.ipynb", EXERCISE} <= named
    assert named == {path.relative_to(SITE / "lite/files").as_posix() for path in SITE.glob("lite/files/**/*.ipynb")}
    for notebook in named:  # JupyterLite looks a file up in the list of its folder
        folder = notebook.rpartition("/")[0]
        assert f'"{notebook}"' in (SITE / "lite/api/contents" / folder / "all.json").read_text(encoding="utf-8")


def test_the_licences_lie_beside_what_is_shipped(site):
    text = (SITE / "lite/LICENCES.md").read_text(encoding="utf-8")
    for path in SITE.glob("lite/static/pyodide/*.whl"):
        assert path.name.split("-")[0] in text, path.name


def test_the_exercise_runs_and_its_knob_turns(tab, site):
    (address,) = (address for address, notebook in links().items() if notebook == EXERCISE)
    open_and_run(tab, site + address)
    picture = tab.locator(".lr-explore-live svg").first
    tab.locator(".lr-explore-live .noUi-handle").first.scroll_into_view_if_needed()
    before = picture.inner_html()
    handle = tab.locator(".lr-explore-live .noUi-handle").first.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 37, y, steps=5)
    tab.mouse.up()
    box = tab.locator(".lr-explore-live .widget-html-content").last.element_handle()
    tab.wait_for_function("([node, before]) => !node.innerHTML.includes(before)", arg=[box, before], timeout=PATIENCE)
    said = tab.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
    assert any("still empty" in text for text in said)  # lrlab's checks answer
    assert not any("Traceback" in text for text in said)


@pytest.mark.parametrize("page", [CHAPTER, "chapters/doctor", "chapters/engine"])
def test_the_bar_of_a_page_opens_that_page_and_all_of_it_runs(tab, site, page):
    tab.goto(f"{site}{page}.html")
    address = tab.get_by_role("link", name="Run in the browser").first.get_attribute("href")
    open_and_run(tab, f"{site}chapters/{address}")
    tab.wait_for_selector(".lr-explore-live svg", state="attached")
    prompts = tab.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert prompts
    assert all(re.search("[0-9]", prompt) for prompt in prompts)  # an error would have stopped the ones below it
    said = tab.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts()
    assert not any("Error" in text for text in said)
