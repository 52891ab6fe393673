"""python -m lrlab.grading.solutions: the solutions beside each notebook of this clone, for `checks.solution`."""

import re
import sys
from pathlib import Path

from lrlab.checks import SETS, SOLUTIONS
from lrlab.grading import sets
from lrlab.grading.release import as_text, write

MARKS = re.compile(r" *### (?:BEGIN|END) SOLUTION\n?")
STUB = re.compile(r"^ *raise NotImplementedError.*\n?|^\w+ = \.\.\..*\n|^\w+ = \{\n(?: .*\.\.\.,\n)+\}\n", re.M)


def solutions(name: str, exercises: Path = sets.EXERCISES) -> dict[str, str]:
    """Task -> code, from the cells of the source between which students write."""
    answered = sets.cells(sets.source(name, exercises), "solution")
    found = (STUB.sub("", MARKS.sub("", text)).strip() for _, text in answered)
    return {named(code, list(SETS[name])): code for code in found}


def named(code: str, tasks: list[str]) -> str:
    """The task that a cell answers: the one whose name it defines."""
    return next(task for task in tasks if re.search(rf"^(?:def )?{task}\b", code, re.M))


def main(exercises: Path = sets.EXERCISES) -> int:
    """Write solutions.json into the folder of every released notebook; git does not know these files."""
    for name in sets.names(exercises):
        path = sets.path_of(name, "release", exercises).with_name(SOLUTIONS)
        write(path, as_text(solutions(name, exercises)))
        print(f"{path.relative_to(exercises.parent)}: checks.solution answers in this folder's notebook now")
    return 0


if __name__ == "__main__":
    sys.exit(main())
