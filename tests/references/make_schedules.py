"""Ask PyTorch's own schedulers for their rates, and store them beside the call of ours that must give the same.

Run as `make references` does; the answer lies beside this file. A scheduler that PyTorch has and CASES has not is an
error, so a new one in a later version cannot be missed.
"""

import inspect
import warnings
from pathlib import Path

import numpy as np
import torch
from torch.optim import SGD, Adam, lr_scheduler
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import SWALR

from lrlab import schedules
from lrlab.book import parity

STEPS = 150
TORCH = {
    name: kind
    for name, kind in vars(lr_scheduler).items()
    if inspect.isclass(kind) and issubclass(kind, LRScheduler) and kind is not LRScheduler and name[0] != "_"
} | {"SWALR": SWALR}
w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))

CASES = [
    # theirs, ours
    ("LambdaLR(SGD([w], lr=0.5), lambda t: 0.95**t)", "scaled(0.5, lambda t: 0.95**t)"),
    ("LambdaLR(SGD([w], lr=0.02), lambda t: 1 / (1 + 0.3 * t))", "inverse_time(0.02, decay_rate=0.3)"),
    ("LambdaLR(SGD([w], lr=0.02), lambda t: (1 + t / 7) ** -0.5)", "inverse_sqrt(0.02, timescale=7)"),
    ("MultiplicativeLR(SGD([w], lr=0.5), lambda t: 0.97)", "multiplicative(0.5, lambda t: 0.97)"),
    ("MultiplicativeLR(SGD([w], lr=0.5), lambda t: 1 - 0.5 / t)", "multiplicative(0.5, lambda t: 1 - 0.5 / t)"),
    ("StepLR(SGD([w], lr=0.5), step_size=30)", "step(0.5, step_size=30)"),
    ("StepLR(SGD([w], lr=0.003), step_size=1, gamma=0.9)", "step(0.003, step_size=1, gamma=0.9)"),
    ("StepLR(SGD([w], lr=0.5), step_size=400, gamma=0.5)", "step(0.5, step_size=400, gamma=0.5)"),
    ("MultiStepLR(SGD([w], lr=0.5), milestones=[30, 80])", "multi_step(0.5, milestones=[30, 80])"),
    (
        "MultiStepLR(SGD([w], lr=0.5), milestones=[80, 0, 30, 30], gamma=0.5)",
        "multi_step(0.5, milestones=[80, 0, 30, 30], gamma=0.5)",
    ),
    ("ConstantLR(SGD([w], lr=0.5))", "constant(0.5, factor=1 / 3, total_iters=5)"),
    ("ConstantLR(SGD([w], lr=0.5), factor=0.1, total_iters=60)", "constant(0.5, factor=0.1, total_iters=60)"),
    ("LinearLR(SGD([w], lr=0.5))", "linear(0.5)"),
    (
        "LinearLR(SGD([w], lr=0.5), start_factor=1e-3, total_iters=100)",
        "linear(0.5, start_factor=1e-3, total_iters=100)",
    ),
    (
        "LinearLR(SGD([w], lr=0.5), start_factor=1.0, end_factor=0.0, total_iters=120)",
        "linear(0.5, start_factor=1.0, end_factor=0.0, total_iters=120)",
    ),
    ("ExponentialLR(SGD([w], lr=0.5), gamma=0.9)", "exponential(0.5, gamma=0.9)"),
    ("ExponentialLR(SGD([w], lr=1e-4), gamma=1.1)", "exponential(1e-4, gamma=1.1)"),
    ("PolynomialLR(SGD([w], lr=0.5))", "polynomial(0.5)"),
    ("PolynomialLR(SGD([w], lr=0.5), total_iters=100, power=2)", "polynomial(0.5, total_iters=100, power=2)"),
    ("PolynomialLR(SGD([w], lr=0.5), total_iters=120, power=0.9)", "polynomial(0.5, total_iters=120, power=0.9)"),
    ("CosineAnnealingLR(SGD([w], lr=0.5), T_max=150)", "cosine(0.5, T_max=150)"),
    ("CosineAnnealingLR(SGD([w], lr=0.5), T_max=40)", "cosine(0.5, T_max=40, rise_again=True)"),
    ("CosineAnnealingLR(SGD([w], lr=0.5), T_max=1)", "cosine(0.5, T_max=1, rise_again=True)"),
    (
        "CosineAnnealingLR(SGD([w], lr=3e-4), T_max=45, eta_min=1e-6)",
        "cosine(3e-4, T_max=45, eta_min=1e-6, rise_again=True)",
    ),
    ("CosineAnnealingWarmRestarts(SGD([w], lr=0.5), T_0=20)", "cosine_restarts(0.5, T_0=20)"),
    (
        "CosineAnnealingWarmRestarts(SGD([w], lr=0.5), T_0=10, T_mult=2, eta_min=0.01)",
        "cosine_restarts(0.5, T_0=10, T_mult=2, eta_min=0.01)",
    ),
    ("CosineAnnealingWarmRestarts(SGD([w], lr=0.5), T_0=1, T_mult=3)", "cosine_restarts(0.5, T_0=1, T_mult=3)"),
    (
        "by_epoch(CosineAnnealingWarmRestarts(SGD([w], lr=0.5), T_0=4), batches=7)",
        "by_epoch(cosine_restarts(0.5, T_0=4), steps_per_epoch=7, smooth=True)",
    ),
    (
        "by_epoch(CosineAnnealingWarmRestarts(SGD([w], lr=0.5), T_0=3, T_mult=2, eta_min=0.01), batches=8)",
        "by_epoch(cosine_restarts(0.5, T_0=3, T_mult=2, eta_min=0.01), steps_per_epoch=8, smooth=True)",
    ),
    (
        "CyclicLR(SGD([w], lr=1, momentum=0.9), base_lr=0.01, max_lr=0.5, step_size_up=20)",
        "cyclic(0.01, 0.5, step_size_up=20)",
    ),
    (
        "CyclicLR(SGD([w], lr=1, momentum=0.9), 0.01, 0.5, step_size_up=7, step_size_down=20, mode='triangular2')",
        "cyclic(0.01, 0.5, step_size_up=7, step_size_down=20, mode='triangular2')",
    ),
    (
        "CyclicLR(SGD([w], lr=1, momentum=0.9), 0.01, 0.5, step_size_up=15, mode='exp_range', gamma=0.99)",
        "cyclic(0.01, 0.5, step_size_up=15, mode='exp_range', gamma=0.99)",
    ),
    (
        "CyclicLR(SGD([w], lr=1, momentum=0.9), 0.01, 0.5, step_size_up=15, scale_fn=lambda n: 1 / n)",
        "cyclic(0.01, 0.5, step_size_up=15, scale_fn=lambda n: 1 / n)",
    ),
    (
        "momentum(CyclicLR(SGD([w], lr=1, momentum=0.9), 0.01, 0.5, step_size_up=20))",
        "cyclic_momentum(step_size_up=20)",
    ),
    (
        "momentum(CyclicLR(SGD([w], lr=1, momentum=0.9), 0.01, 0.5, 7, 20, 'triangular2', base_momentum=0.7))",
        "cyclic_momentum(0.7, step_size_up=7, step_size_down=20, mode='triangular2')",
    ),
    ("OneCycleLR(SGD([w], lr=1, momentum=0.9), max_lr=0.5, total_steps=150)", "one_cycle(0.5, total_steps=150)"),
    (
        "OneCycleLR(SGD([w], lr=1, momentum=0.9), 0.5, epochs=10, steps_per_epoch=15, anneal_strategy='linear')",
        "one_cycle(0.5, epochs=10, steps_per_epoch=15, anneal_strategy='linear')",
    ),
    (
        "OneCycleLR(SGD([w], lr=1, momentum=0.9), 0.5, total_steps=150, pct_start=0.37, three_phase=True)",
        "one_cycle(0.5, total_steps=150, pct_start=0.37, three_phase=True)",
    ),
    (
        "OneCycleLR(SGD([w], lr=1, momentum=0.9), 0.5, total_steps=150, pct_start=0.4, anneal_strategy='linear', "
        "div_factor=10, final_div_factor=100, three_phase=True)",
        "one_cycle(0.5, total_steps=150, pct_start=0.4, anneal_strategy='linear', div_factor=10, "
        "final_div_factor=100, three_phase=True)",
    ),
    (
        "OneCycleLR(SGD([w], lr=1, momentum=0.9), 0.5, total_steps=150, pct_start=0.0)",
        "one_cycle(0.5, total_steps=150, pct_start=0.0)",
    ),
    (
        "OneCycleLR(SGD([w], lr=1, momentum=0.9), 0.5, total_steps=150, pct_start=1.0)",
        "one_cycle(0.5, total_steps=150, pct_start=1.0)",
    ),
    (
        "momentum(OneCycleLR(SGD([w], lr=1, momentum=0.9), max_lr=0.5, total_steps=150))",
        "one_cycle_momentum(total_steps=150)",
    ),
    (
        "momentum(OneCycleLR(Adam([w], lr=1), 0.5, total_steps=150, base_momentum=0.8, three_phase=True))",
        "one_cycle_momentum(total_steps=150, base_momentum=0.8, three_phase=True)",
    ),
    (
        "SequentialLR(o := SGD([w], lr=0.5), [ConstantLR(o, 0.1, total_iters=200), ExponentialLR(o, gamma=0.9)], [20])",
        "join([constant(0.05), exponential(0.5, gamma=0.9)], [20])",
    ),
    (
        "SequentialLR(o := SGD([w], lr=0.5), [LinearLR(o, 0.01, total_iters=15), CosineAnnealingLR(o, 135)], [15])",
        "warmup(cosine(0.5, T_max=135), steps=15, start_factor=0.01)",
    ),
    (
        "SequentialLR(o := SGD([w], lr=0.5), [LinearLR(o, 0.1, total_iters=10), ConstantLR(o, 1.0), "
        "LinearLR(o, 1.0, 0.02, total_iters=40)], [10, 100])",
        "wsd(0.5, warmup_steps=10, stable_steps=90, decay_steps=40, start_factor=0.1, end_factor=0.02)",
    ),
    (
        "SequentialLR(o := SGD([w], lr=0.5), [StepLR(o, 10), PolynomialLR(o, 30, 2), "
        "CosineAnnealingWarmRestarts(o, 10, 2)], [25, 70])",
        "join([step(0.5, 10), polynomial(0.5, 30, 2), cosine_restarts(0.5, 10, 2)], [25, 70])",
    ),
    (
        "ChainedScheduler([ConstantLR(o := SGD([w], lr=0.5), 0.1, total_iters=20), ExponentialLR(o, gamma=0.97)])",
        "product([constant(0.5, 0.1, total_iters=20), exponential(1.0, gamma=0.97)])",
    ),
    (
        "ChainedScheduler([LinearLR(o := SGD([w], lr=0.5), 0.1, total_iters=20), MultiStepLR(o, [50, 90])])",
        "warmup(multi_step(0.5, [50, 90]), steps=20, start_factor=0.1, keep_clock=True)",
    ),
    (
        "ChainedScheduler([CosineAnnealingLR(o := SGD([w], lr=0.5), T_max=150), StepLR(o, 40, 0.5)])",
        "product([cosine(0.5, T_max=150), step(1.0, 40, 0.5)])",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), patience=3), 1 / (1 + np.arange(150) % 40))",
        "replay(constant(0.5), plateau(patience=3), 1 / (1 + np.arange(150) % 40))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), factor=0.5, patience=2, cooldown=4, min_lr=0.02), np.ones(150))",
        "replay(constant(0.5), plateau(factor=0.5, patience=2, cooldown=4, min_lr=0.02), np.ones(150))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), 'max', 0.7, 5, 0.3, 'abs'), np.sqrt(np.arange(150)))",
        "replay(constant(0.5), plateau('max', 0.7, 5, 0.3, 'abs'), np.sqrt(np.arange(150)))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), 'max', 0.7, 0, 0.02), 1 - np.exp(-np.arange(150) / 30))",
        "replay(constant(0.5), plateau('max', 0.7, 0, 0.02), 1 - np.exp(-np.arange(150) / 30))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), factor=0.8, patience=4), -np.sin(np.arange(150) / 9))",
        "replay(constant(0.5), plateau(factor=0.8, patience=4), -np.sin(np.arange(150) / 9))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=1e-6), factor=0.5, patience=1, threshold_mode='abs', eps=1e-7), "
        "np.random.default_rng(0).normal(size=150))",
        "replay(constant(1e-6), plateau(factor=0.5, patience=1, threshold_mode='abs', eps=1e-7), "
        "np.random.default_rng(0).normal(size=150))",
    ),
    (
        "hears(ReduceLROnPlateau(SGD([w], lr=0.5), patience=3), np.where(np.arange(150) < 40, 1.0, np.nan))",
        "replay(constant(0.5), plateau(patience=3), np.where(np.arange(150) < 40, 1.0, np.nan))",
    ),
    ("SWALR(SGD([w], lr=0.5), swa_lr=0.05)", "cosine(0.5, T_max=10, eta_min=0.05)"),
    ("SWALR(SGD([w], lr=0.05), swa_lr=0.5, anneal_epochs=110)", "cosine(0.05, T_max=110, eta_min=0.5)"),
    (
        "SWALR(SGD([w], lr=0.5), swa_lr=0.05, anneal_epochs=40, anneal_strategy='linear')",
        "linear(0.5, 1, 0.1, total_iters=40)",
    ),
    ("SWALR(SGD([w], lr=0.5), swa_lr=0.05, anneal_epochs=0)", "constant(0.05)"),
]
# ours in PyTorch's hands: what the optimizer's rate really was
DRIVERS = [
    "constant(0.1)",
    "step(0.1, step_size=30)",
    "multi_step(0.1, milestones=[30, 80], gamma=0.3)",
    "exponential(0.1, gamma=0.97)",
    "polynomial(0.1, total_iters=100, power=2)",
    "inverse_sqrt(0.1, timescale=9)",
    "cosine(0.1, T_max=100)",
    "cosine_restarts(0.1, T_0=20, T_mult=2)",
    "cyclic(0.01, 0.1, step_size_up=20)",
    "one_cycle(0.1, total_steps=100)",
    "multiplicative(0.1, lambda t: 0.99)",
    "wsd(0.1, warmup_steps=10, stable_steps=60, decay_steps=30, decay_type='1-sqrt')",
    "warmup(cosine(0.1, T_max=90), steps=10)",
    "join([constant(0.1), exponential(0.1, gamma=0.9)], [50])",
    "product([constant(0.1, factor=0.5, total_iters=40), step(1.0, step_size=30)])",
    "by_epoch(step(0.1, step_size=3), steps_per_epoch=10)",
]


def rates(scheduler, stepped=lambda scheduler, t: scheduler.step(), read=lambda group: group["lr"]) -> np.ndarray:
    """(STEPS,): what `read` finds in the optimizer at each step, the first before any step of the scheduler."""
    optimizer, found = scheduler.optimizer, []
    for t in range(STEPS):
        value = read(optimizer.param_groups[0])
        if type(value) not in (int, float):  # torch.load would refuse a checkpoint with a NumPy scalar in it
            raise TypeError(f"PyTorch holds a rate of type {type(value).__name__}")
        found.append(value)
        optimizer.step()
        if t < STEPS - 1:
            stepped(scheduler, t)
    return np.array(found, float)


def momentum(scheduler) -> np.ndarray:
    """The momentum, or the first of the betas."""
    return rates(scheduler, read=lambda group: group["momentum"] if "momentum" in group else group["betas"][0])


def by_epoch(scheduler, batches: int) -> np.ndarray:
    """As the documentation of CosineAnnealingWarmRestarts does it: step(epoch + i / batches)."""
    return rates(scheduler, lambda scheduler, t: scheduler.step((t + 1) // batches + (t + 1) % batches / batches))


def hears(scheduler, metrics) -> np.ndarray:
    """One metric a step."""
    return rates(scheduler, lambda scheduler, t: scheduler.step(metrics[t]))


def main() -> None:
    scope = {**TORCH, "SGD": SGD, "Adam": Adam, "w": w, "np": np, "schedules": schedules}
    scope |= {"momentum": momentum, "by_epoch": by_epoch, "hears": hears}
    missing = [name for name in TORCH if not any(f"{name}(" in theirs for theirs, _ in CASES)]
    if missing:
        raise SystemExit(f"no case for {', '.join(missing)}")
    pairs = CASES + [(f"LambdaLR(SGD([w], lr=1.0), {driver})", driver) for driver in DRIVERS]
    cases, numbers = [], []
    for theirs, ours in pairs:
        # a driver's names are ours; everything else is PyTorch's
        answer = eval(
            theirs, {**vars(schedules), **scope, "by_epoch": schedules.by_epoch} if ours in DRIVERS else scope
        )
        cases.append(parity.Sequence(theirs, ours, f"torch {torch.__version__.split('+')[0]}"))
        numbers.append(rates(answer) if isinstance(answer, LRScheduler) else answer)
    parity.save(Path(__file__).with_name("schedules.npz"), cases, numbers)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        main()
