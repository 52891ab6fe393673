"""Chapter Language: how often a word is learnt, what Adagrad does about it, the transformer's rate, perplexity."""

import functools
import math
from collections.abc import Callable

import numpy as np

from lrlab import datasets, models, optimizers, schedules
from lrlab.checks.judging import (
    FunctionTask,
    Hint,
    Mistake,
    ValueTask,
    letter,
    one_number,
    show,
    words_for,
)
from lrlab.descent import descend

# two slips of Python and one of habit, made in more than one task
POWERS = "Python writes a power with **: the sign ^ means something else."
FRACTIONS = "Python takes the power first: a**-3/2 is half of a**-3. Put brackets around a fraction, or write -1.5."
ROUNDED = "you round: give all digits, because a rate is small and its first digits stand far behind the point."

# ------------------------------------------------------------------------------------------------- 1: count the visits


def bag_of_words(sentence, vocabulary):
    words = set(sentence.split())
    return [int(word in words) for word in vocabulary]


def bag_by_place(sentence, vocabulary):
    """Each word looked up in the vocabulary: a word that is not in it is an error."""
    bag = [0] * len(vocabulary)
    for word in sentence.split():
        bag[vocabulary.index(word)] = 1
    return bag


def bag_by_number(sentence, vocabulary):
    """The same with a dictionary."""
    number = {word: i for i, word in enumerate(vocabulary)}
    bag = [0] * len(vocabulary)
    for word in sentence.split():
        bag[number[word]] = 1
    return bag


def counted(sentence, vocabulary):
    words = sentence.split()
    return [words.count(word) for word in vocabulary]


BAG_OF_WORDS = FunctionTask(
    right=bag_of_words,
    parts={
        "all": (
            ("great phone great price", ("the", "great", "price", "phone", "bad")),
            ("a good start", ("start", "art", "a", "bad")),
            ("the phone is superb and so is the price", ("great", "the", "superb", "is", "price")),
            ("not for me", ("great", "bad")),
        )
    },
    verified={"all": "1 where a word occurs, 0 elsewhere, in the vocabulary's order. Order and repeats are lost."},
    mistakes=(
        Mistake(
            "you look for letters: art is inside start, but it is not one of the words. Cut the sentence up first.",
            (lambda s, v: [int(word in s) for word in v], lambda s, v: [s.count(word) for word in v]),
        ),
        Mistake(
            "you count how often each word occurs. Here a bag says only whether it occurs.",
            (counted, lambda s, v: [n / max(1, sum(counted(s, v))) for n in counted(s, v)]),
        ),
        Mistake(
            "your row follows the words of the sentence: it must have one number for each word of the vocabulary.",
            (lambda s, v: [int(word in v) for word in s.split()], lambda s, v: [1 for word in s.split() if word in v]),
        ),
        Mistake(
            "the zeros are missing: a word that does not occur has its place in the row too.",
            (lambda s, v: [1 for word in v if word in s.split()],),
        ),
        Mistake(
            "your loop ends at the first word: look how far `return` is indented.",
            (lambda s, v: bag_of_words(s, v)[:1], lambda s, v: bag_of_words(s, v)[0]),
        ),
        Mistake(
            "your row is in another order: keep the words in the order of the vocabulary.",
            (lambda s, v: bag_of_words(s, sorted(v)), lambda s, v: bag_of_words(s, v)[::-1]),
        ),
        Mistake(
            "you compare each word with each other one: a word of the vocabulary gets one number, not several.",
            (
                lambda s, v: [int(word == mine) for word in v for mine in s.split()],
                lambda s, v: [int(word == mine) for mine in s.split() for word in v],
            ),
        ),
        Mistake(
            "you find no word at all: print what you search in. A list of the sentence's words is needed.",
            (lambda s, v: [0 for word in v], lambda s, v: [int(word in list(s)) for word in v]),
        ),
        Mistake(
            "you give the places where words stand: give a whole row instead, with 1 at these places.",
            (
                lambda s, v: [v.index(w) for w in s.split() if w in v],
                lambda s, v: [i for i, word in enumerate(v) if word in s.split()],
            ),
        ),
        Mistake(
            "a word that is not in the vocabulary stops your function: leaving no trace is not an error.",
            (bag_by_place, bag_by_number),
        ),
        Mistake(
            "ones and zeros are swapped: a word that occurs is a 1.",
            (lambda s, v: [1 - here for here in bag_of_words(s, v)],),
        ),
        Mistake(
            "you divide by a length: a mean of words is another model's input. A bag holds 0 and 1 only.",
            (
                lambda s, v: np.array(bag_of_words(s, v)) / len(s.split()),
                lambda s, v: np.array(counted(s, v)) / len(s.split()),
                lambda s, v: np.array(bag_of_words(s, v)) / len(v),
            ),
        ),
        Mistake(
            "you add the bag up: one number cannot say which words there are.", (lambda s, v: sum(bag_of_words(s, v)),)
        ),
    ),
    hints=(
        "the row is as long as the vocabulary, whatever the sentence. So loop over the vocabulary.",
        "sentence.split() gives the list of words. Ask for each word of the vocabulary whether it is in that list.",
        "`words = sentence.split()`, then a list with `int(word in words)` for each word of the vocabulary.",
    ),
)


VISITS = {"the": "all 62", "great": "about 55", "superb": "about 7", "tender": "1 or 2"}
SHARES = ("1 or 2", "about 7", "about 30", "about 55", "all 62")

PREDICTIONS_VISITS = ValueTask(
    read=words_for(tuple(VISITS), SHARES),
    right=lambda words: words == VISITS,
    verified="in one shuffled epoch it was 62, 57, 7 and 2 of the 62 steps.",
    mistakes=(
        Mistake(
            "all weights stand in one array, but a step does not move all: which words do its 32 sentences hold?",
            (lambda words: set(words.values()) == {"all 62"},),
        ),
        Mistake(
            "the: nearly half of the sentences hold it, and a step sees 32 sentences. How likely is it that none does?",
            (lambda words: words["the"] != "all 62",),
        ),
        Mistake(
            "great: 124 sentences over 62 steps are two a step on average. But shuffled, not dealt out evenly.",
            (lambda words: words["great"] == "all 62",),
        ),
        Mistake(
            "great: 124 sentences over 62 steps are two a step on average. How many steps can then be left without?",
            (lambda words: words["great"] != "about 55",),
        ),
        Mistake(
            "superb: its 7 sentences are shuffled over 62 steps. How likely is it that many of them share a step?",
            (lambda words: words["superb"] == "1 or 2",),
        ),
        Mistake(
            "superb and tender: an epoch sees each sentence once. So in how many steps can a rare word be, at most?",
            (lambda words: words["superb"] != "about 7" or words["tender"] != "1 or 2",),
        ),
    ),
    hints=(
        "a step moves the weight of a word only if at least one of its 32 sentences holds it.",
        "a rare word is hardly ever twice in one minibatch: each of its sentences has a step of its own.",
        "a word in c sentences is missing from a minibatch with a chance of about (1 - 1/62) ** c.",
    ),
    otherwise="not all four are right yet.",
)


def steps_with_gradient(bags, word, batch_size):
    return sum(bool(bags[i : i + batch_size, word].any()) for i in range(0, len(bags), batch_size))


def stepping(count: Callable, stops: Callable = lambda n, size: range(0, n, size), more: int = 0) -> Callable:
    """count(minibatch, word) added up; the minibatches begin at other places, or have more rows or fewer."""
    return lambda bags, word, batch_size: sum(
        count(bags[i : i + batch_size + more], word) for i in stops(len(bags), batch_size)
    )


def held(batch, word) -> bool:
    return bool(batch[:, word].any())


def in_pieces(number: Callable) -> Callable:
    """np.array_split into number(rows, batch_size) pieces of one length, as nearly as can be."""
    return lambda bags, word, size: sum(held(piece, word) for piece in np.array_split(bags, number(len(bags), size)))


def steps_in(n, size) -> int:
    return -(-n // size)


def by_chance(bags, word, batch_size):
    """How many steps are to be expected, had the rows been shuffled."""
    steps, share = steps_in(len(bags), batch_size), bags[:, word].mean()
    return round(steps * (1 - (1 - share) ** batch_size))


# few enough numbers to be shown whole, and then 23 sentences of four words: a common word, one at the border of two
# minibatches, one that pieces of equal length put together, and one that fills a minibatch
FIVE = np.array([[1, 0], [1, 0], [0, 1], [0, 0], [1, 1]])
MANY = np.zeros((23, 4), int)
for column, rows in enumerate(((0, 1, 6, 8, 9, 16, 17, 18, 19, 22), (4, 5), (19, 21), (1, 3, 10, 11, 12, 13, 14, 21))):
    MANY[rows, column] = 1

STEPS_WITH_GRADIENT = FunctionTask(
    right=steps_with_gradient,
    parts={"all": ((FIVE, 0, 2), (FIVE, 1, 2), *((MANY, word, 5) for word in range(4)), (MANY, 0, 4), (MANY, 3, 4))},
    verified={"all": "a step counts when any of its sentences holds the word, and the short last minibatch is a step."},
    mistakes=(
        Mistake(
            "you count sentences: two sentences with the word in one minibatch are still one step.",
            (lambda bags, word, size: bags[:, word].sum(), stepping(lambda batch, word: batch[:, word].sum())),
        ),
        Mistake(
            "the last minibatch is missing: it may be shorter, but it is a step like the others.",
            (
                stepping(held, lambda n, size: range(0, n - n % size, size)),
                stepping(held, lambda n, size: range(0, n - size, size)),
            ),
        ),
        Mistake(
            "reshape needs rows that divide by batch_size, but the last minibatch may be shorter: cut slices instead.",
            (
                lambda bags, word, size: bags[:, word].reshape(-1, size).any(axis=1).sum(),
                lambda bags, word, size: bags.reshape(-1, size, bags.shape[1])[:, :, word].any(axis=1).sum(),
            ),
        ),
        Mistake(
            "your minibatches overlap: the next one begins where the last one ends, so go on by batch_size.",
            (stepping(held, lambda n, size: range(n)), stepping(held, lambda n, size: range(n - size + 1))),
        ),
        Mistake(
            "a row at the border of two minibatches is lost or counted twice: a slice a:b ends before row b.",
            (
                *(stepping(held, more=1), stepping(held, more=-1)),
                stepping(held, lambda n, size: range(0, n, size + 1)),
            ),
        ),
        Mistake(
            "your pieces have other lengths: a minibatch has batch_size rows, and only the last may be shorter.",
            (in_pieces(steps_in), in_pieces(lambda n, size: n // size), in_pieces(lambda n, size: size)),
        ),
        Mistake(
            "your minibatches have a fixed length: whoever calls the function chooses batch_size.",
            (lambda bags, word, size: steps_with_gradient(bags, word, 32),),
        ),
        Mistake(
            "one sentence with the word is enough, and more do no harm: do you ask for all, or for a fixed number?",
            (
                stepping(lambda batch, word: bool(batch[:, word].all())),
                stepping(lambda batch, word: batch[:, word].sum() == 1),
                stepping(lambda batch, word: batch[:, word].sum() > 1),
            ),
        ),
        Mistake(
            "you look at one sentence of each minibatch: the others may hold the word too.",
            (stepping(lambda batch, word: batch[0, word]),),
        ),
        Mistake(
            "you count the steps without the word: the question is where it does get a gradient.",
            (stepping(lambda batch, word: not held(batch, word)),),
        ),
        Mistake(
            "you count all steps of the epoch: look only for those whose minibatch holds this word.",
            (lambda bags, word, size: steps_in(len(bags), size), lambda bags, word, size: len(bags) // size),
        ),
        Mistake(
            "you compute the number from how often the word comes: go through the minibatches and look.",
            (
                *(by_chance, lambda bags, word, size: bags[:, word].sum() / size),
                lambda bags, word, size: steps_in(bags[:, word].sum(), size),
                lambda bags, word, size: min(bags[:, word].sum(), steps_in(len(bags), size)),
            ),
        ),
        Mistake(
            "you give a share: the number of steps is asked for.",
            (
                lambda bags, word, size: steps_with_gradient(bags, word, size) / steps_in(len(bags), size),
                lambda bags, word, size: bags[:, word].mean(),
            ),
        ),
        Mistake(
            "rows and columns are swapped: a row is a sentence, and word is the number of a column.",
            (
                lambda bags, word, size: sum(bool(bags[word, i : i + size].any()) for i in range(0, len(bags), size)),
                lambda bags, word, size: bags[word].sum(),
                stepping(lambda batch, word: bool(batch[word].any())),
            ),
        ),
        Mistake(
            "you look one column beside the word: Python counts from 0, and so does word.",
            (stepping(lambda batch, word: held(batch, word - 1)),),
        ),
        Mistake(
            "you see the first minibatch only: look how far `return` is indented, and where slice and range end.",
            (lambda bags, word, size: int(held(bags[:size], word)),),
        ),
    ),
    hints=(
        "cut the rows into pieces of batch_size. The last piece may be shorter.",
        "bags[i : i + batch_size, word] is the word's column in one minibatch: 1 for each sentence that holds it.",
        "loop `for i in range(0, len(bags), batch_size)` and add 1 where that column has any 1.",
    ),
)


# ------------------------------------------------------------------------------------------------ 2: rare words starve

RATIOS = ("as far", "about 7 times", "25 times", "625 times")
STARVED = {"SGD": "25 times", "Adagrad": "about 7 times"}

PREDICTIONS_STARVING = ValueTask(
    read=words_for(tuple(STARVED), RATIOS),
    right=lambda words: words == STARVED,
    verified="100 steps against 4 under SGD. Under Adagrad as far as 18.6 first steps against 2.8.",
    mistakes=(
        Mistake(
            "the two rules are swapped: which of them makes the steps of a common word shorter?",
            (lambda words: words["SGD"] == "about 7 times" and words["Adagrad"] == "25 times",),
        ),
        Mistake(
            "SGD: every visit moves the weight by the same lr * g. So compare the numbers of visits.",
            (lambda words: words["SGD"] != "25 times",),
        ),
        Mistake(
            "Adagrad: not quite. The first steps of both words are alike, but after them the common one keeps moving.",
            (lambda words: words["Adagrad"] == "as far",),
        ),
        Mistake(
            "Adagrad divides by a root that grows with every visit: so the 100th step is not as long as the first.",
            (lambda words: words["Adagrad"] in ("25 times", "625 times"),),
        ),
    ),
    hints=(
        "how long is the first step of each word under each rule, and how long the fourth?",
        "under SGD all steps are lr * g. Under Adagrad the k-th visit moves the weight by lr / sqrt(k).",
        "add 1/sqrt(1) + 1/sqrt(2) + ... + 1/sqrt(k) up for k = 100 and for k = 4, and divide.",
    ),
    otherwise="not both are right yet.",
)


def adagrad_path(gradients, lr):
    """By the engine's rule."""
    rule, weight, path = optimizers.adagrad(), np.zeros(1), []
    state = rule.init(weight)
    for t, grad in enumerate(gradients):
        direction, state = rule.direction(np.array([float(grad)]), weight, state, t, np.array([lr]))
        weight = weight - lr * direction
        path.append(weight[0])
    return np.array(path)


def scaled_by(scale: Callable, sign: float = -1.0, eps: float = 1e-10) -> Callable:
    """The path with another scale: scale(all gradients so far) is what the step is divided by."""

    def path(gradients, lr):
        gradients = np.asarray(gradients, dtype=float)
        below = np.array([scale(gradients[: t + 1]) + eps for t in range(len(gradients))])
        return np.cumsum(sign * lr * gradients / below)

    return path


def adagrad_zero(gradients, lr):
    """Without eps, in a loop of plain Python: a zero at the start is an error and not NaN."""
    weight, total, path = 0.0, 0.0, []
    for g in gradients:
        total += g * g
        weight -= lr / math.sqrt(total) * g
        path.append(weight)
    return path


def rooted(seen) -> float:
    return np.sqrt(np.sum(seen**2))


def roots(gradients) -> np.ndarray:
    """What Adagrad divides each step by."""
    return np.sqrt(np.cumsum(gradients**2)) + 1e-10


ADAGRAD_PATH = FunctionTask(
    right=adagrad_path,
    parts={
        "present": (
            (np.array([0.5, 0.5, 0.5, 0.5]), 0.3),
            (np.array([-0.2, 0.4, 0.1]), 0.1),
            (np.array([3.0, -1.0, 2.0, 0.5, 4.0]), 1.0),
        ),
        "absent": ((np.array([0.0, 0.0, 0.4, 0.0, -0.1, 0.2]), 0.5), (np.array([0.3, 0.0, 0.0, 0.6]), 0.2)),
    },
    verified={
        "present": "your weight takes Adagrad's steps, each divided by the root of all squares so far.",
        "absent": "while the word is away its weight stands still, and nothing is divided by zero.",
    },
    mistakes=(
        Mistake(
            "your weight goes uphill: look at the sign of the step.",
            (scaled_by(rooted, sign=1.0), scaled_by(rooted, sign=1.0, eps=0.0), lambda g, lr: lr * np.cumsum(g)),
        ),
        Mistake(
            "a word that has not come yet has the sum 0, and 0 / 0 is no number: where does eps belong?",
            (scaled_by(rooted, eps=0.0), adagrad_zero),
        ),
        Mistake(POWERS, (scaled_by(lambda seen: rooted(seen ^ 2)), scaled_by(lambda seen: seen[0] ^ 2))),
        Mistake("this is plain SGD: the sum of squares is not used yet.", (lambda g, lr: -lr * np.cumsum(g),)),
        Mistake("your steps do not depend on lr: it multiplies each of them.", (lambda g, lr: adagrad_path(g, 1.0),)),
        Mistake(
            "the gradient is missing from your step, or only its sign is left: look at Adagrad's fraction again.",
            (
                lambda g, lr: np.cumsum(-lr / roots(g)),
                lambda g, lr: np.cumsum(-lr * np.sign(g) / roots(g)),
            ),
        ),
        Mistake(
            "you overwrite lr, so each step begins with a rate that is divided already. Leave lr as it is.",
            (lambda g, lr: np.cumsum(-lr * g / np.cumprod(roots(g))),),
        ),
        Mistake(
            "your first gradient is left out: Python counts from 0.",
            (lambda g, lr: np.append(0.0, adagrad_path(g[1:], lr)), lambda g, lr: adagrad_path(g[1:], lr)),
        ),
        Mistake(
            "the square root is missing: twice as large gradients would make steps half as long.",
            (scaled_by(lambda seen: np.sum(seen**2)), scaled_by(lambda seen: np.sum(seen**2), eps=0.0)),
        ),
        Mistake(
            "your sum does not hold squares: look at what you add to it for each gradient.",
            (
                scaled_by(lambda seen: np.sqrt(np.sum(np.abs(seen)))),
                scaled_by(lambda seen: np.sum(np.abs(seen))),
                scaled_by(lambda seen: np.sum(seen)),
                scaled_by(lambda seen: np.sqrt(np.sum(seen))),
                scaled_by(lambda seen: abs(np.sum(seen))),
                scaled_by(lambda seen: np.sqrt(np.sum(2 * seen))),
            ),
        ),
        Mistake(
            "you divide by the root of the mean: Adagrad's sum is never divided, so a common word's steps shrink.",
            (
                scaled_by(lambda seen: np.sqrt(np.mean(seen**2))),
                scaled_by(lambda seen: np.sqrt(np.mean(seen**2)), eps=0.0),
            ),
        ),
        Mistake(
            "your sum forgets: it must keep the squares of all gradients so far in full, not those of the last ones.",
            (
                scaled_by(lambda seen: abs(seen[-1])),
                scaled_by(lambda seen: abs(seen[-1]), eps=0.0),
                scaled_by(lambda seen: seen[-1] ** 2),
                scaled_by(lambda seen: np.sqrt(0.1 * np.sum(seen**2 * 0.9 ** np.arange(len(seen))[::-1]))),
            ),
        ),
        Mistake(
            "your first step is huge: add the new square to the sum before you divide by its root.",
            (scaled_by(lambda seen: rooted(seen[:-1])), scaled_by(lambda seen: rooted(seen[:-1]), eps=1e-8)),
        ),
        Mistake(
            "you divide by the root of the step's number: steps in which the word is away must not count.",
            (scaled_by(lambda seen: np.sqrt(len(seen))), scaled_by(lambda seen: rooted(seen) * np.sqrt(len(seen)))),
        ),
        Mistake(
            "your eps is so large that the steps feel it: it is there for 0 / 0 only. Take 1e-10.",
            tuple(scaled_by(rooted, eps=eps) for eps in (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
        ),
        Mistake(
            "the steps in which the word is away are missing: note the weight after each of them too.",
            (lambda g, lr: adagrad_path(g[g != 0], lr),),
        ),
        Mistake(
            "you give the steps: add them up, because the weight after each step is asked for.",
            (lambda g, lr: np.diff(adagrad_path(g, lr), prepend=0.0),),
        ),
        Mistake(
            "your path begins with the 0 of the start: the first number is the weight after the first gradient.",
            (lambda g, lr: np.append(0.0, adagrad_path(g, lr)), lambda g, lr: np.append(0.0, adagrad_path(g, lr)[:-1])),
        ),
        Mistake(
            "your loop ends at the first gradient: look how far `return` is indented.",
            (lambda g, lr: adagrad_path(g, lr)[:1], lambda g, lr: adagrad_path(g, lr)[0]),
        ),
        Mistake(
            "you give the last weight only: a weight after each gradient is asked for.",
            (lambda g, lr: adagrad_path(g, lr)[-1],),
        ),
        Mistake(
            "you divide by the sum of all gradients, later ones too: a step knows only what came up to it.",
            (lambda g, lr: np.cumsum(-lr * g / rooted(g)),),
        ),
    ),
    hints=(
        "keep two numbers: the weight, and the sum of the squares of the gradients so far. Both begin at 0.",
        "for each gradient, first add its square to the sum, then take the step, then note the weight.",
        "`total += g**2`, then `weight -= lr * g / (np.sqrt(total) + 1e-10)`, then append the weight to a list.",
    ),
)


# ------------------------------------------------------------------------------------------- 3: the transformer's rate

QUESTIONS = ("place of the peak", "height of the peak", "rate at step 100", "rate at step 20000")
TIMES = ("4 times", "2 times", "the same", "half", "a quarter", "an eighth")
LONGER = dict(zip(QUESTIONS, ("4 times", "half", "an eighth", "the same"), strict=True))

PREDICTIONS_TRANSFORMER = ValueTask(
    read=words_for(QUESTIONS, TIMES),
    right=lambda words: words == LONGER,
    verified="a longer warm-up rises less steeply, to a lower and later peak, and changes nothing after it.",
    mistakes=(
        Mistake(
            "the place of the peak is where the two entries of min are equal: solve that for t.",
            (lambda words: words["place of the peak"] != "4 times",),
        ),
        Mistake(
            "step 20000 comes after both peaks: which entry of min is the smaller one there, and does it know W?",
            (lambda words: words["rate at step 20000"] != "the same",),
        ),
        Mistake(
            "the warm-up is not only longer: the peak lies on the falling curve, at a later place. How high is that?",
            (lambda words: words["height of the peak"] in ("the same", "4 times", "2 times"),),
        ),
        Mistake(
            "the peak moves along 1 / sqrt(t), not along 1 / t: put t = W in and look at the power of W.",
            (lambda words: words["height of the peak"] != "half",),
        ),
        Mistake(
            "at step 100 the rate is t * W**-1.5, and the power of W is not 1: put 4 * W in place of W.",
            (lambda words: words["rate at step 100"] != "an eighth",),
        ),
    ),
    hints=(
        "before the peak the rate is t * W**-1.5 / sqrt(d), after it 1 / sqrt(t * d).",
        "at t = W both are the same: 1 / sqrt(W * d).",
        "put 4 * W for W: 4 ** 1 for the place, 4 ** -0.5 for the height, 4 ** -1.5 on the way up.",
    ),
    otherwise="not all four are right yet.",
)


def transformer_rate(t, d, warmup):
    """By the engine's schedules, whose steps count from 0."""
    falls = schedules.inverse_sqrt((d * warmup) ** -0.5, warmup)
    return float(schedules.warmup(falls, warmup - 1, start_factor=1 / warmup)(np.array([t - 1]))[0])


def entries(first: Callable, second: Callable, pick: Callable = min, width: Callable = lambda d: d**-0.5) -> Callable:
    """The formula with other entries: width(d) * pick(first(t, W), second(t, W))."""
    return lambda t, d, warmup: width(d) * pick(first(t, warmup), second(t, warmup))


def rounded(function: Callable, digits: int) -> Callable:
    return lambda *args: round(function(*args), digits)


def fall(t, warmup) -> float:
    return t**-0.5


def rise(t, warmup) -> float:
    return t * warmup**-1.5


TRANSFORMER_RATE = FunctionTask(
    right=transformer_rate,
    parts={
        "all": (
            *((1, 512, 4000), (100, 512, 4000), (4000, 512, 4000), (20000, 512, 4000)),
            *((5, 64, 16), (17, 64, 16), (200, 64, 16), (3, 100, 25), (100, 100, 25)),
        )
    },
    verified={"all": "your rate rises in a straight line for warmup steps, and then falls like 1 / sqrt(t)."},
    mistakes=(
        Mistake(
            POWERS,
            (
                lambda t, d, w: d ^ -0.5,
                lambda t, d, w: d**-0.5 * min(t ^ -0.5, t * w**-1.5),
                lambda t, d, w: d**-0.5 * min(t**-0.5, t * w ^ -1.5),
            ),
        ),
        Mistake(
            FRACTIONS,
            (
                lambda t, d, w: d**-0.5 * min(t**-0.5, t * w**-3 / 2),
                lambda t, d, w: d**-1 / 2 * min(t**-1 / 2, t * w**-3 / 2),
                lambda t, d, w: d**-1 / 2 * min(t**-0.5, t * w**-1.5),
                lambda t, d, w: d**-0.5 * min(t**-1 / 2, t * w**-1.5),
            ),
        ),
        Mistake(
            "a power of -1/2 is no minus sign before a root: how do you write one over a root?",
            (
                lambda t, d, w: -(d**0.5) * min(t**-0.5, t * w**-1.5),
                lambda t, d, w: -(d**0.5) * min(-(t**0.5), t * w**-1.5),
                lambda t, d, w: -(d**0.5) * min(-(t**0.5), t * -(w**1.5)),
            ),
        ),
        Mistake(
            "np.min takes its second argument for an axis: min, or np.minimum, takes two numbers.",
            (lambda t, d, w: d**-0.5 * np.min(t**-0.5, t * w**-1.5),),
        ),
        Mistake(
            "you add the power of d: in the formula it multiplies what min gives.",
            (lambda t, d, w: d**-0.5 + min(t**-0.5, t * w**-1.5),),
        ),
        Mistake(
            "the power -1.5 is for W alone: in your second entry t has it too.",
            (entries(fall, lambda t, w: (t * w) ** -1.5),),
        ),
        Mistake(
            "your second entry does not depend on t: then the rate cannot rise.", (entries(fall, lambda t, w: w**-1.5),)
        ),
        Mistake(ROUNDED, tuple(rounded(transformer_rate, digits) for digits in (3, 4, 5, 6))),
        Mistake(
            "512 or 4000 stand in your formula as numbers: whoever calls the function chooses d and warmup.",
            (
                lambda t, d, w: transformer_rate(t, 512, 4000),
                lambda t, d, w: transformer_rate(t, 512, w),
                lambda t, d, w: transformer_rate(t, d, 4000),
            ),
        ),
        Mistake(
            "you take the larger entry: so the rate starts at its highest. Look at min again.",
            (entries(fall, rise, max),),
        ),
        Mistake("the width is missing: your rate does not depend on d.", (entries(fall, rise, width=lambda d: 1.0),)),
        Mistake(
            "a wider model gets a larger rate from you: look at the power of d.",
            (entries(fall, rise, width=lambda d: d**0.5), entries(fall, rise, width=float)),
        ),
        Mistake("d counts fully in your rate: its power is -0.5.", (entries(fall, rise, width=lambda d: 1 / d),)),
        Mistake(
            "your rate never rises: for small t the entry with warmup must be the smaller one. Look at its power.",
            (entries(fall, fall), entries(fall, lambda t, w: t * w**1.5), entries(fall, lambda t, w: t / w**-1.5)),
        ),
        Mistake(
            "your rate never falls: for large t the entry t ** -0.5 must be the smaller one.",
            (entries(rise, rise), entries(lambda t, w: t**0.5, rise)),
        ),
        Mistake(
            "your rise is too steep: at t = warmup both entries must be equal. Which power of warmup makes them so?",
            (
                entries(fall, lambda t, w: t * w**-0.5),
                entries(fall, lambda t, w: t / w),
                entries(fall, lambda t, w: (t / w) ** 1.5),
            ),
        ),
        Mistake(
            "you count the steps from 0: here t begins at 1, so take t as it comes.",
            (
                lambda t, d, w: transformer_rate(t + 1, d, w),
                lambda t, d, w: d**-0.5 * min(max(t - 1, 1e-9) ** -0.5, (t - 1) * w**-1.5),
            ),
        ),
        Mistake(
            "after the warm-up your rate stays at its peak: it should fall.", (entries(lambda t, w: w**-0.5, rise),)
        ),
        Mistake(
            "your rate falls like 1 / t: the root is missing.",
            (entries(lambda t, w: 1 / t, rise), entries(lambda t, w: w**0.5 / t, rise)),
        ),
        Mistake(
            "d scales one entry only: it stands in front of min, so it scales both.",
            (lambda t, d, w: min(d**-0.5 * t**-0.5, t * w**-1.5), lambda t, d, w: min(t**-0.5, d**-0.5 * t * w**-1.5)),
        ),
        Mistake(
            "d and warmup are swapped: the place of the peak is warmup, and d is the width.",
            (lambda t, d, w: transformer_rate(t, w, d),),
        ),
        Mistake(
            "your peak is 1: this formula has its height built in, so no rate has to be chosen.",
            (lambda t, d, w: min((w / t) ** 0.5, t / w),),
        ),
    ),
    hints=(
        "write the two entries of min as two numbers first, and print both for t = 1 and t = 20000.",
        "the entries are t ** -0.5 and t * warmup ** -1.5. Take the smaller one.",
        "then multiply by d ** -0.5, outside the brackets of min.",
    ),
)


def peak_rate(d, warmup):
    """Two ways to one number: the highest rate that the schedule has."""
    return max(transformer_rate(t, d, warmup) for t in (warmup - 1, warmup, warmup + 1))


PEAK_RATE = FunctionTask(
    right=peak_rate,
    parts={"all": ((512, 4000), (64, 16), (100, 25), (256, 4000), (16, 1000))},
    verified={"all": "the peak is as high as you say: width and warm-up lower it alike, each with its root."},
    mistakes=(
        Mistake("that is where the peak is: how high is the rate there?", (lambda d, warmup: warmup,)),
        Mistake("the width is missing: put t = warmup into the whole formula.", (lambda d, warmup: warmup**-0.5,)),
        Mistake(
            "the warm-up is missing: the later the peak, the lower. Put t = warmup into the whole formula.",
            (lambda d, w: d**-0.5,),
        ),
        Mistake(
            "the root is missing somewhere: put t = warmup into the formula, and follow each power.",
            (lambda d, w: 1 / (d * w), lambda d, w: d**-0.5 / w, lambda d, w: w**-0.5 / d),
        ),
        Mistake(
            "that is the rate of the first step: the peak is warmup steps up.",
            (lambda d, w: d**-0.5 * w**-1.5, lambda d, w: d**-0.5 * min(1, w**-1.5)),
        ),
        Mistake(
            "your peak grows with the width or the warm-up: look at the signs of the powers.",
            (lambda d, w: (d * w) ** 0.5, lambda d, w: (w / d) ** 0.5, lambda d, w: (d / w) ** 0.5),
        ),
        Mistake(
            FRACTIONS,
            (
                *(lambda d, w: (d * w) ** -1 / 2, lambda d, w: d**-1 / 2 * w**-1 / 2),
                *(lambda d, w: d**-0.5 * w**-1 / 2, lambda d, w: d**-1 / 2 * w**-0.5),
            ),
        ),
        Mistake(
            "you add d and warmup: put t = warmup into the formula, and see what its parts do to each other.",
            (lambda d, w: (d + w) ** -0.5, lambda d, w: d**-0.5 + w**-0.5),
        ),
        Mistake(
            "that is the rate one step beside the peak: at which t are both entries of min equal?",
            (lambda d, w: transformer_rate(w + 1, d, w), lambda d, w: transformer_rate(w - 1, d, w)),
        ),
        Mistake(ROUNDED, tuple(rounded(peak_rate, digits) for digits in (3, 4, 5, 6))),
        Mistake(
            "a fixed number stands in your answer: it must follow from d and warmup.",
            (
                *(lambda d, w: 0.0007, lambda d, w: (512 * 4000) ** -0.5),
                *(lambda d, w: (512 * w) ** -0.5, lambda d, w: (d * 4000) ** -0.5),
            ),
        ),
    ),
    hints=(
        "at which t are the two entries of min equal?",
        "at t = warmup. Put that t into the formula: both entries give the same.",
        "warmup * warmup ** -1.5 is warmup ** -0.5. Do not forget d ** -0.5.",
    ),
)


# --------------------------------------------------------------------------------------- 4: a rule and its rate, chosen

RULES = {"SGD": optimizers.sgd, "Adagrad": optimizers.adagrad, "Adam": optimizers.adam}
NEAR, FAR, NOTHING_LEARNT = 0.52, 0.46, math.log(2)


@functools.cache
def sentences() -> tuple:
    """The model, its problem and the held-out sentences; read from disk when first asked for."""
    data = datasets.reviews()
    net = models.logistic_regression(len(data.words))
    problem = net.on(data.bags(data.train.inputs), data.train.targets, batch_size=32)
    return net, problem, data.bags(data.validation.inputs), data.validation.targets


@functools.cache
def loss_of(rule: str, lr: float) -> float:
    """The mean validation loss of five runs of 100 steps, five orders of the sentences; inf for a rate that is none."""
    if lr <= 0:
        return math.inf
    net, problem, *held_out = sentences()
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        run = descend(problem, net.init(0), lr, optimizer=RULES[rule](), steps=100, keep="last", rng=rng)
        found.append(float(net.evaluate(run.final, *held_out)["loss"]))
    return float(np.mean(found)) if np.all(np.isfinite(found)) else math.inf


def read_choice(answer) -> tuple[str, float]:
    if not isinstance(answer, dict) or set(answer) != {"rule", "lr"}:
        raise Hint('must keep its form: {"rule": ..., "lr": ...}, one rule and one rate.')
    rule = answer["rule"]
    if not isinstance(rule, str) or rule not in RULES:
        said = show(rule) if isinstance(rule, str) else "no name"  # an optimizer would be shown with all its functions
        raise Hint(f"says {said} for the rule: give one of {', '.join(RULES)}, in quotation marks.")
    try:
        return rule, one_number(answer["lr"])
    except Hint as wrong:
        raise Hint(f"says something else for lr: it {wrong}") from None


def about(test: Callable) -> Callable:
    """A test of a rule, its rate and what they reach: test(rule, lr, loss)."""
    return lambda choice: test(*choice, loss_of(*choice))


def reaches(goal: float) -> Callable:
    return about(lambda rule, lr, loss: loss <= goal)


CHOICE_FOR_SENTENCES = ValueTask(
    read=read_choice,
    right={"near": reaches(NEAR), "far": reaches(FAR)},
    verified={
        "near": f"the mean of five runs is below {NEAR} after 100 steps.",
        "far": f"the mean of five runs is below {FAR}: that takes a good rule and a good rate.",
    },
    mistakes=(
        Mistake("a rate above 0 is needed: at 0 nothing moves.", (lambda choice: choice[1] <= 0,)),
        Mistake(
            "that would be a rate for SGD. Adagrad and Adam move a weight by up to about lr in a step: try far less.",
            (about(lambda rule, lr, loss: rule != "SGD" and lr > 2),),
        ),
        Mistake(
            "that would be a rate for Adam. The gradient of a word's weight is tiny, and SGD takes it as it is.",
            (about(lambda rule, lr, loss: rule == "SGD" and lr < 0.2),),
        ),
        Mistake(
            "the loss ends above that of a model which has learnt nothing (0.693): the rate is too high.",
            (about(lambda rule, lr, loss: loss > NOTHING_LEARNT),),
        ),
        Mistake(
            "SGD misses this target in 100 steps, whatever its rate: compare the lowest points of the three rules.",
            (about(lambda rule, lr, loss: rule == "SGD" and loss <= NEAR),),
        ),
        Mistake(
            "the rate is too low: with twice the rate this rule gets lower in the same 100 steps.",
            (about(lambda rule, lr, loss: loss_of(rule, 2 * lr) < loss),),
        ),
        Mistake(
            "the rate is too high: with half of it this rule gets lower in the same 100 steps.",
            (about(lambda rule, lr, loss: loss_of(rule, lr / 2) < loss),),
        ),
    ),
    hints=(
        "run the experiment above with more rates, and look for the lowest point of each rule.",
        "rare words decide here. Which rules give a rare word long steps?",
        "Adagrad between 0.2 and 0.5, or Adam between 0.04 and 0.08.",
    ),
    otherwise=lambda choice: (
        f"the loss of {choice[0]} at rate {choice[1]:.3g} is {loss_of(*choice):.3f}: not there yet."
    ),
)


# ---------------------------------------------------------------------------------------------------------- 5: the bug

FRENCH, ENGLISH = 170, 163  # words of strings(least=16), which the exercise takes


def close_to(number: float) -> Callable:
    return lambda value: abs(value - number) <= 0.01 * abs(number)


PERPLEXITY_OF_THE_START = ValueTask(
    read=one_number,
    right=lambda value: abs(value - FRENCH) < 0.5,
    verified="a perplexity of 170 is to be as unsure as between 170 equal words.",
    mistakes=(
        Mistake(
            "that is the mean of -log p, the loss: the perplexity is what exp makes of it.",
            (close_to(math.log(FRENCH)), close_to(-math.log(FRENCH))),
        ),
        Mistake("that is the probability of a word: take -log, the mean, and then exp.", (close_to(1 / FRENCH),)),
        Mistake(
            "that is log2(170): the definition has the natural logarithm, and exp in front of the mean.",
            (close_to(math.log2(FRENCH)),),
        ),
        Mistake(
            "that is the number of English words, but the model predicts French ones.",
            (lambda value: value == ENGLISH,),
        ),
        Mistake(
            "that is the number of French words on the page: here only those in 16 strings or more are left.",
            (lambda value: value == 360,),
        ),
        Mistake(
            "a perplexity of 1 belongs to a model that gives the right word the probability 1, every time.",
            (lambda value: value == 1,),
        ),
        Mistake(
            "a perplexity is never below 1: the probability of a word is at most 1, so its -log is at least 0.",
            (lambda value: value < 1,),
        ),
    ),
    hints=(
        "each word has the probability 1/170, so the log-probability is the same for every token.",
        "the mean of -log(1/170) is log(170).",
        "exp and log undo each other: what is exp(log(170))?",
    ),
    otherwise="put log(1/170) for every token into the definition.",
)


PERPLEXITY_BUG = letter(
    right="B",
    verified="each string counts the same, so a token in a short string counts more than one in a long string.",
    wrong={
        "A": "not A: log_probs * real makes the padding 0, and lengths counts real tokens only.",
        "C": "not C: the log-probabilities are below 0, and without the minus the result would be below 1.",
        "D": "not D: np.log and np.exp fit together. Joining strings would change nothing in the base.",
    },
    hints=(
        "which line of the code would notice that two strings have been joined?",
        "take a string of 1 token and one of 9. What does each token weigh in the result?",
        "the last line takes a mean over strings. The definition takes one over tokens.",
    ),
)


def perplexity(log_probs, real):
    return np.exp(-np.sum(log_probs * real) / np.sum(real))


def means(log_probs, real) -> np.ndarray:
    """The mean log-probability of each string."""
    return np.sum(log_probs * real, axis=1) / np.sum(real, axis=1)


EVEN = np.array([[-1.0, -2.0, -0.5], [-3.0, -0.2, -1.5]])
PADDED = np.array([[-0.5, -9.0, -9.0, -9.0], [-2.0, -1.0, -3.0, -1.5], [-0.1, -0.7, -9.0, -9.0]])
ZEROS = np.array([[-4.0, 0.0, 0.0], [-1.0, -0.5, -0.25]])

PERPLEXITY = FunctionTask(
    right=perplexity,
    parts={
        "even": ((EVEN, np.ones((2, 3), bool)), (np.full((3, 2), math.log(0.1)), np.ones((3, 2), bool))),
        "padded": ((PADDED, PADDED > -5), (ZEROS, ZEROS < 0)),
    },
    verified={
        "even": "exp of the mean of -log p: a model with ten equal words has perplexity 10.",
        "padded": "every real token counts the same, and padding counts nothing.",
    },
    mistakes=(
        Mistake(
            "this is still the bug, a mean of means: take one mean over all real tokens.",
            (
                lambda logs, real: np.exp(-np.mean(means(logs, real))),
                lambda logs, real: np.exp(-np.mean(means(logs.T, real.T))),
            ),
        ),
        Mistake(
            "you average perplexities of strings: average the log-probabilities of tokens, and take exp at the end.",
            (lambda logs, real: np.mean(np.exp(-means(logs, real))),),
        ),
        Mistake(
            "padding takes part: what stands where real is False means nothing, and it is not a token to divide by.",
            (
                lambda logs, real: np.exp(-np.mean(logs)),
                lambda logs, real: np.exp(-np.mean(logs * real)),
                lambda logs, real: np.exp(-np.sum(logs) / np.sum(real)),
            ),
        ),
        Mistake(
            "that is a mean of logarithms, the loss: the perplexity is exp of it.",
            (
                lambda logs, real: -np.mean(logs[real]),
                lambda logs, real: np.mean(logs[real]),
                lambda logs, real: -np.mean(means(logs, real)),
            ),
        ),
        Mistake(
            "your result is no number: do you take np.log of numbers below 0, or the mean of no tokens at all?",
            (lambda logs, real: np.exp(-np.mean(np.log(logs[real]))), lambda logs, real: np.mean(logs[real is True])),
        ),
        Mistake(
            "your perplexity is below 1: is the minus missing, or in front of the wrong thing?",
            (
                lambda logs, real: np.exp(np.mean(logs[real])),
                lambda logs, real: -np.exp(np.mean(logs[real])),
                lambda logs, real: -np.exp(-np.mean(logs[real])),
                lambda logs, real: np.exp(np.mean(means(logs, real))),
            ),
        ),
        Mistake(
            "these are natural logarithms: 2 ** undoes log2, and 10 ** undoes log10. What undoes np.log?",
            (lambda logs, real: 2 ** -np.mean(logs[real]), lambda logs, real: 10 ** -np.mean(logs[real])),
        ),
        Mistake(
            "you add up all tokens and do not divide: a longer text would always be worse. Take the mean.",
            (lambda logs, real: np.exp(-np.sum(logs[real])),),
        ),
        Mistake(
            "you divide by the number of rows or of columns: divide by the number of real tokens.",
            (
                lambda logs, real: np.exp(-np.sum(logs * real) / len(logs[0])),
                lambda logs, real: np.exp(-np.sum(logs * real) / len(logs)),
                lambda logs, real: np.exp(-np.mean(np.sum(logs, axis=1))),
            ),
        ),
        Mistake(
            "you take exp before the mean: take the mean of the logarithms, and exp at the very end.",
            (lambda logs, real: 1 / np.mean(np.exp(logs[real])), lambda logs, real: np.mean(np.exp(-logs[real]))),
        ),
        Mistake(
            "your loop ends at the first string: look how far `return` is indented.",
            (lambda logs, real: np.exp(-np.mean(logs[0][real[0]])),),
        ),
        Mistake(
            "you give one number for each string: one for all of them is asked for.",
            (lambda logs, real: np.exp(-means(logs, real)),),
        ),
    ),
    hints=(
        "how many real tokens are there, and what is the sum of their log-probabilities?",
        "log_probs[real] are the real tokens, all strings in one row.",
        "the perplexity is np.exp of minus the mean of these.",
    ),
)


TASKS = {
    "bag_of_words": BAG_OF_WORDS,
    "predictions_visits": PREDICTIONS_VISITS,
    "steps_with_gradient": STEPS_WITH_GRADIENT,
    "predictions_starving": PREDICTIONS_STARVING,
    "adagrad_path": ADAGRAD_PATH,
    "predictions_transformer": PREDICTIONS_TRANSFORMER,
    "transformer_rate": TRANSFORMER_RATE,
    "peak_rate": PEAK_RATE,
    "choice_for_sentences": CHOICE_FOR_SENTENCES,
    "perplexity_of_the_start": PERPLEXITY_OF_THE_START,
    "perplexity_bug": PERPLEXITY_BUG,
    "perplexity": PERPLEXITY,
}
