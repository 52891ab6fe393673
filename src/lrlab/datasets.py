"""Data that the course trains on: real, small, shipped with the package, each with its source and licence."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile
from zlib import error as BadZlib

import numpy as np

from lrlab.arguments import Array, whole

FOLDER = Path(__file__).with_name("data")


class Part(NamedTuple):
    """Examples that are used together: model.on(*part) and model.evaluate(params, *part) take them.

    inputs:  (n, features)
    targets: (n,), the labels
    """

    inputs: Array
    targets: Array


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Dataset:
    """Examples in three parts, with what a reader has to know about them.

    train:       what gradient descent sees
    validation:  what rates and stopping are chosen on
    test:        what is looked at once, at the end
    rows:        name of a part -> which rows of the file are in it
    image_shape: (height, width), of which inputs are the flattened pixels
    classes:     the name of each label
    source:      who made the data, and where the file was taken from
    licence:     the data's own
    """

    name: str
    train: Part
    validation: Part
    test: Part
    rows: dict[str, Array] = field(repr=False)
    image_shape: tuple[int, int]
    classes: tuple[str, ...]
    source: str
    licence: str


def digits(seed: int = 0, validation: int = 300, test: int = 300) -> Dataset:
    """1,797 handwritten digits: inputs = pixels / 16, in 64 numbers from 0 to 1; labels 0 to 9.

    seed:       of the numpy.random.Generator that splits the images; the same seed gives the same split
    validation: 10 or more images to choose rates on
    test:       10 or more images to look at in the end; all others are for training, 10 at least

    The split is stratified: in every part, each digit has its share of all images, to within one image. A pixel counts
    the ink in a square of 4 x 4, from 0 to 16, row by row. 13 people wrote them, and the file does not say who wrote
    which: all parts hold the same hands, so that the test accuracy is that for known hands.

    Raises ValueError where a number is out of range, or where the file is missing or broken.
    Source: Alpaydin and Kaynak 1998, doi:10.24432/C50P49 (UCI, CC BY 4.0).

    >>> data = digits()
    >>> [part.inputs.shape for part in (data.train, data.validation, data.test)]
    [(1197, 64), (300, 64), (300, 64)]
    >>> data.train.targets[:5].tolist(), data.image_shape
    ([0, 6, 8, 5, 1], (8, 8))
    """
    pixels, labels = read("digits.npz", pixels=(np.uint8, (1797, 64)), labels=(np.uint8, (1797,)))
    rows = stratified(labels, whole("seed", seed, 0, "give a whole number of 0 or more"), validation, test)
    inputs, targets = pixels / 16.0, labels.astype(int)
    return Dataset(
        "digits",
        **{name: Part(inputs[chosen], targets[chosen]) for name, chosen in rows.items()},
        rows=rows,
        image_shape=(8, 8),
        classes=tuple("0123456789"),
        source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
        "1998, https://doi.org/10.24432/C50P49 (its test set, as in scikit-learn 1.9.1)",
        licence="CC BY 4.0",
    )


def stratified(labels: Array, seed: int, validation: int, test: int) -> dict[str, Array]:
    """name -> rows of train, validation and test, each label in proportion; every part in a drawn order."""
    n, least = len(labels), len(np.unique(labels))
    for name, size in (("validation", validation), ("test", test)):
        whole(name, size, least, f"give {least} images or more, such as 300")
    if validation + test > n - least:
        raise ValueError(
            f"validation and test hold {validation + test} of {n} images together: leave {least} or more for training"
        )
    rng = np.random.default_rng(seed)
    order = rng.permutation(n)
    # a row's place among those of its label, from 0 to 1: taking the lowest takes a share of every label
    place = np.empty(n)
    for label in np.unique(labels):
        of_label = order[labels[order] == label]
        place[of_label] = (np.arange(len(of_label)) + 0.5) / len(of_label)
    by_place = order[np.argsort(place[order], kind="stable")]
    rows = np.split(by_place, [test, test + validation])
    return dict(zip(("test", "validation", "train"), (rng.permutation(part) for part in rows), strict=True))


def read(file: str, **arrays) -> list[Array]:
    """The arrays of a file of `FOLDER`, each (type, shape); else one sentence that names the file."""
    path = FOLDER / file
    try:
        # opened here, because np.load leaves a file open that is not what it seems
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            found = [stored[name] for name in arrays]
    except FileNotFoundError:
        raise ValueError(f"{path} is missing: install lrlab again") from None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, BadZlib) as error:
        raise ValueError(f"{path} is broken ({error}): install lrlab again") from None
    for (name, (kind, shape)), array in zip(arrays.items(), found, strict=True):
        if array.dtype != kind or array.shape != shape:
            raise ValueError(f"{path} is broken ({name} is {array.dtype} {array.shape}): install lrlab again")
    return found
