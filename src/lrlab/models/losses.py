"""What a model is judged by: the loss that gradient descent sees, its slope, and the share of right answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lrlab.arguments import Array, numbers, whole


class Loss(Protocol):
    """How far outputs (*B, n, units) are from targets, as a mean over n examples.

    prepare:         what a user gives -> targets (n, ...) as the other two want them; else one sentence
    value_and_slope: outputs, targets -> loss (*B,), its slope along the outputs; may write into the outputs
    right:           outputs, targets -> where the answer is right (*B, n); None where nothing is right or wrong
    """

    name: str

    def prepare(self, targets) -> Array: ...

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]: ...

    def right(self, outputs: Array, targets: Array) -> Array | None: ...


@dataclass(frozen=True)
class CrossEntropy:
    """loss = mean over the examples of log(sum_j exp(z_j)) - z_label, for the outputs z of `classes` units."""

    classes: int
    name = "cross-entropy"

    def prepare(self, targets) -> Array:
        """Labels (n,) as rows (n, classes) with a 1 at the label."""
        return one_at(labels_of("targets", targets, self.classes), self.classes)

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs."""
        n = outputs.shape[-2]
        z, label = outputs.mT.copy(), targets.mT.copy()  # (*B, classes, n): sums over the classes are then fast
        z -= np.maximum.reduce(z, axis=-2, keepdims=True)  # exp can then not overflow
        right = np.matmul(z.reshape(*z.shape[:-2], -1), label.reshape(-1))
        share = np.exp(z, out=z)
        total = np.add.reduce(share, axis=-2, keepdims=True)
        loss = (np.add.reduce(np.log(total), axis=(-2, -1)) - right) / n
        share /= total
        share -= label
        share /= n
        return loss, share.mT

    def right(self, outputs: Array, targets: Array) -> Array:
        """Where the largest output is the label's."""
        return outputs.argmax(axis=-1) == targets.argmax(axis=-1)


@dataclass(frozen=True)
class LogisticLoss:
    """loss = mean over the examples of log(1 + exp(z)) - label * z, for one output z and labels 0 and 1."""

    name = "logistic loss"

    def prepare(self, targets) -> Array:
        """Labels (n,) as a column (n, 1)."""
        return labels_of("targets", targets, 2)[:, None].astype(float)

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs."""
        small = np.exp(-np.abs(outputs))  # in (0, 1]: exp can not overflow
        loss = np.maximum(outputs, 0.0) + np.log1p(small) - targets * outputs
        share = np.where(outputs >= 0, 1.0, small) / (1.0 + small)
        return loss.mean(axis=(-2, -1)), (share - targets) / outputs.shape[-2]

    def right(self, outputs: Array, targets: Array) -> Array:
        """Where the output's sign says the label."""
        return (outputs[..., 0] > 0) == (targets[..., 0] > 0)


@dataclass(frozen=True)
class HalfSquaredError:
    """loss = mean over the examples of 1/2 * sum_j (z_j - target_j)**2.

    PyTorch's MSELoss has no 1/2 and takes the mean over the outputs too: it is 2 / outputs times this one.
    """

    outputs: int
    name = "half squared error"

    def prepare(self, targets) -> Array:
        """Targets (n, outputs), or (n,) where there is one output."""
        targets = numbers("targets", targets, "give finite numbers, one a unit and example")
        if targets.ndim == 1 and self.outputs == 1:
            targets = targets[:, None]
        if targets.ndim != 2 or targets.shape[1] != self.outputs:
            raise ValueError(
                f"targets has shape {targets.shape}: give (n, {self.outputs}) numbers, for labels one_hot(labels, "
                f"{self.outputs})"
            )
        return targets

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs; the outputs are overwritten."""
        n = outputs.shape[-2]
        outputs -= targets
        loss = np.einsum("...nk,...nk->...", outputs, outputs) / (2 * n)
        outputs /= n
        return loss, outputs

    def right(self, outputs: Array, targets: Array) -> Array | None:
        """Where the largest output is the largest target's; with one output there is no such thing."""
        return None if self.outputs == 1 else outputs.argmax(axis=-1) == targets.argmax(axis=-1)


def labels_of(name: str, labels, classes: int) -> Array:
    """Labels (n,) as whole numbers from 0 to classes - 1; else one sentence that begins with `name`."""
    remedy = f"give labels, whole numbers from 0 to {classes - 1}, one an example"
    labels = numbers(name, labels, remedy, lambda x: (x >= 0) & (x < classes) & (x == np.floor(x)))
    if labels.ndim != 1:
        raise ValueError(f"{name} has shape {labels.shape}: {remedy}")
    return labels.astype(int)


def one_at(labels: Array, classes: int) -> Array:
    """As `one_hot`, for labels that `labels_of` gave."""
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels] = 1.0
    return rows


def one_hot(labels, classes: int) -> Array:
    """row_i = 1 at labels[i] and 0 elsewhere.

    labels:  (n,), whole numbers from 0 to classes - 1
    classes: >= 1

    Returns (n, classes).
    Raises ValueError for a label or a number of classes out of range.
    Source: definition.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    classes = whole("classes", classes, 1, "give how many classes there are, a whole number from 1 up")
    return one_at(labels_of("labels", labels, classes), classes)
