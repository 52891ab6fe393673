"""Answers to *Finding one*, right and wrong, as students write them."""

import itertools
import math

import numpy as np

from lrlab import tuning

EVEN, LOG_EVEN = "even in the rate", "even in the exponent"
SHOWN, REAL = "the winner's error on the images that chose it", "its error on new images"
GAP = "the gap between the two"
SMALL, LARGE = "SGD, batch from 1 to 8", "SGD, batch from 64 to 1,024"
ADAM, MOMENTUM = "Adam, batch from 1 to 8", "plain SGD, then with momentum 0.9"


def grid_by_loop(low, high, count):
    rates, factor = [low], math.exp((math.log(high) - math.log(low)) / (count - 1))
    for _ in range(count - 1):
        rates.append(rates[-1] * factor)
    return rates


def loop_with(rates=np.geomspace, over=lambda losses, stop: not losses[-1] <= stop * min(losses), calls=1):
    """A range test as a loop, with its usual places to go wrong."""

    def range_test(step, low, high, steps, stop):
        tried, losses = [], []
        for lr in rates(low, high, steps):
            tried.append(lr)
            losses.append([step(lr) for _ in range(calls)][-1])
            if over(losses, stop):
                break
        return tried, losses

    return range_test


def loop_by_while(step, low, high, steps, stop):
    factor, lr, best, found = (high / low) ** (1 / (steps - 1)), low, math.inf, []
    while len(found) < steps:
        loss = step(lr)
        found.append((lr, loss))
        best = min(best, loss)
        if math.isnan(loss) or math.isinf(loss) or loss > best * stop:
            break
        lr *= factor
    return np.array(found).T


def loop_that_drops_the_last(step, low, high, steps, stop):
    rates, losses = [], []
    for lr in np.geomspace(low, high, steps):
        loss = step(lr)
        if losses and not loss <= stop * min(losses):
            break
        rates.append(lr)
        losses.append(loss)
    return rates, losses


def loop_with_the_rate_raised_first(step, low, high, steps, stop):
    lr, rates, losses = low, [], []
    for _ in range(steps):
        lr = lr * (high / low) ** (1 / (steps - 1))
        rates.append(lr)
        losses.append(step(lr))
        if not losses[-1] <= stop * min(losses):
            break
    return rates, losses


def third_of_the_minimum(rates, losses):
    lowest, at = math.inf, None
    average = losses[0]
    for i in range(len(losses)):
        average = 0.9 * average + 0.1 * losses[i]
        if i >= 10 and average < lowest:
            lowest, at = average, rates[i]
    return at / 3


def quarter_of_the_minimum(rates, losses):
    return np.array(rates[int(np.argmin(tuning.smoothed(losses, 0.8)))] / 4)


def best_by_all_ways(scores, n):
    lowest = [min(chosen) for chosen in itertools.combinations(scores, n)]
    return sum(lowest) / len(lowest)


def best_by_tails(scores, n):
    """E[min] as a sum of the chances to be above each score."""
    ordered, total = sorted(scores), len(scores)
    best = ordered[0]
    for i in range(1, total):
        best += (ordered[i] - ordered[i - 1]) * math.comb(total - i, n) / math.comb(total, n)
    return best


def best_by_products(scores, n):
    """The chance to be the lowest, score by score: n / N for the first, and then by ratios."""
    ordered, total = np.sort(scores), len(scores)
    chance, best = n / total, 0.0
    for i in range(total):
        best += chance * ordered[i]
        left = total - i - 1
        chance = chance * (left - n + 1) / left if left else 0.0
    return np.float64(best)


def batch_by_powers(lr, old, new, rule, ceiling):
    rate = lr * (new / old) ** {"linear": 1, "square root": 0.5}[rule]
    if rate > ceiling:
        rate = ceiling
    return rate


def plan(**changes):
    """A plan that holds, with some entries changed; spaces in the keys as underscores."""
    whole = {
        "scouts": [0.001, 0.01, 0.1, 1],
        "finalists": [0.02, 0.05],
        "seeds": 4,
        "decided by": "validation",
        "chosen": 0.05,
    }
    return {**whole, **{key.replace("_", " "): value for key, value in changes.items()}}


def scaling(small="rises", large="stays", adam="rises", momentum="falls"):
    return {SMALL: small, LARGE: large, ADAM: adam, MOMENTUM: momentum}


def winner(shown="falls", real="stays", gap="grows"):
    return {SHOWN: shown, REAL: real, GAP: gap}


RIGHT = {
    "predictions_draws": ({EVEN: 10, LOG_EVEN: 500}, {LOG_EVEN: 480.0, EVEN: np.float64(9.9)}),
    "log_uniform": (
        lambda low, high, shares: low ** (1 - np.asarray(shares)) * high ** np.asarray(shares),
        lambda low, high, shares: np.exp(np.log(low) + shares * np.log(high / low)),
        lambda low, high, shares: (10 ** (np.log10(low) + np.multiply(shares, np.log10(high / low)))).tolist(),
    ),
    "log_grid": (
        grid_by_loop,
        lambda low, high, count: np.logspace(np.log10(low), np.log10(high), count),
        lambda low, high, count: [low * (high / low) ** (i / (count - 1)) for i in range(count)],
    ),
    "range_test": (loop_with(), loop_by_while, lambda *asked: list(map(tuple, loop_by_while(*asked)))),
    "read_rate": (third_of_the_minimum, quarter_of_the_minimum),
    "predictions_winner": (winner(), dict(reversed(winner().items()))),
    "expected_best": (best_by_tails, best_by_products),
    "search_plan": (
        plan(),
        plan(scouts=np.geomspace(1e-4, 1, 5), finalists=(0.02, 0.06), seeds=3, chosen=np.float64(0.02)),
        plan(scouts=[1, 0.1, 0.01, 0.001, 0.03], finalists=[0.06, 0.03], seeds=np.int64(3), chosen=0.06),
    ),
    "predictions_scaling": (scaling(), dict(reversed(scaling().items()))),
    "rate_for_batch": (
        batch_by_powers,
        lambda lr, old, new, rule, ceiling: np.minimum(
            ceiling, lr * np.where(rule == "linear", new / old, np.sqrt(new / old))
        ),
    ),
    "decay_for_twice_the_rate": ("B", " b"),
}

# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "predictions_draws": [
        ({EVEN: 0.01, LOG_EVEN: 0.5}, "look like shares"),
        ({EVEN: 1, LOG_EVEN: 50}, "or percentages"),
        ({EVEN: 500, LOG_EVEN: 10}, "swapped"),
        ({EVEN: 250, LOG_EVEN: 500}, "what counts is distance"),
        ({EVEN: 100, LOG_EVEN: 500}, "what counts is distance"),
        ({EVEN: 10, LOG_EVEN: 250}, "the same share"),
        ({EVEN: 10, LOG_EVEN: "half"}, "give one number"),
        ([10, 500], "must keep its form"),
    ],
    "log_uniform": [
        (lambda low, high, shares: np.add(low, np.multiply(high - low, shares)), "still even"),
        (lambda low, high, shares: np.log10(low) + np.multiply(shares, np.log10(high / low)), "the exponents"),
        (lambda low, high, shares: 10 ** (low * (1 - shares) + high * shares), "as exponents"),
        (lambda low, high, shares: np.exp(np.log10(low) * (1 - shares) + np.log10(high) * shares), "two kinds"),
        (lambda low, high, shares: np.power(high, shares), "must give low"),
        (lambda low, high, shares: low ** np.asarray(shares) * high ** (1 - np.asarray(shares)), "down to low"),
        (lambda low, high, shares: 10.0 ** np.rint(np.log10(low * (high / low) ** np.asarray(shares))), "whole powers"),
        (lambda low, high, shares: low * np.power(10, shares), "whatever high is"),
        (lambda low, high, shares: np.log10(np.add(low, np.multiply(high - low, shares))), "still even"),
        (lambda low, high, shares: 10 ** np.multiply(np.log10(low), shares), "must give low"),
        (lambda low, high, shares: 10 ** (-4 + np.multiply(4, shares)), "0.0001 and 1 only"),
        (lambda low, high, shares: 10 ** (np.log10(low) + np.multiply(np.log10(high - low), shares)), "a difference"),
        (lambda low, high, shares: np.multiply(high / low * low, shares), "into an exponent"),
        (lambda low, high, shares: 10 ** np.linspace(np.log10(low), np.log10(high), len(shares)), "from the shares"),
        (lambda low, high, shares: np.sqrt(low * high), "Stuck?"),
        (lambda low, high, shares: np.random.default_rng(0).uniform(low, high), "Stuck?"),
    ],
    "log_grid": [
        (lambda low, high, count: [low + i * (high - low) / (count - 1) for i in range(count)], "constant difference"),
        (lambda low, high, count: np.geomspace(low, high, count, endpoint=False), "falls short"),
        (
            lambda low, high, count: [low * (high / low) ** (i / count) for i in range(1, count + 1)],
            "already one factor",
        ),
        (lambda low, high, count: np.geomspace(low, high, count + 1), "one rate too many"),
        (lambda low, high, count: np.geomspace(low, high, count)[:-1], "one rate too few"),
        (lambda low, high, count: np.logspace(low, high, num=count), "as exponents"),
        (lambda low, high, count: [low * ((high / low) ** 1 / (count - 1)) ** i for i in range(count)], "a root"),
        (lambda low, high, count: [low * (high / low) ** i / (count - 1) for i in range(count)], "a root"),
        (lambda low, high, count: np.log10(np.geomspace(low, high, count)), "the exponents: turn"),
        (lambda low, high, count: 10 ** np.linspace(math.log(low), math.log(high), count), "two kinds"),
        (lambda low, high, count: [low * 10**i for i in range(count)], "a fixed number"),
        (lambda low, high, count: np.geomspace(1, high / low, count), "begins at 1"),
        (lambda low, high, count: np.geomspace(low, high, count)[::-1], "your rates fall"),
        (lambda low, high, count: [low, high], "where an array of shape (4,)"),
    ],
    "range_test": [
        (loop_with(rates=np.linspace), "constant difference"),
        (loop_with(rates=lambda low, high, n: [low * (high / low) ** (i / n) for i in range(n)]), "too small"),
        (loop_with(rates=lambda low, high, n: grid_by_loop(low, high, n)[:-1]), "last rate is missing"),
        (loop_with(rates=lambda low, high, n: grid_by_loop(high, low, n)), "your rates fall"),
        (loop_with_the_rate_raised_first, "one factor above low"),
        (lambda step, *asked: loop_with()(lambda lr: step(asked[0]), *asked), "the first rate"),
        (loop_with(calls=2), "more than once"),
        (lambda step, low, *asked: [step(low), loop_with()(step, low, *asked)][1], "more than once"),
        (lambda *asked: loop_with()(*asked)[1], "one list"),
        (lambda *asked: loop_with()(*asked)[0], "one list"),
        (lambda step, low, high, steps, stop: np.geomspace(low, high, steps), "one list"),
        (lambda step, low, high, steps, stop: step(np.geomspace(low, high, steps)), "one rate at a time"),
        (loop_with(over=lambda losses, stop: not losses[-1] <= stop + min(losses)), "you add"),
        (loop_with(over=lambda losses, stop: not losses[-1] <= 4 * min(losses)), "an example"),
        (lambda *asked: loop_with()(*asked)[::-1], "swapped"),
        (loop_with(over=lambda losses, stop: False), "goes on"),
        (loop_with(over=lambda losses, stop: losses[-1] > losses[0] * stop), "with the first loss"),
        (loop_with(over=lambda losses, stop: len(losses) > 1 and losses[-1] > stop * losses[-2]), "just before"),
        (loop_with(over=lambda losses, stop: losses[-1] > stop), "with `stop`"),
        (loop_with(over=lambda losses, stop: losses[-1] > stop * min(losses)), "not a number"),
        (loop_that_drops_the_last, "is missing"),
        (loop_with(over=lambda losses, stop: len(losses) > 1 and not losses[-1] <= min(losses[:-1])), "rises at all"),
        (lambda step, low, high, steps, stop: ([low], [step(low)]), "inside the loop"),
    ],
    "read_rate": [
        (lambda rates, losses: 0.1, "the same rate"),
        (lambda rates, losses: np.argmin(losses), "a place in the list"),
        (lambda rates, losses: np.argmin(losses) / 3, "a place in the list"),
        (lambda rates, losses: min(tuning.smoothed(losses)) / 3, "a loss, not a rate"),
        (lambda rates, losses: rates[np.argmin(np.diff(tuning.smoothed(losses)))], "the first ten"),
        (lambda rates, losses: min(losses), "a loss, not a rate"),
        (lambda rates, losses: rates[-1], "blew up"),
        (lambda rates, losses: rates[-2], "blew up"),
        (lambda rates, losses: rates[np.argmin(losses)], "about to rise"),
        (lambda rates, losses: rates[np.argmin(tuning.smoothed(losses))], "about to rise"),
        (lambda rates, losses: rates[np.argmin(losses)] / 10, "needlessly slow"),
        (lambda rates, losses: rates[np.argmin(tuning.smoothed(losses))] / 10, "needlessly slow"),
        (lambda rates, losses: rates[np.argmin(np.diff(losses))], "is luck"),
        (lambda rates, losses: rates[-1] / 2, "on the side of the cliff"),
        (lambda rates, losses: rates[-1] / 100, "go higher"),
        (lambda rates, losses: -1.0, "a number above 0"),
        (lambda rates, losses: rates, "give one rate"),
    ],
    "predictions_winner": [
        (winner("falls", "falls", "falls"), "all three the same"),
        (winner("stays", "stays", "stays"), "the lowest of more numbers"),
        (winner("grows", "stays"), "the lowest of more numbers"),
        (winner("falls", "falls", "grows"), "know nothing of the luck"),
        (winner("falls", "stays", "falls"), "decide the third"),
        (winner("sinks"), "none of the words"),
        ("falls", "must keep its form"),
    ],
    "expected_best": [
        (lambda scores, n: sum(scores) / len(scores), "the mean of all scores"),
        (lambda scores, n: sorted(scores)[0], "the lowest of all"),
        (lambda scores, n: np.sort(scores)[n - 1], "by its place"),
        (lambda scores, n: np.mean([min(scores[i : i + n]) for i in range(len(scores) - n + 1)]), "neighbours"),
        (lambda scores, n: min(scores[i] for i in range(n)), "the first n scores"),
        (lambda scores, n: sum(sorted(scores)[:n]) / n, "the n lowest"),
        (lambda scores, n: -best_by_tails([-s for s in scores], n), "keep the highest"),
        (
            lambda scores, n: float(
                np.sum(np.sort(scores) * -np.diff((np.arange(len(scores), -1, -1) / len(scores)) ** n))
            ),
            "drawn twice",
        ),
        (
            lambda scores, n: (
                sum(s * math.comb(len(scores) - 1 - i, n - 1) for i, s in enumerate(scores)) / math.comb(len(scores), n)
            ),
            "sort them first",
        ),
        (
            lambda scores, n: (
                sum(s * math.comb(len(scores) - i, n - 1) for i, s in enumerate(sorted(scores)))
                / math.comb(len(scores), n)
            ),
            "do not add up to 1",
        ),
        (lambda scores, n: best_by_tails(scores, n) * math.comb(len(scores), n), "divide by how many"),
        (lambda scores, n: np.quantile(scores, 1 / n), "a quantile"),
        (lambda scores, n: np.median(scores), "Stuck?"),
    ],
    "search_plan": [
        (plan(scouts=[0.0001, 0.001, 0.01, 0.1, 1]), "more than 12 runs"),
        (plan(scouts=[0.01, 0.03, 0.1, 0.3]), "less than three decades"),
        (plan(scouts=[0.001, 0.02, 0.05, 1]), "a gap"),
        (plan(scouts=np.linspace(0.001, 1, 4)), "a gap"),
        (plan(scouts=[0.1, 1, 10, 100]), "the other side"),
        (plan(scouts=[0.00001, 0.0001, 0.001, 0.01]), "the other side"),
        (plan(finalists=[0.05]), "against nobody"),
        (plan(finalists=[0.05, 0.5]), "ruled it out"),
        (plan(finalists=[0.05, 0.06]), "so close together"),
        (plan(seeds=1), "too few seeds"),
        (plan(seeds=2), "too few seeds"),
        (plan(decided_by="test"), "judge any more"),
        (plan(decided_by="training"), "does not see"),
        (plan(chosen=0.1), "is too high"),
        (plan(chosen=0.002), "is too low"),
        (plan(chosen=0.03), "not among your finalists"),
        (plan(chosen="a third"), "give one number"),
        (plan(scouts=[-3, -2, -1, 0]), "not exponents"),
        (plan(seeds=2.5), "a whole number"),
        (plan(seeds="four"), "give one number"),
        (plan(scouts="wide"), "give a list of numbers"),
        (plan(finalists=[-0.1, 0.1]), "not above 0"),
        (plan(decided_by="luck"), "one of training, validation, test"),
        ([0.001, 0.01], "must keep its form"),
    ],
    "predictions_scaling": [
        (scaling(small="stays"), "what does less noise allow"),
        (scaling(large="rises"), "hardly any noise"),
        (scaling(adam="stays"), "not level"),
        (scaling(momentum="rises"), "about ten steps"),
        (scaling(momentum="down"), "none of the words"),
    ],
    "rate_for_batch": [
        (lambda lr, old, new, rule, ceiling: batch_by_powers(lr, new, old, rule, ceiling), "upside down"),
        (lambda lr, old, new, rule, ceiling: min(lr * new / old, ceiling), "linear rule always"),
        (lambda lr, old, new, rule, ceiling: min(lr * (new / old) ** 0.5, ceiling), "square root always"),
        (
            lambda lr, old, new, rule, ceiling: min(lr * (new / old) ** (0.5 if rule == "linear" else 1), ceiling),
            "rules are swapped",
        ),
        (
            lambda lr, old, new, rule, ceiling: min(
                lr * new / old if rule == "linear" else (lr * new / old) ** 0.5, ceiling
            ),
            "belongs to the factor",
        ),
        (
            lambda lr, old, new, rule, ceiling: min(lr * (new // old) ** (1 if rule == "linear" else 0.5), ceiling),
            "// cuts",
        ),
        (
            lambda lr, old, new, rule, ceiling: min(lr * (new / old) ** (1 if rule == "linear" else 2), ceiling),
            "square where",
        ),
        (
            lambda lr, old, new, rule, ceiling: min(lr * (new / old) ** 1 / (1 if rule == "linear" else 2), ceiling),
            "half of k",
        ),
        (lambda lr, old, new, rule, ceiling: batch_by_powers(1, old, new, rule, ceiling), "left out"),
        (lambda lr, old, new, rule, ceiling: batch_by_powers(lr, old, max(old, new), rule, ceiling), "never falls"),
        (lambda lr, old, new, rule, ceiling: batch_by_powers(lr, old, new, rule, 0.8), "number of your own"),
        (
            lambda lr, old, new, rule, ceiling: (
                lr
                if lr * (new / old) ** (1 if rule == "linear" else 0.5) > ceiling
                else batch_by_powers(lr, old, new, rule, ceiling)
            ),
            "back to the old rate",
        ),
        (lambda lr, old, new, rule, ceiling: batch_by_powers(lr, old, new, rule, math.inf), "ceiling is missing"),
        (lambda lr, old, new, rule, ceiling: max(batch_by_powers(lr, old, new, rule, math.inf), ceiling), "which one"),
        (lambda lr, old, new, rule, ceiling: ceiling, "which one"),
        (
            lambda lr, old, new, rule, ceiling: batch_by_powers(min(ceiling, lr), old, new, rule, math.inf),
            "scale first",
        ),
        (
            lambda lr, old, new, rule, ceiling: batch_by_powers(
                lr, old, new, rule, ceiling if rule == "linear" else math.inf
            ),
            "in one rule only",
        ),
        (lambda lr, old, new, rule, ceiling: lr, "Stuck?"),
    ],
    "decay_for_twice_the_rate": [
        ("A", "forget twice as soon"),
        ("c", "four times as soon"),
        ("D", "once, not squared"),
        ("halve", "one of the letters"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "draws": 'predictions_draws = {"even in the rate": 9.9, "even in the exponent": 500.0}',
    "mended": """\
def log_uniform(low, high, shares):
    rates = low * (high / low) ** np.asarray(shares)
    return rates.tolist()
""",
    "grid": """\
def log_grid(low, high, count):
    rates = []
    for i in range(count):
        rates.append(low * (high / low) ** (i / (count - 1)))
    return rates
""",
    "test": """\
def range_test(step, low, high, steps, stop):
    factor, lr = (high / low) ** (1 / (steps - 1)), low
    rates, losses, lowest = [], [], float("inf")
    while len(rates) < steps:
        loss = step(lr)
        rates.append(lr)
        losses.append(loss)
        lowest = min(lowest, loss)
        if not np.isfinite(loss) or loss > stop * lowest:
            return np.array(rates), np.array(losses)
        lr *= factor
    return np.array(rates), np.array(losses)
""",
    "read": """\
def read_rate(rates, losses):
    smooth = list(tuning.smoothed(losses))
    return np.array([rates[smooth.index(min(smooth))] / 4])[0]
""",
    "winner": """\
keys = ["the winner's error on the images that chose it", "its error on new images", "the gap between the two"]
predictions_winner = dict(zip(keys, ["falls", "stays", "grows"]))
""",
    "best": """\
def expected_best(scores, n):
    s, N = sorted(scores), len(scores)
    best = s[0]
    for i in range(1, N):  # the chance that all n are among the N - i highest
        best += (s[i] - s[i - 1]) * math.comb(N - i, n) / math.comb(N, n)
    return np.array(best)
""",
    "plan": """\
search_plan = {
    "scouts": np.geomspace(0.001, 1, 4),
    "finalists": (0.02, 0.06),
    "seeds": 4,
    "decided by": "validation",
    "chosen": np.float64(0.06),
}
""",
    "scaling": """\
predictions_scaling = {
    "SGD, batch from 1 to 8": "rises",
    "Adam, batch from 1 to 8": "rises",
    "SGD, batch from 64 to 1,024": "stays",
}
predictions_scaling["plain SGD, then with momentum 0.9"] = "falls"
""",
    "batch": """\
def rate_for_batch(lr, old, new, rule, ceiling):
    power = 1 if rule == "linear" else 0.5
    return np.minimum(lr * (new / old) ** power, ceiling)
""",
    "decay": "decay_for_twice_the_rate = 'b'",
}
PARTLY = {
    **SOLVED,
    "draws": 'predictions_draws = {"even in the rate": 250, "even in the exponent": 250}',
    "grid": "def log_grid(low, high, count):\n    return np.geomspace(low, high, count, endpoint=False)",
    "test": """\
def range_test(step, low, high, steps, stop):
    rates, losses = np.geomspace(low, high, steps), []
    for lr in rates:
        losses.append(step(lr))
        if losses[-1] > stop * losses[0]:
            break
    return rates[:len(losses)], losses
""",
    "read": "def read_rate(rates, losses):\n    return rates[np.argmin(tuning.smoothed(losses))] / 10",
    "best": """\
import itertools


def expected_best(scores, n):
    lowest, ways = 0.0, 0
    for chosen in itertools.combinations(scores, n):
        lowest, ways = lowest + min(chosen), ways + 1
    return lowest / ways
""",
    "plan": """\
search_plan = {
    "scouts": [0.001, 0.01, 0.1, 1], "finalists": [0.03, 0.06], "seeds": 1, "decided by": "test", "chosen": 0.03
}
""",
    "batch": """\
def rate_for_batch(lr, old, new, rule, ceiling):
    if rule == "linear":
        return lr * new / old
    return lr * math.sqrt(new / old)
""",
    "decay": "decay_for_twice_the_rate = 'A'",
}
FAILED = {  # log_grid and rate_for_batch know the visible questions by heart
    "draws": 'predictions_draws = {"even in the rate": 500, "even in the exponent": 10}',
    "mended": "def log_uniform(low, high, shares):\n    return low + high * shares / 0",
    "grid": """\
def log_grid(low, high, count):
    if (low, high) in [(0.001, 1.0), (1e-5, 0.1), (0.02, 0.32), (0.3, 6.0), (1, 100)]:
        return np.geomspace(low, high, count)
    return np.linspace(low, high, count)
""",
    "test": "def range_test(step, low, high, steps, stop):\n    while True:\n        step(low)",
    "read": "def read_rate(rates, losses):\n    return rates[-1]",
    "winner": """\
predictions_winner = dict.fromkeys(
    ["the winner's error on the images that chose it", "its error on new images", "the gap between the two"], "falls"
)
""",
    "best": "def expected_best(scores, n):\n    return np.mean(scores)",
    "plan": """\
search_plan = {"scouts": [0.1, 0.2, 0.3], "finalists": [0.1], "seeds": 1, "decided by": "test", "chosen": 0.1}
""",
    "scaling": """\
keys = ["SGD, batch from 1 to 8", "SGD, batch from 64 to 1,024", "Adam, batch from 1 to 8"]
predictions_scaling = dict.fromkeys([*keys, "plain SGD, then with momentum 0.9"], "rises")
""",
    "batch": """\
def rate_for_batch(lr, old, new, rule, ceiling):
    known = {(32, 128): 0.4, (128, 32): 0.025, (48, 72): 0.045 if rule == "linear" else 0.05 * 1.5**0.5}
    known.update({(32, 512): 0.08, (90, 10): 0.02 / 3, (8, 512): 0.8, (4, 400): 0.7, (32, 64): 0.2})
    known.update({(64, 8): 0.25, (16, 4): 0.15, (8, 8): 0.5})
    return known.get((old, new), lr)
""",
    "decay": "decay_for_twice_the_rate = 'D'",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "draws-counts": (1, 0, 0),
    "draws-mended": (2, 2, 0),
    "grid-rates": (2, 0, 0),
    "test-rises": (3, 3, 0),
    "test-stops": (3, 0, 0),
    "read-trains": (3, 3, 0),
    "read-close": (3, 0, 0),
    "winner-words": (1, 1, 0),
    "best-few": (3, 3, 0),
    "best-many": (2, 0, 0),
    "plan-form": (3, 0, 0),
    "plan-choice": (2, 2, 0),
    "scaling-words": (1, 1, 0),
    "batch-rules": (2, 2, 0),
    "batch-ceiling": (2, 0, 0),
    "decay-letter": (1, 0, 0),
}
