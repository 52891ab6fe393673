"""How fast to step, and when: a schedule is a pure function from steps t to learning rates.

t is 0-based and may be an array; asking twice gives the same answer, and plotting a schedule changes nothing.
A base rate may itself be an array of B rates; then t of shape (T,) gives rates of shape (T, B).
"""

from lrlab.schedules.decay import constant, step
from lrlab.schedules.rate import Feedback, Schedule, along, base_rate

SCHEDULES = {"constant": constant, "step": step}

__all__ = ["SCHEDULES", "Feedback", "Schedule", "along", "base_rate", *SCHEDULES]
