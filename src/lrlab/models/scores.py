"""How good a yes-or-no answer is: ranking, thresholds, calibration, and an interval that knows who belongs together."""

from __future__ import annotations  # np.random takes 10 ms to import: a name in a signature must not load it

from collections.abc import Callable

import numpy as np

from lrlab.arguments import Array, number, numbers, whole
from lrlab.models.losses import labels_of


def auc(scores, labels) -> Array:
    """AUC = P(score of a case > score of a non-case) + P(the two are equal) / 2, over all pairs.

    scores: (*B, n), the higher the more like a case; any numbers, only their order counts
    labels: (n,), 1 for a case, 0 for a non-case; at least one of each

    Returns (*B,): 1 if every case stands above every non-case, 1/2 for guessing; NaN where a score is not finite.
    Raises ValueError where labels and scores do not fit.
    Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.

    >>> float(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]))
    0.75
    """
    scores, cases = checked(scores, labels)
    flat = scores.reshape(-1, scores.shape[-1])
    found = np.full(len(flat), np.nan)
    for i, row in enumerate(flat):
        if np.isfinite(row).all():
            others = np.sort(row[~cases])
            below = np.searchsorted(others, row[cases], "left") + np.searchsorted(others, row[cases], "right")
            found[i] = below.mean() / (2 * len(others))
    return found.reshape(scores.shape[:-1])


def rates_at(scores, labels, threshold=0.0) -> tuple[Array, Array]:
    """sensitivity = share of the cases with score > threshold; specificity = share of the non-cases without.

    scores:    (*B, n); a score that is not finite says no
    labels:    (n,), 1 for a case, 0 for a non-case; at least one of each
    threshold: a number, or (*B,), in the unit of the scores

    Returns sensitivity (*B,) and specificity (*B,).
    Raises ValueError where labels, scores and threshold do not fit.
    Source: Altman and Bland 1994, doi:10.1136/bmj.308.6943.1552.

    >>> sensitivity, specificity = rates_at([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.3)
    >>> float(sensitivity), float(specificity)
    (1.0, 0.5)
    """
    scores, cases = checked(scores, labels)
    threshold = np.asarray(threshold, dtype=float)
    if threshold.shape not in ((), scores.shape[:-1]):
        raise ValueError(
            f"threshold has shape {threshold.shape}: give a number, or one for each of {scores.shape[:-1]}"
        )
    says = (scores > threshold[..., None]) & np.isfinite(scores)
    return says[..., cases].mean(axis=-1), 1 - says[..., ~cases].mean(axis=-1)


def threshold_for(scores, labels, sensitivity: float) -> Array:
    """The highest threshold at which `rates_at` still gives this sensitivity or more, a hair below a case's score.

    scores:      (*B, n), finite for what is wanted
    labels:      (n,), 1 for a case, 0 for a non-case; at least one of each
    sensitivity: above 0, at most 1

    Returns (*B,). Raises ValueError where an argument does not fit.
    Source: definition.

    >>> float(threshold_for([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.5).round(6))
    0.8
    """
    scores, cases = checked(scores, labels)
    share = number("sensitivity", sensitivity, "give a share above 0, at most 1", lambda x: (x > 0) & (x <= 1))
    ordered = np.sort(scores[..., cases], axis=-1)[..., ::-1]
    wanted = int(np.ceil(share * cases.sum() - 1e-9))
    return np.nextafter(ordered[..., wanted - 1], -np.inf)


def reliability(probabilities, labels, bins: int = 10, weights=None) -> tuple[Array, Array, Array]:
    """In each bin of probability: mean probability, share of cases, and share of all the weight.

    probabilities: (n,), from 0 to 1, of being a case; bin k holds those from k / bins up to (k + 1) / bins
    labels:        (n,), 1 for a case, 0 for a non-case; at least one of each
    bins:          1 or more
    weights:       (n,), above 0, what each example counts; 1 if left out

    Returns three arrays (bins,), the first two NaN where a bin is empty. Well calibrated: the first two are equal.
    Raises ValueError where an argument does not fit.
    Source: Niculescu-Mizil and Caruana 2005, doi:10.1145/1102351.1102430.

    >>> said, seen, share = reliability([0.1, 0.2, 0.9, 0.7], [0, 1, 1, 1], bins=2)
    >>> said.round(2).tolist(), seen.tolist(), share.tolist()
    ([0.15, 0.8], [0.5, 1.0], [0.5, 0.5])
    """
    p, cases = checked(probabilities, labels)
    numbers("probabilities", p, "give numbers from 0 to 1", lambda x: (x >= 0) & (x <= 1))
    bins = whole("bins", bins, 1, "give a whole number from 1 up, such as 10")
    weights = np.ones(len(p)) if weights is None else numbers("weights", weights, "give one above 0 an example")
    if p.ndim != 1 or weights.shape != p.shape or (weights <= 0).any():
        raise ValueError(f"weights has shape {weights.shape} for {p.shape}: give one above 0 an example")
    place = np.minimum((p * bins).astype(int), bins - 1)
    total = np.bincount(place, weights, bins)
    with np.errstate(invalid="ignore"):
        said, seen = (np.bincount(place, weights * x, bins) / total for x in (p, cases))
    return said, seen, total / total.sum()


def bootstrap(
    statistic: Callable[[Array], float], groups, rng: np.random.Generator | int, draws: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """(low, high): the middle `level` of statistic(rows), whole groups drawn with replacement.

    statistic: rows -> a number; rows are places in `groups`, and one comes twice where its group was drawn twice. A
               draw for which it is NaN is left out.
    groups:    (n,), what belongs together, such as the patient; np.arange(n) draws single examples
    rng:       a seeded numpy.random.Generator, or the seed of one
    draws:     1 or more
    level:     above 0, below 1

    Examples of one patient are alike, so that drawing single examples gives an interval that is too narrow.

    Raises ValueError where an argument does not fit.
    Source: Efron 1979, doi:10.1214/aos/1176344552; whole groups: Field and Welsh 2007,
    doi:10.1111/j.1467-9868.2007.00593.x.

    >>> heights = np.array([1.0, 1.0, 5.0, 5.0])
    >>> bootstrap(lambda rows: heights[rows].mean(), [0, 0, 1, 1], rng=0)
    (1.0, 5.0)
    """
    groups = np.asarray(groups)
    if groups.ndim != 1 or not groups.size:
        raise ValueError(f"groups has shape {groups.shape}: give the group of each example, (n,)")
    draws = whole("draws", draws, 1, "give a whole number from 1 up, such as 1000")
    level = number("level", level, "give a share between 0 and 1, such as 0.95", lambda x: (x > 0) & (x < 1))
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(whole("rng", rng, 0, "give a seeded generator, or a whole number as its seed"))
    names, place = np.unique(groups, return_inverse=True)
    members = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1])
    found = []
    for _ in range(draws):
        drawn = rng.integers(len(names), size=len(names))
        found.append(statistic(np.concatenate([members[group] for group in drawn])))
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def checked(scores, labels) -> tuple[Array, Array]:
    """Scores (*B, n) as floats and which of the n are cases; else one sentence."""
    scores, labels = np.asarray(scores, dtype=float), labels_of("labels", labels, 2)
    if scores.shape[-1:] != labels.shape:
        raise ValueError(f"scores has shape {scores.shape} and labels {labels.shape}: give one score a label")
    if len(np.unique(labels)) < 2:
        raise ValueError("labels holds only one kind: give at least one 0 and one 1")
    return scores, labels == 1
