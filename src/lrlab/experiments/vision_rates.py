"""Three networks on images of digits against the rate; and one of them with schedules and with shifted images.

The split is that of digits(0): 1,197 images for training, 300 to choose a rate on, 300 to report. SGD, minibatches of
32, 760 steps (20 epochs of the images as they are). A seed draws the first weights and the order of the images.

softmax: 64-10. mlp: 64-32-10. convnet: 8 and 16 filters of 3 x 3.
mlp, cosine: the rate falls to 0 along half a cosine. mlp, step: a tenth from step 380 on, a hundredth from 570 on.
mlp, shifted: the training images are 9 times as many, each also moved by a pixel in 8 directions (zeros come in).
mlp, shifted, long: the same for 3,040 steps. mlp, long: the images as they are for 3,040 steps.

A cell is the loss and accuracy on the validation and on the test images, and the accuracy on the test images moved by
a pixel in 8 directions; NaN where the run diverged.

Source: our own experiment.
"""

from functools import cache

import numpy as np

from lrlab.arguments import Array
from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.models import convnet, mlp, softmax
from lrlab.schedules import constant, cosine, multi_step

NETS = {"softmax": softmax(64, 10), "mlp": mlp((64, 32, 10)), "convnet": convnet((8, 8), (8, 16))}
STEPS = 760
AXES = {
    "setting": (*NETS, "mlp, cosine", "mlp, step", "mlp, shifted", "mlp, long", "mlp, shifted, long"),
    "rate": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    "seed": (0, 1, 2, 3, 4),
}
CHECKED = [
    {"setting": "softmax", "rate": 0.1, "seed": 0},
    {"setting": "mlp", "rate": 0.03, "seed": 1},
    {"setting": "mlp, cosine", "rate": 0.1, "seed": 2},
    {"setting": "mlp, shifted", "rate": 0.03, "seed": 3},
]
TOLERANCE = 1e-4
AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)]


def shifted(images: Array, down: int, right: int) -> Array:
    """Images (n, 64) moved by whole pixels; zeros come in at the border."""
    wide = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return wide[:, 1 - down : 9 - down, 1 - right : 9 - right].reshape(len(images), -1)


def moved(part) -> tuple[Array, Array]:
    """All images of a part, moved by a pixel in 8 directions, with their labels."""
    return np.concatenate([shifted(part.inputs, *by) for by in AROUND]), np.tile(part.targets, len(AROUND))


@cache
def data(setting: str, rate: float):
    """Network, objective and schedule of a setting."""
    name, *extras = setting.split(", ")
    steps = 4 * STEPS if "long" in extras else STEPS
    net, (inputs, targets) = NETS[name], digits().train
    if "shifted" in extras:
        more, labels = moved(digits().train)
        inputs, targets = np.concatenate([inputs, more]), np.concatenate([targets, labels])
    if "cosine" in extras:
        schedule = cosine(rate, T_max=steps)
    elif "step" in extras:
        schedule = multi_step(rate, milestones=[steps // 2, 3 * steps // 4], gamma=0.1)
    else:
        schedule = constant(rate)
    return net, net.on(inputs, targets, batch_size=32), schedule, steps


def cell(setting: str, rate: float, seed: int) -> dict:
    """One training."""
    net, objective, schedule, steps = data(setting, rate)
    rng, start = np.random.default_rng(seed), net.init(seed)
    end = descend(objective, start, schedule, steps=steps, keep="last", rng=rng).final
    validation, test = (net.evaluate(end, *part) for part in (digits().validation, digits().test))
    return {
        "validation_loss": validation["loss"],
        "validation_accuracy": validation["accuracy"],
        "test_loss": test["loss"],
        "test_accuracy": test["accuracy"],
        "moved_accuracy": net.evaluate(end, *moved(digits().test))["accuracy"],
    }
