"""The same outlines judged twice: by a net that has seen other outlines of these patients, and by one that has not.

One outline is held out of each nodule of a test patient that has more; 32 hidden units, minibatches of 20, 1,800 steps,
1,200 outlines to train on. "apart": all from patients for training. "mixed": first the other outlines of the test
patients, then those as before. The labels are the readers' opinions, or a coin that is thrown once for each patient:
nothing in an outline tells a new patient's coin, so that an honest AUC is 1/2.

Uses: what a split by outline, in place of one by patient, adds to a score, and that a rate can be chosen for it.
Source: LIDC-IDRI, Armato et al. 2011, doi:10.1118/1.3528204; the set-up is ours.
"""

import numpy as np

from lrlab import descend
from lrlab.datasets import nodules
from lrlab.models import mlp
from lrlab.models.scores import auc

AXES = {"labels": ("opinion", "coin"), "split": ("apart", "mixed"), "seed": tuple(range(10))}
RATES = np.array([0.003, 0.01, 0.03, 0.1, 0.3])
SIZE, STEPS = 1200, 1800
CHECKED = [{"labels": "coin", "split": "mixed", "seed": 0}]
TOLERANCE = 0.03


def cell(labels: str, split: str, seed: int) -> dict[str, np.ndarray]:
    """AUC on the outlines that were held out, (rates,)."""
    data, rng = nodules(), np.random.default_rng(seed)
    order = rng.permutation(len(data.test.targets))
    numbers = data.numbers[data.rows["test"]][order]
    _, first, count = np.unique(numbers, return_index=True, return_counts=True)
    held = order[first[count > 1]]
    others = np.setdiff1d(order, held)
    pool = rng.permutation(len(data.train.targets))
    from_test = others if split == "mixed" else others[:0]
    inputs = np.concatenate([data.test.inputs[from_test], data.train.inputs[pool[: SIZE - len(from_test)]]])
    coin = rng.integers(2, size=data.patients.max() + 1)

    def answers(part, rows):
        return coin[data.patients[data.rows[part][rows]]] if labels == "coin" else getattr(data, part).targets[rows]

    targets = np.concatenate([answers("test", from_test), answers("train", pool[: SIZE - len(from_test)])])
    net, middle = mlp((inputs.shape[1], 32, 2)), inputs.mean()
    on = net.on(inputs - middle, targets, batch_size=20)
    run = descend(on, net.init(seed), RATES, steps=STEPS, keep="last", rng=rng)
    outputs = net.predict(run.final, data.test.inputs[held] - middle)
    return {"auc": auc(outputs[..., 1] - outputs[..., 0], answers("test", held))}
