"""Pictures: what the axes hold, not how it looks (the browser tests look)."""

import numpy as np
import pytest

from lrlab import descend, plots
from lrlab.objectives import double_well, parabola, quadratic


def test_a_landscape_of_one_parameter_is_its_curve():
    ax = plots.landscape(double_well())
    (line,) = ax.lines
    x, y = line.get_data()
    assert (y == double_well().value_and_grad(x[:, None])[0]).all()


def test_a_landscape_of_two_parameters_is_its_contours():
    _, given = plots.figure()
    ax = plots.landscape(quadratic((1.0, 10.0)), ax=given, levels=7)
    assert ax is given
    (contours,) = ax.collections
    assert len(contours.levels) == 7


def test_three_parameters_cannot_be_drawn():
    with pytest.raises(ValueError, match="objective has 3 parameters: a landscape can be drawn for one or two"):
        plots.landscape(quadratic((1.0, 2.0, 3.0)))


def test_a_line_of_losses_ends_where_its_run_diverged():
    ax = plots.losses({"fine": descend(parabola(), [1.0], 0.1), "gone": descend(parabola(), [1.0], 3.0)})
    fine, gone, cross = ax.lines
    assert np.isfinite(fine.get_ydata()).all()
    assert np.isfinite(gone.get_ydata()).sum() == 40
    assert cross.get_xdata() == [39]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["fine", "gone"]


def luminance(colour):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colour", [*plots.PALETTE.values(), plots.GROUND])
@pytest.mark.parametrize("paper", ["#ffffff", "#131416"])
def test_colours_stand_out_on_both_papers(colour, paper):
    """WCAG 2.2, 1.4.11: graphics need a contrast of 3 to 1."""
    high, low = sorted([luminance(colour), luminance(paper)], reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3
