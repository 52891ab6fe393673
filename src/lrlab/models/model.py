"""A model: layers and a loss over one flat vector of parameters, with the analytic gradient."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt

import numpy as np

from lrlab.arguments import Array, floats, whole
from lrlab.models.layers import Layer
from lrlab.models.losses import Loss
from lrlab.models.on_data import OnData
from lrlab.models.starts import start_rule

ROWS = 256  # examples that are looked at together where all of them would take too much memory


@dataclass(frozen=True)
class Model:
    """outputs = last layer(... first layer(inputs)), judged by loss(outputs, targets).

    Its parameters are one vector (D,), or (*B, D) for a batch of runs. A run is never mixed with another: a batch
    equals its runs one by one within 1e-12.

    layers: see `lrlab.models.layers`
    loss:   see `lrlab.models.losses`
    start:  name of the rule in STARTS that draws the first weights; biases start at 0, but in "pytorch_default"

    Build one with a function of `lrlab.models`, such as mlp; put it on data with `on`.
    """

    name: str
    layers: tuple[Layer, ...]
    loss: Loss
    start: str

    def __post_init__(self):
        start_rule(self.start)

    @cached_property
    def parts(self) -> tuple[tuple[Layer, str, tuple[int, ...], slice], ...]:
        """Layer, name, shape and place of every parameter array, in the order of the flat vector."""
        parts, at = [], 0
        for layer in self.layers:
            for name, shape in layer.shapes.items():
                parts.append((layer, f"{layer.name}.{name}", shape, slice(at, at + prod(shape))))
                at += prod(shape)
        return tuple(parts)

    @cached_property
    def dim(self) -> int:
        """D, the number of parameters."""
        return self.parts[-1][-1].stop

    @cached_property
    def weights(self) -> Array:
        """(D,), 1 where the parameter is a weight, 0 where it is a bias."""
        mask = np.zeros(self.dim)
        for name, view in self.views(mask).items():
            view[...] = not name.endswith(".bias")
        return mask

    def init(self, rng: np.random.Generator | int) -> Array:
        """The first parameters (D,), drawn by the rule `start`.

        rng: a seeded numpy.random.Generator, or the seed of one

        A weight's fan_in counts the numbers that one of its units reads, fan_out the units that read a number.
        Raises ValueError where rng is neither.
        Source: see STARTS.

        >>> from lrlab.models import softmax
        >>> softmax(64, 10).init(0).shape
        (650,)
        """
        if not isinstance(rng, np.random.Generator):
            rng = np.random.default_rng(whole("rng", rng, 0, "give a seeded generator, or a whole number as its seed"))
        rule, params = start_rule(self.start), np.zeros(self.dim)
        for layer, name, shape, place in self.parts:
            fan_in, fan_out = fans(layer)
            if name.endswith(".weight"):
                scale = 1 / sqrt(wider(layer)[0]) if layer is self.layers[-1] else 1.0
                params[place] = scale * rule(rng, shape, fan_in, fan_out).ravel()
            elif self.start == "pytorch_default":  # as its weights
                params[place] = rule(rng, shape, fan_in, fan_out)
        return params

    def views(self, params: Array) -> dict[str, Array]:
        """name -> that part of params (*B, D), as an array (*B, *shape) that shares its memory.

        params: (*B, D)

        Writing into a view writes into params, which is how a factor a layer is built for `descend`'s lr_scale.
        Raises ValueError where params has another D.
        Source: definition.

        >>> from lrlab.models import mlp
        >>> net = mlp((64, 32, 10))
        >>> {name: view.shape for name, view in net.views(net.init(0)).items()}
        {'hidden1.weight': (64, 32), 'hidden1.bias': (32,), 'output.weight': (32, 10), 'output.bias': (10,)}
        >>> lr_scale = np.ones(net.dim)
        >>> net.views(lr_scale)["output.weight"][...] = 0.1  # the last layer at a tenth of the rate
        """
        params = np.asarray(params)  # no copy
        self.check(params)
        batch = params.shape[:-1]
        return {name: params[..., place].reshape(*batch, *shape) for _, name, shape, place in self.parts}

    def lr_scale(self, rule: str = "sgd") -> Array:
        """(D,), the factors with which one rate fits a net of any width (muP); all 1 in the standard parametrisation.

        rule: "sgd" for rules whose step grows with the gradient (SGD, momentum), "adam" for those whose step does not

        For `descend`'s lr_scale. With r_in and r_out how many times wider a layer's inputs and outputs are than in the
        base net: SGD r_out / r_in, Adam 1 / r_in; a bias has r_in = 1.
        Raises ValueError for another rule.
        Source: Yang et al. 2022, arXiv:2203.03466, table 3.

        >>> from lrlab.models import mlp
        >>> net = mlp((64, 128, 10), parametrization="mup", base_width=32)
        >>> {name: float(view.flat[0]) for name, view in net.views(net.lr_scale()).items()}
        {'hidden1.weight': 4.0, 'hidden1.bias': 4.0, 'output.weight': 0.25, 'output.bias': 1.0}
        """
        if rule not in ("sgd", "adam"):
            raise ValueError(f'rule is {rule!r}: give "sgd" or "adam"')
        scale = np.ones(self.dim)
        for layer, name, _, place in self.parts:
            r_in, r_out = wider(layer)
            if name.endswith(".bias"):
                r_in = 1.0
            scale[place] = r_out / r_in if rule == "sgd" else 1 / r_in
        return scale

    def predict(self, params: Array, inputs) -> Array:
        """The outputs (*B, n, outputs) for inputs (n, ...), before any softmax.

        params: (*B, D)
        inputs: (n, ...), as the function that built the model says

        Raises ValueError where params has another D or inputs do not fit.
        Source: definition.

        >>> from lrlab.models import linear_regression
        >>> linear_regression(2).predict(np.array([1.0, 2.0, 3.0]), [[1.0, 1.0]]).tolist()
        [[6.0]]
        """
        return self.outputs(self.points(params), self.layers[0].prepare(inputs))

    def loss_and_grad(self, params: Array, inputs, targets) -> tuple[Array, Array]:
        """The mean loss (*B,) over the examples, and its gradient (*B, D).

        params:  (*B, D)
        inputs:  (n, ...)
        targets: (n, ...), as the loss takes them: labels, or numbers

        Raises ValueError where params has another D, or inputs and targets do not fit.
        Source: Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0.

        >>> from lrlab.models import linear_regression
        >>> loss, grad = linear_regression(2).loss_and_grad(np.zeros(3), [[1.0, 2.0]], [3.0])
        >>> float(loss), grad.tolist()
        (4.5, [-3.0, -6.0, -3.0])
        """
        params = np.ascontiguousarray(self.points(params))
        inputs, targets = self.prepare(inputs, targets)
        with np.errstate(all="ignore"):
            return self.backpropagate(params, inputs, targets)

    def evaluate(self, params: Array, inputs, targets) -> dict[str, Array]:
        """{"loss": mean loss, "accuracy": share of right answers}, each (*B,), over all examples; for `monitor`.

        params, inputs, targets: as `loss_and_grad`'s. Where outputs are not finite, loss and accuracy are NaN.

        A regression has no accuracy. The error is 1 - accuracy.
        Raises ValueError where params has another D, or inputs and targets do not fit.
        Source: definition.

        >>> from lrlab.models import softmax
        >>> {k: float(v) for k, v in softmax(2, 2).evaluate(np.zeros(6), [[1.0, 2.0], [0.0, 1.0]], [0, 1]).items()}
        {'loss': 0.6931471805599453, 'accuracy': 0.5}
        """
        return self.judge(self.points(params), *self.prepare(inputs, targets))

    def on(self, inputs, targets, batch_size: int | None = None, order: str = "shuffled", weight_decay=0.0) -> OnData:
        """loss(params) = mean loss over the examples, or over a minibatch of them, as an objective for `descend`.

        inputs, targets: (n, ...), as the function that built the model says; n >= 1
        batch_size:      examples a step, 1 to n; None for all of them
        order:           "shuffled" (epochs, each in an order of its own), "fixed" or "replacement"; see `OnData`
        weight_decay:    >= 0; adds weight_decay * params to the gradient of the weights, not of the biases

        Raises ValueError where one of them does not fit.
        Source: see OnData.

        >>> from lrlab import descend
        >>> from lrlab.models import linear_regression
        >>> line = linear_regression(1)
        >>> run = descend(line.on([[0.0], [1.0]], [1.0, 3.0]), line.init(0), lr=0.5, steps=200)
        >>> run.final.round(6).tolist()
        [2.0, 1.0]
        """
        inputs, targets = self.prepare(inputs, targets)
        return OnData(self, inputs, targets, batch_size, order, weight_decay)

    def prepare(self, inputs, targets) -> tuple[Array, Array]:
        """Inputs and targets as the layers and the loss want them; else one sentence."""
        inputs, targets = self.layers[0].prepare(inputs), self.loss.prepare(targets)
        if len(inputs) != len(targets) or not len(inputs):
            raise ValueError(
                f"inputs holds {len(inputs)} examples and targets {len(targets)}: give at least one example, and one "
                "target each"
            )
        return inputs, targets

    def check(self, params: Array) -> None:
        """Refuse what is not at least one point of D numbers."""
        if params.shape[-1:] != (self.dim,) or not params.size:
            raise ValueError(
                f"params has shape {params.shape} and {self.name} takes {self.dim} numbers a point: start from "
                "model.init(rng)"
            )

    def points(self, params) -> Array:
        """params as floats (*B, D), which may be inf and NaN; else one sentence."""
        params = floats("params", params, f"give {self.dim} numbers a point, such as model.init(rng)")
        self.check(params)
        return params

    def outputs(self, params: Array, inputs: Array) -> Array:
        """As `predict`, for inputs that `prepare` gave."""
        starts = range(0, max(len(inputs), 1), ROWS)
        with np.errstate(all="ignore"):  # what has diverged gives inf and NaN
            return np.concatenate([self.forward(params, inputs[at : at + ROWS])[0] for at in starts], axis=-2)

    def judge(self, params: Array, inputs: Array, targets: Array) -> dict[str, Array]:
        """As `evaluate`, for inputs and targets that `prepare` gave."""
        outputs = self.outputs(params, inputs)
        with np.errstate(all="ignore"):
            finite = np.isfinite(outputs).all(axis=(-2, -1))
            right = self.loss.right(outputs, targets)
            loss, _ = self.loss.value_and_slope(outputs, targets)
        answer = {"loss": np.where(finite, loss, np.nan)}
        if right is not None:
            answer["accuracy"] = np.where(finite, right.mean(axis=-1), np.nan)
        return answer

    def forward(self, params: Array, x: Array) -> tuple[Array, list]:
        """The outputs, and what each layer needs for the way back."""
        memories = []
        for layer, parts in zip(self.layers, self.split(params), strict=True):
            x, memory = layer.forward(parts, x)
            memories.append(memory)
        return x, memories

    def backpropagate(self, params: Array, inputs: Array, targets: Array) -> tuple[Array, Array]:
        """As `loss_and_grad`, for inputs and targets that `prepare` gave."""
        outputs, memories = self.forward(params, inputs)
        loss, slope = self.loss.value_and_slope(outputs, targets)
        grad = np.empty(params.shape)
        split, grads = self.split(params), self.split(grad)
        for i in range(len(self.layers) - 1, -1, -1):
            slope = self.layers[i].backward(split[i], memories[i], slope, grads[i], i > self.first)
        return loss, grad

    def split(self, params: Array) -> list[list[Array]]:
        """The parameters of each layer, as views."""
        if params.ndim == 1:  # the same, and faster
            return [[params[place].reshape(shape) for shape, place in layer] for layer in self.places]
        batch = params.shape[:-1]
        return [[params[..., place].reshape(batch + shape) for shape, place in layer] for layer in self.places]

    @cached_property
    def places(self) -> list[list[tuple[tuple[int, ...], slice]]]:
        """Shape and place of each layer's parameters; a bias is a row (1, units), one for all examples."""
        return [
            [((1, *shape) if len(shape) == 1 else shape, place) for of, _, shape, place in self.parts if of is layer]
            for layer in self.layers
        ]

    @cached_property
    def first(self) -> int:
        """The first layer with parameters: no slope is wanted in front of it."""
        return next(i for i, layer in enumerate(self.layers) if layer.shapes)


def wider(layer) -> tuple[float, float]:
    """How many times wider its inputs and outputs are than in the base net."""
    return getattr(layer, "wider", (1.0, 1.0))


def fans(layer) -> tuple[int, int]:
    """fan_in and fan_out of a layer's weight: (inputs, outputs), (size, size, channels, outputs), or a row a word."""
    *field, inputs, outputs = layer.shapes["weight"]
    # a word is a row of zeros with a single 1: one number is read
    return prod(field) * (inputs if "bias" in layer.shapes else 1), prod(field) * outputs
