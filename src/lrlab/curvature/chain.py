"""The exact Hessian-vector product of a chain of dense layers: Pearlmutter's R-operator.

R{x} is the derivative of x along v, at the parameters params + h v and h = 0. Applied to every line of the forward and
of the backward pass it carries a second number beside each first one, and the gradient's is H v.

It reads a model on its data by what it has: `model.layers`, of which a dense one has a weight (inputs, outputs) and a
bias and the others are named in BENDS, and `model.loss`, named in SLOPES. Any other model is left to differences.
"""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

import copy
from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array


def tanh_bends(x: Array) -> tuple[Array, Array, Array]:
    y = np.tanh(x)
    first = 1 - y * y
    return y, first, -2 * y * first


def relu_bends(x: Array) -> tuple[Array, Array, Array]:
    first = (x > 0).astype(float)
    return x * first, first, np.zeros_like(x)


def cross_entropy_slope(z: Array, targets: Array, along: Array) -> tuple[Array, Array]:
    share = np.exp(z - z.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    return share - targets, share * (along - (share * along).sum(axis=-1, keepdims=True))


def logistic_slope(z: Array, targets: Array, along: Array) -> tuple[Array, Array]:
    share = 0.5 * (1 + np.tanh(0.5 * z))  # the logistic function, which cannot overflow in this form
    return share - targets, share * (1 - share) * along


def squared_slope(z: Array, targets: Array, along: Array) -> tuple[Array, Array]:
    return z - targets, along


# name of a layer -> x -> its output, first and second derivative
BENDS = {"tanh": tanh_bends, "relu": relu_bends}
# name of a loss -> outputs, targets, R{outputs} -> n * slope, n * R{slope}
SLOPES = {"cross-entropy": cross_entropy_slope, "logistic loss": logistic_slope, "half squared error": squared_slope}


def chain_of(objective, t: int, rng) -> Callable[[Array, Array], Array] | None:
    """The function (params, v) -> H v, each (D,), on step t's examples; None where this is no chain that we know."""
    model = getattr(objective, "model", None)
    if getattr(getattr(model, "loss", None), "name", None) not in SLOPES:
        return None
    if not all(is_dense(layer) or layer.name in BENDS for layer in model.layers):
        return None
    rows = objective.rows(t, copy.deepcopy(rng))
    inputs, targets = objective.inputs[rows], objective.targets[rows]

    def product(params, v):
        answer = along(model, params, v, inputs, targets)
        return answer if objective.decay is None else answer + objective.decay * v

    return product


def is_dense(layer) -> bool:
    """Whether a layer is x W + b."""
    return list(layer.shapes) == ["weight", "bias"] and len(layer.shapes["weight"]) == 2


def along(model, params: Array, v: Array, x: Array, targets: Array) -> Array:
    """R{gradient}: each quantity goes with its derivative along v, whose name begins with r."""
    answer = np.empty_like(params)
    weights, rates, out = (list(model.views(a).values()) for a in (params, v, answer))
    rx, memory, at = np.zeros_like(x), [], 0
    for layer in model.layers:
        if is_dense(layer):
            memory.append((at, x, rx))
            (w, b), (rw, rb) = weights[at : at + 2], rates[at : at + 2]
            x, rx = x @ w + b, rx @ w + x @ rw + rb
            at += 2
        else:
            y, first, second = BENDS[layer.name](x)
            memory.append((None, first, second * rx))
            x, rx = y, first * rx
    slope, rslope = (part / len(x) for part in SLOPES[model.loss.name](x, targets, rx))
    for at, x, rx in reversed(memory):
        if at is None:
            slope, rslope = slope * x, rslope * x + slope * rx
        else:
            out[at][...] = rx.T @ slope + x.T @ rslope
            out[at + 1][...] = rslope.sum(axis=0)
            slope, rslope = slope @ weights[at].T, rslope @ weights[at].T + slope @ rates[at].T
    return answer
