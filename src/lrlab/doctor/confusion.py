"""How often the doctor is right: its verdicts on stored logs whose true labels follow from their known rates.

On the held-out logs of tests/references it is right on 145 of 158. Rules and labels were frozen before these problems
were first trained. Earlier sets, on which 66 to 84 % were right, have been looked at and count among those for tuning.
What changed after them: one log's first point may be low by chance, so a doubled loss must also leave the scatter; a
label holds only where the log can show it, its noise being small enough; rules with steps of a fixed length are not
trained without noise.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from lrlab.doctor.evidence import measure
from lrlab.doctor.rules import VERDICTS, judge


def confusion(path: str | Path) -> Counter:
    """(true label, verdict) -> how many of the logs in a file that tests/references/make_logs.py has made.

    Source: tests/references/make_logs.py says how the labels are found.
    """
    with np.load(path) as stored:
        rows, losses = json.loads(str(stored["table"])), stored["losses"].astype(float)
    ends = np.cumsum([row[3] for row in rows])
    return Counter((row[4], judge(measure(log))) for row, log in zip(rows, np.split(losses, ends[:-1]), strict=True))


def confusion_rows(path: str | Path) -> list[list[str]]:
    """The table for a page, its head first: a row for each true label, a column for each verdict, and the share right.

    Source: definition.
    """
    found = confusion(path)
    rows = [["truth", *VERDICTS, "right"]]
    for truth in VERDICTS:
        counts = [found[truth, verdict] for verdict in VERDICTS]
        if sum(counts):
            rows.append([truth, *map(str, counts), share(found[truth, truth], sum(counts))])
    columns = [sum(found[truth, verdict] for truth in VERDICTS) for verdict in VERDICTS]
    right = sum(found[verdict, verdict] for verdict in VERDICTS)
    return [*rows, ["all", *map(str, columns), share(right, sum(columns))]]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""
