"""What holds for every optimizer on every landscape at every rate, tried on drawn cases."""

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_optimizers import SETTINGS

from lrlab import descend
from lrlab.objectives import OBJECTIVES, noisy, quadratic
from lrlab.optimizers import OPTIMIZERS, sgd
from lrlab.schedules import FEEDBACKS, MOMENTA, SCHEDULES, constant, plateau

RULES = [(name, setting) for name in sorted(OPTIMIZERS) for setting in SETTINGS[name]]
FIELDS = "params", "final", "loss", "grad_norm", "lr", "diverged_at"
SCALE_FREE = {
    "adagrad": {},
    "adam": {},
    "adamax": {},
    "adamw": {"weight_decay": 0.0},
    "amsgrad": {},
    "nadam": {},
    "rmsprop": {"momentum": 0.9},
}

rules = st.sampled_from(RULES).map(lambda row: OPTIMIZERS[row[0]](**row[1]))
rows = st.sampled_from(sorted(OBJECTIVES)).map(lambda name: OBJECTIVES[name]())
landscapes = rows | rows.map(noisy)
rates = st.floats(-12, 12).map(lambda exponent: 10.0**exponent)
seeds = st.integers(0, 2**32 - 1)


def same(a, b):
    return np.array_equal(a, b, equal_nan=True)


def start_in(landscape, seed, reach=1.0):
    """A point drawn in the landscape's picture, or `reach` times as far from its middle."""
    low, high = landscape.box.T
    draw = np.random.default_rng(seed).uniform(-reach, reach, len(low))
    return (low + high) / 2 + draw * (high - low) / 2


@settings(deadline=None, max_examples=600)
@given(rule=rules, landscape=landscapes, lr=rates, seed=seeds, reach=st.sampled_from([1.0, 1e-6, 1e6]))
def test_never_raises_and_never_warns(rule, landscape, lr, seed, reach):
    start = start_in(landscape, seed, reach)
    run = descend(landscape, start, lr, optimizer=rule, steps=40, rng=np.random.default_rng(seed))
    alive = int(run.diverged_at)
    for kept in (run.params, run.loss, run.grad_norm, run.lr):
        assert np.isfinite(kept[:alive]).all()
        assert np.isnan(kept[alive:]).all()


@pytest.mark.parametrize(("name", "setting"), RULES, ids=str)
@settings(deadline=None, max_examples=25)
@given(landscape=landscapes, lrs=st.lists(rates | st.just(0.0), min_size=1, max_size=6), seed=seeds)
def test_batched_equals_batches_of_one_bit_for_bit(name, setting, landscape, lrs, seed):
    def run(lr):
        rng = np.random.default_rng(seed)  # noise is shared along the batch: every run meets the same
        return descend(landscape, start, lr, optimizer=OPTIMIZERS[name](**setting), steps=30, rng=rng)

    start = start_in(landscape, seed)
    batch = run(lrs)
    for j, lr in enumerate(lrs):
        one = run(lr)
        for field in FIELDS:
            kept = getattr(batch, field)
            mine = kept[j] if field in ("final", "diverged_at") else kept[:, j]
            assert same(getattr(one, field), mine), field


@pytest.mark.parametrize(("name", "setting"), RULES, ids=str)
@settings(deadline=None, max_examples=10)
@given(landscape=landscapes, cut=st.integers(0, 30), seed=seeds)
def test_trunk_and_branch_equal_the_whole_run(name, setting, landscape, cut, seed):
    rule, start = OPTIMIZERS[name](**setting), start_in(landscape, seed)

    def run(start, steps, rng=None):
        return descend(landscape, start, 0.01, optimizer=rule, steps=steps, rng=rng)

    whole = run(start, 30, np.random.default_rng(seed))
    trunk = run(start, cut, np.random.default_rng(seed))
    for _ in range(2):  # one trunk can branch many times
        branch = run(trunk, 30 - cut)
        assert same(branch.params, whole.params[cut:])
        assert same(branch.loss, whole.loss[cut:])
        assert same(branch.lr, whole.lr[cut:])


class Scaled:
    """An objective whose loss is `scale` times another's."""

    def __init__(self, objective, scale):
        self.objective, self.scale = objective, scale

    def value_and_grad(self, params, t=0, rng=None):
        loss, grad = self.objective.value_and_grad(params, t, rng)
        return self.scale * loss, self.scale * grad


powers = st.integers(-20, 20).map(lambda k: 2.0**k)  # multiplying by these rounds nothing


@settings(deadline=None, max_examples=100)
@given(scale=powers, lr=st.floats(1e-3, 3.0))
def test_scaling_the_loss_is_scaling_the_rate(scale, lr):
    a = descend(quadratic((1.0, 0.5)), [1.0, -1.0], lr, steps=40)
    b = descend(Scaled(quadratic((1.0, 0.5)), scale), [1.0, -1.0], lr / scale, steps=40)
    assert same(a.params, b.params)


@pytest.mark.parametrize("name", SCALE_FREE)
@settings(deadline=None, max_examples=30)
@given(scale=powers, lr=st.floats(1e-4, 0.1))
def test_the_scale_of_the_loss_means_nothing_to_these_when_eps_is_zero(name, scale, lr):
    rule = OPTIMIZERS[name](**SCALE_FREE[name], eps=0.0)
    a, b = (
        descend(objective, [1.3, -0.7], lr, optimizer=rule, steps=60)
        for objective in (quadratic((1.0, 25.0)), Scaled(quadratic((1.0, 25.0)), scale))
    )
    assert same(a.params, b.params)
    plain, scaled = (
        descend(objective, [1.3, -0.7], 1e-4, optimizer=sgd(), steps=1)
        for objective in (quadratic((1.0, 25.0)), Scaled(quadratic((1.0, 25.0)), 2.0))
    )
    assert not same(plain.params, scaled.params)  # the check can fail: to SGD the scale means something


# what the rows cannot be made without
NEEDED = {
    "lr": 0.1,
    "step_size": 3,
    "milestones": [2, 5],
    "gamma": 0.9,
    "T_max": 10,
    "T_0": 5,
    "base_lr": 0.1,
    "max_lr": 1.0,
    "lr_lambda": lambda t: 0.9**t,
    "schedule": constant(0.1),
    "steps": 5,
    "warmup_steps": 2,
    "stable_steps": 2,
    "decay_steps": 3,
    "schedules": [constant(0.1), constant(0.2)],
    "steps_per_epoch": 3,
    "feedback": plateau(),
    "losses": [1.0, 1.0],
}
TABLES = (
    OPTIMIZERS | {f"{name} (schedule)": make for name, make in (SCHEDULES | MOMENTA | FEEDBACKS).items()} | OBJECTIVES
)


def arguments_of(make):
    """The arguments of a row, but for its switches: anything is true or false."""
    return [a for a in inspect.signature(make).parameters.values() if not isinstance(a.default, bool)]


@pytest.mark.parametrize("value", ["0.5", b"1", 1j, {}, np.array(["a"]), [[1], [1, 2]], slice(3)], ids=str)
@pytest.mark.parametrize("name", TABLES)
def test_what_is_no_number_at_all_gets_one_sentence_with_the_argument_in_it(name, value):
    make = TABLES[name]
    for argument in arguments_of(make):
        needed = {a.name: NEEDED[a.name] for a in arguments_of(make) if a.default is inspect.Parameter.empty}
        if argument.name in ("epochs", "steps_per_epoch") and "epochs" in inspect.signature(make).parameters:
            needed |= {"epochs": 3, "steps_per_epoch": 3}
        elif name.startswith("one_cycle"):
            needed["total_steps"] = 10
        elif name.startswith("join"):
            needed["milestones"] = [3]
        with pytest.raises(ValueError, match=rf"^{re.escape(argument.name)}\b.*: give "):
            make(**needed | {argument.name: value})


@pytest.mark.parametrize(("name", "setting"), RULES, ids=str)
def test_a_number_of_another_type_counts_as_that_number(name, setting):
    def narrow(value):
        return np.float32(value) if isinstance(value, float) else value

    def run(change):
        changed = {k: tuple(map(change, v)) if isinstance(v, tuple) else change(v) for k, v in setting.items()}
        return descend(quadratic((1.0, 7.0)), [1.0, -1.0], 0.01, optimizer=OPTIMIZERS[name](**changed), steps=10)

    given = run(narrow)
    assert same(given.params, run(lambda value: float(narrow(value)) if isinstance(value, float) else value).params)
    assert given.params.dtype == float


@pytest.mark.parametrize(("name", "setting"), RULES, ids=str)
@pytest.mark.parametrize("start", [1e200, 1e308])
def test_a_start_beyond_all_bounds_is_divergence_and_no_warning(name, setting, start):
    run = descend(quadratic((1.0, 7.0)), [start, -start], 0.1, optimizer=OPTIMIZERS[name](**setting), steps=3)
    assert run.diverged_at == 0
