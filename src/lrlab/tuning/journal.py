"""Where a search writes down its runs as they finish, one a line, so that it can go on after an interruption."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path

NOT_OURS = "which is not a file of a search: give the name of a new file, or of one that a search wrote"


class Journal:
    """A JSON lines file: its first line holds the settings, each other line one finished run.

    {"search": "random", "draw_seed": 0, "space": {...}}
    {"configuration": 3, "values": {"lr": 0.1}, "seed": 0, "score": 0.25}

    A score of null is a run that diverged. A half-written last line is dropped; with path None nothing is written.
    """

    def __init__(self, path, settings: dict):
        if not (path is None or isinstance(path, (str, os.PathLike))):
            raise ValueError(f"resume is {path!r}: give the name of a file, or None")
        self.path = None if path is None else Path(path)
        self.settings = settings

    def open(self, configurations: Sequence[dict]) -> dict[tuple[int, int], float]:
        """(configuration, seed) -> score of the runs that are in the file; begins the file if there is none."""
        if self.path is None:
            return {}
        header = written(self.settings, "space")
        try:
            # not universal newlines: what a line is must not depend on the characters in it
            text = self.path.read_bytes().decode("utf-8", "replace") if self.path.exists() else ""
            whole, cut = text[: text.rfind("\n") + 1], text[text.rfind("\n") + 1 :]
            if not text:
                replace(self.path, header + "\n")
                return {}
            lines = whole[:-1].split("\n")
            self.check(lines[0], header)
            if cut:
                replace(self.path, whole)
        except OSError as error:
            raise ValueError(
                f"resume is {str(self.path)!r}, which cannot be read or written ({error.strerror}): give the name of a "
                "file in a folder that is there"
            ) from None
        return dict(self.run_of(number, line, configurations) for number, line in enumerate(lines[1:], 2))

    def check(self, first: str, header: str) -> None:
        """The settings in the file against the ones of this search."""
        old, now = parsed(first), json.loads(header)
        if not isinstance(old, dict) or "search" not in old:
            raise ValueError(f"resume is {str(self.path)!r}, {NOT_OURS}")
        for name in {**now, **old}:
            if old.get(name) != now.get(name):
                raise ValueError(
                    f"resume is {str(self.path)!r}, whose {name} is {old.get(name)!r} and not {now.get(name)!r}: "
                    "give another file, or the settings of that one"
                )

    def run_of(self, number: int, line: str, configurations: Sequence[dict]) -> tuple[tuple[int, int], float]:
        """A line of the file as (configuration, seed), score."""
        run = parsed(line)
        try:
            index, values, seed, score = (run[name] for name in ("configuration", "values", "seed", "score"))
            score = math.inf if score is None else score
            # a bool is an int, and NaN would be a run that is missing
            fine = type(index) is type(seed) is int and isinstance(score, (int, float)) and not math.isnan(score)
        except (KeyError, TypeError):
            fine = False
        if not fine or score == -math.inf:
            raise ValueError(
                f"resume is {str(self.path)!r}, whose line {number} is no run of a search: delete that line"
            )
        if 0 <= index < len(configurations) and not same(values, configurations[index]):
            raise ValueError(
                f"resume is {str(self.path)!r}, whose line {number} ran {values!r} and not "
                f"{configurations[index]!r}: give another file, or the settings of that one"
            )
        return (index, seed), float(score)

    def add(self, index: int, values: dict, seed: int, score: float) -> None:
        """Write one finished run down."""
        if self.path is None:
            return
        score = None if math.isinf(score) else score
        line = written({"configuration": index, "values": values, "seed": seed, "score": score}, "values")
        with open(self.path, "a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")


def written(record: dict, culprit: str) -> str:
    """The record as one line of JSON."""
    try:
        return json.dumps(record, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError(
            f"{culprit} holds {record[culprit]!r}, which a file cannot hold: "
            "give names and finite numbers as options, or leave resume out"
        ) from None


def parsed(line: str):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def same(a, b) -> bool:
    """Whether a line's values are those of a configuration; numbers to 1e-12, for another machine's last digit."""
    b = json.loads(json.dumps(b))  # as a file would have them: a pair is a list there
    if not isinstance(a, dict) or a.keys() != b.keys():
        return False
    return all(
        math.isclose(x, y, rel_tol=1e-12) if isinstance(x, float) and isinstance(y, float) else x == y
        for x, y in ((a[name], b[name]) for name in b)
    )


def replace(path: Path, text: str) -> None:
    """The file with this text, in one go: never half of it."""
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
