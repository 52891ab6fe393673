"""Hints for the exercises: `check` compares an answer with what right is, and knows the usual mistakes by name.

A task is data: what right is, the questions that are put to an answer, and a list of mistakes, each with its sentence.
A mistake is told by doing it: a wrong function that errs in just that way stands beside its sentence, and where the
student's function gives what the wrong one gives, the sentence is said. Each set of exercises has its module of tasks
here, and TASKS holds them all.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from lrlab.checks import (
    adam,
    capstone,
    computer_vision,
    deep_networks,
    finding_one,
    judging,
    language,
    medicine,
    schedules,
    too_high_too_low,
    what_is_the_learning_rate,
)
from lrlab.checks.judging import Endless, FunctionTask, Hint, ValueTask, is_empty, watched

__all__ = ["SETS", "SOLUTIONS", "TASKS", "Hint", "check", "drawing", "hint", "solution"]

Task = FunctionTask | ValueTask
# the sets of exercises in the order of the course, each with its tasks
SETS: dict[str, dict[str, Task]] = {
    module.__name__.rpartition(".")[2]: module.TASKS
    for module in (
        what_is_the_learning_rate,
        too_high_too_low,
        schedules,
        adam,
        finding_one,
        computer_vision,
        language,
        medicine,
        deep_networks,
        capstone,
    )
}
TASKS: dict[str, Task] = {name: task for tasks in SETS.values() for name, task in tasks.items()}
PATIENCE = 5
SOLUTIONS = "solutions.json"  # lies beside a notebook where its solutions are given out


def check(name: str, answer: Any, part: str | None = None, probes: tuple | None = None) -> None:
    """right(answer) -> one line that says what was verified; else a `Hint` with one sentence.

    name:   a row of TASKS
    answer: the student's function or value
    part:   for a function, which of the task's lists of questions to ask; all of them if left out
    probes: for a function, questions to ask instead: a tuple of tuples of arguments

    Raises Hint (an AssertionError) for an answer that is not right, ValueError for an unknown name or part.
    Source: our own, after the checks of Kaggle's learntools.

    >>> check("update", lambda params, grad, lr: params - lr * grad, "numbers")
    Right: your step goes downhill, as far as lr times the gradient.
    """
    print(f"Right: {task(name).judge(name, answer, part, probes)}")


def hint(name: str, number: int = 1) -> None:
    """Print hint `number` of a task; each says more than the one before.

    name:   a row of TASKS
    number: >= 1; past the last one it is the last

    Raises ValueError for a name that does not exist.
    Source: our own, after the hints of Kaggle's learntools.

    >>> hint("update", 2)
    Hint 2 of 3: the step is lr * grad, and it goes against the gradient. (More: checks.hint("update", 3))
    """
    hints = task(name).hints
    number = min(max(1, number), len(hints))
    more = f' (More: checks.hint("{name}", {number + 1}))' if number < len(hints) else ""
    print(f"Hint {number} of {len(hints)}: {hints[number - 1]}{more}")


def solution(name: str) -> None:
    """Print one right answer to a task, where the instructor has given the solutions out.

    name: a row of TASKS

    They are given out as a file beside the notebook, solutions.json, which holds task -> code: `make assign` puts one
    into the instructor's bundle, `make solutions` lays one beside each notebook of a clone.

    Raises ValueError for a name that does not exist.
    Source: our own.

    >>> solution("update")
    No solutions.json lies beside this notebook: the solutions are not given out. checks.hint("update", 3) says most.
    """
    most = f'checks.hint("{name}", {len(task(name).hints)}) says most.'
    try:
        told = json.loads(Path(SOLUTIONS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        print(f"No {SOLUTIONS} lies beside this notebook: the solutions are not given out. {most}")
    except ValueError:
        print(f"{SOLUTIONS} beside this notebook is broken: ask for it once more. {most}")
    else:
        print(told.get(name, f"{SOLUTIONS} beside this notebook is another set's: {name} is not in it. {most}"))


@contextlib.contextmanager
def drawing(*answers):
    """Draw a picture of the student's own work, or say in one line that there is nothing to draw yet.

    answers: the values that the picture needs, so that an empty one can be told

    Source: our own.

    >>> with drawing(...):
    ...     print(1 + ...)
    Nothing to draw yet: the task above is still empty.
    """
    try:
        with watched(PATIENCE * judging.SECONDS):  # a picture may call the answer for a whole training
            yield
    except (Exception, Endless) as error:
        pyplot = sys.modules.get("matplotlib.pyplot")
        reason = f"with your answer as it is, Python says {type(error).__name__}: {error}"
        if isinstance(error, Hint):
            reason = str(error)
        if isinstance(error, Endless):
            reason = "your function is not done in time: a loop without end, or very many steps?"
        if isinstance(error, NotImplementedError) or any(is_empty(answer) for answer in answers):
            reason = "the task above is still empty."
            if pyplot:
                pyplot.close("all")
        drawn = pyplot is not None and pyplot.get_fignums()
        print(f"{'Drawn as far as it goes' if drawn else 'Nothing to draw yet'}: {reason}")


def task(name: str) -> Task:
    """The row of TASKS with this name."""
    if name not in TASKS:
        raise ValueError(f"name is {name!r}: the tasks are {', '.join(TASKS)}")
    return TASKS[name]
