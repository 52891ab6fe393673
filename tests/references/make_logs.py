"""Training logs with a known true label: what the doctor of loss curves is tested on. No line here asks the doctor.

Run as `make references` does; the held-out logs lie beside this file. `make_logs.py --tuning FILE` makes the others, on
which the doctor's thresholds were chosen.

The label follows from the rate, which is known, and from what training further shows. Each problem is trained for T
steps at rates a twelfth of a decade apart, and on to 10 T. F is the loss on all the data, without noise, averaged over
the last quarter of the log; F0 that of the start; F* the lowest that any run of the problem has seen. F - F* is the
excess. *Best* is the rate with the lowest F after T steps, *edge* the lowest rate from which on all runs blow up: are
not finite, or have an excess above 1.5 times that of the start.

diverged     the rate is at least 1.2 times the edge, and the run has blown up
too slow     the rate is at most a tenth of the best; the excess is above 3 times that of the best rate and a tenth of
             that of the start; and the log shows a fall: by a tenth of F0, and by three standard errors of its noise
fine         the rate is within a factor 2 of the best; the excess is at most 2 times that of the best rate or a
             hundredth of that of the start; and if there is noise, it still falls: since the second quarter by a sixth and by
             three standard errors of the log's noise
noise floor  there is noise; after 4 T steps F is level, and both a tenth of the rate and no noise at all, from there
             on, at least halve the excess
oscillating  there is no noise; after 4 T steps F is level, and a tenth of the rate from there on at least halves the
             excess, which is above 2 % of that of the start
plateau      from a flat start: F has left it by less than 2 %, though ten times the steps take off half of the excess
cannot tell  any of these logs, cut to fewer than 20 points

*Level* is an F that differs from that of the second quarter by at most a fourth of the excess, while the excess is
above 5 % of F and below 90 % of the start's. What is none of these, or two of them, lies between the cases and is left
out. Every log is kept as it is or as every third or fifth of its points (every second one would hide an up and down at
each step). At most MOST logs of each word are stored, spread evenly over problems, seeds and rates.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lrlab import descend, objectives, optimizers
from lrlab.datasets import digits
from lrlab.models import logistic_regression, mlp

HERE = Path(__file__).parent
MOST = 24
SHORT = range(5, 20)  # points of a log that is too short
SGD, MOMENTUM, ADAM = optimizers.sgd(), optimizers.sgd(momentum=0.9), optimizers.adam()
RMSPROP, LION = optimizers.rmsprop(), optimizers.lion()


@dataclass(frozen=True)
class Problem:
    """What is trained: with noise and without (the same, if there is none), from where, at which powers of ten."""

    name: str
    noisy: objectives.Objective
    quiet: objectives.Objective
    start: Callable[[np.random.Generator], np.ndarray]
    powers: tuple[float, float]
    steps: int
    optimizer: optimizers.Optimizer = SGD
    flat: bool = False
    seeds: int = 2

    @property
    def rates(self) -> np.ndarray:
        low, high = self.powers
        return 10.0 ** np.linspace(low, high, round(12 * (high - low)) + 1)


def train(problem: Problem, objective, start, rates, lengths: int, rng=None):
    """A run of some T steps, and its loss without noise, 40 times in every T: (40 * lengths, rates)."""
    every, seen = problem.steps // 40, []

    def look(t, params):
        if t % every == 0:
            seen.append(problem.quiet.value_and_grad(params)[0])

    steps = lengths * problem.steps
    run = descend(objective, start, rates, optimizer=problem.optimizer, steps=steps, monitor=look, keep="last", rng=rng)
    return run, np.array(seen)[: 40 * lengths]


def sweep(problem: Problem, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The logs (4 T, rates) and what is true of them: the losses that the labels are made of, each (rates,)."""
    rates, rng = problem.rates, np.random.default_rng([seed, 1])
    start = problem.start(np.random.default_rng([seed, 2]))
    trunk, first = train(problem, problem.noisy, start, rates, 4, rng)
    far = train(problem, problem.noisy, trunk, rates, 6)[1]
    lowered = train(problem, problem.noisy, trunk, rates / 10, 2)[1]
    silent = far if problem.noisy is problem.quiet else train(problem, problem.quiet, trunk, rates, 2)[1]
    with np.errstate(all="ignore"):
        seen = {
            "start": np.full(len(rates), first[0, 0]),
            "before": first[10:20].mean(axis=0),
            "end": first[30:40].mean(axis=0),
            "long before": first[40:80].mean(axis=0),
            "long end": first[120:160].mean(axis=0),
            "far": far[-20:].mean(axis=0),
            "lowered": lowered[-20:].mean(axis=0),
            "silent": silent[60:80].mean(axis=0),
            "lowest": np.fmin.reduce(np.concatenate([first, far, lowered, silent])),
        }
        log = trunk.loss[: problem.steps]
        seen["noise"] = np.std(np.diff(log[-(problem.steps // 4) :], axis=0), axis=0) / np.sqrt(2)
    return trunk.loss[:-1], seen


def words(problem: Problem, seen: dict[str, np.ndarray], every: np.ndarray) -> np.ndarray:
    """The label of each run (seeds, rates), from the losses seen (seeds, rates); empty where none or two hold."""
    rates, noise = problem.rates, problem.noisy is not problem.quiet
    lowest = np.nanmin(seen["lowest"])
    start, before, end, long_before, long_end, far, lowered, silent = (
        np.where(np.isfinite(seen[name]), seen[name], np.inf) - lowest
        for name in ("start", "before", "end", "long before", "long end", "far", "lowered", "silent")
    )
    blown = ~(end <= 1.5 * start)
    edge = rates[np.flatnonzero(~blown.all(axis=0))[-1] + 1 :][:1]
    edge = edge[0] if len(edge) else np.inf
    place = int(np.argmin(end.mean(axis=0)))
    best, reached = rates[place], end[:, place].mean()
    level = (np.abs(long_before - long_end) < long_end / 4) & (long_end < 0.9 * start)
    level &= (long_end > 0.05 * np.abs(long_end + lowest)) & (lowered < long_end / 2)
    sure = 3 * seen["noise"] / np.sqrt(problem.steps / 4 / every)
    falls, still = start - end > np.maximum(0.1 * np.abs(seen["start"]), sure), before - end > np.maximum(end / 5, sure)
    near = (rates <= 2 * best) & (rates >= best / 2)
    cases = {
        "diverged": blown & (rates >= 1.2 * edge),
        "too slow": (rates <= best / 10) & (end > np.maximum(3 * reached, 0.1 * start)) & falls,
        "fine": near & (end <= np.maximum(2 * reached, 0.01 * start)) & (still | (not noise)),
        "noise floor": level & (silent < long_end / 2) & noise,
        "oscillating": level & (long_end > 0.02 * start) & (not noise),
        "plateau": (np.abs(start - end) < 0.02 * np.minimum(start, np.abs(seen["start"]))) & (far < start / 2),
    }
    cases["plateau"] &= problem.flat
    alone = sum(case.astype(int) for case in cases.values()) == 1
    found = np.full(end.shape, "", dtype=object)
    for word, case in cases.items():
        found[case & alone] = word
    return found


def logs_of(number: int, problem: Problem) -> list[tuple]:
    """All labelled logs of a problem: word, name, rate, seed, losses."""
    swept = [sweep(problem, seed) for seed in range(problem.seeds)]
    seen = {name: np.array([facts[name] for _, facts in swept]) for name in swept[0][1]}
    every = np.random.default_rng([number, 3]).choice([1, 1, 3, 5], size=seen["end"].shape)
    with np.errstate(all="ignore"):
        labels = words(problem, seen, every)
    found = []
    for (seed, i), word in np.ndenumerate(labels):
        if word:
            length = 4 * problem.steps if word in ("noise floor", "oscillating") else problem.steps
            log = swept[seed][0][:length, i][:: every[seed, i]]
            found.append((word, problem.name, float(problem.rates[i]), seed, log))
    print(f"{problem.name:26}", dict(Counter(row[0] for row in found)), flush=True)
    return found


def make(problems: list[Problem], most: int) -> dict[str, np.ndarray]:
    """The logs end to end as float32, and a table: name, rate, seed, points and true word of each."""
    found = [row for number, problem in enumerate(problems) for row in logs_of(number, problem)]
    chosen = []
    for word in dict.fromkeys(row[0] for row in found):
        chosen += spread([row for row in found if row[0] == word], most)
    rng = np.random.default_rng(4)
    chosen += [("cannot tell", *row[1:4], row[4][: rng.choice(SHORT)]) for row in spread(found, most)]
    print(len(found), "labelled, stored:", dict(Counter(row[0] for row in chosen)))
    table = [[name, rate, seed, len(log), word] for word, name, rate, seed, log in chosen]
    with np.errstate(over="ignore"):
        losses = np.concatenate([row[4] for row in chosen]).astype(np.float32)
    return {"table": np.array(json.dumps(table)), "losses": losses}


def spread(rows: list, most: int) -> list:
    return [rows[i] for i in np.unique(np.linspace(0, len(rows) - 1, most).astype(int))] if rows else []


@dataclass(frozen=True)
class Samples:
    """The mean of loss(params (B, D), inputs, targets) over samples: a fresh batch a step, or all of them."""

    loss: Callable
    inputs: np.ndarray
    targets: np.ndarray
    batch: int | None = None

    def value_and_grad(self, params, t=0, rng=None):
        rows = slice(None) if self.batch is None else rng.integers(len(self.inputs), size=self.batch)
        return self.loss(params, self.inputs[rows], self.targets[rows])


def at(*point: float) -> Callable:
    """A start near a point, a little elsewhere for every seed."""
    return lambda rng: np.array(point) * (1 + 0.1 * rng.random(len(point)))


def classes(name, model, inputs, labels, batch, start, powers, steps, optimizer=SGD, flat=False) -> Problem:
    """A model of the package on its data, by minibatches or (None) whole."""
    whole = model.on(inputs, labels)
    part = model.on(inputs, labels, batch, order="replacement") if batch else whole
    return Problem(name, part, whole, start, powers, steps, optimizer, flat)


def sampled(name, loss, inputs, targets, batch, start, powers, steps, optimizer=SGD, flat=False) -> Problem:
    """A loss on samples, by minibatches or (None) whole."""
    whole = Samples(loss, inputs, targets)
    part = Samples(loss, inputs, targets, batch) if batch else whole
    return Problem(name, part, whole, start, powers, steps, optimizer, flat)


def shape(name, landscape, start, powers, steps, std=None, optimizer=SGD, flat=False) -> Problem:
    """A landscape, with noise of std on its gradient or without."""
    asked = objectives.noisy(landscape, std) if std else landscape
    return Problem(name, asked, landscape, start, powers, steps, optimizer, flat)


def tuning() -> list[Problem]:
    """What the doctor's thresholds were chosen on."""
    rng = np.random.default_rng(100)
    bowl, steep = objectives.quadratic(np.logspace(-2, 0, 20)), objectives.quadratic((1.0, 25.0))
    inputs = rng.standard_normal((400, 10)) * np.logspace(-0.5, 0.3, 10)
    labels = (inputs @ rng.standard_normal(10) + 2 * rng.standard_normal(400) > 0).astype(int)
    logistic, images = logistic_regression(10), digits().train
    net, pixels, digit = mlp((64, 32, 10), "tanh"), images.inputs[:300], images.targets[:300]
    valley, product, well = objectives.rosenbrock(), objectives.uv_product(), objectives.double_well()
    teacher = mlp((6, 16, 1), "tanh", loss="half_squared_error")
    points = rng.standard_normal((256, 6))
    answers = 2 * teacher.predict(2 * teacher.init(rng), points) + 0.1 * rng.standard_normal((256, 1))
    return [
        shape("noisy bowl", bowl, at(*np.ones(20)), (-3, 0.5), 400, 0.1),
        shape("noisy bowl, momentum", bowl, at(*np.ones(20)), (-4, 0.7), 400, 0.1, MOMENTUM),
        shape("noisy bowl, Adam", bowl, at(*np.ones(20)), (-4, 0.5), 400, 0.1, ADAM),
        shape("bowl", steep, at(3.0, 2.0), (-4, -0.5), 300),
        shape("bowl, RMSprop", steep, at(3.0, 2.0), (-4, 0.3), 300, None, RMSPROP),
        shape("bowl, Lion", steep, at(3.0, 2.0), (-4, 0.3), 300, None, LION),
        shape("rosenbrock", valley, at(-1.2, 1.0), (-5.5, -2), 800),
        shape("rosenbrock, momentum", valley, at(-1.2, 1.0), (-6, -2), 800, None, MOMENTUM),
        shape("cubic", objectives.cubic(), at(0.4), (-3, 0.34), 200),
        shape("uv", product, at(2.0, 0.1), (-3.5, 0.3), 300),
        shape("uv, noise", product, at(2.0, 0.1), (-3.5, 0), 300, 0.3),
        shape("uv, saddle", product, at(0.003, 0.003), (-3, 0.3), 200, None, SGD, True),
        shape("saddle", objectives.saddle(), at(1e-3, 1e-5), (-3, 0.2), 200, None, SGD, True),
        shape("plateau", objectives.plateau(), at(4.0), (-2, 2), 200, None, SGD, True),
        shape("well", well, at(-3.5), (-3.5, -0.4), 300),
        shape("well, noise", well, at(5.0), (-3, 1), 400, 0.3),
        classes("logistic", logistic, inputs, labels, 8, logistic.init, (-3.5, 2), 400),
        classes("logistic, whole", logistic, inputs, labels, None, logistic.init, (-3, 2), 200),
        classes("digits", net, pixels, digit, 32, net.init, (-3, 1), 240),
        classes("digits, Adam", net, pixels, digit, 32, net.init, (-4.5, 0), 240, ADAM),
        classes("digits, flat", net, pixels, digit, 32, lambda rng: 1e-3 * net.init(rng), (-3, 1), 120, SGD, True),
        classes("teacher", teacher, points, answers, 8, teacher.init, (-3, 1), 400),
        classes("teacher, momentum", teacher, points, answers, 8, teacher.init, (-4, 0), 400, MOMENTUM),
        classes("teacher, whole", teacher, points, answers, None, teacher.init, (-3, 1), 300),
    ]


def held_out() -> list[Problem]:
    """Three problems of other kinds, each in several forms."""
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the logs that the doctor is tested on.")
    parser.add_argument("--tuning", type=Path, help="make the logs that it was tuned on instead, into this file")
    asked = parser.parse_args()
    made = make(tuning() if asked.tuning else held_out(), MOST)
    target = asked.tuning or HERE / "logs.npz"
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **made)
    part.replace(target)


if __name__ == "__main__":
    main()
