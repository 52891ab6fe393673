"""What an objective is, and the landscapes' common form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lrlab.arguments import Array


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
