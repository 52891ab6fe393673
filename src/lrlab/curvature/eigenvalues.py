"""The largest eigenvalues of a Hessian, by Lanczos."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, not_negative, number, whole
from lrlab.curvature.products import EPS, norm, points, product_and_error, products_of


class Sharpness(NamedTuple):
    """The largest eigenvalue of the Hessian and its residual |H x - value x|, each (*B,)."""

    value: Array
    residual: Array


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Eigenvalues:
    """The k largest eigenvalues of a Hessian, largest first, and how well each is known.

    values:    (*B, k); NaN where the parameters, the gradient or the Hessian are not finite
    residuals: (*B, k), |H x - value x|, measured with one more product each: within this distance of the value there
               is a true eigenvalue
    products:  (*B,), how many Hessian-vector products were asked, those of the residuals among them
    vectors:   (*B, k, D), the unit eigenvectors x, each up to its sign
    """

    values: Array
    residuals: Array
    products: Array
    vectors: Array


def top_eigenvalues(
    objective,
    params,
    k: int = 1,
    *,
    vectors: int = 100,
    tol: float = 1e-4,
    seed: int = 0,
    t: int = 0,
    rng: np.random.Generator | None = None,
) -> Eigenvalues:
    """H x_i = lambda_i x_i for the k largest lambda_i, by Lanczos with full reorthogonalisation.

    From a random vector q_1 on, H q_j = b_{j-1} q_{j-1} + a_j q_j + b_j q_{j+1} builds an orthonormal basis; the
    eigenvalues of the tridiagonal matrix of a and b approach the extreme ones of H from inside. The error of a value
    is at most its residual and usually about residual**2 / gap: tol 1e-4 gives some seven digits.

    objective: anything with value_and_grad; see `hvp`
    params:    (*B, D); each run of the batch is measured by itself
    k:         1 to D
    vectors:   k or more, the largest size of the basis. What is left when it is full is told by the residuals.
    tol:       >= 0; stops as soon as all k residuals are estimated at most tol * the largest |lambda|; 0 builds the
               whole basis
    seed:      of the numpy.random.Generator that draws the start vector, the same for each run
    t, rng:    handed to the objective

    Ask for all of a small Hessian with k = vectors = D; equal eigenvalues are found as often as they occur only if
    the basis is as large as D.

    Raises ValueError where k, vectors, tol or seed is out of range.
    Source: Lanczos 1950, doi:10.6028/jres.045.026; Parlett 1998, The Symmetric Eigenvalue Problem,
    doi:10.1137/1.9781611971163.

    >>> from lrlab.objectives import rosenbrock
    >>> top = top_eigenvalues(rosenbrock(), [1.0, 1.0], k=2)
    >>> top.values.round(4).tolist(), bool((top.residuals < 1e-4).all())
    ([1001.6006, 0.3994], True)
    """
    params = points(objective, params)
    dim, batch = params.shape[-1], params.shape[:-1]
    k = whole("k", k, 1, f"give a whole number of eigenvalues from 1 to {dim}")
    if k > dim:
        raise ValueError(f"k is {k!r}: give a whole number of eigenvalues from 1 to {dim}")
    vectors = whole("vectors", vectors, k, f"give a whole number of at least k, {k}")
    seed = whole("seed", seed, 0, "give a whole number of 0 or more, such as 0")
    tol = number("tol", tol, "give 0 or more, such as 1e-4", not_negative)
    values, residuals = np.full((2, *batch, k), np.nan)
    found, asked = np.full((*batch, k, dim), np.nan), np.zeros(batch, int)
    with np.errstate(all="ignore"):
        for run in np.ndindex(batch):
            times = products_of(objective, params[run], t, rng)
            basis, value, mix = lanczos(times, dim, k, min(vectors, dim), tol, np.random.default_rng(seed))
            asked[run] = len(basis)
            if mix is None:
                continue
            values[run], found[run] = value, mix.T @ basis
            for i, x in enumerate(found[run]):
                product, error = product_and_error(objective, params[run], x, t, rng)
                residuals[(*run, i)] = norm(product - value[i] * x) + error
                asked[run] += 1
    return Eigenvalues(values, residuals, asked[()], found)


def sharpness(
    objective,
    params,
    *,
    vectors: int = 100,
    tol: float = 1e-4,
    seed: int = 0,
    t: int = 0,
    rng: np.random.Generator | None = None,
) -> Sharpness:
    """L = the largest eigenvalue of the Hessian: near a minimum gradient descent is stable up to lr = 2 / L.

    objective, params, vectors, tol, seed, t, rng: as for `top_eigenvalues`

    Returns (value, residual), each (*B,): the pair can be taken apart, the value alone is `.value`.
    Raises ValueError as `top_eigenvalues` does.
    Source: Cohen et al. 2021, arXiv:2103.00065.

    >>> from lrlab.objectives import quadratic
    >>> value, residual = sharpness(quadratic((1.0, 10.0)), [3.0, 1.0])
    >>> round(float(value), 6), bool(residual < 1e-6)
    (10.0, True)
    """
    top = top_eigenvalues(objective, params, vectors=vectors, tol=tol, seed=seed, t=t, rng=rng)
    return Sharpness(top.values[..., 0], top.residuals[..., 0])


def sharpness_monitor(objective, every: int = 50, **options) -> Callable[[int, Array], dict | None]:
    """For descend's `monitor`: at the steps 0, every, 2 every ... the metrics "sharpness" and "sharpness residual".

    objective: what is measured, usually the one that is minimised, on all of its data
    every:     >= 1, in steps; one measurement costs as much as some dozens of steps
    options:   go to `sharpness`

    Raises ValueError where every is not a whole number from 1 up.
    Source: Cohen et al. 2021, arXiv:2103.00065.

    >>> from lrlab import descend, objectives
    >>> valley = objectives.quadratic((1.0, 10.0))
    >>> run = descend(valley, [1.0, 1.0], 0.1, steps=6, monitor=sharpness_monitor(valley, every=3))
    >>> [(t, round(float(value), 6)) for t, value in run.metrics["sharpness"]]
    [(0, 10.0), (3, 10.0), (6, 10.0)]
    """
    every = whole("every", every, 1, "give a whole number of steps from 1 up, such as 50")

    def monitor(t, params):
        if t % every:
            return None
        value, residual = sharpness(objective, params, **options)
        return {"sharpness": value, "sharpness residual": residual}

    return monitor


def lanczos(times, dim: int, k: int, most: int, tol: float, rng) -> tuple[Array, Array, Array | None]:
    """The basis (m, D) that was built, the k largest Ritz values, and how each mixes the basis (m, k).

    No mixture where a product was not finite.
    """
    basis, diagonal, beside = np.empty((most, dim)), np.zeros(most), np.zeros(most)
    q = rng.standard_normal(dim)
    q /= norm(q)
    for m in range(1, most + 1):
        basis[m - 1] = q
        built = basis[:m]
        w = times(q)
        if not np.isfinite(w).all():
            return built, np.full(k, np.nan), None
        diagonal[m - 1] = q @ w
        # rounding brings back what was taken out before: take all of it out, now and once more when the length is 1
        w = without(built, w)
        beside[m - 1] = norm(w)
        scale = max(np.abs(diagonal).max(), beside.max())
        if beside[m - 1] <= dim * EPS * scale:  # the basis holds an invariant space: go on in a new direction
            beside[m - 1], w = 0.0, without(built, rng.standard_normal(dim))
        if m == most or (tol and m >= k and m % 5 == 0):  # decomposing costs too: not at every step
            value, mix = ritz(diagonal[:m], beside[: m - 1], k)
            left = beside[m - 1] * np.abs(mix[-1])
            if m == most or left.max() <= tol * np.abs(diagonal[:m]).max():
                return built, value, mix
        q = without(built, w / norm(w))
        q /= norm(q)
    raise AssertionError("the last turn of the loop returns")


def without(basis: Array, w: Array) -> Array:
    """w less its part in the space of the orthonormal rows of basis."""
    return w - (basis @ w) @ basis


def ritz(diagonal: Array, beside: Array, k: int) -> tuple[Array, Array]:
    """The k largest eigenvalues of a tridiagonal matrix, largest first, and their eigenvectors as columns."""
    values, mix = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return values[::-1][:k], mix[:, ::-1][:, :k]
