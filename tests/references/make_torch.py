"""PyTorch's own runs, for tests/test_parity.py: its optimizers, its formulas for the landscapes, its gradients.

Nothing of the engine is used but the words in which a case is stored: losses are torch expressions, gradients come from
autograd. Run by `make references`; two runs write the same bytes.
"""

import math
from dataclasses import replace
from inspect import signature
from pathlib import Path

import numpy as np
import torch

from lrlab.book.parity import BOUND, Path2D, error, save
from lrlab.optimizers import OPTIMIZERS as ROWS

STEPS = 100
AMPLIFIED = 1e-13  # a run that one unit in the last place of its start moves further than this amplifies rounding
ROOM = 20  # such a run may be this many times its own rounding away
SOURCE = f"torch {torch.__version__.split('+')[0]}"

torch.set_default_dtype(torch.float64)  # NAdam keeps its product in the default dtype
torch.set_num_threads(1)


def quadratic(p):
    angle = math.radians(30)
    along = torch.stack(
        [math.cos(angle) * p[0] + math.sin(angle) * p[1], math.cos(angle) * p[1] - math.sin(angle) * p[0]]
    )
    return 0.5 * (along[0] ** 2 + 25 * along[1] ** 2)


def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def beale(p):
    x, y = p[0], p[1]
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


# name -> loss, the words for its row of OBJECTIVES, start; nowhere is a part of the first gradient exactly 0
PROBLEMS = {
    "quadratic": (quadratic, {"curvatures": [1.0, 25.0], "rotation": 30.0}, [3.0, 2.0]),
    "rosenbrock": (rosenbrock, {}, [-1.2, 1.0]),
    "beale": (beale, {}, [0.7, 1.4]),
}

# name -> class, rates on the three problems, settings
OPTIMIZERS = {
    "sgd": (
        torch.optim.SGD,
        (0.01, 2e-4, 2e-3),
        [
            {},
            {"momentum": 0.9},
            {"momentum": 0.9, "nesterov": True},
            {"momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
            {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.01},
        ],
    ),
    "asgd": (
        torch.optim.ASGD,
        (0.02, 1e-3, 5e-3),
        [{}, {"t0": 20}, {"lambd": 0.3, "alpha": 0.6, "t0": 0, "weight_decay": 0.1}],
    ),
    "adagrad": (
        torch.optim.Adagrad,
        (0.5, 0.1, 0.2),
        [
            {},
            {"lr_decay": 0.05},
            {"initial_accumulator_value": 0.3, "eps": 1e-3},
            {"weight_decay": 0.1, "lr_decay": 0.01},
        ],
    ),
    "adadelta": (
        torch.optim.Adadelta,
        (3.0, 1.0, 3.0),
        [{}, {"rho": 0.95, "eps": 1e-5}, {"rho": 0.8, "weight_decay": 0.1}],
    ),
    "rmsprop": (
        torch.optim.RMSprop,
        (0.02, 0.002, 0.01),
        [
            {},
            {"alpha": 0.9, "eps": 1e-3},
            {"momentum": 0.5},
            {"centered": True, "weight_decay": 0.1},
            {"centered": True, "momentum": 0.5, "alpha": 0.95},
        ],
    ),
    "rprop": (torch.optim.Rprop, (0.1, 0.01, 0.02), [{}, {"etas": [0.6, 1.3]}, {"step_sizes": [1e-3, 0.02]}]),
    "adam": (
        torch.optim.Adam,
        (0.1, 0.02, 0.05),
        [
            {},
            {"betas": [0.8, 0.99], "eps": 1e-3},
            {"weight_decay": 0.1},
            {"weight_decay": 0.1, "decoupled_weight_decay": True},
        ],
    ),
    "amsgrad": (torch.optim.Adam, (0.1, 0.02, 0.05), [{}, {"betas": [0.8, 0.9]}, {"weight_decay": 0.1}]),
    "adamw": (
        torch.optim.AdamW,
        (0.1, 0.02, 0.05),
        [{}, {"weight_decay": 0.3}, {"amsgrad": True, "betas": [0.8, 0.9]}],
    ),
    "adamax": (torch.optim.Adamax, (0.1, 0.02, 0.05), [{}, {"betas": [0.8, 0.99], "eps": 1e-2}, {"weight_decay": 0.1}]),
    "nadam": (
        torch.optim.NAdam,
        (0.1, 0.02, 0.05),
        [
            {},
            {"momentum_decay": 0.1, "betas": [0.8, 0.99]},
            {"weight_decay": 0.1},
            {"weight_decay": 0.1, "decoupled_weight_decay": True},
        ],
    ),
    "radam": (
        torch.optim.RAdam,
        (0.1, 0.001, 0.01),
        [
            {},
            {"betas": [0.8, 0.9], "eps": 1e-3},
            {"weight_decay": 0.1},
            {"weight_decay": 0.1, "decoupled_weight_decay": True},
        ],
    ),
}
FIXED = {"amsgrad": {"amsgrad": True}}  # rows that are another class with something switched on
CYCLES = [("sgd", {"momentum": 0.95}, (0.02, 4e-4, 4e-3)), ("adam", {"betas": [0.95, 0.999]}, (0.2, 0.05, 0.05))]


def run(case: Path2D, start: list[float]) -> tuple[np.ndarray, list[float], list[float]]:
    """torch's points (STEPS + 1, 2), or their mean where torch keeps one, and the rates and momenta it used.

    A case with a cycle is driven by OneCycleLR itself, up to the case's lr.
    """
    p = torch.tensor(start, requires_grad=True)
    make, loss = OPTIMIZERS[case.optimizer][0], PROBLEMS[case.problem][0]
    optimizer = make([p], lr=case.lr, foreach=False, **case.setting, **FIXED.get(case.optimizer, {}))
    group, path, rates, momenta = optimizer.param_groups[0], [list(start)], [], []
    if case.cycle is not None:
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=case.lr, total_steps=STEPS)
    for t in range(STEPS):
        rates.append(group["lr"])
        momenta.append(group["betas"][0] if "betas" in group else group.get("momentum", 0.0))
        optimizer.zero_grad()
        loss(p).backward()
        optimizer.step()
        path.append(optimizer.state[p].get("ax", p.detach()).tolist())
        if case.cycle is not None and t < STEPS - 1:
            scheduler.step()
    return np.array(path), rates, momenta


def nudged(start: list[float]) -> list[list[float]]:
    """The start with each number in turn one unit in the last place up, and down."""
    return [
        [math.nextafter(x, to) if i == moved else x for i, x in enumerate(start)]
        for moved in range(len(start))
        for to in (-math.inf, math.inf)
    ]


def cases():
    """Every setting on every problem, then the cycles; `run` finds what a cycle holds."""
    rows = [(name, setting, rates, None) for name, (_, rates, settings) in OPTIMIZERS.items() for setting in settings]
    for name, setting, rates, cycle in [*rows, *((*row, []) for row in CYCLES)]:
        source = f"{SOURCE} {OPTIMIZERS[name][0].__name__}" + ("" if cycle is None else " under OneCycleLR")
        for (problem, (_, shape, start)), lr in zip(PROBLEMS.items(), rates, strict=True):
            yield Path2D(name, setting, problem, shape, start, lr, source, cycle=cycle)


def check_words():
    """The engine's arguments are torch's, in torch's order and with torch's defaults."""
    for name, (make, _, _) in OPTIMIZERS.items():
        ours, theirs = signature(ROWS[name]).parameters, signature(make).parameters
        assert [p for p in theirs if p in ours] == list(ours), f"{name}: other arguments, or another order"
        assert all(theirs[p].default == ours[p].default for p in ours), f"{name}: another default"


def main():
    check_words()
    kept, paths = [], []
    for case in cases():
        path, rates, momenta = run(case, case.start)
        rounding = max(error(run(case, start)[0], path) for start in nudged(case.start))
        bound = BOUND if rounding <= AMPLIFIED else max(BOUND, ROOM * rounding)
        used = {} if case.cycle is None else {"lr": rates, "cycle": momenta}
        kept.append(replace(case, rounding=rounding, bound=bound, **used))
        paths.append(path)
    save(Path(__file__).with_name("torch.npz"), kept, paths)


if __name__ == "__main__":
    main()
