"""Chapter *From momentum to Adam*: a running mean, what Adagrad and RMSprop divide by, Adam's step, and its limits."""

import functools
import math
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from lrlab.checks.judging import (
    FunctionTask,
    Hint,
    Mistake,
    ValueTask,
    letter,
    numbers_for,
    one_number,
    show,
    words_for,
)
from lrlab.datasets import reviews
from lrlab.descent import descend
from lrlab.models import logistic_regression
from lrlab.optimizers import Optimizer, adagrad, adam, adamw, rmsprop, sgd


def near(value: float, target: float, share: float = 0.01) -> bool:
    return abs(value - target) <= share * abs(target)


def says(key: str, *wrong: float) -> Callable:
    """Whether the prediction for `key` is one of these wrong numbers."""
    return lambda found: any(near(found[key], each, 0.02) for each in wrong)


def directions_of(rule: Optimizer, gradients) -> np.ndarray:
    """What a rule of the engine makes of gradients that we choose, one row each."""
    gradients = np.asarray(gradients, dtype=float)
    state, found = rule.init(np.zeros(gradients.shape[1:])), []
    for t, gradient in enumerate(gradients):
        direction, state = rule.direction(gradient, np.zeros_like(gradient), state, t, np.ones(1))
        found.append(direction)
    return np.array(found)


POWER = "in Python a power is written with two stars, `g ** 2`: the sign ^ means something else."
ROOT = "math.sqrt and float take one number: for an array there is np.sqrt."
RETURNS_EARLY = "your `return` stands inside the loop, so the first round is the last: put it below the loop."

# ------------------------------------------------------------------------------------------------ 1: a running mean

MEANS = {"m after step 1": 0.4, "m after step 2": 0.76, "corrected, after step 1": 4.0}  # gradient 4, beta 0.9

PREDICTIONS_MEAN = ValueTask(
    read=numbers_for(*MEANS),
    right=lambda found: all(near(found[key], MEANS[key]) for key in MEANS),
    verified="the mean starts far too small, 0.4 for a gradient of 4, and the correction makes it 4 at once.",
    mistakes=(
        Mistake(
            "the shares are swapped: with beta 0.9 most of the old mean stays, and the new gradient brings little.",
            (says("m after step 1", 3.6),),
        ),
        Mistake(
            "that is momentum's sum, to which each gradient adds its full size: in a mean it has a share of 1 - beta.",
            (says("m after step 2", 7.6),),
        ),
        Mistake(
            "the mean does not begin at the first gradient: before step 1 it is 0, and most of that stays.",
            (says("m after step 1", 4.0),),
        ),
        Mistake(
            "m after step 1 has its first gradient in it: you are one step behind.",
            (lambda found: found["m after step 1"] == 0,),
        ),
        Mistake(
            "in step 2 the old mean fades before the new share is added: what is 0.9 times the old one?",
            (says("m after step 2", 0.8, 0.4),),
        ),
        Mistake(
            "in step 2 the old mean fades, and then the second gradient, 4 again, brings its share.",
            (says("m after step 2", 0.36, 0.436),),
        ),
        Mistake(
            "the correction undoes the start at 0: what must an honest mean of one single gradient be?",
            (lambda found: not near(found["corrected, after step 1"], 4.0),),
        ),
    ),
    hints=(
        "put numbers into m = beta * m + (1 - beta) * gradient, with m = 0 and gradient = 4.",
        "after step 1 that is 0.9 * 0 + 0.1 * 4. Put this m in once more for step 2.",
        "the correction divides by 1 - beta ** t: after step 1 by 1 - 0.9, which is 0.1.",
    ),
    otherwise="put the numbers into the formula once more, one step after the other.",
)


def averaged(
    step: Callable = lambda mean, gradient, beta, t: beta * mean + (1 - beta) * gradient,
    correct: Callable = lambda mean, beta, t: mean / (1 - beta**t),
    rows: Callable = np.array,
    start: Callable = lambda gradients: 0.0,
    flag: Callable = bool,
) -> Callable:
    """gradient_mean() with one of its parts in another way: what most mistakes come to."""

    def made(gradients, beta, corrected):
        mean, means = start(gradients), []
        for t, gradient in enumerate(gradients, 1):
            mean = step(mean, gradient, beta, t)
            means.append(correct(mean, beta, t) if flag(corrected) else mean)
        return rows(means)

    return made


def carried_on(gradients, beta, corrected):
    """The corrected mean takes the place of the mean itself."""
    mean, means = 0.0, []
    for t, gradient in enumerate(gradients, 1):
        mean = beta * mean + (1 - beta) * gradient
        mean = mean / (1 - beta**t) if corrected else mean
        means.append(mean)
    return np.array(means)


def corrected_at_the_end(gradients, beta, corrected):
    """All the means divided by the share of the last one."""
    means = averaged()(gradients, beta, False)
    return means / (1 - beta ** len(gradients)) if corrected else means


THREE = (
    (np.array([4.0, 4.0, 4.0]), 0.9),
    (np.array([2.0, 1.0, -1.0]), 0.9),
    (np.array([1.0, 0.0, 0.0, 5.0, 2.0]), 0.75),
)

GRADIENT_MEAN = FunctionTask(
    right=averaged(),
    parts={"plain": tuple((*each, False) for each in THREE), "corrected": tuple((*each, True) for each in THREE)},
    verified={
        "plain": "old gradients fade by beta a step, and each new one brings its share.",
        "corrected": "from the first step on your mean is a mean of the gradients and of nothing else.",
    },
    mistakes=(
        Mistake(
            "the shares are swapped: beta says how much of the old mean stays, and the new gradient brings the rest.",
            (
                averaged(lambda mean, gradient, beta, t: (1 - beta) * mean + beta * gradient),
                lambda gradients, beta, corrected: averaged()(gradients, 1 - beta, corrected),
            ),
        ),
        Mistake(
            "each gradient enters with its full size, so this is momentum's sum: what share has it in a mean?",
            (averaged(lambda mean, gradient, beta, t: beta * mean + gradient),),
        ),
        Mistake(
            "your mean begins at the first gradient: begin at 0, and let the correction mend it where it is asked for.",
            (
                averaged(start=lambda gradients: gradients[0]),
                averaged(start=lambda gradients: gradients[0], flag=lambda corrected: False),
            ),
        ),
        Mistake(
            "old gradients do not fade in this mean: each step multiplies what is left of them by beta.",
            (
                averaged(lambda mean, gradient, beta, t: mean + (gradient - mean) / t, flag=lambda corrected: False),
                averaged(lambda mean, gradient, beta, t: mean + (1 - beta) * gradient),
            ),
        ),
        Mistake(
            "your correction's exponent begins at 0, and 1 - beta ** 0 is 0: how many gradients has the mean seen?",
            (
                averaged(correct=lambda mean, beta, t: mean / np.float64(1 - beta ** (t - 1))),
                averaged(correct=lambda mean, beta, t: float(mean) / (1 - beta ** (t - 1))),  # raises
            ),
        ),
        Mistake(
            "look at the exponent of your correction: after one gradient it is 1, and it grows with every step.",
            (
                averaged(correct=lambda mean, beta, t: mean / (1 - beta ** (t + 1))),
                averaged(correct=lambda mean, beta, t: mean / (1 - beta)),
                averaged(correct=lambda mean, beta, t: mean / (1 - beta * t)),
                corrected_at_the_end,
            ),
        ),
        Mistake(
            "look at your brackets: m / 1 - beta ** t divides m by 1, and then subtracts.",
            (averaged(correct=lambda mean, beta, t: mean / 1 - beta**t),),
        ),
        Mistake(
            "the corrected mean goes into the next step: carry the plain one on, and correct only what you give back.",
            (carried_on,),
        ),
        Mistake(
            "the mean is too small at the start, and your correction makes it smaller still.",
            (averaged(correct=lambda mean, beta, t: mean * (1 - beta**t)),),
        ),
        Mistake(
            "you give back the last mean only: a list with one mean for each gradient is asked for.",
            (averaged(rows=lambda means: means[-1]),),
        ),
        Mistake(
            "your list begins with the 0 from before the first step: begin with the mean after the first gradient.",
            (averaged(rows=lambda means: np.array([0.0, *means])),),
        ),
        Mistake(
            "you note each mean before its gradient has come in: make the new mean first, then append it.",
            (
                averaged(rows=lambda means: np.array([0.0, *means[:-1]])),
                averaged(rows=lambda means: np.array([0.0, *means[:-1]]), flag=lambda corrected: False),
            ),
        ),
        Mistake(
            RETURNS_EARLY,
            (averaged(rows=lambda means: means[0]), averaged(rows=lambda means: np.array(means[:1]))),
        ),
        Mistake(
            "your beta is a fixed number: whoever calls the function chooses it.",
            tuple(
                lambda gradients, beta, corrected, own=own: averaged()(gradients, own, corrected)
                for own in (0.9, 0.97, 0.99)
            ),
        ),
        Mistake(POWER, (averaged(correct=lambda mean, beta, t: mean / (1 - beta ^ t)),)),
        Mistake(
            "you correct even where `corrected` is False: there the plain mean is asked for.",
            (averaged(flag=lambda corrected: True),),
        ),
        Mistake(
            "where `corrected` is True you give the plain mean: its start at 0 is still in it.",
            (averaged(flag=lambda corrected: False),),
        ),
    ),
    hints=(
        "begin with m = 0 and an empty list; in a loop over the gradients make the new m and append it.",
        "the new m is beta * m + (1 - beta) * gradient. After t gradients the share it has seen is 1 - beta ** t.",
        "for t, g in enumerate(gradients, 1): m = ...; append m / (1 - beta**t) if corrected else m.",
    ),
)


# ----------------------------------------------------------------------------------- 2: Adagrad and RMSprop


def divided(by: Callable) -> Callable:
    """Directions that divide the gradients by something else."""
    return lambda gradients: gradients / by(gradients)


def summed(gradients, axis=0):
    return np.cumsum(gradients**2, axis=axis)


def counted(gradients):
    """1, 2, 3, ... down the rows."""
    return np.cumsum(np.ones_like(gradients), axis=0)


def together(gradients):
    """The squares of all parameters in one sum."""
    squares = gradients**2 if gradients.ndim == 1 else np.sum(gradients**2, axis=1, keepdims=True)
    return np.sqrt(np.cumsum(squares, axis=0))


def adagrad_of_numbers(gradients):
    """With a root that takes one number only."""
    return np.array([g / math.sqrt(s) for g, s in zip(gradients, summed(gradients), strict=True)])


# two parameters, one of them ten times as steep
TURNS = np.array([[1.0, 10.0], [1.0, -10.0], [0.5, 0.0], [-2.0, 30.0]])

ADAGRAD_DIRECTIONS = FunctionTask(
    right=lambda gradients: directions_of(adagrad(), gradients),
    parts={"all": ((np.full(4, 3.0),), (np.array([2.0, -1.0, 0.5]),), (TURNS,))},
    verified={"all": "row for row what the engine's Adagrad does: one rate first, then less and less."},
    mistakes=(
        Mistake("the root is missing: a sum of squares has the gradient's unit squared.", (divided(summed),)),
        Mistake(
            "s ** 1/2 is half of s, because the power comes first: write s ** 0.5 or np.sqrt(s).",
            (divided(lambda g: summed(g) / 2),),
        ),
        Mistake(
            "Adagrad adds up the squares of the gradients: look at what you add up.",
            (
                divided(lambda g: np.cumsum(g, axis=0)),
                divided(lambda g: np.cumsum(abs(g), axis=0)),
                divided(lambda g: np.sqrt(np.cumsum(abs(g), axis=0))),
                divided(lambda g: np.sqrt(np.cumsum(g, axis=0))),
            ),
        ),
        Mistake(
            "each of your steps divides by the sum over all steps: a step can only know the gradients up to its own.",
            (divided(lambda g: np.sqrt(np.sum(g**2, axis=0))), divided(lambda g: np.sqrt(np.sum(g**2)))),
        ),
        Mistake(
            "you divide by the mean of the squares: Adagrad keeps their sum, which grows with every step.",
            (divided(lambda g: np.sqrt(summed(g) / counted(g))),),
        ),
        Mistake(
            "you divide by this step's gradient alone: Adagrad remembers all the steps before it too.",
            (np.sign, divided(abs), divided(lambda g: np.sqrt(g**2))),
        ),
        Mistake(
            "the newest square belongs to the sum as well: add it first, then divide.",
            tuple(divided(lambda g, eps=eps: np.sqrt(summed(g) - g**2) + eps) for eps in (0.0, 1e-8, 1e-10)),
        ),
        Mistake(
            "a direction keeps the gradient's sign, because the learning rate times it is subtracted.",
            (divided(lambda g: -np.sqrt(summed(g))), lambda gradients: abs(gradients) / np.sqrt(summed(gradients))),
        ),
        Mistake(
            "you add the squares of all parameters up: each column has a sum of its own, down the rows.",
            (
                divided(together),
                divided(lambda g: np.sqrt(np.cumsum(g**2))),
                divided(lambda g: np.sqrt(np.cumsum(g**2)).reshape(g.shape)),
                divided(lambda g: np.sqrt(summed(g, axis=-1))),
            ),
        ),
        Mistake(
            "you give back what to divide by: the direction is the gradient divided by that.",
            (lambda gradients: np.sqrt(summed(gradients)), summed, lambda gradients: 1 / np.sqrt(summed(gradients))),
        ),
        Mistake(
            "you give back the last direction only: one for each gradient is asked for.",
            (lambda gradients: (gradients / np.sqrt(summed(gradients)))[-1],),
        ),
        Mistake(
            RETURNS_EARLY,
            (lambda gradients: np.sign(gradients[0]), lambda gradients: np.sign(gradients[:1])),
        ),
        Mistake(
            "there is a learning rate in your directions: whoever takes the step multiplies by it.",
            tuple(divided(lambda g, lr=lr: np.sqrt(summed(g)) / lr) for lr in (0.1, 0.01, 0.001)),
        ),
        Mistake(
            "you add the directions up: give back each step's own.",
            (lambda gradients: np.cumsum(gradients / np.sqrt(summed(gradients)), axis=0),),
        ),
        Mistake(POWER, (divided(lambda g: np.sqrt(np.cumsum(g ^ 2, axis=0))),)),
        Mistake(ROOT, (adagrad_of_numbers,)),
    ),
    hints=(
        "keep a sum that starts at 0; at every step add the square of the gradient, then make that step's direction.",
        "the direction of a step is its gradient divided by the root of the sum so far, this step's square included.",
        "np.cumsum(gradients**2, axis=0) holds all the sums; divide the gradients by their roots.",
    ),
)


def forgetting(
    square: Callable = lambda v, g, alpha: alpha * v + (1 - alpha) * g**2,
    direction: Callable = lambda g, v, old, alpha, t: g / np.sqrt(v),
    start: Callable = lambda gradients: np.zeros(gradients.shape[1:]),
    rows: Callable = np.array,
) -> Callable:
    """rmsprop_directions() with one of its parts in another way."""

    def made(gradients, alpha):
        v, found = start(gradients), []
        for t, gradient in enumerate(gradients, 1):
            old, v = v, square(v, gradient, alpha)
            found.append(direction(gradient, v, old, alpha, t))
        return rows(found)

    return made


def fixed_memory(number: float) -> Callable:
    return lambda gradients, alpha: forgetting()(gradients, number)


RMSPROP_DIRECTIONS = FunctionTask(
    right=lambda gradients, alpha: directions_of(rmsprop(alpha), gradients),
    parts={
        "all": (
            (np.full(4, 3.0), 0.9),
            (np.array([2.0, -1.0, 0.5]), 0.8),
            (TURNS, 0.95),
            (np.array([5.0, 1.0, 1.0]), 0.99),
        )
    },
    verified={"all": "row for row what the engine's RMSprop does, its long first step included."},
    mistakes=(
        Mistake(
            "the shares are swapped: alpha is how much of the old mean stays.",
            (forgetting(lambda v, g, alpha: (1 - alpha) * v + alpha * g**2),),
        ),
        Mistake(
            "each square enters with its full size, so v is a fading sum: what share has a new square in a mean?",
            (forgetting(lambda v, g, alpha: alpha * v + g**2),),
        ),
        Mistake(
            "this is Adagrad, which remembers all squares for ever: here the old ones fade, by alpha a step.",
            (forgetting(lambda v, g, alpha: v + g**2), forgetting(lambda v, g, alpha: v + (1 - alpha) * g**2)),
        ),
        Mistake(
            "you correct v for its start at 0: Adam does that, RMSprop does not.",
            (forgetting(direction=lambda g, v, old, alpha, t: g / np.sqrt(v / (1 - alpha**t))),),
        ),
        Mistake(
            "your v begins at the first square: RMSprop's begins at 0, and so its first step is long.",
            (forgetting(start=lambda gradients: gradients[0] ** 2),),
        ),
        Mistake(
            "the root is missing: a mean of squares has the gradient's unit squared.",
            (forgetting(direction=lambda g, v, old, alpha, t: g / v),),
        ),
        Mistake(
            "the mean is of the squares of the gradients: look at what you put into it.",
            (
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * g),
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * g, lambda g, v, old, alpha, t: g / abs(v)),
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * abs(g), lambda g, v, old, alpha, t: g / v),
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * abs(g)),
                forgetting(lambda v, g, alpha: alpha * v + ((1 - alpha) * g) ** 2),
            ),
        ),
        Mistake(
            "you divide by the v of the step before: take the new square in first, then divide.",
            tuple(
                forgetting(direction=lambda g, v, old, alpha, t, eps=eps: g / (np.sqrt(old) + eps))
                for eps in (0.0, 1e-8, 1e-10)
            ),
        ),
        Mistake(
            "a direction keeps the gradient's sign, because the learning rate times it is subtracted.",
            (
                forgetting(direction=lambda g, v, old, alpha, t: -g / np.sqrt(v)),
                forgetting(direction=lambda g, v, old, alpha, t: abs(g) / np.sqrt(v)),
            ),
        ),
        Mistake(
            "you mix the parameters: each column has a mean of its own.",
            (
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * np.sum(g**2)),
                forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * np.mean(g**2)),
            ),
        ),
        Mistake(
            "your memory is a fixed number: whoever calls the function chooses alpha.",
            (fixed_memory(0.9), fixed_memory(0.99), fixed_memory(0.999), fixed_memory(0.5)),
        ),
        Mistake(
            "you give back the last direction only: one for each gradient is asked for.",
            (forgetting(rows=lambda found: found[-1]),),
        ),
        Mistake(
            RETURNS_EARLY,
            (forgetting(rows=lambda found: found[0]), forgetting(rows=lambda found: np.array(found[:1]))),
        ),
        Mistake(
            "you give back what to divide by: the direction is the gradient divided by that.",
            (
                forgetting(direction=lambda g, v, old, alpha, t: np.sqrt(v)),
                forgetting(direction=lambda g, v, old, alpha, t: v),
            ),
        ),
        Mistake(POWER, (forgetting(lambda v, g, alpha: alpha * v + (1 - alpha) * (g ^ 2)),)),
        Mistake(ROOT, (forgetting(direction=lambda g, v, old, alpha, t: g / math.sqrt(v)),)),
    ),
    hints=(
        "the loop is Adagrad's; only the line that takes the new square in is another.",
        "it is v = alpha * v + (1 - alpha) * gradient**2, from v = 0, with no correction.",
        "for g in gradients: v = alpha * v + (1 - alpha) * g**2; append g / np.sqrt(v).",
    ),
)

WHICH_STEP_DIES = letter(
    right="A",
    verified="a sum of squares never falls, so the steep time is held against every later step.",
    wrong={
        "B": "not B: in RMSprop's mean a square fades by alpha a step. How much of the steep time is left in the end?",
        "C": "not C: both divide by a root, but one of the two can get smaller again. Which?",
        "D": "not D: one of the two keeps a number that can only grow. What becomes of its step?",
    },
    hints=(
        "ask your two functions: np.append(np.full(50, 10.0), np.ones(300)), and look at the last direction.",
        "what each rule divides by at the end: the root of 50 squares of 10 and 300 of 1; or a mean of the last few.",
        "one of them divides by the root of more than 5,000, the other by about 1.",
    ),
)


# --------------------------------------------------------------------------------------------------- 3: Adam's step


def adam_step(params, grad, m, v, t, lr, beta1, beta2, eps):
    """By the engine, which counts its steps from 0."""
    direction, (m, v) = adam((beta1, beta2), eps).direction(grad, params, (m, v), t - 1, lr)
    return params - lr * direction, m, v


def seen(beta, t):
    """The share of a running mean that is made of gradients, after t of them."""
    return 1 - beta**t


def whole(beta, t):
    return 1.0


def stepped(
    mean: Callable = lambda m, g, beta: beta * m + (1 - beta) * g,
    square: Callable = lambda v, g, beta, m: beta * v + (1 - beta) * g**2,
    shares: tuple[Callable, Callable] = (seen, seen),
    step: Callable = lambda a: a.lr * a.m_hat / (np.sqrt(a.v_hat) + a.eps),
    gives: Callable = lambda a: (a.params - a.step, a.m, a.v),
) -> Callable:
    """adam_step() with one of its parts in another way: what most mistakes come to. a: all that is known by then."""

    def made(params, grad, m, v, t, lr, beta1, beta2, eps):
        a = SimpleNamespace(params=params, grad=grad, old_m=m, old_v=v, lr=lr, eps=eps)
        a.m = mean(m, grad, beta1)
        a.v = square(v, grad, beta2, a.m)
        a.m_share, a.v_share = shares[0](beta1, t), shares[1](beta2, t)
        a.m_hat, a.v_hat = a.m / a.m_share, a.v / a.v_share
        a.step = step(a)
        return gives(a)

    return made


def over(root: Callable) -> Callable:
    """adam_step() that divides by something else."""
    return stepped(step=lambda a: a.lr * a.m_hat / root(a.v_hat, a.eps))


def fixed_betas(beta1, beta2) -> Callable:
    """Adam's step with betas of its own."""

    def made(params, grad, m, v, t, lr, _beta1, _beta2, eps):
        return adam_step(params, grad, m, v, t, lr, beta1, beta2, eps)

    return made


def with_betas(*places: int) -> Callable:
    """Adam's step with beta1 or beta2 (1 or 2) in these places: in m, in v, in m's correction, in v's."""

    def made(params, grad, m, v, t, lr, beta1, beta2, eps):
        in_m, in_v, after_m, after_v = ((beta1, beta2)[place - 1] for place in places)
        m, v = in_m * m + (1 - in_m) * grad, in_v * v + (1 - in_v) * grad**2
        m_hat, v_hat = m / (1 - after_m**t), v / (1 - after_v**t)
        return params - lr * m_hat / (np.sqrt(v_hat) + eps), m, v

    return made


ZERO, PLACE = np.zeros(2), np.array([1.0, 3.0])
USUAL = (0.1, 0.9, 0.999, 1e-8)  # lr, beta1, beta2, eps

ADAM_STEP = FunctionTask(
    right=adam_step,
    parts={
        "first": (
            (PLACE, np.array([2.0, -50.0]), ZERO, ZERO, 1, *USUAL),
            (PLACE, np.array([0.5, 4.0]), ZERO, ZERO, 1, 0.02, 0.8, 0.95, 1e-8),
        ),
        "later": (
            (PLACE, np.array([1.0, -7.0]), np.array([0.2, 5.0]), np.array([0.004, 2.5]), 2, *USUAL),
            (PLACE, np.array([-1.0, 0.1]), np.array([0.28, -3.0]), np.array([0.005, 40.0]), 5, 0.3, 0.8, 0.95, 1e-8),
            (PLACE, np.array([-1.0, 2.0]), np.array([0.7, -0.4]), np.array([3.0, 0.6]), 40, *USUAL),
        ),
        "eps": (
            (PLACE, np.array([2.0, -0.3]), ZERO, ZERO, 1, 0.1, 0.9, 0.999, 0.5),
            (PLACE, np.array([1.0, 0.2]), np.array([0.2, -0.1]), np.array([0.004, 0.01]), 3, 0.1, 0.9, 0.99, 0.2),
        ),
    },
    verified={
        "first": "the first step is one learning rate in every coordinate, whatever the gradient's size.",
        "later": "m and v come in and go out, and your place is the engine's, to the last digit that matters.",
        "eps": "eps stands beside the root, where PyTorch has it.",
    },
    mistakes=(
        Mistake(
            "your step goes uphill: look at the sign of the step.",
            (stepped(gives=lambda a: (a.params + a.step, a.m, a.v)),),
        ),
        Mistake(
            "neither mean is corrected: both start at 0, and so both are too small at first. What undoes that?",
            (stepped(shares=(whole, whole)),),
        ),
        Mistake(
            "only one of the two means is corrected: both start at 0.",
            (stepped(shares=(seen, whole)), stepped(shares=(whole, seen))),
        ),
        Mistake(
            "you hand the corrected means on: give back m and v as they were before the correction.",
            (
                stepped(gives=lambda a: (a.params - a.step, a.m_hat, a.v_hat)),
                stepped(gives=lambda a: (a.params - a.step, a.m_hat, a.v)),
                stepped(gives=lambda a: (a.params - a.step, a.m, a.v_hat)),
            ),
        ),
        Mistake(
            "the root of v is missing: m over v has the wrong unit, one over a gradient.",
            (over(lambda v, eps: v + eps),),
        ),
        Mistake(
            "v is the mean of the gradients' squares: look at what you square.",
            (
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * m**2),
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * g),
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * abs(g)),
                stepped(square=lambda v, g, beta, m: beta * v + ((1 - beta) * g) ** 2),
                stepped(square=lambda v, g, beta, m: (beta * v + (1 - beta) * g) ** 2),
            ),
        ),
        Mistake(
            "look at your betas: beta1 belongs to m and its correction, beta2 to v and its correction.",
            tuple(
                with_betas(*places)
                for places in ((2, 1, 2, 1), (2, 1, 1, 2), (1, 2, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (1, 1, 1, 2))
            ),
        ),
        Mistake(
            "within a mean the shares are swapped: beta is what stays of the old one.",
            (
                stepped(
                    lambda m, g, beta: (1 - beta) * m + beta * g, lambda v, g, beta, m: (1 - beta) * v + beta * g**2
                ),
                stepped(lambda m, g, beta: (1 - beta) * m + beta * g),
                stepped(square=lambda v, g, beta, m: (1 - beta) * v + beta * g**2),
            ),
        ),
        Mistake(
            "a new gradient enters with its full size: in a running mean it has a share of 1 - beta.",
            (
                stepped(lambda m, g, beta: beta * m + g, lambda v, g, beta, m: beta * v + g**2),
                stepped(lambda m, g, beta: beta * m + g),
                stepped(square=lambda v, g, beta, m: beta * v + g**2),
            ),
        ),
        Mistake(
            "you step with the means of the step before: take the new gradient in first.",
            (
                stepped(step=lambda a: a.lr * (a.old_m / a.m_share) / (np.sqrt(a.old_v / a.v_share) + a.eps)),
                stepped(step=lambda a: a.lr * a.m_hat / (np.sqrt(a.old_v / a.v_share) + a.eps)),
            ),
        ),
        Mistake(
            "you step along the new gradient alone, as RMSprop does: Adam steps along its corrected mean.",
            (stepped(step=lambda a: a.lr * a.grad / (np.sqrt(a.v_hat) + a.eps)),),
        ),
        Mistake(
            "look at your correction: by what is each mean divided, and which power is it? t is 1 at the first step.",
            tuple(
                stepped(shares=(share, share))
                for share in (
                    lambda b, t: np.float64(1 - b ** (t - 1)),
                    lambda b, t: 1 - b ** (t + 1),
                    lambda b, t: 1 - b,
                    lambda b, t: 1 - b * t,
                    lambda b, t: 1 / (1 - b**t),
                )
            ),
        ),
        Mistake(
            "look at your brackets: m / 1 - beta1**t divides m by 1, and then subtracts.",
            (stepped(step=lambda a: a.lr * (a.m - 1 + a.m_share) / (np.sqrt(a.v - 1 + a.v_share) + a.eps)),),
        ),
        Mistake(
            "the learning rate is missing, or a fixed number: the step is lr times the direction.",
            tuple(
                stepped(step=lambda a, rate=rate: rate * a.m_hat / (np.sqrt(a.v_hat) + a.eps)) for rate in (1.0, 0.001)
            ),
        ),
        Mistake(
            "your betas are fixed numbers: whoever calls the function chooses them.",
            (fixed_betas(0.9, 0.999), fixed_betas(0.9, 0.99)),
        ),
        Mistake(
            "eps stands inside your root: it belongs beside it, as a small gradient.",
            (over(lambda v, eps: np.sqrt(v + eps)),),
        ),
        Mistake(
            "look at your brackets: eps belongs below the fraction, together with the root.",
            (
                stepped(step=lambda a: a.lr * a.m_hat / np.sqrt(a.v_hat) - a.eps),
                stepped(step=lambda a: a.lr * a.m_hat / np.sqrt(a.v_hat) + a.eps),
                stepped(step=lambda a: a.lr * (a.m_hat / np.sqrt(a.v_hat) + a.eps)),
            ),
        ),
        Mistake(
            "you add eps to the root of the uncorrected v, as Keras does: here it is added after the correction.",
            (stepped(step=lambda a: a.lr * a.m_hat * np.sqrt(a.v_share) / (np.sqrt(a.v) + a.eps)),),
        ),
        Mistake(
            "eps makes no difference in your step: add the argument to the root, not a number of your own.",
            tuple(over(lambda v, eps, own=own: np.sqrt(v) + own) for own in (0.0, 1e-8)),
        ),
        Mistake(
            "the three arrays stand in another order: give back params, m, v.",
            (
                stepped(gives=lambda a: (a.m, a.v, a.params - a.step)),
                stepped(gives=lambda a: (a.params - a.step, a.v, a.m)),
            ),
        ),
        Mistake(
            "you mix the parameters: each of them has an m and a v of its own.",
            (
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * np.sum(g**2)),
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * np.mean(g**2)),
                over(lambda v, eps: np.sqrt(np.sum(v)) + eps),
            ),
        ),
        Mistake(
            "each of your steps is one rate long: that holds at the first step, but later the gradients may disagree.",
            (stepped(step=lambda a: a.lr * np.sign(a.grad)), stepped(step=lambda a: a.lr * np.sign(a.m))),
        ),
        Mistake(
            "you give back m and v as they came in: the next step needs the new ones.",
            (
                stepped(gives=lambda a: (a.params - a.step, a.old_m, a.old_v)),
                stepped(gives=lambda a: (a.params - a.step, a.m, a.old_v)),
                stepped(gives=lambda a: (a.params - a.step, a.old_m, a.v)),
            ),
        ),
        Mistake(
            POWER,
            (
                stepped(shares=(lambda b, t: 1 - b ^ t, seen)),
                stepped(square=lambda v, g, beta, m: beta * v + (1 - beta) * (g ^ 2)),
            ),
        ),
        Mistake(ROOT, (over(lambda v, eps: math.sqrt(v) + eps),)),
        Mistake(
            "you give back the new place only: the next step needs m and v as well, so give back all three.",
            (stepped(gives=lambda a: a.params - a.step),),
        ),
        Mistake(
            "you give back the step where the new place is asked for: begin from params.",
            (stepped(gives=lambda a: (a.step, a.m, a.v)), stepped(gives=lambda a: (-a.step, a.m, a.v))),
        ),
    ),
    hints=(
        "five lines: the new m, the new v, the corrected m, the corrected v, and the new place.",
        "m and v are running means with beta1 and beta2; the corrections divide them by 1 - beta1**t and 1 - beta2**t.",
        "return params - lr * m_hat / (np.sqrt(v_hat) + eps), m, v",
    ),
)


# --------------------------------------------------------------------------------------------------- 4: predictions

PLACES = {"gradient 0.002": 4.9, "gradient -300": 5.1, "gradient 7, ten times": 4.0}  # from 5, rate 0.1


def stands(key: str, place: float) -> Callable:
    return lambda found: abs(found[key] - place) < 0.00015  # 4.9998 is not 5


def elsewhere(key: str) -> Callable:
    return lambda found: abs(found[key] - PLACES[key]) > 0.002


PREDICTIONS_ADAM_PLACES = ValueTask(
    read=numbers_for(*PLACES),
    right=lambda found: not any(elsewhere(key)(found) for key in PLACES),
    verified="one rate against the gradient's sign, at every step, as long as the gradient stays the same.",
    mistakes=(
        Mistake(
            "that is gradient descent's step, lr times the gradient: what does Adam divide it by?",
            (stands("gradient -300", 35), stands("gradient 7, ten times", -2)),
        ),
        Mistake(
            "that is how far the steps go: asked is the place where the parameter stands after them, from 5.",
            (lambda found: all(near(abs(found[key]), abs(5 - place)) for key, place in PLACES.items()),),
        ),
        Mistake(
            "the size is right and the way is not: a positive gradient means uphill is to the right.",
            (stands("gradient 0.002", 5.1), stands("gradient -300", 4.9), stands("gradient 7, ten times", 6)),
        ),
        Mistake(
            "the first step is as long for a gradient of 0.002 as for one of 300: both means hold one gradient only.",
            (elsewhere("gradient 0.002"), elsewhere("gradient -300")),
        ),
        Mistake(
            "ten equal gradients: what are the two corrected means after each of them, and so each of the ten steps?",
            (elsewhere("gradient 7, ten times"),),
        ),
    ),
    hints=(
        "write down m_hat and v_hat after the first step: what is m_hat / sqrt(v_hat)?",
        "m_hat is the gradient and sqrt(v_hat) its size, so the quotient is +1 or -1.",
        "the first step is lr long, against the sign. Equal gradients keep both corrected means as they are.",
    ),
    otherwise="put the gradients into the five lines of Adam.",
)


@functools.cache
def patterns() -> dict[str, np.ndarray]:
    """The gradients of 4b."""
    count = np.arange(3011)
    return {
        "loss times 1000": np.full(1, 1000.0),
        "constant 7": np.full(50, 7.0),
        "+1, -1, +1, -1": (-1.0) ** np.arange(1000),
        "suddenly steeper": np.where(count < 3000, 0.01, 1.0),
        "suddenly gentler": np.where(count < 3000, 1.0, 0.01),
        "rare": np.where(count % 10 == 0, 1.0, 0.0),
    }


@functools.cache
def adam_lengths() -> dict[str, float]:
    """How long Adam's last step is, in rates; for the rare gradient the mean over the last hundred steps."""
    last = {key: 100 if key == "rare" else 1 for key in patterns()}
    return {key: abs(directions_of(adam(), g)[-last[key] :].mean()) for key, g in patterns().items()}


def length_word(length: float) -> str:
    return "shorter" if length < 0.9 else "one rate" if length < 1.1 else "longer"


LENGTHS = ("shorter", "one rate", "longer")
CASES = ("loss times 1000", "constant 7", "+1, -1, +1, -1", "suddenly steeper", "suddenly gentler", "rare")


def not_called(key: str, word: str) -> Callable:
    return lambda words: words[key] != word


PREDICTIONS_ADAM_LENGTHS = ValueTask(
    read=words_for(CASES, LENGTHS),
    right=lambda words: words == {key: length_word(length) for key, length in adam_lengths().items()},
    verified="six times right: size cancels, agreement counts, and after a change m learns of it long before v does.",
    mistakes=(
        Mistake(
            "the size of the loss cancels: m and the root of v grow by the same factor.",
            (not_called("loss times 1000", "one rate"),),
        ),
        Mistake(
            "equal gradients: each corrected mean is the mean of equal numbers. What is their quotient?",
            (not_called("constant 7", "one rate"),),
        ),
        Mistake(
            "+1 and -1 nearly cancel in one of the two means, and not at all in the other. In which?",
            (not_called("+1, -1, +1, -1", "shorter"),),
        ),
        Mistake(
            "suddenly steeper: m learns of it within ten steps, v within a thousand. What is m over root v in between?",
            (not_called("suddenly steeper", "longer"),),
        ),
        Mistake(
            "suddenly gentler: v still remembers the steep ground, and you divide by its root.",
            (not_called("suddenly gentler", "shorter"),),
        ),
        Mistake(
            "rare: the mean of the gradients is a tenth. And what is the root of the mean of the squares?",
            (not_called("rare", "shorter"),),
        ),
    ),
    hints=(
        "for each case: is m_hat as large as the root of v_hat, smaller, or larger?",
        "m_hat remembers about 10 gradients and sees their signs; v_hat remembers about 1000 squares, without signs.",
        "two of the six are one rate long, one is longer, three are shorter.",
    ),
    otherwise="compare the two means in each case.",
)

FLOORS = {"rate 0.01": 0.005, "ten times the noise": 0.5}  # mean of theta**2; 0.05 at rate 0.1 and noise 1

PREDICTIONS_ADAM_FLOOR = ValueTask(
    read=numbers_for(*FLOORS),
    right=lambda found: all(FLOORS[key] / 1.5 < found[key] < FLOORS[key] * 1.5 for key in FLOORS),
    verified="the floor is in proportion to the rate, and to the noise: Adam does not come to rest by itself.",
    mistakes=(
        Mistake(
            "a floor of 0 would mean that Adam comes to rest: its steps are about one rate long wherever it is.",
            (lambda found: min(found.values()) <= 0,),
        ),
        Mistake(
            "the rate makes the steps, so it makes the floor too: with a tenth of the rate it cannot stay at 0.05.",
            (says("rate 0.01", 0.05),),
        ),
        Mistake(
            "the floor of theta**2 goes with the rate itself, as gradient descent's does, and not with its square.",
            (says("rate 0.01", 0.0005),),
        ),
        Mistake(
            "which way does it go? A lower rate cannot raise the floor, and more noise cannot lower it.",
            (lambda found: found["rate 0.01"] > 0.051 or found["ten times the noise"] < 0.049,),
        ),
        Mistake(
            "by a root of ten theta itself may change: the floor is the mean of theta**2.",
            (says("rate 0.01", 0.05 / 10**0.5), says("ten times the noise", 0.05 * 10**0.5, 0.15, 0.16)),
        ),
        Mistake(
            "a hundred times would be gradient descent's: Adam divides each step by the noise once.",
            (says("ten times the noise", 5.0),),
        ),
        Mistake(
            "the slope is divided by the larger noise too, so the pull home gets weaker: the floor cannot stay.",
            (says("ten times the noise", 0.05),),
        ),
    ),
    hints=(
        "gradient descent's floor is about lr / 2 for noise 1, and lr / 2 * noise**2 in general.",
        "Adam divides by a root of v that is about the noise, so it walks like gradient descent at lr / noise.",
        "put lr / noise in place of lr: lr / noise / 2 * noise**2.",
    ),
    otherwise="for each case: by which factor does the floor change, against 0.05?",
)


# ---------------------------------------------------------------------------------------------- 5: find the bug

FAULTS = ("no correction", "t stays 1", "hats kept", "no root")
FAULT_OF = {"P": "hats kept", "Q": "no correction", "R": "no root", "S": "t stays 1"}

FAULTS_OF_ADAM = ValueTask(
    read=words_for(tuple(FAULT_OF), FAULTS),
    right=lambda words: words == FAULT_OF,
    verified="four curves, four faults. One gradient that never changes is enough to tell them apart.",
    mistakes=(
        Mistake(
            "each fault makes exactly one of the curves: you name one twice.",
            (lambda words: len(set(words.values())) < len(FAULTS),),
        ),
        Mistake(
            "Q is wrong from the very first step, and too long: which fault divides by a root that is far too small?",
            (not_called("Q", "no correction"),),
        ),
        Mistake(
            "R is level, so both means are what they should be: what is wrong with 2 and 4, if the quotient is 0.5?",
            (not_called("R", "no root"),),
        ),
        Mistake(
            "P and S both begin right, at 1. Dividing v by a number near 0 again at every step: what becomes of it?",
            (not_called("P", "hats kept"),),
        ),
    ),
    hints=(
        "at the first step t is 1 anyway, and no hat was kept before: which two faults leave the first step right?",
        "without a root a gradient of 2 gives 2 / 4 each time; without correction step 1 is 0.1 / sqrt(0.001).",
        "keeping the hats divides v by a number near 0 again and again: v explodes, and the steps die.",
    ),
    otherwise="look at the first step of each curve, then at the last.",
)

LINE_OF_THE_DECAY = letter(
    right="A",
    verified="the decay goes into the gradient, so it is divided by the gradient's size, like everything in it.",
    wrong={
        "BC": "B and C are right in themselves, they take in what they are given: what is in that gradient?",
        "D": "D is right: after t gradients these are the shares that the means have seen.",
        "E": "E only lacks what it should do: which line does something with the decay that it should not?",
    },
    hints=(
        "follow `decay` through the lines: where does it enter, and what happens to it afterwards?",
        "for a weight with gradients of scale 100 the root of v is about 100. What does that do to decay * params?",
        "decay is added to the gradient before the gradient is divided by its own size.",
    ),
)


def adamw_step(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    """By the engine, which counts its steps from 0."""
    rule = adamw((beta1, beta2), eps, weight_decay=decay)
    direction, (m, v) = rule.direction(grad, params, (m, v), t - 1, lr)
    return params - lr * direction, m, v


def decayed(place: Callable) -> Callable:
    """adamw_step() with another new place: place(params, Adam's step, lr, decay, root)."""

    def made(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
        after, m, v = adam_step(params, grad, m, v, t, lr, beta1, beta2, eps)
        root = np.sqrt(v / (1 - beta2**t)) + eps
        return place(params, params - after, lr, decay, root), m, v

    return made


def taking(amount: Callable) -> Callable:
    """adamw_step() that takes another amount off beside Adam's step."""
    return decayed(lambda p, s, lr, decay, root: p - s - amount(p, lr, decay))


def inside(share: Callable, beside: float = 0) -> Callable:
    """adamw_step() with the decay inside the gradient, and beside the step too."""

    def made(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
        grad = grad + share(lr, decay) * params
        after, m, v = adam_step(params, grad, m, v, t, lr, beta1, beta2, eps)
        return after - beside * lr * decay * params, m, v

    return made


def faulty(**other) -> Callable:
    """A fault of Adam's own step, with the decay in its right place."""
    wrong = stepped(**other)

    def made(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
        after, m, v = wrong(params, grad, m, v, t, lr, beta1, beta2, eps)
        return after - lr * decay * params, m, v

    return made


ADAMW_STEP = FunctionTask(
    right=adamw_step,
    parts={
        "resting": (
            (np.array([2.0, -4.0]), ZERO, ZERO, ZERO, 1, *USUAL, 0.5),
            (np.array([1.0, 3.0]), ZERO, ZERO, ZERO, 7, 0.02, 0.8, 0.95, 1e-8, 0.1),
        ),
        "moving": (
            (np.array([2.0, -4.0]), np.array([0.1, 100.0]), ZERO, ZERO, 1, *USUAL, 0.5),
            (PLACE, np.array([1.0, -7.0]), np.array([0.2, 5.0]), np.array([0.04, 2.5]), 3, 0.2, 0.8, 0.95, 1e-8, 0.3),
        ),
    },
    verified={
        "resting": "a weight without gradient loses the share lr * decay of itself in a step.",
        "moving": "large gradients or small, each weight decays alike, and m and v know nothing of the decay.",
    },
    mistakes=(
        Mistake(
            "the decay is still inside the gradient, so it is divided by its size: take it off beside the step.",
            (inside(lambda lr, decay: decay), inside(lambda lr, decay: -decay), inside(lambda lr, decay: lr * decay)),
        ),
        Mistake(
            "the decay is in your step twice: inside the gradient and beside it.",
            (inside(lambda lr, decay: decay, beside=1),),
        ),
        Mistake(
            "the decay is beside m now, but still above the root: it is divided by the gradient's size all the same.",
            (decayed(lambda p, s, lr, decay, root: p - s - lr * decay * p / root),),
        ),
        Mistake(
            "your decay forgets the learning rate: in PyTorch's AdamW a weight loses the share lr * decay.",
            (
                taking(lambda p, lr, decay: decay * p),
                decayed(lambda p, s, lr, decay, root: (p - s) * (1 - decay)),
            ),
        ),
        Mistake(
            "the learning rate is in your decay twice: the share is lr * decay.",
            (taking(lambda p, lr, decay: lr * lr * decay * p),),
        ),
        Mistake(
            "you multiply by lr * decay, the share that goes: what share of the weight stays?",
            (
                decayed(lambda p, s, lr, decay, root: p * lr * decay - s),
                decayed(lambda p, s, lr, decay, root: (p - s) * lr * decay),
            ),
        ),
        Mistake(
            "your decay is a fixed number: whoever calls the function chooses it.",
            tuple(taking(lambda p, lr, decay, own=own: lr * own * p) for own in (0.1, 0.01, 0.001)),
        ),
        Mistake(
            "no decay at all: a weight without any gradient must shrink too.",
            (taking(lambda p, lr, decay: 0),),
        ),
        Mistake(
            "your weights grow: decay takes something off.",
            (
                taking(lambda p, lr, decay: -lr * decay * p),
                taking(lambda p, lr, decay: -decay * p),
            ),
        ),
        Mistake(
            "you decay the new place: the share is of the weight as it was before the step.",
            (decayed(lambda p, s, lr, decay, root: (p - s) * (1 - lr * decay)),),
        ),
        Mistake(
            "each weight loses a share of itself, so twice the weight loses twice as much: look at your decay term.",
            (
                taking(lambda p, lr, decay: lr * decay),
                taking(lambda p, lr, decay: lr * decay * np.sign(p)),
                taking(lambda p, lr, decay: lr * decay * p**2),
                taking(lambda p, lr, decay: lr * decay * np.abs(p)),
            ),
        ),
        Mistake(
            "the decay is there, and Adam's own step is gone: both are taken off.",
            (decayed(lambda p, s, lr, decay, root: p - lr * decay * p),),
        ),
        Mistake(
            "you give back the new place only: the next step needs m and v as well, so give back all three.",
            (lambda *args: adamw_step(*args)[0],),
        ),
        Mistake(
            "the decay is right. Look at Adam's step: its sign, the two corrections, and the new m and v without them.",
            (
                faulty(shares=(whole, whole)),
                faulty(gives=lambda a: (a.params - a.step, a.m_hat, a.v_hat)),
                faulty(gives=lambda a: (a.params + a.step, a.m, a.v)),
                faulty(gives=lambda a: (a.params - a.step, a.old_m, a.old_v)),
            ),
        ),
    ),
    hints=(
        "take the line with the fault out; Adam's step is then what it was in task 3.",
        "in the last line take lr * decay * params off as well, beside Adam's step, where nothing divides it.",
        "new, m, v = adam_step(params, grad, m, v, t, lr, beta1, beta2, eps); return new - lr * decay * params, m, v",
    ),
)


# ----------------------------------------------------------------------------------------------- 6: a real problem

RULES = {"sgd": sgd(), "momentum": sgd(0.9), "adagrad": adagrad(), "adam": adam()}
STEPS, ORDERS = 124, 3  # two passes over the reviews, in three orders of the minibatches
GOALS = {"first": 0.50, "second": 0.45}


@functools.cache
def bags():
    """The reviews as bags of words, for training and for validation."""
    data = reviews()
    return [(data.bags(part.inputs), part.targets) for part in (data.train, data.validation)]


@functools.cache
def validation_loss(rule: str, lr: float) -> float:
    """The mean over the orders; infinite for a run that diverges."""
    train, validation = bags()
    net = logistic_regression(train[0].shape[1])
    losses = [
        net.evaluate(
            descend(
                net.on(*train, batch_size=32),
                net.init(0),
                lr,
                optimizer=RULES[rule],
                steps=STEPS,
                keep="last",
                rng=np.random.default_rng(seed),
            ).final,
            *validation,
        )["loss"]
        for seed in range(ORDERS)
    ]
    return float(np.nan_to_num(np.mean(losses), nan=np.inf))


def read_choice(answer) -> tuple[str, float]:
    if not isinstance(answer, dict) or set(answer) != {"optimizer", "lr"}:
        raise Hint('must keep its form: {"optimizer": ..., "lr": ...}, with a word and a number for the dots.')
    rule = answer["optimizer"]
    if not isinstance(rule, str) or rule not in RULES:
        raise Hint(f"has the optimizer {show(rule)}: give one of the words {', '.join(RULES)}.")
    try:
        lr = one_number(answer["lr"])
    except Hint as wrong:
        raise Hint(f"for lr {wrong}") from None
    if not 0 < lr < 1e6:
        raise Hint(f"has the rate {lr:g}: give a rate above 0 and below a million, such as 0.1.")
    return rule, lr


def goal(name: str) -> Callable:
    return lambda choice: validation_loss(*choice) < GOALS[name]


BEST = {"sgd": 2.0, "momentum": 0.5, "adagrad": 0.35, "adam": 0.05}  # about: the rates with the lowest loss

CHOICE_FOR_REVIEWS = ValueTask(
    read=read_choice,
    right={name: goal(name) for name in GOALS},
    verified={
        "first": "below 0.5 on sentences that the model has not seen.",
        "second": "below 0.45: each word has a step size of its own, and the rare ones were learnt as well.",
    },
    mistakes=(
        Mistake(
            "plain SGD stays above 0.5 here at every rate: try a rule that can do more with a few gradients.",
            (lambda choice: choice[0] == "sgd",),
        ),
        Mistake(
            "momentum gets below 0.5, but not below 0.47: which rules give each word a step size of its own?",
            (lambda choice: choice[0] == "momentum" and goal("first")(choice),),
        ),
        Mistake(
            "0.001 is the libraries' default for Adam, and here it has hardly begun after 124 steps: look higher.",
            (lambda choice: choice == ("adam", 0.001),),
        ),
        Mistake(
            "this rate is too low: after 124 steps the run is still on its way down.",
            (lambda choice: choice[1] < BEST[choice[0]],),
        ),
        Mistake(
            "this rate is too high: the weights are thrown about, and the loss on new sentences is no better for it.",
            (lambda choice: choice[1] > BEST[choice[0]],),
        ),
    ),
    hints=(
        "run the experiment above with all four rules, each at rates a factor of 10 apart, then closer.",
        "most words occur in a handful of the sentences: take a rule that was made for rare features.",
        "Adagrad's best rate lies between 0.1 and 1, Adam's between 0.01 and 0.1.",
    ),
    otherwise=lambda choice: f"{choice[0]} at {choice[1]:g} gives a loss of {validation_loss(*choice):.3f}.",
)

AFTER = ("better", "the same", "worse")
TURNED = {"sgd": "the same", "momentum": "the same", "adagrad": "worse", "adam": "worse"}

PREDICTIONS_TURNED = ValueTask(
    read=words_for(tuple(TURNED), AFTER),
    right=lambda words: words == TURNED,
    verified="gradient descent and momentum cannot tell how the axes lie; a rule with a step for each axis can.",
    mistakes=(
        Mistake(
            "nothing gets better: the turned problem holds the same sentences, and its axes mean nothing any more.",
            (lambda words: "better" in words.values(),),
        ),
        Mistake(
            "turn the axes, and SGD's gradient turns with them, and so does each of its steps. Where does it end?",
            (not_called("sgd", "the same"),),
        ),
        Mistake(
            "momentum is a sum of gradients, and a sum turns with the axes as each of its terms does.",
            (not_called("momentum", "the same"),),
        ),
        Mistake(
            "Adagrad and Adam divide axis by axis: what is there to divide where each axis is a mixture of all words?",
            (not_called("adagrad", "worse"), not_called("adam", "worse")),
        ),
    ),
    hints=(
        "which of the four rules treat each parameter by itself?",
        "a turn keeps sums, and multiples by one number. It does not keep a division axis by axis.",
        "two of them take the same path, turned. For the others each axis now sees a little of every word.",
    ),
    otherwise="think about what each rule does to one axis.",
)

WHEN_ADAM_DOES_NOT_HELP = letter(
    right="C",
    verified="where steep and flat are mixtures of the weights, there is nothing to even out, axis by axis.",
    wrong={
        "A": "A is what Adam is good at: rare words get few gradients, and it makes each of them count.",
        "B": "in B the scales lie along the axes: each weight has one of its own, and Adam can divide by it.",
        "D": "in D each weight has a scale of its own again, layer by layer: dividing helps there.",
    },
    hints=(
        "Adam treats each weight by itself: in which of the four does the trouble lie between the weights?",
        "ask for each case: does one weight see gradients of another size than its neighbour?",
        "standardised columns have one scale. What is left of the trouble is in how they hang together.",
    ),
)


TASKS = {
    "predictions_mean": PREDICTIONS_MEAN,
    "gradient_mean": GRADIENT_MEAN,
    "adagrad_directions": ADAGRAD_DIRECTIONS,
    "rmsprop_directions": RMSPROP_DIRECTIONS,
    "which_step_dies": WHICH_STEP_DIES,
    "adam_step": ADAM_STEP,
    "predictions_adam_places": PREDICTIONS_ADAM_PLACES,
    "predictions_adam_lengths": PREDICTIONS_ADAM_LENGTHS,
    "predictions_adam_floor": PREDICTIONS_ADAM_FLOOR,
    "faults_of_adam": FAULTS_OF_ADAM,
    "line_of_the_decay": LINE_OF_THE_DECAY,
    "adamw_step": ADAMW_STEP,
    "choice_for_reviews": CHOICE_FOR_REVIEWS,
    "predictions_turned": PREDICTIONS_TURNED,
    "when_adam_does_not_help": WHEN_ADAM_DOES_NOT_HELP,
}
