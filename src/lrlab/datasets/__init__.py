"""Data that the course trains on: real, small, shipped with the package, each with its source and licence."""

from lrlab.datasets.dataset import FOLDER, Dataset, Part
from lrlab.datasets.images import digits
from lrlab.datasets.nodules import Nodules, nodules
from lrlab.datasets.reviews import Reviews, reviews
from lrlab.datasets.scenes import Scenes, scenes
from lrlab.datasets.strings import Strings, strings

__all__ = [
    "FOLDER",
    "Dataset",
    "Nodules",
    "Part",
    "Reviews",
    "Scenes",
    "Strings",
    "digits",
    "nodules",
    "reviews",
    "scenes",
    "strings",
]
