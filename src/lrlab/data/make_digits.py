"""Make ``digits.npz`` from the file of handwritten digits inside the package scikit-learn.

Without an argument, ``pip`` fetches the package, at the version below; else name its wheel. Needs NumPy and lrlab::

    python -m lrlab.data.make_digits [scikit_learn-1.9.1-....whl]

Two runs write the same numbers; the same bytes too, where zlib is the same. The hash stands in ``README.md``.
"""

import gzip
import hashlib
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from lrlab.data.packages import fetched_wheel
from lrlab.datasets.dataset import write

TARGET = Path(__file__).with_name("digits.npz")
PACKAGE = "scikit-learn==1.9.1"
MEMBER = "sklearn/datasets/data/digits.csv.gz"


def read(wheel: Path) -> np.ndarray:
    """(1797, 65): 64 pixels from 0 to 16 a row, and the label."""
    with zipfile.ZipFile(wheel) as package:
        text = gzip.decompress(package.read(MEMBER)).decode("ascii")
    return np.loadtxt(io.StringIO(text), delimiter=",", dtype=np.uint8)


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = read(Path(arguments[0]) if arguments else fetched_wheel(PACKAGE, folder))
    write(TARGET, pixels=rows[:, :64], labels=rows[:, 64])
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
