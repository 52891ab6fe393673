"""Models: gradients against finite differences and PyTorch's, batches against single runs, what a step sees."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lrlab import descend
from lrlab.datasets import digits
from lrlab.models import (
    MODELS,
    STARTS,
    convnet,
    embedding_bag,
    linear_regression,
    logistic_regression,
    mlp,
    one_hot,
    softmax,
)
from lrlab.optimizers import adam, sgd

STORED = dict(np.load(Path(__file__).with_name("references") / "models.npz"))
ABOUT = json.loads(str(STORED["about"]))
DIGITS = digits()


def rng(seed=0):
    return np.random.default_rng(seed)


def vectors(n, features, seed=0):
    return rng(seed).standard_normal((n, features))


def labels(n, classes, seed=1):
    return rng(seed).integers(classes, size=n)


WORDS = np.array([[0, 3, 3, -1], [1, -1, -1, -1], [-1, -1, -1, -1], [6, 5, 0, 1], [2, 2, 2, 2]])
# name -> model, inputs, targets; two hidden layers and more, every activation and loss, odd shapes
CASES = {
    "linear_regression": (linear_regression(3, start="xavier_normal"), vectors(7, 3), vectors(7, 1)[:, 0]),
    "linear_regression, 2 outputs": (linear_regression(3, 2, "xavier_normal"), vectors(7, 3), vectors(7, 2, 5)),
    "logistic_regression": (logistic_regression(3, "xavier_uniform"), vectors(7, 3), labels(7, 2)),
    "softmax": (softmax(3, 4, "lecun_uniform"), vectors(7, 3), labels(7, 4)),
    "mlp": (mlp((4, 6, 3)), vectors(7, 4), labels(7, 3)),
    "mlp, no hidden layer": (mlp((4, 3)), vectors(7, 4), labels(7, 3)),
    "mlp, tanh, deep": (mlp((4, 6, 5, 7, 3), "tanh"), vectors(7, 4), labels(7, 3)),
    "mlp, squared error": (mlp((4, 6, 3), "tanh", "half_squared_error"), vectors(7, 4), one_hot(labels(7, 3), 3)),
    "mlp, one example": (mlp((4, 6, 3)), vectors(1, 4), labels(1, 3)),
    "mlp, PyTorch's start": (mlp((4, 6, 3), start="pytorch_default"), vectors(7, 4), labels(7, 3)),
    "mlp, mup": (mlp((4, 6, 8, 3), parametrization="mup", base_width=2), vectors(7, 4), labels(7, 3)),
    "convnet": (convnet((8, 8), (2, 3), 4), vectors(5, 64), labels(5, 4)),
    "convnet, tanh, 5 x 5, 3 channels": (convnet((4, 6, 3), (2,), 3, "tanh", 5), vectors(5, 72), labels(5, 3)),
    "embedding_bag": (embedding_bag(7, 3, 2), WORDS, labels(5, 2)),
}
NAMES = sorted(CASES)


def points(model, count=3):
    """Parameters (count, D), biases away from 0 too."""
    return np.stack([model.init(seed) + 0.1 * rng(seed + 50).standard_normal(model.dim) for seed in range(count)])


def test_every_model_is_tried():
    assert {name.partition(",")[0] for name in NAMES} == set(MODELS)


# ---- gradients


@pytest.mark.parametrize("name", NAMES)
def test_gradient_agrees_with_finite_differences(name):
    model, inputs, targets = CASES[name]
    step = 1e-5
    for params in points(model):
        nudged = params + step * np.concatenate([np.eye(model.dim), -np.eye(model.dim)])
        up, down = np.split(model.loss_and_grad(nudged, inputs, targets)[0], 2)
        grad = model.loss_and_grad(params, inputs, targets)[1]
        assert np.abs((up - down) / (2 * step) - grad).max() <= 1e-6 * max(1.0, np.abs(grad).max())
        assert np.abs(grad).max() > 1e-3  # there is something to compare


def test_torch_was_asked_for_every_model():
    asked = [case["model"] for case in ABOUT["cases"]]
    assert set(asked) == set(MODELS)
    assert asked.count("mlp") >= 5
    assert asked.count("convnet") >= 5


@pytest.mark.parametrize("i", range(len(ABOUT["cases"])), ids=lambda i: f"{ABOUT['cases'][i]['model']} {i}")
def test_loss_and_gradient_agree_with_torch(i):
    case = ABOUT["cases"][i]
    model = MODELS[case["model"]](**case["setting"])
    loss, grad = model.loss_and_grad(*(STORED[f"{name}{i}"] for name in ("params", "inputs", "targets")))
    theirs = STORED[f"grad{i}"]
    assert np.abs(loss - STORED[f"loss{i}"]) <= 1e-10 * max(1.0, loss)
    assert np.abs(grad - theirs).max() <= 1e-10
    assert np.abs(theirs).max() > 1e-2


def test_training_agrees_with_torch():
    net = mlp((64, 32, 10))
    data = net.on(STORED["inputs_run"], STORED["targets_run"])
    rule, steps = sgd(momentum=ABOUT["momentum"]), len(STORED["losses_run"])
    run = descend(data, STORED["params_run"], ABOUT["lr"], optimizer=rule, steps=steps)
    assert np.abs(run.loss[:-1] - STORED["losses_run"]).max() <= 1e-10
    assert np.abs(run.final - STORED["final_run"]).max() <= 1e-10
    assert np.abs(run.final - run.params[0]).max() > 0.1


def test_relu_has_slope_0_at_0_and_pooling_gives_the_first_of_equals_the_slope():
    net = mlp((1, 1, 1), loss="half_squared_error")
    assert net.loss_and_grad(np.array([1.0, 0.0, 1.0, 1.0]), [[0.0]], [0.0])[1].tolist() == [0.0, 0.0, 0.0, 1.0]
    pool = convnet((2, 2), (1,), 2).layers[3]
    picture = np.full((1, 2, 2, 1), 5.0)
    largest, memory = pool.forward([], picture)
    assert largest.tolist() == [[[[5.0]]]]
    assert pool.backward([], memory, np.ones((1, 1, 1, 1)), [], True).ravel().tolist() == [1.0, 0.0, 0.0, 0.0]


# ---- batches of runs


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_of_runs_equals_its_runs_one_by_one(name):
    model, inputs, targets = CASES[name]
    batch = points(model, 6).reshape(2, 3, model.dim)
    loss, grad = model.loss_and_grad(batch, inputs, targets)
    outputs, metrics = model.predict(batch, inputs), model.evaluate(batch, inputs, targets)
    assert loss.shape == (2, 3)
    assert grad.shape == batch.shape
    for at in np.ndindex(2, 3):
        one, slope = model.loss_and_grad(batch[at], inputs, targets)
        assert abs(one - loss[at]) <= 1e-12
        assert np.abs(slope - grad[at]).max() <= 1e-12
        assert np.abs(model.predict(batch[at], inputs) - outputs[at]).max() <= 1e-12
        for metric, value in model.evaluate(batch[at], inputs, targets).items():
            assert abs(value - metrics[metric][at]) <= 1e-12
        assert abs(metrics["loss"][at] - one) <= 1e-12


@pytest.mark.parametrize("order", ["shuffled", "fixed", "replacement"])
def test_rates_at_once_equal_rates_one_by_one_on_the_same_minibatches(order):
    model, inputs, targets = CASES["mlp"]
    data, rates = model.on(inputs, targets, batch_size=3, order=order), [0.01, 0.1, 0.3]
    batch = descend(data, model.init(0), rates, steps=20, rng=rng(3))
    for i, lr in enumerate(rates):
        one = descend(data, model.init(0), lr, steps=20, rng=rng(3))
        assert np.abs(one.params - batch.params[:, i]).max() <= 1e-12
        assert np.abs(one.loss - batch.loss[:, i]).max() <= 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_fresh_and_inputs_stay_as_they_were(name):
    model, inputs, targets = CASES[name]
    data, before = model.on(inputs, targets, weight_decay=0.1), (inputs.copy(), targets.copy())
    params = points(model, 2)
    kept = params.copy()
    loss, grad = data.value_and_grad(params)
    first = loss.copy(), grad.copy()
    data.value_and_grad(params[::-1])  # a second question writes into nothing of the first
    again = data.value_and_grad(params)
    for a, b, c in zip((loss, grad), first, again, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)
    assert np.array_equal(params, kept)
    assert np.array_equal(inputs, before[0])
    assert np.array_equal(targets, before[1])


@pytest.mark.parametrize("name", NAMES)
def test_infinite_and_nan_parameters_are_a_result_and_no_error(name):
    model, inputs, targets = CASES[name]
    batch = points(model, 4)
    batch[0], batch[1], batch[2, 0] = np.inf, 1e300, np.nan
    loss, grad = model.loss_and_grad(batch, inputs, targets)
    assert np.isfinite(loss[3])
    assert np.isfinite(grad[3]).all()
    assert not np.isfinite(loss[0])
    assert np.isnan(model.evaluate(batch, inputs, targets)["loss"][0])
    run = descend(model.on(inputs, targets), batch[3:].repeat(2, axis=0), [0.0, 1e30], steps=20)
    assert run.diverged_at[0] == 21


# ---- views, starts, parametrisation


@pytest.mark.parametrize("name", NAMES)
def test_views_hold_every_parameter_once_and_share_its_memory(name):
    model = CASES[name][0]
    params = np.arange(2.0 * 3 * model.dim).reshape(2, 3, model.dim)
    views = model.views(params)
    for view in views.values():
        assert view.shape[:2] == (2, 3)
        assert np.shares_memory(view, params)
    flat = np.concatenate([view.reshape(2, 3, -1) for view in views.values()], axis=-1)
    assert np.array_equal(flat, params)
    for view in views.values():
        view[...] = -1.0
    assert (params == -1).all()


def test_views_give_lr_scale_a_layer_of_its_own():
    model, inputs, targets = CASES["mlp"]
    scale = np.ones(model.dim)
    model.views(scale)["hidden1.weight"][...] = 0.0
    run = descend(model.on(inputs, targets), model.init(0), 0.1, steps=5, lr_scale=scale)
    moved = {name: bool((view[0] != view[-1]).any()) for name, view in model.views(run.params).items()}
    assert moved == {"hidden1.weight": False, "hidden1.bias": True, "output.weight": True, "output.bias": True}


FAN_IN, FAN_OUT = 400, 100
SPREAD = {
    "lecun": (1 / FAN_IN) ** 0.5,
    "kaiming": (2 / FAN_IN) ** 0.5,
    "xavier": (2 / (FAN_IN + FAN_OUT)) ** 0.5,
    "pytorch": (1 / (3 * FAN_IN)) ** 0.5,
}


@pytest.mark.parametrize("start", sorted(set(STARTS) - {"zeros"}))
def test_starts_draw_with_their_spread(start):
    views = softmax(FAN_IN, FAN_OUT, start).views(softmax(FAN_IN, FAN_OUT, start).init(0))
    weight, std = views["output.weight"], SPREAD[start.partition("_")[0]]
    assert abs(weight.std() / std - 1) < 0.02
    assert abs(weight.mean()) < 0.02 * std
    if start.endswith("normal"):
        assert np.abs(weight).max() > 3 * std
    else:
        assert 0.99 * 3**0.5 * std < np.abs(weight).max() <= 3**0.5 * std
    if start == "pytorch_default":
        assert 0.9 * 3**0.5 * std < np.abs(views["output.bias"]).max() <= 3**0.5 * std
    else:
        assert not views["output.bias"].any()


def test_starts_count_what_a_filter_and_a_word_read():
    filters = convnet((8, 8, 5), (400,), 2, start="kaiming_normal")
    weight = filters.views(filters.init(0))["conv1.weight"]
    assert abs(weight.std() / (2 / (9 * 5)) ** 0.5 - 1) < 0.02
    bag = embedding_bag(2000, 10)
    assert abs(bag.views(bag.init(0))["embedding.weight"].std() - 1) < 0.02
    assert not softmax(4, 3).init(0).any()


def test_starts_are_seeded():
    net = mlp((5, 4, 3))
    assert np.array_equal(net.init(7), net.init(rng(7)))
    assert not np.array_equal(net.init(7), net.init(8))
    one = rng(7)
    assert not np.array_equal(net.init(one), net.init(one))  # a generator goes on


def test_mup_is_the_standard_net_at_its_base_width():
    standard, mup = mlp((64, 32, 32, 10)), mlp((64, 32, 32, 10), parametrization="mup", base_width=32)
    assert np.array_equal(standard.init(0), mup.init(0))
    for rule in ("sgd", "adam"):
        assert (mup.lr_scale(rule) == 1).all()
        assert (standard.lr_scale(rule) == 1).all()


def test_mup_has_the_factors_of_the_paper():
    net = mlp((64, 128, 256, 10), parametrization="mup", base_width=32)
    factors = {
        rule: [float(view.flat[0]) for view in net.views(net.lr_scale(rule)).values()] for rule in ("sgd", "adam")
    }
    assert factors["sgd"] == [4.0, 4.0, 2.0, 8.0, 1 / 8, 1.0]
    assert factors["adam"] == [1.0, 1.0, 1 / 4, 1.0, 1 / 8, 1.0]
    assert len(set(net.views(net.lr_scale())["output.weight"].flat)) == 1
    standard = mlp((64, 128, 256, 10))
    ratio = net.views(net.init(0))["output.weight"] / standard.views(standard.init(0))["output.weight"]
    assert np.allclose(ratio, (1 / 8) ** 0.5)
    assert np.array_equal(net.init(0)[: 64 * 128], standard.init(0)[: 64 * 128])


@pytest.mark.parametrize(("kind", "rule", "lr"), [("sgd", sgd(), 0.003), ("adam", adam(), 0.0003)])
def test_outputs_move_alike_at_every_width_with_mup_and_only_with_it(kind, rule, lr):
    """The coordinate check of Yang et al.: how far the outputs move in two steps, at two widths."""
    inputs, targets = (array[:100] for array in DIGITS.train)

    def moved(width, **setting):
        net = mlp((64, width, width, 10), **setting)
        starts, scale = np.stack([net.init(seed) for seed in range(2)]), net.lr_scale(kind)
        run = descend(net.on(inputs, targets), starts, lr, steps=2, optimizer=rule, lr_scale=scale, keep="last")
        return np.sqrt(np.mean((net.predict(run.final, inputs) - net.predict(starts, inputs)) ** 2))

    mup = {"parametrization": "mup", "base_width": 8}
    assert 0.8 < moved(1024, **mup) / moved(256, **mup) < 1.25
    assert moved(1024) / moved(256) > 2.5


# ---- losses and metrics


def test_losses_are_what_they_are_called():
    params, inputs = np.array([1.0, 2.0, 3.0, -1.0, 0.5, 0.0]), np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])
    z = inputs @ params[:4].reshape(2, 2) + params[4:]
    share = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert np.isclose(
        softmax(2, 2).loss_and_grad(params, inputs, [0, 1, 1])[0], -np.log(share[[0, 1, 2], [0, 1, 1]]).mean()
    )
    targets = np.array([[1.0, 0.0], [2.0, 2.0], [0.0, 0.0]])
    squares = 0.5 * ((z - targets) ** 2).sum(axis=1).mean()
    assert np.isclose(linear_regression(2, 2).loss_and_grad(params, inputs, targets)[0], squares)
    z = inputs @ params[:2] + params[2]
    right = np.where([0, 1, 1], 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z)))
    assert np.isclose(logistic_regression(2).loss_and_grad(params[:3], inputs, [0, 1, 1])[0], -np.log(right).mean())


@pytest.mark.parametrize("scale", [1.0, -1.0])
def test_losses_survive_outputs_that_exp_does_not(scale):
    loss, grad = softmax(1, 2).loss_and_grad(np.array([1e6, -1e6, 0.0, 0.0]), [[scale]], [0])
    assert np.isclose(loss, 0.0 if scale > 0 else 2e6)
    assert np.isfinite(grad).all()
    loss, grad = logistic_regression(1).loss_and_grad(np.array([1e6, 0.0]), [[scale]], [1])
    assert np.isclose(loss, 0.0 if scale > 0 else 1e6)
    assert np.isfinite(grad).all()


def test_metrics_are_the_loss_and_the_share_of_right_answers():
    net = softmax(2, 3)
    params = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1])
    metrics = net.evaluate(params, [[2.0, 0.0], [0.0, 2.0], [-1.0, -1.0], [2.0, 1.0]], [0, 1, 2, 1])
    assert metrics["accuracy"] == 0.75
    sign = logistic_regression(1).evaluate(np.array([1.0, 0.0]), [[1.0], [-1.0], [2.0], [-3.0]], [1, 1, 1, 0])
    assert sign["accuracy"] == 0.75
    assert set(linear_regression(1).evaluate(np.zeros(2), [[1.0]], [1.0])) == {"loss"}
    coded = mlp((2, 3), loss="half_squared_error")
    assert coded.evaluate(params, [[2.0, 0.0], [0.0, 2.0]], one_hot([0, 2], 3))["accuracy"] == 0.5


def test_metrics_of_many_examples_are_those_of_all_at_once():
    net = softmax(64, 10, "lecun_normal")
    params = net.init(0)
    assert len(DIGITS.train.inputs) > 1000  # more than are looked at together
    metrics = net.evaluate(params, *DIGITS.train)
    assert np.isclose(metrics["loss"], net.loss_and_grad(params, *DIGITS.train)[0], rtol=1e-13)
    z = DIGITS.train.inputs @ params[:640].reshape(64, 10) + params[640:]
    assert metrics["accuracy"] == (z.argmax(axis=1) == DIGITS.train.targets).mean()


def test_monitor_follows_the_validation_data_and_nan_where_a_run_diverged():
    net = mlp((64, 16, 10))
    data = net.on(*DIGITS.train, batch_size=32)

    def monitor(t, params):
        return net.evaluate(params, *DIGITS.validation) if t % 100 == 0 else None

    run = descend(data, net.init(0), [0.1, 1e9], steps=200, monitor=monitor, keep="last", rng=rng())
    accuracy = np.array([value for _, value in run.metrics["accuracy"]])
    assert [t for t, _ in run.metrics["accuracy"]] == [0, 100, 200]
    assert accuracy[0, 0] < 0.3 < 0.85 < accuracy[2, 0]
    if run.diverged_at[1] <= 200:
        assert np.isnan(accuracy[2, 1])
    assert np.isnan(net.evaluate(np.full(net.dim, np.nan), *DIGITS.validation)["accuracy"])


# ---- which examples a step sees

LINE = linear_regression(1, start="xavier_normal")


def ten(batch_size=None, **setting):
    """Ten examples whose input is their row number."""
    return LINE.on(np.arange(10.0)[:, None], np.arange(10.0), batch_size, **setting)


def test_shuffled_epochs_show_every_example_once_in_an_order_of_their_own():
    data = ten(4)
    assert data.steps_per_epoch == 3
    epochs = [np.concatenate([data.rows(t, rng(5)) for t in range(3 * e, 3 * e + 3)]) for e in range(20)]
    for epoch in epochs:
        assert sorted(epoch) == list(range(10))
    assert len({tuple(epoch) for epoch in epochs}) == 20
    assert [len(data.rows(t, rng(5))) for t in range(6)] == [4, 4, 2, 4, 4, 2]
    firsts = np.array([ten(4).rows(0, rng(seed))[0] for seed in range(500)])
    assert (np.bincount(firsts, minlength=10) > 20).all()  # every example comes first at times


def test_the_order_of_an_epoch_hangs_on_the_seed_and_the_epoch_alone():
    data, fresh, used = ten(4), rng(5), rng(5)
    used.random(1000)
    want = [ten(4).rows(t, rng(5)).tolist() for t in range(12)]
    assert [data.rows(t, used).tolist() for t in range(12)] == want
    assert [data.rows(t, fresh).tolist() for t in reversed(range(12))] == want[::-1]
    assert fresh.random() == rng(5).random()  # nothing was drawn
    mixed = [(data.rows(t, rng(5)).tolist(), data.rows(t, rng(6)).tolist()) for t in range(12)]
    assert [a for a, _ in mixed] == want
    assert [b for _, b in mixed] == [ten(4).rows(t, rng(6)).tolist() for t in range(12)] != want
    children = {tuple(ten(10).rows(0, child)) for child in rng(5).spawn(3)} | {tuple(ten(10).rows(0, rng(5)))}
    assert len(children) == 4


def test_other_orders():
    fixed = ten(4, order="fixed")
    assert [fixed.rows(t).tolist() for t in range(4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [0, 1, 2, 3]]
    assert ten().rows(17).tolist() == list(range(10))
    replacement, one = ten(8, order="replacement"), rng(0)
    drawn = np.array([replacement.rows(t, one) for t in range(200)])
    assert any(len(set(rows)) < 8 for rows in drawn.tolist())
    assert (np.bincount(drawn.ravel()) > 100).all()
    assert not np.array_equal(drawn[0], drawn[1])


@pytest.mark.parametrize("order", ["shuffled", "fixed", "replacement"])
@pytest.mark.parametrize("cut", [0, 3, 7, 20])
def test_trunk_and_branch_equal_the_whole_run(order, cut):
    model, inputs, targets = CASES["mlp, tanh, deep"]

    def run(start, steps, seed=None):
        data = model.on(inputs, targets, batch_size=3, order=order)  # with no memory of an earlier run
        rule, source = sgd(momentum=0.9), None if seed is None else rng(seed)
        return descend(data, start, 0.1, optimizer=rule, steps=steps, rng=source)

    whole, trunk = run(model.init(0), 20, 4), run(model.init(0), cut, 4)
    for _ in range(2):
        branch = run(trunk, 20 - cut)
        assert np.array_equal(branch.params, whole.params[cut:])
        assert np.array_equal(branch.loss, whole.loss[cut:])


def test_a_minibatch_is_the_model_on_its_rows():
    data, params = ten(4), LINE.init(0)
    for t in range(4):
        rows = data.rows(t, rng(2))
        loss, grad = data.value_and_grad(params, t, rng(2))
        want = LINE.loss_and_grad(params, rows[:, None], rows)
        assert np.isclose(loss, want[0], rtol=1e-14)
        assert np.allclose(grad, want[1], rtol=1e-14)


def test_weight_decay_pulls_the_weights_alone_and_is_no_part_of_the_loss():
    model, inputs, targets = CASES["mlp"]
    params = points(model, 2)
    plain, decayed = model.on(inputs, targets), model.on(inputs, targets, weight_decay=0.3)
    (loss, grad), (same, more) = plain.value_and_grad(params), decayed.value_and_grad(params)
    assert np.array_equal(loss, same)
    extra, own = model.views(more - grad), model.views(params)
    for name in extra:
        want = 0.0 if name.endswith("bias") else 0.3 * own[name]
        assert np.allclose(extra[name], want, atol=1e-14)


def test_data_evaluates_itself():
    model, inputs, targets = CASES["mlp"]
    data, params = model.on(inputs, targets, batch_size=2), points(model)
    ours, want = data.evaluate(params), model.evaluate(params, inputs, targets)
    assert set(ours) == {"loss", "accuracy"}
    assert all(np.array_equal(ours[name], want[name]) for name in want)


# ---- they learn


def test_digits_show_a_valley_of_rates():
    """MLP 64-32-10, SGD, batch 32, 10 epochs: the median of three seeds beside numbers found outside the course."""
    net, rates = mlp((64, 32, 10)), [0.001, 0.01, 0.1, 0.3, 1.0, 3.0]
    data, losses = net.on(*DIGITS.train, batch_size=32), []
    for seed in range(3):
        start, steps = net.init(seed), 10 * data.steps_per_epoch
        run = descend(data, start, rates, steps=steps, keep="last", rng=rng(seed))
        losses.append(net.evaluate(run.final, *DIGITS.validation)["loss"])
    valley = np.median(losses, axis=0)
    assert valley.argmin() == 3
    assert (np.diff(valley[:4]) < 0).all()
    assert (np.diff(valley[3:]) > 0).all()
    # on fewer images than there, so a little higher in the middle
    assert np.allclose(valley, [2.24, 1.49, 0.207, 0.147, 0.276, 2.37], rtol=0.35)


def test_softmax_on_digits_bears_a_rate_of_30():
    net = softmax(64, 10)
    data = net.on(*DIGITS.train, batch_size=32)
    run = descend(data, net.init(0), 30.0, steps=10 * data.steps_per_epoch, keep="last", rng=rng())
    assert run.diverged_at == len(run.loss)
    assert net.evaluate(run.final, *DIGITS.test)["accuracy"] > 0.92


def test_convnet_learns_digits():
    net = convnet((8, 8), (8, 16))
    data, rule = net.on(*DIGITS.train, batch_size=32), sgd(momentum=0.9)
    run = descend(data, net.init(1), 0.03, optimizer=rule, steps=5 * data.steps_per_epoch, keep="last", rng=rng())
    assert net.evaluate(run.final, *DIGITS.validation)["accuracy"] > 0.92


def test_embedding_bag_finds_the_words_that_matter():
    texts = rng(1).integers(50, size=(400, 6))
    opinion = np.where(texts < 5, 1, np.where(texts < 10, -1, 0)).sum(axis=1)
    texts, opinion = texts[opinion != 0], opinion[opinion != 0] > 0
    bag = embedding_bag(50, 4)
    data = bag.on(texts, opinion, batch_size=16)
    run = descend(data, bag.init(0), 0.5, optimizer=sgd(momentum=0.9), steps=600, keep="last", rng=rng())
    assert bag.evaluate(run.final, texts, opinion)["accuracy"] > 0.95


# ---- what does not fit


SEEDLESS = np.random.Generator(np.random.RandomState(0)._bit_generator)
WRONG = {
    "mlp with one width": (lambda: mlp((4,)), "widths"),
    "mlp of width 0": (lambda: mlp((4, 0, 2)), "widths"),
    "mlp of half a unit": (lambda: mlp((4, 2.5, 2)), "widths"),
    "an unknown activation": (lambda: mlp((4, 2), activation="sigmoid"), "activation"),
    "an unknown loss": (lambda: mlp((4, 2), loss="hinge"), "loss"),
    "an unknown start": (lambda: mlp((4, 2), start="he"), "start"),
    "an unknown parametrization": (lambda: mlp((4, 2), parametrization="ntk"), "parametrization"),
    "mup without base": (lambda: mlp((4, 2), parametrization="mup"), "base_width"),
    "a base without mup": (lambda: mlp((4, 2), base_width=4), "base_width"),
    "a base of 0": (lambda: mlp((4, 2), parametrization="mup", base_width=0), "base_width"),
    "softmax with one class": (lambda: softmax(4, 1), "classes"),
    "an image that cannot be halved": (lambda: convnet((6, 8), (2, 2)), "image"),
    "an image of one side": (lambda: convnet((8,)), "image"),
    "no convolution": (lambda: convnet((8, 8), ()), "image"),
    "an even filter": (lambda: convnet((8, 8), (2,), kernel_size=2), "kernel_size"),
    "a bag without words": (lambda: embedding_bag(0), "words"),
    "a seed of nothing": (lambda: LINE.init(None), "rng"),
    "a negative seed": (lambda: LINE.init(-1), "rng"),
    "another rule": (lambda: LINE.lr_scale("lion"), "rule"),
    "too few parameters": (lambda: LINE.loss_and_grad(np.zeros(3), [[1.0]], [1.0]), "params"),
    "too few parameters to look at": (lambda: LINE.views(np.zeros(3)), "params"),
    "too few parameters to predict": (lambda: LINE.predict(np.zeros(1), [[1.0]]), "params"),
    "too few parameters to descend": (lambda: descend(ten(), np.zeros(5), 0.1), "params"),
    "inputs of another width": (lambda: LINE.on([[1.0, 2.0]], [1.0]), "inputs"),
    "inputs without rows": (lambda: LINE.on([1.0], [1.0]), "inputs"),
    "inputs that are not finite": (lambda: LINE.on([[np.nan]], [1.0]), "inputs"),
    "no examples": (lambda: LINE.on(np.zeros((0, 1)), []), "inputs"),
    "a target too many": (lambda: LINE.on([[1.0]], [1.0, 2.0]), "inputs"),
    "targets of another width": (lambda: linear_regression(1, 2).on([[1.0]], [1.0]), "targets"),
    "labels for squared error": (lambda: mlp((1, 2), loss="half_squared_error").on([[1.0]], [1]), "targets"),
    "a label out of range": (lambda: softmax(1, 3).on([[1.0]], [3]), "targets"),
    "half a label": (lambda: softmax(1, 3).on([[1.0]], [0.5]), "targets"),
    "labels in rows": (lambda: softmax(1, 3).on([[1.0]], [[1, 0, 0]]), "targets"),
    "a third label": (lambda: logistic_regression(1).on([[1.0]], [2]), "targets"),
    "a negative label": (lambda: softmax(1, 3).on([[1.0]], [-1]), "targets"),
    "a label out of range to encode": (lambda: one_hot([3], 3), "labels"),
    "no class": (lambda: one_hot([], 0), "classes"),
    "half a class": (lambda: one_hot([0], 1.5), "classes"),
    "widths that are no list": (lambda: mlp(5), "widths"),
    "an image that is no list": (lambda: convnet(8), "image"),
    "channels that are no list": (lambda: convnet((8, 8), 8), "channels"),
    "an activation in a list": (lambda: mlp((4, 2), activation=["relu"]), "activation"),
    "an empty start": (lambda: mlp((4, 2), start=""), "start"),
    "parameters of words": (lambda: LINE.predict("two", [[1.0]]), "params"),
    "parameters in ragged rows": (lambda: LINE.evaluate([[1.0], [1.0, 2.0]], [[1.0]], [1.0]), "params"),
    "no runs": (lambda: LINE.predict(np.zeros((0, 2)), [[1.0]]), "params"),
    "a generator without its seed": (lambda: descend(ten(4), LINE.init(0), 0.1, rng=SEEDLESS), "rng"),
    "a word out of range": (lambda: embedding_bag(5).on([[5]], [1]), "inputs"),
    "text without rows": (lambda: embedding_bag(5).on([1], [1]), "inputs"),
    "a batch too large": (lambda: ten(11), "batch_size"),
    "an empty batch": (lambda: ten(0), "batch_size"),
    "an unknown order": (lambda: ten(4, order="sorted"), "order"),
    "a negative decay": (lambda: ten(4, weight_decay=-1.0), "weight_decay"),
    "shuffled without a generator": (lambda: descend(ten(4), LINE.init(0), 0.1), "rng"),
    "replacement without a generator": (lambda: descend(ten(4, order="replacement"), LINE.init(0), 0.1), "rng"),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_does_not_fit_gets_one_sentence_that_names_it(case):
    build, name = WRONG[case]
    with pytest.raises(ValueError, match=rf"^{name}\b.*: .") as caught:
        build()
    assert "\n" not in str(caught.value)


def test_importing_the_models_does_not_load_numpy_random():
    code = "import sys, lrlab.models, lrlab.datasets; print('numpy.random' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
