"""Batch size against learning rate on the digits network: where the best rate goes, and how many steps are needed.

1,024 digits, an MLP 64-32-10, a constant rate. Every batch size sees 8,192 examples (8 epochs), so a batch of B makes
8,192 / B steps; the loss then is that of all 1,024 images. Large batches go on to 200 steps, to count the steps to a
loss of 0.5.

Source: the linear rule, Goyal et al. 2017, arXiv:1706.02677; steps against batch size, McCandlish et al. 2018,
arXiv:1812.06162, and Shallue et al. 2019, arXiv:1811.03600.
"""

import numpy as np

from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.models import mlp
from lrlab.optimizers import adam, sgd

EXAMPLES, TARGET, LEAST = 8192, 0.5, 200
RULES = {"SGD": (sgd, np.geomspace(0.002, 5.6, 24)), "Adam": (adam, np.geomspace(0.0002, 0.56, 24))}
AXES = {"rule": tuple(RULES), "batch": (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024), "seed": (0, 1, 2, 3, 4)}
CHECKED = [{"rule": "SGD", "batch": 64, "seed": 0}, {"rule": "Adam", "batch": 256, "seed": 1}]
TOLERANCE = 1e-3  # a bouncing run may differ from processor to processor; see `cell`


def cell(rule: str, batch: int, seed: int) -> dict[str, np.ndarray]:
    """loss: of all images after 8,192 examples, capped at 10, one a rate; steps: to a loss of 0.5, 0 where never."""
    make, rates = RULES[rule]
    inputs, labels = (part[:1024] for part in digits().train)
    net = mlp((64, 32, 10))
    data = net.on(inputs, labels, batch_size=batch)
    wanted, every = EXAMPLES // batch, max(64 // batch, 1)

    def watch(t, params):
        return {"loss": data.evaluate(params)["loss"]} if t % every == 0 or t == wanted else None

    steps, rng = max(wanted, LEAST), np.random.default_rng(seed)
    run = descend(data, net.init(seed), rates, optimizer=make(), steps=steps, keep="last", rng=rng, monitor=watch)
    seen = np.array([t for t, _ in run.metrics["loss"]])
    loss = np.array([value for _, value in run.metrics["loss"]])
    met = loss <= TARGET  # NaN is never
    first = np.where(met.any(axis=0), seen[met.argmax(axis=0)], 0)
    return {"loss": np.minimum(np.nan_to_num(loss[seen == wanted][0], nan=10.0), 10.0), "steps": first}
