"""Which rate to take: the range test, grid and random search, and what each number of runs can hope for.

Scores are losses: the lower the better, and a run that diverged has score inf. Every configuration is run with several
seeds, and what counts is their median and its band, because one run is luck.
"""

from lrlab.tuning.budget import expected_best
from lrlab.tuning.ranges import READINGS, range_test, smoothed
from lrlab.tuning.results import RangeTest, Search
from lrlab.tuning.search import grid_search, random_search, sweep
from lrlab.tuning.space import Axis, choice, linear, log

__all__ = [
    "READINGS",
    "Axis",
    "RangeTest",
    "Search",
    "choice",
    "expected_best",
    "grid_search",
    "linear",
    "log",
    "random_search",
    "range_test",
    "smoothed",
    "sweep",
]
