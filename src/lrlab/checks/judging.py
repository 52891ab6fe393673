"""The kinds of tasks there are, and how an answer to one is judged."""

import contextlib
import copy
import dis
import functools
import inspect
import math
import os
import sys
import textwrap
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

OURS = str(Path(__file__).parents[1])
SECONDS = 2.0  # a function that still runs after this is stopped


class Hint(AssertionError):
    """An answer that is not right yet. Notebooks, nbgrader and nbval print its one sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        line = f"Not yet: {self}"
        # `nbgrader validate` cuts a line off after 83 characters, so there it is broken instead
        return textwrap.wrap(line, 80) if os.environ.get("NBGRADER_VALIDATING") else [line]


class Endless(BaseException):
    """The student's function took too long. Not an Exception, so that an `except Exception` in it cannot hold it up."""


class Mistake(NamedTuple):
    """A usual mistake.

    says: the sentence that answers it
    made: ways to make it: wrong functions, or, where the answer is a value, functions of it that are true then
    """

    says: str
    made: tuple[Callable, ...]


@dataclass(frozen=True)
class FunctionTask:
    """The answer is a function.

    right:    the right function, with the arguments' names
    parts:    part -> questions, each a tuple of arguments
    verified: part -> what a right answer has shown, after "Right: "
    mistakes: in the order in which they are looked for
    hints:    each says more than the one before
    words:    where the function answers with a word, the words there are
    patience: how many times as long as usual a question may take, where the function itself trains something
    """

    right: Callable
    parts: Mapping[str, tuple[tuple, ...]]
    verified: Mapping[str, str]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    words: tuple[str, ...] = ()
    patience: float = 1

    def judge(self, name: str, function: Any, part: str | None, probes: tuple | None) -> str:
        check_part(name, part, self.parts)
        look_at(name, function, self.right)
        if probes is not None:
            self.ask(name, function, probes)
            return OTHERS
        asked = [part] if part else list(self.parts)
        for each in asked:
            self.ask(name, function, self.parts[each])
        return " And: ".join(self.verified[each] for each in asked)

    def ask(self, name: str, function: Any, probes: tuple[tuple, ...]) -> None:
        """Put the questions to the function; Hint where an answer is not right."""
        wanted = [Outcome.of(self.right, args) for args in probes]
        given = [tried(name, function, self.right, args, self.patience) for args in probes]
        wrong = [i for i in range(len(probes)) if given[i].changed or not given[i].agrees(wanted[i])]
        if wrong:
            raise Hint(self.known(given, wanted, wrong, probes) or self.unknown(name, given, wanted, wrong, probes))

    def known(self, given, wanted, wrong, probes) -> str | None:
        """The sentence of the mistake that gives the same answers everywhere, else of one that explains the wrong.

        Errors alone explain nothing, and neither does one answer to every question: many mistakes look like these.
        """
        explains = None
        telling = any(given[i].error is None for i in wrong) and not all(given[0].agrees(each) for each in given)
        for says, made in self.mistakes:
            for mistaken in made:
                model = [Outcome.of(mistaken, args) for args in probes]
                if any(model[i].agrees(wanted[i]) or not given[i].agrees(model[i]) or given[i].changed for i in wrong):
                    continue
                if all(given[i].agrees(model[i]) for i in range(len(probes))):
                    return says
                if telling:
                    explains = explains or says
        return explains

    def unknown(self, name, given, wanted, wrong, probes) -> str:
        """A sentence about the first wrong answer that names no mistake."""
        got, want, args = given[wrong[0]], wanted[wrong[0]], probes[wrong[0]]
        called = call(name, self.right, args)
        if got.error is not None:
            return raised(got, called)
        if got.value is None:
            return NOTHING_BACK
        if got.changed:
            return in_place(got.changed)
        if self.words and not (isinstance(got.value, str) and got.value in self.words):
            return f"{called} gives {show(got.value)}, which is none of the words: {', '.join(self.words)}."
        if not self.words and np.shape(got.as_array()) != np.shape(want.value):
            slip = isinstance(got.value, tuple) and not isinstance(want.value, tuple)
            comma = " A comma makes a tuple." if slip else ""
            return f"{called} gives {form(got.value)}, where {form(want.value)} is asked for.{comma}"
        mine, theirs, where = got.value, want.value, ""
        if np.ndim(theirs) > 1:
            i = next((i for i in range(len(theirs)) if not Outcome(mine[i]).agrees(Outcome(theirs[i]))), 0)
            mine, theirs, where = mine[i], theirs[i], f" in row {i}"
        shown = [show(mine), show(theirs)]
        if shown[0] == shown[1]:
            shown = [show(mine, digits=17), show(theirs, digits=17)]
        return f'{called} gives {shown[0]}{where}, not {shown[1]}. Stuck? Run checks.hint("{name}").'


@dataclass(frozen=True)
class ValueTask:
    """The answer is a value: a number, a letter, words, the settings of a run.

    read:      answer -> the value in one form; raises Hint, with a sentence, for what cannot be one
    right:     value -> whether it is right; or part -> such a function, where points come in tiers, the easiest first
    verified:  what a right answer has shown, after "Right: "; or part -> that
    mistakes:  in the order in which they are looked for
    hints:     each says more than the one before
    otherwise: the sentence for a wrong value that is no known mistake; or a function of the value that gives it
    """

    read: Callable[[Any], Any]
    right: Callable[[Any], bool] | Mapping[str, Callable[[Any], bool]]
    verified: str | Mapping[str, str]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    otherwise: str | Callable[[Any], str]

    @property
    def parts(self) -> Mapping[str, Callable[[Any], bool]]:
        return self.right if isinstance(self.right, Mapping) else {"all": self.right}

    def judge(self, name: str, answer: Any, part: str | None = None, probes: tuple | None = None) -> str:
        check_part(name, part, self.parts)
        if is_empty(answer):
            raise Hint(still_empty(name, "write your answer in place of the dots and run that cell"))
        try:
            value = self.read(answer)
        except Hint as wrong:
            raise Hint(f"{name} {wrong}") from None
        return self.weigh(name, value, part)

    def weigh(self, name: str, value: Any, part: str | None) -> str:
        """What the value has shown; Hint where it falls short in one of the parts asked for."""
        asked = [part] if part else list(self.parts)
        if all(self.parts[each](value) for each in asked):
            verified = self.verified if isinstance(self.verified, Mapping) else {"all": self.verified}
            return " And: ".join(verified[each] for each in asked)
        for mistake in self.mistakes:
            if any(made(value) for made in mistake.made):
                raise Hint(mistake.says)
        otherwise = self.otherwise(value) if callable(self.otherwise) else self.otherwise
        raise Hint(f'{otherwise} Stuck? Run checks.hint("{name}").')


@dataclass(frozen=True)
class ResultTask(ValueTask):
    """The answer is a function that is judged by what comes of it, because many a function is right.

    function: a right function, with the arguments' names
    asked:    makes the questions, each a tuple of arguments. A function among them may count its calls
    read:     a list of (question, answer) -> what came of it; right, mistakes and otherwise are about that
    patience: how many times as long as usual a question may take
    """

    function: Callable
    asked: Callable[[], tuple[tuple, ...]]
    patience: float = 5

    def judge(self, name: str, answer: Any, part: str | None = None, probes: tuple | None = None) -> str:
        check_part(name, part, self.parts)
        look_at(name, answer, self.function)
        questions = self.asked() if probes is None else probes
        given = [tried(name, answer, self.function, args, self.patience) for args in questions]
        for outcome, args in zip(given, questions, strict=True):
            called = call(name, self.function, args)
            if outcome.error is not None:
                raise Hint(raised(outcome, called))
            if outcome.value is None:
                raise Hint(NOTHING_BACK)
            if outcome.changed:
                raise Hint(in_place(outcome.changed))
        try:
            value = self.read([(args, outcome.value) for args, outcome in zip(questions, given, strict=True)])
        except Hint as wrong:
            raise Hint(f"{name} {wrong}") from None
        shown = self.weigh(name, value, part)
        return shown if probes is None else OTHERS


OTHERS = "the same holds for other questions."
NOTHING_BACK = (
    "your function gives nothing back: end it with `return ...`, and see that it gets there; print only shows a value."
)


def check_part(name: str, part: str | None, parts: Mapping) -> None:
    if part is not None and part not in parts:
        raise ValueError(f"part is {part!r}: {name} has {', '.join(parts)}")


def look_at(name: str, function: Any, right: Callable) -> None:
    """What can be told of a function before it is called; Hint where it is none, or has other arguments."""
    if is_empty(function):
        raise Hint(still_empty(name, f"run the cell above, with `def {name}`"))
    if not callable(function):
        raise Hint(f"{name} is {show(function)}, not a function any more: run the cell with `def {name}` again.")
    with contextlib.suppress(ValueError):  # a function written in C may have no signature
        try:
            names = list(inspect.signature(right).parameters)
            given = inspect.signature(function)
            given.bind(*names)
            places = [list(given.parameters).index(each) for each in names if each in given.parameters]
            if places != sorted(places):
                raise TypeError("the names stand in another order")
        except TypeError:
            line = f"def {name}({', '.join(names)}):"
            raise Hint(f"the first line must stay as it was: `{line}`.") from None


def tried(name: str, function: Callable, right: Callable, args: tuple, patience: float) -> "Outcome":
    """What the student's function does with one question; Hint where it is still empty or comes to no end."""
    seconds = patience * SECONDS
    with watched(seconds):
        given = Outcome.of(function, args)
    if given.is_empty:
        what = "write your lines in place of `raise NotImplementedError`, run that cell"
        raise Hint(f"{given.empty_one(name)} is still empty: {what}, then run this check again.")
    if isinstance(given.error, Endless):
        why = "a loop without end, or very many steps?"
        raise Hint(f"{call(name, right, args)} was not done after {seconds:g} seconds: {why}")
    return given


def in_place(argument: str) -> str:
    """The sentence about a function that writes into an argument."""
    why = "make a new value instead, `a = a - b` for `a -= b`, `np.sort(a)` for `a.sort()`"
    return f"your function changes its argument `{argument}` in place, but that array is the caller's: {why}."


def raised(outcome: "Outcome", called: str) -> str:
    """The sentence about a function that raised."""
    if "'ellipsis' object is not callable" in str(outcome.error):
        return f"your function needs an answer that is still empty{outcome.where}: run the cell of that one first."
    kind = type(outcome.error).__name__
    return f"your function raised {kind}: {outcome.error}{outcome.where} (asked: {called})."


def call(name: str, right: Callable, args: tuple) -> str:
    """The question as it would be typed."""
    names = inspect.signature(right).parameters
    return f"{name}({', '.join(f'{each}={show(arg)}' for each, arg in zip(names, args, strict=True))})"


class Outcome(NamedTuple):
    """What a function did with its arguments: gave a value, raised, or wrote into an argument."""

    value: Any = None
    error: BaseException | None = None
    changed: str | None = None

    @classmethod
    def of(cls, function: Callable, args: tuple) -> "Outcome":
        """Call the function on copies of the arguments; its warnings stay inside."""
        used = tuple(copy.deepcopy(arg) for arg in args)  # one by one: one array given twice becomes two
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value = function(*used)
        except (Exception, Endless) as error:
            return cls(error=error)
        if isinstance(value, np.str_ | np.ndarray) and value.ndim == 0 and value.dtype.kind in "UO":
            value = value.item()  # np.where and np.select give a word in this form
        names = list(inspect.signature(function).parameters)
        for i, (before, after) in enumerate(zip(args, used, strict=True)):
            if isinstance(before, np.ndarray | list | dict) and not same(before, after):
                return cls(value, None, names[i] if i < len(names) else f"number {i + 1}")
        return cls(value)

    @property
    def is_empty(self) -> bool:
        return isinstance(self.error, NotImplementedError) or self.value is Ellipsis

    def empty_one(self, name: str) -> str:
        """The function that is still empty: the one that was asked, or one that it called."""
        frames = traceback.extract_tb(self.error.__traceback__) if self.error else []
        inner = frames[-1].name if len(frames) > 1 else name
        return inner if inner.isidentifier() else name

    @property
    def where(self) -> str:
        """The line of the student's that raised."""
        frames = traceback.extract_tb(self.error.__traceback__)[1:]
        return f" at `{frames[0].line}`" if frames and frames[0].line else ""

    def as_array(self) -> Any:
        """The value as an array of numbers, else of objects; text that looks like a number is none."""
        try:
            text = np.asarray(self.value).dtype.kind in "US"
            return np.asarray(self.value, dtype=object if text else float)
        except (TypeError, ValueError):
            return np.asarray(self.value, dtype=object)

    def agrees(self, other: "Outcome") -> bool:
        """The same value up to rounding, or the same error."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error) and str(self.error) == str(other.error)
        if isinstance(other.value, str) or isinstance(self.value, str) or self.value is None or other.value is None:
            return type(self.value) is type(other.value) and self.value == other.value
        mine, theirs = self.as_array(), other.as_array()
        if mine.dtype == object or theirs.dtype == object or mine.shape != theirs.shape:
            return False
        if not np.array_equal(np.isinf(mine), np.isinf(theirs)):  # the largest float is close to infinity, says NumPy
            return False
        return bool(np.allclose(mine, theirs, rtol=1e-6, atol=1e-12, equal_nan=True))


def same(before: Any, after: Any) -> bool:
    """Whether nobody has written into an argument; NaN is the same as NaN, and a list may hold lists of any lengths."""
    if isinstance(before, list):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, np.ndarray):
        return before.shape == after.shape and bool(np.all((before == after) | (before != before)))
    return bool(before == after or before != before)


@contextlib.contextmanager
def watched(seconds: float | None = None):
    """Raise Endless in a call of Python code that takes longer than so many seconds (SECONDS if left out).

    It needs no signals, so it works in a browser's kernel too. Libraries, ours as well, come to an end by themselves.
    """
    limit = SECONDS if seconds is None else seconds
    end, before = math.inf, sys.gettrace()

    def watch(frame, event, arg):
        nonlocal end
        code = frame.f_code
        if "site-packages" in code.co_filename or code.co_filename.startswith(OURS):
            return None
        now = time.perf_counter()
        if event == "call":
            frame.f_trace_opcodes = stands_still(code)
            if not within(frame):
                end = now + limit
        if now > end:
            raise Endless
        return watch

    if before is None:  # a debugger that is at work stays at work
        sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def within(frame) -> bool:
    """Whether a frame was called, near or far, from one that is watched: then the clock is running already."""
    back = frame.f_back
    while back is not None and back.f_trace is None:
        back = back.f_back
    return back is not None


@functools.cache
def stands_still(code) -> bool:
    """Whether an instruction jumps to itself, as in `while True: pass`: Python 3.11 traces no line there."""
    return any("JUMP" in step.opname and step.argval == step.offset for step in dis.get_instructions(code))


def is_empty(answer: Any) -> bool:
    """Whether the three dots still stand there."""
    dots = isinstance(answer, dict) and any(value is Ellipsis for value in answer.values())
    return answer is Ellipsis or answer is None or dots


def still_empty(name: str, what: str) -> str:
    return f"{name} is still empty: {what}. If you did, Python could not read it or stopped in it: mend that first."


def form(value: Any) -> str:
    """What kind of thing a value is."""
    if isinstance(value, str):
        return f"the text {show(value)}"
    try:
        shape = np.asarray(value, dtype=float).shape
    except (TypeError, ValueError):
        if isinstance(value, list | tuple) and all(isinstance(each, list | tuple | np.ndarray) for each in value):
            return f"lists of {' and '.join(str(len(each)) for each in value)} entries"
        return show(value)
    kind = {list: "a list", tuple: "a tuple"}.get(type(value), "an array")
    return f"{kind} of shape {shape}" if shape else f"one number ({show(value)})"


def show(value: Any, digits: int = 6) -> str:
    """A value on one short line."""
    if isinstance(value, np.generic):
        value = value.item()
    if callable(value):
        return getattr(value, "__name__", "a function")
    if isinstance(value, np.ndarray | list | tuple):
        with contextlib.suppress(ValueError):
            value = np.asarray(value)
            if value.dtype == object and value.size:
                return f"{value.size} of the kind {type(value.flat[0]).__name__}"
            text = " ".join(np.array2string(value, precision=digits - 1, separator=", ", threshold=20).split())
            return cut(text.replace("[ ", "[").replace(" ]", "]"), 120)
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    text = repr(value)
    if " at 0x" in text:
        text = f"a {type(value).__name__}"
    return cut(text, 60)


def cut(text: str, length: int) -> str:
    """The text, or its beginning and three dots."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def one_number(answer: Any) -> float:
    if isinstance(answer, tuple):
        raise Hint(f"is {answer}, because of a comma: give one number, with a point and no comma, such as 12.5.")
    if isinstance(answer, str) and "," in answer:
        raise Hint(f"is {show(answer)}: give one number, with a point and no comma, such as 12.5.")
    if isinstance(answer, bool | np.bool_):
        raise Hint(f"is {answer}: give one number, such as 12.5.")
    try:
        number = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"is {show(answer)}: give one number, such as 12.5.") from None
    if number.ndim or not math.isfinite(number):
        raise Hint(f"is {show(answer)}: give one number, such as 12.5.")
    return float(number)


def letter(right: str, verified: str, wrong: Mapping[str, str], hints: tuple[str, ...]) -> ValueTask:
    """A task whose answer is one letter; wrong: the other letters, one or several to a sentence."""
    return ValueTask(
        read=one_of(*sorted("".join([right, *wrong]))),
        right=right.__eq__,
        verified=verified,
        mistakes=tuple(Mistake(says, (letters.__contains__,)) for letters, says in wrong.items()),
        hints=hints,
        otherwise="this is not the letter.",
    )


def numbers(answer: Any) -> np.ndarray:
    """A list of numbers, as an array; what is no list of finite numbers is told."""
    try:
        found = np.asarray(None if isinstance(answer, dict) else list(answer), dtype=float)
    except (TypeError, ValueError):
        raise Hint(f"is {show(answer)}: give a list of numbers, such as [0.01, 0.1].") from None
    if found.ndim != 1 or not found.size or not np.all(np.isfinite(found)):
        raise Hint(f"is {show(answer)}: give a list of numbers, such as [0.01, 0.1].")
    return found


def numbers_for(*keys: Any) -> Callable[[Any], dict]:
    """A dictionary with one number for each key."""

    def read(answer):
        if not isinstance(answer, dict) or set(answer) != set(keys):
            raise Hint(f"must keep its form: one number for each of {', '.join(map(str, keys))}.")
        found = {}
        for key, number in answer.items():
            try:
                found[key] = one_number(number)
            except Hint as wrong:
                raise Hint(f"for {key} {wrong}") from None
        return found

    return read


def one_of(*choices: str) -> Callable[[Any], str]:
    def read(answer):
        choice = answer.strip().upper() if isinstance(answer, str) else None
        if choice not in choices:
            raise Hint(f"is {show(answer)}: give one of the letters {', '.join(choices)}, in quotation marks.")
        return choice

    return read


def words_for(keys: tuple, words: tuple[str, ...]) -> Callable[[Any], dict]:
    """A dictionary with one of the words for each key."""

    def read(answer):
        if not isinstance(answer, dict) or set(answer) != set(keys):
            raise Hint(f"must keep its form: one word for each of {', '.join(map(str, keys))}.")
        for key, word in answer.items():
            if not isinstance(word, str) or word not in words:
                raise Hint(f"says {show(word)} for {key}, which is none of the words: {', '.join(words)}.")
        return answer

    return read
