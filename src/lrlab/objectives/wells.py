"""Landscapes with more than one minimum."""

import numpy as np

from lrlab.arguments import Array, not_negative, number, positive, whole
from lrlab.objectives.landscape import Landscape


def double_well(
    width: float = 0.3, depth: float = 0.8, curvature: float = 0.2, sharpness: float | None = None
) -> Landscape:
    """f(x) = curvature / 2 * (x - 2)**2 - depth * exp(-((x + 2) / width)**2).  D = 1.

    A wide valley with its minimum near x = 2, and a narrow well dug into its slope near x = -2.

    width:     > 0, how narrow the well is; its curvature is about 2 * depth / width**2
    depth:     >= 0, how deep the well is dug; 0 leaves the wide valley alone
    curvature: > 0, of the wide valley
    sharpness: > curvature: the second derivative on the well's floor; if given, the width is chosen for it

    With the defaults the well's floor is at x = -1.9545, with curvature 16.77; the wide valley has curvature 0.2.

    Raises ValueError where width or curvature is not positive, depth is negative, or no width has the sharpness.
    Source: our own, made to tell a sharp minimum from a wide one.

    >>> loss, grad = double_well().value_and_grad(np.array([2.0]))
    >>> bool(abs(loss) < 1e-9), bool(abs(grad[0]) < 1e-9)
    (True, True)
    >>> double_well(sharpness=40.0).sharpness.round(6).tolist()
    [0.2, 40.0]
    """
    width = number("width", width, "give a number above 0, such as 0.3", positive)
    depth = number("depth", depth, "give 0 or more, such as 0.8", not_negative)
    curvature = number("curvature", curvature, "give a number above 0, such as 0.2", positive)
    if sharpness is not None:
        width = width_of(sharpness, depth, curvature)

    def function(params):
        away, inside = params - 2.0, (params + 2.0) / width
        well = depth * np.exp(-(inside * inside))
        grad = curvature * away + 2.0 / width * (inside * well)
        return (0.5 * curvature * (away * away) - well)[..., 0], grad

    def bend(x):
        square = ((x + 2.0) / width) ** 2
        return curvature + 2 * depth / width / width * (1 - 2 * square) * np.exp(-square)

    # fine where the well is, and coarse up to the wide valley
    grid = np.concatenate([np.linspace(-2 - 3 * width, -2 + 3 * width, 601), np.linspace(-2, 2.5, 451)])
    minima = rising_zeros(lambda x: function(x[:, None])[1][:, 0], np.unique(grid))
    minima = minima[np.argsort(function(minima[:, None])[0])]
    box = np.array([[-4.0, 5.0]])
    return Landscape("double_well", function, np.array([-1.9]), box, minima[:, None], bend(minima))


def rising_zeros(slope, grid: Array) -> Array:
    """Where slope passes 0 from below between two points of the grid: bisected until nothing is left to halve."""
    signs = slope(grid) < 0
    left = signs[:-1] & ~signs[1:]
    low, high = grid[:-1][left], grid[1:][left]
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = slope(middle) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return high


def width_of(sharpness, depth: float, curvature: float) -> float:
    """The width whose well has f'' = sharpness on its floor.

    With s the floor's distance from -2 in widths, f' = 0 is a quadratic equation for the width, and f'' falls from
    infinity to curvature while s goes from 0 to 1 / sqrt(2): so s is bisected.
    """
    remedy = f"give a number above curvature, {curvature:g}, and a depth above 0, such as 0.8"
    sharpness = number("sharpness", sharpness, remedy, lambda x: x > curvature)

    def at(s):
        hill = 2 * depth * np.exp(-s * s)
        # below 0 no floor can be here: the wide valley's slope is too steep for it
        root = 4 * curvature**2 - curvature * s * s * hill
        width = s * hill / (2 * curvature + np.sqrt(max(root, 0.0)))
        return root, width, curvature + hill * (1 - 2 * s * s) / width / width

    low, high = 0.0, np.sqrt(0.5)
    for _ in range(60 if depth else 0):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if at(middle)[2] > sharpness else (low, middle)
    root, width, _ = at(low) if low else (-1.0, 0.0, 0.0)
    if root < 0:
        raise ValueError(f"sharpness is {sharpness:g}, which no well of depth {depth:g} has: {remedy}")
    return float(width)


def cubic() -> Landscape:
    """f(x) = x**4 / 4 - x**2 / 2, gradient the cubic x**3 - x: minima -1/4 at +-1, a maximum at 0.  D = 1.

    Gradient descent on it is the map x -> x - lr * (x**3 - x), whose limit doubles its period again and again: the
    curvature at the minima is 2, so at lr = 1 they lose to a 2-cycle; period 4 from 1.236, 8 from 1.288, chaos near
    1.303, and divergence above 2.

    Source: May 1976, doi:10.1038/261459a0, for the road to chaos.

    >>> cubic().value_and_grad(np.array([[2.0], [1.0]]))[1].tolist()
    [[6.0], [0.0]]
    """

    def function(params):
        square = params * params
        return (square * (0.25 * square - 0.5))[..., 0], params * (square - 1)

    minima, box = np.array([[1.0], [-1.0]]), np.array([[-1.8, 1.8]])
    return Landscape("cubic", function, np.array([0.4]), box, minima, np.array([2.0, 2.0]))


def rastrigin(dim: int = 2, amplitude: float = 10.0) -> Landscape:
    """f(x) = amplitude * D + sum_i (x_i**2 - amplitude * cos(2 pi x_i)), minimum 0 at 0.

    A bowl covered with wells, one near every point of whole numbers; for amplitude 0 the bowl alone.

    dim:       >= 1, the number D of parameters
    amplitude: >= 0, how deep the wells are; the curvature at 0 is 2 + 4 pi**2 amplitude: 396.8

    Raises ValueError where dim is not a whole number from 1 up, or amplitude is negative.
    Source: Rastrigin, Systems of Extremal Control, 1974; Muehlenbein et al. 1991, doi:10.1016/S0167-8191(05)80052-3.

    >>> loss, grad = rastrigin().value_and_grad(np.array([0.5, 0.0]))
    >>> round(float(loss), 9), grad.round(9).tolist()
    (20.25, [1.0, 0.0])
    """
    dim = whole("dim", dim, 1, "give a whole number of parameters from 1 up, such as 2")
    amplitude = number("amplitude", amplitude, "give 0 or more, such as 10.0", not_negative)

    def function(params):
        wave = np.sin(np.pi * params)  # amplitude * (1 - cos 2 pi x) = 2 * amplitude * wave**2 keeps its digits near 0
        loss = np.sum(params * params + 2 * amplitude * (wave * wave), axis=-1)
        return loss, 2 * params + 2 * np.pi * amplitude * np.sin(2 * np.pi * params)

    sharpness = np.array([2 + 4 * np.pi**2 * amplitude])
    box = np.tile([-5.12, 5.12], (dim, 1))
    return Landscape("rastrigin", function, np.full(dim, 3.3), box, np.zeros((1, dim)), sharpness)
