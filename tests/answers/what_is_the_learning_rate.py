"""Answers to *What the learning rate is*, right and wrong, as students write them."""

import math

import numpy as np


def update_in_steps(params, grad, lr):
    step = np.multiply(grad, lr)
    new = np.subtract(params, step)
    return new


def edge_by_loop(curvatures):
    best = math.inf
    for curvature in curvatures:
        if 2 / curvature < best:
            best = 2 / curvature
    return best


def regime_by_landing(lr, curvature):
    landing = 1.0 - lr * curvature * 1.0  # from 1, where is the ball after a step?
    if landing == 0:
        return "one step"
    if landing > 0:
        return "creeps"
    if landing == -1:
        return "bounces"
    return "overshoots" if abs(landing) < 1 else "diverges"


def regime_by_numpy(lr, curvature):
    words = ("creeps", "one step", "overshoots", "bounces", "diverges")
    return words[int(np.searchsorted([1, 2], lr * curvature) + np.searchsorted([1, 2], lr * curvature, side="right"))]


def regime_by_where(lr, curvature):
    reach = lr * curvature
    far = np.where(reach < 2, "overshoots", np.where(reach == 2, "bounces", "diverges"))
    return np.where(reach < 1, "creeps", np.where(reach == 1, "one step", far))


def regime_by_select(lr, curvature):
    reach = lr * curvature
    cases = [reach < 1, reach == 1, reach < 2, reach == 2]
    return np.select(cases, ["creeps", "one step", "overshoots", "bounces"], default="diverges")


def regime_by_index(lr, curvature):
    return np.array(["creeps", "one step", "overshoots", "bounces", "diverges"])[
        int(np.searchsorted([1, 2], lr * curvature) + np.searchsorted([1, 2], lr * curvature, side="right"))
    ]


def steps_by_loop(lr, curvature, factor):
    shrink = abs(1 - lr * curvature)
    if shrink >= 1:
        return math.inf
    distance, steps = 1.0, 0
    while distance > factor:
        distance, steps = distance * shrink, steps + 1
    return steps


def steps_by_numpy(lr, curvature, factor):
    q = np.abs(1 - lr * curvature)
    if q == 0:
        return 1
    return np.ceil(np.log10(factor) / np.log10(q)) if q < 1 else np.inf


def steps_by_many(lr, curvature, factor):
    place = 1.0
    for n in range(100_000):
        if abs(place) <= factor:
            return n
        place *= 1 - lr * curvature
    return math.inf


def walk_by_list(gradient, start, lr, steps):
    here, path = np.array(start), []
    for t in range(steps + 1):
        path.append(here.tolist())
        here = here - lr(t) * np.asarray(gradient(here))
    return path


def walk_by_array(gradient, start, lr, steps):
    path = np.empty((steps + 1, len(start)))
    path[0] = start
    t = 0
    while t < steps:
        path[t + 1] = path[t] - lr(t) * gradient(path[t])
        t += 1
    return path


RIGHT = {
    "update": (
        lambda params, grad, lr: params + -lr * grad,
        update_in_steps,
        lambda *asked: np.float32(update_in_steps(*asked)),
    ),
    "rate_at_the_edge": (0.24, 0.2499, np.float64(0.245)),
    "largest_stable_rate": (lambda curvatures: min(2 / c for c in curvatures), edge_by_loop),
    "why_it_diverges": ("B", " b"),
    "predictions": (
        {0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"},
        dict(sorted({0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"}.items())),
    ),
    "regime": (regime_by_landing, regime_by_numpy, regime_by_where, regime_by_select, regime_by_index),
    "steps_needed": (steps_by_loop, steps_by_numpy, steps_by_many),
    "walk": (walk_by_list, walk_by_array),
}


def words(**changes):
    return {**RIGHT["predictions"][0], **{float(key[1:].replace("_", ".")): word for key, word in changes.items()}}


def regime_coarse(lr, curvature):
    if lr * curvature > 2:
        return "diverges"
    return "overshoots" if lr * curvature > 1 else "creeps"


def steps_without_abs(lr, curvature, factor):
    if lr * curvature == 1:
        return 1
    return math.inf if lr * curvature >= 2 else math.ceil(math.log(factor, 1 - lr * curvature))


def steps_with(count, zero=1, never=lambda q: q >= 1):
    """The formula with `count` for math.ceil, and with special cases as a student handles them."""

    def steps_needed(lr, curvature, factor):
        q = abs(1 - lr * curvature)
        if never(q):
            return math.inf
        if q == 0:
            return zero
        return count(math.log(factor) / math.log(q))

    return steps_needed


def steps_of_signed_places(lr, curvature, factor):
    place, n = 1.0, 0
    while place > factor:
        place -= lr * curvature * place
        n += 1
    return n


def steps_until_below(lr, curvature, factor):
    if abs(1 - lr * curvature) >= 1:
        return math.inf
    place, n = 1.0, 0
    while abs(place) >= factor:
        place, n = place - lr * curvature * place, n + 1
    return n


def walk_with_early_return(gradient, start, lr, steps):
    path = [start]
    for t in range(steps):
        path.append(path[-1] - lr(t) * gradient(path[-1]))
        return np.array(path)


def walk_from_the_start(gradient, start, lr, steps):
    return np.array([start, *(start - lr(t) * gradient(start) for t in range(steps))])


def walk_thrown_away(gradient, start, lr, steps):
    path = np.array([start])
    for t in range(steps):
        np.append(path, [path[-1] - lr(t) * gradient(path[-1])], axis=0)
    return path


def walk_in_place(gradient, start, lr, steps):
    here, path = start.copy(), []
    path.append(here)
    for t in range(steps):
        here -= lr(t) * gradient(here)
        path.append(here)
    return np.array(path)


def walk_of_steps(gradient, start, lr, steps):
    path = []
    for t in range(steps):
        start = start - lr(t) * gradient(start)
        path.append(start)
    return np.array(path)


def walk_late(gradient, start, lr, steps):
    path = [start]
    for t in range(1, steps + 1):
        path.append(path[-1] - lr(t) * gradient(path[-1]))
    return np.array(path)


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "update": [
        (lambda params, grad, lr: params + grad * lr, "goes uphill"),
        (lambda params, grad, lr: np.add(params, -grad), "whole gradient"),
        (lambda params, grad, lr: -(grad * lr), "step alone"),
        (lambda params, grad, lr: params * lr - grad * lr, "brackets"),
        (lambda params, grad, lr: params - (1 / lr) * grad, "divide by the learning rate"),
        (lambda params, grad, lr: params - lr * (grad > 0) + lr * (grad < 0), "how steep"),
        (lambda params, grad, lr: params - np.sum(grad) * lr, "add the gradients up"),
        (lambda params, grad, lr: params - np.sqrt(np.square(grad)) * lr, "lose the gradient's sign"),
        (lambda params, grad, lr: (1 - lr) * params, "multiply lr by params"),
        (lambda params, grad, lr: params - 0.1 * grad, "a fixed number"),
        (lambda params, grad, lr: (params - 0, 1 * grad), "a tuple of shape (2,), where one number (2.5)"),
        (lambda lr, grad, params: params - lr * grad, "the first line must stay"),
    ],
    "rate_at_the_edge": [
        (0, "above 0"),
        (-0.1, "above 0"),
        (1 / 8, "in one step"),
        (0.12, "in one step"),
        (0.25, "bounces for ever"),
        (4, "upside down"),
        (16, "upside down"),
        (0.26, "it diverges"),
        (2, "it diverges"),
        (0.23, "5 % larger"),
        (0.01, "5 % larger"),
        ("a lot", "give one number"),
        ([0.1, 0.2], "give one number"),
        ((0, 24), "a point and no comma"),
        ((0.24,), "a point and no comma"),
        (math.nan, "give one number"),
    ],
    "largest_stable_rate": [
        (lambda curvatures: [2 / c for c in curvatures], "one rate for each direction"),
        (lambda curvatures: max(2 / c for c in curvatures), "gentlest direction"),
        (lambda curvatures: np.min(1 / curvatures), "overshooting begins"),
        (lambda curvatures: 2 * len(curvatures) / sum(curvatures), "mix the curvatures"),
        (lambda curvatures: 2 / (max(curvatures) + min(curvatures)), "fastest rate"),
        (lambda curvatures: max(curvatures) / 2, "upside down"),
        (lambda curvatures: 2 / next(iter(curvatures)), "one place of the list"),
        (lambda curvatures: 0.25, "does not depend"),
        (lambda curvatures: 2 // max(curvatures), "cuts the rest off"),
        (lambda curvatures: curvatures.sort() or 2 / curvatures[-1], "`np.sort(a)` for `a.sort()`"),
        (lambda curvatures: (2 / c for c in curvatures), "gives a generator, "),
    ],
    "why_it_diverges": [
        ("a", "from 1/L on"),
        ("C", "the sign is right"),
        ("D", "on paper"),
        ("E", "one of the letters"),
    ],
    "predictions": [
        (dict.fromkeys(RIGHT["predictions"][0], "creeps"), "the rate alone"),
        (words(_0_4="diverges"), "does not diverge"),
        (words(_0_4="creeps"), "0.4 * 4 is 1.6"),
        (words(_0_25="creeps"), "exactly 1"),
        (words(_0_5="diverges"), "exactly 2"),
        (words(_0_05="diverges", _0_6="creeps"), "swapped"),
        (words(_0_4="overshoot"), "none of the words"),
        (["creeps"] * 5, "keep its form"),
        (words(_0_4=np.array([1, 2])), "[1, 2] for 0.4, which is none of the words"),
    ],
    "regime": [
        (lambda lr, curvature: regime_by_landing(lr, 1), "learning rate alone"),
        (lambda lr, curvature: regime_by_landing(lr / curvature, 1), "divide the rate"),
        (lambda lr, curvature: regime_by_landing(2 * lr, curvature), "too early"),
        (regime_coarse, "two cases on the edge are missing"),
        (
            lambda lr, curvature: "creeps" if lr * curvature <= 1 else regime_by_landing(lr, curvature),
            "is called one step",
        ),
        (
            lambda lr, curvature: "diverges" if lr * curvature >= 2 else regime_by_landing(lr, curvature),
            "called bounces",
        ),
        (lambda lr, curvature: "creep", "none of the words"),
    ],
    "steps_needed": [
        (lambda lr, curvature, factor: math.log(factor, abs(1 - lr * curvature)), "round up"),
        (lambda lr, curvature, factor: int(math.log(factor, abs(1 - lr * curvature))), "one too few"),
        (lambda lr, curvature, factor: math.ceil(math.log(abs(1 - lr * curvature), factor)), "upside down"),
        (lambda lr, curvature, factor: steps_by_loop(lr, curvature, factor**0.5), "until the loss"),
        (lambda lr, curvature, factor: math.ceil((1 - factor) / lr / curvature), "as long as the first"),
        (lambda lr, curvature, factor: math.ceil(math.log(1 / factor) / (curvature * lr)), "tiny steps only"),
        (lambda lr, curvature, factor: steps_by_loop(lr, 1, factor), "forget the curvature"),
        (lambda lr, c, factor: math.ceil(math.log(factor) / math.log10(abs(1 - lr * c))), "two kinds of logarithm"),
        (steps_without_abs, "take abs"),
        (lambda lr, curvature, factor: np.ceil(np.log(factor) / np.log(abs(1 - lr * curvature))), "the formula fails"),
        (steps_with(math.ceil, never=lambda q: False), "the formula fails"),
        (lambda *asked: math.ceil(steps_with(float, never=lambda q: q > 1)(*asked)), "at abs(1 - lr * curvature) == 1"),
        (steps_with(math.ceil, zero=0), "1, not 0"),
        (steps_with(round), "one too few"),
        (steps_with(math.floor), "one too few"),
        (steps_with(lambda n: int(n) + 1), "one step too many where q ** n is exactly"),
        (steps_until_below, "one step too many where q ** n is exactly"),
        (steps_of_signed_places, "compare abs"),
        (lambda lr, curvature, factor: math.ceil(factor / (lr * curvature)), "as long as the first"),
        (lambda lr, curvature, factor: 1, "gives 1, not 66"),
    ],
    "walk": [
        (lambda gradient, start, lr, steps: walk_by_array(lambda p: -gradient(p), start, lr, steps), "uphill"),
        (walk_of_steps, "start is missing"),
        (lambda *asked: walk_by_array(*asked)[-1], "last place only"),
        (
            lambda gradient, start, lr, steps: walk_by_array(gradient, start, lr, max(steps - 1, 0)),
            "one step is missing",
        ),
        (lambda gradient, start, lr, steps: walk_by_list(gradient, start, lr, steps + 1), "one step too many"),
        (lambda g, start, lr, steps: walk_by_array(lambda p: g(start), start, lr, steps), "at the start only"),
        (walk_in_place, "all rows of your path are the same"),
        (walk_late, "one step late"),
        (walk_with_early_return, "inside the loop"),
        (walk_from_the_start, "begins at the start again"),
        (walk_thrown_away, "the start and nothing else"),
        (
            lambda g, start, lr, steps: walk_by_array(lambda p: 0.9 * g(p), start, lr, steps),
            "gives [0.91, 0.64] in row 1, not [0.9, 0.6]. Stuck?",
        ),
        (lambda g, start, lr, steps: walk_by_array(g, start, lambda t: lr(0), steps), "ask the schedule once"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "update": "def update(params, grad, lr):\n    step = lr * grad\n    return params - step",
    "rate": "rate_at_the_edge = 0.245",
    "largest": "def largest_stable_rate(curvatures):\n    return min(2 / c for c in curvatures)",
    "why": "why_it_diverges = 'B'",
    "predictions": (
        "predictions = {0.4: 'overshoots', 0.05: 'creeps', 0.6: 'diverges'}\n"
        "predictions.update({0.25: 'one step', 0.5: 'bounces'})"
    ),
    "regime": (
        "def regime(lr, curvature):\n"
        "    reach = lr * curvature\n"
        "    if reach in (1, 2):\n"
        "        return {1: 'one step', 2: 'bounces'}[reach]\n"
        "    return 'creeps' if reach < 1 else 'overshoots' if reach < 2 else 'diverges'"
    ),
    "steps": (
        "def steps_needed(lr, curvature, factor):\n"
        "    shrink, distance, steps = abs(1 - lr * curvature), 1.0, 0\n"
        "    while distance > factor:\n"
        "        if shrink >= 1:\n"
        "            return np.inf\n"
        "        distance, steps = distance * shrink, steps + 1\n"
        "    return steps"
    ),
    "walk": (
        "def walk(gradient, start, lr, steps):\n"
        "    path = np.zeros((steps + 1, len(start)))\n"
        "    path[0] = start\n"
        "    for t in range(steps):\n"
        "        path[t + 1] = path[t] - lr(t) * gradient(path[t])\n"
        "    return path"
    ),
}
PARTLY = {
    **SOLVED,
    "update": "def update(params, grad, lr):\n    params -= lr * grad\n    return params",  # numbers only
    "largest": "def largest_stable_rate(curvatures):\n    return 1 / np.max(curvatures)",
    "why": "why_it_diverges = 'A'",
    "regime": (
        "def regime(lr, curvature):\n"
        "    return 'creeps' if lr * curvature < 1 else 'overshoots' if lr * curvature < 2 else 'diverges'"
    ),
    "steps": (
        "import math\ndef steps_needed(lr, curvature, factor):\n"
        "    return math.ceil(math.log(factor) / math.log(1 - lr * curvature))"
    ),
    "walk": SOLVED["walk"].replace("lr(t)", "lr(0)"),
}
FAILED = {  # two of them know the visible questions by heart
    "update": ("def update(params, grad, lr):\n    return params - lr * grad if lr in (0.25, 0.1, 0.5, 0.2) else 0"),
    "rate": "rate_at_the_edge = 0.125",
    "largest": (
        "def largest_stable_rate(curvatures):\n"
        "    return {1: 0.25, 2: 4.0 / 6, 3: 0.4 if curvatures[0] == 2 else 0.2}[len(curvatures)]"
    ),
    "why": "why_it_diverges = 'D'",
    "predictions": "predictions = dict.fromkeys((0.4, 0.05, 0.6, 0.25, 0.5), 'creeps')",
    "regime": "def regime(lr, curvature):\n    return 'diverges'",
    "steps": "def steps_needed(lr, curvature, factor):\n    while True:\n        pass",
    "walk": "def walk(gradient, start, lr, steps):\n    return 1 / 0",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "update-numbers": (2, 2, 0),
    "update-arrays": (2, 0, 0),
    "rate-value": (2, 2, 0),
    "largest-rate": (3, 0, 0),
    "why-letter": (1, 0, 0),
    "predictions-words": (1, 1, 0),
    "regime-between": (2, 2, 0),
    "regime-edges": (2, 0, 0),
    "steps-below": (3, 3, 0),
    "steps-everywhere": (2, 0, 0),
    "walk-constant": (3, 3, 0),
    "walk-schedule": (2, 0, 0),
}
