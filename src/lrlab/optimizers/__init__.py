"""Where to step: each rule turns a gradient into a direction. None of them applies the learning rate; `descend` does.

The shape is optax's: an explicit state goes in and a new one comes out; nothing is hidden and nothing is written into.
"""

from lrlab.optimizers.adam import adam, adamax, adamw, amsgrad, nadam, radam
from lrlab.optimizers.adaptive import adadelta, adagrad, rmsprop
from lrlab.optimizers.hypergradient import adam_hd, sgd_hd
from lrlab.optimizers.momentum import asgd, sgd
from lrlab.optimizers.parameter_free import dadapt_adam, dadapt_sgd, dog, prodigy
from lrlab.optimizers.rule import Optimizer, State, at_step, checked
from lrlab.optimizers.schedule_free import schedule_free_adamw, schedule_free_sgd
from lrlab.optimizers.sign import lion, rprop

OPTIMIZERS = {
    "sgd": sgd,
    "asgd": asgd,
    "adagrad": adagrad,
    "adadelta": adadelta,
    "rmsprop": rmsprop,
    "rprop": rprop,
    "adam": adam,
    "amsgrad": amsgrad,
    "adamw": adamw,
    "adamax": adamax,
    "nadam": nadam,
    "radam": radam,
    "lion": lion,
    "dog": dog,
    "dadapt_sgd": dadapt_sgd,
    "dadapt_adam": dadapt_adam,
    "prodigy": prodigy,
    "schedule_free_sgd": schedule_free_sgd,
    "schedule_free_adamw": schedule_free_adamw,
    "sgd_hd": sgd_hd,
    "adam_hd": adam_hd,
}

__all__ = ["OPTIMIZERS", "Optimizer", "State", "at_step", "checked", *OPTIMIZERS]
