"""A lexicon: which words of one language go with which words of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrlab.arguments import Array, not_negative, numbers
from lrlab.models.layers import EmbeddingBag
from lrlab.models.model import Model
from lrlab.models.zoo import size


@dataclass(frozen=True)
class BagCrossEntropy:
    """loss = mean over the examples of log(sum_j exp(z_j)) - sum_j share_j * z_j: cross-entropy to shares of classes.

    Where one share is 1 it is that of labels. A text's shares are 1 / k for each of its k words.
    """

    classes: int
    name = "cross-entropy to a bag of words"

    def prepare(self, targets) -> Array:
        """Shares (n, classes), each row with the sum 1."""
        remedy = f"give shares of 0 or more, {self.classes} an example, with the sum 1"
        targets = numbers("targets", targets, remedy, not_negative)
        if targets.ndim != 2 or targets.shape[1] != self.classes:
            raise ValueError(f"targets has shape {targets.shape}: {remedy}")
        sums = targets.sum(axis=1)
        if not np.allclose(sums, 1.0):
            raise ValueError(f"targets holds a row with the sum {sums[np.abs(sums - 1).argmax()]:g}: {remedy}")
        return targets

    def value_and_slope(self, outputs: Array, targets: Array) -> tuple[Array, Array]:
        """Loss (*B,) and its slope along the outputs."""
        n = outputs.shape[-2]
        z = outputs - outputs.max(axis=-1, keepdims=True)  # exp can then not overflow
        right = np.einsum("...nk,nk->...", z, targets)
        share = np.exp(z, out=z)
        total = share.sum(axis=-1, keepdims=True)
        loss = (np.log(total).sum(axis=(-2, -1)) - right) / n
        share /= total
        share -= targets
        share /= n
        return loss, share

    def right(self, outputs: Array, targets: Array) -> Array:
        """Where the largest output has a share in the target."""
        best = outputs.argmax(axis=-1)
        return np.take_along_axis(np.broadcast_to(targets, outputs.shape), best[..., None], axis=-1)[..., 0] > 0


def lexicon(words: int, foreign: int, start: str = "zeros") -> Model:
    """p(f | text) = softmax(mean of the rows W[e] of the text's words e)_f;  loss as BagCrossEntropy's.

    D = words * foreign.

    words:   >= 1, the size of the vocabulary that is read
    foreign: >= 2, the size of the vocabulary that is told
    start:   a rule of STARTS; from 0 every foreign word is as probable as any other

    softmax(W[e]) is the lexicon's entry for e: the probabilities p(f | e) for a text of that one word. Inputs are
    numbers of words (n, L), with -1 for no word, as embedding_bag takes them; targets (n, foreign) are the shares of
    the words of the foreign text. Accuracy is the share of texts whose most probable word occurs in the foreign text.
    There is no order of words, no grammar and no sentence in it. The loss is convex. Only the words of a minibatch get
    a gradient.

    Raises ValueError for a number out of range or an unknown start.
    Source: our own, a softmax regression; for what a lexicon of word probabilities can do, Brown, Della Pietra, Della
    Pietra and Mercer 1993, Computational Linguistics 19(2):263-311, whose model 1 averages p(f | e) over the words.

    >>> net = lexicon(2, 3)
    >>> loss, grad = net.loss_and_grad(net.init(0), [[0, 1], [1, -1]], [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    >>> float(loss.round(4)), grad[:3].round(3).tolist()
    (1.0986, [-0.167, 0.083, 0.083])
    """
    foreign = size("foreign", foreign, 2)
    layer = EmbeddingBag("lexicon", size("words", words), foreign)
    return Model("lexicon", (layer,), BagCrossEntropy(foreign), start)
