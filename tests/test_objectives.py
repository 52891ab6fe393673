"""Landscapes: every row of the table against finite differences, and one by one where they are known."""

from itertools import pairwise

import numpy as np
import pytest

from lrlab import descend, plots
from lrlab.objectives import (
    OBJECTIVES,
    beale,
    cliff,
    cubic,
    double_well,
    himmelblau,
    noisy,
    onto_box,
    parabola,
    plateau,
    quadratic,
    random_rotation,
    rastrigin,
    reddi,
    rosenbrock,
    saddle,
    scale_free,
    uv_product,
    uv_sharpness,
)


def rng(seed=0):
    return np.random.default_rng(seed)


CASES = {name: make() for name, make in OBJECTIVES.items()} | {
    "quadratic turned by 30 degrees": quadratic((1.0, 100.0), rotation=30),
    "quadratic turned in 10 dimensions": quadratic(
        np.logspace(-3, 0, 10), random_rotation(10, rng(1)), np.arange(10.0)
    ),
    "quadratic in 50 dimensions": quadratic(np.linspace(1, 2, 50)),
    "rosenbrock (2, 5)": rosenbrock(2.0, 5.0),
    "rastrigin in 9 dimensions": rastrigin(9, 3.0),
    "a sharper well": double_well(sharpness=60.0),
    "a saddle without floor": saddle(0.0),
    "a gentle cliff": cliff(3.0, 1.0, 0.5),
    "a wide plateau": plateau(3.0),
    "uv of width 20": uv_product(-0.5, 20),
    "scale-free Rosenbrock": scale_free(rosenbrock()),
    "scale-free in 50 dimensions": scale_free(quadratic(np.linspace(1, 9, 50))),
    "noisy rosenbrock": noisy(rosenbrock(), 0.3),
    "scale-free noise": scale_free(noisy(rastrigin(9), np.arange(9.0))),
}
QUIET = [name for name in CASES if "nois" not in name]
NAMES = sorted(CASES)


def ask(landscape, params, t=0):
    """Every question draws the same noise."""
    return landscape.value_and_grad(params, t, rng(7))


def points(landscape, seed=0, count=200):
    box = landscape.box
    return rng(seed).uniform(box[:, 0], box[:, 1], (count, len(box)))


def slope(landscape, params, h=1e-6):
    """The gradient by central differences of the loss."""
    shifts = h * np.eye(params.shape[-1])
    up, down = (ask(landscape, params[..., None, :] + sign * shifts)[0] for sign in (1, -1))
    return (up - down) / (2 * h)


def hessian(landscape, point, h=1e-6):
    """The second derivatives by central differences of the gradient."""
    shifts = h * np.eye(len(point))
    return (ask(landscape, point + shifts)[1] - ask(landscape, point - shifts)[1]) / (2 * h)


@pytest.mark.parametrize("name", QUIET)
def test_gradient_agrees_with_finite_differences(name):
    landscape = CASES[name]
    params = points(landscape)
    if name.startswith("scale"):
        params = params[np.linalg.norm(params, axis=-1) > 0.1]  # at 0 there is no slope to compare with
    _, grad = ask(landscape, params)
    away = np.abs(grad - slope(landscape, params)) / np.maximum(1, np.abs(grad).max(axis=-1, keepdims=True))
    assert away.max() < 2e-6


@pytest.mark.parametrize("name", NAMES)
def test_batched_equals_one_by_one_bit_for_bit(name):
    landscape = CASES[name]
    params = points(landscape, seed=1).reshape(10, 20, -1)
    loss, grad = ask(landscape, params)
    assert loss.shape == (10, 20)
    for index in np.ndindex(10, 20):
        one_loss, one_grad = ask(landscape, params[index])
        assert one_loss == loss[index]
        assert (one_grad == grad[index]).all()
        few_loss, few_grad = ask(landscape, params[index][None])
        assert few_loss == [one_loss]
        assert (few_grad == one_grad).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_order_in_memory_changes_nothing(name):
    landscape = CASES[name]
    params = points(landscape, seed=2)
    loss, grad = ask(landscape, params)
    wide = np.repeat(np.repeat(params, 3, axis=0), 2, axis=1)
    for other in (np.asfortranarray(params), wide[::3, ::2], params[::-1][::-1]):
        other_loss, other_grad = ask(landscape, other)
        assert (other_loss == loss).all()
        assert (other_grad == grad).all()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_into_and_nothing_is_remembered(name):
    landscape = CASES[name]
    params = points(landscape, seed=3)
    before = params.copy()
    first = [a.copy() for a in ask(landscape, params)]
    params.flags.writeable = False
    again = ask(landscape, params)
    assert (params == before).all()
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert not any(np.shares_memory(a, params) for a in again)


@pytest.mark.parametrize("name", NAMES)
def test_takes_infinity_and_nan_without_raising(name):
    landscape = CASES[name]
    dim = len(landscape.box)
    for value in (np.inf, -np.inf, np.nan, 1e300, -1e300, 0.0):
        for params in (np.full(dim, value), np.where(np.arange(dim) == dim - 1, value, 0.5)):
            with np.errstate(all="ignore"):
                loss, grad = ask(landscape, params)
            assert grad.shape == (dim,)
            if np.isnan(value):
                assert np.isnan(loss)
            elif value and "plateau" not in name and not name.startswith("scale"):
                assert not np.isfinite(loss) or abs(loss) > 1e100


def test_what_is_bounded_far_out_is_exact_there():
    assert ask(plateau(), np.array([1e300]))[0] == 0.5
    loss, grad = ask(scale_free(), np.array([3e300, 4e300]))
    assert loss == pytest.approx(1 - 0.6, rel=1e-15)
    assert np.abs(grad).max() < 1e-300
    tiny, _ = ask(scale_free(), np.array([3e-300, 4e-300]))
    assert tiny == loss
    with np.errstate(all="ignore"):
        assert np.isnan(ask(scale_free(), np.array([np.inf, 1.0]))[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_rate_far_too_high_is_seen_as_divergence(name):
    landscape = CASES[name]
    run = descend(landscape, landscape.start, 1e20, steps=20, rng=rng())
    grows = landscape.value_and_grad(landscape.start, 0, rng())[1].any()
    assert run.diverged_at <= 20 if grows else run.diverged_at == 21


@pytest.mark.parametrize("name", NAMES)
def test_start_lies_in_the_picture(name):
    landscape = CASES[name]
    box = landscape.box
    assert name not in OBJECTIVES or landscape.name.split()[0] == name
    assert box.shape == (len(landscape.start), 2)
    if name != "uv of width 20":  # a normal draw
        assert (box[:, 0] <= landscape.start).all()
        assert (landscape.start <= box[:, 1]).all()
    for point in landscape.minima:
        assert (box[:, 0] <= point).all()
        assert (point <= box[:, 1]).all()


@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_can_be_drawn(name):
    ax = plots.landscape(OBJECTIVES[name]())
    assert ax.lines or ax.collections


@pytest.mark.parametrize("name", [name for name in QUIET if len(CASES[name].minima)])
def test_known_minima_are_flat_lowest_nearby_and_as_sharp_as_they_say(name):
    landscape = CASES[name]
    assert len(landscape.sharpness) == len(landscape.minima)
    losses, grads = ask(landscape, landscape.minima)
    assert losses[0] == losses.min()
    for point, loss, grad, sharpness in zip(landscape.minima, losses, grads, landscape.sharpness, strict=True):
        assert np.abs(grad).max() <= 1e-13 * max(1, sharpness)
        curvatures = np.linalg.eigvalsh(hessian(landscape, point))
        assert curvatures[-1] == pytest.approx(sharpness, rel=1e-7)
        # the uv-product's minima are a surface: along it nothing changes
        assert curvatures[0] > (-1e-9 if name.startswith("uv") else 1e-4)
        near = point + 1e-2 * rng(4).standard_normal((500, len(point)))
        assert (ask(landscape, near)[0] >= loss).all()


@pytest.mark.parametrize("name", QUIET)
def test_no_point_of_the_picture_lies_below_the_lowest_minimum(name):
    landscape = CASES[name]
    if len(landscape.minima):
        assert (
            ask(landscape, points(landscape, seed=5, count=20_000))[0].min() >= ask(landscape, landscape.minima[0])[0]
        )


def test_two_landscapes_can_be_compared_and_kept_in_a_set():
    one = quadratic((1.0, 2.0))
    assert one == one
    assert one != quadratic((1.0, 2.0))
    assert len({one, one, noisy(one)}) == 2


def test_noise_without_a_landscape_is_on_a_parabola():
    assert noisy().name == "noisy parabola"
    for a, b in zip(ask(noisy(), np.ones((5, 1))), ask(noisy(parabola()), np.ones((5, 1))), strict=True):
        assert (a == b).all()


def test_published_values():
    # More, Garbow and Hillstrom 1981 for Rosenbrock and Beale; Himmelblau 1972
    assert rosenbrock().value_and_grad(np.array([-1.2, 1.0]))[0] == pytest.approx(24.2, rel=1e-14)
    assert rosenbrock().minima.tolist() == [[1.0, 1.0]]
    assert rosenbrock(2.0, 5.0).minima.tolist() == [[2.0, 4.0]]
    assert beale().value_and_grad(np.array([1.0, 1.0]))[0] == 14.203125
    assert beale().minima.tolist() == [[3.0, 0.5]]
    published = [[3, 2], [3.584428, -1.848126], [-2.805118, 3.131312], [-3.779310, -3.283186]]
    np.testing.assert_allclose(himmelblau().minima, published, atol=1.1e-6)
    top = np.array([-0.270845, -0.923039])
    assert himmelblau().value_and_grad(top)[0] == pytest.approx(181.617, abs=1e-3)
    assert np.abs(himmelblau().value_and_grad(top)[1]).max() < 1e-4
    assert rastrigin().value_and_grad(np.array([4.52299366, 4.52299366]))[0] == pytest.approx(80.7066, abs=1e-4)


def test_rastrigin_is_its_formula_and_exact_near_its_minimum():
    x = points(rastrigin(3), seed=6)
    written = 30 + np.sum(x * x - 10 * np.cos(2 * np.pi * x), axis=-1)
    np.testing.assert_allclose(rastrigin(3).value_and_grad(x)[0], written, rtol=1e-12)
    loss, _ = rastrigin(1).value_and_grad(np.array([1e-9]))
    assert loss == pytest.approx((1 + 2 * np.pi**2 * 10) * 1e-18, rel=1e-12)


def test_a_turned_quadratic_has_its_axes_and_its_spectrum():
    for angle in (0, 30, 90, -135, 400):
        f = quadratic((1.0, 9.0), rotation=angle)
        axis = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        np.testing.assert_allclose(f.value_and_grad(axis)[1], axis, atol=1e-14)  # curvature 1 along the first axis
        assert f.value_and_grad(axis)[0] == pytest.approx(0.5)
    spectrum, center = np.logspace(-3, 0, 10), np.arange(10.0)
    f = quadratic(spectrum, random_rotation(10, rng(2)), center)
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian(f, center)), spectrum, rtol=1e-6)
    assert f.value_and_grad(center)[0] == 0
    plain, turned = quadratic(spectrum), quadratic(spectrum, np.eye(10))
    x = points(plain)
    for a, b in zip(plain.value_and_grad(x), turned.value_and_grad(x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


def test_a_random_rotation_is_orthogonal_and_uniform():
    turns = np.stack([random_rotation(3, rng(seed)) for seed in range(2000)])
    np.testing.assert_allclose(turns @ turns.transpose(0, 2, 1), np.tile(np.eye(3), (2000, 1, 1)), atol=1e-14)
    assert np.abs(turns.mean(axis=0)).max() < 4 / np.sqrt(3 * 2000)  # of each entry the mean is 0, the variance 1/3
    assert abs((np.linalg.det(turns) > 0).mean() - 0.5) < 0.05


def test_the_sharp_well_has_the_curvature_that_its_docstring_says():
    well = double_well()
    assert well.minima[:, 0] == pytest.approx([2.0, -1.9545], abs=1e-4)
    assert well.sharpness == pytest.approx([0.2, 16.77], abs=0.01)


@pytest.mark.parametrize("sharpness", [0.5, 3.0, 16.77, 1e3, 1e7])
def test_the_sharp_well_has_the_curvature_that_is_asked_for(sharpness):
    well = double_well(depth=1.2, curvature=0.3, sharpness=sharpness)
    assert well.sharpness[1] == pytest.approx(sharpness, rel=1e-9)
    assert -2 < well.minima[1, 0] < 0


def test_wells_come_lowest_first_and_go_when_they_are_not_dug():
    deep = double_well(depth=5.0)
    assert deep.minima[0, 0] < 0 < deep.minima[1, 0]
    assert double_well(depth=0.0).minima.tolist() == [[2.0]]
    assert len(double_well(depth=0.1, width=2.0).minima) == 1  # the valley's slope is steeper than the well


def test_a_saddle_without_floor_falls_for_ever():
    loss, grad = saddle(0.0).value_and_grad(np.array([1.0, 3.0]))
    assert (loss, grad.tolist()) == (-4.0, [1.0, -3.0])
    assert len(saddle(0.0).minima) == 0
    run = descend(saddle(), saddle().start, 0.5, steps=60)
    assert abs(run.params[:10, 1]).max() < 0.05  # held up near 0
    assert run.final == pytest.approx([0.0, 1.0], abs=1e-9)  # and never caught


def test_the_plateau_holds_a_run_up_exponentially_long():
    starts = np.array([[2.0], [3.0], [4.0]])
    run = descend(plateau(), starts, 1.0, steps=2000)
    waits = [int((np.abs(run.params[:, i, 0]) < 1).argmax()) for i in range(3)]
    assert waits[0] > 5
    for short, long in pairwise(waits):
        assert long / short == pytest.approx(np.exp(2), rel=0.25)


def test_the_cliff_throws_a_run_back_and_a_smaller_rate_does_not():
    f = cliff()
    run = descend(f, f.start, [0.1, 0.9 * 2 / f.sharpness[0]], steps=2000)
    jump = np.diff(run.params[:, 0, 0]).min()
    assert -0.1 * 49.5 <= jump < -1  # back by up to lr * (steep - flat)
    assert (np.diff(run.params[:, 0, 0]) < -1).sum() > 5  # again and again
    assert run.final[1] == pytest.approx(f.minima[0], abs=1e-6)
    assert np.diff(run.params[:, 1, 0]).min() > -0.1


def test_the_uv_products_sharpness():
    f, n = uv_product(0.7, 3), 3
    point = np.array([1.0, -2.0, 0.5, 0.3, 0.1, 0.0])
    point[n:] += (0.7 * np.sqrt(n) - point[:n] @ point[n:]) / (point[:n] @ point[:n]) * point[:n]  # onto the surface
    assert f.value_and_grad(point)[0] < 1e-30
    assert uv_sharpness(point) == pytest.approx(np.linalg.eigvalsh(hessian(f, point))[-1], rel=1e-8)
    assert uv_sharpness(np.ones((4, 2, 6))).tolist() == [[2.0, 2.0]] * 4
    for target in (0.0, -2.0, 3.0):
        f = uv_product(target, 5)
        assert uv_sharpness(f.minima) == pytest.approx(f.sharpness, rel=1e-12)
    assert (uv_product(n=4).start == uv_product(n=4).start).all()


def test_the_scale_free_gradient_is_orthogonal_and_shrinks_with_the_weights():
    for f in (scale_free(), scale_free(rosenbrock()), scale_free(quadratic(np.linspace(1, 9, 50)))):
        w = points(f, seed=8)
        loss, grad = f.value_and_grad(w)
        size = np.linalg.norm(w, axis=-1) * np.linalg.norm(grad, axis=-1)
        assert (np.abs(np.sum(w * grad, axis=-1)) <= 1e-12 * np.maximum(size, 1)).all()
        far_loss, far_grad = f.value_and_grad(8 * w)
        np.testing.assert_array_equal(far_loss, loss)
        np.testing.assert_array_equal(8 * far_grad, grad)
    angle = np.radians([0, 30, 120])
    loss, _ = scale_free().value_and_grad(np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    np.testing.assert_allclose(loss, 1 - np.cos(angle), atol=1e-15)


def test_reddi_counts_from_one():
    assert [float(reddi(5.0).value_and_grad(np.array([1.0]), t)[0]) for t in range(7)] == [5, -1, -1, 5, -1, -1, 5]


def test_the_projection_keeps_a_run_in_its_box():
    project = onto_box([-1.0, 0.0], [1.0, 0.5])
    assert project(np.array([[-3.0, 0.2], [0.3, 9.0]])).tolist() == [[-1.0, 0.2], [0.3, 0.5]]
    assert np.isnan(project(np.array([np.nan, 0.0]))[0])
    x = np.array([3.0, 3.0])
    project(x)
    assert x.tolist() == [3.0, 3.0]
    run = descend(reddi(), [0.0], 0.3, steps=60, project=onto_box(-1.0, 1.0))
    assert np.abs(run.params).max() <= 1
    assert run.params[-3:].min() == -1


def test_shared_noise_is_the_same_for_every_run_and_independent_noise_is_not():
    f = quadratic((1.0, 2.0))
    params = np.ones((2000, 2))
    exact_loss, exact = f.value_and_grad(params)
    loss, grad = noisy(f, (0.0, 0.5)).value_and_grad(params, 0, rng())
    assert (loss == exact_loss).all()
    assert (grad == grad[0]).all()
    assert (grad[:, 0] == exact[:, 0]).all()
    both = noisy(f, 1.0).value_and_grad(params, 0, rng())[1][0] - exact[0]
    assert abs(both[0] - both[1]) > 0.01  # shared by the runs, not by the coordinates
    _, grad = noisy(f, (0.1, 0.5), shared=False).value_and_grad(params, 0, rng())
    noise = grad - exact
    assert noise.std(axis=0) == pytest.approx([0.1, 0.5], rel=0.06)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.07
    assert noise.mean(axis=0) == pytest.approx([0, 0], abs=0.04)


@pytest.mark.parametrize("name", sorted(set(OBJECTIVES) - {"noisy"}))
def test_any_landscape_can_be_noisy(name):
    f = OBJECTIVES[name]()
    g = noisy(f, 0.1)
    assert g.name == f"noisy {f.name}"
    rates = np.array([0.01, 0.1])
    batch = descend(g, f.start, rates, steps=20, rng=rng(3))
    for j, lr in enumerate(rates):
        one = descend(g, f.start, lr, steps=20, rng=rng(3))
        assert np.array_equal(one.params, batch.params[:, j], equal_nan=True)
    still = descend(noisy(f, 0.0), f.start, rates, steps=20, rng=rng())
    assert np.array_equal(still.params, descend(f, f.start, rates, steps=20).params, equal_nan=True)
    with pytest.raises(ValueError, match=r"rng is None: noise needs a seeded generator, such as rng=np\.random"):
        descend(g, f.start, 0.1)


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
        (lambda: quadratic([1.0, 2.0, 3.0], 30), r"rotation has shape \(\): give an orthogonal \(3, 3\) matrix$"),
        (lambda: quadratic([1.0, 2.0], np.ones((2, 2))), r"rotation holds columns that are not orthogonal .* degrees"),
        (lambda: quadratic([1.0, 2.0], np.nan), r"rotation holds nan: give an orthogonal \(2, 2\) matrix, or an angle"),
        (lambda: quadratic([1.0, 2.0], center=3.0), r"center has shape \(\): give 2 finite numbers, one a parameter"),
        (lambda: random_rotation(0, rng()), r"dim is 0: give a whole number of dimensions"),
        (lambda: rosenbrock(b=0), r"b holds 0: give a number above 0"),
        (lambda: rosenbrock(a=np.inf), r"a holds inf: give a finite number"),
        (lambda: rastrigin(0), r"dim is 0: give a whole number of parameters"),
        (lambda: rastrigin(amplitude=-1), r"amplitude holds -1: give 0 or more"),
        (lambda: double_well(width=0), r"width holds 0: give a number above 0"),
        (lambda: double_well(depth=-1), r"depth holds -1: give 0 or more"),
        (lambda: double_well(sharpness=0.1), r"sharpness holds 0\.1: give a number above curvature, 0\.2"),
        (lambda: double_well(depth=0, sharpness=5), r"sharpness is 5, which no well of depth 0 has: give a number"),
        (lambda: saddle(-1.0), r"quartic holds -1: give 0 or more"),
        (lambda: plateau(0), r"width holds 0: give a number above 0"),
        (lambda: cliff(steep=0.5), r"steep holds 0\.5: give a number above flat, 0\.5, such as 50"),
        (lambda: cliff(flat=0.0), r"flat holds 0: give a number above 0"),
        (lambda: uv_product(n=0), r"n is 0: give a whole number of hidden units"),
        (lambda: uv_product(target=np.nan), r"target holds nan: give a finite number"),
        (lambda: uv_sharpness([1.0, 2.0, 3.0]), r"params has shape \(3,\): give points of uv_product"),
        (lambda: scale_free(cubic()), r"objective is 'cubic', with 1 parameter, which has no direction"),
        (lambda: reddi(2.0), r"c holds 2: give a number above 2"),
        (lambda: onto_box(1.0, -1.0), r"high holds -1: give finite upper bounds"),
        (lambda: onto_box(np.nan, 1.0), r"low holds nan: give finite lower bounds"),
        (
            lambda: onto_box([0.0, 0.0], [1.0, 1.0, 1.0]),
            r"high has shape \(3,\) and low \(2,\): give one number, or as",
        ),
        (lambda: onto_box([0.0, 2.0], 1.0), r"high holds 1: give finite upper bounds"),
        (lambda: random_rotation(3, 0), r"rng is 0: noise needs a seeded generator"),
        (lambda: uv_sharpness([]), r"params has shape \(0,\): give points of uv_product"),
        (lambda: uv_sharpness("uv"), r"params is 'uv', which is not a number: give points of uv_product"),
        (
            lambda: scale_free(rosenbrock),
            r"objective is <function rosenbrock .*>: give a landscape, such as rosenbrock",
        ),
        (lambda: noisy(parabola), r"objective is <function parabola .*>: give a landscape"),
        (lambda: noisy(parabola(), -1.0), r"std holds -1: give standard deviations"),
        (lambda: noisy(parabola(), [1.0, 2.0]), r"std has shape \(2,\): give one number, or 1, one a parameter"),
        (lambda: rosenbrock().value_and_grad(np.ones(3)), r"params holds 3 numbers a point and rosenbrock takes 2"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
