"""Schedules that listen to the loss: their state is explicit, and all runs of a batch are heard at once."""

import numpy as np

from lrlab.arguments import floats, not_negative, number
from lrlab.schedules.compose import SCHEDULE, ask, level
from lrlab.schedules.rate import Feedback, Schedule, count, function, one_of, schedule_of


def plateau(
    mode: str = "min",
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    threshold_mode: str = "rel",
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
) -> Feedback:
    """lr = max(lr * factor, min_lr) once more than `patience` steps in a row brought nothing better than the best.

    mode:           "min" for a loss, "max" for a score
    factor:         0 to below 1, of each cut
    patience:       >= 0, steps without progress that are forgiven; a cut comes at the next one
    threshold:      >= 0, progress is loss < best * (1 - threshold) for "rel", loss < best - threshold for "abs"
    threshold_mode: "rel" (threshold below 1) or "abs"; with "rel" and a loss below 0 standing still counts as progress
    cooldown:       >= 0, steps after a cut that are not counted
    min_lr:         >= 0, no cut goes below; the schedule beneath may
    eps:            >= 0, a cut of the rate by less is left out

    For `descend`'s feedback: one look a step, where PyTorch has one an epoch; `averaged` makes it look once an epoch.
    The cuts multiply whatever schedule lies beneath. Keras and Optax cut one look earlier, at `patience` bad ones;
    Keras's min_delta is absolute. A loss that is NaN is no progress.

    Raises ValueError for a value out of range.
    Source: torch.optim.lr_scheduler.ReduceLROnPlateau.

    >>> from lrlab import descend, objectives
    >>> run = descend(objectives.parabola(), [1.0], 2.0, feedback=plateau(patience=1), steps=6)
    >>> run.lr.round(4).tolist()
    [2.0, 2.0, 2.0, 0.2, 0.2, 0.2]
    """
    one_of("mode", mode, ("min", "max"))
    one_of("threshold_mode", threshold_mode, ("rel", "abs"))
    factor = number("factor", factor, "give 0 or more and less than 1, such as 0.1", lambda x: (x >= 0) & (x < 1))
    patience = count("patience", patience, 0, "give a whole number of steps, such as 10")
    threshold = number("threshold", threshold, "give 0 or more, such as 1e-4", not_negative)
    if threshold_mode == "rel" and threshold >= 1:
        raise ValueError(f'threshold holds {threshold:g}: give less than 1, or threshold_mode "abs"')
    cooldown = count("cooldown", cooldown, 0, "give a whole number of steps, 0 or more")
    min_lr = number("min_lr", min_lr, "give a rate of 0 or more, such as 1e-6", not_negative)
    eps = number("eps", eps, "give 0 or more, such as 1e-8", not_negative)
    sign = 1.0 if mode == "min" else -1.0

    def better(loss, best):
        goal = best * (1 - sign * threshold) if threshold_mode == "rel" else best - sign * threshold
        return sign * loss < sign * goal

    def init(lr):
        one = np.ones_like(lr)
        return sign * np.inf * one, 0 * one, 0 * one, one

    def update(memory, loss, lr):
        best, bad, cooling, so_far = memory
        progress = better(loss, best)
        best = np.where(progress, loss, best)
        bad = np.where(progress | (cooling > 0), 0.0, bad + 1)
        cut, cooling = bad > patience, np.maximum(cooling - 1, 0)
        bad, cooling = np.where(cut, 0.0, bad), np.where(cut, float(cooldown), cooling)
        worth = cut & (lr - np.maximum(lr * factor, min_lr) > eps)
        # the factor is of the rates beneath, lr / so_far, so that min_lr is not reached by a product of roundings
        lowest = np.divide(min_lr * so_far, lr, out=np.zeros_like(so_far * lr), where=lr > 0)
        so_far = np.where(worth, np.maximum(so_far * factor, lowest), so_far)
        return (best, bad, cooling, so_far), so_far

    return Feedback(init, update)


def averaged(feedback: Feedback, steps: int) -> Feedback:
    """Ask feedback once every `steps` steps, with the mean of their losses.

    feedback: such as plateau()
    steps:    >= 1: the batches in an epoch, or enough of them to see the loss through the noise

    So patience counts epochs, as in PyTorch; Optax's reduce_on_plateau calls `steps` accumulation_size.

    Raises ValueError for a value out of range.
    Source: definition.

    >>> from lrlab import schedules
    >>> noise = [1.0, 3.0] * 4
    >>> schedules.replay(schedules.constant(1.0), averaged(plateau(patience=1), steps=2), noise)(np.arange(8)).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1]
    """
    check_feedback(feedback)
    steps = count("steps", steps, 1, "give a whole number of steps from 1 up, such as 50")

    def init(lr):
        return (np.zeros(()), np.zeros_like(lr), np.ones_like(lr), *feedback.init(lr))

    def update(memory, loss, lr):
        seen, total, so_far, *inner = memory
        seen, total = seen + 1, total + loss
        if seen < steps:
            return (seen, total, so_far, *inner), so_far
        inner, so_far = feedback.update(tuple(inner), total / steps, lr)
        return (np.zeros(()), np.zeros_like(total), so_far, *inner), so_far

    return Feedback(init, update)


def replay(schedule: Schedule, feedback: Feedback, losses) -> Schedule:
    """lr_t = schedule(t) * (the factor of feedback after losses[0], ..., losses[t - 1]).

    schedule: what lies beneath, such as constant(0.1)
    feedback: such as plateau()
    losses:   (T,), or (T, B) for B runs: what feedback would have heard; after them the factor stays

    What a feedback would do to a loss curve that is known already, as a pure function of the step.

    Raises ValueError where losses has no steps or its runs do not fit the schedule's.
    Source: definition.

    >>> from lrlab.schedules import constant
    >>> replay(constant(1.0), plateau(patience=1), [3.0, 2.0, 2.0, 2.0, 2.0])(np.arange(6)).round(4).tolist()
    [1.0, 1.0, 1.0, 1.0, 0.1, 0.1]
    """
    function("schedule", schedule, SCHEDULE)
    check_feedback(feedback)
    losses = floats("losses", losses, "give the losses of a run, of shape (T,) or (T, B)")
    if losses.ndim == 0 or len(losses) == 0:
        raise ValueError(f"losses has shape {losses.shape}: give the losses of a run, of shape (T,) or (T, B)")
    beneath = ask(schedule, np.arange(len(losses)))
    try:
        batch = np.broadcast_shapes(losses.shape[1:], beneath.shape[1:])
    except ValueError:
        raise ValueError(
            f"losses has shape {losses.shape} and the rates {beneath.shape}: give as many runs of each"
        ) from None
    losses, beneath = (
        np.broadcast_to(a.reshape(len(a), *(1,) * (len(batch) + 1 - a.ndim), *a.shape[1:]), (len(a), *batch))[..., None]
        for a in (losses, beneath)
    )
    memory = feedback.init(beneath[0])
    factors = [np.ones_like(beneath[0])]
    with np.errstate(all="ignore"):  # as in descend: a loss may be inf or NaN
        for loss, lr in zip(losses, beneath, strict=True):
            memory, factor = feedback.update(memory, loss, lr * factors[-1])
            factors.append(factor)
    factors = np.stack(factors)[..., 0]

    def rate(t):
        rates, factor = level([ask(schedule, t), factors[np.minimum(t, len(losses)).astype(int)]], t)
        return rates * factor

    return schedule_of(np.array(1.0), rate)


def check_feedback(feedback) -> None:
    """A feedback, and not the function that makes one."""
    if not isinstance(feedback, Feedback):
        raise ValueError(f"feedback is {feedback!r}: give a feedback, such as plateau()")
