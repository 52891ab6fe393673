"""The only loop there is: `descend`, and the `Trajectory` it leaves behind."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array, floats, not_negative, number, numbers, short, whole
from lrlab.objectives import Objective
from lrlab.optimizers import Optimizer, State, checked, sgd
from lrlab.schedules import Feedback, Schedule

LIMIT = 1e12  # a run with a parameter farther out than this has diverged
CHUNK = 2**13  # numbers between two looks for divergence: they still lie in the processor's cache


class Checkpoint(NamedTuple):
    """All that a run needs to go on: nothing else is remembered."""

    t: int
    params: Array
    optimizer: str
    state: State
    memory: tuple | None
    factor: Array | None
    rng: np.random.Generator | None


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Trajectory:
    """What `descend` saw, for T steps of B runs (a single run has no batch axes).

    params:      (T+1, *B, D), every point visited; None with keep="last"
    final:       (*B, D), the last point
    loss:        (T+1, *B)
    grad_norm:   (T+1, *B), Euclidean length of the gradient that was asked
    lr:          (T, *B), the rates that were really used
    diverged_at: (*B,), first row with a parameter beyond 1e12 or anything not finite; T+1 means never. From that row on
                 the run's params, loss, grad_norm and lr are NaN.
    state:       a checkpoint to go on from: hand the trajectory to `descend` as its start
    metrics:     name -> list of (t, value), from `monitor`
    """

    params: Array | None
    final: Array
    loss: Array
    grad_norm: Array
    lr: Array
    diverged_at: Array
    state: Checkpoint = field(repr=False)
    metrics: dict


def descend(
    objective: Objective,
    start,
    lr: float | Array | Schedule,
    *,
    optimizer: Optimizer | None = None,
    steps: int = 100,
    lr_scale=None,
    project: Callable[[Array], Array] | None = None,
    feedback: Feedback | None = None,
    monitor: Callable[[int, Array], dict | None] | None = None,
    keep: str = "all",
    rng: np.random.Generator | None = None,
) -> Trajectory:
    """params_{t+1} = params_t - lr_t * direction_t, for t = 0 ... steps - 1.

    objective: what is minimised; its value_and_grad is asked once a step, and once more at the last point
    start:     (D,), (*B, D), or a Trajectory to go on from (t continues: trunk and branch equal the whole run)
    lr:        >= 0: a number; an array of B numbers, all run at once along a leading batch axis; or a schedule, a
               function from an array of steps (T,) to rates (T,) or (T, B)
    optimizer: a rule from `lrlab.optimizers`; plain SGD if left out
    steps:     >= 0
    lr_scale:  (D,), >= 0: scales single coordinates by scaling the direction
    project:   params -> params, keeps them in a set after each step
    feedback:  a schedule that listens to the loss, such as a plateau; its factor multiplies the rates after it
    monitor:   (t, params (*B, D)) -> dict of metrics, or None; asked at every row, NaN where a run has diverged
    keep:      "all" points, or only the "last" (the losses are kept either way)
    rng:       a seeded numpy.random.Generator for objectives that draw; a branch goes on with a copy of its trunk's

    Divergence is a result and never a warning: see Trajectory.diverged_at; the other runs of the batch go on.
    Raises ValueError, naming the argument, for a value or a shape that does not fit.
    Source: Cauchy 1847; Robbins and Monro 1951, doi:10.1214/aoms/1177729586.

    >>> from lrlab import objectives
    >>> run = descend(objectives.parabola(), [1.0], lr=[0.5, 1.0, 2.1], steps=2)
    >>> run.params[:, :, 0].round(4).tolist()
    [[1.0, 1.0, 1.0], [0.5, 0.0, -1.1], [0.25, 0.0, 1.21]]
    """
    optimizer = sgd() if optimizer is None else checked(optimizer)
    if not hasattr(objective, "value_and_grad"):
        raise ValueError(f"objective is {short(objective)}: give a landscape, or a model.on(inputs, targets)")
    steps = whole("steps", steps, 0, "give a whole number of steps, 0 or more")
    if keep not in ("all", "last"):
        raise ValueError(f'keep is {keep!r}: give "all" for every point or "last" for the last one only')
    old = checkpoint(start, optimizer, rng)
    rates = learning_rates(lr, old.t, steps)
    batch = batch_shape(old.params, rates)
    if lr_scale is not None:
        lr_scale = scale_of(lr_scale, old.params.shape[-1])

    def spread(a):  # along the batch; C order, because the order decides how sums are rounded
        return np.array(np.broadcast_to(a, batch + a.shape[-1:]), order="C")

    rates = rates.reshape(steps, *[1] * (len(batch) + 1 - rates.ndim), *rates.shape[1:])
    rates = np.array(np.broadcast_to(rates, (steps, *batch)), order="C")[..., None]
    params, rng = spread(old.params), old.rng
    memory, factor = old.memory, old.factor
    if feedback and memory is None:
        first = rates[0] if steps else np.ones((*batch, 1))
        memory, factor = feedback.init(first), np.ones_like(first)

    record = Record(steps, params.shape, keep)
    metrics: dict = {}
    with np.errstate(all="ignore"):
        state = optimizer.init(params) if old.state is None else tuple(spread(a) for a in old.state)
        for i in range(steps + 1):
            t = old.t + i
            if i == steps:
                # going on from here asks at this point again and must see the same draw
                rng_before = copy.deepcopy(rng)
            asked = optimizer.at(params, state) if optimizer.at else params
            loss, grad = objective.value_and_grad(asked, t, rng)
            if i == 0:
                check_answer(loss, grad, params.shape)
            counts = params
            if optimizer.evaluate:
                counts = optimizer.evaluate(params, state)
                loss, _ = objective.value_and_grad(counts, t, rng)
            full = record.add(i, counts, loss, grad)
            if full or monitor:
                params[record.settle(i)] = np.nan
            if monitor:
                for name, value in (monitor(t, record.last(i)) or {}).items():
                    metrics.setdefault(name, []).append((t, value))
            if i == steps:
                break

            if feedback:
                rates[i] *= factor
            lr = rates[i]
            direction, state = optimizer.direction(grad, params, state, t, lr)
            if lr_scale is not None:
                direction = direction * lr_scale
            params = params - lr * direction
            if project:
                params = project(params)
            if feedback:
                memory, factor = feedback.update(memory, np.expand_dims(loss, -1), lr)

    params[record.settle(steps)] = np.nan
    after = Checkpoint(old.t + steps, params, optimizer.name, state, memory, factor, rng_before)
    return record.trajectory(rates[..., 0], after, metrics)


def steps_to(loss, target: float) -> Array:
    """min {t : loss_t <= target}, and T + 1 where that never happens.

    loss:   (T+1, *B), as in a Trajectory; NaN is never low enough
    target: a finite number, in the loss's own unit

    Returns whole numbers of shape (*B,).
    Raises ValueError where target is not one finite number or loss has no steps.
    Source: definition.

    >>> int(steps_to([4.0, 2.0, 1.0], 2.0)), int(steps_to([4.0, 2.0, 1.0], 0.5))
    (1, 3)
    """
    target = number("target", target, "give a finite loss to reach, such as 1e-6")
    loss = floats("loss", loss, "give the losses of a run, of shape (T+1,) or (T+1, *B)")
    if loss.ndim == 0:
        raise ValueError("loss has shape (): give the losses of a run, of shape (T+1,) or (T+1, *B)")
    reached = loss <= target
    return np.where(reached.any(axis=0), reached.argmax(axis=0), len(reached))


def checkpoint(start, optimizer: Optimizer, rng) -> Checkpoint:
    """Where the run begins: a fresh one at t = 0, or a copy of an earlier run's end."""
    if isinstance(start, Trajectory):
        old = start.state
        if old.optimizer != optimizer.name:
            raise ValueError(
                f"start is a run of {old.optimizer!r} and optimizer is {optimizer.name!r}, which cannot read its "
                "state: go on with the same optimizer, or start from run.final"
            )
        kept, wanted = len(old.state), len(optimizer.init(old.params))
        if kept != wanted:
            raise ValueError(
                f"start is a run of {old.optimizer!r} that keeps {kept} arrays of state and optimizer keeps {wanted}: "
                "go on with the same settings, momentum among them, or start from run.final"
            )
        # the generator is copied, so that one trunk can branch many times
        return old._replace(rng=copy.deepcopy(old.rng) if rng is None else rng)
    params = numbers("start", start, "give finite numbers of shape (D,) or (*B, D), such as [1.0]")
    if params.ndim == 0 or params.size == 0:
        raise ValueError(f"start has shape {params.shape}: give at least one parameter in a list, such as [1.0]")
    return Checkpoint(0, params, optimizer.name, None, None, None, rng)


def learning_rates(lr, t0: int, steps: int) -> Array:
    """The rates of all steps, (T, *B): a schedule is asked once, a number is repeated."""
    remedy = "give learning rates of 0 or more, such as 0.1"
    if not callable(lr):
        lr = numbers("lr", lr, remedy, not_negative)
        return np.broadcast_to(lr, (steps, *lr.shape))
    t = np.arange(t0, t0 + max(steps, 1))  # never an empty question: np.vectorize could not answer it
    name = getattr(lr, "__name__", repr(lr))
    wrapped = f"np.vectorize({name}, otypes=[float])"
    vectorize = f"lr is the schedule {name!r}, which failed on an array of steps; if it takes one at a time: {wrapped}"
    try:
        answer = lr(t)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{vectorize} ({error})") from error
    if np.shape(answer)[:1] != t.shape:
        raise ValueError(f"{vectorize} (for steps of shape {t.shape} it gave shape {np.shape(answer)})")
    return numbers("lr, from its schedule,", answer, remedy, not_negative)[:steps]


def batch_shape(params: Array, rates: Array) -> tuple[int, ...]:
    """The batch axes that start (*B, D) and rates (T, *B) agree on; none for a single run."""
    try:
        return np.broadcast_shapes(params.shape[:-1], rates.shape[1:])
    except ValueError:
        raise ValueError(
            f"lr has shape {rates.shape[1:]} and start {params.shape}: give one rate, or as many rates as start has "
            f"rows {params.shape[:-1]}"
        ) from None


def scale_of(lr_scale, dim: int) -> Array:
    """The factor of each coordinate, (D,)."""
    remedy = f"give {dim} factors of 0 or more, one a parameter"
    lr_scale = numbers("lr_scale", lr_scale, remedy, not_negative)
    if lr_scale.shape != (dim,):
        raise ValueError(f"lr_scale has shape {lr_scale.shape}: {remedy}")
    return lr_scale


def check_answer(loss, grad, shape: tuple[int, ...]) -> None:
    """What the objective answered, against what was asked."""
    if np.shape(loss) != shape[:-1] or np.shape(grad) != shape:
        raise ValueError(
            f"objective gave a loss of shape {np.shape(loss)} and a gradient of shape {np.shape(grad)} "
            f"for parameters of shape {shape}: they must be {shape[:-1]} and {shape}"
        )


class Record:
    """The rows of a run as it goes: filled every step, looked through for divergence a chunk at a time."""

    def __init__(self, steps: int, shape: tuple[int, ...], keep: str):
        self.all, self.steps, batch = keep == "all", steps, shape[:-1]
        self.chunk = min(steps + 1, max(8, CHUNK // int(np.prod(shape))))
        self.path = np.empty((steps + 1 if self.all else self.chunk, *shape))
        self.grads = np.empty((self.chunk, *shape))
        self.loss, self.norm = np.empty((2, steps + 1, *batch))
        self.dead, self.died = np.zeros(batch, bool), np.full(batch, steps + 1)
        self.settled = 0  # rows before this one have been looked through

    def add(self, i: int, params: Array, loss: Array, grad: Array) -> bool:
        """Keep row i; True when a chunk is full and wants to be looked through."""
        row = i % self.chunk
        self.path[i if self.all else row] = params
        self.grads[row] = grad
        self.loss[i] = loss
        return row + 1 == self.chunk

    def last(self, i: int) -> Array:
        return self.path[i % len(self.path)]

    def settle(self, i: int) -> Array:
        """Norms of the rows up to i, and NaN from where a run diverged; returns who is dead."""
        if i < self.settled:
            return self.dead
        path, grads = (a[self.settled % len(a) : i % len(a) + 1] for a in (self.path, self.grads))
        loss, norm = (a[self.settled : i + 1] for a in (self.loss, self.norm))
        norm[...] = np.sqrt(np.sum(grads * grads, axis=-1))
        self.settled, first = i + 1, self.settled
        # one look over everything is cheaper than a look at each run, and nearly always enough
        if not self.dead.any() and path.max() <= LIMIT and path.min() >= -LIMIT and np.isfinite([loss, norm]).all():
            return self.dead
        bad = ~((np.abs(path) <= LIMIT).all(axis=-1) & np.isfinite(loss) & np.isfinite(norm))
        bad[0] |= self.dead
        np.logical_or.accumulate(bad, axis=0, out=bad)
        newly = bad[-1] & ~self.dead
        self.died[newly] = first + bad.argmax(axis=0)[newly]
        path[bad] = loss[bad] = norm[bad] = np.nan
        self.dead = bad[-1].copy()
        return self.dead

    def trajectory(self, rates: Array, state: Checkpoint, metrics: dict) -> Trajectory:
        step = np.arange(self.steps).reshape(-1, *[1] * self.died.ndim)
        rates[step >= self.died] = np.nan
        path = self.path if self.all else None
        return Trajectory(
            path, self.last(self.steps).copy(), self.loss, self.norm, rates, self.died[()], state, metrics
        )
