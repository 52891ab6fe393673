"""What a range test and a search leave behind: plain records, which `lrlab.plots` draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array
from lrlab.tuning.space import Axis


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class RangeTest:
    """What `range_test` saw: T rates that rise step by step, in one run for each of S seeds.

    lr:       (T,), the rates, rising
    loss:     (T, S), the loss right after the step with that rate; NaN from where a run diverged
    smooth:   (T, S), its exponential moving average, bias-corrected; NaN from where a run diverged
    stop:     (S,), how many of the T entries count: the entry `stop` blew up, and T means that none did
    minimum:  (S,), the rate where the smoothed loss is lowest
    blow_up:  (S,), the rate where the stop rule struck; NaN where it never did
    readings: name -> (S,), the rate that each of the READINGS gives, run by run; NaN where it cannot be read
    rates:    name -> number, the median of each reading over the seeds that gave one; NaN where none did
    warnings: sentences to read before a rate is used; empty if all went well
    """

    lr: Array
    loss: Array
    smooth: Array
    stop: Array
    minimum: Array
    blow_up: Array
    readings: dict[str, Array]
    rates: dict[str, float]
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Search:
    """What a search found, for C configurations of S seeds each; the lower a score, the better.

    kind:           "grid", "random" or "sweep"
    space:          name -> Axis, what was searched
    configurations: C of them, each name -> value, in the order in which they were run
    seeds:          (S,)
    scores:         (C, S): inf where a run diverged, NaN where it was not run because the search was interrupted
    median:         (C,), over the seeds that were run; NaN where none was
    low, high:      (C,), the band around it: what `band` says
    band:           "quartiles" (25 % and 75 %, linear interpolation between runs) or "range" (lowest and highest)
    best:           index of the lowest median among the configurations that were run with the most seeds; None where
                    every one of them diverged or nothing was run
    chosen:         that configuration, such as {"lr": 0.1}, or None
    warnings:       sentences to read before it is used: at an edge of what was tried, interrupted, all diverged
    """

    kind: str
    space: dict[str, Axis]
    configurations: tuple[dict, ...]
    seeds: Array
    scores: Array
    median: Array
    low: Array
    high: Array
    band: str
    best: int | None
    chosen: dict | None
    warnings: tuple[str, ...]

    def values(self, name: str) -> Array:
        """(C,), the value of one axis in every configuration, such as search.values("lr")."""
        return np.array([configuration[name] for configuration in self.configurations])
