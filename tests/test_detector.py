"""The detector: its scenes, its gradient, its boxes, and average precision on cases worked out by hand."""

import numpy as np
import pytest

from lrlab import descend
from lrlab.datasets import digits
from lrlab.datasets.scenes import scenes
from lrlab.models.detector import (
    Detections,
    average_precision,
    decode,
    detector,
    iou,
    mean_average_precision,
)

SEEN = scenes(digits().train, 40, seed=3)


def found(*guesses):
    """Detections of scenes, each a list of (top, left, label, score)."""
    rows = [np.array(scene, dtype=float) for scene in guesses]
    boxes = np.array([np.column_stack([scene[:, :2], np.full((len(scene), 2), 8)]) for scene in rows])
    return Detections(boxes, np.array([scene[:, 2] for scene in rows], int), np.array([scene[:, 3] for scene in rows]))


def perfect(made):
    """Outputs that say of each cell what is true."""
    outputs = np.zeros((len(made.targets), 9, 13))
    outputs[..., 0] = 40 * made.targets[..., 0] - 20
    outputs[..., 1:3] = made.targets[..., 1:3]
    np.put_along_axis(outputs, 3 + made.targets[..., 3:].astype(int), 40.0, axis=-1)
    return outputs.reshape(len(outputs), -1)


def test_scenes_are_the_same_for_a_seed_and_others_for_another():
    again, other = scenes(digits().train, 40, seed=3), scenes(digits().train, 40, seed=4)
    assert np.array_equal(SEEN.inputs, again.inputs)
    assert np.array_equal(SEEN.targets, again.targets)
    assert not np.array_equal(SEEN.inputs, other.inputs)
    assert SEEN.inputs.min() == 0
    assert SEEN.inputs.max() <= 1


def test_boxes_hold_their_digits_and_do_not_overlap():
    stock = {image.tobytes() for image in digits().train.inputs}
    for image, boxes, labels in zip(SEEN.inputs.reshape(-1, 24, 24), SEEN.boxes, SEEN.labels, strict=True):
        assert 1 <= len(boxes) == len(labels) <= 3
        for top, left, height, width in boxes.astype(int):
            assert (height, width) == (8, 8)
            assert 0 <= min(top, left) <= max(top, left) <= 16
            assert image[top : top + 8, left : left + 8].ravel().tobytes() in stock
        for i in range(len(boxes)):
            for j in range(i):
                assert iou(boxes[i], boxes[j]) == 0


def test_targets_say_what_the_boxes_say():
    for targets, boxes, labels in zip(SEEN.targets, SEEN.boxes, SEEN.labels, strict=True):
        assert targets[:, 0].sum() == len(boxes)
        for (top, left, _, _), label in zip(boxes, labels, strict=True):
            cell = int((top + 4) // 8 * 3 + (left + 4) // 8)
            middle = np.array([cell // 3, cell % 3]) * 8 + 4
            np.testing.assert_allclose(targets[cell], [1, *(np.array([top, left]) + 4 - middle) / 4, label])
    assert np.abs(SEEN.targets[..., 1:3]).max() <= 1


@pytest.mark.parametrize(
    ("setting", "name"), [({"count": 0}, "count"), ({"count": 3, "seed": -1}, "seed"), ({"count": 2.5}, "count")]
)
def test_scenes_refuse_what_does_not_fit(setting, name):
    with pytest.raises(ValueError, match=rf"^{name} is .*: give"):
        scenes(digits().train, **setting)


def test_scenes_need_digits():
    with pytest.raises(ValueError, match=r"part\.inputs has shape \(3, 2\)"):
        scenes(digits().train._replace(inputs=np.zeros((3, 2))), 1)


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4)])
def test_gradient_against_finite_differences(hidden):
    net = detector(hidden=hidden)
    params = net.init(0) + 0.01 * np.random.default_rng(1).standard_normal(net.dim)
    _, grad = net.loss_and_grad(params, SEEN.inputs[:6], SEEN.targets[:6])
    for at in np.random.default_rng(2).integers(net.dim, size=25).tolist():
        step = np.zeros(net.dim)
        step[at] = 1e-5
        up, down = (net.loss_and_grad(params + s * step, SEEN.inputs[:6], SEEN.targets[:6])[0] for s in (1, -1))
        assert grad[at] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-8)


def test_a_batch_is_its_runs_one_by_one():
    net = detector(hidden=(5,))
    params = np.stack([net.init(seed) for seed in range(3)])
    loss, grad = net.loss_and_grad(params, SEEN.inputs, SEEN.targets)
    for i in range(3):
        one, slope = net.loss_and_grad(params[i], SEEN.inputs, SEEN.targets)
        np.testing.assert_allclose(loss[i], one, rtol=1e-12)
        np.testing.assert_allclose(grad[i], slope, atol=1e-12)


def test_one_cell_sees_its_window_and_nothing_else():
    net = detector(hidden=(5,))
    image = np.zeros((2, 24, 24))
    image[1, 21, 21] = 1.0  # the corner: only the last window reaches there
    first, second = net.predict(net.init(0), image.reshape(2, -1)).reshape(2, 9, 13)
    assert np.flatnonzero((first != second).any(axis=-1)).tolist() == [8]
    image[1] = 0
    image[1, 12, 12] = 1.0  # the middle of the image lies in the middle window, and at no other's edge
    first, second = net.predict(net.init(0), image.reshape(2, -1)).reshape(2, 9, 13)
    assert np.flatnonzero((first != second).any(axis=-1)).tolist() == [4, 5, 7, 8]


def test_loss_by_hand():
    net = detector(hidden=())
    targets = np.zeros((1, 9, 4))
    targets[0, 4] = 1.0, 0.5, -0.5, 7
    loss, _ = net.loss_and_grad(np.zeros(net.dim), np.zeros((1, 576)), targets)
    assert float(loss) == pytest.approx(9 * np.log(2) + 0.5 + np.log(10))


def test_descent_learns_a_scene():
    net = detector(hidden=(16,))
    few = scenes(digits().train, 5, seed=0)
    run = descend(net.on(few.inputs, few.targets), net.init(0), 0.02, steps=400)
    guesses = decode(net.predict(run.final, few.inputs))
    assert mean_average_precision(guesses, few.boxes, few.labels) > 0.95


def test_decode_gives_the_true_boxes_back():
    guesses = decode(perfect(SEEN))
    for i, boxes in enumerate(SEEN.boxes):
        sure = guesses.scores[i] > 0.5
        assert sorted(map(tuple, guesses.boxes[i, sure])) == sorted(map(tuple, boxes))
        assert sorted(guesses.labels[i, sure]) == sorted(SEEN.labels[i])
    assert mean_average_precision(guesses, SEEN.boxes, SEEN.labels, threshold=1.0) == 1


def test_decode_of_what_is_not_finite_has_no_score():
    outputs = perfect(SEEN)
    outputs[0, :13] = np.nan
    guesses = decode(outputs)
    assert guesses.scores[0, 0] == 0
    assert np.isfinite(guesses.boxes).all()


@pytest.mark.parametrize(
    ("move", "share"), [((0, 0), 1.0), ((0, 4), 1 / 3), ((4, 4), 1 / 7), ((8, 0), 0.0), ((2, 1), 42 / 86), ((30, 9), 0)]
)
def test_overlap_of_two_squares(move, share):
    assert float(iou([0, 0, 8, 8], [*move, 8, 8])) == pytest.approx(share)
    assert float(iou([*move, 8, 8], [0, 0, 8, 8])) == pytest.approx(share)


def test_overlap_of_a_box_in_a_box():
    assert float(iou([0, 0, 8, 8], [2, 2, 4, 4])) == pytest.approx(16 / 64)


@pytest.mark.parametrize("box", [[0, 0, 8], [0, 0, 0, 8], "box"])
def test_overlap_refuses_what_is_no_box(box):
    with pytest.raises(ValueError, match=r"^second .*: give boxes"):
        iou([0, 0, 8, 8], box)


@pytest.mark.parametrize(
    ("right", "count", "precision"),
    [
        ([1, 1], 2, 1.0),
        ([1, 1, 0, 0], 2, 1.0),  # what is wrong after the last hit costs nothing
        ([0, 1], 1, 0.5),
        ([0, 1, 1], 2, 2 / 3),  # precision 1/2 then 2/3: the later, higher one counts for both
        ([1, 0, 1], 2, 0.5 + 0.5 * 2 / 3),
        ([1], 4, 0.25),  # three were never found
        ([0, 0], 3, 0.0),
        ([], 3, 0.0),
    ],
)
def test_average_precision_by_hand(right, count, precision):
    scores = np.linspace(0.9, 0.1, len(right))
    assert average_precision(right, scores, count) == pytest.approx(precision)
    assert average_precision(right[::-1], scores[::-1], count) == pytest.approx(precision)


def test_a_second_guess_for_the_same_object_is_wrong():
    boxes, labels = [[[0, 0, 8, 8]], [[0, 0, 8, 8]]], [[3], [3]]
    guesses = found([(0, 0, 3, 0.9), (0, 1, 3, 0.8)], [(0, 0, 3, 0.7), (16, 16, 3, 0.1)])
    assert mean_average_precision(guesses, boxes, labels) == pytest.approx(0.5 + 0.5 * 2 / 3)


def test_the_surest_guess_takes_the_object():
    boxes, labels = [[[0, 0, 8, 8]]], [[3]]
    assert mean_average_precision(found([(0, 2, 3, 0.9), (0, 0, 3, 0.8)]), boxes, labels) == 1
    assert mean_average_precision(found([(0, 3, 3, 0.9), (0, 0, 3, 0.8)]), boxes, labels) == 0.5  # IoU 5/11: wrong


def test_class_and_scene_must_agree():
    boxes, labels = [[[0, 0, 8, 8]], [[0, 0, 8, 8]]], [[3], [4]]
    swapped = found([(0, 0, 4, 0.9)], [(0, 0, 3, 0.9)])
    assert mean_average_precision(swapped, boxes, labels) == 0
    one = found([(0, 0, 3, 0.9)], [(0, 0, 3, 0.8)])
    assert mean_average_precision(one, boxes, labels) == 0.5  # class 3 perfect, class 4 never found


def test_only_classes_that_occur_count():
    guesses = found([(0, 0, 3, 0.9), (8, 8, 5, 0.95)])
    assert mean_average_precision(guesses, [[[0, 0, 8, 8]]], [[3]]) == 1


def test_threshold_is_reached_and_not_only_passed():
    shifted = found([(0, 4, 3, 0.9)])
    assert mean_average_precision(shifted, [[[0, 0, 8, 8]]], [[3]], threshold=1 / 3) == 1
    assert mean_average_precision(shifted, [[[0, 0, 8, 8]]], [[3]], threshold=0.34) == 0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: detector(side=25), "side"),
        (lambda: detector(cells=0), "cells"),
        (lambda: detector(hidden=(0,)), "hidden"),
        (lambda: detector(classes=1), "classes"),
        (lambda: detector(start="x"), "start"),
        (lambda: decode(np.zeros((1, 100))), "outputs"),
        (lambda: decode(np.zeros((1, 117)), size=0), "size"),
        (lambda: average_precision([1, 0], [0.5], 1), "right"),
        (lambda: average_precision([1], [0.5], 0), "count"),
        (lambda: mean_average_precision(found([(0, 0, 3, 1)]), [[]], [[]]), "labels"),
        (lambda: mean_average_precision(found([(0, 0, 3, 1)]), [], []), "found"),
        (lambda: mean_average_precision(found([(0, 0, 3, 1)]), [[]], [[]], threshold=0), "threshold"),
        (lambda: detector().on(SEEN.inputs, np.zeros((40, 9))), "targets"),
        (lambda: detector().on(SEEN.inputs, np.full((40, 9, 4), 2.0)), "targets"),
    ],
)
def test_what_does_not_fit_gets_one_sentence_that_names_it(call, name):
    with pytest.raises(ValueError, match=rf"^{name} (is|has|holds) .*: .") as caught:
        call()
    assert "\n" not in str(caught.value)
