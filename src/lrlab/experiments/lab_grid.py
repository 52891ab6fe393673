"""The lab's runs: two data sets, three models, three optimizers, four schedules, eleven rates.

Minibatches of 32, 240 steps. Digits: 1,197 images to train on, 300 to choose on, 300 for the test. Moons: 400 points
to train on, 300 to choose on, 300 for the test. A problem is a data set with a model.

train:      seed 0 only: mean minibatch loss over each window of 12 steps, (rates, 20), capped at 100, else NaN
validation: seed 0 only: loss on the validation set after each window, (rates, 20), capped at 100, else NaN
chosen_on:  validation accuracy at the end, one a rate, 0 where the run diverged
test:       test accuracy at the end, one a rate, 0 where the run diverged

Source: our own set-up.
"""

from functools import cache

import numpy as np

from lrlab import schedules
from lrlab.arguments import Array
from lrlab.datasets import Part, digits
from lrlab.descent import descend
from lrlab.models import convnet, mlp, softmax
from lrlab.optimizers import adam, sgd

STEPS, BATCH, EVERY = 240, 32, 12
RATES = np.geomspace(1e-4, 10.0, 11)  # two a power of ten
PROBLEMS = {
    "digits, softmax": softmax(64, 10),
    "digits, MLP": mlp((64, 32, 10)),
    "digits, convnet": convnet((8, 8), channels=(4,)),
    "moons, softmax": softmax(2, 2),
    "moons, MLP": mlp((2, 16, 16, 2)),
}
OPTIMIZERS = {"SGD": sgd(), "momentum": sgd(momentum=0.9), "Adam": adam()}
SCHEDULES = {
    "constant": schedules.constant,
    "cosine": lambda lr: schedules.cosine(lr, STEPS),
    "warm-up, cosine": lambda lr: schedules.warmup(schedules.cosine(lr, STEPS - 24), 24),
    "steps": lambda lr: schedules.multi_step(lr, [STEPS // 2, 3 * STEPS // 4]),
}
AXES = {
    "problem": tuple(PROBLEMS),
    "optimizer": tuple(OPTIMIZERS),
    "schedule": tuple(SCHEDULES),
    "seed": (0, 1, 2, 3, 4),
}
CHECKED = [
    {"problem": "digits, softmax", "optimizer": "SGD", "schedule": "steps", "seed": 0},
    {"problem": "moons, softmax", "optimizer": "Adam", "schedule": "warm-up, cosine", "seed": 0},
    {"problem": "moons, MLP", "optimizer": "SGD", "schedule": "warm-up, cosine", "seed": 0},
]
TOLERANCE = 1e-2  # stored losses have three digits


def moons(seed: int = 0, noise: float = 0.2) -> dict[str, Part]:
    """Two half circles of points, one the other way up beside the first: which of them does a point belong to?

    (cos a, sin a) for label 0 and (1 - cos a, 1/2 - sin a) for label 1, a uniform on [0, pi], plus N(0, noise**2).

    seed:  of the numpy.random.Generator that draws the points
    noise: >= 0, its standard deviation

    Returns the parts "train" (400 points), "validation" (300) and "test" (300): inputs (n, 2), labels 0 and 1, half of
    each. Source: the data set of that name in scikit-learn, drawn anew.

    >>> {name: part.inputs.shape for name, part in moons().items()}
    {'train': (400, 2), 'validation': (300, 2), 'test': (300, 2)}
    """
    rng, parts = np.random.default_rng(seed), {}
    for name, count in (("train", 400), ("validation", 300), ("test", 300)):
        labels = np.arange(count) % 2
        angle = rng.uniform(0, np.pi, count)
        points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points = np.where(labels[:, None] == 1, [1.0, 0.5] - points, points)
        parts[name] = Part(points + noise * rng.standard_normal((count, 2)), labels)
    return parts


@cache
def data_of(problem: str) -> dict[str, Part]:
    """The three parts of a problem's data, by name."""
    if problem.startswith("moons"):
        return moons()
    images = digits()
    return {"train": images.train, "validation": images.validation, "test": images.test}


def train(problem: str, optimizer: str, schedule: str, rates, seed: int, watch: bool = True):
    """One run a rate: the trajectory, and with `watch` the validation loss after each window (20, rates)."""
    model, parts, seen = PROBLEMS[problem], data_of(problem), []

    def look(t: int, params: Array) -> None:
        if t and t % EVERY == 0:
            seen.append(model.evaluate(params, *parts["validation"])["loss"])

    run = descend(
        model.on(*parts["train"], batch_size=BATCH),
        model.init(seed),
        SCHEDULES[schedule](np.asarray(rates, dtype=float)),
        optimizer=OPTIMIZERS[optimizer],
        steps=STEPS,
        keep="last",
        monitor=look if watch else None,
        rng=np.random.default_rng(seed),
    )
    return run, np.array(seen)


def windows(losses: Array) -> Array:
    """Losses (T + 1, rates) as means over windows of EVERY steps, (rates, T / EVERY)."""
    return losses[:STEPS].reshape(STEPS // EVERY, EVERY, -1).mean(axis=1).T


def cell(problem: str, optimizer: str, schedule: str, seed: int) -> dict[str, np.ndarray]:
    """All rates at once, along the batch axis."""
    model, parts, first = PROBLEMS[problem], data_of(problem), seed == 0
    run, seen = train(problem, optimizer, schedule, RATES, seed, watch=first)
    blank = np.full((len(RATES), STEPS // EVERY), np.nan)

    def capped(curves: Array) -> Array:
        return np.round(np.minimum(curves, 100.0), 3)

    def accuracy(part: Part) -> Array:
        return np.round(np.nan_to_num(model.evaluate(run.final, *part)["accuracy"]), 4)

    return {
        "train": capped(windows(run.loss)) if first else blank,
        "validation": capped(seen.T) if first else blank,
        "chosen_on": accuracy(parts["validation"]),
        "test": accuracy(parts["test"]),
    }
