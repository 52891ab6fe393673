"""What all tests share: drawing without a screen, one browser a file, and properties tried in the same order."""

import matplotlib
import pytest
from browser import chromium
from hypothesis import settings

matplotlib.use("agg")
collect_ignore = ["bench", "references"]  # they import the libraries that we are compared with
settings.register_profile("course", derandomize=True, database=None)
settings.load_profile("course")


@pytest.fixture(scope="module")
def browser():
    """A running Chromium."""
    with chromium() as browser:
        yield browser
