"""Schedules: closed forms, and what every row of the table keeps."""

import numpy as np
import pytest

from lrlab.schedules import SCHEDULES, constant, step

MAKERS = {"constant": lambda lr: constant(lr), "step": lambda lr: step(lr, step_size=7, gamma=0.5)}


def test_every_row_of_the_table_is_tested():
    assert set(MAKERS) == set(SCHEDULES)


def test_step_drops_where_torch_does():
    # torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.1), base rate 1
    expected = [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001]
    np.testing.assert_allclose(step(1.0, step_size=3)(np.arange(10)), expected, rtol=1e-14)


@pytest.mark.parametrize("name", MAKERS)
def test_pure_finite_and_indifferent_to_order(name):
    schedule, t = MAKERS[name](0.3), np.arange(50)
    rates = schedule(t)
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    assert (schedule(t) == rates).all()
    assert (schedule(t[::-1]) == rates[::-1]).all()
    assert [float(schedule(k)) for k in t] == rates.tolist()


@pytest.mark.parametrize("name", MAKERS)
def test_many_base_rates_at_once(name):
    base, t = np.array([0.1, 0.2, 0.7]), np.arange(20)
    together = MAKERS[name](base)(t)
    assert together.shape == (20, 3)
    for j, lr in enumerate(base):
        assert (together[:, j] == MAKERS[name](lr)(t)).all()


@pytest.mark.parametrize("name", MAKERS)
def test_an_answer_can_be_changed_without_changing_the_schedule(name):
    schedule = MAKERS[name](0.3)
    schedule(np.arange(5))[:] = 9
    assert (schedule(np.arange(5)) == 0.3).all()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: constant(-0.1), "lr holds -0.1: give learning rates of 0 or more"),
        (lambda: constant([0.1, np.nan]), "lr holds nan"),
        (lambda: step(0.1, step_size=0), "step_size is 0: give a whole number of steps"),
        (lambda: step(0.1, step_size=2.5), "step_size is 2.5"),
        (lambda: step(0.1, step_size=True), "step_size is True"),
        (lambda: step(0.1, step_size=3, gamma=-1), "gamma holds -1: give 0 or more"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
