"""Answers to the capstone, right and wrong, as students write them."""

import math

import numpy as np

# ------------------------------------------------------------------------------------------------------------- searches


def tune_by_zooming(run, budget):
    """The powers of ten, then five rates around the best."""
    tried = [(run(10.0**power), power) for power in range(-4, 5)]
    best = min(tried)[1]
    tried += [(run(10.0**power), power) for power in np.linspace(best - 0.6, best + 0.6, budget - 9)]
    return np.float64(10 ** min(tried)[1])


def tune_by_golden_section(run, budget):
    """A coarse look with every other power of ten, and then a golden section search in the logarithm."""
    powers = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    losses = [run(10.0**power) for power in powers]
    best = int(np.argmin(losses))
    a, b = powers[max(best - 1, 0)], powers[min(best + 1, 8)]
    golden = (math.sqrt(5) - 1) / 2
    tried = dict(zip(map(float, powers), losses, strict=True))
    for _ in range(budget - 9):
        for power in (b - golden * (b - a), a + golden * (b - a)):
            if power not in tried and len(tried) < budget:
                tried[power] = run(10.0**power)
        c, d = b - golden * (b - a), a + golden * (b - a)
        if c in tried and d in tried:
            a, b = (a, d) if tried[c] < tried[d] else (c, b)
    return 10.0 ** min(tried, key=tried.get)


def coarse(run, budget, pick=min):
    losses = {rate: run(rate) for rate in 10.0 ** np.arange(-4, 5)}
    return pick(losses, key=losses.get)


def evenly(run, budget):
    rates = np.linspace(1e-4, 1e4, budget)
    return rates[np.argmin([run(rate) for rate in rates])]


def too_many(run, budget):
    rates = np.geomspace(1e-4, 1e4, budget + 1)
    return rates[np.argmin([run(rate) for rate in rates])]


def asks_twice(run, budget):
    best, lowest = None, math.inf
    for rate in np.geomspace(1e-4, 1e4, 7):
        if run(rate) < lowest:
            best, lowest = rate, run(rate)
    return best


def grid(run, budget):
    rates = np.geomspace(1e-4, 1e4, budget)
    return rates[np.argmin([run(rate) for rate in rates])]


def place(run, budget):
    return np.argmin([run(rate) for rate in np.geomspace(1e-4, 1e4, budget)])


def drawn_evenly(run, budget):
    rates = np.random.default_rng(0).uniform(1e-4, 1e4, budget)
    return rates[np.argmin([run(rate) for rate in rates])]


def last_of_all(run, budget):
    for rate in np.geomspace(1e4, 1e-4, budget):
        run(rate)
    return rate


def around_one(run, budget):
    rates = np.geomspace(0.1, 100, budget)
    return float(rates[np.argmin([run(rate) for rate in rates])])


# --------------------------------------------------------------------------------------------------------------- tables


def rows(optimizer, *rates, **schedule):
    return [dict(optimizer=optimizer, lr=rate, **schedule) for rate in rates]


SGD, MOMENTUM, ADAM = rows("sgd", 0.01, 0.1, 1), rows("momentum", 0.001, 0.01, 0.1), rows("adam", 0.001, 0.01, 0.1)
BEST = dict(optimizer="adam", lr=0.02, schedule="warm-up, cosine")


def interval(low, high, run=BEST):
    return {"run": run, "low": low, "high": high}


RIGHT = {
    "tune": (tune_by_zooming, tune_by_golden_section),
    "my_runs": (
        tuple(MOMENTUM + ADAM + rows("adam", 0.005, 0.02, schedule="cosine")),
        [*SGD, *ADAM, dict(optimizer="adam", lr=np.float64(0.02), schedule="constant")],
    ),
    "what_to_report": ("D", " d "),
    "forecast": (interval(0.12, 0.2), interval(np.float64(0.11), np.float64(0.19))),
}

WRONG = {
    "tune": [
        (lambda run, budget: 1.0, "asks for no run at all"),
        (too_many, "more runs than its budget"),
        (lambda run, budget: run(coarse(run, budget)), "a loss, not a rate"),
        (lambda run, budget: -coarse(run, budget), "above 0"),
        (lambda run, budget: coarse(run, budget, max), "the highest loss"),
        (evenly, "Step by a factor"),
        (drawn_evenly, "Step by a factor"),
        (place, "a place in your list"),
        (asks_twice, "the same rate twice"),
        (grid, "the same rates on every problem"),
        (last_of_all, "take the best of all your runs"),
        (around_one, "do not reach from 1e-4 to 1e4"),
        (coarse, "not the dip in it"),
        (lambda run, budget: 7 * coarse(run, budget), "a rate that you have not run"),
        (lambda run, budget: grid(run, 7), "times the lowest. Stuck?"),
        (lambda run, budget: run(np.logspace(1e-4, 1e4, 3)[-1]), "is inf: np.logspace takes exponents"),
        (lambda run, budget: [coarse(run, budget)] * 2, "give one number"),
        (lambda run, budget: run("0.1, 0.2"), "raised ValueError: the rate is '0.1, 0.2': give one number"),
        (lambda run, budget: sum(run(1) for _ in range(200)), "raised RuntimeError: you asked for more than 100 runs"),
    ],
    "my_runs": [
        (rows("sgd", 0.1) + rows("adam", 0.1), "share one rate"),
        (SGD, "one optimizer only"),
        (rows("sgd", 0.1, 0.2, 0.3) + rows("adam", 0.1, 0.2), "too close together"),
        (rows("sgd", 0.001, 0.01, 0.02) + rows("momentum", 1e-4, 1e-3, 2e-3), "go on beyond it"),
        (rows("sgd", 0.01, 0.1, 0.2, 1) + rows("adam", 1e-4, 1e-5, 1e-6), "plain SGD is your best"),
        (rows("sgd", 0.001, 0.01, 0.02) + rows("momentum", 0.001, 0.003, 0.01, 0.9), "try a schedule that falls"),
        (
            rows("sgd", 0.001, 0.01, 0.1) + rows("momentum", 0.003, 0.03, 0.9, schedule="cosine"),
            "twice and half of yours",
        ),
        (rows("adam", *np.geomspace(1e-4, 1, 13)), "has 13 runs, and the budget is 12"),
        ([], "give a list with one dict"),
        ("adam", "give a list with one dict"),
        ([{"lr": 0.1}], "needs the form dict(optimizer="),
        (rows("sgd", 0.1, schedule="cosinus"), "schedule is 'cosinus': give one of 'constant'"),
        (rows("SGD", 0.1), "optimizer is 'SGD': give one of 'sgd'"),
        (rows("sgd", 0), "lr is 0: give a rate above 0"),
        (rows("sgd", "0,1"), "lr is '0,1': give one number"),
    ],
    "what_to_report": [
        ("A", "the lowest of twelve"),
        ("B", "Which images are untouched?"),
        ("C", "the luckiest seed"),
        ("E", "one of the letters"),
    ],
    "forecast": [
        (interval(0.2, 0.1), "low and high are swapped"),
        (interval(0.15, 0.15), "no width"),
        (interval(0.0, 1.0), "true but says little"),
        (interval(0.05, 0.14), "fresh seeds lie above"),
        (interval(0.165, 0.3), "fresh seeds lie below"),
        (interval(0.145, 0.155), "too narrow"),
        (interval(0.05, 0.1), "Is it about the test images?"),
        (interval(93, 97), "not in per cent"),
        ([0.1, 0.2], "must keep its form"),
        ({"run": BEST, "low": 0.1}, "must keep its form"),
        (interval("low", 0.2), "no number for low"),
        (interval(0.1, 0.2, dict(optimizer="adam")), "cannot be trained: each run needs the form"),
        (interval(0.6, 0.8, dict(optimizer="sgd", lr=1e-4)), "learnt little"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {
    "tune": """
def tune(run, budget):
    tried = [(run(10.0**power), power) for power in range(-4, 5)]
    best = min(tried)[1]
    tried += [(run(10.0**power), power) for power in np.linspace(best - 0.6, best + 0.6, budget - 9)]
    return 10 ** min(tried)[1]
""",
    "runs": """
my_runs = []
for lr in (0.01, 0.03, 0.1):
    my_runs.append({"optimizer": "momentum", "lr": lr, "schedule": "cosine"})
for lr in (0.001, 0.003, 0.01, 0.02, 0.1):
    my_runs.append({"optimizer": "adam", "lr": lr})
""",
    "report": 'what_to_report = "D"',
    "forecast": """
best = {"optimizer": "adam", "lr": 0.02}
seeds = [capstone.one_seed(best, seed) for seed in range(5, 13)]
forecast = {"run": best, "low": 0.85 * min(seeds), "high": 1.15 * max(seeds)}
""",
}
PARTLY = {
    "tune": """
def tune(run, budget):
    rates = [10.0**power for power in range(-4, 5)]
    losses = [run(rate) for rate in rates]
    return rates[losses.index(min(losses))]
""",
    "runs": """
my_runs = [dict(optimizer="sgd", lr=lr) for lr in (0.001, 0.01, 0.1)]
my_runs += [dict(optimizer="momentum", lr=lr, schedule="cosine") for lr in (0.001, 0.01, 0.03)]
""",
    "report": 'what_to_report = "B"',
    "forecast": SOLVED["forecast"],
}
FAILED = {
    "tune": """
def tune(run, budget):
    while True:
        budget = budget + 1
""",
    "runs": 'my_runs = [dict(optimizer="sgd", lr=0.1)] * 13',
    "report": 'what_to_report = "A"',
    "forecast": 'forecast = {"run": dict(optimizer="adam", lr=0.02), "low": 0.1, "high": 2}',
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "tune-budget": (2, 2, 0),
    "tune-near": (3, 3, 0),
    "tune-close": (3, 0, 0),
    "runs-plan": (2, 2, 0),
    "runs-first": (4, 4, 0),
    "runs-second": (2, 0, 0),
    "runs-third": (2, 0, 0),
    "report-letter": (2, 0, 0),
    "forecast-interval": (4, 4, 0),
}
