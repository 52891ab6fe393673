"""Seeds as an axis: which they are, where a run of each begins, and what their scores say together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array, whole

BANDS = {"quartiles": (0.25, 0.75), "range": (0.0, 1.0)}


def seeds_of(seeds) -> list[int]:
    """5 means 0, 1, 2, 3, 4; a list is taken as it is."""
    if np.ndim(seeds) == 0:
        return list(range(whole("seeds", seeds, 1, "give how many seeds, from 1 up, or a list of them")))
    remedy = "give a list of whole numbers of 0 or more, each of them once, such as [0, 1, 2]"
    listed = [whole("seeds", seed, 0, remedy) for seed in seeds]
    if not listed or len(set(listed)) < len(listed):
        raise ValueError(f"seeds is {listed!r}: {remedy}")
    return listed


def begin(start, seed: int) -> tuple[Array, np.random.Generator]:
    """Where the run of this seed begins, and the generator that it goes on with: start may be a function of it."""
    rng = np.random.default_rng(seed)
    return (start(rng) if isinstance(start, Callable) else start), rng


def quantile(values: Array, q: float) -> Array:
    """The q-quantile along the last axis, by linear interpolation; np.quantile makes NaN of numbers that are inf."""
    ranked = np.sort(values, axis=-1)
    place = q * (ranked.shape[-1] - 1)
    low, high = ranked[..., int(place)], ranked[..., int(np.ceil(place))]
    with np.errstate(invalid="ignore"):
        between = low + (place - int(place)) * (high - low)
    return np.where(low == high, low, between)  # inf - inf is not a number


def summary(scores: Array, band: str) -> tuple[Array, Array, Array]:
    """Median, low and high of each configuration's scores (C, S), over the ones that are not NaN; NaN where all are."""
    rows = [row[~np.isnan(row)] for row in scores]
    return tuple(
        np.array([quantile(row, q) if len(row) else np.nan for row in rows], float) for q in (0.5, *BANDS[band])
    )
