"""What chapters/frameworks.md shows, against the stored answers of PyTorch, Keras and Optax: none is needed here."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "chapters" / "frameworks.md").read_text(encoding="utf-8")
FRAMEWORKS = ("PyTorch", "Keras", "Optax")
with np.load(ROOT / "tests" / "references" / "frameworks.npz", allow_pickle=False) as stored:
    NUMBERS = {name: stored[name] for name in stored.files if name != "text"}
    TEXT = json.loads(str(stored["text"]))

CODE = dict(re.findall(r":::\{tab-item\} (PyTorch|Keras|Optax|lrlab)\n```python\n(.*?)```", PAGE, re.DOTALL))
CELLS = [
    (framework, *spans)
    for row in re.findall(r"^\| (?!PyTorch|schedule).* \|$", PAGE, re.MULTILINE)
    for framework, cell in zip(FRAMEWORKS, row.split("|")[-4:-1], strict=True)
    if (spans := re.findall(r"`([^`]+)`", cell))
]


def ours() -> np.ndarray:
    """The rates of the page's own tab."""
    scope: dict = {}
    exec(CODE["lrlab"], scope)
    return scope["rates"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_page_shows_the_code_that_was_run(framework):
    assert CODE[framework] == TEXT["snippets"][framework], "the tab was changed: run make_frameworks.py"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_rates_are_the_same(framework):
    bound = 1e-15 if framework == "PyTorch" else 2e-8  # the others compute in single precision
    np.testing.assert_allclose(NUMBERS[f"rates {framework}"], ours(), rtol=0, atol=bound)
    assert len(ours()) == 1000
    assert ours().max() == ours()[100] == 0.1


@pytest.mark.parametrize("framework", ["Keras", "Optax"])
def test_their_optimizers_step_at_these_rates(framework):
    np.testing.assert_allclose(NUMBERS[f"used {framework}"], ours(), rtol=0, atol=2e-8)


def cells() -> list[str]:
    """The page's code."""
    return re.findall(r"```\{code-cell\} ipython3\n(?::tags:[^\n]*\n)?(.*?)```", PAGE, re.DOTALL)


def test_the_five_runs_of_the_hunt_are_pytorchs():
    (cell,) = (cell for cell in cells() if "def used(" in cell)
    scope: dict = {}
    exec(cell[: cell.index("STEPS = ")], scope)
    steps = np.arange(scope["BATCHES"] * scope["EPOCHS"])
    for kind in scope["KINDS"]:
        for run in scope["RUNS"]:
            theirs = NUMBERS[f"hunt {kind} {run}"]
            np.testing.assert_allclose(
                scope["used"](kind, run, steps), theirs, rtol=1e-9, atol=1e-12, err_msg=f"{kind} {run}"
            )


def test_momentum_after_a_cut_is_theirs():
    (cell,) = (cell for cell in cells() if "def steps_after_a_cut(" in cell)
    scope: dict = {"np": np}
    exec(cell, scope)
    np.testing.assert_allclose(scope["pytorch"], NUMBERS["momentum PyTorch"], rtol=1e-9)
    np.testing.assert_allclose(scope["keras"], NUMBERS["momentum Keras"], rtol=1e-5)


@pytest.mark.parametrize(("framework", "name", "given"), [(f, name, given) for f, name, *given in CELLS])
def test_names_and_defaults_are_theirs(framework, name, given):
    theirs = TEXT["defaults"][framework][name]
    for argument, _, value in (each.partition("=") for each in given):
        expected = theirs[argument]
        assert ast.literal_eval(value) == (tuple(expected) if isinstance(expected, list) else expected), argument


def test_adagrads_sum_starts_where_the_page_says():
    assert "at 0 in PyTorch and 0.1 in the others" in " ".join(PAGE.split())
    starts = [TEXT["defaults"][framework]["Adagrad"]["initial_accumulator_value"] for framework in ("PyTorch", "Keras")]
    assert [*starts, TEXT["defaults"]["Optax"]["adagrad"]["initial_accumulator_value"]] == [0, 0.1, 0.1]


def test_the_tables_are_read():
    assert len(CELLS) > 45
    assert {"Adam", "adam", "OneCycleLR"} <= {name for _, name, *_ in CELLS}


def test_the_versions_on_the_page_are_those_that_were_asked():
    torch, keras, optax = (TEXT["versions"][name] for name in ("torch", "keras", "optax"))
    short = (torch.rpartition(".")[0], keras.rpartition(".")[0], optax)
    assert "(PyTorch {}, Keras {}, Optax {})".format(*short) in " ".join(PAGE.split())
