"""Grid search, random search, and a sweep of rates all at once; every configuration with several seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from lrlab.arguments import Array, floats, not_negative, numbers, short, whole
from lrlab.descent import Trajectory, descend
from lrlab.objectives import Objective
from lrlab.optimizers import Optimizer, checked, sgd
from lrlab.schedules import Schedule
from lrlab.tuning.journal import Journal
from lrlab.tuning.progress import bar
from lrlab.tuning.results import Search
from lrlab.tuning.seeds import BANDS, begin, seeds_of, summary
from lrlab.tuning.space import Axis, choice, combinations, edges, grid_values, random_points, space_of

RUNS = "give a budget of runs that covers every seed of at least one configuration"


def grid_search(
    train: Callable[..., float],
    space: Mapping,
    runs: int | None = None,
    *,
    seeds=5,
    band: str = "quartiles",
    resume=None,
    quiet: bool | None = None,
) -> Search:
    """score = train(**configuration, seed=s) for every combination of the axes' values and every seed s.

    train:  called with one value for each name in space and the seed of one numpy.random.Generator; returns the score
            of that run, a number, the lower the better. Not finite means diverged: it counts as inf and ranks last.
    space:  name -> axis: (low, high) or log(low, high, points), linear(...), choice(options)
    runs:   the whole budget, configurations times seeds: axes without points get as many as it allows
    seeds:  how many (5 means 0 to 4), or a list
    band:   around the median: "quartiles", or "range" for the lowest and the highest
    resume: a file (JSON lines): runs that are in it are not run again, others are added as they finish. A grid may
            grow by seeds. The file knows the space, not your code: another `train` needs another file.
    quiet:  True: no progress bar; False: one, after the first second; None: only in a terminal or a live notebook

    With k points an axis, d axes cost k**d configurations, of which only k differ in the axis that matters.
    An interruption (Ctrl-C, the stop button) gives back what has been run so far, and says so in `warnings`.

    Returns a Search; `plots` draws it.
    Raises ValueError for a value out of range, and for a file that holds another search.
    Source: definition.

    >>> from lrlab import objectives, optimizers
    >>> from lrlab.tuning import linear, log
    >>> def train(lr, momentum, seed):
    ...     rule = optimizers.sgd(momentum)
    ...     return descend(objectives.quadratic((1.0, 25.0)), [1.0, 1.0], lr, optimizer=rule, steps=50).loss[-1]
    >>> search = grid_search(train, {"lr": log(0.001, 1.0, 4), "momentum": linear(0.0, 0.9, 3)}, seeds=1)
    >>> search.chosen
    {'lr': 0.1, 'momentum': 0.45}
    """
    space, seeds = space_of(space), seeds_of(seeds)
    most = None if runs is None else configurations_for(runs, seeds)
    values = grid_values(space, most)
    settings = {"search": "grid", "space": values}
    return search("grid", space, combinations(values), seeds, one_by_one(train), settings, band, resume, quiet)


def random_search(
    train: Callable[..., float],
    space: Mapping,
    runs: int,
    *,
    seeds=5,
    draw_seed: int = 0,
    band: str = "quartiles",
    resume=None,
    quiet: bool | None = None,
) -> Search:
    """score = train(**configuration, seed=s), each configuration drawn from the space, uniform in each axis' scale.

    train, space, seeds, band, resume, quiet: as in `grid_search`; the same file takes more runs or seeds later
    runs:      the whole budget: runs // seeds configurations are drawn
    draw_seed: seed of the numpy.random.Generator that draws them. The same draw_seed draws the same configurations
               whatever was run before, and the first ones do not depend on how many there are.

    Of n draws at least one lies in the best share p of the space with probability 1 - (1 - p)**n, whatever the number
    of axes: 60 draws find the best 5 % with 95 %. A grid of as many points tries fewer values of the axis that matters.
    In an axis that does not matter the best draw is the smallest or the largest with probability 2 / n: a warning about
    that edge is then luck.

    Returns a Search; `plots` draws it.
    Raises ValueError for a value out of range, and for a file that holds another search.
    Source: Bergstra and Bengio 2012, jmlr.org/papers/v13/bergstra12a.html.

    >>> def train(lr, seed):
    ...     return abs(np.log10(lr) + 2)
    >>> search = random_search(train, {"lr": (1e-5, 1.0)}, runs=100)
    >>> len(search.configurations), round(search.chosen["lr"], 4)
    (20, 0.0108)
    """
    space, seeds = space_of(space), seeds_of(seeds)
    draw_seed = whole("draw_seed", draw_seed, 0, "give a whole number of 0 or more")
    count = configurations_for(runs, seeds)
    configurations = random_points(space, count, np.random.default_rng(draw_seed))
    # neither runs nor seeds: both may grow
    settings = {"search": "random", "draw_seed": draw_seed, "space": {name: vars(axis) for name, axis in space.items()}}
    return search("random", space, configurations, seeds, one_by_one(train), settings, band, resume, quiet)


def sweep(
    objective: Objective,
    start,
    lr,
    *,
    steps: int = 100,
    seeds=5,
    optimizer: Optimizer | None = None,
    schedule: Callable[[Array], Schedule] | None = None,
    score: Callable[[Trajectory], Array] | None = None,
    band: str = "quartiles",
    resume=None,
    quiet: bool | None = None,
) -> Search:
    """score_{b,s} = score(run b of descend(objective, start, lr (B,), rng=default_rng(s))): all rates at once.

    objective: what is minimised
    start:     as `descend`'s, for one run; or a function of a seeded generator that gives it, such as a model's init
    lr:        (B,) rates of 0 or more, or an axis with points, such as log(1e-3, 1.0, 13)
    steps:     >= 1
    seeds:     how many, or a list: numpy.random.default_rng(seed) draws the start and then the minibatches, which all
               rates of that seed share
    optimizer: a rule from `lrlab.optimizers`; plain SGD if left out
    schedule:  peak rates (B,) -> schedule, such as lambda lr: cosine(lr, T_max=1000); constant if left out
    score:     Trajectory (without params, see `final`) -> (B,), the lower the better, such as a validation loss of
               `final`; the mean loss of the last tenth of the run if left out, because one minibatch's loss is luck
    band, resume, quiet: as in `grid_search`; the file knows the rates, the steps and the optimizer's name, no more

    The B runs share every step: 16 rates at once are 14 times as fast as one after the other on a landscape, twice as
    fast on a small net.

    Returns a Search with the one axis "lr", its rates rising; `plots` draws it.
    Raises ValueError for a value out of range, and for a file that holds another search.
    Source: definition.

    >>> from lrlab import objectives
    >>> from lrlab.tuning import log
    >>> search = sweep(objectives.quadratic((1.0, 100.0)), [1.0, 1.0], log(0.001, 0.1, 9), seeds=1)
    >>> round(search.chosen["lr"], 4)  # the best of all is 2 / 101
    0.0178
    """
    optimizer = sgd() if optimizer is None else checked(optimizer)
    steps = whole("steps", steps, 1, "give a whole number of steps from 1 up, such as 100")
    rates = rates_of(lr)
    space = {"lr": choice(rates)}
    configurations = [{"lr": rate} for rate in rates.tolist()]

    def run(indices, seed):
        params, rng = begin(start, seed)
        rule = schedule(rates) if schedule else rates
        trajectory = descend(objective, params, rule, optimizer=optimizer, steps=steps, keep="last", rng=rng)
        runs = trajectory.diverged_at.shape
        if runs != rates.shape:
            raise ValueError(
                f"start and schedule give runs of shape {runs} for {len(rates)} rates: give one point (D,), and a "
                "schedule of all rates"
            )
        remedy = "give one number for each run"
        scores = floats("score", (score or last_tenth)(trajectory), remedy)
        if scores.shape != rates.shape:
            raise ValueError(f"score gave shape {scores.shape} for {len(rates)} rates: {remedy}")
        return scores

    settings = {"search": "sweep", "steps": steps, "optimizer": optimizer.name, "space": {"lr": rates.tolist()}}
    return search("sweep", space, configurations, seeds_of(seeds), run, settings, band, resume, quiet, together=True)


def last_tenth(run: Trajectory) -> Array:
    """The mean loss of the last tenth of a run's rows, (*B,); NaN where it diverged."""
    return run.loss[-max(1, len(run.loss) // 10) :].mean(axis=0)


def rates_of(lr) -> Array:
    """The rates of a sweep, rising, each once."""
    if isinstance(lr, Axis):
        if lr.scale != "choice" and lr.points is None:
            raise ValueError("lr is an axis without points: say how many, such as log(1e-3, 1.0, 13)")
        lr = lr.grid()
    lr = numbers("lr", lr, "give learning rates of 0 or more, such as [0.01, 0.1, 1.0]", not_negative)
    if lr.ndim != 1 or not lr.size:
        raise ValueError(f"lr has shape {lr.shape}: give a list of rates, such as [0.01, 0.1, 1.0]")
    return np.unique(lr)


def configurations_for(runs: int, seeds: list[int]) -> int:
    return whole("runs", runs, len(seeds), f"{RUNS}, {len(seeds)} or more") // len(seeds)


def one_by_one(train: Callable[..., float]) -> Callable:
    """train as a function of configurations and a seed."""
    if not callable(train):
        raise ValueError(f"train is {short(train)}: give a function, such as lambda lr, seed: ...")

    def run(configurations, seed):
        return [score_of(train(**configuration, seed=seed), configuration) for configuration in configurations]

    return run


def score_of(answer, configuration: dict) -> float:
    try:
        score = floats("train", answer, "")
    except ValueError:
        score = None
    if answer is None or score is None or score.ndim:  # NumPy takes None for NaN
        raise ValueError(f"train returned {short(answer)} for {configuration!r}: return one number, the run's score")
    return float(score)


def search(
    kind: str,
    space: dict[str, Axis],
    configurations: list[dict],
    seeds: list[int],
    run: Callable[[list[dict], int], Iterable[float]],
    settings: dict,
    band: str,
    resume,
    quiet: bool | None,
    together: bool = False,
) -> Search:
    """Run what is not in the file yet: one configuration at a time, or for each seed all of them together."""
    if band not in list(BANDS):  # a list takes what has no hash too
        raise ValueError(f"band is {band!r}: give {' or '.join(map(repr, BANDS))}")
    if "seed" in space:
        raise ValueError("space holds 'seed': give the seeds as seeds=..., they are an axis of their own")
    journal = Journal(resume, settings)
    known = journal.open(configurations)
    scores = np.array([[known.get((i, seed), np.nan) for seed in seeds] for i in range(len(configurations))])
    everything = range(len(configurations))
    groups = [everything] if together else [[i] for i in everything]
    order = [(group, s) for s in range(len(seeds)) for group in groups]
    if not together:
        order.sort(key=lambda step: step[0][0])  # each configuration with all its seeds before the next one
    shown = bar(scores.size, int((~np.isnan(scores)).sum()), quiet)
    try:
        for group, s in order:
            missing = [i for i in group if np.isnan(scores[i, s])]
            if missing:
                # the whole group even where a part is known: a batch of another size may round otherwise
                answers = run([configurations[i] for i in group], seeds[s])
                for i, score in zip(group, answers, strict=True):
                    if i in missing:
                        score = float(score) if np.isfinite(score) else np.inf
                        journal.add(i, configurations[i], seeds[s], score)
                        scores[i, s] = score
                shown.update(len(missing), float(np.nanmin(scores)))
    except KeyboardInterrupt:
        pass  # what is there is kept, and `warnings` says how much that is
    finally:
        shown.close()
    again = "give resume=, a file, to keep runs for later" if resume is None else "call again with the same file"
    return found(kind, space, configurations, seeds, scores, band, again)


def found(kind, space, configurations, seeds, scores, band, again) -> Search:
    """The scores with their medians, their bands, the best of them and what is to be said about it."""
    median, low, high = summary(scores, band)
    done = (~np.isnan(scores)).sum(axis=1)
    fair = np.where((done == done.max()) & np.isfinite(median), median, np.inf)
    best = int(fair.argmin()) if np.isfinite(fair).any() else None
    said = []
    if done.sum() < scores.size:
        said.append(f"interrupted after {done.sum()} of {scores.size} runs: {again}")
    if best is not None:
        tried = [configuration for configuration, runs in zip(configurations, done, strict=True) if runs]
        said += edges(space, tried, configurations[best])
    elif done.any():
        which = "" if np.isposinf(median[done > 0]).all() else " that was run to its end"
        said.append(f"every configuration{which} diverged: lower the rates")
    chosen = None if best is None else dict(configurations[best])
    return Search(
        kind, space, tuple(configurations), np.array(seeds), scores, median, low, high, band, best, chosen, tuple(said)
    )
