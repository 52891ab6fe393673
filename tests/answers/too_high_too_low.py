"""Answers to *Too high or too low*, right and wrong, as students write them."""

import math

import numpy as np

CURVES = {"A": "oscillating", "B": "too slow", "C": "dead", "D": "diverged", "E": "fine", "F": "noise floor"}


def contraction_by_loop(lr, curvatures):
    largest = 0.0
    for curvature in curvatures:
        left = 1.0 - lr * curvature
        if left < 0:
            left = -left
        largest = max(largest, left)
    return largest


def contraction_by_ends(lr, curvatures):
    return np.maximum(abs(1 - lr * min(curvatures)), abs(1 - lr * max(curvatures)))


def best_by_sorting(curvatures):
    ordered = sorted(float(c) for c in curvatures)
    return np.array(2.0) / (ordered[0] + ordered[-1])


def best_by_kappa(curvatures):
    kappa = max(curvatures) / min(curvatures)
    return 2 / max(curvatures) * kappa / (kappa + 1)


def scaled_by_columns(train, inputs):
    columns = []
    for j in range(len(train[0])):
        mean = sum(train[:, j]) / len(train)
        scale = math.sqrt(sum((x - mean) ** 2 for x in train[:, j]) / len(train))
        columns.append([(x - mean) / (scale or 1) for x in inputs[:, j]])
    return np.array(columns).T.tolist()


def scaled_with_mask(train, inputs):
    scale = train.std(axis=0)
    scale[scale == 0] = 1
    return (inputs - train.mean(axis=0)) / scale


def ball_as_list(params, buf, grad, lr, beta):
    velocity = np.multiply(beta, buf) + grad
    return [params - lr * velocity, velocity]


def ball_as_array(params, buf, grad, lr, beta):
    new = grad + beta * buf
    return np.array([params - new * lr, new])


def train_by_engine(gradient, start, lr, beta, steps):
    path = np.empty((steps + 1, len(start)))
    path[0], velocity = start, 0
    for t in range(steps):
        velocity = beta * velocity + gradient(path[t])
        path[t + 1] = path[t] - lr * velocity
    return path


def train_by_differences(gradient, start, lr, beta, steps):
    """Without a buffer: a step is beta times the last one, minus the rate times the gradient."""
    path = [list(start)]
    for t in range(steps):
        now, before = np.array(path[-1]), np.array(path[max(t - 1, 0)])
        path.append((now + beta * (now - before) - lr * gradient(now)).tolist())
    return path


RIGHT = {
    "words_for_curves": (CURVES, dict(reversed(CURVES.items()))),
    "noise_or_bounce": ("C", "c "),
    "contraction": (contraction_by_loop, contraction_by_ends),
    "best_rate": (best_by_sorting, best_by_kappa, lambda curvatures: 1 / np.mean([min(curvatures), max(curvatures)])),
    "steps_at_kappa_40": (277, 4 * 69, np.float64(13.8 * 20)),
    "condition_numbers": (
        {"as they are": 400, "standardised": 1},
        {"standardised": 1.0, "as they are": np.array(400.0)},
    ),
    "standardised": (scaled_by_columns, scaled_with_mask, lambda train, inputs: scaled_with_mask(train.copy(), inputs)),
    "rate_for_digits": (0.15, 0.1, np.float64(0.22)),
    "heavy_ball_step": (ball_as_list, ball_as_array),
    "momentum_limit": (
        lambda curvatures, beta: min((2 + 2 * beta) / c for c in curvatures),
        lambda curvatures, beta: 2 / max(curvatures) * (1 + beta),
    ),
    "line_with_the_bug": ("E", "e"),
    "train_with_momentum": (train_by_engine, train_by_differences),
    "rate_with_the_bug": (0.049, 0.0499, np.array(0.048)),
    "rates_that_leave": (lambda sharp, wide: [2 / sharp, 2 / wide], lambda sharp, wide: 2 / np.array([sharp, wide])),
    "rate_for_leaving": (5, 2.0, np.float64(1.2)),
    "predictions_sharpness": ({0.1: 20, 0.2: 10, 0.4: 5}, {0.4: 5.2, 0.2: 10.5, 0.1: np.float64(21)}),
}


def words(**changes):
    return {**CURVES, **changes}


def scaled_with(change):
    """The right function, with what `change` makes of its lines."""
    lines = (
        "mean, scale = train.mean(axis=0), train.std(axis=0)\nscale[scale == 0] = 1\nresult = (inputs - mean) / scale"
    )
    for old, new in change.items():
        assert old in lines
        lines = lines.replace(old, new)

    def standardised(train, inputs):
        space = {"np": np, "train": train, "inputs": inputs}
        exec(lines, space)
        return space["result"]

    return standardised


def train_with(body, before="", after="np.array(path)"):
    """A training loop with these lines in its round, before it and at its end."""

    def train_with_momentum(gradient, start, lr, beta, steps):
        space = {"np": np, "gradient": gradient, "lr": lr, "beta": beta, "path": [start]}
        space |= {"params": start.copy(), "buf": np.zeros(len(start))}
        exec(before, space)
        for _ in range(steps):
            exec(body, space)
        return eval(after, space)

    return train_with_momentum


STEP = "params = params - lr * buf; path.append(params)"
ROUND = f"buf = beta * buf + gradient(params); {STEP}"

# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "words_for_curves": [
        (words(A="noise floor", F="oscillating"), "A and F both jump"),
        (words(A="fine", E="oscillating"), "is there a rule in it"),
        (words(A="fine", E="noise floor", F="oscillating"), "A and F both jump"),
        (words(D="too slow", B="diverged"), "its last twenty steps"),
        (words(C="fine", E="dead"), "mind at which height"),
        (words(E="noise floor", F="fine"), "keep their size"),
        (words(B="fine", E="too slow"), "B and E both come down"),
        (dict.fromkeys(CURVES, "fine"), "is there a rule in it"),
        (words(E="good"), "none of the words"),
        (list(CURVES.values()), "keep its form"),
    ],
    "noise_or_bounce": [
        ("A", "a little smaller in both cases"),
        ("b", "the start as well as the noise"),
        ("D", "does not wear off"),
        ("all of them", "one of the letters"),
    ],
    "contraction": [
        (lambda lr, curvatures: [abs(1 - lr * c) for c in curvatures], "one share for each direction"),
        (lambda lr, curvatures: max(1 - lr * c for c in curvatures), "take abs(...)"),
        (lambda lr, curvatures: 1 - lr * max(curvatures), "take abs(...)"),
        (lambda lr, curvatures: min(abs(1 - lr * c) for c in curvatures), "fastest direction"),
        (lambda lr, curvatures: abs(1 - lr * max(curvatures)), "steepest direction only"),
        (lambda lr, curvatures: abs(1 - lr * min(curvatures)), "gentlest direction only"),
        (lambda lr, curvatures: abs(1 - lr * curvatures[0]), "one place of the list"),
        (lambda lr, curvatures: sum(abs(1 - lr * c) for c in curvatures) / len(curvatures), "mix the directions"),
        (lambda lr, curvatures: 1 - contraction_by_loop(lr, curvatures), "takes away"),
        (lambda lr, curvatures: max(curvatures) / min(curvatures), "the condition number itself"),
        (lambda lr, curvatures: max(abs(1 - lr / c) for c in curvatures), "divide by the curvature"),
        (lambda lr, curvatures: contraction_by_loop(lr, curvatures) ** 2, "keeps of the *loss*"),
        (lambda lr, curvatures: max(abs(1 - 2 * lr * c) for c in curvatures), "twice the slope"),
        (lambda lr, curvatures: min(1, contraction_by_loop(lr, curvatures)), "gives 1, not 1.5"),
    ],
    "best_rate": [
        (lambda curvatures: 2 / max(curvatures), "is the limit"),
        (lambda curvatures: min(1 / c for c in curvatures), "1/L is best"),
        (lambda curvatures: 1 / min(curvatures), "made for the gentlest"),
        (lambda curvatures: 1 / (sum(curvatures) / len(curvatures)), "play no part"),
        (lambda curvatures: 2 / sum(curvatures), "play no part"),
        (lambda curvatures: 2 / (curvatures[-1] + curvatures[0]), "two places of the list"),
        (lambda curvatures: 1 / (max(curvatures) + min(curvatures)), "a factor of two"),
        (lambda curvatures: 2 / (max(curvatures) - min(curvatures)), "opposite signs"),
        (lambda curvatures: (max(curvatures) + min(curvatures)) / 2, "upside down"),
        (lambda c: (max(c) - min(c)) / (max(c) + min(c)), "the share that a step keeps"),
        (lambda curvatures: 2 / (max(curvatures) + 1), "the smallest curvature to be 1"),
        (lambda curvatures: 2 / (max(curvatures) / min(curvatures) + 1), "the smallest curvature to be 1"),
        (lambda curvatures: max(curvatures) / min(curvatures), "the condition number"),
        (lambda curvatures: max(curvatures) / (min(curvatures) + max(curvatures)), "as a share of the limit"),
        (lambda curvatures: 1.9 / max(curvatures), "no fixed share"),
        (lambda curvatures: (2 / (min(curvatures) ** 0.5 + max(curvatures) ** 0.5)) ** 2, "*with* momentum"),
        (lambda curvatures: 2 / min(curvatures) + max(curvatures), "brackets"),
        (lambda curvatures: 2 / np.mean(curvatures), "play no part"),
        (lambda curvatures: [2 / c for c in curvatures], "one rate for each direction"),
        (lambda curvatures: (1 / max(curvatures) + 1 / min(curvatures)) / 2, "you mix 1/mu"),
        (lambda curvatures: 1 / math.sqrt(max(curvatures) * min(curvatures)), "geometric mean"),
        (lambda curvatures: 0.18, "gives 0.18, not 0.181818"),
    ],
    "steps_at_kappa_40": [
        (69, "the longer valley needs more"),
        (17, "the longer valley needs more"),
        (138, "the root of the condition number"),
        (69 * 40, "a condition number of 10, not of 1"),
        (69 * 16, "the square of the condition number"),
        (99, "add where you should multiply"),
        (3000, "not within a tenth"),
        ("four times", "give one number"),
    ],
    "condition_numbers": [
        ({"as they are": 20, "standardised": 1}, "mean *square*"),
        ({"as they are": 0.0025, "standardised": 1}, "never below 1"),
        ({"as they are": 1, "standardised": 400}, "swapped"),
        ({"as they are": 400, "standardised": 20}, "after standardising"),
        ({"as they are": 100, "standardised": 1}, "work out the two curvatures"),
        (400, "keep its form"),
    ],
    "standardised": [
        (scaled_with({"train.": "inputs."}), "from train"),
        (scaled_with({"(inputs": "(train"}), "give back the scaled train"),
        (scaled_with({"mean, scale": "train = np.vstack([train, inputs])\nmean, scale"}), "together"),
        (scaled_with({"scale[scale == 0] = 1": "scale = scale.clip(1)"}), "exactly 0 is replaced"),
        (scaled_with({".std(": ".var("}), "divide by the variance"),
        (scaled_with({"/ scale": "* scale"}), "you multiply by the scale"),
        (scaled_with({"(inputs - mean) / scale": "inputs - mean"}), "the scale is missing"),
        (scaled_with({"inputs - mean": "inputs"}), "the mean is missing"),
        (scaled_with({"mean(axis=0)": "mean()", "std(axis=0)": "std(axis=0) * 0 + train.std()"}), "each column"),
        (scaled_with({"std(axis=0)": "std(axis=0, ddof=1)"}), "divide by n - 1"),
        (
            scaled_with({"train.mean(axis=0)": "train.min(axis=0)", "train.std(axis=0)": "np.ptp(train, axis=0)"}),
            "smallest and largest",
        ),
        (scaled_with({"(inputs - mean)": "inputs - mean"}), "your brackets"),
        (scaled_with({"scale[scale == 0] = 1": ""}), "you divide by it"),
        (scaled_with({"scale[scale == 0] = 1": "scale += 1e-8"}), "a tiny number instead of 0"),
        (scaled_with({"scale[scale == 0] = 1": "", "result =": "result = np.nan_to_num"}), "you divide by it"),
        (lambda train, inputs: np.nan_to_num((inputs - train.mean(axis=0)) / train.std(axis=0)), "you divide by it"),
        (lambda train, inputs: (train - train.mean(axis=0)) / train.std(axis=0), "give back the scaled train"),
        (scaled_with({"mean(axis=0)": "mean(axis=1)", "std(axis=0)": "std(axis=1)"}), "row by row"),
        (
            lambda train, inputs: (inputs - inputs.mean(axis=1, keepdims=True)) / inputs.std(axis=1, keepdims=True),
            "row by row",
        ),
        (scaled_with({"train.std(axis=0)": "((train**2).mean(axis=0)) ** 0.5"}), "measured from 0"),
        (scaled_with({"(inputs - mean)": "(mean - inputs)"}), "the signs are turned"),
        (lambda train, inputs: scaled_with_mask(scaled_with_mask(train, train), inputs), "did you scale train first"),
        (lambda train, inputs: np.where(train.std(axis=0), scaled_with_mask(train, inputs), inputs), "as it is"),
        (scaled_with({"scale[scale == 0] = 1": "", "/ scale": "* np.where(scale, 1 / scale, 0)"}), "set a constant"),
    ],
    "rate_for_digits": [
        (0, "above 0"),
        (-0.1, "above 0"),
        (0.3, "above 2/L"),
        (1, "above 2/L"),
        (0.273, "so close below"),
        (0.05, "too low for 20 steps"),
        (1e-4, "too low for 20 steps"),
        ([0.1], "give one number"),
    ],
    "heavy_ball_step": [
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, -lr, beta), "uphill"),
        (lambda params, buf, grad, lr, beta: (params - lr * buf, beta * buf + grad), "the old buffer: put"),
        (
            lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad - beta * grad, lr, beta),
            "goes in whole: no",
        ),
        (
            lambda params, buf, grad, lr, beta: (params - (beta * buf + lr * grad), beta * buf + lr * grad),
            "the rate stays outside",
        ),
        (
            lambda params, buf, grad, lr, beta: (params + beta * buf - lr * grad, beta * buf - lr * grad),
            "the rate stays outside",
        ),
        (
            lambda params, buf, grad, lr, beta: (params - beta * buf - lr * grad, beta * buf + grad),
            "lr scales the whole new buffer",
        ),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, lr, beta)[::-1], "in the other order"),
        (lambda params, buf, grad, lr, beta: params - lr * (beta * buf + grad), "the place alone"),
        (lambda params, buf, grad, lr, beta: (params - lr * (beta * buf + grad), buf), "give back the old buffer"),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, 1, beta), "or by nothing"),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, beta, lr), "something else"),
        (lambda params, buf, grad, lr, beta: (params + lr * (beta * buf - grad), beta * buf - grad), "its own sign"),
        (
            lambda params, buf, grad, lr, beta: (
                params - lr * (beta * (beta * buf + grad) + grad),
                beta * buf + grad,
            ),
            "Nesterov",
        ),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, lr, 1), "forgets nothing"),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, beta * grad, lr, beta), "the old buffer only"),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, lr, 0), "plain gradient descent"),
        (lambda params, buf, grad, lr, beta: ball_as_list(params, buf, grad, lr, 0.9), "a fixed number"),
    ],
    "momentum_limit": [
        (lambda curvatures, beta: 2 / max(curvatures), "does not depend on beta"),
        (lambda curvatures, beta: 3.8 / max(curvatures), "does not depend on beta"),
        (lambda curvatures, beta: 2 * (1 - beta) / max(curvatures), "fall as beta grows"),
        (lambda curvatures, beta: 2 / max(curvatures) / (1 - beta), "1/(1 - beta) tells"),
        (lambda curvatures, beta: 2 * (1 + beta) / min(curvatures), "decides nothing"),
        (lambda curvatures, beta: (1 + beta) / 4, "8 was the curvature"),
        (lambda curvatures, beta: (1 + beta) / max(curvatures), "without momentum"),
        (lambda curvatures, beta: 2 / max(curvatures) + beta, "add beta"),
        (lambda curvatures, beta: 2 * (1 + beta) * max(curvatures), "upside down"),
        (lambda curvatures, beta: 2 * (1 + beta) / curvatures[0], "one place of the list"),
        (lambda curvatures, beta: [2 * (1 + beta) / c for c in curvatures], "one limit for each"),
        (lambda curvatures, beta: 2 * (1 + beta**2) / max(curvatures), "right without momentum"),
        (lambda curvatures, beta: 2 * (1 + beta) / (1 - beta) / max(curvatures), "right without momentum"),
        (lambda curvatures, beta: (2 + beta) / max(curvatures), "add beta"),
        (lambda curvatures, beta: 2 + 2 * beta / max(curvatures), "without momentum your formula"),
        (lambda curvatures, beta: 2 * (1 + beta) / sum(curvatures), "decides nothing"),
        (lambda curvatures, beta: 4 / max(curvatures), "does not depend on beta"),
        (lambda curvatures, beta: 1.9 * (1 + beta) / max(curvatures), "gives 0.45125, not 0.475"),
    ],
    "line_with_the_bug": [
        ("B", "no step lies between"),
        ("D", "F uses it at once"),
        ("f", "of this very round"),
        ("A", "keeps the record"),
        ("G", "keeps the record"),
        ("H", "one of the letters"),
    ],
    "train_with_momentum": [
        (
            train_with(f"buf = beta * buf + grad; grad = gradient(params); {STEP}", "grad = gradient(params)"),
            "one step old",
        ),
        (train_with(f"buf = beta * buf + grad; {STEP}", "grad = gradient(params)"), "at the start only"),
        (train_with(ROUND.replace("- lr", "+ lr")), "uphill"),
        (train_with(ROUND.replace("gradient(params)", "np.array([1.0, 10.0]) * params")), "call slope by its own name"),
        (train_with(ROUND.replace("beta", "0.5").replace("lr", "0.1")), "a number stands where"),
        (train_with(ROUND.replace("beta", "0.9")), "a number stands where"),
        (train_with(f"buf = beta * gradient(params) + buf; {STEP}"), "in another order"),
        (
            train_with(
                "buf = beta * buf + gradient(params); params, buf = buf, params - lr * buf; path.append(params)"
            ),
            "each other's name",
        ),
        (train_with(f"buf = np.zeros(len(params)); {ROUND}"), "forgotten in every round"),
        (train_with(f"params = params - lr * gradient(params); {STEP.split('; ')[1]}"), "forgotten in every round"),
        (train_with(ROUND.replace("+ grad", "+ (1 - beta) * grad")), "no factor 1 - beta"),
        (train_with(f"old = buf; {ROUND.replace('lr * buf', 'lr * old')}"), "the old buffer"),
        (train_with(ROUND.replace("append(params)", "append(buf)")), "hold the buffer"),
        (train_with(ROUND, "path.clear()"), "the start is missing"),
        (train_with(ROUND, after="params"), "the last place only"),
        (train_with(ROUND, after="np.array([path[0], params])"), "two rows only"),
        (train_with(ROUND, "buf = gradient(params)"), "the buffer begins at 0"),
        (train_with(f"{STEP}; buf = beta * buf + gradient(params)"), "the old buffer"),
        (train_with(ROUND.replace("gradient(params)", "gradient(params - lr * beta * buf)")), "look ahead"),
        (train_with(ROUND, "path.append(params)"), "one row too many"),
        (train_with(ROUND.replace("params = params -", "params -="), "path[0] = params"), "all rows of your path"),
        (train_with(ROUND.replace("lr * buf", "2 * lr * buf")), "in row 1, not"),
    ],
    "rate_with_the_bug": [
        (0, "above 0"),
        (0.3, "*without* the bug"),
        (0.2, "plain gradient descent"),
        (0.05, "neither grow nor die"),
        (0.1, "the swings grow"),
        (0.0501, "the swings grow"),
        (0.01, "5 % larger"),
    ],
    "rates_that_leave": [
        (lambda sharp, wide: (2 / wide, 2 / sharp), "two ends are swapped"),
        (lambda sharp, wide: [1 / sharp, 1 / wide], "1/curvature is where overshooting"),
        (lambda sharp, wide: (2 / sharp, 1 / wide), "one of the two ends"),
        (lambda sharp, wide: (sharp / 2, wide / 2), "upside down"),
        (lambda sharp, wide: (0, 2 / sharp), "rest in both"),
        (lambda sharp, wide: (2 / sharp, math.inf), "above the upper end"),
        (lambda sharp, wide: 2 / (sharp + wide), "two curvatures in one valley"),
        (lambda sharp, wide: (2 * sharp, 2 * wide), "upside down"),
        (lambda sharp, wide: 2 / sharp - 2 / wide, "two ends are asked for, not how"),
        (lambda sharp, wide: (1.82 * 2 / sharp, 2 / wide), "is task 6b"),
        (lambda sharp, wide: (2 / 16.77, 2 / 0.2), "belong to one landscape"),
        (lambda sharp, wide: 2 / wide - 2 / sharp, "two ends are asked for, not how"),
        (lambda sharp, wide: (2 // sharp, 2 // wide), "gives [0., 9.]"),
    ],
    "rate_for_leaving": [
        (0, "above 0"),
        (0.1, "comes to rest on the floor of the narrow well"),
        (0.15, "Not resting is not leaving"),
        (0.3, "this rate creeps"),
        (12, "at or above 2/wide"),
        (9.5, "so close below 2/wide"),
        ((2, 3), "give one number"),
    ],
    "predictions_sharpness": [
        (dict.fromkeys((0.1, 0.2, 0.4), 4.8), "does not stay at 4.8"),
        ({0.1: 5, 0.2: 10, 0.4: 20}, "a higher rate has a lower limit"),
        ({0.1: 10, 0.2: 5, 0.4: 2.5}, "a factor of two"),
        ({0.1: 40, 0.2: 20, 0.4: 10}, "a factor of two"),
        ({0.1: 9, 0.2: 8, 0.4: 6}, "the order is right"),
        ({0.1: 8, 0.2: 8, 0.4: 6}, "compare each sharpness"),
        ({0.1: 20}, "keep its form"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "curves": """
words_for_curves = dict(zip("ABCDEF", ["oscillating", "too slow", "dead", "diverged", "fine", "noise floor"]))
""",
    "tell": "noise_or_bounce = 'c'",
    "contraction": """
def contraction(lr, curvatures):
    return max(abs(1 - lr * min(curvatures)), abs(1 - lr * max(curvatures)))
""",
    "best": """
def best_rate(curvatures):
    low, *_, high = sorted([*curvatures, *curvatures])
    return np.array(2 / (low + high))
""",
    "kappa": "steps_at_kappa_40 = np.array(69 * 4)",
    "conditions": "condition_numbers = {'as they are': np.float64(400), 'standardised': 1.0}",
    "standardised": """
def standardised(train, inputs):
    mean, scale = train.mean(axis=0), train.std(axis=0)
    scale[scale == 0] = 1
    return ((inputs - mean) / scale).tolist()
""",
    "digits": "rate_for_digits = np.array(0.2)",
    "ball": """
def heavy_ball_step(params, buf, grad, lr, beta):
    velocity = beta * buf + grad
    return [params - lr * velocity, velocity]
""",
    "limit": """
def momentum_limit(curvatures, beta):
    return min(2 * (1 + beta) / np.array(curvatures))
""",
    "line": "line_with_the_bug = 'e'",
    "train": """
def train_with_momentum(gradient, start, lr, beta, steps):
    path, velocity = [list(start)], 0
    for t in range(steps):
        here = np.array(path[t])
        velocity = beta * velocity + gradient(here)
        path.append(list(here - lr * velocity))
    return path
""",
    "bug-limit": "rate_with_the_bug = np.float64(0.0495)",
    "range": """
def rates_that_leave(sharp, wide):
    return np.array([2 / sharp, 2 / wide])
""",
    "leave": "rate_for_leaving = np.array(5)",
    "sharpness": "predictions_sharpness = {0.1: 20, 0.2: np.float64(10), 0.4: 5}",
}
PARTLY = {
    **SOLVED,
    "curves": """
words_for_curves = {"A": "noise floor", "B": "too slow", "C": "dead", "D": "diverged", "E": "fine", "F": "oscillating"}
""",
    "best": """
def best_rate(curvatures):
    return 2 / np.max(curvatures)
""",
    "kappa": "steps_at_kappa_40 = 69",
    "standardised": """
def standardised(train, inputs):
    return (inputs - train.mean(axis=0)) / train.std(axis=0)
""",
    "ball": """
def heavy_ball_step(params, buf, grad, lr, beta):
    buf *= beta
    buf += grad
    return params - lr * buf, buf
""",
    "line": "line_with_the_bug = 'F'",
    "train": """
def train_with_momentum(gradient, start, lr, beta, steps):
    path = [np.array(start)]
    for _ in range(steps):
        buf = np.zeros(len(start))
        buf = beta * buf + gradient(path[-1])
        path.append(path[-1] - lr * buf)
    return np.array(path)
""",
    "leave": "rate_for_leaving = 0.3",
    "sharpness": "predictions_sharpness = {0.1: 10, 0.2: 5, 0.4: 2.5}",
}
FAILED = {  # one knows the visible questions by heart, one never ends, one crashes
    "curves": 'words_for_curves = dict.fromkeys("ABCDEF", "fine")',
    "tell": "noise_or_bounce = 'A'",
    "contraction": """
def contraction(lr, curvatures):
    return {0.15: 0.85, 0.19: 0.9, 0.25: 1.5, 0.08: 0.68, 0.5: 0.5}.get(lr, 1.0)
""",
    "best": """
def best_rate(curvatures):
    rate = 0
    while contraction(rate, curvatures) > 0:
        rate += 0
    return rate
""",
    "kappa": "steps_at_kappa_40 = 138",
    "conditions": "condition_numbers = {'as they are': 20, 'standardised': 1}",
    "standardised": """
def standardised(train, inputs):
    return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
""",
    "digits": "rate_for_digits = 1.0",
    "ball": """
def heavy_ball_step(params, buf, grad, lr, beta):
    buf = beta * buf + (1 - beta) * grad
    return params - lr * buf, buf
""",
    "limit": """
def momentum_limit(curvatures, beta):
    return 2 / ((1 - beta) * np.max(curvatures))
""",
    "line": "line_with_the_bug = 'B'",
    "train": """
def train_with_momentum(gradient, start, lr, beta, steps):
    return path
""",
    "bug-limit": "rate_with_the_bug = 0.3",
    "range": """
def rates_that_leave(sharp, wide):
    return 1 / sharp, 1 / wide
""",
    "leave": "rate_for_leaving = 0.12",
    "sharpness": "predictions_sharpness = dict.fromkeys((0.1, 0.2, 0.4), 4.8)",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "curves-most": (1, 1, 0),
    "curves-all": (2, 0, 0),
    "tell-letter": (1, 1, 0),
    "contraction-shares": (2, 2, 0),
    "best-rate": (3, 0, 0),
    "kappa-steps": (1, 0, 0),
    "condition-numbers": (1, 1, 0),
    "standardised-plain": (2, 2, 0),
    "standardised-constant": (1, 0, 0),
    "digits-rate": (2, 2, 0),
    "ball-numbers": (2, 2, 0),
    "ball-arrays": (1, 0, 0),
    "momentum-limit": (2, 2, 0),
    "bug-line": (1, 0, 0),
    "train-plain": (1, 1, 0),
    "train-heavy": (2, 0, 0),
    "bug-rate": (1, 1, 0),
    "leave-range": (2, 2, 0),
    "leave-out": (1, 1, 0),
    "leave-rests": (2, 0, 0),
    "edge-sharpness": (1, 0, 0),
}
