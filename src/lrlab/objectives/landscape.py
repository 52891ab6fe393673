"""What an objective is, and the landscapes' common form."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lrlab.arguments import Array


class Objective(Protocol):
    """Anything that `descend` can walk down: a landscape, a model on its data, an online problem."""

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss (*B,) and gradient (*B, D) at params (*B, D); inf and NaN go in and come out without an error."""
        ...


@dataclass(frozen=True, eq=False)  # two are the same if they are one object: arrays have no one answer to ==
class Landscape:
    """A function of D numbers with its gradient, where to look at it, and what is known about it.

    function:  (*B, D) -> loss (*B,), gradient (*B, D)
    start:     (D,), the usual place to start from
    box:       (D, 2), the lowest and highest value of each parameter that a picture shows
    minima:    (M, D), the local minima that are known, a lowest one first; empty where none is
    sharpness: (M,), the largest curvature L at each of them: near it gradient descent is stable up to lr = 2 / L
    """

    name: str
    function: Callable[..., tuple[Array, Array]]
    start: Array
    box: Array
    minima: Array | Sequence = ()
    sharpness: Array | Sequence = ()

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss and gradient; a landscape is the same at every step t and needs no randomness."""
        return self.function(self.points(params))

    def points(self, params: Array) -> Array:
        """params if they are points of this landscape, in C order, because the order decides how sums are rounded."""
        if params.shape[-1] != len(self.box):
            raise ValueError(
                f"params holds {params.shape[-1]} numbers a point and {self.name} takes {len(self.box)}: "
                f"start from {len(self.box)} numbers, such as {self.start.tolist()}"
            )
        return np.ascontiguousarray(params)


@dataclass(frozen=True, eq=False)
class Online(Landscape):
    """A landscape that changes with the step t or draws from rng: its function takes (params, t, rng)."""

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss and gradient at step t, with what is drawn from rng."""
        return self.function(self.points(params), t, rng)


def landscape_of(objective) -> Landscape:
    """A landscape, and not the function that makes one."""
    if not isinstance(objective, Landscape):
        raise ValueError(f"objective is {objective!r}: give a landscape, such as rosenbrock()")
    return objective


def generator(rng) -> np.random.Generator:
    """A generator to draw from; else one sentence."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng is {rng!r}: noise needs a seeded generator, such as rng=np.random.default_rng(0)")
    return rng


def largest_curvature(jacobian) -> float:
    """The largest eigenvalue of 2 J^T J: the sharpness of sum_i r_i**2 where all r_i are 0; J_ij = dr_i / dx_j."""
    return float(2 * np.linalg.norm(jacobian, 2) ** 2)
