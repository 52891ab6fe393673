"""Chapter 2, too high or too low: loss curves, two curvatures, scaled inputs, momentum, a bug, a sharp well."""

import functools
from collections.abc import Callable

import numpy as np

from lrlab.checks.judging import (
    FunctionTask,
    Mistake,
    ValueTask,
    letter,
    numbers_for,
    one_number,
    words_for,
)
from lrlab.datasets import digits
from lrlab.descent import descend, steps_to
from lrlab.models import linear_regression, mlp, one_hot
from lrlab.objectives import Landscape, cubic, double_well, noisy, parabola, quadratic
from lrlab.optimizers import sgd

# ---------------------------------------------------------------------------------------------- task 1: read the curves

CURVES = {  # letter -> what is trained, at which rate, and the word for it
    "A": ("two valleys", 1.2, "oscillating"),
    "B": ("network on digits", 0.02, "too slow"),
    "C": ("network on digits", 4.0, "dead"),
    "D": ("long valley", 2.04, "diverged"),
    "E": ("network on digits", 0.4, "fine"),
    "F": ("noisy bowl", 0.5, "noise floor"),
}
CURVE_WORDS = ("too slow", "fine", "oscillating", "noise floor", "diverged", "dead")


@functools.cache
def curves() -> dict:
    """letter -> the losses of its run."""

    def losses(run, lr):
        rng = np.random.default_rng(0)
        if run == "network on digits":
            net = mlp((64, 32, 10))
            return descend(
                net.on(*digits().train, batch_size=32), net.init(0), lr, steps=300, keep="last", rng=rng
            ).loss
        if run == "two valleys":
            return descend(cubic(), [0.1], lr, steps=60).loss + 0.25  # its floor is at -0.25
        if run == "noisy bowl":
            return descend(noisy(parabola(), 1.0), [3.0], lr, steps=150, rng=rng).loss
        return descend(quadratic((0.02, 1)), [10.0, 0.05], lr, steps=115).loss

    return {letter: losses(run, lr) for letter, (run, lr, _) in CURVES.items()}


def read_right(words) -> int:
    """How many of the six words are right."""
    return sum(words[letter] == word for letter, (_, _, word) in CURVES.items())


WORDS_FOR_CURVES = ValueTask(
    read=words_for(tuple(CURVES), CURVE_WORDS),
    right={"most": lambda words: read_right(words) >= 4, "all": lambda words: read_right(words) == 6},
    verified={
        "most": "at least four of the six curves are read as the runs that made them say.",
        "all": "all six curves, as the runs that made them say.",
    },
    mistakes=(
        Mistake(
            "A and F both jump, but not alike: which one turns at every single step, and which one by chance?",
            (lambda words: words["A"] == "noise floor" or words["F"] == "oscillating",),
        ),
        Mistake(
            "A goes up and down between the same two heights to its end: is there a rule in it?",
            (lambda words: words["A"] == "fine" or words["E"] == "oscillating",),
        ),
        Mistake(
            "D comes down for a long time: cover that part with your hand and look at its last twenty steps.",
            (lambda words: words["D"] != "diverged",),
        ),
        Mistake(
            "C is level, but mind at which height: 2.3 is the loss of guessing among ten digits. What has it learnt?",
            (lambda words: words["C"] != "dead",),
        ),
        Mistake(
            "E and F have both come down and jump: in which of the two do the jumps keep their size to the end?",
            (lambda words: words["E"] == "noise floor" or words["F"] == "fine",),
        ),
        Mistake(
            "B and E both come down: which one is still falling at its last step as fast as in the middle?",
            (lambda words: words["B"] != "too slow" or words["E"] != "fine",),
        ),
    ),
    hints=(
        "look at the end of each curve first: is it falling, level, jumping or rising there?",
        "two jump at one height: one in turn, one by chance. Of the other four one rises, one is level where it began.",
        "jump: A in turn, F by chance. Rises: D. Level where it began: C. Falling still: B. Down and done: the last.",
    ),
    otherwise="not all of them are right yet.",
)


NOISE_OR_BOUNCE = letter(
    right="C",
    verified="with all the data there is no noise of minibatches: only bouncing stays.",
    wrong={
        "A": "A makes the jumps a little smaller in both cases, so it does not tell the two apart.",
        "B": "B changes the start as well as the noise: either way it jumps again, and to other places.",
        "D": "with D both go on jumping at the same height: noise does not wear off, and neither does a bounce.",
    },
    hints=(
        "what makes the one jump, and what makes the other? Take one of the two causes away.",
        "noise comes from the minibatches, bouncing from the length of the step.",
        "which of the four leaves the rate as it is and takes the minibatches away?",
    ),
)

# ------------------------------------------------------------------------------------ task 2: one rate, two curvatures


def contraction(lr, curvatures):
    """One step of the engine, from distance 1 in every direction."""
    curvatures = np.asarray(curvatures, dtype=float)
    return np.max(np.abs(descend(quadratic(curvatures), np.ones(len(curvatures)), lr, steps=1).final))


def shares(*chosen: Callable) -> tuple[Callable, ...]:
    """contraction() with something else made of the signed shares 1 - lr * curvature of all directions."""
    return tuple(lambda lr, curvatures, choose=choose: choose(1 - lr * curvatures) for choose in chosen)


CONTRACTION = FunctionTask(
    right=contraction,
    parts={
        "all": (
            *((0.15, np.array([1.0, 10.0])), (0.19, np.array([1.0, 10.0])), (0.25, np.array([10.0, 1.0]))),
            *((0.08, np.array([12.0, 4.0, 20.0])), (0.5, np.array([3]))),
        )
    },
    verified={"all": "the direction that keeps the largest share of its distance is the one that you wait for."},
    mistakes=(
        Mistake(
            "you give one share for each direction: which of them tells how long the whole run takes?",
            shares(np.abs, lambda share: share),
        ),
        Mistake(
            "a share below 0 means the other side, and how far out counts: take abs(...) before you choose.",
            shares(np.max, np.min, lambda share: share[-1]),
        ),
        Mistake(
            "you take the fastest direction: the run is not done before the slowest one is.",
            shares(lambda share: np.min(np.abs(share))),
        ),
        Mistake(
            "you look at the steepest direction only: at a low rate another one keeps more of its distance.",
            shares(lambda share: np.abs(np.min(share))),
        ),
        Mistake(
            "you look at the gentlest direction only: at a high rate the steepest one keeps more, on the other side.",
            shares(lambda share: np.abs(np.max(share))),
        ),
        Mistake(
            "you look at one place of the list only: the slowest direction may stand anywhere in it.",
            shares(lambda share: np.abs(share[0]), lambda share: np.abs(share[-1])),
        ),
        Mistake(
            "that is the condition number itself, or its share at the best rate: here the rate is given, so use it.",
            (
                lambda lr, curvatures: np.max(curvatures) / np.min(curvatures),
                lambda lr, curvatures: np.ptp(curvatures) / (np.min(curvatures) + np.max(curvatures)),
            ),
        ),
        Mistake(
            "you mix the directions: each one shrinks by its own share, and the largest of the shares is asked for.",
            (
                *shares(lambda share: np.mean(np.abs(share)), lambda share: np.abs(np.mean(share))),
                *shares(lambda share: np.abs(np.prod(share)), np.linalg.norm, lambda share: np.sum(np.abs(share))),
            ),
        ),
        Mistake(
            "that is the share which a step takes away: the share that is kept is asked for.",
            shares(lambda share: np.max(1 - share), lambda share: np.min(1 - share), lambda s: 1 - np.max(np.abs(s))),
        ),
        Mistake(
            "that is what a step keeps of the *loss*, which goes with the square of the distance.",
            shares(lambda share: np.max(share**2)),
        ),
        Mistake(
            "you take twice the slope: at distance x, a direction of curvature c has the slope c * x.",
            shares(lambda share: np.max(np.abs(2 * share - 1))),
        ),
        Mistake(
            "you divide by the curvature: a step is lr times the gradient, and the gradient grows with the curvature.",
            (lambda lr, curvatures: np.max(np.abs(1 - lr / curvatures)),),
        ),
    ),
    hints=(
        "in one direction, a step turns the distance x into x - lr * curvature * x. Which share is left?",
        "the share is abs(1 - lr * curvature), one for each direction; the largest of them decides.",
        "np.max(np.abs(1 - lr * np.asarray(curvatures))).",
    ),
)


def best_rate(curvatures):
    return 2 / (np.min(curvatures) + np.max(curvatures))


def ends(*formulas: Callable) -> tuple[Callable, ...]:
    """best_rate() by another formula(mu, top) of the smallest and the largest curvature."""
    return tuple(
        lambda curvatures, formula=formula: formula(np.min(curvatures), np.max(curvatures)) for formula in formulas
    )


BEST_RATE = FunctionTask(
    right=best_rate,
    parts={"all": tuple((np.array(c),) for c in ([1.0, 10.0], [4.0, 1.0, 16.0], [8.0], [2, 6], [30.0, 0.5, 2.0, 7.0]))},
    verified={"all": "the steepest and the gentlest direction keep the same share: no other rate keeps less."},
    mistakes=(
        Mistake(
            "2/L is the limit: there the steepest direction keeps all of its distance. The best rate lies below it.",
            ends(lambda mu, top: 2 / top),
        ),
        Mistake(
            "1/L is best for the steepest direction alone: the gentlest one would like a higher rate.",
            ends(lambda mu, top: 1 / top),
        ),
        Mistake(
            "your rate is made for the gentlest direction: the steepest one diverges at it.",
            ends(lambda mu, top: 1 / mu, lambda mu, top: 2 / mu),
        ),
        Mistake(
            "curvatures in between play no part: only the smallest and the largest one meet.",
            (
                *(lambda curvatures: 1 / np.mean(curvatures), lambda curvatures: 2 / np.mean(curvatures)),
                *(lambda curvatures: 2 / np.sum(curvatures), lambda curvatures: 1 / np.median(curvatures)),
                lambda curvatures: np.mean(1 / curvatures),
            ),
        ),
        Mistake(
            "you take two places of the list: the smallest and the largest curvature may stand anywhere in it.",
            (lambda curvatures: 2 / (curvatures[0] + curvatures[-1]), lambda c: 2 / (c[0] + c[1])),
        ),
        Mistake(
            "you take the smallest curvature to be 1: it was in the example, but here it is in the list.",
            ends(lambda mu, top: 2 / (1 + top), lambda mu, top: 2 / (1 + top / mu)),
        ),
        Mistake(
            "you give one rate for each direction, but one learning rate serves them all.",
            (lambda curvatures: 2 / curvatures, lambda curvatures: 1 / curvatures),
        ),
        Mistake(
            "you mix 1/mu and 1/L, and at 1/mu the steepest direction diverges. Make the two *shares* equal.",
            ends(lambda mu, top: (1 / mu + 1 / top) / 2, lambda mu, top: 1 / mu + 1 / top),
        ),
        Mistake(
            "the geometric mean does not make the two shares equal: put your rate into both and compare.",
            ends(lambda mu, top: 1 / np.sqrt(mu * top)),
        ),
        Mistake(
            "you are off by a factor of two: put your rate into both shares, they should be equal in size.",
            ends(lambda mu, top: 1 / (mu + top), lambda mu, top: 4 / (mu + top)),
        ),
        Mistake(
            "the two shares meet with opposite signs: 1 - lr*mu = lr*L - 1. Solve that once more.",
            ends(lambda mu, top: 2 / (top - mu), lambda mu, top: 1 / (top - mu)),
        ),
        Mistake(
            "that is the condition number, or the share that a step keeps at the best rate: the rate is asked for.",
            ends(lambda mu, top: top / mu, lambda mu, top: (top - mu) / (top + mu)),
        ),
        Mistake(
            "that is the best rate as a share of the limit 2/L: the rate itself is asked for.",
            ends(lambda mu, top: top / (top + mu)),
        ),
        Mistake(
            "no fixed share of the limit is best in every valley: how far below 2/L depends on the flattest direction.",
            ends(*(lambda mu, top, share=share: share * 2 / top for share in (0.75, 0.9, 0.95, 0.99, 0.999))),
        ),
        Mistake(
            "that rate is the best one *with* momentum: without it, make the two shares equal.",
            ends(lambda mu, top: 4 / (np.sqrt(mu) + np.sqrt(top)) ** 2),
        ),
        Mistake(
            "Python divides before it adds: put brackets round the sum.",
            ends(lambda mu, top: 2 / mu + top, lambda mu, top: 2 / top + mu),
        ),
        Mistake(
            "your fraction is upside down: larger curvatures must give a smaller rate.",
            ends(lambda mu, top: (mu + top) / 2, lambda mu, top: 2 * (mu + top)),
        ),
    ),
    hints=(
        "raise the rate from 0: the gentlest direction keeps less and less. Which direction begins to keep more?",
        "the best rate is where both keep the same: 1 - lr * mu on one side, lr * L - 1 on the other.",
        "solve 1 - lr * mu = lr * L - 1 for lr: all the lr to one side, then divide by mu + L.",
    ),
)


@functools.cache
def steps_at_best(kappa: float) -> int:
    """Steps until a millionth of the distance is left, at the best rate of the curvatures 1 and kappa."""
    run = descend(quadratic((1.0, kappa)), [1.0, 1.0], best_rate([1.0, kappa]), steps=1000)
    return int(steps_to(np.linalg.norm(run.params, axis=-1), 1e-6 * np.sqrt(2)))


STEPS_AT_KAPPA_40 = ValueTask(
    read=one_number,
    right=lambda steps: abs(steps / steps_at_best(40.0) - 1) < 0.1,
    verified="a run of descend needs 277 steps: the steps grow in proportion to the condition number.",
    mistakes=(
        Mistake(
            "the longer valley needs more steps: even at its best rate the gentle direction keeps more each time.",
            (lambda steps: steps < 80,),
        ),
        Mistake(
            "that would be the root of the condition number, which only momentum can get: here it is slower.",
            (lambda steps: 120 <= steps < 165,),
        ),
        Mistake(
            "that would be the square of the condition number: it is not as bad as that.",
            (lambda steps: 900 <= steps < 1300,),
        ),
        Mistake(
            "you add where you should multiply: 30 more in the condition number is not 30 more steps.",
            (lambda steps: 80 <= steps < 120,),
        ),
        Mistake(
            "the 69 steps are for a condition number of 10, not of 1: how many times as long is the valley now?",
            (lambda steps: 2500 <= steps < 3000,),
        ),
    ),
    hints=(
        "what share does a step keep at the best rate, for a condition number of 10, and for one of 40?",
        "it keeps 9/11 at 10 and 39/41 at 40. How often must you multiply to come to a millionth?",
        "steps = log(1e-6) / log(share). For a large condition number the share is about 1 - 2/kappa.",
    ),
    otherwise="this is not within a tenth: count with the share that a step keeps.",
)

# -------------------------------------------------------------------------------------------- task 3: scale the inputs

CONDITION_NUMBERS = ValueTask(
    read=numbers_for("as they are", "standardised"),
    right=lambda found: abs(found["as they are"] / 400 - 1) < 0.01 and abs(found["standardised"] - 1) < 0.01,
    verified="the unit of a feature goes into the curvature squared, so 20 to 1 in scale is 400 to 1 in curvature.",
    mistakes=(
        Mistake(
            "1 over 0.05 is 20, but the curvature is the mean *square* of the input.",
            (lambda found: abs(found["as they are"] - 20) < 0.5,),
        ),
        Mistake(
            "a condition number is the larger curvature over the smaller, so it is never below 1.",
            (lambda found: min(found.values()) < 0.99,),
        ),
        Mistake(
            "the two are swapped: which inputs have curvatures that lie far apart?",
            (lambda found: abs(found["standardised"] - 400) < 4,),
        ),
        Mistake(
            "after standardising both features have scale 1: what are the two curvatures then?",
            (lambda found: found["standardised"] > 1.01,),
        ),
    ),
    hints=(
        "the curvature along a weight is the mean of the square of its input.",
        "an input with mean 0 and scale s has mean square s * s: so 1 for the one, and for the other?",
        "0.05 squared is 0.0025. Divide the larger curvature by the smaller, before and after.",
    ),
    otherwise="work out the two curvatures, then divide the larger by the smaller.",
)


def one_for_0(scale):
    return np.where(scale == 0, 1, scale)


def standardised(train, inputs):
    return (inputs - np.mean(train, axis=0)) / one_for_0(np.std(train, axis=0))


def divided_by_0(train, inputs):
    return (inputs - np.mean(train, axis=0)) / np.std(train, axis=0)


def middle(train, inputs):
    return np.mean(train, axis=0)


def spread(train, inputs):
    return np.std(train, axis=0)


def scaled(scale: Callable, centre: Callable = middle) -> Callable:
    """standardised() with another scale or another centre; what is asked about a constant column it does right."""

    def mistaken(train, inputs):
        return (inputs - centre(train, inputs)) / one_for_0(scale(train, inputs))

    return mistaken


def in_either(scale: Callable, centre: Callable = middle) -> tuple[Callable, ...]:
    """The mistake with a constant column done right, and with it divided by 0."""
    return scaled(scale, centre), lambda train, inputs: (inputs - centre(train, inputs)) / scale(train, inputs)


PLAIN = np.array([[1.0, 10.0, 0.3], [2.0, 40.0, 0.1], [6.0, 10.0, 0.7], [7.0, 20.0, 0.5]])
FLAT = np.array([[1.0, 5.0], [3.0, 5.0], [8.0, 5.0]])  # its second column is constant

STANDARDISED = FunctionTask(
    right=standardised,
    parts={
        "plain": (
            (PLAIN, PLAIN.copy()),
            (PLAIN, np.array([[2.0, 0.0, 0.6], [9.0, 30.0, 1.5]])),
            (2 * PLAIN + 1, PLAIN),
        ),
        "constant": (
            (FLAT, FLAT.copy()),
            (FLAT, np.array([[2.0, 5.0], [4.0, 6.0]])),
            (FLAT, np.array([[0.0, 4.5], [1.0, 5.0], [5.0, 7.0]])),
        ),
    },
    verified={
        "plain": "each column is scaled by the training data's own mean and standard deviation.",
        "constant": "a column without any spread is divided by 1, so nothing is lost and nothing blows up.",
    },
    mistakes=(
        Mistake(
            "new inputs must be scaled as the training data were: take mean and standard deviation from train.",
            (
                *in_either(lambda train, inputs: spread(inputs, train), lambda train, inputs: middle(inputs, train)),
                *in_either(spread, lambda train, inputs: middle(inputs, train)),
                *in_either(lambda train, inputs: spread(inputs, train)),
            ),
        ),
        Mistake(
            "you put train and inputs together: then every new row changes how the old ones are scaled.",
            in_either(
                lambda *tables: np.std(np.vstack(tables), axis=0), lambda *tables: np.mean(np.vstack(tables), axis=0)
            ),
        ),
        Mistake(
            "you give back the scaled train: `inputs` are to be scaled, and train only says how.",
            (lambda train, inputs: standardised(train, train), lambda train, inputs: divided_by_0(train, train)),
        ),
        Mistake(
            "you divide by the variance: the standard deviation is its square root.",
            in_either(lambda train, inputs: np.var(train, axis=0)),
        ),
        Mistake(
            "you multiply by the scale: a large one must become smaller, so divide.",
            (
                lambda train, inputs: (inputs - middle(train, inputs)) * spread(train, inputs),
                lambda train, inputs: (inputs - middle(train, inputs)) * one_for_0(spread(train, inputs)),
            ),
        ),
        Mistake(
            "the scale is missing: you subtract the mean and divide by nothing.",
            (lambda train, inputs: inputs - middle(train, inputs),),
        ),
        Mistake(
            "the mean is missing: subtract it first, so that every column has its middle at 0.",
            in_either(spread, lambda train, inputs: 0.0),
        ),
        Mistake(
            "you take one mean or one scale for the whole table: each column is a feature with its own: axis=0.",
            (
                *in_either(lambda train, inputs: np.std(train), lambda train, inputs: np.mean(train)),
                *in_either(lambda train, inputs: np.std(train)),
                *in_either(spread, lambda train, inputs: np.mean(train)),
            ),
        ),
        Mistake(
            "you divide by n - 1 in the variance; with it the mean square is not 1. NumPy's np.std(...) divides by n.",
            in_either(lambda train, inputs: np.std(train, axis=0, ddof=1)),
        ),
        Mistake(
            "you scale by smallest and largest: one odd example then decides for all. Use the standard deviation.",
            (
                *in_either(lambda train, inputs: np.ptp(train, axis=0), lambda train, inputs: np.min(train, axis=0)),
                *in_either(lambda train, inputs: np.ptp(train, axis=0)),
                *in_either(lambda train, inputs: np.max(train, axis=0), lambda train, inputs: 0.0),
            ),
        ),
        Mistake(
            "your brackets: the whole difference is divided by the scale, not the mean alone.",
            (
                lambda train, inputs: inputs - middle(train, inputs) / spread(train, inputs),
                lambda train, inputs: inputs - middle(train, inputs) / one_for_0(spread(train, inputs)),
            ),
        ),
        Mistake(
            "a column that is constant in train has standard deviation 0, and you divide by it.",
            (divided_by_0, lambda train, inputs: np.nan_to_num(divided_by_0(train, inputs))),
        ),
        Mistake(
            "a tiny number instead of 0 makes a new input that differs there huge. Divide such a column by 1.",
            tuple(
                lambda train, inputs, tiny=tiny: (inputs - middle(train, inputs)) / (spread(train, inputs) + tiny)
                for tiny in (1e-12, 1e-10, 1e-8, 1e-7)
            ),
        ),
        Mistake(
            "only a scale of exactly 0 is replaced: a scale below 1 is a scale like any other, so divide by it.",
            (scaled(lambda train, inputs: np.maximum(spread(train, inputs), 1)),),
        ),
        Mistake(
            "you set a constant column to 0: a new input may differ there. Subtract the mean and divide by 1.",
            (lambda train, inputs: standardised(train, inputs) * (spread(train, inputs) > 0),),
        ),
        Mistake(
            "you leave a constant column as it is: its mean is subtracted like any other, only the divisor is 1.",
            (lambda train, inputs: np.where(spread(train, inputs), standardised(train, inputs), inputs),),
        ),
        Mistake(
            "you scale row by row: a row is one example, and a feature is a column: axis=0.",
            tuple(
                lambda train, inputs, source=source, keep=keep: (
                    (inputs - source(train, inputs).mean(axis=1, keepdims=keep))
                    / source(train, inputs).std(axis=1, keepdims=keep)
                )
                for source in (lambda train, inputs: train, lambda train, inputs: inputs)
                for keep in (True, False)
            ),
        ),
        Mistake(
            "your scale is measured from 0: subtract the mean before you square.",
            (scaled(lambda train, inputs: np.sqrt(np.mean(train**2, axis=0))),),
        ),
        Mistake(
            "the signs are turned round: subtract the mean from the inputs, not the inputs from the mean.",
            (lambda *tables: -standardised(*tables), lambda *tables: -divided_by_0(*tables)),
        ),
        Mistake(
            "the inputs come back as they were: did you scale train first, and then take its mean and its scale?",
            (lambda train, inputs: inputs,),
        ),
    ),
    hints=(
        "one mean and one standard deviation for each column of train: np.mean(train, axis=0), np.std(train, axis=0).",
        "(inputs - mean) / scale. Where the scale is 0, put a 1 in its place before you divide.",
        "np.where(scale == 0, 1, scale) makes that replacement for all columns at once.",
    ),
)

TARGET = 0.17  # of linear regression on the digits, in 20 steps


@functools.cache
def regression() -> tuple:
    """Linear regression from standardised pixels to ten numbers, one for each digit; where it starts; and its limit."""
    images, labels = digits().train
    inputs, model = standardised(images, images), linear_regression(64, 10)
    limit = 2 / np.linalg.eigvalsh(inputs.T @ inputs / len(inputs))[-1]
    return model.on(inputs, one_hot(labels, 10)), model.init(0), limit


@functools.cache
def digits_loss(rate: float) -> float:
    problem, start, _ = regression()
    return float(descend(problem, start, rate, steps=20, keep="last").loss[-1])


RATE_FOR_DIGITS = ValueTask(
    read=one_number,
    right=lambda rate: rate > 0 and digits_loss(rate) < TARGET,
    verified="on the standardised digits your rate is below 0.17 after 20 steps; on the raw pixels no rate is.",
    mistakes=(
        Mistake(
            "a rate above 0 is needed: at 0 nothing moves, and below 0 every step goes uphill.", (lambda r: r <= 0,)
        ),
        Mistake(
            "at this rate the steepest direction of the digits grows: you are above 2/L. Lower it.",
            (lambda rate: rate > regression()[2],),
        ),
        Mistake(
            "this rate is stable, but so close below 2/L that the steepest direction still swings after 20 steps.",
            (lambda rate: rate > 0.9 * regression()[2],),
        ),
        Mistake(
            "this rate is stable but too low for 20 steps: there is room up to 2/L, so raise it.",
            (lambda rate: rate > 0,),
        ),
    ),
    hints=(
        "try the experiment above with rates from 0.001 to 1, about three times apart.",
        "somewhere between 0.2 and 0.4 the loss after 20 steps begins to grow. Stay below that.",
        "the limit is at 0.27. Half of it is a good choice.",
    ),
    otherwise="the loss after 20 steps is not below 0.17.",
)

# -------------------------------------------------------------------------------------------------- task 4: momentum


def heavy_ball_step(params, buf, grad, lr, beta):
    buf = beta * buf + grad
    return params - lr * buf, buf


def ball(buffer: Callable, step: Callable = lambda lr, buf, old, grad, beta: lr * buf) -> Callable:
    """heavy_ball_step() with another buffer(buf, grad, lr, beta), or another step along it; old: the buffer before."""

    def mistaken(params, buf, grad, lr, beta):
        new = buffer(buf, grad, lr, beta)
        return params - step(lr, new, buf, grad, beta), new

    return mistaken


def right_buffer(buf, grad, lr, beta):
    return beta * buf + grad


HEAVY_BALL_STEP = FunctionTask(
    right=heavy_ball_step,
    parts={
        "numbers": ((3.0, 0.0, 2.0, 0.25, 0.9), (1.0, 4.0, -2.0, 0.1, 0.5), (-2.0, -3.0, 1.0, 0.2, 0.8)),
        "arrays": (
            (np.array([1.0, -2.0]), np.array([0.5, 3.0]), np.array([2.0, -1.0]), 0.1, 0.9),
            (np.array([4.0, 0.5, 1.0]), np.zeros(3), np.array([1.0, 2.0, -4.0]), 0.5, 0.6),
        ),
    },
    verified={
        "numbers": "first the buffer, then a step along the new buffer: PyTorch's momentum.",
        "arrays": "for arrays too, and the old place and the old buffer stay as they were.",
    },
    mistakes=(
        Mistake(
            "your step goes uphill: the buffer is made of gradients, so go against it.",
            (
                ball(right_buffer, lambda lr, buf, old, grad, beta: -lr * buf),
                ball(lambda buf, grad, lr, beta: beta * buf - grad),
            ),
        ),
        Mistake(
            "your step follows the old buffer: put the new gradient in first, then step along the new one.",
            (ball(right_buffer, lambda lr, buf, old, grad, beta: lr * old),),
        ),
        Mistake(
            "in PyTorch's convention the new gradient goes in whole: no factor 1 - beta in front of it.",
            (ball(lambda buf, grad, lr, beta: beta * buf + (1 - beta) * grad),),
        ),
        Mistake(
            "in PyTorch's convention the rate stays outside the buffer: that holds gradients, and lr scales the step.",
            (
                ball(lambda buf, grad, lr, beta: beta * buf + lr * grad, lambda lr, buf, old, grad, beta: buf),
                ball(lambda buf, grad, lr, beta: beta * buf + lr * grad),
                ball(lambda buf, grad, lr, beta: beta * buf - lr * grad, lambda lr, buf, old, grad, beta: -buf),
            ),
        ),
        Mistake(
            "place and buffer come back in the other order: first the new params, then the new buf.",
            (lambda *asked: heavy_ball_step(*asked)[::-1],),
        ),
        Mistake(
            "you give back the place alone: the next step needs the buffer too. `return params, buf`.",
            (lambda *asked: heavy_ball_step(*asked)[0], lambda params, buf, grad, lr, beta: params - lr * grad),
        ),
        Mistake(
            "lr scales the whole new buffer: the part of it that comes from the old one, too.",
            (ball(right_buffer, lambda lr, buf, old, grad, beta: lr * grad + beta * old),),
        ),
        Mistake(
            "the step is lr times the new buffer: you multiply by something else, or by nothing.",
            (
                ball(right_buffer, lambda lr, buf, old, grad, beta: buf),
                ball(right_buffer, lambda lr, buf, old, grad, beta: beta * buf),
                ball(lambda buf, grad, lr, beta: lr * buf + grad, lambda lr, buf, old, grad, beta: beta * buf),
            ),
        ),
        Mistake(
            "the place is right, but the gradient goes into the buffer with its own sign, and the step is subtracted.",
            (ball(lambda buf, grad, lr, beta: beta * buf - grad, lambda lr, buf, old, grad, beta: -lr * buf),),
        ),
        Mistake(
            "you give back the old buffer: the next step would not know of this gradient.",
            (lambda params, buf, grad, lr, beta: (heavy_ball_step(params, buf, grad, lr, beta)[0], buf),),
        ),
        Mistake(
            "that is Nesterov's step, which looks ahead: the heavy ball steps along the buffer and no more.",
            (ball(right_buffer, lambda lr, buf, old, grad, beta: lr * (grad + beta * buf)),),
        ),
        Mistake(
            "your buffer forgets nothing: beta must shrink what was in it before.",
            (ball(lambda buf, grad, lr, beta: buf + grad),),
        ),
        Mistake(
            "beta shrinks the old buffer only: the new gradient goes in whole.",
            (
                ball(lambda buf, grad, lr, beta: beta * (buf + grad)),
                ball(lambda buf, grad, lr, beta: (1 - beta) * buf + beta * grad),
                ball(lambda buf, grad, lr, beta: buf + beta * grad),
            ),
        ),
        Mistake(
            "that is plain gradient descent: the step must follow the buffer, which remembers earlier gradients.",
            (
                ball(lambda buf, grad, lr, beta: grad),
                ball(right_buffer, lambda lr, buf, old, grad, beta: lr * grad),
            ),
        ),
        Mistake(
            "beta or lr is a fixed number in your function: whoever calls it chooses them, so write their names there.",
            tuple(
                ball(lambda buf, grad, lr, beta, fixed=fixed: fixed * buf + grad)
                for fixed in (0.5, 0.6, 0.8, 0.9, 0.99)
            )
            + tuple(
                ball(right_buffer, lambda lr, buf, old, grad, beta, fixed=fixed: fixed * buf) for fixed in (0.1, 0.01)
            ),
        ),
    ),
    hints=(
        "two lines: the new buffer from the old one and the gradient, then the new place from the new buffer.",
        "the new buffer is beta * buf + grad. How does a step of gradient descent look with buf in place of grad?",
        "buf = beta * buf + grad, then return params - lr * buf, buf.",
    ),
)


def momentum_limit(curvatures, beta):
    return 2 * (1 + beta) / np.max(curvatures)


def limits(*formulas: Callable) -> tuple[Callable, ...]:
    """momentum_limit() by another formula(top, beta) of the largest curvature."""
    return tuple(lambda curvatures, beta, formula=formula: formula(np.max(curvatures), beta) for formula in formulas)


def limits_of(*chosen: Callable) -> tuple[Callable, ...]:
    """momentum_limit() with something else chosen from the curvatures than the largest."""
    return tuple(lambda curvatures, beta, choose=choose: 2 * (1 + beta) / choose(curvatures) for choose in chosen)


MOMENTUM_LIMIT = FunctionTask(
    right=momentum_limit,
    parts={
        "all": tuple(
            (np.array(c), beta)
            for c, beta in (([8.0], 0.9), ([8.0], 0.0), ([1.0, 10.0, 4.0], 0.5), ([5, 2], 0.6), ([0.5, 0.25], 0.3))
        )
    },
    verified={"all": "2(1 + beta)/L: in the steep direction the pushes alternate, so momentum cancels part of them."},
    mistakes=(
        Mistake(
            "your limit does not depend on beta: compare momentum 0 and 0.9 in the experiment.",
            limits(lambda top, beta: 2 / top, lambda top, beta: 3.8 / top, lambda top, beta: 4 / top),
        ),
        Mistake(
            "you let the limit fall as beta grows: in the experiment it rises, to nearly twice the old one.",
            limits(lambda top, beta: 2 * (1 - beta) / top, lambda top, beta: 2 / (top * (1 + beta))),
        ),
        Mistake(
            "1/(1 - beta) tells how long steps get where all point one way. At the edge they alternate: measure again.",
            limits(lambda top, beta: 2 / (top * (1 - beta))),
        ),
        Mistake(
            "8 was the curvature of the experiment: here the curvatures are given.",
            limits(lambda top, beta: 2 * (1 + beta) / 8),
        ),
        Mistake(
            "the gentlest direction, a mean or a sum decides nothing: the steepest one blows up first, as before.",
            limits_of(np.min, np.mean, np.sum),
        ),
        Mistake(
            "without momentum your formula must give the old limit, 2/L: put beta = 0 in.",
            (
                *limits(lambda top, beta: (1 + beta) / top, lambda top, beta: 2 * beta / top),
                *limits(lambda top, beta: 2 + 2 * beta / top, lambda top, beta: 2 + beta / top),
                *limits_of(lambda curvatures: np.min(curvatures) + np.max(curvatures)),
            ),
        ),
        Mistake(
            "you add beta: measure at beta = 0.9, and ask by which *factor* the limit has grown.",
            limits(lambda top, beta: 2 / top + beta, lambda top, beta: (2 + beta) / top),
        ),
        Mistake(
            "right without momentum, but not with it: measure at beta 0.3, 0.6 and 0.9, and divide each by 2/L.",
            limits(
                *(lambda top, beta: 2 * (1 + beta) ** 2 / top, lambda top, beta: 2 * (1 + beta**2) / top),
                *(lambda top, beta: 2 * (1 + np.sqrt(beta)) / top, lambda top, beta: 2 * (1 + 2 * beta) / top),
                lambda top, beta: 2 * (1 + beta) / (1 - beta) / top,
            ),
        ),
        Mistake(
            "your fraction is upside down: the more curved, the smaller the limit.",
            limits(lambda top, beta: 2 * (1 + beta) * top),
        ),
        Mistake(
            "you look at one place of the list only: the largest curvature may stand anywhere in it.",
            limits_of(lambda curvatures: curvatures[0], lambda curvatures: curvatures[-1]),
        ),
        Mistake(
            "you give one limit for each direction, but one rate serves them all: which must it be?",
            limits_of(lambda curvatures: curvatures),
        ),
    ),
    hints=(
        "measure the limit for curvature 8 at beta 0, 0.3, 0.6 and 0.9, and divide each by 2/8.",
        "you get about 1, 1.3, 1.6 and 1.9: what is that in terms of beta?",
        "the old limit 2/L, times 1 + beta.",
    ),
)

# ------------------------------------------------------------------------------------------------ task 5: find the bug

LINES = tuple("ABCDEFG")

LINE_WITH_THE_BUG = letter(
    right="E",
    verified="it asks for the gradient before the place moves, so every later step uses an old one: a stale gradient.",
    wrong={
        "B": "B is used by D in the first round, and no step lies between. Which gradient does the second round use?",
        "D": "D makes the buffer, and F uses it at once: right, if `grad` is. At which place was that asked for?",
        "F": "F moves along the buffer of this very round. Is that buffer made from the gradient of this place?",
        "ACG": "this line keeps the record or lays things out: it moves nothing. Follow `grad` through two rounds.",
    },
    hints=(
        "do two rounds by hand with gradient(x) = x, start 1, lr 0.1, beta 0: which place does each grad belong to?",
        "in the second round D uses a grad that was asked for in the first. Had params moved by then?",
        "grad must be asked for at the place where the step begins: after the last move, before D.",
    ),
)


def train_with_momentum(gradient, start, lr, beta, steps):
    landscape = Landscape("asked", lambda params: (np.zeros(params.shape[:-1]), gradient(params)), start, start)
    return descend(landscape, start, lr, optimizer=sgd(beta), steps=steps).params


def trained(step: Callable, rows: Callable = np.array, more: int = 0) -> Callable:
    """The loop with another step(path, buf, gradient, lr, beta) -> params, buf, or with other rows."""

    def mistaken(gradient, start, lr, beta, steps):
        path, buf = [start], np.zeros(len(start))
        for _ in range(steps + more):
            params, buf = step(path, buf, gradient, lr, beta)
            path.append(params)
        return rows(path)

    return mistaken


def steps_along(grad: Callable, step: Callable = heavy_ball_step) -> Callable:
    """The loop with the gradient of another place, or with another step in place of the heavy ball's."""
    return trained(lambda path, buf, gradient, lr, beta: step(path[-1], buf, grad(path, gradient), lr, beta))


def here(path, gradient):
    return gradient(path[-1])


def right_step(path, buf, gradient, lr, beta):
    return heavy_ball_step(path[-1], buf, gradient(path[-1]), lr, beta)


def slope(params):
    return np.array([1.0, 10.0]) * params


TRAIN_WITH_MOMENTUM = FunctionTask(
    right=train_with_momentum,
    parts={
        "plain": ((slope, np.array([1.0, -1.0]), 0.15, 0.0, 4), (np.sin, np.array([1.0, 2.0, 3.0]), 0.5, 0.0, 3)),
        "heavy": (
            (slope, np.array([1.0, 1.0]), 0.1, 0.5, 5),
            (np.tanh, np.array([2.0]), 0.3, 0.9, 6),
            (slope, np.array([3.0, 1.0]), 0.1, 0.9, 0),
        ),
    },
    verified={
        "plain": "without momentum it is the path of lrlab's own descend: every gradient is fresh.",
        "heavy": "with momentum too, row for row, and with no step at all.",
    },
    mistakes=(
        Mistake(
            "the gradient is still one step old: ask for it at the place where this very step begins.",
            (
                steps_along(lambda path, gradient: gradient(path[max(len(path) - 2, 0)])),
                trained(
                    lambda path, buf, gradient, lr, beta: (
                        (path[-1] - lr * (new := beta * buf + gradient(path[max(len(path) - 2, 0)])), new)
                    )
                ),
            ),
        ),
        Mistake(
            "you ask for the gradient at the start only: ask again at every new place.",
            (steps_along(lambda path, gradient: gradient(path[0])),),
        ),
        Mistake(
            "you call slope by its own name: `gradient` is the function that is handed in, and it may be another.",
            (steps_along(lambda path, gradient: slope(path[-1])),),
        ),
        Mistake(
            "a number stands where lr or beta should: whoever calls the loop chooses both.",
            tuple(
                trained(
                    lambda path, buf, gradient, lr, beta, rate=rate, keep=keep: right_step(
                        path, buf, gradient, rate or lr, keep or beta
                    )
                )
                for rate, keep in ((0.1, None), (0.1, 0.5), (0.1, 0.9), (None, 0.5), (None, 0.9))
            ),
        ),
        Mistake(
            "the arguments of heavy_ball_step stand in another order: params, buf, grad, lr, beta.",
            (
                steps_along(here, lambda params, buf, grad, lr, beta: heavy_ball_step(params, grad, buf, lr, beta)),
                steps_along(here, lambda params, buf, grad, lr, beta: heavy_ball_step(params, buf, grad, beta, lr)),
            ),
        ),
        Mistake(
            "heavy_ball_step gives first the place and then the buffer: yours get each other's name.",
            (steps_along(here, lambda *asked: heavy_ball_step(*asked)[::-1]),),
        ),
        Mistake(
            "your loop goes uphill: the step goes against the buffer.",
            (steps_along(lambda path, gradient: -gradient(path[-1])),),
        ),
        Mistake(
            "your buffer is forgotten in every round: set it to zero once, before the loop, not in it.",
            (
                trained(lambda path, buf, gradient, lr, beta: right_step(path, 0 * buf, gradient, lr, beta)),
                trained(lambda path, buf, gradient, lr, beta: (path[-1] - lr * gradient(path[-1]), buf)),
            ),
        ),
        Mistake(
            "in PyTorch's convention the new gradient goes in whole: no factor 1 - beta in front of it.",
            (steps_along(here, ball(lambda buf, grad, lr, beta: beta * buf + (1 - beta) * grad)),),
        ),
        Mistake(
            "your step follows the old buffer: put the gradient of this place in first, then step.",
            (
                steps_along(here, ball(right_buffer, lambda lr, buf, old, grad, beta: lr * old)),
                trained(lambda path, buf, gradient, lr, beta: (new := path[-1] - lr * buf, beta * buf + gradient(new))),
            ),
        ),
        Mistake(
            "the rows of your path hold the buffer: a path is made of places, so append params.",
            (
                lambda gradient, start, lr, beta, steps: np.array(
                    [start, *(np.diff(train_with_momentum(gradient, start, lr, beta, steps), axis=0) / -lr)]
                ),
            ),
        ),
        Mistake(
            "the start is missing: row 0 of the path is the place where the run begins.",
            (trained(right_step, lambda path: np.array(path[1:])),),
        ),
        Mistake(
            "you give back the last place only: keep every place, one row each.",
            (trained(right_step, lambda path: path[-1]),),
        ),
        Mistake(
            "one row too many or too few: `steps` steps make steps + 1 rows, because the start is a row too.",
            (
                trained(right_step, lambda path: np.array(path[:-1])),
                trained(right_step, more=1),
                trained(right_step, lambda path: np.array([path[0], *path])),
            ),
        ),
        Mistake(
            "your path has two rows only: is the `append` in the loop, and the `return` after it?",
            (
                trained(right_step, lambda path: np.array([path[0], path[-1]])),
                trained(right_step, lambda path: np.array(path[:2]) if len(path) > 1 else None),
            ),
        ),
        Mistake(
            "the buffer begins at 0: what it is to remember has not happened yet.",
            (trained(lambda path, buf, *rest: right_step(path, buf if len(path) > 1 else rest[0](path[0]), *rest)),),
        ),
        Mistake(
            "that is Nesterov's look ahead: the heavy ball asks for the gradient where it stands.",
            (
                trained(
                    lambda path, buf, gradient, lr, beta: heavy_ball_step(
                        path[-1], buf, gradient(path[-1] - lr * beta * buf), lr, beta
                    )
                ),
            ),
        ),
        Mistake(
            "all rows of your path are the same: one array is changed in place and stored again. Make new ones.",
            (trained(right_step, lambda path: np.array([path[-1]] * len(path))),),
        ),
    ),
    hints=(
        "only one line has to move, or to be written again in another place.",
        "ask for the gradient at the top of the loop, at the place where the round begins; then buffer, then step.",
        "in the loop: params, buf = heavy_ball_step(params, buf, gradient(params), lr, beta); path.append(params).",
    ),
)


BUG_EDGE = 0.05  # (1 - beta) / L, with beta 0.5 and curvature 10; without the bug 2 * (1 + beta) / L = 0.3

RATE_WITH_THE_BUG = ValueTask(
    read=one_number,
    right=lambda rate: 0.95 * BUG_EDGE <= rate < BUG_EDGE,
    verified="with stale gradients the limit is 0.05, a sixth of the 0.3 that the loop without the bug has.",
    mistakes=(
        Mistake("a rate above 0 is needed: at 0 nothing moves.", (lambda rate: rate <= 0,)),
        Mistake(
            "about 0.3 is the limit *without* the bug: run the loop with the bug at that rate.",
            (lambda rate: abs(rate - 0.3) < 0.03,),
        ),
        Mistake(
            "2/L is the limit of plain gradient descent with fresh gradients: here they are old ones. Measure.",
            (lambda rate: abs(rate - 0.2) < 0.02,),
        ),
        Mistake(
            "at exactly this rate the swings neither grow nor die out: one lower is asked for.",
            (lambda rate: rate == BUG_EDGE,),
        ),
        Mistake(
            "at this rate the swings grow: find the last rate at which they die out.",
            (lambda rate: rate > BUG_EDGE,),
        ),
        Mistake(
            "at this rate the swings die out, but also at one that is 5 % larger: go on until they grow.",
            (lambda rate: rate < 0.95 * BUG_EDGE,),
        ),
    ),
    hints=(
        "in the experiment cell, try rates from 0.01 to 0.3: from which on is the run still far away at the end?",
        "the swings begin to grow between 0.03 and 0.1: look there in steps of 0.01.",
        "at 0.04 they die out and at 0.06 they grow: look there in steps of 0.001. Near the edge they die out slowly.",
    ),
    otherwise="this is not the edge.",
)

# ------------------------------------------------------------------------------- task 6: leave the well, find the edge


def rates_that_leave(sharp, wide):
    return 2 / sharp, 2 / wide


RATES_THAT_LEAVE = FunctionTask(
    right=rates_that_leave,
    parts={"all": ((16.0, 0.2), (10.0, 1.0), (5, 4), (100.0, 0.5))},
    verified={"all": "above 2/sharp almost no run rests in the well, below 2/wide it can rest in the valley."},
    mistakes=(
        Mistake(
            "the two ends are swapped: the lower end comes first. Which of the two minima has the smaller limit?",
            (lambda s, w: (2 / w, 2 / s),),
        ),
        Mistake(
            "1/curvature is where overshooting begins: a run can rest in a minimum at up to twice that rate.",
            (lambda s, w: (1 / s, 1 / w), lambda s, w: (1 / w, 1 / s)),
        ),
        Mistake(
            "one of the two ends is 1/curvature: both are limits, so both are made in the same way.",
            (lambda s, w: (2 / s, 1 / w), lambda s, w: (1 / s, 2 / w)),
        ),
        Mistake(
            "your fractions are upside down: the sharper a minimum, the lower the rates at which a run can rest in it.",
            (
                *(lambda s, w: (s / 2, w / 2), lambda s, w: (w / 2, s / 2), lambda s, w: (s, w), lambda s, w: (w, s)),
                *(lambda s, w: (2 * s, 2 * w), lambda s, w: (2 * w, 2 * s)),
            ),
        ),
        Mistake(
            "at 0 and at low rates a run can rest in both minima: the lower end must keep it out of the sharp one.",
            (lambda s, w: (0, 2 / w), lambda s, w: (0, 2 / s)),
        ),
        Mistake(
            "above the upper end a run must not rest in the wide valley either: which rate is too high for that one?",
            (lambda s, w: (2 / s, np.inf), lambda s, w: (2 / s, 4 / s), lambda s, w: (2 / s, 4 / w)),
        ),
        Mistake(
            "the best rate of two curvatures in one valley is another question: here are two minima, each by itself.",
            (lambda s, w: (2 / s, 2 / (s + w)), lambda s, w: (2 / (s + w), 2 / w), lambda s, w: 2 / (s + w)),
        ),
        Mistake(
            "two ends are asked for, not how far apart they are or one of them alone: return (lower, upper).",
            (lambda s, w: 2 / w - 2 / s, lambda s, w: 2 / s - 2 / w, lambda s, w: 2 / s, lambda s, w: 2 / w),
        ),
        Mistake(
            "whether a ball gets out is task 6b: here it must only be unable to *rest* in the sharp well.",
            (lambda s, w: (1.82 * 2 / s, 2 / w), lambda s, w: (0.217, 2 / w)),
        ),
        Mistake(
            "16.77 and 0.2 belong to one landscape: your function is given `sharp` and `wide`.",
            (lambda s, w: (2 / 16.77, 10.0),),
        ),
    ),
    hints=(
        "at which rates can a run come to rest in a minimum of curvature `sharp`? And in one of curvature `wide`?",
        "it can rest below 2/curvature. You want: not in the sharp one, but in the wide one.",
        "from the limit of the sharp one up to the limit of the wide one.",
    ),
)


@functools.cache
def balls(rate: float) -> np.ndarray:
    """Where 100 balls from the floor of the narrow well are, step by step: (1001, 100)."""
    wells = double_well()
    starts = wells.minima[1] + np.random.default_rng(0).uniform(-0.1, 0.1, (100, 1))
    return descend(wells, starts, rate, steps=1000).params[..., 0]


RATE_FOR_LEAVING = ValueTask(
    read=one_number,
    right={
        "leaves": lambda rate: rate > 0 and bool((balls(rate)[-1] > 0).all()),
        "rests": lambda rate: rate > 0 and bool((np.abs(balls(rate)[40] - 2) < 0.01).all()),
    },
    verified={
        "leaves": "all 100 balls have left the narrow well.",
        "rests": "all 100 balls lie within 0.01 of the wide valley's floor after 40 steps.",
    },
    mistakes=(
        Mistake("a rate above 0 is needed: at 0 no ball moves.", (lambda rate: rate <= 0,)),
        Mistake(
            "your rate is below 2/sharp: every ball comes to rest on the floor of the narrow well.",
            (lambda rate: rate < 2 / double_well().sharpness[1],),
        ),
        Mistake(
            "no ball can rest in the well at this rate, but all still swing inside it. Not resting is not leaving.",
            (lambda rate: rate < 0.217,),
        ),
        Mistake(
            "the balls leave the well, but in the wide valley this rate creeps: after 40 steps not all have arrived.",
            (lambda rate: rate < 1,),
        ),
        Mistake(
            "your rate is at or above 2/wide: a ball that leaves the well cannot stay in the wide valley either.",
            (lambda rate: rate >= 10,),
        ),
        Mistake(
            "your rate is so close below 2/wide that the balls are thrown about the wide valley for long.",
            (lambda rate: rate > 8,),
        ),
    ),
    hints=(
        "your function gives the ends of the range: 0.119 and 10. Where in it would you try first?",
        "just above the lower end the balls swing inside the well; just below the upper end they swing in the valley.",
        "the best rate for the wide valley alone is 1/0.2 = 5. Anything from 1 to 8 will do.",
    ),
    otherwise="not all the balls are where they should be.",
)


SEEN = (0.1, 0.2, 0.4)  # the rates of task 6c

PREDICTIONS_SHARPNESS = ValueTask(
    read=numbers_for(*SEEN),
    right=lambda found: all(abs(found[lr] * lr / 2 - 1) < 0.15 for lr in SEEN),
    verified="2 / rate: the network gets sharper until it touches the limit of its own rate, and stays there.",
    mistakes=(
        Mistake(
            "the sharpness does not stay at 4.8, nor does it end the same at every rate. What could stop its growth?",
            (lambda found: max(found.values()) < 1.2 * min(found.values()),),
        ),
        Mistake(
            "a higher rate has a lower limit: the run cannot stay for long where it is sharper than that.",
            (lambda found: found[0.4] > found[0.1],),
        ),
        Mistake(
            "you are off by a factor of two: swings in a direction grow where rate * sharpness is above which number?",
            (
                lambda found: all(abs(found[lr] * lr - 1) < 0.15 for lr in SEEN),
                lambda found: all(abs(found[lr] * lr - 4) < 0.5 for lr in SEEN),
            ),
        ),
        Mistake(
            "the order is right, the numbers are not: at which sharpness does each of the three rates become too high?",
            (lambda found: found[0.1] > found[0.2] > found[0.4],),
        ),
    ),
    hints=(
        "the network gets sharper as long as nothing stops it. When do its swings begin to grow?",
        "they grow where the rate is above 2 / sharpness, and carry the network to a flatter place.",
        "so the sharpness comes to stand where the rate is just 2 / sharpness. Solve that for the sharpness.",
    ),
    otherwise="compare each sharpness with the limit that the rate sets.",
)


TASKS = {
    "words_for_curves": WORDS_FOR_CURVES,
    "noise_or_bounce": NOISE_OR_BOUNCE,
    "contraction": CONTRACTION,
    "best_rate": BEST_RATE,
    "steps_at_kappa_40": STEPS_AT_KAPPA_40,
    "condition_numbers": CONDITION_NUMBERS,
    "standardised": STANDARDISED,
    "rate_for_digits": RATE_FOR_DIGITS,
    "heavy_ball_step": HEAVY_BALL_STEP,
    "momentum_limit": MOMENTUM_LIMIT,
    "line_with_the_bug": LINE_WITH_THE_BUG,
    "train_with_momentum": TRAIN_WITH_MOMENTUM,
    "rate_with_the_bug": RATE_WITH_THE_BUG,
    "rates_that_leave": RATES_THAT_LEAVE,
    "rate_for_leaving": RATE_FOR_LEAVING,
    "predictions_sharpness": PREDICTIONS_SHARPNESS,
}
