"""The review sentences: what is in them, how they are split and numbered, and how the file is made."""

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from lrlab.data import make_reviews
from lrlab.datasets import FOLDER, dataset, reviews
from lrlab.datasets.text import bags, numbered, vocabulary, words_in

PARTS = "train", "validation", "test"


def test_sentences_are_the_ones_of_the_three_sites():
    data = reviews()
    assert len(data.sentences) == 3000
    assert np.bincount(data.sites).tolist() == [1000, 1000, 1000]
    assert data.sentences[1] == "Good case, Excellent value."
    assert data.sentences[2000] == "Wow... Loved this place."
    assert data.licence == "CC BY 4.0"


def test_no_sentence_is_in_two_parts_and_labels_keep_their_share():
    data = reviews()
    seen = [{" ".join(words_in(data.sentences[row])) for row in data.rows[name]} for name in PARTS]
    assert [len(part) for part in seen] == [1972, 500, 500]  # and none comes twice in one
    assert seen[0].isdisjoint(seen[1] | seen[2])
    assert seen[1].isdisjoint(seen[2])
    for name in PARTS:
        part, rows = getattr(data, name), data.rows[name]
        assert 0.48 < part.targets.mean() < 0.52
        share = np.bincount(data.sites[rows]) / len(rows)
        assert np.abs(share - 1 / 3).max() < 0.02


def test_the_vocabulary_is_made_of_the_training_part_alone():
    data = reviews()
    words = [set(words_in(data.sentences[row])) for row in data.rows["train"]]
    assert [sum(word in one for one in words) for word in data.words[:5]] == data.counts[:5].tolist()
    assert data.counts.min() == 2
    assert (np.diff(data.counts) <= 0).all()
    for name in PARTS:
        part = getattr(data, name)
        row = part.inputs[7][part.inputs[7] >= 0]
        said = words_in(data.sentences[data.rows[name][7]])
        assert [data.words[i] for i in row] == [word for word in dict.fromkeys(said) if word in data.words]


def test_split_is_fixed_by_its_seed():
    one, same, other = reviews(), reviews(0), reviews(1)
    assert all(np.array_equal(one.rows[name], same.rows[name]) for name in PARTS)
    assert not np.array_equal(one.rows["test"], other.rows["test"])
    assert one.words == same.words


def test_numbers_and_bags_take_any_sentence():
    data = reviews()
    rows = data.numbers(["", "Great, GREAT phone!", "xyzzy"])
    assert [[data.words[i] for i in row if i >= 0] for row in rows] == [[], ["great", "phone"], []]
    bag = data.bags(rows)
    assert bag.shape == (3, len(data.words))
    assert bag.sum(axis=1).tolist() == [0, 2, 0]
    assert bag[1, rows[1, 0]] == 1
    assert data.numbers([]).shape == (0, 0)


def test_words_and_vocabularies():
    assert words_in("I DON'T like it - 3 times!") == ["i", "don't", "like", "it", "times"]
    assert words_in("don\N{RIGHT SINGLE QUOTATION MARK}t") == ["don't"]
    words, counts = vocabulary([["b", "a", "a"], ["b"], ["c"]], 1)
    assert (words, counts.tolist()) == (("b", "a", "c"), [2, 1, 1])
    rows = numbered([["c", "b", "c"], ["z"]], words)
    assert rows.tolist() == [[2, 0], [-1, -1]]
    assert bags(rows, 3).tolist() == [[1, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"validation": 2}, "validation"),
        ({"test": 0.5}, "test"),
        ({"least": 0}, "least"),
        ({"validation": 2000, "test": 2000}, "validation and test"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(setting, name):
    with pytest.raises(ValueError, match=rf"^{name} (is|hold) .*: .") as caught:
        reviews(**setting)
    assert "\n" not in str(caught.value)


def test_a_missing_or_broken_file_names_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"reviews\.npz is missing: install lrlab again$"):
        reviews()
    (tmp_path / "reviews.npz").write_bytes((FOLDER / "reviews.npz").read_bytes()[:9000])
    with pytest.raises(ValueError, match=r"reviews\.npz is broken.*: install lrlab again"):
        reviews()


def package(path, rows):
    """An archive that holds these rows, (text, class), where sentiment has them, the same for each site."""
    text = json.dumps([{"text": text, "class": label} for text, label in rows]).encode()
    with tarfile.open(path, "w:gz") as archive:
        for member in make_reviews.MEMBERS:
            info = tarfile.TarInfo(member)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return str(path)


def test_the_script_drops_the_empty_row_and_keeps_the_rest(tmp_path, monkeypatch):
    target = tmp_path / "reviews.npz"
    monkeypatch.setattr(make_reviews, "TARGET", target)
    make_reviews.main([package(tmp_path / "a.tgz", [(" Good café.  ", 1), ("Bad.", 0), ("", None)])])
    with np.load(target) as made:
        assert bytes(made["text"]).decode().split("\n") == ["Good café.", "Bad."] * 3
        assert made["positive"].tolist() == [1, 0] * 3
        assert made["site"].tolist() == [0, 0, 1, 1, 2, 2]


def test_the_script_leaves_nothing_half_written(tmp_path, monkeypatch):
    target = tmp_path / "reviews.npz"
    target.write_bytes(b"as it was")
    monkeypatch.setattr(make_reviews, "TARGET", target)

    def full_disk(path, **arrays):
        Path(path).write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="no space"):
        make_reviews.main([package(tmp_path / "a.tgz", [("Good.", 1)])])
    assert target.read_bytes() == b"as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tgz", "reviews.npz"]


def test_the_table_names_what_the_script_reads():
    (row,) = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `reviews.npz`")]
    name, version = make_reviews.PACKAGE.split("@")
    assert f"npm `{name}` | {version} |" in row
    assert all(Path(member).name in row for member in make_reviews.MEMBERS)
    assert version in reviews().source
