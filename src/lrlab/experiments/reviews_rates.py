"""Is a review sentence positive? Two models, four rules, 25 rates each, five orders of the minibatches.

The split is the data set's own, the same for all. Minibatches of 32, 600 steps (some ten epochs), looked at every 5
steps. The bag of words is a logistic regression from zeros, the embedding bag has 8 numbers a word; a seed draws its
start and the order of the sentences.

lowest:   the lowest validation loss, NaN where nothing finite was seen
at:       the step at which it stood
steps:    the first step with a validation loss of `GOAL` or less, 605 for never
loss:     the test loss at that step `at`
accuracy: the test accuracy there

Source: our own; why rare words call for a rate each: Duchi, Hazan and Singer 2011, JMLR 12:2121-2159.
"""

import numpy as np

from lrlab import descend, steps_to
from lrlab.arguments import Array
from lrlab.datasets import reviews
from lrlab.models import embedding_bag, logistic_regression
from lrlab.optimizers import adagrad, adam, sgd

RATES = np.logspace(-4, 2, 25)
RULES = {"SGD": sgd(), "momentum": sgd(0.9), "Adagrad": adagrad(), "Adam": adam()}
GOAL = {"bag of words": 0.46, "embedding bag": 0.55}
STEPS, EVERY, BATCH, DIM = 600, 5, 32, 8
AXES = {"model": tuple(GOAL), "rule": tuple(RULES), "seed": (0, 1, 2, 3, 4)}
CHECKED = [{"model": "bag of words", "rule": "SGD", "seed": 0}, {"model": "bag of words", "rule": "Adam", "seed": 1}]
TOLERANCE = 1e-4


def cell(model: str, rule: str, seed: int) -> dict[str, Array]:
    """What each of `RATES` reached."""
    data = reviews()
    if model == "bag of words":
        net = logistic_regression(len(data.words))
        parts = {name: (data.bags(part.inputs), part.targets) for name, part in named(data)}
    else:
        net, parts = embedding_bag(len(data.words), DIM), dict(named(data))

    def look(t, params):
        if t % EVERY == 0:
            return {name: net.evaluate(params, *parts[name]) for name in ("validation", "test")}

    run = descend(
        net.on(*parts["train"], batch_size=BATCH),
        net.init(seed),
        RATES,
        optimizer=RULES[rule],
        steps=STEPS,
        monitor=look,
        keep="last",
        rng=np.random.default_rng(seed),
    )
    seen = {name: [value for _, value in run.metrics[name]] for name in ("validation", "test")}
    watched, loss, accuracy = (
        np.array([look[key] for look in seen[name]])
        for name, key in (("validation", "loss"), ("test", "loss"), ("test", "accuracy"))
    )
    best = np.where(np.isfinite(watched), watched, np.inf).argmin(axis=0)
    at = best, np.arange(len(RATES))
    return {
        "lowest": watched[at],
        "at": EVERY * best,
        "steps": EVERY * steps_to(watched, GOAL[model]),
        "loss": loss[at],
        "accuracy": accuracy[at],
    }


def named(data) -> list:
    """The three parts with their names."""
    return [(name, getattr(data, name)) for name in ("train", "validation", "test")]
