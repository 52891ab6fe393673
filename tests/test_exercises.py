"""The sets of exercises: facts in one place, releases in step, the bundle for instructors, the directives for pages."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import matplotlib
import pytest
from answers import BY_SET

from lrlab.checks import SETS, SOLUTIONS, TASKS, Hint, judging
from lrlab.checks.judging import FunctionTask, ResultTask
from lrlab.grading import assign, release, sets, solutions

ROOT = Path(__file__).parents[1]
NAME = "what_is_the_learning_rate"
NAMES = sets.names()
HOW = "run `make exercises` and commit what it changes: releases are made from exercises/source, never by hand"


def cells(name, kind="source") -> list[dict]:
    return json.loads(sets.path_of(name, kind).read_text(encoding="utf-8"))["cells"]


def grading(cell) -> dict:
    return cell["metadata"].get("nbgrader", {})


def python(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options
    )


# -------------------------------------------------------------------------------------------------------------- facts


def test_the_first_set_is_there():
    assert NAME in NAMES
    chosen = sets.read(NAME)
    assert (len(chosen.tasks), chosen.points, chosen.minutes) == (5, 25, 55)


def test_every_set_has_its_checks_and_all_of_them_are_in_use():
    assert list(SETS) == NAMES  # in the order of the course
    for name in NAMES:
        used = {answer for task in sets.read(name).tasks for answer in task.answers}
        assert used == set(SETS[name])
    assert sum(len(sets.read(name).tasks) for name in NAMES) >= 48


@pytest.mark.parametrize("name", NAMES)
def test_minutes_and_points_stand_in_the_text_as_they_are_counted(name):
    chosen = sets.read(name)
    text = "\n".join("".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "markdown")
    assert 45 <= chosen.minutes <= 90
    assert f"{chosen.points:g} points, about {chosen.minutes} minutes" in text
    headings = re.findall(r"^## Task (\d+): (.+) \((\d+) points, about (\d+) minutes\)$", text, re.M)
    assert [(int(n), title.lower(), float(points), int(minutes)) for n, title, points, minutes in headings] == [
        (n, task.title.lower(), task.points, task.minutes) for n, task in enumerate(chosen.tasks, 1)
    ]
    for need in chosen.prerequisites:
        assert need in text
    assert (ROOT / f"{chosen.chapter}.md").is_file()
    assert len(chosen.outcomes) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_every_graded_cell_says_its_points_and_calls_a_check(name):
    for cell in cells(name):
        if grading(cell).get("grade"):
            first = "".join(cell["source"]).splitlines()[0]
            points = grading(cell)["points"]
            match = re.fullmatch(r'checks\.check\("(\w+)", \1(?:, "(\w+)")?\)  # (\d+) points?', first)
            assert match, first
            assert points == int(match[3]) > 0
            task = TASKS[match[1]]
            assert match[2] is None or match[2] in task.parts
            hidden = "### BEGIN HIDDEN TESTS" in "".join(cell["source"])
            assert hidden == isinstance(task, FunctionTask | ResultTask), (
                "a function is asked hidden questions too; a value has one answer"
            )


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_fixed_and_the_same_as_the_grade_ids(name):
    seen = [cell["id"] for cell in cells(name)]
    assert len(set(seen)) == len(seen)
    assert seen == [cell["id"] for cell in cells(name, "release")]
    for cell in cells(name):
        assert grading(cell).get("grade_id", cell["id"]) == cell["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_tidy(name):
    path = sets.path_of(name, "source")
    assert path.read_text(encoding="utf-8") == release.tidied(path), f"{path} holds outputs or versions: {HOW}"


def test_facts_that_do_not_fit_are_told(tmp_path):
    exercises = tmp_path / "exercises"
    shutil.copytree(sets.EXERCISES / "source", exercises / "source")
    path = sets.path_of(NAME, "source", exercises)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"]["lrlab"]["tasks"][0]["cells"].remove("update-arrays")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(ValueError, match="each graded cell once; look at update-arrays"):
        sets.read(NAME, exercises)
    with pytest.raises(ValueError, match=f"no set of exercises called 'nope'; the sets are: {NAME}, "):
        sets.read("nope", exercises)


# ------------------------------------------------------------------------------------------------------------ release


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """A copy of exercises/, in a path with a space, released there by the command."""
    course = tmp_path_factory.mktemp("a course") / "exercises"
    shutil.copytree(sets.EXERCISES, course, ignore=shutil.ignore_patterns("release", "__pycache__"))
    (course / "release" / "gone").mkdir(parents=True)
    code = "import sys, pathlib, lrlab.grading.release as r; sys.exit(r.main(pathlib.Path(sys.argv[1])))"
    first, second = python("-c", code, course), python("-c", code, course)
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "released" in first.stdout
    assert "gone: release removed" in first.stdout
    assert second.stdout == "".join(f"{name}: release is in step\n" for name in NAMES)
    return course


def test_releases_are_in_step_with_their_sources(elsewhere):
    made = {path.relative_to(elsewhere): path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    here = {
        path.relative_to(sets.EXERCISES): path.read_bytes()
        for path in sets.EXERCISES.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints", SOLUTIONS} & set(path.parts)
    }
    assert sorted(made) == sorted(here), HOW  # no gradebook.db, nothing half-written
    for path in made:
        assert made[path] == here[path], f"exercises/{path} is out of step: {HOW}"


@pytest.mark.parametrize("name", NAMES)
def test_a_release_holds_no_solution_and_no_hidden_test(name):
    text = sets.path_of(name, "release").read_text(encoding="utf-8")
    assert not re.search("SOLUTION|HIDDEN|probes", text)
    answered = [cell for cell in cells(name, "release") if grading(cell).get("solution")]
    assert len(answered) == len([cell for cell in cells(name) if grading(cell).get("solution")]) >= 4
    for cell in answered:
        assert "# YOUR CODE HERE" in "".join(cell["source"])
        assert re.search(r"raise NotImplementedError|\.\.\.", "".join(cell["source"]))


def test_a_source_that_cannot_be_released_changes_nothing(tmp_path, elsewhere):
    course = tmp_path / "exercises"
    shutil.copytree(elsewhere, course)
    source, released = (sets.path_of(NAME, kind, course) for kind in ("source", "release"))
    source.write_text(source.read_text(encoding="utf-8").replace("### END SOLUTION", "", 1), encoding="utf-8")
    before = released.read_bytes()
    code = "import sys, pathlib, lrlab.grading.release as r; sys.exit(r.main(pathlib.Path(sys.argv[1])))"
    failed = python("-c", code, course)
    assert failed.returncode == 1
    assert "Nothing was released. what_is_the_learning_rate: " in failed.stderr
    assert released.read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_the_solutions_that_are_given_out_are_whole(name, tmp_path):
    told = solutions.solutions(name)
    assert list(told) == list(SETS[name])
    for code in told.values():
        assert not re.search(r"SOLUTION|NotImplementedError|= \.\.\.", code)
        compile(code, name, "exec")


def test_solutions_are_laid_beside_the_notebooks(tmp_path, capsys):
    course = tmp_path / "exercises"
    shutil.copytree(sets.EXERCISES, course, ignore=shutil.ignore_patterns(SOLUTIONS))
    assert solutions.main(course) == 0
    assert capsys.readouterr().out.count("answers in this folder's notebook now\n") == len(NAMES)
    beside = sets.path_of(NAME, "release", course).with_name(SOLUTIONS)
    assert json.loads(beside.read_text(encoding="utf-8")) == solutions.solutions(NAME)
    asked = ["git", "check-ignore", "--quiet", f"exercises/release/{NAME}/{SOLUTIONS}"]
    assert subprocess.run(asked, cwd=ROOT).returncode == 0


# ------------------------------------------------------------------------------------------------------------- assign


@pytest.mark.parametrize("name", NAMES)
def test_the_bundle_holds_what_an_instructor_needs(name, tmp_path):
    target = tmp_path / "for class 7"
    assert assign.main([name, "--to", str(target)]) == 0
    first = (target / f"{name}.zip").read_bytes()
    assert assign.main([name, "--to", str(target)]) == 0
    assert (target / f"{name}.zip").read_bytes() == first
    assert [path.name for path in target.iterdir()] == [f"{name}.zip"]
    with zipfile.ZipFile(io.BytesIO(first)) as bundle:
        files = {item.filename.removeprefix(f"{name}/"): bundle.read(item).decode() for item in bundle.infolist()}
        assert {item.date_time for item in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    notebooks = {f"{kind}/{name}/{name}.ipynb": sets.path_of(name, kind) for kind in ("source", "release")}
    assert set(files) == {"README.txt", "nbgrader_config.py", f"solutions/{SOLUTIONS}", *notebooks}
    assert json.loads(files[f"solutions/{SOLUTIONS}"]) == solutions.solutions(name)
    for inside, path in notebooks.items():
        assert files[inside] == path.read_text(encoding="utf-8")
    chosen = sets.read(name)
    readme = files["README.txt"]
    for line in (
        f"nbgrader generate_assignment {name}",
        f"nbgrader autograde {name}",
        f"nbgrader generate_feedback {name}",
        "nbgrader collect",
        "pip install -r requirements.txt",
        "The solutions are public.",
        "Plain autograde runs your students' code unprotected",
        "python3 -m venv .venv",
        "Scripts\\activate)",
        f"nbgrader autograde {name} --student=STUDENT --force",
        f"feedback/STUDENT/{name}/{name}.html",
        "shows the hidden tests",
        "5 to 10 seconds for each student",
        "Skipping unknown notebook",
        "Attribute 'checksum' for cell ... has changed!",
        *chosen.outcomes,
        *chosen.prerequisites,
    ):
        assert line in readme
    for task in chosen.tasks:
        assert re.search(rf"{re.escape(task.title)} +{task.points:g} +{task.minutes}\n", readme)
        for cell, points in task.cells.items():
            assert re.search(rf"^ +{cell} +{points:g}$", readme, re.M)
    assert re.search(rf"^All +{chosen.points:g} +{chosen.minutes}$", readme, re.M)


def test_an_unknown_chapter_is_one_sentence_and_exit_code_2(tmp_path):
    for asked in ("nope", ""):
        failed = python("-m", "lrlab.grading.assign", asked, "--to", tmp_path / "x", cwd=tmp_path)
        assert failed.returncode == 2
        assert failed.stdout == ""
        assert (
            failed.stderr == f"There are no exercises for the chapter {asked!r}. Known chapters: {', '.join(NAMES)}.\n"
        )
        assert not any(tmp_path.iterdir())


def test_a_bundle_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda self, target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        assign.main([NAME, "--to", str(tmp_path)])
    assert not any(tmp_path.iterdir())


def test_the_address_of_the_repository_is_read_from_the_one_place(tmp_path):
    config = tmp_path / "_config.yml"
    assert assign.repository(config) == ("", "main")
    config.write_text("title: x\nrepository:\n  url: https://github.com/a/b # c\n  branch: go\nhtml:\n  url: no\n")
    assert assign.repository(config) == ("https://github.com/a/b", "go")
    assert "git clone --branch go https://github.com/a/b\n" in assign.readme(
        sets.read(NAME), *assign.repository(config)
    )
    placeholder = assign.readme(sets.read(NAME), "https://github.com/OWNER/b", "main")
    assert "OWNER" not in placeholder
    assert assign.repository(ROOT / "_config.yml")[0].startswith("https://github.com/")


# --------------------------------------------------------------------------------------------------------- directives

CONF = """
from lrlab.book.run_page import Repository
extensions = ["myst_parser", "lrlab.book.lite", "lrlab.book.exercises"]
exclude_patterns = ["exercises"]
html_theme = "furo"
def setup(app):
    app.add_config_value("lrlab_repository", Repository("someone", "course"), "env")
"""


def build(folder, page) -> tuple[str, str]:
    source = folder / "the book"
    if not source.exists():
        source.mkdir()
        shutil.copytree(sets.EXERCISES, source / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
        (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text(page)
    done = python("-m", "sphinx", "-q", "-E", "-b", "html", source, folder / "out")
    return (folder / "out" / "index.html").read_text(encoding="utf-8"), done.stderr


def test_the_directives_show_the_set(tmp_path):
    page = f"# A page\n\n```{{exercises}} {NAME}\n```\n\n```{{assign}} {NAME}\n```\n"
    html, errors = build(tmp_path, page)
    assert errors == ""
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html))
    chosen = sets.read(NAME)
    for task in chosen.tasks:
        assert f"{task.title}: {task.does} ({task.points:g} points, {task.minutes} minutes)" in text
    assert "Together 25 points, in about 55 minutes." in text
    for word in (
        "Assign this chapter",
        f"make assign CHAPTER={NAME}",
        *chosen.outcomes,
        ", ".join(chosen.prerequisites),
    ):
        assert word in text
    path = f"exercises%2Frelease%2F{NAME}%2F{NAME}.ipynb"
    assert html.count(f"https://mybinder.org/v2/gh/someone/course/main?urlpath=lab%2Ftree%2F{path}") == 2
    served = set(re.findall(rf'href="(_downloads/[0-9a-f]+/{NAME}.ipynb)"', html))
    assert len(served) == 1
    assert (tmp_path / "out" / served.pop()).read_bytes() == sets.path_of(NAME, "release").read_bytes()


def test_an_unknown_set_is_an_error_that_names_page_and_line(tmp_path):
    _, errors = build(tmp_path, "# A page\n\nWords.\n\n```{exercises} nope\n```\n\n```{assign} no\n```\n")
    known = f"the sets are: {', '.join(NAMES)}"
    assert f"index.md:5: ERROR: {{exercises}}: there is no set of exercises called 'nope'; {known}" in errors
    assert f"index.md:8: ERROR: {{assign}}: there is no set of exercises called 'no'; {known}" in errors


# ------------------------------------------------------------------------------------- answers of other students' kind


def run_with(name, answers, monkeypatch) -> list[str]:
    """Run the solved notebook with other answers (None: a cell does not run); what its checks found wrong."""
    matplotlib.use("Agg")
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: matplotlib.pyplot.close("all"))
    space, said = {}, []
    for cell in cells(name):
        source = answers.get(cell["id"], "".join(cell["source"]))
        if cell["cell_type"] == "code" and source is not None and "explore(" not in source:
            try:
                exec(source, space)
            except Hint as hint:
                said.append(str(hint))
    matplotlib.pyplot.close("all")
    return said


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_draws_a_right_answer_of_another_form(name, monkeypatch, capsys):
    assert run_with(name, BY_SET[name].STUDENTS["right"], monkeypatch) == []
    out = capsys.readouterr().out
    assert "to draw yet" not in out
    assert "as far as it goes" not in out


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_student_has_answered_everything(name, monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 0.5)
    said = run_with(name, BY_SET[name].STUDENTS["wrong"], monkeypatch)
    assert not [line for line in said if "still empty" in line]
    assert [line for line in said if "a loop without end" in line]


def test_a_picture_takes_an_answer_of_any_kind(monkeypatch, capsys):
    answers = {
        "walk": (
            "def walk(gradient, start, lr, steps):\n    path = [start]\n    for t in range(steps):\n"
            "        path.append(path[-1] - lr(t) * gradient(path[-1]))\n    return path"
        ),
        "regime": (
            "def regime(lr, c):\n    far = np.where(lr * c == 2, 'bounces', 'diverges')\n"
            "    near = np.where(lr * c < 2, 'overshoots', far)\n"
            "    return np.where(lr * c < 1, 'creeps', np.where(lr * c == 1, 'one step', near))"
        ),
        "largest": "def largest_stable_rate(curvatures):\n    return np.array(2 / max(curvatures))",
        "update": "def update(params, grad, lr):\n    return np.asarray(params - lr * grad)",
        "rate": "rate_at_the_edge = np.array(0.24)",
    }
    assert run_with(NAME, answers, monkeypatch) == []
    assert "to draw yet" not in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_that_python_could_not_read_is_answered_in_one_line(name, monkeypatch, capsys):
    unread = [cell["id"] for cell in cells(name) if grading(cell).get("solution")]
    said = run_with(name, dict.fromkeys(unread), monkeypatch)
    assert len(said) == len([cell for cell in cells(name) if grading(cell).get("grade")])
    assert all("is still empty: " in line and "could not read it" in line for line in said)
    assert "Python says" not in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_and_ends_as_all_do(name):
    """What is needed, one sentence where a package is missing, a picture after each task, what next."""
    found = cells(name)
    assert [cell["id"] for cell in found[:2]] == ["title", "imports"]
    assert "**You need:**" in "".join(found[0]["source"])
    first = "".join(found[1]["source"])
    start = "".join(cells(NAME)[1]["source"])
    same = slice(start.index("class Missing"), start.index("try:"))
    assert start[same] in first
    ends = start[start.index("except ModuleNotFoundError") :].replace(NAME, name)
    assert first[first.index("except ModuleNotFoundError") :].startswith(ends[: ends.index("GOOD")])
    assert first.endswith(ends[ends.index("# an answer whose cell") :])
    assert found[-1]["id"] == "next"
    assert "## What to read next" in "".join(found[-1]["source"])
    tasks = [i for i in range(len(found)) if "".join(found[i]["source"]).startswith("## Task ")]
    for begin, end in zip(tasks, [*tasks[1:], len(found) - 1], strict=True):
        drawn = [cell for cell in found[begin:end] if cell["id"].endswith("-picture")]
        assert drawn, f"no picture after {found[begin]['id']}"
        assert all("".join(cell["source"]).startswith("with checks.drawing(") for cell in drawn)
        folded = {"source_hidden": True}  # the picture counts, and its code opens with a click
        assert all(cell["metadata"]["jupyter"] == folded for cell in drawn)


def test_a_missing_package_and_an_old_python_are_one_sentence(monkeypatch):
    first = "".join(cells(NAME)[1]["source"])
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(Exception, match=r"run `pip install -r requirements\.txt`") as missing:
        exec(first, {})
    assert missing.value._render_traceback_() == [str(missing.value)]
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(Exception, match=r"needs Python 3\.11 or newer, and this is"):
        exec(first, {})
