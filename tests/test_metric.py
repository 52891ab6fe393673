"""Metric learning: the contrastive loss, its gradient, and how well distances tell pairs apart."""

import numpy as np
import pytest

from lrlab.models.metric import embedding, same_or_different

X = np.random.default_rng(0).standard_normal((7, 4))
LABELS = [0, 1, 0, 2, 1, 1, 0]


@pytest.mark.parametrize("widths", [(4, 2), (4, 6, 3)])
@pytest.mark.parametrize("margin", [1.0, 3.0])
def test_gradient_against_finite_differences(widths, margin):
    net = embedding(widths, margin)
    params = net.init(1)
    _, grad = net.loss_and_grad(params, X, LABELS)
    for at in range(0, net.dim, 3):
        step = np.zeros(net.dim)
        step[at] = 1e-6
        up, down = (net.loss_and_grad(params + s * step, X, LABELS)[0] for s in (1, -1))
        assert grad[at] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-8)


def test_loss_is_that_of_all_pairs_one_by_one():
    net = embedding((4, 3), 2.0)
    params = net.init(0)
    points, total = net.predict(params, X), 0.0
    for i in range(7):
        for j in range(i):
            d = np.linalg.norm(points[i] - points[j])
            total += d**2 / 2 if LABELS[i] == LABELS[j] else max(0, 2 - d) ** 2 / 2
    assert float(net.loss_and_grad(params, X, LABELS)[0]) == pytest.approx(total / 21)


def test_a_batch_is_its_runs_one_by_one():
    net = embedding((4, 3, 2))
    params = np.stack([net.init(seed) for seed in range(3)])
    loss, grad = net.loss_and_grad(params, X, LABELS)
    for i in range(3):
        one, slope = net.loss_and_grad(params[i], X, LABELS)
        np.testing.assert_allclose(loss[i], one, rtol=1e-12)
        np.testing.assert_allclose(grad[i], slope, atol=1e-12)


def test_where_all_points_are_one_nothing_moves():
    net = embedding((4, 3, 2), 1.5)
    loss, grad = net.loss_and_grad(np.zeros(net.dim), X, LABELS)
    unlike = np.mean([LABELS[i] != LABELS[j] for i in range(7) for j in range(i)])
    assert float(loss) == pytest.approx(1.5**2 / 2 * unlike)
    assert not grad.any()


def test_one_example_has_no_pair():
    loss, grad = embedding((4, 2)).loss_and_grad(np.ones(10), X[:1], [0])
    assert float(loss) == 0
    assert not grad.any()


@pytest.mark.parametrize(
    ("points", "labels", "share"),
    [
        ([[0], [1], [10], [11]], [0, 0, 1, 1], 1.0),
        ([[0], [10], [1], [11]], [0, 0, 1, 1], 0.25),  # like pairs at 10; unlike at 1, 1, 9, 11: one of four beyond
        ([[2], [2], [2]], [0, 0, 1], 0.5),
    ],
)
def test_pairs_by_hand(points, labels, share):
    assert same_or_different(points, labels) == pytest.approx(share)


def test_points_that_are_not_finite_have_no_score():
    assert np.isnan(same_or_different([[np.nan], [1], [2]], [0, 0, 1]))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: embedding((4,)), "widths is"),
        (lambda: embedding((4, 0)), "widths is"),
        (lambda: embedding((4, 2), margin=0), "margin holds"),
        (lambda: embedding((4, 2)).on(X, [[1]] * 7), "targets has"),
        (lambda: same_or_different([1, 2], [0, 1]), "points has"),
        (lambda: same_or_different([[1], [2]], [0, 1]), "labels must"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(call, name):
    with pytest.raises(ValueError, match=f"^{name} ") as caught:
        call()
    assert "\n" not in str(caught.value)
