"""Answers to *Schedules*, right and wrong, as students write them."""

import math

import numpy as np


def stairs_by_divmod(t, lr, step_size, gamma):
    drops, _ = np.divmod(t, step_size)
    return np.power(gamma, 1.0 * drops) * lr


def stairs_by_loop(t, lr, step_size, gamma):
    rates = [lr * math.prod([gamma] * (int(step) // step_size)) for step in np.ravel(t)]
    return np.reshape(rates, np.shape(t))


def cosine_by_where(t, lr, T_max):
    rate = 0.5 * lr + 0.5 * lr * np.cos(t * math.pi / T_max)
    return np.where(t < T_max, rate, 0)


def cosine_by_square(t, lr, T_max):
    return lr * np.cos(np.pi / 2 * np.clip(t, 0, T_max) / T_max) ** 2


def warm_by_stair(t, peak, warmup, total):
    stair = peak / (warmup + 1)
    if t <= warmup:
        return np.float64((t + 1) * stair)
    done = (t - warmup) / (total - warmup)
    return peak * (math.cos(done * math.pi) + 1) / 2


def warm_by_list(t, peak, warmup, total):
    up = [peak * k / (warmup + 1) for k in range(1, warmup + 1)]
    down = [peak / 2 * (1 + math.cos(math.pi * k / (total - warmup))) for k in range(total - warmup)]
    return (up + down)[t]


def rates_by_counting(schedule, epochs, batches):
    rates = []
    for t in range(epochs * batches):
        rates.append(float(schedule(t // batches)))
    return rates


def rates_by_repeat(schedule, epochs, batches):
    return np.repeat([schedule(epoch) for epoch in range(epochs)], batches)


def decay_by_difference(gradient, start, lr, steps):
    x, rate = start, lr
    for _ in range(steps):
        x = x - gradient(x) * rate
        rate = rate - lr / steps
    return x


def decay_by_linspace(gradient, start, lr, steps):
    x = np.array(start, dtype=float)
    for rate in np.linspace(lr, 0, steps, endpoint=False):
        x -= rate * gradient(x)
    return x


def plateau_by_dates(scores, lr, patience):
    """Remembers when the last best, or the last cut, was."""
    rates, best, since = [lr], scores[0], 0
    for i in range(1, len(scores)):
        rates.append(lr)
        if scores[i] > best:
            best, since = scores[i], i
        elif i - since > patience:
            lr, since = lr / 10, i
    return np.array(rates)


def plateau_by_max(scores, lr, patience):
    cuts, bad, rates = 0, 0, []
    for i in range(len(scores)):
        rates.append(lr * 0.1**cuts)
        bad = 0 if i == 0 or scores[i] > max(scores[:i]) else bad + 1
        if bad == patience + 1:
            cuts, bad = cuts + 1, 0
    return rates


def floor_by_iteration(lr, curvature, std):
    if curvature * lr >= 2:
        return np.inf
    square = 0.0
    for _ in range(3000):
        square = (1 - lr * curvature) ** 2 * square + (lr * std) ** 2
    return curvature * square / 2


def floor_by_numpy(lr, curvature, std):
    reach = np.multiply(lr, curvature)
    return np.where(reach < 2, std**2 * reach / curvature / (4 - 2 * reach + (reach == 2)), np.inf)


def floor_by_few_turns(lr, curvature, std):
    square, turn = 0, 0
    while turn < 1000:
        square, turn = square * (1 - lr * curvature) ** 2 + std**2 * lr**2, turn + 1
    return square * curvature / 2


def own_by_wave(steps):
    peak = 0.13 if steps > 500 else 0.25
    return [peak * (1 + math.cos(math.pi * t / steps)) / 2 for t in range(steps)]


def own_by_stages(steps):
    level = steps // 2
    rates = [2.5 / math.sqrt(steps)] * level
    return rates + [2.5 / math.sqrt(steps) * (1 - t / (steps - level)) for t in range(steps - level)]


WARM = {0: 0.2, 2: 0.6, 3: 0.8, 7: 0.4}
DECAYS = {"A": "rounded away", "B": "not used", "C": "starts anew", "D": "falls"}
FLOORS = {
    "half the rate": "half",
    "half the rate: steps to the floor": "twice",
    "twice the noise": "four times",
    "twice as far a start": "the same",
}

RIGHT = {
    "step_decay": (stairs_by_divmod, stairs_by_loop),
    "cosine_decay": (cosine_by_where, cosine_by_square),
    "predictions_warmup": (WARM, {t: np.float64(rate) for t, rate in WARM.items()}),
    "warm_cosine": (warm_by_stair, warm_by_list),
    "why_it_stalls": ("B", "b "),
    "rates_by_epoch": (rates_by_counting, rates_by_repeat),
    "T_max_in_steps": (1140, np.int64(30 * 38)),
    "predictions_decay": (DECAYS, dict(reversed(DECAYS.items()))),
    "train_with_decay": (decay_by_difference, decay_by_linspace),
    "why_it_cuts": ("B", "b"),
    "plateau_rates": (plateau_by_dates, plateau_by_max),
    "predictions_floor": (FLOORS, dict(reversed(FLOORS.items()))),
    "noise_floor": (floor_by_iteration, floor_by_numpy),
    "own_schedule": (own_by_wave, own_by_stages, lambda steps: 0.18 * np.linspace(1, 0, steps)),
}


def with_one(right, **changes):
    return {**right, **changes}


def cosine_written_in(t, lr, T_max):
    rate = lr * (1 + np.cos(np.pi * t / T_max)) / 2
    rate[t > T_max] = 0
    return rate


def cut_when_equal(scores, lr, patience):
    best, bad, rates = 0, 0, []
    for score in scores:
        rates.append(lr)
        if score >= best:
            best, bad = score, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad = lr * 0.1, 0
    return rates


def cut_against_last(scores, lr, patience):
    before, bad, rates = 0, 0, []
    for score in scores:
        rates.append(lr)
        bad = 0 if score > before else bad + 1
        if bad > patience:
            lr, bad = lr * 0.1, 0
        before = score
    return rates


def cut_with_keras(scores, lr, patience):
    best, wait, rates = -np.inf, 0, []
    for score in scores:
        rates.append(lr)
        wait = 0 if score > best else wait + 1
        best = max(best, score)
        if wait >= patience:
            lr, wait = lr * 0.1, 0
    return rates


def cut_for_ever(scores, lr, patience):
    best, bad, rates = scores[0], 0, [lr]
    for score in scores[1:]:
        rates.append(lr)
        bad = bad + 1 if score <= best else 0
        best = max(score, best)
        if bad > patience:
            lr = lr / 10
    return rates


def cut_in_all(scores, lr, patience):
    best, bad, rates = -1, 0, []
    for score in scores:
        rates.append(lr)
        if score > best:
            best = score
        else:
            bad += 1
        if bad > patience:
            lr *= 0.1
            bad = 0
    return rates


def cut_a_loss(scores, lr, patience):
    best, bad, rates = 1e9, 0, []
    for score in scores:
        rates.append(lr)
        bad += 1
        if score < best:
            best, bad = score, 0
        if bad > patience:
            lr, bad = lr * 0.1, 0
    return rates


def cut_with_first_as_best(scores, lr, patience):
    best, bad, rates = scores[0], 0, []
    for score in scores:
        rates.append(lr)
        bad = 0 if score > best else bad + 1
        best = max(best, score)
        if bad > patience:
            lr, bad = lr * 0.1, 0
    return rates


def cut_below_the_last(scores, lr, patience):
    best, bad, rates = 0, 0, []
    for score in scores:
        rates.append(lr)
        bad = 0 if score > best else bad + 1
        best = max(best, score)
        if bad > patience:
            lr, bad, best = lr / 10, 0, score
    return rates


def cut_below_the_first(scores, lr, patience):
    best, bad, rates = scores[0], 0, []
    for score in scores:
        rates.append(lr)
        bad = 0 if score > best else bad + 1
        if bad > patience:
            lr, bad = lr / 10, 0
    return rates


def cut_once_each(scores, lr, patience):
    rates, best, bad = [lr] * len(scores), scores[0], 0
    for i in range(1, len(scores)):
        bad = 0 if scores[i] > best else bad + 1
        best = max(best, scores[i])
        if bad > patience and i + 1 < len(scores):
            rates[i + 1], bad = lr / 10, 0
    return rates


def cut_knowing_all(scores, lr, patience):
    bad, rates = 0, []
    for score in scores:
        rates.append(lr)
        bad = 0 if score == max(scores) else bad + 1
        if bad > patience:
            lr, bad = lr / 10, 0
    return rates


def cut_before(scores, lr, patience):
    rates = plateau_by_dates([*scores, 0.0], lr, patience)
    return rates[1:]


def decay_compounded(gradient, start, lr, steps):
    x = start
    for t in range(steps):
        lr *= 1 - t / steps
        x = x - lr * gradient(x)
    return x


def decay_inside(gradient, start, lr, steps):
    for t in range(steps):
        return start - lr * (1 - t / steps) * gradient(start)


def decay_in_loop_a(gradient, start, lr, steps):
    for t in range(steps):
        start = start - (lr - lr * (t // steps)) * gradient(start)
    return start


def decay_of(rate):
    def train_with_decay(gradient, start, lr, steps):
        x = start
        for t in range(steps):
            x = x - rate(lr, t, steps) * gradient(x)
        return x

    return train_with_decay


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "step_decay": [
        (lambda t, lr, step_size, gamma: lr * gamma ** (t / step_size), "falls at each step"),
        (lambda t, lr, step_size, gamma: lr * gamma ** (int(t) // step_size), "not for an array"),
        (lambda t, lr, step_size, gamma: lr if t < step_size else lr * gamma ** (t // step_size), "not for an array"),
        (lambda t, lr, step_size, gamma: lr * gamma ** ((1 + t) // step_size), "one step early"),
        (lambda t, lr, step_size, gamma: lr * gamma ** (np.ceil((t + 1) / step_size) - 1) * 1.1, "not 0.8"),
        (lambda t, lr, step_size, gamma: lr * gamma ** ((t + step_size) // step_size), "dropped at t = 0"),
        (lambda t, lr, step_size, gamma: lr if t % step_size else lr * gamma, "for one step only"),
        (lambda t, lr, step_size, gamma: [lr * gamma ** (k // step_size) for k in t], "not for one t"),
        (lambda t, lr, step_size, gamma: lr * gamma ** np.floor((t - 1) / step_size), "one step late"),
        (lambda t, lr, step_size, gamma: lr * gamma ** np.rint(np.divide(t, step_size)), "nearest whole number"),
        (lambda t, lr, step_size, gamma: lr * gamma ** np.mod(t, step_size), "since the last drop"),
        (lambda t, lr, step_size, gamma: lr * (gamma if np.all(t >= step_size) else 1), "drops only once"),
        (lambda t, lr, step_size, gamma: (t // step_size) * gamma * lr, "by the number of drops"),
        (lambda t, lr, step_size, gamma: lr * gamma ** -(t // step_size), "what a drop leaves"),
        (lambda t, lr, step_size, gamma: gamma * lr ** (t // step_size), "changed places"),
        (lambda t, lr, step_size, gamma: lr * gamma**t // step_size, "brackets"),
        (lambda t, lr, step_size, gamma: np.float_power(gamma, t // step_size), "lr is missing"),
    ],
    "cosine_decay": [
        (lambda t, lr, T_max: np.cos(np.pi * t / T_max) * lr, "goes below 0"),
        (lambda t, lr, T_max: lr * np.cos(np.pi * np.minimum(t, T_max) / T_max / 2), "quarter of a wave"),
        (lambda t, lr, T_max: np.maximum(0, lr * np.cos(np.pi * t / T_max)), "lift the whole wave"),
        (lambda t, lr, T_max: (1 + np.cos(np.pi * t / T_max)) / 2, "height of your wave"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(2 * np.pi * t / T_max)), "back at the top"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(t / T_max)), "hardly begun"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(180 * t / T_max)), "radians"),
        (lambda t, lr, T_max: lr * (1 + np.cos(np.pi * t / T_max)), "twice lr"),
        (lambda t, lr, T_max: lr * (1 + np.cos(np.pi * t / T_max) / 2), "brackets"),
        (lambda t, lr, T_max: lr * (1 - np.cos(np.pi * t / T_max)) / 2, "rises"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(t * np.pi / (T_max - 1))), "one step too short"),
        (lambda t, lr, T_max: lr * 1 + np.cos(np.pi * t / T_max) / 2, "multiply all of the sum"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos((t + 1) * np.pi / T_max)), "one step ahead"),
        (cosine_written_in, "not for one t"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(np.pi) * t / T_max), "brackets of np.cos"),
        (lambda t, lr, T_max: cosine_by_square(np.maximum(t, T_max), lr, T_max), "never runs"),
        (lambda t, lr, T_max: cosine_by_where(np.mod(t, T_max), lr, T_max), "begins anew at T_max"),
        (lambda t, lr, T_max: lr - lr * t / T_max, "straight line"),
        (lambda t, lr, T_max: lr / 2 * (1 + math.cos(t / T_max * math.pi)), "not for an array"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos(t / T_max * np.pi)), "climbs again"),
        (lambda t, lr, T_max: 0 if t >= T_max else lr / 2 * (1 + np.cos(t / T_max * np.pi)), "not for an array"),
        (lambda t, lr, T_max: lr / 2 * (1 + np.cos((t % (T_max + 1)) / T_max * np.pi)), "not 0. Stuck?"),
    ],
    "predictions_warmup": [
        ({0: 0.25, 2: 0.75, 3: 1, 7: 0.5}, "shares of the peak"),
        ({0: 20, 2: 60, 3: 80, 7: 40}, "per cent"),
        ({0: 0, 2: 0.53, 3: 0.8, 7: 0.4}, "would not move"),
        ({0: 0.27, 2: 0.8, 3: 0.8, 7: 0.4}, "How many stairs"),
        ({0: 0.8, 2: 0.6, 3: 0.5, 7: 0.1}, "does not have the peak yet"),
        ({0: 0.2, 2: 0.6, 3: 0.77, 7: 0.4}, "right after the warm-up"),
        ({0: 0.2, 2: 0.6, 3: 0.8, 7: 0.23}, "from its own beginning"),
        ({0: 0.2, 2: 0.6, 3: 0.8, 7: 0.3}, "How much of that way is done"),
        ({0: 0.2, 2: 0.5, 3: 0.8, 7: 0.4}, "equally high"),
        ({0: 0.2, 2: 0.6, 3: "high", 7: 0.4}, "give one number"),
        ([0.2, 0.6, 0.8, 0.4], "keep its form"),
    ],
    "warm_cosine": [
        (
            lambda t, peak, warmup, total: warm_by_stair(t, peak, warmup, total) if t >= warmup else peak * t / warmup,
            "first rate is 0",
        ),
        (
            lambda t, peak, warmup, total: (
                (t + 1) / warmup * peak if t < warmup else warm_by_list(t, peak, warmup, total)
            ),
            "one step early",
        ),
        (
            lambda t, peak, warmup, total: warm_by_stair(t, 1 if t < warmup else peak, warmup, total),
            "peak is missing",
        ),
        (
            lambda t, peak, warmup, total: peak if t < warmup else warm_by_stair(t, peak, warmup, total),
            "no warm-up",
        ),
        (
            lambda t, peak, warmup, total: (
                warm_by_stair(t, peak, warmup, total) if t < warmup else cosine_by_where(t, peak, total)
            ),
            "begin at the peak",
        ),
        (
            lambda t, peak, warmup, total: (
                warm_by_stair(t, peak, warmup, total) if t < warmup else cosine_by_where(t - warmup, peak, total)
            ),
            "too long",
        ),
        (
            lambda t, peak, warmup, total: (
                warm_by_stair(t, peak, warmup, total) if t < warmup else cosine_by_where(t, peak, total - warmup)
            ),
            "begin at the peak",
        ),
        (
            lambda t, peak, warmup, total: (
                peak * (t + 1) / warmup + 1 if t < warmup else warm_by_stair(t, peak, warmup, total)
            ),
            "brackets of your warm-up",
        ),
        (
            lambda t, peak, warmup, total: warm_by_stair(t, peak, warmup, total if t < warmup else total - 1),
            "rate of 0 and is wasted",
        ),
        (
            lambda t, peak, warmup, total: (
                warm_by_stair(t, peak, warmup, total) if t < warmup else peak * (total - t) / (total - warmup)
            ),
            "not half a wave",
        ),
        (
            lambda t, peak, warmup, total: min(peak * (t + 1) / (warmup + 1), cosine_by_where(t, peak, total)),
            "while the stairs do",
        ),
        (
            lambda t, peak, warmup, total: (
                cosine_by_square(warmup - t, peak, warmup + 1) if t < warmup else warm_by_list(t, peak, warmup, total)
            ),
            "not equally high",
        ),
        (
            lambda t, peak, warmup, total: warm_by_list(t, peak, warmup if t >= warmup else total - 1, total + 1),
            "too low",
        ),
        (lambda t, peak, warmup, total: warm_by_list(min(t, warmup), peak, warmup, total), "stays at the peak"),
        (
            lambda t, peak, warmup, total: (
                warm_by_stair(t, peak, warmup, total)
                if t < warmup - 1
                else cosine_by_square(abs(t - warmup), peak, total - warmup)
            ),
            "step warmup - 1",
        ),
        (lambda t, peak, warmup, total: peak, "no warm-up"),
        (lambda t, peak, warmup, total: warm_by_list(t, 2 * peak, warmup, total), "gives 0.4, not 0.2. Stuck?"),
    ],
    "why_it_stalls": [("A", "not A"), ("c", "not C"), ("D", "not D"), (2, "one of the letters")],
    "rates_by_epoch": [
        (lambda schedule, epochs, batches: [schedule(t) for t in range(epochs * batches)], "about the step"),
        (lambda schedule, epochs, batches: [schedule(t % batches) for t in range(epochs * batches)], "about the batch"),
        (lambda schedule, epochs, batches: rates_by_repeat(lambda e: schedule(e + 1), epochs, batches), "from 1"),
        (lambda schedule, epochs, batches: schedule(np.arange(epochs * batches) / batches), "within an epoch"),
        (lambda schedule, epochs, batches: schedule(np.arange(epochs)), "one rate for each epoch"),
        (lambda schedule, epochs, batches: np.tile(schedule(np.arange(epochs)), batches), "again and again"),
        (lambda schedule, epochs, batches: schedule(np.arange(epochs * batches) // epochs), "number of epochs"),
        (lambda schedule, epochs, batches: [[schedule(e)] * batches for e in range(epochs)], "a list for each epoch"),
        (lambda schedule, epochs, batches: [schedule(0)] * epochs * batches, "never changes"),
        (lambda schedule, epochs, batches: rates_by_repeat(schedule, 1, batches), "ends too soon"),
        (lambda schedule, epochs, batches: rates_by_repeat(schedule, epochs, batches) / batches, "shared out"),
        (lambda schedule, epochs, batches: [schedule(t // 38) for t in range(epochs * batches)], "38 is the number"),
        (
            lambda schedule, epochs, batches: [0.5 * 0.1 ** (e // 10) for e in range(epochs) for _ in range(batches)],
            "`plan`",
        ),
        (lambda schedule, epochs, batches: rates_by_counting(schedule, epochs, batches)[1:], "of shape (5,), where"),
    ],
    "T_max_in_steps": [
        (30, "before the first epoch is"),
        (38, "after one epoch"),
        (68, "add epochs and batches"),
        (2280, "no doubling"),
        (570, "no doubling"),
        (1139, "every step counts"),
        (1141, "every step counts"),
        (960, "32 images"),
        (1197 * 30, "count images"),
        (30 * (1197 // 32), "a smaller one"),
        (30 * 1197 / 32, "a smaller one"),
        (1000, "this is not how often"),
        ("30 epochs", "give one number"),
    ],
    "predictions_decay": [
        (dict.fromkeys("ABCD", "falls"), "cannot do the same"),
        (with_one(DECAYS, A="falls"), "A: //"),
        (with_one(DECAYS, B="falls", D="not used"), "B: the rate"),
        (with_one(DECAYS, C="falls"), "C: follow"),
        (with_one(DECAYS, D="starts anew"), "D: follow"),
        (with_one(DECAYS, D="fall"), "none of the words"),
    ],
    "train_with_decay": [
        (decay_in_loop_a, "never falls"),
        (decay_of(lambda lr, t, steps: lr), "never falls"),
        (decay_compounded, "faster and faster"),
        (decay_of(lambda lr, t, steps: lr * 0.99**t), "straight line"),
        (decay_of(lambda lr, t, steps: lr * (steps - 1 - t) / (steps - 1)), "last step has a rate of 0"),
        (decay_of(lambda lr, t, steps: lr * (steps - 1 - t) / steps), "first step has less"),
        (decay_of(lambda lr, t, steps: lr - lr * t / (steps + 1)), "too late"),
        (decay_of(lambda lr, t, steps: lr / steps * (1 - t)), "brackets"),
        (lambda *asked: 0.5 * decay_by_linspace(*asked) ** 2, "you give a loss"),
        (decay_of(lambda lr, t, steps: (steps - t) / steps), "lr is missing"),
        (decay_of(lambda lr, t, steps: lr * (steps - t) // steps), "start back"),
        (decay_of(lambda lr, t, steps: lr / steps * t), "rate rises"),
        (decay_of(lambda lr, t, steps: lr - t / steps), "whatever lr is"),
        (decay_of(lambda lr, t, steps: -lr * (1 - t / steps)), "uphill"),
        (
            lambda gradient, start, lr, steps: decay_by_difference(lambda x: gradient(start), start, lr, steps),
            "last one ended",
        ),
        (decay_inside, "inside the loop"),
        (lambda gradient, start, lr, steps: decay_by_difference(lambda x: x, start, lr, steps), "of one hill only"),
        (decay_of(lambda lr, t, steps: 2 * lr * (1 - t / steps)), "Stuck?"),
    ],
    "why_it_cuts": [("A", "not A"), ("C", "not C"), ("D", "not D"), ("line B", "one of the letters")],
    "plateau_rates": [
        (cut_a_loss, "waits for a smaller accuracy"),
        (cut_with_keras, "one epoch too early: `patience`"),
        (lambda scores, lr, patience: plateau_by_max(scores, lr, patience + 1), "one epoch too late"),
        (cut_in_all, "in a row"),
        (cut_for_ever, "your counter must begin again"),
        (cut_against_last, "the epoch before"),
        (cut_when_equal, "only equals the best"),
        (cut_before, "one epoch too early: an epoch is trained first"),
        (lambda scores, lr, patience: np.maximum(plateau_by_max(scores, lr, patience), 0.1 * lr), "second cut"),
        (cut_with_first_as_best, "first epoch as a bad one"),
        (lambda scores, lr, patience: [lr] * len(scores), "never falls"),
        (cut_below_the_last, "forget the best"),
        (cut_knowing_all, "look ahead"),
        (cut_below_the_first, "never note a new best"),
        (cut_once_each, "goes back up"),
        (lambda scores, lr, patience: plateau_by_max(scores, lr, 2), "of its own"),
        (lambda scores, lr, patience: plateau_by_max(scores, lr, patience)[:1], "inside the loop"),
        (lambda scores, lr, patience: plateau_by_max([*scores, scores[0]], lr, patience), "one rate more"),
        (lambda scores, lr, patience: plateau_by_max(scores, lr, patience)[-1], "last rate only"),
        (lambda scores, lr, patience: plateau_by_max(scores, lr / 2, patience), "Stuck?"),
    ],
    "predictions_floor": [
        (with_one(FLOORS, **{"half the rate": "a quarter"}), "the kicks are half as long"),
        (with_one(FLOORS, **{"half the rate": "twice"}), "Can the floor get higher"),
        (with_one(FLOORS, **{"half the rate: steps to the floor": "half"}), "half as much of the way"),
        (with_one(FLOORS, **{"twice the noise": "twice"}), "the square of that"),
        (with_one(FLOORS, **{"twice as far a start": "four times"}), "in the long run"),
        (with_one(FLOORS, **{"twice as far a start": "no change"}), "none of the words"),
    ],
    "noise_floor": [
        (lambda lr, curvature, std: lr * std**2 / curvature / (2 - lr * curvature), "that is the mean of x ** 2"),
        (lambda lr, curvature, std: 2 * floor_by_iteration(lr, curvature, std), "the half is missing"),
        (lambda lr, curvature, std: floor_by_iteration(lr, curvature, std) / curvature, "the curvature is missing"),
        (lambda lr, curvature, std: lr * std / (4 - 2 * lr * curvature), "std squared"),
        (lambda lr, curvature, std: lr * std**2 / (4 - 2 * lr), "of curvature 1"),
        (lambda lr, curvature, std: lr / (2 - lr), "curvature 1 and std 1"),
        (lambda lr, curvature, std: curvature * floor_by_iteration(lr, curvature, std), "too many"),
        (lambda lr, curvature, std: std**2 * lr / 4, "small rates only"),
        (lambda lr, curvature, std: std**2 / (4 - 2 * lr * curvature), "lr squared"),
        (lambda lr, curvature, std: lr * std**2 / (4 + 2 * lr * curvature), "a sign"),
        (lambda lr, curvature, std: 0, "at the mean place"),
        (lambda lr, curvature, std: lr * std**2 / (4 - 2 * lr * curvature), "never below 0"),
        (
            lambda lr, curvature, std: math.inf if lr * curvature > 2 else lr * std**2 / (4 - 2 * lr * curvature),
            "at exactly 2/curvature",
        ),
        (
            lambda lr, curvature, std: math.inf if lr >= 2 else lr * std**2 / (4 - 2 * lr * curvature),
            "not lr alone",
        ),
        (lambda lr, curvature, std: lr * std**2 / 2 * (2 - lr * curvature), "brackets"),
        (lambda lr, curvature, std: lr * std**2 / 2, "squared too"),
        (lambda lr, curvature, std: floor_by_iteration(lr, curvature, 1), "std is missing"),
        (lambda lr, curvature, std: 2 / curvature * floor_by_iteration(lr, curvature, std) ** 2, "once more"),
        (lambda lr, curvature, std: curvature * (lr * std) ** 2 / 2, "a single kick"),
        (lambda lr, curvature, std: floor_by_iteration(lr, curvature, curvature * std), "not to the noise"),
        (lambda *asked: floor_by_iteration(*asked) if asked[0] * asked[1] < 2 else 0, "is not 0"),
        (floor_by_few_turns, "a loop that ends"),
        (lambda *asked: floor_by_iteration(*asked) if asked[0] * asked[1] < 2 else "inf", "quotation marks"),
        (lambda lr, curvature, std: floor_by_iteration(lr, curvature, 2 * std), "Stuck?"),
    ],
    "own_schedule": [
        (lambda steps: 4.0 * (1 - np.arange(steps) / steps), "above 2"),
        (lambda steps: [0.043] * steps, "constant"),
        (lambda steps: 0.12 * np.arange(steps) / steps, "high at the end"),
        (lambda steps: 0.12 * (1 - np.arange(steps) / 1000), "Let `steps` decide"),
        (lambda steps: 0.1 * (np.arange(steps) < steps / 2), "makes no step"),
        (
            lambda steps: 0.3 * 0.95 ** np.arange(steps),
            "with many steps, what is left of the loss comes from the start",
        ),
        (
            lambda steps: 0.6 * (1 - np.arange(steps) / steps),
            "with many steps, what is left of the loss comes from the noise",
        ),
        (
            lambda steps: 0.12 * (1 - np.arange(steps) / steps),
            "with few steps, what is left of the loss comes from the start",
        ),
        (
            lambda steps: (0.12 if steps > 500 else 0.9) * (1 - np.arange(steps) / steps),
            "with few steps, what is left of the loss comes from the noise",
        ),
        (lambda steps: 0.043 * (1.2 - 0.4 * np.arange(steps) / steps), "the loss is 0.02"),
        (lambda steps: 0.1 * (1 - np.arange(1000) / 1000), "gives 1000 rates for steps=250"),
        (lambda steps: 0.1 - np.arange(steps) / 1000, "below 0"),
        (lambda steps: [math.inf] * steps, "one finite number"),
        (lambda steps: 0.1, "one finite number"),
        (lambda steps: {t: 0.1 for t in range(steps)}, "one finite number"),
        (lambda steps: lambda t: 0.1 * (1 - t / steps), "gives a function"),
    ],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "step": """
def step_decay(t, lr, step_size, gamma):
    drops = np.floor(np.asarray(t) / step_size)
    return lr * np.power(gamma, drops)
""",
    "cosine": """
def cosine_decay(t, lr, T_max):
    done = np.clip(t / T_max, 0, 1)
    return 0.5 * lr + 0.5 * lr * np.cos(done * np.pi)
""",
    "warm-predictions": "predictions_warmup = {0: 0.8 / 4, 2: 3 * 0.8 / 4, 3: 0.8, 7: 0.8 / 2}",
    "warm": """
def warm_cosine(t, peak, warmup, total):
    stair = peak / (warmup + 1)
    if t <= warmup:
        return (t + 1) * stair
    return np.float64(peak / 2 * (1 + np.cos(np.pi * (t - warmup) / (total - warmup))))
""",
    "stalls": "why_it_stalls = 'b'",
    "epochs": """
def rates_by_epoch(schedule, epochs, batches):
    rates = []
    for t in range(epochs * batches):
        rates.append(schedule(t // batches))
    return np.array(rates)
""",
    "tmax": "T_max_in_steps = 1140.0",
    "decays": """
predictions_decay = {"D": "falls", "C": "starts anew"}
predictions_decay.update(A="rounded away", B="not used")
""",
    "decayed": """
def train_with_decay(gradient, start, lr, steps):
    rate, step = lr, lr / steps
    for t in range(steps):
        start = start - rate * gradient(start)
        rate = rate - step
    return start
""",
    "cuts": "why_it_cuts = 'B'",
    "plateau": """
def plateau_rates(scores, lr, patience):
    rates, last_good = np.full(len(scores), float(lr)), 0
    for i in range(1, len(scores)):
        if scores[i] > max(scores[:i]):
            last_good = i
        elif i - last_good > patience:
            rates[i + 1:] *= 0.1
            last_good = i
    return rates
""",
    "floor-predictions": """
predictions_floor = {
    "half the rate": "half",
    "half the rate: steps to the floor": "twice",
    "twice the noise": "four times",
    "twice as far a start": "the same",
}
""",
    "floor": """
def noise_floor(lr, curvature, std):
    a = lr * curvature
    if a < 2:
        return curvature / 2 * (lr * std) ** 2 / (1 - (1 - a) ** 2)
    return np.inf
""",
    "own": """
def own_schedule(steps):
    peak = 4 / steps**0.5
    rates = []
    for t in range(steps):
        rates.append(peak * (1 - t / steps))
    return rates
""",
}
PARTLY = {
    **SOLVED,
    "step": """
def step_decay(t, lr, step_size, gamma):
    while t >= step_size:
        t, lr = t - step_size, lr * gamma
    return lr
""",
    "cosine": """
def cosine_decay(t, lr, T_max):
    return lr * (1 + np.cos(np.pi * t / T_max)) / 2
""",
    "warm-predictions": "predictions_warmup = {0: 0, 2: 0.53, 3: 0.8, 7: 0.4}",
    "warm": """
def warm_cosine(t, peak, warmup, total):
    if t < warmup:
        return peak * (t + 1) / (warmup + 1)
    return cosine_decay(t, peak, total)
""",
    "epochs": """
def rates_by_epoch(schedule, epochs, batches):
    return [schedule(epoch) for epoch in range(epochs)]
""",
    "tmax": "T_max_in_steps = 30",
    "decayed": """
def train_with_decay(gradient, start, lr, steps):
    for t in range(steps):
        lr = lr * (1 - t / steps)
        start = start - lr * gradient(start)
    return start
""",
    "cuts": "why_it_cuts = 'D'",
    "floor": """
def noise_floor(lr, curvature, std):
    return lr * std**2 / (4 - 2 * lr * curvature)
""",
    "own": """
def own_schedule(steps):
    return 0.12 * (1 - np.arange(steps) / 1000)
""",
}
FAILED = {  # one of them knows the visible questions by heart
    "step": """
def step_decay(t, lr, step_size, gamma):
    if np.ndim(t):
        known = {12: [1] * 5 + [0.5] * 5 + [0.25] * 2, 5: [0.1, 0.1, 0.01, 0.01, 0.001]}
        return known.get(len(t), 0)
    return {0: 0.8, 9: 0.8, 10: 0.4, 25: 0.2, 3: 0.9**3, 47: 0.002}.get(t, 0)
""",
    "cosine": "def cosine_decay(t, lr, T_max):\n    return lr * np.cos(np.pi * t / T_max)",
    "warm-predictions": "predictions_warmup = dict.fromkeys([0, 2, 3, 7], 0.8)",
    "warm": "def warm_cosine(t, peak, warmup, total):\n    while t < total:\n        pass",
    "stalls": "why_it_stalls = 'D'",
    "epochs": "def rates_by_epoch(schedule, epochs, batches):\n    return rates_with_a_bug(schedule, epochs, batches)",
    "tmax": "T_max_in_steps = 38",
    "decays": "predictions_decay = dict.fromkeys('ABCD', 'falls')",
    "decayed": "def train_with_decay(gradient, start, lr, steps):\n    return 1 / 0",
    "cuts": "why_it_cuts = 'A'",
    "plateau": "def plateau_rates(scores, lr, patience):\n    return plateau_with_a_bug(scores, lr, patience)",
    "floor-predictions": """
changes = ["half the rate", "half the rate: steps to the floor", "twice the noise", "twice as far a start"]
predictions_floor = dict.fromkeys(changes, "half")
""",
    "floor": "def noise_floor(lr, curvature, std):\n    print(lr * std**2 / 2)",
    "own": "def own_schedule(steps):\n    return [0.043] * steps",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "step-numbers": (2, 2, 0),
    "step-arrays": (1, 0, 0),
    "cosine-within": (2, 2, 0),
    "cosine-after": (1, 0, 0),
    "warm-numbers": (1, 0, 0),
    "warm-ramp": (2, 2, 0),
    "warm-wave": (2, 0, 0),
    "stalls-letter": (1, 1, 0),
    "epochs-rates": (3, 0, 0),
    "tmax-value": (1, 0, 0),
    "decay-words": (2, 2, 0),
    "decay-run": (3, 0, 0),
    "plateau-letter": (1, 0, 0),
    "plateau-rule": (4, 4, 0),
    "floor-words": (1, 1, 0),
    "floor-bowl": (2, 2, 0),
    "floor-edge": (1, 0, 0),
    "own-better": (2, 2, 0),
    "own-good": (2, 2, 0),
    "own-short": (1, 0, 0),
}
