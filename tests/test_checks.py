"""Every task of every set: right answers pass, and every usual mistake is answered by its own sentence."""

import contextlib
import math
import time

import numpy as np
import pytest

from lrlab import checks, descend, objectives
from lrlab.checks import TASKS, Hint, judging
from lrlab.checks.judging import FunctionTask, ValueTask

FUNCTIONS = {name: task for name, task in TASKS.items() if isinstance(task, FunctionTask)}
VALUES = {name: task for name, task in TASKS.items() if isinstance(task, ValueTask)}


def said(name, answer, part=None, probes=None) -> str:
    with pytest.raises(Hint) as caught:
        checks.check(name, answer, part, probes)
    return str(caught.value)


# --------------------------------------------------------------- answers as students write them, one row for each task


def update_in_steps(params, grad, lr):
    step = np.multiply(grad, lr)
    new = np.subtract(params, step)
    return new


def edge_by_loop(curvatures):
    best = math.inf
    for curvature in curvatures:
        if 2 / curvature < best:
            best = 2 / curvature
    return best


def regime_by_landing(lr, curvature):
    landing = 1.0 - lr * curvature * 1.0  # from 1, where is the ball after a step?
    if landing == 0:
        return "one step"
    if landing > 0:
        return "creeps"
    if landing == -1:
        return "bounces"
    return "overshoots" if abs(landing) < 1 else "diverges"


def regime_by_numpy(lr, curvature):
    words = ("creeps", "one step", "overshoots", "bounces", "diverges")
    return words[int(np.searchsorted([1, 2], lr * curvature) + np.searchsorted([1, 2], lr * curvature, side="right"))]


def steps_by_loop(lr, curvature, factor):
    shrink = abs(1 - lr * curvature)
    if shrink >= 1:
        return math.inf
    distance, steps = 1.0, 0
    while distance > factor:
        distance, steps = distance * shrink, steps + 1
    return steps


def steps_by_numpy(lr, curvature, factor):
    q = np.abs(1 - lr * curvature)
    if q == 0:
        return 1
    return np.ceil(np.log10(factor) / np.log10(q)) if q < 1 else np.inf


def walk_by_list(gradient, start, lr, steps):
    here, path = np.array(start), []
    for t in range(steps + 1):
        path.append(here.tolist())
        here = here - lr(t) * np.asarray(gradient(here))
    return path


def walk_by_array(gradient, start, lr, steps):
    path = np.empty((steps + 1, len(start)))
    path[0] = start
    t = 0
    while t < steps:
        path[t + 1] = path[t] - lr(t) * gradient(path[t])
        t += 1
    return path


RIGHT = {
    "update": (lambda params, grad, lr: params + -lr * grad, update_in_steps),
    "rate_at_the_edge": (0.24, 0.2499, np.float64(0.245)),
    "largest_stable_rate": (lambda curvatures: min(2 / c for c in curvatures), edge_by_loop),
    "why_it_diverges": ("B", " b"),
    "predictions": (
        {0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"},
        dict(sorted({0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"}.items())),
    ),
    "regime": (regime_by_landing, regime_by_numpy),
    "steps_needed": (steps_by_loop, steps_by_numpy),
    "walk": (walk_by_list, walk_by_array),
}


def words(**changes):
    return {**RIGHT["predictions"][0], **{float(key[1:].replace("_", ".")): word for key, word in changes.items()}}


def regime_coarse(lr, curvature):
    if lr * curvature > 2:
        return "diverges"
    return "overshoots" if lr * curvature > 1 else "creeps"


def steps_without_abs(lr, curvature, factor):
    if lr * curvature == 1:
        return 1
    return math.inf if lr * curvature >= 2 else math.ceil(math.log(factor, 1 - lr * curvature))


def walk_in_place(gradient, start, lr, steps):
    here, path = start.copy(), []
    path.append(here)
    for t in range(steps):
        here -= lr(t) * gradient(here)
        path.append(here)
    return np.array(path)


def walk_of_steps(gradient, start, lr, steps):
    path = []
    for t in range(steps):
        start = start - lr(t) * gradient(start)
        path.append(start)
    return np.array(path)


def walk_late(gradient, start, lr, steps):
    path = [start]
    for t in range(1, steps + 1):
        path.append(path[-1] - lr(t) * gradient(path[-1]))
    return np.array(path)


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "update": [
        (lambda params, grad, lr: params + grad * lr, "goes uphill"),
        (lambda params, grad, lr: np.add(params, -grad), "whole gradient"),
        (lambda params, grad, lr: -(grad * lr), "step alone"),
        (lambda params, grad, lr: params * lr - grad * lr, "brackets"),
        (lambda params, grad, lr: params - (1 / lr) * grad, "divide by the learning rate"),
        (lambda params, grad, lr: params - lr * (grad > 0) + lr * (grad < 0), "how steep"),
        (lambda params, grad, lr: params - np.sum(grad) * lr, "add the gradients up"),
        (lambda params, grad, lr: params - np.sqrt(np.square(grad)) * lr, "lose the gradient's sign"),
    ],
    "rate_at_the_edge": [
        (0, "above 0"),
        (-0.1, "above 0"),
        (1 / 8, "in one step"),
        (0.12, "in one step"),
        (0.25, "bounces for ever"),
        (4, "upside down"),
        (16, "upside down"),
        (0.26, "it diverges"),
        (2, "it diverges"),
        (0.23, "5 % larger"),
        (0.01, "5 % larger"),
        ("a lot", "give one number"),
        ([0.1, 0.2], "give one number"),
        (math.nan, "give one number"),
    ],
    "largest_stable_rate": [
        (lambda curvatures: [2 / c for c in curvatures], "one rate for each direction"),
        (lambda curvatures: max(2 / c for c in curvatures), "gentlest direction"),
        (lambda curvatures: np.min(1 / curvatures), "overshooting begins"),
        (lambda curvatures: 2 * len(curvatures) / sum(curvatures), "mix the curvatures"),
        (lambda curvatures: 2 / (max(curvatures) + min(curvatures)), "fastest rate"),
        (lambda curvatures: max(curvatures) / 2, "upside down"),
        (lambda curvatures: 2 / next(iter(curvatures)), "one place of the list"),
        (lambda curvatures: 0.25, "does not depend"),
    ],
    "why_it_diverges": [
        ("a", "from 1/L on"),
        ("C", "the sign is right"),
        ("D", "on paper"),
        ("E", "one of the letters"),
    ],
    "predictions": [
        (dict.fromkeys(RIGHT["predictions"][0], "creeps"), "the rate alone"),
        (words(_0_4="diverges"), "does not diverge"),
        (words(_0_4="creeps"), "0.4 * 4 is 1.6"),
        (words(_0_25="creeps"), "exactly 1"),
        (words(_0_5="diverges"), "exactly 2"),
        (words(_0_05="diverges", _0_6="creeps"), "swapped"),
        (words(_0_4="overshoot"), "none of the words"),
        (["creeps"] * 5, "keep its form"),
    ],
    "regime": [
        (lambda lr, curvature: regime_by_landing(lr, 1), "learning rate alone"),
        (lambda lr, curvature: regime_by_landing(lr / curvature, 1), "divide the rate"),
        (lambda lr, curvature: regime_by_landing(2 * lr, curvature), "too early"),
        (regime_coarse, "two cases on the edge are missing"),
        (
            lambda lr, curvature: "creeps" if lr * curvature <= 1 else regime_by_landing(lr, curvature),
            "is called one step",
        ),
        (
            lambda lr, curvature: "diverges" if lr * curvature >= 2 else regime_by_landing(lr, curvature),
            "called bounces",
        ),
        (lambda lr, curvature: "creep", "none of the words"),
    ],
    "steps_needed": [
        (lambda lr, curvature, factor: math.log(factor, abs(1 - lr * curvature)), "round up"),
        (lambda lr, curvature, factor: int(math.log(factor, abs(1 - lr * curvature))), "round down"),
        (lambda lr, curvature, factor: math.ceil(math.log(abs(1 - lr * curvature), factor)), "upside down"),
        (lambda lr, curvature, factor: steps_by_loop(lr, curvature, factor**0.5), "until the loss"),
        (lambda lr, curvature, factor: math.ceil((1 - factor) / lr / curvature), "as long as the first"),
        (lambda lr, curvature, factor: math.ceil(math.log(1 / factor) / (curvature * lr)), "tiny steps only"),
        (lambda lr, curvature, factor: steps_by_loop(lr, 1, factor), "forget the curvature"),
        (lambda lr, c, factor: math.ceil(math.log(factor) / math.log10(abs(1 - lr * c))), "two kinds of logarithm"),
        (steps_without_abs, "take abs"),
        (lambda lr, curvature, factor: np.ceil(np.log(factor) / np.log(abs(1 - lr * curvature))), "the formula fails"),
    ],
    "walk": [
        (lambda gradient, start, lr, steps: walk_by_array(lambda p: -gradient(p), start, lr, steps), "uphill"),
        (walk_of_steps, "start is missing"),
        (lambda *asked: walk_by_array(*asked)[-1], "last place only"),
        (
            lambda gradient, start, lr, steps: walk_by_array(gradient, start, lr, max(steps - 1, 0)),
            "one step is missing",
        ),
        (lambda gradient, start, lr, steps: walk_by_list(gradient, start, lr, steps + 1), "one step too many"),
        (lambda g, start, lr, steps: walk_by_array(lambda p: g(start), start, lr, steps), "at the start only"),
        (walk_in_place, "all rows of your path are the same"),
        (walk_late, "one step late"),
        (lambda g, start, lr, steps: walk_by_array(g, start, lambda t: lr(0), steps), "ask the schedule once"),
    ],
}


def test_every_task_is_tried():
    assert set(RIGHT) == set(WRONG) == set(TASKS)
    assert all(len(answers) >= 2 for answers in RIGHT.values())


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in RIGHT for i in range(len(RIGHT[name]))])
def test_right_answers_pass(name, number, capsys):
    checks.check(name, RIGHT[name][number])
    whole = capsys.readouterr().out
    assert whole.startswith("Right: ")
    assert whole.count("\n") == 1
    for part in FUNCTIONS[name].parts if name in FUNCTIONS else ():
        checks.check(name, RIGHT[name][number], part)
        assert capsys.readouterr().out == f"Right: {FUNCTIONS[name].verified[part]}\n"


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in WRONG for i in range(len(WRONG[name]))])
def test_wrong_answers_get_the_sentence_that_knows_them(name, number):
    answer, words = WRONG[name][number]
    assert words in said(name, answer)


@pytest.mark.parametrize("name", TASKS)
def test_at_least_three_mistakes_with_sentences_of_their_own(name):
    sentences = [mistake.says for mistake in TASKS[name].mistakes]
    assert len(set(sentences)) == len(sentences) >= 3
    for sentence in sentences:
        assert len(sentence) < 130
        assert "\n" not in sentence
        assert "still empty" not in sentence
        answered = [words for _, words in WRONG[name] if words in sentence]
        assert answered or name in FUNCTIONS, f"no wrong answer above is answered by: {sentence}"
    assert len(TASKS[name].hints) == 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_way_to_make_a_mistake_is_known_by_its_own_sentence(name):
    sentences = {mistake.says for mistake in FUNCTIONS[name].mistakes}
    for mistake in FUNCTIONS[name].mistakes:
        for made in mistake.made:
            assert said(name, made) == mistake.says
            for part in FUNCTIONS[name].parts:
                heard = None  # asked in part, a mistake may not show, or look like another one
                try:
                    checks.check(name, made, part)
                except Hint as hint:
                    heard = str(hint)
                assert heard is None or heard in sentences


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("empty", [..., None])
def test_the_three_dots_are_still_empty(name, empty):
    assert said(name, empty).startswith(f"{name} is still empty: ")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_that_go_wrong_in_ways_of_their_own(name, monkeypatch):
    arguments = ", ".join(judging.inspect.signature(FUNCTIONS[name].right).parameters)

    def made(body):
        space = {"np": np}
        exec(f"def {name}({arguments}):\n    {body}", space)
        return space[name]

    monkeypatch.setattr(judging, "SECONDS", 0.05)
    assert "still empty" in said(name, made("raise NotImplementedError"))
    assert "still empty" in said(name, made("return ..."))
    assert "gives nothing back" in said(name, made("pass"))
    assert "raised ZeroDivisionError: division by zero" in said(name, made("return 1 / 0"))
    assert "raised NameError" in said(name, made("return learning_rate"))
    assert "does not come to an end" in said(name, made("while True: pass"))
    assert "does not come to an end" in said(
        name, made("\n    while 1:\n        try:\n            x = 1\n        except Exception:\n            pass")
    )
    assert f"def {name}({arguments}):" in said(name, lambda: 1)
    assert "not a function any more" in said(name, 0.1)
    for odd in ("np.zeros(7)", "'text'", "{}", "[[1], [1, 2]]", "True", "[]", "np.array(['a'])", "print"):
        assert said(name, made(f"return {odd}"))


def test_a_crash_shows_the_line_that_crashed(tmp_path):
    path = tmp_path / "answer.py"
    path.write_text("def update(params, grad, lr):\n    step = float(grad) * lr\n    return params - step\n")
    space = {}
    exec(compile(path.read_text(), str(path), "exec"), space)
    sentence = said("update", space["update"], "arrays")
    assert "raised TypeError" in sentence
    assert "`step = float(grad) * lr`" in sentence
    assert "update(params=[1., -2.], grad=[0.5, 4.], lr=0.1)" in sentence


def test_a_long_run_of_the_engine_is_not_endless(monkeypatch):
    def steps_needed(lr, curvature, factor):
        run = descend(objectives.parabola(curvature), [1.0], lr, steps=5000)
        near = np.abs(run.params[:, 0]) <= factor
        return near.argmax() if near.any() else math.inf

    monkeypatch.setattr(judging, "SECONDS", 0.5)
    checks.check("steps_needed", steps_needed)


def test_writing_into_an_argument_is_told():
    def update(params, grad, lr):
        params -= lr * grad
        return params

    checks.check("update", update, "numbers")  # numbers cannot be written into
    assert "changes its argument `params` in place" in said("update", update, probes=((np.ones(2), np.ones(2), 0.1),))
    assert "in place" in said("update", update, "arrays")


def test_integers_and_other_probes():
    with contextlib.suppress(Hint):
        checks.check("update", lambda params, grad, lr: params - int(lr * grad), "numbers")
        pytest.fail("rounding to whole numbers passed")
    checks.check("update", RIGHT["update"][0], probes=((1, 1, 1), (np.arange(3), np.arange(3), 2)))
    assert "goes uphill" in said("update", WRONG["update"][0][0], probes=((1.0, 1.0, 0.5),))


def test_a_warning_of_numpy_does_not_escape(capsys):
    assert "take abs" in said("steps_needed", lambda lr, c, factor: np.ceil(np.log(factor) / np.log(1 - lr * c)))
    assert capsys.readouterr().err == ""


def test_a_hint_prints_one_line_and_no_traceback(monkeypatch):
    lines = Hint("your step goes uphill.")._render_traceback_()
    assert lines == ["Not yet: your step goes uphill."]
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    broken = Hint("word " * 60)._render_traceback_()
    assert max(map(len, broken)) <= 80
    assert " ".join(broken) == ("Not yet: " + "word " * 60).strip()


def test_hints_in_steps(capsys):
    for number, start in ((0, "Hint 1 of 3"), (1, "Hint 1 of 3"), (3, "Hint 3 of 3"), (9, "Hint 3 of 3")):
        checks.hint("update", number)
        assert capsys.readouterr().out.startswith(start)


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="the tasks are update, "):
        checks.check("updat", 1)
    with pytest.raises(ValueError, match="numbers, arrays"):
        checks.check("update", RIGHT["update"][0], "matrices")


def endless():
    while True:
        pass


def test_drawing_is_polite(capsys, monkeypatch):
    with checks.drawing(RIGHT["update"][0]):
        print("drawn")
    with checks.drawing(...):
        float(...)
    with checks.drawing():
        raise NotImplementedError
    with checks.drawing(3):
        1 / 0  # noqa: B018 (this is what goes wrong)
    monkeypatch.setattr(judging, "SECONDS", 0.02)
    with checks.drawing(endless):
        time.sleep(0.1)  # a slow library is no endless function
        assert RIGHT["update"][0](1, 1, 1) == 0
        endless()
    assert capsys.readouterr().out.splitlines() == [
        "drawn",
        "Nothing to draw yet: the task above is still empty.",
        "Nothing to draw yet: the task above is still empty.",
        "Nothing to draw yet: with your answer as it is, Python says ZeroDivisionError: division by zero",
        "Nothing to draw yet: your function does not come to an end.",
    ]
