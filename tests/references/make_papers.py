"""Make papers.npz: the optimizers without a class in PyTorch, as their authors' packages (or a second one) run them.

    make references

Everything in float64. The landscapes are torch expressions and their gradients come from autograd, so that nothing of
the engine's takes part but the file format. Each run is made twice, the second time from a start one unit in the last
place away: what that changes is stored as the case's `rounding`, and where ten times that is more than 1e-12 it is the
bound: that run amplifies rounding, whoever computes it.
"""

import contextlib
import importlib.metadata
import logging
import math
from pathlib import Path

import dadaptation
import dog
import jax
import lion_pytorch
import numpy as np
import optax
import prodigyopt
import schedulefree
import torch
from prodigyopt.prodigy_reference import ProdigyReference

from lrlab.book.parity import BOUND, Path2D, error, save

STEPS = 100
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
jax.config.update("jax_enable_x64", True)

PROBLEMS = {
    "quadratic": ({"curvatures": [1.0, 25.0]}, [3.0, 2.0], lambda x, y: 0.5 * (x**2 + 25 * y**2)),
    "rosenbrock": ({"a": 1.0, "b": 100.0}, [-1.2, 1.0], lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
    "beale": (
        {},
        [0.7, 1.4],
        lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    ),
}


def torch_path(make, rates, f, start):
    """make([p]) is an optimizer of PyTorch's kind; its points are recorded in evaluation mode where it has one."""
    p = torch.tensor(start, requires_grad=True)
    optimizer = make([p])
    path = [p.detach().numpy().copy()]
    for lr in rates:
        optimizer.param_groups[0]["lr"] = lr
        if hasattr(optimizer, "train"):
            optimizer.train()
        optimizer.zero_grad()
        f(*p).backward()
        optimizer.step()
        if hasattr(optimizer, "eval"):
            trained = p.detach().clone()
            optimizer.eval()
            path.append(p.detach().numpy().copy())
            optimizer.train()
            with torch.no_grad():
                p.copy_(trained)  # the way there and back is not exact
        else:
            path.append(p.detach().numpy().copy())
    return np.array(path)


def dog_averaged_path(averaging, make, f, start):
    """DoG's points, averaged by its authors' own averager."""

    class Point(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.p = torch.nn.Parameter(torch.tensor(start))

    point = Point()
    optimizer, averager = make(point.parameters()), dog.PolynomialDecayAverager(point, gamma=averaging)
    path = [start]
    for _ in range(STEPS):
        optimizer.zero_grad()
        f(*point.p).backward()
        optimizer.step()
        averager.step()
        path.append(averager.averaged_model.p.detach().numpy().copy())
    return np.array(path)


def optax_path(rule, f, start):
    """An optax rule; the gradient is JAX's."""
    gradient, update = jax.jit(jax.grad(lambda p: f(p[0], p[1]))), jax.jit(rule.update)
    p = jax.numpy.array(start)
    state, path = rule.init(p), [np.array(p)]
    for _ in range(STEPS):
        step, state = update(gradient(p), state, p)
        p = optax.apply_updates(p, step)
        path.append(np.array(p))
    return np.array(path)


def hypergradient_path(make, lr, weight_decay, hypergrad_lr, f, start):
    """PyTorch's own step, and autograd's derivative of the loss after it with respect to its rate: the definition.

    make([p]) is a differentiable optimizer; weight decay is a part of the loss, as L2 is.
    """

    def loss(p):
        return f(*p) + weight_decay / 2 * (p**2).sum()

    rate, p = torch.tensor(lr, requires_grad=True), torch.tensor(start)
    path, state = [np.array(start)], {}
    for _ in range(STEPS):
        leaf = p.clone().requires_grad_()
        (grad,) = torch.autograd.grad(loss(leaf), leaf)
        p = leaf.clone()
        p.grad = grad
        optimizer = make([p])
        optimizer.param_groups[0]["lr"] = rate  # set here, because a rate below 0 is refused at the door
        optimizer.state[p] = state
        optimizer.step()
        path.append(p.detach().numpy().copy())
        (slope,) = torch.autograd.grad(loss(p), rate)
        rate = (rate - hypergrad_lr * slope).detach().requires_grad_()
        state = {name: value.detach().clone() for name, value in optimizer.state[p].items()}
        p = p.detach()
    return np.array(path)


def through_torch(make):
    """make(params, lr, **setting) -> how to run a case through an optimizer of PyTorch's kind."""

    def path(setting, lr, f, start):
        rates = np.broadcast_to(lr, STEPS).tolist()
        return torch_path(lambda p: make(p, lr=rates[0], **setting), rates, f, start)

    return path


def through_dog(setting, lr, f, start):
    setting = dict(setting)
    averaging = setting.pop("averaging", None)
    if averaging is None:
        return through_torch(dog.DoG)(setting, lr, f, start)
    return dog_averaged_path(averaging, lambda p: dog.DoG(p, lr=lr, **setting), f, start)


def through_optax(make):
    return lambda setting, lr, f, start: optax_path(make(lr, setting), f, start)


def through_hypergradient(cls, default):
    def path(setting, lr, f, start):
        setting = dict(setting)
        weight_decay, hypergrad_lr = setting.pop("weight_decay", 0.0), setting.pop("hypergrad_lr", default)

        def make(p):
            return cls(p, differentiable=True, **setting)

        return hypergradient_path(make, lr, weight_decay, hypergrad_lr, f, start)

    return path


def optax_lion(lr, setting):
    b1, b2 = setting.get("betas", (0.9, 0.99))
    return optax.lion(lr, b1, b2, weight_decay=setting.get("weight_decay", 0.0))


def optax_prodigy(lr, setting):
    setting = {**setting}
    assert setting.pop("use_bias_correction")  # optax always corrects
    return optax.contrib.prodigy(
        lr, estim_lr0=setting.pop("d0", 1e-6), estim_lr_coef=setting.pop("d_coef", 1.0), **setting
    )


def optax_dadapt_adamw(lr, setting):
    setting = {**setting}
    assert setting.pop("use_bias_correction")  # optax always corrects
    assert setting.pop("decouple")  # and always decouples
    return optax.contrib.dadapt_adamw(lr, **setting)


def optax_dog(lr, setting):
    return optax.contrib.dog(lr, init_step=("heuristic", setting["reps_rel"]))


def version(package):
    return f"{package} {importlib.metadata.version(package).split('+')[0]}"


def wave(lr):
    """A rate that falls and rises again, for rules that keep something of it."""
    return [lr * (0.55 + 0.45 * math.cos(math.pi * t / 25)) for t in range(STEPS)]


ALL = "quadratic", "rosenbrock", "beale"
# optimizer, whose, how to run it, then (setting, {problem: lr})
ROWS = [
    (
        "lion",
        version("lion-pytorch"),
        through_torch(lion_pytorch.Lion),
        [
            ({}, {"quadratic": 0.05, "rosenbrock": 0.01, "beale": 0.01}),
            ({"betas": [0.95, 0.98], "weight_decay": 0.1}, {"quadratic": 0.1, "rosenbrock": 0.003, "beale": 0.03}),
            ({"weight_decay": 0.2}, {"quadratic": wave(0.2)}),
        ],
    ),
    (
        "lion",
        version("optax"),
        through_optax(optax_lion),
        [({"betas": [0.8, 0.9], "weight_decay": 0.5}, {"quadratic": 0.02, "rosenbrock": 0.02, "beale": 0.01})],
    ),
    (
        "dog",
        version("dog-optimizer"),
        through_dog,
        [
            ({}, dict.fromkeys(ALL, 1.0)),
            ({"reps_rel": 1e-2, "weight_decay": 0.1}, {"quadratic": 1.0, "rosenbrock": 0.5, "beale": 0.5}),
            ({"init_eta": 1e-4, "eps": 1e-4}, dict.fromkeys(ALL, 0.5)),
            ({"reps_rel": 1e-3, "averaging": 8.0}, dict.fromkeys(ALL, 1.0)),
            ({"init_eta": 1e-3}, {"beale": wave(1.0)}),
        ],
    ),
    (
        "dog",
        version("optax"),
        through_optax(optax_dog),
        [({"reps_rel": 1e-3}, dict.fromkeys(ALL, 1.0))],
    ),
    (
        "dadapt_sgd",
        version("dadaptation"),
        through_torch(dadaptation.DAdaptSGD),
        [
            ({}, dict.fromkeys(ALL, 1.0)),
            ({"momentum": 0.9, "weight_decay": 0.1, "growth_rate": 1.5}, dict.fromkeys(ALL, 1.0)),
            ({"momentum": 0.5, "d0": 1e-3}, dict.fromkeys(ALL, 0.5)),
            ({"momentum": 0.8, "d0": 1e-2}, {"quadratic": wave(1.0), "beale": wave(0.5)}),
        ],
    ),
    (
        "dadapt_adam",
        version("dadaptation"),
        through_torch(dadaptation.DAdaptAdam),
        [
            ({}, dict.fromkeys(ALL, 1.0)),
            ({"weight_decay": 0.1, "use_bias_correction": True, "d0": 1e-3}, dict.fromkeys(ALL, 1.0)),
            (
                {"betas": [0.8, 0.99], "eps": 1e-6, "weight_decay": 0.1, "decouple": True, "growth_rate": 1.5},
                dict.fromkeys(ALL, 0.5),
            ),
            (
                {"weight_decay": 0.1, "decouple": True, "d0": 1e-2},
                {"quadratic": wave(1.0), "beale": wave(0.5)},
            ),
        ],
    ),
    (
        "dadapt_adam",
        version("optax"),
        through_optax(optax_dadapt_adamw),
        [
            (
                {"betas": [0.8, 0.99], "use_bias_correction": True, "decouple": True, "weight_decay": 0.1},
                dict.fromkeys(ALL, 1.0),
            )
        ],
    ),
    (
        "prodigy",
        version("prodigyopt"),
        through_torch(prodigyopt.Prodigy),
        [
            ({}, dict.fromkeys(ALL, 1.0)),
            ({"weight_decay": 0.1, "use_bias_correction": True, "d0": 1e-3}, dict.fromkeys(ALL, 1.0)),
            (
                {"betas": [0.8, 0.99], "beta3": 0.9, "weight_decay": 0.1, "decouple": False, "growth_rate": 1.5},
                dict.fromkeys(ALL, 0.5),
            ),
            ({"safeguard_warmup": True, "d_coef": 2.0, "eps": 1e-6}, dict.fromkeys(ALL, 0.5)),
            ({"weight_decay": 0.1, "d0": 1e-2}, {"quadratic": wave(1.0), "beale": wave(0.5)}),
            ({"safeguard_warmup": True, "d0": 1e-2}, {"quadratic": wave(1.0)[::-1]}),
        ],
    ),
    (
        "prodigy",
        version("prodigyopt") + ", its reference version",
        through_torch(ProdigyReference),
        [({"betas": [0.0, 0.99], "d0": 1e-4}, dict.fromkeys(ALL, 0.5))],
    ),
    (
        "prodigy",
        version("optax"),
        through_optax(optax_prodigy),
        [({"betas": [0.8, 0.99], "use_bias_correction": True, "weight_decay": 0.1}, dict.fromkeys(ALL, 1.0))],
    ),
    (
        "schedule_free_sgd",
        version("schedulefree"),
        through_torch(schedulefree.SGDScheduleFree),
        [
            ({}, {"quadratic": 0.07, "rosenbrock": 0.001, "beale": 0.01}),
            (
                {"momentum": 0.5, "weight_decay": 0.1, "warmup_steps": 20, "r": 1.0},
                {"quadratic": 0.03, "rosenbrock": 0.0005, "beale": 0.005},
            ),
            (
                {"momentum": 0.98, "warmup_steps": 10, "weight_lr_power": 0.0},
                {"quadratic": 0.3, "rosenbrock": 0.001, "beale": 0.02},
            ),
            ({"warmup_steps": 5, "weight_lr_power": 1.5}, {"quadratic": wave(0.07)[::-1]}),
        ],
    ),
    (
        "schedule_free_adamw",
        version("schedulefree"),
        through_torch(schedulefree.AdamWScheduleFree),
        [
            ({}, {"quadratic": 0.1, "rosenbrock": 0.01, "beale": 0.05}),
            (
                {"betas": [0.95, 0.99], "weight_decay": 0.1, "warmup_steps": 20, "r": 1.0},
                {"quadratic": 0.3, "rosenbrock": 0.03, "beale": 0.1},
            ),
            (
                {"betas": [0.5, 0.9], "eps": 1e-4, "warmup_steps": 10, "weight_lr_power": 0.0},
                {"quadratic": 0.1, "rosenbrock": 0.01, "beale": 0.05},
            ),
            ({"weight_decay": 0.1}, {"quadratic": wave(0.3)[::-1]}),
        ],
    ),
    (
        "sgd_hd",
        version("torch") + ", SGD and autograd",
        through_hypergradient(torch.optim.SGD, 1e-6),
        [
            ({}, {"quadratic": 0.01, "beale": 0.001}),
            ({"hypergrad_lr": 1e-9}, {"rosenbrock": 1e-4}),
            (
                {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1, "hypergrad_lr": 1e-8},
                {"quadratic": 0.01, "rosenbrock": 1e-4, "beale": 0.001},
            ),
            (
                {"momentum": 0.5, "dampening": 0.5, "hypergrad_lr": 1e-9},
                {"quadratic": 0.01, "rosenbrock": 1e-4, "beale": 0.001},
            ),
        ],
    ),
    (
        "adam_hd",
        version("torch") + ", Adam and autograd",
        through_hypergradient(torch.optim.Adam, 1e-8),
        [
            ({"hypergrad_lr": 1e-5}, {"quadratic": 0.05, "rosenbrock": 0.01, "beale": 0.01}),
            (
                {"betas": [0.5, 0.9], "eps": 1e-4, "weight_decay": 0.1, "hypergrad_lr": 1e-6},
                {"quadratic": 0.05, "rosenbrock": 0.01, "beale": 0.01},
            ),
        ],
    ),
]


def main():
    logging.getLogger("dog").setLevel(logging.ERROR)  # it advises against every lr but 1
    cases, numbers = [], []
    for optimizer, source, run, settings in ROWS:
        for setting, rates in settings:
            for problem, lr in rates.items():
                shape, start, f = PROBLEMS[problem]
                path = run(setting, lr, f, start)
                moved = run(setting, lr, f, [math.nextafter(x, math.inf) for x in start])
                rounding = error(moved, path)
                bound = max(BOUND, 10 * rounding)
                case = Path2D(optimizer, setting, problem, shape, start, lr, source, bound=bound, rounding=rounding)
                cases.append(case)
                numbers.append(path)
    save(Path(__file__).with_name("papers.npz"), cases, numbers)


if __name__ == "__main__":
    with contextlib.redirect_stdout(None):  # some packages print what they were told
        main()
