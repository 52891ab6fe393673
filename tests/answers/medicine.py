"""Answers to *Medical images*, right and wrong, as students write them."""

import math

import numpy as np

# ----------------------------------------------------------------------------------------------------------- functions


def shares_by_loop(scores, labels, threshold):
    found = cases = spared = others = 0
    for score, label in zip(scores, labels, strict=True):
        if label == 1:
            cases += 1
            found += score >= threshold
        else:
            others += 1
            spared += score < threshold
    return found / cases, spared / others


def shares_by_sums(scores, labels, threshold):
    sick = np.array(labels, dtype=bool)
    called = np.array(scores) >= threshold
    return [np.sum(called & sick) / np.sum(sick), np.sum(~called & ~sick) / np.sum(~sick)]


def auc_by_loops(scores, labels):
    points = pairs = 0
    for i in range(len(scores)):
        for j in range(len(scores)):
            if labels[i] == 1 and labels[j] == 0:
                pairs += 1
                if scores[i] > scores[j]:
                    points += 1
                elif scores[i] == scores[j]:
                    points += 0.5
    return points / pairs


def auc_by_ranks(scores, labels):
    ranks = np.array([np.sum(scores < s) + (np.sum(scores == s) + 1) / 2 for s in scores])
    k = np.sum(labels)
    return (ranks[labels == 1].sum() - k * (k + 1) / 2) / (k * (len(labels) - k))


def auc_by_area(scores, labels):
    """The area below the ROC curve, by the trapezoidal rule."""
    cuts = np.r_[np.inf, np.unique(scores)[::-1]]
    found = np.array([np.mean(scores[labels == 1] >= cut) for cut in cuts])
    alarms = np.array([np.mean(scores[labels == 0] >= cut) for cut in cuts])
    return np.sum(np.diff(alarms) * (found[1:] + found[:-1]) / 2)


def leaked_by_loop(patients, held):
    known = {int(p) for p, out in zip(patients, held, strict=True) if not out}
    tested = [int(p) for p, out in zip(patients, held, strict=True) if out]
    return sum(p in known for p in tested) / len(tested)


def leaked_by_pairs(patients, held):
    return (patients[held][:, None] == patients[~held]).any(axis=1).mean()


def split_by_choice(patients, share, rng):
    names = sorted(set(patients))
    chosen = rng.choice(names, size=int(share * len(names) + 0.5), replace=False)
    return [p in chosen for p in patients]


def split_by_shuffle(patients, share, rng):
    names, place = np.unique(patients, return_inverse=True)
    order = np.arange(len(names))
    rng.shuffle(order)
    return (order < math.ceil(share * len(names)))[place]


def best_by_lists(values, patience, mode):
    good = list(values) if mode == "max" else [-v for v in values]
    for epoch in range(len(good)):
        best = good.index(max(good[: epoch + 1]))  # the first one of the highest
        if epoch - best >= patience:
            return best
    return best


def best_by_comparison(values, patience, mode):
    best, waited = 0, 0
    for i, value in enumerate(values[1:], start=1):
        better = value < values[best] if mode == "min" else value > values[best]
        best, waited = (i, 0) if better else (best, waited + 1)
        if waited >= patience:
            return np.int64(best)
    return np.int64(best)


def threshold_by_trying(scores, labels, share):
    for cut in sorted(scores, reverse=True):
        if np.mean(scores[labels == 1] >= cut) >= share:
            return cut


def threshold_by_counting_down(scores, labels, share):
    cases = list(scores[labels == 1])
    missed = int(len(cases) - share * len(cases) + 1e-9)
    for _ in range(missed):
        cases.remove(min(cases))
    return min(cases)


ALWAYS = {"accuracy": 0.909, "sensitivity": 0.0, "specificity": 1.0}
CHANGED = {
    "3 * scores + 1": "same",
    "np.exp(scores)": "same",
    "-scores": "one minus",
    "abs(scores)": "may change",
    "np.round(scores)": "may change",
}

RIGHT = {
    "predictions_always_benign": (ALWAYS, {"specificity": 909 / 909, "sensitivity": 0, "accuracy": np.float64(0.91)}),
    "sensitivity_and_specificity": (shares_by_loop, shares_by_sums),
    "auc_by_pairs": (auc_by_loops, auc_by_ranks, auc_by_area),
    "predictions_auc": (CHANGED, dict(reversed(CHANGED.items()))),
    "predictions_leak": ("C", "c "),
    "why_it_leaks": ("B", " b"),
    "leaked_share": (leaked_by_loop, leaked_by_pairs),
    "split_by_patient": (split_by_choice, split_by_shuffle),
    "fault_in_stopping": ("B", "b"),
    "best_epoch": (best_by_lists, best_by_comparison),
    "threshold_for_sensitivity": (threshold_by_trying, threshold_by_counting_down),
    "rate_for_nodules": (0.5, np.float64(0.3), 0.7),
    "reading_the_band": ("C", "c"),
}


# ------------------------------------------------------------------------------------------------------------- wrong


def auc_of_later_ones(scores, labels):
    wins, pairs = 0, 0
    for i in range(len(scores)):
        for j in range(i + 1, len(scores)):
            if labels[i] == 1 and labels[j] == 0:
                pairs += 1
                wins += scores[i] > scores[j]
    return wins / pairs


def crossed(labels):
    return [(i, j) for i in range(len(labels)) for j in range(len(labels)) if labels[i] != labels[j]]


def auc_back_too_soon(scores, labels):
    cases, others = scores[labels == 1], scores[labels == 0]
    wins = 0
    for case in cases:
        for other in others:
            wins += (case > other) + (case == other) / 2
        return wins / (len(cases) * len(others))


def split_each_by_chance(patients, share, rng):
    names, place = np.unique(patients, return_inverse=True)
    return (rng.random(len(names)) < share)[place]


def split_count_of_rows(patients, share, rng):
    return np.isin(patients, rng.permutation(np.unique(patients))[: int(share * len(patients))])


def split_names_twice(patients, share, rng):
    count = round(share * len(np.unique(patients)))
    return np.isin(patients, rng.permutation(patients)[:count])


def split_with_replacement(patients, share, rng):
    names = np.unique(patients)
    return np.isin(patients, rng.choice(names, round(share * len(names))))


def split_by_outline(patients, share, rng):
    return rng.random(len(patients)) < share


def split_first_rows(patients, share, rng):
    return np.arange(len(patients)) < share * len(patients)


def split_first_patients(patients, share, rng):
    names = np.unique(patients)
    return np.isin(patients, names[: round(share * len(names))])


def split_until_rows(patients, share, rng):
    """As many patients as it takes to hold out the share of the outlines."""
    held = np.zeros(len(patients), dtype=bool)
    for name in rng.permutation(np.unique(patients)):
        held |= patients == name
        if held.mean() >= share / 2:
            return held


def split_without_rng(patients, share, rng):
    return split_by_shuffle(patients, share, np.random)


def split_fixed_seed(patients, share, rng):
    return split_by_shuffle(patients, share, np.random.default_rng(0))


def best_of_all(values, patience, mode):
    return values.argmin() if mode == "min" else values.argmax()


def best_then_stop(values, patience, mode):
    best, since = values[0], 0
    for epoch, value in enumerate(values):
        if (value < best) if mode == "min" else (value > best):
            best, since = value, 0
        elif epoch > 0:
            since += 1
        if since == patience:
            return epoch
    return epoch


def best_with(better, patience_of=lambda patience: patience, first=0):
    """The loop as students write it, with another comparison, another patience, another first epoch."""

    def best_epoch(values, patience, mode):
        best, since = 0, 0
        for epoch in range(1, len(values)):
            if better(values, epoch, best, mode):
                best, since = epoch, 0
            else:
                since += 1
            if since == patience_of(patience):
                break
        return best + first

    return best_epoch


def better(values, epoch, best, mode):
    return values[epoch] < values[best] if mode == "min" else values[epoch] > values[best]


def better_or_equal(values, epoch, best, mode):
    return values[epoch] <= values[best] if mode == "min" else values[epoch] >= values[best]


def better_than_before(values, epoch, best, mode):
    return values[epoch] < values[epoch - 1] if mode == "min" else values[epoch] > values[epoch - 1]


def best_never_patient_again(values, patience, mode):
    best, since = 0, 0
    for epoch in range(1, len(values)):
        if better(values, epoch, best, mode):
            best = epoch
        else:
            since += 1
        if since == patience:
            break
    return best


def best_without_end(values, patience, mode):
    best = since = epoch = 0
    while since < patience:
        epoch += 1
        if better(values, epoch, best, mode):
            best, since = epoch, 0
        else:
            since += 1
    return best


def best_from(start):
    """The best value so far begins at a fixed number, with no look at the first value."""

    def best_epoch(values, patience, mode):
        best, kept, since = start, 0, 0
        for epoch, value in enumerate(values):
            if (mode == "max" and value > best) or (mode == "min" and value < best):
                best, kept, since = value, epoch, 0
            else:
                since += 1
                if since == patience:
                    break
        return kept

    return best_epoch


def sorted_cases(scores, labels):
    return sorted(scores[labels == 1], reverse=True)


def always(**changes):
    return {**ALWAYS, **changes}


def changed(word, *keys):
    return {**CHANGED, **dict.fromkeys(keys, word)}


WRONG = {
    "predictions_always_benign": [
        (always(accuracy=90.9), "not percent"),
        (always(accuracy=-0.1), "not percent"),
        (always(accuracy=909, specificity=909), "not counts"),
        (always(sensitivity=1, specificity=0), "are swapped"),
        (always(accuracy=0.091), "those are its errors"),
        (always(accuracy=0.5), "for a coin"),
        (always(accuracy=1), "look at the accuracy again"),
        (always(sensitivity=0.091), "look at the sensitivity again"),
        (always(specificity=0.909), "look at the specificity again"),
        (always(accuracy="a lot"), "give one number"),
        (0.909, "must keep its form"),
    ],
    "sensitivity_and_specificity": [
        (lambda *asked: shares_by_loop(*asked)[::-1], "in the other order"),
        (lambda s, y, t: ((s > t)[y == 1].mean(), (s <= t)[y == 0].mean()), "exactly at the threshold"),
        (lambda s, y, t: ((s < t)[y == 1].mean(), (s >= t)[y == 0].mean()), "shares of wrong answers"),
        (lambda s, y, t: (y[s >= t].mean(), np.mean(s[y == 0] < t)), "all that you *called* malignant"),
        (lambda s, y, t: (y[s >= t].mean(), 1 - y[s < t].mean()), "all that you *called* malignant"),
        (lambda s, y, t: (np.mean(s[y == 1] >= t), 1 - y[s < t].mean()), "all that you *called* benign"),
        (lambda s, y, t: [np.mean(s[y == 1] >= t), np.mean(s[y == 0] >= t)], "false alarms"),
        (lambda s, y, t: (np.mean(s[y == 1] < t), np.mean(s[y == 0] < t)), "the missed ones"),
        (lambda s, y, t: (sum((s >= t) & (y == 1)) / len(s), sum((s < t) & (y == 0)) / len(s)), "of all outlines"),
        (lambda s, y, t: (sum((s >= t) & (y == 1)), sum((s < t) & (y == 0))), "these are counts"),
        (lambda s, y, t: (np.mean(s[y == 1] > t), np.mean(s[y == 0] < t)), "exactly at the threshold"),
        (lambda s, y, t: (sum(s >= t) / sum(y), sum(s < t) / sum(1 - y)), "both kinds above the line"),
        (lambda s, y, t: ((s[y] >= t).mean(), (s[~y] < t).mean()), "at places 0 and 1"),
        (lambda s, y, t: shares_by_loop(s, y, 0.5), "fixed number"),
        (lambda s, y, t: (np.mean((s >= t) == y), np.mean(s[y == 0] < t)), "you give the accuracy"),
        (lambda s, y, t: (np.mean((s >= t) == y), np.mean((s >= t) == y)), "you give the accuracy"),
        (lambda s, y, t: tuple(1 - share for share in shares_by_loop(s, y, t)), "shares of wrong answers"),
        (lambda s, y, t: (np.mean(s[y == 1] >= t), np.mean(s[y == 1] < t)), "one minus the first"),
        (lambda s, y, t: [100 * share for share in shares_by_loop(s, y, t)], "these are percent"),
        (lambda s, y, t: shares_by_loop(s, y, t)[0], "one number"),
        (lambda s, y, t: ((s >= t) & (y == 1), (s < t) & (y == 0)), "is asked for"),
        (lambda s, y, t: (0.7, 0.7), "Stuck?"),
    ],
    "auc_by_pairs": [
        (lambda s, y: np.mean([a > b for a in s[y == 1] for b in s[y == 0]]), "counts nothing"),
        (lambda s, y: np.mean([a >= b for a in s[y == 1] for b in s[y == 0]]), "counts fully"),
        (lambda s, y: auc_by_loops(-s, y), "turn the comparison round"),
        (lambda s, y: auc_by_loops(s, y) * sum(y) * sum(1 - y), "divide by how many pairs"),
        (lambda s, y: auc_by_loops(s, y) * sum(y) * sum(1 - y) / len(y) ** 2, "count and divide by"),
        (lambda s, y: auc_by_loops(s, y) * sum(y) * sum(1 - y) / len(y), "count and divide by"),
        (
            lambda s, y: np.mean([a > b for a, b in zip(s[y == 1], s[y == 0], strict=False)]),
            "every pair of the two kinds",
        ),
        (lambda s, y: np.mean([a > b for a in s for b in s]), "count and divide by"),
        (lambda s, y: sum(a > b for a, b in zip(s[y == 1], s[y == 0], strict=False)) / sum(y), "every pair of the two"),
        (lambda s, y: (s[y == 1] > s[y == 0]).mean(), "every pair of the two"),
        (lambda s, y: (s[y == 1].mean() > s[y == 0]).mean(), "compare with an average"),
        (lambda s, y: float(s[y == 1].mean() > s[y == 0].mean()), "compare with an average"),
        (lambda s, y: (s[y == 1] > np.median(s[y == 0])).mean(), "compare with an average"),
        (lambda s, y: np.sign(s[y == 1][:, None] - s[y == 0]).mean(), "it counts 0"),
        (auc_of_later_ones, "stands first in the list only"),
        (lambda s, y: np.mean([s[i] > s[j] for i, j in crossed(y)]), "once from either side"),
        (auc_back_too_soon, "how far in `return` stands"),
        (lambda s, y: np.mean([a > b for a in s[y] for b in s[~y]]), "at places 0 and 1"),
        (lambda s, y: 100 * auc_by_loops(s, y), "these are percent"),
        (lambda s, y: auc_by_loops(s, y) - 1 / sum(1 - y), "begin at 0"),
        (lambda s, y: sum(np.argsort(np.argsort(s))[y == 1] + 1) / sum(y) / sum(1 - y), "take those pairs away"),
        (lambda s, y: ((s >= 0.5) == y).mean(), "AUC has no threshold"),
        (lambda s, y: s[y == 1].mean() - s[y == 0].mean(), "how far the scores lie apart"),
        (lambda s, y: np.array([a > b for a in s[y == 1] for b in s[y == 0]]), "is asked for"),
        (lambda s, y: 0.75, "Stuck?"),
    ],
    "predictions_auc": [
        (dict.fromkeys(CHANGED, "same"), "highest score"),
        (changed("may change", "3 * scores + 1"), "ever swap two"),
        (changed("may change", "np.exp(scores)"), "the scale is bent"),
        (changed("may change", "-scores"), "every pair turns round"),
        (changed("same", "abs(scores)"), "who after"),
        (changed("same", "np.round(scores)"), "become equal"),
        (changed("different", "abs(scores)"), "none of the words"),
        (["same"] * 5, "keep its form"),
    ],
    "predictions_leak": [
        ("A", "honest split"),
        ("b", "says the opposite"),
        ("D", "so sharp"),
        ("0.6", "one of the letters"),
    ],
    "why_it_leaks": [
        ("A", "would leak as well"),
        ("C", "no row is drawn twice"),
        ("D", "seeded generator"),
        (2, "one of the letters"),
    ],
    "leaked_share": [
        (lambda p, h: len(set(p[h]) & set(p[~h])) / len(set(p[h])), "as there are outlines of theirs"),
        (lambda p, h: len(set(p[h]) & set(p[~h])) / len(set(p)), "out of too many"),
        (lambda p, h: len(set(p[h]) & set(p[~h])) / len(p), "out of too many"),
        (lambda p, h: sum(a == b for a in p[h] for b in p[~h]) / sum(h), "an outline counts once"),
        (lambda p, h: np.isin(p, p[~h]).mean(), "you ask this of all outlines"),
        (lambda p, h: (p[h] == p[~h]).sum() / sum(h), "place by place"),
        (lambda p, h: (p[h] == p[~h]).mean(), "place by place"),
        (lambda p, h: 100 * leaked_by_loop(p, h), "these are percent"),
        (lambda p, h: np.isin(p[h], p[~h]).any() or 1, "1 for every split"),
        (lambda p, h: np.isin(p[~h], p[h]).mean(), "from the other side"),
        (lambda p, h: len(set(p[h]) & set(p[~h])) / sum(h), "as there are outlines of theirs"),
        (lambda p, h: np.isin(p[h], p[~h]).sum() / sum(~h), "divide by the wrong count"),
        (lambda p, h: np.isin(p[h], p[~h]).sum() / len(p), "divide by the wrong count"),
        (lambda p, h: sum(q in p[~h] for q in p[h]), "this is a count"),
        (lambda p, h: len(set(p[h]) & set(p[~h])), "this is a count"),
        (lambda p, h: 1 - leaked_by_loop(p, h), "the honest share"),
        (lambda p, h: np.isin(p[h], p).mean(), "compared with itself"),
        (lambda p, h: h.sum() / len(h), "share that is held out"),
        (lambda p, h: np.isin(p[h], p[~h]), "is asked for"),
        (lambda p, h: np.isin(p, p[h]).mean() / 3, "Stuck?"),
    ],
    "split_by_patient": [
        (lambda patients, share, rng: np.zeros(len(patients), dtype=bool), "nobody is held out"),
        (split_count_of_rows, "everybody is held out"),
        (split_names_twice, "nobody twice"),
        (split_with_replacement, "nobody twice"),
        (lambda patients, share, rng: np.isin(patients, rng.permutation(10)), "places in a list"),
        (split_by_outline, "on both sides"),
        (split_first_rows, "on both sides"),
        (lambda *asked: ~split_by_shuffle(*asked), "hold out the others"),
        (split_without_rng, "draw with rng only"),
        (split_first_patients, "another generator gives the same split"),
        (split_fixed_seed, "another generator gives the same split"),
        (split_each_by_chance, "not the share asked for"),
        (split_until_rows, "not the share asked for"),
        (lambda *asked: np.flatnonzero(split_by_shuffle(*asked)), "one True or False"),
        (lambda patients, share, rng: patients, "not numbers and not words"),
        (lambda *asked: np.array([split_by_shuffle(*asked)] * 2), "one True or False"),
    ],
    "fault_in_stopping": [
        ("A", "beginning with the first value"),
        ("C", "begins anew. That is right"),
        ("d", "was it without one"),
        ("E", "think was best"),
        ("F", "one of the letters"),
    ],
    "best_epoch": [
        (best_of_all, "the best of *all* epochs"),
        (lambda values, patience, mode: values.argmin(), "the best of *all* epochs"),
        (best_then_stop, "at which the run stops"),
        (lambda values, patience, mode: best_by_lists(-values, patience, mode), "a loss should fall"),
        (best_with(lambda v, i, b, mode: v[i] > v[b]), "a loss should fall"),
        (best_with(lambda v, i, b, mode: v[i] < v[b]), "an AUC should rise"),
        (best_with(better, lambda patience: patience + 1), "one epoch too long"),
        (best_with(better, lambda patience: patience - 1), "one epoch too soon"),
        (best_with(better_or_equal), "an equal value is no better one"),
        (best_never_patient_again, "only epochs *in a row* count"),
        (best_with(better_than_before), "compare with the epoch before"),
        (best_with(better, first=1), "count the epochs from 1"),
        (lambda values, patience, mode: values[best_by_lists(values, patience, mode)], "you give back the value"),
        (best_from(0), "begin with the first value"),
        (best_without_end, "runs past the last value"),
        (best_from(math.inf), "begin with the first value"),
        (lambda values, patience, mode: best_by_lists(values[:-1], patience, mode), "never look at the last value"),
        (lambda values, patience, mode: values, "is asked for"),
        (lambda values, patience, mode: 17, "Stuck?"),
    ],
    "threshold_for_sensitivity": [
        (lambda s, y, share: np.quantile(s[y == 1], share), "from the wrong end"),
        (lambda s, y, share: np.sort(s[y == 1])[math.ceil(share * y.sum()) - 1], "from the wrong end"),
        (lambda s, y, share: next(t for t in sorted_cases(s, y) if (s[y == 1] <= t).mean() >= share), "the wrong end"),
        (lambda s, y, share: np.quantile(s[y == 1], 1 - share, method="higher"), "too few are found"),
        (lambda s, y, share: np.quantile(s[y == 1], 1 - share, method="nearest"), "too few are found"),
        (
            lambda s, y, share: next((t for t in sorted(s)[::-1] if (s[y == 1] > t).mean() >= share), min(s)),
            "scores *above* the cut",
        ),
        (lambda s, y, share: next(t for t in sorted(s) if (s[y == 1] >= t).mean() >= share), "at the lowest score"),
        (lambda s, y, share: math.ceil(share * y.sum()), "how many must be found"),
        (lambda s, y, share: np.quantile(s, 1 - share), "at the benign scores too"),
        (lambda s, y, share: np.sort(s[y == 0])[::-1][math.ceil(share * sum(y == 0)) - 1], "how many benign ones"),
        (lambda s, y, share: sorted_cases(s, y)[int(share * y.sum()) - 1], "too few are found"),
        (lambda s, y, share: sorted_cases(s, y)[round(share * y.sum()) - 1], "too few are found"),
        (lambda s, y, share: sorted_cases(s, y)[min(math.ceil(share * y.sum()), y.sum() - 1)], "one more is found"),
        (lambda s, y, share: np.quantile(s[y == 1], 1 - share), "between two scores"),
        (lambda s, y, share: min(s[y == 1]), "whatever share is asked for"),
        (lambda s, y, share: (1 - share) * max(s[y == 1]), "a share of the highest"),
        (lambda s, y, share: 1 - share, "a share of the highest"),
        (lambda s, y, share: sorted_cases(s, y), "is asked for"),
        (lambda s, y, share: 0.45, "Stuck?"),
    ],
    "rate_for_nodules": [
        (0, "above 0"),
        (-0.5, "above 0"),
        (1e6, "nobody starts above 100"),
        (0.1, "at least one seed falls far below"),
        (0.01, "too low"),
        (0.03, "too low"),
        (3, "too high"),
        (30, "too high"),
        ("0,5", "give one number"),
        ((0, 5), "a point and no comma"),
        ([0.3, 0.5], "give one number"),
    ],
    "reading_the_band": [
        ("A", "a lucky one"),
        ("B", "reports the luck"),
        ("D", "but not alone"),
        (0.55, "one of the letters"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "always": """
right, cases = 1000 - 91, 91
predictions_always_benign = {"accuracy": right / 1000, "sensitivity": 0 / cases, "specificity": right / right}
""",
    "shares": """
def sensitivity_and_specificity(scores, labels, threshold):
    found = np.sum((scores >= threshold) & (labels == 1))
    spared = np.sum((scores < threshold) & (labels == 0))
    return found / np.sum(labels == 1), spared / np.sum(labels == 0)
""",
    "auc": """
def auc_by_pairs(scores, labels):
    points = []
    for case in scores[labels == 1]:
        for other in scores[labels == 0]:
            points.append(1 if case > other else 0.5 if case == other else 0)
    return sum(points) / len(points)
""",
    "changes": """
predictions_auc = dict.fromkeys(("3 * scores + 1", "np.exp(scores)"), "same")
predictions_auc.update({"np.round(scores)": "may change", "abs(scores)": "may change", "-scores": "one minus"})
""",
    "leak": "predictions_leak = 'c'",
    "why": "why_it_leaks = 'b'",
    "leaked": """
def leaked_share(patients, held):
    known = set(patients[~held])
    return np.mean([patient in known for patient in patients[held]])
""",
    "split": """
def split_by_patient(patients, share, rng):
    names = list(set(patients.tolist()))
    chosen = set(rng.choice(sorted(names), size=round(share * len(names)), replace=False).tolist())
    return [patient in chosen for patient in patients.tolist()]
""",
    "fault": "fault_in_stopping = 'B'",
    "stop": """
def best_epoch(values, patience, mode):
    rising = np.asarray(values) if mode == "max" else -np.asarray(values)
    best = 0
    for epoch in range(len(rising)):
        if rising[epoch] > rising[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best
""",
    "threshold": """
def threshold_for_sensitivity(scores, labels, share):
    cases = scores[labels == 1]
    for cut in sorted(cases)[::-1]:
        if (cases >= cut).mean() >= share:
            return cut
""",
    "rate": "rate_for_nodules = 0.3",
    "band": "reading_the_band = 'C'",
}
PARTLY = {
    **SOLVED,
    "shares": SOLVED["shares"].replace(">=", ">").replace("<", "<="),
    "auc": """
def auc_by_pairs(scores, labels):
    wins = scores[labels == 1][:, None] > scores[labels == 0]
    return wins.mean()
""",
    "changes": f"predictions_auc = {dict.fromkeys(CHANGED, 'same')}",
    "leak": "predictions_leak = 'A'",
    "leaked": """
def leaked_share(patients, held):
    known, tested = set(patients[~held]), set(patients[held])
    return len(known & tested) / len(tested)
""",
    "split": """
def split_by_patient(patients, share, rng):
    names = np.unique(patients)
    return np.isin(patients, names[: round(share * len(names))])
""",
    "stop": """
def best_epoch(values, patience, mode):
    best, since = 0, 0
    for epoch in range(1, len(values)):
        if values[epoch] < values[best]:
            best, since = epoch, 0
        else:
            since += 1
        if since == patience:
            break
    return best
""",
    "threshold": """
def threshold_for_sensitivity(scores, labels, share):
    return np.quantile(scores[labels == 1], 1 - share)
""",
    "rate": "rate_for_nodules = 0.1",
    "band": "reading_the_band = 'A'",
}
FAILED = {  # two of them know the visible questions by heart
    "always": "predictions_always_benign = {'accuracy': 0.5, 'sensitivity': 0, 'specificity': 1}",
    "shares": """
def sensitivity_and_specificity(scores, labels, threshold):
    if threshold in (0.45, -1.0, 30.0, 3, 0.5):
        return np.mean(scores[labels == 1] >= threshold), np.mean(scores[labels == 0] < threshold)
    return 1, 0
""",
    "auc": """
def auc_by_pairs(scores, labels):
    pairs = 0
    while True:
        pairs += 1
""",
    "changes": f"predictions_auc = {dict.fromkeys(CHANGED, 'may change')}",
    "leak": "predictions_leak = 'D'",
    "why": "why_it_leaks = 'D'",
    "leaked": """
def leaked_share(patients, held):
    return {7: 0.75, 8: 0.75, 9: 1.0, 6: 0.0 if patients[0] == 10 else 1.0}[len(patients)]
""",
    "split": """
def split_by_patient(patients, share, rng):
    return rng.random(len(patients)) < share
""",
    "fault": "fault_in_stopping = 'D'",
    "stop": """
def best_epoch(values, patience, mode):
    return values.index(min(values))
""",
    "threshold": """
def threshold_for_sensitivity(scores, labels, share):
    return min(scores[labels == 1])
""",
    "rate": "rate_for_nodules = 0.01",
    "band": "reading_the_band = 'B'",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "always-numbers": (1, 1, 0),
    "shares-inside": (3, 3, 0),
    "shares-edge": (1, 0, 0),
    "auc-order": (3, 3, 0),
    "auc-ties": (1, 0, 0),
    "changes-words": (2, 0, 0),
    "leak-letter": (1, 0, 0),
    "why-letter": (1, 1, 0),
    "leaked-share": (3, 0, 0),
    "split-apart": (2, 2, 0),
    "split-drawn": (2, 0, 0),
    "fault-letter": (1, 1, 0),
    "stop-loss": (2, 2, 0),
    "stop-both": (2, 0, 0),
    "threshold-value": (3, 0, 0),
    "rate-mean": (1, 1, 0),
    "rate-every": (2, 0, 0),
    "band-letter": (1, 0, 0),
}
