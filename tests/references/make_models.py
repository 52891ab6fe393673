"""PyTorch's own losses, gradients and a training run, for tests/test_models.py: nn modules and autograd.

Nothing of the engine is used but the order of its flat vector, written down here a second time: a layer's weight, then
its bias; a dense weight (inputs, outputs), a filter (height, width, channels, filters), images row by row with the
channels last. Run by `make references`; two runs write the same bytes.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
# model -> settings; n examples; params from N(0, scale**2)
CASES = [
    ("linear_regression", {"features": 6, "outputs": 3}, 9, 1.0),
    ("logistic_regression", {"features": 6}, 9, 1.0),
    ("logistic_regression", {"features": 6}, 9, 300.0),
    ("softmax", {"features": 6, "classes": 4}, 9, 1.0),
    ("softmax", {"features": 6, "classes": 4}, 9, 1e3),
    ("mlp", {"widths": [64, 32, 10], "activation": "relu"}, 64, 0.2),
    ("mlp", {"widths": [64, 32, 10], "activation": "tanh"}, 32, 0.2),
    ("mlp", {"widths": [64, 64, 10], "activation": "relu"}, 1, 1.0),
    ("mlp", {"widths": [12, 9, 7, 5, 3], "activation": "tanh"}, 17, 0.7),
    ("mlp", {"widths": [12, 9, 7, 5, 3], "activation": "relu"}, 17, 0.7),
    ("mlp", {"widths": [12, 9, 4], "activation": "tanh", "loss": "half_squared_error"}, 17, 0.7),
    ("mlp", {"widths": [12, 9, 1], "activation": "relu", "loss": "half_squared_error"}, 17, 0.7),
    ("mlp", {"widths": [12, 16, 10], "activation": "relu"}, 8, 30.0),
    ("convnet", {"image": [8, 8], "channels": [8, 16], "activation": "relu"}, 6, 0.3),
    ("convnet", {"image": [8, 8], "channels": [4], "activation": "tanh", "classes": 3}, 6, 0.3),
    ("convnet", {"image": [8, 12, 3], "channels": [4, 5], "kernel_size": 5, "activation": "tanh"}, 4, 0.2),
    ("convnet", {"image": [28, 28], "channels": [2, 3], "activation": "relu"}, 2, 0.3),
    ("convnet", {"image": [8, 8, 2], "channels": [3, 4, 5], "kernel_size": 1, "activation": "relu"}, 5, 0.5),
    ("embedding_bag", {"words": 30, "dim": 4, "classes": 3}, 9, 1.0),
]
STEPS, LR, MOMENTUM = 20, 0.05, 0.9


class Channels(nn.Module):
    """Rows of numbers, channels last, as PyTorch's images, channels first."""

    def __init__(self, image):
        super().__init__()
        self.image = (*image, 1)[:3]

    def forward(self, x):
        return x.reshape(-1, *self.image).permute(0, 3, 1, 2)


class LastFlat(nn.Module):
    """PyTorch's images as rows of numbers, channels last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def net_of(model, features=None, outputs=1, classes=10, widths=(), activation=None, image=(), channels=(), **rest):
    """The same model of nn modules."""
    if model == "mlp":
        layers = [layer for pair in pairwise(widths) for layer in (nn.Linear(*pair), ACTIVATIONS[activation]())]
        return nn.Sequential(*layers[:-1])
    if model == "convnet":
        size, depth = rest.get("kernel_size", 3), (*image, 1)[2]
        layers = [Channels(image)]
        for filters in channels:
            layers += [nn.Conv2d(depth, filters, size, padding="same"), ACTIVATIONS[activation](), nn.MaxPool2d(2)]
            depth = filters
        left = image[0] // 2 ** len(channels) * (image[1] // 2 ** len(channels))
        return nn.Sequential(*layers, LastFlat(), nn.Linear(left * depth, classes))
    if model == "embedding_bag":
        words = nn.EmbeddingBag(rest["words"] + 1, rest["dim"], mode="mean", padding_idx=rest["words"])
        return nn.Sequential(words, nn.Linear(rest["dim"], classes))
    return nn.Linear(features, classes if model == "softmax" else outputs)


def loss_of(model, setting):
    """The loss in PyTorch's words."""
    if model == "linear_regression" or setting.get("loss") == "half_squared_error":
        return lambda z, target: ((z - target) ** 2).sum(1).mean() / 2
    if model == "logistic_regression":
        return lambda z, target: nn.functional.binary_cross_entropy_with_logits(z[:, 0], target)
    return nn.functional.cross_entropy


def layouts(model, net):
    """Each parameter, its axes in the order of the flat vector, and how many of its rows belong there."""
    for parameter in net.parameters():
        rows = len(parameter)
        if parameter.ndim == 4:
            order = (2, 3, 1, 0)
        elif parameter.ndim == 2 and model == "embedding_bag" and parameter is next(net.parameters()):
            order, rows = (0, 1), rows - 1  # the last is for "no word"
        else:
            order = tuple(range(parameter.ndim))[::-1]
        yield parameter, order, rows


def fill(model, net, flat):
    """Write the flat vector into the net."""
    at = 0
    for parameter, order, rows in layouts(model, net):
        part = parameter.data[:rows].permute(order)
        part[...] = torch.from_numpy(flat[at : at + part.numel()]).reshape(part.shape)
        at += part.numel()
    assert at == len(flat)


def flat_of(model, net, what):
    """The net's parameters, or their gradients, as the flat vector."""
    parts = [what(p)[:rows].detach().permute(order).reshape(-1) for p, order, rows in layouts(model, net)]
    return torch.cat(parts).numpy().copy()


def case(model, setting, n, scale, rng):
    """What went in, and PyTorch's loss and gradient."""
    net = net_of(model, **setting)
    dim = sum(p[:rows].numel() for p, _, rows in layouts(model, net))
    params = (scale * rng.standard_normal(dim)).astype(np.float32).astype(float)  # takes half the room in the file
    if model == "embedding_bag":
        inputs = rng.integers(-1, setting["words"], (n, 6))
        inputs[0] = -1  # a text without words
        x = torch.from_numpy(np.where(inputs < 0, setting["words"], inputs))
    else:
        features = setting.get("features") or setting.get("widths", [0])[0] or int(np.prod(setting["image"]))
        inputs = rng.random((n, features)).astype(np.float32).astype(float)
        x = torch.from_numpy(inputs)
    outputs = {"linear_regression": setting.get("outputs"), "logistic_regression": 2}.get(model)
    outputs = outputs or setting.get("classes") or setting.get("widths", [10])[-1]
    if loss_of(model, setting) is nn.functional.cross_entropy:
        targets = rng.integers(outputs, size=n)
    elif model == "logistic_regression":
        targets = rng.integers(2, size=n).astype(float)
    else:
        targets = rng.standard_normal((n, outputs))
    fill(model, net, params)
    loss = loss_of(model, setting)(net(x), torch.from_numpy(targets))
    loss.backward()
    grad = flat_of(model, net, lambda p: p.grad)
    stored = {"params": params.astype(np.float32), "inputs": small(inputs), "targets": small(targets)}
    return stored | {"loss": np.array(loss.item()), "grad": grad}, net, x, torch.from_numpy(targets)


def small(a):
    """The same numbers in fewer bytes, where that loses nothing."""
    kind = np.int8 if a.dtype.kind == "i" else np.float32
    return a.astype(kind) if np.array_equal(a.astype(kind), a) else a


def training_run(rng):
    """20 steps of torch.optim.SGD with momentum, full batch: the losses, and where they led."""
    stored, net, x, targets = case("mlp", {"widths": [64, 32, 10], "activation": "relu"}, 64, 0.2, rng)
    rule, losses = torch.optim.SGD(net.parameters(), lr=LR, momentum=MOMENTUM), []
    for _ in range(STEPS):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(net(x), targets)
        loss.backward()
        rule.step()
        losses.append(loss.item())
    return stored | {"losses": np.array(losses), "final": flat_of("mlp", net, lambda p: p.data)}


def main():
    rng, arrays, words = np.random.default_rng(0), {}, []
    for i, (model, setting, n, scale) in enumerate(CASES):
        stored, *_ = case(model, setting, n, scale, rng)
        arrays |= {f"{name}{i}": array for name, array in stored.items()}
        words.append({"model": model, "setting": setting, "scale": scale})
    arrays |= {f"{name}_run": array for name, array in training_run(rng).items()}
    source = f"torch {torch.__version__.split('+')[0]}"
    text = json.dumps({"source": source, "cases": words, "lr": LR, "momentum": MOMENTUM})
    np.savez_compressed(Path(__file__).with_name("models.npz"), about=np.array(text), **arrays)


if __name__ == "__main__":
    main()
