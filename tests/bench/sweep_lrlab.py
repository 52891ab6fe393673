"""64 rates x 1,000 steps of Adam on Rosenbrock with lrlab; the benchmark runs it in a new process, import included."""

from lrlab import descend, objectives, optimizers


def sweep(rates):
    """path (1001, B, 2), loss and gradient norm (1001, B), rates (1000, B)."""
    run = descend(objectives.rosenbrock(), [-1.2, 1.0], rates, optimizer=optimizers.adam(), steps=1000)
    return run.params, run.loss, run.grad_norm, run.lr
