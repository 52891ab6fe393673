"""Students: for every set of exercises a module of right and wrong answers to each task, and whole notebooks of them.

RIGHT:    task -> answers that are right, two at least, written in other ways than the solution
WRONG:    task -> (a wrong answer as a student writes it, words of the sentence that must answer it)
STUDENTS: right, partly and wrong, each cell -> what the student wrote into it
POINTS:   graded cell -> the points that right, partly and wrong get for it
"""

from importlib import import_module

from lrlab.checks import SETS

BY_SET = {name: import_module(f"answers.{name}") for name in SETS}
RIGHT = {task: answers for module in BY_SET.values() for task, answers in module.RIGHT.items()}
WRONG = {task: answers for module in BY_SET.values() for task, answers in module.WRONG.items()}
