"""A run's parameters as one vector: lengths, products and safe quotients, each run of a batch for itself."""

import numpy as np

from lrlab.arguments import Array


def total(a: Array) -> Array:
    """sum_i a_i over the parameters: (*B, D) -> (*B, 1)."""
    return np.sum(a, axis=-1, keepdims=True)


def dot(a: Array, b: Array) -> Array:
    """sum_i a_i * b_i over the parameters: (*B, D), (*B, D) -> (*B, 1)."""
    return total(a * b)


def norm(a: Array) -> Array:
    """sqrt(sum_i a_i**2) over the parameters: (*B, D) -> (*B, 1)."""
    return np.sqrt(dot(a, a))


def ratio(a: Array, b: Array) -> Array:
    """a / b, and 0 where b is 0; b has the shape of a, or one number for each run."""
    return np.divide(a, b, out=np.zeros_like(a), where=b != 0)
