"""Eight rates on few and unbalanced outlines of lung nodules: what AUC says, and what the sensitivity does meanwhile.

A net with 16 hidden units, minibatches of 20, 550 steps, looked at every 11 steps, which is an epoch of the smaller
training set: 20 malignant outlines and 200 benign ones (or 140 and 1,400), drawn by the seed from the patients for
training. Validation and test are other patients, always the same. The loss counts the two kinds as in the training
set, ten benign to one malignant. The second threshold is set at each look, on validation, to a sensitivity of .9.

Uses: the table, the curves and the first demo of the page on medical images.
Source: LIDC-IDRI, Armato et al. 2011, doi:10.1118/1.3528204; the set-up is ours.
"""

import numpy as np

from lrlab import descend
from lrlab.datasets import nodules
from lrlab.models import mlp
from lrlab.models.scores import auc, rates_at, threshold_for

AXES = {"cases": (20, 140), "seed": tuple(range(10)), "half": ("low", "high")}
RATES = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
STEPS, EVERY = 550, 11
CHECKED = [{"cases": 20, "seed": 0, "half": "low"}]  # a high rate takes a rounding error far
TOLERANCE = 0.02  # an outline more or less, on another processor, is 1 in 297


def drawn(data, cases: int, seed: int) -> np.ndarray:
    """Places in data.train of so many malignant outlines and ten times as many benign ones."""
    rng = np.random.default_rng(seed)
    kinds = (rng.permutation(np.flatnonzero(data.train.targets == kind)) for kind in (0, 1))
    return np.concatenate([rows[:count] for rows, count in zip(kinds, (10 * cases, cases), strict=True)])


def trained(data, cases: int, seed: int, rates=RATES, steps: int = STEPS, look=None):
    """The run, and scores: inputs -> log odds of malignant (rates, n) at given parameters; look(params, scores)."""
    rows = drawn(data, cases, seed)
    inputs, targets = data.train.inputs[rows], data.train.targets[rows]
    net, middle = mlp((inputs.shape[1], 16, 2)), inputs.mean()

    def scores(params, part):
        outputs = net.predict(params, part.inputs - middle)
        return outputs[..., 1] - outputs[..., 0]

    def watch(t, params):
        return look(params, scores) if look and t % EVERY == 0 else None

    on, rng = net.on(inputs - middle, targets, batch_size=20), np.random.default_rng(seed)
    run = descend(on, net.init(seed), rates, steps=steps, keep="last", rng=rng, monitor=watch)
    return run, scores


def loss_of(scores, labels) -> np.ndarray:
    """The mean cross-entropy (*B,) if ten of eleven were benign."""
    each = np.logaddexp(0, np.where(labels == 1, -scores, scores))
    return (10 * each[..., labels == 0].mean(axis=-1) + each[..., labels == 1].mean(axis=-1)) / 11


def judged(params, scores, data) -> dict[str, np.ndarray]:
    """What is seen at one look, (rates,) each."""
    (seen, labels), (new, truth) = ((scores(params, part), part.targets) for part in (data.validation, data.test))
    cut = threshold_for(seen, labels, 0.9)
    found = {"loss": loss_of(seen, labels), "auc": auc(seen, labels), "test_auc": auc(new, truth)}
    found["sensitivity"], found["specificity"] = rates_at(seen, labels)
    found["test_sensitivity"], found["test_specificity"] = rates_at(new, truth)
    found["test_sensitivity_set"], found["test_specificity_set"] = rates_at(new, truth, cut)
    found["test_loss"] = loss_of(new, truth)
    return found


def cell(cases: int, seed: int, half: str) -> dict[str, np.ndarray]:
    """Every score of `judged`, (looks, rates of this half)."""
    data, rates = nodules(), RATES.reshape(2, -1)[AXES["half"].index(half)]
    run, _ = trained(data, cases, seed, rates, look=lambda params, scores: judged(params, scores, data))
    return {name: np.array([value for _, value in seen]).round(3) for name, seen in run.metrics.items()}


def by_rate(values: np.ndarray) -> np.ndarray:
    """(cases, seeds, halves, looks, rates), as stored, with all rates side by side: (cases, seeds, looks, rates)."""
    side = np.moveaxis(values, 2, -2)
    return side.reshape(*side.shape[:-2], -1)
