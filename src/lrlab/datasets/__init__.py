"""Data that the course trains on: real, small, shipped with the package, each with its source and licence."""

from lrlab.datasets.dataset import FOLDER, Dataset, Part
from lrlab.datasets.images import digits

__all__ = ["FOLDER", "Dataset", "Part", "digits"]
