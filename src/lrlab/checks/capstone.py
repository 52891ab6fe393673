"""The capstone: a search that keeps to its budget, a problem that no page has shown, and an honest forecast."""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrlab import schedules
from lrlab.checks.judging import (
    Hint,
    Mistake,
    ResultTask,
    ValueTask,
    letter,
    one_number,
    show,
)
from lrlab.datasets import digits
from lrlab.descent import descend
from lrlab.models import mlp, softmax
from lrlab.optimizers import adam, sgd

# ------------------------------------------------------------------------------------ task 1: a search in a few runs

LOW, HIGH = 1e-4, 1e4  # where tune has to look
UNITS = (1.0, 2e-3, 320.0)  # in the last, fourteen rates laid out beforehand miss the dip
EXTRA = 100  # runs beyond the budget are counted, but not for ever


@functools.cache
def losses_at(rates: tuple[float, ...]) -> np.ndarray:
    """Validation losses of softmax regression on 300 digits, full batch, 60 steps from zero, one for each rate."""
    data, model = digits(), softmax(64, 10)
    inputs, targets = data.train.inputs[:300], data.train.targets[:300]
    run = descend(model.on(inputs, targets), np.zeros(model.dim), np.array(rates), steps=60, keep="last")
    loss = model.evaluate(run.final, *data.validation)["loss"]
    return np.where(np.isfinite(loss), loss, np.inf)


def problem(unit: float) -> Callable[[float], float]:
    """run(lr) -> validation loss; its gradient is measured in another unit, so its best rate lies elsewhere.

    The function keeps its calls, (rate, loss), in the list run.calls.
    """

    def run(lr):
        try:
            rate = one_number(lr)
        except Hint as wrong:
            too_high = isinstance(lr, float) and math.isinf(lr)
            why = "is inf: np.logspace takes exponents, np.geomspace takes rates" if too_high else wrong
            raise ValueError(f"the rate {str(why).rstrip('.')}") from None
        if len(run.calls) >= EXTRA:
            raise RuntimeError(f"you asked for more than {EXTRA} runs")
        run.calls.append((rate, float(losses_at((rate * unit,))[0]) if rate > 0 else math.inf))
        return run.calls[-1][1]

    run.calls, run.unit, run.__name__ = [], unit, "run"
    return run


@functools.cache
def lowest() -> float:
    """The lowest loss that any rate reaches, the same in every unit."""
    return float(np.min(losses_at(tuple(np.geomspace(4, 12, 24)))))


class Found(NamedTuple):
    """What a search came to on one problem."""

    answer: float
    calls: list[tuple[float, float]]
    budget: int
    ratio: float  # the loss at the answer, over the lowest there is

    @property
    def rates(self) -> np.ndarray:
        return np.array([rate for rate, _ in self.calls])

    @property
    def losses(self) -> np.ndarray:
        return np.array([loss for _, loss in self.calls])


def found(answers: list) -> list[Found]:
    """One Found for each question of tune."""
    results = []
    for (run, budget), answer in answers:
        try:
            rate = one_number(answer)
        except Hint as wrong:
            raise Hint(f"must give one rate back: its answer {wrong}") from None
        reached = float(losses_at((rate * run.unit,))[0]) if rate > 0 else math.inf
        results.append(Found(rate, list(run.calls), budget, reached / lowest()))
    return results


def tune(run, budget):
    """Powers of ten first, then the gap around the best of them."""
    coarse = np.geomspace(LOW, HIGH, 9)[:budget]
    tried = {rate: run(rate) for rate in coarse}
    while len(tried) < budget:
        best = min(tried, key=tried.get)
        below = max((rate for rate in tried if rate < best), default=best / 10)
        above = min((rate for rate in tried if rate > best), default=best * 10)
        wider = below if best / below >= above / best else above
        middle = math.sqrt(best * wider)
        tried[middle] = run(middle)
    return min(tried, key=tried.get)


def every(test: Callable[[Found], bool]) -> Callable[[list[Found]], bool]:
    return lambda results: all(test(each) for each in results)


def some(test: Callable[[Found], bool]) -> Callable[[list[Found]], bool]:
    return lambda results: any(test(each) for each in results)


def within_budget(each: Found) -> bool:
    return 1 <= len(each.calls) <= each.budget and each.answer > 0


def gives_a_loss(each: Found) -> bool:
    return each.answer in each.losses and each.answer not in each.rates


def gives_a_place(each: Found) -> bool:
    """The answer is an index into the list of rates."""
    return each.answer in range(len(each.calls)) and each.answer not in each.rates


def gives_the_highest(each: Found) -> bool:
    return len(each.calls) > 1 and each.answer == each.rates[each.losses.argmax()]


def passes_over_a_lower_loss(each: Found) -> bool:
    return each.answer in each.rates and dict(each.calls)[each.answer] > each.losses.min()


def repeats(each: Found) -> bool:
    return len(each.calls) - len(set(each.rates)) >= 2


def crowded(each: Found) -> bool:
    """Rates spaced by a sum, or drawn evenly between two rates: nearly all lie in one power of ten."""
    return len(each.calls) >= 4 and np.mean(each.rates > each.rates.max() / 10) > 0.7


def fixed(results: list[Found]) -> bool:
    """The same rates on every problem, and no run left."""
    rates = [sorted(each.rates) for each in results]
    return len(rates[0]) >= results[0].budget - 1 and all(each == rates[0] for each in rates)


def reached(factor: float) -> Callable[[list[Found]], bool]:
    return every(lambda each: within_budget(each) and each.ratio <= factor)


TUNE = ResultTask(
    function=tune,
    asked=lambda: tuple((problem(unit), 14) for unit in UNITS),
    read=found,
    right={
        "budget": every(lambda each: within_budget(each) and not gives_a_loss(each)),
        "near": reached(1.6),
        "close": reached(1.15),
    },
    verified={
        "budget": "your search keeps to its budget and gives back a rate.",
        "near": "it finds the right power of ten, on problems whose best rates lie five powers of ten apart.",
        "close": "the rate it finds is within 15 % of the lowest loss that any rate reaches.",
    },
    mistakes=(
        Mistake(
            "your search asks for no run at all: call run(lr), and look at what it gives back.",
            (some(lambda each: not each.calls),),
        ),
        Mistake(
            "you give back a loss, not a rate: the lowest loss says which rate to give back.",
            (every(gives_a_loss),),
        ),
        Mistake(
            "you give back a place in your list of rates, not the rate that stands there.",
            (every(gives_a_place),),
        ),
        Mistake("a rate is above 0: look at what you give back.", (some(lambda each: each.answer <= 0),)),
        Mistake(
            "you ask for the same rate twice, and each time costs a run: keep its loss in a list or a dictionary.",
            (some(repeats),),
        ),
        Mistake(
            "your search asks for more runs than its budget: count them, and leave some for the second look.",
            (some(lambda each: len(each.calls) > each.budget),),
        ),
        Mistake(
            "you give back the rate with the highest loss of all that you tried: look for the lowest.",
            (every(gives_the_highest),),
        ),
        Mistake(
            "most of your rates lie in one power of ten: equal steps, or equal chances, do that. Step by a factor.",
            (every(crowded),),
        ),
        Mistake(
            "you give back a rate although another that you tried had a lower loss: take the best of all your runs.",
            (some(passes_over_a_lower_loss),),
        ),
        Mistake(
            "your rates do not reach from 1e-4 to 1e4: on one of the problems the best rate lies outside of them.",
            (some(lambda each: each.ratio > 1.6 and each.rates.max() / each.rates.min() < 1e7),),
        ),
        Mistake(
            "you give back a rate that you have not run, and its loss is high: run it, or give back one that you ran.",
            (some(lambda each: each.ratio > 1.6 and each.answer not in each.rates),),
        ),
        Mistake(
            "you run the same rates on every problem: let the losses of the first runs choose the last ones.",
            (fixed,),
        ),
        Mistake(
            "it finds the right power of ten, but not the dip in it: spend the runs that are left close to your best.",
            (every(lambda each: each.ratio <= 1.6),),
        ),
    ),
    hints=(
        "begin with one run for each power of ten from 1e-4 to 1e4: that is nine runs.",
        "the best rate lies within a factor of ten of the best of these: spend the runs that are left there.",
        "halve a gap on the log scale: the middle between a and b is (a * b) ** 0.5. Then take the best of all runs.",
    ),
    otherwise=lambda results: (
        f"on one of the problems the loss at your rate is {max(each.ratio for each in results):.3g} times the lowest."
    ),
)


# ------------------------------------------------------------------------- task 2: odd or even, in twelve runs at most

BUDGET, STEPS = 12, 150
TIERS = 0.22, 0.14, 0.11  # of the median test loss; the best settings reach 0.06 to 0.08
CHOOSING, FRESH = range(5), range(100, 115)  # seeds; the notebook shows 5 to 12
OPTIMIZERS = {"sgd": sgd(), "momentum": sgd(momentum=0.9), "adam": adam()}
SCHEDULES = {
    "constant": schedules.constant,
    "cosine": lambda lr: schedules.cosine(lr, T_max=STEPS),
    "warm-up, cosine": lambda lr: schedules.warmup(schedules.cosine(lr, T_max=STEPS - 15), steps=15),
}


class Settings(NamedTuple):
    """One row of the student's table."""

    optimizer: str
    lr: float
    schedule: str = "constant"


def settings(row: Any) -> Settings:
    """A dictionary as Settings; ValueError with one sentence for what cannot be trained."""
    if isinstance(row, Settings):
        return row
    if not isinstance(row, dict) or not {"optimizer", "lr"} <= set(row) <= set(Settings._fields):
        raise ValueError(f'each run needs the form dict(optimizer="sgd", lr=0.1, schedule="cosine"), not {show(row)}')
    chosen = Settings(**row)
    for name, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
        if getattr(chosen, name) not in known:
            raise ValueError(f"{name} is {show(getattr(chosen, name))}: give one of {', '.join(map(repr, known))}")
    try:
        rate = one_number(chosen.lr)
    except Hint as wrong:
        raise ValueError(f"lr {str(wrong).rstrip('.')}") from None
    if rate <= 0:
        raise ValueError(f"lr is {rate:g}: give a rate above 0, such as 0.1")
    return chosen._replace(lr=rate)


@functools.cache
def held_out_losses(chosen: Settings, seed: int) -> dict[str, float]:
    """Validation and test loss after training on 400 digits, odd or even, an MLP of 64, 24, 24, 2 units."""
    data, model = digits(), mlp((64, 24, 24, 2))
    inputs, targets = data.train.inputs[:400], data.train.targets[:400] % 2
    run = descend(
        model.on(inputs, targets, batch_size=32),
        model.init(seed),
        SCHEDULES[chosen.schedule](chosen.lr),
        optimizer=OPTIMIZERS[chosen.optimizer],
        steps=STEPS,
        keep="last",
        rng=np.random.default_rng(seed),
    )
    losses = {}
    for part in ("validation", "test"):
        images, digit = getattr(data, part)
        loss = float(model.evaluate(run.final, images, digit % 2)["loss"])
        losses[part] = loss if math.isfinite(loss) else math.inf
    return losses


def one_seed(row: Any, seed: int) -> float:
    """The loss on the 300 validation images after the run that a row of the table describes.

    row:  dict(optimizer="sgd", lr=0.1, schedule="cosine"); the schedule may be left out and is "constant" then
    seed: of the start and of the order of the images

    Raises ValueError, in one sentence, for a row that cannot be trained. Source: our own set-up; 150 minibatches of 32.

    >>> one_seed(dict(optimizer="sgd", lr=1e-4), seed=0) > one_seed(dict(optimizer="sgd", lr=0.1), seed=0)
    True
    """
    return held_out_losses(settings(row), seed)["validation"]


def validation_loss(row: Any) -> float:
    """The number to choose by: the median of five seeds, because a single one cannot rank neighbours."""
    return float(np.median([one_seed(row, seed) for seed in CHOOSING]))


def fresh_losses(row: Any, part: str = "test") -> np.ndarray:
    """The losses of 15 runs of a row with seeds that nobody has chosen by, on the test images or another part."""
    return np.array([held_out_losses(settings(row), seed)[part] for seed in FRESH])


class Table(NamedTuple):
    """The student's runs, the best of them on the validation images, and what that one reaches on the test images."""

    rows: list[Settings]
    best: Settings
    reached: float

    def rates(self, optimizer: str) -> list[float]:
        return sorted({row.lr for row in self.rows if row.optimizer == optimizer})


def table(answer: Any) -> Table:
    """The list of runs, trained again: what a student says about a run is not needed."""
    if not isinstance(answer, list | tuple) or not answer:
        raise Hint(f"is {show(answer)}: give a list with one dict(optimizer=..., lr=..., schedule=...) for each run.")
    if len(answer) > BUDGET:
        raise Hint(f"has {len(answer)} runs, and the budget is {BUDGET}: which could you have done without?")
    try:
        rows = [settings(row) for row in answer]
    except ValueError as error:
        raise Hint(f"cannot be trained: {error}.") from None
    best = min(rows, key=validation_loss)
    return Table(rows, best, float(np.median(fresh_losses(best))))


def planned(runs: Table) -> bool:
    """Two optimizers at least, each at three rates or more that span a factor of ten."""
    spans = [runs.rates(name) for name in OPTIMIZERS]
    return sum(len(rates) >= 3 and rates[-1] >= 9.99 * rates[0] for rates in spans) >= 2


def at_the_edge(runs: Table) -> bool:
    rates = runs.rates(runs.best.optimizer)
    return len(rates) > 1 and runs.best.lr in (rates[0], rates[-1])


def tier(limit: float) -> Callable[[Table], bool]:
    return lambda runs: runs.reached <= limit


MY_RUNS = ValueTask(
    read=table,
    right={"plan": planned, "first": tier(TIERS[0]), "second": tier(TIERS[1]), "third": tier(TIERS[2])},
    verified={
        "plan": "at least two optimizers, each at rates of its own that span a power of ten: a fair comparison.",
        "first": f"on the test images, the median of 15 fresh seeds is at most {TIERS[0]:g}.",
        "second": f"at most {TIERS[1]:g}.",
        "third": f"at most {TIERS[2]:g}, on images that had no part in the choice.",
    },
    mistakes=(
        Mistake(
            "all your runs share one rate: an optimizer tried at one rate has not been tried.",
            (lambda runs: len({row.lr for row in runs.rows}) == 1,),
        ),
        Mistake(
            "you have tried one optimizer only: give a second one its three rates before you compare.",
            (lambda runs: not planned(runs) and len({row.optimizer for row in runs.rows}) == 1,),
        ),
        Mistake(
            "your rates lie too close together: three for each of two optimizers, spanning a factor of ten or more.",
            (lambda runs: not planned(runs),),
        ),
        Mistake(
            "your best run has the lowest or the highest rate that you tried with its optimizer: go on beyond it.",
            (at_the_edge,),
        ),
        Mistake(
            "plain SGD is your best so far: momentum and Adam have best rates of their own, and get lower there.",
            (lambda runs: runs.best.optimizer == "sgd",),
        ),
        Mistake(
            "the right neighbourhood, at a constant rate: try a schedule that falls, and the rates around your best.",
            (lambda runs: runs.best.schedule == "constant" and runs.reached <= TIERS[0],),
        ),
        Mistake(
            "a schedule that falls has a best rate of its own, mostly a higher one: try twice and half of yours.",
            (lambda runs: runs.best.schedule != "constant" and runs.reached <= TIERS[0],),
        ),
    ),
    hints=(
        "powers of ten first, for each optimizer: where is each one's best? They do not lie at the same rate.",
        "spend the runs that are left on the best one: with a schedule that falls, at its best rate and above.",
        "Adam near 0.02 with warm-up and cosine is a good place, and momentum near 0.1 with a cosine comes close.",
    ),
    otherwise=lambda runs: (
        f"your best run, {runs.best.optimizer} at {runs.best.lr:g}, reaches {runs.reached:.2g} on the test images."
    ),
)


# ------------------------------------------------------------------------------- task 3: what to say about the result

WHAT_TO_REPORT = letter(
    right="D",
    verified="images and seeds that had no part in the choice: nothing in that number was picked because it was low.",
    wrong={
        "A": "A was chosen because it was the lowest of twelve: part of it is luck, and luck does not come again.",
        "B": "B uses fresh seeds, but the settings were chosen on these very images. Which images are untouched?",
        "C": "C takes the luckiest seed: who trains your model next will not have that one.",
    },
    hints=(
        "which of these numbers had a part in a choice?",
        "the images must not have been used to choose the settings, and no seed may be picked because it did well.",
        "test images, several fresh seeds, and the middle of them.",
    ),
)


class Forecast(NamedTuple):
    """An interval for the validation loss of a row, and the losses of fresh seeds."""

    low: float
    high: float
    losses: np.ndarray
    chosen_by: float

    @property
    def caught(self) -> int:
        return int(np.sum((self.losses >= self.low) & (self.losses <= self.high)))


def forecast(answer: Any) -> Forecast:
    """The dictionary {"run": row, "low": number, "high": number}, and what fresh seeds say."""
    if not isinstance(answer, dict) or set(answer) != {"run", "low", "high"}:
        raise Hint('must keep its form: {"run": dict(optimizer=..., lr=..., schedule=...), "low": ..., "high": ...}.')
    try:
        row = settings(answer["run"])
    except ValueError as error:
        raise Hint(f"names a run that cannot be trained: {error}.") from None
    ends = []
    for name in ("low", "high"):
        try:
            ends.append(one_number(answer[name]))
        except Hint as wrong:
            raise Hint(f"has no number for {name}: it {wrong}") from None
    if validation_loss(row) > 0.35:
        raise Hint("is about a run that learnt little: take the best one of task 2.")
    return Forecast(*ends, fresh_losses(row, "validation"), validation_loss(row))


def width(made: Forecast) -> float:
    """The interval's width, in widths of the range in which the middle 11 of 15 fresh seeds lie."""
    ordered = np.sort(made.losses)
    return (made.high - made.low) / (ordered[-3] - ordered[2])


FORECAST = ValueTask(
    read=forecast,
    right=lambda made: made.caught >= 9 and width(made) <= 5,
    verified="your interval holds at least 9 of 15 fresh seeds, and it is narrow enough to say something.",
    mistakes=(
        Mistake("low and high are swapped: low is the smaller one.", (lambda made: made.low > made.high,)),
        Mistake(
            "an interval of no width would need the same loss from every seed: how far apart were your eight?",
            (lambda made: made.low == made.high,),
        ),
        Mistake(
            "your interval is true but says little: it is much wider than the seeds are apart.",
            (lambda made: made.caught >= 9 and width(made) > 5,),
        ),
        Mistake(
            "your interval lies far above all losses: give losses, not accuracies, and not in per cent.",
            (lambda made: made.low > 2 * made.losses.max(),),
        ),
        Mistake(
            "all fresh seeds lie above your interval. Is it about the test images? Validation losses are asked for.",
            (lambda made: made.high < made.losses.min(),),
        ),
        Mistake(
            "most fresh seeds lie above your interval: what was chosen for being low had luck, too. Use other seeds.",
            (lambda made: np.mean(made.losses > made.high) > 0.5,),
        ),
        Mistake(
            "most fresh seeds lie below your interval: look at all eight seeds of the experiment, not at the worst.",
            (lambda made: np.mean(made.losses < made.low) > 0.5,),
        ),
        Mistake(
            "your interval is too narrow: it has to catch single seeds, not their mean. How far apart were your eight?",
            (lambda made: made.caught < 9,),
        ),
    ),
    hints=(
        "run the experiment: it trains your best run with eight other seeds. Their spread is what luck alone does.",
        "the lowest and the highest of eight catch most seeds. An interval somewhat wider catches nearly all.",
        "take the mean of the eight, and go two standard deviations to both sides.",
    ),
    otherwise="not yet.",
)


TASKS = {"tune": TUNE, "my_runs": MY_RUNS, "what_to_report": WHAT_TO_REPORT, "forecast": FORECAST}
