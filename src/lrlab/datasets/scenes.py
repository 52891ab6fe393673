"""Scenes of a few handwritten digits, for a detector: made by a seed, not stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array, whole
from lrlab.datasets.dataset import Part

SIDE, CELLS, DIGIT = 24, 3, 8  # pixels of a scene, cells along it, pixels of a digit


@dataclass(frozen=True, eq=False)
class Scenes:
    """n scenes with one to three digits each.

    inputs:  (n, 576), pixels from 0 to 1, row by row
    targets: (n, 9, 4), cell by cell: 1 or 0 for a centre that lies here, its offset from the cell's middle down and
             right (1 is half a cell, from -1 up to below 1), the label; 0 everywhere where there is none
    boxes:   n arrays (objects, 4): top, left, height, width in pixels
    labels:  n arrays (objects,), the digits

    model.on(scenes.inputs, scenes.targets) takes them as they are, for a `detector`.
    """

    inputs: Array
    targets: Array
    boxes: list[Array]
    labels: list[Array]


def scenes(part: Part, count: int, seed: int = 0) -> Scenes:
    """scene = maximum of one to three digits of 8 x 8, each at a drawn place of 24 x 24, no two of them overlapping.

    part:  digits to choose from, such as digits().train: inputs (m, 64), targets (m,)
    count: >= 1 scenes
    seed:  of the numpy.random.Generator that draws how many (1, 2 or 3, each as likely), which ones, and where; the
           same seed gives the same scenes

    A box is the 8 x 8 pixels of its digit, whole pixels from the top left. Its centre lies in one of 3 x 3 cells of
    8 x 8; boxes that do not overlap have their centres in cells of their own. Scenes of different parts share no digit.

    Raises ValueError where a number is out of range or part holds no images of 64 pixels.
    Source: our own; the digits are Alpaydin and Kaynak's, doi:10.24432/C50P49 (UCI, CC BY 4.0).

    >>> from lrlab.datasets import digits
    >>> made = scenes(digits().train, 100)
    >>> made.inputs.shape, made.targets.shape, made.labels[0].tolist(), made.boxes[0][0].tolist()
    ((100, 576), (100, 9, 4), [2, 5, 7], [7.0, 8.0, 8.0, 8.0])
    """
    count = whole("count", count, 1, "give how many scenes to make, 1 or more")
    seed = whole("seed", seed, 0, "give a whole number of 0 or more")
    images = np.asarray(part.inputs)
    if images.ndim != 2 or images.shape[1] != DIGIT**2 or not len(images):
        raise ValueError(f"part.inputs has shape {images.shape}: give digits (m, 64), such as digits().train")
    rng = np.random.default_rng(seed)
    inputs, targets = np.zeros((count, SIDE, SIDE)), np.zeros((count, CELLS**2, 4))
    all_boxes, all_labels = [], []
    for i in range(count):
        corners = places(rng, int(rng.integers(1, 4)))
        chosen = rng.integers(len(images), size=len(corners))
        for (top, left), row in zip(corners, chosen, strict=True):
            inputs[i, top : top + DIGIT, left : left + DIGIT] = images[row].reshape(DIGIT, DIGIT)
            targets[i, cell_of(top, left)] = 1.0, *offset(top, left), part.targets[row]
        all_boxes.append(np.column_stack([corners, np.full((len(corners), 2), DIGIT)]).astype(float))
        all_labels.append(np.asarray(part.targets)[chosen].astype(int))
    return Scenes(inputs.reshape(count, -1), targets, all_boxes, all_labels)


def places(rng: np.random.Generator, count: int) -> Array:
    """(count, 2), top left corners of boxes that do not overlap: drawn together until they fit, all alike."""
    while True:
        corners = rng.integers(SIDE - DIGIT + 1, size=(count, 2))
        apart = np.abs(corners[:, None] - corners[None]).max(axis=-1) >= DIGIT
        if apart[np.triu_indices(count, 1)].all():
            return corners


def cell_of(top: int, left: int) -> int:
    """The cell, 0 to 8, in which the centre of a box lies."""
    cell = SIDE // CELLS
    return (top + DIGIT // 2) // cell * CELLS + (left + DIGIT // 2) // cell


def offset(top: int, left: int) -> tuple[float, float]:
    """From the middle of its cell to the box's centre, down and right, in halves of a cell."""
    half = SIDE // CELLS / 2
    return tuple(((place + DIGIT / 2) % (2 * half) - half) / half for place in (top, left))
