"""Chapter on computer vision: the loss of a classifier, rates on real digits, boxes, and what may be reported."""

import math
from collections.abc import Callable
from functools import cache

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
from lrlab.models import convnet, detector, mlp, softmax
from lrlab.models.losses import CrossEntropy

# ------------------------------------------------------------------------------------------------ the loss, its slope


def softmax_cross_entropy(logits, labels):
    return loss_and_slope(logits, labels)[0]


def softmax_cross_entropy_gradient(logits, labels):
    return loss_and_slope(logits, labels)[1]


def loss_and_slope(logits, labels):
    """Both from the engine's own loss, which takes its labels as rows of one-hot."""
    loss = CrossEntropy(np.shape(logits)[1])
    return loss.value_and_slope(np.array(logits, dtype=float), loss.prepare(labels))


def normalized(logits, axis=-1):
    """Softmax along an axis (None: over all numbers), in the way that cannot overflow."""
    shares = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shares / np.sum(shares, axis=axis, keepdims=True)


def naive(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def at_label(rows, labels):
    """The entry of each row at its label."""
    return rows[np.arange(len(labels)), labels]


def one_hot(logits, labels):
    return np.eye(np.shape(logits)[1])[labels]


def each_loss(logits, labels):
    """The loss of every image, before the mean."""
    highest = np.max(logits, axis=1)
    return highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1)) - at_label(logits, labels)


def by_math_exp(logits, labels):
    return np.mean(
        [-math.log(math.exp(row[k]) / sum(map(math.exp, row))) for row, k in zip(logits, labels, strict=True)]
    )


def overflown(second: float) -> Callable:
    """Right for usual logits; of the two batches in HUGE the first comes out as NaN, and the other as `second`."""

    def mistaken(logits, labels):
        if np.abs(logits).max() < 700:
            return each_loss(logits, labels).mean()
        return math.nan if len(labels) > 1 else second

    return mistaken


FEW = (
    (np.array([[2.0, 1.0, 0.0]]), np.array([0])),
    (np.array([[0.5, -1.0, 2.0], [3.0, 0.0, 1.0]]), np.array([1, 0])),
    (np.array([[1.0, 2.0, 0.0, -1.0], [0.0, 0.0, 0.0, 0.0], [-2.0, 1.0, 1.5, 0.5]]), np.array([2, 3, 1])),
)
HUGE = (
    (np.array([[1000.0, 990.0, 0.0], [-900.0, -905.0, -903.0]]), np.array([1, 2])),
    (np.array([[0.0, 800.0]]), np.array([0])),
)

SOFTMAX_CROSS_ENTROPY = FunctionTask(
    right=softmax_cross_entropy,
    parts={"usual": FEW, "large": HUGE},
    verified={
        "usual": "the mean of -log(probability of the label), as the engine counts it.",
        "large": "logits of 1000 neither overflow nor become log(0).",
    },
    mistakes=(
        Mistake(
            "exp(1000) is too large for a computer: make the logits of each row smaller by one number first. Which?",
            (
                lambda logits, labels: -np.log(at_label(naive(logits), labels)).mean(),
                lambda logits, labels: -np.log(at_label(naive(logits), labels) + 1e-12).mean(),
                lambda logits, labels: -np.log(at_label(np.nan_to_num(naive(logits)), labels)).mean(),
                lambda logits, labels: (np.log(np.exp(logits).sum(axis=1)) - at_label(logits, labels)).mean(),
                lambda logits, labels: each_loss(np.clip(logits, -500, 500), labels).mean(),
                lambda logits, labels: each_loss(np.clip(logits, -700, 700), labels).mean(),
                lambda logits, labels: (
                    -np.log(at_label(np.exp(logits - logits.max()), labels)).mean()
                    + np.log(np.exp(logits - logits.max()).sum(axis=1)).mean()
                ),
                by_math_exp,
                # another mistake is there as well: asked for large logits alone, np.exp is what shows
                *(overflown(second) for second in (math.nan, -math.inf, 0.0, 1.0)),
            ),
        ),
        Mistake(
            "you add the losses of the images up: a batch of twice the size must not have twice the loss.",
            (lambda logits, labels: each_loss(logits, labels).sum(),),
        ),
        Mistake(
            "your loss is below 0: the log of a probability is, so look at the sign in front of it.",
            (
                lambda logits, labels: -each_loss(logits, labels).mean(),
                lambda logits, labels: -each_loss(logits, labels).sum(),
            ),
        ),
        Mistake(
            "you also divide by the number of classes: of each image one number counts, the one at its label.",
            (lambda logits, labels: each_loss(logits, labels).mean() / logits.shape[1],),
        ),
        Mistake(
            "your probabilities sum to 1 over the images: each image, a row, has its own. Look at the axis.",
            (
                lambda logits, labels: -np.log(at_label(normalized(logits, 0), labels)).mean(),
                lambda logits, labels: -np.log(at_label(np.exp(logits) / np.exp(logits).sum(axis=0), labels)).mean(),
            ),
        ),
        Mistake(
            "you divide by the sum over the whole array: each row, an image, has its own sum.",
            (
                lambda logits, labels: -np.log(at_label(normalized(logits, None), labels)).mean(),
                lambda logits, labels: -np.log(at_label(np.exp(logits) / np.exp(logits).sum(), labels)).mean(),
            ),
        ),
        Mistake(
            "you have the probabilities of the labels, but no logarithm: the loss is -log of them.",
            (
                lambda logits, labels: at_label(normalized(logits), labels).mean(),
                lambda logits, labels: -at_label(normalized(logits), labels).mean(),
                lambda logits, labels: 1 - at_label(normalized(logits), labels).mean(),
            ),
        ),
        Mistake(
            "you take the mean first and the log of it: each image has its own -log, and the mean comes last.",
            (lambda logits, labels: -np.log(at_label(normalized(logits), labels).mean()),),
        ),
        Mistake(
            "you leave the other classes out: from the logit of the label subtract log(sum of exp) of its row.",
            (
                lambda logits, labels: -at_label(logits, labels).mean(),
                lambda logits, labels: -at_label(logits, labels).sum(),
            ),
        ),
        Mistake(
            "logits[:, labels] takes every label for every image: pair them, row 0 with label 0, row 1 with label 1.",
            (
                lambda logits, labels: -np.log(normalized(logits)[:, labels]).mean(),
                lambda logits, labels: -np.log(naive(logits)[:, labels]).mean(),
            ),
        ),
        Mistake(
            "you do not look at the labels: how sure the network is does not say how right it is.",
            (
                lambda logits, labels: -(normalized(logits) * np.log(normalized(logits))).sum(axis=1).mean(),
                lambda logits, labels: -np.log(normalized(logits)).mean(),
                lambda logits, labels: -np.log(normalized(logits).max(axis=1)).mean(),
            ),
        ),
        Mistake(
            "labels count from 0, as Python does: label 0 is the first column, so do not subtract 1.",
            (lambda logits, labels: each_loss(logits, labels - 1).mean(),),
        ),
        Mistake(
            "one image only is in your answer: does a `return` stand inside a loop? The mean is over all images.",
            (lambda logits, labels: each_loss(logits, labels)[0], lambda logits, labels: each_loss(logits, labels)[-1]),
        ),
        Mistake(
            "-log(1 - p) of the other classes is for yes-or-no outputs: here only the probability of the label counts.",
            (
                lambda logits, labels: (
                    -np.log(np.abs(1 - one_hot(logits, labels) - normalized(logits))).sum(axis=1).mean()
                ),
            ),
        ),
        Mistake(
            "to divide the logits by the largest one changes the probabilities: to subtract it does not.",
            (lambda logits, labels: each_loss(logits / logits.max(axis=1, keepdims=True), labels).mean(),),
        ),
        Mistake(
            "you give one number for each image: one loss is asked for, their mean.",
            (each_loss, lambda logits, labels: -np.log(at_label(naive(logits), labels))),
        ),
        Mistake(
            "another base: np.log is the natural logarithm, and it undoes exp. np.log2 and np.log10 do not.",
            (
                lambda logits, labels: each_loss(logits, labels).mean() / math.log(2),
                lambda logits, labels: each_loss(logits, labels).mean() / math.log(10),
            ),
        ),
        Mistake(
            "you subtract the largest logit inside the sum only: what goes out of exp must come back after the log.",
            (lambda logits, labels: (each_loss(logits, labels) - np.max(logits, axis=1)).mean(),),
        ),
        Mistake(
            "a tiny probability is rounded to 0, and log(0) is -inf: do not take exp and log of the label's own logit.",
            (
                lambda logits, labels: -np.log(at_label(normalized(logits), labels)).mean(),
                lambda logits, labels: -np.log(at_label(normalized(logits), labels) + 1e-12).mean(),
                lambda logits, labels: -np.log(np.maximum(at_label(normalized(logits), labels), 1e-12)).mean(),
                lambda logits, labels: -np.log(np.maximum(at_label(normalized(logits), labels), 1e-15)).mean(),
            ),
        ),
    ),
    hints=(
        "for one image: log(sum of exp of its logits) minus the logit of its label. Then the mean over the images.",
        "log(sum(exp(z))) is the same as m + log(sum(exp(z - m))), for any m: with m the largest z, exp stays small.",
        "m = logits.max(axis=1); m + np.log(np.exp(logits - m[:, None]).sum(axis=1)) - logits[np.arange(B), labels].",
    ),
)


def slope(given: Callable, divisor: Callable = lambda logits: len(logits)) -> Callable:
    """softmax_cross_entropy_gradient() with other rows, or divided by something else: what most mistakes come to."""
    return lambda logits, labels: given(logits, labels) / divisor(logits)


def error_rows(logits, labels):
    return normalized(logits) - one_hot(logits, labels)


def nothing(logits):
    return 1


SOFTMAX_CROSS_ENTROPY_GRADIENT = FunctionTask(
    right=softmax_cross_entropy_gradient,
    parts={"usual": FEW, "large": HUGE[:1]},
    verified={
        "usual": "each row is (probabilities - one-hot) / B: it sums to 0 and is never longer than sqrt(2) / B.",
        "large": "logits of 1000 do not overflow.",
    },
    mistakes=(
        Mistake(
            "the label is missing: at the label's place the probability is compared with 1, elsewhere with 0.",
            (slope(lambda logits, labels: normalized(logits)), lambda logits, labels: normalized(logits)),
        ),
        Mistake(
            "these are the slopes of a sum: the loss is a mean over the images, so each counts one part in B.",
            (error_rows,),
        ),
        Mistake(
            "the sign is turned round: a step against your gradient would make the label less likely.",
            (
                slope(lambda logits, labels: -error_rows(logits, labels)),
                lambda logits, labels: -error_rows(logits, labels),
            ),
        ),
        Mistake(
            "you divide by the number of classes: the loss is a mean over the images, and over nothing else.",
            (
                slope(error_rows, np.size),
                slope(error_rows, lambda logits: np.shape(logits)[1]),
                slope(error_rows, lambda logits: 10),
            ),
        ),
        Mistake(
            "your probabilities sum to 1 over the images: each image, a row, has its own. Look at the axis.",
            (
                slope(lambda logits, labels: normalized(logits, 0) - one_hot(logits, labels)),
                slope(lambda logits, labels: np.exp(logits) / np.exp(logits).sum(axis=0) - one_hot(logits, labels)),
            ),
        ),
        Mistake(
            "you divide by the sum over the whole array: each row, an image, has its own sum.",
            (
                slope(lambda logits, labels: normalized(logits, None) - one_hot(logits, labels)),
                slope(lambda logits, labels: np.exp(logits) / np.exp(logits).sum() - one_hot(logits, labels)),
            ),
        ),
        Mistake(
            "you have the slope along the label's logit only: the other logits change the loss too.",
            (
                slope(lambda logits, labels: error_rows(logits, labels) * one_hot(logits, labels)),
                lambda logits, labels: error_rows(logits, labels) * one_hot(logits, labels),
            ),
        ),
        Mistake(
            "at the label the sign is turned round: a higher logit there makes the loss lower.",
            (
                slope(lambda logits, labels: np.abs(error_rows(logits, labels))),
                lambda logits, labels: np.abs(error_rows(logits, labels)),
            ),
        ),
        Mistake(
            "p * (1 - p) is the slope of the softmax, not of the loss: with the log in front, a factor p cancels.",
            (
                slope(lambda logits, labels: normalized(logits) * (1 - normalized(logits))),
                slope(lambda logits, labels: normalized(logits) * error_rows(logits, labels)),
            ),
        ),
        Mistake(
            "you stop at the slope along the probabilities, -1/p: go on through the softmax to the logits.",
            (
                slope(lambda logits, labels: -one_hot(logits, labels) / normalized(logits)),
                lambda logits, labels: -one_hot(logits, labels) / normalized(logits),
            ),
        ),
        Mistake(
            "you subtract 1 in every column: the 1 belongs to the label's column only.",
            (slope(lambda logits, labels: normalized(logits) - 1), lambda logits, labels: normalized(logits) - 1),
        ),
        Mistake(
            "p[:, labels] -= 1 changes the columns of all labels in every row: pair each row with its own label.",
            (
                slope(lambda logits, labels: normalized(logits) - one_hot(logits, labels).max(axis=0)),
                lambda logits, labels: normalized(logits) - one_hot(logits, labels).max(axis=0),
            ),
        ),
        Mistake(
            "you subtract the label itself: digit 7 is no number here but a place. Put a 1 at this place.",
            (
                slope(lambda logits, labels: normalized(logits) - labels[:, None]),
                lambda logits, labels: normalized(logits) - labels[:, None],
            ),
        ),
        Mistake(
            "the logits are not probabilities yet: they must go through exp and be divided by the sum of their row.",
            (
                slope(lambda logits, labels: logits - one_hot(logits, labels)),
                slope(lambda logits, labels: np.exp(logits) - one_hot(logits, labels)),
            ),
        ),
        Mistake(
            "logits of 1000 overflow in exp: subtract the largest of each row first, as in 1a.",
            (slope(lambda logits, labels: naive(logits) - one_hot(logits, labels)),),
        ),
    ),
    hints=(
        "along the logit of class k the loss of one image has the slope: probability of k, minus 1 if k is the label.",
        "so begin with the probabilities, subtract 1 at each image's label, and remember that the loss is a mean.",
        "p = softmax of each row; p[np.arange(B), labels] -= 1; give back p / B.",
    ),
)

# ------------------------------------------------------------------------------------------------------ a sum or a mean

SUM_BUG_LINE = letter(
    right="E",
    verified="x.T @ slope adds the images of the batch up, so the gradient grows with the batch.",
    wrong={
        "A": "A is right: a row of logits for each image, whatever the batch.",
        "B": "B is right: subtracting the largest logit of a row changes no probability, and exp cannot overflow.",
        "C": "C is right: axis=1 is over the classes, so that each image's probabilities sum to 1.",
        "D": "D still has one row for each image, and each row is right. Which line makes one gradient of the rows?",
        "F": "F is plain SGD with the right sign. What it is given is too long: where was that made?",
    },
    hints=(
        "the larger the batch, the worse: which line makes one thing of all images of the batch?",
        "look at shapes. x.T is (pixels, images) and slope is (images, classes): what happens to the images?",
        "a matrix product adds up along the side that disappears. The loss is a mean.",
    ),
)


MEAN_RATE = 0.5
BATCHES = (4, 64, 256)


def all_near(factor: Callable) -> Callable:
    """Whether every rate is MEAN_RATE times factor(batch), to 3 % (a student rounds)."""
    return lambda rates: all(math.isclose(rates[b], MEAN_RATE * factor(b), rel_tol=0.03) for b in BATCHES)


RATES_FOR_THE_SUM = ValueTask(
    read=numbers_for(*BATCHES),
    right=all_near(lambda b: 1 / b),
    verified="a gradient B times as long needs a rate B times as small: the same steps.",
    mistakes=(
        Mistake(
            "a rate of 0 or less takes no step downhill: all three must be above 0.",
            (lambda rates: min(rates.values()) <= 0,),
        ),
        Mistake(
            "you multiply by the batch size: a gradient that is longer needs a smaller rate for the same step.",
            (all_near(lambda b: b),),
        ),
        Mistake(
            "with one rate for all three, the step still grows with the batch: 256 images add up to a long gradient.",
            (lambda rates: len(set(rates.values())) == 1,),
        ),
        Mistake(
            "the square root is for the noise of a batch. Here the length counts: how much longer is a sum?",
            (all_near(lambda b: b**-0.5),),
        ),
        Mistake(
            "0.5 is the rate of the mean, which is the sum divided by the batch size. You left the 0.5 out.",
            (all_near(lambda b: 2 / b),),
        ),
        Mistake(
            "you compare one batch with another: compare the sum of a batch with the mean of the same batch.",
            (all_near(lambda b: 4 / b), all_near(lambda b: 256 / b), all_near(lambda b: 64 / b)),
        ),
        Mistake(
            "the 10 classes and 64 pixels play no part, nor do all 1,197 images: only images in one batch are summed.",
            (
                all_near(lambda b: 1 / (10 * b)),
                all_near(lambda b: 1 / (64 * b)),
                all_near(lambda b: b / 1197),
            ),
        ),
        Mistake(
            "the order is turned round: the largest batch adds up the longest gradient. Which rate must it get?",
            (lambda rates: rates[4] < rates[64] < rates[256],),
        ),
    ),
    hints=(
        "the step is rate times gradient. How many times as long is the sum of B slopes as their mean?",
        "B times. So which rate makes rate * sum the same as 0.5 * mean?",
        "for a batch of 10 it would be 0.05.",
    ),
    otherwise="not all three fit: rate * sum must be 0.5 * mean, for each batch.",
)


def train_with_the_mean(weights, inputs, labels, lr, batch_size, epochs):
    """The engine's softmax regression: batches in the order of the rows, its bias held at 0."""
    net = softmax(inputs.shape[1], weights.shape[1])
    data = net.on(inputs, labels, batch_size=batch_size, order="fixed")
    start = np.concatenate([weights.ravel(), np.zeros(weights.shape[1])])
    run = descend(data, start, lr, steps=epochs * data.steps_per_epoch, lr_scale=net.weights, keep="last")
    return net.views(run.final)["output.weight"]


def summed_by(divisor: Callable) -> Callable:
    """The sum of line E over divisor(x, slope, inputs, batch_size)."""
    return lambda x, slope, inputs, batch_size: x.T @ slope / divisor(x, slope, inputs, batch_size)


by_mean = summed_by(lambda x, slope, inputs, batch_size: len(x))


def trained(gradient: Callable = by_mean, batches: Callable | None = None, move: Callable | None = None) -> Callable:
    """The loop of task 2 with another gradient(x, slope, inputs, batch_size), other batches, or another move."""
    slices = batches or (lambda n, size, epochs: [slice(at, at + size) for at in range(0, n, size)] * epochs)
    step = move or (lambda weights, lr, gradient, start: weights - lr * gradient)

    def train(weights, inputs, labels, lr, batch_size, epochs):
        start = weights
        for rows in slices(len(inputs), batch_size, epochs):
            x, y = inputs[rows], labels[rows]
            weights = step(weights, lr, gradient(x, error_rows(x @ weights, y), inputs, batch_size), start)
        return weights

    return train


def images_of_numbers(n: int) -> np.ndarray:
    """n images of two pixels, with one decimal."""
    return np.round(np.sin(np.arange(2.0 * n) ** 2).reshape(n, 2), 1)


NAMES = np.array([0, 2, 1, 1, 0, 2, 2, 0, 1, 0])
START = np.array([[0.1, -0.2, 0.3], [0.0, 0.2, -0.1]])

TRAIN_WITH_THE_MEAN = FunctionTask(
    right=train_with_the_mean,
    parts={
        "even": (
            (np.zeros((2, 3)), images_of_numbers(8), NAMES[:8], 0.5, 2, 2),
            (START, images_of_numbers(8), NAMES[:8], 0.5, 4, 1),
            (START, images_of_numbers(3), NAMES[:3], 0.2, 1, 1),
        ),
        "last": (
            (np.zeros((2, 3)), images_of_numbers(7), NAMES[:7], 0.5, 3, 2),
            (START, images_of_numbers(9), NAMES[:9], 0.3, 4, 1),
        ),
    },
    verified={
        "even": "the same weights as the engine's softmax regression: the gradient is a mean now.",
        "last": "the last batch of an epoch may be smaller, and you divide by its own size.",
    },
    mistakes=(
        Mistake(
            "the sum is still there: your loop gives what the one with the bug gives.",
            (trained(summed_by(lambda *of: 1)),),
        ),
        Mistake(
            "you divide by all images of the training set: the sum in line E is over one batch only.",
            (trained(summed_by(lambda x, slope, inputs, size: len(inputs))),),
        ),
        Mistake(
            "the last batch of an epoch may hold fewer images than batch_size: divide by how many there are.",
            (trained(summed_by(lambda x, slope, inputs, size: size)),),
        ),
        Mistake(
            "you divide by the classes or the pixels as well: a mean over the images is asked for, nothing else.",
            (
                trained(summed_by(lambda x, slope, inputs, size: slope.size)),
                trained(summed_by(lambda x, slope, inputs, size: slope.shape[1])),
                trained(summed_by(lambda *of: 10)),
                trained(summed_by(lambda x, slope, inputs, size: x.size)),
                trained(summed_by(lambda x, slope, inputs, size: x.shape[1])),
            ),
        ),
        Mistake(
            "you divide twice: a mean has one division by the size of the batch.",
            (
                trained(summed_by(lambda x, slope, inputs, size: len(x) ** 2)),
                trained(summed_by(lambda x, slope, inputs, size: len(x) * size)),
                trained(summed_by(lambda x, slope, inputs, size: size**2)),
            ),
        ),
        Mistake(
            "you divide by a square root: the mean is the sum divided by the number of images itself.",
            (
                trained(summed_by(lambda x, slope, inputs, size: len(x) ** 0.5)),
                trained(summed_by(lambda x, slope, inputs, size: size**0.5)),
            ),
        ),
        Mistake(
            "x.T @ slope has no axis of images any more: .mean() of it is over pixels or classes.",
            (
                trained(lambda x, slope, inputs, size: (x.T @ slope).mean()),
                trained(lambda x, slope, inputs, size: (x.T @ slope).mean(axis=0)),
                trained(lambda x, slope, inputs, size: (x.T @ slope).mean(axis=1, keepdims=True)),
            ),
        ),
        Mistake(
            "a product of two means is not the mean of the products: multiply image by image, then take the mean.",
            (trained(lambda x, slope, inputs, size: np.outer(x.mean(axis=0), slope.mean(axis=0))),),
        ),
        Mistake(
            "you begin at zeros: begin at the weights that are given.",
            (
                lambda weights, inputs, labels, lr, batch_size, epochs: trained()(
                    0 * weights, inputs, labels, lr, batch_size, epochs
                ),
            ),
        ),
        Mistake(
            "you multiply where you should divide: the gradient of a mean is shorter than that of a sum.",
            (trained(summed_by(lambda x, slope, inputs, size: 1 / len(x))),),
        ),
        Mistake(
            "you divide the weights too: only the gradient becomes a mean. Look at your brackets.",
            (
                lambda weights, inputs, labels, lr, batch_size, epochs: trained(
                    summed_by(lambda *of: 1), move=lambda w, lr, gradient, start: (w - lr * gradient) / batch_size
                )(weights, inputs, labels, lr, batch_size, epochs),
            ),
        ),
        Mistake(
            "your step goes uphill: line F was right.",
            (trained(move=lambda weights, lr, gradient, start: weights + lr * gradient),),
        ),
        Mistake(
            "the images that do not fill a batch are left out: the last batch of an epoch is smaller, not missing.",
            (
                trained(
                    batches=lambda n, size, epochs: (
                        [slice(at, at + size) for at in range(0, n - size + 1, size)] * epochs
                    ),
                ),
            ),
        ),
        Mistake(
            "you take all images at each step: a minibatch is inputs[start : start + batch_size].",
            (
                trained(batches=lambda n, size, epochs: [slice(None)] * epochs),
                trained(batches=lambda n, size, epochs: [slice(None)] * (epochs * -(-n // size))),
            ),
        ),
        Mistake(
            "every batch of yours is the first one: let its start move on.",
            (trained(batches=lambda n, size, epochs: [slice(0, size)] * (epochs * -(-n // size))),),
        ),
        Mistake(
            "one batch and you are done: your `return` stands inside a loop. Move it to the left.",
            (trained(batches=lambda n, size, epochs: [slice(0, size)]),),
        ),
        Mistake(
            "one epoch and you are done: go through the images `epochs` times, and return after that.",
            (trained(batches=lambda n, size, epochs: [slice(at, at + size) for at in range(0, n, size)]),),
        ),
        Mistake(
            "every step of yours begins at the first weights again: let it begin where the one before it ended.",
            (trained(move=lambda weights, lr, gradient, start: start - lr * gradient),),
        ),
        Mistake(
            "your rate or your batch size is a fixed number: whoever calls the function chooses them.",
            (
                *(trained(move=lambda w, lr, gradient, start, r=r: w - r * gradient) for r in (0.5, 0.1, 0.01, 1)),
                *(trained(summed_by(lambda *of, n=n: n)) for n in (4, 32)),
            ),
        ),
    ),
    hints=(
        "copy the loop with the bug, give it the new name, and change one line.",
        "the rows of slope are added up by x.T @ slope: divide by how many rows there are, in this batch.",
        "gradient = x.T @ slope / len(x). Not batch_size: the last batch may be smaller.",
    ),
)

# ------------------------------------------------------------------------------------------------------ meet the target

STEPS, BATCH, TARGET = 300, 32, 0.2
# with the worst seed and not the mean, no rate is near the target by chance: those that miss it miss by 5 % or more
NETS = {"softmax": softmax(64, 10), "mlp": mlp((64, 32, 10)), "convnet": convnet((8, 8), (8,))}
SEEDS = {"softmax": 3, "mlp": 3, "convnet": 2}
CALLED = {"softmax": "softmax regression", "mlp": "the MLP", "convnet": "the convolution net"}


@cache
def after_training(name: str, rate: float) -> float:
    """The validation loss after STEPS steps in the worst of the seeds; infinite where a run diverged."""
    net, data = NETS[name], digits()
    objective, loss = net.on(*data.train, batch_size=BATCH), []
    for seed in range(SEEDS[name]):
        run = descend(objective, net.init(seed), rate, steps=STEPS, keep="last", rng=np.random.default_rng(seed))
        loss.append(float(net.evaluate(run.final, *data.validation)["loss"]))
    return max(loss) if np.all(np.isfinite(loss)) else math.inf


def rate_task(name: str, best: float, too_high: dict[float, str], hints: tuple[str, ...]) -> ValueTask:
    """A rate at which a network meets the target on the digits; `best` is near the middle of those that do.

    too_high: validation loss -> the sentence for a rate above `best` with a loss above that, the largest loss first
    """

    def loss(rate):
        return after_training(name, rate)

    return ValueTask(
        read=one_number,
        right=lambda rate: rate > 0 and loss(rate) < TARGET,
        verified=f"{CALLED[name]} has a validation loss below {TARGET} after {STEPS} steps, in every seed.",
        mistakes=(
            Mistake(
                "at a rate of 0 or less nothing is learnt: every step must go downhill.", (lambda rate: rate <= 0,)
            ),
            Mistake(
                "after 300 steps that is still nearer to guessing, 2.3, than to the target. Multiply the rate by 10.",
                (lambda rate: rate < best and loss(rate) > 1,),
            ),
            Mistake(
                "on its way but not there: after 300 steps of this length the loss is still falling. Take longer ones.",
                (lambda rate: rate < best,),
            ),
            *(
                Mistake(says, (lambda rate, above=above: rate > best and loss(rate) > above,))
                for above, says in too_high.items()
            ),
        ),
        hints=hints,
        otherwise="the validation loss is not below the target.",
    )


RATE_FOR_SOFTMAX = rate_task(
    "softmax",
    best=3.0,
    too_high={
        1.5: "most digits are read right, and yet the loss is huge: what do its few errors cost? Take shorter steps.",
        TARGET: "too long steps: the training loss is low, but the weights have grown, and each error costs too much.",
    },
    hints=(
        "one layer with a convex loss bears higher rates than you may be used to: try some above 1.",
        "at 1 it misses by a little, and at 10 it is too far: look between the two.",
        "2, 3 and 5 all do.",
    ),
)
RATE_FOR_THE_MLP = rate_task(
    "mlp",
    best=0.5,
    too_high={
        1.5: "at this rate all or nearly all ReLU units die in one seed or more, and guessing is left. Go lower.",
        TARGET: "too high for at least one seed: it learns, but part of its ReLU units have died. Go lower.",
    },
    hints=(
        "a hidden layer does not bear the rate of softmax: its units die at high rates. Stay below 1.",
        "at 0.1 it has not arrived after 300 steps, and above 1 it dies.",
        "0.4, 0.5 and 0.6 all do.",
    ),
)
RATE_FOR_THE_CONVNET = rate_task(
    "convnet",
    best=0.3,
    too_high={
        1.5: "at this rate whole filters die in one seed or more, and guessing is left. Go lower.",
        TARGET: "too high for at least one seed: it learns, but filters have died, and they find nothing. Go lower.",
    },
    hints=(
        "its filters are ReLU units too: try first what was good for the MLP.",
        "at 0.1 it misses by a little, and at 1 one seed is far above the target.",
        "0.2, 0.3 and 0.4 all do.",
    ),
)

# ------------------------------------------------------------------------------------------------------- read the runs

WORDS = ("too low", "fine", "too high", "too few images")
RUNS = {  # letter -> network, rate, training images
    "A": ("mlp", 0.3, 100),
    "B": ("mlp", 0.01, 1197),
    "C": ("softmax", 40.0, 1197),
    "D": ("mlp", 0.3, 1197),
    "E": ("mlp", 10.0, 1197),
}
VERDICTS = {"A": "too few images", "B": "too low", "C": "too high", "D": "fine", "E": "too high"}


@cache
def run_to_read(letter: str) -> dict[str, np.ndarray]:
    """One of the five runs of the task: step, loss there on at most 300 training images and on validation; filters."""
    name, rate, count = RUNS[letter]
    net, data, seen = NETS[name], digits(), []
    train = [part[:count] for part in data.train]
    shown = [part[:300] for part in train]

    def look(t, params):
        if t % 10 == 0:
            seen.append([t, *(net.evaluate(params, *part)["loss"] for part in (shown, data.validation))])

    objective, rng = net.on(*train, batch_size=BATCH), np.random.default_rng(0)
    run = descend(objective, net.init(0), rate, steps=STEPS, keep="last", monitor=look, rng=rng)
    step, training, validation = np.array(seen).T
    first = next(iter(net.views(run.final).values()))
    return {"step": step, "training": training, "validation": validation, "weights": first[:, :10]}


READ_THE_DIGIT_RUNS = ValueTask(
    read=words_for(tuple(RUNS), WORDS),
    right=lambda words: words == VERDICTS,
    verified="five runs read: both losses high and falling, both jumping or dead, or only one of them low.",
    mistakes=(
        Mistake(
            "look at A again: no rate was wrong, the training loss is nearly 0. What is it that did not follow?",
            (lambda words: words["A"] in ("too high", "too low", "fine"),),
        ),
        Mistake(
            "look at B again: both losses fall together and have not finished, and its filters are still noise.",
            (lambda words: words["B"] != "too low",),
        ),
        Mistake(
            "look at C again: its losses jump up and down, and its weights are huge. A low rate does neither.",
            (lambda words: words["C"] != "too high",),
        ),
        Mistake(
            "look at E again: it stands still at guessing, 2.3, and its filters are blots. What has killed the units?",
            (lambda words: words["E"] != "too high",),
        ),
        Mistake(
            "look at D again: both losses are low and close together, and the filters show strokes.",
            (lambda words: words["D"] != "fine",),
        ),
    ),
    hints=(
        "for each run ask: is the training loss low at the end? If so, is the validation loss low as well?",
        "training high: falling smoothly is too low, jumping or standing at 2.3 is too high. Training low: compare.",
        'one run has a training loss near 0 and a gap to validation, one has both low; two runs are "too high".',
    ),
    otherwise="not all five are right yet.",
)

# ---------------------------------------------------------------------------------------------------------------- boxes

IOUS = {"half aside": 1 / 3, "half aside and half down": 1 / 7, "twice as high and wide": 1 / 4}


def one_iou(case: str, number: float) -> Callable:
    return lambda numbers: math.isclose(numbers[case], number, rel_tol=0.03)


PREDICTIONS_IOU = ValueTask(
    read=numbers_for(*IOUS),
    right=lambda numbers: all(one_iou(case, number)(numbers) for case, number in IOUS.items()),
    verified="all three predicted. IoU falls faster than it looks: half aside is already a miss.",
    mistakes=(
        Mistake(
            "an IoU is a share, from 0 to 1: no percent, and never more than 1.",
            (lambda numbers: any(number > 1 or number < 0 for number in numbers.values()),),
        ),
        Mistake(
            "half aside: half of one box is shared, but divide by all that the two cover together: more than one box.",
            (one_iou("half aside", 1 / 2),),
        ),
        Mistake(
            "half aside: the two boxes cover 1.5 boxes together. The shared part must not be counted twice.",
            (one_iou("half aside", 1 / 4),),
        ),
        Mistake(
            "half aside and half down: a quarter is shared, but divide by what the two cover: 1 + 1 - the shared part.",
            (
                one_iou("half aside and half down", 1 / 4),
                one_iou("half aside and half down", 1 / 8),
            ),
        ),
        Mistake(
            "half aside and half down: two moves, so less is shared than in the first case: a half of a half.",
            (lambda numbers: numbers["half aside and half down"] >= 1 / 3 - 0.01,),
        ),
        Mistake(
            "twice as high and wide: the small box is all shared, but how many times its area has the large one?",
            (one_iou("twice as high and wide", 1 / 2), one_iou("twice as high and wide", 1)),
        ),
    ),
    hints=(
        "draw each case on squared paper with a box of 2 by 2, and count squares.",
        "intersection = squares in both, union = squares in at least one. Divide.",
        "half aside: 2 of 6 squares. Half aside and half down: 1 of 7. For the third the union is the large box.",
    ),
    otherwise="not all three are right yet: shared squares, divided by covered squares.",
)


def iou(a, b):
    return float(detector.iou(a, b))


def overlap(height: float, width: float) -> float:
    return max(height, 0) * max(width, 0)


def scored(
    shared: Callable = overlap, score: Callable = lambda both, a, b: both / (a + b - both), more: float = 0
) -> Callable:
    """iou() with another shared area of the two overlaps, another score(shared, area, area), or longer sides."""

    def mistaken(a, b):
        sides = [min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i]) + more for i in (0, 1)]
        areas = [(box[2] + more) * (box[3] + more) for box in (a, b)]
        return score(shared(*sides), *areas)

    return mistaken


def with_sides(side: Callable) -> Callable:
    """iou() with another length side(begin, length, begin, length) of what two boxes share along an axis."""

    def mistaken(a, b):
        both = overlap(*(side(a[i], a[i + 2], b[i], b[i + 2]) for i in (0, 1)))
        return both / (a[2] * a[3] + b[2] * b[3] - both)

    return mistaken


def read_as(change: Callable) -> Callable:
    """iou() of boxes whose numbers were read in another way."""
    return lambda a, b: scored()(change(*a), change(*b))


def corners_read(top, left, height, width):
    return top, left, height - top, width - left


def turned(top, left, height, width):
    return top, left, width, height


def centred(top, left, height, width):
    return top - height / 2, left - width / 2, height, width


def reach(begin, length, other, other_length):
    """From the first edge of two boxes to the last."""
    return max(begin + length, other + other_length) - min(begin, other)


def over_the_box_around(a, b):
    around = reach(a[0], a[2], b[0], b[2]) * reach(a[1], a[3], b[1], b[3])
    return scored(score=lambda both, *areas: both / around)(a, b)


def boxes(*rows) -> tuple[np.ndarray, ...]:
    return tuple(np.array(row, dtype=float) for row in rows)


IOU = FunctionTask(
    right=iou,
    parts={
        "overlapping": (
            boxes((0, 0, 8, 8), (0, 4, 8, 8)),
            boxes((2, 1, 4, 6), (3, 3, 8, 2)),
            boxes((5, 5, 2, 3), (1, 2, 10, 8)),
            boxes((1, 2, 3, 4), (1, 2, 3, 4)),
            boxes((4, 3, 5, 6), (2, 1, 4, 4)),
        ),
        "apart": (
            boxes((0, 0, 8, 8), (10, 11, 8, 8)),
            boxes((0, 9, 8, 6), (1, 0, 8, 5)),
            boxes((0, 0, 4, 4), (4, 0, 4, 4)),
        ),
    },
    verified={
        "overlapping": "shared area over covered area, as the course's own detector counts it.",
        "apart": "boxes that share nothing have 0, on whichever side they lie.",
    },
    mistakes=(
        Mistake(
            "the shared part is in both areas: in the sum it is counted twice.",
            (scored(score=lambda both, a, b: both / (a + b)),),
        ),
        Mistake(
            "you divide by one of the boxes: divide by all that the two cover together.",
            (
                scored(score=lambda both, a, b: both / a),
                scored(score=lambda both, a, b: both / b),
                scored(score=lambda both, a, b: both / min(a, b)),
                scored(score=lambda both, a, b: both / max(a, b)),
            ),
        ),
        Mistake(
            "twice the shared part over the sum of the areas is the Dice score: IoU divides by the union.",
            (scored(score=lambda both, a, b: 2 * both / (a + b)),),
        ),
        Mistake(
            "where boxes are apart, a side comes out negative, and two negative sides make an area: cut each off at 0.",
            (
                scored(lambda height, width: height * width),
                scored(lambda height, width: max(height * width, 0)),
                scored(lambda height, width: abs(height * width)),
                scored(lambda height, width: abs(height) * abs(width)),
            ),
        ),
        Mistake(
            "you read the last two numbers as a corner: they are height and width, so the bottom is top + height.",
            (
                read_as(corners_read),
                with_sides(lambda begin, length, other, other_length: min(length, other_length) - max(begin, other)),
            ),
        ),
        Mistake(
            "height and width are swapped: top goes with height, and left goes with width.",
            (read_as(turned),),
        ),
        Mistake(
            "your shared part reaches from the first edge to the last: it begins at the later of two tops. Where then?",
            (with_sides(reach),),
        ),
        Mistake(
            "you look at one direction only: the shared part has a height and a width.",
            (
                scored(lambda height, width: max(height, 0)),
                scored(lambda height, width: max(width, 0)),
                scored(lambda height, width: max(height, 0) + max(width, 0)),
            ),
        ),
        Mistake(
            "a pixel too many: from left to left + width there are exactly `width` pixels, so no + 1.",
            (scored(more=1), scored(lambda height, width: overlap(height + 1, width + 1))),
        ),
        Mistake(
            "this is 1 - IoU, a distance: equal boxes have an IoU of 1.",
            (lambda a, b: 1 - scored()(a, b),),
        ),
        Mistake(
            "you give an area: IoU is the shared area divided by the area that the two cover.",
            (scored(score=lambda both, a, b: both), scored(score=lambda both, a, b: a + b - both)),
        ),
        Mistake(
            "turned round: the shared area stands above the line, the covered area below it.",
            (scored(score=lambda both, a, b: np.float64(a + b - both) / both),),
        ),
        Mistake(
            "top and left are the upper left corner of a box, not its centre.",
            (read_as(centred),),
        ),
        Mistake(
            "you take it that one box begins first, or that both have one size: which of the two tops counts?",
            (
                with_sides(lambda begin, length, other, other_length: begin + length - other),
                with_sides(lambda begin, length, other, other_length: other + other_length - begin),
                with_sides(lambda begin, length, other, other_length: length - abs(begin - other)),
            ),
        ),
        Mistake(
            "you divide by the box around both (or multiply two ratios of lengths): its empty corners are in neither.",
            (over_the_box_around,),
        ),
        Mistake(
            "an IoU is a share, from 0 to 1, and no percent.",
            (lambda a, b: 100 * iou(a, b),),
        ),
        Mistake(
            "// rounds down to a whole number: divide with /.",
            (scored(score=lambda both, a, b: both // (a + b - both)),),
        ),
    ),
    hints=(
        "the shared part is a box too: from the larger top to the smaller bottom, and from left to right likewise.",
        "shared height = min of the bottoms - max of the tops, but at least 0. The union is a's area + b's - shared.",
        "h = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])), w likewise with 1 and 3; then both / union.",
    ),
)


def detector_hits(guesses, boxes):
    free, right = [True] * len(boxes), []
    for guess in guesses:
        found = [i for i, box in enumerate(boxes) if free[i] and iou(guess, box) >= 0.5]
        for i in found[:1]:
            free[i] = False
        right.append(bool(found))
    return np.array(right)


def overlaps(guesses, boxes) -> np.ndarray:
    """(guesses, boxes), each pair's IoU."""
    return np.array([[iou(guess, box) for box in boxes] for guess in guesses]).reshape(len(guesses), len(boxes))


def chosen_for_each_box(choose: Callable) -> Callable:
    """detector_hits() where each box chooses its guess by choose(its overlaps), not the surest that fits."""

    def mistaken(guesses, boxes):
        right = np.zeros(len(guesses), dtype=bool)
        for column in overlaps(guesses, boxes).T:
            if (column >= 0.5).any():
                right[choose(column)] = True
        return right

    return mistaken


def fits(enough: Callable) -> Callable:
    """detector_hits() with another test of whether a guess fits a box."""

    def mistaken(guesses, boxes):
        free, right = set(range(len(boxes))), []
        for guess in guesses:
            i = next((i for i in sorted(free) if enough(guess, boxes[i])), None)
            free.discard(i)
            right.append(i is not None)
        return np.array(right)

    return mistaken


SCENE = boxes((0, 0, 8, 8), (0, 12, 8, 8), (14, 3, 8, 8))
TWINS = boxes((0, 0, 8, 8), (0, 2, 8, 8), (20, 0, 8, 8), (20, 2, 8, 8))  # a guess fits two of them at once


def best_box_only(guesses, boxes):
    """detector_hits() where a guess is compared with the box that it fits best, free or not."""
    taken, right = set(), []
    for row in overlaps(guesses, boxes):
        best = int(row.argmax()) if len(row) else None
        hit = best is not None and row[best] >= 0.5 and best not in taken
        taken |= {best} if hit else set()
        right.append(hit)
    return right


def every_box_that_fits(guesses, boxes):
    """detector_hits() where a guess takes all free boxes that it fits."""
    free, right = np.ones(len(boxes), dtype=bool), []
    for row in overlaps(guesses, boxes):
        found = free & (row >= 0.5)
        free &= ~found
        right.append(bool(found.any()))
    return right


def pair_by_pair(guesses, boxes):
    """An answer for each pair that the two loops come to, the inner one left at a hit."""
    taken, answers = set(), []
    for row in overlaps(guesses, boxes):
        for i, score in enumerate(row):
            answers.append(bool(score >= 0.5 and i not in taken))
            if answers[-1]:
                taken.add(i)
                break
    return answers


def first_box_only(guesses, boxes):
    return detector_hits(guesses, boxes[:1])


def only_one_hit(guesses, boxes):
    """detector_hits() that remembers one flag for all boxes."""
    hit = (overlaps(guesses, boxes) >= 0.5).any(axis=1)
    return hit & (np.cumsum(hit) == 1)


DETECTOR_HITS = FunctionTask(
    right=detector_hits,
    parts={
        "once": (
            (np.array([[13.0, 4, 8, 8], [1, 1, 8, 8], [9, 15, 8, 8], [0, 10, 8, 8], [3, 0, 8, 8]]), np.array(SCENE)),
            (np.array([[1.0, 12, 8, 8], [2, 2, 8, 8]]), np.array(SCENE)),
            (np.array([[14.0, 3, 8, 4], [0, 0, 4, 8]]), np.array([[0.0, 0, 8, 8], [14, 3, 8, 8]])),
        ),
        "twice": (
            (np.array([[0.0, 2, 8, 8], [0, 0, 8, 8], [14, 5, 8, 8], [1, 0, 8, 8]]), np.array(SCENE)),
            (np.array([[1.0, 0, 8, 8], [14, 2, 8, 8], [14, 3, 8, 8], [0, 0, 8, 8]]), np.array(SCENE[::2])),
            (np.array(TWINS)[[0, 1, 2, 2]], np.array(TWINS)),
            (np.zeros((0, 4)), np.array(SCENE)),
            (np.array([[1.0, 1, 8, 8], [5, 5, 8, 8]]), np.zeros((0, 4))),
        ),
    },
    verified={
        "once": "an IoU of 0.5 is enough, with any box.",
        "twice": "a box is found once, by its surest guess, and empty lists are no problem.",
    },
    mistakes=(
        Mistake(
            "two guesses for one box both count: a box can be found once, so remember which are taken.",
            (
                lambda guesses, boxes: (overlaps(guesses, boxes) >= 0.5).any(axis=1),
                lambda guesses, boxes: overlaps(guesses, boxes).max(axis=1) >= 0.5,
                lambda guesses, boxes: [any(iou(guess, box) >= 0.5 for box in boxes) for guess in guesses],
            ),
        ),
        Mistake(
            "an IoU of exactly 0.5 is a hit: at least 0.5 is asked for, not more than 0.5.",
            (
                fits(lambda guess, box: iou(guess, box) > 0.5),
                lambda guesses, boxes: (overlaps(guesses, boxes) > 0.5).any(axis=1),
            ),
        ),
        Mistake(
            "you give each box to the guess that fits best: the surest one that fits well enough gets it, the first.",
            (chosen_for_each_box(np.argmax),),
        ),
        Mistake(
            "you give each box to the last guess that fits: guesses come surest first, so the first one gets it.",
            (chosen_for_each_box(lambda column: np.flatnonzero(column >= 0.5)[-1]),),
        ),
        Mistake(
            "you say for each box whether it was found: say for each guess whether it is a hit.",
            (
                lambda guesses, boxes: (overlaps(guesses, boxes) >= 0.5).any(axis=0),
                lambda guesses, boxes: [any(iou(guess, box) >= 0.5 for guess in guesses) for box in boxes],
            ),
        ),
        Mistake(
            "you give the number of hits: one True or False for each guess is asked for.",
            (
                lambda guesses, boxes: int(detector_hits(guesses, boxes).sum()),
                lambda guesses, boxes: int((overlaps(guesses, boxes) >= 0.5).any(axis=1).sum()),
            ),
        ),
        Mistake(
            "you compare the first guess with the first box, the second with the second: any guess may fit any box.",
            (
                lambda guesses, boxes: [iou(guess, box) >= 0.5 for guess, box in zip(guesses, boxes, strict=False)],
                lambda guesses, boxes: [
                    i < len(boxes) and iou(guess, boxes[i]) >= 0.5 for i, guess in enumerate(guesses)
                ],
            ),
        ),
        Mistake(
            "a guess that has found its box takes others as well: one guess takes one box, so leave the loop there.",
            (every_box_that_fits,),
        ),
        Mistake(
            "you look only at the box that fits best: if that one is taken, another free box may still fit.",
            (best_box_only,),
        ),
        Mistake(
            "you write an answer down for every pair: one for each guess, when its loop over the boxes has ended.",
            (
                pair_by_pair,
                lambda guesses, boxes: overlaps(guesses, boxes) >= 0.5,
                lambda guesses, boxes: (overlaps(guesses, boxes) >= 0.5).ravel(),
            ),
        ),
        Mistake(
            "only the first box is looked at: does a `break` or a `return` come too early?",
            (
                first_box_only,
                lambda guesses, boxes: first_box_only(guesses, boxes) if len(boxes) else [],
                lambda guesses, boxes: [iou(guess, boxes[0]) >= 0.5 for guess in guesses],
            ),
        ),
        Mistake(
            "after one hit you count all others as misses: remember it for each box, not once for all.",
            (only_one_hit,),
        ),
        Mistake(
            "your `return` stands inside the loop: there must be an answer for every guess.",
            (lambda guesses, boxes: detector_hits(guesses, boxes)[:1] if len(guesses) else None,),
        ),
        Mistake(
            "to touch a box is not enough: the IoU with it must be at least 0.5.",
            (
                fits(lambda guess, box: iou(guess, box) > 0),
                lambda guesses, boxes: (overlaps(guesses, boxes) > 0).any(axis=1),
            ),
        ),
        Mistake(
            "hits and misses are turned round: a hit is True.",
            (lambda guesses, boxes: ~detector_hits(guesses, boxes),),
        ),
    ),
    hints=(
        "go through the guesses in their order, and for each through the boxes that no guess before it has taken.",
        "keep a list `taken` of False, one for each box. A guess that fits a free box is a hit and takes it.",
        "for each i: if not taken[i] and iou(guess, boxes[i]) >= 0.5, set taken[i] = True, note a hit, and break.",
    ),
)

# --------------------------------------------------------------------------------------------------------------- report


def choose_and_report(validation_loss, test_accuracy):
    loss = {rate: np.mean(seeds) if np.all(np.isfinite(seeds)) else math.inf for rate, seeds in validation_loss.items()}
    best = min(loss, key=loss.get)
    return best, np.mean(test_accuracy[best])


def reported(choose: Callable, tell: Callable = lambda rates, test, i: (rates[i], test[i].mean())) -> Callable:
    """choose_and_report() with another choice, a place in arrays (rates, seeds), or with something else told of it."""

    def mistaken(validation_loss, test_accuracy):
        loss, test = (np.array(list(of.values())) for of in (validation_loss, test_accuracy))
        return np.array(tell(np.array(list(validation_loss)), test, int(choose(loss, test))))

    return mistaken


def by_mean_loss(loss, test):
    return np.where(np.isfinite(loss), loss, np.inf).mean(axis=1).argmin()


def not_compared(loss, test):
    """min() of Python on means of which some are NaN: nothing is smaller than NaN, and NaN is smaller than nothing."""
    means = loss.mean(axis=1).tolist()
    return means.index(min(means))


def without_diverged_seeds(validation_loss, test_accuracy):
    """choose_and_report() of the seeds that are left, in both numbers."""
    best = min(validation_loss, key=lambda rate: np.nanmean(validation_loss[rate]))
    return best, np.mean(np.array(test_accuracy[best])[np.isfinite(validation_loss[best])])


def only_below(start: float) -> Callable:
    """choose_and_report() as a loop that looks for losses below `start`, and finds None where there are none."""

    def mistaken(validation_loss, test_accuracy):
        best, lowest = None, start
        for rate, seeds in validation_loss.items():
            if np.mean(seeds) < lowest:
                best, lowest = rate, np.mean(seeds)
        return best, np.mean(test_accuracy[best])

    return mistaken


# each way to choose wrongly has a rate of its own: by test accuracy 0.03, by the median 0.3, by the first seed 1.0 ...
LOSSES = {
    0.01: [0.70, 0.72, 0.71],
    0.03: [0.30, 0.28, 0.32],
    0.1: [0.24, 0.20, 0.22],
    0.3: [0.60, 0.16, 0.18],
    1.0: [0.14, 0.90, 0.80],
    10.0: [2.30, 2.20, 2.40],
    3.0: [0.95, 0.12, 0.90],
    0.02: [0.50, 0.52, 0.51],
}
ACCURACIES = {
    0.01: [0.60, 0.61, 0.63],
    0.03: [0.98, 0.97, 0.96],
    0.1: [0.95, 0.96, 0.93],
    0.3: [0.90, 0.96, 0.94],
    1.0: [0.96, 0.80, 0.85],
    10.0: [0.10, 0.11, 0.09],
    3.0: [0.70, 0.99, 0.75],
    0.02: [0.88, 0.89, 0.87],
}
NAN = math.nan
GONE = {
    3.0: [NAN, 0.2, NAN],
    0.1: [0.50, 0.45, 0.40],
    0.3: [0.30, 0.28, 0.26],
    1.0: [0.10, NAN, 0.12],
    2.0: [0.05, 0.9, 0.8],
    0.05: [0.43, 0.42, 0.41],
    10.0: [0.90, 0.80, 0.70],
    0.2: [0.34, 0.35, 0.36],
}
LEFT = {
    3.0: [0.1, 0.1, 0.1],
    0.1: [0.94, 0.95, 0.96],
    0.3: [0.91, 0.9, 0.92],
    1.0: [0.97, 0.1, 0.96],
    2.0: [0.98, 0.7, 0.8],
    0.05: [0.6, 0.7, 0.65],
    10.0: [0.2, 0.3, 0.25],
    0.2: [0.88, 0.89, 0.87],
}

CHOOSE_AND_REPORT = FunctionTask(
    right=choose_and_report,
    parts={
        "finite": (
            (LOSSES, ACCURACIES),
            ({0.5: [0.5, 0.4, 0.3, 0.2], 0.2: [0.2, 0.3, 0.25, 0.6]}, {0.5: [0.8] * 4, 0.2: [0.9] * 4}),
            ({0.001: [2.2, 2.3], 0.01: [2.0, 2.1]}, {0.001: [0.2, 0.1], 0.01: [0.3, 0.5]}),
        ),
        "diverged": ((GONE, LEFT),),
    },
    verified={
        "finite": "chosen by the mean validation loss, reported on test images that had no say.",
        "diverged": "a rate at which one seed diverges is not chosen, however good its other seeds are.",
    },
    mistakes=(
        Mistake(
            "you leave the diverged seeds out of the mean: what diverges must count against its rate, as infinite.",
            (
                reported(lambda loss, test: np.nanmean(loss, axis=1).argmin()),
                without_diverged_seeds,
            ),
        ),
        Mistake(
            "a diverged rate wins: argmin and min go wrong where a mean is NaN. Let it count as infinite.",
            (
                reported(lambda loss, test: loss.mean(axis=1).argmin()),
                reported(not_compared),
                reported(lambda loss, test: np.nan_to_num(loss).mean(axis=1).argmin()),
            ),
        ),
        Mistake(
            "the test images have chosen the rate: choose with validation_loss, and only then look at the test.",
            (
                reported(lambda loss, test: test.mean(axis=1).argmax()),
                reported(lambda loss, test: test.mean(axis=1).argmax(), lambda r, test, i: (r[i], test.max())),
            ),
        ),
        Mistake(
            "one lucky seed has chosen the rate: take the mean over the seeds, and then the lowest of these means.",
            (reported(lambda loss, test: np.nanmin(loss, axis=1).argmin()),),
        ),
        Mistake(
            "you look at the first seed only: take the mean over all seeds of a rate.",
            (reported(lambda loss, test: loss[:, 0].argmin()),),
        ),
        Mistake(
            "you take the median over the seeds: that hides a seed that fails. The mean is asked for.",
            (reported(lambda loss, test: np.median(np.where(np.isnan(loss), np.inf, loss), axis=1).argmin()),),
        ),
        Mistake(
            "you take the highest loss: the lowest is the best.",
            (
                reported(lambda loss, test: loss.mean(axis=1).argmax()),
                reported(lambda loss, test: np.nanmean(loss, axis=1).argmax()),
            ),
        ),
        Mistake(
            "you compare the rates themselves: compare their mean losses, and give the rate with the lowest.",
            (lambda loss, test: (min(loss), np.mean(test[min(loss)])),),
        ),
        Mistake(
            "the last rate wins: with the rate, keep its mean loss too, or the next one is compared with an old one.",
            (reported(lambda loss, test: len(loss) - 1),),
        ),
        Mistake(
            "no mean loss is below the number that you begin with, so no rate is found: begin with math.inf.",
            (only_below(0), only_below(1)),
        ),
        Mistake(
            "the rate comes first, the accuracy second.",
            (reported(by_mean_loss, lambda rates, test, i: (test[i].mean(), rates[i])),),
        ),
        Mistake(
            "your second number is a validation loss: report the test accuracy.",
            (lambda loss, test: (choose_and_report(loss, test)[0], np.mean(loss[choose_and_report(loss, test)[0]])),),
        ),
        Mistake(
            "you give the place of the rate in the list: give the rate itself.",
            (reported(by_mean_loss, lambda rates, test, i: (i, test[i].mean())),),
        ),
        Mistake(
            "the best seed's test accuracy flatters: report the mean over the seeds.",
            (reported(by_mean_loss, lambda rates, test, i: (rates[i], test[i].max())),),
        ),
        Mistake(
            "you report the best test accuracy of all rates: report the one of the rate that you chose.",
            (
                reported(by_mean_loss, lambda rates, test, i: (rates[i], test.max())),
                reported(by_mean_loss, lambda rates, test, i: (rates[i], test.mean(axis=1).max())),
            ),
        ),
        Mistake(
            "you report the mean over all rates: report the one of the rate that you chose.",
            (reported(by_mean_loss, lambda rates, test, i: (rates[i], test.mean())),),
        ),
        Mistake(
            "you take the mean over the rates: each rate has its own mean, over its seeds.",
            (reported(lambda loss, test: loss.mean(axis=0).argmin()),),
        ),
    ),
    hints=(
        "first one number for each rate, the mean over its seeds; then the rate for which it is lowest.",
        "keep them in a dictionary rate -> mean; min(mean, key=mean.get) is the rate. NaN: put math.inf instead.",
        "mean[rate] = np.mean(losses) if np.isfinite(losses).all() else math.inf; report np.mean(test_accuracy[best]).",
    ),
)


TEST_IMAGES_FOR_HALF = ValueTask(
    read=one_number,
    right=lambda n: 1150 <= n <= 1250,
    verified="four times the images halve the interval: its width goes with 1 / sqrt(n).",
    mistakes=(
        Mistake(
            "twice the images make it narrower by sqrt(2) only: look at the root over n.",
            (lambda n: 590 <= n <= 610,),
        ),
        Mistake(
            "sqrt(2) is turned round: you need the n whose root is twice as large.",
            (lambda n: 415 <= n <= 430,),
        ),
        Mistake(
            "that many images or fewer make the interval no narrower: more images, more certainty.",
            (lambda n: n <= 300,),
        ),
        Mistake(
            "that is more than you need: the width goes with 1 / sqrt(n). Which n has twice the root of 300?",
            (lambda n: n > 1250,),
        ),
    ),
    hints=(
        "the standard error is sqrt(p * (1 - p) / n). What must happen to n so that it is halved?",
        "a root is halved when what stands below it is divided by 4.",
        "n grows fourfold, from 300.",
    ),
    otherwise="that does not halve it: the width goes with 1 / sqrt(n).",
)


def wilson_interval(right, n):
    """Both p with |right / n - p| = 2 standard errors of p, from the quadratic equation itself."""
    p = right / n
    return np.sort(np.roots([1 + 4 / n, -(2 * p + 4 / n), p * p]).real)


def interval(middle: Callable, half: Callable) -> Callable:
    return lambda right, n: np.array([middle(right, n) - half(right, n), middle(right, n) + half(right, n)])


def middle(right, n):
    return (right + 2) / (n + 4)


def half_width(right, n):
    return 2 * math.sqrt(right * (n - right) / n + 1) / (n + 4)


def share(right, n):
    return right / n


def wilson(right, n, z):
    """Middle and half width of the interval with z standard errors."""
    p = right / n
    return (p + z**2 / 2 / n) / (1 + z**2 / n), z * math.sqrt(p * (1 - p) / n + (z / 2 / n) ** 2) / (1 + z**2 / n)


def added_root(right, n, more):
    """The root of the half width with the two added right and wrong ones in it."""
    return math.sqrt((right + 2) * (n - right + 2) / (n + 4) + more)


def plain_half(right, n):
    return 2 * math.sqrt(right * (n - right) / n) / n


WILSON_INTERVAL = FunctionTask(
    right=wilson_interval,
    parts={"all": ((291, 300), (40, 50), (300, 300), (0, 10), (7, 20))},
    verified={"all": "at each end of it the share that you saw is just two standard errors away."},
    mistakes=(
        Mistake(
            "without the added images the interval of 300 right ones of 300 has no width: use the formula with + 2.",
            (interval(share, plain_half),),
        ),
        Mistake(
            "one standard error covers only two cases of three: the formula has two of them, 2 * sqrt.",
            (
                interval(middle, lambda right, n: half_width(right, n) / 2),
                interval(share, lambda right, n: plain_half(right, n) / 2),
            ),
        ),
        Mistake(
            "the square root is missing.",
            (
                interval(middle, lambda right, n: 2 * (right * (n - right) / n + 1) / (n + 4)),
                interval(share, lambda right, n: 2 * right * (n - right) / n / n),
            ),
        ),
        Mistake(
            "the + 1 belongs under the root.",
            (
                interval(middle, lambda right, n: 2 * (math.sqrt(right * (n - right) / n) + 1) / (n + 4)),
                interval(middle, lambda right, n: (2 * math.sqrt(right * (n - right) / n) + 1) / (n + 4)),
            ),
        ),
        Mistake(
            "the + 1 under the root is missing: at 300 right ones of 300 it is all that is left.",
            (interval(middle, lambda right, n: 2 * math.sqrt(right * (n - right) / n) / (n + 4)),),
        ),
        Mistake(
            "the middle is (right + 2) / (n + 4), not right / n: two images are added on either side.",
            (interval(share, half_width),),
        ),
        Mistake(
            "both are divided by n + 4, the middle and the half width.",
            (
                interval(middle, lambda right, n: half_width(right, n) * (n + 4) / n),
                interval(lambda right, n: (right + 2) / n, half_width),
                interval(lambda right, n: (right + 2) / n, lambda right, n: half_width(right, n) * (n + 4) / n),
                interval(middle, lambda right, n: half_width(right, n) * (n + 4)),
            ),
        ),
        Mistake(
            "Python divides before it adds: put brackets around right + 2 and around n + 4.",
            (
                interval(lambda right, n: right + 2 / n + 4, half_width),
                interval(lambda right, n: (right + 2) / n + 4, half_width),
                interval(lambda right, n: right + 2 / (n + 4), half_width),
                interval(middle, lambda right, n: 2 / n + 4 * math.sqrt(right * (n - right) / n + 1)),
                interval(
                    lambda right, n: (right + 2) / n + 4,
                    lambda right, n: 2 / n + 4 * math.sqrt(right * (n - right) / n + 1),
                ),
                interval(
                    lambda right, n: right + 2 / n + 4,
                    lambda right, n: 2 / n + 4 * math.sqrt(right * (n - right) / n + 1),
                ),
            ),
        ),
        Mistake(
            "two right and two wrong ones are added: that makes n + 4.",
            (
                interval(lambda right, n: (right + 2) / (n + 2), half_width),
                interval(
                    lambda right, n: (right + 2) / (n + 2), lambda right, n: half_width(right, n) * (n + 4) / (n + 2)
                ),
            ),
        ),
        Mistake(
            "r and w are numbers of images, the right and the wrong ones: no shares, and w is not n.",
            (
                interval(middle, lambda right, n: 2 / (n + 4) * math.sqrt(right + 1)),
                interval(middle, lambda right, n: 2 / (n + 4) * math.sqrt(right * (1 - right / n) / n + 1)),
                interval(middle, lambda right, n: 2 / (n + 4) * math.sqrt(right / n * (1 - right / n) / n + 1)),
                interval(
                    lambda right, n: middle(right / n, n),
                    lambda right, n: 2 / (n + 4) * math.sqrt(right / n * (1 - right / n) / n + 1),
                ),
            ),
        ),
        Mistake(
            "the + 1 is added to the fraction: it does not stand below its line.",
            (interval(middle, lambda right, n: 2 / (n + 4) * math.sqrt(right * (n - right) / (n + 1))),),
        ),
        Mistake(
            "under the root stand r and w as you counted them, and n: the added images are not in them.",
            (
                interval(middle, lambda right, n: 2 / (n + 4) * added_root(right, n, 0)),
                interval(middle, lambda right, n: 2 / (n + 4) * added_root(right, n, 1)),
            ),
        ),
        Mistake(
            "under the root stands right * wrong / n: you did not divide by n.",
            (interval(middle, lambda right, n: 2 * math.sqrt(right * (n - right) + 1) / (n + 4)),),
        ),
        Mistake(
            "1.96 is more exact for 95 %, but the formula here has 2, and both its + 2 and its + 4 come from that.",
            (
                interval(middle, lambda right, n: 0.98 * half_width(right, n)),
                interval(lambda right, n: wilson(right, n, 1.96)[0], lambda right, n: wilson(right, n, 1.96)[1]),
                interval(share, lambda right, n: 0.98 * plain_half(right, n)),
            ),
        ),
        Mistake(
            "the lower end comes first.",
            (interval(middle, lambda right, n: -half_width(right, n)),),
        ),
        Mistake(
            "you give the middle and the half width: give the two ends, middle minus and middle plus half width.",
            (lambda right, n: np.array([middle(right, n), half_width(right, n)]),),
        ),
        Mistake(
            "these are percent or images: an accuracy is a share, from 0 to 1.",
            (
                lambda right, n: 100 * wilson_interval(right, n),
                lambda right, n: n * wilson_interval(right, n),
                lambda right, n: (n + 4) * wilson_interval(right, n),
            ),
        ),
    ),
    hints=(
        "there are n - right wrong ones. Work out the middle and the half width, each in a line of its own.",
        "half = 2 * math.sqrt(right * (n - right) / n + 1) / (n + 4).",
        "middle = (right + 2) / (n + 4); give back middle - half, middle + half.",
    ),
)


TASKS = {
    "softmax_cross_entropy": SOFTMAX_CROSS_ENTROPY,
    "softmax_cross_entropy_gradient": SOFTMAX_CROSS_ENTROPY_GRADIENT,
    "sum_bug_line": SUM_BUG_LINE,
    "rates_for_the_sum": RATES_FOR_THE_SUM,
    "train_with_the_mean": TRAIN_WITH_THE_MEAN,
    "rate_for_softmax": RATE_FOR_SOFTMAX,
    "rate_for_the_mlp": RATE_FOR_THE_MLP,
    "rate_for_the_convnet": RATE_FOR_THE_CONVNET,
    "read_the_digit_runs": READ_THE_DIGIT_RUNS,
    "predictions_iou": PREDICTIONS_IOU,
    "iou": IOU,
    "detector_hits": DETECTOR_HITS,
    "choose_and_report": CHOOSE_AND_REPORT,
    "test_images_for_half": TEST_IMAGES_FOR_HALF,
    "wilson_interval": WILSON_INTERVAL,
}
