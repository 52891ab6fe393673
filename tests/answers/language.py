"""Answers to *Language*, right and wrong, as students write them."""

import math

import numpy as np

from lrlab import optimizers

# ------------------------------------------------------------------------------------------------- 1: count the visits


def bag_by_loop(sentence, vocabulary):
    bag = np.zeros(len(vocabulary))
    number = {word: i for i, word in enumerate(vocabulary)}
    for word in sentence.split():
        if word in number:
            bag[number[word]] = 1
    return bag


def bag_of_truths(sentence, vocabulary):
    return np.isin(vocabulary, sentence.split())


def bag_of_counts(sentence, vocabulary):
    bag = [0] * len(vocabulary)
    for word in sentence.split():
        for i in range(len(vocabulary)):
            if vocabulary[i] == word:
                bag[i] += 1
    return bag


def bag_with_strangers(sentence, vocabulary):
    bag = np.zeros(len(vocabulary))
    for word in sentence.split():
        bag[vocabulary.index(word)] = 1.0
    return bag


def visits_by_set(bags, word, batch_size):
    return len({i // batch_size for i in range(len(bags)) if bags[i][word] == 1})


def visits_by_numpy(bags, word, batch_size):
    rows = np.flatnonzero(bags[:, word])
    return len(np.unique(rows // batch_size))


def visits_in_whole_batches(bags, word, batch_size):
    steps = 0
    for k in range(len(bags) // batch_size):
        if 1 in bags[k * batch_size : (k + 1) * batch_size, word]:
            steps += 1
    return steps


def visits_between(more):
    """A slice that ends one row too late or too early."""

    def visits(bags, word, batch_size):
        starts = range(0, len(bags), batch_size)
        return len([i for i in starts if np.any(bags[i : i + batch_size + more, word])])

    return visits


def visits_that_return_early(bags, word, batch_size):
    steps = 0
    for i in range(0, len(bags), batch_size):
        if bags[i : i + batch_size, word].sum() > 0:
            steps += 1
        return steps


def visits_without_any(bags, word, batch_size):
    steps = 0
    for i in range(0, len(bags), batch_size):
        steps += np.sum(bags[i : i + batch_size, word])
    return steps


# ------------------------------------------------------------------------------------------------ 2: rare words starve


def adagrad_by_cumsum(gradients, lr):
    scale = np.sqrt(np.cumsum(gradients**2))
    return np.cumsum(-lr * np.divide(gradients, scale, out=np.zeros(len(gradients)), where=scale > 0))


def adagrad_that_skips(gradients, lr):
    weight, squares, path = 0, [], []
    for g in gradients:
        if g != 0:
            squares.append(g * g)
            weight = weight - lr * g / math.sqrt(sum(squares))
        path.append(weight)
    return path


def adagrad_of_the_last(gradients, lr):
    w, path = 0.0, []
    for g in gradients:
        s = 0.0
        s += g**2
        w -= lr * g / (np.sqrt(s) + 1e-10)
        path.append(w)
    return path


def adagrad_late(gradients, lr):
    w, s, path = 0.0, 0.0, []
    for g in gradients:
        w -= lr * g / (np.sqrt(s) + 1e-10)
        s += g**2
        path.append(w)
    return path


def adagrad_without(what):
    """The loop with one piece of it written otherwise."""
    code = (
        "def adagrad_path(gradients, lr):\n"
        "    w, s, path = 0.0, 0.0, []\n"
        "    for t, g in enumerate(gradients, 1):\n"
        "        s += g**2\n"
        "        w -= lr * g / (np.sqrt(s) + 1e-10)\n"
        "        path.append(w)\n"
        "    return path"
    )
    for old, new in what.items():
        assert old in code
        code = code.replace(old, new)
    space = {"np": np}
    exec(code, space)
    return space["adagrad_path"]


# ------------------------------------------------------------------------------------------- 3: the transformer's rate


def rate_by_cases(t, d, warmup):
    if t < warmup:
        return t / (warmup * math.sqrt(warmup * d))
    return 1 / math.sqrt(t * d)


def rate_by_numpy(t, d, warmup):
    return np.minimum(np.power(float(t), -0.5), t * np.power(float(warmup), -1.5)) / np.sqrt(d)


def rate_by_peak(t, d, warmup):
    peak = 1 / np.sqrt(d * warmup)
    return peak * min(t / warmup, np.sqrt(warmup / t))


# ------------------------------------------------------------------------------------------------------- 5: perplexity


def perplexity_by_loop(log_probs, real):
    total, n = 0.0, 0
    for row, there in zip(log_probs, real, strict=True):
        for log, token in zip(row, there, strict=True):
            if token:
                total, n = total + log, n + 1
    return math.exp(-total / n)


def perplexity_by_weights(log_probs, real):
    return np.exp(-np.average(log_probs, weights=real.astype(float)))


def perplexity_by_root(log_probs, real):
    return np.prod(np.exp(log_probs)[real]) ** (-1 / real.sum())


VISITS = {"the": "all 62", "great": "about 55", "superb": "about 7", "tender": "1 or 2"}
STARVED = {"SGD": "25 times", "Adagrad": "about 7 times"}
LONGER = {
    "place of the peak": "4 times",
    "height of the peak": "half",
    "rate at step 100": "an eighth",
    "rate at step 20000": "the same",
}

RIGHT = {
    "bag_of_words": (bag_by_loop, bag_of_truths),
    "predictions_visits": (VISITS, dict(sorted(VISITS.items()))),
    "steps_with_gradient": (visits_by_set, visits_by_numpy),
    "predictions_starving": (STARVED, dict(reversed(STARVED.items()))),
    "adagrad_path": (adagrad_by_cumsum, adagrad_that_skips),
    "predictions_transformer": (LONGER, dict(sorted(LONGER.items()))),
    "transformer_rate": (rate_by_cases, rate_by_numpy, rate_by_peak),
    "peak_rate": (lambda d, warmup: 1 / math.sqrt(d * warmup), lambda d, warmup: rate_by_numpy(warmup, d, warmup)),
    "choice_for_sentences": (
        {"rule": "Adam", "lr": 0.05},
        {"rule": "Adagrad", "lr": np.float64(0.3)},
        {"lr": 0.04, "rule": "Adam"},
    ),
    "perplexity_of_the_start": (170, np.exp(np.log(170)), 1 / (1 / 170)),
    "perplexity_bug": ("B", " b"),
    "perplexity": (perplexity_by_loop, perplexity_by_weights, perplexity_by_root),
}


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "bag_of_words": [
        (lambda sentence, vocabulary: [1 if w in sentence else 0 for w in vocabulary], "art is inside start"),
        (bag_of_counts, "how often"),
        (lambda sentence, vocabulary: [1.0 if w in vocabulary else 0.0 for w in sentence.split()], "follows the words"),
        (lambda s, v: [v.index(w) for w in s.split() if w in v], "the places where"),
        (bag_with_strangers, "stops your function"),
        (lambda s, v: 1 - bag_by_loop(s, v), "swapped"),
        (lambda s, v: bag_by_loop(s, v) / len(s.split()), "divide by a length"),
        (lambda s, v: bag_by_loop(s, v).sum(), "add the bag up"),
        (lambda s, v: [w for w in v if w in s.split()], "where a list of shape (5,) is asked for"),
        (lambda s, v: [1] * len(set(s.split()) & set(v)), "the zeros are missing"),
        (lambda s, v: 1 if v[0] in s.split() else 0, "ends at the first word"),
        (lambda s, v: [int(w in s.split()) for w in sorted(v)], "another order"),
        (lambda s, v: np.ravel([[word == w for word in s.split()] for w in v]), "with each other one"),
        (lambda s, v: [1 if w in s.split(",") else 0 for w in v], "no word at all"),
    ],
    "predictions_visits": [
        (dict.fromkeys(VISITS, "all 62"), "stand in one array"),
        (VISITS | {"the": "about 30"}, "nearly half of the sentences"),
        (VISITS | {"great": "all 62"}, "not dealt out evenly"),
        (VISITS | {"great": "about 30"}, "left without"),
        (VISITS | {"superb": "1 or 2"}, "share a step"),
        (VISITS | {"superb": "about 30"}, "at most?"),
        (VISITS | {"tender": "about 7"}, "at most?"),
        (VISITS | {"tender": "2"}, "none of the words"),
        (list(VISITS.values()), "keep its form"),
    ],
    "steps_with_gradient": [
        (visits_without_any, "you count sentences"),
        (visits_in_whole_batches, "last minibatch is missing"),
        (lambda bags, batch_size, word: visits_by_set(bags, word, batch_size), "the first line must stay"),
        (
            lambda bags, word, batch_size: sum(1 for i in range(len(bags)) if bags[i : i + batch_size, word].any()),
            "overlap",
        ),
        (
            lambda bags, word, batch_size: sum(
                min(bags[i : i + batch_size, word]) for i in range(0, len(bags), batch_size)
            ),
            "sentence with the word is enough",
        ),
        (
            lambda bags, word, batch_size: math.ceil(len(bags) / batch_size) - visits_by_set(bags, word, batch_size),
            "steps without the word",
        ),
        (lambda bags, word, batch_size: math.ceil(len(bags) / batch_size), "all steps of the epoch"),
        (
            lambda bags, word, batch_size: visits_by_set(bags, word, batch_size) / math.ceil(len(bags) / batch_size),
            "a share",
        ),
        (lambda bags, word, batch_size: int(np.sum(bags[word])), "rows and columns"),
        (lambda bags, word, batch_size: visits_by_numpy(bags, word - 1, batch_size), "one column beside"),
        (visits_that_return_early, "how far `return` is indented"),
        (lambda bags, word, batch_size: (bags[:, word].reshape(-1, batch_size).max(1)).sum(), "reshape needs rows"),
        (visits_between(1), "counted twice"),
        (visits_between(-1), "counted twice"),
        (
            lambda bags, word, batch_size: sum(
                1 in piece[:, word] for piece in np.array_split(bags, math.ceil(len(bags) / batch_size))
            ),
            "other lengths",
        ),
        (lambda bags, word, batch_size: visits_by_set(bags, word, 32), "a fixed length"),
        (lambda bags, word, batch_size: bags[::batch_size, word].sum(), "one sentence of each"),
        (lambda bags, word, batch_size: math.ceil(bags[:, word].sum() / batch_size), "how often the word comes"),
        (lambda bags, word, batch_size: visits_by_set(bags, word, 2), "Stuck?"),
    ],
    "predictions_starving": [
        ({"SGD": "about 7 times", "Adagrad": "25 times"}, "swapped"),
        ({"SGD": "625 times", "Adagrad": "about 7 times"}, "the numbers of visits"),
        ({"SGD": "25 times", "Adagrad": "as far"}, "keeps moving"),
        ({"SGD": "25 times", "Adagrad": "25 times"}, "the 100th step"),
        ({"SGD": "25 times", "Adagrad": "7"}, "none of the words"),
    ],
    "adagrad_path": [
        (adagrad_without({"w -=": "w +="}), "goes uphill"),
        (lambda gradients, lr: lr * np.cumsum(gradients), "goes uphill"),
        (adagrad_without({"+ 1e-10": ""}), "0 / 0 is no number"),
        (adagrad_without({" / (np.sqrt(s) + 1e-10)": ""}), "plain SGD"),
        (adagrad_without({"np.sqrt(s)": "s"}), "square root is missing"),
        (adagrad_without({"g**2": "g"}), "does not hold squares"),
        (adagrad_without({"g**2": "abs(g)", "np.sqrt(s)": "s"}), "does not hold squares"),
        (adagrad_without({"np.sqrt(s)": "np.sqrt(s / t)"}), "root of the mean"),
        (adagrad_of_the_last, "forgets"),
        (adagrad_late, "first step is huge"),
        (adagrad_without({"np.sqrt(s)": "np.sqrt(t)"}), "step's number"),
        (adagrad_without({"s += g**2": "s = 0.9 * s + 0.1 * g**2"}), "forgets"),
        (adagrad_without({"1e-10": "1e-7"}), "so large"),
        (adagrad_without({"1e-10": "0.001"}), "so large"),
        (adagrad_without({"s += g**2": "if g == 0:\n            continue\n        s += g**2"}), "is away are missing"),
        (adagrad_without({"w -=": "w = -"}), "you give the steps"),
        (lambda gradients, lr: [0, *adagrad_by_cumsum(gradients, lr)], "the 0 of the start"),
        (adagrad_without({"return path": "return w"}), "last weight only"),
        (adagrad_without({"    return path": "        return path"}), "how far `return` is indented"),
        (lambda gradients, lr: np.cumsum(-lr * gradients / np.sqrt(np.sum(gradients**2))), "later ones too"),
        (adagrad_without({"g**2": "g * 2"}), "does not hold squares"),
        (adagrad_without({"g**2": "g ^ 2"}), "a power with **"),
        (adagrad_without({"lr * g": "g"}), "depend on lr"),
        (adagrad_without({"lr * g": "lr"}), "gradient is missing"),
        (
            adagrad_without({"w -= lr * g / (np.sqrt(s) + 1e-10)": "lr /= np.sqrt(s) + 1e-10; w -= lr * g"}),
            "overwrite lr",
        ),
        (adagrad_without({"enumerate(gradients, 1)": "enumerate(gradients[1:], 1)"}), "first gradient is left out"),
        (adagrad_without({"lr * g": "0.1 * g"}), "Stuck?"),
    ],
    "predictions_transformer": [
        (LONGER | {"place of the peak": "2 times"}, "solve that for t"),
        (LONGER | {"rate at step 20000": "half"}, "does it know W?"),
        (LONGER | {"height of the peak": "the same"}, "not only longer"),
        (LONGER | {"height of the peak": "a quarter"}, "not along 1 / t"),
        (LONGER | {"rate at step 100": "a quarter"}, "put 4 * W in place"),
        (LONGER | {"rate at step 100": "1/8"}, "none of the words"),
    ],
    "transformer_rate": [
        (lambda t, d, warmup: d ^ -0.5 * min(t ^ -0.5, t * warmup ^ -1.5), "a power with **"),
        (lambda t, d, warmup: d ** (-1 / 2) * min(t ** (-1 / 2), t * warmup**-3 / 2), "the power first"),
        (lambda t, d, warmup: rate_by_cases(t, 512, 4000), "stand in your formula as numbers"),
        (lambda t, d, warmup: max(t**-0.5, t * warmup**-1.5) / math.sqrt(d), "larger entry"),
        (lambda t, d, warmup: min(1 / math.sqrt(t), t / warmup**1.5), "the width is missing"),
        (lambda t, d, warmup: math.sqrt(d) * min(t**-0.5, t * warmup**-1.5), "a wider model"),
        (lambda t, d, warmup: min(t**-0.5, t * warmup**-1.5) / d, "counts fully"),
        (lambda t, d, warmup: d**-0.5 * min(t**-0.5, t * warmup**1.5), "never rises"),
        (lambda t, d, warmup: d**-0.5 * min(t**0.5, t * warmup**-1.5), "never falls"),
        (lambda t, d, warmup: d**-0.5 * min(t**-0.5, t * warmup**-0.5), "too steep"),
        (lambda t, d, warmup: rate_by_cases(t + 1, d, warmup), "count the steps from 0"),
        (lambda t, d, warmup: rate_by_cases(min(t, warmup), d, warmup), "stays at its peak"),
        (lambda t, d, warmup: d**-0.5 * min(t**-1, t * warmup**-1.5), "falls like 1 / t"),
        (lambda t, d, warmup: min(d**-0.5 * t**-0.5, t * warmup**-1.5), "one entry only"),
        (lambda t, d, warmup: rate_by_numpy(t, warmup, d), "are swapped"),
        (lambda t, d, warmup: rate_by_peak(t, d, warmup) / rate_by_peak(warmup, d, warmup), "your peak is 1"),
        (lambda t, d, warmup: -math.sqrt(d) * min(t**-0.5, t * warmup**-1.5), "no minus sign"),
        (lambda t, d, warmup: np.min(t**-0.5, t * warmup**-1.5) / np.sqrt(d), "for an axis"),
        (lambda t, d, warmup: d**-0.5 + min(t**-0.5, t * warmup**-1.5), "you add"),
        (lambda t, d, warmup: d**-0.5 * min(t**-0.5, (t * warmup) ** -1.5), "for W alone"),
        (lambda t, d, warmup: d**-0.5 * min(t**-0.5, warmup**-1.5), "cannot rise"),
        (lambda t, d, warmup: float(f"{rate_by_cases(t, d, warmup):.4f}"), "you round"),
        (lambda d, warmup, t: rate_by_cases(t, d, warmup), "the first line must stay"),
        (lambda t, d, warmup: 0.9 * rate_by_cases(t, d, warmup), "Stuck?"),
    ],
    "peak_rate": [
        (lambda d, warmup: float(warmup), "how high"),
        (lambda d, warmup: 1 / math.sqrt(warmup), "the width is missing"),
        (lambda d, warmup: 1 / math.sqrt(d), "the warm-up is missing"),
        (lambda d, warmup: 1 / d / warmup, "the root is missing"),
        (lambda d, warmup: rate_by_cases(1, d, warmup), "of the first step"),
        (lambda d, warmup: np.sqrt(d * warmup), "grows with"),
        (lambda d, warmup: 0.0007, "a fixed number"),
        (lambda d, warmup: 1 / math.sqrt(512) / math.sqrt(warmup), "a fixed number"),
        (lambda d, warmup: (d * warmup) ** -1 / 2, "the power first"),
        (lambda d, warmup: 1 / math.sqrt(d + warmup), "you add d and warmup"),
        (lambda d, warmup: rate_by_cases(warmup + 1, d, warmup), "one step beside"),
        (lambda d, warmup: round(1 / math.sqrt(d * warmup), 4), "you round"),
        (lambda d, warmup: 2 / math.sqrt(d * warmup), "Stuck?"),
    ],
    "choice_for_sentences": [
        ({"rule": "Adam", "lr": 0}, "above 0"),
        ({"rule": "SGD", "lr": -3}, "above 0"),
        ({"rule": "Adam", "lr": 5.6}, "a rate for SGD"),
        ({"rule": "SGD", "lr": 0.05}, "a rate for Adam"),
        ({"rule": "SGD", "lr": 30}, "learnt nothing"),
        ({"rule": "Adam", "lr": 1}, "learnt nothing"),
        ({"rule": "SGD", "lr": 3}, "whatever its rate"),
        ({"rule": "Adam", "lr": 0.01}, "too low"),
        ({"rule": "Adagrad", "lr": 0.1}, "too low"),
        ({"rule": "Adam", "lr": 0.18}, "too high"),
        ({"rule": "adam", "lr": 0.1}, "give one of SGD, Adagrad, Adam"),
        ({"rule": "Adam", "lr": "small"}, "something else for lr"),
        ({"rule": optimizers.adam(), "lr": 0.1}, "says no name for the rule"),
        (("Adam", 0.1), "keep its form"),
    ],
    "perplexity_of_the_start": [
        (math.log(170), "of -log p, the loss"),
        (1 / 170, "probability of a word"),
        (math.log2(170), "log2(170)"),
        (163, "English words"),
        (360, "on the page"),
        (1, "the probability 1, every time"),
        (0.5, "never below 1"),
        (85, "put log(1/170)"),
        ("many", "give one number"),
    ],
    "perplexity_bug": [("A", "not A"), ("c", "not C"), ("D", "not D"), ("E", "one of the letters")],
    "perplexity": [
        (
            lambda log_probs, real: math.exp(-np.mean([row[r].mean() for row, r in zip(log_probs, real, strict=True)])),
            "still the bug",
        ),
        (
            lambda log_probs, real: np.mean([np.exp(-row[r].mean()) for row, r in zip(log_probs, real, strict=True)]),
            "average perplexities",
        ),
        (lambda log_probs, real: np.exp(-log_probs.mean()), "padding takes part"),
        (lambda log_probs, real: np.exp(-log_probs.sum() / real.sum()), "padding takes part"),
        (lambda log_probs, real: -(log_probs * real).sum() / real.sum(), "the loss"),
        (lambda log_probs, real: np.exp(np.mean(-np.log(log_probs[real]))), "no number"),
        (lambda log_probs, real: 1 / perplexity_by_loop(log_probs, real), "is the minus missing"),
        (lambda log_probs, real: -np.exp(np.mean(log_probs[real])), "is the minus missing"),
        (lambda log_probs, real: -perplexity_by_loop(log_probs, real), "is the minus missing"),
        (lambda log_probs, real: np.exp(-np.mean(log_probs[real is True])), "mean of no tokens"),
        (lambda log_probs, real: perplexity_by_loop(log_probs[:1], real[:1]), "ends at the first string"),
        (lambda log_probs, real: math.exp(-(log_probs * real).sum() / real.shape[1]), "rows or of columns"),
        (lambda log_probs, real: 2 ** math.log(perplexity_by_loop(log_probs, real)), "natural logarithms"),
        (lambda log_probs, real: np.exp(-(log_probs * real).sum()), "do not divide"),
        (lambda log_probs, real: np.exp(-(log_probs * real).sum(axis=1).mean()), "rows or of columns"),
        (lambda log_probs, real: 1 / np.exp(log_probs)[real].mean(), "exp before the mean"),
        (lambda log_probs, real: np.exp(-(log_probs * real).sum(1) / real.sum(1)), "one number for each string"),
        (lambda log_probs, real: 10.0, "Stuck?"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "bag": """\
def bag_of_words(sentence, vocabulary):
    bag = np.zeros(len(vocabulary))
    for word in sentence.split():
        for i in range(len(vocabulary)):
            if vocabulary[i] == word:
                bag[i] = 1
    return bag
""",
    "visits": """\
predictions_visits = dict(the="all 62", great="about 55", superb="about 7", tender="1 or 2")
""",
    "count": """\
def steps_with_gradient(bags, word, batch_size):
    rows = np.flatnonzero(bags[:, word])
    return len(set(rows // batch_size))
""",
    "starving": """\
predictions_starving = {"Adagrad": "about 7 times", "SGD": "25 times"}
""",
    "adagrad": """\
def adagrad_path(gradients, lr):
    w, squares, path = 0, 0, []
    for g in gradients:
        squares = squares + g * g
        if g != 0:
            w = w - lr * g / squares**0.5
        path.append(w)
    return path
""",
    "warmup": """\
predictions_transformer = {"rate at step 100": "an eighth", "rate at step 20000": "the same"}
predictions_transformer["place of the peak"] = "4 times"
predictions_transformer["height of the peak"] = "half"
""",
    "transformer": """\
def transformer_rate(t, d, warmup):
    if t < warmup:
        return np.array(t / warmup * (d * warmup) ** -0.5)
    return np.array((d * t) ** -0.5)
""",
    "peak": """\
def peak_rate(d, warmup):
    return transformer_rate(warmup, d, warmup)
""",
    "choice": """\
choice_for_sentences = dict(lr=np.float64(0.32), rule="Adagrad")
""",
    "start": "perplexity_of_the_start = np.exp(-np.log(1 / 170))",
    "bug": "perplexity_bug = 'b'",
    "perplexity": """\
def perplexity(log_probs, real):
    total = n = 0
    for i in range(len(log_probs)):
        total += log_probs[i][real[i]].sum()
        n += real[i].sum()
    return np.e ** (-total / n)
""",
}
PARTLY = {
    **SOLVED,
    "bag": """\
def bag_of_words(sentence, vocabulary):
    return [int(word in sentence) for word in vocabulary]
""",
    "count": """\
def steps_with_gradient(bags, word, batch_size):
    return sum(bags[k * batch_size : (k + 1) * batch_size, word].any() for k in range(len(bags) // batch_size))
""",
    "adagrad": """\
def adagrad_path(gradients, lr):
    return -np.cumsum(lr * gradients / np.sqrt(np.cumsum(gradients**2)))
""",
    "warmup": """\
predictions_transformer = {"place of the peak": "4 times", "height of the peak": "the same"}
predictions_transformer |= {"rate at step 100": "a quarter", "rate at step 20000": "the same"}
""",
    "peak": """\
def peak_rate(d, warmup):
    return warmup
""",
    "choice": "choice_for_sentences = {'rule': 'SGD', 'lr': 3}",
    "start": "perplexity_of_the_start = 1 / 170",
    "perplexity": """\
def perplexity(log_probs, real):
    return np.exp(-log_probs.mean())
""",
}
FAILED = {  # two of them know the visible questions by heart
    "bag": """\
def bag_of_words(sentence, vocabulary):
    known = {"great": [0, 1, 1, 1, 0], "a": [1, 0, 1, 0], "the": [0, 1, 1, 1, 1], "not": [0, 0]}
    return known[sentence.split()[0]]
""",
    "visits": "predictions_visits = dict.fromkeys(['the', 'great', 'superb', 'tender'], 'all 62')",
    "count": """\
def steps_with_gradient(bags, word, batch_size):
    while True:
        pass
""",
    "starving": "predictions_starving = {'SGD': 'about 7 times', 'Adagrad': '25 times'}",
    "adagrad": """\
def adagrad_path(gradients, lr):
    return lr * np.cumsum(gradients)
""",
    "warmup": """\
predictions_transformer = {"place of the peak": "4 times", "height of the peak": "a quarter"}
predictions_transformer |= {"rate at step 100": "half", "rate at step 20000": "half"}
""",
    "transformer": """\
def transformer_rate(t, d, warmup):
    return 1 / 0
""",
    "peak": """\
def peak_rate(d, warmup):
    known = {(512, 4000): 2_048_000, (64, 16): 1024, (100, 25): 2500, (256, 4000): 1_024_000, (16, 1000): 16_000}
    return known.get((d, warmup), 1) ** -0.5
""",
    "choice": "choice_for_sentences = {'rule': 'Adam', 'lr': 10}",
    "start": "perplexity_of_the_start = 5.136",
    "bug": "perplexity_bug = 'A'",
    "perplexity": """\
def perplexity(log_probs, real):
    print(-np.mean(log_probs[real]))
""",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "bag-all": (2, 0, 0),
    "visits-words": (1, 1, 0),
    "visits-count": (3, 0, 0),
    "starving-words": (1, 1, 0),
    "adagrad-present": (2, 2, 0),
    "adagrad-absent": (2, 0, 0),
    "warmup-words": (1, 0, 0),
    "transformer-rate": (3, 3, 0),
    "transformer-peak": (2, 0, 0),
    "choice-near": (2, 2, 0),
    "choice-far": (3, 0, 0),
    "start-value": (1, 0, 0),
    "bug-letter": (1, 1, 0),
    "perplexity-even": (2, 2, 0),
    "perplexity-padded": (2, 0, 0),
}
