"""Make frameworks.npz: what PyTorch, Keras and Optax do with the code that chapters/frameworks.md shows.

    make references

The snippets are taken from the page's own tabs and run as they stand, so what a reader copies is what was compared.
Also stored: the lengths of momentum's steps after a cut of the rate, PyTorch's rates when its scheduler is moved at the
wrong moments, and the default arguments of every name in the page's tables.
"""

import importlib.metadata
import inspect
import json
import os
import re
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")  # without compiling, a thousand small steps are quick

import jax
import keras
import numpy as np
import optax
import optax.contrib
import torch

PAGE = Path(__file__).parents[2] / "chapters" / "frameworks.md"
HOMES = {
    "PyTorch": (torch.optim, torch.optim.lr_scheduler),
    "Keras": (keras.optimizers, keras.optimizers.schedules, keras.callbacks),
    "Optax": (optax, optax.contrib),
}
BATCHES, EPOCHS = 38, 20


def snippets(page: str) -> dict[str, str]:
    """Tab's name -> its code, as in tests/test_frameworks.py."""
    return dict(re.findall(r":::\{tab-item\} (PyTorch|Keras|Optax|lrlab)\n```python\n(.*?)```", page, re.DOTALL))


def named(page: str) -> dict[str, set[str]]:
    """Framework -> the names in the first code span of each cell of its column, in both tables."""
    found: dict[str, set[str]] = {name: set() for name in HOMES}
    for row in re.findall(r"^\| (?!PyTorch|schedule).* \|$", page, re.MULTILINE):
        for framework, cell in zip(HOMES, row.split("|")[-4:-1], strict=True):
            spans = re.findall(r"`([^`]+)`", cell)
            if spans:
                found[framework].add(spans[0])
    return found


def defaults(framework: str, name: str) -> dict:
    """Argument -> default, of those that have one."""
    for home in HOMES[framework]:
        thing = getattr(home, name.removeprefix("contrib."), None)
        if thing is not None:
            parameters = inspect.signature(thing).parameters.values()
            kept = {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}
            return {
                key: value
                for key, value in kept.items()
                if value is None or isinstance(value, (int, float, tuple, str))
            }
    raise SystemExit(f"{framework} has no {name}")


def used_by(optimizer) -> list[float]:
    """The lengths of an SGD's steps where the gradient is always 1: the rates that it really used."""
    lengths = []
    if isinstance(optimizer, keras.optimizers.Optimizer):
        weight = keras.Variable(0.0)
        for _ in range(1000):
            weight.assign(0.0)
            optimizer.apply([keras.ops.ones(())], [weight])
            lengths.append(-float(keras.ops.convert_to_numpy(weight)))
    else:
        state = optimizer.init(jax.numpy.zeros(()))
        for _ in range(1000):
            change, state = optimizer.update(jax.numpy.ones(()), state)
            lengths.append(-float(change))
    return lengths


def momentum_steps() -> dict[str, list[float]]:
    """Gradient 1, momentum 0.9, rate 0.1 for 100 steps and 0.01 for 40."""
    p = torch.zeros(1, requires_grad=True, dtype=torch.float64)
    theirs, weight = torch.optim.SGD([p], lr=0.1, momentum=0.9), keras.Variable(0.0)
    other, found = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9), {"PyTorch": [], "Keras": []}
    for t in range(140):
        theirs.param_groups[0]["lr"] = 0.1 if t < 100 else 0.01
        other.learning_rate = 0.1 if t < 100 else 0.01
        p.grad, before = torch.ones_like(p), p.item()
        theirs.step()
        found["PyTorch"].append(before - p.item())
        weight.assign(0.0)
        other.apply([keras.ops.ones(())], [weight])
        found["Keras"].append(-float(keras.ops.convert_to_numpy(weight)))
    return found


def hunted() -> dict[str, list[float]]:
    """The five runs of the page's bug hunt, as PyTorch's schedulers make them."""
    found = {}
    for kind in ("warm-up and cosine", "steps down"):
        for run, (unit, calls) in {
            "A": (BATCHES, "epoch"),
            "B": (BATCHES // 2, "batch"),
            "C": (BATCHES, "batch"),
            "D": (1, "batch"),
            "E": (BATCHES, "never"),
        }.items():
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
            if kind == "steps down":
                scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [10 * unit, 15 * unit])
            else:
                rise = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / (2 * unit + 1), total_iters=2 * unit)
                fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=18 * unit)
                scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [rise, fall], milestones=[2 * unit])
            rates = found[f"{kind} {run}"] = []
            for t in range(BATCHES * EPOCHS):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                if calls == "batch" or (calls == "epoch" and t % BATCHES == BATCHES - 1):
                    scheduler.step()
    return found


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    code, arrays = snippets(page), {}
    for framework in HOMES:
        scope: dict = {}
        exec(code[framework], scope)
        arrays[f"rates {framework}"] = scope["rates"]
        if framework != "PyTorch":
            arrays[f"used {framework}"] = used_by(scope["optimizer"])
    arrays |= {f"momentum {name}": steps for name, steps in momentum_steps().items()}
    arrays |= {f"hunt {name}": rates for name, rates in hunted().items()}
    text = {
        "versions": {name: importlib.metadata.version(name).split("+")[0] for name in ("torch", "keras", "optax")},
        "defaults": {f: {name: defaults(f, name) for name in sorted(names)} for f, names in named(page).items()},
        "snippets": {name: code[name] for name in HOMES},
    }
    arrays = {name: np.array(values) for name, values in arrays.items()}
    np.savez_compressed(Path(__file__).with_name("frameworks.npz"), text=np.array(json.dumps(text)), **arrays)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Detected call of `lr_scheduler.step", category=UserWarning)
        main()
