"""From sentences to numbers of words: what the reviews and the interface strings share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from lrlab.arguments import Array

ENGLISH = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")  # don't is one word
FRENCH = re.compile(r"[^\W\d_]+'?")  # l'éditeur is two: l' and éditeur


def words_in(sentence: str, pattern: re.Pattern = ENGLISH) -> list[str]:
    """The words of a sentence in lower case, in their order; digits and signs are left out."""
    return pattern.findall(sentence.lower().replace("\u2019", "'"))


def vocabulary(sentences: Iterable[Sequence[str]], least: int) -> tuple[tuple[str, ...], Array]:
    """The words that occur in `least` sentences or more, the most frequent first, and in how many each one does."""
    seen = Counter(word for sentence in sentences for word in set(sentence))
    kept = sorted((-count, word) for word, count in seen.items() if count >= least)
    return tuple(word for _, word in kept), np.array([-count for count, _ in kept])


def numbered(sentences: Sequence[Sequence[str]], words: Sequence[str]) -> Array:
    """(n, L), the number in `words` of each known word of each sentence, each word once; -1 fills a short row."""
    number = {word: i for i, word in enumerate(words)}
    known = [list(dict.fromkeys(number[word] for word in sentence if word in number)) for sentence in sentences]
    rows = np.full((len(known), max(map(len, known), default=0)), -1)
    for row, found in zip(rows, known, strict=True):
        row[: len(found)] = found
    return rows


def bags(rows: Array, size: int) -> Array:
    """(n, size), 1 where the word of that number occurs in the row (n, L), else 0."""
    bag = np.zeros((len(rows), size + 1))
    np.put_along_axis(bag, rows, 1.0, axis=1)  # -1 is the last column
    return bag[:, :size]
