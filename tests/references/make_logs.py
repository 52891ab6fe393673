"""Training logs with a known true label: what the doctor of loss curves is tested on. No line here asks the doctor.

Run as `make references` does; the held-out logs lie beside this file. `make_logs.py --tuning FILE` makes the others, on
which the doctor's thresholds were chosen.

The label follows from the rate, which is known, and from what training further shows. Each problem is trained for T
steps at rates a twelfth of a decade apart, and on to 10 T. F is the loss on all the data, without noise, averaged over
the last quarter of the log; F0 that of the start; F* the lowest that any run of the problem has seen. F - F* is the
excess. *Best* is the rate with the lowest F after T steps, *edge* the lowest rate from which on all runs blow up: are
not finite, or have an excess above 1.5 times that of the start.

diverged     the rate is at least 1.2 times the edge, and the run has blown up, by three standard errors of the log's
             noise
too slow     the rate is at most a tenth of the best; the excess is above 3 times that of the best rate and a tenth of
             that of the start, and ten times the steps lower it by a tenth; and the log shows a fall: by a tenth of
             F0, and by three standard errors of its noise
fine         the rate is within a factor 2 of the best; the excess is at most 2 times that of the best rate or a
             hundredth of that of the start; and if there is noise, it still falls: since the second quarter by a sixth
             and by three standard errors of the log's noise
noise floor  there is noise; after 4 T steps F is level, and both a tenth of the rate and no noise at all, from there
             on, at least halve the excess
oscillating  there is no noise; after 4 T steps F is level, and a tenth of the rate from there on at least halves the
             excess, which is above 2 % of that of the start
plateau      from a flat start: F has left F0 by less than 2 %, though ten times the steps take off half of the excess;
             and three standard errors of the log's noise are below a tenth of F0, so that a fall would be seen
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
RULES = {
    "SGD": optimizers.sgd(),
    "momentum": optimizers.sgd(momentum=0.9),
    "Adam": optimizers.adam(),
    "RMSprop": optimizers.rmsprop(),
    "Lion": optimizers.lion(),
}


@dataclass(frozen=True)
class Problem:
    """What is trained: with noise and without (the same, if there is none), from where, at which powers of ten."""

    name: str
    noisy: objectives.Objective
    quiet: objectives.Objective
    start: Callable[[np.random.Generator], np.ndarray]
    powers: tuple[float, float]
    steps: int
    optimizer: optimizers.Optimizer
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
        "too slow": (rates <= best / 10) & (end > np.maximum(3 * reached, 0.1 * start)) & (far < 0.9 * end) & falls,
        "fine": near & (end <= np.maximum(2 * reached, 0.01 * start)) & (still | (not noise)),
        "noise floor": level & (silent < long_end / 2) & noise,
        "oscillating": level & (long_end > 0.02 * start) & (not noise),
        "plateau": (np.abs(start - end) < 0.02 * np.minimum(start, np.abs(seen["start"]))) & (far < start / 2),
    }
    cases["plateau"] &= problem.flat & (sure < 0.1 * np.abs(seen["start"]))
    cases["diverged"] &= ~(seen["end"] - seen["start"] < sure)  # also where it is no number any more
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


def forms(name, quiet, noisy, start, *rows, flat=False) -> list[Problem]:
    """A problem in several forms (rule, lowest power, highest power, steps); "whole" before the rule: without noise."""
    return [
        Problem(f"{name}, {rule}", quiet if rule.startswith("whole") else noisy, quiet, start, (low, high), steps,
                RULES[rule.split()[-1]], flat)
        for rule, low, high, steps in rows
    ]  # fmt: skip


def batches(model, inputs, targets, size: int) -> tuple:
    """A model's objective on all samples, and by minibatches."""
    return model.on(inputs, targets), model.on(inputs, targets, size, order="replacement")


def tuning() -> list[Problem]:
    """What the doctor's thresholds were chosen on.

    Seen as well, and never to be held out: Beale, Himmelblau, phase retrieval, counts, factors of a table, an
    autoencoder, moons, outliers, a decay, bags of words, softmax and a convolution net on digits, rare features, random
    waves, a saturated unit, a map from distances, clouds, games between players, four stars, a product of two sums.
    """
    rng = np.random.default_rng(100)
    bowl, steep = objectives.quadratic(np.logspace(-2, 0, 20)), objectives.quadratic((1.0, 25.0))
    valley, uv, well = objectives.rosenbrock(), objectives.uv_product(), objectives.double_well()
    inputs = rng.standard_normal((400, 10)) * np.logspace(-0.5, 0.3, 10)
    labels = (inputs @ rng.standard_normal(10) + 2 * rng.standard_normal(400) > 0).astype(int)
    logistic, images = logistic_regression(10), digits().train
    net, teacher = mlp((64, 32, 10), "tanh"), mlp((6, 16, 1), "tanh", loss="half_squared_error")
    seen = batches(net, images.inputs[:300], images.targets[:300], 32)
    points = rng.standard_normal((256, 6))
    answers = 2 * teacher.predict(2 * teacher.init(rng), points) + 0.1 * rng.standard_normal((256, 1))
    return [
        *forms("bowl", bowl, objectives.noisy(bowl, 0.1), at(*np.ones(20)),
               ("SGD", -3, 0.5, 400), ("momentum", -4, 0.7, 400), ("Adam", -4, 0.5, 400)),
        *forms("steep", steep, None, at(3.0, 2.0),
               ("whole SGD", -4, -0.5, 320), ("whole RMSprop", -4, 0.3, 320), ("whole Lion", -4, 0.3, 320)),
        *forms("rosenbrock", valley, None, at(-1.2, 1.0),
               ("whole SGD", -5.5, -2, 800), ("whole momentum", -6, -2, 800)),
        *forms("cubic", objectives.cubic(), None, at(0.4), ("whole SGD", -3, 0.34, 200)),
        *forms("uv", uv, objectives.noisy(uv, 0.3), at(2.0, 0.1), ("whole SGD", -3.5, 0.3, 320), ("SGD", -3.5, 0, 320)),
        *forms("uv saddle", uv, None, at(0.003, 0.003), ("whole SGD", -3, 0.3, 200), flat=True),
        *forms("saddle", objectives.saddle(), None, at(1e-3, 1e-5), ("whole SGD", -3, 0.2, 200), flat=True),
        *forms("plateau", objectives.plateau(), None, at(4.0), ("whole SGD", -2, 2, 200), flat=True),
        *forms("sharp well", well, None, at(-3.5), ("whole SGD", -3.5, -0.4, 320)),
        *forms("well", well, objectives.noisy(well, 0.3), at(5.0), ("SGD", -3, 1, 400)),
        *forms("logistic", *batches(logistic, inputs, labels, 8), logistic.init,
               ("SGD", -3.5, 2, 400), ("whole SGD", -3, 2, 200)),
        *forms("digits", *seen, net.init, ("SGD", -3, 1, 240), ("Adam", -4.5, 0, 240)),
        *forms("digits flat", *seen, lambda rng: 1e-3 * net.init(rng), ("SGD", -3, 1, 120), flat=True),
        *forms("teacher", *batches(teacher, points, answers, 8), teacher.init,
               ("SGD", -3, 1, 400), ("momentum", -4, 0, 400), ("whole SGD", -3, 1, 320)),
    ]  # fmt: skip


def margins(params, inputs, targets):
    """The squared hinge, half the mean of max(0, 1 - t w.x)^2."""
    gap = np.maximum(0.0, 1 - targets * (params @ inputs.T))
    return 0.5 * np.mean(gap * gap, axis=-1), -(gap * targets) @ inputs / len(inputs)


def relay(params, inputs, targets):
    """Half the mean squared error of three linear layers in a row, 6-6-6-1, without biases."""
    lead = params.shape[:-1]
    first, second, third = (part.reshape(*lead, -1, 6) for part in np.split(params, [36, 72], axis=-1))
    one = inputs @ first.swapaxes(-1, -2)
    two = one @ second.swapaxes(-1, -2)
    miss = np.squeeze(two @ third.swapaxes(-1, -2), -1) - targets
    back = miss[..., None] * third / len(inputs)
    pulls = (
        (back @ second).swapaxes(-1, -2) @ inputs,
        back.swapaxes(-1, -2) @ one,
        miss[..., None, :] @ two / len(inputs),
    )
    return 0.5 * np.mean(miss * miss, axis=-1), np.concatenate([pull.reshape(*lead, -1) for pull in pulls], axis=-1)


def triples(params, places, targets):
    """Half the mean squared error of a table of three ways: entry (i, j, k) is the sum of u_i u_j u_k, u (10, 2)."""
    table, hot = params.reshape(*params.shape[:-1], 10, 2), np.eye(10)
    x, y, z = (table[..., place, :] for place in places.T)
    miss = np.sum(x * y * z, axis=-1) - targets
    away = miss[..., None] / len(places)
    pull = sum(hot[:, place] @ (away * others) for place, others in zip(places.T, (y * z, x * z, x * y), strict=True))
    return 0.5 * np.mean(miss * miss, axis=-1), pull.reshape(params.shape)


def held_out() -> list[Problem]:
    """Three problems of other kinds: a margin between two clouds, linear layers in a row, a table of three ways.

    The layers and the table also from near 0, where the ground is flat. Rules with steps of a fixed length (Lion,
    RMSprop) are not among those without noise: they jump in all directions at once, which no log tells from noise.
    """
    rng = np.random.default_rng(400)
    side = np.where(np.arange(300) % 2, 1.0, -1.0)
    clouds = side[:, None] * 0.5 * rng.standard_normal(8) + rng.standard_normal((300, 8))
    inputs = np.column_stack([clouds, np.ones(300)]) * np.append(np.logspace(-0.6, 0.4, 8), 1)
    sides = [Samples(margins, inputs, side, batch) for batch in (None, 8)]
    points = rng.standard_normal((200, 6))
    answers = points @ rng.standard_normal(6) + 0.5 * rng.standard_normal(200)
    layers = [Samples(relay, points, answers, batch) for batch in (None, 8)]
    places, factors = rng.integers(10, size=(400, 3)), rng.standard_normal((10, 2))
    entries = np.prod(factors[places], axis=1).sum(axis=-1) + 0.3 * rng.standard_normal(400)
    cube = [Samples(triples, places, entries, batch) for batch in (None, 16)]
    return [
        *forms("margins", *sides, lambda rng: 2 * rng.standard_normal(9),
               ("SGD", -3.5, 0.7, 400), ("momentum", -4.5, 0, 400), ("Adam", -4, 0.5, 400),
               ("whole SGD", -3, 0.7, 320), ("whole momentum", -4, 0.7, 320)),
        *forms("layers", *layers, lambda rng: 0.35 * rng.standard_normal(78),
               ("SGD", -4, 0, 400), ("momentum", -5, -0.7, 400), ("Adam", -4.5, 0, 400),
               ("whole SGD", -3.5, 0.3, 320), ("whole momentum", -4.5, 0, 320)),
        *forms("layers from near 0", *layers, lambda rng: 0.02 * rng.standard_normal(78),
               ("whole SGD", -2.5, 0.3, 160), ("SGD", -3, 0, 160), flat=True),
        *forms("table", *cube, lambda rng: 0.6 * rng.standard_normal(20),
               ("SGD", -3.5, 0.3, 400), ("momentum", -4.5, -0.3, 400), ("Adam", -4, 0.3, 400),
               ("whole SGD", -3, 0.7, 320), ("whole momentum", -4, 0.3, 320)),
        *forms("table from near 0", *cube, lambda rng: 0.02 * rng.standard_normal(20),
               ("whole SGD", -2, 0.7, 160), ("SGD", -2, 0.3, 160), flat=True),
    ]  # fmt: skip


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
