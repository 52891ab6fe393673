"""The curved valleys that optimizers are tried on: sums of squares whose minima are known."""

import numpy as np

from lrlab.arguments import number, positive
from lrlab.objectives.landscape import Landscape, largest_curvature


def rosenbrock(a: float = 1.0, b: float = 100.0) -> Landscape:
    """f(x, y) = (a - x)**2 + b * (y - x**2)**2, minimum 0 at (a, a**2).  D = 2.

    A flat, bent valley between steep walls: easy to find, slow to walk.

    a: a finite number, where the valley ends
    b: > 0, how steep the walls are

    With the defaults the largest curvature at the minimum is 1,001.6 and the smallest .399.

    Raises ValueError where b is not positive or a number is not finite.
    Source: Rosenbrock 1960, doi:10.1093/comjnl/3.3.175.

    >>> loss, grad = rosenbrock().value_and_grad(np.array([-1.2, 1.0]))
    >>> round(float(loss), 4), grad.round(4).tolist()
    (24.2, [-215.6, -88.0])
    """
    a = number("a", a, "give a finite number, such as 1.0")
    b = number("b", b, "give a number above 0, such as 100.0", positive)

    def function(params):
        x, y = params[..., 0], params[..., 1]
        before, above = a - x, y - x * x
        slope = 2 * b * above
        grad = np.empty(params.shape)
        grad[..., 0] = -2 * (before + x * slope)
        grad[..., 1] = slope
        return before * before + 0.5 * (above * slope), grad

    sharpness = largest_curvature([[-1, 0], [-2 * a * np.sqrt(b), np.sqrt(b)]])
    side = max(2.0, 1.5 * abs(a))
    box = np.array([[-side, side], [-1.0, max(3.0, 1.5 * a * a)]])
    return Landscape("rosenbrock", function, np.array([-1.2, 1.0]), box, np.array([[a, a * a]]), np.array([sharpness]))


def beale() -> Landscape:
    """f(x, y) = sum_i (c_i + x * (y**i - 1))**2 with c = (1.5, 2.25, 2.625), i = 1, 2, 3; minimum 0 at (3, .5).  D = 2.

    Flat in the middle, with walls in the corners that grow like y**6. At (1, 1) one half of the gradient is exactly 0:
    start elsewhere to compare rules that look at its sign. The largest curvature at the minimum is 48.98.

    Source: Beale 1958, Princeton technical report 25; More, Garbow and Hillstrom 1981, doi:10.1145/355934.355936.

    >>> loss, grad = beale().value_and_grad(np.array([1.0, 1.0]))
    >>> float(loss), grad.tolist()
    (14.203125, [0.0, 27.75])
    """

    def function(params):
        x, y = params[..., 0], params[..., 1]
        y2 = y * y
        p1, p2, p3 = y - 1, y2 - 1, y2 * y - 1
        r1, r2, r3 = 1.5 + x * p1, 2.25 + x * p2, 2.625 + x * p3
        grad = np.empty(params.shape)
        grad[..., 0] = 2 * (r1 * p1 + r2 * p2 + r3 * p3)
        grad[..., 1] = 2 * (x * (r1 + 2 * (r2 * y) + 3 * (r3 * y2)))
        return r1 * r1 + r2 * r2 + r3 * r3, grad

    x, y = minimum = np.array([3.0, 0.5])
    sharpness = largest_curvature([[y**i - 1, x * i * y ** (i - 1)] for i in (1, 2, 3)])
    box = np.array([[-1.0, 4.5], [-1.0, 1.6]])
    return Landscape("beale", function, np.array([0.7, 1.4]), box, minimum[None], np.array([sharpness]))


def himmelblau() -> Landscape:
    """f(x, y) = (x**2 + y - 11)**2 + (x + y**2 - 7)**2: four minima, all with loss 0.  D = 2.

    Which one a run finds depends on its start and on its rate. They lie at (3, 2), (3.584428, -1.848126),
    (-2.805118, 3.131313) and (-3.779310, -3.283186), with largest curvatures 82.3, 105.4, 80.6 and 133.8.

    Source: Himmelblau, Applied Nonlinear Programming, 1972.

    >>> loss, grad = himmelblau().value_and_grad(np.array([3.0, 2.0]))
    >>> float(loss), grad.tolist()
    (0.0, [0.0, 0.0])
    """

    def function(params):
        x, y = params[..., 0], params[..., 1]
        first, second = x * x + y - 11, x + y * y - 7
        grad = np.empty(params.shape)
        grad[..., 0] = 4 * (x * first) + 2 * second
        grad[..., 1] = 2 * first + 4 * (y * second)
        return first * first + second * second, grad

    minima = np.array(
        [
            [3.0, 2.0],
            [3.5844283403304917, -1.8481265269644036],
            [-2.8051180869527448, 3.1313125182505730],
            [-3.7793102533777469, -3.2831859912861694],
        ]
    )
    sharpness = np.array([largest_curvature([[2 * x, 1], [1, 2 * y]]) for x, y in minima])
    box = np.array([[-5.0, 5.0], [-5.0, 5.0]])
    return Landscape("himmelblau", function, np.array([0.0, 0.0]), box, minima, sharpness)
