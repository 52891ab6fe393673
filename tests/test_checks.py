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


def regime_by_where(lr, curvature):
    reach = lr * curvature
    far = np.where(reach < 2, "overshoots", np.where(reach == 2, "bounces", "diverges"))
    return np.where(reach < 1, "creeps", np.where(reach == 1, "one step", far))


def regime_by_select(lr, curvature):
    reach = lr * curvature
    cases = [reach < 1, reach == 1, reach < 2, reach == 2]
    return np.select(cases, ["creeps", "one step", "overshoots", "bounces"], default="diverges")


def regime_by_index(lr, curvature):
    return np.array(["creeps", "one step", "overshoots", "bounces", "diverges"])[
        int(np.searchsorted([1, 2], lr * curvature) + np.searchsorted([1, 2], lr * curvature, side="right"))
    ]


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


def steps_by_many(lr, curvature, factor):
    place = 1.0
    for n in range(300_000):
        if abs(place) <= factor:
            return n
        place *= 1 - lr * curvature
    return math.inf


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
    "update": (
        lambda params, grad, lr: params + -lr * grad,
        update_in_steps,
        lambda *asked: np.float32(update_in_steps(*asked)),
    ),
    "rate_at_the_edge": (0.24, 0.2499, np.float64(0.245)),
    "largest_stable_rate": (lambda curvatures: min(2 / c for c in curvatures), edge_by_loop),
    "why_it_diverges": ("B", " b"),
    "predictions": (
        {0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"},
        dict(sorted({0.4: "overshoots", 0.05: "creeps", 0.6: "diverges", 0.25: "one step", 0.5: "bounces"}.items())),
    ),
    "regime": (regime_by_landing, regime_by_numpy, regime_by_where, regime_by_select, regime_by_index),
    "steps_needed": (steps_by_loop, steps_by_numpy, steps_by_many),
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


def steps_with(count, zero=1, never=lambda q: q >= 1):
    """The formula with `count` for math.ceil, and with special cases as a student handles them."""

    def steps_needed(lr, curvature, factor):
        q = abs(1 - lr * curvature)
        if never(q):
            return math.inf
        if q == 0:
            return zero
        return count(math.log(factor) / math.log(q))

    return steps_needed


def steps_of_signed_places(lr, curvature, factor):
    place, n = 1.0, 0
    while place > factor:
        place -= lr * curvature * place
        n += 1
    return n


def steps_until_below(lr, curvature, factor):
    if abs(1 - lr * curvature) >= 1:
        return math.inf
    place, n = 1.0, 0
    while abs(place) >= factor:
        place, n = place - lr * curvature * place, n + 1
    return n


def walk_with_early_return(gradient, start, lr, steps):
    path = [start]
    for t in range(steps):
        path.append(path[-1] - lr(t) * gradient(path[-1]))
        return np.array(path)


def walk_from_the_start(gradient, start, lr, steps):
    return np.array([start, *(start - lr(t) * gradient(start) for t in range(steps))])


def walk_thrown_away(gradient, start, lr, steps):
    path = np.array([start])
    for t in range(steps):
        np.append(path, [path[-1] - lr(t) * gradient(path[-1])], axis=0)
    return path


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
        (lambda params, grad, lr: (1 - lr) * params, "multiply lr by params"),
        (lambda params, grad, lr: params - 0.1 * grad, "a fixed number"),
        (lambda params, grad, lr: (params - 0, 1 * grad), "a tuple of shape (2,), where one number (2.5)"),
        (lambda lr, grad, params: params - lr * grad, "the first line must stay"),
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
        ((0, 24), "a point and no comma"),
        ((0.24,), "a point and no comma"),
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
        (lambda curvatures: 2 // max(curvatures), "cuts the rest off"),
        (lambda curvatures: curvatures.sort() or 2 / curvatures[-1], "`np.sort(a)` for `a.sort()`"),
        (lambda curvatures: (2 / c for c in curvatures), "gives a generator, "),
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
        (words(_0_4=np.array([1, 2])), "[1, 2] for 0.4, which is none of the words"),
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
        (lambda lr, curvature, factor: int(math.log(factor, abs(1 - lr * curvature))), "one too few"),
        (lambda lr, curvature, factor: math.ceil(math.log(abs(1 - lr * curvature), factor)), "upside down"),
        (lambda lr, curvature, factor: steps_by_loop(lr, curvature, factor**0.5), "until the loss"),
        (lambda lr, curvature, factor: math.ceil((1 - factor) / lr / curvature), "as long as the first"),
        (lambda lr, curvature, factor: math.ceil(math.log(1 / factor) / (curvature * lr)), "tiny steps only"),
        (lambda lr, curvature, factor: steps_by_loop(lr, 1, factor), "forget the curvature"),
        (lambda lr, c, factor: math.ceil(math.log(factor) / math.log10(abs(1 - lr * c))), "two kinds of logarithm"),
        (steps_without_abs, "take abs"),
        (lambda lr, curvature, factor: np.ceil(np.log(factor) / np.log(abs(1 - lr * curvature))), "the formula fails"),
        (steps_with(math.ceil, never=lambda q: False), "the formula fails"),
        (lambda *asked: math.ceil(steps_with(float, never=lambda q: q > 1)(*asked)), "at abs(1 - lr * curvature) == 1"),
        (steps_with(math.ceil, zero=0), "1, not 0"),
        (steps_with(round), "one too few"),
        (steps_with(math.floor), "one too few"),
        (steps_with(lambda n: int(n) + 1), "one step too many where q ** n is exactly"),
        (steps_until_below, "one step too many where q ** n is exactly"),
        (steps_of_signed_places, "compare abs"),
        (lambda lr, curvature, factor: math.ceil(factor / (lr * curvature)), "as long as the first"),
        (lambda lr, curvature, factor: 1, "gives 1, not 66"),
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
        (walk_with_early_return, "inside the loop"),
        (walk_from_the_start, "begins at the start again"),
        (walk_thrown_away, "the start and nothing else"),
        (
            lambda g, start, lr, steps: walk_by_array(lambda p: 0.9 * g(p), start, lr, steps),
            "gives [0.91, 0.64] in row 1, not [0.9, 0.6]. Stuck?",
        ),
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
    assert "not done after 0.05 seconds" in said(name, made("while True: pass"))
    assert "not done after 0.05 seconds" in said(
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


def test_each_check_of_a_task_knows_the_mistake_by_itself():
    for part, answer, words in (
        ("below", steps_with(round), "one too few"),
        ("below", steps_with(lambda n: n), "steps come whole"),
        ("below", lambda lr, curvature, factor: math.ceil(factor / lr / curvature), "as long as the first"),
        ("everywhere", steps_with(math.ceil, never=lambda q: q > 1), "at abs(1 - lr * curvature) == 1"),
        ("everywhere", steps_with(math.ceil, zero=0), "1, not 0"),
        ("everywhere", steps_of_signed_places, "compare abs"),
        ("everywhere", steps_with(math.floor), "one too few"),
    ):
        assert words in said("steps_needed", answer, part)
    for answer, words in (
        (lambda lr, c: regime_by_landing(lr / c, 1), "divide"),
        (lambda lr, c: "bounces", "not 'one"),
    ):
        assert words in said("regime", answer, "edges")


def test_an_error_alone_is_no_known_mistake():
    def steps_needed(lr, curvature, factor):
        if lr == 0.24:
            return math.sqrt(-1)  # the error of a logarithm without abs
        return steps_by_loop(lr, curvature, factor)

    assert "raised ValueError: math domain error at `return math.sqrt(-1)" in said("steps_needed", steps_needed)


def test_numbers_that_look_the_same_are_shown_with_all_their_digits():
    sentence = said("update", lambda params, grad, lr: params - lr * grad * 1.00001)
    assert "gives 2.4999950000000002, not 2.5." in sentence


def test_an_answer_whose_cell_did_not_run_is_told():
    assert "run the cell above, with `def walk`. If you did, Python could not read it" in said("walk", ...)
    assert "If you did, Python could not read it or stopped in it" in said("why_it_diverges", ...)
    space = {"update": ..., "np": np}
    exec("def walk(gradient, start, lr, steps):\n    return np.array([update(start, gradient(start), lr(0))])", space)
    assert "needs an answer that is still empty" in said("walk", space["walk"])
    exec("def update(params, grad, lr):\n    raise NotImplementedError", space)
    assert said("walk", space["walk"]).startswith("update is still empty: ")


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


@pytest.mark.parametrize("loop", ["while True: pass", "while 1:\n        pass", "sum(1 for _ in iter(int, 1))"])
def test_a_loop_without_end_is_stopped_on_one_line_too(loop, monkeypatch):
    space = {}
    exec(f"def update(params, grad, lr):\n    {loop}", space)
    monkeypatch.setattr(judging, "SECONDS", 0.05)
    assert "a loop without end, or very many steps?" in said("update", space["update"])


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
        "Nothing to draw yet: your function is not done in time: a loop without end, or very many steps?",
    ]
