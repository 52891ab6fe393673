"""Constant rates from .0001 to 8 in six settings: what a range test, or any other way to choose, should have found.

Training loss and validation error of a small net on the digits after 30, 100, 300 and 1,000 steps, for ten rates a
decade and five seeds. The first setting is plain SGD; each of the others changes one thing. Pixels have .3, which is
nearly their mean, taken away.

Set-up of the range test: Smith 2015, arXiv:1506.01186; it is quick, and so the page runs it itself.
"""

import numpy as np

from lrlab import descend
from lrlab.datasets import digits
from lrlab.models import mlp
from lrlab.optimizers import adam, sgd

AXES = {
    "setting": ("SGD", "momentum 0.9", "Adam", "batch of 4", "pixels from 0 to 16", "4 hidden layers"),
    "seed": (0, 1, 2, 3, 4),
    "decade": (-4, -3, -2, -1, 0),
}
RATES = np.array([10 ** (decade + k / 10) for decade in AXES["decade"] for k in range(10)])
STOPS = (30, 100, 300, 1000)  # after so many steps the net is looked at
CHECKED = [
    {"setting": "SGD", "seed": 0, "decade": -2},
    {"setting": "Adam", "seed": 1, "decade": -4},
    {"setting": "momentum 0.9", "seed": 4, "decade": -4},
]  # low rates alone: the last digits of a run that bounces differ from one processor to another
TOLERANCE = 1e-4


def problem(setting: str):
    """The net on its training data, its rule, and the validation data."""
    data = digits()
    inputs, validation = ((part.inputs - 0.3) for part in (data.train, data.validation))
    if setting == "pixels from 0 to 16":
        inputs, validation = 16 * data.train.inputs, 16 * data.validation.inputs
    net = mlp((64, *[64] * (4 if setting == "4 hidden layers" else 1), 10))
    rule = {"momentum 0.9": sgd(momentum=0.9), "Adam": adam()}.get(setting, sgd())
    on = net.on(inputs, data.train.targets, batch_size=4 if setting == "batch of 4" else 32)
    return on, rule, (validation, data.validation.targets)


def cell(setting: str, seed: int, decade: int) -> dict[str, np.ndarray]:
    """The ten rates of a decade: training loss (all images) and validation error, each (10, stops); NaN: diverged."""
    data, rule, validation = problem(setting)

    def look(t, params):
        if t in STOPS:
            right = data.model.evaluate(params, *validation)["accuracy"]
            return {"seen": np.stack([data.evaluate(params)["loss"], 1 - right])}

    rates = RATES.reshape(len(AXES["decade"]), 10)[AXES["decade"].index(decade)]
    rng = np.random.default_rng(seed)
    run = descend(
        data, data.model.init(seed), rates, optimizer=rule, steps=STOPS[-1], keep="last", monitor=look, rng=rng
    )
    loss, error = np.moveaxis([seen for _, seen in run.metrics["seen"]], 0, -1)
    return {"loss": loss, "error": error}
