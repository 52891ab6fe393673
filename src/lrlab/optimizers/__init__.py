"""Where to step: each rule turns a gradient into a direction. None of them applies the learning rate; `descend` does.

The shape is optax's: an explicit state goes in and a new one comes out; nothing is hidden and nothing is written into.
"""

from lrlab.optimizers.momentum import sgd
from lrlab.optimizers.rule import Optimizer, State, at_step

OPTIMIZERS = {"sgd": sgd}

__all__ = ["OPTIMIZERS", "Optimizer", "State", "at_step", *OPTIMIZERS]
