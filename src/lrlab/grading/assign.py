"""python -m lrlab.grading.assign CHAPTER [--to DIR]: all that an instructor needs to assign a chapter, in one zip."""

import argparse
import io
import sys
import zipfile
from pathlib import Path

import yaml

from lrlab.checks import SOLUTIONS
from lrlab.grading import sets
from lrlab.grading.release import as_text, tidied, write
from lrlab.grading.solutions import solutions

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of every file in the bundle, so that the same files give the same bytes

README = """\
{title}
{line}

{tasks} tasks, {points:g} points, about {minutes} minutes.

Students need
{prerequisites}

After it they can
{outcomes}

What is in here
---------------
README.txt           this page
release/             the notebook for students: hand this out
source/              the same with the solutions and the hidden tests: nbgrader makes the release from it
solutions/           a file that lets checks.solution("...") print an answer: give it out when you want that, to lie
                     beside each student's notebook; until then it says that the solutions are not given out
nbgrader_config.py   nbgrader's settings

Points
------
{table}

What to install
---------------
Python 3.11 or newer, and, for you and for your students, the course's own package with the versions it was tested with.
It goes into a virtual environment of its own.
{install}
  python3 -m venv .venv
  source .venv/bin/activate            (on Windows: .venv\\Scripts\\activate)
  pip install -r requirements.txt
Who grades also needs nbgrader:
  pip install -e ".[grading]"
Every command below runs inside this environment: activate it again in each new terminal.

Steps
-----
In this folder, which is a course folder as nbgrader knows it:

1. Assign:    nbgrader generate_assignment {name} --force
              It puts the tasks into gradebook.db and makes the notebook in release/ again.
              Hand that out as you hand out files, or with nbgrader release_assignment.
2. Collect:   put each student's notebook into
              submitted/STUDENT/{name}/{name}.ipynb
              by hand, with nbgrader zip_collect, or with nbgrader collect.
3. Autograde: nbgrader autograde {name}
              About 5 to 10 seconds for each student.
4. Feedback:  nbgrader generate_feedback {name}
              One page for each student: feedback/STUDENT/{name}/{name}.html
              It shows the hidden tests too: give it out when all have handed in.
5. Grades:    nbgrader export
              It writes them to grades.csv.

When something looks wrong
--------------------------
A new version came in.  nbgrader skips a submission that is graded already ("Skipping existing assignment"). Grade it
    again with  nbgrader autograde {name} --student=STUDENT --force
    and give  nbgrader generate_feedback  the same two options.
0 points, and no page of feedback.  Most often the file has another name, such as "{name} (1).ipynb".
    Autograde then says "Skipping unknown notebook", "No notebooks found, did you forget to run 'nbgrader
    generate_assignment'?" and, at its end, "There was an error processing assignment" with the student. grades.csv
    says only 0. Look for these lines, rename the file, and run autograde once more.
Many lines "Attribute 'checksum' for cell ... has changed!"  They are expected and no sign of tampering: grading puts
    the hidden tests back into the cells, and that changes their checksums.
A task lost its points to another one.  A later task may call what the student wrote for an earlier one: an error in
    that cell, such as a missing colon, costs both. Mend it in submitted/ and grade again if you want to be lenient.

Two things to know
------------------
The solutions are public. The course is open, and its repository holds them, the hidden tests included. Use the
points to see who worked through the tasks, not as an examination.

Plain autograde runs your students' code unprotected, as you, with your files and your network. Do it in a container or
on a machine that holds nothing you would miss. A submission can also cheat the tests in this way.
"""

INSTALL = {
    True: "Clone the course's repository, and in that folder",  # its address has not been filled in yet
    False: "  git clone --branch {branch} {url}\nand in that folder",
}


def repository(config: Path) -> tuple[str, str]:
    """The repository's address and branch, from the one place where they stand: `repository` in _config.yml."""
    settings = yaml.safe_load(config.read_text(encoding="utf-8")) if config.is_file() else {}
    found = (settings or {}).get("repository") or {}
    return found.get("url") or "", found.get("branch") or "main"


def points_table(chosen: sets.ExerciseSet) -> str:
    rows = [("Task", "cell", "points", "minutes")]
    for number, task in enumerate(chosen.tasks, 1):
        rows.append((f"{number}. {task.title}", "", f"{task.points:g}", str(task.minutes)))
        rows += [("", cell, f"{points:g}", "") for cell, points in task.cells.items()]
    rows.append(("All", "", f"{chosen.points:g}", str(chosen.minutes)))
    wide = [max(len(row[i]) for row in rows) for i in range(4)]
    return "\n".join(
        f"{title:<{wide[0]}}  {cell:<{wide[1]}}  {points:>{wide[2]}}  {minutes:>{wide[3]}}".rstrip()
        for title, cell, points, minutes in rows
    )


def readme(chosen: sets.ExerciseSet, url: str, branch: str) -> str:
    return README.format(
        name=chosen.name,
        title=chosen.title,
        line="=" * len(chosen.title),
        tasks=len(chosen.tasks),
        points=chosen.points,
        minutes=chosen.minutes,
        prerequisites="\n".join(f"- {need}" for need in chosen.prerequisites),
        outcomes="\n".join(f"- {outcome}" for outcome in chosen.outcomes),
        table=points_table(chosen),
        install=INSTALL[not url or "/OWNER/" in url].format(url=url, branch=branch),
    )


def bundle(name: str, exercises: Path = sets.EXERCISES) -> bytes:
    """The zip, the same bytes for the same files; ValueError for a set that does not exist or is not released."""
    chosen = sets.read(name, exercises)
    released = sets.path_of(name, "release", exercises)
    if not released.is_file():
        raise ValueError(f"{name} is not released yet: run `make exercises` first")
    files = {
        "README.txt": readme(chosen, *repository(exercises.parent / "_config.yml")),
        "nbgrader_config.py": (exercises / "nbgrader_config.py").read_text(encoding="utf-8"),
        f"solutions/{SOLUTIONS}": as_text(solutions(name, exercises)),
        f"release/{name}/{name}.ipynb": released.read_text(encoding="utf-8"),
        f"source/{name}/{name}.ipynb": tidied(sets.path_of(name, "source", exercises)),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            info = zipfile.ZipInfo(f"{name}/{path}", LONG_AGO)
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return buffer.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Write NAME.zip and say where; 2 for a chapter that has no exercises."""
    parser = argparse.ArgumentParser(
        prog="make assign", description="Make an instructor's bundle of a chapter's exercises."
    )
    parser.add_argument("chapter", nargs="?", default="", help="such as what_is_the_learning_rate")
    parser.add_argument("--to", type=Path, default=Path("_build/assign"), help="the folder for the zip (_build/assign)")
    asked = parser.parse_args(arguments)
    known = sets.names()
    if asked.chapter not in known:
        print(
            f"There are no exercises for the chapter {asked.chapter!r}. Known chapters: {', '.join(known)}.",
            file=sys.stderr,
        )
        return 2
    try:
        content = bundle(asked.chapter)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    target = asked.to / f"{asked.chapter}.zip"
    write(target, content)
    print(f"The bundle is {target} ({len(content) // 1000} kB). Unzip it and read README.txt.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
