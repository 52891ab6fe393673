"""Products against Hessians in closed form, Lanczos against dense eigenvalues, and the edge of stability."""

import numpy as np
import pytest
from science import edge_of_stability

from lrlab import descend
from lrlab.curvature import hessian, hvp, sharpness, sharpness_monitor, top_eigenvalues
from lrlab.curvature.chain import chain_of
from lrlab.models import convnet, embedding_bag, linear_regression, logistic_regression, mlp, softmax
from lrlab.objectives import double_well, noisy, quadratic, random_rotation, rosenbrock, uv_product, uv_sharpness


class Plain:
    """An objective with its gradient and nothing else, so that only differences are left."""

    def __init__(self, objective):
        self.value_and_grad = objective.value_and_grad


def bowl(curvatures, seed=0):
    """A rotated quadratic, and its Hessian."""
    turn = random_rotation(len(curvatures), np.random.default_rng(seed))
    return quadratic(curvatures, turn), turn @ np.diag(curvatures) @ turn.T


def rosenbrock_hessian(x, y):
    return np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]])


def uv_hessian(u, v):
    return np.array([[v * v, 2 * u * v - 1], [2 * u * v - 1, u * u]])


def well_hessian(x):
    square = ((x + 2) / 0.3) ** 2
    return np.array([[0.2 + 2 * 0.8 / 0.09 * (1 - 2 * square) * np.exp(-square)]])


rng = np.random.default_rng(7)
INPUTS, LABELS, NUMBERS = rng.standard_normal((24, 5)), rng.integers(3, size=24), rng.standard_normal((24, 3))
IMAGES, WORDS = rng.standard_normal((24, 16)), rng.integers(-1, 9, (24, 5))
MODELS = {
    "linear": (linear_regression(5, 3, start="lecun_normal"), INPUTS, NUMBERS),
    "logistic": (logistic_regression(5, start="lecun_normal"), INPUTS, LABELS % 2),
    "softmax": (softmax(5, 3, start="lecun_normal"), INPUTS, LABELS),
    "tanh": (mlp((5, 6, 4, 3), "tanh"), INPUTS, LABELS),
    "tanh, squared error": (mlp((5, 6, 4, 3), "tanh", "half_squared_error"), INPUTS, NUMBERS),
    # biases drawn too: with biases of 0 a dead unit puts the next layer right on its kink
    "relu": (mlp((5, 6, 4, 3), "relu", start="pytorch_default"), INPUTS, LABELS),
    "mup": (mlp((5, 6, 4, 3), "tanh", parametrization="mup", base_width=2), INPUTS, LABELS),
    "convolution": (convnet((4, 4, 1), (2,), 3, "tanh"), IMAGES, LABELS),
    "words": (embedding_bag(9, 4, 3), WORDS, LABELS),
}
CHAINS = [name for name in MODELS if name not in ("convolution", "words")]


def on_data(name, **options):
    model, inputs, targets = MODELS[name]
    return model.on(inputs, targets, **options), model.init(3)


def dense(objective, params, h=1e-3):
    """The Hessian by differences of the test's own: of fourth order, a coordinate at a time."""
    columns = []
    for unit in np.eye(len(params)) * h:
        slopes = [objective.value_and_grad(params + k * unit)[1] for k in (-2, -1, 1, 2)]
        columns.append(np.array([1, -8, 8, -1]) @ slopes / (12 * h))
    return np.array(columns)


@pytest.mark.parametrize(
    ("objective", "true", "dim"),
    [
        (bowl((1.0, 3.0, 50.0))[0], lambda *point: bowl((1.0, 3.0, 50.0))[1], 3),
        (rosenbrock(), rosenbrock_hessian, 2),
        (uv_product(), uv_hessian, 2),
        (double_well(), well_hessian, 1),
    ],
    ids=["quadratic", "rosenbrock", "uv_product", "double_well"],
)
@pytest.mark.parametrize("length", [1e-200, 1e-3, 30.0])
def test_differences_are_as_exact_as_they_say(objective, true, dim, length):
    for seed in range(20):
        draw = np.random.default_rng(seed)
        point, v = draw.standard_normal(dim), length * draw.standard_normal(dim)
        product = hvp(objective, point, v)
        answer = true(*point) @ v
        assert np.max(np.abs(product.value - answer)) <= 3 * product.error + 1e-13 * np.max(np.abs(answer))
        assert product.error <= 1e-6 * length


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_chains_of_dense_layers_have_exact_products(name, decay):
    objective, params = on_data(name, weight_decay=decay)
    assert chain_of(objective, 0, None) is not None
    for seed in range(3):
        v = np.random.default_rng(seed).standard_normal(len(params))
        exact, error = hvp(objective, params, v)
        close = hvp(Plain(objective), params, v)
        assert error == 0 < close.error < 1e-8
        assert np.linalg.norm(exact - close.value) <= 3 * close.error
    matrix = np.stack([hvp(objective, params, unit).value for unit in np.eye(len(params))])
    assert np.abs(matrix - matrix.T).max() <= 1e-15 * len(params)


@pytest.mark.parametrize("name", ["convolution", "words"])
def test_other_models_are_left_to_differences(name):
    objective, params = on_data(name)
    assert chain_of(objective, 0, None) is None
    assert np.abs(hessian(objective, params) - dense(objective, params)).max() < 1e-8


@pytest.mark.parametrize("wrap", [Plain, lambda objective: objective], ids=["differences", "exact"])
def test_a_product_sees_one_minibatch_and_leaves_the_generator_alone(wrap):
    objective, params = on_data("tanh", batch_size=7, order="replacement")
    draw, before = np.random.default_rng(5), np.random.default_rng(5)
    v = np.random.default_rng(0).standard_normal(len(params))
    product = hvp(wrap(objective), params, v, t=2, rng=draw)
    assert draw.bit_generator.state == before.bit_generator.state
    model, inputs, targets = MODELS["tanh"]
    rows = objective.rows(2, before)
    assert np.allclose(product.value, hvp(model.on(inputs[rows], targets[rows]), params, v).value, atol=1e-8)


def test_noise_is_the_same_on_both_sides_of_a_difference():
    flat, matrix = bowl((1.0, 3.0, 50.0))
    v = np.array([1.0, 2.0, 3.0])
    product = hvp(noisy(flat, std=1.0, shared=False), [1.0, 0.0, 0.0], v, rng=np.random.default_rng(0))
    assert np.allclose(product.value, matrix @ v, rtol=1e-8)


def test_an_objective_may_bring_its_own_product():
    class Own:
        def hvp(self, params, v, t, rng):
            return (1.0 + params + t) * v

    assert hvp(Own(), [1.0, 2.0], [1.0, 1.0], t=4).value.tolist() == [6.0, 7.0]
    assert sharpness(Own(), [1.0, 2.0]).value == pytest.approx(3.0, abs=1e-12)


def test_far_out_the_step_grows_with_the_parameters():
    point = np.array([3e9, -1e9])
    product = hvp(quadratic((1.0, 10.0)), point, [1.0, 1.0])
    assert np.allclose(product.value, [1.0, 10.0], rtol=1e-6)


@pytest.mark.parametrize("wrap", [Plain, lambda objective: objective], ids=["differences", "exact"])
@pytest.mark.parametrize("name", ["tanh", "tanh, squared error", "softmax", "convolution", "words"])
def test_lanczos_agrees_with_the_dense_hessian(wrap, name):
    objective, params = on_data(name)
    true = np.linalg.eigvalsh(dense(objective, params))[::-1]
    top = top_eigenvalues(wrap(objective), params, 4)
    assert np.abs(top.values - true[:4]).max() < 1e-6
    assert (top.residuals <= 2e-4 * np.abs(true[0])).all()
    for value, x, residual in zip(top.values, top.vectors, top.residuals, strict=True):
        assert np.linalg.norm(x) == pytest.approx(1.0, abs=1e-12)
        assert np.linalg.norm(dense(objective, params) @ x - value * x) == pytest.approx(residual, rel=0.01, abs=1e-8)


@pytest.mark.parametrize("vectors", [3, 5, 8])
def test_a_true_eigenvalue_lies_within_the_residual_even_when_lanczos_is_cut_short(vectors):
    curvatures = np.geomspace(0.01, 10.0, 40)
    objective, _ = bowl(curvatures)
    for seed in range(20):
        top = top_eigenvalues(objective, np.ones(40), 2, vectors=vectors, tol=0, seed=seed)
        assert top.products == vectors + 2
        assert (top.residuals > 1e-3).all()  # it knows that it is not there yet
        for value, residual in zip(top.values, top.residuals, strict=True):
            assert np.abs(curvatures - value).min() <= residual


def test_tol_says_when_to_stop():
    objective, _ = bowl(np.geomspace(1e-4, 10.0, 200))
    loose, tight = (top_eigenvalues(objective, np.ones(200), 1, tol=tol) for tol in (1e-2, 1e-8))
    assert loose.products < tight.products < 60
    assert tight.residuals[0] <= 2e-7 < loose.residuals[0] <= 0.2


def test_reorthogonalised_vectors_find_no_eigenvalue_twice():
    curvatures = np.geomspace(1e-3, 1e3, 60)  # without it copies of the largest turn up
    top = top_eigenvalues(bowl(curvatures)[0], np.ones(60), 60, vectors=60, tol=0)
    assert np.allclose(top.values, curvatures[::-1], atol=1e-6)


@pytest.mark.parametrize("curvatures", [(5.0, 5.0, 1.0), (2.0,) * 6, (3.0,)])
def test_equal_eigenvalues_are_all_found_with_a_whole_basis(curvatures):
    dim = len(curvatures)
    top = top_eigenvalues(bowl(curvatures)[0], np.ones(dim), dim, vectors=dim, tol=0)
    assert np.allclose(top.values, curvatures, atol=1e-8)
    assert np.allclose(top.vectors @ top.vectors.T, np.eye(dim), atol=1e-8)


def test_the_largest_is_meant_with_its_sign():
    assert sharpness(uv_product(), [0.0, 0.0]).value == pytest.approx(1.0, abs=1e-8)  # the other one is -1
    assert sharpness(double_well(), [-1.7]).value == pytest.approx(well_hessian(-1.7)[0, 0], abs=1e-6)


def test_a_flat_loss_has_no_curvature():
    class Flat:
        def value_and_grad(self, params, t=0, rng=None):
            return np.zeros(params.shape[:-1]), np.zeros(params.shape)

    top = top_eigenvalues(Flat(), np.ones(4), 4)
    assert (top.values == 0).all()
    assert (top.residuals == 0).all()


def test_a_batch_is_its_runs_one_by_one_and_a_diverged_run_is_nan():
    objective, params = on_data("tanh")
    batch = np.stack([[params, 2 * params], [np.full_like(params, np.nan), 0.5 * params]])
    whole = top_eigenvalues(objective, batch, 2)
    assert whole.values.shape == whole.residuals.shape == (2, 2, 2)
    assert whole.vectors.shape == (*batch.shape[:2], 2, len(params))
    for run in np.ndindex(2, 2):
        one = top_eigenvalues(objective, batch[run], 2)
        for field in ("values", "residuals", "products", "vectors"):
            assert np.array_equal(getattr(whole, field)[run], getattr(one, field), equal_nan=True)
    assert np.isnan(whole.values[1, 0]).all()
    assert np.isnan(whole.residuals[1, 0]).all()
    product = hvp(objective, batch, params)
    assert np.isnan(product.value[1, 0]).all()
    assert np.array_equal(product.value[0, 1], hvp(objective, 2 * params, params).value)


def test_the_seed_chooses_the_start_vector():
    objective, params = on_data("tanh")
    first, again, other = (top_eigenvalues(objective, params, vectors=6, tol=0, seed=seed) for seed in (0, 0, 1))
    assert first.values == again.values != other.values


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda f: hvp(f, [1.0, 2.0], [1.0]), r"v has shape \(1,\) and params \(2,\): give 2 numbers a point"),
        (lambda f: hvp(f, [1.0, 2.0], [1.0, np.nan]), "v holds nan: give finite numbers"),
        (lambda f: hvp(f, 1.0, 1.0), r"params has shape \(\): give points"),
        (lambda f: sharpness(f, ["a", "b"]), "params is .*not a number: give points"),
        (lambda f: sharpness(f, [[1.0], [1.0, 2.0]]), "params is .*not a number: give points"),
        (lambda f: hvp(None, [1.0], [1.0]), "objective is None: give a landscape"),
        (lambda f: sharpness(mlp((4, 2)), np.zeros(10)), r"objective is .*Model.*: give a landscape, or a model.on"),
        (lambda f: hessian(f, np.ones((3, 2))), r"params has shape \(3, 2\): give one point"),
        (lambda f: top_eigenvalues(f, [1.0, 2.0], 0), "k is 0: give a whole number of eigenvalues from 1 to 2"),
        (lambda f: top_eigenvalues(f, [1.0, 2.0], 3), "k is 3: give a whole number of eigenvalues from 1 to 2"),
        (lambda f: top_eigenvalues(f, [1.0, 2.0], 2, vectors=1), "vectors is 1: give a whole number of at least k, 2"),
        (lambda f: sharpness(f, [1.0, 2.0], tol=-1), "tol holds -1: give 0 or more"),
        (lambda f: sharpness(f, [1.0, 2.0], seed=-1), "seed is -1: give a whole number of 0 or more"),
        (lambda f: sharpness_monitor(f, every=0), "every is 0: give a whole number of steps from 1 up"),
    ],
)
def test_bad_input_gets_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(quadratic((1.0, 10.0)))


def test_the_monitor_measures_a_batch_on_its_way():
    f = double_well()
    monitor = sharpness_monitor(f, every=10)
    run = descend(f, [-1.9], [0.01, 1e9], steps=25, monitor=monitor)
    assert [t for t, _ in run.metrics["sharpness"]] == [0, 10, 20]
    for (t, value), (_, residual) in zip(run.metrics["sharpness"], run.metrics["sharpness residual"], strict=True):
        assert value[0] == pytest.approx(well_hessian(run.params[t, 0, 0])[0, 0], abs=1e-6)
        assert residual[0] < 1e-6
        assert np.isnan(value[1]) == (t > 0)  # the second run is gone at the second row


def test_sharpness_rises_to_the_edge_of_stability_and_stays_there():
    """Cohen et al. 2021: above 2 / lr a quadratic would diverge; the net goes on learning, though not at every step."""
    objective, start = edge_of_stability(0)
    lr = np.array([0.2, 0.3])
    run = descend(
        objective,
        start,
        lr,
        steps=2400,
        keep="last",
        monitor=lambda t, w: sharpness_monitor(objective, every=50, vectors=25)(t, w) if t == 0 or t >= 1600 else None,
    )
    measured = np.array([value for _, value in run.metrics["sharpness"]]) * lr / 2
    assert (measured[0] < 0.75).all()
    assert ((np.median(measured[1:], axis=0) > 1.0) & (np.median(measured[1:], axis=0) < 1.05)).all()
    rises = (np.diff(run.loss, axis=0) > 0).mean(axis=0)
    assert ((rises > 0.3) & (rises < 0.45)).all()
    assert (run.loss[-1] < 0.01 * run.loss[0]).all()  # how far below depends on the last bits of the arithmetic


def test_the_catapult_lands_where_it_is_flat_enough():
    """Lewkowycz et al. 2020: above 2 / lambda the loss grows first, and then lambda has fallen."""
    f = uv_product(target=0.0, n=1000)
    first = uv_sharpness(f.start)
    assert sharpness(f, f.start).value == pytest.approx(first, rel=0.01)  # the loss adds at most |f| / sqrt(n)
    run = descend(f, f.start, np.array([1.5, 2.2, 2.5, 3.0, 4.2]) / first, steps=500, keep="last")
    value, residual = sharpness(f, run.final)
    assert np.allclose(value[:4], uv_sharpness(run.final[:4]), rtol=1e-7)
    assert (residual[:4] < 1e-6).all()
    assert np.allclose(value[:4] / first, [1.0, 0.79, 0.51, 0.063], atol=0.012)
    assert (run.loss[:, 1:4].max(axis=0) > 5 * run.loss[0, 1:4]).all()
    assert np.isnan(value[4])
