"""A model on its data as an objective: which examples a step sees."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from typing import TYPE_CHECKING

import numpy as np

from lrlab.arguments import Array, not_negative, number, whole

if TYPE_CHECKING:
    from lrlab.models.model import Model

ORDERS = ("shuffled", "fixed", "replacement")
SHUFFLE = 0x6C726C6162  # sets these draws apart from all others of the same seed


class OnData:
    """loss(params) = mean loss of the model over a minibatch, gradient likewise; what `descend` walks down.

    model:        a Model
    inputs:       (n, ...), and targets (n, ...), as the model takes them
    batch_size:   examples a step, from 1 to n; None for all of them (full batch), which draws nothing
    order:        "shuffled": epochs without replacement. Epoch t // steps_per_epoch has a permutation of its own, drawn
                  from the seed of the generator that `descend` passes and from nothing else, so that a run that is
                  cut and continued sees the same examples. The last minibatch of an epoch may be smaller.
                  "fixed": the same, in the order of the arrays, without a generator.
                  "replacement": batch_size examples drawn anew at every step, one may come twice.
    weight_decay: >= 0; adds weight_decay * params to the gradient of the weights, not of the biases

    Minibatches are drawn once a step and shared along the batch of runs. The loss is that of the data alone:
    weight_decay changes the gradient, not the reported loss, so that runs with different decay can be compared. An
    optimizer's own weight_decay reaches the biases too, as PyTorch's does.

    Raises ValueError for a batch_size, order or weight_decay out of range, and, at the first step, for a missing rng.
    Source: Robbins and Monro 1951, doi:10.1214/aoms/1177729586; Bottou 2012, doi:10.1007/978-3-642-35289-8_25.

    >>> from lrlab.models import linear_regression
    >>> data = linear_regression(1).on([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0], batch_size=2)
    >>> data.steps_per_epoch
    2
    >>> [data.rows(t, np.random.default_rng(0)).tolist() for t in range(4)]
    [[1, 0], [2], [2, 0], [1]]
    """

    def __init__(
        self, model: Model, inputs: Array, targets: Array, batch_size: int | None, order: str, weight_decay: float
    ):
        n = len(inputs)
        remedy = f"give a whole number of examples from 1 to {n}, or None for all of them"
        if batch_size is not None and whole("batch_size", batch_size, 1, remedy) > n:
            raise ValueError(f"batch_size is {batch_size}: {remedy}")
        if order not in ORDERS:
            raise ValueError(f"order is {order!r}: give one of {', '.join(ORDERS)}")
        decay = number("weight_decay", weight_decay, "give 0 or more, such as 1e-4", not_negative)
        self.model, self.inputs, self.targets = model, inputs, targets
        self.batch_size, self.order, self.weight_decay = batch_size, order, decay
        self.steps_per_epoch = 1 if batch_size is None else -(-n // batch_size)
        self.decay = decay * model.weights if decay else None
        self.shuffled: tuple = ()  # the permutation asked for last, with its seed and epoch: memory, not state

    def value_and_grad(self, params: Array, t: int = 0, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
        """Loss (*B,) and gradient (*B, D) over step t's examples, at params (*B, D)."""
        inputs, targets = self.inputs, self.targets
        if self.batch_size is not None:
            rows = self.rows(t, rng)
            inputs, targets = inputs.take(rows, axis=0), targets.take(rows, axis=0)
        if params.shape[-1] != self.model.dim:
            self.model.check(params)
        loss, grad = self.model.backpropagate(params, inputs, targets)
        if self.decay is not None:
            grad += self.decay * params
        return loss, grad

    def rows(self, t: int, rng: np.random.Generator | None = None) -> Array:
        """Which examples step t sees; only order "replacement" draws from rng."""
        n, size = len(self.inputs), self.batch_size or len(self.inputs)
        if self.batch_size is not None and self.order != "fixed" and not isinstance(rng, np.random.Generator):
            raise ValueError(f"rng is {rng!r}: minibatches need a seeded generator, rng=np.random.default_rng(0)")
        if self.batch_size is not None and self.order == "replacement":
            return rng.integers(n, size=size)
        epoch, step = divmod(t, self.steps_per_epoch)
        order = np.arange(n) if self.batch_size is None or self.order == "fixed" else self.permutation(rng, epoch)
        return order[step * size : (step + 1) * size]

    def permutation(self, rng: np.random.Generator, epoch: int) -> Array:
        """The order of an epoch, a function of the generator's seed and the epoch alone."""
        seed, last = rng.bit_generator.seed_seq, self.shuffled
        if seed is None:  # NumPy's old generators keep none
            raise ValueError(f"rng is {rng!r}, which does not know its seed: give rng=np.random.default_rng(0)")
        key = (str(seed.entropy), seed.spawn_key, epoch)
        if not last or last[0] != key:
            own = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, SHUFFLE, epoch))
            last = self.shuffled = key, np.random.default_rng(own).permutation(len(self.inputs))
        return last[1]

    def evaluate(self, params: Array) -> dict[str, Array]:
        """Loss and accuracy over all the examples: see `Model.evaluate`."""
        return self.model.judge(self.model.points(params), self.inputs, self.targets)
