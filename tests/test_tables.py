"""The tables that the build makes: every rule is in them, and they say what the tests find."""

import json
import re
import shutil

import pytest
from browser import ROOT
from test_book import HEADER

from lrlab.book import parity, run_page, tables
from lrlab.checks import TASKS
from lrlab.datasets import FOLDER
from lrlab.grading import sets
from lrlab.objectives import OBJECTIVES
from lrlab.optimizers import OPTIMIZERS
from lrlab.schedules import SCHEDULES


def text(cell) -> str:
    return cell if isinstance(cell, str) else cell.astext()


def column(made: tables.Made, title: str) -> list[str]:
    return [text(row[made.head.index(title)]) for row in made.body]


@pytest.mark.parametrize(
    ("name", "rows"), [("optimizers", OPTIMIZERS), ("schedules", SCHEDULES), ("landscapes", OBJECTIVES)]
)
def test_every_rule_stands_there_with_its_equation(name, rows):
    made = tables.TABLES[name](ROOT)
    assert column(made, "name") == list(rows)
    assert all("=" in equation or ":" in equation for equation in column(made, "equation"))


def test_every_optimizer_is_compared_on_every_problem():
    made = tables.optimizer_parity(ROOT)
    assert column(made, "optimizer") == list(OPTIMIZERS)
    assert {"quadratic", "rosenbrock", "beale"} <= set(made.head)
    assert float(column(made, "rosenbrock")[0]) < 1e-14


def test_every_task_stands_there_with_what_its_checks_know():
    made, every = tables.tasks(ROOT), [sets.read(name) for name in sets.names()]
    listed = [line for chosen in every for line in (chosen.name, *(task.title for task in chosen.tasks))]
    assert [title.split(". ")[-1] for title in column(made, "set and task")] == [*listed, "together"]
    known = [int(count) for count in column(made, "mistakes")]
    assert min(known) >= 3
    assert known[-1] == sum(len(task.mistakes) for task in TASKS.values())
    assert column(made, "points")[-1] == f"{sum(chosen.points for chosen in every):g}"
    assert column(made, "minutes")[0] == str(every[0].minutes)


def test_a_worse_engine_shows_in_the_table(monkeypatch):
    path = parity.our_path
    monkeypatch.setattr(parity, "our_path", lambda case, steps: path(case, steps) * (1 + 1e-9))
    assert float(column(tables.optimizer_parity(ROOT), "rosenbrock")[0]) > 1e-10


def test_every_scheduler_class_is_compared():
    made = tables.schedule_parity(ROOT)
    classes = {"StepLR", "OneCycleLR", "ReduceLROnPlateau", "SequentialLR", "ChainedScheduler", "SWALR"}
    assert classes <= set(column(made, "PyTorch"))
    assert all(float(away) < 1e-12 for away in column(made, "largest error"))


def test_the_benchmark_that_is_shown_kept_its_limits():
    found = json.loads((ROOT / tables.BENCH).read_text(encoding="utf-8"))
    limited = [row for row in found["rows"] if row["limit"] is not None]
    assert {row["part"] for row in limited} >= {"engine", "site"}
    for row in limited:
        kept = row["value"] >= row["limit"] if row["at_least"] else row["value"] <= row["limit"]
        assert kept, row
    assert "engine" not in tables.bench(ROOT).title
    assert len(tables.bench(ROOT).body) == sum(row["part"] != "site" for row in found["rows"])


def test_a_table_without_its_numbers_is_an_error_that_says_what_writes_them(tmp_path):
    from sphinx.cmd.build import main

    shutil.copytree(ROOT / tables.REFERENCES, tmp_path / tables.REFERENCES, ignore=shutil.ignore_patterns("*.npz"))
    page = "# A page\n\n```{made-table} bench\n```\n\n```{made-table} schedule-parity\n```\n\n```{made-table} no\n```\n"
    (tmp_path / "index.md").write_text(page)
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "lrlab.book.tables"]\n')
    log = tmp_path / "log"
    assert main(["-q", "-E", "-w", str(log), str(tmp_path), str(tmp_path / "out")]) == 0
    said = log.read_text(encoding="utf-8")
    assert "bench.json is missing: `make bench` writes it" in said
    assert "schedules.npz is missing: `make references` writes it" in said
    assert "there is no table 'no', only optimizers, schedules" in said


def test_a_notebook_for_download_points_to_the_site_for_its_tables():
    notebook = run_page.to_notebook(HEADER + "# One\n\n```{made-table} bench\n```\n\nThe end.\n")
    assert "{made-table}" not in notebook
    assert "The table “bench” is made with the site" in "".join(json.loads(notebook)["cells"][0]["source"])


def test_every_data_file_is_listed_with_its_size_and_licence():
    made = tables.TABLES["data"](ROOT)
    assert set(column(made, "file")) == {path.name for path in FOLDER.glob("*.npz")}
    assert all(size.endswith(" kB") for size in column(made, "size"))
    assert all(re.match(r"CC BY|BSD", licence) for licence in column(made, "licence"))
    assert sum(path.stat().st_size for path in FOLDER.glob("*.npz")) < 3e6
