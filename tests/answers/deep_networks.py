"""Answers to *Deep networks*, right and wrong, as students write them."""

import math

import numpy as np


def chain_by_loops(weights, x):
    found = []
    for i in range(len(weights)):
        product = x
        for j in range(len(weights)):
            if j != i:
                product = product * weights[j]
        found.append(product)
    return found


def chain_by_delete(weights, x):
    return [x * math.prod(np.delete(weights, i)) for i in range(len(weights))]


def chain_by_passes(weights, x):
    back, gradient = np.float64(1.0), np.zeros(len(weights))
    comes_in = [x]
    for weight in weights[:-1]:
        comes_in.append(comes_in[-1] * weight)
    for i in reversed(range(len(weights))):
        gradient[i] = comes_in[i] * back
        back = back * weights[i]
    return gradient


def std_by_words(inputs, outputs, activation):
    n = {"relu": inputs / 2, "tanh": (inputs + outputs) / 2}[activation]
    return n**-0.5


def std_by_variance(inputs, outputs, activation):
    variance = 2 / inputs
    if activation == "tanh":
        variance = 1 / np.mean([inputs, outputs])
    return np.sqrt(variance)


def sizes_by_norm(x, weights):
    found = []
    for i in range(len(weights) + 1):
        found.append(float(np.linalg.norm(x) / x.size**0.5))
        if i < len(weights):
            x = np.matmul(x, weights[i])
            x = x * (x > 0)
    return found


def sizes_by_recursion(x, weights):
    here = np.sqrt((np.asarray(x) ** 2).mean())
    if len(weights) == 0:
        return [here]
    return [here, *sizes_by_recursion(np.where(x @ weights[0] < 0, 0, x @ weights[0]), weights[1:])]


def rate_by_hessian(weights, x):
    g = np.array(chain_by_loops(weights, x))
    return 2 / np.linalg.eigvalsh(np.outer(g, g)).max()


def power_by_hand(x, y):
    u, v = np.log10(x), np.log10(y)
    return ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()


def power_by_lstsq(x, y):
    u = np.stack([np.log2(x), np.ones(len(x))], axis=1)
    return np.linalg.lstsq(u, np.log2(y), rcond=None)[0][0]


def peak_by_factor(sizes, rates, size):
    p, b = np.polyfit(np.log10(sizes), np.log10(rates), 1)
    return 10**b * size**p


def norm_by_rows(x, gain, shift, eps):
    rows = []
    for row in x:
        middle = sum(row) / len(row)
        variance = sum((each - middle) ** 2 for each in row) / len(row)
        rows.append(
            [g * (each - middle) / math.sqrt(variance + eps) + s for each, g, s in zip(row, gain, shift, strict=True)]
        )
    return rows


def norm_by_transpose(x, gain, shift, eps):
    y = (x.T - x.mean(axis=1)) / (x.var(axis=1) + eps) ** 0.5
    return y.T * gain + shift


GPT3 = (
    np.array([0.125, 0.35, 0.76, 1.3, 2.7, 6.7, 13, 175]),
    np.array([6e-4, 3e-4, 2.5e-4, 2e-4, 1.6e-4, 1.2e-4, 1e-4, 6e-5]),
)
FATE = {
    "0.9, 10 layers": "holds",
    "0.9, 150 layers": "vanishes",
    "1.05, 20 layers": "holds",
    "1.3, 30 layers": "explodes",
    "0.5, 12 layers": "vanishes",
}
CLAIMS = {
    "larger, lower": "shown",
    "best rates": "not shown",
    "size alone": "not shown",
    "two teams, one answer": "not shown",
    "room to choose": "shown",
}

RIGHT = {
    "predictions_layers": (FATE, dict(sorted(FATE.items()))),
    "layers_to_vanish": (62, 62.0, np.ceil(math.log(1e-6, 0.8))),
    "chain_gradient": (chain_by_loops, chain_by_delete, chain_by_passes),
    "predictions_start": ("C", " c"),
    "start_std": (std_by_words, std_by_variance),
    "signal_sizes": (sizes_by_norm, sizes_by_recursion),
    "predictions_depth": ("C", "c"),
    "largest_chain_rate": (rate_by_hessian, lambda weights, x: 2 / sum(g * g for g in chain_by_loops(weights, x))),
    "power_law": (power_by_hand, power_by_lstsq),
    "predicted_peak_rate": (
        peak_by_factor,
        lambda sizes, rates, size: np.exp(np.poly1d(np.polyfit(np.log(sizes), np.log(rates), 1))(np.log(size))),
    ),
    "table_claims": (CLAIMS, dict(sorted(CLAIMS.items()))),
    "norm_bug": ("B", "b "),
    "layer_norm": (norm_by_rows, norm_by_transpose),
    "rates_for_depth": ({"1 layer": 2, "6 layers": 0.3}, {"6 layers": np.float64(0.45), "1 layer": np.array(4.0)}),
}


def fates(**changes):
    """Right predictions with some of them changed; the keys are short for factors and depths."""
    keys = dict(zip(("f09_10", "f09_150", "f105", "f13", "f05"), FATE, strict=True))
    return {**FATE, **{keys[key]: word for key, word in changes.items()}}


def std_with(relu, tanh=lambda i, o: math.sqrt(2 / (i + o))):
    def start_std(inputs, outputs, activation):
        if activation == "relu":
            return relu(inputs, outputs)
        return tanh(inputs, outputs)

    return start_std


def he(inputs, outputs):
    return math.sqrt(2 / inputs)


def sizes_with(size, bend=lambda x: np.maximum(x, 0), first=True):
    def signal_sizes(x, weights):
        found = [size(x)] if first else []
        for weight in weights:
            x = bend(x @ weight)
            found.append(size(x))
        return found

    return signal_sizes


def root(x):
    return math.sqrt((x**2).mean())


def sizes_of_the_last(x, weights):
    for weight in weights:
        x = np.maximum(x @ weight, 0)
    return root(x)


def sizes_from_x(x, weights):
    found = [root(x)]
    for weight in weights:
        y = np.maximum(x @ weight, 0)
        found.append(root(y))
    return found


def sizes_too_early(x, weights):
    found = [root(x)]
    for weight in weights:
        x = x @ weight
        found.append(root(x))
        x = x.clip(min=0)
    return found


def sizes_with_relu_in_front(x, weights):
    found = [root(x)]
    for weight in weights:
        x = np.maximum(x, 0) @ weight
        found.append(root(x))
    return found


def sizes_of_what_is_not_silent(x, weights):
    found = [root(x)]
    for weight in weights:
        x = x @ weight
        found.append(root(x[x > 0]))
        x = np.maximum(x, 0)
    return found


def sizes_without_the_last_relu(x, weights):
    *inner, last = weights
    found = sizes_with(root)(x, inner)
    for weight in inner:
        x = np.maximum(x @ weight, 0)
    return [*found, root(x @ last)]


def rate_of(curvature):
    return lambda weights, x: 2 / curvature(np.array(chain_by_loops(weights, x)))


def norm_in_place(x, gain, shift, eps):
    x -= x.mean(axis=1, keepdims=True)
    return gain * x / np.sqrt((x**2).mean(axis=1, keepdims=True) + eps) + shift


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "predictions_layers": [
        (
            {key: {"vanishes": "explodes", "explodes": "vanishes"}.get(word, word) for key, word in FATE.items()},
            "are swapped",
        ),
        (dict.fromkeys(FATE, "vanishes"), "one word for both depths"),
        (fates(f09_150="holds"), "one word for both depths"),
        (fates(f105="explodes"), "1.05 ** 20"),
        (fates(f13="holds"), "1.3 ** 30"),
        (fates(f05="holds"), "0.5 ** 12"),
        (fates(f09_150="explodes"), "not all five are right yet"),
        (fates(f05="gone"), "none of the words"),
        ("holds", "keep its form"),
    ],
    "layers_to_vanish": [
        (31, "leave a thousandth"),
        (math.log(1e-3) / math.log(0.8), "leave a thousandth"),
        (27, "two kinds of logarithm"),
        (math.log(1e-6) / math.log10(0.8), "two kinds of logarithm"),
        (-62, "is positive"),
        (61.9, "come whole"),
        (5, "a fifth of what is left"),
        (61, "still above"),
        (20, "still above"),
        (63, "not the first depth"),
        (1_000_000, "not the first depth"),
        ([62], "give one number"),
    ],
    "chain_gradient": [
        (lambda weights, x: np.full(len(weights), x * weights.prod()), "all the weights"),
        (lambda weights, x: [x * math.prod(weights[:i]) for i in range(len(weights))], "no slope"),
        (lambda weights, x: [math.prod(weights[i + 1 :]) for i in range(len(weights))], "no signal"),
        (lambda weights, x: [x * math.prod(weights[: i + 1]) for i in range(len(weights))], "from one end up to"),
        (lambda weights, x: (x * np.prod(weights) - 1) * np.array(chain_by_loops(weights, x)), "a loss"),
        (
            lambda weights, x: [x * math.prod(w for w in weights if w) / (v or 1) for v in weights],
            "leave the weights of 0 out",
        ),
        (lambda weights, x: [math.prod(np.delete(weights, i)) for i in range(len(weights))], "input x is missing"),
        (lambda weights, x: [x * sum(np.delete(weights, i)) for i in range(len(weights))], "add the other weights"),
        (lambda weights, x: x * weights ** (weights.size - 1), "to a power"),
        (lambda weights, x: chain_by_loops(weights[::-1], x), "reverse order"),
        (lambda weights, x: [x * math.prod(w for w in weights if w != v) for v in weights], "by its place"),
        (
            lambda weights, x: [x * np.prod(weights[: i - 1]) * np.prod(weights[i + 1 :]) for i in range(len(weights))],
            "your slices miss a weight",
        ),
        (lambda weights, x: np.abs(chain_by_loops(weights, x)), "the sizes only"),
        (lambda weights, x: np.prod(weights) * x / weights, "a weight may be 0"),
        (lambda weights, x: np.prod(weights + 1e-9) * x / (weights + 1e-9), "a weight may be 0"),
        (lambda weights, x: [x * np.prod(weights) / w if w else 0 for w in weights], "a weight of 0 has a gradient"),
        (lambda weights, x: np.prod(weights) * x, "all the weights"),
        (lambda weights, x: 0.5 * np.array(chain_by_loops(weights, x)), "not [15., 10., 6.]. Stuck?"),
    ],
    "predictions_start": [
        ("A", "without ReLU"),
        ("b", "there are twenty"),
        ("D", "the mean square"),
        ("E", "one of the letters"),
    ],
    "start_std": [
        (
            lambda inputs, outputs, activation: 2 / inputs if activation == "relu" else 2 / (inputs + outputs),
            "variance",
        ),
        (lambda inputs, outputs, activation: inputs**-0.5, "without ReLU"),
        (std_with(lambda i, o: math.sqrt(2 / o)), "the outputs of a ReLU layer"),
        (std_with(lambda i, o: math.sqrt(2) / i), "over the 2 or over the n only"),
        (std_with(lambda i, o: (i / 2) ** 0.5, lambda i, o: ((i + o) / 2) ** 0.5), "upside down"),
        (std_with(lambda i, o: math.sqrt(2 / (i + o)), he), "the rule of tanh: are the two swapped"),
        (std_with(he, lambda i, o: ((i + o) // 2) ** -0.5), "with one /"),
        (std_with(he, he), "get the rule of ReLU"),
        (std_with(lambda i, o: math.sqrt(0.5 / i)), "halve where you should double"),
        (std_with(he, lambda i, o: 1 / math.sqrt(i + o / 2)), "into brackets"),
        (std_with(he, lambda i, o: 5 / 3 * math.sqrt(2 / (i + o))), "no gain"),
        (std_with(he, lambda i, o: math.sqrt(1 / i + 1 / o)), "in another way"),
        (std_with(he, lambda i, o: 1 / math.sqrt(i)), "one way only"),
        (std_with(he, lambda i, o: 1 / math.sqrt(i + o)), "half of the sum"),
        (std_with(he, lambda i, o: math.sqrt((1 / i + 1 / o) / 2)), "in another way"),
        (std_with(he, lambda i, o: math.sqrt(6 / (i + o))), "uniform draw"),
        (std_with(lambda i, o: 0.02), "gives 0.02, not 0.2"),
    ],
    "signal_sizes": [
        (sizes_with(root, bend=lambda x: x), "do not bend"),
        (sizes_too_early, "before ReLU"),
        (sizes_with(lambda x: (x * x).mean()), "the root is missing"),
        (sizes_with(lambda x: abs(x).mean()), "not their squares"),
        (sizes_with(lambda x: x.mean()), "not their squares"),
        (sizes_with(lambda x: math.sqrt((x**2).sum())), "take their mean"),
        (sizes_with(lambda x: np.mean([root(row) for row in x])), "sizes of single examples or units"),
        (sizes_without_the_last_relu, "the last layer has its ReLU too"),
        (sizes_with(lambda x: x.std()), "takes the mean away"),
        (sizes_with(root, first=False), "one size is missing"),
        (sizes_of_the_last, "the last size only"),
        (lambda x, weights: sizes_with(root)(x, [weight.T for weight in weights]), "turned round"),
        (sizes_from_x, "begins with x again"),
        (sizes_with(lambda x: np.mean(np.sqrt((x**2).mean(axis=0)))), "examples or units"),
        (sizes_with(root, bend=np.tanh), "yours does something else"),
        (sizes_with(root, bend=lambda x: x.clip(max=0)), "yours does something else"),
        (sizes_with_relu_in_front, "in front of it"),
        (sizes_of_what_is_not_silent, "also the silent ones"),
        (sizes_with(np.max), "Stuck?"),
    ],
    "predictions_depth": [
        ("A", "bear that rate alone"),
        ("B", "two weights"),
        ("D", "too careful"),
        (0.5, "one of the letters"),
    ],
    "largest_chain_rate": [
        (
            lambda weights, x: 1 / np.dot(chain_by_delete(weights, x), chain_by_delete(weights, x)),
            "overshooting begins",
        ),
        (lambda weights, x: sum(g**2 for g in chain_by_loops(weights, x)), "upside down"),
        (rate_of(lambda g: 0.5 * sum(g**2)), "half a square"),
        (rate_of(lambda g: max(g**2)), "each weight move alone"),
        (rate_of(lambda g: g * g), "each weight move alone"),
        (rate_of(sum), "squares are missing"),
        (rate_of(lambda g: sum(g) ** 2), "squares are missing"),
        (rate_of(lambda g: math.sqrt(g @ g)), "the length squared"),
        (lambda weights, x: 2 / weights.size, "2 / layers holds"),
        (lambda weights, x: 2 / (weights @ weights), "square the weights"),
        (lambda weights, x: 2 / sum(g**2 for g in chain_by_loops(weights, 1)), "x is missing"),
        (lambda weights, x: 2 / (x * math.prod(weights)) ** 2, "not the whole product"),
        (lambda weights, x: 0.5, "gives 0.5, not 0.380952. Stuck?"),
    ],
    "power_law": [
        (lambda x, y: np.polyfit(x, y, 1)[0], "numbers themselves"),
        (lambda x, y: np.polyfit(x, np.log(y), deg=1)[0], "only one of the two"),
        (lambda x, y: np.polyfit(np.log(x), np.log(y), 1)[-1], "the intercept, not"),
        (lambda x, y: np.polyfit(np.log(y), np.log(x), 1)[0], "are swapped"),
        (lambda x, y: np.polyfit(np.log(x), np.log(y), 1), "slope and intercept together"),
        (lambda x, y: math.log(y[-1] / y[0], x[-1] / x[0]), "the first and the last"),
        (lambda x, y: abs(power_by_hand(x, y)), "look at the sign"),
        (lambda x, y: np.polyfit(np.log10(x), np.log(y), 1)[0], "two kinds of logarithm"),
        (lambda x, y: math.exp(power_by_hand(x, y)), "no exponential"),
        (lambda x, y: np.polyfit(np.log(x), np.log(y), 2)[0], "has the degree 1"),
        (lambda x, y: np.mean(np.diff(np.log(y)) / np.diff(np.log(x))), "Stuck?"),
    ],
    "predicted_peak_rate": [
        (lambda sizes, rates, size: np.polyval(np.polyfit(sizes, rates, 1), size), "runs below 0"),
        (
            lambda sizes, rates, size: np.exp(np.polyval(np.polyfit(sizes, np.log(rates), 1), size)),
            "only one of the two",
        ),
        (lambda sizes, rates, size: math.log(peak_by_factor(sizes, rates, size)), "logarithm of the rate"),
        (lambda sizes, rates, size: 10 ** math.log(peak_by_factor(sizes, rates, size)), "another base"),
        (
            lambda sizes, rates, size: np.exp(np.polyval(np.polyfit(np.log(sizes), np.log(rates), 1), size)),
            "wants log(size)",
        ),
        (lambda sizes, rates, size: size ** power_by_hand(sizes, rates), "the intercept is missing"),
        (lambda s, r, size: r[0] * (size / s[0]) ** power_by_hand(s, r), "on one row"),
        (lambda s, r, size: r[0] * (size / s[0]) ** -0.3, "on one row"),
        (lambda sizes, rates, size: peak_by_factor(*GPT3, size), "the table above"),
        (
            lambda s, r, size: np.exp(np.polyfit(np.log10(s), np.log10(r), 1)[1]) * size ** power_by_hand(s, r),
            "another base",
        ),
        (lambda s, r, size: r[0] * (size / s[0]) ** math.log(r[-1] / r[0], s[-1] / s[0]), "two points only"),
        (lambda sizes, rates, size: np.interp(size, sizes, rates), "out of the table"),
        (lambda sizes, rates, size: peak_by_factor(rates, sizes, size), "are swapped"),
        (
            lambda s, r, size: math.exp(np.polyval(np.polyfit(np.log(s), np.log(r), 1)[::-1], np.log(size))),
            "slope first",
        ),
        (
            lambda s, r, size: np.polyfit(np.log(s), np.log(r), 1)[1] * size ** power_by_hand(s, r),
            "before you multiply",
        ),
        (lambda sizes, rates, size: 1e-4, "gives 0.0001, not"),
    ],
    "table_claims": [
        (dict.fromkeys(CLAIMS, "not shown"), "nothing at all"),
        (dict.fromkeys(CLAIMS, "shown"), "best of which others"),
        ({**CLAIMS, "best rates": "shown"}, "best of which others"),
        ({**CLAIMS, "size alone": "shown"}, "what else grows"),
        ({**CLAIMS, "two teams, one answer": "shown"}, "who chose them"),
        ({**CLAIMS, "larger, lower": "not shown"}, "that is an observation"),
        ({**CLAIMS, "room to choose": "not shown"}, "both were finished"),
        ({**CLAIMS, "room to choose": "yes"}, "none of the words"),
    ],
    "norm_bug": [("A", "inside the root"), ("c", "no bug"), ("D", "come last"), ("mean", "one of the letters")],
    "layer_norm": [
        (
            lambda x, gain, shift, eps: gain * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + shift,
            "as batch normalisation does",
        ),
        (lambda x, gain, shift, eps: gain * (x - x.mean()) / np.sqrt(x.var() + eps) + shift, "over everything"),
        (
            lambda x, gain, shift, eps: gain * x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps) + shift,
            "it is RMSNorm",
        ),
        (lambda x, gain, shift, eps: norm_by_rows(x, gain, shift, 0.0), "outside the root, or is missing"),
        (
            lambda x, gain, shift, eps: [gain * (row - row.mean()) / (row.var() + eps) + shift for row in x],
            "the root is missing",
        ),
        (
            lambda x, gain, shift, eps: (gain * (x.T - x.mean(1)).T) / (x.std(1)[:, None] + eps) + shift,
            "outside the root, or is missing",
        ),
        (lambda x, gain, shift, eps: norm_by_rows(x, gain, shift, 1e-5), "a fixed number"),
        (
            lambda x, gain, shift, eps: gain * (x.T - x.mean(1)).T / np.sqrt(x.var(1, ddof=1)[:, None] + eps) + shift,
            "divide by n - 1",
        ),
        (lambda x, gain, shift, eps: norm_by_rows(x, gain, 0 * shift, eps), "gain or shift is missing"),
        (lambda x, gain, shift, eps: norm_by_rows(x, gain, gain * shift, eps), "in another order"),
        (
            lambda x, gain, shift, eps: gain * (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps) + shift,
            "beside its row",
        ),
        (
            lambda x, gain, shift, eps: gain * (x.T - x.mean(1)).T / np.sqrt(x.std(1)[:, None] + eps) + shift,
            "a root already",
        ),
        (
            lambda x, gain, shift, eps: [gain * (y := r - r.mean()) / np.linalg.norm(y) + shift for r in x],
            "the variance is their mean",
        ),
        (
            lambda x, gain, shift, eps: [gain * (r - r.mean() / np.sqrt(r.var() + eps)) + shift for r in x],
            "into brackets",
        ),
        (lambda x, gain, shift, eps: gain * x / np.sqrt(x.var(1)[:, None] + eps) + shift, "the mean stays in"),
        (
            lambda x, gain, shift, eps: gain * (x - x.mean(0)) / np.sqrt(x.var(1)[:, None] + eps) + shift,
            "as batch normalisation does",
        ),
        (
            lambda x, gain, shift, eps: [gain * (r - r.mean()) / np.sqrt(x.var() + eps) + shift for r in x],
            "over everything",
        ),
        (
            lambda x, gain, shift, eps: [gain * (r - r.mean()) * np.sqrt(r.var() + eps) + shift for r in x],
            "multiply by the standard deviation",
        ),
        (
            lambda x, gain, shift, eps: [gain * r - r.mean() / np.sqrt(r.var() + eps) + shift for r in x],
            "into brackets",
        ),
        (
            lambda x, gain, shift, eps: (gain * (x.T - x.mean(1)) / np.sqrt(x.var(1) + eps) + shift).T,
            "one number for each feature",
        ),
        (norm_in_place, "in place"),
        (lambda x, gain, shift, eps: norm_by_rows(x, -gain, shift, eps), "Stuck?"),
    ],
    "rates_for_depth": [
        ({"1 layer": 0, "6 layers": 0.3}, "above 0"),
        ({"1 layer": 2, "6 layers": -0.3}, "above 0"),
        ({"1 layer": 0.3, "6 layers": 2}, "the higher rate of the two"),
        ({"1 layer": 0.35, "6 layers": 0.35}, "one rate for both"),
        ({"1 layer": 0.5, "6 layers": 0.35}, "1 layer: this rate is too careful"),
        ({"1 layer": 30, "6 layers": 0.35}, "1 layer: this rate is too high"),
        ({"1 layer": 2, "6 layers": 0.05}, "6 layers: this rate is too careful"),
        ({"1 layer": 3, "6 layers": 1.5}, "6 layers: this rate is too high"),
        ({"1 layer": 0.5, "6 layers": 0.05}, "too low, and that of 6 layers too low"),
        ({"1 layer": 0.9, "6 layers": 0.8}, "too low, and that of 6 layers too high"),
        ({"1 layer": 30, "6 layers": 0.05}, "too high, and that of 6 layers too low"),
        ({"1 layer": 30, "6 layers": 2}, "too high, and that of 6 layers too high"),
        ({"1 layer": 3, "6 layers": "low"}, "give one number"),
        ([3, 0.35], "keep its form"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "fates": f"predictions_layers = {FATE!r}",
    "vanish": """
layers_to_vanish = 0
while 0.8**layers_to_vanish >= 1e-6:
    layers_to_vanish += 1
""",
    "chain": """
def chain_gradient(weights, x):
    found = []
    for i in range(len(weights)):
        product = x
        for j, weight in enumerate(weights):
            if j != i:
                product = product * weight
        found.append(product)
    return found
""",
    "start-guess": "predictions_start = 'c'",
    "start": """
def start_std(inputs, outputs, activation):
    n = inputs / 2
    if activation == "tanh":
        n = np.mean([inputs, outputs])
    return np.sqrt(1 / n)
""",
    "sizes": """
def signal_sizes(x, weights):
    sizes = [float(np.linalg.norm(x)) / x.size**0.5]
    for i in range(len(weights)):
        x = np.matmul(x, weights[i])
        x = x * (x > 0)
        sizes.append(float(np.linalg.norm(x)) / x.size**0.5)
    return sizes
""",
    "depth-guess": "predictions_depth = 'C'",
    "depth": """
def largest_chain_rate(weights, x):
    g = np.array(chain_gradient(weights, x))
    hessian = np.outer(g, g)
    return 2 / np.linalg.eigvalsh(hessian).max()
""",
    "power": """
def power_law(x, y):
    u, v = np.log10(x), np.log10(y)
    u, v = u - u.mean(), v - v.mean()
    return (u * v).sum() / (u * u).sum()
""",
    "table": """
def predicted_peak_rate(sizes, rates, size):
    line = np.polyfit(np.log10(sizes), np.log10(rates), 1)
    return np.array(10 ** np.polyval(line, np.log10(size)))
""",
    "claims": f"table_claims = {CLAIMS!r}",
    "norm-guess": "norm_bug = 'B'",
    "norm": """
def layer_norm(x, gain, shift, eps):
    rows = []
    for row in x:
        centred = row - np.mean(row)
        rows.append(centred / math.sqrt(np.mean(centred**2) + eps) * gain + shift)
    return rows
""",
    "choose": """
rates_for_depth = {"1 layer": np.float64(2.5), "6 layers": np.array(0.4)}
""",
}
PARTLY = {
    **SOLVED,
    "vanish": "layers_to_vanish = 31",
    "chain": """
def chain_gradient(weights, x):
    return x * np.prod(weights) / weights
""",  # right where no weight is 0
    "start": """
def start_std(inputs, outputs, activation):
    return np.sqrt(2 / inputs)
""",  # for both activations
    "depth": """
def largest_chain_rate(weights, x):
    g = np.array(chain_gradient(weights, x))
    return 2 / np.max(g**2)
""",
    "norm": """
def layer_norm(x, gain, shift, eps):
    x = x - x.mean(axis=1, keepdims=True)
    return gain * x / (x.std(axis=1, keepdims=True) + eps) + shift
""",
    "choose": 'rates_for_depth = {"1 layer": 3, "6 layers": 1.5}',
}
FAILED = {  # two of them know the visible questions by heart
    "fates": f"predictions_layers = {dict.fromkeys(FATE, 'vanishes')!r}",
    "vanish": "layers_to_vanish = 5",
    "chain": """
def chain_gradient(weights, x):
    while True:
        pass
""",
    "start-guess": "predictions_start = 'A'",
    "start": """
def start_std(inputs, outputs, activation):
    known = {50: 0.2, 8: 0.5, 200: 0.1, 2: 1.0}
    return known[inputs] if activation == "relu" else 1 / inputs
""",
    "sizes": """
def signal_sizes(x, weights):
    return 1 / 0
""",
    "depth-guess": "predictions_depth = 'D'",
    "depth": """
def largest_chain_rate(weights, x):
    return 2 / len(weights)
""",
    "power": """
def power_law(x, y):
    return np.polyfit(x, y, 1)[0]
""",
    "table": """
def predicted_peak_rate(sizes, rates, size):
    if size in (30.0, 1000.0, 20.0):
        power, start = np.polyfit(np.log(sizes), np.log(rates), 1)
        return np.exp(start) * size**power
    return 1e-4
""",
    "claims": f"table_claims = {dict.fromkeys(CLAIMS, 'shown')!r}",
    "norm-guess": "norm_bug = 'C'",
    "norm": "layer_norm = layer_norm_with_a_bug",
    "choose": 'rates_for_depth = {"1 layer": 0.1, "6 layers": 0.1}',
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "fates-words": (1, 1, 0),
    "vanish-value": (1, 0, 0),
    "chain-product": (3, 3, 0),
    "chain-zero": (1, 0, 0),
    "start-letter": (1, 1, 0),
    "start-relu": (2, 2, 0),
    "start-tanh": (1, 0, 0),
    "sizes-all": (3, 3, 0),
    "depth-letter": (1, 1, 0),
    "depth-rate": (3, 0, 0),
    "depth-power": (2, 2, 0),
    "table-rate": (3, 3, 0),
    "table-words": (2, 2, 0),
    "norm-letter": (1, 1, 0),
    "norm-function": (3, 0, 0),
    "choose-shallow": (1, 1, 0),
    "choose-deep": (2, 0, 0),
}
