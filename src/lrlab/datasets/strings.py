"""Strings of an interface in English and French."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrlab.arguments import Array, whole
from lrlab.datasets.dataset import Part, read
from lrlab.datasets.text import FRENCH, bags, numbered, vocabulary, words_in


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Strings:
    """Pairs of strings in three parts: lrlab.models.lexicon takes `train` as it is.

    train, validation, test: Part of inputs (n, L), numbers of English words from 0 up, -1 for no word; and targets
               (n, french words), 1 / k for each of the k known words of the French string and 0 elsewhere
    rows:      name of a part -> which of the pairs are in it
    english:   the English vocabulary: word number i is english[i], the most frequent first
    french:    the French one
    counts:    (english words,), in how many training strings each one occurs
    pairs:     all 3,047 of them, (English, French), as they were written
    source:    who made the data, and where the file was taken from
    licence:   the data's own
    """

    name: str
    train: Part
    validation: Part
    test: Part
    rows: dict[str, Array] = field(repr=False)
    english: tuple[str, ...] = field(repr=False)
    french: tuple[str, ...] = field(repr=False)
    counts: Array = field(repr=False)
    pairs: tuple[tuple[str, str], ...] = field(repr=False)
    source: str
    licence: str

    def numbers(self, sentences) -> Array:
        """(n, L), the numbers of the known English words of any strings; -1 fills a short row."""
        return numbered([words_in(sentence, FRENCH) for sentence in sentences], self.english)


def strings(seed: int = 0, validation: int = 300, test: int = 300, least: int = 8) -> Strings:
    """3,047 strings of JupyterLab's interface: inputs = numbers of English words, targets = the French words' shares.

    seed:       of the numpy.random.Generator that splits the strings; the same seed gives the same split
    validation: 1 or more English strings to choose rates on
    test:       1 or more English strings to look at in the end; all others are for training
    least:      1 or more: a vocabulary is the words of its language that occur in that many training strings. Other
                words are left out, in all three parts; so is a pair that keeps no word on one side

    A word is letters in lower case, with an apostrophe at its end: l' and éditeur are two. A string counts each of its
    words once. Strings whose English holds the same words in any order ("Open file", "Open File...") are in the same
    part, so that no test string was seen in training; a part therefore holds somewhat more pairs than strings.

    Raises ValueError where a number is out of range, or where the file is missing or broken.
    Source: Project Jupyter Contributors 2023, the French language pack of JupyterLab (BSD-3-Clause).

    >>> data = strings()
    >>> [part.targets.shape for part in (data.train, data.validation, data.test)]
    [(2170, 360), (294, 360), (299, 360)]
    >>> [data.english[i] for i in data.numbers(["Restart the kernel"])[0]]
    ['restart', 'the', 'kernel']
    """
    sides = read("strings.npz", english=(np.uint8, (109643,)), french=(np.uint8, (144303,)))
    pairs = tuple(zip(*(bytes(side).decode().split("\n") for side in sides), strict=True))
    english, french = ([words_in(text, FRENCH) for text in side] for side in zip(*pairs, strict=True))
    rows = split([frozenset(words) for words in english], seed, validation, test)
    least = whole("least", least, 1, "give in how many strings a word must occur, 1 or more")
    (from_words, counts), (to_words, _) = (
        vocabulary((side[i] for i in rows["train"]), least) for side in (english, french)
    )
    parts = {}
    for name, chosen in rows.items():
        inputs = numbered([english[i] for i in chosen], from_words)
        bag = bags(numbered([french[i] for i in chosen], to_words), len(to_words))
        kept = (inputs >= 0).any(axis=1) & bag.any(axis=1)
        rows[name] = chosen[kept]
        parts[name] = Part(inputs[kept], bag[kept] / bag[kept].sum(axis=1, keepdims=True))
    return Strings(
        "strings",
        **parts,
        rows=rows,
        english=from_words,
        french=to_words,
        counts=counts,
        pairs=pairs,
        source="Project Jupyter Contributors, French language pack of JupyterLab, 2023, "
        "https://github.com/jupyterlab/language-packs (as in jupyterlab-language-pack-fr-FR 4.5.post3)",
        licence="BSD-3-Clause",
    )


def split(keys: list, seed: int, validation: int, test: int) -> dict[str, Array]:
    """name -> rows of train, validation and test, in a drawn order; rows with the same key are in the same part."""
    group = np.unique([sorted_words(key) for key in keys], return_inverse=True)[1]
    groups = group.max() + 1
    for name, size in (("validation", validation), ("test", test)):
        whole(name, size, 1, "give 1 string or more, such as 300")
    if validation + test >= groups:
        raise ValueError(f"validation and test hold {validation + test} of {groups} strings together: leave some")
    rng = np.random.default_rng(whole("seed", seed, 0, "give a whole number of 0 or more"))
    place = rng.permutation(groups)[group]  # of a row's group in the drawn order
    order = rng.permutation(len(keys))
    parts = {"test": place < test, "validation": (place >= test) & (place < test + validation)}
    parts["train"] = place >= test + validation
    return {name: order[inside[order]] for name, inside in parts.items()}


def sorted_words(key: frozenset) -> str:
    """A text that is the same in every process, as the hash of a set is not."""
    return " ".join(sorted(key))
