"""Make ``digits.npz`` from the file of handwritten digits inside the package scikit-learn.

Without an argument, ``pip`` fetches the package, at the version below; else name its wheel. Needs NumPy alone::

    python -m lrlab.data.make_digits [scikit_learn-1.9.1-....whl]

Two runs write the same numbers; the same bytes too, where zlib is the same. The hash stands in ``README.md``.
"""

import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_name("digits.npz")
PACKAGE = "scikit-learn==1.9.1"
MEMBER = "sklearn/datasets/data/digits.csv.gz"


def fetched(folder: str) -> Path:
    """The wheel, from the Python index."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
        folder,
        PACKAGE,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(Path(folder).glob("*.whl"))


def read(wheel: Path) -> np.ndarray:
    """(1797, 65): 64 pixels from 0 to 16 a row, and the label."""
    with zipfile.ZipFile(wheel) as package:
        text = gzip.decompress(package.read(MEMBER)).decode("ascii")
    return np.loadtxt(io.StringIO(text), delimiter=",", dtype=np.uint8)


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = read(Path(arguments[0]) if arguments else fetched(folder))
    # written beside the old file and put in its place at the end, so that no half of one is ever left
    half = TARGET.with_suffix(".half.npz")
    try:
        np.savez_compressed(half, pixels=rows[:, :64], labels=rows[:, 64])
        half.replace(TARGET)
    finally:
        half.unlink(missing_ok=True)
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
