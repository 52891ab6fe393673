"""python -m lrlab.grading.release: the students' notebooks, made from their sources by nbgrader.

nbgrader works in a temporary course folder, so that its database never lies about, and nothing in exercises/ changes
unless every set could be released. Run twice it gives the same bytes.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from lrlab.grading import sets


class ReleaseError(Exception):
    """A set could not be released; the message is what nbgrader said."""


def tidy(notebook: dict) -> dict:
    """A notebook without what running it leaves behind: outputs, counts, and the version of the Python that ran it."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
        for left in ("execution", "collapsed", "scrolled", "ExecuteTime"):
            cell["metadata"].pop(left, None)
    metadata = notebook["metadata"]
    about = {key: metadata[key] for key in metadata if key in ("kernelspec", "lrlab")}
    return {**notebook, "metadata": {**about, "language_info": {"name": "python"}}}


def as_text(notebook: dict) -> str:
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def tidied(path: Path) -> str:
    return as_text(tidy(json.loads(path.read_text(encoding="utf-8"))))


def release(exercises: Path = sets.EXERCISES) -> dict[Path, str]:
    """Every released notebook there should be, and its text; nothing is written into exercises/."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    made = {}
    # nbgrader calls the program alembic, which stands beside this Python even where the environment is not activated
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    with tempfile.TemporaryDirectory(prefix="lrlab-release-") as folder:
        course = Path(folder).resolve()
        for name in sets.names(exercises):
            sets.read(name, exercises)  # its facts fit together
            shutil.copytree(
                exercises / "source" / name,
                course / "source" / name,
                ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"),
            )
            source = sets.path_of(name, "source", course)
            source.write_text(tidied(source), encoding="utf-8")
        config = PyFileConfigLoader("nbgrader_config.py", path=str(exercises)).load_config()
        config.CourseDirectory.root = str(course)
        api = NbGraderAPI(config=config)
        for name in sets.names(exercises):
            result = api.generate_assignment(name)
            if not result["success"]:
                raise ReleaseError(f"{name}: {result.get('log') or result.get('error')}")
            made[sets.path_of(name, "release", exercises)] = tidied(sets.path_of(name, "release", course))
    return made


def write(path: Path, content: str | bytes) -> bool:
    """Put a whole file in place at once; False where it is there already."""
    content = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return True


def main(exercises: Path = sets.EXERCISES) -> int:
    """Release every set, tidy the sources, and remove releases whose source is gone."""
    try:
        made = release(exercises)
    except (ReleaseError, ValueError) as error:
        print(f"Nothing was released. {error}", file=sys.stderr)
        return 1
    for path, text in made.items():
        source = sets.path_of(path.stem, "source", exercises)
        changed = write(path, text)
        if write(source, tidied(source)):
            print(f"{path.stem}: source tidied")
        print(f"{path.stem}: {'released' if changed else 'release is in step'}")
    for folder in sorted((exercises / "release").glob("*")):
        if folder.name not in {path.stem for path in made}:
            shutil.rmtree(folder)
            print(f"{folder.name}: release removed, its source is gone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
