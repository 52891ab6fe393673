"""Losses with directions along which nothing changes, so that the learning rate decides where on them a run ends."""

import numpy as np

from lrlab.arguments import Array, floats, number, whole
from lrlab.objectives.bowls import quadratic
from lrlab.objectives.landscape import Landscape, Online, landscape_of


def uv_product(target: float = 1.0, n: int = 1) -> Landscape:
    """f(u, v) = (u . v / sqrt(n) - target)**2 / 2, params = (u_1 ... u_n, v_1 ... v_n).  D = 2 n.

    The smallest deep network: two layers, one example. Its minima form a surface, flat near the origin and sharp far
    out, and a run settles only where the sharpness allows its rate: see uv_sharpness.

    target: a finite number
    n:      >= 1, the width. n = 1 is (u * v - target)**2 / 2, with start (4, .1); target 0 and n = 1000 is the
            catapult's network, with N(0, 1) numbers, always the same ones, as the start

    `minima` holds two of the flattest, all numbers of one size: u = v, or u = -v for a target below 0; their sharpness
    is 2 |target| / sqrt(n).

    Raises ValueError where target is not finite or n is not a whole number from 1 up.
    Source: Lewkowycz et al. 2020, arXiv:2003.02218.

    >>> loss, grad = uv_product().value_and_grad(np.array([4.0, 0.5]))
    >>> float(loss), grad.tolist()
    (0.5, [0.5, 4.0])
    """
    target = number("target", target, "give a finite number, such as 1.0")
    n = whole("n", n, 1, "give a whole number of hidden units from 1 up, such as 1000")
    scale = 1 / np.sqrt(n)

    def function(params):
        u, v = params[..., :n], params[..., n:]
        miss = scale * np.sum(u * v, axis=-1, keepdims=True) - target
        pull = scale * miss
        grad = np.empty(params.shape)
        grad[..., :n] = pull * v
        grad[..., n:] = pull * u
        return 0.5 * (miss * miss)[..., 0], grad

    start = np.array([4.0, 0.1]) if n == 1 else np.random.default_rng(0).standard_normal(2 * n)
    side = np.full(n, np.sqrt(abs(target) * scale))
    flattest = np.concatenate([side, np.copysign(side, target)])
    sharpness = np.full(2, 2 * abs(target) * scale)
    box = np.tile([-1.0, 5.0], (2 * n, 1))
    return Landscape("uv_product", function, start, box, np.stack([flattest, -flattest]), sharpness)


def uv_sharpness(params) -> Array:
    """(u . u + v . v) / n: where u . v / sqrt(n) = target the largest curvature of uv_product; the catapult's lambda.

    params: (*B, 2 n)

    Returns an array of shape (*B,). Raises ValueError where params does not hold an even number of numbers.
    Source: Lewkowycz et al. 2020, arXiv:2003.02218.

    >>> float(uv_sharpness([4.0, 0.25]))
    16.0625
    """
    remedy = "give points of uv_product, n numbers u and then n numbers v"
    params = floats("params", params, remedy)
    if params.ndim == 0 or params.shape[-1] % 2 or params.shape[-1] == 0:
        raise ValueError(f"params has shape {params.shape}: {remedy}")
    return np.sum(params * params, axis=-1) / (params.shape[-1] // 2)


def scale_free(objective: Landscape | None = None) -> Online:
    """f(w) = objective(w / |w|), gradient (g - u (u . g)) / |w|,  u = w / |w|,  g = objective's gradient at u.

    What normalisation does to a layer's weights: only their direction counts, the gradient is orthogonal to w, and it
    shrinks with 1 / |w|, so that a rate lr acts like lr / |w|**2 and weight decay like a schedule.

    objective: any landscape with D >= 2; left out, |u - (1, 0)|**2 / 2, which is 1 minus the cosine of the angle to
               the first axis. For noise that is scale-free too wrap it inside: scale_free(noisy(...)).

    At w = 0 there is no direction: loss and gradient are NaN. Minima are whole rays, so none is listed.

    Raises ValueError where objective is no landscape or has a single parameter.
    Source: van Laarhoven 2017, arXiv:1706.05350; Arora, Li and Lyu 2018, arXiv:1812.03981.

    >>> loss, grad = scale_free().value_and_grad(np.array([[0.0, 1.0], [0.0, 10.0]]))
    >>> loss.tolist(), grad.tolist()
    ([1.0, 1.0], [[-1.0, 0.0], [-0.1, 0.0]])
    """
    objective = quadratic((1.0, 1.0), center=(1.0, 0.0)) if objective is None else landscape_of(objective)
    if len(objective.box) < 2:
        raise ValueError(f"objective is {objective.name!r}, with 1 parameter, which has no direction: give 2 or more")

    def function(params, t, rng):
        largest = np.max(np.abs(params), axis=-1, keepdims=True)  # taken out first: squares would overflow
        away = params / largest
        norm = np.sqrt(np.sum(away * away, axis=-1, keepdims=True))
        unit = away / norm
        loss, grad = objective.value_and_grad(unit, t, rng)
        along = np.sum(unit * grad, axis=-1, keepdims=True)
        return loss, (grad - along * unit) / norm / largest

    return Online("scale_free", function, objective.start, objective.box)
