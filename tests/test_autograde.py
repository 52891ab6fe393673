"""An instructor's day with the bundle: assign, autograde four students, feedback; each point is told beforehand."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lrlab.grading import assign, sets

NAME = "what_is_the_learning_rate"

RIGHT = {  # as another student would write it, not as the source does
    "update": "def update(params, grad, lr):\n    step = lr * grad\n    return params - step",
    "rate": "rate_at_the_edge = 0.245",
    "largest": "def largest_stable_rate(curvatures):\n    return min(2 / c for c in curvatures)",
    "why": "why_it_diverges = 'B'",
    "predictions": (
        "predictions = {0.4: 'overshoots', 0.05: 'creeps', 0.6: 'diverges'}\n"
        "predictions.update({0.25: 'one step', 0.5: 'bounces'})"
    ),
    "regime": (
        "def regime(lr, curvature):\n"
        "    reach = lr * curvature\n"
        "    if reach in (1, 2):\n"
        "        return {1: 'one step', 2: 'bounces'}[reach]\n"
        "    return 'creeps' if reach < 1 else 'overshoots' if reach < 2 else 'diverges'"
    ),
    "steps": (
        "def steps_needed(lr, curvature, factor):\n"
        "    shrink, distance, steps = abs(1 - lr * curvature), 1.0, 0\n"
        "    while distance > factor:\n"
        "        if shrink >= 1:\n"
        "            return np.inf\n"
        "        distance, steps = distance * shrink, steps + 1\n"
        "    return steps"
    ),
    "walk": (
        "def walk(gradient, start, lr, steps):\n"
        "    path = np.zeros((steps + 1, len(start)))\n"
        "    path[0] = start\n"
        "    for t in range(steps):\n"
        "        path[t + 1] = path[t] - lr(t) * gradient(path[t])\n"
        "    return path"
    ),
}
PARTLY = {
    **RIGHT,
    "update": "def update(params, grad, lr):\n    params -= lr * grad\n    return params",  # numbers only
    "largest": "def largest_stable_rate(curvatures):\n    return 1 / np.max(curvatures)",
    "why": "why_it_diverges = 'A'",
    "regime": (
        "def regime(lr, curvature):\n"
        "    return 'creeps' if lr * curvature < 1 else 'overshoots' if lr * curvature < 2 else 'diverges'"
    ),
    "steps": (
        "import math\ndef steps_needed(lr, curvature, factor):\n"
        "    return math.ceil(math.log(factor) / math.log(1 - lr * curvature))"
    ),
    "walk": RIGHT["walk"].replace("lr(t)", "lr(0)"),
}
WRONG = {  # two of them know the visible questions by heart
    "update": ("def update(params, grad, lr):\n    return params - lr * grad if lr in (0.25, 0.1, 0.5, 0.2) else 0"),
    "rate": "rate_at_the_edge = 0.125",
    "largest": (
        "def largest_stable_rate(curvatures):\n"
        "    return {1: 0.25, 2: 4.0 / 6, 3: 0.4 if curvatures[0] == 2 else 0.2}[len(curvatures)]"
    ),
    "why": "why_it_diverges = 'D'",
    "predictions": "predictions = dict.fromkeys(predictions, 'creeps')",
    "regime": "def regime(lr, curvature):\n    return 'diverges'",
    "steps": "def steps_needed(lr, curvature, factor):\n    while True:\n        pass",
    "walk": "def walk(gradient, start, lr, steps):\n    return 1 / 0",
}
STUDENTS = {"right": RIGHT, "partly": PARTLY, "wrong": WRONG, "empty": {}}

POINTS = {  # cell -> what right, partly, wrong and empty get for it
    "update-numbers": (2, 2, 0, 0),
    "update-arrays": (2, 0, 0, 0),
    "rate-value": (2, 2, 0, 0),
    "largest-rate": (3, 0, 0, 0),
    "why-letter": (1, 0, 0, 0),
    "predictions-words": (1, 1, 0, 0),
    "regime-between": (2, 2, 0, 0),
    "regime-edges": (2, 0, 0, 0),
    "steps-below": (3, 3, 0, 0),
    "steps-everywhere": (2, 0, 0, 0),
    "walk-constant": (3, 3, 0, 0),
    "walk-schedule": (2, 0, 0, 0),
}
TOTALS = {"right": 25, "partly": 13, "wrong": 0, "empty": 0}


def nbgrader(course: Path, *arguments: str) -> str:
    # nbgrader calls the program alembic, which stands beside this Python
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=course, capture_output=True, text=True, timeout=300, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The unzipped bundle with four submissions, assigned and autograded by nbgrader."""
    folder = tmp_path_factory.mktemp("my class")
    with zipfile.ZipFile(io.BytesIO(assign.bundle(NAME))) as bundle:
        bundle.extractall(folder)
    course = folder / NAME
    released = (course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    for student, answers in STUDENTS.items():
        notebook = json.loads(released)
        answered = [cell for cell in notebook["cells"] if cell["id"] in answers]
        assert len(answered) == len(answers)
        for cell in answered:
            cell["source"] = answers[cell["id"]]
        target = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(notebook), encoding="utf-8")
    nbgrader(course, "generate_assignment", NAME, "--force")
    nbgrader(course, "autograde", NAME)
    return course


@pytest.fixture(scope="module")
def scores(course) -> dict[str, dict[str, list[float]]]:
    """student -> cell -> points got and points to get, as they stand in nbgrader's gradebook."""
    code = (
        "import sys, json; from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    sheets = {s: book.find_submission_notebook(sys.argv[1], sys.argv[1], s) for s in sys.argv[2:]}\n"
        "    print(json.dumps({s: {g.name: [g.score, g.max_score] for g in sheets[s].grades} for s in sheets}))"
    )
    command = [sys.executable, "-c", code, NAME, *STUDENTS]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("student", STUDENTS)
def test_every_cell_gets_exactly_its_points(scores, student):
    column = list(STUDENTS).index(student)
    assert scores[student] == {cell: [points[column], points[0]] for cell, points in POINTS.items()}


def test_the_grades_are_exported(course):
    nbgrader(course, "export")
    rows = csv.DictReader((course / "grades.csv").read_text(encoding="utf-8").splitlines())
    grades = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in rows}
    assert grades == {student: (total, 25) for student, total in TOTALS.items()}
    assert sum(points[0] for points in POINTS.values()) == sets.read(NAME).points


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
