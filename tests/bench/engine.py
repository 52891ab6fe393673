"""How fast the engine is, beside a bare loop, PyTorch and optax: Adam on Rosenbrock, float64, one thread.

Every side computes the same runs from the same point and keeps the same record: path, loss, gradient norm, rate.
"""

import os
import subprocess
import sys

import numpy as np
from bench.table import Table, seconds, side_by_side

from lrlab import descend
from lrlab.objectives import quadratic, rosenbrock
from lrlab.optimizers import adam

START, STEPS, RATES = [-1.2, 1.0], 1000, 64
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


def ours(lr, steps=STEPS):
    """The runs through the engine."""
    run = descend(rosenbrock(), START, lr, optimizer=adam(), steps=steps)
    return run.params, run.loss, run.grad_norm, run.lr


def bare_many(lr, steps=STEPS):
    """What one would write in NumPy for these runs alone, all rates at once."""
    params, rates = np.tile(START, (len(lr), 1)), lr[:, None]
    path, grads = np.empty((2, steps + 1, *params.shape))
    loss = np.empty((steps + 1, len(lr)))
    m, v = np.zeros_like(params), np.zeros_like(params)
    for t in range(steps + 1):
        x, y = params[:, 0], params[:, 1]
        away, up = 1 - x, y - x * x
        grad = grads[t]
        grad[:, 0], grad[:, 1] = -2 * away - 400 * (x * up), 200 * up
        path[t], loss[t] = params, away * away + 100 * (up * up)
        m, v = BETA1 * m + (1 - BETA1) * grad, BETA2 * v + (1 - BETA2) * (grad * grad)
        m_hat, v_hat = m / (1 - BETA1 ** (t + 1)), v / (1 - BETA2 ** (t + 1))
        params = params - rates * m_hat / (np.sqrt(v_hat) + EPS)
    return path, loss, np.sqrt(np.sum(grads * grads, axis=-1)), np.broadcast_to(lr, (steps, len(lr)))


def bare_one(lr, steps=STEPS):
    """The same for a single rate: coordinates are NumPy's scalars, which are faster than arrays of one."""
    params = np.array(START)
    path, grads, loss = np.empty((steps + 1, 2)), np.empty((steps + 1, 2)), np.empty(steps + 1)
    m, v = np.zeros(2), np.zeros(2)
    for t in range(steps + 1):
        x, y = params
        away, up = 1 - x, y - x * x
        grad = np.array([-2 * away - 400 * (x * up), 200 * up])
        path[t], grads[t], loss[t] = params, grad, away * away + 100 * (up * up)
        m, v = BETA1 * m + (1 - BETA1) * grad, BETA2 * v + (1 - BETA2) * (grad * grad)
        m_hat, v_hat = m / (1 - BETA1 ** (t + 1)), v / (1 - BETA2 ** (t + 1))
        params = params - lr * m_hat / (np.sqrt(v_hat) + EPS)
    return path, loss, np.sqrt(np.sum(grads * grads, axis=-1)), np.full(steps, lr)


def torch_one(lr, steps=STEPS):
    """torch.optim.Adam with the analytic gradient: no autograd, which would take three times as long."""
    import torch

    params = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    rule = torch.optim.Adam([params], lr=lr, betas=(BETA1, BETA2), eps=EPS)
    path, grads, loss = np.empty((steps + 1, 2)), np.empty((steps + 1, 2)), np.empty(steps + 1)
    for t in range(steps + 1):
        x, y = path[t] = params.tolist()
        away, up = 1 - x, y - x * x
        grads[t] = grad = -2 * away - 400 * (x * up), 200 * up
        loss[t] = away * away + 100 * (up * up)
        params.grad = torch.tensor(grad, dtype=torch.float64)
        rule.step()
    return path, loss, np.sqrt(np.sum(grads * grads, axis=-1)), np.full(steps, lr)


def torch_many(lr, steps=STEPS):
    """Adam written by hand on a tensor of all rates, as one would without a batched optimizer."""
    import torch

    params, rates = torch.tensor(np.tile(START, (len(lr), 1))), torch.tensor(lr[:, None])
    path, grads = torch.empty((2, steps + 1, *params.shape), dtype=torch.float64)
    loss = torch.empty((steps + 1, len(lr)), dtype=torch.float64)
    m, v = torch.zeros_like(params), torch.zeros_like(params)
    for t in range(steps + 1):
        x, y = params[:, 0], params[:, 1]
        away, up = 1 - x, y - x * x
        grad = torch.stack((-2 * away - 400 * (x * up), 200 * up), dim=1)
        path[t], grads[t], loss[t] = params, grad, away * away + 100 * (up * up)
        m, v = BETA1 * m + (1 - BETA1) * grad, BETA2 * v + (1 - BETA2) * (grad * grad)
        m_hat, v_hat = m / (1 - BETA1 ** (t + 1)), v / (1 - BETA2 ** (t + 1))
        params = params - rates * m_hat / (v_hat.sqrt() + EPS)
    return path.numpy(), loss.numpy(), grads.norm(dim=-1).numpy(), np.broadcast_to(lr, (steps, len(lr)))


def same_runs(rates) -> None:
    """All sides did the same work: their paths agree where the rate is small enough not to amplify rounding."""
    from bench.sweep_optax import sweep as optax

    expected = ours(rates)
    for name, rival in {"bare": bare_many, "torch by hand": torch_many, "optax": optax}.items():
        for kept, wanted in zip(rival(rates), expected, strict=True):
            np.testing.assert_allclose(kept, wanted, rtol=1e-6, atol=1e-6, err_msg=name)
    for name, rival in {"bare": bare_one, "torch.optim": torch_one}.items():
        for kept, wanted in zip(rival(rates[0]), ours(rates[0]), strict=True):
            np.testing.assert_allclose(kept, wanted, rtol=1e-6, atol=1e-6, err_msg=name)


def hot(table: Table) -> None:
    """In one process, when everything is imported and compiled."""
    from bench.sweep_optax import sweep as optax

    rates = np.geomspace(1e-3, 1e-1, RATES)
    same_runs(rates)
    per = 1e6 / STEPS  # microseconds a step
    mine, bare = side_by_side(lambda: ours(rates[0]), lambda: bare_one(rates[0]))
    table.note("one rate: descend over a bare NumPy loop", mine / bare, "times", 1.5)
    table.note("one rate: descend, a step", mine * per, "µs")
    mine, bare = side_by_side(lambda: ours(rates), lambda: bare_many(rates))
    table.note("64 rates at once: descend over a bare NumPy loop", mine / bare, "times", 1.5)
    table.note("64 rates at once: descend, a step of one rate", mine * per / RATES, "µs")
    mine, theirs = side_by_side(lambda: ours(rates), lambda: torch_one(rates[0]))
    table.note("torch.optim.Adam with the analytic gradient, a step", theirs * per, "µs")
    table.note(
        "torch.optim.Adam over descend with 64 rates, a step of one rate", theirs / (mine / RATES), "times", 100, True
    )
    mine, theirs = side_by_side(lambda: ours(rates), lambda: torch_many(rates))
    table.note("Adam by hand on a 64 x 2 torch tensor over descend with 64 rates", theirs / mine, "times")
    mine, theirs = side_by_side(lambda: ours(rates), lambda: optax(rates))
    table.note("descend with 64 rates over optax, once that is compiled", mine / theirs, "times")
    many = np.geomspace(1e-3, 1e-1, 1024)
    table.note("1,024 rates at once: descend, a step of one rate", seconds(lambda: ours(many)) * per / 1024, "µs")
    wide = np.geomspace(1e-3, 1e-1, 200)
    table.note("a sweep of 200 rates x 200 steps", 1e3 * seconds(lambda: ours(wide, 200), 15), "ms", 25)


def slow_bowl(table: Table) -> None:
    """The cheapest step there is, so the loop itself weighs most: plain SGD on a quadratic."""
    curvatures = np.array([1.0, 10.0])
    for batch in (1, RATES):
        lr = np.geomspace(1e-3, 0.1, batch)

        def bare(lr=lr, batch=batch):
            params, rates = np.ones((batch, 2)), lr[:, None]
            path, grads = np.empty((2, STEPS + 1, batch, 2))
            loss = np.empty((STEPS + 1, batch))
            for t in range(STEPS + 1):
                grad = curvatures * params
                path[t], grads[t], loss[t] = params, grad, 0.5 * np.sum(grad * params, axis=-1)
                params = params - rates * grad
            return path, loss, np.sqrt(np.sum(grads * grads, axis=-1))

        mine, theirs = side_by_side(lambda lr=lr: descend(quadratic(curvatures), [1.0, 1.0], lr, steps=STEPS), bare)
        table.note(f"SGD on a quadratic, {batch} at once: descend over a bare loop", mine / theirs, "times", 1.5)


CLOCK = "import time; begin = time.perf_counter(); {}\nprint(time.perf_counter() - begin)"
SWEEP = """import numpy as np; from bench.sweep_{} import sweep
assert sweep(np.geomspace(1e-3, 1.0, 64))[0].shape == (1001, 64, 2)"""


def fresh(statement: str) -> float:
    """The seconds that a new process takes for a statement, with compiled bytecode, as after the first start."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", CLOCK.format(statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout)


def in_turn(*statements: str, repeats: int) -> list[float]:
    """Their median times in new processes, taken in turn after one start that compiles."""
    times = [[fresh(statement) for statement in statements] for _ in range(repeats + 1)]
    return np.median(times[1:], axis=0).tolist()


def cold(table: Table) -> None:
    """In a new process each time: what a reader waits for."""
    mine, theirs = in_turn(SWEEP.format("lrlab"), SWEEP.format("optax"), repeats=5)
    table.note("new process, import to 64 rates x 1,000 recorded steps, lrlab", mine, "s")
    table.note("the same with optax, over lrlab", theirs / mine, "times", 8, True)
    lrlab, numpy = in_turn("import lrlab", "import numpy", repeats=11)
    table.note("import lrlab, over import numpy alone", 1e3 * (lrlab - numpy), "ms", 20)


def run(table: Table) -> None:
    """Every row of the engine."""
    for part in (hot, slow_bowl, cold):
        part(table)
