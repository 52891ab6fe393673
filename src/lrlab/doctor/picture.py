"""A loss curve in letters: dots of Braille, or stars where the terminal has no Unicode."""

from itertools import pairwise

import numpy as np

from lrlab.arguments import Array

DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # Unicode's numbers of a cell's eight dots


def picture(losses: Array, width: int = 64, height: int = 10, unicode: bool = True) -> str:
    """Lines of text with the loss upwards and the steps to the right, each column from its lowest to its highest loss.

    losses: (T,), anything; what is not finite leaves a gap
    width, height: >= 1, in letters
    unicode: False draws with stars

    Source: definition.

    >>> print(picture(np.linspace(1, 0, 50), width=10, height=3, unicode=False))
              1 |***
                |  ******
              0 |       ***
    """
    fine = (2, 4) if unicode else (1, 1)
    columns, rows = width * fine[0], height * fine[1]
    y = np.asarray(losses, float)
    finite = y[np.isfinite(y)]
    if not len(finite):
        return "  (no number to draw)"
    low, high = float(finite.min()), float(finite.max())
    log = low > 0 and high / low > 5
    with np.errstate(all="ignore"):
        z = np.log(y) if log else y / (max(abs(low), abs(high)) or 1.0)
    bottom, top = (f(z[np.isfinite(y)]) for f in (np.min, np.max))
    canvas = np.zeros((rows, columns), bool)
    edges = np.linspace(0, len(y), min(columns, len(y)) + 1).astype(int)
    for i, (a, b) in enumerate(pairwise(edges.tolist())):
        part = z[a:b][np.isfinite(y[a:b])]
        if not len(part):
            continue
        span = (top - bottom) or 1.0
        down, up = (
            min(rows - 1, max(0, round((1 - (v - bottom) / span) * (rows - 1)))) for v in (part.max(), part.min())
        )
        canvas[down : up + 1, i * columns // (len(edges) - 1) : max((i + 1) * columns // (len(edges) - 1), 1)] = True
    if unicode:
        cells = canvas.reshape(height, 4, width, 2).transpose(0, 2, 1, 3)
        codes = 0x2800 + (cells * DOTS).sum(axis=(2, 3))
        lines = ["".join(map(chr, line)) for line in codes]
    else:
        lines = ["".join("*" if dot else " " for dot in line) for line in canvas]
    labels = [""] * height
    labels[0], labels[-1] = f"{high:.4g}", f"{low:.4g}"
    return "\n".join(f"{label:>11} |{line.rstrip()}" for label, line in zip(labels, lines, strict=True))
