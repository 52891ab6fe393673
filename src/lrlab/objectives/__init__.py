"""What is minimised: landscapes with analytic gradients.

An objective maps parameters of shape (*B, D) to a loss (*B,) and a gradient (*B, D). The leading axes B hold
independent runs; nothing is ever mixed along them, so a batch of runs equals the same runs one by one, bit for bit.

Every row of OBJECTIVES can be built without arguments; `noisy` puts noise on the gradient of any of them.
"""

from lrlab.objectives.bowls import parabola, quadratic, random_rotation
from lrlab.objectives.landscape import Landscape, Objective, Online
from lrlab.objectives.online import noisy, onto_box, reddi
from lrlab.objectives.slopes import cliff, plateau, saddle
from lrlab.objectives.symmetries import scale_free, uv_product, uv_sharpness
from lrlab.objectives.valleys import beale, himmelblau, rosenbrock
from lrlab.objectives.wells import cubic, double_well, rastrigin

OBJECTIVES = {
    "parabola": parabola,
    "quadratic": quadratic,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
    "rastrigin": rastrigin,
    "double_well": double_well,
    "cubic": cubic,
    "saddle": saddle,
    "plateau": plateau,
    "cliff": cliff,
    "uv_product": uv_product,
    "scale_free": scale_free,
    "reddi": reddi,
    "noisy": noisy,
}

__all__ = [
    "OBJECTIVES",
    "Landscape",
    "Objective",
    "Online",
    "onto_box",
    "random_rotation",
    "uv_sharpness",
    *OBJECTIVES,
]
