"""What every data set is: its parts, its source and licence; and how a file of the package is read."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile
from zlib import error as BadZlib

import numpy as np

from lrlab.arguments import Array, whole

FOLDER = Path(__file__).parent.with_name("data")
BROKEN = (OSError, ValueError, KeyError, EOFError, BadZipFile, BadZlib)  # what NumPy raises for a file that is no file


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
    except BROKEN as error:
        raise ValueError(f"{path} is broken ({error}): install lrlab again") from None
    for (name, (kind, shape)), array in zip(arrays.items(), found, strict=True):
        if array.dtype != kind or array.shape != shape:
            raise ValueError(f"{path} is broken ({name} is {array.dtype} {array.shape}): install lrlab again")
    return found


def write(path: Path, **arrays) -> None:
    """Compressed, beside the old file and put in its place at the end, so that no half of one is ever left."""
    half = path.with_suffix(".half.npz")
    try:
        np.savez_compressed(half, **arrays)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
