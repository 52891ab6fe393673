"""Deep networks: factors that multiply, the start that keeps the size, the rate against depth, and normalisation."""

from collections.abc import Callable
from functools import cache
from itertools import product

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
from lrlab.descent import descend
from lrlab.models import mlp


def says(key: str, *words: str) -> Callable:
    """Whether a dictionary's answer says one of these words for a key."""
    return lambda answer: answer[key] in words


# ----------------------------------------------------------------------------------------------- task 1: the factors

FATES = ("vanishes", "holds", "explodes")
FATE = {
    "0.9, 10 layers": "holds",
    "0.9, 150 layers": "vanishes",
    "1.05, 20 layers": "holds",
    "1.3, 30 layers": "explodes",
    "0.5, 12 layers": "vanishes",
}
SWAPPED = {"vanishes": "explodes", "explodes": "vanishes", "holds": "holds"}

PREDICTIONS_LAYERS = ValueTask(
    read=words_for(tuple(FATE), FATES),
    right=lambda words: words == FATE,
    verified="all five predicted: the factor to the power of the depth decides, and neither of the two alone.",
    mistakes=(
        Mistake(
            "vanishing and exploding are swapped: which way does a factor below 1 take the size?",
            (lambda words: words == {key: SWAPPED[word] for key, word in FATE.items()},),
        ),
        Mistake(
            "the factor 0.9 gets one word for both depths: 10 and 150 layers are not the same power of it.",
            (lambda words: words["0.9, 10 layers"] == words["0.9, 150 layers"],),
        ),
        Mistake(
            "a factor just above 1 need not explode: work out 1.05 ** 20 and compare it with 1000.",
            (says("1.05, 20 layers", "explodes", "vanishes"),),
        ),
        Mistake(
            "1.3 is taken 30 times as a factor, not added 30 times: work out 1.3 ** 30.",
            (says("1.3, 30 layers", "holds", "vanishes"),),
        ),
        Mistake(
            "twelve layers are enough to halve a size twelve times: work out 0.5 ** 12.",
            (says("0.5, 12 layers", "holds", "explodes"),),
        ),
    ),
    hints=(
        "each layer multiplies once more: two layers of 0.9 leave 0.81.",
        "so it is factor ** layers: compare it with 0.001 and with 1000.",
        "in Python: 0.9 ** 10, 0.9 ** 150, 1.05 ** 20, 1.3 ** 30 and 0.5 ** 12 are the five numbers.",
    ),
    otherwise="not all five are right yet: work out factor ** layers for each.",
)


def around(*values: float) -> Callable:
    """Whether an answer is one of these values to within 1 %."""
    return lambda answer: any(abs(answer - value) < 0.01 * abs(value) for value in values)


VANISHED = 62  # the first n with 0.8 ** n below 1e-6

LAYERS_TO_VANISH = ValueTask(
    read=one_number,
    right=lambda layers: layers == VANISHED,
    verified="0.8 ** 62 is the first power of 0.8 below a millionth.",
    mistakes=(
        Mistake(
            "about that many layers leave a thousandth: a millionth is a thousandth of a thousandth.",
            (lambda layers: layers in (30, 31) or around(30.956)(layers),),
        ),
        Mistake(
            "you mix two kinds of logarithm: any base will do, but it must be the same above and below.",
            (lambda layers: layers in (26, 27, 142, 143) or around(26.89, 142.57)(layers),),
        ),
        Mistake(
            "a number of layers is positive: both logarithms are below 0, and so their quotient is not.",
            (lambda layers: layers < 0,),
        ),
        Mistake(
            "layers come whole: which whole number is the first that is enough?",
            (lambda layers: layers != round(layers),),
        ),
        Mistake(
            "each layer takes a fifth of what is left, not of what there was at first.",
            (lambda layers: layers in (4, 5, 6),),
        ),
        Mistake(
            "after this many layers the size is still above a millionth: look at 0.8 ** layers.",
            (lambda layers: layers < VANISHED,),
        ),
        Mistake(
            "that is deep enough, but not the first depth that is: look at 0.8 ** (layers - 1).",
            (lambda layers: layers > VANISHED,),
        ),
    ),
    hints=(
        "try some depths: 0.8 ** 10 is 0.107, and 0.8 ** 20 is 0.0115.",
        "0.8 ** n = 1e-6 has the solution n = log(1e-6) / log(0.8), with any one logarithm.",
        "math.log(1e-6) / math.log(0.8) is 61.9: which whole number of layers is enough?",
    ),
    otherwise="this is not the first depth that is enough.",
)


def signal(weights, x):
    """What comes into each layer."""
    return x * np.cumprod(np.append(1.0, weights[:-1]))


def slope(weights):
    """What the output's derivative is behind each layer."""
    return np.cumprod(np.append(1.0, weights[:0:-1]))[::-1]


def chain_gradient(weights, x):
    """Signal coming in times slope coming back: the chapter's own picture of it."""
    return signal(weights, x) * slope(weights)


def without(before: int, behind: int) -> Callable:
    """The product of two slices that end and begin so far from weight i: (0, 1) would be right."""
    return lambda weights, x: np.array(
        [x * np.prod(weights[: i + before]) * np.prod(weights[i + behind :]) for i in range(len(weights))]
    )


def by_dividing(weights, x):
    return x * np.prod(weights) / weights


CHAIN_GRADIENT = FunctionTask(
    right=chain_gradient,
    parts={
        "product": (
            (np.array([2.0, 3.0, 5.0]), 1.0),
            (np.array([0.5, -2.0, 4.0, 0.5]), 3.0),
            (np.array([0.8, 0.9, 1.5, 0.7, 1.1]), -2.0),
            (np.array([4.0]), 0.5),
        ),
        "zero": ((np.array([2.0, 0.0, 5.0]), 1.5), (np.array([0.0, 0.5, 0.0, 4.0]), 2.0), (np.array([0.0]), 3.0)),
    },
    verified={
        "product": "each gradient is the signal that comes in times the slope that comes back.",
        "zero": "a layer of weight 0 silences all the others, and still has a gradient of its own.",
    },
    mistakes=(
        Mistake(
            "you divide by the weight itself, and a weight may be 0: multiply the others instead.",
            (
                by_dividing,
                lambda weights, x: x * (np.prod(weights) / weights),
                *(lambda weights, x, eps=eps: by_dividing(weights + eps, x) for eps in (1e-12, 1e-10, 1e-9, 1e-8)),
            ),
        ),
        Mistake(
            "a weight of 0 has a gradient too: the product of the others, which need not be 0.",
            (
                lambda weights, x: np.nan_to_num(by_dividing(weights, x), nan=0.0, posinf=0.0, neginf=0.0),
                lambda weights, x: by_dividing(weights + 1e-12 * (weights == 0), x) * (weights != 0),
            ),
        ),
        Mistake(
            "you leave the weights of 0 out: each of them takes the gradients of all the others to 0.",
            (lambda weights, x: by_dividing(np.where(weights == 0, 1.0, weights), x),),
        ),
        Mistake(
            "you multiply all the weights: the derivative along a weight holds the other ones only.",
            (lambda weights, x: x * np.prod(weights) + 0 * weights, lambda weights, x: x * np.prod(weights)),
        ),
        Mistake(
            "you have the signal that comes in, and no slope: the layers after this one multiply too.",
            (signal,),
        ),
        Mistake(
            "you have the slope that comes back, and no signal: the layers before this one and x multiply too.",
            (lambda weights, x: slope(weights),),
        ),
        Mistake(
            "your product runs from one end up to the weight itself: take all the others, and leave that one out.",
            (lambda weights, x: weights * signal(weights, x), lambda weights, x: weights * slope(weights)),
        ),
        Mistake(
            "you take the derivative of a loss: the output itself is asked for.",
            (lambda weights, x: (x * np.prod(weights) - 1) * chain_gradient(weights, x),),
        ),
        Mistake(
            "the input x is missing: the signal begins with it.",
            (lambda weights, x: chain_gradient(weights, 1.0), lambda weights, x: np.prod(weights) / weights),
        ),
        Mistake(
            "you add the other weights up: a chain multiplies.",
            (
                lambda weights, x: x * (np.sum(weights) - weights),
                lambda weights, x: x + np.sum(weights) - weights,
                lambda weights, x: np.sum(weights) - weights,
            ),
        ),
        Mistake(
            "two weights of the same value are still two: leave one out by its place, not by its value.",
            (lambda weights, x: np.array([x * np.prod(weights[weights != weight]) for weight in weights]),),
        ),
        Mistake(
            "your slices miss a weight: weights[:i] ends before weights[i], and weights[i + 1:] begins behind it.",
            (without(-1, 1), without(0, 2), without(-1, 0)),
        ),
        Mistake(
            "you take each weight to a power: the other weights are not all like it, multiply those.",
            (lambda weights, x: x * weights ** (len(weights) - 1), lambda weights, x: x * weights ** len(weights)),
        ),
        Mistake(
            "your gradients come in reverse order: the first number belongs to weights[0], next to the input.",
            (lambda weights, x: chain_gradient(weights, x)[::-1],),
        ),
        Mistake(
            "you take the sizes only: a gradient has a sign, and weights may be negative.",
            (lambda weights, x: np.abs(chain_gradient(weights, x)),),
        ),
    ),
    hints=(
        "the output is weights[0] * weights[1] * ... * x. Take its derivative along weights[1] on paper.",
        "the derivative along one weight is the product of everything else: all the other weights, and x.",
        "for each i: x * np.prod(weights[:i]) * np.prod(weights[i + 1:]); an empty product is 1.",
    ),
)


# ------------------------------------------------------------------------------------------------- task 2: the start

PREDICTIONS_START = letter(
    "C",
    "ReLU halves the mean square in each layer: 2 ** -20 of it is left, and 2 ** -10 of the size.",
    wrong={
        "A": "1 / sqrt(n) keeps the size in layers without ReLU: here half of the numbers are set to 0 in every layer.",
        "B": "a factor like that is the work of one layer or two: there are twenty.",
        "D": "2 ** -20 is what is left of the mean square: the size is its square root.",
    },
    hints=(
        "before ReLU the mean square of a layer is n times the weights' variance times that of its inputs.",
        "that factor is 1 here. ReLU then sets the negative half of the numbers to 0: what becomes of the mean square?",
        "the mean square is halved 20 times, and the size is the square root of the mean square.",
    ),
)


def he(i, o):
    return 2 / i


def xavier(i, o):
    return 2 / (i + o)


def start_from(relu: Callable = he, tanh: Callable = xavier) -> Callable:
    """start_std with other variances, functions of the inputs and outputs."""
    variance = {"relu": relu, "tanh": tanh}
    return lambda inputs, outputs, activation: np.sqrt(variance[activation](inputs, outputs))


START_STD = FunctionTask(
    right=start_from(),
    parts={
        "relu": ((50, 20, "relu"), (8, 32, "relu"), (200, 200, "relu"), (2, 1, "relu")),
        "tanh": ((50, 21, "tanh"), (8, 32, "tanh"), (200, 200, "tanh"), (3, 1, "tanh")),
    },
    verified={
        "relu": "that is the start of He (in PyTorch kaiming_normal_): through ReLU layers the signal keeps its size.",
        "tanh": "that is the start of Xavier (in PyTorch xavier_normal_): a compromise between signal and slope.",
    },
    mistakes=(
        Mistake(
            "your tanh layers get the rule of ReLU: near 0 tanh lets everything through, with no half to make up for.",
            (start_from(tanh=he),),
        ),
        Mistake(
            "for tanh you look at one way only: what do the inputs ask for, and what the outputs, on average?",
            (start_from(tanh=lambda i, o: 1 / i), start_from(tanh=lambda i, o: 1 / o)),
        ),
        Mistake(
            "this is the variance: the standard deviation is its square root.",
            (
                start_from(lambda i, o: he(i, o) ** 2, lambda i, o: xavier(i, o) ** 2),
                start_from(lambda i, o: he(i, o) ** 2),
            ),
        ),
        Mistake(
            "this is what keeps the size without ReLU: ReLU throws half of the mean square away, so make up for it.",
            (start_from(lambda i, o: 1 / i), start_from(lambda i, o: 1 / i, lambda i, o: 1 / i)),
        ),
        Mistake(
            "you halve where you should double: ReLU halves the mean square, and the variance has to make up for it.",
            (start_from(lambda i, o: 1 / (2 * i)), start_from(lambda i, o: 1 / (4 * i))),
        ),
        Mistake(
            "you count the outputs of a ReLU layer: each of its units adds up over its inputs.",
            (start_from(lambda i, o: 2 / o), start_from(lambda i, o: 2 / o, lambda i, o: 2 / o)),
        ),
        Mistake(
            "your root reaches over the 2 or over the n only: take it of the whole fraction.",
            (
                start_from(lambda i, o: 2 / i**2, lambda i, o: 2 / (i + o) ** 2),
                start_from(lambda i, o: 4 / i, lambda i, o: 4 / (i + o)),
            ),
        ),
        Mistake(
            "your fraction is upside down: the more inputs are added up, the smaller each weight must be.",
            (start_from(lambda i, o: i / 2, lambda i, o: (i + o) / 2), start_from(lambda i, o: i, lambda i, o: i)),
        ),
        Mistake(
            "// gives whole numbers only and cuts the rest off: divide with one /.",
            (
                start_from(lambda i, o: 2 // i),
                start_from(lambda i, o: 2 // i, lambda i, o: 2 // (i + o)),
                start_from(tanh=lambda i, o: 1 / ((i + o) // 2)),
            ),
        ),
        Mistake(
            "your ReLU layers get the rule of tanh: are the two swapped, or is the word 'relu' spelled in another way?",
            (start_from(xavier, he), start_from(xavier)),
        ),
        Mistake(
            "you divide by the sum of inputs and outputs: their average is asked for, and that is half of the sum.",
            (start_from(tanh=lambda i, o: 1 / (i + o)), start_from(tanh=lambda i, o: 1 / (i + o) / 2)),
        ),
        Mistake(
            "for tanh you average in another way: put the average of the two counts into the place of n.",
            (
                start_from(tanh=lambda i, o: (i**-0.5 + o**-0.5) ** 2 / 4),
                start_from(tanh=lambda i, o: (1 / i + 1 / o) / 2),
                start_from(tanh=lambda i, o: (i * o) ** -0.5),
                start_from(tanh=lambda i, o: 4 / (i**0.5 + o**0.5) ** 2),
                start_from(tanh=lambda i, o: 1 / i + 1 / o),
            ),
        ),
        Mistake(
            "put inputs + outputs into brackets: a division goes before a sum.",
            (start_from(tanh=lambda i, o: 1 / (i + o / 2)), start_from(tanh=lambda i, o: 2 / i + o)),
        ),
        Mistake(
            "5/3 is the gain that PyTorch proposes for tanh: here no gain is asked for.",
            (start_from(tanh=lambda i, o: 25 / 9 * xavier(i, o)), start_from(tanh=lambda i, o: 25 / 9 / i)),
        ),
        Mistake(
            "sqrt(6 / ...) is the limit of a uniform draw: the standard deviation is asked for.",
            (start_from(lambda i, o: 6 / i, lambda i, o: 6 / (i + o)), start_from(tanh=lambda i, o: 6 / (i + o))),
        ),
    ),
    hints=(
        "without ReLU the mean square is multiplied by n * std**2 for n inputs: this must be 1.",
        "ReLU halves it, so n * std**2 / 2 must be 1. For tanh n is the average of inputs and outputs, and no half.",
        "relu: the root of 2 / inputs. tanh: the root of 1 / n with n = (inputs + outputs) / 2.",
    ),
)


def relu(x):
    return np.maximum(x, 0)


def rms(x):
    return np.sqrt(np.mean(x**2))


def sizes_by(size: Callable = rms, bend: Callable = relu, matrix: Callable = np.asarray, keep: slice = slice(None)):
    """signal_sizes with another size, another activation, other matrices, or some of the sizes only."""

    def sizes(x, weights):
        found = [size(x)]
        for weight in weights:
            x = bend(x @ matrix(weight))
            found.append(size(x))
        return np.array(found[keep])

    return sizes


def before_relu(x, weights):
    found = [rms(x)]
    for weight in weights:
        found.append(rms(x @ weight))
        x = relu(x @ weight)
    return np.array(found)


def first_as_it_is(sizes: Callable) -> Callable:
    """The size of x, and whatever sizes says of the layers."""
    return lambda x, weights: np.append(rms(x), sizes(x, weights)[1:])


def of_positives(x):
    return rms(x[x > 0])


def always_from_x(x, weights):
    return np.array([rms(x), *(rms(relu(x @ weight)) for weight in weights)])


MIXED = np.array([[[1.0, -0.5], [0.5, 2.0]], [[0.3, 1.0], [-1.0, 0.6]], [[1.2, 0.4], [0.7, -0.9]]])
THIRDS = np.array([[[0.5, 1.0, -1.0], [2.0, -0.5, 0.5], [0.1, 0.4, 1.5]], [[1, 0, 2], [0.5, 1, -1], [-2.0, 1, 0.5]]])

SIGNAL_SIZES = FunctionTask(
    right=sizes_by(),
    parts={
        "all": (
            (np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0]]), MIXED),
            (np.array([[0.2, -1.0, 1.0], [2.0, 0.3, -0.4]]), THIRDS),
            (np.array([[1.0, 1.0], [0.0, 3.0]]), MIXED[:1]),
        )
    },
    verified={"all": "one size for what comes in, and one behind each layer."},
    mistakes=(
        Mistake(
            "your layers do not bend: set the negative numbers to 0 behind each matrix.", (sizes_by(bend=np.asarray),)
        ),
        Mistake(
            "ReLU keeps the positive numbers and sets the negative ones to 0: yours does something else.",
            (sizes_by(bend=lambda x: np.minimum(x, 0)), sizes_by(bend=np.abs), sizes_by(bend=np.tanh)),
        ),
        Mistake(
            "ReLU stands behind each matrix, and not in front of it: x goes into the first one as it is.",
            (
                first_as_it_is(lambda x, weights: sizes_by()(relu(x), weights)),
                first_as_it_is(lambda x, weights: before_relu(relu(x), weights)),
            ),
        ),
        Mistake(
            "you leave out what ReLU has set to 0: the mean is over all the units, also the silent ones.",
            (sizes_by(of_positives), first_as_it_is(sizes_by(of_positives))),
        ),
        Mistake("you measure before ReLU: its zeros belong to the signal that the next layer gets.", (before_relu,)),
        Mistake(
            "the last layer has its ReLU too, like all the others.",
            (lambda x, weights: np.append(sizes_by()(x, weights)[:-1], before_relu(x, weights)[-1]),),
        ),
        Mistake(
            "the root is missing: the size is the square root of the mean of the squares.",
            (sizes_by(lambda x: np.mean(x**2)),),
        ),
        Mistake(
            "you average the numbers and not their squares: plus and minus cancel, and large ones count too little.",
            (sizes_by(np.mean), sizes_by(lambda x: np.mean(np.abs(x)))),
        ),
        Mistake(
            "you add the squares up: take their mean, over all the examples and all the units.",
            (
                sizes_by(np.linalg.norm),
                sizes_by(lambda x: np.sqrt((x**2).sum(axis=1).mean())),
                sizes_by(lambda x: np.sum(x**2)),
            ),
        ),
        Mistake(
            "you average the sizes of single examples or units: put all the squares into one mean.",
            (
                sizes_by(lambda x: np.sqrt((x**2).mean(axis=1)).mean()),
                sizes_by(lambda x: np.sqrt((x**2).mean(axis=0)).mean()),
                sizes_by(lambda x: np.linalg.norm(x, axis=1).mean()),
            ),
        ),
        Mistake("np.std takes the mean away first: the size counts it too.", (sizes_by(np.std), sizes_by(np.var))),
        Mistake(
            "one size is missing: there is one for x itself, and one behind each layer, the last included.",
            (sizes_by(keep=slice(1, None)), sizes_by(keep=slice(-1))),
        ),
        Mistake(
            "you give the last size only: keep one for each layer in a list.",
            (lambda x, weights: sizes_by()(x, weights)[-1],),
        ),
        Mistake(
            "your matrix is turned round: rows of weights[i] belong to inputs, so it is x @ weights[i].",
            (sizes_by(matrix=np.transpose),),
        ),
        Mistake(
            "each of your layers begins with x again: it must get what the layer before it gave.", (always_from_x,)
        ),
    ),
    hints=(
        "go through the layers in a loop: each one replaces x by np.maximum(x @ weight, 0).",
        "begin a list with the size of x, and append the size behind each layer. The size is one number.",
        "size = np.sqrt(np.mean(x ** 2)); for weight in weights: x = np.maximum(x @ weight, 0), then append.",
    ),
)


# -------------------------------------------------------------------------------------------- task 3: rate and depth

PREDICTIONS_DEPTH = letter(
    "C",
    "each of the four weights would bear 2 alone; all four move at once, so the chain bears a quarter of it.",
    wrong={
        "A": "each weight would bear that rate alone: here all of them move in the same step, and their changes add.",
        "B": "half is what two weights bear: here are four.",
        "D": "that is too careful: the change of the output grows with the number of weights, not with its square.",
    },
    hints=(
        "move every weight from 1 to 1 + d, with a small d: by how much does the product of four change?",
        "the product changes by 4 * d, and each weight gets the whole error as its gradient.",
        "so one step corrects the output four times: for the same correction the rate must be a fourth.",
    ),
)


def largest_chain_rate(weights, x):
    return 2 / np.sum(chain_gradient(weights, x) ** 2)


def rate_from(curvature: Callable) -> Callable:
    """2 over another curvature: a function of the gradients."""
    return lambda weights, x: 2 / curvature(chain_gradient(weights, x))


LARGEST_CHAIN_RATE = FunctionTask(
    right=largest_chain_rate,
    parts={
        "all": (
            (np.array([2.0, 0.5, 1.0]), 1.0),
            (np.array([1.0, 1.0, 1.0, 1.0]), 2.0),
            (np.array([-1.5, 2.0]), 0.5),
            (np.array([1.1, 0.9, 1.2, -0.8, 1.0]), -3.0),
            (np.array([3.0]), 1.5),
        )
    },
    verified={
        "all": "2 over the squared length of the gradient: with weights and input of 1 that is 2 over the layers."
    },
    mistakes=(
        Mistake(
            "1 over the curvature is where overshooting begins: the run is stable up to twice that.",
            (rate_from(lambda g: 2 * np.sum(g**2)),),
        ),
        Mistake(
            "half a square has the curvature 1, not a half: take its derivative twice.",
            (rate_from(lambda g: np.sum(g**2) / 2),),
        ),
        Mistake(
            "your fraction is upside down: the more curved the loss, the lower the largest rate.",
            (
                lambda weights, x: 1 / largest_chain_rate(weights, x),
                lambda weights, x: 2 / largest_chain_rate(weights, x),
            ),
        ),
        Mistake(
            "you let each weight move alone: all of them move in one step, and their squared gradients add up.",
            tuple(rate_from(lambda g, of=of: of(g**2)) for of in (np.max, np.min, np.mean, np.asarray)),
        ),
        Mistake(
            "the squares are missing, or taken after adding up: square each weight's gradient first, then add.",
            (
                rate_from(np.sum),
                rate_from(lambda g: np.sum(np.abs(g))),
                rate_from(lambda g: np.max(np.abs(g))),
                rate_from(lambda g: np.sum(g) ** 2),
            ),
        ),
        Mistake(
            "this is the length of the gradient: the curvature along it is the length squared.",
            (rate_from(np.linalg.norm),),
        ),
        Mistake(
            "2 / layers holds where all weights and x are 1: here they have other values.",
            (lambda weights, x: 2 / len(weights), lambda weights, x: 2 / len(weights) / x**2),
        ),
        Mistake(
            "you square the weights: their gradients are what moves the output, see chain_gradient.",
            (lambda weights, x: 2 / np.sum(weights**2), lambda weights, x: 2 / np.sum((x * weights) ** 2)),
        ),
        Mistake(
            "the input x is missing: it stands in every gradient.",
            (lambda weights, x: largest_chain_rate(weights, 1.0), lambda w, x: largest_chain_rate(w, np.sqrt(abs(x)))),
        ),
        Mistake(
            "the derivative of the output is not the whole product: it holds the other weights only, see task 1.",
            (
                lambda weights, x: 2 / (x * np.prod(weights)) ** 2,
                lambda weights, x: 2 / (len(weights) * (x * np.prod(weights)) ** 2),
            ),
        ),
    ),
    hints=(
        "call the gradients g, from chain_gradient. Along which direction does the output change fastest?",
        "along g: a step of length t there moves the output by t times the length of g. How curved is half its square?",
        "the curvature along g is g @ g, and the largest stable rate is 2 over the curvature.",
    ),
)


def fitted(x, y):
    """Power and logarithm of the factor of the straight line through the logarithms."""
    return np.polyfit(np.log(x), np.log(y), 1)


def power_law(x, y):
    return fitted(x, y)[0]


def slope_of(u: Callable, v: Callable, degree: int = 1, place: int = 0) -> Callable:
    """One of the numbers that np.polyfit gives for u(x) and v(y)."""
    return lambda x, y: np.polyfit(u(x), v(y), degree)[place]


DEPTHS = np.array([1.0, 2.0, 4.0, 8.0])

POWER_LAW = FunctionTask(
    right=power_law,
    parts={
        "all": (
            (DEPTHS, np.array([6.0, 2.9, 1.6, 0.7])),
            (np.array([1.0, 10.0, 100.0]), np.array([5.0, 50.0, 700.0])),
            (np.array([0.5, 2.0, 3.0, 7.0, 9.0]), np.array([3.0, 1.2, 0.9, 1.1, 0.4])),
        )
    },
    verified={"all": "the slope of the straight line through the logarithms is the power."},
    mistakes=(
        Mistake(
            "you fit a straight line through the numbers themselves: a power law is straight in their logarithms.",
            (slope_of(np.asarray, np.asarray),),
        ),
        Mistake(
            "only one of the two is a logarithm: a power law is straight where both are.",
            (
                slope_of(np.asarray, np.log),
                slope_of(np.log, np.asarray),
                slope_of(np.asarray, np.log10),
                slope_of(np.log10, np.asarray),
            ),
        ),
        Mistake(
            "this is the intercept, not how steep the line is: np.polyfit gives the slope first.",
            (
                slope_of(np.log, np.log, place=1),
                slope_of(np.log10, np.log10, place=1),
                lambda x, y: np.exp(fitted(x, y)[1]),
            ),
        ),
        Mistake(
            "a straight line has the degree 1: look at the last number that you give to np.polyfit.",
            (slope_of(np.log, np.log, degree=2), slope_of(np.log, np.log, degree=2, place=1)),
        ),
        Mistake("x and y are swapped: np.polyfit wants the horizontal one first.", (lambda x, y: fitted(y, x)[0],)),
        Mistake("you give slope and intercept together: the power alone is asked for.", (fitted,)),
        Mistake(
            "you look at the first and the last point only: the points scatter, so let all of them pull at the line.",
            (
                lambda x, y: np.log(y[-1] / y[0]) / np.log(x[-1] / x[0]),
                lambda x, y: np.log(y[1] / y[0]) / np.log(x[1] / x[0]),
            ),
        ),
        Mistake(
            "look at the sign: a curve that falls has a negative power.",
            (lambda x, y: -power_law(x, y), lambda x, y: abs(power_law(x, y)), lambda x, y: -abs(power_law(x, y))),
        ),
        Mistake(
            "you mix two kinds of logarithm: take the same one for x and y.",
            (slope_of(np.log, np.log10), slope_of(np.log10, np.log)),
        ),
        Mistake(
            "the slope is the power already: no exponential is needed.",
            (lambda x, y: np.exp(power_law(x, y)), lambda x, y: 10 ** power_law(x, y)),
        ),
    ),
    hints=(
        "if y = a * x ** p, then log(y) = log(a) + p * log(x): that is a straight line.",
        "np.polyfit(u, v, 1) gives slope and intercept of the straight line through points (u, v).",
        "u = np.log(x), v = np.log(y), and the power is the first of the two numbers.",
    ),
)


# ------------------------------------------------------------------------------------------------- task 4: the table

GPT3 = np.array(
    [(0.125, 6e-4), (0.35, 3e-4), (0.76, 2.5e-4), (1.3, 2e-4), (2.7, 1.6e-4), (6.7, 1.2e-4), (13, 1e-4), (175, 6e-5)]
)  # billions of parameters, peak rate: Brown et al. 2020, table 2.1


def predicted_peak_rate(sizes, rates, size):
    power, intercept = fitted(sizes, rates)
    return np.exp(intercept + power * np.log(size))


def line_through(u: Callable, v: Callable, back: Callable) -> Callable:
    """A straight line through u(sizes), v(rates), read at u(size), and back."""
    return lambda sizes, rates, size: back(np.polyval(np.polyfit(u(sizes), v(rates), 1), u(size)))


def power_of_ten(v):
    return 10.0**v


def with_factor(factor: Callable) -> Callable:
    """The fitted power law with something else made of the intercept."""
    return lambda sizes, rates, size: factor(fitted(sizes, rates)[1]) * size ** power_law(sizes, rates)


def through(i: int, j: int) -> Callable:
    """The power law through two of the points."""
    return lambda sizes, rates, size: predicted_peak_rate(sizes[[i, j]], rates[[i, j]], size)


def through_a_point(i: int) -> Callable:
    """The fitted power, begun at one of the points."""
    return lambda sizes, rates, size: rates[i] * (size / sizes[i]) ** power_law(sizes, rates)


PREDICTED_PEAK_RATE = FunctionTask(
    right=predicted_peak_rate,
    parts={
        "all": (
            (GPT3[:, 0], GPT3[:, 1], 30.0),
            (GPT3[:, 0], GPT3[:, 1], 1000.0),
            (np.array([1.0, 4.0, 10.0, 60.0]), np.array([0.1, 0.06, 0.05, 0.01]), 20.0),
        )
    },
    verified={
        "all": "a straight line through the logarithms, read at the new size, and taken back from the logarithm."
    },
    mistakes=(
        Mistake(
            "you fit a straight line through the numbers themselves: with such sizes it runs below 0. Take logarithms.",
            (line_through(np.asarray, np.asarray, float),),
        ),
        Mistake(
            "only one of the two is a logarithm: take the logarithm of the sizes and of the rates.",
            (
                line_through(np.log, np.asarray, float),
                line_through(np.asarray, np.log, np.exp),
                line_through(np.asarray, np.log10, power_of_ten),
            ),
        ),
        Mistake(
            "this is the logarithm of the rate: take it back, with the inverse of the logarithm that you used.",
            (line_through(np.log, np.log, float), line_through(np.log10, np.log10, float)),
        ),
        Mistake(
            "the intercept is a logarithm too: take it back before you multiply.",
            (with_factor(float), with_factor(lambda intercept: intercept / np.log(10))),
        ),
        Mistake(
            "you go back with another base than you came: exp belongs to log, 10 ** to log10.",
            (
                line_through(np.log, np.log, power_of_ten),
                line_through(np.log10, np.log10, np.exp),
                with_factor(lambda intercept: np.exp(intercept / np.log(10))),
                with_factor(power_of_ten),
            ),
        ),
        Mistake(
            "you give the size to the line as it is: the line was fitted to logarithms, so it wants log(size).",
            (
                lambda sizes, rates, size: np.exp(np.polyval(fitted(sizes, rates), size)),
                lambda sizes, rates, size: np.polyval(fitted(sizes, rates), size),
            ),
        ),
        Mistake(
            "slope and intercept are swapped: np.polyfit gives the slope first.",
            (lambda sizes, rates, size: np.exp(np.polyval(fitted(sizes, rates)[::-1], np.log(size))),),
        ),
        Mistake(
            "the intercept is missing: the power alone says how fast the line falls, not from where.",
            (
                with_factor(np.ones_like),
                lambda sizes, rates, size: power_law(sizes, rates),
            ),
        ),
        Mistake(
            "you hang the power on one row of the table: the intercept of the fit says where the line stands.",
            (
                through_a_point(0),
                through_a_point(-1),
                lambda sizes, rates, size: rates[0] * (size / sizes[0]) ** -0.3,
            ),
        ),
        Mistake(
            "you use the table above in every case: fit the sizes and rates that the function is given.",
            (lambda sizes, rates, size: predicted_peak_rate(*GPT3.T, size),),
        ),
        Mistake("you join two points only: let all of the points pull at the line.", (through(0, -1), through(-2, -1))),
        Mistake(
            "you take a rate out of the table, or one between two neighbours: use the line through all points.",
            (
                lambda sizes, rates, size: rates[np.argmin(np.abs(sizes - size))],
                lambda sizes, rates, size: np.interp(size, sizes, rates),
                lambda sizes, rates, size: np.exp(np.interp(np.log(size), np.log(sizes), np.log(rates))),
            ),
        ),
        Mistake(
            "sizes and rates are swapped in the fit: np.polyfit wants the horizontal one first.",
            (lambda sizes, rates, size: predicted_peak_rate(rates, sizes, size),),
        ),
    ),
    hints=(
        "power_law gives the slope of the line. You also need where the line stands.",
        "power, intercept = np.polyfit(np.log(sizes), np.log(rates), 1); read the line at np.log(size).",
        "intercept + power * np.log(size) is the line at the new size, a logarithm still: take np.exp of it.",
    ),
)

CLAIMS = {"larger, lower": "shown", "best rates": "not shown", "size alone": "not shown"}
CLAIMS |= {"two teams, one answer": "not shown", "room to choose": "shown"}

TABLE_CLAIMS = ValueTask(
    read=words_for(tuple(CLAIMS), ("shown", "not shown")),
    right=lambda words: words == CLAIMS,
    verified="you read the table as what it is: choices that were made together, and often copied.",
    mistakes=(
        Mistake(
            "do not trust nothing at all: two of the five can be read off the picture with a ruler.",
            (lambda words: set(words.values()) == {"not shown"},),
        ),
        Mistake(
            "best of which others? A model of that size is trained once, and nobody has its U-curve.",
            (says("best rates", "shown"),),
        ),
        Mistake(
            "what else grows from GPT-3 small to GPT-3 175B? Look at the batch, and think of depth and width.",
            (says("size alone", "shown"),),
        ),
        Mistake(
            "six of OPT's nine rates are GPT-3's to the digit: who chose them?",
            (says("two teams, one answer", "shown"),),
        ),
        Mistake(
            "within GPT-3 the rates do fall from row to row: that is an observation, and it is in the table.",
            (says("larger, lower", "not shown"),),
        ),
        Mistake(
            "compare GPT-3 and LLaMA at 13 billion, and remember that both were finished.",
            (says("room to choose", "not shown"),),
        ),
    ),
    hints=(
        "for each statement ask: which rows would look different if it were false?",
        "a table of finished runs holds choices. It shows what was chosen, not what would have been better.",
        "two of the five only describe the rows. The three others need runs that are not in the table.",
    ),
    otherwise="not all five are right yet.",
)


# ------------------------------------------------------------------------------------- task 5: normalise, and choose

NORM_BUG = letter(
    "B",
    "a row must be normalised by its own numbers, so that it does not matter which rows stand beside it.",
    wrong={
        "A": "inside the root is where eps belongs: it keeps the root away from 0.",
        "C": "the variance here divides by the number of numbers, as layer normalisation does: this is no bug.",
        "D": "gain and shift come last, in this order: what is normalised is scaled and then moved.",
    },
    hints=(
        "look at the two lines that were printed: the same row, once among others and once alone.",
        "what could make the answer for one row depend on the rows beside it?",
        "x has shape (examples, features). Along which of the two does axis=0 take its mean?",
    ),
)


def layer_norm(x, gain, shift, eps):
    mean = x.mean(axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(x.var(axis=-1, keepdims=True) + eps) + shift


def nothing(x, **way):
    return 0.0


def mean_square(x, **way):
    return np.mean(x**2, **way)


def root_of(spread: Callable) -> Callable:
    return lambda x, eps, **way: np.sqrt(spread(x, **way) + eps)


def normed(middle: Callable = np.mean, below: Callable | None = None, **way) -> Callable:
    """layer_norm with another middle, something else below the fraction, or means that go another way."""
    below, way = below or root_of(np.var), {"axis": 1, "keepdims": True} | way
    return lambda x, gain, shift, eps: gain * (x - middle(x, **way)) / below(x, eps, **way) + shift


def unscaled(x, eps):
    return layer_norm(x, 1.0, 0.0, eps)


def summed(x, **way):
    return x.shape[1] * np.var(x, **way)


def mean_over_spread(x, eps):
    return x.mean(axis=1, keepdims=True) / np.sqrt(x.var(axis=1, keepdims=True) + eps)


SQUARE = np.array([[1.0, 2.0, 6.0], [0.0, -1.0, 0.5], [3.0, 3.5, -2.0]])
GAIN, SHIFT = np.array([1.0, 2.0, 0.5]), np.array([0.0, 0.3, -1.0])
WIDE = np.array([[0.1, 0.4, -0.3, 0.2, 0.0], [5.0, 2.0, 8.0, -1.0, 3.0]])

LAYER_NORM = FunctionTask(
    right=layer_norm,
    parts={
        "all": (
            (SQUARE, GAIN, SHIFT, 0.1),
            (WIDE, np.linspace(0.5, 1.5, 5), np.linspace(-1.0, 1.0, 5), 1e-5),
            (WIDE[:1], np.full(5, 1.5), np.full(5, 0.2), 0.05),
        )
    },
    verified={"all": "each row by its own mean and spread, alone or among others, then gain and shift."},
    mistakes=(
        Mistake(
            "you average over the batch, as batch normalisation does: each example has its own mean and variance.",
            (
                normed(axis=0),
                normed(lambda x, **way: np.mean(x, axis=0)),
                normed(nothing, root_of(mean_square), axis=0),
                lambda x, gain, shift, eps: (
                    gain * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=0) + eps) + shift
                ),
            ),
        ),
        Mistake(
            "you take one mean or variance over everything: each example, that is each row, has its own.",
            (
                normed(axis=None),
                normed(lambda x, **way: np.mean(x)),
                normed(below=lambda x, eps, **way: np.sqrt(np.var(x) + eps)),
            ),
        ),
        Mistake(
            "the mean stays in: take it away first. (Over the root of the mean square it is RMSNorm, another layer.)",
            (normed(nothing, root_of(mean_square)), normed(nothing)),
        ),
        Mistake(
            "you take the mean away above, but the spread below still holds it: the variance is about the mean.",
            (normed(below=root_of(mean_square)),),
        ),
        Mistake(
            "the root is missing: divide by the standard deviation, not by the variance.",
            (normed(below=lambda x, eps, **way: np.var(x, **way) + eps),),
        ),
        Mistake(
            "you multiply by the standard deviation: divide by it.",
            (normed(below=lambda x, eps, **way: 1 / np.sqrt(np.var(x, **way) + eps)),),
        ),
        Mistake("np.std is a root already: take one root, of the variance plus eps.", (normed(below=root_of(np.std)),)),
        Mistake(
            "you add the squares up: the variance is their mean, whatever the number of features.",
            (normed(below=root_of(summed)), normed(below=lambda x, eps, **way: np.sqrt(summed(x, **way)))),
        ),
        Mistake(
            "your fraction reaches over the mean only: put x - mean into brackets.",
            (
                lambda x, gain, shift, eps: gain * (x - mean_over_spread(x, eps)) + shift,
                lambda x, gain, shift, eps: gain * x - mean_over_spread(x, eps) + shift,
            ),
        ),
        Mistake(
            "eps stands outside the root, or is missing: it is added to the variance.",
            (
                normed(below=lambda x, eps, **way: np.std(x, **way) + eps),
                normed(below=lambda x, eps, **way: np.std(x, **way)),
            ),
        ),
        Mistake(
            "your eps is a fixed number: whoever calls the function chooses it.",
            (normed(below=lambda x, eps, **way: np.sqrt(np.var(x, **way) + 1e-5)),),
        ),
        Mistake(
            "you divide by n - 1: the variance here is the plain mean of the squares, so divide by n.",
            (normed(below=root_of(lambda x, **way: np.var(x, ddof=1, **way))),),
        ),
        Mistake(
            "gain or shift is missing: gain multiplies what is normalised, and shift is added to it.",
            (
                lambda x, gain, shift, eps: unscaled(x, eps),
                lambda x, gain, shift, eps: gain * unscaled(x, eps),
                lambda x, gain, shift, eps: unscaled(x, eps) + shift,
            ),
        ),
        Mistake(
            "gain and shift come in another order here: first times gain, then plus shift.",
            (
                lambda x, gain, shift, eps: gain * (unscaled(x, eps) + shift),
                lambda x, gain, shift, eps: unscaled(x * gain + shift, eps),
                lambda x, gain, shift, eps: shift * unscaled(x, eps) + gain,
            ),
        ),
        Mistake(
            "gain and shift have one number for each feature, so they go along the rows of x, not down its columns.",
            (
                lambda x, gain, shift, eps: gain[:, None] * unscaled(x, eps) + shift[:, None],
                lambda x, gain, shift, eps: (gain * unscaled(x, eps).T + shift).T,
            ),
        ),
        Mistake(
            "a row's mean must stay beside its row: keepdims=True does that. Else NumPy lines it up with columns.",
            (normed(keepdims=False),),
        ),
    ),
    hints=(
        "x has shape (examples, features): take mean and variance along the features, axis=-1, with keepdims=True.",
        "(x - mean) / np.sqrt(variance + eps), where x.var(...) divides by n already. Gain and shift come last.",
        "mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True); then gain * (...) + shift.",
    ),
)

SHALLOW, DEEP = 0.1, 0.25  # the losses to get below
STEPS, BATCH, SEEDS = 100, 32, 3


@cache
def loss_after(depth: int, lr: float) -> float:
    """The loss on the training digits after 100 steps, mean of three seeds; NaN where one diverged."""
    inputs, labels = digits().train
    inputs = inputs - inputs.mean(axis=0)
    net, found = mlp((64, *[32] * depth, 10), "tanh"), []
    for seed in range(SEEDS):
        data = net.on(inputs, labels, batch_size=BATCH)
        run = descend(data, net.init(seed), lr, steps=STEPS, keep="last", rng=np.random.default_rng(seed))
        with np.errstate(all="ignore"):
            found.append(net.evaluate(run.final, inputs, labels)["loss"])
    return float(np.mean(found))


def reaches(key: str, depth: int, target: float) -> Callable:
    return lambda rates: rates[key] > 0 and loss_after(depth, rates[key]) < target


def misses(key: str, depth: int, target: float, lower: bool) -> Callable:
    """Whether the rate misses the target and lies below (or above) the rates that reach it."""
    middle = {1: 3.0, 6: 0.35}[depth]
    reached = reaches(key, depth, target)
    return lambda rates: (rates[key] < middle) == lower and not reached(rates)


SHALLOW_RATE, DEEP_RATE = ("1 layer", 1, SHALLOW), ("6 layers", 6, DEEP)


def both_miss(shallow_low: bool, deep_low: bool) -> Mistake:
    """One sentence for both rates, so that the check of either net says something about its own."""
    words = {True: "low", False: "high"}
    made = misses(*SHALLOW_RATE, lower=shallow_low), misses(*DEEP_RATE, lower=deep_low)
    return Mistake(
        f"both rates miss: that of 1 layer is too {words[shallow_low]}, and that of 6 layers too {words[deep_low]}.",
        (lambda rates: all(each(rates) for each in made),),
    )


RATES_FOR_DEPTH = ValueTask(
    read=numbers_for("1 layer", "6 layers"),
    right={"shallow": reaches(*SHALLOW_RATE), "deep": reaches(*DEEP_RATE)},
    verified={
        "shallow": "with one hidden layer the loss is below 0.1 after 100 steps.",
        "deep": "with six hidden layers the loss is below 0.25 after 100 steps.",
    },
    mistakes=(
        Mistake(
            "a rate above 0 is needed: at 0 nothing moves, and below 0 every step goes uphill.",
            (lambda rates: min(rates.values()) <= 0,),
        ),
        Mistake(
            "the deep net has the higher rate of the two: look at the map of the chapter, or at your task 3.",
            (lambda rates: rates["1 layer"] < rates["6 layers"],),
        ),
        Mistake(
            "one rate for both: no rate meets both of these targets, because each net wants one of its own.",
            (lambda rates: rates["1 layer"] == rates["6 layers"],),
        ),
        *(both_miss(*low) for low in product((True, False), repeat=2)),
        Mistake(
            "1 layer: this rate is too careful, after 100 steps the loss is still on its way down.",
            (misses(*SHALLOW_RATE, lower=True),),
        ),
        Mistake("1 layer: this rate is too high, even for a shallow net.", (misses(*SHALLOW_RATE, lower=False),)),
        Mistake(
            "6 layers: this rate is too careful, after 100 steps the loss is still on its way down.",
            (misses(*DEEP_RATE, lower=True),),
        ),
        Mistake(
            "6 layers: this rate is too high. The deep net bears about a fifth of what the shallow one bears, or less.",
            (misses(*DEEP_RATE, lower=False),),
        ),
    ),
    hints=(
        "double the rate from 0.05 on, for each net, and write down the losses: look for the bottom of the U.",
        "the bottom lies above 1 for the shallow net and below 1 for the deep one.",
        "look between 2 and 4 for one layer, and between 0.25 and 0.5 for six.",
    ),
    otherwise="one of the two losses is not low enough yet.",
)


TASKS = {
    "predictions_layers": PREDICTIONS_LAYERS,
    "layers_to_vanish": LAYERS_TO_VANISH,
    "chain_gradient": CHAIN_GRADIENT,
    "predictions_start": PREDICTIONS_START,
    "start_std": START_STD,
    "signal_sizes": SIGNAL_SIZES,
    "predictions_depth": PREDICTIONS_DEPTH,
    "largest_chain_rate": LARGEST_CHAIN_RATE,
    "power_law": POWER_LAW,
    "predicted_peak_rate": PREDICTED_PEAK_RATE,
    "table_claims": TABLE_CLAIMS,
    "norm_bug": NORM_BUG,
    "layer_norm": LAYER_NORM,
    "rates_for_depth": RATES_FOR_DEPTH,
}
