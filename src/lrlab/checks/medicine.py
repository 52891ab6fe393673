"""Chapter on medical images: what was found, in which order, on whose outlines, when to stop, and where to cut."""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrlab.checks.judging import (
    FunctionTask,
    Hint,
    Mistake,
    ResultTask,
    ValueTask,
    letter,
    numbers_for,
    one_number,
    show,
    words_for,
)
from lrlab.datasets import nodules
from lrlab.experiments.nodules_rates import trained
from lrlab.models.scores import auc, rates_at, threshold_for

# ------------------------------------------------------------------------------------ 1: sensitivity and specificity

ALWAYS_BENIGN = {"accuracy": 909 / 1000, "sensitivity": 0.0, "specificity": 1.0}  # 91 of 1,000 are malignant


def off(name: str) -> Callable:
    """Whether this number is not near the one of the answer."""
    return lambda found: abs(found[name] - ALWAYS_BENIGN[name]) > 0.005


PREDICTIONS_ALWAYS_BENIGN = ValueTask(
    read=numbers_for(*ALWAYS_BENIGN),
    right=lambda found: not any(off(name)(found) for name in ALWAYS_BENIGN),
    verified="91 % of its answers are right, and it finds nobody. Where cases are rare, accuracy hides that.",
    mistakes=(
        Mistake(
            "give shares between 0 and 1, not counts and not percent: half of them would be 0.5.",
            (lambda found: max(found.values()) > 1 or min(found.values()) < 0,),
        ),
        Mistake(
            "sensitivity and specificity are swapped: which of the two is about the malignant ones?",
            (lambda found: (found["sensitivity"], found["specificity"]) == (1, 0),),
        ),
        Mistake(
            "that accuracy is the share of the malignant ones: those are its errors. How many of 1,000 are right?",
            (lambda found: abs(found["accuracy"] - 0.091) < 0.005,),
        ),
        Mistake(
            "an accuracy of 0.5 is for a coin, or for as many of one kind as of the other. Count the right answers.",
            (lambda found: abs(found["accuracy"] - 0.5) < 0.005,),
        ),
        *(
            Mistake(f"look at the {name} again: {says}", (off(name),))
            for name, says in {
                "accuracy": "how many of the 1,000 answers are right? Give three decimals.",
                "sensitivity": "of the 91 malignant ones, how many does this rule call malignant?",
                "specificity": "of the 909 benign ones, how many does this rule leave alone?",
            }.items()
        ),
    ),
    hints=(
        "count on paper: how many right answers, how many malignant ones found, how many benign ones left alone?",
        "909 answers are right, 0 of 91 malignant ones are found, 909 of 909 benign ones are left alone.",
        "divide each count by what it is out of: by 1,000, by 91, by 909.",
    ),
    otherwise="not all three are right yet.",
)


class Counts(NamedTuple):
    """How many were called malignant or benign, and are."""

    found: int
    missed: int
    alarms: int
    spared: int


def counted(scores, labels, threshold, says: Callable = np.greater_equal) -> Counts:
    yes, cases = says(np.asarray(scores, dtype=float), threshold), np.asarray(labels) == 1
    return Counts(*(int(np.sum(each)) for each in (yes & cases, ~yes & cases, yes & ~cases, ~yes & ~cases)))


def shares(found, missed, alarms, spared) -> tuple:
    return found / (found + missed), spared / (spared + alarms)


def counting(shown: Callable, **changed) -> Callable:
    """A function of scores, labels and threshold that shows something else of the four counts."""
    return lambda scores, labels, threshold: shown(*counted(scores, labels, threshold, **changed))


def cut_at(fixed: float) -> Callable:
    return lambda scores, labels, threshold: shares(*counted(scores, labels, fixed))


def picked_by_place(scores, labels, threshold) -> tuple:
    """With labels taken for places, and not for a mask."""
    says = np.asarray(scores) >= threshold
    return float(says[labels].mean()), float((~says[~labels]).mean())


def sensitivity_and_specificity(scores, labels, threshold):
    """By the engine, whose cut says yes above the threshold only: so it is moved a hair down."""
    sensitivity, specificity = rates_at(scores, labels, np.nextafter(threshold, -np.inf))
    return float(sensitivity), float(specificity)


SENSITIVITY_AND_SPECIFICITY = FunctionTask(
    right=sensitivity_and_specificity,
    parts={
        "shares": (
            (np.array([0.1, 0.4, 0.35, 0.8, 0.3, 0.6, 0.15, 0.9]), np.array([0, 0, 1, 1, 0, 1, 0, 0]), 0.45),
            (np.array([-2.0, 1.5, -0.5, -3.0, 0.7, -1.2, 2.0]), np.array([0, 1, 1, 0, 0, 0, 0]), -1.0),
            (np.array([12.0, 35.0, 80.0, 20.0, 25.0, 200.0]), np.array([0, 1, 0, 0, 1, 1]), 30.0),
        ),
        "edge": (
            (np.array([1, 2, 3, 4, 5, 3]), np.array([0, 0, 1, 1, 1, 0]), 3),
            (np.array([0.5, 0.25, 0.75, 0.5, 0.0, 0.1, 0.2]), np.array([1, 0, 1, 0, 0, 1, 0]), 0.5),
        ),
    },
    verified={
        "shares": "two shares, each of its own kind: of the malignant ones, and of the benign ones.",
        "edge": "a score right at the threshold says malignant too, for both kinds.",
    },
    mistakes=(
        Mistake(
            "the two are in the other order: sensitivity, which is about the malignant ones, comes first.",
            (counting(lambda *n: shares(*n)[::-1]),),
        ),
        Mistake(
            "a score that is exactly at the threshold says malignant too: compare with >=.",
            (
                counting(shares, says=np.greater),
                lambda scores, labels, threshold: (
                    float(np.mean(scores[labels == 1] > threshold)),
                    float(np.mean(scores[labels == 0] < threshold)),
                ),
            ),
        ),
        Mistake(
            "these are shares of wrong answers: do you call low scores malignant, or count misses and false alarms?",
            (counting(shares, says=np.less), counting(shares, says=np.less_equal)),
        ),
        Mistake(
            "your first share is out of all that you *called* malignant. Sensitivity is out of all that *are*.",
            (
                counting(lambda *n: (n[0] / (n[0] + n[2]), shares(*n)[1])),
                counting(lambda *n: (n[0] / (n[0] + n[2]), n[3] / (n[3] + n[1]))),
            ),
        ),
        Mistake(
            "your second share is out of all that you *called* benign. Specificity is out of all that *are*.",
            (counting(lambda *n: (shares(*n)[0], n[3] / (n[3] + n[1]))),),
        ),
        Mistake(
            "your second share is that of the false alarms: specificity counts the benign ones that are left alone.",
            (counting(lambda *n: (shares(*n)[0], 1 - shares(*n)[1])),),
        ),
        Mistake(
            "your first share is that of the missed ones: sensitivity counts those that are found.",
            (counting(lambda *n: (1 - shares(*n)[0], shares(*n)[1])),),
        ),
        Mistake(
            "your second share is one minus the first: it is about the benign ones, so look at those only.",
            (counting(lambda *n: (shares(*n)[0], 1 - shares(*n)[0])),),
        ),
        Mistake(
            "you divide by the number of all outlines: each kind has its own count.",
            (counting(lambda *n: (n[0] / sum(n), n[3] / sum(n))),),
        ),
        Mistake(
            "these are counts: divide each by how many there are of its kind.",
            (counting(lambda *n: (n[0], n[3])),),
        ),
        Mistake(
            "these are percent: give shares between 0 and 1.",
            (counting(lambda *n: tuple(100 * share for share in shares(*n))),),
        ),
        Mistake(
            "you count both kinds above the line: only a malignant outline can be found, and only a benign one spared.",
            (counting(lambda *n: ((n[0] + n[2]) / (n[0] + n[1]), (n[1] + n[3]) / (n[2] + n[3]))),),
        ),
        Mistake(
            "labels holds numbers, so scores[labels] takes the scores at places 0 and 1: choose with labels == 1.",
            (picked_by_place, lambda scores, labels, threshold: picked_by_place(scores, labels, threshold)[::-1]),
        ),
        Mistake(
            "you cut at a fixed number: whoever calls the function chooses the threshold.",
            tuple(cut_at(fixed) for fixed in (0.5, 0.0, 1.0)),
        ),
        Mistake(
            "you give the accuracy, which mixes the kinds: each of the two shares is about one kind only.",
            (
                counting(lambda *n: ((n[0] + n[3]) / sum(n),) * 2),
                counting(lambda *n: ((n[0] + n[3]) / sum(n), shares(*n)[1])),
                counting(lambda *n: (shares(*n)[0], (n[0] + n[3]) / sum(n))),
            ),
        ),
    ),
    hints=(
        "`scores >= threshold` says for each outline whether it is called malignant, `labels == 1` whether it is.",
        "sensitivity: of those with labels == 1, the share that is called malignant. Which is the one for labels == 0?",
        "the mean of a True-or-False array is a share: `yes[labels == 1].mean()`; specificity likewise, with `~yes`.",
    ),
)

# -------------------------------------------------------------------------------------------------------------- 2: AUC


def auc_by_pairs(scores, labels):
    return float(auc(scores, labels))


def pairs(scores, labels) -> np.ndarray:
    """Score of a case minus score of a non-case, (cases, non-cases)."""
    scores, cases = np.asarray(scores, dtype=float), np.asarray(labels) == 1
    return scores[cases][:, None] - scores[~cases]


def by_pairs(shown: Callable) -> Callable:
    return lambda scores, labels: float(shown(pairs(scores, labels), len(labels)))


def wins(gaps) -> float:
    return np.sum(gaps > 0) + np.sum(gaps == 0) / 2


def by_places(first: int = 1, below: Callable = lambda k: k * (k + 1) / 2, kind: str = "stable") -> Callable:
    """The formula with ranks and no care for ties. below: what k cases take off for the pairs among themselves."""

    def auc_by_pairs(scores, labels):
        cases = np.asarray(labels) == 1
        k, ranks = cases.sum(), np.argsort(np.argsort(scores, kind=kind), kind=kind) + first
        return float((ranks[cases].sum() - below(k)) / (k * (~cases).sum()))

    return auc_by_pairs


def side_by_side(divided: Callable) -> Callable:
    """The first case against the first non-case, the second against the second. divided: duels, cases -> by what."""

    def auc_by_pairs(scores, labels):
        cases = np.asarray(labels) == 1
        duels = [(a > b) + (a == b) / 2 for a, b in zip(scores[cases], scores[~cases], strict=False)]
        return float(sum(duels) / divided(len(duels), cases.sum()))

    return auc_by_pairs


def of_kinds(compare: Callable) -> Callable:
    """compare: the cases' scores, the others' -> wins, of which the share is given."""
    return lambda scores, labels: float(np.mean(compare(scores[labels == 1], scores[labels == 0])))


def case_first(scores, labels) -> float:
    """Only the pairs in which the case stands before the non-case, as range(i + 1, n) gives them."""
    gaps = pairs(scores, labels)
    before = np.flatnonzero(labels == 1)[:, None] < np.flatnonzero(labels == 0)
    return float(np.mean((gaps > 0)[before] + (gaps == 0)[before] / 2)) if before.any() else 0.0


def picked_pairs(scores, labels) -> float:
    """With labels taken for places, and not for a mask."""
    gaps = scores[labels][:, None] - scores[~labels]
    return float(wins(gaps) / gaps.size)


def accuracy_cut(where: Callable) -> Callable:
    return lambda scores, labels: float(np.mean((scores >= where(scores)) == (labels == 1)))


AUC_BY_PAIRS = FunctionTask(
    right=auc_by_pairs,
    parts={
        "order": (
            (np.array([0.1, 0.4, 0.35, 0.8, 0.2]), np.array([0, 0, 1, 1, 0])),
            (np.array([-1.0, 3.0, 2.0, -2.5, 0.5, 1.0, -4.0]), np.array([1, 1, 0, 0, 1, 0, 0])),
            (np.array([5.0, 80.0, 30.0, 12.0, 44.0, 25.0]), np.array([0, 1, 0, 1, 1, 0])),
        ),
        "ties": (
            (np.array([1, 2, 2, 3, 2]), np.array([0, 0, 1, 1, 1])),
            (np.array([0.5, 0.5, 0.1, 0.5, 0.9, 0.1]), np.array([1, 0, 1, 0, 1, 0])),
            (np.array([7.0, 7.0, 7.0]), np.array([0, 1, 0])),
        ),
    },
    verified={
        "order": "the share of pairs in which the malignant one scores higher. No threshold was needed.",
        "ties": "a pair with equal scores counts half: a score that says the same of all gets 1/2, like a coin.",
    },
    mistakes=(
        Mistake(
            "a pair with equal scores counts nothing in your sum: it is half a success.",
            (by_pairs(lambda gaps, n: np.mean(gaps > 0)),),
        ),
        Mistake(
            "a pair with equal scores counts fully in your sum: it is only half a success.",
            (by_pairs(lambda gaps, n: np.mean(gaps >= 0)),),
        ),
        Mistake(
            "you count the pairs in which the benign one scores higher: turn the comparison round.",
            (by_pairs(lambda gaps, n: np.mean(gaps < 0)), by_pairs(lambda gaps, n: 1 - wins(gaps) / gaps.size)),
        ),
        Mistake(
            "this is a number of pairs: a share is asked for, so divide by how many pairs there are.",
            (by_pairs(lambda gaps, n: wins(gaps)), by_pairs(lambda gaps, n: np.sum(gaps > 0))),
        ),
        Mistake(
            "look at what you count and divide by: only pairs of one malignant and one benign outline are asked for.",
            (
                *(
                    by_pairs(lambda gaps, n, points=points, count=count: points(gaps) / count(n))
                    for points in (wins, lambda gaps: np.sum(gaps > 0))
                    for count in (lambda n: n * (n - 1) / 2, lambda n: n**2, lambda n: n)
                ),
                lambda scores, labels: float(np.mean(scores[:, None] > scores)),
            ),
        ),
        Mistake(
            "you meet each malignant outline with one benign one only: every pair of the two kinds counts.",
            (
                side_by_side(lambda duels, cases: duels),
                side_by_side(lambda duels, cases: cases),
                of_kinds(lambda cases, others: cases > others),  # raises: an error is told from others by its message
            ),
        ),
        Mistake(
            "you compare with an average: take each malignant outline against each benign one, and average at the end.",
            (
                of_kinds(lambda cases, others: cases.mean() > others),
                of_kinds(lambda cases, others: cases.mean() > others.mean()),
                of_kinds(lambda cases, others: cases > others.mean()),
                of_kinds(lambda cases, others: cases > np.median(others)),
            ),
        ),
        Mistake(
            "a pair that is lost counts -1 in your sum: it counts 0.",
            (by_pairs(lambda gaps, n: np.mean(np.sign(gaps))),),
        ),
        Mistake(
            "you take the pairs in which the malignant one stands first in the list only: the others count as well.",
            (case_first,),
        ),
        Mistake(
            "each pair counts twice in yours, once from either side: count only how the malignant one does.",
            (lambda scores, labels: 0.5,),
        ),
        Mistake(
            "you come back before all pairs are done: look at how far in `return` stands.",
            (
                by_pairs(lambda gaps, n: wins(gaps[0]) / gaps.size),
                by_pairs(lambda gaps, n: wins(gaps[0, 0]) / gaps.size),
            ),
        ),
        Mistake(
            "labels holds numbers, so scores[labels] takes the scores at places 0 and 1: choose with labels == 1.",
            (picked_pairs,),
        ),
        Mistake(
            "these are percent: give a share between 0 and 1.",
            (by_pairs(lambda gaps, n: 100 * wins(gaps) / gaps.size),),
        ),
        Mistake(
            "your ranks also count malignant ones below malignant ones: take those pairs away from the sum.",
            (by_places(below=lambda k: 0),),
        ),
        Mistake(
            "your ranks begin at 0: in this formula the lowest score has the rank 1.",
            (by_places(first=0),),
        ),
        Mistake(
            "equal scores get different ranks in your sort, as they happen to stand: count such pairs half.",
            (by_places(), by_places(kind="quicksort")),
        ),
        Mistake(
            "this is the share of right answers at one threshold. AUC has no threshold: it compares pairs.",
            (accuracy_cut(lambda scores: 0.5), accuracy_cut(np.median), accuracy_cut(np.mean)),
        ),
        Mistake(
            "you average how far the scores lie apart: only which of the two is higher counts.",
            (by_pairs(lambda gaps, n: np.mean(gaps)),),
        ),
    ),
    hints=(
        "take every malignant outline together with every benign one: how many pairs is that?",
        "each pair gives 1, 0 or, for equal scores, 1/2; the mean of all is the AUC. Two loops are fine.",
        "scores[labels == 1][:, None] - scores[labels == 0] holds all gaps: average (gaps > 0) + (gaps == 0) / 2.",
    ),
)

CHANGES = ("same", "one minus", "may change")
OF_AUC = {
    "3 * scores + 1": "same",
    "np.exp(scores)": "same",
    "-scores": "one minus",
    "abs(scores)": "may change",
    "np.round(scores)": "may change",
}


PREDICTIONS_AUC = ValueTask(
    read=words_for(tuple(OF_AUC), CHANGES),
    right=lambda words: words == OF_AUC,
    verified="what keeps the order keeps AUC: so AUC cannot see scores that are all too sure, or all too low.",
    mistakes=(
        Mistake(
            "not everything keeps the order: what does -scores do with the highest score?",
            (lambda words: set(words.values()) == {"same"},),
        ),
        *(
            Mistake(f"{formula}: {says}", (lambda words, formula=formula: words[formula] != OF_AUC[formula],))
            for formula, says in {
                "3 * scores + 1": "these are other numbers, but does it ever swap two of them?",
                "np.exp(scores)": "the scale is bent, but a higher score stays higher: does any pair turn round?",
                "-scores": "every pair turns round: what was the share of pairs won is now the share lost.",
                "abs(scores)": "take a benign one at -3 and a malignant one at 1. Who is higher before, and who after?",
                "np.round(scores)": "1.1 and 1.4 become equal. What does such a pair count before, and what after?",
            }.items()
        ),
    ),
    hints=(
        "take two scores, -3 and 1, then 1.1 and 1.4: which is higher before the change, and after it?",
        "where no pair changes its winner, AUC is the same; where every pair does, it is one minus the old one.",
        "two of the five keep every order, one turns every order round, two can make pairs equal or swap some.",
    ),
    otherwise="not all five are right yet: try each with the scores -3, 1, 1.1 and 1.4.",
)

# --------------------------------------------------------------------------------------------- 3: split by patient

PREDICTIONS_LEAK = letter(
    "C",
    "nothing in a shape tells a coin, but a shape can tell the patient. So all above 0.5 is leak.",
    {
        "A": "0.5 is what an honest split must give. Here a patient may stand on both sides: what can the net know?",
        "B": "clearly below 0.5 would need a net that knows the coins and says the opposite.",
        "D": "nearly 1 would need outlines by which every patient can be told for sure. Are these so sharp?",
    },
    (
        "the coin is thrown once for each patient, so all outlines of a patient have the same label.",
        "a held-out outline may look like another outline of the same nodule, which the net has learnt with its label.",
        "so the net knows some coins, by the patient's shape; the pixels are coarse, so by far not all.",
    ),
)

WHY_IT_LEAKS = letter(
    "B",
    "it draws rows, and a row is an outline. What must be drawn is whom new data would bring: patients.",
    {
        "A": "not A: the count is a quarter of the rows, as asked. A smaller one would leak as well.",
        "C": "not C: a permutation holds each row once, so no row is drawn twice. Which rows belong together?",
        "D": "not D: rng is a seeded generator, and another seed leaks as well.",
    },
    (
        "take a patient with 12 outlines: what does this function do with them?",
        "about 3 of the 12 are held out and 9 are trained on.",
        "look at what is permuted: the numbers from 0 to len(patients) - 1. What is one of those?",
    ),
)


def sides(patients, held) -> tuple[np.ndarray, np.ndarray]:
    patients, held = np.asarray(patients), np.asarray(held, dtype=bool)
    return patients[held], patients[~held]


def leaked_share(patients, held):
    tested, learnt = sides(patients, held)
    return float(np.isin(tested, learnt).mean())


def of_sides(shown: Callable) -> Callable:
    """A function of whose outlines are held out, and whose are trained on."""
    return lambda patients, held: float(shown(*sides(patients, held)))


def both(tested, learnt) -> int:
    return len(np.intersect1d(tested, learnt))


LEAKED_SHARE = FunctionTask(
    right=leaked_share,
    parts={
        "all": (
            (np.array([7, 7, 7, 3, 3, 5, 9]), np.array([True, True, False, True, False, True, False])),
            (np.array([1, 2, 1, 2, 1, 4, 8, 8]), np.array([False, True, True, False, True, True, False, False])),
            (np.array([10, 10, 20, 20, 20, 30]), np.array([False, False, True, True, True, False])),
            (np.array([4, 4, 4, 6, 6, 8]), np.array([True, False, True, False, True, False])),
            (np.array([1, 1, 1, 1, 1, 2, 2, 3, 3]), np.array([True] * 3 + [False] * 2 + [True] + [False] * 3)),
        )
    },
    verified={"all": "of the outlines held out, the share whose patient is known from the training."},
    mistakes=(
        Mistake(
            "you count patients: a patient with many outlines must count as often as there are outlines of theirs.",
            (
                of_sides(lambda tested, learnt: both(tested, learnt) / len(np.unique(tested))),
                of_sides(lambda tested, learnt: both(tested, learnt) / len(tested)),
            ),
        ),
        Mistake(
            "you count patients, and out of too many: asked is a share of the *outlines* that are held out.",
            (
                of_sides(lambda tested, learnt: both(tested, learnt) / len(np.union1d(tested, learnt))),
                of_sides(lambda tested, learnt: both(tested, learnt) / (len(tested) + len(learnt))),
            ),
        ),
        Mistake(
            "you ask this of all outlines: those in the training are always known, so ask only those held out.",
            (
                lambda patients, held: float(np.isin(patients, patients[~held]).mean()),
                lambda patients, held: float(np.isin(patients, patients[~held]).sum() / np.sum(held)),
            ),
        ),
        Mistake(
            "an outline counts once, however many outlines of its patient are in the training.",
            (of_sides(lambda tested, learnt: np.sum(tested[:, None] == learnt) / len(tested)),),
        ),
        Mistake(
            "you compare place by place: ask for each one held out whether its patient is anywhere in the training.",
            (of_sides(lambda tested, learnt: np.mean(tested == learnt)),),  # raises where the two are of other lengths
        ),
        Mistake(
            "these are percent: give a share between 0 and 1.",
            (of_sides(lambda tested, learnt: 100 * np.isin(tested, learnt).mean()),),
        ),
        Mistake(
            "you look from the other side: begin with the outlines held out, and ask for each whether it leaks.",
            (
                of_sides(lambda tested, learnt: np.isin(learnt, tested).mean()),
                of_sides(lambda tested, learnt: np.isin(learnt, tested).sum() / len(tested)),
            ),
        ),
        Mistake(
            "you divide by the wrong count: the share is one of the outlines held out, so they stand below the line.",
            (
                of_sides(lambda tested, learnt: np.isin(tested, learnt).sum() / (len(tested) + len(learnt))),
                of_sides(lambda tested, learnt: np.isin(tested, learnt).sum() / len(learnt)),
            ),
        ),
        Mistake(
            "this is a count: divide by the number of outlines held out.",
            (
                of_sides(lambda tested, learnt: np.isin(tested, learnt).sum()),
                of_sides(both),
            ),
        ),
        Mistake(
            "this is the honest share: you count the outlines whose patient is new.",
            (of_sides(lambda tested, learnt: 1 - np.isin(tested, learnt).mean()),),
        ),
        Mistake(
            "yours is 1 for every split: is an outline held out compared with itself? Compare with `~held` only.",
            (lambda patients, held: 1.0,),
        ),
        Mistake(
            "you give the share that is held out: ask for each of these whether its patient is in the training too.",
            (lambda patients, held: float(np.mean(held)),),
        ),
    ),
    hints=(
        "`patients[held]` are the patients of the outlines held out, `patients[~held]` those of the training.",
        "for each entry of `patients[held]`, ask whether it occurs in `patients[~held]`: np.isin does that for all.",
        "np.isin(patients[held], patients[~held]) is an array of True and False: its mean is the share.",
    ),
)


def split_by_patient(patients, share, rng):
    names = np.unique(patients)
    return np.isin(patients, rng.permutation(names)[: round(share * len(names))])


class Split(NamedTuple):
    """What came of a function that splits, over several questions."""

    leaks: bool  # a patient stands on both sides
    nobody: bool  # nobody is held out
    everybody: bool  # nobody is left to train on
    sizes: tuple  # for each question: patients held out, patients in all, share
    repeats: bool  # the same seed gives the same split
    varies: bool  # another seed gives another one


def questions_of_split() -> tuple[tuple, ...]:
    """Patients with one outline up to many, in two orders, each with the first seed twice.

    Half of the patients are asked for once, so that drawing with replacement shows.
    """
    rng = np.random.default_rng(7)
    names = np.sort(rng.permutation(1012)[:40] + 1)
    mixed = rng.permutation(np.repeat(names, rng.integers(1, 13, size=40)))
    ordered = np.repeat(names, np.r_[np.full(20, 1), np.full(20, 9)])
    return tuple(
        (patients, share, np.random.default_rng(seed))
        for patients, share in ((mixed, 0.25), (ordered, 0.5))
        for seed in (0, 0, 1, 2)
    )


def mask_of(value, rows: int) -> np.ndarray:
    """One True or False for each outline; Hint for anything else."""
    try:
        mask = np.asarray(value)
    except ValueError:
        mask = np.empty(0)
    if mask.shape != (rows,):
        raise Hint(
            f"gives {show(value)}: give one True or False for each of the {rows} outlines, True where it is held out."
        )
    if mask.dtype != bool and not np.isin(mask, (0, 1)).all():
        raise Hint(f"gives {show(value)}: give True or False for each outline, not numbers and not words.")
    return mask.astype(bool)


def read_split(answers) -> Split:
    masks = [mask_of(value, len(patients)) for (patients, _, _), value in answers]
    held = [sides(patients, mask) for ((patients, _, _), _), mask in zip(answers, masks, strict=True)]
    states = [str(rng.bit_generator.state) for (_, _, rng), _ in answers]
    sizes = tuple(
        (len(np.unique(tested)), len(np.unique(patients)), share)
        for ((patients, share, _), _), (tested, _) in zip(answers, held, strict=True)
    )
    twice = [  # two questions that differ in nothing but the generator: whether it is in the same state, and the masks
        (states[i] == states[j], np.array_equal(masks[i], masks[j]))
        for j in range(len(masks))
        for i in range(j)
        if np.array_equal(answers[i][0][0], answers[j][0][0])
    ]
    return Split(
        leaks=any(both(*each) > 0 for each in held),
        nobody=any(not mask.any() for mask in masks),
        everybody=any(mask.all() for mask in masks),
        sizes=sizes,
        repeats=all(same for seed, same in twice if seed),
        varies=not any(same for seed, same in twice if not seed),
    )


def sized(wanted: Callable, slack: float = 1) -> Callable:
    """Whether so many patients are held out everywhere, give or take one."""
    return lambda split: all(abs(count - wanted(*each)) <= slack for count, *each in split.sizes)


def is_apart(split: Split) -> bool:
    return not (split.leaks or split.nobody or split.everybody)


in_size = sized(lambda names, share: share * names)

SPLIT_BY_PATIENT = ResultTask(
    function=split_by_patient,
    asked=questions_of_split,
    patience=1,
    read=read_split,
    right={
        "apart": is_apart,
        "drawn": lambda split: is_apart(split) and in_size(split) and split.repeats and split.varies,
    },
    verified={
        "apart": "every patient stands on one side only, whatever order the outlines come in.",
        "drawn": "the share of the patients is as asked, and the generator decides who it is: same seed, same split.",
    },
    mistakes=(
        Mistake(
            "nobody is held out: do you draw 0 patients, or places in a list where patients' numbers are needed?",
            (lambda split: split.nobody,),
        ),
        Mistake(
            "everybody is held out: share is a share of the patients, and there are fewer of them than outlines.",
            (lambda split: split.everybody,),
        ),
        Mistake(
            "some patients stand on both sides: first draw patients, then take all outlines of those drawn.",
            (lambda split: split.leaks,),
        ),
        Mistake(
            "you hold out the others: True is for the share that is asked for, not for the rest.",
            (sized(lambda names, share: (1 - share) * names),),
        ),
        Mistake(
            "your split is another one each time, with the same seed too: draw with rng only, not with np.random.",
            (lambda split: not split.repeats,),
        ),
        Mistake(
            "another generator gives the same split: draw with the rng that is handed in, and with no other.",
            (lambda split: not split.varies,),
        ),
        Mistake(
            "the number of patients held out is not the share asked for: draw a fixed count, and nobody twice.",
            (lambda split: not in_size(split),),
        ),
    ),
    hints=(
        "np.unique(patients) has each patient once. Draw among these.",
        "rng.permutation(...) of the unique patients, then the first round(share * how many) of them are held out.",
        "np.isin(patients, drawn) is True for every outline of a drawn patient: that is what to give back.",
    ),
    otherwise="this split is not right yet.",
)

# ------------------------------------------------------------------------------------------ 4: stop at the right epoch

FAULT_IN_STOPPING = letter(
    "B",
    "`<` calls a smaller value better. That holds for a loss, and not for AUC.",
    {
        "A": "not A: beginning with the first value is fine, both for numbers that should fall and that should rise.",
        "C": "not C: after an improvement, the best so far is the new one and the patience begins anew. That is right.",
        "D": "not D: one more epoch without an improvement is counted, as it should be. But was it without one?",
        "E": "not E: the epoch of the best value is the one to keep. Which value did it think was best?",
    },
    (
        "follow it by hand on the values 0.3, 0.6, 0.7: what is `best` in the end?",
        "0.6 is a better AUC than 0.3: which line decides that it is not?",
        "this function was written for a loss, where smaller is better. Which line says so?",
    ),
)


def watching(
    result: Callable = lambda best, epoch, values: best,
    better: Callable = lambda value, values, best, epoch: value < values[best],
    stop: Callable = lambda since, patience: since == patience,
    reset: bool = True,
    sign: Callable = lambda mode: 1 if mode == "min" else -1,
) -> Callable:
    """best_epoch() with one thing changed: what most mistakes come to."""

    def best_epoch(values, patience, mode):
        signed = sign(mode) * np.asarray(values, dtype=float)
        best = since = epoch = 0
        for epoch in range(1, len(signed)):
            if better(signed[epoch], signed, best, epoch):
                best, since = epoch, 0 if reset else since
            else:
                since += 1
            if stop(since, patience):
                break
        return result(best, epoch, values)

    return best_epoch


best_epoch = watching()


def past_the_end(values, patience, mode):
    """A loop that only the patience ends: it raises where that is never used up."""
    signed = np.asarray(values, dtype=float) * (1 if mode == "min" else -1)
    best = epoch = 0
    while epoch - best < patience:
        epoch += 1
        if signed[epoch] < signed[best]:
            best = epoch
    return best


def beginning_at(start: float) -> Callable:
    """The best value so far begins at a fixed number."""

    def best_epoch(values, patience, mode):
        best, kept, since = start, 0, 0
        for epoch, value in enumerate(values):
            if value < best if mode == "min" else value > best:
                best, kept, since = value, epoch, 0
            else:
                since += 1
            if since == patience:
                break
        return kept

    return best_epoch


SHORT = [0.65, 0.4, 0.3, 0.33, 0.31, 0.35, 0.2, 0.25]  # waits in vain for the last dip, at a patience of 3
BUMPY = [0.7, 0.5, 0.55, 0.45, 0.5, 0.4, 0.42, 0.41, 0.43, 0.44, 0.1]

BEST_EPOCH = FunctionTask(
    right=best_epoch,
    parts={
        "loss": (
            (np.array(SHORT), 3, "min"),
            (np.array(SHORT), 4, "min"),
            (np.array(BUMPY), 3, "min"),
            (np.array([0.9, 0.6, 0.6, 0.6, 0.6, 0.2]), 2, "min"),
            (np.array([0.5, 0.6, 0.7, 0.55, 0.3]), 3, "min"),
            (np.array([0.9, 0.5, 0.7, 0.6, 0.65, 0.3]), 2, "min"),
            (np.array([0.8, 0.6, 0.5, 0.4]), 5, "min"),
            (np.array([0.5, 0.4, 0.45, 0.42, 0.9]), 3, "min"),
            (np.array([0.7, 0.5, 0.55, 0.45, 0.5, 0.4, 0.42, 0.35, 0.36]), 3, "min"),
        ),
        "both": (
            (1 - np.array(SHORT), 3, "max"),
            (1 - np.array(BUMPY), 3, "max"),
            (np.array([0.4, 0.7, 0.7, 0.7, 0.9]), 2, "max"),
            (np.array([0.5, 0.6, 0.3, 0.2, 0.8, 0.1]), 2, "max"),
            (np.array([0.6, 0.5, 0.7, 0.4]), 2, "min"),
        ),
    },
    verified={
        "loss": "you keep the best epoch before the patience ran out, and what comes later does not count.",
        "both": "a loss should fall and an AUC should rise: your function is told which, and minds it.",
    },
    mistakes=(
        Mistake(
            "with mode min you take the larger value for better: a loss should fall.",
            (watching(sign=lambda mode: -1), watching(sign=lambda mode: 1 if mode == "max" else -1)),
        ),
        Mistake(
            "you take the smaller value for better whatever mode says: an AUC should rise.",
            (watching(sign=lambda mode: 1),),
        ),
        Mistake(
            "you take the best of *all* epochs: a run that is stopped never sees the later ones. Use patience.",
            (
                lambda values, patience, mode: int(np.argmin(values) if mode == "min" else np.argmax(values)),
                lambda values, patience, mode: int(np.argmin(values)),
                lambda values, patience, mode: int(np.argmax(values)),
            ),
        ),
        Mistake(
            "you give the epoch at which the run stops: the one to keep is the best before it.",
            (
                watching(lambda best, epoch, values: epoch),
                watching(lambda best, epoch, values: epoch, sign=lambda mode: 1),
            ),
        ),
        Mistake(
            "you wait one epoch too long: stop as soon as `patience` epochs in a row brought nothing better.",
            (watching(stop=lambda since, patience: since > patience),),
        ),
        Mistake(
            "you stop one epoch too soon: `patience` epochs in a row may bring nothing better before it stops.",
            (watching(stop=lambda since, patience: since >= patience - 1 > 0 or since == patience),),
        ),
        Mistake(
            "an equal value is no better one: it does not begin the patience anew, and the earlier epoch is kept.",
            (watching(better=lambda value, values, best, epoch: value <= values[best]),),
        ),
        Mistake(
            "after an improvement the patience begins anew: only epochs *in a row* count.",
            (watching(reset=False),),
        ),
        Mistake(
            "you compare with the epoch before: better means better than the best so far.",
            (watching(better=lambda value, values, best, epoch: value < values[epoch - 1]),),
        ),
        Mistake(
            "no value is better than the number that you begin with: begin with the first value.",
            tuple(beginning_at(start) for start in (0, -1, np.inf, 1e6)),
        ),
        Mistake(
            "your loop runs past the last value: where the patience never runs out, the run ends there.",
            (past_the_end,),
        ),
        Mistake(
            "you never look at the last value: it may be the best one.",
            (lambda values, patience, mode: best_epoch(values[:-1], patience, mode),),
        ),
        Mistake(
            "you count the epochs from 1: the first value is epoch 0.",
            (watching(lambda best, epoch, values: best + 1),),
        ),
        Mistake(
            "you give back the value: asked is the number of its epoch.",
            (watching(lambda best, epoch, values: float(values[best])),),
        ),
    ),
    hints=(
        "the function above is nearly right: what must its faulty line do when mode is max?",
        "keep the number of the best epoch; better means `values[epoch] < values[best]` for min, and `>` for max.",
        'with `sign = 1 if mode == "min" else -1`, better is always `sign * values[epoch] < sign * values[best]`.',
    ),
)

# ------------------------------------------------------------------------------------------- 5: a threshold and a rate


def threshold_for_sensitivity(scores, labels, share):
    return float(threshold_for(scores, labels, share))


def of_kind(chosen: Callable, kind: int = 1) -> Callable:
    """A threshold chosen among the scores of one kind, the highest first."""

    def threshold(scores, labels, share):
        ordered = np.sort(np.asarray(scores, dtype=float)[np.asarray(labels) == kind])[::-1]
        return float(chosen(ordered, share))

    return threshold


def nth(number: Callable) -> Callable:
    """The score at this number, counted from 1, and from the last one on the last."""
    return lambda ordered, share: ordered[min(max(number(share * len(ordered)), 1), len(ordered)) - 1]


def above_only(scores, labels, share):
    """The highest score with enough malignant ones above it, and none at it."""
    scores, cases = np.asarray(scores, dtype=float), np.asarray(labels) == 1
    cuts = (cut for cut in np.sort(scores)[::-1] if np.mean(scores[cases] > cut) >= share)
    return float(next(cuts, scores.min()))


def up(number: float) -> int:
    return math.ceil(number - 1e-9)


CASES = np.array([0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0])
THRESHOLD_FOR_SENSITIVITY = FunctionTask(
    right=threshold_for_sensitivity,
    parts={
        "all": (
            (np.array([0.1, 0.9, 0.2, 0.6, 0.35, 0.7, 0.3, 0.05, 0.8, 0.4, 0.65]), CASES, 0.5),
            (np.array([0.1, 0.9, 0.2, 0.6, 0.35, 0.7, 0.3, 0.05, 0.8, 0.4, 0.65]), CASES, 0.8),
            (np.array([-3.0, -1.0, 2.0, 0.5, -2.0, 1.0, -4.0, 3.0, 5.0, -5.0, 0.0]), CASES, 0.75),
            (np.array([-3.0, -1.0, 2.0, 0.5, -2.0, 1.0, -4.0, 3.0, 5.0, -5.0, 0.0]), CASES, 0.85),
            (np.array([12.0, 90.0, 30.0, 14.0, 55.0, 8.0, 21.0]), np.array([0, 1, 1, 0, 1, 0, 1]), 0.6),
        )
    },
    verified={"all": "the highest cut that still finds the share you ask for: no false alarm more than needed."},
    mistakes=(
        Mistake(
            "you count from the wrong end: at this threshold the share is missed, not found.",
            (
                of_kind(lambda ordered, share: np.quantile(ordered, share)),
                of_kind(lambda ordered, share: nth(up)(ordered[::-1], share)),
                of_kind(lambda ordered, share: nth(int)(ordered[::-1], share)),
                of_kind(lambda ordered, share: ordered[0]),
            ),
        ),
        Mistake(
            "your threshold looks at the benign scores too: sensitivity is about the malignant ones alone.",
            (
                lambda scores, labels, share: float(np.quantile(scores, 1 - share)),
                lambda scores, labels, share: float(np.quantile(scores, share)),
                lambda scores, labels, share: nth(up)(np.sort(scores)[::-1], share),
            ),
        ),
        Mistake(
            "you ask how many benign ones are found: choose among the scores with labels == 1.",
            (
                of_kind(nth(up), kind=0),
                of_kind(lambda ordered, share: np.quantile(ordered, 1 - share), kind=0),
                of_kind(lambda ordered, share: np.quantile(ordered, share), kind=0),
            ),
        ),
        Mistake(
            "too few are found: where the share of the malignant ones is no whole number, round the count up.",
            (
                of_kind(nth(int)),
                of_kind(nth(round)),
                *(
                    of_kind(lambda ordered, share, method=method: np.quantile(ordered, 1 - share, method=method))
                    for method in ("higher", "nearest")
                ),
            ),
        ),
        Mistake(
            "one more is found than needed: count how many must be found, and where the last of them stands.",
            (of_kind(nth(lambda number: up(number) + 1)), of_kind(nth(lambda number: int(number) + 1))),
        ),
        Mistake(
            "yours lies between two scores, as np.quantile does: the cut can be raised to the next one at no cost.",
            (of_kind(lambda ordered, share: np.quantile(ordered, 1 - share)),),
        ),
        Mistake(
            "at the lowest score all are found, whatever share is asked for: the threshold may be higher.",
            (of_kind(lambda ordered, share: ordered[-1]), lambda scores, labels, share: float(np.min(scores))),
        ),
        Mistake(
            "you count only scores *above* the cut: one that is exactly at it is found, too.",
            (above_only,),
        ),
        Mistake(
            "this is how many must be found: give the score of the last of them.",
            (of_kind(lambda ordered, share: up(share * len(ordered))),),
        ),
        Mistake(
            "your threshold is a share of the highest score: count malignant outlines, whatever the scores' unit is.",
            (
                of_kind(lambda ordered, share: share * ordered[0]),
                of_kind(lambda ordered, share: (1 - share) * ordered[0]),
                lambda scores, labels, share: 1 - share,
                lambda scores, labels, share: share,
            ),
        ),
    ),
    hints=(
        "sort the scores of the malignant ones, the highest first. Where must the cut be to find three of them?",
        "to find a share of n malignant ones you need math.ceil(share * n) of them.",
        "with k of them needed, the threshold is the k-th highest malignant score: `ordered[k - 1]`.",
    ),
)

SEEDS_OF_NETS, STEPS, TARGET, FLOOR = 8, 165, 0.5, 0.45


@functools.cache
def specificities(rate: float) -> np.ndarray:
    """Specificity on validation at a sensitivity of .9 for eight nets, 140 malignant outlines each."""
    data, found = nodules(), []
    for seed in range(SEEDS_OF_NETS):
        run, log_odds = trained(data, 140, seed, rate, STEPS)
        scores = log_odds(run.final, data.validation)
        if not np.isfinite(scores).all():
            return np.zeros(SEEDS_OF_NETS)
        found.append(rates_at(scores, data.validation.targets, threshold_for(scores, data.validation.targets, 0.9))[1])
    return np.array(found)


def reaches(rate: float) -> tuple[float, float]:
    """The mean of the specificities and the lowest; nothing for a rate that no one would run."""
    if not 0 < rate <= 100:
        return 0.0, 0.0
    each = specificities(rate)
    return float(each.mean()), float(each.min())


def falls_short(rate: float) -> str:
    mean, lowest = reaches(rate)
    return f"at {rate:g} the mean specificity is {mean:.2f} and the lowest {lowest:.2f}: not there yet."


RATE_FOR_NODULES = ValueTask(
    read=one_number,
    right={
        "mean": lambda rate: reaches(rate)[0] >= TARGET,
        "every": lambda rate: reaches(rate)[0] >= TARGET and reaches(rate)[1] >= FLOOR,
    },
    verified={
        "mean": "nine of ten malignant outlines found, and half of the benign ones or more left alone, on average.",
        "every": "and no seed of the eight falls below 0.45: whoever trains this net gets a usable one.",
    },
    mistakes=(
        Mistake(
            "a learning rate is above 0, and nobody starts above 100: try one from your table.",
            (lambda rate: not 0 < rate <= 100,),
        ),
        Mistake(
            "the mean is fine, but at least one seed falls far below it: look at the column of the lowest.",
            (lambda rate: reaches(rate)[0] >= TARGET,),
        ),
        Mistake(
            "too low: after 165 steps some of these nets have hardly begun to tell the kinds apart.",
            (lambda rate: rate < 0.3,),
        ),
        Mistake(
            "too high: some of these nets say nearly the same of every outline. Go down.",
            (lambda rate: rate > 1,),
        ),
    ),
    hints=(
        "run the experiment with rates a factor of 3 apart, from 0.01 to 3. Look at the mean, then at the lowest.",
        "the mean is high over a wide range. At its ends one seed of eight fails: stay away from both ends.",
        "try the rates between 0.2 and 1.",
    ),
    otherwise=falls_short,
)

READING_THE_BAND = letter(
    "C",
    "the mean says what to expect, the range what a single training may do. Say how many seeds, too.",
    {
        "A": "A was measured, but it is one seed of eight, and a lucky one: who trains again will not get it.",
        "B": "B is the best of eight draws: choosing it after the fact reports the luck, not the rate.",
        "D": "D hides what usually happens: the lowest belongs into the report, but not alone.",
    },
    (
        "what would a reader get who trains one net at this rate?",
        "one number for what to expect is not enough, and neither is one for the best or the worst case.",
        "only one of the four tells what to expect *and* how far a single training may be from it.",
    ),
)

TASKS = {
    "predictions_always_benign": PREDICTIONS_ALWAYS_BENIGN,
    "sensitivity_and_specificity": SENSITIVITY_AND_SPECIFICITY,
    "auc_by_pairs": AUC_BY_PAIRS,
    "predictions_auc": PREDICTIONS_AUC,
    "predictions_leak": PREDICTIONS_LEAK,
    "why_it_leaks": WHY_IT_LEAKS,
    "leaked_share": LEAKED_SHARE,
    "split_by_patient": SPLIT_BY_PATIENT,
    "fault_in_stopping": FAULT_IN_STOPPING,
    "best_epoch": BEST_EPOCH,
    "threshold_for_sensitivity": THRESHOLD_FOR_SENSITIVITY,
    "rate_for_nodules": RATE_FOR_NODULES,
    "reading_the_band": READING_THE_BAND,
}
