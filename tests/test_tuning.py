"""Range test, grid and random search: against loops written out, closed forms, and files cut at every byte."""

import json
import math
import re
import subprocess
import sys
import types
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrlab import descend, optimizers, schedules
from lrlab.datasets import digits
from lrlab.models import mlp
from lrlab.objectives import noisy, parabola, quadratic, rosenbrock
from lrlab.tuning import (
    READINGS,
    choice,
    expected_best,
    grid_search,
    linear,
    log,
    progress,
    random_search,
    range_test,
    smoothed,
    sweep,
)
from lrlab.tuning.ranges import blown_up, reading
from lrlab.tuning.seeds import quantile
from lrlab.tuning.space import combinations as crossed
from lrlab.tuning.space import grid_values, random_points, space_of

NOISY = noisy(quadratic((0.1, 1.0)), 0.3)
STEEPEST, TENTH, QUARTER = READINGS


def bowl(lr, seed):
    """Best at lr 0.01, with some luck of the seed; diverges above 0.5."""
    luck = np.random.default_rng((seed, int(1e6 * lr))).uniform(0, 0.1)
    return np.inf if lr > 0.5 else abs(math.log10(lr) + 2) + luck


def same(a, b):
    """Whether two searches are the same to the last bit."""
    return (
        a.configurations == b.configurations
        and a.chosen == b.chosen
        and all(
            np.array_equal(getattr(a, f), getattr(b, f), equal_nan=True)
            for f in ("scores", "median", "low", "high", "seeds")
        )
    )


# ---- the range test


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0, 0.99))
@settings(deadline=None)
def test_smoothing_is_the_weighted_mean_whose_weights_sum_to_one(loss, beta):
    t = len(loss) - 1
    weights = beta ** np.arange(t, -1.0, -1.0)
    assert smoothed(loss, beta)[-1] == pytest.approx(weights @ loss / weights.sum(), rel=1e-9, abs=1e-9)


def test_smoothing_keeps_the_axes_and_ends_with_the_first_nan():
    out = smoothed(np.array([[1.0, 2.0], [np.nan, 2.0], [1.0, 2.0]]), 0.5)
    assert np.isnan(out[:, 0]).tolist() == [False, True, True]
    assert out[:, 1].tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_range_test_is_descend_with_a_rising_schedule(scale):
    lr = {"log": np.geomspace, "linear": np.linspace}[scale](0.001, 5.0, 60)
    test = range_test(NOISY, [1.0, 2.0], 0.001, 5.0, 60, scale=scale, seeds=[3, 8], optimizer=optimizers.adam())
    assert np.allclose(test.lr, lr, rtol=1e-14)
    for s, seed in enumerate((3, 8)):
        rng, params, state, seen = np.random.default_rng(seed), np.array([1.0, 2.0]), None, []
        rule = optimizers.adam()
        state = rule.init(params)
        for t in range(61):
            loss, grad = NOISY.value_and_grad(params, t, rng)
            seen.append(loss)
            if t < 60:
                direction, state = rule.direction(grad, params, state, t, test.lr[t : t + 1])
                params = params - test.lr[t] * direction
        assert test.loss[:, s].tolist() == seen[1:]
    assert np.array_equal(test.smooth, smoothed(test.loss))
    assert test.loss.shape == test.smooth.shape == (60, 2)


@pytest.mark.parametrize(
    ("curve", "end"),
    [
        ([1.0, 1.0, 0.9, 0.5, 0.2, 0.7, 0.81, 3.0], 6),  # four times the lowest
        ([1.0, 1.0, 0.9, 0.5, 0.3, 0.7, 0.9, 0.9], 6),  # a dead net: three quarters of the gain are lost
        ([1.0, 1.0, 0.9, 0.6, 0.9, 1.0, 1.0, 1.0], 8),  # too little gained to be gambled away
        ([1.0, 1.0, 0.9, 0.5, np.nan, np.nan, np.nan, np.nan], 4),
        ([1.0, 1.0, 0.9, 0.5, np.inf, 0.5, 0.5, 0.5], 4),
        ([1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 8),
        ([-1.0, -1.0, -1.5, -2.0, -2.1, -2.2, -2.0, -1.0], 7),  # below 0, where four times the lowest means nothing
        ([-1.0, -1.0, -1.1, -1.2, -1.3, -1.3, -1.2, 3.0], 7),
    ],
)
def test_where_a_curve_blows_up(curve, end):
    assert blown_up(np.array(curve), 4.0, 1) == end


def test_the_three_readings_of_a_known_curve():
    lr = np.geomspace(1e-4, 1.0, 41)  # ten a decade
    smooth = np.interp(np.log10(lr), [-4, -3, -2, -1, 0], [1.0, 0.9, 0.2, 0.1, 0.5])
    rates = {name: read(lr, smooth, 0.8) for name, read in READINGS.items()}
    assert 1e-3 <= rates[STEEPEST] < 1e-2
    assert rates[TENTH] == pytest.approx(0.01)
    assert rates[QUARTER] == pytest.approx(0.2)
    rising = {name: read(lr, smooth[::-1] * 0 + np.arange(41.0), np.nan) for name, read in READINGS.items()}
    assert all(np.isnan(rate) for rate in rising.values())


@pytest.mark.parametrize("largest", [1.0, 30.0, 1000.0])
def test_with_noise_the_border_is_found_within_a_factor_of_two(largest):
    objective = noisy(quadratic((largest / 10, largest)), 0.3 * largest)
    test = range_test(objective, [1.0, 1.0], 1e-3 / largest, 10.0 / largest, seeds=8)
    edge = 2 / largest
    assert edge / 2 < np.median(test.blow_up) < 2 * edge
    assert edge / 8 < test.rates[QUARTER] < edge / 2
    assert test.rates[QUARTER] == np.median(test.readings[QUARTER])


def test_without_noise_it_is_found_too_late():
    test = range_test(quadratic((1.0, 25.0)), [1.0, 1.0], 1e-3, 10.0, seeds=1)
    assert 5 < test.blow_up[0] / (2 / 25) < 7


def test_the_readings_stand_beside_the_curve():
    test = range_test(NOISY, lambda rng: rng.standard_normal(2), seeds=4)
    assert len({*test.loss[0]}) == 4  # every seed has a start of its own
    for s in range(4):
        end = int(test.stop[s])
        assert test.blow_up[s] == test.lr[end]
        assert test.minimum[s] == test.lr[10 + test.smooth[10:end, s].argmin()]
        assert test.readings[TENTH][s] == test.minimum[s] / 10
        assert test.readings[STEEPEST][s] < test.minimum[s]
    assert test.warnings == ()


def test_no_rate_is_read_where_the_average_has_only_begun():
    lr = np.geomspace(1e-4, 1.0, 41)
    curve = np.interp(np.log10(lr), [-4, -2, -1, 0], [1.0, 0.9, 0.5, 0.6])
    curve[:3] = 0.9, 0.1, 0.05  # one lucky minibatch, on its own
    test = reading(lr, curve[:, None], curve[:, None], np.array([41]), 10)
    assert test.minimum[0] == pytest.approx(0.1)
    assert test.readings[STEEPEST][0] >= 0.009


def test_what_a_range_test_cannot_see_it_says():
    early = range_test(parabola(), [1.0], 1e-5, 1e-3, seeds=2)
    assert np.isnan(early.blow_up).all()
    assert np.isnan(early.rates[QUARTER])
    assert early.stop.tolist() == [200, 200]
    assert early.warnings == ("2 of 2 runs did not blow up: end above high = 0.001",)
    late = range_test(parabola(), [1.0], 100.0, 1e4, seeds=1)
    assert all(np.isnan(rate) for rate in late.rates.values())
    assert late.warnings == ("1 of 1 runs blew up at once: begin below low = 100",)
    assert np.isnan(late.loss[-1, 0])  # diverged, and nobody warned


def test_a_range_test_can_go_on_from_a_run():
    trunk = descend(parabola(), [1.0], 0.1, steps=7)
    test = range_test(parabola(), trunk, 0.01, 1.0, seeds=1)
    assert test.loss[0, 0] == pytest.approx(0.5 * (0.9**7 * 0.99) ** 2)


@pytest.fixture(scope="module")
def centred():
    """science.md's set-up: pixels / 16 - .3, an MLP 64-64-10, batches of 32."""
    data, net = digits(), mlp((64, 64, 10), activation="tanh")
    return net, net.on(data.train.inputs - 0.3, data.train.targets, 32), data


def test_on_digits_a_tenth_of_the_minimum_is_ten_times_too_careful(centred):
    net, objective, data = centred
    test = range_test(objective, net.init)
    assert ((test.minimum > 1.2) & (test.minimum < 2.0)).all()
    assert ((test.blow_up > 2.2) & (test.blow_up < 4.0)).all()
    rates = 0.1 * 2.0 ** np.arange(1, 6)

    def train_loss(run):
        return net.evaluate(run.final, data.train.inputs - 0.3, data.train.targets)["loss"]

    search = sweep(objective, net.init, rates, steps=300, score=train_loss)
    assert rates[search.scores.argmin(axis=0)].tolist() == [1.6] * 5
    assert 8 < search.chosen["lr"] / test.rates[TENTH] < 13
    assert 1 < search.chosen["lr"] / test.rates[QUARTER] < 3
    assert search.warnings == ()


# ---- what is searched


def test_axes_give_their_values():
    assert log(1e-3, 1.0, 4).grid() == pytest.approx([1e-3, 1e-2, 1e-1, 1.0], rel=1e-14)
    assert linear(-1.0, 1.0).grid(5) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert log(0.01, 1.0).grid(1) == [pytest.approx(0.1)]
    assert choice(np.array([16, 32])).grid() == [16, 32]
    assert [type(v) for v in choice(np.array([16, 32])).grid()] == [int, int]  # JSON knows no NumPy numbers
    assert space_of({"lr": (1e-3, 1.0)})["lr"] == log(1e-3, 1.0)


@pytest.mark.parametrize(
    ("space", "runs", "shape"),
    [
        ({"a": (1, 2), "b": (1, 2)}, 9, (3, 3)),
        ({"a": (1, 2), "b": (1, 2)}, 12, (4, 3)),
        ({"a": (1, 2), "b": (1, 2)}, 3, (2, 1)),
        ({"a": (1, 2), "b": (1, 2), "c": (1, 2)}, 27, (3, 3, 3)),
        ({"a": (1, 2), "b": log(1, 2, 3), "c": choice(["x", "y"])}, 26, (4, 3, 2)),
        ({"a": log(1, 2, 2), "b": log(1, 2, 3)}, None, (2, 3)),
    ],
)
def test_a_grid_spends_the_budget_evenly(space, runs, shape):
    points = crossed(grid_values(space_of(space), runs))
    assert tuple(len({p[name] for p in points}) for name in space) == shape
    assert len(points) == np.prod(shape)
    assert len({tuple(p.values()) for p in points}) == len(points)


def test_random_points_are_uniform_in_their_scale():
    space = space_of({"a": (1e-5, 1.0), "b": linear(-2.0, 2.0), "c": choice(["x", "y", "z"])})
    points = random_points(space, 20_000, np.random.default_rng(0))
    decades = np.log10([p["a"] for p in points])
    assert np.histogram(decades, 5, (-5, 0))[0] == pytest.approx([4000] * 5, rel=0.06)
    assert np.histogram([p["b"] for p in points], 4, (-2, 2))[0] == pytest.approx([5000] * 4, rel=0.06)
    assert np.unique([p["c"] for p in points], return_counts=True)[1] == pytest.approx([6667] * 3, rel=0.06)
    assert abs(np.corrcoef(decades, [p["b"] for p in points])[0, 1]) < 0.02
    assert random_points(space, 5, np.random.default_rng(0)) == points[:5]


def test_a_linear_scale_wastes_the_runs():
    """science.md, row 16: measured there .022 and .459; exactly .0210 and .4626."""
    window = 10 ** (math.log10(3e-3) + np.array([-1, 1]) / 6)
    repeats, hit = 5000, {}
    for name, axis, share in (
        ("uniform", linear(1e-5, 1.0), np.ptp(window) / (1 - 1e-5)),
        ("log", log(1e-5, 1.0), 1 / 15),
    ):
        points = random_points({"lr": axis}, 9 * repeats, np.random.default_rng(1))
        lr = np.array([p["lr"] for p in points])
        if name == "uniform":
            assert (lr > 0.1).mean() == pytest.approx(0.9, abs=0.005)
        inside = ((lr > window[0]) & (lr < window[1])).reshape(repeats, 9).any(axis=1)
        hit[name] = 1 - (1 - share) ** 9
        assert inside.mean() == pytest.approx(hit[name], abs=4 * math.sqrt(hit[name] * (1 - hit[name]) / repeats))
    assert hit["uniform"] == pytest.approx(0.022, abs=0.002)
    assert hit["log"] == pytest.approx(0.459, abs=0.005)


@pytest.mark.parametrize(("side", "width", "grid", "drawn"), [(3, 0.1, 0.33, 0.61), (5, 0.2, 1.0, 0.996)])
def test_grid_against_random_where_one_of_two_axes_matters(side, width, grid, drawn):
    """A window that lies wholly in [0, 1]; the grid's points in the middle of their cells."""
    middle = 1 / (2 * side)
    best = np.linspace(width / 2, 1 - width / 2, 2001)[:, None]
    axis = linear(middle, 1 - middle, side)
    points = np.array([p["matters"] for p in crossed(grid_values({"matters": axis, "idle": axis}, None))])
    assert (np.abs(points - best) <= width / 2 + 1e-9).any(axis=1).mean() == pytest.approx(grid, abs=0.005)
    axis, rng = linear(0.0, 1.0), np.random.default_rng(0)
    draws = [random_points({"matters": axis, "idle": axis}, side**2, rng) for _ in range(2000)]
    values = np.array([[p["matters"] for p in points] for points in draws])
    target = rng.uniform(width / 2, 1 - width / 2, (2000, 1))
    assert (np.abs(values - target) <= width / 2).any(axis=1).mean() == pytest.approx(drawn, abs=0.035)
    assert 1 - (1 - width) ** side**2 == pytest.approx(drawn, abs=0.003)


# ---- searches


def test_every_configuration_is_run_with_every_seed():
    asked = []

    def train(lr, momentum, seed):
        asked.append((lr, momentum, seed))
        return lr + momentum * seed

    search = grid_search(train, {"lr": choice([1.0, 2.0]), "momentum": linear(0.0, 1.0, 3)}, seeds=[5, 7, 9])
    assert asked == [(*values, s) for values in product([1.0, 2.0], [0.0, 0.5, 1.0]) for s in (5, 7, 9)]
    assert search.scores.tolist() == [[lr + m * s for s in (5, 7, 9)] for lr in (1.0, 2.0) for m in (0.0, 0.5, 1.0)]
    assert search.seeds.tolist() == [5, 7, 9]
    assert np.array_equal(search.median, np.median(search.scores, axis=1))
    assert np.array_equal(search.low, np.quantile(search.scores, 0.25, axis=1))
    assert np.array_equal(search.high, np.quantile(search.scores, 0.75, axis=1))
    assert search.values("momentum").tolist() == [0.0, 0.5, 1.0] * 2
    wide = grid_search(train, {"lr": choice([1.0]), "momentum": linear(0.0, 1.0, 3)}, seeds=[5, 7, 9], band="range")
    assert wide.low.tolist() == wide.scores.min(axis=1).tolist()
    assert wide.high.tolist() == wide.scores.max(axis=1).tolist()


def test_one_lucky_run_does_not_win():
    search = grid_search(lambda lr, seed: -9.0 if (lr, seed) == (1.0, 3) else lr, {"lr": choice([1.0, 0.5])})
    assert search.scores.min() == search.scores[0, 3] == -9.0
    assert search.chosen == {"lr": 0.5}


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.inf), min_size=1, max_size=9), st.sampled_from([0, 0.25, 0.5, 1]))
@settings(deadline=None)
def test_quantiles_of_runs_that_may_have_diverged(values, q):
    finite = np.where(np.isinf(values), 1e200, values)
    expected = float(np.quantile(finite, q))
    got = quantile(np.array(values), q)
    assert got == (math.inf if expected > 1e150 else pytest.approx(expected, rel=1e-12, abs=1e-9))


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_diverged_runs_rank_last(lost):
    search = grid_search(lambda lr, seed: lost if lr > 1 or seed > 2 else lr, {"lr": choice([0.1, 0.5, 2.0])}, seeds=5)
    assert search.scores[:, 3:].tolist() == [[np.inf] * 2] * 3
    assert search.median.tolist() == [0.1, 0.5, np.inf]
    assert search.high.tolist() == [np.inf] * 3
    assert search.chosen == {"lr": 0.1}
    nothing = grid_search(lambda lr, seed: lost, {"lr": choice([0.1, 0.5])})
    assert (nothing.best, nothing.chosen) == (None, None)
    assert nothing.warnings == ("every configuration diverged: lower the rates",)


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ({"lr": log(1e-4, 1.0, 5)}, ()),
        ({"lr": log(1e-4, 1e-2, 3)}, ("the best lr, 0.01, is the largest you tried: widen the search upwards",)),
        ({"lr": log(1e-2, 1.0, 3)}, ("the best lr, 0.01, is the smallest you tried: widen the search downwards",)),
        ({"lr": choice([0.001, 0.005])}, ("the best lr, 0.005, is the largest you tried: widen the search upwards",)),
        ({"lr": choice([0.01])}, ()),
    ],
)
def test_the_edge_of_the_grid_is_named(space, said):
    assert grid_search(bowl, space).warnings == said


def test_a_choice_of_names_has_no_edge():
    search = grid_search(lambda rule, seed: len(rule), {"rule": choice(["adam", "adadelta", "adagrad"])})
    assert search.chosen == {"rule": "adam"}
    assert search.warnings == ()


def test_random_search_draws_the_same_whatever_was_run_before():
    np.random.default_rng(0).random(100)
    few = random_search(bowl, {"lr": (1e-5, 1.0)}, 15)
    np.random.seed(7)  # noqa: NPY002
    many = random_search(bowl, {"lr": (1e-5, 1.0)}, 100)
    assert few.configurations == many.configurations[:3]
    assert random_search(bowl, {"lr": (1e-5, 1.0)}, 17).scores.shape == (3, 5)  # a budget is not overdrawn
    other = random_search(bowl, {"lr": (1e-5, 1.0)}, 15, draw_seed=1)
    assert other.configurations != few.configurations
    assert abs(math.log10(many.chosen["lr"]) + 2) < 0.3


def test_random_search_in_three_dimensions_finds_what_rosenbrock_likes():
    def train(lr, momentum, rule, seed):
        rule = optimizers.sgd(momentum) if rule == "sgd" else optimizers.adam((momentum, 0.999))
        start = rosenbrock().start + np.random.default_rng(seed).normal(0, 0.1, 2)
        return descend(rosenbrock(), start, lr, optimizer=rule, steps=150, keep="last").loss[-1]

    space = {"lr": (1e-5, 1.0), "momentum": linear(0.0, 0.99), "rule": choice(["sgd", "adam"])}
    search = random_search(train, space, 120, seeds=3)
    assert search.scores.shape == (40, 3)
    assert np.isinf(search.median).any()  # too high for sgd
    assert search.median[search.best] < 0.05 < np.median(search.median[np.isfinite(search.median)])


# ---- all rates at once


@pytest.mark.parametrize("schedule", [None, lambda lr: schedules.cosine(lr, T_max=40)])
def test_a_sweep_is_the_runs_one_by_one(schedule):
    rates = log(0.01, 10.0, 7).grid()
    search = sweep(
        NOISY, lambda rng: rng.normal(0, 1, 2), rates, steps=40, seeds=[2, 4], schedule=schedule, optimizer=None
    )
    for b, lr in enumerate(rates):
        for s, seed in enumerate((2, 4)):
            rng = np.random.default_rng(seed)
            run = descend(NOISY, rng.normal(0, 1, 2), schedule(lr) if schedule else lr, steps=40, rng=rng)
            mean = run.loss[-4:].mean()
            assert search.scores[b, s] == (mean if np.isfinite(mean) else np.inf)
    alone = grid_search(
        lambda lr, seed: sweep(NOISY, [1.0, 1.0], [lr], steps=40, seeds=[seed], schedule=schedule).scores[0, 0],
        {"lr": choice(rates)},
        seeds=2,
    )
    assert np.array_equal(alone.scores, sweep(NOISY, [1.0, 1.0], rates, steps=40, seeds=2, schedule=schedule).scores)


def test_a_sweep_finds_the_best_rate_of_a_quadratic():
    search = sweep(quadratic((1.0, 100.0)), [1.0, 1.0], log(0.001, 0.1, 201), steps=400, seeds=1)
    assert search.chosen["lr"] == pytest.approx(2 / 101, rel=0.02)
    rates = search.values("lr")
    assert np.isinf(search.median[rates > 0.0215]).all()  # 1e12 is passed within 400 steps
    assert search.warnings == ()
    assert (np.diff(rates) > 0).all()
    short = sweep(quadratic((1.0, 100.0)), [1.0, 1.0], [0.01, 0.001], steps=400, seeds=1)
    assert short.values("lr").tolist() == [0.001, 0.01]
    assert "largest" in short.warnings[0]


def test_a_sweep_takes_another_score():
    search = sweep(parabola(), [1.0], [0.1, 1.0], score=lambda run: np.abs(run.final[..., 0]), steps=3, seeds=1)
    assert search.median == pytest.approx([0.9**3, 0.0])


# ---- interrupted, and gone on with


class Stops:
    """bowl, until Ctrl-C is pressed in run number `after`."""

    def __init__(self, after=10**9, error=KeyboardInterrupt):
        self.calls, self.after, self.error = 0, after, error

    def __call__(self, lr, seed):
        if self.calls == self.after:
            raise self.error
        self.calls += 1
        return bowl(lr, seed)


SPACE = {"lr": (1e-4, 1.0)}


@pytest.mark.parametrize("after", [0, 1, 7, 19])
@pytest.mark.parametrize("kind", ["grid", "random"])
def test_interrupted_and_resumed_equals_uninterrupted(tmp_path, kind, after):
    def search(train, **options):
        return (grid_search if kind == "grid" else random_search)(train, SPACE, 20, seeds=4, **options)

    path = tmp_path / "runs.jsonl"
    whole, part = search(bowl), search(Stops(after), resume=path)
    assert (~np.isnan(part.scores)).sum() == after
    assert part.warnings[0] == f"interrupted after {after} of 20 runs: call again with the same file"
    done = ~np.isnan(part.scores)
    assert np.array_equal(part.scores[done], whole.scores[done])
    assert len(path.read_text().splitlines()) == 1 + after
    rest = Stops()
    assert same(search(rest, resume=path), whole)
    assert rest.calls == 20 - after
    again = Stops(0)
    assert same(search(again, resume=path), whole)  # nothing is left to run


def test_interrupted_without_a_file_keeps_what_it_has_in_memory():
    part = random_search(Stops(11), SPACE, 20, seeds=4)
    assert (~np.isnan(part.scores)).sum(axis=1).tolist() == [4, 4, 3, 0, 0]
    assert part.best in (0, 1)  # the third has not had all its seeds
    assert np.isfinite(part.median[2])
    assert np.isnan(part.median[3:]).all()
    assert "give resume=" in part.warnings[0]


def test_a_configuration_that_lacks_seeds_cannot_win():
    calls = iter(range(8))

    def train(lr, seed):
        if next(calls) == 7:
            raise KeyboardInterrupt
        return lr

    part = grid_search(train, {"lr": choice([3.0, 2.0, 1.0])}, seeds=3)
    assert part.median.tolist() == [3.0, 2.0, 1.0]
    assert part.chosen == {"lr": 2.0}


def test_only_what_was_run_to_its_end_is_said_to_have_diverged():
    calls = iter(range(5))

    def train(lr, seed):
        if next(calls) == 4:
            raise KeyboardInterrupt
        return lr

    part = grid_search(train, {"lr": choice([np.inf, 1.0])}, seeds=3)
    assert part.median.tolist() == [np.inf, 1.0]
    assert part.chosen is None
    assert part.warnings[1] == "every configuration that was run to its end diverged: lower the rates"


def test_a_run_is_known_by_its_seed_not_by_its_place(tmp_path):
    path = tmp_path / "runs.jsonl"
    first = random_search(bowl, SPACE, 4, seeds=[5, 9], resume=path)
    assert [json.loads(line)["seed"] for line in path.read_text().splitlines()[1:]] == [5, 9, 5, 9]
    again = random_search(Stops(0), SPACE, 2, seeds=[9], resume=path)
    assert again.scores.tolist() == first.scores[:, 1:].tolist()


def test_an_error_in_training_is_not_swallowed_and_the_file_stays(tmp_path):
    path = tmp_path / "runs.jsonl"
    with pytest.raises(ZeroDivisionError):
        random_search(Stops(5, ZeroDivisionError), SPACE, 20, seeds=4, resume=path)
    assert same(random_search(bowl, SPACE, 20, seeds=4, resume=path), random_search(bowl, SPACE, 20, seeds=4))


def test_a_file_cut_at_any_byte_is_gone_on_with(tmp_path):
    path = tmp_path / "runs.jsonl"
    whole = random_search(bowl, SPACE, 4, seeds=2, resume=path)
    text = path.read_bytes()
    assert text.count(b"\n") == 5
    for cut in range(text.index(b"\n") + 1, len(text)):
        path.write_bytes(text[:cut])
        assert same(random_search(bowl, SPACE, 4, seeds=2, resume=path), whole)
        assert path.read_bytes() == text
    assert [p.name for p in tmp_path.iterdir()] == ["runs.jsonl"]


def test_a_file_grows_with_the_budget_and_the_seeds(tmp_path):
    path, more = tmp_path / "runs.jsonl", Stops()
    random_search(bowl, SPACE, 6, seeds=2, resume=path)
    search = random_search(more, SPACE, 20, seeds=4, resume=path)
    assert more.calls == 20 - 6
    assert same(search, random_search(bowl, SPACE, 20, seeds=4))
    fewer = Stops(0)
    assert same(random_search(fewer, SPACE, 6, seeds=2, resume=path), random_search(bowl, SPACE, 6, seeds=2))


def test_a_diverged_run_is_written_as_valid_json_and_read_back(tmp_path):
    path = tmp_path / "runs.jsonl"
    first = grid_search(lambda lr, seed: math.inf if lr > 1 else lr, {"lr": choice([0.5, 2.0])}, seeds=1, resume=path)
    lines = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert lines[2] == {"configuration": 1, "values": {"lr": 2.0}, "seed": 0, "score": None}
    assert same(grid_search(Stops(0), {"lr": choice([0.5, 2.0])}, seeds=1, resume=path), first)


def test_an_option_may_be_a_pair(tmp_path):
    space, path = {"betas": choice([(0.9, 0.999), [0.5, 0.9]])}, tmp_path / "runs.jsonl"
    first = grid_search(lambda betas, seed: sum(betas), space, seeds=1, resume=path)
    assert first.chosen == {"betas": [0.5, 0.9]}
    assert same(grid_search(Stops(0), space, seeds=1, resume=path), first)


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_sweep_resumes_too(tmp_path, cut):
    path = tmp_path / "runs.jsonl"
    options = {"steps": 20, "seeds": 2, "resume": path}
    whole = sweep(NOISY, [1.0, 1.0], [0.01, 0.1, 9.0], **options)
    text = path.read_text()
    path.write_text("".join(text.splitlines(keepends=True)[:cut]))
    assert same(sweep(NOISY, [1.0, 1.0], [0.01, 0.1, 9.0], **options), whole)
    assert path.read_text() == text
    with pytest.raises(ValueError, match="whose steps is 20 and not 30"):
        sweep(NOISY, [1.0, 1.0], [0.01, 0.1, 9.0], **(options | {"steps": 30}))


def test_a_sweep_that_is_interrupted_keeps_its_finished_seeds():
    calls = []

    def score(run):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run.loss[-1]

    part = sweep(NOISY, [1.0, 1.0], [0.01, 0.1], score=score)
    assert np.isnan(part.scores).tolist() == [[False, False, True, True, True]] * 2
    assert part.chosen is not None


def refused(tmp_path, text, match, **options):
    path = tmp_path / "runs.jsonl"
    path.write_text(text)
    with pytest.raises(ValueError, match=match) as error:
        random_search(Stops(0), **({"space": SPACE, "runs": 4, "seeds": 2, "resume": path} | options))
    assert "\n" not in str(error.value)
    assert path.read_text() == text  # nothing was lost


@pytest.mark.parametrize("text", ["shopping list\n", "shopping list", '{"a": 1}\n', "[1]\n", '"x"\ncut off', "3"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path, text):
    refused(tmp_path, text, "not a file of a search")


def test_a_file_of_other_settings_is_refused(tmp_path):
    path = tmp_path / "runs.jsonl"
    random_search(bowl, SPACE, 4, seeds=2, resume=path)
    text = path.read_text()
    refused(tmp_path, text, "whose draw_seed is 0 and not 1", draw_seed=1)
    refused(tmp_path, text, "whose space is .*0.0001.* and not .*1e-05", space={"lr": (1e-5, 1.0)})
    refused(tmp_path, text.replace("{", '{"steps": 9, ', 1), "whose steps is 9 and not None")
    refused(tmp_path, text.replace("configuration", "konfiguration"), "line 2 is no run")
    refused(tmp_path, text.replace('"lr": 0', '"lr": 1'), "line 2 ran")
    for wrong in ("NaN", "-Infinity", '"0.1"', "[0.1]"):
        refused(tmp_path, re.sub('"score": .*}', f'"score": {wrong}}}', text), "line 2 is no run")
    for wrong in ("0.5", "Infinity", '"0"', "true"):
        refused(tmp_path, re.sub('"seed": 0', f'"seed": {wrong}', text), "line 2 is no run")
    lines = text.splitlines(keepends=True)
    refused(tmp_path, "".join([*lines[:2], lines[2][:9] + "\n", *lines[3:]]), "line 3 is no run")
    path.write_text(text)
    with pytest.raises(ValueError, match="whose search is 'random' and not 'grid'"):
        grid_search(bowl, SPACE, 4, seeds=2, resume=path)


@pytest.mark.parametrize("name", [".", "missing/runs.jsonl", 3, True])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_run(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"^resume is '?{name}'?.*: give the name of a file") as error:
        grid_search(Stops(0), SPACE, 4, seeds=2, resume=name)
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_nothing_half_written_stays_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ValueError, match="No space left on device"):
        grid_search(bowl, SPACE, 4, seeds=2, resume=tmp_path / "runs.jsonl")
    assert not list(tmp_path.iterdir())


def test_what_json_cannot_hold_is_refused_before_anything_is_run(tmp_path):
    with pytest.raises(ValueError, match="which a file cannot hold"):
        grid_search(Stops(0), {"rule": choice([optimizers.sgd()])}, resume=tmp_path / "runs.jsonl")
    assert not list(tmp_path.iterdir())
    search = grid_search(lambda rule, seed: len(rule.name), {"rule": choice([optimizers.sgd(), optimizers.adam()])})
    assert search.chosen["rule"].name == "sgd"


# ---- progress


class Clock:
    """A second passes whenever somebody looks."""

    def __init__(self, pace):
        self.now, self.pace = 0.0, pace

    def monotonic(self):
        self.now += self.pace
        return self.now


def test_the_plain_bar(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(progress, "time", Clock(1.0))
    grid_search(bowl, {"lr": log(1e-4, 1e-2, 2)}, seeds=2, quiet=False)
    pictures = capsys.readouterr().err
    assert pictures.endswith("\n")
    first, *_, last = pictures.strip("\r\n").split("\r")
    assert first.rstrip() == "[######------------------] 1 of 4 runs, best 2.065, 3 s left"
    assert "4 of 4 runs" in last
    assert len(first) == len(last) == 79


def test_the_bar_is_silent_when_it_is_told_to_be_when_nobody_looks_and_when_it_is_quick(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    grid_search(bowl, SPACE, 20, quiet=False)  # over before the first second
    monkeypatch.setattr(progress, "time", Clock(1.0))
    grid_search(bowl, SPACE, 20)
    grid_search(bowl, SPACE, 20, quiet=True)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("book", "seen"), [("", True), ("1", False)])
def test_a_live_notebook_sees_the_bar_and_the_book_does_not(monkeypatch, book, seen):
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=object))
    monkeypatch.setenv("LRLAB_BOOK", book)
    assert progress.watched() is seen


def test_tqdm_is_used_where_it_is(monkeypatch, tmp_path):
    log_of = []

    class Fake:
        def __init__(self, **options):
            log_of.append(options)

        def set_postfix(self, **options):
            log_of.append(options["best"])

        def update(self, runs):
            log_of.append(runs)

        def close(self):
            log_of.append("closed")

    monkeypatch.setitem(sys.modules, "tqdm", types.SimpleNamespace(tqdm=Fake))
    grid_search(lambda lr, seed: lr, {"lr": choice([2.0, 1.0])}, seeds=1, quiet=False)
    assert log_of[0].items() >= {"total": 2, "initial": 0}.items()
    assert log_of[1:] == ["2", 1, "1", 1, "closed"]
    with pytest.raises(ZeroDivisionError):
        grid_search(Stops(0, ZeroDivisionError), SPACE, 5, quiet=False)
    assert log_of[-1] == "closed"
    for seeds in (1, 3):  # lr 1.0 diverges, and counts as run
        grid_search(bowl, {"lr": choice([0.1, 1.0])}, seeds=seeds, quiet=False, resume=tmp_path / "runs.jsonl")
    assert [options["initial"] for options in log_of if isinstance(options, dict)][-2:] == [0, 2]


# ---- what n runs can hope for


@pytest.mark.parametrize("scores", [[3.0, 1.0, 2.0, 2.0], [5.0], [1.0, np.inf, 4.0, -2.0, 0.5]])
def test_expected_best_is_the_mean_over_all_ways_to_choose(scores):
    for n in range(1, len(scores) + 1):
        ways = [min(way) for way in combinations(scores, n)]
        assert expected_best(scores, n) == pytest.approx(np.mean(ways), rel=1e-12)
        ways = [min(way) for way in product(scores, repeat=n)]
        assert expected_best(scores, n, replace=True) == pytest.approx(np.mean(ways), rel=1e-12)


def test_expected_best_of_many_runs():
    scores = np.random.default_rng(0).random(3000)
    for n in (1, 9, 100):
        assert expected_best(scores, n) == pytest.approx(1 / (n + 1), rel=0.15)  # of n uniform numbers
    assert expected_best(scores, 3000) == scores.min()
    assert expected_best([1.0, np.inf, np.nan], 2) == 1.0
    assert expected_best([1.0, np.inf, np.nan], 1) == np.inf
    assert expected_best([1.0, np.inf, np.nan], 1, diverged=3.0) == 2.0


# ---- bad input


def train(lr, seed):
    return lr


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: smoothed([1.0], 1.0), "smoothing holds 1:"),
        (lambda: smoothed(1.0), r"loss has shape \(\):"),
        (lambda: smoothed(["low"]), "loss is .*not a number:"),
        (lambda: range_test(parabola(), [1.0], scale=["log"]), "scale is .*:"),
        (lambda: range_test(parabola(), [1.0], 0.0), "low holds 0:"),
        (lambda: range_test(parabola(), [1.0], 1.0, 0.5), "high holds 0.5:"),
        (lambda: range_test(parabola(), [1.0], steps=5), "steps is 5:"),
        (lambda: range_test(parabola(), [1.0], scale="cubic"), "scale is 'cubic':"),
        (lambda: range_test(parabola(), [1.0], stop=1.0), "stop holds 1:"),
        (lambda: range_test(parabola(), [[1.0], [2.0]]), "start gives a batch"),
        (lambda: range_test(parabola(), [1.0], seeds=0), "seeds is 0:"),
        (lambda: range_test(parabola(), [1.0], seeds=[1, 1]), "seeds is "),
        (lambda: range_test(parabola(), [1.0], seeds=[]), "seeds is "),
        (lambda: log(0.0, 1.0), "low holds 0:"),
        (lambda: log(1.0, 1.0), "high holds 1:"),
        (lambda: linear(1.0, 0.0), "high holds 0:"),
        (lambda: log(0.1, 1.0, 0), "points is 0:"),
        (lambda: choice([]), "options is "),
        (lambda: choice("adam"), "options is 'adam'"),
        (lambda: choice({"adam", "sgd"}), "options is {"),
        (lambda: choice(np.array(3)), "options is "),
        (lambda: choice(np.eye(2)), "options is "),
        (lambda: log(0.1, 1.0).grid(), "points is None:"),
        (lambda: log(0.1, 1.0).grid(2.5), "points is 2.5:"),
        (lambda: grid_search(0.1, {"lr": (0.1, 0.2)}, 5), "train is 0.1:"),
        (lambda: grid_search(lambda lr, seed: np.eye(2), {"lr": (0.1, 0.2)}, 5), "train returned array"),
        (lambda: grid_search(lambda lr, seed: "0.1", {"lr": (0.1, 0.2)}, 5), "train returned '0.1'"),
        (lambda: grid_search(train, {"lr": (0.1, 0.2)}, 5, band=["range"]), "band is .*:"),
        (lambda: grid_search(train, {}), "space is {}"),
        (lambda: grid_search(train, [0.1]), "space is "),
        (lambda: grid_search(train, {"lr": [0.1, 0.2]}), r"space\['lr'\] is "),
        (lambda: grid_search(train, {"lr": (0.1, 0.2, 0.3)}), r"space\['lr'\] is "),
        (lambda: grid_search(train, {"seed": (0.1, 0.2)}, 5), "space holds 'seed'"),
        (lambda: grid_search(train, {"lr": (0.1, 0.2)}), "'lr' has no points"),
        (lambda: grid_search(train, {"lr": log(0.1, 0.2, 9)}, 20), "runs holds 4 configurations: this grid has 9"),
        (lambda: grid_search(train, {"lr": (0.1, 0.2)}, 4), "runs is 4:"),
        (lambda: grid_search(train, {"lr": (0.1, 0.2)}, 5, band="sigma"), "band is 'sigma':"),
        (lambda: grid_search(lambda lr, seed: None, {"lr": (0.1, 0.2)}, 5), "train returned None"),
        (lambda: grid_search(lambda lr, seed: [1, 2], {"lr": (0.1, 0.2)}, 5), r"train returned \[1, 2\]"),
        (lambda: random_search(train, {"lr": (0.1, 0.2)}, 5, draw_seed=-1), "draw_seed is -1:"),
        (lambda: random_search(train, {"lr": (0.1, 0.2)}, 2.5), "runs is 2.5:"),
        (lambda: sweep(parabola(), [1.0], log(0.1, 1.0)), "lr is an axis without points"),
        (lambda: sweep(parabola(), [1.0], [0.1, -1.0]), "lr holds -1:"),
        (lambda: sweep(parabola(), [1.0], 0.1), "lr has shape"),
        (lambda: sweep(parabola(), [1.0], []), "lr has shape"),
        (lambda: sweep(parabola(), [1.0], [0.1], steps=0), "steps is 0:"),
        (lambda: sweep(parabola(), [1.0], [0.1, 0.2], score=lambda run: 1.0), "score gave shape"),
        (lambda: sweep(parabola(), [1.0], [0.1, 0.2], score=lambda run: ["low", "high"]), "score is .*not a number:"),
        (lambda: sweep(parabola(), [1.0], [0.1, 0.2], schedule=lambda lr: 0.1), r"start and schedule give runs of .*:"),
        (lambda: sweep(parabola(), [[[1.0]]] * 3, [0.1, 0.2]), r"start and schedule give runs of shape \(3, 2\)"),
        (lambda: expected_best(["low"], 1), "scores is .*not a number:"),
        (lambda: expected_best([1.0], 2), "n is 2:"),
        (lambda: expected_best([1.0], 0), "n is 0:"),
        (lambda: expected_best([np.nan], 1), "scores holds nothing"),
        (lambda: expected_best([np.inf], 1, diverged=np.inf), "diverged holds inf:"),
    ],
)
def test_bad_input_gets_one_sentence(call, match):
    with pytest.raises(ValueError, match=match) as error:
        call()
    assert "\n" not in str(error.value)


def test_importing_it_loads_no_more_than_numpy():
    code = "import sys, lrlab.tuning; print(*{'numpy.random', 'matplotlib', 'tqdm', 'IPython'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not done.stdout.split()
