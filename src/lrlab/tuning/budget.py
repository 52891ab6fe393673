"""What n runs can hope for, worked out from all the runs that were made."""

from __future__ import annotations

import math

import numpy as np

from lrlab.arguments import Array, floats, number, whole


def expected_best(scores, n: int, *, diverged: float | None = None, replace: bool = False) -> float:
    """E[min of n] = sum_i s_(i) * P(s_(i) is the lowest of n), s_(1) <= ... <= s_(N) all scores that were measured.

    P = C(N - i, n - 1) / C(N, n), i from 1, for n different ones of the N: the mean over all ways to choose them, exact
    and without bias. With replace=True P = ((N - i + 1)**n - (N - i)**n) / N**n, as Dodge et al. have it, which is too
    pessimistic for n near N but takes any n.

    scores:   any shape, such as the median of each configuration of a random search; NaN (not run) is left out, the
              lower the better. Grid points are no independent draws: then this is only a description.
    n:        1 <= n <= N; any n from 1 up with replace=True
    diverged: the score to put in for a run that diverged (inf), such as the loss before training. Left out they stay
              inf, and the answer is inf wherever n runs could all diverge.

    Compare two methods at the same n: who is best after 9 runs is often not who is best after 100.

    Raises ValueError for a value out of range, or no scores.
    Source: Dodge et al. 2019, arXiv:1909.03004; without replacement, Tang et al. 2020, arXiv:2004.13705.

    >>> [expected_best([3.0, 1.0, 2.0], n) for n in (1, 2, 3)]
    [2.0, 1.3333333333333333, 1.0]
    """
    scores = np.sort(measured(scores, diverged))
    total = len(scores)
    remedy = "give a whole number of runs from 1 up"
    n = whole("n", n, 1, remedy)
    if not replace and n > total:
        raise ValueError(f"n is {n}: give at most {total}, the number of scores, or replace=True")
    ranks = range(1, total + 1)
    if replace:
        chances = [((total - i + 1) / total) ** n - ((total - i) / total) ** n for i in ranks]
    else:
        # whole numbers: no rounding before the one division
        chances = [math.comb(total - i, n - 1) / math.comb(total, n) for i in ranks]
    # inf times a chance of 0 is not a number
    return float(sum(score * chance for score, chance in zip(scores.tolist(), chances, strict=True) if chance > 0))


def measured(scores, diverged: float | None) -> Array:
    """The scores that are not NaN, in a row; `diverged` in place of inf."""
    scores = floats("scores", scores, "give the scores of a search, such as search.median").ravel()
    scores = scores[~np.isnan(scores)]
    if not scores.size:
        raise ValueError("scores holds nothing that was run: give the scores of a search, such as search.median")
    if diverged is None:
        return scores
    return np.where(np.isinf(scores), number("diverged", diverged, "give a finite score, such as 2.3"), scores)
