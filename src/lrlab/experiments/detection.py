"""A small detector trained with the recipe of YOLO's training settings, at eight rates, with and without its warm-up.

3,000 scenes of training digits, 300 scenes of validation digits and 300 of test digits: see `lrlab.datasets.scenes`. A
network that looks at 3 x 3 windows, 64 hidden units; minibatches of 32, 16 epochs. A seed draws the first weights and
the order of the scenes; the scenes are the same for all.

The recipe, with lr the peak rate (Ultralytics' default is 0.01): the rate falls epoch by epoch in a straight line from
lr to 0.01 lr; momentum 0.937; weight decay 0.0005 on the weights, not the biases. For the first 3 epochs, step by step:
weights from 0 up to the line, biases from 10 lr (0.1 at the default) down to it, momentum from 0.8 up.

recipe: as above. no warm-up: from the first step on as after the warm-up. plain warm-up: biases rise as the weights do.

A cell is the mean average precision at IoU 0.5 on the validation and the test scenes, the loss on the validation
scenes, and the mean minibatch loss over each tenth of an epoch of the first three, (30,); precision 0 and NaN where the
run diverged. For seed 0 and the recipe also what the network says of the first SHOWN test scenes after the epochs
EPOCHS: (epochs, SHOWN, 9, 4), top, left, label and score of each cell; NaN for the others.

Source: Jocher and others, https://docs.ultralytics.com/usage/cfg/, and their trainer; the scaling to our problem is our
own.
"""

from functools import cache

import numpy as np

from lrlab.arguments import Array
from lrlab.datasets import digits
from lrlab.datasets.scenes import Scenes, scenes
from lrlab.descent import descend
from lrlab.models.detector import Detections, decode, detector, mean_average_precision
from lrlab.optimizers import Optimizer, sgd

AXES = {
    "variant": ("recipe", "no warm-up", "plain warm-up"),
    "rate": (0.001, 0.004, 0.01, 0.02, 0.04, 0.08, 0.16, 0.4),
    "seed": (0, 1, 2, 3, 4),
}
CHECKED = [{"variant": "recipe", "rate": 0.001, "seed": 1}]
TOLERANCE = 1e-3

TRAIN, BATCH, WARMUP, LAST = 3000, 32, 3, 0.01
MOMENTUM, WARMUP_MOMENTUM, HOT = 0.937, 0.8, 10.0
EPOCHS, SHOWN = (0, 1, 3, 6, 10, 16), 4
NET = detector(hidden=(64,))
STEPS_PER_EPOCH = -(-TRAIN // BATCH)


@cache
def made(part: str) -> Scenes:
    """The scenes of a part; each part has digits and a seed of its own."""
    count, seed = {"train": (TRAIN, 0), "validation": (300, 1), "test": (300, 2)}[part]
    return scenes(getattr(digits(), part), count, seed)


def line(epoch: Array, epochs: int = EPOCHS[-1]) -> Array:
    """The rate of an epoch as a share of the peak: from 1 in a straight line towards 0.01."""
    return 1 - (1 - LAST) * np.asarray(epoch) / epochs


def momentum(variant: str, t: int) -> float:
    """The momentum of step t."""
    if variant == "no warm-up":
        return MOMENTUM
    return float(np.interp(t, [0, WARMUP * STEPS_PER_EPOCH], [WARMUP_MOMENTUM, MOMENTUM]))


def shares(variant: str, t: int) -> tuple[float, float]:
    """The rates of the weights and of the biases at step t, as shares of the peak."""
    on_line, warm = float(line(t // STEPS_PER_EPOCH)), WARMUP * STEPS_PER_EPOCH
    if variant == "no warm-up" or t >= warm:
        return on_line, on_line
    bias_start = HOT if variant == "recipe" else 0.0
    return float(np.interp(t, [0, warm], [0.0, on_line])), float(np.interp(t, [0, warm], [bias_start, on_line]))


def recipe(variant: str, weights: Array) -> Optimizer:
    """SGD whose weights and biases go at shares of the rate that the warm-up sets.

    weights: (D,), 1 where a parameter is a weight and 0 where it is a bias
    """
    rule = sgd(momentum=lambda t: momentum(variant, t))

    def direction(grad, params, state, t, lr):
        step, state = rule.direction(grad, params, state, t, lr)
        weight, bias = shares(variant, t)
        return step * (weight * weights + bias * (1 - weights)), state

    return Optimizer("yolo " + variant, rule.init, direction)


def guessed(params: Array, part: str, count: int | None = None) -> Detections:
    """What the network finds in the scenes of a part."""
    return decode(NET.predict(params, made(part).inputs[:count]))


def precision(params: Array, part: str) -> float:
    """mAP at IoU 0.5; 0 where the run has diverged."""
    if not np.isfinite(params).all():
        return 0.0
    return mean_average_precision(guessed(params, part), made(part).boxes, made(part).labels)


def cell(variant: str, rate: float, seed: int) -> dict:
    """One training."""
    train, shown = made("train"), np.full((len(EPOCHS), SHOWN, 9, 4), np.nan)
    watched = variant == "recipe" and seed == 0

    def look(t, params):
        epoch, rest = divmod(t, STEPS_PER_EPOCH)
        if watched and rest == 0 and epoch in EPOCHS and np.isfinite(params).all():
            found = guessed(params, "test", SHOWN)
            shown[EPOCHS.index(epoch)] = np.concatenate(
                [found.boxes[..., :2], found.labels[..., None], found.scores[..., None]], axis=-1
            )

    run = descend(
        NET.on(train.inputs, train.targets, batch_size=BATCH, weight_decay=0.0005),
        NET.init(seed),
        rate,
        optimizer=recipe(variant, NET.weights),
        steps=EPOCHS[-1] * STEPS_PER_EPOCH,
        monitor=look,
        keep="last",
        rng=np.random.default_rng(seed),
    )
    early = run.loss[: WARMUP * STEPS_PER_EPOCH]
    validation = made("validation")
    return {
        "validation_map": precision(run.final, "validation"),
        "test_map": precision(run.final, "test"),
        "validation_loss": NET.evaluate(run.final, validation.inputs, validation.targets)["loss"],
        "early": np.array([part.mean() for part in np.array_split(early, 10 * WARMUP)]),
        "shown": shown,
    }
