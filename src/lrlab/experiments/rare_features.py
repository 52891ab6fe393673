"""Ten common features and 200 rare ones: what each rule has learnt after one pass, at each of 21 rates.

Linear regression, all true weights 1: ten features N(0, 9), 200 that are 1 with probability .005 and else 0, 4,000
examples, each seen once, alone (batch 1), label noise N(0, .01). A seed draws the examples.

excess: half the mean square by which the prediction misses, beyond the labels' own noise: sum of variance * miss**2 / 2
learnt: share of the rare weights learnt, their mean over the 200; NaN where the run diverged, as for excess

Source: our own; why rare features call for a rate each: Duchi, Hazan and Singer 2011, JMLR 12:2121-2159.
"""

import numpy as np

from lrlab import descend
from lrlab.arguments import Array
from lrlab.models import linear_regression
from lrlab.optimizers import adagrad, adam, sgd

RATES = np.logspace(-4, 1, 21)
RULES = {"SGD": sgd(), "momentum": sgd(0.9), "Adagrad": adagrad(), "Adam": adam()}
COMMON, RARE, CHANCE, EXAMPLES = 10, 200, 0.005, 4000
AXES = {"rule": tuple(RULES), "seed": (0, 1, 2, 3, 4)}
CHECKED = [{"rule": rule, "seed": seed} for seed, rule in enumerate(RULES)]
TOLERANCE = 1e-4


def cell(rule: str, seed: int) -> dict[str, Array]:
    """Excess loss and share learnt for each of `RATES`."""
    draw = np.random.default_rng(seed)
    inputs = np.hstack([3 * draw.standard_normal((EXAMPLES, COMMON)), draw.random((EXAMPLES, RARE)) < CHANCE])
    targets = inputs.sum(axis=1) + 0.1 * draw.standard_normal(EXAMPLES)
    net = linear_regression(COMMON + RARE)
    data = net.on(inputs, targets, batch_size=1)
    run = descend(data, net.init(0), RATES, optimizer=RULES[rule], steps=EXAMPLES, keep="last", rng=draw)
    weights = run.final[..., : COMMON + RARE]
    mean_square = np.r_[np.full(COMMON, 9.0), np.full(RARE, CHANCE)]
    return {
        "excess": np.sum(mean_square * (weights - 1) ** 2, axis=-1) / 2,
        "learnt": weights[..., COMMON:].mean(axis=-1),
    }
