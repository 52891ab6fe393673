"""The deep networks' experiment and the lab: the normalised net's gradient, its scale, and the lab's data."""

import numpy as np
import pytest

from lrlab.experiments import depth_cures, depth_map, lab_grid


def few(net="normalised", depth=2):
    parts = depth_cures.centred()
    return depth_cures.net_of(net, depth), parts["train"].inputs[:20], parts["train"].targets[:20]


@pytest.mark.parametrize("depth", [1, 3])
def test_the_normalised_gradient_is_that_of_finite_differences(depth):
    model, inputs, labels = few(depth=depth)
    params, rng = model.init(0), np.random.default_rng(1)
    _, grad = model.loss_and_grad(params, inputs, labels)
    for _ in range(10):
        way = rng.standard_normal(params.shape)
        sides = [model.loss_and_grad(params + step * way, inputs, labels)[0] for step in (1e-5, -1e-5)]
        np.testing.assert_allclose((sides[0] - sides[1]) / 2e-5, grad @ way, rtol=1e-6, atol=1e-8)


def test_the_length_of_hidden_weights_does_not_count_and_the_gradient_has_no_part_along_them():
    model, inputs, labels = few()
    params = model.init(0)
    longer = params.copy()
    for name, view in model.views(longer).items():
        view *= 7 if name.startswith("hidden") else 1
    (loss, grad), (again, small) = (model.loss_and_grad(p, inputs, labels) for p in (params, longer))
    np.testing.assert_allclose(loss, again, rtol=1e-6)
    weight, slope = (model.views(a)["hidden1.weight"] for a in (params, grad))
    assert abs((weight * slope).sum()) < 1e-6 * np.linalg.norm(weight) * np.linalg.norm(slope)
    np.testing.assert_allclose(model.views(small)["hidden1.weight"], slope / 7, rtol=1e-4, atol=1e-7)


def test_a_batch_of_runs_equals_its_runs_one_by_one():
    model, inputs, labels = few()
    both = np.stack([model.init(0), model.init(1)])
    loss, grad = model.loss_and_grad(both, inputs, labels)
    for i in range(2):
        one, slope = model.loss_and_grad(both[i], inputs, labels)
        np.testing.assert_allclose([loss[i], *grad[i]], [one, *slope], rtol=1e-12, atol=1e-15)


def test_plain_and_normalised_nets_start_alike():
    starts = [depth_cures.net_of(net, 4).init(3) for net in ("plain", "normalised")]
    np.testing.assert_array_equal(*starts)


def test_at_the_base_width_both_parametrisations_bear_the_same():
    both = [depth_map.cell(kind, depth_map.BASE, 1, 0)["limit"] for kind in ("standard", "scaled")]
    assert both[0] == both[1] > 1


def test_the_moons_are_the_same_for_a_seed_and_half_of_each_label():
    again, parts = lab_grid.moons(), lab_grid.moons()
    for name, part in parts.items():
        np.testing.assert_array_equal(part.inputs, again[name].inputs)
        assert part.targets.mean() == 0.5
    assert not np.allclose(lab_grid.moons(1)["train"].inputs, parts["train"].inputs)
    assert len(np.unique(np.concatenate([part.inputs for part in parts.values()]), axis=0)) == 1000


def test_a_run_of_the_lab_alone_is_that_of_its_grid():
    rates = lab_grid.RATES[[4, 6]]
    setup = "moons, softmax", "momentum", "cosine"
    (grid, seen), (alone, _) = (lab_grid.train(*setup, at, 0) for at in (rates, rates[:1]))
    np.testing.assert_allclose(grid.loss[:, 0], alone.loss[:, 0], rtol=1e-12)
    assert seen.shape == (20, 2)
    assert lab_grid.windows(grid.loss).shape == (2, 20)
