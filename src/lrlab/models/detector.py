"""A one-shot detector: one small network looks at every cell of an image and says what lies there, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, floats, number, numbers, positive, whole
from lrlab.models.layers import Dense, Relu, rows_of
from lrlab.models.model import Model

REMEDY = "give boxes as (..., 4) numbers: top, left, height, width"


class Detections(NamedTuple):
    """One guess a cell, for n scenes of C cells.

    boxes:  (n, C, 4): top, left, height and width, in pixels
    labels: (n, C), the likeliest class
    scores: (n, C), probability that a centre lies in the cell times that of the class, from 0 to 1
    """

    boxes: Array
    labels: Array
    scores: Array


@dataclass(frozen=True)
class Windows:
    """(n, side * side) -> (n * cells**2, window**2): what each cell sees of the image, with zeros around it.

    A window is twice as wide as its cell and stands around the cell's middle, so that an object as large as a cell lies
    in it whole if its centre lies in the cell.
    """

    side: int
    cells: int
    name: str = "windows"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def prepare(self, inputs):
        return rows_of(inputs, self.side**2)

    def forward(self, params, x):
        cell = self.side // self.cells
        edge = cell // 2
        images = np.pad(x.reshape(-1, self.side, self.side), ((0, 0), (edge, edge), (edge, edge)))
        seen = np.empty((len(images), self.cells, self.cells, 2 * cell, 2 * cell))
        for i in range(self.cells):
            for j in range(self.cells):
                seen[:, i, j] = images[:, i * cell : (i + 2) * cell, j * cell : (j + 2) * cell]
        return seen.reshape(-1, 4 * cell**2), None

    def backward(self, params, memory, slope, grads, wanted):
        return None  # the first layer: no one asks


@dataclass(frozen=True)
class Cells:
    """(*B, n * C, units) -> (*B, n, C * units): the answers of all cells of a scene in one row."""

    count: int
    name: str = "cells"
    shapes: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def forward(self, params, x):
        return x.reshape(*x.shape[:-2], -1, self.count * x.shape[-1]), x.shape

    def backward(self, params, memory, slope, grads, wanted):
        return slope.reshape(memory)


@dataclass(frozen=True)
class DetectionLoss:
    """loss = mean over scenes of the sum over cells of BCE(object) + present * (|offset - where|^2 + CE(class)).

    Outputs (*B, n, C * (3 + classes)) hold for each cell the logit of "a centre lies here", its offset from the cell's
    middle (down, right; 1 is half a cell) and the logits of the classes. Targets (n, C, 4) hold 1 or 0 for present,
    the true offset, and the label; the last three count only where present is 1. All three parts weigh the same.
    """

    cells: int
    classes: int
    name = "detection loss"

    def prepare(self, targets) -> Array:
        """Targets (n, C, 4), as they are."""
        remedy = f"give (n, {self.cells}, 4) numbers: present (0 or 1), offset down and right, label"
        targets = numbers("targets", targets, remedy)
        if targets.ndim != 3 or targets.shape[1:] != (self.cells, 4):
            raise ValueError(f"targets has shape {targets.shape}: {remedy}")
        present, label = targets[..., 0], targets[..., 3]
        if not np.isin(present, (0, 1)).all() or not np.isin(label, np.arange(self.classes)).all():
            raise ValueError(f"targets holds a present other than 0 and 1, or a label out of range: {remedy}")
        return targets

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs."""
        n = len(targets)
        z = outputs.reshape(*outputs.shape[:-1], self.cells, 3 + self.classes)
        slope = np.empty_like(z)
        present = targets[..., 0]
        here, away, score = z[..., 0], z[..., 1:3] - targets[..., 1:3], z[..., 3:]

        small = np.exp(-np.abs(here))
        loss = np.maximum(here, 0.0) + np.log1p(small) - present * here
        slope[..., 0] = np.where(here >= 0, 1.0, small) / (1.0 + small) - present

        loss = loss + present * (away**2).sum(axis=-1)
        slope[..., 1:3] = 2 * away * present[..., None]

        score = score - score.max(axis=-1, keepdims=True)
        share = np.exp(score)
        total = share.sum(axis=-1, keepdims=True)
        right = targets[..., 3:] == np.arange(self.classes)
        loss = loss + present * (np.log(total[..., 0]) - np.where(right, score, 0.0).sum(axis=-1))
        slope[..., 3:] = present[..., None] * (share / total - right)
        return loss.sum(axis=(-2, -1)) / n, slope.reshape(outputs.shape) / n

    def right(self, outputs: Array, targets: Array) -> None:
        """Nothing: see `average_precision`."""
        return None


def detector(side: int = 24, cells: int = 3, hidden=(64,), classes: int = 10, start: str = "kaiming_normal") -> Model:
    """Each of cells x cells windows of the image -> the same Dense, relu ... Dense -> (object, offset, classes).

    side:    height and width of the images, a multiple of 2 * cells; inputs are (n, side * side), row by row
    cells:   >= 1, cells along a side
    hidden:  >= 1 each, units of the hidden layers
    classes: >= 2
    start:   a rule of STARTS

    A convolution with stride, written as a dense layer over windows: what it learns in one cell holds in all. Outputs
    and targets are those of `DetectionLoss`; `decode` reads boxes out of them.

    Raises ValueError for a number out of range or an unknown start.
    Source: Redmon, Divvala, Girshick and Farhadi 2016, arXiv:1506.02640, from which it takes the grid and the loss of
    three parts.

    >>> net = detector(hidden=(32,))
    >>> net.dim, net.predict(net.init(0), np.zeros((5, 576))).shape
    (8653, (5, 117))
    """
    cells = whole("cells", cells, 1, "give how many cells lie along a side, such as 3")
    side = whole("side", side, 2, "give the side of the images, a multiple of 2 * cells, such as 24")
    if side % (2 * cells):
        raise ValueError(f"side is {side} and cells {cells}: give a multiple of 2 * cells, such as 24 and 3")
    classes = whole("classes", classes, 2, "give a whole number from 2 up")
    sizes = [whole("hidden", width, 1, "give units for each hidden layer, such as (64,)") for width in hidden]
    widths = [4 * (side // cells) ** 2, *sizes, 3 + classes]
    layers: list = [Windows(side, cells)]
    for i in range(1, len(widths)):
        last = i == len(widths) - 1
        layers.append(Dense("output" if last else f"hidden{i}", widths[i - 1], widths[i]))
        if not last:
            layers.append(Relu(f"relu{i}"))
    layers.append(Cells(cells**2))
    return Model("detector", tuple(layers), DetectionLoss(cells**2, classes), start)


def decode(outputs, side: int = 24, cells: int = 3, size: float = 8.0) -> Detections:
    """box = (middle of cell + offset * half a cell - size / 2, size, size);  score = P(object) * max P(class).

    outputs: (n, cells**2 * (3 + classes)), of a `detector`
    side:    of the images, in pixels
    cells:   cells along a side
    size:    > 0, height and width of every box, in pixels: it is given, not predicted

    Returns one guess a cell. Nothing is left out: a low score is how the network says that nothing is there. Scores are
    0 where outputs are not finite.
    Raises ValueError where outputs do not hold the same numbers for each cell.
    Source: Redmon, Divvala, Girshick and Farhadi 2016, arXiv:1506.02640, equation 1.

    >>> outputs = np.zeros((1, 9, 13))
    >>> outputs[0, 4, :4] = [100.0, 1.0, 0.0, 100.0]  # the middle cell sees a 0, half a cell below its middle
    >>> found = decode(outputs.reshape(1, -1))
    >>> found.boxes[0, 4].tolist(), int(found.labels[0, 4]), found.scores[0, 3:5].round(3).tolist()
    ([12.0, 8.0, 8.0, 8.0], 0, [0.05, 1.0])
    """
    remedy = "give (n, cells**2 * (3 + classes)), such as detector().predict(params, images)"
    outputs = floats("outputs", outputs, remedy)
    if outputs.ndim != 2 or outputs.shape[1] % cells**2 or outputs.shape[1] // cells**2 < 5:
        raise ValueError(f"outputs has shape {outputs.shape}: {remedy}")
    size = number("size", size, "give the side of a box in pixels, such as 8", positive)
    z = outputs.reshape(len(outputs), cells**2, -1)
    fine = np.isfinite(z).all(axis=-1)
    z = np.where(fine[..., None], z, 0.0)
    middle = (np.indices((cells, cells)).reshape(2, -1).T + 0.5) * side / cells
    with np.errstate(over="ignore"):
        corner = middle + z[..., 1:3] * side / (2 * cells) - size / 2
        here = 1 / (1 + np.exp(-z[..., 0]))
        share = np.exp(z[..., 3:] - z[..., 3:].max(axis=-1, keepdims=True))
    scores = here * (share / share.sum(axis=-1, keepdims=True)).max(axis=-1)
    boxes = np.concatenate([corner, np.full_like(corner, size)], axis=-1)
    return Detections(boxes, z[..., 3:].argmax(axis=-1), np.where(fine, scores, 0.0))


def iou(first, second) -> Array:
    """area(first and second) / area(first or second): intersection over union, from 0 to 1.

    first, second: boxes (..., 4) that broadcast: top, left, height and width, > 0

    Returns (...).
    Raises ValueError for boxes of another shape, or without height or width.
    Source: Jaccard 1912; Everingham et al. 2010, doi:10.1007/s11263-009-0275-4, equation 4.

    >>> float(iou([0, 0, 8, 8], [0, 4, 8, 8]).round(4))  # 32 of 96
    0.3333
    """
    first, second = (numbers(name, box, REMEDY) for name, box in (("first", first), ("second", second)))
    for name, box in (("first", first), ("second", second)):
        if box.shape[-1:] != (4,) or (box[..., 2:] <= 0).any():
            raise ValueError(f"{name} has shape {box.shape}, or a box without height or width: {REMEDY}")
    low = np.maximum(first[..., :2], second[..., :2])
    high = np.minimum(first[..., :2] + first[..., 2:], second[..., :2] + second[..., 2:])
    both = np.maximum(high - low, 0).prod(axis=-1)
    return both / (first[..., 2:].prod(axis=-1) + second[..., 2:].prod(axis=-1) - both)


def average_precision(right, scores, count: int) -> float:
    """AP = sum over recalls r of (r_k - r_{k-1}) * max_{j >= k} precision_j, guesses in falling order of score.

    right:  (m,), whether each guess is right
    scores: (m,), the higher, the surer; of equal scores the earlier comes first
    count:  >= 1, how many objects there are; what is never found keeps the recall below 1

    The whole area below the precision-recall curve, made to fall only: as VOC counts since 2010, and not its 11 points.

    Raises ValueError where right and scores do not have one length, or count is no number of objects.
    Source: Everingham et al. 2010, doi:10.1007/s11263-009-0275-4.

    >>> average_precision([True, False, True], [0.9, 0.8, 0.7], count=2)  # 1/2 * 1 + 1/2 * 2/3
    0.8333333333333333
    """
    count = whole("count", count, 1, "give how many objects there are, 1 or more")
    scores = numbers("scores", scores, "give a number for each guess")
    right = np.asarray(right, dtype=float)
    if right.shape != scores.shape or right.ndim != 1:
        raise ValueError(f"right has shape {right.shape} and scores {scores.shape}: give (m,) for both")
    if not len(right):
        return 0.0
    hits = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(hits, prepend=0.0) * best_from_here).sum() / count)


def mean_average_precision(found: Detections, boxes, labels, threshold: float = 0.5) -> float:
    """mAP = mean over the classes that occur of AP, where a guess is right from IoU `threshold` on.

    found:     of n scenes, see `decode`
    boxes:     n arrays (objects, 4), the true ones: top, left, height, width
    labels:    n arrays (objects,), their classes
    threshold: > 0 up to 1

    Class by class, over all scenes, surest guess first: a guess is compared with the object of its class and scene that
    it overlaps most. It is right if that overlap reaches the threshold and no surer guess has taken the object; a
    second guess for the same object is wrong. Doubles are not suppressed.

    Raises ValueError for a threshold out of range, and where there are not as many scenes or no object at all.
    Source: Everingham et al. 2010, doi:10.1007/s11263-009-0275-4.

    >>> found = Detections(np.array([[[0, 0, 8, 8], [8, 8, 8, 8]]]), np.array([[3, 3]]), np.array([[0.9, 0.6]]))
    >>> mean_average_precision(found, [[[0, 1, 8, 8]]], [[3]])
    1.0
    """
    threshold = number(
        "threshold", threshold, "give an overlap above 0 and up to 1, such as 0.5", lambda x: (x > 0) & (x <= 1)
    )
    if not len(found.boxes) == len(boxes) == len(labels):
        raise ValueError(
            f"found holds {len(found.boxes)} scenes, boxes {len(boxes)} and labels {len(labels)}: give as many of each"
        )
    labels = [np.asarray(label, dtype=int) for label in labels]
    classes = np.unique(np.concatenate(labels)) if labels else np.array([])
    if not len(classes):
        raise ValueError("labels holds no object: there is nothing to find")
    return float(np.mean([precision_of_class(found, boxes, labels, name, threshold) for name in classes]))


def precision_of_class(found: Detections, boxes, labels, name: int, threshold: float) -> float:
    """The average precision of one class."""
    true = [
        np.asarray(box, dtype=float).reshape(-1, 4)[label == name] for box, label in zip(boxes, labels, strict=True)
    ]
    free = [np.ones(len(each), dtype=bool) for each in true]
    scene, cell = np.nonzero(found.labels == name)
    order = np.argsort(-found.scores[scene, cell], kind="stable")
    right = np.zeros(len(order), dtype=bool)
    for rank, at in enumerate(order):
        i = scene[at]
        if len(true[i]):
            overlap = iou(found.boxes[i, cell[at]], true[i])
            nearest = overlap.argmax()
            right[rank] = overlap[nearest] >= threshold and free[i][nearest]
            free[i][nearest] &= not right[rank]
    return average_precision(right, -np.arange(len(right), dtype=float), sum(map(len, true)))
