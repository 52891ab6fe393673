"""nbval over every exercise notebook: solved ones pass, released ones fail in each graded cell because it is empty."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from lrlab.grading import sets

NAME = "what_is_the_learning_rate"


def nbval(folder: Path, tmp_path: Path) -> tuple[int, dict[str, Counter], str]:
    """Exit code, notebook -> how its cells came out, and what was said."""
    report = tmp_path / "report.xml"
    # a configuration of its own: the kernel's and nbval's own warnings are not this project's
    (tmp_path / "nbval.ini").write_text("[pytest]\njunit_family = xunit1\n")
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=60"]
    command += [
        "-c",
        tmp_path / "nbval.ini",
        "--rootdir",
        folder,
        "-p",
        "no:cacheprovider",
        "--junitxml",
        report,
        folder,
    ]
    # where it runs as CI, pytest says everything twice
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, env=environment)
    outcomes: dict[str, Counter] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = [child.get("type") or child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        outcomes.setdefault(case.get("file"), Counter())[kinds[0] if kinds else "passed"] += 1
    return done.returncode, outcomes, done.stdout


def counted(name: str) -> tuple[int, int]:
    """How many code cells the set has, and how many of them are graded."""
    cells = json.loads(sets.path_of(name, "source").read_text(encoding="utf-8"))["cells"]
    return (
        sum(cell["cell_type"] == "code" for cell in cells),
        sum(cell["metadata"].get("nbgrader", {}).get("grade", False) for cell in cells),
    )


def test_solved_notebooks_pass_and_released_ones_fail_because_they_are_empty(tmp_path):
    code, outcomes, said = nbval(sets.EXERCISES, tmp_path)
    assert code == 0, said
    expected = {}
    for name in sets.names():
        cells, graded = counted(name)
        assert graded == len([cell for task in sets.read(name).tasks for cell in task.cells])
        expected[f"source/{name}/{name}.ipynb"] = Counter(passed=cells)
        expected[f"release/{name}/{name}.ipynb"] = Counter({"passed": cells - graded, "pytest.xfail": graded})
    assert outcomes == expected


@pytest.fixture
def leaky(tmp_path) -> Path:
    """A release in which one solution has leaked, and one answer is wrong instead of empty."""
    folder = tmp_path / "exercises"
    shutil.copytree(sets.EXERCISES / "release" / NAME, folder / "release" / NAME)
    shutil.copy(sets.EXERCISES / "conftest.py", folder)
    path = sets.path_of(NAME, "release", folder)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "update":
            cell["source"] = "def update(params, grad, lr):\n    return params - lr * grad"
        if cell["id"] == "rate":
            cell["source"] = "rate_at_the_edge = 0.3"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def test_a_leaked_solution_and_a_wrong_answer_fail_the_run(leaky, tmp_path):
    code, outcomes, said = nbval(leaky, tmp_path)
    cells, graded = counted(NAME)
    assert code == 1
    assert said.count("[XPASS(strict)] still empty") == 2  # the two checks of the leaked solution
    assert "fails, but not because it is still empty" in said
    counts = outcomes[f"release/{NAME}/{NAME}.ipynb"]
    assert counts["pytest.xfail"] == graded - 3
    assert counts["passed"] == cells - graded
