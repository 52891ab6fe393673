"""The loop: the four regimes, batches, divergence as a result, going on, and one sentence for bad input."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import lrlab
from lrlab import descend, steps_to
from lrlab.objectives import noisy, parabola, quadratic
from lrlab.optimizers import sgd
from lrlab.schedules import Feedback, constant, step

RATES = np.array([0.05, 1.0, 1.95, 2.0, 2.05])


def same(a, b):
    return np.array_equal(a, b, equal_nan=True)


def test_the_one_line_stands_in_descend_and_nowhere_else():
    line, found = "params = params - lr * direction", []
    for path in Path(lrlab.__file__).parent.rglob("*.py"):
        found += [path.name for text in path.read_text(encoding="utf-8").splitlines() if text.strip() == line]
    assert found == ["descent.py"]


@pytest.mark.parametrize("lr", RATES)
def test_twenty_steps_on_the_parabola(lr):
    run = descend(parabola(), [1.0], lr, steps=20)
    assert run.final[0] == pytest.approx((1 - lr) ** 20, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("lr", "steps"), [(2 / 101, 691), (0.01, 1341), (0.0199, 1341)])
def test_steps_on_a_quadratic_of_condition_100(lr, steps):
    run = descend(quadratic((1.0, 100.0)), [1.0, 1.0], lr, steps=1400)
    assert steps_to(np.linalg.norm(run.params, axis=-1) / np.sqrt(2), 1e-6) == steps


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_batched_equals_one_by_one_bit_for_bit(momentum):
    rates = np.geomspace(1e-3, 3e2, 37)
    batch = descend(quadratic((1.0, 7.0, 30.0)), [1.0, 2.0, 3.0], rates, optimizer=sgd(momentum), steps=300)
    assert 0 < (batch.diverged_at <= 300).sum() < 37
    for j, lr in enumerate(rates):
        one = descend(quadratic((1.0, 7.0, 30.0)), [1.0, 2.0, 3.0], lr, optimizer=sgd(momentum), steps=300)
        assert same(one.params, batch.params[:, j])
        assert same(one.loss, batch.loss[:, j])
        assert same(one.grad_norm, batch.grad_norm[:, j])
        assert same(one.lr, batch.lr[:, j])
        assert one.diverged_at == batch.diverged_at[j]


def test_shapes_of_a_single_run_and_of_batches():
    f = quadratic((1.0, 2.0))
    one = descend(f, [1.0, 1.0], 0.1, steps=5)
    assert (one.params.shape, one.final.shape, one.loss.shape, one.lr.shape) == ((6, 2), (2,), (6,), (5,))
    assert one.diverged_at == 6
    many = descend(f, np.ones((4, 1, 2)), np.full(3, 0.1), steps=5)
    assert (many.params.shape, many.loss.shape, many.lr.shape) == ((6, 4, 3, 2), (6, 4, 3), (5, 4, 3))
    none = descend(f, [1.0, 1.0], 0.1, steps=0)
    assert (none.params.shape, none.loss.shape, none.lr.shape) == ((1, 2), (1,), (0,))


def test_divergence_is_a_dated_result():
    run = descend(parabola(), [1.0], [0.5, 3.0], steps=100)
    assert run.diverged_at.tolist() == [101, 40]  # 2**39 < 1e12 < 2**40
    assert np.isfinite(run.params[:40, 1]).all()
    assert np.isnan(run.params[40:, 1]).all()
    assert np.isnan(run.loss[40:, 1]).all()
    assert np.isnan(run.grad_norm[40:, 1]).all()
    assert np.isnan(run.lr[40:, 1]).all()
    assert np.isfinite(run.lr[:40, 1]).all()
    assert np.isfinite(run.params[:, 0]).all()


def test_keeping_only_the_last_point_changes_nothing_else(monkeypatch):
    monkeypatch.setattr("lrlab.descent.CHUNK", 16)
    rates = [0.5, 1.9, 2.5, 30.0]
    full, last = (descend(quadratic((1.0, 1.0)), [1.0, 1.0], rates, steps=203, keep=keep) for keep in ("all", "last"))
    assert last.params is None
    for name in ("final", "loss", "grad_norm", "lr", "diverged_at"):
        assert same(getattr(full, name), getattr(last, name)), name


def peak_memory(**options) -> int:
    """Bytes that a run of 2,000 steps with 1,000 parameters holds at its fullest."""
    landscape = quadratic(np.linspace(0.1, 1.0, 1000))
    tracemalloc.start()
    descend(landscape, np.ones(1000), 0.5, steps=2000, **options)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_keeping_the_last_point_takes_memory_for_the_losses_alone():
    path = 2001 * 1000 * 8
    assert path < peak_memory(keep="all") < 1.1 * path
    assert peak_memory(keep="last") < 0.03 * path


@pytest.mark.parametrize("cut", [0, 1, 13, 40])
def test_trunk_and_branch_equal_the_whole_run(cut):
    options = {"optimizer": sgd(momentum=0.9)}
    whole = descend(noisy(parabola(), 0.1), [1.0], step(0.2, 10), steps=40, rng=np.random.default_rng(3), **options)
    trunk = descend(noisy(parabola(), 0.1), [1.0], step(0.2, 10), steps=cut, rng=np.random.default_rng(3), **options)
    for _ in range(2):  # one trunk can branch many times
        branch = descend(noisy(parabola(), 0.1), trunk, step(0.2, 10), steps=40 - cut, **options)
        assert same(whole.params[cut:], branch.params)
        assert same(whole.loss[cut:], branch.loss)
        assert same(whole.lr[cut:], branch.lr)


def test_a_branch_may_broadcast_to_many_rates():
    trunk = descend(parabola(), [1.0], 0.1, optimizer=sgd(0.9), steps=10)
    branches = descend(parabola(), trunk, [0.1, 0.01], optimizer=sgd(0.9), steps=5)
    alone = descend(parabola(), trunk, 0.01, optimizer=sgd(0.9), steps=5)
    assert branches.params.shape == (6, 2, 1)
    assert same(branches.params[:, 1], alone.params)


def test_a_schedule_is_asked_once_with_all_its_steps():
    asked = []

    def schedule(t):
        asked.append(t.tolist())
        return np.full(len(t), 0.1)

    trunk = descend(parabola(), [1.0], schedule, steps=4)
    descend(parabola(), trunk, schedule, steps=3)
    assert asked == [[0, 1, 2, 3], [4, 5, 6]]


def test_rates_along_the_batch_from_a_schedule():
    run = descend(parabola(), [1.0], step([0.5, 0.1], step_size=2, gamma=0.5), steps=4)
    assert run.lr.T.tolist() == [[0.5, 0.5, 0.25, 0.25], [0.1, 0.1, 0.05, 0.05]]


def test_lr_scale_project_and_monitor():
    frozen = descend(quadratic((1.0, 2.0)), [1.0, 1.0], 0.1, lr_scale=[1.0, 0.0], steps=10)
    assert (frozen.params[:, 1] == 1).all()
    assert frozen.final[0] == pytest.approx(0.9**10)
    boxed = descend(parabola(), [1.0], 0.1, project=lambda p: np.maximum(p, 0.5), steps=30)
    assert boxed.final[0] == 0.5
    seen = descend(parabola(), [1.0], 0.1, monitor=lambda t, p: {"x": p[0]} if t % 5 == 0 else None, steps=10)
    assert [t for t, _ in seen.metrics["x"]] == [0, 5, 10]
    assert seen.metrics["x"][1][1] == seen.params[5, 0]


def halve_when_worse():
    """The smallest feedback: half the rate after each step whose loss rose."""

    def update(memory, loss, lr):
        before, factor = memory
        factor = np.where(loss > before, factor / 2, factor)
        return (loss, factor), factor

    return Feedback(lambda lr: (np.full_like(lr, np.inf), np.ones_like(lr)), update)


def test_feedback_listens_to_the_loss_along_the_batch():
    run = descend(parabola(), [1.0], [0.5, 2.5], feedback=halve_when_worse(), steps=6)
    assert (run.lr[:, 0] == 0.5).all()
    assert run.lr[:, 1].tolist() == [2.5, 2.5, 1.25, 0.625, 0.625, 0.625]


def test_feedback_goes_on_in_a_branch():
    options = {"feedback": halve_when_worse()}
    whole = descend(parabola(), [1.0], 2.5, steps=12, **options)
    branch = descend(parabola(), descend(parabola(), [1.0], 2.5, steps=5, **options), 2.5, steps=7, **options)
    assert same(whole.lr[5:], branch.lr)
    assert same(whole.params[5:], branch.params)


def test_steps_to():
    losses = np.array([[4.0, 4.0, np.nan], [2.0, 5.0, np.nan], [1.0, 6.0, np.nan]])
    assert steps_to(losses, 2.0).tolist() == [1, 3, 3]
    with pytest.raises(ValueError, match="target holds nan: give a finite loss to reach"):
        steps_to(losses, np.nan)
    with pytest.raises(ValueError, match=r"target has shape \(2,\): give a finite loss"):
        steps_to(losses, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"loss has shape \(\): give the losses of a run"):
        steps_to(1.0, 2.0)


class Wrong:
    def value_and_grad(self, params, t=0, rng=None):
        return params, params


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lr": -0.1}, "lr holds -0.1: give learning rates of 0 or more, such as 0.1"),
        ({"lr": np.nan}, "lr holds nan: give learning rates of 0 or more"),
        ({"lr": [0.1, np.inf]}, "lr holds inf: give learning rates"),
        ({"lr": "fast"}, "lr is 'fast', which is not a number"),
        ({"lr": lambda t: np.where(t < 3, 0.1, -1.0)}, "lr, from its schedule, holds -1"),
        ({"lr": lambda t: 0.1}, r"lr is the schedule '<lambda>', .* np\.vectorize"),
        (
            {"lr": lambda t: 0.1 if t < 5 else 0.2},
            r"failed on an array of steps; if it takes one at a time: np\.vectorize",
        ),
        ({"start": [1.0, 2.0]}, r"params holds 2 numbers a point and parabola takes 1: start from 1 numbers"),
        (
            {"start": np.ones((2, 1)), "lr": [0.1, 0.2, 0.3]},
            r"lr has shape \(3,\) and start \(2, 1\): give one rate, or as many",
        ),
        ({"start": 1.0}, r"start has shape \(\): give at least one parameter"),
        ({"start": [np.inf]}, "start holds inf: give finite numbers"),
        ({"steps": -1}, "steps is -1: give a whole number of steps, 0 or more"),
        ({"steps": 2.0}, "steps is 2.0: give a whole number"),
        ({"start": np.ones((0, 1))}, r"start has shape \(0, 1\): give at least one parameter"),
        ({"objective": None}, "objective is None: give a landscape"),
        ({"optimizer": "adam"}, r"optimizer is 'adam': give a rule, such as optimizers\.adam\(\)"),
        ({"optimizer": sgd}, r"optimizer is <function s.*: give a rule"),
        ({"keep": "some"}, "keep is 'some': give \"all\""),
        ({"lr_scale": [1.0, 2.0]}, r"lr_scale has shape \(2,\): give 1 factors"),
        ({"lr_scale": [-1.0]}, "lr_scale holds -1"),
        ({"start": None}, "start is None, which is not a number|start holds nan"),
        (
            {"objective": Wrong()},
            r"objective gave a loss of shape \(1,\) and a gradient of shape \(1,\) .* must be \(\)",
        ),
    ],
)
def test_bad_input_gets_one_sentence(change, sentence):
    call = {"objective": parabola(), "start": [1.0], "lr": 0.1, **change}
    with pytest.raises(ValueError, match=sentence):
        descend(call.pop("objective"), call.pop("start"), call.pop("lr"), **call)


def test_other_settings_that_cannot_read_the_state_are_a_clear_error():
    plain = descend(parabola(), [1.0], 0.1, steps=3)
    with pytest.raises(ValueError, match="keeps 0 arrays of state and optimizer keeps 1: go on with the same settings"):
        descend(parabola(), plain, 0.1, optimizer=sgd(0.9))
    heavy = descend(parabola(), [1.0], 0.1, steps=3, optimizer=sgd(0.9))
    with pytest.raises(ValueError, match="keeps 1 arrays of state and optimizer keeps 0"):
        descend(parabola(), heavy, 0.1)


def test_another_optimizers_checkpoint_is_a_clear_error():
    trunk = descend(parabola(), [1.0], 0.1, steps=3)
    other = sgd(0.9)._replace(name="other")
    with pytest.raises(ValueError, match="start is a run of 'sgd' and optimizer is 'other'"):
        descend(parabola(), trunk, 0.1, optimizer=other)


def test_constant_schedule_and_number_are_the_same_run():
    a, b = descend(parabola(), [1.0], 0.3, steps=9), descend(parabola(), [1.0], constant(0.3), steps=9)
    assert same(a.params, b.params)
