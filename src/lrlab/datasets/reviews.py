"""Sentences from reviews, with what their writers thought."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrlab.arguments import Array, whole
from lrlab.datasets.dataset import Part, read, stratified
from lrlab.datasets.text import bags, numbered, vocabulary, words_in

SITES = "amazon", "imdb", "yelp"
BYTES = np.uint8, (3000,)


@dataclass(frozen=True, eq=False)  # comparing arrays has no one answer
class Reviews:
    """Sentences in three parts, as numbers of words: lrlab.models.embedding_bag takes `train` as it is.

    train, validation, test: Part of inputs (n, L), numbers of words from 0 up, -1 for no word; and targets (n,), 0 or 1
    rows:      name of a part -> which of the sentences are in it
    words:     the vocabulary: word number i is words[i], the most frequent first
    counts:    (words,), in how many training sentences each one occurs
    sentences: all 3,000, as they were written
    sites:     (3000,), where each was written: a number in SITES
    classes:   the name of each label
    source:    who made the data, and where the file was taken from
    licence:   the data's own
    """

    name: str
    train: Part
    validation: Part
    test: Part
    rows: dict[str, Array] = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    counts: Array = field(repr=False)
    sentences: tuple[str, ...] = field(repr=False)
    sites: Array = field(repr=False)
    classes: tuple[str, ...]
    source: str
    licence: str

    def numbers(self, sentences) -> Array:
        """(n, L), the numbers of the known words of any sentences; -1 fills a short row."""
        return numbered([words_in(sentence) for sentence in sentences], self.words)

    def bags(self, inputs) -> Array:
        """(n, words), 1 where a word occurs and 0 elsewhere, for inputs (n, L): what a linear model takes."""
        return bags(np.asarray(inputs), len(self.words))


def reviews(seed: int = 0, validation: int = 500, test: int = 500, least: int = 2) -> Reviews:
    """3,000 sentences from reviews on three sites: inputs = the numbers of a sentence's words; label 1 is positive.

    seed:       of the numpy.random.Generator that splits the sentences; the same seed gives the same split
    validation: 6 or more sentences to choose rates on
    test:       6 or more sentences to look at in the end; all others are for training
    least:      1 or more: the vocabulary is the words that occur in that many training sentences. Other words are left
                out of the inputs, in all three parts

    A word is letters, with apostrophes inside, in lower case; a sentence counts each of its words once. The split is
    stratified by label and site. 28 sentences hold the same words as an earlier one ("Great phone!"): they are in no
    part, so that no test sentence was seen in training. Half of the sentences of each site are positive; neutral ones
    were not collected.

    Raises ValueError where a number is out of range, or where the file is missing or broken.
    Source: Kotzias, Denil, de Freitas and Smyth 2015, doi:10.1145/2783258.2783380, doi:10.24432/C57604 (UCI, CC BY
    4.0).

    >>> data = reviews()
    >>> [len(part.targets) for part in (data.train, data.validation, data.test)], len(data.words)
    ([1972, 500, 500], 1652)
    >>> [data.words[i] for i in data.numbers(["Great phone, great price!"])[0]]
    ['great', 'phone', 'price']
    """
    text, positive, site = read("reviews.npz", text=(np.uint8, (196830,)), positive=BYTES, site=BYTES)
    sentences = tuple(bytes(text).decode().split("\n"))
    spelled = [words_in(sentence) for sentence in sentences]
    first = np.array(sorted({" ".join(words): i for i, words in reversed(list(enumerate(spelled)))}.values()))
    labels = (2 * site + positive)[first]
    seed = whole("seed", seed, 0, "give a whole number of 0 or more")
    rows = {name: first[chosen] for name, chosen in stratified(labels, seed, validation, test).items()}
    least = whole("least", least, 1, "give in how many sentences a word must occur, 1 or more")
    words, counts = vocabulary((spelled[i] for i in rows["train"]), least)
    parts = {
        name: Part(numbered([spelled[i] for i in chosen], words), positive[chosen].astype(int))
        for name, chosen in rows.items()
    }
    return Reviews(
        "reviews",
        **parts,
        rows=rows,
        words=words,
        counts=counts,
        sentences=sentences,
        sites=site,
        classes=("negative", "positive"),
        source="D. Kotzias et al., Sentiment Labelled Sentences, UCI Machine Learning Repository, 2015, "
        "https://doi.org/10.24432/C57604 (as in the npm package sentiment 5.0.2)",
        licence="CC BY 4.0",
    )
