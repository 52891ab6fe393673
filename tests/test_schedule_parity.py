"""Our schedules against PyTorch's own, whose rates `references/make_schedules.py` stored: no PyTorch is needed here."""

import re
from pathlib import Path

import numpy as np
import pytest

from lrlab import descend, schedules
from lrlab.book import parity

CASES = parity.load(Path(__file__).parent / "references" / "schedules.npz", parity.Sequence)
DRIVEN = [(case, theirs) for case, theirs in CASES if case.theirs == f"LambdaLR(SGD([w], lr=1.0), {case.ours})"]
HEARD = [(case, theirs) for case, theirs in CASES if "ReduceLROnPlateau(" in case.theirs]
TORCH = [
    "LambdaLR",
    "MultiplicativeLR",
    "StepLR",
    "MultiStepLR",
    "ConstantLR",
    "LinearLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
    "ChainedScheduler",
    "SequentialLR",
    "ReduceLROnPlateau",
    "CyclicLR",
    "OneCycleLR",
    "CosineAnnealingWarmRestarts",
    "SWALR",
]


def relative(ours, theirs) -> float:
    """max |a - b| / |b|, 0 where both are 0: what the bound of 1e-12 says nothing about when rates are small."""
    away = np.abs(ours - theirs)
    return float(np.divide(away, np.abs(theirs), out=np.where(away == 0, 0.0, np.inf), where=theirs != 0).max())


@pytest.mark.parametrize("name", TORCH)
def test_every_scheduler_of_torch_is_compared_in_several_settings(name):
    assert sum(bool(re.search(rf"\b{name}\(", case.theirs)) for case, _ in CASES) >= 2


def test_fractions_of_epochs_and_momentum_are_compared():
    for word in ("by_epoch(CosineAnnealingWarmRestarts(", "momentum(OneCycleLR(", "momentum(CyclicLR("):
        assert any(case.theirs.startswith(word) for case, _ in CASES)


@pytest.mark.parametrize(("case", "theirs"), CASES, ids=lambda value: getattr(value, "theirs", ""))
def test_the_rates_are_torchs(case, theirs):
    assert len(theirs) >= 100
    ours = parity.our_sequence(case, len(theirs))
    assert parity.error(ours, theirs) <= parity.BOUND
    assert relative(ours, theirs) <= 1e-9


@pytest.mark.parametrize(("case", "theirs"), DRIVEN, ids=lambda value: getattr(value, "ours", ""))
def test_torch_driven_by_our_schedule_steps_at_our_rates(case, theirs):
    # asked one step at a time by PyTorch, all at once here; on the same processor the two are equal to the last bit
    np.testing.assert_allclose(theirs, parity.our_sequence(case, len(theirs)), rtol=1e-14)


def test_torch_is_driven_by_many_kinds_of_schedules():
    assert len({case.ours.partition("(")[0] for case, _ in DRIVEN}) >= 6


class Heard:
    """An objective whose loss at step t is losses[t], whatever the parameters."""

    def __init__(self, losses):
        self.losses = losses

    def value_and_grad(self, params, t=0, rng=None):
        return np.full(params.shape[:-1], self.losses[t]), np.zeros_like(params)


@pytest.mark.parametrize(("case", "theirs"), HEARD, ids=lambda value: getattr(value, "theirs", ""))
def test_plateau_in_descend_is_torchs(case, theirs):
    def run(schedule, feedback, losses):
        finite = np.nan_to_num(losses, nan=1e300)  # NaN would end the run; for a plateau it is just as bad
        return descend(Heard(finite), [0.0], schedule, feedback=feedback, steps=len(losses) - 1).lr

    rates = eval(case.ours, {**vars(schedules), "np": np, "replay": run})
    assert parity.error(rates, theirs[:-1]) <= parity.BOUND
    assert relative(rates, theirs[:-1]) <= 1e-9
    assert len(np.unique(rates)) > 1  # a plateau that never cut would prove nothing
