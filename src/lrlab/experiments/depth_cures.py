"""Depth against learning rate with two cures: normalisation, and a warm-up.

1,197 digits less their mean, an MLP 64-32-...-32-10 with `depth` hidden layers of tanh, cross-entropy, minibatches of
32, plain SGD, 200 steps. In the *normalised* net the numbers that a hidden layer gives to tanh are shifted and scaled
to mean 0 and mean square 1, example by example: the length of its weights then does not count. With warm-up the rate
rises in a straight line for 50 steps; afterwards, and without, it is constant.

A cell is a block of five rates.

loss:     mean minibatch loss over the last 20 steps, one a rate, capped at 10
accuracy: on the 300 validation images at the end, one a rate, 0 where the run diverged
test:     on the 300 test images at the end, one a rate, 0 where the run diverged
highest:  highest minibatch loss on the way, one a rate, capped at 100

Source: our own set-up, after Ba, Kiros and Hinton 2016, arXiv:1607.06450.
"""

from dataclasses import dataclass, field

import numpy as np

from lrlab import schedules
from lrlab.datasets import Part, digits
from lrlab.descent import descend
from lrlab.models import Model, mlp
from lrlab.models.layers import Dense

WIDTH, STEPS, BATCH = 32, 200, 32
RATES = np.geomspace(0.01, 100.0, 25).reshape(5, 5)  # six a power of ten, in blocks from low to high
AXES = {
    "net": ("plain", "normalised"),
    "warmup": (0, 50),
    "depth": (1, 2, 4, 6),
    "seed": (0, 1, 2, 3, 4),
    "block": (0, 1, 2, 3, 4),
}
# near its limit a run amplifies rounding: only low rates are the same on every processor
CHECKED = [
    {"net": "plain", "warmup": 50, "depth": 4, "seed": 3, "block": 0},
    {"net": "normalised", "warmup": 0, "depth": 2, "seed": 0, "block": 0},
]
TOLERANCE = 1e-4


@dataclass(frozen=True)
class LayerNorm:
    """y = (x - mean(x)) / sqrt(mean((x - mean(x))**2) + 1e-8), the means over the units of one example.

    Without gain and shift of its own, so that the loss is a function of the direction of the weights before it alone.
    Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450.

    >>> y, _ = LayerNorm().forward([], np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]))
    >>> y.round(3).tolist()
    [[-1.225, 0.0, 1.225], [-1.225, 0.0, 1.225]]
    """

    name: str = "norm"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        x = x - x.mean(axis=-1, keepdims=True)
        size = np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-8)
        y = x / size
        return y, (y.copy(), size)  # the next layer may write into y

    def backward(self, params, memory, slope, grads, wanted):
        y, size = memory
        slope = slope - slope.mean(axis=-1, keepdims=True) - y * (slope * y).mean(axis=-1, keepdims=True)
        return slope / size


def net_of(net: str, depth: int) -> Model:
    """The network of that depth, plain or normalised; both start from the same weights."""
    plain = mlp((64, *[WIDTH] * depth, 10), "tanh")
    if net == "plain":
        return plain
    layers = []
    for layer in plain.layers:
        layers += [layer, LayerNorm()] if isinstance(layer, Dense) and layer is not plain.layers[-1] else [layer]
    return Model("normalised mlp", tuple(layers), plain.loss, plain.start)


def centred() -> dict[str, Part]:
    """The parts of the digits, less the mean of the training images."""
    data = digits()
    middle = data.train.inputs.mean(axis=0)
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return {name: Part(part.inputs - middle, part.targets) for name, part in parts.items()}


def cell(net: str, warmup: int, depth: int, seed: int, block: int) -> dict[str, np.ndarray]:
    """All rates of a block at once, along the batch axis."""
    parts = centred()
    model, rate = net_of(net, depth), schedules.constant(RATES[block])
    if warmup:
        rate = schedules.warmup(rate, warmup)
    options = {"steps": STEPS, "keep": "last", "rng": np.random.default_rng(seed)}
    run = descend(model.on(*parts["train"], batch_size=BATCH), model.init(seed), rate, **options)
    right = {name: model.evaluate(run.final, *parts[name])["accuracy"] for name in ("validation", "test")}
    return {
        "loss": np.nan_to_num(run.loss[-21:-1].mean(axis=0), nan=10.0).clip(max=10.0),
        "accuracy": np.nan_to_num(right["validation"], nan=0.0),
        "test": np.nan_to_num(right["test"], nan=0.0),
        "highest": np.nan_to_num(run.loss, nan=100.0).max(axis=0).clip(max=100.0),
    }
