"""What is minimised: landscapes with analytic gradients.

An objective maps parameters of shape (*B, D) to a loss (*B,) and a gradient (*B, D). The leading axes B hold
independent runs; nothing is ever mixed along them, so a batch of runs equals the same runs one by one, bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lrlab.arguments import Array, number, numbers, positive


class Objective(Protocol):
    """Anything that `descend` can walk down: a landscape, a model on its data, an online problem."""

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss (*B,) and gradient (*B, D) at params (*B, D); inf and NaN go in and come out without an error."""
        ...


@dataclass(frozen=True)
class Landscape:
    """A function of D numbers with its gradient, and where to look at it.

    function: (*B, D) -> loss (*B,), gradient (*B, D)
    start:    (D,), the usual place to start from
    box:      (D, 2), the lowest and highest value of each parameter that a picture shows
    """

    name: str
    function: Callable[[Array], tuple[Array, Array]]
    start: Array
    box: Array

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss and gradient; a landscape is the same at every step t and needs no randomness."""
        if params.shape[-1] != len(self.box):
            raise ValueError(
                f"params holds {params.shape[-1]} numbers a point and {self.name} takes {len(self.box)}: "
                f"start from {len(self.box)} numbers, such as {self.start.tolist()}"
            )
        return self.function(params)


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


OBJECTIVES = {"parabola": parabola, "quadratic": quadratic, "double_well": double_well}
