"""Data: what is in it, how it is split, where it comes from, and what is said of a broken file."""

import gzip
import hashlib
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from lrlab.data import make_digits
from lrlab.datasets import FOLDER, dataset, digits

TABLE = [
    [cell.strip(" `") for cell in line.strip("|").split("|")]
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]
PARTS = "train", "validation", "test"
PICTURE = [  # the first image, a 0: ink in steps of 4
    "..132...",
    "..33231.",
    "..3..22.",
    ".13..22.",
    ".12..22.",
    ".12..31.",
    "..3123..",
    "..132...",
]


def stored():
    with np.load(FOLDER / "digits.npz") as file:
        return file["pixels"], file["labels"]


def test_every_file_has_its_row_and_its_hash():
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in (".md", ".py", ".txt") and path.is_file()}
    assert {row[0] for row in TABLE} == files
    for name, _, _, _, licence, changed, digest in TABLE:
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest
        assert (FOLDER / re.search(r"`(.+\.txt)", licence)[1]).is_file()
        assert changed


def test_the_table_names_what_the_script_reads():
    (row,) = [row for row in TABLE if row[0] == make_digits.TARGET.name]
    assert "scikit-learn" in row[1]
    assert f"scikit-learn=={row[2]}" == make_digits.PACKAGE
    assert row[3] == make_digits.MEMBER
    data = digits()
    assert row[2] in data.source
    assert row[4].startswith(data.licence)


def test_digits_are_the_ones_everybody_has():
    pixels, labels = stored()
    assert pixels.sum() == 561718
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    assert pixels.max() == 16
    picture = ["".join(".1234"[pixel // 4] for pixel in row) for row in pixels[0].reshape(8, 8)]
    assert picture == PICTURE


def test_inputs_are_the_pixels_over_16_with_their_labels():
    pixels, labels = stored()
    data = digits()
    for name in PARTS:
        part, rows = getattr(data, name), data.rows[name]
        assert part.inputs.dtype == float
        assert np.array_equal(part.inputs * 16, pixels[rows])
        assert np.array_equal(part.targets, labels[rows])
    assert data.train.inputs.max() == 1
    assert len(data.classes) == 10
    assert int(np.prod(data.image_shape)) == data.train.inputs.shape[1]


@pytest.mark.parametrize(
    "setting", [{}, {"seed": 3}, {"validation": 10, "test": 10}, {"validation": 777, "test": 1000}]
)
def test_split_takes_every_image_once_and_each_digit_in_its_share(setting):
    data, (_, labels) = digits(**setting), stored()
    rows = [data.rows[name] for name in PARTS]
    assert sorted(np.concatenate(rows)) == list(range(1797))
    sizes = [len(part) for part in rows]
    assert sizes[1:] == [setting.get("validation", 300), setting.get("test", 300)]
    for part in rows:
        share = np.bincount(labels) * len(part) / 1797
        assert (np.abs(np.bincount(labels[part], minlength=10) - share) <= 1).all()


def test_split_is_fixed_by_its_seed():
    one, same, other = digits(), digits(0), digits(1)
    for name in PARTS:
        assert np.array_equal(one.rows[name], same.rows[name])
        assert not np.array_equal(one.rows[name], other.rows[name])
        assert np.abs(np.diff(one.rows[name])).mean() > 300  # and its order is drawn
    assert one.rows["test"][:6].tolist() == [400, 1108, 1049, 60, 1495, 652]


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"validation": 9}, "validation"),
        ({"test": 0.2}, "test"),
        ({"validation": 900, "test": 900}, "validation and test"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(setting, name):
    with pytest.raises(ValueError, match=rf"^{name} (is|hold) .*: .") as caught:
        digits(**setting)
    assert "\n" not in str(caught.value)


def half(path):
    path.write_bytes((FOLDER / "digits.npz").read_bytes()[:20_000])


def flipped(path):
    data = bytearray((FOLDER / "digits.npz").read_bytes())
    data[9_000:9_100] = bytes(100)
    path.write_bytes(data)


def other_arrays(path):
    np.savez(path, pixels=np.zeros((1797, 64)), labels=np.zeros(1797, np.uint8))


BROKEN = {
    "half of it": half,
    "a hole in it": flipped,
    "nothing in it": lambda path: path.write_bytes(b""),
    "a pointer to it": lambda path: path.write_text("version https://git-lfs.github.com/spec/v1\n"),
    "arrays of another kind": other_arrays,
    "arrays of another name": lambda path: np.savez(path, images=np.zeros(3)),
    "a single array": lambda path: path.write_bytes(bytes(np.lib.format.magic(1, 0)) + b"junk"),
    "objects": lambda path: np.savez(path, pixels=np.array([{}]), labels=np.array([{}])),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_in_one_sentence(kind, tmp_path, monkeypatch):
    BROKEN[kind](tmp_path / "digits.npz")
    monkeypatch.setattr(dataset, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"digits\.npz is broken.*: install lrlab again") as caught:
        digits()
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"digits\.npz is missing: install lrlab again$"):
        digits()


def package(path, rows):
    """A wheel that holds these rows where scikit-learn has them."""
    text = "\n".join(",".join(map(str, row)) for row in rows) + "\n"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(make_digits.MEMBER, gzip.compress(text.encode()))
    return str(path)


def test_the_script_makes_the_same_file_again(tmp_path, monkeypatch):
    target = tmp_path / "digits.npz"
    monkeypatch.setattr(make_digits, "TARGET", target)
    pixels, labels = stored()
    make_digits.main([package(tmp_path / "a.whl", np.column_stack([pixels, labels]).tolist())])
    with np.load(target) as made:
        assert np.array_equal(made["pixels"], pixels)
        assert np.array_equal(made["labels"], labels)
        assert {array.dtype for array in made.values()} == {np.dtype(np.uint8)}


def test_the_script_leaves_nothing_half_written(tmp_path, monkeypatch):
    target = tmp_path / "digits.npz"
    target.write_bytes(b"as it was")
    monkeypatch.setattr(make_digits, "TARGET", target)

    def full_disk(path, **arrays):
        Path(path).write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    wheel = package(tmp_path / "a.whl", [[0] * 65] * 2)
    with pytest.raises(OSError, match="no space"):
        make_digits.main([wheel])
    assert target.read_bytes() == b"as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.whl", "digits.npz"]
