"""How far a search has come: tqdm's bar where tqdm is installed, else one plain line."""

from __future__ import annotations

import importlib
import os
import sys
import time

DELAY = 1.0  # seconds; a search that is over before that shows nothing
PAUSE = 0.2  # seconds between two pictures of the plain bar
WIDTH = 24


def bar(total: int, done: int, quiet: bool | None):
    """Something with update(runs, best) and close(); quiet None shows it only where somebody may be looking."""
    if quiet or (quiet is None and not watched()):
        return Silent()
    try:
        return Tqdm(importlib.import_module("tqdm").tqdm(total=total, initial=done, unit="run", delay=DELAY))
    except ImportError:
        return Plain(total, done)


def watched() -> bool:
    """In a terminal or a live notebook; not in a pipe, nor while the book is built: its bytes may not hang on time."""
    ipython = sys.modules.get("IPython")
    live = ipython is not None and ipython.get_ipython() is not None and not os.environ.get("LRLAB_BOOK")
    return live or (sys.stderr is not None and sys.stderr.isatty())


class Silent:
    """Nothing at all."""

    def update(self, runs: int, best: float) -> None:
        pass

    def close(self) -> None:
        pass


class Tqdm:
    """tqdm's bar, with the best score at its end."""

    def __init__(self, tqdm):
        self.tqdm = tqdm

    def update(self, runs: int, best: float) -> None:
        self.tqdm.set_postfix(best=f"{best:.4g}", refresh=False)
        self.tqdm.update(runs)

    def close(self) -> None:
        self.tqdm.close()


class Plain:
    """[######------] 12 of 45 runs, best 0.25, 3 s left"""

    def __init__(self, total: int, done: int):
        self.total, self.done, self.first = total, done, done
        self.began = self.shown = time.monotonic()
        self.visible = False

    def update(self, runs: int, best: float) -> None:
        self.done += runs
        now = time.monotonic()
        if now - self.began >= DELAY and (now - self.shown >= PAUSE or self.done == self.total):
            self.shown, self.visible = now, True
            left = (now - self.began) / (self.done - self.first) * (self.total - self.done)
            sys.stderr.write(f"\r{line(self.done, self.total, best, left)}")
            sys.stderr.flush()

    def close(self) -> None:
        if self.visible:
            sys.stderr.write("\n")


def line(done: int, total: int, best: float, left: float) -> str:
    """One picture of the plain bar, always of the same width, so that it covers the one before.

    >>> line(12, 48, 0.25, 3.2).rstrip()
    '[######------------------] 12 of 48 runs, best 0.25, 3 s left'
    """
    full = WIDTH * done // total
    return f"[{'#' * full}{'-' * (WIDTH - full)}] {done} of {total} runs, best {best:.4g}, {left:.0f} s left".ljust(79)
