"""An instructor's day with each bundle: assign, autograde four students, feedback; each point is told beforehand."""

import csv
import functools
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from answers import BY_SET

from lrlab.grading import assign, sets

NAME = "what_is_the_learning_rate"
STUDENTS = ("right", "partly", "wrong", "empty")


def nbgrader(course: Path, *arguments: str) -> str:
    # nbgrader calls the program alembic, which stands beside this Python
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=course, capture_output=True, text=True, timeout=300, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def graded(name: str, folder: Path) -> Path:
    """The unzipped bundle with four submissions, assigned and autograded by nbgrader."""
    with zipfile.ZipFile(io.BytesIO(assign.bundle(name))) as bundle:
        bundle.extractall(folder)
    course = folder / name
    released = (course / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    for student, answers in {**BY_SET[name].STUDENTS, "empty": {}}.items():
        notebook = json.loads(released)
        answered = [cell for cell in notebook["cells"] if cell["id"] in answers]
        assert len(answered) == len(answers)
        for cell in answered:
            assert cell["metadata"]["nbgrader"]["solution"]
            cell["source"] = answers[cell["id"]]
        target = course / "submitted" / student / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")
    nbgrader(course, "generate_assignment", name, "--force")
    nbgrader(course, "autograde", name)
    return course


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    """A function that gives the graded course of a set, graded once."""
    return functools.cache(lambda name: graded(name, tmp_path_factory.mktemp("my class")))


@pytest.fixture(scope="module")
def course(courses) -> Path:
    return courses(NAME)


def scores(course: Path, name: str) -> dict[str, dict[str, list[float]]]:
    """student -> cell -> points got and points to get, as they stand in nbgrader's gradebook."""
    code = (
        "import sys, json; from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    sheets = {s: book.find_submission_notebook(sys.argv[1], sys.argv[1], s) for s in sys.argv[2:]}\n"
        "    print(json.dumps({s: {g.name: [g.score, g.max_score] for g in sheets[s].grades} for s in sheets}))"
    )
    command = [sys.executable, "-c", code, name, *STUDENTS]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", BY_SET)
def test_every_cell_gets_exactly_its_points(courses, name):
    points = {cell: (*given, 0) for cell, given in BY_SET[name].POINTS.items()}
    got = scores(courses(name), name)
    for column, student in enumerate(STUDENTS):
        assert got[student] == {cell: [given[column], given[0]] for cell, given in points.items()}, student
    totals = [sum(given[column] for given in points.values()) for column in range(4)]
    assert totals[0] == sets.read(name).points
    assert totals[0] > totals[1] > totals[2] == totals[3] == 0, "a wrong answer to every task gets nothing"


def test_the_grades_are_exported(course):
    nbgrader(course, "export")
    rows = csv.DictReader((course / "grades.csv").read_text(encoding="utf-8").splitlines())
    grades = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in rows}
    assert grades == {"right": (25, 25), "partly": (13, 25), "wrong": (0, 25), "empty": (0, 25)}


def test_the_feedback_says_the_hint_in_one_line(course):
    nbgrader(course, "generate_feedback", NAME, "--student=partly")
    page = (course / "feedback" / "partly" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert (
        "Not yet: 1/L is where overshooting begins, not where the run becomes unstable: that is twice as far." in page
    )
    assert "Traceback (most recent call last)" not in page


def test_validate_tells_a_student_the_same(course):
    said = nbgrader(course, "validate", str(Path("submitted", "partly", NAME, f"{NAME}.ipynb")))
    assert "Not yet: 1/L is where overshooting begins" in said
    assert "..." not in said.split("Not yet: 1/L")[1].splitlines()[0]
    assert "Traceback" not in said
