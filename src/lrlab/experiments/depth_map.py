"""The largest rate that a network bears, by depth and width, in the standard and in the width-scaled parametrisation.

512 digits less their mean, an MLP 64-width-...-width-10 with `depth` hidden layers of tanh, cross-entropy, minibatches
of 32, plain SGD at a constant rate, 40 steps. A run has blown up where a minibatch loss passes twice the loss that the
512 images have at the start, or is no number. The largest rate is looked for by halving an interval on the log axis
seven times, which leaves a factor of 1.06. At width 32 both parametrisations are the same net.

limit: the largest rate that was seen to hold

Source: our own set-up, after Yang et al. 2022, arXiv:2203.03466.
"""

from functools import cache

import numpy as np

from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.models import mlp

BASE, STEPS, BATCH = 32, 40, 32
LOWEST, HIGHEST, HALVINGS = 0.02, 40.0, 7
AXES = {
    "parametrisation": ("standard", "scaled"),
    "width": (16, 32, 64, 128, 256),
    "depth": (1, 2, 3, 4, 5, 6),
    "seed": (0, 1, 2, 3, 4),
}
CHECKED = [
    {"parametrisation": "standard", "width": 16, "depth": 2, "seed": 0},
    {"parametrisation": "scaled", "width": 64, "depth": 3, "seed": 1},
]
TOLERANCE = 0.13  # two halvings: a run near its limit may differ from processor to processor


@cache
def pictures() -> tuple[np.ndarray, np.ndarray]:
    """512 images less their mean, and their labels."""
    inputs, labels = (part[:512] for part in digits().train)
    return inputs - inputs.mean(axis=0), labels


def net_of(parametrisation: str, width: int, depth: int):
    """The network of that width and depth, in one of the two parametrisations."""
    scaled = {"parametrization": "mup", "base_width": BASE} if parametrisation == "scaled" else {}
    return mlp((64, *[width] * depth, 10), "tanh", **scaled)


def holds(net, lr: float, seed: int) -> bool:
    """Whether a run at this rate stays below twice the loss of its start."""
    inputs, labels = pictures()
    start, data = net.init(seed), net.on(inputs, labels, batch_size=BATCH)
    rng, scale = np.random.default_rng(seed), net.lr_scale("sgd")
    run = descend(data, start, lr, steps=STEPS, lr_scale=scale, keep="last", rng=rng)
    return bool((run.loss <= 2 * net.evaluate(start, inputs, labels)["loss"]).all())


def cell(parametrisation: str, width: int, depth: int, seed: int) -> dict[str, float]:
    """The largest rate that holds, by halving."""
    net, low, high = net_of(parametrisation, width, depth), LOWEST, HIGHEST
    for _ in range(HALVINGS):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if holds(net, middle, seed) else (low, middle)
    return {"limit": low}
