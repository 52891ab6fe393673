"""Landscapes with one bowl: constant curvature."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

import numpy as np

from lrlab.arguments import Array, number, numbers, positive, whole
from lrlab.objectives.landscape import Landscape, generator


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

    box = np.array([[center - 1.5, center + 1.5]])
    return Landscape("parabola", function, np.array([center + 1.0]), box, np.array([[center]]), np.array([curvature]))


def quadratic(curvatures=(1.0, 100.0), rotation=None, center=None) -> Landscape:
    """f(x) = 1/2 * sum_i curvatures[i] * y[i]**2,  y = Q^T (x - center),  gradient Q (curvatures * y).

    curvatures: (D,), each > 0: the eigenvalues of the Hessian. With mu the smallest and L the largest, the best
                constant rate is 2 / (mu + L) and the distance then shrinks by (L - mu) / (L + mu) a step.
    rotation:   how Q turns the axes of the bowl: None for not at all (Q = 1); for D = 2 an angle in degrees, counted
                from the first axis to the second; or Q itself, an orthogonal matrix (D, D) whose column i is the axis
                of curvatures[i], such as random_rotation(D, rng)
    center:     (D,), where the minimum is, with loss 0; None for the origin

    Raises ValueError where curvatures is not a flat list of positive numbers, rotation is an angle with D != 2 or a
    matrix that is not orthogonal, or center does not hold D finite numbers.
    Source: Nesterov, Introductory Lectures on Convex Optimization, 2004, doi:10.1007/978-1-4419-8853-9.

    >>> loss, grad = quadratic((1.0, 10.0)).value_and_grad(np.array([1.0, 1.0]))
    >>> float(loss), grad.tolist()
    (5.5, [1.0, 10.0])
    >>> quadratic((1.0, 10.0), rotation=90).value_and_grad(np.array([1.0, 1.0]))[1].round(9).tolist()
    [10.0, 1.0]
    """
    remedy = "give at least one curvature above 0 in a flat list, such as (1.0, 100.0)"
    curvatures = numbers("curvatures", curvatures, remedy, positive)
    if curvatures.ndim != 1 or not curvatures.size:
        raise ValueError(f"curvatures has shape {curvatures.shape}: {remedy}")
    dim = len(curvatures)
    if center is not None:
        center = numbers("center", center, f"give {dim} finite numbers, one a parameter")
        if center.shape != (dim,):
            raise ValueError(f"center has shape {center.shape}: give {dim} finite numbers, one a parameter")

    def straight(params):
        away = params if center is None else params - center
        grad = curvatures * away
        return 0.5 * np.sum(grad * away, axis=-1), grad

    def turned(params):
        away = params if center is None else params - center
        along = turn(there, away)
        pull = curvatures * along
        return 0.5 * np.sum(pull * along, axis=-1), turn(back, pull)

    if rotation is not None:
        back = rotation_matrix(rotation, dim)
        there = np.ascontiguousarray(back.T)
    middle = np.zeros(dim) if center is None else center
    return Landscape(
        "quadratic",
        straight if rotation is None else turned,
        middle + 1.0,
        np.stack([middle - 1.5, middle + 1.5], axis=-1),
        middle[None],
        np.array([curvatures.max()]),
    )


def random_rotation(dim: int, rng: np.random.Generator) -> Array:
    """Q, uniform among the orthogonal matrices (dim, dim): the Q of a normal matrix = Q R, with R's diagonal positive.

    dim: >= 1
    rng: a seeded numpy.random.Generator

    Raises ValueError where dim is not a whole number from 1 up or rng no generator.
    Source: Mezzadri 2007, arXiv:math-ph/0609050.

    >>> turn = random_rotation(3, np.random.default_rng(0))
    >>> bool(np.allclose(turn.T @ turn, np.eye(3)))
    True
    """
    dim = whole("dim", dim, 1, "give a whole number of dimensions from 1 up, such as 10")
    q, r = np.linalg.qr(generator(rng).standard_normal((dim, dim)))
    return q * np.sign(np.diag(r))


def rotation_matrix(rotation, dim: int) -> Array:
    """An angle in degrees, or a matrix, as an orthogonal matrix (dim, dim)."""
    remedy = f"give an orthogonal ({dim}, {dim}) matrix" + (", or an angle in degrees" if dim == 2 else "")
    matrix = numbers("rotation", rotation, remedy)
    if matrix.ndim == 0 and dim == 2:
        cos, sin = np.cos(np.radians(matrix)), np.sin(np.radians(matrix))
        matrix = np.array([[cos, -sin], [sin, cos]])
    if matrix.shape != (dim, dim):
        raise ValueError(f"rotation has shape {matrix.shape}: {remedy}")
    if np.abs(matrix.T @ matrix - np.eye(dim)).max() > 1e-9:
        raise ValueError(f"rotation holds columns that are not orthogonal and of length 1: {remedy}")
    return matrix


def turn(matrix: Array, points: Array) -> Array:
    """matrix @ x for each point x, summed the same way for one point and for many."""
    return np.sum(matrix * points[..., None, :], axis=-1)
