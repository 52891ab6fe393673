"""Where training starts: rules that draw a weight's first values, under the names that PyTorch gives them."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from lrlab.arguments import Array

Rule = Callable[["np.random.Generator", tuple[int, ...], int, int], Array]


def normal(std: Callable[[int, int], float]) -> Rule:
    """N(0, std**2), std a function of fan_in and fan_out."""
    return lambda rng, shape, fan_in, fan_out: std(fan_in, fan_out) * rng.standard_normal(shape)


def uniform(std: Callable[[int, int], float]) -> Rule:
    """Uniform with the same standard deviation: on [-sqrt(3) std, sqrt(3) std]."""

    def rule(rng, shape, fan_in, fan_out):
        bound = sqrt(3.0) * std(fan_in, fan_out)
        return rng.uniform(-bound, bound, shape)

    return rule


def lecun(fan_in, fan_out):
    """LeCun et al. 1998, doi:10.1007/3-540-49430-8_2: keeps the size on the way forward. Jax cuts the tails off."""
    return sqrt(1.0 / fan_in)


def kaiming(fan_in, fan_out):
    """He et al. 2015, arXiv:1502.01852: the same behind relu, which loses half. PyTorch's default gain."""
    return sqrt(2.0 / fan_in)


def xavier(fan_in, fan_out):
    """Glorot and Bengio 2010, AISTATS: between the way forward and the way back. Keras's default, glorot_uniform."""
    return sqrt(2.0 / (fan_in + fan_out))


def pytorch(fan_in, fan_out):
    """What nn.Linear and nn.Conv2d do: uniform on [-1, 1] / sqrt(fan_in), biases too."""
    return sqrt(1.0 / (3.0 * fan_in))


# name -> rule; fan_in and fan_out count the numbers that a unit reads and the units that read a number
STARTS: dict[str, Rule] = {
    "lecun_normal": normal(lecun),
    "lecun_uniform": uniform(lecun),
    "xavier_normal": normal(xavier),
    "xavier_uniform": uniform(xavier),
    "kaiming_normal": normal(kaiming),
    "kaiming_uniform": uniform(kaiming),
    "pytorch_default": uniform(pytorch),
    "zeros": lambda rng, shape, fan_in, fan_out: np.zeros(shape),
}


def start_rule(name: str) -> Rule:
    """The rule of that name; else one sentence with all of them."""
    if name not in list(STARTS):  # a list takes what has no hash too
        raise ValueError(f"start is {name!r}: give one of {', '.join(STARTS)}")
    return STARTS[name]
