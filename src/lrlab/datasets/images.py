"""Handwritten digits."""

from __future__ import annotations

import numpy as np

from lrlab.arguments import whole
from lrlab.datasets.dataset import Dataset, Part, read, stratified


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
