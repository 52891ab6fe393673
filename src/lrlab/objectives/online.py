"""Losses that change from step to step: an adversary's, and anything with noise on it."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

import numpy as np

from lrlab.arguments import not_negative, number, numbers
from lrlab.objectives.bowls import parabola
from lrlab.objectives.landscape import Landscape, Online, generator, landscape_of


def reddi(c: float = 3.0) -> Online:
    """f_t(x) = c * x where t mod 3 = 1, else -x; t counts from 1, so step t of `descend` is t + 1 here.  D = 1.

    Over three steps the slopes add up to c - 2 > 0, so that on [-1, 1] the best point is -1. Adam with a short memory
    walks to +1: it divides the one large slope away. Keep the run in the interval:
    descend(reddi(), [0.0], lr, project=onto_box(-1.0, 1.0), ...).

    c: > 2

    Raises ValueError where c is not above 2.
    Source: Reddi, Kale and Kumar 2018, arXiv:1904.09237, theorem 1.

    >>> [reddi().value_and_grad(np.array([0.5]), t)[1].tolist() for t in range(4)]
    [[3.0], [-1.0], [-1.0], [3.0]]
    """
    c = number("c", c, "give a number above 2, such as 3.0", lambda x: x > 2)

    def function(params, t, rng):
        slope = c if (t + 1) % 3 == 1 else -1.0
        return slope * params[..., 0], np.full(params.shape, slope)

    return Online("reddi", function, np.array([0.0]), np.array([[-1.0, 1.0]]))


def onto_box(low, high):
    """P(x) = min(max(x, low), high): the nearest point of a box, for `descend`'s project.

    low, high: numbers, or (D,) for a bound a parameter; low <= high

    Returns a function params (*B, D) -> params (*B, D); NaN stays NaN.
    Raises ValueError where a bound is not finite, low lies above high, or their shapes do not fit.
    Source: Bertsekas 1976, doi:10.1109/TAC.1976.1101194.

    >>> onto_box(-1.0, 1.0)(np.array([-3.0, 0.5, 2.0])).tolist()
    [-1.0, 0.5, 1.0]
    """
    low = numbers("low", low, "give finite lower bounds, such as -1.0")
    remedy = "give finite upper bounds that are nowhere below low, such as 1.0"
    high = numbers("high", high, remedy)
    if low.ndim and high.ndim and low.shape != high.shape:
        raise ValueError(f"high has shape {high.shape} and low {low.shape}: give one number, or as many of each")
    low, high = np.broadcast_arrays(low, high)
    numbers("high", high, remedy, lambda x: x >= low)

    def project(params):
        return np.minimum(np.maximum(params, low), high)

    return project


def noisy(objective: Landscape | None = None, std=1.0, shared: bool = True) -> Online:
    """gradient = the objective's gradient + std * N(0, 1), drawn anew at every step; the loss keeps no noise.

    objective: any landscape; left out, parabola()
    std:       >= 0, the noise's standard deviation: a number, or (D,) for one a parameter
    shared:    True: one draw a step for the whole batch, so that rates are compared under the same luck, and a batch
               equals its runs one by one, each with the same seed. False: every run draws its own, for many chains.

    Hand `descend` a seeded generator: descend(noisy(parabola()), [1.0], 0.1, rng=np.random.default_rng(0)).

    Raises ValueError where objective is no landscape, std is negative or of another shape, and, at the first step,
    where there is no rng.
    Source: Robbins and Monro 1951, doi:10.1214/aoms/1177729586.

    >>> from lrlab.objectives import parabola
    >>> both = [noisy(parabola(), shared=shared) for shared in (True, False)]
    >>> [f.value_and_grad(np.zeros((2, 1)), rng=np.random.default_rng(0))[1].round(3).tolist() for f in both]
    [[[0.126], [0.126]], [[0.126], [-0.132]]]
    """
    objective = parabola() if objective is None else landscape_of(objective)
    std = numbers("std", std, "give standard deviations of 0 or more, such as 1.0", not_negative)
    dim = len(objective.box)
    if std.shape not in ((), (dim,)):
        raise ValueError(f"std has shape {std.shape}: give one number, or {dim}, one a parameter")

    def function(params, t, rng):
        draw = generator(rng)
        loss, grad = objective.value_and_grad(params, t, rng)
        return loss, grad + std * draw.standard_normal(dim if shared else grad.shape)

    start, box, minima, sharpness = objective.start, objective.box, objective.minima, objective.sharpness
    return Online(f"noisy {objective.name}", function, start, box, minima, sharpness)
