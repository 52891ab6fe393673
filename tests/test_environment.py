"""The scripts that make the environment: what a reader with an old or a missing Python is told."""

import os
import re
import subprocess

import pytest
from browser import ROOT


def make_environment(tmp_path, python):
    """Runs the script in a copy that holds only what it reads, with a path that has a space in it."""
    copy = tmp_path / "the course"
    (copy / ".ci").mkdir(parents=True)
    for name in (".ci/environment.sh", ".ci/constraints.txt", "requirements.txt", "pyproject.toml"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    command = ["sh", str(copy / ".ci" / "environment.sh"), "book"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHON": str(python)})
    return copy, done


def test_an_old_python_is_told_in_one_sentence(tmp_path):
    old = tmp_path / "an old" / "python-old"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\ncase "$2" in *version_info*) exit 1;; *) echo 3.9.18;; esac\n', encoding="utf-8")
    old.chmod(0o755)
    copy, done = make_environment(tmp_path, old)
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    assert re.search(
        r"needs Python 3\.11 or newer, and .*python-old is 3\.9\.18: install a newer one, or name it", sentence
    )
    assert not (copy / ".venv").exists()


def test_a_missing_python_is_told_in_one_sentence(tmp_path):
    copy, done = make_environment(tmp_path, tmp_path / "nowhere")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is missing" in done.stderr
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize("kind", ["book", "test"])
def test_an_environment_that_is_ready_is_left_alone(kind):
    """In this checkout the environment is ready: the script says nothing and does nothing."""
    if not (ROOT / ".venv" / "ready-test").exists():
        pytest.fail("this environment was not made by `make`: run `make test`")
    before = os.stat(ROOT / ".venv" / "ready-test").st_mtime_ns
    done = subprocess.run(["sh", ".ci/environment.sh", kind], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.stat(ROOT / ".venv" / "ready-test").st_mtime_ns == before


def test_every_pin_is_exact_and_has_its_reason():
    """requirements.txt, the extras and CONTRIBUTING speak of the same packages."""
    import tomllib

    wanted = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] not in "#-"]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted += [pin for pins in extras.values() for pin in pins if not pin.startswith("lrlab[")]
    reasons = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for pin in wanted:
        name, exact, _ = pin.partition("==")
        assert exact, f"{pin} is not pinned exactly"
        assert name in reasons, f"CONTRIBUTING.md gives no reason for {name}"
