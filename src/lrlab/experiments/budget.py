"""Every run of a search that a budget may buy: 40 rates x 9 momenta x 10 seeds, looked at four times on the way.

A net with 64 hidden units on 597 digits. The other 1,200 images are two halves: what one of them chooses, the other
judges, and then the other way round, so that neither is the easier one on average. A run that diverged has an error
of .9: always the same answer is right for one digit in ten.

Uses: the best of n runs at random (Bergstra and Bengio 2012), on a grid, and by successive halving (Jamieson and
Talwalkar 2016, arXiv:1502.07943); the noise between seeds; the rate that leads after a part of the steps.
"""

import numpy as np

from lrlab import descend
from lrlab.datasets import digits
from lrlab.models import mlp
from lrlab.optimizers import sgd

AXES = {
    "momentum": tuple(round(1 - 10 ** (-i / 4), 3) for i in range(9)),  # from 0 to .99, 1 - momentum in log steps
    "seed": tuple(range(10)),
    "decade": (-3, -2, -1, 0),
}
RATES = np.array([10 ** (decade + k / 10) for decade in AXES["decade"] for k in range(10)])
STOPS = (37, 111, 333, 1000)  # each three times the one before
CHECKED = [{"momentum": 0.0, "seed": 0, "decade": -3}, {"momentum": 0.438, "seed": 3, "decade": -3}]
TOLERANCE = 1e-4


def cell(momentum: float, seed: int, decade: int) -> dict[str, np.ndarray]:
    """The ten rates of a decade: the error (10, stops, 2) on each half of the images that are not trained on."""
    data = digits(validation=600, test=600)
    net = mlp((64, 64, 10))
    train = net.on(data.train.inputs - 0.3, data.train.targets, batch_size=32)
    halves = [(part.inputs - 0.3, part.targets) for part in (data.validation, data.test)]

    def look(t, params):
        if t in STOPS:
            return {"right": np.stack([net.evaluate(params, *half)["accuracy"] for half in halves], axis=-1)}

    rates = RATES.reshape(len(AXES["decade"]), 10)[AXES["decade"].index(decade)]
    rule, rng = sgd(momentum=momentum), np.random.default_rng(seed)
    run = descend(train, net.init(seed), rates, optimizer=rule, steps=STOPS[-1], keep="last", monitor=look, rng=rng)
    right = np.stack([seen for _, seen in run.metrics["right"]], axis=1)
    return {"error": np.where(np.isfinite(right), 1 - right, 0.9)}


def bank(grid) -> np.ndarray:
    """The stored errors as (momenta, rates, seeds, stops, halves)."""
    momenta, seeds = len(AXES["momentum"]), len(AXES["seed"])
    return grid["error"].reshape(momenta, seeds, len(RATES), len(STOPS), 2).swapaxes(1, 2)


def starters(runs: int) -> int:
    """How many configurations successive halving can begin with for the steps of so many whole runs.

    A third go on at each stop, and none begins again, so that a stop costs only the steps since the one before.
    """
    since = np.diff((0, *STOPS))
    m = 1
    while sum(max(1, (m + 1) // 3**i) * int(steps) for i, steps in enumerate(since)) <= runs * STOPS[-1]:
        m += 1
    return m


def search(kind: str, runs: int, errors: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """A search for the steps of so many whole runs: the winner's error on the half that chose it, and on the other one.

    kind:   "random", "halving", "grid" (runs is a square; its place is drawn) or "rate alone" (a grid at momentum .9)
    errors: `bank`'s; every run that the search buys is drawn from it, with a seed of its own
    """
    if kind == "grid":
        side = round(runs**0.5)
        shares = (np.indices((side, side)).reshape(2, -1) + rng.random((2, 1))) / side
    elif kind == "rate alone":
        shares = np.stack([np.full(runs, 0.5), (np.arange(runs) + rng.random()) / runs])
    else:
        shares = rng.random((2, starters(runs) if kind == "halving" else runs))
    momentum, rate = (shares * np.array(errors.shape[:2])[:, None]).astype(int)
    bought = rng.permutation(errors[momentum, rate, rng.integers(errors.shape[2], size=len(rate))])  # ties: a lottery
    half = rng.integers(2)
    for stop in range(len(STOPS) - 1) if kind == "halving" else ():
        bought = bought[bought[:, stop, half].argsort(kind="stable")[: max(1, len(bought) // 3)]]
    winner = bought[bought[:, -1, half].argmin(), -1]
    return winner[half], winner[1 - half]
