"""Weight decay in Adam and in AdamW, over a map of rate and decay, where wrong labels can be learnt by heart.

An MLP 64-32-10 on 200 digits whose labels are drawn anew with probability .2, minibatches of 20, 2,000 steps at a
constant rate. A seed draws the images, the wrong labels, the start and the order. "AdamW" subtracts lr * decay * weight
in each step; "Adam + L2" adds decay * weight to the gradient, which Adam then divides by its size. Biases decay too, as
in PyTorch.

accuracy: share of the other 1,597 images told rightly at the end
loss:     over the 200 images with their wrong labels; log 10 where the run diverged

Source: Loshchilov and Hutter 2019, arXiv:1711.05101, their figures 1 and 2, of which this is a small likeness.
"""

import numpy as np

from lrlab import descend
from lrlab.arguments import Array
from lrlab.datasets import digits
from lrlab.models import mlp
from lrlab.optimizers import adam, adamw

RATES = np.logspace(-4, -1, 10)
IMAGES, BATCH, STEPS, WRONG = 200, 20, 2000, 0.2
RULES = {"AdamW": adamw, "Adam + L2": adam}
AXES = {
    "rule": tuple(RULES),
    "decay": (0.0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0),
    "seed": (0, 1, 2, 3, 4),
}
# with so much decay rounding does not grow; with less of it, or with L2, the runs at the highest rates are chaotic
CHECKED = [{"rule": "AdamW", "decay": 1.0, "seed": 0}, {"rule": "AdamW", "decay": 3.0, "seed": 2}]
TOLERANCE = 0.005  # an image or two may be told otherwise by another processor


def cell(rule: str, decay: float, seed: int) -> dict[str, Array]:
    """Test accuracy and training loss for each of `RATES`."""
    images, net, draw = digits(), mlp((64, 32, 10)), np.random.default_rng(seed)
    inputs, labels = (np.concatenate(both) for both in zip(images.train, images.validation, images.test, strict=True))
    order = draw.permutation(len(labels))
    mine, others = order[:IMAGES], order[IMAGES:]
    noisy = np.where(draw.random(IMAGES) < WRONG, draw.integers(10, size=IMAGES), labels[mine])
    data = net.on(inputs[mine], noisy, batch_size=BATCH)
    method = RULES[rule](weight_decay=decay)
    run = descend(data, net.init(seed), RATES, optimizer=method, steps=STEPS, keep="last", rng=draw)
    lost = np.isnan(run.final).any(axis=-1)
    final = np.nan_to_num(run.final)
    accuracy = net.evaluate(final, inputs[others], labels[others])["accuracy"]
    return {"accuracy": np.where(lost, 0.1, accuracy), "loss": np.where(lost, np.log(10), data.evaluate(final)["loss"])}
