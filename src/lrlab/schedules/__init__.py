"""How fast to step, and when: a schedule is a pure function from steps t to learning rates.

t is 0-based and may be an array; asking twice gives the same answer, and plotting a schedule changes nothing.
A base rate may itself be an array of B rates; then t of shape (T,) gives rates of shape (T, B). One step and one base
rate give a float. t may be a fraction where that makes sense, which is everywhere but in `multiplicative`.
A step below 0, or one that is not finite, is a ValueError.

Any schedule can drive PyTorch: an optimizer with lr 1 leaves the whole rate to the schedule.

    from torch.optim.lr_scheduler import LambdaLR
    from lrlab.schedules import cosine, warmup

    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = LambdaLR(optimizer, warmup(cosine(0.1, T_max=9_500), steps=500))
    for x, y in batches:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
        scheduler.step()  # once a step, because the schedule counts steps
"""

from lrlab.schedules.compose import by_epoch, join, product, warmup, wsd
from lrlab.schedules.cycles import cosine_restarts, cyclic, cyclic_momentum, one_cycle, one_cycle_momentum
from lrlab.schedules.decay import (
    constant,
    cosine,
    exponential,
    inverse_sqrt,
    inverse_time,
    linear,
    multi_step,
    multiplicative,
    polynomial,
    scaled,
    step,
)
from lrlab.schedules.feedback import averaged, plateau, replay
from lrlab.schedules.rate import Feedback, Schedule, along, base_rate

SCHEDULES = {
    "constant": constant,
    "step": step,
    "multi_step": multi_step,
    "exponential": exponential,
    "polynomial": polynomial,
    "linear": linear,
    "inverse_time": inverse_time,
    "inverse_sqrt": inverse_sqrt,
    "cosine": cosine,
    "cosine_restarts": cosine_restarts,
    "cyclic": cyclic,
    "one_cycle": one_cycle,
    "scaled": scaled,
    "multiplicative": multiplicative,
    "warmup": warmup,
    "wsd": wsd,
    "join": join,
    "product": product,
    "by_epoch": by_epoch,
    "replay": replay,
}
MOMENTA = {"cyclic_momentum": cyclic_momentum, "one_cycle_momentum": one_cycle_momentum}
FEEDBACKS = {"plateau": plateau}

__all__ = [
    "FEEDBACKS",
    "MOMENTA",
    "SCHEDULES",
    "Feedback",
    "Schedule",
    "along",
    "averaged",
    "base_rate",
    *FEEDBACKS,
    *MOMENTA,
    *SCHEDULES,
]
