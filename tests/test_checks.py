"""Every task of every set: right answers pass, and every usual mistake is answered by its own sentence."""

import contextlib
import math
import re
import time

import numpy as np
import pytest
from answers import RIGHT, WRONG
from answers.what_is_the_learning_rate import (
    regime_by_landing,
    steps_by_loop,
    steps_of_signed_places,
    steps_with,
)

from lrlab import checks, descend, objectives
from lrlab.checks import SETS, TASKS, Hint, judging
from lrlab.checks.judging import FunctionTask, Mistake, ResultTask, ValueTask, one_number
from lrlab.models import softmax

FUNCTIONS = {name: task for name, task in TASKS.items() if isinstance(task, FunctionTask)}
CALLED = {name: task.right for name, task in FUNCTIONS.items()}
CALLED |= {name: task.function for name, task in TASKS.items() if isinstance(task, ResultTask)}


def said(name, answer, part=None, probes=None) -> str:
    with pytest.raises(Hint) as caught:
        checks.check(name, answer, part, probes)
    return str(caught.value)


def test_every_task_is_tried():
    assert set(RIGHT) == set(WRONG) == set(TASKS)
    assert all(len(answers) >= 2 for answers in RIGHT.values())
    assert len(TASKS) == sum(map(len, SETS.values())), "two sets have a task of the same name"


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in RIGHT for i in range(len(RIGHT[name]))])
def test_right_answers_pass(name, number, capsys):
    checks.check(name, RIGHT[name][number])
    whole = capsys.readouterr().out
    assert whole.startswith("Right: ")
    assert whole.count("\n") == 1
    verified = TASKS[name].verified
    for part in TASKS[name].parts:
        checks.check(name, RIGHT[name][number], part)
        assert capsys.readouterr().out == f"Right: {verified if isinstance(verified, str) else verified[part]}\n"


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


@pytest.mark.parametrize("name", CALLED)
def test_functions_that_go_wrong_in_ways_of_their_own(name, monkeypatch):
    arguments = ", ".join(judging.inspect.signature(CALLED[name]).parameters)

    def made(body):
        space = {"np": np}
        exec(f"def {name}({arguments}):\n    {body}", space)
        return space[name]

    monkeypatch.setattr(judging, "SECONDS", 0.2)
    assert "still empty" in said(name, made("raise NotImplementedError"))
    assert "still empty" in said(name, made("return ..."))
    assert "gives nothing back" in said(name, made("pass"))
    assert "raised ZeroDivisionError: division by zero" in said(name, made("return 1 / 0"))
    assert "raised NameError" in said(name, made("return learning_rate"))
    assert re.search(r"not done after [\d.]+ seconds", said(name, made("while True: pass")))
    assert re.search(
        r"not done after [\d.]+ seconds",
        said(
            name, made("\n    while 1:\n        try:\n            x = 1\n        except Exception:\n            pass")
        ),
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
    for argument in ([[1.0], [2.0, math.nan]], np.array([1.0, math.nan])):  # reading is no writing
        assert judging.Outcome.of(lambda seen: len(seen), (argument,)) == (2, None, None)
    assert judging.Outcome.of(lambda seen: seen[0].append(1), ([[1.0], []],)).changed == "seen"
    assert judging.Outcome.of(lambda seen: seen.clear(), ({"a": 1},)).changed == "seen"


def test_integers_and_other_probes():
    with contextlib.suppress(Hint):
        checks.check("update", lambda params, grad, lr: params - int(lr * grad), "numbers")
        pytest.fail("rounding to whole numbers passed")
    assert "not 2.5" in said("update", lambda params, grad, lr: str(params - lr * grad), "numbers")
    assert "not [0.95, -2.4]" in said("update", lambda params, grad, lr: list(map(str, params - lr * grad)), "arrays")
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


def test_a_value_with_tiers_says_how_far_it_got(capsys):
    task = ValueTask(
        read=one_number,
        right={"near": lambda value: value < 10, "nearer": lambda value: value < 1},
        verified={"near": "below 10.", "nearer": "below 1."},
        mistakes=(Mistake("not below 1 yet.", (lambda value: value < 10,)),),
        hints=("smaller.",),
        otherwise=lambda value: f"{value:g} is far out.",
    )
    assert task.judge("size", 5, "near") == "below 10."
    assert task.judge("size", 0.5) == "below 10. And: below 1."
    for value, part, sentence in ((5, None, "not below 1 yet."), (20, "near", "20 is far out")):
        with pytest.raises(Hint, match=sentence):
            task.judge("size", value, part)
    with pytest.raises(ValueError, match="size has near, nearer"):
        task.judge("size", 5, "far")


def test_solutions_are_printed_only_where_they_are_given_out(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for written, words in (
        (None, 'not given out. checks.hint("update", 3) says most.'),
        ("{", "is broken"),
        ('{"regime": "x"}', "another set's"),
        ('{"update": "def update"}', "def update"),
    ):
        if written:
            (tmp_path / checks.SOLUTIONS).write_text(written)
        checks.solution("update")
        out = capsys.readouterr().out
        assert words in out
        assert out.count("\n") == 1
    with pytest.raises(ValueError, match="the tasks are"):
        checks.solution("nothing")


def test_a_loop_without_end_that_trains_is_stopped_too(monkeypatch):
    data = softmax(2, 2).on(np.eye(2), np.arange(2), batch_size=1)  # each epoch draws a new order, deep in a library

    def update(params, grad, lr):
        while True:
            descend(data, np.zeros(6), 0.1, steps=4, rng=np.random.default_rng(0))

    monkeypatch.setattr(judging, "SECONDS", 0.2)
    assert "a loop without end" in said("update", update)


def test_a_long_answer_is_cut(capsys):
    assert len(judging.show(np.linspace(0, 1, 19))) <= 120
    assert judging.show([max, min]) == "2 of the kind builtin_function_or_method"
    assert judging.show(np.int64(2)) == "2"
    assert judging.form(([1, 2], [1])) == "lists of 2 and 1 entries"


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


TWO = judging.numbers_for("a", "b")


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (one_number, 0.5, (True, "x", [1], math.inf, (0, 5))),
        (judging.numbers, [1, 0.5], (3, "ab", [], [1, math.nan], [[1], [2]], {"a": 1}, {1: 2})),
        (TWO, {"a": 1, "b": 2.5}, ([1, 2], {"a": 1}, {"a": 1, "b": "x"}, {"a": 1, "b": (2, 5)})),
    ],
)
def test_readers_take_what_they_should_and_tell_what_they_cannot_take(read, good, bad):
    assert np.array_equal(read(good), good) if read is judging.numbers else read(good) == good
    for answer in bad:
        with pytest.raises(Hint, match=r"give (a list|one number)|must keep its form"):
            read(answer)
