"""The stored experiments: small, whole, and the same when a part of them is computed again."""

import numpy as np
import pytest

from lrlab import experiments
from lrlab.experiments import EXPERIMENTS, load, module, path, points

MEGABYTE = 1_000_000


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_part_computed_again_is_what_is_stored(name):
    grid, experiment = load(name), module(name)
    assert experiment.CHECKED
    for point in experiment.CHECKED:
        at = tuple(grid.axes[axis].index(point[axis]) for axis in grid.axes)
        again = experiment.cell(**point)
        assert set(again) == set(grid.values)
        for key, value in again.items():
            # single precision is stored, and another processor rounds otherwise
            np.testing.assert_allclose(
                grid[key][at], value, rtol=experiment.TOLERANCE, atol=1e-6, err_msg=f"{name} {key}"
            )


def test_all_of_them_are_small():
    assert sum(path(name).stat().st_size for name in EXPERIMENTS) < MEGABYTE


def test_an_unknown_one_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match=f"no experiment 'x', only {EXPERIMENTS[0]}"):
        load("x")


def test_a_missing_file_names_its_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(experiments, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="is missing: `make data` makes it"):
        load(EXPERIMENTS[0])
    path(EXPERIMENTS[0]).write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(ValueError, match="is broken"):
        load(EXPERIMENTS[0])


def test_a_file_of_another_grid_is_not_read(monkeypatch, tmp_path):
    monkeypatch.setattr(experiments, "FOLDER", tmp_path)
    np.savez(path(EXPERIMENTS[0]), loss=np.zeros((1, 1, 1, 1, 1)))
    with pytest.raises(ValueError, match="is of another grid"):
        load(EXPERIMENTS[0])


def test_points_come_with_the_last_axis_fastest():
    assert [at for at, _ in points({"a": (1, 2), "b": "xy"})] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [point for _, point in points({"a": (1, 2), "b": "xy"})][2] == {"a": 2, "b": "x"}
