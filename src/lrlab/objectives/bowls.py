"""Landscapes with one bowl: constant curvature."""

import numpy as np

from lrlab.arguments import number, numbers, positive
from lrlab.objectives.landscape import Landscape


def parabola(curvature: float = 1.0, center: float = 0.0) -> Landscape:
    """f(x) = curvature / 2 * (x - center)**2, gradient curvature * (x - center).  D = 1.

    curvature: > 0, the second derivative everywhere (L): gradient descent overshoots above lr = 1/L, diverges above 2/L
    center:    where the minimum is, with loss 0.

    Raises ValueError where curvature is not positive or a number is not finite.
    Source: Nesterov, Introductory Lectures on Convex Optimization, 2004, doi:10.1007/978-1-4419-8853-9.

    >>> loss, grad = parabola(curvature=2.0).value_and_grad(np.array([3.0]))
    >>> float(loss), grad.tolist()
    (9.0, [6.0])
    """
    curvature = number("curvature", curvature, "give a number above 0, such as 1.0", positive)
    center = number("center", center, "give a finite number, such as 0.0")

    def function(params):
        away = params - center
        grad = curvature * away
        return 0.5 * (grad * away)[..., 0], grad

    return Landscape("parabola", function, np.array([center + 1.0]), np.array([[center - 1.5, center + 1.5]]))


def quadratic(curvatures=(1.0, 100.0)) -> Landscape:
    """f(x) = 1/2 * sum_i curvatures[i] * x[i]**2, gradient curvatures * x.  D = len(curvatures), minimum at 0.

    curvatures: (D,), each > 0: the eigenvalues of the Hessian. With mu the smallest and L the largest, the best
                constant rate is 2 / (mu + L) and the distance then shrinks by (L - mu) / (L + mu) a step.

    Raises ValueError where curvatures is not a flat list of positive numbers.
    Source: Nesterov, Introductory Lectures on Convex Optimization, 2004, doi:10.1007/978-1-4419-8853-9.

    >>> loss, grad = quadratic((1.0, 10.0)).value_and_grad(np.array([1.0, 1.0]))
    >>> float(loss), grad.tolist()
    (5.5, [1.0, 10.0])
    """
    remedy = "give at least one curvature above 0 in a flat list, such as (1.0, 100.0)"
    curvatures = numbers("curvatures", curvatures, remedy, positive)
    if curvatures.ndim != 1 or not curvatures.size:
        raise ValueError(f"curvatures has shape {curvatures.shape}: {remedy}")

    def function(params):
        grad = curvatures * params
        return 0.5 * np.sum(grad * params, axis=-1), grad

    dim = len(curvatures)
    return Landscape("quadratic", function, np.ones(dim), np.tile([-1.5, 1.5], (dim, 1)))
