"""Width against learning rate: the best rate in the standard and in the width-scaled parametrisation (muP).

512 digits less their mean, an MLP 64-width-10 with tanh, half squared error to one-hot targets, minibatches of 32, 128
steps (8 epochs) at a constant rate; the loss is that of all 512 images at the end. At width 32 both parametrisations
are the same net.

Source: Yang et al. 2022, arXiv:2203.03466.
"""

import numpy as np

from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.models import mlp, one_hot
from lrlab.optimizers import adam, sgd

BASE, STEPS = 32, 128
RULES = {"SGD": (sgd, np.geomspace(0.01, 4.0, 18)), "Adam": (adam, np.geomspace(0.0003, 1.0, 18))}
AXES = {
    "rule": tuple(RULES),
    "parametrisation": ("standard", "scaled"),
    "width": (32, 64, 128, 256, 512),
    "seed": (0, 1, 2, 3, 4),
}
CHECKED = [
    {"rule": "SGD", "parametrisation": "standard", "width": 64, "seed": 0},
    {"rule": "SGD", "parametrisation": "scaled", "width": 128, "seed": 1},
    {"rule": "Adam", "parametrisation": "scaled", "width": 64, "seed": 2},
]
TOLERANCE = 1e-3  # a run near its limit may differ from processor to processor


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """512 images less their mean, and their labels."""
    inputs, labels = (part[:512] for part in digits().train)
    return inputs - inputs.mean(axis=0), labels


def net_of(parametrisation: str, width: int):
    """The network of that width, in one of the two parametrisations."""
    scaled = {"parametrization": "mup", "base_width": BASE} if parametrisation == "scaled" else {}
    return mlp((64, width, 10), "tanh", "half_squared_error", **scaled)


def cell(rule: str, parametrisation: str, width: int, seed: int) -> dict[str, np.ndarray]:
    """loss: after the last step, capped at 10, one a rate."""
    make, rates = RULES[rule]
    inputs, labels = pictures()
    net, targets = net_of(parametrisation, width), one_hot(labels, 10)
    scale, rng = net.lr_scale(rule.lower()), np.random.default_rng(seed)
    options = {"optimizer": make(), "steps": STEPS, "lr_scale": scale, "keep": "last", "rng": rng}
    run = descend(net.on(inputs, targets, batch_size=32), net.init(seed), rates, **options)
    loss = net.evaluate(run.final, inputs, targets)["loss"]
    return {"loss": np.minimum(np.nan_to_num(loss, nan=10.0), 10.0)}
