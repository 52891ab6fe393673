"""The Hessian times a vector: exactly where the objective allows it, else by differences of its gradient."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

import copy
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, floats, numbers, short
from lrlab.curvature.chain import chain_of

EPS = np.finfo(float).eps
STEP = EPS ** (1 / 3)  # where the h**2 of a central difference meets the 1 / h of its rounding


class Product(NamedTuple):
    """H v, of the shape of v, and its error: an estimate of |computed - true|, (*B,); 0 where it is exact."""

    value: Array
    error: Array


def hvp(objective, params, v, *, t: int = 0, rng: np.random.Generator | None = None) -> Product:
    """H v = d/dh grad(params + h v) at h = 0, exactly or by a central difference.

    Exact, by Pearlmutter's R-operator, for a model on its data that is a chain of dense layers (regressions, softmax,
    mlp), and for an objective with a method of its own, hvp(params, v, t, rng) -> H v, each (D,).

    The difference is (g(x + h v) - g(x - h v)) / 2h with h |v| = eps**(1/3) * max(1, |x| / sqrt(D)): the point moves
    by 6e-6, or by 6e-6 of the size of a typical parameter if that is above 1. Its error is h**2 / 6 of the gradient's
    third derivative along v, and rounding, eps * |g| / h: together some 1e-10 of H v on a smooth landscape. `error` is
    their sum, measured: the first by a difference with twice the step. A kink (relu, max) within reach of h counts as
    curvature.

    objective: anything with value_and_grad
    params:    (*B, D)
    v:         (D,) or (*B, D), of any length
    t, rng:    handed to the objective; every gradient gets a copy of rng, and so the same minibatch

    Raises ValueError where params or v has another shape or v is not finite. A run whose params are NaN gives NaN.
    Source: Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147, for exact products; Nocedal and Wright 2006, chapter 8,
    doi:10.1007/978-0-387-40065-5, for the step.

    >>> from lrlab.objectives import quadratic
    >>> product = hvp(quadratic((1.0, 10.0)), [3.0, 1.0], [1.0, 1.0])
    >>> product.value.round(9).tolist(), bool(product.error < 1e-8)
    ([1.0, 10.0], True)
    """
    params = points(objective, params)
    v = numbers("v", v, "give finite numbers, one a parameter")
    if v.shape not in (params.shape, params.shape[-1:]):
        raise ValueError(f"v has shape {v.shape} and params {params.shape}: give {params.shape[-1]} numbers a point")
    v = np.broadcast_to(v, params.shape)
    value, error = np.empty(params.shape), np.empty(params.shape[:-1])
    with np.errstate(all="ignore"):
        for run in np.ndindex(params.shape[:-1]):
            value[run], error[run] = product_and_error(objective, params[run], v[run], t, rng)
    return Product(value, error[()])


def hessian(objective, params, *, t: int = 0, rng: np.random.Generator | None = None) -> Array:
    """H_ij = d2 loss / dx_i dx_j, column by column from `hvp`, made symmetric: (D, D), for small D.

    objective, t, rng: as for `hvp`
    params:            (D,)

    Raises ValueError where params is not one point.
    Source: definition.

    >>> from lrlab.objectives import uv_product
    >>> hessian(uv_product(), [2.0, 1.0]).round(6).tolist()
    [[1.0, 3.0], [3.0, 4.0]]
    """
    params = points(objective, params)
    if params.ndim != 1:
        raise ValueError(f"params has shape {params.shape}: give one point (D,)")
    times = products_of(objective, params, t, rng)
    with np.errstate(all="ignore"):
        columns = np.stack([times(unit) for unit in np.eye(len(params))], axis=1)
    return (columns + columns.T) / 2


def points(objective, params) -> Array:
    """params as an array with a last axis of parameters; NaN, where a run has diverged, is let through."""
    if not (hasattr(objective, "value_and_grad") or hasattr(objective, "hvp")):
        raise ValueError(f"objective is {short(objective)}: give a landscape, or a model.on(inputs, targets)")
    remedy = "give points of shape (D,) or (*B, D), such as [1.0]"
    params = floats("params", params, remedy)
    if params.ndim == 0 or params.shape[-1] == 0:
        raise ValueError(f"params has shape {params.shape}: {remedy}")
    return params


def norm(x: Array) -> float:
    """The Euclidean length of x, also where its squares would overflow or vanish."""
    largest = np.max(np.abs(x))
    return float(largest * np.linalg.norm(x / largest)) if 0 < largest < np.inf else float(largest)


def exact(objective, params: Array, t: int, rng) -> Callable[[Array], Array] | None:
    """The function v -> H v at one point, where it can be had without differences."""
    if hasattr(objective, "hvp"):
        return lambda v: objective.hvp(params, v, t, copy.deepcopy(rng))
    chain = chain_of(objective, t, rng)
    return None if chain is None else lambda v: chain(params, v)


def products_of(objective, params: Array, t: int, rng) -> Callable[[Array], Array]:
    """The function v -> H v at one point; every call sees the same draw of rng."""
    return exact(objective, params, t, rng) or (lambda v: difference(objective, params, v, t, rng)[0])


def difference(objective, params: Array, v: Array, t: int, rng, widen: float = 1.0) -> tuple[Array, float]:
    """The central difference of the gradient along v, and the error that rounding makes in it."""
    length = norm(v)
    if length == 0:
        return np.zeros_like(v), 0.0
    # rounding is relative to the parameters: where they are large the step is too
    move = widen * STEP * max(1.0, norm(params) / np.sqrt(len(params)))
    away = move * (v / length)
    (_, ahead), (_, behind) = (
        objective.value_and_grad(params + side * away, t, copy.deepcopy(rng)) for side in (1.0, -1.0)
    )
    per_length = length / (2 * move)
    return (ahead - behind) * per_length, EPS * (norm(ahead) + norm(behind)) * per_length


def product_and_error(objective, params: Array, v: Array, t: int, rng) -> tuple[Array, float]:
    """H v and the estimate of its error: by how much a double step differs, which is three times the truncation."""
    known = exact(objective, params, t, rng)
    if known:
        return known(v), 0.0
    value, rounding = difference(objective, params, v, t, rng)
    wider, _ = difference(objective, params, v, t, rng, widen=2.0)
    return value, norm(wider - value) / 3 + rounding
