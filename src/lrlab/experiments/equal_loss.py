"""Four rates of SGD, each tested at the step where its training loss first comes down to .05.

A net with 128 hidden units on 300 digits, of whose labels a fifth is drawn anew, so that about 18 % are wrong, in
minibatches of 16. Within a trial all rates have the same images, labels, start and minibatches. The other 1,497 images,
with their true labels, are the test. The loss is looked at after each epoch.

Uses: whether a high rate overfits, if runs are compared at equal progress and not after equal time.
Source: our own, made to take apart the claim that too high a rate overfits.
"""

import numpy as np

from lrlab import descend
from lrlab.datasets import digits
from lrlab.models import mlp

EPOCHS = {0.03: 900, 0.1: 400, 0.3: 200, 1.0: 200}  # more than any of the runs needs
AXES = {"rate": tuple(EPOCHS), "seed": tuple(range(10))}
LEVEL = 0.05
CHECKED = [{"rate": 0.3, "seed": 0}]
TOLERANCE = 0.02  # an image more or less that is right, on another processor, is 1 in 1,250


def cell(rate: float, seed: int) -> dict[str, float]:
    """Where the training loss first meets the level: test accuracy, epochs, share of wrong labels learnt."""
    images, net, draw = digits(), mlp((64, 128, 10)), np.random.default_rng(seed)
    inputs, labels = (np.concatenate(both) for both in zip(images.train, images.validation, images.test, strict=True))
    order = draw.permutation(len(labels))
    mine, others = order[:300], order[300:]
    noisy = np.where(draw.random(300) < 0.2, draw.integers(10, size=300), labels[mine])
    data = net.on(inputs[mine], noisy, batch_size=16)
    found: dict[str, float] = {}

    def look(t, params):
        if found or t % data.steps_per_epoch or not data.evaluate(params)["loss"] <= LEVEL:
            return
        wrong = noisy != labels[mine]
        found["accuracy"] = float(net.evaluate(params, inputs[others], labels[others])["accuracy"])
        found["by_heart"] = float(net.evaluate(params, inputs[mine][wrong], noisy[wrong])["accuracy"])
        found["epochs"] = t // data.steps_per_epoch

    steps = EPOCHS[rate] * data.steps_per_epoch
    descend(data, net.init(seed), rate, steps=steps, keep="last", monitor=look, rng=draw)
    return found
