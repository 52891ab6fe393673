"""What a method gives if nobody tunes it, and what it gives over nine decades of its number.

Two problems: softmax regression and an MLP 64-32-10, each on the first 1,000 training digits, minibatches of 32, 1,500
steps at a constant rate (where the name says cosine, a fall to 0). A seed sets the start and the order of the images.
Each method has one number that its user may set; it runs through `VALUES`, and all else stays as the authors' package
has it. The rules of "no learning rate" run twice: once over their own first guess, at lr 1, and once over lr, their
factor, at their own first guess.

loss:  over the 1,000 images at the end; log 10, what guessing gives, where it is worse than that or not a number
error: share of the 300 test images told wrongly; .9 where the run diverged

Sources: each rule's docstring in `lrlab.optimizers`.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from lrlab import descend
from lrlab.arguments import Array
from lrlab.datasets import digits
from lrlab.models import Model, mlp, softmax
from lrlab.optimizers import (
    Optimizer,
    adam,
    dadapt_adam,
    dadapt_sgd,
    dog,
    lion,
    prodigy,
    rprop,
    schedule_free_adamw,
    schedule_free_sgd,
    sgd,
    sgd_hd,
)
from lrlab.schedules import Schedule, cosine

VALUES = np.logspace(-7, 2, 19)
IMAGES, BATCH, STEPS = 1000, 32, 1500
GUESSING = np.log(10)

# the rules whose number is lr
RATES: dict[str, Callable[[], Optimizer]] = {
    "SGD": sgd,
    "Adam": adam,
    "Lion": lion,
    "schedule-free SGD": schedule_free_sgd,
    "schedule-free AdamW": schedule_free_adamw,
    "hypergradient": lambda: sgd_hd(hypergrad_lr=1e-3),
    "Rprop": rprop,
    "Rprop, full batch": rprop,  # as many images seen: 48 steps
    "Prodigy, factor": prodigy,
    "DoG, factor": dog,
    "D-Adaptation, factor": dadapt_adam,
}
# the rules whose number is their own, with the lr that stands beside it
GUESSES: dict[str, tuple[Callable[[float], Optimizer], float | Schedule]] = {
    "Prodigy": (lambda value: prodigy(d0=value), 1.0),
    "DoG": (lambda value: dog(reps_rel=value), 1.0),
    "DoG, averaged": (lambda value: dog(reps_rel=value, averaging=8), 1.0),
    "D-Adaptation": (lambda value: dadapt_adam(d0=value), 1.0),
    "D-Adaptation, SGD": (lambda value: dadapt_sgd(d0=value), 1.0),
    "hypergradient, its rate": (lambda value: sgd_hd(hypergrad_lr=value), 1e-3),
    "Prodigy, cosine": (lambda value: prodigy(d0=value), cosine(1.0, T_max=STEPS)),
    "D-Adaptation, cosine": (lambda value: dadapt_adam(d0=value), cosine(1.0, T_max=STEPS)),
}
AXES = {"problem": ("softmax", "MLP"), "method": (*RATES, *GUESSES), "seed": (0, 1, 2, 3, 4)}
# chosen where rounding does not grow: many of the other runs are chaotic at their highest rates
CHECKED = [
    {"problem": "softmax", "method": method, "seed": seed}
    for method, seed in (("schedule-free SGD", 2), ("schedule-free SGD", 4), ("Rprop, full batch", 0))
]
TOLERANCE = 1e-4


@cache
def problem_of(name: str) -> tuple[Model, Array, Array]:
    """The model, and the images and labels that it is trained on."""
    train = digits().train
    return softmax(64, 10) if name == "softmax" else mlp((64, 32, 10)), train.inputs[:IMAGES], train.targets[:IMAGES]


def cell(problem: str, method: str, seed: int) -> dict[str, Array]:
    """Training loss and test error for each of `VALUES`."""
    net, inputs, targets = problem_of(problem)
    full = method.endswith("full batch")
    data = net.on(inputs, targets, batch_size=None if full else BATCH)

    def end(rule: Optimizer, lr) -> Array:
        steps = STEPS * BATCH // IMAGES if full else STEPS
        rng = np.random.default_rng(seed)
        return descend(data, net.init(seed), lr, optimizer=rule, steps=steps, keep="last", rng=rng).final

    if method in RATES:
        final = end(RATES[method](), VALUES)
    else:
        rule, lr = GUESSES[method]
        final = np.array([end(rule(value), lr) for value in VALUES])
    lost = np.isnan(final).any(axis=-1)
    final = np.nan_to_num(final)
    loss, right = net.evaluate(final, inputs, targets)["loss"], net.evaluate(final, *digits().test)["accuracy"]
    loss = np.minimum(np.nan_to_num(loss, nan=GUESSING), GUESSING)
    return {"loss": np.where(lost, GUESSING, loss), "error": np.where(lost, 0.9, 1 - right)}
