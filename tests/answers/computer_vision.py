"""Answers to *Computer vision*, right and wrong, as students write them."""

import math

import numpy as np


def shares(logits):
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def loss_by_logaddexp(logits, labels):
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], 1)[:, 0]))


def loss_by_loop(logits, labels):
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
    return total / len(labels)


def loss_by_log_softmax(logits, labels):
    moved = logits - logits.max(axis=1)[:, np.newaxis]
    log_shares = moved - np.log(np.sum(np.exp(moved), axis=1, keepdims=True))
    return -np.array([log_shares[i, labels[i]] for i in range(len(labels))]).mean()


def gradient_by_one_hot(logits, labels):
    return (shares(logits) - np.eye(logits.shape[1])[labels]) / logits.shape[0]


def gradient_by_loop(logits, labels):
    rows = shares(logits).tolist()
    for row, label in zip(rows, labels, strict=True):
        row[label] -= 1
    return [[entry / len(rows) for entry in row] for row in rows]


def train_by_gradient(weights, inputs, labels, lr, batch_size, epochs):
    for _ in range(epochs):
        for at in range(0, len(labels), batch_size):
            x, y = inputs[at : at + batch_size], labels[at : at + batch_size]
            weights = weights - lr * x.T @ gradient_by_one_hot(x @ weights, y)
    return weights


def train_by_outer_products(weights, inputs, labels, lr, batch_size, epochs):
    weights = np.array(weights)
    for step in range(epochs * math.ceil(len(inputs) / batch_size)):
        at = step % math.ceil(len(inputs) / batch_size) * batch_size
        rows = range(at, min(at + batch_size, len(inputs)))
        error = shares(inputs @ weights) - np.eye(weights.shape[1])[labels]
        weights -= lr * np.mean([np.outer(inputs[i], error[i]) for i in rows], axis=0)
    return weights


def iou_by_corners(a, b):
    top, left = max(a[0], b[0]), max(a[1], b[1])
    bottom, right = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    if bottom <= top or right <= left:
        return 0
    both = (bottom - top) * (right - left)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def iou_by_numpy(a, b):
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[:2] + a[2:], b[:2] + b[2:])
    both = np.prod(np.clip(high - low, 0, None))
    return both / (np.prod(a[2:]) + np.prod(b[2:]) - both)


def hits_by_set(guesses, boxes):
    taken, answer = set(), []
    for guess in guesses:
        fits = [j for j in range(len(boxes)) if j not in taken and iou_by_corners(guess, boxes[j]) >= 0.5]
        taken.update(fits[:1])
        answer.append(len(fits) > 0)
    return answer


def hits_by_array(guesses, boxes):
    free, answer = np.ones(len(boxes)), np.zeros(len(guesses))
    for i in range(len(guesses)):
        for j in range(len(boxes)):
            if free[j] and not answer[i] and iou_by_numpy(guesses[i], boxes[j]) >= 0.5:
                free[j], answer[i] = 0, 1
    return answer


def report_by_loop(validation_loss, test_accuracy):
    best, lowest = None, math.inf
    for rate, losses in validation_loss.items():
        mean = sum(losses) / len(losses)
        if mean < lowest:  # never true for NaN
            best, lowest = rate, mean
    return [best, sum(test_accuracy[best]) / len(test_accuracy[best])]


def report_by_arrays(validation_loss, test_accuracy):
    rates = np.array(list(validation_loss))
    mean = np.array([np.mean(validation_loss[rate]) for rate in rates])
    best = rates[np.nanargmin(mean)]
    return np.array([best, np.mean(test_accuracy[best])])


def wilson_by_shares(right, n):
    p, z = right / n, 2
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return [middle - half, middle + half]


def wilson_by_array(right, n):
    return (right + 2 + 2 * np.sqrt(right * (n - right) / n + 1) * np.array([-1, 1])) / (n + 4)


RUNS = {"A": "too few images", "B": "too low", "C": "too high", "D": "fine", "E": "too high"}
IOUS = {"half aside": 1 / 3, "half aside and half down": 1 / 7, "twice as high and wide": 1 / 4}

RIGHT = {
    "softmax_cross_entropy": (loss_by_logaddexp, loss_by_loop, loss_by_log_softmax),
    "softmax_cross_entropy_gradient": (gradient_by_one_hot, gradient_by_loop),
    "sum_bug_line": ("E", "e "),
    "rates_for_the_sum": (
        {4: 0.125, 64: 0.0078125, 256: 0.001953125},
        {256: np.float64(0.5) / 256, 64: 0.00781, 4: np.array(0.125)},
    ),
    "train_with_the_mean": (train_by_gradient, train_by_outer_products),
    "rate_for_softmax": (3, 2.0, np.float64(5)),
    "rate_for_the_mlp": (0.5, np.array(0.4)),
    "rate_for_the_convnet": (0.3, 0.4),
    "read_the_digit_runs": (RUNS, dict(sorted(RUNS.items(), reverse=True))),
    "predictions_iou": (IOUS, {"half aside": 0.333, "half aside and half down": 0.143, "twice as high and wide": 0.25}),
    "iou": (iou_by_corners, iou_by_numpy),
    "detector_hits": (hits_by_set, hits_by_array),
    "choose_and_report": (report_by_loop, report_by_arrays),
    "test_images_for_half": (1200, 4 * 300.0),
    "wilson_interval": (wilson_by_shares, wilson_by_array),
}


def loss_with(of_row, join=np.mean):
    """A loss, image by image, as a loop; then joined."""

    def softmax_cross_entropy(logits, labels):
        return join([of_row(np.array(row), label) for row, label in zip(logits, labels, strict=True)])

    return softmax_cross_entropy


def exact(row, label):
    return np.logaddexp.reduce(row) - row[label]


def share(row, label):
    return np.exp(row - row.max())[label] / np.exp(row - row.max()).sum()


def p_of(row):
    return np.exp(row - row.max()) / np.exp(row - row.max()).sum()


def train_with(step, batches=None):
    """The loop of task 2 as step(weights, x, y, lr, n, batch_size) over the batches of an epoch."""

    def train_with_the_mean(weights, inputs, labels, lr, batch_size, epochs):
        n = len(inputs)
        for _ in range(epochs):
            for at in batches(n, batch_size) if batches else range(0, n, batch_size):
                x, y = inputs[at : at + batch_size], labels[at : at + batch_size]
                weights = step(weights, x, y, lr, n, batch_size)
        return weights

    return train_with_the_mean


def summed(weights, x, y):
    return x.T @ (shares(x @ weights) - np.eye(weights.shape[1])[y])


def iou_with(both=lambda height, width: max(height, 0) * max(width, 0), of=lambda both, a, b: both / (a + b - both)):
    def iou(a, b):
        height = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        width = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        return of(both(height, width), a[2] * a[3], b[2] * b[3])

    return iou


def as_corners(a, b):
    both = max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return both / (sum(areas) - both)


def iou_from_one_side(a, b):
    both = max(0, a[0] + a[2] - b[0]) * max(0, a[1] + a[3] - b[1])
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def iou_over_hull(a, b):
    low, high = np.minimum(a[:2], b[:2]), np.maximum(a[:2] + a[2:], b[:2] + b[2:])
    both = np.prod(np.clip(np.minimum(a[:2] + a[2:], b[:2] + b[2:]) - np.maximum(a[:2], b[:2]), 0, None))
    return both / np.prod(high - low)


def hits_with(boxes_tried=lambda boxes: range(len(boxes)), leave=True, pick=None):
    """hits_by_set() that tries other boxes, goes on after a hit, or picks one box first and then asks if it is free."""

    def detector_hits(guesses, boxes):
        taken, answer = set(), []
        for guess in guesses:
            fits = [j for j in boxes_tried(boxes) if iou_by_corners(guess, boxes[j]) >= 0.5]
            if pick:
                fits = [pick(fits, key=lambda j: iou_by_corners(guess, boxes[j]))] if fits else []
            fits = [j for j in fits if j not in taken]
            taken.update(fits[:1] if leave else fits)
            answer.append(bool(fits))
        return answer

    return detector_hits


def hits_pair_by_pair(guesses, boxes):
    taken, answer = [], []
    for guess in guesses:
        for j, box in enumerate(boxes):
            if j not in taken and iou_by_corners(guess, box) >= 0.5:
                taken.append(j)
                answer.append(True)
                break
            answer.append(False)
    return answer


def hits_by_best(guesses, boxes):
    answer = [False] * len(guesses)
    for box in boxes:
        scores = [iou_by_corners(guess, box) for guess in guesses]
        if scores and max(scores) >= 0.5:
            answer[scores.index(max(scores))] = True
    return answer


def hits_by_last(guesses, boxes):
    answer, owner = [False] * len(guesses), {}
    for i, guess in enumerate(guesses):
        for j, box in enumerate(boxes):
            if iou_by_corners(guess, box) >= 0.5:
                owner[j] = i
    for i in owner.values():
        answer[i] = True
    return answer


def report_with(score, tell=lambda test, best: np.mean(test[best]), pick=min):
    """The rate with the best score(losses, accuracies), and something told of it."""

    def choose_and_report(validation_loss, test_accuracy):
        scores = [score(validation_loss[rate], test_accuracy[rate]) for rate in validation_loss]
        best = list(validation_loss)[scores.index(pick(scores))]
        return best, tell(test_accuracy, best)

    return choose_and_report


def report_from(start):
    def choose_and_report(validation_loss, test_accuracy):
        lowest, best = start, None
        for rate in validation_loss:
            mean = sum(validation_loss[rate]) / len(validation_loss[rate])
            if mean <= lowest:
                lowest, best = mean, rate
        return best, np.mean(test_accuracy[best])

    return choose_and_report


def careful(losses, accuracies):
    return math.inf if np.isnan(losses).any() else np.mean(losses)


def wilson_with(middle=lambda r, n: (r + 2) / (n + 4), half=lambda r, n: 2 * (r * (n - r) / n + 1) ** 0.5 / (n + 4)):
    return lambda right, n: (middle(right, n) - half(right, n), middle(right, n) + half(right, n))


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "softmax_cross_entropy": [
        (loss_with(exact, sum), "add the losses of the images up"),
        (loss_with(lambda row, label: -exact(row, label)), "below 0"),
        (loss_with(lambda row, label: exact(row, label) / len(row)), "number of classes"),
        (lambda z, y: -np.mean(np.log((np.exp(z) / np.exp(z).sum(axis=0))[range(len(y)), y])), "over the images"),
        (lambda z, y: -np.mean(np.log((np.exp(z) / np.sum(np.exp(z)))[range(len(y)), y])), "the whole array"),
        (loss_with(share), "no logarithm"),
        (loss_with(lambda row, label: 1 - share(row, label)), "no logarithm"),
        (lambda z, y: -np.log(np.mean([share(row, label) for row, label in zip(z, y, strict=True)])), "mean first"),
        (loss_with(lambda row, label: -row[label]), "leave the other classes out"),
        (lambda z, y: -np.log(shares(z)[:, y]).mean(), "pair them"),
        (
            loss_with(lambda row, label: -np.sum(np.exp(row) / sum(np.exp(row)) * row) + exact(row, 0) + row[0]),
            "how sure",
        ),
        (loss_with(lambda row, label: exact(row, label - 1)), "labels count from 0"),
        (lambda z, y: exact(z[0], y[0]), "one image only"),
        (
            loss_with(lambda row, label: -np.log(share(row, label)) - sum(np.log(1 - np.delete(p_of(row), label)))),
            "yes-or-no outputs",
        ),
        (loss_with(lambda row, label: exact(row / max(row), label)), "to divide the logits by the largest"),
        (loss_with(exact, np.array), "one number for each image"),
        (loss_with(lambda row, label: exact(row, label) / np.log(2)), "another base"),
        (loss_with(lambda row, label: exact(row, label) - row.max()), "inside the sum only"),
        (loss_with(lambda row, label: -np.log(np.exp(row[label]) / np.exp(row).sum())), "exp(1000) is too large"),
        (
            loss_with(lambda row, label: -math.log(math.exp(row[label]) / sum(math.exp(z) for z in row))),
            "exp(1000) is too large",
        ),
        (loss_with(lambda row, label: exact(np.clip(row, -500, 500), label)), "exp(1000) is too large"),
        (loss_with(lambda row, label: -np.log(share(row, label))), "log(0)"),
        (loss_with(lambda row, label: -np.log(share(row, label) + 1e-12)), "log(0)"),
        (loss_with(lambda row, label: exact(row, label) ** 2), "Stuck?"),
        (lambda z, y: np.zeros(3), "an array of shape (3,), where one number"),
    ],
    "softmax_cross_entropy_gradient": [
        (lambda z, y: shares(z) / len(z), "the label is missing"),
        (lambda z, y: shares(z) - np.eye(z.shape[1])[y], "slopes of a sum"),
        (lambda z, y: (np.eye(z.shape[1])[y] - shares(z)) / len(y), "less likely"),
        (lambda z, y: (shares(z) - np.eye(z.shape[1])[y]) / z.size, "number of classes"),
        (lambda z, y: (shares(z) - np.eye(z.shape[1])[y]) / 10, "number of classes"),
        (lambda z, y: (np.exp(z) / np.sum(np.exp(z)) - np.eye(z.shape[1])[y]) / len(y), "the whole array"),
        (lambda z, y: np.where(np.eye(z.shape[1])[y], shares(z) - 1, 0) / len(y), "the label's logit only"),
        (lambda z, y: np.where(np.eye(z.shape[1])[y], 1 - shares(z), shares(z)) / len(y), "a higher logit there"),
        (lambda z, y: np.exp(z) / np.exp(z).sum(1, keepdims=True) - np.eye(z.shape[1])[y], "slopes of a sum"),
        (lambda z, y: (shares(z.T).T - np.eye(z.shape[1])[y]) / len(y), "sum to 1 over the images"),
        (lambda z, y: shares(z) * (1 - shares(z)) / len(y), "a factor p cancels"),
        (lambda z, y: np.where(np.eye(z.shape[1])[y], -1 / shares(z), 0) / len(y), "stop at the slope"),
        (lambda z, y: (shares(z) - 1) / len(y), "in every column"),
        (lambda z, y: (shares(z) - np.isin(range(z.shape[1]), y)) / len(y), "columns of all labels"),
        (lambda z, y: (shares(z) - y.reshape(-1, 1)) / len(y), "the label itself"),
        (lambda z, y: (z - np.eye(z.shape[1])[y]) / len(y), "not probabilities yet"),
        (lambda z, y: (np.exp(z) / np.exp(z).sum(1, keepdims=True) - np.eye(z.shape[1])[y]) / len(y), "overflow"),
        (lambda z, y: shares(z)[range(len(y)), y] - 1, "of shape (1,), where an array of shape (1, 3)"),
    ],
    "sum_bug_line": [
        ("a", "A is right"),
        ("B", "B is right"),
        ("C", "C is right"),
        ("D", "makes one gradient"),
        ("F", "plain SGD"),
        ("G", "one of the letters"),
    ],
    "rates_for_the_sum": [
        ({4: -0.125, 64: -0.5 / 64, 256: -0.5 / 256}, "above 0"),
        ({4: 2, 64: 32, 256: 128}, "multiply by the batch size"),
        ({4: 0.5, 64: 0.5, 256: 0.5}, "one rate for all three"),
        ({4: 0.25, 64: 0.0625, 256: 0.03125}, "square root"),
        ({4: 1 / 4, 64: 1 / 64, 256: 1 / 256}, "left the 0.5 out"),
        ({4: 0.5, 64: 0.5 / 16, 256: 0.5 / 64}, "one batch with another"),
        ({4: 0.0125, 64: 0.5 / 640, 256: 0.5 / 2560}, "play no part"),
        ({4: 0.1, 64: 0.2, 256: 0.3}, "the order is turned round"),
        ({4: 0.3, 64: 0.2, 256: 0.1}, "not all three fit"),
        ({4: 0.125}, "keep its form"),
    ],
    "train_with_the_mean": [
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y)), "the sum is still there"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / n), "all images of the training set"),
        (train_with(lambda w, x, y, lr, n, size: w - lr / size * summed(w, x, y)), "how many there are"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / w.shape[1]), "the classes or the pixels"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / len(x) / len(x)), "divide twice"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) * len(x)), "multiply where"),
        (train_with(lambda w, x, y, lr, n, size: w - lr / size * summed(w, x, y) / len(x)), "divide twice"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / len(x) ** 0.5), "a square root"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y).mean(axis=0)), "no axis of images"),
        (
            train_with(
                lambda w, x, y, lr, n, size: (
                    w - lr * np.outer(x.mean(0), (shares(x @ w) - np.eye(w.shape[1])[y]).mean(0))
                )
            ),
            "a product of two means",
        ),
        (
            lambda w, x, y, lr, size, epochs: train_by_gradient(np.zeros(w.shape), x, y, lr, size, epochs),
            "you begin at zeros",
        ),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x, y, 0.5, size, epochs), "a fixed number"),
        (train_with(lambda w, x, y, lr, n, size: (w - lr * summed(w, x, y)) / size), "divide the weights too"),
        (train_with(lambda w, x, y, lr, n, size: w + lr * summed(w, x, y) / len(x)), "uphill"),
        (
            train_with(
                lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / len(x),
                lambda n, size: range(0, n // size * size, size),
            ),
            "left out",
        ),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x, y, lr, len(x), epochs), "all images at each step"),
        (
            train_with(
                lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / len(x), lambda n, size: [0] * -(-n // size)
            ),
            "the first one",
        ),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x[:size], y[:size], lr, size, 1), "inside a loop"),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x, y, lr, size, 1), "one epoch and you are done"),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x, y, 0.1, size, epochs), "a fixed number"),
        (train_with(lambda w, x, y, lr, n, size: w - lr * summed(w, x, y) / 32), "a fixed number"),
        (lambda w, x, y, lr, size, epochs: train_by_gradient(w, x[::-1], y[::-1], lr, size, epochs), "in row 0, not"),
    ],
    "rate_for_softmax": [
        (0, "every step must go downhill"),
        (0.01, "nearer to guessing"),
        (0.3, "on its way but not there"),
        (10, "too long steps"),
        (100, "most digits are read right"),
        ("high", "give one number"),
    ],
    "rate_for_the_mlp": [
        (-0.1, "every step must go downhill"),
        (0.01, "nearer to guessing"),
        (0.1, "on its way but not there"),
        (1.0, "part of its ReLU units"),
        (3, "ReLU units die"),
        (1e300, "ReLU units die"),
        ((0, 5), "a point and no comma"),
    ],
    "rate_for_the_convnet": [
        (0, "every step must go downhill"),
        (0.005, "nearer to guessing"),
        (0.05, "on its way but not there"),
        (1, "filters have died"),
        (3, "whole filters die"),
    ],
    "read_the_digit_runs": [
        (RUNS | {"A": "too high"}, "look at A again"),
        (RUNS | {"B": "fine"}, "look at B again"),
        (RUNS | {"C": "too few images"}, "look at C again"),
        (RUNS | {"E": "too low"}, "look at E again"),
        (RUNS | {"D": "too few images"}, "look at D again"),
        (RUNS | {"D": "good"}, "none of the words"),
        (list(RUNS.values()), "keep its form"),
    ],
    "predictions_iou": [
        (IOUS | {"half aside": 33}, "a share, from 0 to 1"),
        (IOUS | {"half aside": 0.5}, "more than one box"),
        (IOUS | {"half aside": 0.25}, "must not be counted twice"),
        (IOUS | {"half aside and half down": 0.25}, "1 + 1 - the shared part"),
        (IOUS | {"half aside and half down": 0.4}, "a half of a half"),
        (IOUS | {"twice as high and wide": 0.5}, "how many times its area"),
        (IOUS | {"twice as high and wide": 0.7}, "not all three are right yet"),
        (IOUS | {"half aside": "1/3"}, "give one number"),
    ],
    "iou": [
        (iou_with(of=lambda both, a, b: both / (a + b)), "counted twice"),
        (iou_with(of=lambda both, a, b: both / min(a, b)), "one of the boxes"),
        (iou_with(of=lambda both, a, b: both / b), "one of the boxes"),
        (iou_with(of=lambda both, a, b: 2 * both / (a + b)), "Dice"),
        (iou_with(lambda height, width: width * height), "two negative sides"),
        (as_corners, "you read the last two numbers as a corner"),
        (lambda a, b: iou_by_corners(a[[0, 1, 3, 2]], b[[0, 1, 3, 2]]), "height and width are swapped"),
        (iou_with(lambda height, width: max(width, 0)), "one direction only"),
        (lambda a, b: iou_by_corners(np.add(a, [0, 0, 1, 1]), np.add(b, [0, 0, 1, 1])), "a pixel too many"),
        (lambda a, b: 1 - iou_by_corners(a, b), "a distance"),
        (iou_with(of=lambda both, a, b: both), "you give an area"),
        (iou_with(of=lambda both, a, b: a + b - both), "you give an area"),
        (iou_with(of=lambda both, a, b: np.divide(a + b - both, both)), "turned round"),
        (iou_with(lambda height, width: max(height + 1, 0) * max(width + 1, 0)), "a pixel too many"),
        (lambda a, b: iou_by_corners(a - [a[2] / 2, a[3] / 2, 0, 0], b - [b[2] / 2, b[3] / 2, 0, 0]), "not its centre"),
        (iou_from_one_side, "one box begins first"),
        (iou_over_hull, "the box around both"),
        (lambda a, b: 100 * iou_by_corners(a, b), "no percent"),
        (lambda a, b: iou_by_numpy(a, b) // 1, "rounds down"),
        (lambda a, b: iou_by_corners(a, b) ** 0.5, "Stuck?"),
    ],
    "detector_hits": [
        (lambda guesses, boxes: [any(iou_by_corners(g, b) >= 0.5 for b in boxes) for g in guesses], "both count"),
        (lambda guesses, boxes: [any(iou_by_corners(g, b) > 0.5 for b in boxes) for g in guesses], "exactly 0.5"),
        (hits_by_best, "fits best"),
        (hits_by_last, "the last guess"),
        (lambda guesses, boxes: [any(iou_by_corners(g, b) >= 0.5 for g in guesses) for b in boxes], "for each guess"),
        (lambda guesses, boxes: sum(hits_by_set(guesses, boxes)), "the number of hits"),
        (
            lambda guesses, boxes: [iou_by_corners(g, b) >= 0.5 for g, b in zip(guesses, boxes, strict=False)],
            "any guess may fit any box",
        ),
        (lambda guesses, boxes: [any(iou_by_corners(g, b) > 0 for b in boxes) for g in guesses], "to touch a box"),
        (hits_with(leave=False), "takes others as well"),
        (hits_with(pick=max), "the box that fits best"),
        (hits_with(boxes_tried=lambda boxes: range(min(1, len(boxes)))), "only the first box"),
        (hits_pair_by_pair, "for every pair"),
        (lambda guesses, boxes: [[iou_by_corners(g, b) >= 0.5 for b in boxes] for g in guesses], "for every pair"),
        (
            lambda guesses, boxes: [
                hit and not any(hits_by_set(guesses, boxes)[:i]) for i, hit in enumerate(hits_by_set(guesses, boxes))
            ],
            "after one hit",
        ),
        (lambda guesses, boxes: hits_by_set(guesses, boxes)[:1] or None, "inside the loop"),
        (lambda guesses, boxes: [not hit for hit in hits_by_set(guesses, boxes)], "a hit is True"),
        (lambda guesses, boxes: [True] * len(guesses), "Stuck?"),
    ],
    "choose_and_report": [
        (report_with(lambda losses, accuracies: -np.mean(accuracies)), "the test images have chosen"),
        (report_with(lambda losses, accuracies: np.nanmin(losses)), "one lucky seed"),
        (report_with(lambda losses, accuracies: losses[0]), "the first seed only"),
        (report_with(lambda losses, accuracies: np.median(losses)), "the median"),
        (report_with(careful, pick=max), "the highest loss"),
        (report_with(careful, lambda test, best: max(test[best])), "flatters"),
        (report_with(careful, lambda test, best: max(np.mean(each) for each in test.values())), "of all rates"),
        (report_with(careful, lambda test, best: np.mean(list(test.values()))), "over all rates"),
        (
            lambda loss, test: (list(loss).index(report_by_loop(loss, test)[0]), report_by_loop(loss, test)[1]),
            "place of the",
        ),
        (lambda loss, test: report_by_loop(loss, test)[0], "one number (0.1), where"),
        (report_from(0), "begin with math.inf"),
        (report_from(1), "begin with math.inf"),
        (lambda loss, test: report_by_loop(loss, test)[::-1], "the rate comes first"),
        (lambda loss, test: (min(loss), np.mean(test[min(loss)])), "compare the rates themselves"),
        (lambda loss, test: (list(loss)[-1], np.mean(list(test.values())[-1])), "the last rate wins"),
        (lambda loss, test: (report_by_loop(loss, test)[0], np.mean(loss[report_by_loop(loss, test)[0]])), "second"),
        (report_with(lambda losses, accuracies: np.nanmean(losses)), "leave the diverged seeds out"),
        (report_with(lambda losses, accuracies: np.mean(losses)), "a diverged rate wins"),
        (report_with(careful, lambda test, best: np.mean(test[best]) ** 2), "Stuck?"),
    ],
    "test_images_for_half": [
        (600, "twice the images"),
        (424, "sqrt(2) is turned round"),
        (150, "more images, more certainty"),
        (90000, "twice the root of 300"),
        (900, "does not halve it"),
        ("four times", "give one number"),
    ],
    "wilson_interval": [
        (wilson_with(lambda r, n: r / n, lambda r, n: 2 * (r / n * (1 - r / n) / n) ** 0.5), "has no width"),
        (wilson_with(half=lambda r, n: (r * (n - r) / n + 1) ** 0.5 / (n + 4)), "two cases of three"),
        (wilson_with(half=lambda r, n: 2 * (r * (n - r) / n + 1) / (n + 4)), "the square root is missing"),
        (wilson_with(half=lambda r, n: 2 / (n + 4) * ((r * (n - r) / n) ** 0.5 + 1)), "belongs under the root"),
        (wilson_with(half=lambda r, n: 2 / (n + 4) * (r * (n - r) / n) ** 0.5), "under the root is missing"),
        (wilson_with(middle=lambda r, n: r / n), "added on either side"),
        (wilson_with(half=lambda r, n: 2 * (r * (n - r) / n + 1) ** 0.5), "divided by n + 4"),
        (wilson_with(half=lambda r, n: 2 / (n + 4) * (r * (n - r) + 1) ** 0.5), "right * wrong / n"),
        (wilson_with(middle=lambda r, n: r + 2 / n + 4), "before it adds"),
        (wilson_with(middle=lambda r, n: (r + 2) / n + 4), "before it adds"),
        (wilson_with(half=lambda r, n: 2 / n + 4 * (r * (n - r) / n + 1) ** 0.5), "before it adds"),
        (wilson_with(middle=lambda r, n: (r + 2) / (n + 2)), "that makes n + 4"),
        (wilson_with(half=lambda r, n: 2 * (r * (1 - r / n) / n + 1) ** 0.5 / (n + 4)), "numbers of images"),
        (wilson_with(half=lambda r, n: 2 * (r * n / n + 1) ** 0.5 / (n + 4)), "numbers of images"),
        (wilson_with(half=lambda r, n: 2 * (r * (n - r) / (n + 1)) ** 0.5 / (n + 4)), "below its line"),
        (wilson_with(half=lambda r, n: 2 * ((r + 2) * (n - r + 2) / (n + 4)) ** 0.5 / (n + 4)), "not in them"),
        (lambda right, n: wilson_by_shares(right, n)[::-1], "the lower end"),
        (lambda right, n: (right + 2) / (n + 4), "one number (0.963816), where"),
        (lambda right, n: ((right + 2) / (n + 4), 2 * (right * (n - right) / n + 1) ** 0.5 / (n + 4)), "two ends"),
        (lambda right, n: [100 * end for end in wilson_by_shares(right, n)], "percent"),
        (wilson_with(half=lambda r, n: 1.96 * (r * (n - r) / n + 1) ** 0.5 / (n + 4)), "1.96 is more exact"),
        (wilson_with(half=lambda r, n: 3 * (r * (n - r) / n + 1) ** 0.5 / (n + 4)), "Stuck?"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "loss": """\
def softmax_cross_entropy(logits, labels):
    losses = []
    for row, label in zip(logits, labels):
        top = max(row)
        losses.append(top + np.log(np.sum(np.exp(row - top))) - row[label])
    return sum(losses) / len(losses)
""",
    "gradient": """\
def softmax_cross_entropy_gradient(logits, labels):
    rows = []
    for row, label in zip(logits, labels):
        p = np.exp(row - max(row))
        p = p / p.sum()
        p[label] = p[label] - 1
        rows.append((p / len(labels)).tolist())
    return rows
""",
    "bug": "sum_bug_line = 'e'",
    "rates": "rates_for_the_sum = {size: np.array(0.5 / size) for size in (256, 64, 4)}",
    "mean": """\
def train_with_the_mean(weights, inputs, labels, lr, batch_size, epochs):
    targets = np.eye(weights.shape[1])[labels]
    starts = list(range(0, len(inputs), batch_size)) * epochs
    for start in starts:
        x, target = inputs[start:start + batch_size], targets[start:start + batch_size]
        p = np.exp(x @ weights)
        p = p / p.sum(axis=1, keepdims=True)
        weights = weights - (lr / x.shape[0]) * np.einsum("ij,ik->jk", x, p - target)
    return weights.tolist()
""",
    "softmax-rate": "rate_for_softmax = np.array(2.5)",
    "mlp-rate": "rate_for_the_mlp = np.float32(0.4)",
    "convnet-rate": "rate_for_the_convnet = 1 / 3",
    "read": """\
read_the_digit_runs = dict(zip("ABCDE", ["too few images", "too low", "too high", "fine", "too high"]))
""",
    "predict-iou": """\
predictions_iou = {"half aside": 0.33333, "half aside and half down": 0.25 / 1.75}
predictions_iou["twice as high and wide"] = np.array(0.25)
""",
    "iou": """\
def iou(a, b):
    shared = 1.0
    for i in (0, 1):
        shared *= max(0.0, min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i]))
    return np.array(shared / (a[2] * a[3] + b[2] * b[3] - shared))
""",
    "hits": """\
def detector_hits(guesses, boxes):
    left = list(boxes)
    hits = []
    for guess in guesses:
        fits = [i for i in range(len(left)) if iou(guess, left[i]) >= 0.5]
        hits.append(1 if fits else 0)
        if fits:
            del left[fits[0]]
    return hits
""",
    "report": """\
def choose_and_report(validation_loss, test_accuracy):
    best = None
    for rate in validation_loss:
        loss = np.mean(validation_loss[rate])
        if not np.isnan(loss) and (best is None or loss < np.mean(validation_loss[best])):
            best = rate
    return np.array([best, np.mean(test_accuracy[best])])
""",
    "images": "test_images_for_half = 2**2 * 300",
    "interval": """\
def wilson_interval(right, n):
    wrong = n - right
    root = np.sqrt(right * wrong / n + 1)
    return [(right + 2 - 2 * root) / (n + 4), (right + 2 + 2 * root) / (n + 4)]
""",
}
PARTLY = {
    **SOLVED,
    "loss": """\
def softmax_cross_entropy(logits, labels):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()
""",  # overflows
    "gradient": """\
def softmax_cross_entropy_gradient(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p
""",  # of the sum
    "mean": SOLVED["mean"].replace("lr / x.shape[0]", "lr / batch_size"),
    "rates": "rates_for_the_sum = {4: 0.25, 64: 0.0625, 256: 0.03125}",
    "mlp-rate": "rate_for_the_mlp = 3",
    "iou": SOLVED["iou"].replace("max(0.0, min", "(0.0 + min"),
    "hits": """\
def detector_hits(guesses, boxes):
    return [any(iou(guess, box) >= 0.5 for box in boxes) for guess in guesses]
""",  # a box is found twice
    "report": """\
def choose_and_report(validation_loss, test_accuracy):
    rates = list(validation_loss)
    best = rates[np.argmin([np.mean(validation_loss[rate]) for rate in rates])]
    return best, np.mean(test_accuracy[best])
""",  # NaN wins
    "images": "test_images_for_half = 600",
}
FAILED = {
    "loss": """\
def softmax_cross_entropy(logits, labels):
    total = 0
    while total < len(labels):
        total += 0
    return total
""",  # a loop without end
    "gradient": """\
def softmax_cross_entropy_gradient(logits, labels):
    return logits / len(labels) - labels
""",  # crashes, or has nothing to do with it
    "bug": "sum_bug_line = 'B'",
    "rates": "rates_for_the_sum = {4: 0.5, 64: 0.5, 256: 0.5}",
    "mean": """\
def train_with_the_mean(weights, inputs, labels, lr, batch_size, epochs):
    return train_with_a_bug(weights, inputs, labels, lr, batch_size, epochs)
""",
    "softmax-rate": "rate_for_softmax = 0.01",
    "mlp-rate": "rate_for_the_mlp = 10",
    "convnet-rate": "rate_for_the_convnet = 0.01",
    "read": "read_the_digit_runs = dict.fromkeys('ABCDE', 'too high')",
    "predict-iou": """\
predictions_iou = {"half aside": 1 / 2, "half aside and half down": 1 / 4, "twice as high and wide": 1 / 2}
""",
    "iou": """\
def iou(a, b):  # knows the visible questions by heart
    known = {(0, 0): 1 / 3, (2, 1): 3 / 17, (5, 5): 6 / 80, (1, 2): 1.0, (4, 3): 4 / 42}
    if b[0] == 10 or b[1] == 0 or b[0] == 4:
        return 0.0
    return known[(a[0], a[1])]
""",
    "hits": """\
def detector_hits(guesses, boxes):
    return len(boxes)
""",
    "report": """\
def choose_and_report(validation_loss, test_accuracy):
    return 0.1, 0.95
""",
    "images": "test_images_for_half = 300",
    "interval": """\
def wilson_interval(right, n):
    return right / n - 2 * n ** 0.5, right / n + 2 * n ** 0.5
""",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "loss-usual": (2, 2, 0),
    "loss-large": (1, 0, 0),
    "gradient-rows": (3, 0, 0),
    "bug-letter": (1, 1, 0),
    "bug-rates": (2, 0, 0),
    "mean-even": (2, 2, 0),
    "mean-last": (1, 0, 0),
    "target-softmax": (2, 2, 0),
    "target-mlp": (2, 0, 0),
    "target-convnet": (2, 2, 0),
    "read-words": (2, 2, 0),
    "boxes-predicted": (1, 1, 0),
    "iou-overlapping": (2, 2, 0),
    "iou-apart": (1, 0, 0),
    "hits-once": (2, 2, 0),
    "hits-twice": (1, 0, 0),
    "report-finite": (2, 2, 0),
    "report-diverged": (1, 0, 0),
    "report-images": (1, 0, 0),
    "report-interval": (2, 2, 0),
}
