"""`make science`: what is true about the learning rate of real models and searches, run again, expected beside got.

Minutes, so no part of `make test`; tests/test_science.py runs the quick rows. Landscapes alone: test_landscape_science.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lrlab import descend, optimizers, tuning
from lrlab.curvature import sharpness, sharpness_monitor
from lrlab.datasets import digits
from lrlab.models import linear_regression, mlp, one_hot, softmax
from lrlab.objectives import uv_product
from lrlab.schedules import cosine, linear, warmup

DIGITS = digits()
CENTRED = DIGITS.train.inputs - 0.3  # the scaling under which the numbers of networks were first measured


@dataclass(frozen=True)
class Row:
    """A number that a right engine must give: its name, what is expected, and how it is got."""

    name: str
    low: float
    high: float
    got: Callable[[], float]
    quick: bool = False


def sweep_digits(rule, rates, steps=300, seeds=5):
    """Median validation error of an MLP 64-32-10 for each rate, batch 32."""
    net = mlp((64, 32, 10))
    data = net.on(*DIGITS.train, batch_size=32)
    errors = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        run = descend(data, net.init(seed), rates, optimizer=rule, steps=steps, keep="last", rng=rng)
        accuracy = np.where(run.diverged_at > steps, net.evaluate(run.final, *DIGITS.validation)["accuracy"], 0.0)
        errors.append(1 - accuracy)
    return np.median(errors, axis=0)


RATES = np.geomspace(1e-4, 10, 21)


def best_rate(rule) -> float:
    return float(RATES[np.argmin(sweep_digits(rule, RATES))])


def schedules_tie() -> float:
    """Largest difference of mean test error, in per cent, among four shapes at their best of five peaks."""
    net, steps = mlp((64, 64, 10)), 1000
    data = net.on(*DIGITS.train, batch_size=32)
    shapes = {
        "constant": lambda peak: peak,
        "linear": lambda peak: linear(peak, 1.0, 0.0, total_iters=steps),
        "cosine": lambda peak: cosine(peak, T_max=steps),
        "warm-up": lambda peak: warmup(cosine(peak, T_max=steps - 50), steps=50),
    }
    peaks, ends = np.array([0.05, 0.1, 0.2, 0.4, 0.8]), []
    for shape in shapes.values():
        errors = []
        for seed in range(5):
            run = descend(data, net.init(seed), shape(peaks), steps=steps, keep="last", rng=np.random.default_rng(seed))
            errors.append(1 - net.evaluate(run.final, *DIGITS.test)["accuracy"])
        ends.append(100 * np.mean(errors, axis=0).min())
    return float(np.ptp(ends))


def range_minimum() -> float:
    """The rate at which the smoothed loss of a range test is lowest, median of five seeds."""
    net = mlp((64, 64, 10))
    test = tuning.range_test(net.on(CENTRED, DIGITS.train.targets, batch_size=32), net.init, 1e-4, 10.0, 200)
    return 10 * test.rates["minimum / 10"]


def best_constant() -> float:
    """The best constant rate after 300 steps, by training loss, on the same network."""
    net = mlp((64, 64, 10))
    rates = 0.1 * 2.0 ** np.arange(8)
    data = net.on(CENTRED, DIGITS.train.targets, batch_size=32)
    return tuning.sweep(data, net.init, rates, steps=300, seeds=5, quiet=True).chosen["lr"]


def edge_of_stability(seed):
    """100 centred digits with random labels, and a net that can learn them by heart."""
    draw = np.random.default_rng(seed)
    inputs = digits().train.inputs
    inputs = inputs[draw.permutation(len(inputs))[:100]] - 0.3
    net = mlp((64, 32, 32, 10), "tanh", "half_squared_error")
    return net.on(inputs - inputs.mean(axis=0), 2 * one_hot(draw.integers(10, size=100), 10)), net.init(draw)


def edge(lr: float, steps: int = 3000) -> tuple[float, float]:
    """Median sharpness of the last third over 2 / lr, and the share of steps on which the loss rises."""
    data, start = edge_of_stability(0)
    look = sharpness_monitor(data, every=50, vectors=25)
    run = descend(data, start, lr, steps=steps, keep="last", monitor=look)
    measured = np.array([value for t, value in run.metrics["sharpness"] if t > 2 * steps / 3])
    return float(np.median(measured) * lr / 2), float((np.diff(run.loss) > 0).mean())


def rare_features(rule, batch_rates) -> float:
    """Excess loss with ten common and 200 rare features, the best of the rates, median of five seeds."""
    ends = []
    for seed in range(5):
        draw = np.random.default_rng(seed)
        inputs = np.hstack([3 * draw.standard_normal((4000, 10)), draw.random((4000, 200)) < 0.005])
        targets = inputs.sum(axis=1) + 0.1 * draw.standard_normal(4000)
        net = linear_regression(210)
        data = net.on(inputs, targets, batch_size=1)
        run = descend(data, net.init(0), batch_rates, optimizer=rule, steps=4000, keep="last", rng=draw)
        away = run.final[..., :210] - 1
        variances = np.r_[np.full(10, 9.0), np.full(200, 0.005)]
        ends.append(np.nanmin(np.sum(variances * away**2, axis=-1) / 2))
    return float(np.median(ends))


def stopped_at_equal_loss() -> np.ndarray:
    """Test accuracy where the training loss first reaches .05, for rates .03 and .3: (2, 5 seeds)."""
    net, rates, epochs, found = mlp((64, 128, 10)), np.array([0.03, 0.3]), 700, []
    for seed in range(5):
        draw = np.random.default_rng(seed)
        order = draw.permutation(len(DIGITS.train.inputs))[:300]
        inputs, targets = DIGITS.train.inputs[order], DIGITS.train.targets[order]
        wrong = draw.random(300) < 0.2  # redrawn from all ten, so that about 18 % become wrong
        targets = np.where(wrong, draw.integers(10, size=300), targets)
        data = net.on(inputs, targets, batch_size=16)

        def look(t, params, data=data):
            if t % data.steps_per_epoch == 0:
                return {"loss": data.evaluate(params)["loss"], "test": net.evaluate(params, *DIGITS.test)["accuracy"]}

        steps = epochs * data.steps_per_epoch
        run = descend(data, net.init(seed), rates, steps=steps, keep="last", monitor=look, rng=draw)
        loss, test = (np.array([value for _, value in run.metrics[name]]) for name in ("loss", "test"))
        reached = loss <= 0.05
        assert reached.any(axis=0).all()
        found.append(test[reached.argmax(axis=0), [0, 1]])
    return np.transpose(found)


def lead_of_the_higher_rate() -> float:
    """Mean paired lead in test accuracy of rate .3 over rate .03 at equal training loss."""
    low, high = stopped_at_equal_loss()
    return float((high - low).mean())


def narrowing() -> float:
    """2 / lambda at initialisation, width 32 over width 2,048; lambda of the Gauss-Newton matrix, one hidden layer."""
    limits = []
    for width in (32, 2048):
        net = mlp((64, width, 10), "tanh", "half_squared_error")
        start, inputs = net.init(0), CENTRED[:100]
        # where the targets are the net's own outputs, the Hessian is the Gauss-Newton matrix
        data = net.on(inputs, net.predict(start, inputs))
        limits.append(2 / sharpness(data, start, seed=0)[0])
    return float(limits[0] / limits[1])


def untuned(rule, lr) -> float:
    """Training loss of softmax on 1,000 digits after 1,500 steps of batch 32."""
    net = softmax(64, 10)
    inputs, targets = DIGITS.train.inputs[:1000], DIGITS.train.targets[:1000]
    data = net.on(inputs, targets, batch_size=32)
    run = descend(data, net.init(0), lr, optimizer=rule, steps=1500, keep="last", rng=np.random.default_rng(0))
    return float(net.evaluate(run.final, inputs, targets)["loss"])


def catapult(c: float) -> float:
    """Final sharpness over the first, median of five starts."""
    f, ends = uv_product(target=0.0, n=1000), []
    for seed in range(5):
        start = np.random.default_rng(seed).standard_normal(2000)
        first = start @ start / 1000
        run = descend(f, start, c / first, steps=2000, keep="last")
        ends.append(run.final @ run.final / 1000 / first)
    return float(np.median(ends))


def hits(kind: str, trials: int, window: float) -> float:
    """Share of searches whose trials fall within `window` of a good value on the one axis that matters."""
    draw = np.random.default_rng(0)
    good = draw.uniform(window / 2, 1 - window / 2, 20_000)
    if kind == "grid":
        side = round(trials**0.5)
        points = np.broadcast_to((np.arange(side) + 0.5) / side, (len(good), side))
    else:
        points = draw.random((len(good), trials))
    return float((np.abs(points - good[:, None]) <= window / 2).any(axis=1).mean())


WIDE = np.logspace(-4, 1, 21)
ROWS = [
    Row("best rate, digits MLP, SGD (15)", 0.3, 2, lambda: best_rate(optimizers.sgd())),
    Row("best rate, digits MLP, momentum .9 (15)", 0.03, 0.32, lambda: best_rate(optimizers.sgd(0.9))),
    Row("best rate, digits MLP, Adam (15)", 0.003, 0.04, lambda: best_rate(optimizers.adam())),
    Row("schedules on a small network: spread of their errors, %", 0, 0.6, schedules_tie),
    Row("range test: minimum of the smoothed loss", 1.2, 2.1, range_minimum),
    Row("range test: best constant rate", 1.6, 1.6, best_constant),
    Row("edge of stability, lr .1: sharpness over 2 / lr", 1.0, 1.03, lambda: edge(0.1)[0]),
    Row("edge of stability, lr .2: sharpness over 2 / lr", 1.0, 1.03, lambda: edge(0.2)[0]),
    Row("edge of stability, lr .3: sharpness over 2 / lr", 1.0, 1.03, lambda: edge(0.3)[0]),
    Row("edge of stability, lr .2: share of steps that rise", 0.3, 0.45, lambda: edge(0.2)[1]),
    Row("too high and overfitting: lead of .3 over .03 at equal loss (6)", 0.0, 0.06, lead_of_the_higher_rate),
    Row("2 / lambda, width 32 over width 2,048 (14)", 4, 40, narrowing),
    Row("rare features: SGD's excess loss", 0.3, 1.3, lambda: rare_features(optimizers.sgd(), WIDE)),
    Row("rare features: Adagrad's", 0.004, 0.03, lambda: rare_features(optimizers.adagrad(), WIDE)),
    Row("rare features: Adam's", 0.008, 0.04, lambda: rare_features(optimizers.adam(), WIDE)),
    Row("softmax on digits: SGD .001", 1.9, 2.1, lambda: untuned(optimizers.sgd(), 0.001), quick=True),
    Row("softmax on digits: SGD 1", 0.04, 0.09, lambda: untuned(optimizers.sgd(), 1.0), quick=True),
    Row("softmax on digits: Adam .001", 0.28, 0.4, lambda: untuned(optimizers.adam(), 0.001), quick=True),
    Row("softmax on digits: Prodigy", 0.00001, 0.02, lambda: untuned(optimizers.prodigy(), 1.0), quick=True),
    Row("softmax on digits: DoG", 0.01, 0.08, lambda: untuned(optimizers.dog(), 1.0), quick=True),
    Row("softmax on digits: D-Adaptation (SGD)", 0.02, 0.5, lambda: untuned(optimizers.dadapt_sgd(), 1.0), quick=True),
    Row("catapult, c 1.9", 0.95, 1.0, lambda: catapult(1.9), quick=True),
    Row("catapult, c 2.5", 0.45, 0.56, lambda: catapult(2.5), quick=True),
    Row("catapult, c 3", 0.04, 0.11, lambda: catapult(3.0), quick=True),
    Row("grid of 9, window .1", 0.3, 0.37, lambda: hits("grid", 9, 0.1), quick=True),
    Row("random 9, window .1", 0.58, 0.65, lambda: hits("random", 9, 0.1), quick=True),
    Row("grid of 25, window .2", 0.99, 1.0, lambda: hits("grid", 25, 0.2), quick=True),
    Row("random 25, window .2", 0.98, 1.0, lambda: hits("random", 25, 0.2), quick=True),
]


def main() -> int:
    """Print every row as it comes; 1 if one is outside what is expected."""
    wrong = 0
    for row in ROWS:
        got = row.got()
        fine = row.low <= got <= row.high
        wrong += not fine
        verdict = "" if fine else "   WRONG"
        print(f"{row.name:<68} expected {row.low:g} to {row.high:g}   got {got:.4g}{verdict}", flush=True)
    print("every row is as expected" if not wrong else f"{wrong} of {len(ROWS)} rows are not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
