"""What is minimised: landscapes with analytic gradients.

An objective maps parameters of shape (*B, D) to a loss (*B,) and a gradient (*B, D). The leading axes B hold
independent runs; nothing is ever mixed along them, so a batch of runs equals the same runs one by one, bit for bit.
"""

from lrlab.objectives.bowls import parabola, quadratic
from lrlab.objectives.landscape import Landscape, Objective
from lrlab.objectives.wells import double_well

OBJECTIVES = {"parabola": parabola, "quadratic": quadratic, "double_well": double_well}

__all__ = ["OBJECTIVES", "Landscape", "Objective", *OBJECTIVES]
