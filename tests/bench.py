"""`make bench`: what must be fast and small, measured side by side in one run; exit code 1 where a limit is missed."""

import gzip
import io
import os
import time

os.environ["LRLAB_BOOK"] = "1"

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from browser import SITE, chromium, pages, served

from lrlab import descend, plots
from lrlab.explore import explore
from lrlab.explore.frames import Frames
from lrlab.objectives import quadratic
from lrlab.optimizers import sgd

VALLEY, START = quadratic((1.0, 10.0)), [1.3, 1.2]
RATES, MOMENTA = np.geomspace(0.001, 0.22, 41), np.linspace(0, 0.9, 11)
rows: list[tuple[str, float, float | None, str]] = []


def note(what: str, value: float, limit: float | None, unit: str) -> None:
    """One row of the table, shown as soon as it is known."""
    rows.append((what, value, limit, unit))
    verdict = "" if limit is None else f"   limit {limit:g}" + ("" if value <= limit else "   MISSED")
    print(f"{what:<64} {value:>8.3g} {unit:<6}{verdict}", flush=True)


def seconds(work, repeats: int = 5) -> float:
    """The median time of `work`."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


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


def drawing() -> None:
    moving = moving_valley()
    ours, theirs = seconds(lambda: all_frames(moving)), seconds(lambda: plain_savefig(moving), repeats=3)
    note("a frame, one figure reused, axes still (41 positions)", 1e3 * ours / len(RATES), 8, "ms")
    note("  the same through savefig, times as long", theirs / ours, None, "x")
    fresh = seconds(lambda: all_frames(new_valley), repeats=3)
    note("a frame, a new figure each time", 1e3 * fresh / len(RATES), 60, "ms")


def weighing() -> None:
    for name, grid, limit in (
        ("41 positions of contour, path and title", {"lr": RATES}, 25),
        ("41 x 11 positions", {"lr": RATES, "momentum": MOMENTA}, 80),
    ):
        page = explore(moving_valley(), **grid, alt="a path")
        note(name, len(gzip.compress(page.html.encode(), 6)) / 1e3, limit, "kB gz")


def descending() -> None:
    for batch in (1, 64):
        lr = np.geomspace(1e-3, 0.1, batch)

        def bare(lr=lr, batch=batch):
            params, rates, curvatures = np.ones((batch, 2)), lr[:, None], np.array([1.0, 10.0])
            path, loss = np.empty((1001, batch, 2)), np.empty((1001, batch))
            for i in range(1001):
                grad = curvatures * params
                path[i], loss[i] = params, 0.5 * np.sum(grad * params, axis=-1)
                params = params - rates * grad

        ratio = seconds(lambda lr=lr: descend(VALLEY, [1.0, 1.0], lr, steps=1000), 9) / seconds(bare, 9)
        note(f"descend against a bare NumPy loop, {batch} rates", ratio, None, "x")


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


def browsing() -> None:
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
            note(f"{page}, all that it fetches", weight / 1e3, 200, "kB gz")
            for i, demo in enumerate(tab.locator(".lr-explore").all()):
                times = demo.evaluate(HANDLER)
                what = f"  demo {i + 1}: a move's handler, 95th percentile of {len(times)}"
                note(what, np.percentile(times, 95), 5, "ms")


def main() -> int:
    plt.style.use(plots.STYLE)
    for part in (drawing, weighing, descending, browsing):
        part()
    missed = [what.strip() for what, value, limit, _ in rows if limit is not None and value > limit]
    print("every limit is kept" if not missed else f"missed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
