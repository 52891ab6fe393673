"""Eleven schedules on one noisy quadratic, each at 24 peaks: the loss that is left after 1,000 steps.

Set-up: f(x) = 1/2 * sum_i curvature_i * x_i**2 in 20 dimensions with curvatures from 0.01 to 1 in equal ratios, from
all ones; each gradient carries noise N(0, 0.09) of its own. The optimum has loss 0, so the loss is the excess loss. A
cell is the mean over 40 independent chains, for every peak of the grid.

Source: our own experiment. The bowl is the noisy quadratic of Zhang et al. 2019, arXiv:1907.04164, with other numbers.
"""

import numpy as np

from lrlab.arguments import Array
from lrlab.descent import descend
from lrlab.objectives import noisy, quadratic
from lrlab.schedules import (
    constant,
    cosine,
    cosine_restarts,
    exponential,
    inverse_sqrt,
    linear,
    multi_step,
    one_cycle,
    polynomial,
    warmup,
    wsd,
)

STEPS, CHAINS = 1000, 40
CURVATURES = np.geomspace(0.01, 1, 20)
NOISE = 0.3
PEAKS = np.geomspace(10**-2.5, 1.9, 24)
# name -> the schedule of T steps with this peak, which may be an array of peaks
SHAPES = {
    "linear": lambda peak, T: linear(peak, 1.0, 0.0, total_iters=T),
    "cosine": lambda peak, T: cosine(peak, T_max=T),
    "polynomial, power 2": lambda peak, T: polynomial(peak, total_iters=T, power=2),
    "warm-up 5 %, cosine": lambda peak, T: warmup(cosine(peak, T_max=T - T // 20), steps=T // 20),
    "exponential to 1 %": lambda peak, T: exponential(peak, gamma=0.01 ** (1 / T)),
    "inverse square root": lambda peak, T: inverse_sqrt(peak, timescale=T / 100),
    "one-cycle": lambda peak, T: one_cycle(peak, total_steps=T),
    "warm-up, stable, decay": lambda peak, T: wsd(peak, T // 20, T * 3 // 4, T // 5),
    "cosine with restarts": lambda peak, T: cosine_restarts(peak, T_0=-(-T // 7), T_mult=2),
    "constant": lambda peak, T: constant(peak),
    "step, / 10 twice": lambda peak, T: multi_step(peak, milestones=[T // 2, T * 3 // 4]),
}

AXES = {"schedule": tuple(SHAPES), "seed": (0, 1, 2, 3, 4)}
CHECKED = [{"schedule": "linear", "seed": 0}, {"schedule": "one-cycle", "seed": 3}]
TOLERANCE = 1e-5


def cell(schedule: str, seed: int) -> dict[str, Array]:
    """The mean loss of the chains after the last step, (24,)."""
    start = np.ones((CHAINS, len(PEAKS), len(CURVATURES)))
    bowl, rng = noisy(quadratic(CURVATURES), std=NOISE, shared=False), np.random.default_rng(seed)
    run = descend(bowl, start, SHAPES[schedule](PEAKS, STEPS), steps=STEPS, keep="last", rng=rng)
    return {"loss": run.loss[-1].mean(axis=0)}


def expected_loss(rates: Array, noise: float = NOISE) -> Array:
    """The mean loss of infinitely many chains, before each step and after the last, (T+1, *B), without drawing any.

    rates: (T, *B), a schedule's rates
    noise: the standard deviation of a gradient's noise

    A step multiplies the mean square of a coordinate by (1 - lr * curvature)**2 and adds lr**2 * noise**2; the loss is
    half the sum of curvature * mean square.
    """
    rates = np.asarray(rates, float)
    square = np.ones((*rates.shape[1:], len(CURVATURES)))
    losses = [0.5 * (square * CURVATURES).sum(axis=-1)]
    for lr in rates[..., None]:
        square = square * (1 - lr * CURVATURES) ** 2 + (lr * noise) ** 2
        losses.append(0.5 * (square * CURVATURES).sum(axis=-1))
    return np.array(losses)


def expected_ends(steps: int = STEPS, noise: float = NOISE) -> Array:
    """The mean loss after the last step, (11 schedules, 24 peaks), if training has so many steps and so much noise."""
    t = np.arange(steps)
    rates = [np.broadcast_to(shape(PEAKS, steps)(t), (steps, len(PEAKS))) for shape in SHAPES.values()]
    return expected_loss(np.stack(rates, axis=1), noise)[-1]
