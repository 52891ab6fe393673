"""Chapter 1, what the learning rate is: the step, its length, and what becomes of a run."""

import math
from collections.abc import Callable

import numpy as np

from lrlab.checks.judging import FunctionTask, Mistake, ValueTask, letter, one_number, words_for
from lrlab.descent import descend
from lrlab.objectives import Landscape, parabola


def update(params, grad, lr):
    return params - lr * grad


def fixed_rate(rate: float) -> Callable:
    return lambda params, grad, lr: params - rate * grad


UPDATE = FunctionTask(
    right=update,
    parts={
        "numbers": ((3.0, 2.0, 0.25), (-1.0, -4.0, 0.1), (5, 2, 0.5)),
        "arrays": (
            (np.array([1.0, -2.0]), np.array([0.5, 4.0]), 0.1),
            (np.array([4, -3]), np.array([2, 1]), 0.5),
            (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0.0, 1.0, -1.0], [2.0, -2.0, 0.5]]), 0.2),
        ),
    },
    verified={
        "numbers": "your step goes downhill, as far as lr times the gradient.",
        "arrays": "every number of an array takes its own step, and your function leaves its arguments alone.",
    },
    mistakes=(
        Mistake(
            "your step goes uphill: look at the sign in front of the gradient.",
            (lambda params, grad, lr: params + lr * grad, lambda params, grad, lr: params + grad),
        ),
        Mistake(
            "you subtract the whole gradient: the learning rate lr must scale it, or nobody can choose how far to go.",
            (lambda params, grad, lr: params - grad,),
        ),
        Mistake(
            "you give back the step alone: the new place is asked for, so begin from params.",
            (lambda params, grad, lr: lr * grad, lambda params, grad, lr: -lr * grad),
        ),
        Mistake(
            "you divide by the learning rate: a larger rate must make a longer step, not a shorter one.",
            (lambda params, grad, lr: params - grad / lr,),
        ),
        Mistake(
            "the learning rate scales more than the step: look at your brackets, lr belongs to the gradient only.",
            (lambda params, grad, lr: lr * (params - grad), lambda params, grad, lr: lr * params - grad),
        ),
        Mistake(
            "your step forgets how steep the hill is: multiply by the gradient itself, not by its sign or direction.",
            (
                lambda params, grad, lr: params - lr * np.sign(grad),
                lambda params, grad, lr: params - lr * grad / np.linalg.norm(grad),
                lambda params, grad, lr: params - lr,
            ),
        ),
        Mistake(
            "you add the gradients up: each number has its own gradient and takes its own step.",
            (lambda params, grad, lr: params - lr * np.sum(grad), lambda params, grad, lr: params - lr * np.mean(grad)),
        ),
        Mistake(
            "you multiply lr by params: on the hill x**2/2 the slope is x, but on another it is not. Use grad.",
            (lambda params, grad, lr: params - lr * params,),
        ),
        Mistake(
            "your rate is a fixed number: whoever calls the function chooses it, so write lr there.",
            tuple(fixed_rate(rate) for rate in (0.1, 0.01, 0.001, 0.2, 0.25, 0.3, 0.5)),
        ),
        Mistake(
            "you lose the gradient's sign: where the slope is negative, downhill is to the right.",
            (lambda params, grad, lr: params - lr * np.abs(grad),),
        ),
    ),
    hints=(
        "the gradient points uphill, and you want to go down.",
        "the step is lr * grad, and it goes against the gradient.",
        "new place = old place minus step. Nothing else is needed for arrays: NumPy does it number by number.",
    ),
)


EDGE = 2 / 8  # of the parabola of curvature 8

RATE_AT_THE_EDGE = ValueTask(
    read=one_number,
    right=lambda rate: 0.95 * EDGE <= rate < EDGE,
    verified="your rate still comes down to the minimum, and 6 % more would not.",
    mistakes=(
        Mistake(
            "a rate above 0 is needed: at 0 nothing moves, and below 0 every step goes uphill.",
            (lambda rate: rate <= 0,),
        ),
        Mistake(
            "that rate lands on the minimum in one step: the fastest here, but not the largest that is stable. Go on.",
            (lambda rate: abs(rate - 1 / 8) < 0.006,),
        ),
        Mistake(
            "at exactly this rate the ball bounces for ever and never comes down: take the last rate before it.",
            (lambda rate: rate == EDGE,),
        ),
        Mistake(
            "this looks like the answer upside down: the more curved the valley, the smaller the rate must be.",
            (lambda rate: rate >= 4,),
        ),
        Mistake(
            "at this rate the run ends farther away than it began: it diverges. Find the last rate that comes down.",
            (lambda rate: rate > EDGE,),
        ),
        Mistake(
            "this rate is stable, but so is one that is 5 % larger: go on until it tips over.",
            (lambda rate: rate < 0.95 * EDGE,),
        ),
    ),
    hints=(
        "run the experiment above with rates between 0.1 and 0.4 and look at the last column.",
        "somewhere between 0.2 and 0.3 the last distance jumps from tiny to huge. Look there in steps of 0.01.",
        "0.24 still comes down; 0.26 does not.",
    ),
    otherwise="this is not the edge.",
)


def largest_stable_rate(curvatures):
    return 2 / np.max(curvatures)


LARGEST_STABLE_RATE = FunctionTask(
    right=largest_stable_rate,
    parts={"all": tuple((np.array(c),) for c in ([8.0], [1.0, 10.0, 4.0], [3.0, 0.5], [2, 2, 5]))},
    verified={"all": "the direction with the largest curvature sets the limit, 2/L, however gentle the others are."},
    mistakes=(
        Mistake(
            "you give one rate for each direction, but one learning rate serves them all: which must it be?",
            (lambda curvatures: 2 / curvatures,),
        ),
        Mistake(
            "you let the gentlest direction decide: the steepest one is the first to blow up.",
            (lambda curvatures: 2 / np.min(curvatures),),
        ),
        Mistake(
            "1/L is where overshooting begins, not where the run becomes unstable: that is twice as far.",
            (lambda curvatures: 1 / np.max(curvatures), lambda curvatures: 1 / np.min(curvatures)),
        ),
        Mistake(
            "you mix the curvatures: each direction runs on its own, and the first one to blow up decides.",
            (lambda curvatures: 2 / np.mean(curvatures), lambda curvatures: 2 / np.sum(curvatures)),
        ),
        Mistake(
            "2/(mu + L) is the fastest rate, not the largest stable one: the smallest curvature does not limit it.",
            (lambda curvatures: 2 / (np.min(curvatures) + np.max(curvatures)),),
        ),
        Mistake(
            "your fraction is upside down: a larger curvature must give a smaller rate.",
            (lambda curvatures: np.max(curvatures) / 2, lambda curvatures: curvatures / 2),
        ),
        Mistake(
            "you look at one place of the list only: the largest curvature may stand anywhere in it.",
            (lambda curvatures: 2 / curvatures[0], lambda curvatures: 2 / curvatures[-1]),
        ),
        Mistake(
            "// gives whole numbers only and cuts the rest off: divide with one /.",
            (lambda curvatures: 2 // np.max(curvatures), lambda curvatures: 1 // np.max(curvatures)),
        ),
        Mistake(
            "your answer does not depend on the curvatures: 0.25 was the edge for curvature 8 only.",
            (lambda curvatures: 0.25, lambda curvatures: 0.24),
        ),
    ),
    hints=(
        "in each direction one step multiplies the distance by 1 - lr * curvature.",
        "the run is stable where abs(1 - lr * curvature) is at most 1, in every direction.",
        "that is lr <= 2 / curvature for each curvature, so the largest curvature decides.",
    ),
)


WHY_IT_DIVERGES = letter(
    right="B",
    verified="every step lands farther out, on the other side, where it is steeper, so the next is longer still.",
    wrong={
        "A": "A happens already from 1/L on: overshooting alone still comes down, as long as each landing is closer.",
        "C": "not C: the sign is right at every step. The ball is sent back each time, only too far.",
        "D": "not D: on paper, with exact numbers, the run diverges just the same.",
    },
    hints=(
        "take curvature 8 and lr 0.3, start at 1 and do two steps by hand.",
        "you get 1, -1.4, 1.96: look at the distances.",
        "what matters is whether a landing is closer to the minimum than the place it came from.",
    ),
)


REGIMES = ("creeps", "one step", "overshoots", "bounces", "diverges")


def regime(lr, curvature):
    reach = lr * curvature
    if reach < 1:
        return "creeps"
    if reach == 1:
        return "one step"
    if reach < 2:
        return "overshoots"
    return "bounces" if reach == 2 else "diverges"


def at_reach(reach, edges=(1, 2), at=("one step", "bounces")) -> str:
    """The regimes with their limits and limit cases elsewhere: what most mistakes come to."""
    one, two = edges
    if reach in edges:
        return at[edges.index(reach)]
    return "creeps" if reach < one else "overshoots" if reach < two else "diverges"


def edges_called(*at: str) -> Callable:
    """regime() with other words for its two limit cases."""
    return lambda lr, curvature: at_reach(lr * curvature, at=at)


PREDICTED = {0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"}  # curvature 4

PREDICTIONS = ValueTask(
    read=words_for(tuple(PREDICTED), REGIMES),
    right=lambda words: words == PREDICTED,
    verified="all five predicted. The product lr * curvature decides: below 1, 1, between 1 and 2, 2, above 2.",
    mistakes=(
        Mistake(
            "you judge the rate alone. With curvature 4 even 0.6 is a large rate: look at lr * curvature.",
            (lambda words: set(words.values()) == {"creeps"},),
        ),
        Mistake(
            "0.4 overshoots, but each landing is closer than the last: it does not diverge.",
            (lambda words: words[0.4] == "diverges",),
        ),
        Mistake(
            "0.4 * 4 is 1.6: the step is longer than the way to the minimum, so the ball does not stay on its side.",
            (lambda words: words[0.4] == "creeps",),
        ),
        Mistake(
            "0.25 * 4 is exactly 1: the step is just as long as the way to the minimum.",
            (lambda words: words[0.25] != "one step",),
        ),
        Mistake(
            "0.5 * 4 is exactly 2: the step is twice the way to the minimum. Where does it land?",
            (lambda words: words[0.5] != "bounces",),
        ),
        Mistake(
            "small and large are swapped: 0.05 takes the shortest steps of the five, 0.6 the longest.",
            (lambda words: words[0.05] != "creeps" and words[0.6] != "diverges",),
        ),
    ),
    hints=(
        "one step takes the ball from x to (1 - lr * curvature) * x.",
        "work out 1 - 4 * lr for each rate: is it positive, 0, negative, -1, below -1?",
        "positive creeps, 0 is one step, between -1 and 0 overshoots, -1 bounces, below -1 diverges.",
    ),
    otherwise="not all five are right yet: work out 1 - lr * curvature for each.",
)

REGIME = FunctionTask(
    right=regime,
    words=REGIMES,
    parts={
        "between": ((0.1, 4.0), (0.4, 4.0), (0.6, 4.0), (0.1, 30.0), (3.0, 0.1), (3.0, 0.5), (1.5, 4.0)),
        "edges": ((0.25, 4.0), (0.5, 4.0), (1.0, 1.0), (2.0, 1.0), (0.125, 16.0), (8.0, 0.125), (1.0, 2.0)),
    },
    verified={
        "between": "you tell creeping, overshooting and diverging apart for any rate and curvature.",
        "edges": "you know the two cases on the edge, 1/L and 2/L, as well.",
    },
    mistakes=(
        Mistake(
            "you look at the learning rate alone: on a curvature of 30 even 0.1 is too high. Compare lr * curvature.",
            (lambda lr, curvature: at_reach(lr),),
        ),
        Mistake(
            "you divide the rate by the curvature: the more curved, the larger the effect of a rate, so multiply.",
            (lambda lr, curvature: at_reach(lr / curvature), lambda lr, curvature: at_reach(curvature / lr)),
        ),
        Mistake(
            "creeping and diverging are swapped: small steps creep, long steps diverge.",
            (lambda lr, curvature: {"creeps": "diverges", "diverges": "creeps"}.get(w := regime(lr, curvature), w),),
        ),
        Mistake(
            "at exactly lr = 1/curvature the ball lands on the minimum: that case is called one step.",
            (edges_called("creeps", "bounces"), edges_called("overshoots", "bounces")),
        ),
        Mistake(
            "at exactly lr = 2/curvature the ball lands as far out as it began, for ever: that case is called bounces.",
            (edges_called("one step", "overshoots"), edges_called("one step", "diverges")),
        ),
        Mistake(
            "you let the run diverge too early: between 1/L and 2/L it overshoots and still comes down.",
            (
                lambda lr, curvature: at_reach(lr * curvature, (1, 1), ("one step", "one step")),
                lambda lr, curvature: at_reach(lr * curvature, (0.5, 1)),
            ),
        ),
        Mistake(
            "the two cases on the edge are missing: what happens at exactly 1/curvature, and at exactly 2/curvature?",
            (
                edges_called("creeps", "overshoots"),
                edges_called("creeps", "diverges"),
                edges_called("overshoots", "overshoots"),
                edges_called("overshoots", "diverges"),
            ),
        ),
        Mistake(
            "the two cases on the edge are swapped: 1/curvature is one step, 2/curvature bounces.",
            (edges_called("bounces", "one step"),),
        ),
    ),
    hints=(
        "only the product lr * curvature matters: give it a name.",
        "compare the product with 1 and with 2: five cases, five words.",
        "below 1 creeps, 1 is one step, below 2 overshoots, 2 bounces, above 2 diverges.",
    ),
)


def steps_needed(lr, curvature, factor):
    """Counted by running it, not by the formula: two ways to one number."""
    run = descend(parabola(curvature), [1.0], lr, steps=200)
    reached = np.abs(run.params[:, 0]) <= factor
    return int(reached.argmax()) if reached.any() else math.inf


def by_formula(lr, curvature, factor) -> float:
    """The bare formula with its logarithms, not rounded; it raises or misleads where the run does not converge."""
    return math.log(factor) / math.log(abs(1 - lr * curvature))


def by_numpy(lr, curvature, factor) -> float:
    return np.log(factor) / np.log(np.abs(1 - lr * curvature))


def signed_logarithm(lr, curvature, factor) -> int:
    return math.ceil(math.log(factor) / math.log(1 - lr * curvature))


def upside_down(lr, curvature, factor) -> int:
    return math.ceil(math.log(abs(1 - lr * curvature)) / math.log(factor))


def ceiled(*asked) -> int:
    return math.ceil(by_formula(*asked))


def handled(formula: Callable, zero: float | None = 1, never: Callable = lambda q: abs(q) >= 1) -> Callable:
    """A formula with its special cases handled: what 0 gives (None: not handled), and which q never arrive."""

    def steps(lr, curvature, factor):
        q = 1 - lr * curvature
        if never(q):
            return math.inf
        return zero if q == 0 and zero is not None else formula(lr, curvature, factor)

    return steps


def in_loop(enough: Callable) -> Callable:
    """A run counted by a loop that stops when enough(place, factor)."""

    def steps(lr, curvature, factor):
        place, count = 1.0, 0
        while not enough(place, factor) and count < 500:
            place, count = place * (1 - lr * curvature), count + 1
        return count

    return steps


def above_one(q) -> bool:
    return abs(q) > 1


STEPS_NEEDED = FunctionTask(
    right=steps_needed,
    parts={
        "below": (
            *((0.1, 1.0, 1e-3), (0.02, 8.0, 1e-2), (0.3, 2.0, 1e-3)),
            *((0.5, 1.0, 0.25), (0.9, 1.0, 0.5), (0.1, 1.0, 0.5)),  # powers of two: exact in any way of counting
        ),
        "everywhere": (
            *((0.24, 8.0, 1e-3), (0.15, 8.0, 1e-2), (0.125, 8.0, 1e-3), (0.25, 8.0, 1e-3), (0.3, 8.0, 1e-3)),
            (0.1, 1.0, 1e-3),
        ),
    },
    verified={
        "below": "your formula counts what a run of descend counts.",
        "everywhere": "overshooting, landing in one step and never arriving: your count is right in every regime.",
    },
    mistakes=(
        Mistake(
            "steps come whole: round up, with math.ceil, because the last started step is needed too.",
            (by_formula, by_numpy, handled(by_formula)),
        ),
        Mistake(
            "some counts are one too few: a step that goes a little too far is needed too. Always round up: math.ceil.",
            (
                lambda *a: math.floor(by_formula(*a)),
                lambda *a: np.floor(by_numpy(*a)),
                lambda *a: round(by_formula(*a)),
                lambda *a: np.round(by_numpy(*a)),
                handled(lambda *a: math.floor(by_formula(*a))),
                handled(lambda *a: round(by_formula(*a))),
            ),
        ),
        Mistake(
            "your fraction is upside down: log(factor) belongs on top.",
            (
                upside_down,
                handled(upside_down),
                lambda *a: math.ceil(1 / by_formula(*a)),
                lambda *a: 1 / by_formula(*a),
            ),
        ),
        Mistake(
            "you count until the loss has shrunk by the factor: the distance is asked for, and the loss is its square.",
            (lambda *a: math.ceil(by_formula(*a) / 2), lambda *a: np.ceil(by_numpy(*a) / 2)),
        ),
        Mistake(
            "you mix two kinds of logarithm: any base will do, but it must be the same above and below.",
            (
                lambda lr, curvature, factor: math.ceil(math.log10(factor) / math.log(abs(1 - lr * curvature))),
                lambda lr, curvature, factor: math.ceil(math.log(factor) / math.log10(abs(1 - lr * curvature))),
            ),
        ),
        Mistake(
            "you take every step to be as long as the first: they shrink with the distance, so take logarithms.",
            (
                lambda lr, curvature, factor: math.ceil((1 - factor) / (lr * curvature)),
                lambda lr, curvature, factor: math.ceil(1 / (lr * curvature)),
                lambda lr, curvature, factor: math.ceil(1 / (lr * curvature * factor)),
                lambda lr, curvature, factor: math.ceil(factor / (lr * curvature)),
            ),
        ),
        Mistake(
            "log(1/factor) / (lr * curvature) holds for tiny steps only: one step multiplies by 1 - lr * curvature.",
            (lambda lr, curvature, factor: math.ceil(-math.log(factor) / (lr * curvature)),),
        ),
        Mistake(
            "you forget the curvature: one step multiplies the distance by 1 - lr * curvature.",
            (lambda lr, curvature, factor: math.ceil(math.log(factor) / math.log(abs(1 - lr))),),
        ),
        Mistake(
            "the number of steps cannot be negative: both logarithms are, so their quotient is not.",
            (lambda *a: -math.ceil(by_formula(*a)), lambda *a: math.ceil(-by_formula(*a)), lambda *a: -by_formula(*a)),
        ),
        Mistake(
            "where the ball overshoots, 1 - lr * curvature is negative and has no logarithm: take abs(...) first.",
            (
                signed_logarithm,
                lambda lr, curvature, factor: np.ceil(np.log(factor) / np.log(1 - lr * curvature)),
                handled(signed_logarithm),
                handled(signed_logarithm, never=lambda q: q >= 1),
                handled(signed_logarithm, never=lambda q: q > 1),
            ),
        ),
        Mistake(
            "where the ball overshoots, its place is below 0, so below the factor at once: compare abs(...) of it.",
            (in_loop(lambda place, factor: place <= factor), handled(in_loop(lambda place, factor: place <= factor))),
        ),
        Mistake(
            "where 1 - lr * curvature is 0, the ball lands with the first step, and that is a step too: 1, not 0.",
            (handled(ceiled, 0),),
        ),
        Mistake(
            "at abs(1 - lr * curvature) == 1 the ball bounces for ever and never arrives: give math.inf there too.",
            (
                handled(ceiled, never=above_one),
                handled(lambda *a: np.ceil(by_numpy(*a)), never=above_one),
                handled(
                    lambda lr, curvature, factor: math.ceil(math.log(factor, abs(1 - lr * curvature))), never=above_one
                ),
            ),
        ),
        Mistake(
            "the formula fails where abs(1 - lr * curvature) is 0 (one step does) or at least 1 (never: math.inf).",
            (
                ceiled,
                lambda *a: np.ceil(by_numpy(*a)),
                handled(ceiled, zero=None),
                handled(ceiled, zero=None, never=above_one),
                handled(ceiled, never=lambda q: False),
            ),
        ),
        Mistake(
            "one step too many where q ** n is exactly the factor: 0.5 ** 2 is 0.25, and at most 0.25 is asked for.",
            (
                lambda *a: math.floor(by_formula(*a)) + 1,
                handled(lambda *a: math.floor(by_formula(*a)) + 1),
                handled(in_loop(lambda place, factor: abs(place) < factor)),
            ),
        ),
    ),
    hints=(
        "one step multiplies the distance by q = abs(1 - lr * curvature), so n steps multiply it by q ** n.",
        "q ** n <= factor means n >= log(factor) / log(q): both logarithms are negative, so the sign turns round.",
        "take math.ceil of that. Before it, two cases: q == 0 needs 1 step, and q >= 1 never arrives: math.inf.",
    ),
)


def walk(gradient, start, lr, steps):
    landscape = Landscape("asked", lambda params: (np.zeros(params.shape[:-1]), gradient(params)), start, start)
    return descend(landscape, start, np.vectorize(lr, otypes=[float]), steps=steps).params


def walked(step: Callable, rows: Callable = np.array) -> Callable:
    """walk() with another step or another choice of rows: what most mistakes come to."""

    def mistaken(gradient, start, lr, steps):
        path = [start]
        for t in range(steps):
            path.append(step(path, gradient, lr, t))
        return rows(path)

    return mistaken


def returned_early(rows: Callable) -> Callable:
    """walk() that returns from within its loop, so with no answer where there is no step."""

    def mistaken(gradient, start, lr, steps):
        return rows([start, start - lr(0) * gradient(start)], steps) if steps else None

    return mistaken


def filled(path, steps):
    """A path in an array that was made beforehand, of zeros."""
    return np.concatenate([path, np.zeros((steps + 1 - len(path), len(path[0])))])


def bowl(params):
    return np.array([1.0, 4.0]) * params


def steady(t):
    return 0.1


def halved(t):
    return 0.4 * 0.5 ** (t // 2)


def rising(t):
    return 0.05 * (t + 1)


def right_step(path, gradient, lr, t):
    return path[-1] - lr(t) * gradient(path[-1])


WALK = FunctionTask(
    right=walk,
    parts={
        "constant": ((bowl, np.array([1.0, 1.0]), steady, 4), (np.negative, np.array([0.5, 2.0]), steady, 3)),
        "schedule": (
            (bowl, np.array([1.0, -1.0]), halved, 5),
            (bowl, np.array([2.0, 1.0]), rising, 3),
            (bowl, np.array([3.0, 1.0]), rising, 0),
        ),
    },
    verified={
        "constant": "row for row the path of lrlab's own descend, the start included.",
        "schedule": "every step asks the schedule for its own rate, counting from t = 0, and no step at all works too.",
    },
    mistakes=(
        Mistake(
            "your walk goes uphill: look at the sign of the step.",
            (walked(lambda p, g, lr, t: p[-1] + lr(t) * g(p[-1])),),
        ),
        Mistake(
            "the start is missing: row 0 of the path is the place where the walk begins.",
            (walked(right_step, lambda path: np.array(path[1:])),),
        ),
        Mistake(
            "you give back the last place only: keep every place of the walk, one row each.",
            (walked(right_step, lambda path: path[-1]),),
        ),
        Mistake(
            "your `return` stands inside the loop, so the walk ends after its first step: move it out, to the left.",
            (returned_early(lambda path, steps: np.array(path)), returned_early(filled)),
        ),
        Mistake(
            "your path holds the start and nothing else: keep each new place. (np.append makes a new array: name it.)",
            (
                lambda gradient, start, lr, steps: np.array([start]),
                lambda gradient, start, lr, steps: np.array(start),
            ),
        ),
        Mistake(
            "one step is missing at the end: `steps` steps make steps + 1 rows.",
            (walked(right_step, lambda path: np.array(path[:-1])),),
        ),
        Mistake(
            "you take one step too many: `steps` steps make steps + 1 rows, because the start is a row too.",
            (lambda gradient, start, lr, steps: walked(right_step)(gradient, start, lr, steps + 1),),
        ),
        Mistake(
            "you ask for the gradient at the start only: ask again at every new place.",
            (walked(lambda p, g, lr, t: p[-1] - lr(t) * g(p[0])),),
        ),
        Mistake(
            "every step of yours begins at the start again: let it begin where the one before it ended.",
            (walked(lambda p, g, lr, t: p[0] - lr(t) * g(p[0])),),
        ),
        Mistake(
            "all rows of your path are the same: one array is changed in place and stored again. Make new ones.",
            (walked(right_step, lambda path: np.array([path[-1]] * len(path))), walked(lambda p, g, lr, t: p[0])),
        ),
        Mistake(
            "your schedule begins one step late: the first step is t = 0, so it uses lr(0).",
            (walked(lambda p, g, lr, t: p[-1] - lr(t + 1) * g(p[-1])),),
        ),
        Mistake(
            "you ask the schedule once and keep that rate: ask for lr(t) at every step.",
            (walked(lambda p, g, lr, t: p[-1] - lr(0) * g(p[-1])),),
        ),
        Mistake(
            "lr is a function here, not a number: call it, lr(t).",
            (walked(lambda p, g, lr, t: p[-1] - lr * g(p[-1])),),
        ),
        Mistake(
            "gradient is a function here, not a number: call it at the place where you are.",
            (walked(lambda p, g, lr, t: p[-1] - lr(t) * g),),
        ),
    ),
    hints=(
        "begin with a list that holds the start; in a loop over t add one place after the other.",
        "the next place is made from the last one, path[-1], with lr(t) and the gradient there: your update does it.",
        "for t in range(steps): path.append(update(path[-1], gradient(path[-1]), lr(t))); then np.array(path).",
    ),
)


TASKS = {
    "update": UPDATE,
    "rate_at_the_edge": RATE_AT_THE_EDGE,
    "largest_stable_rate": LARGEST_STABLE_RATE,
    "why_it_diverges": WHY_IT_DIVERGES,
    "predictions": PREDICTIONS,
    "regime": REGIME,
    "steps_needed": STEPS_NEEDED,
    "walk": WALK,
}
