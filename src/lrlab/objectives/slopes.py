"""Landscapes where the gradient says too little or too much: a saddle, a plateau, a cliff."""

import numpy as np

from lrlab.arguments import not_negative, number, positive
from lrlab.objectives.landscape import Landscape


def saddle(quartic: float = 1.0) -> Landscape:
    """f(x, y) = x**2 / 2 - y**2 / 2 + quartic / 4 * y**4: a saddle at 0, minima at y = +-1 / sqrt(quartic).  D = 2.

    Near 0 the gradient is small, yet 0 is no minimum: y grows by 1 + lr a step until the quartic stops it.

    quartic: >= 0; 0 is the textbook's saddle x**2 / 2 - y**2 / 2, which has no floor

    The loss at the minima is -1 / (4 * quartic), the largest curvature there 2.

    Raises ValueError where quartic is negative or not finite.
    Source: Lee et al. 2016, arXiv:1602.04915, for how gradient descent leaves it; the quartic is ours.

    >>> saddle().value_and_grad(np.array([[0.0, 1.0], [1.0, 0.5]]))[1].tolist()
    [[0.0, 0.0], [1.0, -0.375]]
    """
    quartic = number("quartic", quartic, "give 0 or more, such as 1.0", not_negative)

    def function(params):
        x, y = params[..., 0], params[..., 1]
        y2 = y * y
        bend = quartic * y2
        grad = np.empty(params.shape)
        grad[..., 0] = x
        grad[..., 1] = y * (bend - 1)
        return 0.5 * (x * x) + y2 * (0.25 * bend - 0.5), grad

    far = 1 / np.sqrt(quartic) if quartic else 1.0
    minima, sharpness = (np.array([[0.0, far], [0.0, -far]]), np.array([2.0, 2.0])) if quartic else ((), ())
    box = far * np.array([[-1.5, 1.5], [-1.5, 1.5]])
    return Landscape("saddle", function, far * np.array([1.0, 1e-3]), box, minima, sharpness)


def plateau(width: float = 1.0) -> Landscape:
    """f(x) = tanh(x / width)**2 / 2, gradient tanh(x / width) / cosh(x / width)**2 / width, minimum 0 at 0.  D = 1.

    The squared error of one saturated tanh neuron: far out the loss is flat at 1/2 and the gradient vanishes like
    4 / width * exp(-2 |x| / width), so gradient descent needs exponentially many steps to get started.

    width: > 0, how far the slope reaches; the curvature at the minimum is 1 / width**2

    Raises ValueError where width is not positive.
    Source: our own; the vanishing gradient: Hochreiter 1998, doi:10.1142/S0218488598000094.

    >>> plateau().value_and_grad(np.array([[4.0], [1.0]]))[1].round(4).tolist()
    [[0.0013], [0.3199]]
    """
    width = number("width", width, "give a number above 0, such as 1.0", positive)

    def function(params):
        z = params / width
        height, steep = np.tanh(z), 2 * np.exp(-np.logaddexp(z, -z))  # steep = 1 / cosh(z), which would overflow
        return 0.5 * (height * height)[..., 0], height * (steep * steep) / width

    box = width * np.array([[-5.0, 5.0]])
    return Landscape("plateau", function, width * np.array([4.0]), box, np.zeros((1, 1)), np.array([1 / width / width]))


def cliff(steep: float = 50.0, flat: float = 0.5, width: float = 0.005) -> Landscape:
    """f(x, y) = steep * width * log(1 + exp(x / width)) - flat * x + y**2 / 2.  D = 2.

    A flat valley along x leads, with slope -flat, to the foot of a wall with slope steep - flat. A run that steps into
    the wall is thrown back by about lr * (steep - flat), and needs some steep / flat steps to return, again and again:
    the picture that explains why gradients are clipped. With the defaults it happens from lr = .1 on; between 2 / L =
    .0202 and there the run bounces at the foot.

    steep: > flat, the slope that the wall adds to the right of 0
    flat:  > 0, the slope down the valley
    width: > 0, how sudden the wall is

    The minimum is at x = width * log(flat / (steep - flat)), with curvature flat * (1 - flat / steep) / width: L = 99.

    Raises ValueError where an argument is not positive, or steep is not above flat.
    Source: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, whose wall this imitates; the formula is ours.

    >>> cliff().value_and_grad(np.array([[-3.0, 1.0], [0.5, 1.0]]))[1].round(4).tolist()
    [[-0.5, 1.0], [49.5, 1.0]]
    """
    flat = number("flat", flat, "give a number above 0, such as 0.5", positive)
    width = number("width", width, "give a number above 0, such as 0.005", positive)
    steep = number("steep", steep, f"give a number above flat, {flat:g}, such as {100 * flat:g}", lambda x: x > flat)

    def function(params):
        x, y = params[..., 0], params[..., 1]
        rise = np.logaddexp(0.0, x / width)
        grad = np.empty(params.shape)
        grad[..., 0] = steep * np.exp(x / width - rise) - flat  # rise >= x / width: exp cannot overflow
        grad[..., 1] = y
        return steep * width * rise - flat * x + 0.5 * (y * y), grad

    foot = width * np.log(flat / (steep - flat))
    sharpness = max(flat * (1 - flat / steep) / width, 1.0)
    box = np.array([[-6.0, 1.0], [-2.0, 2.0]])
    return Landscape("cliff", function, np.array([-3.0, 1.0]), box, np.array([[foot, 0.0]]), np.array([sharpness]))
