"""How fast a model trains, beside PyTorch: float64, one thread, both sides with the same data, rule and start."""

import numpy as np
import torch
from bench.table import Table, seconds, side_by_side
from torch import nn

from lrlab import descend
from lrlab.datasets import digits
from lrlab.models import convnet, mlp
from lrlab.optimizers import sgd

STEPS, BATCH, LR, MOMENTUM = 400, 64, 0.05, 0.9
RATES = np.geomspace(1e-3, 0.1, 16)
DIGITS = digits()
NET = mlp((64, 32, 10))
START = NET.init(0)

torch.set_num_threads(1)


def ours(data, lr=LR, net=NET, steps=STEPS):
    """A run through the engine, or a batch of runs: losses and the last point."""
    rule, rng = sgd(momentum=MOMENTUM), np.random.default_rng(0)
    run = descend(data, net.init(0), lr, optimizer=rule, steps=steps, keep="last", rng=rng)
    return run.loss, run.final


def torch_net():
    """nn.Sequential at our starting point."""
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    with torch.no_grad():
        for parameter, view in zip(net.parameters(), NET.views(START).values(), strict=True):
            parameter.copy_(torch.from_numpy(view.T))
    return net


def theirs(inputs, targets, draw=None):
    """The same run with autograd and torch.optim.SGD; `draw` gives each step's rows."""
    net = torch_net()
    rule = torch.optim.SGD(net.parameters(), lr=LR, momentum=MOMENTUM)
    losses = np.empty(STEPS)
    for t in range(STEPS):
        rows = slice(None) if draw is None else draw(t)
        rule.zero_grad()
        loss = nn.functional.cross_entropy(net(inputs[rows]), targets[rows])
        loss.backward()
        rule.step()
        losses[t] = loss.item()
    return losses


def one_batch(table: Table) -> None:
    """The same 64 images at every step: arithmetic alone."""
    inputs, targets = (array[:BATCH] for array in DIGITS.train)
    data, tensors = NET.on(inputs, targets), (torch.from_numpy(inputs), torch.from_numpy(targets))
    assert np.allclose(ours(data)[0][:-1], theirs(*tensors), rtol=1e-8, atol=1e-10)  # both do the same
    mine, torchs = side_by_side(lambda: ours(data), lambda: theirs(*tensors))
    per = 1e6 / STEPS
    table.note("MLP 64-32-10, the same 64 images, SGD with momentum: descend, a step", mine * per, "µs")
    table.note("the same with torch: nn.Sequential, autograd, torch.optim.SGD", torchs * per, "µs")
    table.note("torch over descend on the MLP", torchs / mine, "times", 2.5, True)
    many, one = side_by_side(lambda: ours(data, RATES), lambda: ours(data))
    table.note("16 rates at once on the MLP: descend, a step of one rate", many * per / len(RATES), "µs")
    table.note("a step of one rate among 16 over one rate alone", many / len(RATES) / one, "times", 1.0)


def minibatches(table: Table) -> None:
    """Shuffled epochs over the training images: the drawing counts on both sides."""
    data, source = NET.on(*DIGITS.train, batch_size=BATCH), torch.Generator().manual_seed(0)
    tensors, n, per_epoch = tuple(map(torch.from_numpy, DIGITS.train)), len(DIGITS.train.inputs), data.steps_per_epoch
    order = [torch.randperm(n, generator=source)]

    def draw(t):
        if t % per_epoch == 0:
            order[0] = torch.randperm(n, generator=source)
        step = t % per_epoch
        return order[0][step * BATCH : (step + 1) * BATCH]

    mine, torchs = side_by_side(lambda: ours(data), lambda: theirs(*tensors, draw))
    table.note("the MLP on minibatches of shuffled epochs: descend, a step", 1e6 / STEPS * mine, "µs")
    table.note("torch over descend on minibatches", torchs / mine, "times")
    net = convnet((8, 8), (8, 16))
    pictures = net.on(*DIGITS.train, batch_size=32)
    took = seconds(lambda: ours(pictures, net=net, steps=100), 3)
    table.note("convolution net 8-16, 32 images: descend, a step", 1e6 / 100 * took, "µs")


def run(table: Table) -> None:
    """Every row of the models."""
    for part in (one_batch, minibatches):
        part(table)
