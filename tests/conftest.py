"""What all tests share: drawing without a screen, and properties that are tried in the same order each time."""

import matplotlib
from hypothesis import settings

matplotlib.use("agg")
settings.register_profile("course", derandomize=True, database=None)
settings.load_profile("course")
