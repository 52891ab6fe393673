"""Our runs beside PyTorch's: its stored points, with the scripts that asked for them, against the engine's now."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lrlab.book import parity
from lrlab.book.parity import BOUND, Path2D, error, load, our_path
from lrlab.objectives import OBJECTIVES
from lrlab.optimizers import OPTIMIZERS

REFERENCES = Path(__file__).with_name("references")
TORCH = load(REFERENCES / "torch.npz", Path2D)
CONSTANT = [(case, path) for case, path in TORCH if case.setting and case.cycle is None]
PROBLEMS = {"quadratic", "rosenbrock", "beale"}
ROOM = 20  # how many times its own rounding a case may be away, where its path amplifies rounding


def torch_class(name):
    """The class that a row's docstring names as its source, or None."""
    found = re.search(r"Source:.*?torch\.optim\.(\w+)", OPTIMIZERS[name].__doc__, re.DOTALL)
    return found and found[1]


def label(case):
    words = [case.optimizer, case.problem, *(f"{name}={value}" for name, value in case.setting.items())]
    return "-".join([*words, "one_cycle"] if case.cycle else words)


@pytest.mark.parametrize(("case", "theirs"), TORCH, ids=[label(case) for case, _ in TORCH])
def test_path_agrees_with_torch(case, theirs):
    assert len(theirs) == 101
    assert error(our_path(case, 100), theirs) <= case.bound


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if torch_class(name)])
def test_every_row_that_torch_has_is_compared_on_three_problems_with_two_settings(name):
    cases = [case for case, _ in TORCH if case.optimizer == name]
    assert {case.source.split()[2] for case in cases} == {torch_class(name)}
    for problem in PROBLEMS:
        settings = [case.setting for case in cases if case.problem == problem and case.cycle is None]
        assert {} in settings
        assert len(settings) >= 2


def test_rows_that_torch_has_are_found():
    assert {torch_class(name) for name in OPTIMIZERS} >= {"SGD", "ASGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Rprop"}
    assert torch_class("lion") is None


def test_one_cycle_moves_rate_and_momentum():
    cycles = [case for case, _ in TORCH if case.cycle]
    assert {(case.optimizer, case.problem) for case in cycles} == {(o, p) for o in ("sgd", "adam") for p in PROBLEMS}
    for case in cycles:
        assert case.cycle[0] == 0.95
        assert min(case.cycle) == pytest.approx(0.85)
        assert max(case.lr) == pytest.approx(25 * case.lr[0])


@pytest.mark.parametrize(("case", "theirs"), TORCH, ids=[label(case) for case, _ in TORCH])
def test_paths_are_worth_comparing(case, theirs):
    landscape = OBJECTIVES[case.problem](**case.shape)
    loss, grad = landscape.value_and_grad(theirs)
    assert np.abs(grad[0]).min() > 0.1  # a sign-like rule amplifies rounding where a gradient is exactly 0
    assert loss[-1] < 0.6 * loss[0]
    assert (np.abs(np.diff(theirs, axis=0)).max(axis=-1) > 0).sum() > 75  # it moves; Rprop rests at a turn
    if case.bound > BOUND:
        assert case.rounding > 1e-13
        assert case.bound <= ROOM * case.rounding


@pytest.mark.parametrize(("case", "theirs"), TORCH, ids=[label(case) for case, _ in TORCH])
def test_a_direction_that_is_wrong_by_a_billionth_is_caught(case, theirs, monkeypatch):
    right = OPTIMIZERS[case.optimizer]

    def wrong(**setting):
        rule = right(**setting)

        def direction(*arguments):
            step, state = rule.direction(*arguments)
            return step * (1 + 1e-9), state

        return rule._replace(direction=direction)

    monkeypatch.setattr(parity, "OPTIMIZERS", {case.optimizer: wrong})
    assert error(our_path(case, 100), theirs) > 10 * case.bound


@pytest.mark.parametrize(("case", "theirs"), CONSTANT, ids=[label(case) for case, _ in CONSTANT])
def test_every_argument_that_a_case_sets_matters(case, theirs):
    for name in case.setting:
        if name == "momentum" and case.setting.get("nesterov"):
            continue  # nesterov cannot do without it
        without = {other: value for other, value in case.setting.items() if other != name}
        assert error(our_path(replace(case, setting=without), 100), theirs) > 10 * case.bound, name


def test_error_counts_what_is_missing_as_infinite():
    assert error(np.array([1.0, np.nan]), np.array([1.0, np.nan])) == 0
    assert error(np.array([1.0, np.nan]), np.array([1.0, 2.0])) == np.inf
    assert error(np.array([103.0]), np.array([100.0])) == pytest.approx(0.03)
    assert error(np.array([0.03]), np.array([0.0])) == pytest.approx(0.03)
