"""English interface strings to French words: the lexicon under SGD and Adam, eight rates each, five orders.

The split is the data set's own. Minibatches of 32 and 600 steps (some nine epochs), looked at every 20 steps. All runs
start from zeros; a seed draws the order of the strings. "Adam, warmed up" has a rate that rises in a straight line for
60 steps and then falls with the inverse square root of the step, and `RATES` are its peaks.

validation: the validation loss at each of `AT`
test:       the test loss at the step where validation was lowest
right:      there, the share of test strings whose most probable word stands in their French
sure:       after the last step, p(f | e) of each of `ENTRIES`

Source: our own; the shape of the rate is that of Vaswani et al. 2017, arXiv:1706.03762.
"""

import numpy as np

from lrlab import descend
from lrlab.arguments import Array
from lrlab.datasets import strings
from lrlab.models import lexicon
from lrlab.optimizers import adam, sgd
from lrlab.schedules import inverse_sqrt, warmup

STEPS, EVERY, BATCH, WARM = 600, 20, 32, 60
AT = tuple(range(0, STEPS + 1, EVERY))
RULES = {"SGD": sgd(), "Adam": adam(), "Adam, warmed up": adam()}
RATES = {"SGD": np.logspace(0, 3.5, 8), "Adam": np.logspace(-3, 0.5, 8), "Adam, warmed up": np.logspace(-3, 0.5, 8)}
ENTRIES = (("file", "fichier"), ("kernel", "noyau"), ("delete", "supprimer"), ("keyboard", "clavier"))
AXES = {"rule": tuple(RULES), "seed": (0, 1, 2, 3, 4), "place": tuple(range(8))}  # the place of the rate in RATES
CHECKED = [{"rule": "SGD", "seed": 0, "place": 2}, {"rule": "Adam", "seed": 1, "place": 2}]  # calm ones
TOLERANCE = 1e-4


def cell(rule: str, seed: int, place: int) -> dict[str, Array]:
    """What one run reached. The eight rates are not run at once: together they do not fit into a processor's cache."""
    data, rate = strings(), RATES[rule][place]
    net = lexicon(len(data.english), len(data.french))
    entries = [(data.english.index(e), data.french.index(f)) for e, f in ENTRIES]

    def look(t, params):
        if t % EVERY == 0:
            return {name: net.evaluate(params, *getattr(data, name)) for name in ("validation", "test")}

    schedule = warmup(inverse_sqrt(rate, WARM), WARM - 1, start_factor=1 / WARM) if "," in rule else rate
    trained = descend(
        net.on(*data.train, batch_size=BATCH),
        net.init(0),
        schedule,
        optimizer=RULES[rule],
        steps=STEPS,
        monitor=look,
        keep="last",
        rng=np.random.default_rng(seed),
    )
    validation = np.array([seen["loss"] for _, seen in trained.metrics["validation"]])
    test = trained.metrics["test"][validation.argmin()][1]
    logits = net.views(trained.final)["lexicon.weight"]
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = weights / weights.sum(axis=1, keepdims=True)
    return {
        "validation": validation,
        "test": test["loss"],
        "right": test["accuracy"],
        "sure": np.array([share[entry] for entry in entries]),
    }
