"""Optimizers: what every row of the table keeps, and what is known of some of them in numbers."""

import numpy as np
import pytest

from lrlab import descend, steps_to
from lrlab.objectives import parabola, quadratic, rosenbrock
from lrlab.optimizers import (
    OPTIMIZERS,
    adagrad,
    adam,
    adamax,
    adamw,
    amsgrad,
    asgd,
    nadam,
    radam,
    rmsprop,
    sgd,
)

SETTINGS = {
    "sgd": [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.5, "dampening": 0.3, "weight_decay": 0.1},
    ],
    "asgd": [{}, {"lambd": 0.1, "alpha": 0.6, "t0": 3, "weight_decay": 0.1}],
    "adagrad": [{}, {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-3}],
    "adadelta": [{}, {"rho": 0.5, "eps": 1e-3, "weight_decay": 0.1}],
    "rmsprop": [{}, {"centered": True}, {"alpha": 0.5, "momentum": 0.9, "centered": True, "weight_decay": 0.1}],
    "rprop": [{}, {"etas": (0.3, 1.9), "step_sizes": (1e-3, 0.5)}],
    "adam": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1, "amsgrad": True, "decoupled_weight_decay": True}],
    "amsgrad": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1}],
    "adamw": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.3, "amsgrad": True}],
    "adamax": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1}],
    "nadam": [{}, {"momentum_decay": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}],
    "radam": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1}, {"weight_decay": 0.1, "decoupled_weight_decay": True}],
    "lion": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1}],
    "dog": [{"reps_rel": 1e-3}, {"init_eta": 0.01, "weight_decay": 0.1}, {"reps_rel": 1e-3, "averaging": 8.0}],
    "dadapt_sgd": [{}, {"momentum": 0.9, "weight_decay": 0.1, "d0": 1e-3, "growth_rate": 1.5}],
    "dadapt_adam": [
        {"weight_decay": 0.1, "use_bias_correction": True},
        {"betas": (0.5, 0.9), "weight_decay": 0.1, "decouple": True, "d0": 1e-3, "growth_rate": 1.5},
    ],
    "prodigy": [
        {"weight_decay": 0.1, "use_bias_correction": True},
        {"betas": (0.5, 0.9), "beta3": 0.8, "d0": 1e-3, "growth_rate": 1.5},
        {"weight_decay": 0.1, "decouple": False, "safeguard_warmup": True, "d_coef": 2.0},
    ],
    "schedule_free_sgd": [{}, {"momentum": 0.5, "weight_decay": 0.1, "warmup_steps": 7, "r": 1.0}],
    "schedule_free_adamw": [{}, {"betas": (0.5, 0.9), "weight_decay": 0.1, "warmup_steps": 7, "weight_lr_power": 1.5}],
    "sgd_hd": [{"hypergrad_lr": 1e-3}, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}],
    "adam_hd": [{"hypergrad_lr": 1e-4}, {"betas": (0.5, 0.9), "weight_decay": 0.1}],
}
ROWS = [(name, setting) for name in OPTIMIZERS for setting in SETTINGS[name]]


def by_hand(grad, x, lr, steps, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0):
    """torch.optim.SGD's documented loop, scalar by scalar."""
    path, velocity = [x], None
    for _ in range(steps):
        g = grad(x) + weight_decay * x
        if momentum:
            velocity = g if velocity is None else momentum * velocity + (1 - dampening) * g
            g = g + momentum * velocity if nesterov else velocity
        x = x - lr * g
        path.append(x)
    return np.array(path)


@pytest.mark.parametrize("setting", SETTINGS["sgd"], ids=str)
def test_sgd_follows_the_documented_loop(setting):
    run = descend(parabola(3.0), [1.0], lr=0.1, optimizer=sgd(**setting), steps=50)
    expected = by_hand(lambda x: 3.0 * x, 1.0, 0.1, 50, **setting)
    np.testing.assert_allclose(run.params[:, 0], expected, rtol=1e-12, atol=1e-15)


def test_momentum_is_stable_up_to_its_known_edge():
    beta, top = 0.9, 10.0
    edge = 2 * (1 + beta) / top
    run = descend(
        quadratic((1.0, top)), [1.0, 1.0], [0.999 * edge, 1.001 * edge], optimizer=sgd(beta), steps=60_000, keep="last"
    )
    assert np.abs(run.final[0]).max() < 1e-6
    assert run.diverged_at[1] < 60_001


def test_momentum_may_be_a_function_of_the_step():
    run = descend(parabola(), [1.0], 0.1, optimizer=sgd(momentum=lambda t: 0.5 if t < 10 else 0.9), steps=20)
    first = descend(parabola(), [1.0], 0.1, optimizer=sgd(momentum=0.5), steps=20)
    assert (run.params[:11] == first.params[:11]).all()
    assert (run.params[11:] != first.params[11:]).all()


@pytest.mark.parametrize(("name", "setting"), ROWS, ids=str)
def test_rules_never_write_into_their_arguments(name, setting):
    rule = OPTIMIZERS[name](**setting)
    params, grad, lr = np.array([[1.0, -2.0]]), np.array([[0.5, 3.0]]), np.array([[0.1]])
    state = rule.init(params)
    for t in range(6):
        grad = -1.5 * grad  # a turn in every step
        given = params, grad, lr, *state
        before = [a.copy() for a in given]
        for a in given:
            a.flags.writeable = False
        for point in (rule.at, rule.evaluate):
            if point:
                point(params, state)
        _, state = rule.direction(grad, params, state, t, lr)
        assert all((a == b).all() for a, b in zip(before, given, strict=True))


@pytest.mark.parametrize(("name", "setting"), ROWS, ids=str)
def test_state_is_a_tuple_of_arrays_along_the_batch(name, setting):
    rule = OPTIMIZERS[name](**setting)
    assert rule.name == name
    params = np.random.default_rng(0).standard_normal((4, 3, 2))
    lr, state = np.full((4, 3, 1), 0.1), rule.init(params)
    for t in range(6):
        assert isinstance(state, tuple)
        for kept in state:
            assert kept.dtype == float
            assert kept.shape[:-1] == (4, 3)
            assert kept.shape[-1] in (1, 2)
        for point in (rule.at, rule.evaluate):
            if point:
                assert point(params, state).shape == params.shape
        step, new = rule.direction(params * 2.0**t, params, state, t, lr)
        assert step.shape == params.shape
        assert len(new) == len(state)
        state = new


@pytest.mark.parametrize("landscape", [quadratic((1.0, 7.0, 30.0)), rosenbrock()], ids=lambda f: f.name)
@pytest.mark.parametrize(("name", "setting"), ROWS, ids=str)
def test_batched_equals_one_by_one_bit_for_bit(name, setting, landscape):
    def run(lr):
        return descend(landscape, landscape.start * 1.3, lr, optimizer=OPTIMIZERS[name](**setting), steps=40)

    rates = np.append(0.0, np.geomspace(1e-4, 1e20, 36))
    batch = run(rates)
    diverged = batch.diverged_at <= 40
    assert not diverged.all()
    assert diverged.any() or name == "rprop"  # whose steps are bounded whatever lr is
    for j, lr in enumerate(rates):
        one = run(lr)
        for field in ("params", "loss", "grad_norm", "lr"):
            assert np.array_equal(getattr(one, field), getattr(batch, field)[:, j], equal_nan=True), field


@pytest.mark.parametrize(("name", "setting"), ROWS, ids=str)
def test_a_rate_of_zero_stands_still(name, setting):
    run = descend(rosenbrock(), [-1.2, 1.0], 0.0, optimizer=OPTIMIZERS[name](**setting), steps=20)
    assert (run.params == run.params[0]).all() or name == "dog"  # whose first step may be given, whatever lr is


CYCLED = [
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("rmsprop", {"momentum": 0.9}),
    *((name, {"betas": (0.9, 0.99)}) for name in ("adam", "amsgrad", "adamw", "adamax", "nadam", "radam")),
]


@pytest.mark.parametrize(("name", "setting"), CYCLED, ids=str)
def test_momentum_and_betas_may_be_functions_of_the_step(name, setting):
    def run(setting):
        return descend(rosenbrock(), [-1.2, 1.0], 1e-3, optimizer=OPTIMIZERS[name](**setting), steps=20).params

    def drop(t):
        return 0.9 if t < 10 else 0.5

    moving = {"betas": (drop, lambda t: 0.99)} if "betas" in setting else {**setting, "momentum": drop}
    assert (run(moving)[:11] == run(setting)[:11]).all()
    assert (run(moving)[11:] != run(setting)[11:]).all()


BETAS = "give two numbers of at least 0 and below 1, such as"


@pytest.mark.parametrize(
    ("name", "setting", "sentence"),
    [
        ("sgd", {"momentum": -0.1}, "momentum holds -0.1: give 0 or more"),
        ("sgd", {"momentum": np.inf}, "momentum holds inf"),
        ("sgd", {"momentum": [0.9, 0.8]}, r"momentum has shape \(2,\): give 0 or more"),
        ("sgd", {"momentum": 10**400}, r"momentum is 1000.*\.\.\..*, which is not a number: give 0 or more"),
        ("sgd", {"dampening": -1}, "dampening holds -1"),
        ("sgd", {"weight_decay": np.nan}, "weight_decay holds nan"),
        ("sgd", {"weight_decay": lambda t: 0.1}, "weight_decay is <function .*, which is not a number: give 0 or more"),
        ("sgd", {"nesterov": True}, "nesterov is True with momentum 0.0 and dampening 0.0: give momentum above 0"),
        ("sgd", {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "nesterov is True .* and dampening 0"),
        ("asgd", {"lambd": -1}, "lambd holds -1: give 0 or more"),
        ("asgd", {"alpha": "slow"}, "alpha is 'slow', which is not a number"),
        ("asgd", {"t0": -1}, "t0 holds -1: give 0 or more, such as 1000"),
        ("asgd", {"weight_decay": -1}, "weight_decay holds -1"),
        ("adagrad", {"lr_decay": -1}, "lr_decay holds -1"),
        ("adagrad", {"weight_decay": -1}, "weight_decay holds -1"),
        ("adagrad", {"initial_accumulator_value": -1}, "initial_accumulator_value holds -1"),
        ("adagrad", {"eps": -1}, "eps holds -1: give 0 or more, such as 1e-10"),
        ("adadelta", {"rho": 1.1}, "rho holds 1.1: give a number from 0 to 1, such as 0.9"),
        ("adadelta", {"eps": -1}, "eps holds -1"),
        ("adadelta", {"weight_decay": -1}, "weight_decay holds -1"),
        ("rmsprop", {"alpha": 1.0}, "alpha holds 1: give a number of at least 0 and below 1, such as 0.99"),
        ("rmsprop", {"eps": -1}, "eps holds -1"),
        ("rmsprop", {"weight_decay": -1}, "weight_decay holds -1"),
        ("rmsprop", {"momentum": -1}, "momentum holds -1"),
        ("rprop", {"etas": (1.2, 0.5)}, r"etas\[0\] holds 1.2: give two numbers, shrink between 0 and 1"),
        ("rprop", {"etas": (0.5, 1.0)}, r"etas\[1\] holds 1: give two numbers"),
        ("rprop", {"etas": 0.5}, "etas is 0.5: give two numbers"),
        ("rprop", {"step_sizes": (50, 1e-6)}, r"step_sizes\[0\] holds 50: give two lengths, the least first"),
        ("rprop", {"step_sizes": (-1, 1)}, r"step_sizes\[0\] holds -1: give two lengths"),
        ("adam", {"betas": 0.9}, f"betas is 0.9: {BETAS}"),
        ("adam", {"betas": (0.9, 0.99, 0.999)}, f"betas is .*: {BETAS}"),
        ("adam", {"betas": (1.0, 0.999)}, rf"betas\[0\] holds 1: {BETAS}"),
        ("adam", {"betas": (0.9, -0.1)}, rf"betas\[1\] holds -0.1: {BETAS}"),
        ("adam", {"eps": -1}, "eps holds -1"),
        ("adam", {"weight_decay": -1}, "weight_decay holds -1"),
        ("amsgrad", {"betas": (0.9, 1.0)}, rf"betas\[1\] holds 1: {BETAS}"),
        ("adamw", {"weight_decay": -1}, "weight_decay holds -1"),
        ("adamax", {"betas": (0.9, 1.0)}, rf"betas\[1\] holds 1: {BETAS}"),
        ("adamax", {"eps": -1}, "eps holds -1"),
        ("adamax", {"weight_decay": -1}, "weight_decay holds -1"),
        ("nadam", {"betas": (0.9, 1.0)}, rf"betas\[1\] holds 1: {BETAS}"),
        ("nadam", {"eps": -1}, "eps holds -1"),
        ("nadam", {"weight_decay": -1}, "weight_decay holds -1"),
        ("nadam", {"momentum_decay": -1}, "momentum_decay holds -1"),
        ("radam", {"betas": (0.9, 1.0)}, rf"betas\[1\] holds 1: {BETAS}"),
        ("radam", {"eps": -1}, "eps holds -1"),
        ("radam", {"weight_decay": -1}, "weight_decay holds -1"),
    ],
)
def test_bad_input_gets_one_sentence(name, setting, sentence):
    with pytest.raises(ValueError, match=sentence):
        OPTIMIZERS[name](**setting)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (sgd(momentum=lambda t: 0.9 - t), r"momentum, at step 1, holds -0.1: give 0 or more"),
        (sgd(momentum=0.9, dampening=lambda t: np.nan), r"dampening, at step 1, holds nan: give 0 or more"),
        (adam(betas=(0.9, lambda t: 0.5 * t)), rf"betas\[1\], at step 2, holds 1: {BETAS}"),
    ],
    ids=["momentum", "dampening", "betas"],
)
def test_a_function_of_the_step_is_held_to_the_same_range(rule, sentence):
    with pytest.raises(ValueError, match=sentence):
        descend(parabola(), [1.0], 0.1, optimizer=rule, steps=5)


class Slope:
    """A gradient that is drawn, or the same everywhere, whatever the parameters are."""

    def __init__(self, scale, noise=False):
        self.scale, self.noise = np.asarray(scale), noise

    def value_and_grad(self, params, t=0, rng=None):
        draw = rng.standard_normal(params.shape[-1]) if self.noise else 1.0
        return np.zeros(params.shape[:-1]), np.broadcast_to(draw * self.scale, params.shape)


@pytest.mark.parametrize("make", [adam, amsgrad, lambda: adamw(weight_decay=0.0), adamax, adagrad])
@pytest.mark.parametrize("slope", [1e-3, 1.0, -1e3])
def test_the_first_step_is_the_rate_whatever_the_gradient(make, slope):
    run = descend(Slope([slope]), [0.0], 0.01, optimizer=make(), steps=1)
    assert run.final[0] == pytest.approx(-np.sign(slope) * 0.01, rel=1e-4)


def test_first_steps_of_nadam_and_rmsprop():
    first = [descend(Slope([1.0]), [0.0], 1.0, optimizer=make(), steps=1).final[0] for make in (nadam, rmsprop)]
    np.testing.assert_allclose(first, [-1.056, -10.0], rtol=1e-3)


def test_without_its_correction_adam_would_start_too_fast():
    rule = adam(eps=0.0)

    def direction(grad, params, state, t, lr):
        step, state = rule.direction(grad, params, state, t, lr)
        return step * (1 - 0.9 ** (t + 1)) / np.sqrt(1 - 0.999 ** (t + 1)), state

    def lengths(optimizer):
        return -np.diff(descend(Slope([2.0]), [0.0], 1.0, optimizer=optimizer, steps=40).params[:, 0])

    np.testing.assert_allclose(lengths(rule), 1.0, rtol=1e-12)
    uncorrected = lengths(rule._replace(direction=direction))
    assert uncorrected[0] == pytest.approx(3.1623, abs=1e-4)
    assert uncorrected.argmax() == 11  # the twelfth step
    assert uncorrected.max() == pytest.approx(6.569, abs=1e-3)


def test_adam_with_a_frozen_denominator_is_stable_up_to_38():
    rule = adam(eps=1e8)  # so large that v does not count
    still = descend(parabola(), [1.0], 0.0, optimizer=rule, steps=500)  # until nothing is left to correct
    run = descend(parabola(), still, 38e8 * np.array([0.99, 1.01]), optimizer=rule, steps=1000)
    assert abs(run.final[0, 0]) < 1e-12
    assert np.abs(run.params[:, 1]).max() > 1e6


def test_adam_does_not_see_the_scale_of_the_loss_but_for_eps():
    small, large = quadratic((1.0, 25.0)), quadratic((1000.0, 25_000.0))

    def apart(eps):
        a, b = (descend(f, [3.0, 2.0], 0.05, optimizer=adam(eps=eps), steps=200).params for f in (small, large))
        return np.abs(a - b).max()

    assert apart(1e-12) == pytest.approx(7.1e-13, rel=0.1)
    assert apart(1e-8) == pytest.approx(7.1e-9, rel=0.1)


@pytest.mark.parametrize(
    ("make", "aligned", "rotated"),
    [(adagrad, 5, 835), (adam, 35, 150), (lambda: sgd(momentum=0.9), 130, 130), (sgd, 1770, 1770)],
    ids=["adagrad", "adam", "momentum", "sgd"],
)
def test_a_rate_for_each_coordinate_helps_only_where_the_axes_fit(make, aligned, rotated):
    curvatures, rates = np.logspace(-3, 0, 10), np.logspace(-4, 2, 25)
    axes = np.linalg.qr(np.random.default_rng(1).standard_normal((10, 10)))[0]

    def steps(start, rotation):
        bowl = quadratic(curvatures, rotation=rotation)
        loss = descend(bowl, start, rates, optimizer=make(), steps=1775).loss[::5]  # looked at every fifth step
        return 5 * steps_to(loss / loss[0], 1e-6).min()

    assert steps(np.ones(10), None) == aligned
    assert steps(np.sum(axes, axis=1), axes) == rotated


def test_adamw_decays_all_weights_alike_where_l2_spares_those_with_large_gradients():
    slope = Slope(np.repeat([0.1, 1.0, 100.0], 400), noise=True)

    def mean_weight(make):
        rule, rng = make(weight_decay=0.1), np.random.default_rng(0)
        run = descend(slope, np.ones(1200), 1e-3, optimizer=rule, steps=5000, keep="last", rng=rng)
        return run.final.reshape(3, 400).mean(axis=1)

    np.testing.assert_allclose(mean_weight(adam), [0.007, 0.606, 0.994], atol=0.02)
    np.testing.assert_allclose(mean_weight(adamw), 0.606, atol=0.02)


def test_amsgrad_never_forgets_a_large_gradient():
    def last_step(make):
        rule, params, lr = make(betas=(0.0, 0.9)), np.zeros((1, 1)), np.ones((1, 1))
        state = rule.init(params)
        for t in range(100):
            grad = np.array([[100.0 if t == 0 else 1.0]])
            step, state = rule.direction(grad, params, state, t, lr)
        return step[0, 0]

    assert last_step(adam) == pytest.approx(1.0, abs=0.02)
    assert last_step(amsgrad) == pytest.approx(1 / np.sqrt(0.1 * 100**2), abs=1e-4)


def test_radam_is_momentum_for_five_steps_and_then_rectified():
    path = descend(Slope([100.0]), [0.0], 1.0, optimizer=radam(), steps=8).params[:, 0]
    lengths = -np.diff(path)
    np.testing.assert_allclose(lengths[:5], 100.0, rtol=1e-12)
    assert (lengths[5:] < 0.1).all()


def test_centered_rmsprop_survives_a_variance_that_rounds_below_zero():
    run = descend(Slope([0.1, 3.3]), [0.0, 0.0], 1e-12, optimizer=rmsprop(centered=True), steps=4000)
    assert np.isfinite(run.params).all()


def test_asgd_counts_at_the_mean_of_the_points_from_t0_on():
    walk = descend(parabola(), [1.0], 0.5, optimizer=asgd(lambd=0.0, t0=1e6), steps=12).params[:, 0]
    np.testing.assert_array_equal(walk, 0.5 ** np.arange(13))
    mean = descend(parabola(), [1.0], 0.5, optimizer=asgd(lambd=0.0, t0=4), steps=12).params[:, 0]
    np.testing.assert_array_equal(mean[:6], walk[:6])
    for t in range(6, 13):
        assert mean[t] == pytest.approx(np.mean(walk[6 : t + 1]), rel=1e-12)


def test_rprop_takes_its_first_length_alone_from_the_rate():
    steady = descend(rosenbrock(), [-1.2, 1.0], 0.01, optimizer=OPTIMIZERS["rprop"](), steps=30)
    falling = descend(rosenbrock(), [-1.2, 1.0], lambda t: 0.01 / (1 + t), optimizer=OPTIMIZERS["rprop"](), steps=30)
    np.testing.assert_allclose(falling.params, steady.params, rtol=1e-12)
