"""The rules from papers: against their authors' packages, step by step by hand, and what each of them promises."""

from collections import Counter
from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_properties import Scaled

from lrlab import descend
from lrlab.book import parity
from lrlab.objectives import noisy, parabola, quadratic
from lrlab.optimizers import (
    OPTIMIZERS,
    adam_hd,
    dadapt_adam,
    dadapt_sgd,
    dog,
    lion,
    prodigy,
    schedule_free_adamw,
    schedule_free_sgd,
    sgd,
    sgd_hd,
)

CASES = parity.load(Path(__file__).parent / "references" / "papers.npz", parity.Path2D)
NAMES = (
    "lion",
    "dog",
    "dadapt_sgd",
    "dadapt_adam",
    "prodigy",
    "schedule_free_sgd",
    "schedule_free_adamw",
    "sgd_hd",
    "adam_hd",
)
DISTANCE = {"dadapt_sgd": 3, "dadapt_adam": 4, "prodigy": 5}  # where in its state a rule keeps d
TINY = 1e-300  # an eps that must be above 0 and changes nothing


class Slopes:
    """f_t(x) = slopes[t] * x: gradients as one pleases, wherever the run is."""

    def __init__(self, *slopes):
        self.slopes = (*slopes, 0.0)  # descend asks once more at the last point

    def value_and_grad(self, params, t=0, rng=None):
        return self.slopes[t] * params[..., 0], np.full_like(params, self.slopes[t])


class Away:
    """f(x) = sum_i abs(x_i - target_i): convex, and its gradient says nothing about the distance."""

    def __init__(self, target):
        self.target = np.asarray(target)

    def value_and_grad(self, params, t=0, rng=None):
        away = params - self.target
        return np.sum(np.abs(away), axis=-1), np.sign(away)


def on_noise(rule, lr, runs=400, steps=2000):
    """Mean loss of many runs at the end of their way down the noisy parabola from 5."""
    options = {"optimizer": rule, "steps": steps, "keep": "last", "rng": np.random.default_rng(0)}
    return descend(noisy(parabola(), shared=False), np.full((runs, 1), 5.0), lr, **options).loss[-1].mean()


# Against other people's code


@pytest.mark.parametrize(
    ("case", "theirs"), CASES, ids=[f"{case.optimizer}-{case.problem}-{case.setting}" for case, _ in CASES]
)
def test_agrees_with_the_source(case, theirs):
    assert parity.error(parity.our_path(case, len(theirs) - 1), theirs) <= case.bound


def test_every_rule_is_tried_with_several_settings_on_every_problem():
    tried = Counter((case.optimizer, case.problem) for case, _ in CASES)
    assert set(tried) == {(name, problem) for name in NAMES for problem in ("quadratic", "rosenbrock", "beale")}
    assert min(tried.values()) >= 2
    assert all(len(theirs) == 101 for _, theirs in CASES)


def test_a_bound_above_the_usual_one_is_only_for_a_run_that_amplifies_rounding():
    for case, _ in CASES:
        assert case.bound == parity.BOUND or (case.rounding > 1e-13 and case.bound == 10 * case.rounding)
    assert sum(case.bound > parity.BOUND for case, _ in CASES) <= 4


# By hand, in fractions


@pytest.mark.parametrize(
    ("rule", "objective", "start", "lr", "path"),
    [
        # 1/2 * 1/2 + 1/2 * -1 is below 0: the sign turns although half of the memory says no
        (lion(betas=(0.5, 0.5)), parabola(), 1, 2.0, [1, -1, 1]),
        # 9/10 * 1/2 - 1/10 is above 0: the memory outvotes the gradient of -1
        (lion(betas=(0.9, 0.5)), parabola(), 1, 2.0, [1, -1, -3]),
        (lion(weight_decay=0.5), Slopes(1), 1, 0.5, [1, F(1, 4)]),
        # |g_0|, |g_0 g_1|, |g_0 g_1 g_2| are 3, 5, 13 and the distance is 1, 1, 9/5
        (dog(reps_rel=1, eps=0), Slopes(3, 4, 12), 0, 1.0, [0, -1, F(-9, 5), F(-45, 13)]),
        (dog(reps_rel=1, eps=16), Slopes(3), 2, 0.5, [2, F(11, 10)]),
        # the first rate is init_eta whatever lr is, the second lr * (3/2) / 5
        (dog(init_eta=0.5, eps=0), Slopes(3, 4), 0, 0.5, [0, F(-3, 2), F(-21, 10)]),
        # shares 1, 2/3, 2/4 of -1, -9/5, -45/13
        (
            dog(reps_rel=1, eps=0, averaging=1),
            Slopes(3, 4, 12),
            0,
            1.0,
            [0, -1, F(-23, 15), (F(-23, 15) + F(-45, 13)) / 2],
        ),
        # d is 1, 1, 4/3, 16/5 and s 1, 3, 5, 13
        (dadapt_sgd(d0=1), Slopes(2, 4, 3, 5), 0, 1.0, [0, -1, -3, -5, -13]),
        (dadapt_sgd(d0=1, momentum=0.5), Slopes(2, 4, 3, 5), 0, 1.0, [0, F(-1, 2), F(-7, 4), F(-27, 8), F(-131, 16)]),
        # growth_rate 5/4 holds d at 1, 1, 5/4, so the third step is 5/8 * 3
        (dadapt_sgd(d0=1, growth_rate=1.25), Slopes(2, 4, 3), 0, 1.0, [0, -1, -3, F(-39, 8)]),
        # the sign alone is left; s 2, 5, 17/2 and n 0, 4, 14: d 1, 1, 1, 28/17
        (
            prodigy(betas=(0, 0), beta3=0.5, d0=1, eps=TINY),
            Slopes(2, 4, 6, 1),
            0,
            1.0,
            [0, -1, -2, -3, F(-79, 17)],
        ),
        # growth_rate lets d leave d0 freely, for 28/17, and then holds it at 5/4 of that, 35/17
        (
            prodigy(betas=(0, 0), beta3=0.5, d0=1, eps=TINY, growth_rate=1.25),
            Slopes(2, 4, 6, 1, 1),
            0,
            1.0,
            [0, -1, -2, -3, F(-79, 17), F(-114, 17)],
        ),
        (prodigy(betas=(0, 0), beta3=0.5, d0=1, eps=TINY, weight_decay=0.5), Slopes(2), 4, 0.5, [4, F(5, 2)]),
        # z is 1, 1/2, 1/4, 3/32, 0 and each new one counts 1, 1/2, 1/3, 1/4
        (schedule_free_sgd(momentum=0.5), parabola(), 1, 0.5, [1, F(1, 2), F(3, 8), F(9, 32), F(27, 128)]),
        # rates 1/4 and 1/2, so weights 1/16 and 1/4
        (schedule_free_sgd(momentum=0.5, warmup_steps=2), parabola(), 1, 0.5, [1, F(3, 4), F(9, 20)]),
        # weights 1, 2, 3
        (schedule_free_sgd(r=1), Slopes(1, 1, 1), 0, 1.0, [0, -1, F(-5, 3), F(-7, 3)]),
        # z is 1, 1/2, 0, -1/2, 0
        (schedule_free_adamw(betas=(0.5, 0), eps=0), parabola(), 1, 0.5, [1, F(1, 2), F(1, 4), 0, 0]),
        # rates 1/10, 16/100, 13/100
        (sgd_hd(hypergrad_lr=0.01), Slopes(2, 3, -1), 0, 0.1, [0, F(-1, 5), F(-17, 25), F(-11, 20)]),
        # v is 2, 4 and the rate 1/10 + 3 * 2 / 100
        (sgd_hd(momentum=0.5, hypergrad_lr=0.01), Slopes(2, 3), 0, 0.1, [0, F(-1, 5), F(-21, 25)]),
        # a rate of -6/100 goes up the slope of -8, that is down
        (sgd_hd(hypergrad_lr=0.01), Slopes(2, -8), 0, 0.1, [0, F(-1, 5), F(-17, 25)]),
        # Adam of the sign alone, rates 1/10, 13/100, 8/100
        (adam_hd(betas=(0, 0), eps=0, hypergrad_lr=0.01), Slopes(2, 3, -5), 0, 0.1, [0, -0.1, F(-23, 100), F(-3, 20)]),
    ],
)
def test_steps_by_hand(rule, objective, start, lr, path):
    run = descend(objective, [float(start)], lr, optimizer=rule, steps=len(path) - 1)
    np.testing.assert_allclose(run.params[:, 0], [float(x) for x in path], rtol=1e-14, atol=1e-15)


# What they promise


@pytest.mark.parametrize("distance", [1e-2, 1.0, 1e2])
@pytest.mark.parametrize(
    ("rule", "low", "high"), [(dadapt_sgd(), 0.5, 2.0), (dadapt_adam(), 0.5, 5.0), (prodigy(), 0.15, 1.0)]
)
def test_the_estimate_ends_near_the_distance(rule, low, high, distance):
    target = distance * np.array([1.0, 0.5])
    run = descend(Away(target), [0.0, 0.0], 1.0, optimizer=rule, steps=2000)
    far = np.linalg.norm(target) if rule.name == "dadapt_sgd" else np.abs(target).max()
    assert low <= run.state.state[DISTANCE[rule.name]].item() / far <= high
    assert run.loss[-500:].mean() < run.loss[0] / 2


@pytest.mark.parametrize("d0", [1e-8, 1e-6, 1e-4, 1e-2])
@pytest.mark.parametrize("make", [dadapt_sgd, dadapt_adam, prodigy])
def test_the_first_guess_of_the_distance_hardly_matters(make, d0):
    run = descend(quadratic((1.0, 25.0)), [3.0, 2.0], 1.0, optimizer=make(d0=d0), steps=300)
    assert run.loss[-1] < 1e-10 * run.loss[0]
    assert 0.5 < run.state.state[DISTANCE[run.state.optimizer]].item() < 10


def test_dog_arrives_for_first_steps_over_ten_orders():
    losses = [
        descend(quadratic((1.0, 25.0)), [3.0, 2.0], 1.0, optimizer=dog(reps_rel=10.0**k), steps=3000).loss[-1]
        for k in range(-10, 1)
    ]
    assert max(losses) < 1e-10


def test_dog_needs_its_average_where_there_is_noise():
    assert on_noise(dog(averaging=8), 1.0) < on_noise(dog(), 1.0) / 10


@pytest.mark.parametrize("lr", [0.1, 0.5, 1.0])
def test_schedule_free_ends_below_the_floor_that_a_constant_rate_keeps(lr):
    floor = lr / (2 - lr) / 2
    assert on_noise(sgd(), lr) == pytest.approx(floor, rel=0.25)
    assert on_noise(schedule_free_sgd(), lr) < floor / 10
    assert on_noise(schedule_free_adamw(), lr) < floor / 10


def test_schedule_free_still_needs_a_rate():
    run = descend(quadratic((1.0, 10.0)), [3.0, 2.0], [1e-4, 0.5, 2.0], optimizer=schedule_free_sgd(), steps=300)
    assert run.loss[-1, 0] > run.loss[0, 0] / 2
    assert run.loss[-1, 1] < 1e-8 * run.loss[0, 1]
    assert run.diverged_at[2] < 301


def test_hypergradient_helps_and_still_depends_on_the_first_rate():
    def run(hypergrad_lr):  # without it the edge is at .2
        rule, rates = sgd_hd(hypergrad_lr=hypergrad_lr), [1e-3, 1e-2, 0.25, 1.0]
        return descend(quadratic((1.0, 10.0)), [3.0, 2.0], rates, optimizer=rule, steps=300)

    fixed, gentle, bold = run(0.0), run(1e-6), run(1e-3)
    assert (gentle.loss[-1, :2] < fixed.loss[-1, :2] / 2).all()
    assert gentle.loss[-1, 0] > 10 * gentle.loss[-1, 1]  # ten times the first rate is still far ahead
    assert fixed.diverged_at[2] < gentle.diverged_at[2] == 301  # a first rate a little too high is mended
    assert gentle.diverged_at[3] < 301  # one far too high is not
    assert (bold.diverged_at < 301).all()  # and the rate's own rate has an edge as well


def test_a_hypergradient_is_the_derivative_of_the_loss_in_the_rate():
    f, start, lr, h = quadratic((1.0, 10.0)), np.array([3.0, 2.0]), 0.03, 1e-6
    rule = sgd_hd(momentum=0.9, weight_decay=0.0, hypergrad_lr=1e-5)
    before, after, later = (descend(f, start, lr, optimizer=rule, steps=steps) for steps in (6, 7, 8))
    rate, direction = after.state.state[0].item(), after.state.state[1].ravel()
    low, high = (f.value_and_grad(before.final - (rate + shift) * direction)[0] for shift in (-h, h))
    assert later.state.state[0].item() - rate == pytest.approx(-1e-5 * (high - low) / (2 * h), rel=1e-6)


# What they keep


@pytest.mark.parametrize(
    "rule", [lion(), dog(eps=0), dadapt_sgd(), dadapt_adam(eps=TINY), prodigy(eps=TINY)], ids=lambda rule: rule.name
)
@given(power=st.integers(-20, 20))
def test_the_scale_of_the_loss_means_nothing(rule, power):
    f = quadratic((1.0, 25.0))
    plain, scaled = (
        descend(objective, [1.3, -0.7], 0.01 if rule.name == "lion" else 1.0, optimizer=rule, steps=60)
        for objective in (f, Scaled(f, 2.0**power))
    )
    assert (plain.params == scaled.params).all()
    assert (plain.params[-1] != plain.params[0]).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_run_of_a_batch_has_its_own_estimate(name):
    starts = np.array([[1e-3, 2e-3], [1.0, -2.0], [300.0, 100.0]])
    rule = OPTIMIZERS[name]()
    batch = descend(quadratic((1.0, 25.0)), starts, 0.01, optimizer=rule, steps=200)
    for j, start in enumerate(starts):
        one = descend(quadratic((1.0, 25.0)), start, 0.01, optimizer=rule, steps=200)
        assert np.array_equal(one.params, batch.params[:, j], equal_nan=True)
        for mine, all_of_them in zip(one.state.state, batch.state.state, strict=True):
            assert np.array_equal(mine.ravel(), all_of_them[j], equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_rate_of_zero_stands_still(name):
    run = descend(quadratic((1.0, 25.0)), [3.0, 2.0], 0.0, optimizer=OPTIMIZERS[name](), steps=20)
    assert (run.params == [3.0, 2.0]).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_minimum_is_left_alone(name):
    run = descend(quadratic((1.0, 25.0)), [0.0, 0.0], 1.0, optimizer=OPTIMIZERS[name](), steps=20)
    assert (run.params == 0).all()


@pytest.mark.parametrize("make", [dadapt_sgd, sgd_hd, dadapt_adam, adam_hd])
def test_a_gradient_of_zero_at_first_does_not_stop_the_run(make):
    run = descend(Slopes(0.0, 0.0, 1.0, 1.0, 1.0), [0.0], 1.0, optimizer=make(), steps=5)
    assert (run.params[:3] == 0).all()
    assert run.final[0] < 0


def test_an_average_of_one_point_is_that_point():
    start = np.random.default_rng(0).standard_normal(50)
    for walk, mean in ((dog(), dog(averaging=8.0)), (sgd(), schedule_free_sgd(momentum=0.0))):
        points, means = (
            descend(quadratic(np.linspace(1, 3, 50)), start, 0.1, optimizer=rule, steps=2).params
            for rule in (walk, mean)
        )
        assert (means[:2] == points[:2]).all()
        assert (means[2] != points[2]).any()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: lion(betas=(0.9, 1.0)), r"betas\[1\] holds 1: give two numbers .* such as \(0.9, 0.99\)"),
        (lambda: lion(betas=0.9), r"betas is 0.9: give two numbers"),
        (lambda: lion(weight_decay=-1), "weight_decay holds -1: give 0 or more, such as 0.01"),
        (lambda: dog(reps_rel=0), "reps_rel holds 0: give a number above 0, such as 1e-6"),
        (lambda: dog(eps=-1), "eps holds -1: give 0 or more"),
        (lambda: dog(init_eta=0), "init_eta holds 0: give a number above 0"),
        (lambda: dog(averaging=-1), "averaging holds -1: give 0 or more, such as 8"),
        (lambda: dog(weight_decay=np.nan), "weight_decay holds nan"),
        (lambda: dadapt_sgd(momentum=1), "momentum holds 1: give 0 or more and less than 1"),
        (lambda: dadapt_sgd(d0=0), "d0 holds 0: give a number above 0, such as 1e-6"),
        (lambda: dadapt_sgd(growth_rate=0.9), "growth_rate holds 0.9: give 1 or more, such as 1.02, or inf"),
        (lambda: dadapt_adam(growth_rate=np.nan), "growth_rate holds nan"),
        (lambda: dadapt_adam(eps=0), "eps holds 0: give a number above 0, such as 1e-8"),
        (lambda: dadapt_adam(betas=(0.9, lambda t: 0.9)), r"betas\[1\] is .*, which is not a number: give two numbers"),
        (lambda: prodigy(betas=(0.9,)), r"betas is \(0.9,\): give two numbers"),
        (lambda: prodigy(beta3=1.5), "beta3 holds 1.5: give 0 or more and less than 1, or None"),
        (lambda: prodigy(d_coef=0), "d_coef holds 0: give a number above 0"),
        (lambda: prodigy(d0=np.inf), "d0 holds inf"),
        (lambda: schedule_free_sgd(momentum=1.1), "momentum holds 1.1: give a number from 0 to 1, such as 0.9"),
        (lambda: schedule_free_sgd(warmup_steps=2.5), "warmup_steps is 2.5: give a whole number of steps, 0 for no"),
        (lambda: schedule_free_sgd(r=-1), "r holds -1: give 0 or more"),
        (lambda: schedule_free_adamw(betas=(1.0, 0.9)), r"betas\[0\] holds 1: give two numbers"),
        (lambda: schedule_free_adamw(weight_lr_power=-2), "weight_lr_power holds -2: give 0 or more"),
        (lambda: sgd_hd(hypergrad_lr=-1), "hypergrad_lr holds -1: give 0 or more, such as 1e-6"),
        (lambda: sgd_hd(nesterov=True), "nesterov is True with momentum 0"),
        (lambda: adam_hd(eps=-1), "eps holds -1: give 0 or more"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
