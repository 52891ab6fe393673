"""The same eleven schedules on a small network, each at eight peaks: errors after 1,000 minibatches of digits.

Set-up: a network 64-64-10 on 1,197 training digits, SGD, minibatches of 32, 1,000 steps (26 epochs). A seed draws
which images are for training, validation and test, the first weights, and the order of the images; all schedules of a
seed share all of them. A cell is the loss on the 300 validation images, on which a page chooses a peak, and the share
of the 300 test images that is read wrongly, for each peak; NaN where the run diverged.

Source: our own experiment; the schedules are those of `eleven_schedules`.
"""

import numpy as np

from lrlab.arguments import Array
from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.experiments.eleven_schedules import SHAPES
from lrlab.models import mlp

STEPS = 1000
PEAKS = 0.2 * 2.0 ** (np.arange(8) / 2)

AXES = {"schedule": tuple(SHAPES), "seed": tuple(range(10))}
CHECKED = [{"schedule": "inverse square root", "seed": 1}]
TOLERANCE = 1e-4


def cell(schedule: str, seed: int) -> dict[str, Array]:
    """Validation loss and test error of the last parameters, (8,) each."""
    data, net = digits(seed), mlp((64, 64, 10))
    rates = SHAPES[schedule](PEAKS, STEPS)
    rng = np.random.default_rng(seed)
    run = descend(net.on(*data.train, batch_size=32), net.init(seed), rates, steps=STEPS, keep="last", rng=rng)
    test = 1 - net.evaluate(run.final, *data.test)["accuracy"]
    return {"validation_loss": net.evaluate(run.final, *data.validation)["loss"], "test_error": test}
