"""A set of exercises, read from its source notebook: the one place where its title, minutes and points stand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lrlab.checks import SETS

EXERCISES = Path(__file__).resolve().parents[3] / "exercises"


CHECK = re.compile(r'checks\.check\("(\w+)"')


class Task(NamedTuple):
    """What a student does, the minutes it takes, and what is graded.

    cells:   the graded cells (nbgrader's grade_id -> points)
    answers: the names in `lrlab.checks.TASKS` that these cells check
    """

    title: str
    does: str
    minutes: int
    cells: dict[str, float]
    answers: tuple[str, ...]

    @property
    def points(self) -> float:
        return sum(self.cells.values())


class ExerciseSet(NamedTuple):
    """A notebook of tasks for one chapter."""

    name: str
    title: str
    chapter: str
    prerequisites: tuple[str, ...]
    outcomes: tuple[str, ...]
    tasks: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)

    @property
    def points(self) -> float:
        return sum(task.points for task in self.tasks)


def names(exercises: Path = EXERCISES) -> list[str]:
    """The sets there are, in the order of the course."""
    found = {path.stem for path in (exercises / "source").glob("*/*.ipynb") if path.stem == path.parent.name}
    return [*(name for name in SETS if name in found), *sorted(found - set(SETS))]


def path_of(name: str, kind: str, exercises: Path = EXERCISES) -> Path:
    """The notebook of a set; kind is "source" (with the solutions) or "release" (for students)."""
    return exercises / kind / name / f"{name}.ipynb"


def released(name: str) -> str:
    """The students' notebook of a set, as a path in the book."""
    return path_of(name, "release", Path("exercises")).as_posix()


def source(name: str, exercises: Path = EXERCISES) -> dict:
    """The source notebook of a set."""
    return json.loads(path_of(name, "source", exercises).read_text(encoding="utf-8"))


def cells(notebook: dict, kind: str) -> Iterator[tuple[dict, str]]:
    """What nbgrader knows of each cell of a kind, "grade" or "solution", and the cell's text."""
    for cell in notebook["cells"]:
        grading = cell["metadata"].get("nbgrader", {})
        if grading.get(kind):
            yield grading, "".join(cell["source"])


def read(name: str, exercises: Path = EXERCISES) -> ExerciseSet:
    """A set by its name; ValueError, with the names there are, where it does not exist or its facts do not fit."""
    if name not in names(exercises):
        known = ", ".join(names(exercises)) or "none yet"
        raise ValueError(f"there is no set of exercises called {name!r}; the sets are: {known}")
    notebook = source(name, exercises)
    about = notebook["metadata"]["lrlab"]
    points, answers = {}, {}
    for grading, text in cells(notebook, "grade"):
        points[grading["grade_id"]] = grading["points"]
        answers[grading["grade_id"]] = CHECK.findall(text)
    listed = [cell for task in about["tasks"] for cell in task["cells"]]
    if sorted(listed) != sorted(points):
        odd = ", ".join(sorted(set(listed) ^ set(points))) or "one of them twice"
        raise ValueError(f"{name}: metadata.lrlab.tasks must list each graded cell once; look at {odd}")
    tasks = (
        Task(
            **{key: task[key] for key in ("title", "does", "minutes")},
            cells={cell: points[cell] for cell in task["cells"]},
            answers=tuple(dict.fromkeys(answer for cell in task["cells"] for answer in answers[cell])),
        )
        for task in about["tasks"]
    )
    facts = (about["title"], about["chapter"], tuple(about["prerequisites"]), tuple(about["outcomes"]))
    return ExerciseSet(name, *facts, tuple(tasks))
