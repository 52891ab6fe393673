"""The interface strings and the lexicon: what is in them, how they are split, how the file is made, what is learnt."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from lrlab import descend
from lrlab.data import make_strings
from lrlab.datasets import FOLDER, dataset, strings
from lrlab.datasets.text import FRENCH, words_in
from lrlab.models import lexicon, softmax
from lrlab.optimizers import adam

PARTS = "train", "validation", "test"
WORDS = np.array([[0, 3, -1], [1, -1, -1], [-1, -1, -1], [2, 0, 1]])
SHARES = np.array([[1, 0, 0, 0, 0], [0, 0.5, 0.5, 0, 0], [0.2] * 5, [0, 0, 0, 0.25, 0.75]])


# ---- data


def test_strings_are_pairs_of_the_interface():
    data = strings()
    assert len(data.pairs) == len(set(data.pairs)) == 3047
    assert all(english != french for english, french in data.pairs)
    assert ("Error Loading Theme", "Erreur lors du chargement du thème") in data.pairs
    assert data.licence == "BSD-3-Clause"
    assert data.french[0] == "de"


def test_strings_with_the_same_english_words_are_in_the_same_part():
    data = strings()
    seen = [{frozenset(words_in(data.pairs[row][0], FRENCH)) for row in data.rows[name]} for name in PARTS]
    assert seen[0].isdisjoint(seen[1] | seen[2])
    assert seen[1].isdisjoint(seen[2])
    assert len(set(np.concatenate([data.rows[name] for name in PARTS]))) == sum(len(data.rows[n]) for n in PARTS)


def test_inputs_and_targets_are_the_words_of_their_row():
    data = strings()
    for name in PARTS:
        part = getattr(data, name)
        assert np.allclose(part.targets.sum(axis=1), 1)
        english, french = data.pairs[data.rows[name][5]]
        read = {data.english[i] for i in part.inputs[5] if i >= 0}
        assert read == set(words_in(english, FRENCH)) & set(data.english)
        told = {data.french[i] for i in np.nonzero(part.targets[5])[0]}
        assert told == set(words_in(french, FRENCH)) & set(data.french)
    assert data.counts.min() == 8
    assert [data.english[i] for i in data.numbers(["Restart the Kernel"])[0]] == ["restart", "the", "kernel"]


def test_split_is_fixed_by_its_seed():
    one, same, other = strings(), strings(0), strings(1)
    assert all(np.array_equal(one.rows[name], same.rows[name]) for name in PARTS)
    assert not np.array_equal(one.rows["test"], other.rows["test"])
    assert words_in("L'éditeur d'images, 2 %1", FRENCH) == ["l'", "éditeur", "d'", "images"]


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ({"seed": 0.5}, "seed"),
        ({"validation": 0}, "validation"),
        ({"test": -1}, "test"),
        ({"least": 0}, "least"),
        ({"validation": 2000, "test": 2000}, "validation and test"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(setting, name):
    with pytest.raises(ValueError, match=rf"^{name} (is|hold) .*: .") as caught:
        strings(**setting)
    assert "\n" not in str(caught.value)


def test_a_missing_or_broken_file_names_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"strings\.npz is missing: install lrlab again$"):
        strings()
    (tmp_path / "strings.npz").write_bytes((FOLDER / "strings.npz").read_bytes()[:9000])
    with pytest.raises(ValueError, match=r"strings\.npz is broken.*: install lrlab again"):
        strings()


def package(path, entries):
    """A wheel that holds these entries where the language pack has them."""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(make_strings.MEMBER.replace("*", "a"), json.dumps(entries))
        wheel.writestr("elsewhere/b.json", json.dumps({"no": ["non"]}))
    return str(path)


ENTRIES = {
    "": {"language": "fr-FR"},
    "menu\x04Open\n  file": ["Ouvrir un\nfichier"],
    "Open file": ["Ouvrir un fichier"],
    "CMake": ["CMake"],
    "%1 cell": ["%1 cellule", "%1 cellules"],
    "Not yet": [""],
}


def test_the_script_keeps_each_pair_once(tmp_path, monkeypatch):
    target = tmp_path / "strings.npz"
    monkeypatch.setattr(make_strings, "TARGET", target)
    make_strings.main([package(tmp_path / "a.whl", ENTRIES)])
    with np.load(target) as made:
        assert bytes(made["english"]).decode().split("\n") == ["Open file", "%1 cell"]
        assert bytes(made["french"]).decode().split("\n") == ["Ouvrir un fichier", "%1 cellule"]


def test_the_script_leaves_nothing_half_written(tmp_path, monkeypatch):
    target = tmp_path / "strings.npz"
    target.write_bytes(b"as it was")
    monkeypatch.setattr(make_strings, "TARGET", target)

    def full_disk(path, **arrays):
        Path(path).write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="no space"):
        make_strings.main([package(tmp_path / "a.whl", ENTRIES)])
    assert target.read_bytes() == b"as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.whl", "strings.npz"]


def test_the_table_names_what_the_script_reads():
    (row,) = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `strings.npz`")]
    name, version = make_strings.PACKAGE.split("==")
    assert f"PyPI `{name}` | {version} | `{make_strings.MEMBER}` |" in row
    assert version in strings().source


# ---- the lexicon


def test_gradient_agrees_with_finite_differences():
    net, step = lexicon(4, 5), 1e-5
    params = np.random.default_rng(0).standard_normal((3, net.dim))
    for point in params:
        nudged = point + step * np.concatenate([np.eye(net.dim), -np.eye(net.dim)])
        up, down = np.split(net.loss_and_grad(nudged, WORDS, SHARES)[0], 2)
        grad = net.loss_and_grad(point, WORDS, SHARES)[1]
        assert np.abs((up - down) / (2 * step) - grad).max() <= 1e-8
        assert np.abs(grad).max() > 1e-2
    losses, grads = net.loss_and_grad(params, WORDS, SHARES)
    alone = [net.loss_and_grad(point, WORDS, SHARES) for point in params]
    assert np.abs(losses - [loss for loss, _ in alone]).max() <= 1e-12
    assert np.abs(grads - [grad for _, grad in alone]).max() <= 1e-12


def test_with_one_word_each_it_is_softmax_without_a_bias():
    net, usual = lexicon(3, 4), softmax(3, 4)
    params, labels = np.random.default_rng(0).standard_normal(12), [0, 3, 1]
    loss, grad = net.loss_and_grad(params, [[0], [1], [2]], np.eye(4)[labels])
    other, theirs = usual.loss_and_grad(np.r_[params, np.zeros(4)], np.eye(3), labels)
    assert abs(loss - other) <= 1e-12
    assert np.abs(grad - theirs[:12]).max() <= 1e-12


def test_at_the_start_all_words_are_equally_probable():
    net = lexicon(4, 5)
    assert np.isclose(net.loss_and_grad(net.init(0), WORDS, SHARES)[0], np.log(5))
    assert net.evaluate(net.init(0), WORDS, SHARES)["accuracy"] == 0.5  # the first word stands in two of four


def test_it_learns_which_word_is_which():
    net = lexicon(2, 3)  # word 1 never comes alone: what it adds must be found out
    data = net.on([[0, 1], [0, -1], [0, 1]], [[0.5, 0.5, 0], [1, 0, 0], [0.5, 0.5, 0]])
    run = descend(data, net.init(0), 0.1, optimizer=adam(), steps=500)
    assert net.views(run.final)["lexicon.weight"].argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize(
    "targets", [[[0.5, 0.4]], [[1.5, -0.5]], [[1.0, 0.0, 0.0]], [0.5, 0.5], [["a", "b"]], [[np.nan, 1.0]]]
)
def test_shares_that_are_none_are_refused(targets):
    with pytest.raises(ValueError, match=r"^targets .*: give shares of 0 or more, 2 an example, with the sum 1"):
        lexicon(2, 2).loss_and_grad(np.zeros(4), [[0]], targets)


@pytest.mark.parametrize("setting", [(0, 3), (3, 1), (2.5, 3)])
def test_sizes_that_are_none_are_refused(setting):
    with pytest.raises(ValueError, match=r"^(words|foreign) is "):
        lexicon(*setting)
