"""How often the doctor is right: its verdicts on stored logs whose true labels come from further training."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from lrlab.doctor.evidence import measure
from lrlab.doctor.rules import VERDICTS, judge

UNCLEAR = "unclear"


def confusion(path: str | Path) -> Counter:
    """(true label, verdict) -> how many of the logs in a file that tests/references/make_logs.py has made.

    Logs that are no clear case of anything have the label "unclear", and no verdict on them is right or wrong.

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
    clear = {pair: count for pair, count in found.items() if pair[0] != UNCLEAR}
    columns = [sum(count for pair, count in clear.items() if pair[1] == verdict) for verdict in VERDICTS]
    right = sum(count for (truth, verdict), count in clear.items() if truth == verdict)
    return [*rows, ["all", *map(str, columns), share(right, sum(columns))]]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""
