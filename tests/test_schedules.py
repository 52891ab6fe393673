"""Schedules: closed forms, identities, plateaus, and what every row of the tables keeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrlab import descend
from lrlab.objectives import parabola
from lrlab.optimizers import sgd
from lrlab.schedules import (
    FEEDBACKS,
    MOMENTA,
    SCHEDULES,
    averaged,
    by_epoch,
    constant,
    cosine,
    cosine_restarts,
    cyclic,
    cyclic_momentum,
    exponential,
    inverse_sqrt,
    inverse_time,
    join,
    linear,
    multi_step,
    multiplicative,
    one_cycle,
    one_cycle_momentum,
    plateau,
    polynomial,
    product,
    replay,
    scaled,
    step,
    warmup,
    wsd,
)

FACTOR = st.floats(0, 1)
STEPS = st.integers(1, 60)
MANY = st.integers(0, 60)
HALVES = [2.0, 3.0, 1.5, 1.5, 1.5, 1.0, 1.0, 1.0, 1.0]

# each row with settings drawn at random, as a function of the base rate
MAKERS = {
    "constant": st.builds(lambda f, n: lambda lr: constant(lr, f, n), FACTOR, MANY),
    "step": st.builds(lambda n, g: lambda lr: step(lr, n, g), STEPS, st.floats(0, 1.5)),
    "multi_step": st.builds(lambda m, g: lambda lr: multi_step(lr, m, g), st.lists(MANY, max_size=5), st.floats(0, 2)),
    "exponential": st.builds(lambda g: lambda lr: exponential(lr, g), st.floats(0, 1.2)),
    "polynomial": st.builds(lambda n, p: lambda lr: polynomial(lr, n, p), STEPS, st.floats(0, 5)),
    "linear": st.builds(lambda a, b, n: lambda lr: linear(lr, a, b, n), FACTOR, FACTOR, STEPS),
    "inverse_time": st.builds(
        lambda n, r, p: lambda lr: inverse_time(lr, n, r, p), STEPS, st.floats(0, 10), st.floats(0, 3)
    ),
    "inverse_sqrt": st.builds(lambda n: lambda lr: inverse_sqrt(lr, n), st.floats(0.1, 1e4)),
    "cosine": st.builds(lambda n, e, r: lambda lr: cosine(lr, n, e, r), STEPS, FACTOR, st.booleans()),
    "cosine_restarts": st.builds(
        lambda n, m, e: lambda lr: cosine_restarts(lr, n, m, e), STEPS, st.integers(1, 5), FACTOR
    ),
    "cyclic": st.builds(
        lambda low, up, down, mode, gamma: lambda lr: cyclic(low, lr, up, down, mode, gamma),
        FACTOR,
        STEPS,
        st.none() | STEPS,
        st.sampled_from(["triangular", "triangular2", "exp_range"]),
        FACTOR,
    ),
    "one_cycle": st.builds(
        lambda n, p, a, three: lambda lr: one_cycle(lr, n, pct_start=p, anneal_strategy=a, three_phase=three),
        STEPS,
        st.floats(0, 0.5),
        st.sampled_from(["cos", "linear"]),
        st.booleans(),
    ),
    "scaled": st.builds(lambda k: lambda lr: scaled(lr, lambda t: 1 / (1 + k * t)), FACTOR),
    "multiplicative": st.builds(lambda f: lambda lr: multiplicative(lr, lambda t: np.minimum(f, t)), st.floats(0, 1.5)),
    "warmup": st.builds(
        lambda n, s, keep: lambda lr: warmup(cosine(lr, 30), n, s, keep), MANY, st.none() | FACTOR, st.booleans()
    ),
    "wsd": st.builds(
        lambda w, s, d, kind, end: lambda lr: wsd(lr, w, s, d, kind, end),
        MANY,
        MANY,
        STEPS,
        st.sampled_from(["linear", "1-sqrt", "cosine"]),
        FACTOR,
    ),
    "join": st.builds(
        lambda a, b, g: lambda lr: join([linear(lr), constant(0.2), exponential(lr, g)], [a, a + b]),
        MANY,
        STEPS,
        FACTOR,
    ),
    "product": st.builds(lambda n, g: lambda lr: product([exponential(1.0, g), step(lr, n)]), STEPS, FACTOR),
    "by_epoch": st.builds(
        lambda n, smooth: lambda lr: by_epoch(cosine_restarts(lr, 3, 2), n, smooth), STEPS, st.booleans()
    ),
    "replay": st.builds(
        lambda f, n: lambda lr: replay(cosine(lr, 40), plateau(factor=f, patience=n), HALVES),
        st.floats(0, 0.9),
        st.integers(0, 3),
    ),
}
ROWS = st.sampled_from(sorted(MAKERS)).flatmap(MAKERS.get)


def test_every_row_of_the_table_is_tested():
    assert set(MAKERS) == set(SCHEDULES)
    assert set(MOMENTA) == {"cyclic_momentum", "one_cycle_momentum"}
    assert set(FEEDBACKS) == {"plateau"}


# ---------------------------------------------------------------- what every row keeps


@pytest.mark.parametrize("name", MAKERS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_pure_finite_and_indifferent_to_order(name, data):
    make = data.draw(MAKERS[name])
    schedule, t = make(0.3), np.arange(130)
    rates = schedule(t)
    assert rates.dtype == np.float64
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    for order in (t[::-1], data.draw(st.permutations(list(t)))):
        assert (schedule(np.array(order)) == rates[np.array(order)]).all()
    one_by_one = [schedule(k) for k in t.tolist()]
    assert {type(rate) for rate in one_by_one} == {float}
    assert one_by_one == rates.tolist()
    assert (make(0.3)(t) == rates).all()
    assert (schedule(t.reshape(10, 13)) == rates.reshape(10, 13)).all()
    assert (t == np.arange(130)).all()


@pytest.mark.parametrize("name", MAKERS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_many_base_rates_at_once_equal_one_by_one_bit_for_bit(name, data):
    make = data.draw(MAKERS[name])
    base, t = np.array(data.draw(st.lists(st.floats(0, 1e3), min_size=1, max_size=4))), np.arange(100)
    together = make(base)(t)
    assert together.shape == (100, len(base))
    for j, lr in enumerate(base):
        assert (together[:, j] == make(lr)(t)).all()
    assert (make(base)(17) == together[17]).all()
    assert (make(base[:, None])(t) == together[:, :, None]).all()


@pytest.mark.parametrize("name", MAKERS)
@settings(deadline=None, max_examples=40)
@given(data=st.data(), lr=st.floats(0, 1e6))
def test_far_away_steps_are_finite_and_never_warn(name, data, lr):
    # the cost of multiplicative goes with t, so it is not asked so far
    t = np.array(
        data.draw(st.lists(st.integers(0, 10**4 if name == "multiplicative" else 10**9), min_size=1, max_size=8))
    )
    schedule = data.draw(MAKERS[name])(lr)
    rates = schedule(t)  # warnings are errors in the tests
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    assert [schedule(k) for k in t.tolist()] == rates.tolist()


@settings(deadline=None, max_examples=100)
@given(make=ROWS)
def test_steps_may_come_in_any_form(make):
    schedule, t = make(0.3), np.arange(0, 120, 7)
    rates = schedule(t)
    for kind in (np.int8, np.uint8, np.uint64, np.float32, float):
        assert (schedule(t.astype(kind)) == rates).all()
    assert (schedule(t.tolist()) == rates).all()
    assert (schedule(t[:0]) == rates[:0]).all()
    assert schedule(np.array(7)) == schedule(np.uint8(7)) == schedule(7) == rates[1]
    for bad in (-1, [0, -3], np.nan, np.inf, "now", None):
        with pytest.raises(ValueError, match=r"^t (is|holds) .*: give steps of 0 or more"):
            schedule(bad)


@settings(deadline=None, max_examples=100)
@given(make=ROWS, t=st.integers(0, 10**6), lr=st.sampled_from([0.0, 5e-324, 1e300, 1.7e308]))
def test_rates_at_the_ends_of_floating_point_are_finite_and_never_warn(make, t, lr):
    rate = make(lr)(t % 1000)
    assert 0 <= rate < np.inf
    if lr == 0:
        assert make(0.0)(t % 1000) <= make(1e-300)(t % 1000)


@settings(deadline=None, max_examples=100)
@given(make=ROWS)
def test_an_answer_can_be_changed_without_changing_the_schedule(make):
    schedule = make(0.3)
    before = schedule(np.arange(5))
    schedule(np.arange(5))[:] = 9
    assert (schedule(np.arange(5)) == before).all()


@settings(deadline=None, max_examples=100)
@given(make=ROWS, t=st.floats(0, 200))
def test_between_two_steps_a_rate_is_a_rate(make, t):
    assert 0 <= make(0.3)(t) < np.inf


def test_what_no_float_holds_stays_at_the_largest():
    largest = np.finfo(float).max
    assert constant(1e308, 10, 5)(0) == linear(1e308, 10.0)(0) == warmup(constant(1e308), 5, 10)(0) == largest
    assert product([constant(1e300)] * 2)(0) == scaled(1e308, lambda t: 10.0)(0) == largest
    assert one_cycle(1.0, 10, div_factor=5e-324)(0) == one_cycle(1.0, 10, final_div_factor=5e-324)(9) == largest
    assert one_cycle(0.0, 10, div_factor=5e-324)(0) == 0
    assert inverse_time(1.0, 5e-324, decay_rate=0.0)(3) == inverse_time(1.0, 5e-324, power=0.0)(3) == 1
    assert inverse_time(1.0, 5e-324)(3) < 1e-300


@pytest.mark.parametrize("gamma", [1.5, 1e300])
def test_rates_that_outgrow_floating_point_stay_at_its_largest_number(gamma):
    late = np.array([10**6, 10**9])
    largest = np.finfo(float).max
    for schedule in (exponential(3.0, gamma), step(3.0, 2, gamma), multi_step(3.0, range(4000), gamma)):
        assert (schedule(late) == largest).all()
    assert (exponential(0.0, gamma)(late) == 0).all()
    assert multiplicative(3.0, lambda t: gamma)(5000) == largest


# ---------------------------------------------------------------- closed forms


def test_step_drops_where_torch_does():
    # torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.1), base rate 1
    expected = [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001]
    np.testing.assert_allclose(step(1.0, step_size=3)(np.arange(10)), expected, rtol=1e-14)


T = np.arange(200)
CLOSED = {
    "constant": (constant(0.3), 0.3 + 0 * T),
    "constant, first steps": (constant(0.3, 0.5, 10), np.where(T < 10, 0.15, 0.3)),
    "step": (step(0.3, 7, 0.5), 0.3 / 2.0 ** (T // 7)),
    "multi_step": (multi_step(0.3, [50, 20, 50]), 0.3 * 10.0 ** -((T >= 20) + 2.0 * (T >= 50))),
    "exponential": (exponential(0.3, 0.9), 0.3 * np.exp(T * np.log(0.9))),
    "polynomial": (polynomial(0.3, 100, 3), 0.3 * np.where(T < 100, 1 - T / 100, 0) ** 3),
    "linear": (linear(0.3, 0.2, 0.8, 50), 0.3 * np.interp(T, [0, 50], [0.2, 0.8])),
    "inverse_time": (inverse_time(0.3, 10, 2, 0.5), 0.3 / np.sqrt(1 + T / 5)),
    "inverse_sqrt": (inverse_sqrt(0.3, 4), 0.3 * 2 / np.sqrt(T + 4)),
    "cosine": (cosine(0.3, 80, 0.1), np.where(T < 80, 0.2 + 0.1 * np.cos(np.pi * T / 80), 0.1)),
    "cosine, rising": (cosine(0.3, 80, 0.1, rise_again=True), 0.2 + 0.1 * np.cos(np.pi * T / 80)),
    "cosine_restarts": (cosine_restarts(0.3, 25), 0.15 + 0.15 * np.cos(np.pi * (T % 25) / 25)),
    "cyclic": (cyclic(0.1, 0.3, 10, 40), np.interp(T % 50, [0, 10, 50], [0.1, 0.3, 0.1])),
    "one_cycle": (
        one_cycle(0.3, 100, pct_start=0.4, anneal_strategy="linear", div_factor=3, final_div_factor=10),
        np.interp(T, [0, 39, 99], [0.1, 0.3, 0.01]),
    ),
    "one_cycle, three phases": (
        one_cycle(
            0.3, 100, pct_start=0.4, anneal_strategy="linear", div_factor=3, final_div_factor=10, three_phase=True
        ),
        np.interp(T, [0, 39, 78, 99], [0.1, 0.3, 0.1, 0.01]),
    ),
    "warmup": (warmup(constant(0.3), 9), 0.3 * np.minimum((T + 1) / 10, 1)),
    "wsd": (wsd(0.3, 10, 50, 40, start_factor=0.0), np.interp(T, [0, 10, 60, 100], [0, 0.3, 0.3, 0])),
    "wsd, 1-sqrt": (
        wsd(0.3, 0, 50, 40, "1-sqrt", end_factor=0.5),
        0.15 + 0.15 * (1 - np.sqrt(np.clip((T - 50) / 40, 0, 1))),
    ),
    "by_epoch": (by_epoch(exponential(0.3, 0.5), 30), 0.3 * 0.5 ** (T // 30)),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms(name):
    schedule, expected = CLOSED[name]
    np.testing.assert_allclose(schedule(T), expected, rtol=1e-12, atol=1e-17)


def test_the_ends_are_exact():
    for n in (1, 3, 7, 49, 1000, 99_991):
        assert cosine(0.3, n, 0.1)([0, n, 2 * n]).tolist() == [0.3, 0.1, 0.1]
        assert cosine(0.3, n, 0.1, rise_again=True)([0, n, 2 * n]).tolist() == [0.3, 0.1, 0.3]
        assert cosine(0.3, n)(n) == polynomial(0.3, n, 0.5)(n) == linear(0.3, 0.1, 0.0, n)(n) == 0
        assert linear(0.3, 0.7, 0.9, n)([0, n]).tolist() == [0.3 * 0.7, 0.3 * 0.9]
        assert cyclic(0.1, 0.3, n)([0, n, 2 * n, 3 * n]).tolist() == [0.1, 0.3, 0.1, 0.3]
        assert wsd(0.3, n, n, n, "1-sqrt", 0.1)([n, 2 * n, 3 * n]).tolist() == [0.3, 0.3, 0.3 * 0.1]
        assert warmup(constant(0.3), n)([n, n + 1]).tolist() == [0.3, 0.3]
        cycle = one_cycle(0.3, 10 * n, pct_start=0.5)
        assert cycle([0, 5 * n - 1, 10 * n - 1, 10 * n]).tolist() == [0.3 / 25, 0.3, 0.3 / 25 / 1e4, 0.3 / 25 / 1e4]


@pytest.mark.parametrize("strategy", ["cos", "linear"])
@pytest.mark.parametrize(("total", "share"), [(100, 0.3), (10, 0.3), (40, 0.25), (150, 0.5), (8, 0.125), (5, 1.0)])
def test_one_cycle_peaks_at_its_share_of_the_steps_less_one(total, share, strategy):
    rates = one_cycle(1.0, total, pct_start=share, anneal_strategy=strategy)(np.arange(total))
    assert rates.argmax() == round(share * total) - 1
    assert rates.max() == pytest.approx(1.0, abs=1e-15)
    momentum = one_cycle_momentum(total, pct_start=share, anneal_strategy=strategy)(np.arange(total))
    assert momentum.argmin() == rates.argmax()


def test_one_cycle_by_epochs_is_one_cycle_by_steps():
    assert (one_cycle(1.0, epochs=5, steps_per_epoch=12)(T) == one_cycle(1.0, 60)(T)).all()


def test_cosine_keeps_its_digits_where_it_is_small():
    n = 10**6
    one_before = (np.pi / (2 * n)) ** 2  # of 1 - sin(x)**2 as 1 + cos(x), half of the digits would be lost
    assert cosine(1.0, n)(n - 1) == pytest.approx(one_before, rel=1e-9, abs=0)


def test_restarts_come_at_every_power_where_a_logarithm_misses_some():
    # PyTorch 2.13's step(epoch) gives the last rate of a cycle, not the first one, at epochs 1210 and 295240
    starts = 10 * (3 ** np.arange(12) - 1) // 2
    assert {1210, 295240} <= set(starts.tolist())
    schedule = cosine_restarts(1.0, T_0=10, T_mult=3)
    assert (schedule(starts) == 1).all()
    assert (schedule(starts[1:] - 1) < 0.03).all()


def test_modes_of_the_cyclic_rate():
    peaks = 10 + 20 * np.arange(5)
    assert cyclic(0.0, 1.0, 10, mode="triangular2")(peaks).tolist() == [1, 0.5, 0.25, 0.125, 0.0625]
    np.testing.assert_allclose(cyclic(0.0, 1.0, 10, mode="exp_range", gamma=0.9)(peaks), 0.9**peaks, rtol=1e-14)
    by_cycle = cyclic(0.0, 1.0, 10, scale_fn=lambda n: 1 / n)
    np.testing.assert_allclose(by_cycle(peaks), 1 / np.arange(1, 6), rtol=1e-14)
    by_step = cyclic(0.0, 1.0, 10, scale_fn=lambda t: 0.9**t, scale_mode="iterations")
    np.testing.assert_allclose(by_step(T), cyclic(0.0, 1.0, 10, mode="exp_range", gamma=0.9)(T), rtol=1e-13)


def test_both_rates_of_a_cycle_may_be_many():
    both = cyclic([0.1, 0.2], [1.0, 2.0], 10)(T)
    low = cyclic([0.1, 0.2], 1.0, 10)(T)
    assert both.shape == low.shape == (200, 2)
    assert (both[:, 1] == cyclic(0.2, 2.0, 10)(T)).all()
    assert (low[:, 1] == cyclic(0.2, 1.0, 10)(T)).all()


def test_momentum_goes_against_the_rate_and_drives_an_optimizer():
    for momentum, rate in (
        (one_cycle_momentum(50), one_cycle(0.1, 50)),
        (cyclic_momentum(step_size_up=9, mode="triangular2"), cyclic(0.01, 0.1, 9, mode="triangular2")),
    ):
        assert type(momentum(3)) is float
        assert momentum(np.arange(50)).tolist() == [momentum(t) for t in range(50)]
        assert (np.diff(momentum(np.arange(16))) * np.diff(rate(np.arange(16))) <= 0).all()
        run = descend(parabola(), [1.0], rate, optimizer=sgd(momentum), steps=50)
        assert np.isfinite(run.loss).all()
        v, x = 0.0, 1.0
        for t in range(50):
            v = x if t == 0 else momentum(t) * v + x
            x = x - rate(t) * v
        assert run.final[0] == pytest.approx(x, rel=1e-12)


# ---------------------------------------------------------------- identities


def test_warmup_is_a_line_joined_to_a_schedule():
    after = cosine(0.3, 60)
    for start in (0.0, 1e-3, 1 / 3, 1.0):
        joined = join([linear(0.3, start, 1.0, 20), after], [20])
        np.testing.assert_allclose(warmup(after, 20, start)(T), joined(T), rtol=1e-15)
    assert (warmup(after, 0)(T) == after(T)).all()
    assert (warmup(after, 20)(T[20:]) == after(T[:-20])).all()


def test_warmup_that_keeps_the_clock_is_a_product():
    after = multi_step(0.3, [15, 60])
    kept = warmup(after, 20, keep_clock=True)(T)
    np.testing.assert_allclose(kept, product([linear(1.0, 1 / 21, 1.0, 20), after])(T), rtol=1e-15)
    assert (kept[20:] == after(T[20:])).all()
    assert (kept[:20] < after(T[:20])).all()


def test_wsd_is_a_warmup_and_two_schedules_joined():
    parts = warmup(join([constant(0.3), linear(0.3, 1.0, 0.1, 40)], [50]), 10)
    np.testing.assert_allclose(wsd(0.3, 10, 50, 40, end_factor=0.1)(T), parts(T), rtol=1e-14)


def test_inverse_sqrt_with_warmup_is_transformers_and_vaswanis():
    lr, width, w = 0.3, 512, 25
    theirs = [t / w if t < w else 1 / np.sqrt((t + w - w) / w) for t in T]  # get_inverse_sqrt_schedule, timescale w
    np.testing.assert_allclose(warmup(inverse_sqrt(lr, w), w, start_factor=0)(T), lr * np.array(theirs), rtol=1e-14)
    paper = [width**-0.5 * min(s**-0.5, s * w**-1.5) for s in (T + 1.0).tolist()]  # section 5.3; steps from 1
    peak = width**-0.5 * w**-0.5
    np.testing.assert_allclose(warmup(inverse_sqrt(peak, w), w - 1, start_factor=1 / w)(T), paper, rtol=1e-14)


def test_a_joined_schedule_starts_at_0_and_is_asked_about_its_own_turn_only():
    asked = []

    def listening(t):
        asked.append(t.tolist())
        return 0.1 + 0.0 * t

    joined = join([constant(1.0), listening, constant(2.0)], [3, 5])
    assert joined(np.arange(7)).tolist() == [1, 1, 1, 0.1, 0.1, 2, 2]
    assert asked == [[0, 0, 0, 0, 1, 0, 0]]


@settings(deadline=None, max_examples=60)
@given(make=ROWS, cut=st.integers(1, 80))
def test_joining_a_schedule_to_its_own_later_part_changes_nothing(make, cut):
    whole = make(0.3)
    joined = join([whole, lambda t: whole(t + cut)], [cut])
    assert (joined(np.arange(120)) == whole(np.arange(120))).all()
    assert (join([whole], [])(np.arange(120)) == whole(np.arange(120))).all()


@settings(deadline=None, max_examples=60)
@given(make=ROWS, other=ROWS)
def test_a_product_is_a_product(make, other):
    both = product([make(0.3), other(0.7)])
    assert (both(T) == make(0.3)(T) * other(0.7)(T)).all()


def test_one_rate_beside_many_in_joins_and_products():
    many = exponential([0.1, 0.2], 0.9)
    joined, times = join([constant(0.5), many], [4]), product([constant(0.5), many])
    assert joined(T).shape == times(T).shape == (200, 2)
    assert (joined(T)[:4] == 0.5).all()
    assert (joined(T)[4:] == many(T[:-4])).all()
    assert (times(T) == 0.5 * many(T)).all()
    assert joined(7).tolist() == joined(T)[7].tolist()


def test_multiplicative_with_a_constant_is_exponential():
    np.testing.assert_allclose(multiplicative(0.3, lambda t: 0.9)(T), exponential(0.3, 0.9)(T), rtol=1e-13)


def test_epochs_for_steps():
    by_steps = by_epoch(cosine(0.3, 10), 20)
    assert (by_steps(T) == np.repeat(cosine(0.3, 10)(np.arange(10)), 20)).all()
    smooth = by_epoch(cosine(0.3, 10), 20, smooth=True)
    np.testing.assert_allclose(smooth(T), cosine(0.3, 200)(T), rtol=1e-11)


def test_a_schedule_is_used_by_descend_as_it_is():
    run = descend(parabola(), [1.0], warmup(cosine([0.1, 1.0], 90), 10), steps=100)
    assert (run.lr == warmup(cosine([0.1, 1.0], 90), 10)(np.arange(100))).all()


# ---------------------------------------------------------------- plateaus


class Recorded:
    """An objective that says what it is told to, whatever the parameters."""

    def __init__(self, losses):
        self.losses = np.asarray(losses, float)

    def value_and_grad(self, params, t=0, rng=None):
        return np.broadcast_to(self.losses[t], params.shape[:-1]).copy(), np.zeros_like(params)


def test_plateau_by_hand():
    feedback, lr = plateau(factor=0.5, patience=1, cooldown=1, min_lr=0.2), np.array([[1.0]])
    memory, factors = feedback.init(lr), []
    for loss in [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]:
        memory, factor = feedback.update(memory, np.array([[loss]]), lr * (factors[-1] if factors else 1.0))
        factors.append(float(factor[0, 0]))
    # best 3; two bad: cut; one forgiven; two bad: cut; best 1 while cooling; two bad: to min_lr; there it stays
    assert factors == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2]


def test_plateau_hears_every_run_of_a_batch_by_itself():
    rng, feedback = np.random.default_rng(0), plateau(factor=0.7, patience=2, cooldown=1)
    losses = rng.normal(size=(101, 5))
    together = descend(Recorded(losses), np.zeros((5, 1)), 0.3, feedback=feedback, steps=100)
    assert len(set(together.lr[-1].tolist())) > 1
    for j in range(5):
        alone = descend(Recorded(losses[:, j]), [0.0], 0.3, feedback=feedback, steps=100)
        assert (alone.lr == together.lr[:, j]).all()
    assert (replay(constant(0.3), feedback, losses)(np.arange(100)) == together.lr).all()


def test_plateau_above_a_schedule_goes_on_in_a_branch():
    options = {"feedback": plateau(factor=0.5, patience=1)}
    losses = Recorded(np.random.default_rng(1).normal(size=61))
    whole = descend(losses, [0.0], cosine(0.3, 60), steps=60, **options)
    assert (whole.lr == replay(cosine(0.3, 60), options["feedback"], losses.losses)(np.arange(60))).all()
    branch = descend(
        losses, descend(losses, [0.0], cosine(0.3, 60), steps=23, **options), cosine(0.3, 60), steps=37, **options
    )
    assert (branch.lr == whole.lr[23:]).all()


def test_no_cut_goes_below_min_lr_but_the_schedule_beneath_may():
    t, falling = np.arange(60), cosine(1.0, 60)
    run = replay(falling, plateau(factor=0.1, patience=4, min_lr=0.3), np.ones(60))(t)
    factor = run / falling(t)
    cuts = np.flatnonzero(np.diff(factor))
    assert len(cuts) == 1
    assert run[cuts[0]] * factor[cuts[0] + 1] == pytest.approx(0.3)
    assert run[-1] < 0.001


def test_a_branch_of_a_plateau_may_broadcast_to_many_rates():
    losses, options = Recorded(np.ones(41)), {"feedback": plateau(factor=0.5, patience=3)}
    trunk = descend(losses, [0.0], 0.1, steps=9, **options)
    branches = descend(losses, trunk, [0.1, 0.02], steps=31, **options)
    for j, lr in enumerate([0.1, 0.02]):
        assert (branches.lr[:, j] == descend(losses, trunk, lr, steps=31, **options).lr).all()


def test_plateau_never_warns_whatever_it_hears():
    heard = [np.nan, np.inf, 1.0, -np.inf, 0.0, 1e308, -1e308, 5e-324]
    for mode in ("min", "max"):
        for threshold_mode in ("rel", "abs"):
            feedback = plateau(mode, 0.5, 0, threshold_mode=threshold_mode)
            for lr in (0.0, 1e-12, 1e12):
                rates = replay(constant(lr), feedback, np.repeat(heard, 3))(np.arange(30))
                assert np.isfinite(rates).all()
                assert (rates >= 0).all()
                assert (np.diff(rates) <= 0).all()


def test_a_feedback_does_not_write_into_what_it_is_given():
    feedback = averaged(plateau(patience=0), 2)
    memory = feedback.init(np.ones((3, 1)))
    for _ in range(5):
        kept = [np.copy(a) for a in memory]
        after, _ = feedback.update(memory, np.ones((3, 1)), np.ones((3, 1)))
        assert all((a == b).all() for a, b in zip(kept, memory, strict=True))
        memory = after


def test_averaged_hears_the_mean_of_an_epoch():
    feedback = plateau(factor=0.5, patience=1, threshold=0.2, threshold_mode="abs")
    losses = np.random.default_rng(2).normal(size=(40, 7))
    slow = replay(constant(1.0), averaged(feedback, 7), losses.ravel())
    by_mean = replay(constant(1.0), feedback, losses.mean(axis=1))
    assert len(set(by_mean(np.arange(41)).tolist())) > 3
    assert (slow(np.arange(280)) == by_mean(np.arange(280) // 7)).all()
    assert (by_mean(np.arange(41)) != replay(constant(1.0), feedback, losses.sum(axis=1))(np.arange(41))).any()


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: constant(-0.1), "lr holds -0.1: give learning rates of 0 or more"),
        (lambda: constant([0.1, np.nan]), "lr holds nan"),
        (lambda: constant(0.1, -1), "factor holds -1: give 0 or more"),
        (lambda: step(0.1, step_size=0), "step_size is 0: give a whole number of steps"),
        (lambda: step(0.1, step_size=2.5), "step_size is 2.5"),
        (lambda: step(0.1, step_size=True), "step_size is True"),
        (lambda: step(0.1, step_size=3, gamma=-1), "gamma holds -1: give 0 or more"),
        (lambda: multi_step(0.1, [3, -2]), "milestones is -2: give a list of whole numbers"),
        (lambda: exponential(0.1, np.inf), "gamma holds inf: give 0 or more"),
        (lambda: polynomial(0.1, 0), "total_iters is 0: give a whole number of steps from 1 up"),
        (lambda: polynomial(0.1, 10, -1), "power holds -1: give 0 or more"),
        (lambda: linear(0.1, start_factor=-0.1), "start_factor holds -0.1: give 0 or more"),
        (lambda: inverse_time(0.1, 0), "decay_steps holds 0: give a number of steps above 0"),
        (lambda: inverse_sqrt(0.1, 0), "timescale holds 0: give a number of steps above 0"),
        (lambda: cosine(0.1, 0), "T_max is 0: give a whole number of steps from 1 up"),
        (lambda: cosine(0.1, 10, -1), "eta_min holds -1: give a rate of 0 or more"),
        (lambda: cosine_restarts(0.1, 10, 1.5), "T_mult is 1.5: give a whole number from 1 up"),
        (lambda: cyclic(0.1, -1), "max_lr holds -1: give learning rates of 0 or more"),
        (lambda: cyclic(0.1, 1, mode="square"), "mode is 'square': give 'triangular' or 'triangular2' or 'exp_range'"),
        (lambda: cyclic(0.1, 1, gamma=1.5), "gamma holds 1.5: give 0 to 1"),
        (lambda: cyclic([0.1, 0.2], [1, 2, 3]), r"base_lr has shape \(2,\) and max_lr \(3,\): give one rate"),
        (lambda: one_cycle(0.1), "total_steps is None: give it, or both epochs and steps_per_epoch"),
        (lambda: one_cycle(0.1, 0), "total_steps is 0: give a whole number of steps from 1 up"),
        (lambda: one_cycle(0.1, 10, pct_start=1.2), "pct_start holds 1.2: give 0 to 1"),
        (lambda: one_cycle(0.1, 10, pct_start=0.6, three_phase=True), "pct_start holds 0.6: give at most 0.5"),
        (lambda: one_cycle(0.1, 10, anneal_strategy="exp"), "anneal_strategy is 'exp': give 'cos' or 'linear'"),
        (lambda: one_cycle(0.1, 10, div_factor=0), "div_factor holds 0: give a number above 0"),
        (lambda: one_cycle_momentum(10, max_momentum=-1), "max_momentum holds -1: give 0 or more"),
        (lambda: scaled(0.1, lambda t: 1 - t)(5), "lr_lambda, when asked, holds -4: give a function whose factors are"),
        (lambda: scaled(0.1, lambda t: 1 if t < 5 else 2)(T), r"failed on an array of steps; .* np\.vectorize"),
        (lambda: multiplicative(0.1, lambda t: np.nan)(5), "lr_lambda, when asked, holds nan"),
        (lambda: warmup(0.1, 10), r"schedule is 0.1: give a schedule, such as constant\(0.1\)"),
        (lambda: warmup(constant(0.1), -1), "steps is -1: give a whole number of steps, 0 or more"),
        (lambda: warmup(constant(0.1), 5, -1), "start_factor holds -1: give 0 or more"),
        (lambda: warmup(lambda t: 0.1, 5)(T), r"gave shape \(\) for steps of shape \(200,\); .*np\.vectorize"),
        (lambda: wsd(0.1, 5, 5, 0), "decay_steps is 0: give a whole number of steps from 1 up"),
        (lambda: wsd(0.1, 5, 5, 5, "sqrt"), "decay_type is 'sqrt': give 'linear' or '1-sqrt' or 'cosine'"),
        (lambda: join([constant(0.1)], [5]), r"milestones holds \[5\]: give 0 rising steps"),
        (lambda: join([constant(0.1)] * 3, [5, 5]), r"milestones holds \[5, 5\]: give 2 rising steps"),
        (lambda: join([], []), r"schedules is \[\]: give a list of one schedule or more"),
        (lambda: product([0.1]), "schedules is 0.1: give a schedule"),
        (lambda: product(constant(0.1)), "schedules is <function .*: give a list of one schedule or more"),
        (lambda: multi_step(0.1, 30), r"milestones is 30: give a list of whole numbers of steps, such as \[30, 80\]"),
        (lambda: scaled(0.1, 0.9), "lr_lambda is 0.9: give a function from steps to factors"),
        (lambda: multiplicative(0.1, 0.9), "lr_lambda is 0.9: give a function from steps to factors"),
        (lambda: cyclic(0.1, 1, scale_fn=0.9), "scale_fn is 0.9: give a function"),
        (lambda: cyclic(0.1, 1, 5, scale_fn=lambda n: n)(15), "scale_fn, when asked, holds 2: give a function with"),
        (lambda: cyclic(0.1, 1, 5, scale_fn=lambda n: None)(3), "scale_fn, when asked, holds nan"),
        (lambda: multi_step(0.1, {30: 0.5}), r"milestones is \{30: 0.5\}: give a list of whole numbers"),
        (lambda: step(0.1, 2**60), r"step_size is more than 2\*\*53, .*: give a whole number of steps"),
        (lambda: warmup(lambda t: 1.0 - t, 0)(T), "a schedule, when asked, holds -1: give one whose rates are 0 or"),
        (lambda: replay(constant(0.1), plateau(), ["low"]), r"losses is \['low'\], which is not a number: give the"),
        (lambda: replay(constant(0.1), plateau, [1.0]), r"feedback is <function plateau .*: give a feedback, such as"),
        (lambda: averaged(plateau, 5), "feedback is <function plateau"),
        (lambda: product([lambda t: 0.1 if t < 3 else 0.2])(T), r"failed on an array of steps; .* np\.vectorize"),
        (lambda: by_epoch(constant(0.1), 0), "steps_per_epoch is 0: give a whole number of batches"),
        (lambda: plateau("low"), "mode is 'low': give 'min' or 'max'"),
        (lambda: plateau(factor=1), "factor holds 1: give 0 or more and less than 1"),
        (lambda: plateau(patience=1.5), "patience is 1.5: give a whole number of steps"),
        (lambda: plateau(threshold=1), 'threshold holds 1: give less than 1, or threshold_mode "abs"'),
        (lambda: plateau(min_lr=-1), "min_lr holds -1: give a rate of 0 or more"),
        (lambda: averaged(plateau(), 0), "steps is 0: give a whole number of steps from 1 up"),
        (lambda: replay(constant(0.1), plateau(), []), r"losses has shape \(0,\): give the losses of a run"),
        (
            lambda: replay(constant([0.1, 0.2]), plateau(), np.ones((5, 3))),
            r"losses has shape \(5, 3\) and the rates \(5, 2\): give as many runs of each",
        ),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
