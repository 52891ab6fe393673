"""Answers to *From momentum to Adam*, right and wrong, as students write them."""

import math

import numpy as np

# ------------------------------------------------------------------------------------------------------ right answers


def mean_by_weights(gradients, beta, corrected):
    """Each mean as one weighted sum, the newest gradient last."""
    means = []
    for t in range(1, len(gradients) + 1):
        weights = (1 - beta) * beta ** np.arange(t - 1, -1, -1)
        total = float(np.dot(weights, gradients[:t]))
        means.append(total / weights.sum() if corrected else total)
    return means


def mean_in_array(gradients, beta, corrected):
    means = np.zeros(len(gradients))
    m = 0
    for i in range(len(gradients)):
        m += (1 - beta) * (gradients[i] - m)
        means[i] = m
    if corrected:
        means = means / (1 - np.power(beta, np.arange(1, len(gradients) + 1)))
    return means


def adagrad_by_loop(gradients):
    total, directions = 0, []
    for g in gradients:
        total = total + g**2
        directions.append(g / total**0.5)
    return directions


def adagrad_with_eps(gradients):
    squares = np.add.accumulate(np.square(gradients), axis=0)
    return np.divide(gradients, np.sqrt(squares) + 1e-10)


def rmsprop_by_list(gradients, alpha):
    v = 0.0
    return [g / np.sqrt(v := alpha * v + (1 - alpha) * g * g) for g in gradients]


def rmsprop_in_array(gradients, alpha):
    v, found = np.zeros(np.shape(gradients)[1:]), np.empty(np.shape(gradients))
    for t in range(len(gradients)):
        v = v + (1 - alpha) * (gradients[t] ** 2 - v)
        found[t] = gradients[t] / np.sqrt(v + 1e-16)
    return found


def adam_in_lists(params, grad, m, v, t, lr, beta1, beta2, eps):
    new = [[], [], []]
    for p, g, a, b in zip(params, grad, m, v, strict=True):
        a, b = a + (1 - beta1) * (g - a), b + (1 - beta2) * (g * g - b)
        a_hat, b_hat = a / (1 - math.pow(beta1, t)), b / (1 - math.pow(beta2, t))
        for row, number in zip(new, (p - lr * a_hat / (math.sqrt(b_hat) + eps), a, b), strict=True):
            row.append(number)
    return new


def adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps):
    m = np.multiply(beta1, m) + grad - beta1 * grad
    v = np.multiply(beta2, v) + (1 - beta2) * np.square(grad)
    root = np.sqrt(1 - beta2**t)
    rate = lr * root / (1 - beta1**t)
    return params - rate * m / (np.sqrt(v) + eps * root), m, v


def adamw_shrunk_first(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    new, m, v = adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps)
    return params * (1 - lr * decay) + (new - params), m, v


def adamw_in_lists(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    new, m, v = adam_in_lists(params, grad, m, v, t, lr, beta1, beta2, eps)
    return [[n - lr * decay * p for n, p in zip(new, params, strict=True)], m, v]


LENGTHS = {
    "loss times 1000": "one rate",
    "constant 7": "one rate",
    "+1, -1, +1, -1": "shorter",
    "suddenly steeper": "longer",
    "suddenly gentler": "shorter",
    "rare": "shorter",
}
CURVES = {"P": "hats kept", "Q": "no correction", "R": "no root", "S": "t stays 1"}
TURNED = {"sgd": "the same", "momentum": "the same", "adagrad": "worse", "adam": "worse"}


def means(first, second, corrected):
    return {"m after step 1": first, "m after step 2": second, "corrected, after step 1": corrected}


def places(small, large, ten):
    return {"gradient 0.002": small, "gradient -300": large, "gradient 7, ten times": ten}


def floors(rate, noise):
    return {"rate 0.01": rate, "ten times the noise": noise}


def choice(optimizer, lr):
    return {"optimizer": optimizer, "lr": lr}


RIGHT = {
    "predictions_mean": (means(0.4, 0.76, 4), means(0.1 * 4, 0.9 * 0.4 + 0.4, np.float64(4.0))),
    "gradient_mean": (mean_by_weights, mean_in_array),
    "adagrad_directions": (adagrad_by_loop, adagrad_with_eps),
    "rmsprop_directions": (rmsprop_by_list, rmsprop_in_array),
    "which_step_dies": ("A", " a"),
    "adam_step": (adam_in_lists, adam_drawn_together),
    "predictions_adam_places": (places(4.9, 5.1, 4), places(5 - 0.1, 5 + 0.1, np.array(4.0))),
    "predictions_adam_lengths": (LENGTHS, dict(reversed(LENGTHS.items()))),
    "predictions_adam_floor": (floors(0.005, 0.5), floors(0.0049, 0.4)),
    "faults_of_adam": (CURVES, dict(reversed(CURVES.items()))),
    "line_of_the_decay": ("A", "a"),
    "adamw_step": (adamw_shrunk_first, adamw_in_lists),
    "choice_for_reviews": (choice("adam", 0.04), choice("adagrad", 0.3), choice("adam", np.float64(0.07))),
    "predictions_turned": (TURNED, dict(reversed(TURNED.items()))),
    "when_adam_does_not_help": ("C", "c "),
}

# ------------------------------------------------------------------------------------------------------ wrong answers


def mean_kept_corrected(gradients, beta, corrected):
    m, found = 0, []
    for i, g in enumerate(gradients):
        m = beta * m + (1 - beta) * g
        if corrected:
            m = m / (1 - beta ** (i + 1))
        found.append(m)
    return found


def mean_counted_from_0(gradients, beta, corrected):
    m, found = 0, []
    for t, g in enumerate(gradients):
        m = beta * m + (1 - beta) * g
        found.append(m / (1 - beta**t) if corrected else m)
    return found


def mean_without_brackets(gradients, beta, corrected):
    plain = mean_by_weights(gradients, beta, False)
    return [m / 1 - beta**t if corrected else m for t, m in enumerate(plain, 1)]


def mean_with(m=0.0, keep=None, divide=None, rows=list):
    """A mean with a start, a step or a correction of its own."""

    def gradient_mean(gradients, beta, corrected):
        now, found = m, []
        for t, g in enumerate(gradients, 1):
            now = keep(now, g, beta) if keep else beta * now + (1 - beta) * g
            found.append(now / (divide(beta, t) if divide else 1 - beta**t) if corrected else now)
        return rows(found)

    return gradient_mean


def mean_noted_too_early(gradients, beta, corrected):
    m, found = 0, []
    for g in gradients:
        found.append(m)
        m = beta * m + (1 - beta) * g
    return found


def mean_that_returns_early(gradients, beta, corrected):
    m, found = 0, []
    for g in gradients:
        m = beta * m + (1 - beta) * g
        found.append(m)
        return found


def mean_with_a_hat_for_a_power(gradients, beta, corrected):
    m, found = 0, []
    for t, g in enumerate(gradients, 1):
        m = beta * m + (1 - beta) * g
        found.append(m / (1 - beta ^ t) if corrected else m)
    return found


def mean_from_the_first(gradients, beta, corrected):
    return mean_with(m=gradients[0])(gradients, beta, corrected)


def adagrad_of_norms(gradients):
    total, found = 0, []
    for g in gradients:
        total += np.linalg.norm(g) ** 2
        found.append(g / np.sqrt(total))
    return found


def adagrad_that_adds_late(gradients):
    total, found = np.zeros_like(gradients[0]), []
    for g in gradients:
        found.append(g / np.sqrt(total))
        total = total + g**2
    return found


def adagrad_with_the_root_of_one(gradients):
    total, found = np.zeros_like(gradients[0]), []
    for g in gradients:
        total = total + g**2
        found.append(g / math.sqrt(total))
    return found


def adagrad_that_returns_early(gradients):
    total, found = 0, []
    for g in gradients:
        total = total + g**2
        found.append(g / np.sqrt(total))
        return found


def rmsprop_with(square=None, direction=None, first=0.0):
    def rmsprop_directions(gradients, alpha):
        v, found = first, []
        for t, g in enumerate(gradients):
            v = square(v, g, alpha) if square else alpha * v + (1 - alpha) * g**2
            found.append(direction(g, v, alpha, t) if direction else g / np.sqrt(v))
        return np.array(found)

    return rmsprop_directions


def rmsprop_from_the_first(gradients, alpha):
    return rmsprop_with(first=gradients[0] ** 2)(gradients, alpha)


def rmsprop_that_takes_in_late(gradients, alpha):
    v, found = 0 * gradients[0], []
    for g in gradients:
        found.append(g / np.sqrt(v))
        v = alpha * v + (1 - alpha) * g * g
    return found


def adam_with(hats=None, place=None, give=None, square=None, mean=None):
    """Adam as a student writes it, with one line replaced."""

    def adam_step(params, grad, m, v, t, lr, beta1, beta2, eps):
        m = mean(m, grad, beta1) if mean else beta1 * m + (1 - beta1) * grad
        v = square(v, grad, beta2, m) if square else beta2 * v + (1 - beta2) * grad**2
        m_hat, v_hat = hats(m, v, t, beta1, beta2) if hats else (m / (1 - beta1**t), v / (1 - beta2**t))
        step = place(lr, m_hat, v_hat, eps, grad) if place else lr * m_hat / (np.sqrt(v_hat) + eps)
        return give(params, step, m, v, m_hat, v_hat) if give else (params - step, m, v)

    return adam_step


def adam_with_own_betas(params, grad, m, v, t, lr, beta1, beta2, eps):
    return adam_drawn_together(params, grad, m, v, t, lr, 0.9, 0.999, eps)


def adam_of_the_step_before(params, grad, m, v, t, lr, beta1, beta2, eps):
    _, new_m, new_v = adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return params - lr * m_hat / (np.sqrt(v_hat) + eps), new_m, new_v


def adam_that_keeps_the_old(params, grad, m, v, t, lr, beta1, beta2, eps):
    return adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps)[0], m, v


def adam_in_place(params, grad, m, v, t, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * grad
    return adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps)


def adam_as_keras(params, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return params - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps), m, v


def adamw_with(place):
    def adamw_step(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
        new, m, v = adam_drawn_together(params, grad, m, v, t, lr, beta1, beta2, eps)
        return place(params, new, lr, decay, np.sqrt(v / (1 - beta2**t)) + eps), m, v

    return adamw_step


def adamw_with_l2(params, grad, m, v, t, lr, beta1, beta2, eps, decay, beside=0):
    new, m, v = adam_drawn_together(params, grad + decay * params, m, v, t, lr, beta1, beta2, eps)
    return new - beside * lr * decay * params, m, v


def adamw_that_gives_the_place(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    return adamw_shrunk_first(params, grad, m, v, t, lr, beta1, beta2, eps, decay)[0]


def adamw_with_both(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    return adamw_with_l2(params, grad, m, v, t, lr, beta1, beta2, eps, decay, beside=1)


def adamw_without_hats(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    return params - lr * (m / (np.sqrt(v) + eps) + decay * params), m, v


def changed(right, **other):
    return {**right, **other}


# a wrong answer as a student writes it -> words of the sentence that must answer it; for values, all mistakes there are
WRONG = {
    "predictions_mean": [
        (means(3.6, 3.96, 4), "shares are swapped"),
        (means(4, 7.6, 4), "momentum's sum"),
        (means(4, 4, 4), "does not begin at the first gradient"),
        (means(0.4, 0.8, 4), "the old mean fades before"),
        (means(0.4, 0.4, 4), "the old mean fades before"),
        (means(0, 0.4, 4), "one step behind"),
        (means(0.4, 0.36, 4), "and then the second gradient"),
        (means(0.4, 0.9 * 0.4 + 0.1 * 0.76, 4), "and then the second gradient"),
        (means(0.4, 0.76, 0.4), "one single gradient"),
        (means(0.4, 0.7, 4), "put the numbers into the formula once more"),
        (means("0,4", 0.76, 4), "m after step 1 "),
        ([0.4, 0.76, 4], "must keep its form"),
    ],
    "gradient_mean": [
        (mean_with(keep=lambda m, g, beta: m + beta * (g - m)), "shares are swapped"),
        (mean_with(keep=lambda m, g, beta: beta * m + g), "momentum's sum"),
        (mean_from_the_first, "begins at the first gradient"),
        (lambda gradients, beta, corrected: np.cumsum(gradients) / np.arange(1, len(gradients) + 1), "do not fade"),
        (mean_counted_from_0, "exponent begins at 0"),
        (mean_with(divide=lambda beta, t: 1 - beta ** (t + 1)), "look at the exponent of your correction"),
        (mean_with(divide=lambda beta, t: 1 - beta), "look at the exponent of your correction"),
        (mean_with(divide=lambda beta, t: 1 - beta * t), "look at the exponent of your correction"),
        (
            lambda gradients, beta, corrected: np.divide(
                mean_by_weights(gradients, beta, False), 1 - beta ** len(gradients) if corrected else 1
            ),
            "look at the exponent of your correction",
        ),
        (mean_without_brackets, "m / 1 - beta ** t divides"),
        (mean_kept_corrected, "goes into the next step"),
        (mean_with(divide=lambda beta, t: 1 / (1 - beta**t)), "smaller still"),
        (mean_with(rows=lambda found: found[-1]), "last mean only"),
        (mean_with(rows=lambda found: [0, *found]), "begins with the 0"),
        (lambda gradients, beta, corrected: mean_by_weights(gradients, beta, True), "even where `corrected` is False"),
        (lambda gradients, beta, corrected: mean_by_weights(gradients, beta, False), "still in it"),
        (lambda gradients, beta, corrected: mean_by_weights(gradients, 1 - beta, corrected), "shares are swapped"),
        (mean_noted_too_early, "before its gradient has come in"),
        (mean_that_returns_early, "`return` stands inside the loop"),
        (lambda gradients, beta, corrected: mean_by_weights(gradients, 0.9, corrected), "your beta is a fixed number"),
        (mean_with_a_hat_for_a_power, "two stars"),
        (mean_with(divide=lambda beta, t: 2), "gives [0.2 , 0.38 , 0.542]"),
    ],
    "adagrad_directions": [
        (lambda gradients: gradients / np.cumsum(gradients**2, axis=0), "root is missing"),
        (lambda gradients: gradients / (np.cumsum(gradients**2, axis=0) ** 1 / 2), "half of s"),
        (lambda gradients: gradients / np.sqrt(np.cumsum(np.abs(gradients), axis=0)), "look at what you add up"),
        (lambda gradients: gradients / np.sqrt((gradients**2).sum(axis=0)), "sum over all steps"),
        (lambda gradients: gradients / np.abs(gradients), "this step's gradient alone"),
        (lambda gradients: np.sign(gradients), "this step's gradient alone"),
        (adagrad_that_adds_late, "add it first, then divide"),
        (lambda gradients: -np.array(adagrad_by_loop(gradients)), "keeps the gradient's sign"),
        (adagrad_of_norms, "each column has a sum of its own"),
        (lambda gradients: gradients / np.sqrt(np.cumsum(gradients**2)), "each column has a sum of its own"),
        (lambda gradients: np.sqrt(np.cumsum(gradients**2, axis=0)), "what to divide by"),
        (lambda gradients: adagrad_by_loop(gradients)[-1], "last direction only"),
        (lambda gradients: 0.1 * np.array(adagrad_by_loop(gradients)), "a learning rate in your directions"),
        (adagrad_that_returns_early, "`return` stands inside the loop"),
        (lambda gradients: np.abs(adagrad_by_loop(gradients)), "keeps the gradient's sign"),
        (lambda gradients: np.cumsum(adagrad_by_loop(gradients), axis=0), "add the directions up"),
        (lambda gradients: gradients / (np.sqrt(np.cumsum(gradients**2, 0) - gradients**2) + 1e-8), "add it first"),
        (lambda gradients: gradients / np.sqrt(np.cumsum(gradients ^ 2, axis=0)), "two stars"),
        (adagrad_with_the_root_of_one, "for an array there is np.sqrt"),
        (lambda gradients: gradients / (1 + np.sqrt(np.cumsum(gradients**2, axis=0))), "not [1. , 0.70711"),
    ],
    "rmsprop_directions": [
        (rmsprop_with(lambda v, g, alpha: v + alpha * (g**2 - v)), "shares are swapped"),
        (rmsprop_with(lambda v, g, alpha: alpha * v + g**2), "fading sum"),
        (lambda gradients, alpha: adagrad_by_loop(gradients), "this is Adagrad"),
        (rmsprop_with(direction=lambda g, v, alpha, t: g / np.sqrt(v / (1 - alpha ** (t + 1)))), "you correct v"),
        (rmsprop_from_the_first, "begins at the first square"),
        (rmsprop_with(direction=lambda g, v, alpha, t: g / v), "root is missing"),
        (rmsprop_with(lambda v, g, alpha: alpha * v + (1 - alpha) * abs(g)), "look at what you put into it"),
        (rmsprop_that_takes_in_late, "the v of the step before"),
        (rmsprop_with(direction=lambda g, v, alpha, t: -g / v**0.5), "keeps the gradient's sign"),
        (rmsprop_with(lambda v, g, alpha: alpha * v + (1 - alpha) * np.dot(g, g)), "you mix the parameters"),
        (lambda gradients, alpha: rmsprop_by_list(gradients, 0.9), "fixed number"),
        (lambda gradients, alpha: rmsprop_by_list(gradients, alpha)[-1], "last direction only"),
        (lambda gradients, alpha: rmsprop_by_list(gradients, alpha)[0], "`return` stands inside the loop"),
        (rmsprop_with(direction=lambda g, v, alpha, t: v**0.5), "what to divide by"),
        (rmsprop_with(direction=lambda g, v, alpha, t: abs(g) / v**0.5), "keeps the gradient's sign"),
        (rmsprop_with(lambda v, g, alpha: alpha * v + ((1 - alpha) * g) ** 2), "look at what you put into it"),
        (rmsprop_with(lambda v, g, alpha: alpha * v + (1 - alpha) * (g ^ 2)), "two stars"),
        (rmsprop_with(direction=lambda g, v, alpha, t: g / math.sqrt(v)), "for an array there is np.sqrt"),
        (rmsprop_with(direction=lambda g, v, alpha, t: g / (np.sqrt(v) + 1)), "Stuck? Run"),
    ],
    "which_step_dies": [("B", "not B"), ("c", "not C"), ("D", "not D"), ("Adagrad", "one of the letters")],
    "adam_step": [
        (adam_with(give=lambda params, step, m, v, *hats: (params + step, m, v)), "uphill"),
        (adam_with(hats=lambda m, v, *others: (m, v)), "neither mean is corrected"),
        (adam_with(hats=lambda m, v, t, beta1, beta2: (m / (1 - beta1**t), v)), "only one of the two"),
        (adam_with(give=lambda params, step, m, v, m_hat, v_hat: (params - step, m_hat, v_hat)), "hand the corrected"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * m / (v + eps)), "root of v is missing"),
        (adam_with(square=lambda v, g, beta, m: beta * v + (1 - beta) * m**2), "look at what you square"),
        (
            lambda params, grad, m, v, t, lr, beta1, beta2, eps: adam_in_lists(
                params, grad, m, v, t, lr, beta2, beta1, eps
            ),
            "look at your betas",
        ),
        (adam_with(hats=lambda m, v, t, beta1, beta2: (m / (1 - beta1**t), v / (1 - beta1**t))), "look at your betas"),
        (adam_with(hats=lambda m, v, t, beta1, beta2: (m / (1 - beta2**t), v / (1 - beta1**t))), "look at your betas"),
        (adam_that_keeps_the_old, "as they came in"),
        (adam_with(square=lambda v, g, beta, m: beta * v + (1 - beta) * np.dot(g, g)), "you mix the parameters"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * np.sign(g)), "one rate long"),
        (adam_with(hats=lambda m, v, t, beta1, beta2: (m / (1 - beta1 ^ t), v / (1 - beta2 ^ t))), "two stars"),
        (adam_with(square=lambda v, g, beta, m: beta * v + (1 - beta) * (g ^ 2)), "two stars"),
        (
            adam_with(place=lambda lr, m, v, eps, g: lr * m / (math.sqrt(v) + eps)),
            "for an array there is np.sqrt",
        ),
        (adam_with(mean=lambda m, g, beta: m + beta * (g - m)), "within a mean the shares are swapped"),
        (adam_with(square=lambda v, g, beta, m: beta * v + g * g), "enters with its full size"),
        (adam_of_the_step_before, "means of the step before"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * g / (np.sqrt(v) + eps)), "the new gradient alone"),
        (
            adam_with(hats=lambda m, v, t, beta1, beta2: (m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1)))),
            "look at your correction",
        ),
        (
            adam_with(hats=lambda m, v, t, beta1, beta2: (m * (1 - beta1**t), v * (1 - beta2**t))),
            "look at your correction",
        ),
        (adam_with(place=lambda lr, m, v, eps, g: m / (v**0.5 + eps)), "learning rate is missing"),
        (adam_with(place=lambda lr, m, v, eps, g: 0.001 * m / (v**0.5 + eps)), "learning rate is missing"),
        (adam_with_own_betas, "fixed numbers"),
        (adam_with(hats=lambda m, v, t, beta1, beta2: (m / 1 - beta1**t, v / 1 - beta2**t)), "m / 1 - beta1**t"),
        (adam_with(give=lambda p, step, m, v, m_hat, v_hat: (p - step, m_hat, v)), "hand the corrected"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * m / v**0.5 - eps), "below the fraction"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * m / (v + eps) ** 0.5), "inside your root"),
        (adam_as_keras, "as Keras does"),
        (adam_with(place=lambda lr, m, v, eps, g: lr * m / (v**0.5 + 1e-8)), "eps makes no difference"),
        (adam_with(give=lambda params, step, m, v, *hats: (m, v, params - step)), "another order"),
        (adam_with(give=lambda params, step, *others: params - step), "the new place only"),
        (adam_with(give=lambda params, step, m, v, *hats: (step, m, v)), "begin from params"),
        (adam_in_place, "changes its argument `m` in place"),
        (adam_with(place=lambda lr, m, v, eps, g: 2 * lr * m / (v**0.5 + eps)), "in row 0, not [0.9, 3.1]. Stuck?"),
    ],
    "predictions_adam_places": [
        (places(4.9998, 35, -2), "gradient descent's step"),
        (places(5.1, 4.9, 6), "the way is not"),
        (places(4.9, 5.1, 6), "the way is not"),
        (places(4.9998, 5.1, 4), "as long for a gradient of 0.002"),
        (places(4.9, 5.3, 4), "as long for a gradient of 0.002"),
        (places(0.1, 0.1, 1), "how far the steps go"),
        (places(-0.1, 0.1, -1), "how far the steps go"),
        (places(4.9, 5.1, 4.9), "ten equal gradients"),
        (places(4.9, 5.1, ""), "gradient 7, ten times "),
    ],
    "predictions_adam_lengths": [
        (changed(LENGTHS, **{"loss times 1000": "longer"}), "size of the loss cancels"),
        (changed(LENGTHS, **{"constant 7": "longer"}), "mean of equal numbers"),
        (changed(LENGTHS, **{"+1, -1, +1, -1": "one rate"}), "nearly cancel"),
        (changed(LENGTHS, **{"suddenly steeper": "shorter"}), "suddenly steeper: m learns"),
        (changed(LENGTHS, **{"suddenly gentler": "one rate"}), "still remembers the steep ground"),
        (changed(LENGTHS, rare="longer"), "is a tenth"),
        (changed(LENGTHS, rare="short"), "none of the words"),
    ],
    "predictions_adam_floor": [
        (floors(0, 0.5), "comes to rest"),
        (floors(0.05, 0.5), "the rate makes the steps"),
        (floors(0.0005, 0.5), "not with its square"),
        (floors(0.005, 5), "gradient descent's"),
        (floors(0.005, 0.05), "the floor cannot stay"),
        (floors(0.5, 0.005), "which way does it go?"),
        (floors(0.0158, 0.5), "by a root of ten"),
        (floors(0.005, 0.158), "by a root of ten"),
        (floors(0.02, 0.5), "by which factor"),
    ],
    "faults_of_adam": [
        (dict.fromkeys(CURVES, "no root"), "you name one twice"),
        (changed(CURVES, Q="no root", R="no correction"), "Q is wrong from the very first step"),
        (changed(CURVES, R="t stays 1", S="no root"), "R is level"),
        (changed(CURVES, P="t stays 1", S="hats kept"), "P and S both begin right"),
        (changed(CURVES, P="hats"), "none of the words"),
    ],
    "line_of_the_decay": [
        ("B", "B and C are right"),
        ("C", "B and C are right"),
        ("d", "D is right"),
        ("E", "E only lacks"),
        ("F", "one of the letters"),
    ],
    "adamw_step": [
        (
            lambda params, grad, m, v, t, lr, beta1, beta2, eps, decay: adamw_with_l2(
                params, grad, m, v, t, lr, beta1, beta2, eps, decay
            ),
            "still inside the gradient",
        ),
        (adamw_with_both, "twice"),
        (adamw_with(lambda p, new, lr, decay, root: new - lr * (decay * p) / root), "still above the root"),
        (adamw_with(lambda p, new, lr, decay, root: new - decay * p), "forgets the learning rate"),
        (adamw_with(lambda p, new, lr, decay, root: new * (1 - decay)), "forgets the learning rate"),
        (
            adamw_with(lambda p, new, lr, decay, root: new - lr * (lr * decay * p)),
            "learning rate is in your decay twice",
        ),
        (adamw_with(lambda p, new, lr, decay, root: new - p + p * lr * decay), "what share of the weight stays"),
        (adamw_with(lambda p, new, lr, decay, root: new - lr * 0.1 * p), "your decay is a fixed number"),
        (adamw_that_gives_the_place, "new place only"),
        (adamw_with(lambda p, new, lr, decay, root: new), "no decay at all"),
        (adamw_with(lambda p, new, lr, decay, root: new + lr * decay * p), "your weights grow"),
        (adamw_with(lambda p, new, lr, decay, root: new - lr * decay * new), "you decay the new place"),
        (adamw_with(lambda p, new, lr, decay, root: new - lr * decay), "a share of itself"),
        (adamw_with(lambda p, new, lr, decay, root: p * (1 - lr * decay)), "own step is gone"),
        (adamw_without_hats, "the decay is right"),
        (adamw_with(lambda p, new, lr, decay, root: 0.9 * new), "Stuck? Run"),
    ],
    "choice_for_reviews": [
        (choice("sgd", 2.0), "plain SGD stays above"),
        (choice("momentum", 0.5), "but not below 0.47"),
        (choice("adam", 0.001), "libraries' default"),
        (choice("adam", 0.01), "too low"),
        (choice("momentum", 0.05), "too low"),
        (choice("adagrad", 3), "too high"),
        (choice("adam", 1e5), "too high"),
        (choice("Adam", 0.05), "one of the words sgd, momentum"),
        (choice("adam", "high"), "for lr "),
        (choice("adam", -0.1), "a rate above 0"),
        (choice("adam", 1e9), "below a million"),
        (("adam", 0.05), "must keep its form"),
    ],
    "predictions_turned": [
        (changed(TURNED, adam="better"), "nothing gets better"),
        (dict.fromkeys(TURNED, "worse"), "SGD's gradient turns"),
        (changed(TURNED, momentum="worse"), "momentum is a sum"),
        (dict.fromkeys(TURNED, "the same"), "axis by axis"),
        (changed(TURNED, adagrad="the same"), "axis by axis"),
    ],
    "when_adam_does_not_help": [("A", "A is what Adam"), ("B", "in B the scales"), ("d", "in D each weight")],
}

# --------------------------------------------------------------------------- whole notebooks: cell -> what stands in it

SOLVED = {  # as another student would write it, not as the source does
    "mean-predictions": """
m = 0.1 * 4
predictions_mean = {"corrected, after step 1": m / (1 - 0.9), "m after step 1": m, "m after step 2": 0.9 * m + 0.4}
""",
    "mean": """
def gradient_mean(gradients, beta, corrected):
    means = []
    m = 0
    share = 0
    for g in gradients:
        m = beta * m + (1 - beta) * g
        share = beta * share + (1 - beta)
        if corrected:
            means.append(m / share)
        else:
            means.append(m)
    return means
""",
    "adagrad": """
def adagrad_directions(gradients):
    s = 0
    directions = []
    for g in gradients:
        s = s + g**2
        directions.append(g / s**0.5)
    return directions
""",
    "rmsprop": """
def rmsprop_directions(gradients, alpha):
    v = np.zeros(gradients.shape)
    last = 0
    for i in range(len(gradients)):
        last = alpha * last + (1 - alpha) * gradients[i] ** 2
        v[i] = last
    return list(gradients / np.sqrt(v))
""",
    "memory-which": "which_step_dies = 'a'",
    "adam": """
def adam_step(params, grad, m, v, t, lr, beta1, beta2, eps):
    new_m = m + (1 - beta1) * (grad - m)
    new_v = v + (1 - beta2) * (grad * grad - v)
    direction = (new_m / (1 - beta1**t)) / (eps + (new_v / (1 - beta2**t)) ** 0.5)
    return [params - lr * direction, new_m, new_v]
""",
    "predict-places-answer": """
predictions_adam_places = {}
predictions_adam_places["gradient 0.002"] = 5 - 0.1
predictions_adam_places["gradient -300"] = np.float64(5.1)
predictions_adam_places["gradient 7, ten times"] = 5 - 10 * 0.1
""",
    "predict-lengths-answer": """
predictions_adam_lengths = dict.fromkeys(("+1, -1, +1, -1", "suddenly gentler", "rare"), "shorter")
predictions_adam_lengths["loss times 1000"] = predictions_adam_lengths["constant 7"] = "one rate"
predictions_adam_lengths["suddenly steeper"] = "longer"
""",
    "predict-floor-answer": "predictions_adam_floor = {'rate 0.01': 0.05 / 10, 'ten times the noise': 0.05 * 10}",
    "bug-curves-answer": """
faults_of_adam = {"S": "t stays 1", "R": "no root", "Q": "no correction", "P": "hats kept"}
""",
    "bug-where-answer": "line_of_the_decay = 'a'",
    "bug-mended": """
def adamw_step(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return params * (1 - lr * decay) - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
""",
    "reviews-choice": "choice_for_reviews = {'lr': np.float64(0.3), 'optimizer': 'adagrad'}",
    "reviews-turned-answer": """
predictions_turned = {rule: "the same" if rule in ("sgd", "momentum") else "worse" for rule in RULES}
""",
    "reviews-when-answer": "when_adam_does_not_help = 'c'",
}
PARTLY = {
    **SOLVED,
    # the corrected mean is carried on
    "mean": SOLVED["mean"].replace("means.append(m / share)", "m = m / share\n            means.append(m)"),
    # all parameters share one sum
    "adagrad": SOLVED["adagrad"].replace("s + g**2", "s + np.sum(g**2)"),
    # fine at the first step; later the exponent is wrong
    "adam": SOLVED["adam"].replace("beta1**t", "beta1").replace("beta2**t", "beta2"),
    "predict-lengths-answer": SOLVED["predict-lengths-answer"].replace('"longer"', '"shorter"'),
    "predict-floor-answer": "predictions_adam_floor = {'rate 0.01': 0.005, 'ten times the noise': 5}",
    "bug-where-answer": "line_of_the_decay = 'E'",
    # decays the new place, which is the same for a weight at rest
    "bug-mended": """
def adamw_step(params, grad, m, v, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    params = params - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return params * (1 - lr * decay), m, v
""",
    "reviews-choice": "choice_for_reviews = {'optimizer': 'momentum', 'lr': 0.5}",
    "reviews-when-answer": "when_adam_does_not_help = 'D'",
}
FAILED = {  # the means know the visible questions by heart
    "mean-predictions": """
predictions_mean = {"m after step 1": 4, "m after step 2": 4, "corrected, after step 1": 4}
""",
    "mean": """
def gradient_mean(gradients, beta, corrected):
    m, means = 0, []
    if beta not in (0.9, 0.75):
        return gradients
    for t, g in enumerate(gradients, 1):
        m = beta * m + (1 - beta) * g
        means.append(m / (1 - beta**t) if corrected else m)
    return means
""",
    "adagrad": """
def adagrad_directions(gradients):
    t = 0
    while t < len(gradients):
        directions = gradients / np.sqrt(np.sum(gradients[:t] ** 2, axis=0))
    return directions
""",
    "rmsprop": "def rmsprop_directions(gradients, alpha):\n    return gradients / np.sqrt(squares)",
    "memory-which": "which_step_dies = 'B'",
    "adam": """
def adam_step(params, grad, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return params - lr * m / (np.sqrt(v) + eps), m, v
""",
    "predict-places-answer": """
predictions_adam_places = {"gradient 0.002": 4.9998, "gradient -300": 35, "gradient 7, ten times": -2}
""",
    "predict-lengths-answer": """
predictions_adam_lengths = {
    "loss times 1000": "longer",
    "constant 7": "longer",
    "+1, -1, +1, -1": "one rate",
    "suddenly steeper": "shorter",
    "suddenly gentler": "longer",
    "rare": "shorter",
}
""",
    "predict-floor-answer": "predictions_adam_floor = {'rate 0.01': 0, 'ten times the noise': 0}",
    "bug-curves-answer": "faults_of_adam = dict.fromkeys('PQRS', 'no correction')",
    "bug-where-answer": "line_of_the_decay = 'B'",
    "bug-mended": "adamw_step = adamw_with_a_bug",
    "reviews-choice": "choice_for_reviews = {'optimizer': 'sgd', 'lr': 1.0}",
    "reviews-turned-answer": "predictions_turned = dict.fromkeys(RULES, 'the same')",
    "reviews-when-answer": "when_adam_does_not_help = 'A'",
}
STUDENTS = {"right": SOLVED, "partly": PARTLY, "wrong": FAILED}

POINTS = {  # cell -> what right, partly and wrong get for it
    "mean-numbers": (1, 1, 0),
    "mean-plain": (2, 2, 0),
    "mean-corrected": (2, 0, 0),
    "memory-adagrad": (2, 0, 0),
    "memory-rmsprop": (2, 2, 0),
    "memory-letter": (1, 1, 0),
    "adam-first": (2, 2, 0),
    "adam-later": (3, 0, 0),
    "adam-eps": (1, 0, 0),
    "predict-places": (2, 2, 0),
    "predict-lengths": (2, 0, 0),
    "predict-floor": (1, 0, 0),
    "bug-curves": (2, 2, 0),
    "bug-line": (1, 0, 0),
    "bug-resting": (1, 1, 0),
    "bug-moving": (2, 0, 0),
    "reviews-first": (1, 1, 0),
    "reviews-second": (2, 0, 0),
    "reviews-turned": (1, 1, 0),
    "reviews-letter": (1, 0, 0),
}
