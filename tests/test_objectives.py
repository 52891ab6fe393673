"""Landscapes: every row of the table against finite differences, and one by one where they are known."""

import numpy as np
import pytest

from lrlab.objectives import OBJECTIVES, double_well, parabola, quadratic

NAMES = sorted(OBJECTIVES)


def points(landscape, seed=0, count=200):
    box = landscape.box
    return np.random.default_rng(seed).uniform(box[:, 0], box[:, 1], (count, len(box)))


@pytest.mark.parametrize("name", NAMES)
def test_gradient_agrees_with_finite_differences(name):
    landscape = OBJECTIVES[name]()
    params = points(landscape)
    _, grad = landscape.value_and_grad(params)
    h = 1e-6
    for i in range(params.shape[-1]):
        shift = h * np.eye(params.shape[-1])[i]
        up, down = landscape.value_and_grad(params + shift)[0], landscape.value_and_grad(params - shift)[0]
        np.testing.assert_allclose(grad[..., i], (up - down) / (2 * h), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_batched_equals_one_by_one_bit_for_bit(name):
    landscape = OBJECTIVES[name]()
    params = points(landscape, seed=1).reshape(10, 20, -1)
    loss, grad = landscape.value_and_grad(params)
    for index in np.ndindex(10, 20):
        one_loss, one_grad = landscape.value_and_grad(params[index])
        assert one_loss == loss[index]
        assert (one_grad == grad[index]).all()


@pytest.mark.parametrize("name", NAMES)
def test_takes_infinity_and_nan_without_raising(name):
    landscape = OBJECTIVES[name]()
    for value in (np.inf, -np.inf, np.nan, 1e300):
        with np.errstate(all="ignore"):
            loss, grad = landscape.value_and_grad(np.full(len(landscape.box), value))
        assert not np.isfinite(loss) or loss > 1e100
        assert grad.shape == (len(landscape.box),)


@pytest.mark.parametrize("name", NAMES)
def test_start_lies_in_the_picture(name):
    landscape = OBJECTIVES[name]()
    assert landscape.name == name
    assert (landscape.box[:, 0] <= landscape.start).all()
    assert (landscape.start <= landscape.box[:, 1]).all()


def test_parabola_has_its_minimum_at_the_center():
    loss, grad = parabola(curvature=3.0, center=2.0).value_and_grad(np.array([2.0]))
    assert loss == 0
    assert grad == 0


def test_the_sharp_well_has_the_curvature_that_its_docstring_says():
    well = double_well()
    x = np.linspace(-1.96, -1.95, 100_001)[:, None]
    grad = well.value_and_grad(x)[1][:, 0]
    floor = int(np.abs(grad).argmin())
    assert x[floor, 0] == pytest.approx(-1.9545, abs=1e-4)
    slope = (grad[floor + 10] - grad[floor - 10]) / (x[floor + 10, 0] - x[floor - 10, 0])
    assert slope == pytest.approx(16.77, abs=0.01)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: parabola(curvature=0), r"curvature holds 0: give a number above 0"),
        (lambda: parabola(center=np.nan), r"center holds nan: give a finite number"),
        (lambda: parabola(curvature=[1, 2]), r"curvature has shape \(2,\): give a number above 0"),
        (lambda: parabola(curvature="steep"), r"curvature is 'steep', which is not a number"),
        (lambda: quadratic([]), r"curvatures has shape \(0,\): give at least one curvature"),
        (lambda: quadratic([[1.0]]), r"curvatures has shape \(1, 1\): give at least one"),
        (lambda: quadratic([1.0, -1.0]), r"curvatures holds -1: give at least one curvature above 0"),
        (lambda: double_well(width=0), r"width holds 0: give a number above 0"),
        (lambda: double_well(depth=-1), r"depth holds -1: give 0 or more"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
