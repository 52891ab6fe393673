"""Scores of yes-or-no answers: against their definitions, and what is said of arguments that do not fit."""

import numpy as np
import pytest

from lrlab.models.scores import auc, bootstrap, rates_at, reliability, threshold_for


def data(seed=0, n=60):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3 == 0
    return (rng.standard_normal((2, n)) + labels).round(1), labels.astype(int)  # rounded: there are ties


def test_auc_is_the_share_of_pairs_in_the_right_order():
    scores, labels = data()
    for row, found in zip(scores, auc(scores, labels), strict=True):
        gaps = row[labels == 1][:, None] - row[labels == 0]
        assert found == pytest.approx(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def test_auc_sees_nothing_but_the_order():
    scores, labels = data()
    assert np.array_equal(auc(scores, labels), auc(np.exp(scores) + 5, labels))
    assert np.allclose(auc(scores, labels) + auc(-scores, labels), 1)
    assert np.isnan(auc(np.where(scores == scores[0, 0], np.nan, scores), labels)[0])


def test_rates_count_what_they_say():
    scores, labels = data()
    sensitivity, specificity = rates_at(scores, labels, [0.2, 1.0])
    for i, threshold in enumerate((0.2, 1.0)):
        assert sensitivity[i] == pytest.approx((scores[i, labels == 1] > threshold).mean())
        assert specificity[i] == pytest.approx((scores[i, labels == 0] <= threshold).mean())
    assert rates_at(np.full(60, np.nan), labels) == (0.0, 1.0)


@pytest.mark.parametrize("wanted", [0.05, 0.5, 0.9, 1.0])
def test_the_threshold_gives_what_was_asked_and_a_higher_one_less(wanted):
    scores, labels = data()
    threshold = threshold_for(scores, labels, wanted)
    assert (rates_at(scores, labels, threshold)[0] >= wanted).all()
    assert (rates_at(scores, labels, threshold + 1e-6)[0] < wanted).all()


def test_reliability_lies_on_the_diagonal_where_the_probability_is_true():
    rng = np.random.default_rng(0)
    p = rng.random(40_000)
    said, seen, share = reliability(p, (rng.random(40_000) < p).astype(int), 8)
    assert np.abs(said - seen).max() < 0.03
    assert share.sum() == pytest.approx(1)
    assert np.allclose(share, 1 / 8, atol=0.01)


def test_weights_count_an_example_several_times():
    p, labels = np.array([0.1, 0.15, 0.9, 0.9]), np.array([0, 1, 1, 0])
    twice = np.array([0, 0, 1, 2, 3])
    for weighted, repeated in zip(
        reliability(p, labels, 4, [2, 1, 1, 1]), reliability(p[twice], labels[twice], 4), strict=True
    ):
        assert np.allclose(weighted, repeated, equal_nan=True)
    assert np.isnan(reliability(p, labels, 4)[0][1])  # an empty bin


def test_the_interval_covers_and_knows_groups():
    rng = np.random.default_rng(1)
    hits, wide = 0, 0
    for _ in range(60):
        groups = np.repeat(np.arange(40), 5)
        values = rng.standard_normal(40)[groups] + 0.2 * rng.standard_normal(200)
        low, high = bootstrap(lambda rows, v=values: v[rows].mean(), groups, rng, 200)
        alone = bootstrap(lambda rows, v=values: v[rows].mean(), np.arange(200), rng, 200)
        hits += low < 0 < high
        wide += high - low > 1.5 * (alone[1] - alone[0])
    assert hits >= 50  # of 60, for an interval of 95 %
    assert wide == 60  # single examples would make it too narrow


def test_the_interval_is_fixed_by_its_seed():
    values = np.arange(10.0)
    assert bootstrap(lambda rows: values[rows].mean(), values, 3) == bootstrap(
        lambda rows: values[rows].mean(), values, np.random.default_rng(3)
    )


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: auc([1.0, 2.0], [0, 0]), "labels"),
        (lambda: auc([1.0, 2.0, 3.0], [0, 1]), "scores"),
        (lambda: auc([1.0, 2.0], [0, 2]), "labels"),
        (lambda: rates_at([1.0, 2.0], [0, 1], [1.0, 2.0]), "threshold"),
        (lambda: threshold_for([1.0, 2.0], [0, 1], 0), "sensitivity"),
        (lambda: reliability([0.5, 1.5], [0, 1]), "probabilities"),
        (lambda: reliability([0.5, 0.5], [0, 1], 0), "bins"),
        (lambda: reliability([0.5, 0.5], [0, 1], 2, [1, 0]), "weights"),
        (lambda: bootstrap(len, [], 0), "groups"),
        (lambda: bootstrap(len, [1, 2], 0, draws=0), "draws"),
        (lambda: bootstrap(len, [1, 2], 0, level=1), "level"),
        (lambda: bootstrap(len, [1, 2], "seed"), "rng"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(call, name):
    with pytest.raises(ValueError, match=rf"^{name} .*: .") as caught:
        call()
    assert "\n" not in str(caught.value)
