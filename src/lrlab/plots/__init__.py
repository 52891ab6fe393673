"""Trajectories and results as pictures: every helper takes ax=None and returns the axes it drew on.

In the four colours of PALETTE *too low*, *good*, *too high* and *diverged* look the same through the whole course, and
MARKERS tells them apart where there is no colour. They can be told apart with any common colour blindness, and stand
out on white and on black paper. A page begins with ``plt.style.use(plots.STYLE)``.
"""

from lrlab.plots.filters import filters
from lrlab.plots.ground import landscape, path
from lrlab.plots.look import DIVERGING, GROUND, MARKERS, PALETTE, SEQUENTIAL, STYLE, figure, verdict
from lrlab.plots.runs import learning_rates, losses, sharpness
from lrlab.plots.searches import range_test, samples, u_curve

__all__ = [
    "DIVERGING",
    "GROUND",
    "MARKERS",
    "PALETTE",
    "SEQUENTIAL",
    "STYLE",
    "figure",
    "filters",
    "landscape",
    "learning_rates",
    "losses",
    "path",
    "range_test",
    "samples",
    "sharpness",
    "u_curve",
    "verdict",
]
