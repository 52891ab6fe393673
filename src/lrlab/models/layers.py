"""The layers that a model is made of: each gives its outputs, and takes the slope of the loss back through itself.

A layer's parameters have leading batch axes *B, the runs. Examples lie along the axis after them: inputs are (n, ...)
where all runs see the same examples, (*B, n, ...) behind the first layer with parameters. A layer may write into what
`forward` and `backward` are handed, but never into the first layer's inputs.
"""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any, Protocol

import numpy as np

from lrlab.arguments import Array, numbers


class Layer(Protocol):
    """A step from inputs to outputs.

    shapes:   name -> shape of each of its parameters, in the order of the flat vector; empty for most
    forward:  parameters, x -> outputs, and what `backward` will need
    backward: parameters, memory, slope of the loss along the outputs, arrays for the parameters' gradients, whether the
              slope along the inputs is wanted -> that slope, or None
    prepare:  only where it can be a model's first: what a user gives -> inputs (n, ...); else one sentence
    A bias comes, and its gradient goes, as a row (*B, 1, units).
    """

    name: str
    shapes: dict[str, tuple[int, ...]]

    def forward(self, params: list[Array], x: Array) -> tuple[Array, Any]: ...

    def backward(self, params: list[Array], memory, slope: Array, grads: list[Array], wanted: bool) -> Array | None: ...


@dataclass(frozen=True)
class Dense:
    """y = x W + b, with W of shape (inputs, outputs): column j holds what unit j looks for.

    wider: how many times wider its inputs and its outputs are than in the net that the rate was found for (muP)
    """

    name: str
    inputs: int
    outputs: int
    wider: tuple[float, float] = (1.0, 1.0)
    shapes: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "shapes", {"weight": (self.inputs, self.outputs), "bias": (self.outputs,)})

    def prepare(self, inputs):
        return rows_of(inputs, self.inputs)

    def forward(self, params, x):
        y = np.matmul(x, params[0])
        y += params[1]
        return y, x

    def backward(self, params, memory, slope, grads, wanted):
        np.matmul(memory.mT, slope, out=grads[0])
        sum_examples(slope, out=grads[1])
        return np.matmul(slope, params[0].mT) if wanted else None


@dataclass(frozen=True)
class Tanh:
    """y = tanh(x)."""

    name: str = "tanh"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        y = np.tanh(x, out=x)
        return y, y

    def backward(self, params, memory, slope, grads, wanted):
        bend = np.multiply(memory, memory, out=memory)
        np.subtract(1.0, bend, out=bend)
        return np.multiply(slope, bend, out=slope)


@dataclass(frozen=True)
class Relu:
    """y = max(x, 0), with slope 0 at x = 0."""

    name: str = "relu"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        y = np.maximum(x, 0.0, out=x)
        return y, y

    def backward(self, params, memory, slope, grads, wanted):
        np.putmask(slope, memory <= 0.0, 0.0)  # the fastest way
        return slope


@dataclass(frozen=True)
class Image:
    """Rows of numbers (n, height * width * channels), as the images (n, height, width, channels) that they are."""

    image: tuple[int, int, int]
    name: str = "image"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def prepare(self, inputs):
        return rows_of(inputs, prod(self.image))

    def forward(self, params, x):
        return x.reshape(*x.shape[:-1], *self.image), None

    def backward(self, params, memory, slope, grads, wanted):
        return slope.reshape(*slope.shape[:-3], -1) if wanted else None


@dataclass(frozen=True)
class Flat:
    """Images (n, height, width, channels) as rows of numbers."""

    name: str = "flat"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        return x.reshape(*x.shape[:-3], -1), x.shape[-3:]

    def backward(self, params, memory, slope, grads, wanted):
        return slope.reshape(*slope.shape[:-1], *memory)


@dataclass(frozen=True)
class Conv:
    """y[i, j, o] = sum over a, b, c of x[i + a, j + b, c] W[a, b, c, o], plus bias[o]: zeros stand around the image.

    size is odd and the image keeps its height and width. W has shape (size, size, channels, outputs): W[:, :, c, o] is
    the picture that filter o looks for in channel c.
    """

    name: str
    channels: int
    outputs: int
    size: int = 3
    shapes: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        shape = (self.size, self.size, self.channels, self.outputs)
        object.__setattr__(self, "shapes", {"weight": shape, "bias": (self.outputs,)})

    def patches(self, x):
        """(*, n, height, width, channels) -> (*, n * height * width, size * size * channels)."""
        edge = self.size // 2
        height, width, channels = x.shape[-3:]
        wide = np.zeros((*x.shape[:-3], height + 2 * edge, width + 2 * edge, channels))
        wide[..., edge : edge + height, edge : edge + width, :] = x
        windows = np.lib.stride_tricks.sliding_window_view(wide, (self.size, self.size), axis=(-3, -2))
        windows = np.moveaxis(windows, -3, -1)  # channels last, as in W
        return windows.reshape(*x.shape[:-4], x.shape[-4] * height * width, self.size**2 * channels)

    def flat_weight(self, weight):
        return weight.reshape(*weight.shape[:-4], -1, self.outputs)

    def forward(self, params, x):
        patches = self.patches(x)
        y = np.matmul(patches, self.flat_weight(params[0]))
        y += params[1]
        return y.reshape(*y.shape[:-2], *x.shape[-4:-1], self.outputs), (patches, x.shape)

    def backward(self, params, memory, slope, grads, wanted):
        patches, (*_, n, height, width, channels) = memory
        batch = slope.shape[:-4]
        flat = slope.reshape(*batch, n * height * width, self.outputs)
        grads[0][...] = (patches.mT @ flat).reshape(grads[0].shape)
        sum_examples(flat, out=grads[1])
        if not wanted:
            return None
        along = flat @ self.flat_weight(params[0]).mT
        along = along.reshape(*batch, n, height, width, self.size, self.size, channels)
        edge = self.size // 2
        wide = np.zeros((*batch, n, height + 2 * edge, width + 2 * edge, channels))
        for a in range(self.size):
            for b in range(self.size):
                wide[..., a : a + height, b : b + width, :] += along[..., a, b, :]
        return wide[..., edge : edge + height, edge : edge + width, :]


@dataclass(frozen=True)
class MaxPool:
    """The largest of each 2 x 2 square, channel by channel; of equal ones the first takes the slope, as in PyTorch."""

    name: str = "pool"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        *lead, height, width, channels = x.shape
        squares = x.reshape(*lead, height // 2, 2, width // 2, 2, channels)
        squares = np.moveaxis(squares, -4, -3).reshape(*lead, height // 2, width // 2, 4, channels)
        where = squares.argmax(axis=-2, keepdims=True)
        return np.take_along_axis(squares, where, axis=-2)[..., 0, :], where

    def backward(self, params, memory, slope, grads, wanted):
        *lead, height, width, channels = slope.shape
        squares = np.zeros((*lead, height, width, 4, channels))
        np.put_along_axis(squares, memory, slope[..., None, :], axis=-2)
        squares = np.moveaxis(squares.reshape(*lead, height, width, 2, 2, channels), -3, -4)
        return squares.reshape(*lead, 2 * height, 2 * width, channels)


@dataclass(frozen=True)
class EmbeddingBag:
    """y = the mean of the vectors of a text's words: W[words[0]], W[words[1]], ... (PyTorch's mode="mean").

    x holds numbers of words (n, L), from 0 to words - 1; -1 is no word, and a text without words gets 0.
    """

    name: str
    words: int
    outputs: int
    shapes: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "shapes", {"weight": (self.words, self.outputs)})

    def prepare(self, inputs):
        remedy = f"give numbers of words from 0 to {self.words - 1}, and -1 for no word, of shape (n, L)"
        array = numbers("inputs", inputs, remedy, lambda x: (x >= -1) & (x < self.words) & (x == np.floor(x)))
        if array.ndim != 2:
            raise ValueError(f"inputs has shape {array.shape}: {remedy}")
        return array.astype(int)

    def forward(self, params, x):
        # only the words that occur take part, each with its share of each text
        words, place = np.unique(x, return_inverse=True)
        share = np.zeros((len(x), len(words)))
        np.add.at(share, (np.arange(len(x))[:, None], place.reshape(x.shape)), 1.0)
        if words.size and words[0] == -1:
            words, share = words[1:], share[:, 1:]
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1.0)
        return share @ params[0][..., words, :], (words, share)

    def backward(self, params, memory, slope, grads, wanted):
        words, share = memory
        grads[0][...] = 0.0
        grads[0][..., words, :] = share.T @ slope
        return None


def sum_examples(slope: Array, out: Array) -> None:
    """The sum over the examples, (*B, n, units) -> (*B, 1, units): a product with ones is the fastest."""
    np.matmul(ones(slope.shape[-2]), slope, out=out)


@lru_cache
def ones(n: int) -> Array:
    """(1, n), never written to."""
    return np.ones((1, n))


def rows_of(inputs, features: int) -> Array:
    """Inputs as an array (n, features) of finite numbers; else one sentence."""
    remedy = f"give {features} finite numbers an example, of shape (n, {features})"
    inputs = numbers("inputs", inputs, remedy)
    if inputs.ndim != 2 or inputs.shape[1] != features:
        raise ValueError(f"inputs has shape {inputs.shape}: {remedy}")
    return np.ascontiguousarray(inputs)
