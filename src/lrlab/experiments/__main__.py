"""`python -m lrlab.experiments [NAME ...]`: compute experiments again, all of them without a name, and store them."""

import sys

import numpy as np
from tqdm import tqdm

from lrlab.datasets.dataset import write
from lrlab.experiments import EXPERIMENTS, module, path, points


def compute(name: str) -> dict[str, np.ndarray]:
    """Every cell of an experiment, stacked along its axes, in single precision."""
    axes = module(name).AXES
    found = list(points(axes))
    cells = [module(name).cell(**point) for _, point in tqdm(found, desc=name, dynamic_ncols=True)]
    lengths = tuple(map(len, axes.values()))
    stacked = {key: np.array([cell[key] for cell in cells], dtype=np.float32) for key in cells[0]}
    return {key: array.reshape(*lengths, *array.shape[1:]) for key, array in stacked.items()}


def store(name: str) -> None:
    """Compute and write."""
    write(path(name), **compute(name))
    print(path(name).name, path(name).stat().st_size)


def main(names: list[str]) -> None:
    for name in names or EXPERIMENTS:
        store(name)


if __name__ == "__main__":
    main(sys.argv[1:])
