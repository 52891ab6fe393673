"""Training logs as they lie on disk: CSV or JSON lines, with gaps, restarts, several runs. File names mean nothing."""

import csv
import gc
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lrlab.arguments import Array

CHUNK = 50_000  # rows that are held as text at once
STEP = (
    "step",
    "steps",
    "_step",
    "global_step",
    "trainer/global_step",
    "iteration",
    "iterations",
    "iter",
    "it",
    "batch",
)
EPOCH = ("epoch", "epochs")
RATE = ("lr", "learning_rate", "learning-rate", "rate", "train/lr", "train/learning_rate", "lr-sgd", "lr-adam")
RUN = ("run", "run_id", "run_name", "trial", "seed", "experiment", "version")
LOSS = ("loss", "train_loss", "train/loss", "training_loss", "loss/train", "train loss", "val_loss", "val/loss")
RISING = re.compile(r"(^|[^a-z])(acc|accuracy|auc|auroc|f1|bleu|reward|return|score|precision|recall|r2)([^a-z]|$)")
MISSING = {"", "none", "null", "na", "n/a", "-", "--", "<na>"}
BLANK = {"", None}  # the commonest of them, which are looked for first
MANY = 1000  # runs or restarts; a column that makes more is no run's name and no counter of steps


class Run(NamedTuple):
    """One run of a log: losses (T,), their steps (T,), their rates (T,) or None."""

    name: str
    losses: Array
    steps: Array
    lrs: Array | None


class Log(NamedTuple):
    """The runs of a file and the column that was read."""

    metric: str
    runs: list[Run]


def read(path: str | Path, metric: str | None = None) -> Log:
    """The runs in a CSV or JSON lines file.

    path:   the file; a header line, or JSON objects one a line. Columns called step, epoch, lr, run (or as in STEP,
            EPOCH, RATE, RUN) are used if they are there. An empty cell is a value that was not logged; NaN is one that
            was.
    metric: the column; left out, the one that is called loss, or as in LOSS, or has loss in its name, or is alone

    Raises ValueError, in one sentence that names the file, for one that cannot be read, is empty, is no such log, or
    does not have the column.
    """
    collects = gc.isenabled()
    gc.disable()  # it would look through a million cells again and again, and none of them can be garbage yet
    try:
        text = text_of(Path(path))
        table = json_rows(text) if text.lstrip()[:1] in ("{", "[") else csv_rows(text)
        return log_of(*table, metric)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror or error}): give a CSV or JSON lines file") from None
    except (ValueError, csv.Error, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from None
    finally:
        if collects:
            gc.enable()


def text_of(path: Path) -> str:
    data = path.read_bytes()
    if not data.strip():
        raise ValueError("the file is empty: give a log with one value a line")
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError("this is no text: give a CSV or JSON lines file")
    return text


# names; chunks of rows, lists of cells or dicts; and columns -> all of them at once as numbers, if that can be
Table = tuple[list[str], Iterator[list], Callable[[list[int]], Array | None]]


def csv_rows(text: str) -> Table:
    """The columns' names, and the rows in chunks."""
    lines = io.StringIO(text)
    head = ""
    while not head.strip(" \t\r\n#"):
        head = next(lines, None)
        if head is None:
            raise ValueError("the file is empty: give a log with one value a line")
    delimiter = max(",\t;", key=head.count)
    if not head.count(delimiter):
        delimiter = " "
    names = [name.strip() for name in next(csv.reader([head.lstrip("# ")], delimiter=delimiter, skipinitialspace=True))]
    if all(is_number(name) for name in names):
        lines.seek(0)
        names = [f"column {i}" for i in range(1, len(names) + 1)]
    if len(names) > 1 and not names[-1]:
        names.pop()
    rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    begin = lines.tell()

    def whole(columns: list[int]) -> Array | None:
        if delimiter == " " or not text[begin : begin + CHUNK].strip():
            return None
        body = io.StringIO(text)
        body.seek(begin)
        try:
            # much faster, but it stumbles over the first gap
            return np.loadtxt(body, delimiter=delimiter, usecols=columns, comments=None, quotechar='"', ndmin=2)
        except ValueError:
            return None

    return names, iter(lambda: list(islice(rows, CHUNK)), []), whole


def json_rows(text: str) -> Table:
    """The same for JSON lines, or for one list of objects; an object inside an object gives names with a dot."""
    if text.lstrip().startswith("["):
        objects = iter([parsed(text)])
    else:
        # not one list of lines: a million short strings weigh more than the file
        lines = io.StringIO(text)
        objects = (objects_of(chunk) for chunk in iter(lambda: list(islice(lines, CHUNK)), []))
    first = next(objects)
    names = list(dict.fromkeys(name for row in first for name in flat(row)))
    deep = any(isinstance(value, dict) for row in first for value in row.values())
    chunks = chain([first], objects)
    rows = ([flat(row) for row in rows] for rows in chunks) if deep else chunks
    return names, rows, lambda columns: None


def objects_of(lines: list[str]) -> list[dict]:
    """Lines of JSON; a last one that is cut short, as while it is being written, is left out."""
    kept = [line for line in lines if not line.isspace()]
    if not kept:
        return []
    try:
        return checked(json.loads(f"[{','.join(kept)}]"))
    except ValueError:
        try:
            return checked([json.loads(line) for line in kept[:-1]])
        except ValueError:
            raise ValueError("a line is no JSON object: give JSON lines, or a CSV file with a header") from None


def parsed(text: str) -> list[dict]:
    try:
        return checked(json.loads(text))
    except ValueError:
        raise ValueError("this is no list of JSON objects: give JSON lines, or a CSV file with a header") from None


def checked(rows) -> list[dict]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError("no objects")
    return rows


def flat(row: dict, before: str = "") -> dict:
    found: dict = {}
    for name, value in row.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def log_of(names: list[str], chunks: Iterable[list], whole: Callable, metric: str | None) -> Log:
    """The columns that are used, as numbers, and from them the runs."""
    lower = [name.lower() for name in names]

    def one_of(known) -> int | None:
        return next((lower.index(name) for name in known if name in lower), None)

    step, epoch, rate, run = map(one_of, (STEP, EPOCH, RATE, RUN))
    if step is None and lower == ["column 1", "column 2"]:
        step = 0
    column = column_of(names, metric, {step, epoch, rate, run})
    wanted = [i for i in (column, step, epoch, rate) if i is not None]
    parts: dict[int, list[Array]] = {i: [] for i in wanted}
    codes, known = [], {}
    at_once = whole(wanted) if run is None else None
    if at_once is not None:
        chunks, parts = (), {i: [at_once[:, k]] for k, i in enumerate(wanted)}
    for rows in chunks:
        if header_again(rows, names):
            rows = [row for row in rows if [cell.strip() for cell in row] != names]

        def cells(i, rows=rows):
            if isinstance(rows[0], dict):
                return [row.get(names[i]) for row in rows]
            try:
                return [row[i] for row in rows]
            except IndexError:
                return [row[i] if len(row) > i else "" for row in rows]

        if not rows:
            continue
        values, there = numbers_of(names[column], cells(column))
        parts[column].append(values[there])
        for i in wanted[1:]:
            others, logged = numbers_of(names[i], cells(i))
            parts[i].append(np.where(logged, others, np.nan)[there])
        if run is not None:
            codes.append(np.array([known.setdefault(str(label), len(known)) for label in cells(run)], int)[there])
    columns = {i: np.concatenate(part) if part else np.zeros(0) for i, part in parts.items()}
    losses = columns[column]
    if not len(losses):
        raise ValueError(f"the column {names[column]!r} is empty: give another one with --metric")
    groups = [("", np.arange(len(losses)))]
    if run is not None and 1 < len(known) <= min(MANY, len(losses) // 2):
        code = np.concatenate(codes)
        groups = [(label, np.flatnonzero(code == number)) for label, number in known.items()]
    found = []
    for label, rows in groups:
        counters = [columns[i][rows] if i is not None else None for i in (step, epoch)]
        lrs = columns[rate][rows] if rate is not None else None
        found += split(label, losses[rows], *counters, lrs)
    return Log(names[column], found)


def header_again(rows: list, names: list[str]) -> bool:
    """Whether a chunk holds the header once more, as a log does that several starts have written to."""
    name = names[0]
    return isinstance(rows[0], list) and any(row and row[0] == name for row in rows)


def column_of(names: list[str], metric: str | None, taken: set) -> int:
    """Which column is meant; else one sentence that lists them."""
    free = [i for i in range(len(names)) if i not in taken]
    listed = ", ".join(repr(names[i]) for i in free[:12]) or "none"
    lower = [name.lower() for name in names]
    if metric is not None:
        if metric.lower() not in lower:
            raise ValueError(f"there is no column {metric!r}: give one of {listed} with --metric")
        column = names.index(metric) if metric in names else lower.index(metric.lower())
    else:
        called = [lower.index(name) for name in LOSS if name in lower]
        called += [i for i in free if "loss" in lower[i]]
        if not called and len(free) == 1:
            called = free
        if not called:
            raise ValueError(f"no column is called loss: name one of {listed} with --metric")
        column = called[0]
    if RISING.search(lower[column]) and "loss" not in lower[column]:
        raise ValueError(f"{names[column]!r} is a score that is meant to rise: give a loss with --metric")
    return column


def numbers_of(name: str, cells: list) -> tuple[Array, Array]:
    """Cells as numbers, and which of them hold one; NaN and infinity are numbers, an empty cell is none."""
    try:
        return np.array(list(map(float, cells))), np.ones(len(cells), bool)
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        there = np.array([cell not in BLANK for cell in cells], bool)
        return np.array([float(cell) if cell not in BLANK else math.nan for cell in cells]), there
    except (TypeError, ValueError, OverflowError):
        values = [number_of(name, cell) for cell in cells]
        there = np.array([value is not None for value in values], bool)
        return np.array([math.nan if value is None else value for value in values]), there


def number_of(name: str, cell) -> float | None:
    text = "" if cell is None or isinstance(cell, bool | list | dict) else str(cell).strip()
    if text.lower() in MISSING:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"the column {name!r} holds {text[:40]!r}: it must hold numbers") from None


def split(name: str, losses: Array, step=None, epoch=None, lrs=None) -> list[Run]:
    """One group of rows as runs: a counter that starts again starts a run, one that steps back resumes it there."""
    n = len(losses)
    counter = step if step is not None else epoch
    if counter is None or not np.isfinite(counter).all():
        return [Run(name, losses, np.arange(n), lrs)]
    back = np.diff(counter) < 0
    if step is not None and epoch is not None and np.isfinite(epoch).all():
        # batches that are counted anew in every epoch are no restarts
        inside = back & (np.diff(epoch) > 0)
        if inside.any():
            back &= ~inside
            back |= np.diff(epoch) < 0
            counter = np.arange(n)
            if not back.any():
                return [Run(name, losses, counter, lrs)]
    places = np.flatnonzero(back) + 1
    if len(places) > MANY:
        return [Run(name, losses, np.arange(n), lrs)]
    ahead = np.diff(counter)
    spacing = float(np.median(ahead[ahead > 0])) if (ahead > 0).any() else 1.0
    keep, begins = np.ones(n, bool), [0]
    for place in places:
        if counter[place] <= counter[begins[-1]] + spacing or (counter is not step and counter is not epoch):
            begins.append(int(place))
        else:
            # what came after the checkpoint has been trained again
            keep[begins[-1] : place] &= counter[begins[-1] : place] < counter[place]
    runs = []
    for number, (a, b) in enumerate(zip(begins, [*begins[1:], n], strict=True), 1):
        kept = np.flatnonzero(keep[a:b]) + a
        label = name if len(begins) == 1 else f"{name} start {number}".strip()
        runs.append(Run(label, losses[kept], counter[kept], None if lrs is None else lrs[kept]))
    return runs
