"""Pictures: what the axes hold, not how it looks (the browser tests look)."""

import itertools
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from lrlab import curvature, descend, plots
from lrlab.explore import still
from lrlab.objectives import Landscape, double_well, himmelblau, noisy, parabola, quadratic, rosenbrock
from lrlab.optimizers import sgd
from lrlab.schedules import cosine, exponential
from lrlab.tuning import RangeTest, Search, choice, linear, log, range_test, sweep

BOWL = quadratic((1.0, 10.0))


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def crosses(ax):
    return [line for line in ax.lines if line.get_marker() == "x"]


# -- landscapes and paths ----------------------------------------------------------------------------------------------


def test_a_landscape_of_one_parameter_is_its_curve():
    ax = plots.landscape(double_well())
    (line,) = ax.lines
    x, y = line.get_data()
    assert (y == double_well().value_and_grad(x[:, None])[0]).all()


def test_a_landscape_of_two_parameters_is_its_contours():
    _, given = plots.figure()
    ax = plots.landscape(quadratic((1.0, 10.0)), ax=given, levels=7)
    assert ax is given
    (contours,) = ax.collections
    assert len(contours.levels) == 7


def test_three_parameters_cannot_be_drawn():
    with pytest.raises(ValueError, match="objective has 3 parameters: a landscape can be drawn for one or two"):
        plots.landscape(quadratic((1.0, 2.0, 3.0)))


def test_known_minima_in_the_box_get_a_star():
    (stars,) = plots.landscape(himmelblau(), minima=True).lines
    assert (himmelblau().minima == np.array(stars.get_data()).T).all()
    well = double_well()
    _, stars = plots.landscape(well, minima=True, box=[[0, 5]]).lines
    assert stars.get_xdata() == well.minima[0, 0]  # the other one lies outside
    assert stars.get_ydata() == well.value_and_grad(well.minima[:1])[0]


@pytest.mark.parametrize("dim", [1, 2])
def test_where_the_loss_is_not_finite_there_is_a_gap(dim):
    def function(params):
        with np.errstate(all="ignore"):
            loss = np.log(params).sum(axis=-1)  # NaN below 0, -inf at 0
        return loss, 1 / params

    ax = plots.landscape(Landscape("log", function, np.ones(dim), np.array([[-1.0, 3.0]] * dim)))
    drawn = ax.lines[0].get_ydata() if dim == 1 else ax.collections[0].levels
    assert np.isfinite(drawn).any()
    assert not np.isinf(drawn).any()
    assert dim == 2 or np.isnan(drawn[:101]).all()


def test_a_flat_landscape_has_no_contours():
    def flat(params):
        return np.zeros(params.shape[:-1]), np.zeros(params.shape)

    assert not plots.landscape(Landscape("flat", flat, np.zeros(2), np.array([[-1.0, 1.0]] * 2))).collections


def test_a_path_is_the_points_of_its_run():
    run = descend(BOWL, [1.3, 1.2], [0.05, 0.1], steps=20)
    ax = plots.path(BOWL, run, label=["slow", "fast"], color=["#111111", "#222222"])
    _, slow, fast = ax.lines
    for i, line in enumerate((slow, fast)):
        assert (run.params[:, i] == np.array(line.get_data()).T).all()
    assert [slow.get_color(), fast.get_color()] == ["#111111", "#222222"]
    assert legend(ax) == ["slow", "fast"]


def test_a_path_on_a_curve_goes_from_loss_to_loss():
    run = descend(parabola(), [1.0], 0.3, steps=5)
    line = plots.path(parabola(), run).lines[-1]
    assert (line.get_xdata() == run.params[:, 0]).all()
    assert (line.get_ydata() == run.loss).all()


def test_a_run_that_leaves_for_good_ends_there_and_the_picture_keeps_its_limits():
    run = descend(BOWL, [1.0, 1.0], 0.21, steps=400)  # |1 - 2.1| = 1.1 a step
    assert run.diverged_at < 401
    ax = plots.landscape(BOWL)
    before = ax.get_xlim(), ax.get_ylim()
    plots.path(BOWL, run, ax)
    assert (ax.get_xlim(), ax.get_ylim()) == before
    line, cross = ax.lines
    last = 4  # 1.1 ** 4 = 1.46 is inside the picture's 1.5 and 1.1 ** 5 is not
    assert len(line.get_xdata()) == last + 2
    assert (cross.get_xdata(), cross.get_ydata()) == (run.params[last, 0], run.params[last, 1])
    hill = plots.landscape(parabola())
    before = hill.get_ylim()
    assert plots.path(parabola(), descend(parabola(), [1.0], 2.1, steps=30), hill).get_ylim() == before
    away = descend(BOWL, [1.0, 1.0], 0.21, steps=20)
    assert not crosses(plots.path(BOWL, away))  # out of sight, but not diverged


def test_what_cannot_be_a_path():
    with pytest.raises(ValueError, match='run holds no points but its last: train it with keep="all"'):
        plots.path(BOWL, descend(BOWL, [1.0, 1.0], 0.1, keep="last"))
    with pytest.raises(ValueError, match="run has 3 parameters: a path can be drawn for one or two"):
        plots.path(BOWL, descend(quadratic((1.0, 2.0, 3.0)), np.ones(3), 0.1))
    with pytest.raises(ValueError, match="label holds 3 entries: give one, or 2, one a run"):
        plots.path(BOWL, descend(BOWL, [1.0, 1.0], [0.1, 0.2]), label=["a", "b", "c"])


# -- runs against their steps ------------------------------------------------------------------------------------------


def test_a_line_of_losses_ends_where_its_run_diverged():
    ax = plots.losses({"fine": descend(parabola(), [1.0], 0.1), "gone": descend(parabola(), [1.0], 3.0)})
    fine, gone, cross = ax.lines
    assert np.isfinite(fine.get_ydata()).all()
    assert np.isfinite(gone.get_ydata()).sum() == 40
    assert cross.get_xdata() == [39]
    assert legend(ax) == ["fine", "gone"]


def test_a_gap_in_a_log_is_a_gap_and_nothing_at_all_is_no_error():
    ax = plots.losses({"gap": [4.0, np.nan, 2.0, np.inf, 1.0], "nothing": [np.nan] * 5})
    gap, nothing = ax.lines
    assert np.isnan(gap.get_ydata()).tolist() == [False, True, False, True, False]
    assert np.isnan(nothing.get_ydata()).all()


def test_a_loss_between_two_gaps_is_a_dot():
    (line,) = plots.losses({"log": [1.0, np.nan, 2.0, 3.0, np.inf, 1.0]}).lines
    assert (line.get_marker(), line.get_markevery()) == (".", [0, 5])
    (line,) = plots.losses({"log": [1.0, 2.0, np.nan, 3.0, 4.0]}).lines
    assert line.get_marker() == ""


def test_a_sharpness_below_0_can_be_seen():
    run = descend(double_well(), [-1.0], 0.01, steps=4, monitor=lambda t, params: {"sharpness": np.float64(-2.0)})
    assert plots.sharpness(run).get_ylim()[0] < -2


@pytest.mark.parametrize("height", [2.5, 3.4, 6.0])
def test_the_legend_of_samples_stands_below_the_label_of_the_axis(height):
    with plt.style.context(plots.STYLE):  # its layout makes room
        ax = plots.samples(CROSSED, plots.figure(height=height)[1])
        ax.figure.draw_without_rendering()
    box, label = ax.get_legend().get_window_extent(), ax.xaxis.label.get_window_extent()
    assert 0 <= box.y0 < box.y1 <= label.y0


def test_seeds_are_a_median_and_a_band():
    loss = np.random.default_rng(0).uniform(1, 2, (30, 9))
    ax = plots.losses({"nine": loss}, quantiles=(0.1, 0.8))
    (line,) = ax.lines
    assert np.allclose(line.get_ydata(), np.median(loss, axis=1))
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    for t in (0, 11, 29):
        edge = corners[corners[:, 0] == t][:, 1]
        assert np.allclose([edge.min(), edge.max()], np.quantile(loss[t], [0.1, 0.8]))


def test_a_diverged_seed_counts_as_infinitely_high():
    loss = np.ones((10, 5)) * np.arange(1.0, 6.0)
    loss[4:, 0] = loss[6:, 1] = loss[8:, 2] = np.nan
    ax = plots.losses({"some": loss})
    assert legend(ax) == ["some (3 of 5 diverged)"]
    assert ax.lines[0].get_ydata()[:8].tolist() == [3, 3, 3, 3, 4, 4, 5, 5]
    assert np.isnan(ax.lines[0].get_ydata()[8:]).all()  # most have diverged
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in crosses(ax)] == [(3, 1), (5, 2), (7, 3)]
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == 5000  # the upper quartile has gone through the roof


def test_a_seed_with_a_loss_of_0_counts_as_low():
    loss = np.array([[4.0, 2.0, 1.0], [3.0, 2.0, 0.0], [3.0, 0.0, 0.0]])
    ax = plots.losses({"some": loss})
    assert legend(ax) == ["some"]
    assert ax.lines[0].get_ydata()[:2].tolist() == [2, 2]
    assert np.isnan(ax.lines[0].get_ydata()[2])
    assert ax.collections[0].get_paths()[0].vertices[:, 1].min() == 1
    assert not crosses(ax)


def test_losses_below_0_are_on_a_linear_scale():
    ax = plots.losses({"one": [1.0, 0.0, -2.0], "seeds": -np.ones((3, 4))})
    assert ax.get_yscale() == "linear"
    assert ax.lines[0].get_ydata().tolist() == [1, 0, -2]
    assert ax.lines[1].get_ydata().tolist() == [-1, -1, -1]


@pytest.mark.parametrize("nothing", [np.full((3, 2), np.nan), np.zeros((3, 2)), np.ones((1, 2))])
def test_seeds_without_anything_to_draw_are_no_error(nothing):
    plots.losses({"nothing": nothing}).figure.draw_without_rendering()


def test_one_seed_that_diverges_does_not_press_the_others_flat():
    loss = np.ones((100, 5))
    loss[:, 0] = 10.0 ** np.arange(100)
    loss[90:, 0] = np.nan
    ax = plots.losses({"some": loss})
    assert ax.get_ylim()[1] < 1e4
    assert crosses(ax)[0].get_xdata() == [3]


@pytest.mark.parametrize("wrong", [np.ones((2, 2, 2)), 1.0, []])
def test_losses_of_another_shape_are_refused(wrong):
    with pytest.raises(ValueError, match=r"runs\['a'\] has losses of shape"):
        plots.losses({"a": wrong})


@pytest.mark.parametrize("wrong", [(0.9, 0.1), (0.1,), (-0.1, 0.5)])
def test_quantiles_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=r"quantiles .*: give two numbers from 0 to 1, the lower one first"):
        plots.losses({"a": np.ones((3, 3))}, quantiles=wrong)


def test_learning_rates_are_what_the_schedule_says_and_what_the_run_used():
    run = descend(parabola(), [1.0], exponential(3.0, gamma=1.0), steps=60)
    ax = plots.learning_rates({"cosine": cosine(0.1, T_max=50), "list": [1.0, 0.5], "run": run}, steps=50)
    cosine_line, listed, used = ax.lines
    assert (cosine_line.get_ydata() == cosine(0.1, T_max=50)(np.arange(50))).all()
    assert listed.get_ydata().tolist() == [1.0, 0.5]
    assert np.array_equal(used.get_ydata(), run.lr, equal_nan=True)
    assert np.isnan(used.get_ydata()[-1])
    with pytest.raises(ValueError, match=r"schedules\['two'\] has rates of shape \(100, 2\)"):
        plots.learning_rates({"two": cosine([0.1, 0.2], T_max=50)})


def test_sharpness_stands_beside_what_the_rate_can_bear():
    monitor = curvature.sharpness_monitor(BOWL, every=5)
    trunk = descend(BOWL, [1.0, 1.0], 0.05, steps=10, monitor=monitor)
    branch = descend(BOWL, trunk, exponential(0.1, gamma=0.9), steps=10, monitor=monitor)
    measured, edge, _ = plots.sharpness(branch).lines
    assert measured.get_xdata().tolist() == [10, 15, 20]
    assert np.allclose(measured.get_ydata(), 10)
    assert edge.get_xdata().tolist() == list(range(10, 20))
    assert np.allclose(edge.get_ydata(), 2 / branch.lr)
    rule = sgd(momentum=0.5)
    batch = descend(BOWL, [1.0, 1.0], [0.05, 50.0], optimizer=rule, steps=30, monitor=monitor)
    ax = plots.sharpness(batch, momentum=0.5)
    assert legend(ax) == ["lr 0.05", "lr 50", "2 (1 + momentum) / lr"]
    assert np.allclose(ax.lines[1].get_ydata(), 3 / 0.05)
    (cross,) = crosses(ax)
    assert cross.get_xdata()[0] == 5 * ((batch.diverged_at[1] - 1) // 5)
    with pytest.raises(ValueError, match="run holds no sharpness: train it with monitor="):
        plots.sharpness(descend(BOWL, [1.0, 1.0], 0.1))


# -- what tuning found -------------------------------------------------------------------------------------------------


def search(configurations, scores, space, kind="sweep"):
    scores = np.array(scores, float)
    median = np.array([np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else np.nan for row in scores])
    finite = np.where(np.isfinite(median), median, np.inf)
    best = int(finite.argmin()) if np.isfinite(finite).any() else None
    chosen = None if best is None else configurations[best]
    seeds, band = np.arange(scores.shape[1]), (scores.min(axis=1), scores.max(axis=1))
    return Search(kind, space, tuple(configurations), seeds, scores, median, *band, "range", best, chosen, ())


RATES = [3.0, 0.01, 0.1, 0.3, 1.0, 30.0, 100.0]  # in no order, as a random search has them
SCORES = [
    [0.9, 1.1, 1.0],
    [2.0, 2.1, 2.2],
    [0.5, 0.5, 0.5],
    [0.2, 0.3, 0.6],
    [0.4, 0.5, 0.6],
    [np.inf] * 3,
    [np.nan] * 3,
]
SWEEP = search([{"lr": lr} for lr in RATES], SCORES, {"lr": choice(RATES)})


def test_the_u_curve_gives_every_rate_its_colour():
    ax = plots.u_curve(SWEEP)
    drawn = {line.get_label(): line for line in ax.lines}
    assert drawn["too low"].get_xdata().tolist() == [0.01]
    assert drawn["good"].get_xdata().tolist() == [0.1, 0.3, 1.0]  # within the band of the best, .2 to .6
    assert drawn["too high"].get_xdata().tolist() == [3.0]
    assert drawn["diverged"].get_xdata().tolist() == [30.0]
    for kind in plots.PALETTE:
        assert drawn[kind].get_color() == plots.PALETTE[kind]
        assert drawn[kind].get_marker() == plots.MARKERS[kind]
    assert drawn["good"].get_ydata().tolist() == [0.5, 0.3, 0.5]
    assert drawn["chosen: 0.3"].get_xdata() == [0.3, 0.3]
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylabel()) == ("log", "log", "loss, median of 3 seeds")
    band = ax.collections[0].get_paths()[0].vertices
    assert sorted(band[band[:, 0] == 0.3][:, 1])[:: len(band[band[:, 0] == 0.3]) - 1] == [0.2, 0.6]


def test_a_cut_through_several_axes_takes_the_best_at_each_rate():
    configurations = [{"lr": lr, "momentum": beta} for lr in (0.1, 1.0) for beta in (0.0, 0.9)]
    space = {"lr": log(0.1, 1.0), "momentum": linear(0.0, 0.9)}
    found = search(configurations, [[0.5], [0.3], [0.2], [np.inf]], space, "grid")
    ax = plots.u_curve(found)
    assert ax.lines[0].get_ydata().tolist() == [0.3, 0.2]
    ax = plots.u_curve(found, axis="momentum")
    assert ax.get_xscale() == "linear"
    assert ax.lines[0].get_ydata().tolist() == [0.2, 0.3]
    with pytest.raises(ValueError, match="search has no axis 'beta' that holds numbers: it has 'lr', 'momentum'"):
        plots.u_curve(found, axis="beta")


def test_where_everything_diverged_there_are_only_crosses():
    ax = plots.u_curve(search([{"lr": 1.0}, {"lr": 2.0}], [[np.inf], [np.inf]], {"lr": log(1.0, 2.0)}))
    assert legend(ax) == ["diverged"]


def test_a_real_sweep_can_be_drawn():
    found = sweep(noisy(rosenbrock(), std=0.5), [-1.2, 1.0], log(1e-5, 0.1, 9), steps=60, seeds=3, quiet=True)
    ax = plots.u_curve(found)
    assert f"chosen: {found.chosen['lr']:.3g}" in legend(ax)
    assert "diverged" in legend(ax)


LR = np.geomspace(0.01, 10.0, 7)
CURVES = np.array([[8, 8, 6, 3, 2, 9, np.nan], [8, 7, 5, 3, 1, 2, 40.0]]).T
TEST = RangeTest(
    LR,
    CURVES,
    CURVES,
    np.array([5, 7]),
    LR[[4, 4]],
    np.array([LR[5], np.nan]),
    {},
    {"steepest": LR[2], "minimum / 10": 0.1, "blow-up / 4": np.nan},
    (),
)


def test_the_range_test_shows_its_readings_on_the_smoothed_curve():
    ax = plots.range_test(TEST)
    drawn = {line.get_label(): line for line in ax.lines}
    middle = drawn["smoothed loss"].get_ydata()
    assert middle[:5].tolist() == [8, 7.5, 5.5, 3, 1.5]
    assert np.isnan(middle[5:]).all()  # one of the two has blown up
    assert drawn["blow-up"].get_xdata() == [LR[4]]  # the last entry that counts
    assert drawn["blow-up"].get_ydata() == [2]
    assert drawn["steepest: 0.1"].get_xdata() == [LR[2]]
    assert drawn["steepest: 0.1"].get_ydata() == [5.5]
    assert not any(name.startswith("blow-up / 4") for name in legend(ax))  # it could not be read
    assert ax.get_yscale() == "log"


def test_a_real_range_test_can_be_drawn():
    test = range_test(noisy(quadratic((0.1, 1.0)), std=0.01), [1.0, 1.0], 1e-3, 10.0, seeds=3)
    ax = plots.range_test(test)
    assert len(crosses(ax)) == np.isfinite(test.blow_up).sum() == 3
    assert (
        sum(name.startswith(tuple(test.rates)) for name in legend(ax)) == np.isfinite(list(test.rates.values())).sum()
    )
    nothing = replace(test, stop=np.zeros(3, int), rates=dict.fromkeys(test.rates, np.nan))
    assert np.isnan(plots.range_test(nothing).lines[0].get_ydata()).all()


def test_samples_are_where_the_search_looked():
    configurations = [{"lr": lr, "rule": "sgd", "beta": beta} for lr in (0.1, 1.0, 10.0) for beta in (0.0, 0.9)]
    space = {"lr": log(0.1, 10.0), "rule": choice(["sgd", "adam"]), "beta": linear(0.0, 0.9)}
    found = search(configurations, [[0.5], [0.2], [0.3], [0.4], [1e9], [np.inf]], space, "grid")
    ax = plots.samples(found)
    (dots,) = ax.collections
    assert dots.get_offsets().tolist() == [[c["lr"], c["beta"]] for c in configurations[:5]]
    assert dots.get_array().tolist() == [0.5, 0.2, 0.3, 0.4, 1e9]
    assert (dots.norm.vmin, dots.norm.vmax) == (0.2, 5.0)  # ten times the third quartile
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[10.0, 0.9]], [[0.1, 0.9]]]
    assert legend(ax) == ["diverged", "chosen: 0.1, 0.9"]
    turned = plots.samples(found, x="beta", y="lr")
    assert (turned.get_xlabel(), turned.get_yscale()) == ("beta", "log")
    with pytest.raises(ValueError, match="search has no axis 'rule' that holds numbers"):
        plots.samples(found, y="rule")
    with pytest.raises(ValueError, match="search has no two axes that hold numbers: it has 'lr'"):
        plots.samples(SWEEP)


# -- filters -----------------------------------------------------------------------------------------------------------


def test_filters_are_images_in_rows():
    weights = np.random.default_rng(0).standard_normal((6, 5))  # six inputs: images of 2 x 3; five units
    weights[0, 4] = np.nan
    ax = plots.filters(weights, shape=(2, 3), columns=3)
    sheet = ax.images[0].get_array()
    assert sheet.shape == (2 * 3 - 1, 3 * 4 - 1)
    assert np.ma.allequal(sheet[3:5, 4:7], np.ma.masked_invalid(weights[:, 4].reshape(2, 3)))
    assert sheet.mask[3, 4]
    assert sheet.mask[:, 3].all()
    assert sheet.mask[3:, 8:].all()
    assert len(ax.patches) == 5
    low, high = ax.images[0].get_clim()
    assert -low == high == pytest.approx(np.nanquantile(np.abs(weights), 0.99))
    assert plots.filters(weights.T[:4].reshape(4, 2, 3), limit=1.5).images[0].get_clim() == (-1.5, 1.5)
    assert plots.filters(np.zeros((2, 3, 3))).images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    ("weights", "options", "sentence"),
    [
        (np.ones((6, 5)), {}, r"weights has shape \(6, 5\): give \(units, height, width\)"),
        (np.ones((6, 5)), {"shape": (2, 2)}, r"weights has 6 inputs and shape is \(2, 2\): 4 are needed"),
        (np.ones((6, 5)), {"shape": 8}, r"shape is 8: give \(height, width\)"),
        (np.ones((6, 0)), {"shape": (2, 3)}, r"weights has shape \(6, 0\): give"),
        (np.ones((2, 3, 3)), {"shape": (3, 3)}, r"weights has shape \(2, 3, 3\): give"),
        ("text", {}, "weights is 'text', which is not a number"),
        (np.ones((2, 3, 3)), {"limit": 0}, "limit holds 0: give a weight above 0"),
        (np.ones((2, 3, 3)), {"columns": 0}, "columns is 0: give 1 or more"),
    ],
)
def test_what_is_no_filter(weights, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        plots.filters(weights, **options)


# -- what cannot be drawn ----------------------------------------------------------------------------------------------

MEASURED = descend(BOWL, [1.0, 1.0], 0.1, steps=6, monitor=curvature.sharpness_monitor(BOWL, every=3))
CROSSED = search(
    [{"lr": 0.1, "beta": 0.1}, {"lr": 1.0, "beta": 0.5}, {"lr": 9.0, "beta": 0.9}],
    [[0.1], [0.2], [np.inf]],
    {"lr": log(0.1, 9.0), "beta": linear(0.0, 1.0)},
)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: plots.landscape(None), "objective is of the type NoneType: give a Landscape"),
        (lambda: plots.landscape(BOWL, box=[[0, 1]]), r"box is \[\[0.0, 1.0\]\]: give \(lowest, highest\)"),
        (lambda: plots.landscape(BOWL, box=[[1, 0], [0, 1]]), r"box is .*: give \(lowest, highest\) of each parameter"),
        (
            lambda: plots.landscape(BOWL, box=[[0, np.nan], [0, 1]]),
            r"box holds nan: give \(lowest, highest\) of each parameter",
        ),
        (lambda: plots.landscape(BOWL, box=[[0, 0], [0, 1]]), "box is .*: give"),
        (lambda: plots.landscape(BOWL, levels=-1), "levels is -1: give a whole number"),
        (lambda: plots.path(BOWL, np.ones((3, 2))), "run is of the type ndarray: give a Trajectory"),
        (lambda: plots.losses([3.0, 2.0]), "runs is of the type list: give a name for each"),
        (lambda: plots.losses({"a": "text"}), r"runs\['a'\] is 'text', which is not a number: give \(T\+1,\)"),
        (lambda: plots.learning_rates(cosine(0.1, T_max=9)), "schedules is of the type .*: give a name for each"),
        (lambda: plots.learning_rates({"a": ["x"]}), r"schedules\['a'\] is .*not a number: give \(T,\)"),
        (lambda: plots.learning_rates({"a": lambda t: 0.1 if t < 3 else 0.2}), "lr is the schedule .*: np.vectorize"),
        (lambda: plots.learning_rates({"a": [0.1]}, yscale="root"), "yscale is 'root': give"),
        (lambda: plots.sharpness(TEST), "run is of the type RangeTest: give a Trajectory"),
        (lambda: plots.sharpness(MEASURED, colors=["red", "blue"]), "colors holds 2 entries: give one, or 1"),
        (lambda: plots.u_curve(TEST), "search is of the type RangeTest: give a Search"),
        (lambda: plots.samples(TEST), "search is of the type RangeTest: give a Search"),
        (lambda: plots.range_test(SWEEP), "test is of the type Search: give a RangeTest"),
        (lambda: plots.samples(CROSSED, x="lr", y="lr"), "x and y are both 'lr': give two axes of 'lr', 'beta'"),
        (lambda: plots.verdict(-1.0), "lr holds -1: give a rate of 0 or more"),
        (lambda: plots.verdict(1.0, 0.0), "curvature holds 0: give the largest curvature"),
    ],
)
def test_what_cannot_be_drawn_gets_one_sentence(call, sentence):
    with pytest.raises(ValueError, match="^" + sentence) as error:
        call()
    assert "\n" not in str(error.value)


def test_where_there_is_nothing_there_is_an_empty_picture():
    assert plots.losses({}).get_legend() is None
    assert plots.learning_rates({}).get_legend() is None
    nothing = search([{"lr": 0.1}, {"lr": 1.0}], [[np.nan], [np.nan]], {"lr": choice([0.1, 1.0])})
    assert plots.u_curve(nothing).get_legend() is None
    assert np.isnan(plots.learning_rates({"stopped": [0.0, 0.0]}, yscale="log").lines[0].get_ydata()).all()


# -- all of them -------------------------------------------------------------------------------------------------------

PICTURES = {
    "landscape": lambda ax: plots.landscape(himmelblau(), ax, minima=True),
    "path": lambda ax: plots.path(BOWL, descend(BOWL, [1.0, 1.0], [0.1, 0.3]), plots.landscape(BOWL, ax), label="run"),
    "losses": lambda ax: plots.losses({"a": np.ones((5, 3)), "b": [3.0, 2.0, np.nan]}, ax),
    "learning_rates": lambda ax: plots.learning_rates({"cosine": cosine(0.1, T_max=50)}, ax),
    "sharpness": lambda ax: plots.sharpness(MEASURED, ax),
    "u_curve": lambda ax: plots.u_curve(SWEEP, ax),
    "range_test": lambda ax: plots.range_test(TEST, ax),
    "samples": lambda ax: plots.samples(CROSSED, ax),
    "filters": lambda ax: plots.filters(np.ones((4, 3, 3)), ax),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_takes_axes_and_gives_them_back_and_can_stand_on_a_page(name):
    with plt.style.context(plots.STYLE):
        _, given = plots.figure()
        assert PICTURES[name](given) is given
        new = PICTURES[name](None)
        assert new is not given
        assert "<svg" in still(new.figure, alt=name).html
    assert not plt.get_fignums()


def test_every_picture_is_tried_here():
    helpers = {name for name in plots.__all__ if callable(getattr(plots, name)) and name.islower()}
    assert set(PICTURES) == helpers - {"figure", "verdict"}


# -- colours -----------------------------------------------------------------------------------------------------------

# what a colour turns into for who lacks one kind of cone, on linear RGB: Machado, Oliveira and Fernandes 2009,
# doi:10.1109/TVCG.2009.113, severity 1.0
VISIONS = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
WHITE = XYZ.sum(axis=1)
PAPERS = ["#ffffff", "#131416"]


def linear_rgb(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour, vision="all cones"):
    """CIE L*a*b* of a colour as it is seen: 1 is about the smallest difference that can be told."""
    seen = np.clip(np.array(VISIONS[vision]) @ linear_rgb(colour), 0, 1)
    x, y, z = np.cbrt(XYZ @ seen / WHITE)  # all our colours are above the linear part near black
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
    high, low = sorted((float(XYZ[1] @ linear_rgb(colour)) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*plots.PALETTE.values(), plots.GROUND])
@pytest.mark.parametrize("paper", PAPERS)
def test_colours_stand_out_on_both_papers(colour, paper):
    """WCAG 2.2, 1.4.11: graphics need a contrast of 3 to 1."""
    assert contrast(colour, paper) >= 3


@pytest.mark.parametrize("vision", VISIONS)
def test_the_four_colours_can_be_told_apart_with_any_cones(vision):
    for one, other in itertools.combinations(plots.PALETTE, 2):
        distance = np.linalg.norm(lab(plots.PALETTE[one], vision) - lab(plots.PALETTE[other], vision))
        assert distance >= 20, (one, other, distance)


def test_who_sees_no_colour_has_the_markers():
    assert set(plots.MARKERS) == set(plots.PALETTE)
    assert len(set(plots.MARKERS.values())) == 4


def test_the_style_draws_lines_in_the_same_colours():
    with plt.style.context(plots.STYLE):
        cycle = ["#" + colour.removeprefix("#") for colour in plt.rcParams["axes.prop_cycle"].by_key()["color"]]
    assert {colour.upper() for colour in cycle[:4]} == set(plots.PALETTE.values())
    assert all(contrast(colour, paper) >= 3 for colour in cycle for paper in PAPERS)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_sequential_map_gets_lighter_all_the_way_and_vanishes_on_no_paper(vision):
    colours = [to_hex(colour) for colour in plots.SEQUENTIAL(np.linspace(0, 1, 33))]
    assert (np.diff([lab(colour, vision)[0] for colour in colours]) > 0.5).all()
    assert all(contrast(colour, paper) >= 1.4 for colour in colours for paper in PAPERS)


def test_the_diverging_map_goes_through_the_paper():
    low, middle, high = plots.DIVERGING([0.0, 0.5, 1.0])
    assert to_hex(low).upper() == plots.PALETTE["too low"]
    assert to_hex(high).upper() == plots.PALETTE["too high"]
    assert middle[3] < 0.01
    alphas = plots.DIVERGING(np.arange(plots.DIVERGING.N))[:, 3]
    assert np.allclose(alphas, alphas[::-1])
    assert (np.diff(alphas[: len(alphas) // 2]) < 0).all()
