"""Optimizers: SGD's rule step by step, and what every row of the table keeps."""

import numpy as np
import pytest

from lrlab import descend
from lrlab.objectives import parabola, quadratic
from lrlab.optimizers import OPTIMIZERS, sgd

SETTINGS = {
    "sgd": [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.5, "dampening": 0.3, "weight_decay": 0.1},
    ]
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
    for t in range(3):
        before = [a.copy() for a in (params, grad, lr, *state)]
        _, new = rule.direction(grad, params, state, t, lr)
        assert all((a == b).all() for a, b in zip(before, (params, grad, lr, *state), strict=True))
        state = new


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"momentum": -0.1}, "momentum holds -0.1: give 0 or more"),
        ({"momentum": np.inf}, "momentum holds inf"),
        ({"dampening": -1}, "dampening holds -1"),
        ({"weight_decay": np.nan}, "weight_decay holds nan"),
        ({"nesterov": True}, "nesterov is True with momentum 0.0 and dampening 0.0: give momentum above 0"),
        ({"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "nesterov is True .* and dampening 0"),
    ],
)
def test_bad_input_gets_one_sentence(setting, sentence):
    with pytest.raises(ValueError, match=sentence):
        sgd(**setting)
