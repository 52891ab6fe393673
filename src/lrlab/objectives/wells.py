"""Landscapes with more than one minimum."""

import numpy as np

from lrlab.arguments import number, positive
from lrlab.objectives.landscape import Landscape


def double_well(width: float = 0.3, depth: float = 0.8, curvature: float = 0.2) -> Landscape:
    """f(x) = curvature / 2 * (x - 2)**2 - depth * exp(-((x + 2) / width)**2).  D = 1.

    A wide valley with its minimum near x = 2, and a narrow well dug into its slope near x = -2.

    width:     > 0, how narrow the well is; its curvature is about 2 * depth / width**2
    depth:     >= 0, how deep the well is dug; 0 leaves the wide valley alone
    curvature: > 0, of the wide valley

    With the defaults the well's floor is at x = -1.9545, with curvature 16.77; the wide valley has curvature 0.2.

    Raises ValueError where width or curvature is not positive, or depth is negative.
    Source: our own, made to tell a sharp minimum from a wide one.

    >>> loss, grad = double_well().value_and_grad(np.array([2.0]))
    >>> bool(abs(loss) < 1e-9), bool(abs(grad[0]) < 1e-9)
    (True, True)
    """
    width = number("width", width, "give a number above 0, such as 0.3", positive)
    depth = number("depth", depth, "give 0 or more, such as 0.8", lambda x: x >= 0)
    curvature = number("curvature", curvature, "give a number above 0, such as 0.2", positive)

    def function(params):
        away, inside = params - 2.0, (params + 2.0) / width
        well = depth * np.exp(-(inside * inside))
        grad = curvature * away + 2.0 / width * (inside * well)
        return (0.5 * curvature * (away * away) - well)[..., 0], grad

    return Landscape("double_well", function, np.array([-1.9]), np.array([[-4.0, 5.0]]))
