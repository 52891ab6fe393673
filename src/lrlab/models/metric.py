"""Metric learning: an embedding with one class close together and different classes a margin apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array, floats, number, numbers, positive, whole
from lrlab.models.layers import Dense, Relu
from lrlab.models.model import Model


@dataclass(frozen=True)
class ContrastiveLoss:
    """loss = mean over pairs i < j of 1/2 d_ij**2 where the labels agree, else 1/2 max(0, margin - d_ij)**2.

    d_ij is the Euclidean distance of the outputs of examples i and j. All pairs of a minibatch count alike. At d = 0
    the slope of a pair with different labels is taken as 0: a network whose outputs are all alike stays where it is.
    """

    margin: float = 1.0
    name = "contrastive loss"

    def prepare(self, targets) -> Array:
        """Labels (n,), any numbers: only whether two agree counts."""
        labels = numbers("targets", targets, "give labels, one an example")
        if labels.ndim != 1:
            raise ValueError(f"targets has shape {labels.shape}: give labels, one an example")
        return labels

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs."""
        n = outputs.shape[-2]
        pairs = max(n * (n - 1) / 2, 1)
        apart = outputs[..., :, None, :] - outputs[..., None, :, :]
        distance = np.sqrt((apart**2).sum(axis=-1))
        same = targets[:, None] == targets
        short = np.where(same, 0.0, np.maximum(self.margin - distance, 0.0))
        np.einsum("...ii->...i", short)[...] = 0.0
        loss = (np.where(same, distance**2, short**2) / 2).sum(axis=(-2, -1)) / 2  # each pair stands there twice
        with np.errstate(divide="ignore", invalid="ignore"):
            push = np.where(distance > 0, short / distance, 0.0)
        pull = np.where(same, 1.0, 0.0) - push
        return loss / pairs, (pull[..., None] * apart).sum(axis=-2) / pairs

    def right(self, outputs: Array, targets: Array) -> None:
        """Nothing: see `same_or_different`."""
        return None


def embedding(widths=(64, 32, 2), margin: float = 1.0, start: str = "kaiming_normal") -> Model:
    """x -> Dense, relu ... Dense -> a point in space, judged by `ContrastiveLoss`.

    widths: inputs, hidden layers, numbers of the embedding
    margin: > 0, how far apart two classes have to be
    start:  a rule of STARTS

    Inputs are (n, inputs), targets labels (n,). The network is trained on pairs and never told a class, so that it can
    compare examples of classes that it has not seen.

    Raises ValueError for fewer than two widths or a margin that is not above 0.
    Source: Hadsell, Chopra and LeCun 2006, doi:10.1109/CVPR.2006.100.

    >>> net = embedding((2, 2), margin=1.0)
    >>> loss, _ = net.loss_and_grad([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [[0.0, 0.0], [0.0, 0.5]], [3, 4])
    >>> float(loss)  # half of (1 - 0.5)**2
    0.125
    """
    widths = [whole("widths", width, 1, "give whole numbers such as (64, 32, 2)") for width in widths]
    if len(widths) < 2:
        raise ValueError(f"widths is {widths}: give at least the inputs and the embedding, such as (64, 32, 2)")
    margin = number("margin", margin, "give a distance above 0, such as 1", positive)
    layers: list = []
    for i in range(1, len(widths)):
        last = i == len(widths) - 1
        layers.append(Dense("output" if last else f"hidden{i}", widths[i - 1], widths[i]))
        if not last:
            layers.append(Relu(f"relu{i}"))
    return Model("embedding", tuple(layers), ContrastiveLoss(margin), start)


def same_or_different(points, labels) -> float:
    """P(d of a pair that agrees < d of a pair that does not), ties count half: the area under the ROC curve.

    points: (n, d), the embedding of n examples
    labels: (n,)

    1 where a threshold on the distance tells all pairs right, 1/2 by chance or where all points are one. Every pair of
    examples is a case.

    Raises ValueError where there is no pair that agrees, or none that does not.
    Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.

    >>> same_or_different([[0.0], [0.1], [2.0], [2.3]], [0, 0, 1, 1]), same_or_different([[1.0]] * 3, [0, 0, 1])
    (1.0, 0.5)
    """
    points = floats("points", points, "give (n, d) numbers")
    labels = np.asarray(labels)
    if points.ndim != 2 or labels.shape != points.shape[:1]:
        raise ValueError(f"points has shape {points.shape} and labels {labels.shape}: give (n, d) and (n,)")
    if not np.isfinite(points).all():
        return float("nan")
    i, j = np.triu_indices(len(points), 1)
    distance, agree = np.sqrt(((points[i] - points[j]) ** 2).sum(axis=-1)), labels[i] == labels[j]
    if agree.all() or not agree.any():
        raise ValueError("labels must hold a pair that agrees and one that does not")
    near, far = np.sort(distance[agree]), distance[~agree]
    below = (np.searchsorted(near, far, "left") + np.searchsorted(near, far, "right")) / 2
    return float(below.mean() / len(near))
