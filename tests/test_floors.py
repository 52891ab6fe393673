"""Imports go down only: the floors of the engine, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

import lrlab

ROOT = Path(lrlab.__file__).parent
FLOORS = [
    {"arguments"},
    {"objectives", "optimizers", "schedules", "models", "datasets", "curvature"},
    {"descent"},
    {"tuning", "doctor"},
    {"plots", "checks", "experiments"},
    {"explore", "grading", "book"},
    {"__main__"},
]
FLOOR = {name: height for height, floor in enumerate(FLOORS) for name in floor}
NUMPY_ONLY = {name for floor in FLOORS[:4] for name in floor} | {"checks", "experiments"}
FILES = sorted(
    path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py" and "data" not in path.relative_to(ROOT).parts
)  # beside the data lie the scripts that made it, which no one imports


def module_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, `from lrlab import x` as lrlab.x."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of what you import"
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "lrlab" else {node.module}
            )
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path):
    module = module_of(path)
    assert module in FLOOR, f"{module} stands on no floor: add it to FLOORS"
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "lrlab" or parts[1] == module:
            continue
        below = {"descend": "descent", "Trajectory": "descent", "steps_to": "descent"}.get(parts[1], parts[1])
        if below == "__version__":
            continue
        assert FLOOR[below] <= FLOOR[module], f"{path} imports {name}, which is on a higher floor"
        assert FLOOR[below] < FLOOR[module] or module in ("grading", "book", "plots", "checks"), (
            f"{path} imports its neighbour {name}"
        )


@pytest.mark.parametrize("path", [path for path in FILES if module_of(path) in NUMPY_ONLY], ids=lambda path: path.name)
def test_the_engine_needs_numpy_alone(path):
    import sys

    for name in imports_of(path):
        bar = {"tqdm"} if path.name == "__main__.py" else set()  # for who makes the data, not for who loads it
        assert name.split(".")[0] in {"lrlab", "numpy"} | bar | sys.stdlib_module_names


def test_importing_the_engine_loads_no_more_than_numpy():
    """Time is measured by `make bench`; here is why it stays short."""
    import subprocess
    import sys

    code = "import sys, numpy; before = set(sys.modules); import lrlab; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = {name for name in done.stdout.split() if not name.startswith("lrlab")}
    assert not {name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names}, loaded
