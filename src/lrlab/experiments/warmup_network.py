"""A small network with and without warm-up, from its usual start and from one that is three times too wide.

An MLP 64-64-10 (ReLU) on the digits, minibatches of 32, SGD, 600 steps: the rate rises for `warmup` steps in a
straight line to `peak` and stays there. For two peaks of the wide start also what happens on the way: the loss, and
the sharpness on the first 300 training images.

error:     share of the 300 test images that are wrong at the end, 1 where the run diverged
loss:      mean minibatch loss over each window of 10 steps, (60,), NaN unless the run is `traced`
sharpness: at the steps AT, by Lanczos with 15 vectors (within some percent), NaN unless the run is `traced`

Source: our own set-up, after Gilmer et al. 2021, arXiv:2110.04369, and Kalra and Barkeshli 2024, arXiv:2406.09405.
"""

import numpy as np

from lrlab import descend, schedules
from lrlab.curvature import sharpness
from lrlab.datasets import digits
from lrlab.models import mlp

AXES = {
    "start": (1, 3),
    "peak": (0.1, 0.2, 0.4, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0, 2.5),
    "warmup": (0, 30, 100, 300),
    "seed": (0, 1, 2, 3, 4),
}
# at the edge of stability a run amplifies rounding: only low peaks are the same on every processor
CHECKED = [
    {"start": 3, "peak": 0.1, "warmup": 300, "seed": 0},
    {"start": 1, "peak": 0.1, "warmup": 30, "seed": 3},
]
TOLERANCE = 1e-4

STEPS = 600
AT = (0, 5, 10, 20, 30, 50, 80, 120, 170, 230, 300, 400, 500, 600)
IMAGES, NET = digits(), mlp((64, 64, 10))


def traced(start: int, peak: float) -> bool:
    """Whether the way is stored, not only the end."""
    return start == 3 and peak in (0.1, 1.6)


def cell(start: int, peak: float, warmup: int, seed: int) -> dict:
    """One training."""
    data, few = NET.on(*IMAGES.train, batch_size=32), NET.on(*(part[:300] for part in IMAGES.train))
    trace = traced(start, peak)
    run = descend(
        data,
        start * NET.init(seed),
        schedules.warmup(schedules.constant(peak), warmup),
        steps=STEPS,
        keep="all" if trace else "last",
        rng=np.random.default_rng(seed),
    )
    gone = not np.isfinite(run.final).all()
    found = {
        "error": 1.0 if gone else 1 - float(NET.evaluate(run.final, *IMAGES.test)["accuracy"]),
        "loss": np.full(STEPS // 10, np.nan),
        "sharpness": np.full(len(AT), np.nan),
    }
    if trace:
        found["loss"] = run.loss[:STEPS].reshape(-1, 10).mean(axis=1)
        found["sharpness"] = np.array([sharpness(few, run.params[t], vectors=15, tol=0.01).value for t in AT])
    return found
