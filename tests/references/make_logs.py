"""Training logs with a known true label: what the doctor of loss curves is tested on. No line here asks the doctor.

Run as `make references` does; the held-out logs lie beside this file. `make_logs.py --tuning FILE` makes the others, on
which the doctor's thresholds were chosen.

The label comes from what *happens* when one thing is changed, which a loss curve alone cannot show. Each problem is
swept over rates a sixth of a decade apart. Every run of T steps is then

- carried on for T steps at the same rate, at a third and at a tenth of it, and at the same rate without any noise
  (full batch), and
- compared with the runs that had 3 and more times its rate from the start.

F is the loss without noise, averaged over the last quarter of the steps; F* the lowest that this run could have reached
by any of the changes; the excess F - F*; a share is an excess over that of the start. `label` turns these into a word:

diverged     not finite, or F ends above where it started, and so it would without any noise
level        (no label yet) from the second quarter of the steps to the last one less than a tenth of what had gone
             before went, and less than a third of the excess or 5 % of F, which hardly shows
noise floor  level, and so for the next T steps at the same rate, but taking the noise away at least halves the excess,
             which is above 1 % of F: the noise keeps the run away. Or level with an excess below that, while the
             batches of the log scatter by more than 2 % of F: all that is left to see is noise, be it the rate's or
             the data's own, which no log can tell apart
oscillating  the same, but a lower rate halves it and taking the noise away does not: the curvature keeps it away
plateau      level at F above 10 % of its first value, and neither of the two above: whether that is the lowest there
             is or a flat stretch, the rate is not what holds it, and no log can tell (F* is not in it); or still
             within 5 % of the start with more than 10 times as much to come in the next T steps
too slow     not level, more than 10 % of the start's excess left, T more steps take off at least a fifth of what the
             first T did, and a rate at least 3 times as high had left less than half of it
fine         none of these, and the share left is at most 10 %, or 1.5 times that of the best rate

cannot tell  F fell by less than three standard errors of the mean of a quarter of the log, as its batches scatter:
             whatever the run does, the log does not hold it

A run that is none of these, or whose label changes when all these thresholds are halved or doubled, is no clear case of
anything. It is counted and stored as unclear, and no verdict on it is right or wrong.
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
from lrlab.models import convnet, mlp, softmax
from lrlab.objectives import (
    beale,
    cubic,
    double_well,
    himmelblau,
    noisy,
    plateau,
    quadratic,
    rastrigin,
    rosenbrock,
    saddle,
    uv_product,
)

HERE = Path(__file__).parent
THIRD, TENTH = 3, 6  # rows of a sweep that are a factor 10 ** (3/6) = 3.2 and 10 apart
UNCLEAR = "unclear"


@dataclass(frozen=True)
class Problem:
    """What is trained: with noise, without it, from where, at which rates (as powers of ten), for how long."""

    name: str
    noisy: objectives.Objective
    quiet: objectives.Objective
    start: np.ndarray
    powers: tuple[float, float]
    steps: int
    optimizer: optimizers.Optimizer
    seeds: int = 1

    @property
    def rates(self) -> np.ndarray:
        low, high = self.powers
        return 10.0 ** np.linspace(low, high, round(6 * (high - low)) + 1)


@dataclass(frozen=True)
class Facts:
    """One run's losses without noise: at the start, at the end, and at the end of what it might have been."""

    first: float
    before: float  # in the second quarter
    end: float
    same: float
    lower: float
    quiet: float
    higher: float
    best: float  # the lowest end of the sweep
    lowest: float  # what this run could have reached
    scatter: float  # of the points of the log's last quarter, as its batches differ; 0 for a smooth log
    blur: float  # the standard error of the mean of that quarter, from this scatter alone
    diverged: bool


def label(facts: Facts, strict: float = 1.0) -> str:
    """The true word for a run; `strict` moves every threshold."""
    if facts.diverged or not (facts.end <= facts.first or facts.quiet <= facts.first):
        return "diverged"
    if abs(facts.first - facts.end) < 3 * strict * facts.blur:
        return "cannot tell"
    drop = max(facts.first - facts.lowest, 1e-300)
    rounding = 1e-12 * (abs(facts.first) + drop)

    def over(loss):
        return np.inf if np.isnan(loss) else max(loss - facts.lowest, rounding)

    before, excess, same, lower, quiet = map(over, (facts.before, facts.end, facts.same, facts.lower, facts.quiet))
    share, some, halved = excess / drop, strict / 3, 0.5 / strict
    gone, going = facts.first - facts.before, facts.before - facts.end
    level = going < 0.1 * strict * gone and (going < some * before or going < 0.05 * strict * abs(facts.end))
    if share > 1 - 0.05 * strict and excess - same > 10 * strict * (drop - excess):
        return "plateau"
    if level and same > (1 - some) * excess > 0.01 * strict * abs(facts.end):
        if quiet < halved * min(same, excess):
            return "noise floor"
        if lower < halved * min(same, excess):
            return "oscillating"
    if level and excess < 0.01 / strict * abs(facts.end) and facts.scatter > 0.02 * strict * abs(facts.end):
        return "noise floor"
    goes_on = facts.end - facts.same > 0.2 * strict * (facts.first - facts.end)
    if share > 0.1 * strict and not level and goes_on and over(facts.higher) < halved * excess:
        return "too slow"
    if level and abs(facts.end) > 0.1 / strict * facts.first:
        return "plateau"
    return "fine" if share <= 0.1 / strict or excess <= 1.5 / strict * over(facts.best) else UNCLEAR


def clear_label(facts: Facts) -> str:
    """The label, if it stays when every threshold is halved and doubled."""
    found = {label(facts, strict) for strict in (0.5, 1.0, 2.0)}
    return found.pop() if len(found) == 1 else UNCLEAR


def train(problem: Problem, objective, start, rates, rng=None):
    """A run, and its losses without noise, averaged over the second and over the last quarter of its steps."""
    every = max(1, problem.steps // 200)
    begin = start.state.t if hasattr(start, "state") else 0
    quarters: dict[int, list] = {1: [], 3: []}

    def look(t, params):
        quarter = min(3, 4 * (t - begin) // problem.steps)
        if quarter in quarters and t % every == 0:
            quarters[quarter].append(problem.quiet.value_and_grad(params)[0])

    run = descend(
        objective, start, rates, optimizer=problem.optimizer, steps=problem.steps, monitor=look, keep="last", rng=rng
    )
    with np.errstate(all="ignore"):
        before, end = (np.mean(quarters[i], axis=0) for i in (1, 3))
    return run, np.where(np.isfinite(end), end, np.nan), before


def scatter(log: np.ndarray) -> float:
    """The standard deviation of the last quarter, if its points are independent; near 0 for a smooth log."""
    with np.errstate(all="ignore"):
        return float(np.std(np.diff(log[3 * len(log) // 4 :])) / np.sqrt(2))


def sweep(problem: Problem, seed: int) -> list[tuple[np.ndarray, Facts]]:
    """The log of every rate, with the facts that its label follows from."""
    rates = problem.rates
    trunk, end, before = train(problem, problem.noisy, problem.start, rates, np.random.default_rng([seed, 1]))
    same = train(problem, problem.noisy, trunk, rates)[1]
    lower = [train(problem, problem.noisy, trunk, rates / by)[1] for by in (3, 10)]
    quiet = train(problem, problem.quiet, trunk, rates)[1]
    polished = [train(problem, problem.quiet, trunk, rates / 10 * by)[1] for by in (1, 3)]
    reached = np.fmin.reduce([end, same, *lower, quiet, *polished])
    first = float(problem.quiet.value_and_grad(problem.start)[0])
    higher = [np.nanmin(np.append(end[i + THIRD :], np.inf)) for i in range(len(rates))]

    wide = [scatter(log) for log in trunk.loss.T]

    def lowest(i):
        return float(np.nanmin([reached[i], higher[i], first]))

    dead = trunk.diverged_at <= problem.steps
    return [
        (
            trunk.loss[:, i],
            Facts(
                first=first,
                before=float(before[i]),
                end=float(end[i]),
                same=float(same[i]),
                lower=float(np.nanmin([lower[0][i], lower[1][i], np.inf])),
                quiet=float(quiet[i]),
                higher=float(higher[i]),
                best=float(np.nanmin(end)),
                lowest=lowest(i),
                scatter=wide[i],
                blur=wide[i] / np.sqrt(problem.steps / 4),
                diverged=bool(dead[i]),
            ),
        )
        for i in range(len(rates))
    ]


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


def squares(params, inputs, targets):
    """Half the mean squared error of a linear model."""
    miss = params @ inputs.T - targets
    return 0.5 * np.mean(miss * miss, axis=-1), miss @ inputs / len(inputs)


def logistic(params, inputs, targets):
    """The mean logistic loss, targets -1 and 1."""
    margin = targets * (params @ inputs.T)
    pull = -targets * np.exp(-np.logaddexp(0, margin))
    return np.mean(np.logaddexp(0, -margin), axis=-1), pull @ inputs / len(inputs)


def sampled(name, loss, inputs, targets, batch, start, powers, steps, optimizer=None, seeds=1) -> Problem:
    optimizer = optimizer or optimizers.sgd()
    whole, part = Samples(loss, inputs, targets), Samples(loss, inputs, targets, batch)
    return Problem(name, part, whole, start, powers, steps, optimizer, seeds)


def shape(name, landscape, start, powers, steps, std=None, optimizer=None, seeds=1) -> Problem:
    """A landscape, with noise of std on its gradient or without."""
    asked = landscape if std is None else noisy(landscape, std)
    return Problem(
        name, asked, landscape, np.asarray(start, float), powers, steps, optimizer or optimizers.sgd(), seeds
    )


def tuning() -> list[Problem]:
    """What the doctor's thresholds were chosen on."""
    parts = [first_problems, network_on_digits, wells, rare_features, convnet_on_digits, valleys, rare_words, student]
    parts += [phases, softmax_on_digits, counts, factors, autoencoder]
    return [problem for part in parts for problem in part()]


def first_problems() -> list[Problem]:
    """Bowls, valleys, maps and small models, with noise and without."""
    rng = np.random.default_rng(100)
    bowl, round_bowl = quadratic(np.logspace(-2, 0, 20)), quadratic(np.logspace(-0.7, 0, 8))
    inputs = rng.standard_normal((400, 10)) * np.logspace(-0.5, 0.3, 10)
    answer = inputs @ rng.standard_normal(10)
    classes = np.where(answer + 2 * rng.standard_normal(400) > 0, 1.0, -1.0)
    momentum, adam = optimizers.sgd(momentum=0.9), optimizers.adam()
    return [
        shape("noisy quadratic", bowl, np.ones(20), (-3.5, 0.5), 600, std=0.1, seeds=2),
        shape("noisy round quadratic", round_bowl, 3 * np.ones(8), (-4, 0.5), 400, std=0.3, seeds=2),
        shape("noisy quadratic, momentum", bowl, np.ones(20), (-4.5, 0.7), 600, 0.1, momentum),
        shape("noisy quadratic, Adam", bowl, np.ones(20), (-5, 0.5), 600, 0.1, adam),
        shape("quadratic", quadratic((0.1, 1.0)), [1.0, 1.0], (-4, 0.5), 400),
        shape("quadratic, Adam", quadratic((1.0, 25.0)), [3.0, 2.0], (-4, 1), 400, None, adam),
        shape("rosenbrock", rosenbrock(), [-1.2, 1.0], (-6, -2), 1500),
        shape("rosenbrock, momentum", rosenbrock(), [-1.2, 1.0], (-7, -2), 800, None, momentum),
        shape("cubic", cubic(), [0.1], (-4, 0.34), 300),
        shape("cubic, momentum", cubic(), [1.7], (-4, 0.7), 300, None, optimizers.sgd(momentum=0.5)),
        shape("saddle", saddle(), [1.0, 1e-6], (-4, 0.2), 500),
        shape("plateau", plateau(), [4.0], (-3, 2), 300),
        shape("rastrigin", rastrigin(), [3.3, 2.2], (-6, -1.5), 300),
        shape("noisy rastrigin", rastrigin(), [3.3, 2.2], (-6, -1.5), 300, 5.0),
        sampled("squares", squares, inputs, answer + rng.standard_normal(400), 8, np.zeros(10), (-4.5, 0), 500),
        sampled("squares, exact", squares, inputs, answer, 4, np.zeros(10), (-4.5, 0), 800),
        sampled("logistic", logistic, inputs, classes, 8, np.zeros(10), (-4, 2), 600),
        sampled("logistic, whole", logistic, inputs, classes, None, np.zeros(10), (-4, 2), 300),
        sampled("logistic, Adam", logistic, inputs, classes, 16, np.zeros(10), (-5, 1), 1000, adam),
        sampled("logistic, long", logistic, inputs, classes, 4, np.zeros(10), (-4, 1), 3000),
    ]


def network_on_digits() -> list[Problem]:
    """300 images, two seeds for plain SGD: no noise floor where the network can learn every image by heart."""
    train = digits().train
    inputs, labels = train.inputs[:300], train.targets[:300]
    found = []
    for name, activation, batch, powers, optimizer, seeds in [
        ("digits, tanh", "tanh", 32, (-3.5, 1.5), optimizers.sgd(), 2),
        ("digits, relu", "relu", 8, (-3.5, 1), optimizers.sgd(), 1),
        ("digits, momentum", "tanh", 32, (-4.5, 0.5), optimizers.sgd(momentum=0.9), 1),
        ("digits, Adam", "relu", 32, (-5, 0), optimizers.adam(), 1),
    ]:
        model = mlp((64, 32, 10), activation)
        start = model.init(np.random.default_rng(3))
        part, whole = model.on(inputs, labels, batch, order="replacement"), model.on(inputs, labels)
        found.append(Problem(name, part, whole, start, powers, 400, optimizer, seeds))
    return found


def wells() -> list[Problem]:
    """Two layers that must multiply to 1, and a wide valley with a sharp well: with noise and without."""
    momentum = optimizers.sgd(momentum=0.9)
    return [
        shape("uv", uv_product(), [2.0, 0.1], (-4, 0.2), 400),
        shape("uv, momentum", uv_product(), [2.0, 0.1], (-4.5, 0.5), 400, None, momentum),
        shape("uv, saddle", uv_product(), [0.02, 0.01], (-3, 0.3), 400),
        shape("uv, noise", uv_product(), [2.0, 0.1], (-4, 0), 600, 0.3, seeds=2),
        shape("valley", double_well(), [5.0], (-3, 1.2), 300),
        shape("valley, noise", double_well(), [5.0], (-3, 1), 600, 0.3, seeds=2),
        shape("sharp well", double_well(), [-3.5], (-3.5, -0.4), 300),
        shape("sharp well, noise", double_well(), [-3.5], (-3.5, -0.4), 400, 1.0),
    ]


def rare_features() -> list[Problem]:
    """Linear regression with 10 loud features and 200 that are seen once in 200 samples, as words are in a text."""
    rng = np.random.default_rng(7)
    inputs = np.concatenate([3 * rng.standard_normal((2000, 10)), rng.random((2000, 200)) < 0.005], axis=1)
    targets = inputs.sum(axis=1) + 0.1 * rng.standard_normal(2000)
    start = np.zeros(210)
    return [
        sampled("rare, SGD", squares, inputs, targets, 4, start, (-6, -1), 1000),
        sampled("rare, momentum", squares, inputs, targets, 4, start, (-7, -1.5), 1000, optimizers.sgd(momentum=0.9)),
        sampled("rare, Adagrad", squares, inputs, targets, 4, start, (-3, 1.5), 1000, optimizers.adagrad()),
        sampled("rare, Adam", squares, inputs, targets, 4, start, (-5, 0.5), 1000, optimizers.adam()),
    ]


def convnet_on_digits() -> list[Problem]:
    """A small convolution net on 200 images."""
    train = digits().train
    inputs, labels = train.inputs[:200], train.targets[:200]
    model = convnet(channels=(4, 8))
    start = model.init(np.random.default_rng(5))
    part, whole = model.on(inputs, labels, 16, order="replacement"), model.on(inputs, labels)
    return [
        Problem("convnet, SGD", part, whole, start, (-3, 1), 300, optimizers.sgd()),
        Problem("convnet, RMSprop", part, whole, start, (-5, -0.5), 300, optimizers.rmsprop()),
    ]


def valleys() -> list[Problem]:
    """Two landscapes of two parameters, with noise and without."""
    return [
        shape("beale", beale(), [1.0, 1.0], (-4.5, -0.5), 500),
        shape("beale, noise", beale(), [1.0, 1.0], (-4.5, -0.5), 500, 1.0, seeds=2),
        shape("beale, Adam", beale(), [1.0, 1.0], (-4, 0.5), 400, None, optimizers.adam()),
        shape("himmelblau", himmelblau(), [0.0, 0.0], (-5, -1), 300),
        shape("himmelblau, noise", himmelblau(), [0.0, 0.0], (-5, -1), 500, 10.0, seeds=2),
        shape("himmelblau, momentum", himmelblau(), [-4.0, 4.0], (-6, -1.5), 300, None, optimizers.sgd(momentum=0.9)),
    ]


def rare_words() -> list[Problem]:
    """Sentences of ten words, drawn as often as in a text; two kinds of sentence, one label in ten wrong."""
    rng = np.random.default_rng(11)
    often = 1 / np.arange(3.0, 303.0)
    sentences = rng.choice(300, size=(1000, 10), p=often / often.sum())
    counts = np.zeros((1000, 300))
    np.add.at(counts, (np.arange(1000)[:, None], sentences), 1.0)
    classes = np.where(counts @ rng.standard_normal(300) > 0, 1.0, -1.0) * np.where(rng.random(1000) < 0.1, -1, 1)
    start = np.zeros(300)
    return [
        sampled("words, SGD", logistic, counts, classes, 16, start, (-3, 1.5), 800),
        sampled("words, momentum", logistic, counts, classes, 16, start, (-4, 0.5), 800, optimizers.sgd(momentum=0.9)),
        sampled("words, Adagrad", logistic, counts, classes, 16, start, (-3, 1), 800, optimizers.adagrad()),
        sampled("words, whole", logistic, counts, classes, None, start, (-3, 1.5), 300),
    ]


def student() -> list[Problem]:
    """A small network learns the outputs of another one, with 5 % of noise on them."""
    rng = np.random.default_rng(21)
    inputs = rng.standard_normal((256, 6))
    model = mlp((6, 24, 1), "tanh", loss="half_squared_error")
    teacher = mlp((6, 6, 1), "tanh", loss="half_squared_error")
    targets = 2 * teacher.predict(2 * teacher.init(rng), inputs)
    targets = targets + 0.05 * targets.std() * rng.standard_normal(targets.shape)
    start, whole = model.init(np.random.default_rng(22)), model.on(inputs, targets)
    part = model.on(inputs, targets, 8, order="replacement")
    momentum, adam = optimizers.sgd(momentum=0.9), optimizers.adam()
    return [
        Problem("student, SGD", part, whole, start, (-3.5, 1), 600, optimizers.sgd(), 2),
        Problem("student, momentum", part, whole, start, (-4.5, 0), 600, momentum),
        Problem("student, Adam", part, whole, start, (-4.5, 0.5), 600, adam),
        Problem("student, whole", whole, whole, start, (-3.5, 1), 400, optimizers.sgd()),
    ]


def magnitudes(params, inputs, targets):
    """A quarter of the mean squared error of squares: the sign of the answer is unknown."""
    along = params @ inputs.T
    miss = along * along - targets
    return 0.25 * np.mean(miss * miss, axis=-1), (miss * along) @ inputs / len(inputs)


def phases() -> list[Problem]:
    """Find a vector from the squares of its products: two answers, a flat hill between them, and a steep rim."""
    rng = np.random.default_rng(31)
    inputs, answer = rng.standard_normal((200, 8)), rng.standard_normal(8)
    clear = (inputs @ answer) ** 2
    start = 0.3 * rng.standard_normal(8)
    return [
        sampled("phases", magnitudes, inputs, clear, 10, start, (-5, -1), 600, None, 2),
        sampled("phases, label noise", magnitudes, inputs, clear + rng.standard_normal(200), 10, start, (-5, -1), 600),
        sampled("phases, whole", magnitudes, inputs, clear, None, start, (-5, -0.7), 300),
        sampled("phases, Adam", magnitudes, inputs, clear, 10, start, (-4, 0.5), 600, optimizers.adam()),
    ]


def softmax_on_digits() -> list[Problem]:
    """A convex model of real data: 600 images."""
    train = digits().train
    inputs, labels = train.inputs[:600], train.targets[:600]
    model = softmax(64, 10)
    start, whole = model.init(np.random.default_rng(41)), model.on(inputs, labels)
    part = model.on(inputs, labels, 16, order="replacement")
    return [
        Problem("softmax, SGD", part, whole, start, (-3.5, 1.5), 500, optimizers.sgd()),
        Problem("softmax, Adam", part, whole, start, (-4.5, 0.5), 500, optimizers.adam()),
    ]


def poisson(params, inputs, targets):
    """The mean of rate - count * log(rate) for rates exp(params . input); + 1 keeps it above 0."""
    along = params @ inputs.T
    rate = np.exp(along)
    return np.mean(rate - targets * along, axis=-1) + 1, (rate - targets) @ inputs / len(inputs)


def counts() -> list[Problem]:
    """Regression on counts, whose curvature grows with the rate."""
    rng = np.random.default_rng(51)
    inputs = rng.standard_normal((500, 12)) * np.logspace(-0.6, 0, 12)
    events = rng.poisson(np.exp(inputs @ (0.4 * rng.standard_normal(12)) + 0.0)).astype(float)
    start = np.zeros(12)
    adam = optimizers.adam()
    return [
        sampled("counts, SGD", poisson, inputs, events, 10, start, (-3, 0.3), 600, None, 2),
        sampled("counts, whole", poisson, inputs, events, None, start, (-2.5, 0.8), 300),
        sampled("counts, Adam", poisson, inputs, events, 10, start, (-4, 0.5), 600, adam),
    ]


def product_of_factors(params, inputs, targets):
    """Half the mean squared error of u_i . v_j at the pairs (i, j): two factors of rank 3 for a table of 20 x 15."""
    shape = params.shape[:-1]
    u, v = params[..., :60].reshape(*shape, 20, 3), params[..., 60:].reshape(*shape, 15, 3)
    i, j = inputs[:, 0], inputs[:, 1]
    a, b = u[..., i, :], v[..., j, :]
    miss = np.sum(a * b, axis=-1) - targets
    pull = miss[..., None] / len(inputs)
    rows, columns = np.eye(20)[i], np.eye(15)[j]
    grad_u, grad_v = np.swapaxes(pull * b, -1, -2) @ rows, np.swapaxes(pull * a, -1, -2) @ columns
    grads = [np.swapaxes(grad, -1, -2).reshape(*shape, -1) for grad in (grad_u, grad_v)]
    return 0.5 * np.mean(miss * miss, axis=-1), np.concatenate(grads, axis=-1)


def factors() -> list[Problem]:
    """A table that is a product of two thin ones, most of it seen, with a little noise: begins near a saddle."""
    rng = np.random.default_rng(61)
    pairs = np.argwhere(rng.random((20, 15)) < 0.8)
    table = rng.standard_normal((20, 3)) @ rng.standard_normal((3, 15)) + 0.3 * rng.standard_normal((20, 15))
    seen, start = table[pairs[:, 0], pairs[:, 1]], 0.3 * rng.standard_normal(105)
    momentum = optimizers.sgd(momentum=0.9)
    return [
        sampled("factors, SGD", product_of_factors, pairs, seen, 16, start, (-3, 0.7), 600, None, 2),
        sampled("factors, momentum", product_of_factors, pairs, seen, 16, start, (-4, -0.3), 600, momentum),
        sampled("factors, whole", product_of_factors, pairs, seen, None, start, (-2, 1.2), 300),
    ]


def autoencoder() -> list[Problem]:
    """200 images through eight tanh units and back."""
    inputs = digits().train.inputs[:200]
    model = mlp((64, 8, 64), "tanh", loss="half_squared_error")
    start, whole = model.init(np.random.default_rng(71)), model.on(inputs, inputs)
    part = model.on(inputs, inputs, 10, order="replacement")
    return [
        Problem("autoencoder, SGD", part, whole, start, (-4, -0.2), 400, optimizers.sgd()),
        Problem("autoencoder, Adam", part, whole, start, (-4, 0.5), 400, optimizers.adam()),
    ]


def moons() -> list[Problem]:
    """Two half circles that lie in each other, a network of one hidden layer to part them."""
    rng = np.random.default_rng(81)
    labels, angle = np.arange(200) % 2, np.pi * rng.random(200)
    side = np.where(labels, -1.0, 1.0)
    inputs = np.stack([side * np.cos(angle) + labels, side * np.sin(angle) + labels / 2], axis=-1)
    inputs = inputs + 0.15 * rng.standard_normal((200, 2))
    model = mlp((2, 16, 2), "tanh")
    start, whole = model.init(np.random.default_rng(82)), model.on(inputs, labels)
    part = model.on(inputs, labels, 10, order="replacement")
    return [
        Problem("moons, SGD", part, whole, start, (-2.5, 1.2), 600, optimizers.sgd()),
        Problem("moons, momentum", part, whole, start, (-3.5, 0.2), 600, optimizers.sgd(momentum=0.9)),
        Problem("moons, Adam", part, whole, start, (-3.5, 0), 600, optimizers.adam()),
        Problem("moons, whole", whole, whole, start, (-2, 1.3), 400, optimizers.sgd()),
    ]


def pseudo_huber(params, inputs, targets):
    """The mean of sqrt(1 + miss**2) - 1: squares near 0, a straight slope far out."""
    miss = params @ inputs.T - targets
    root = np.sqrt(1 + miss * miss)
    return np.mean(root - 1, axis=-1), (miss / root) @ inputs / len(inputs)


def outliers() -> list[Problem]:
    """A line through points of which one in ten is far off."""
    rng = np.random.default_rng(91)
    inputs = rng.standard_normal((300, 12)) * np.logspace(-0.5, 0.2, 12)
    targets = inputs @ (2 * rng.standard_normal(12)) + 0.2 * rng.standard_normal(300)
    targets = targets + np.where(rng.random(300) < 0.1, 10 * rng.standard_normal(300), 0)
    start = np.zeros(12)
    return [
        sampled("outliers, SGD", pseudo_huber, inputs, targets, 8, start, (-2.7, 1), 500, None, 2),
        sampled("outliers, RMSprop", pseudo_huber, inputs, targets, 8, start, (-3, 0.5), 500, optimizers.rmsprop()),
        sampled("outliers, whole", pseudo_huber, inputs, targets, None, start, (-2, 1.3), 300),
    ]


def exponentials(params, inputs, targets):
    """Half the mean squared error of a exp(-b x) + c."""
    a, b, c = (params[..., i, None] for i in range(3))
    falling = np.exp(-b * inputs)
    miss = a * falling + c - targets
    slopes = (falling, -a * inputs * falling, np.ones_like(falling))
    return 0.5 * np.mean(miss * miss, axis=-1), np.stack([np.mean(miss * slope, axis=-1) for slope in slopes], axis=-1)


def decay_curves() -> list[Problem]:
    """Three numbers of a decay, from 100 points of it: a curved valley."""
    rng = np.random.default_rng(95)
    times = np.linspace(0, 3, 100)
    clear, start = 3 * np.exp(-1.5 * times) + 0.5, np.array([1.0, 0.3, 0.0])
    seen = clear + 0.1 * rng.standard_normal(100)
    return [
        sampled("decay, SGD", exponentials, times, seen, 10, start, (-2.7, 0.5), 600, None, 2),
        sampled("decay, Adam", exponentials, times, seen, 10, start, (-3, 0.5), 600, optimizers.adam()),
        sampled("decay, whole", exponentials, times, clear, None, start, (-2.7, 0.8), 400),
        shape("decay, momentum", Samples(exponentials, times, clear), start, (-3.7, 0), 400, None,
              optimizers.sgd(momentum=0.9)),
    ]  # fmt: skip


def held_out() -> list[Problem]:
    """Three problems of other kinds, chosen before the doctor had seen any of their logs, each in a few forms."""
    return [*moons(), *outliers(), *decay_curves()]


def make(problems: list[Problem]) -> dict[str, np.ndarray]:
    """All logs end to end as float32, and a table that says where each begins and what is true of it."""
    rows, logs = [], []
    for problem in problems:
        for seed in range(problem.seeds):
            for lr, (log, facts) in zip(problem.rates, sweep(problem, seed), strict=True):
                word = clear_label(facts)
                rows.append([problem.name, float(lr), seed, len(log), word, label(facts)])
                with np.errstate(over="ignore"):
                    logs.append(log.astype(np.float32))
        print(f"{problem.name:30}", dict(Counter(row[4] for row in rows if row[0] == problem.name)), flush=True)
    return {"table": np.array(json.dumps(rows)), "losses": np.concatenate(logs)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the logs that the doctor is tested on.")
    parser.add_argument("--tuning", type=Path, help="make the logs that it was tuned on instead, into this file")
    asked = parser.parse_args()
    made = make(tuning() if asked.tuning else held_out())
    target = asked.tuning or HERE / "logs.npz"
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        np.savez_compressed(file, **made)
    part.replace(target)


if __name__ == "__main__":
    main()
