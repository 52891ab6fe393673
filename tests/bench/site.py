"""How fast a demo is drawn and moved, and how much a page weighs."""

import gzip
import io
import time

import matplotlib.pyplot as plt
import nbformat
import numpy as np
from bench.table import Table, seconds
from browser import SITE, chromium, counted, pages, served
from nbclient import NotebookClient
from tqdm import tqdm

from lrlab import descend, plots
from lrlab.explore import explore
from lrlab.explore.frames import Frames
from lrlab.grading import sets
from lrlab.objectives import quadratic
from lrlab.optimizers import sgd

VALLEY, START = quadratic((1.0, 10.0)), [1.3, 1.2]
RATES, MOMENTA = np.geomspace(0.001, 0.22, 41), np.linspace(0, 0.9, 11)


def moving_valley():
    """draw with one figure whose path and title move."""
    ax = plots.landscape(VALLEY)
    (path,) = ax.plot([], [], "o-")

    def draw(lr, momentum=0.0):
        path.set_data(*descend(VALLEY, START, lr, optimizer=sgd(momentum), steps=30).params.T)
        ax.set_title(f"learning rate {lr:.3g}, momentum {momentum:.2g}")
        return ax.figure

    return draw


def new_valley(lr):
    """draw with a new figure each time."""
    ax = plots.landscape(VALLEY)
    ax.plot(*descend(VALLEY, START, lr, steps=30).params.T, "o-")
    ax.set_title(f"learning rate {lr:.3g}")
    return ax.figure


def all_frames(draw) -> None:
    frames = Frames("bench")
    for lr in RATES:
        frames.add(draw(lr))


def plain_savefig(draw) -> None:
    for lr in RATES:
        draw(lr).savefig(io.StringIO(), format="svg")


def drawing(table: Table) -> None:
    moving = moving_valley()
    ours, theirs = seconds(lambda: all_frames(moving)), seconds(lambda: plain_savefig(moving), repeats=3)
    table.note("a frame, one figure reused, axes still (41 positions)", 1e3 * ours / len(RATES), "ms", 8)
    table.note("  the same through savefig, times as long", theirs / ours, "x")
    fresh = seconds(lambda: all_frames(new_valley), repeats=3)
    table.note("a frame, a new figure each time", 1e3 * fresh / len(RATES), "ms", 60)


def weighing(table: Table) -> None:
    for name, grid, limit in (
        ("41 positions of contour, path and title", {"lr": RATES}, 25),
        ("41 x 11 positions", {"lr": RATES, "momentum": MOMENTA}, 80),
    ):
        page = explore(moving_valley(), **grid, alt="a path")
        table.note(name, len(gzip.compress(page.html.encode(), 6)) / 1e3, "kB gz", limit)


HANDLER = """(demo) => {
  const times = [];
  for (const slider of demo.querySelectorAll("input[type=range]")) {
    const last = Number(slider.max), begin = slider.value;
    for (let i = 0; i < 200; i++) {
      slider.value = (i * 7) % (last + 1);
      const before = performance.now();
      slider.dispatchEvent(new Event("input"));
      times.push(performance.now() - before);
    }
    slider.value = begin;
    slider.dispatchEvent(new Event("input"));
  }
  return times;
}"""


def browsing(table: Table) -> None:
    with chromium() as browser, served() as site:
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        for page in pages():
            fetched = set()
            tab.on("response", lambda answer, fetched=fetched: fetched.add(answer.url))
            tab.goto(site + page, wait_until="load")
            weight = 0
            for url in fetched:
                path = SITE / url.removeprefix(site).split("?")[0]
                data = path.read_bytes() if path.is_file() else b""
                weight += len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 6))
            table.note(f"{page}, all that it fetches", weight / 1e3, "kB gz", 200)
            for i, demo in enumerate(tab.locator(".lr-explore").all()):
                times = demo.evaluate(HANDLER)
                what = f"  demo {i + 1}: a move's handler, 95th percentile of {len(times)}"
                table.note(what, np.percentile(times, 95), "ms", 5)


def executing(table: Table) -> None:
    """What the build before this has counted."""
    took = {page: row[-1] for page, row in counted().items()}
    slowest = max(took, key=took.get)
    table.note(f"the page that runs longest, {slowest}", took[slowest], "s", 15)
    table.note("the cells of all pages together", sum(took.values()), "s", 120)


def solving(table: Table) -> None:
    """Each set of exercises with its solutions, run from top to bottom in a kernel."""
    took = {}
    for name in tqdm(sets.names(), desc="exercises"):
        notebook = nbformat.read(sets.path_of(name, "source"), as_version=4)
        begin = time.perf_counter()
        NotebookClient(notebook, timeout=60).execute()
        took[name] = time.perf_counter() - begin
    slowest = max(took, key=took.get)
    table.note(f"the exercises that run longest when solved, {slowest}", took[slowest], "s", 30)


def run(table: Table) -> None:
    """Every row of the site."""
    plt.style.use(plots.STYLE)
    for part in (drawing, weighing, browsing, executing, solving):
        part(table)
