"""Make ``strings.npz`` from the French language pack of JupyterLab.

Without an argument, ``pip`` fetches the package, at the version below; else name its wheel. Needs NumPy and lrlab::

    python -m lrlab.data.make_strings [jupyterlab_language_pack_fr_fr-4.5.post3-py2.py3-none-any.whl]

Two runs write the same numbers; the same bytes too, where zlib is the same. The hash stands in ``README.md``.
"""

import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from lrlab.data.packages import fetched_wheel
from lrlab.datasets.dataset import write

TARGET = Path(__file__).with_name("strings.npz")
PACKAGE = "jupyterlab-language-pack-fr-FR==4.5.post3"
MEMBER = "jupyterlab_language_pack_fr_FR/locale/fr_FR/LC_MESSAGES/*.json"
CONTEXT = "\x04"  # what stands before it in a key says where the string is shown


def read(wheel: Path) -> list[tuple[str, str]]:
    """Every pair of an English and a French string once, in the order of the files and of their rows.

    A plural is left to its first form. Runs of white space become one space. A string without a translation, and one
    whose French is the English itself, such as a product's name, is left out.
    """
    pairs: dict[tuple[str, str], None] = {}  # a dict keeps the order
    with zipfile.ZipFile(wheel) as package:
        for member in sorted(name for name in package.namelist() if Path(name).match(MEMBER)):
            for key, forms in json.loads(package.read(member)).items():
                if not key:  # the file's own description
                    continue
                english, french = (" ".join(text.split()) for text in (key.split(CONTEXT)[-1], forms[0]))
                if english and french and english != french:
                    pairs[english, french] = None
    return list(pairs)


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pairs = read(Path(arguments[0]) if arguments else fetched_wheel(PACKAGE, folder))
    texts = {
        name: np.frombuffer("\n".join(side).encode(), dtype=np.uint8)
        for name, side in zip(("english", "french"), zip(*pairs, strict=True), strict=True)
    }
    write(TARGET, **texts)
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest(), len(pairs), "pairs")


if __name__ == "__main__":
    main(sys.argv[1:])
