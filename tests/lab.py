"""A real JupyterLab on loopback for the tests, with settings of its own."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import TimeoutError

PATIENCE = 120_000  # milliseconds: on a new machine the first import compiles everything


@contextlib.contextmanager
def jupyterlab(folder: Path, python: str = sys.executable):
    """The address of a JupyterLab that shows `folder`; nothing of the user's own settings is read or written."""
    home = folder / ".jupyter-test"
    strange = ("JUPYTER", "LRLAB", "PYTEST")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        environment[f"JUPYTER_{name}"] = str(home / name.lower())
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "lab"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    home.mkdir()
    command = [
        python,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with open(home / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield address_of(process, home)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def address_of(process, home: Path, patience: float = 60) -> str:
    """Waits until the server has written down where it listens."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        for path in (home / "runtime_dir").glob("jpserver-*.json"):
            try:
                return json.loads(path.read_text(encoding="utf-8"))["url"]
            except json.JSONDecodeError:  # it is just being written
                pass
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start:\n" + (home / "log").read_text(encoding="utf-8"))


def open_notebook(page, address: str) -> None:
    """Opens a notebook and waits until its kernel rests."""
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=PATIENCE)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=PATIENCE)


def run_all(page) -> None:
    """Runs all cells of the notebook that is open, up to the first error, and waits until the kernel rests."""
    prompts = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(node => node.textContent)"
    started = f"{prompts}.some(text => /[0-9*]/.test(text))"
    for patience in (10_000, 20_000, PATIENCE):  # asked before its kernel is connected, JupyterLab forgets the wish
        page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(TimeoutError):
            page.wait_for_function(started, timeout=patience)
            break
    try:
        page.wait_for_function(f"{started} && !{prompts}.some(text => text.includes('*'))", timeout=PATIENCE)
    except TimeoutError as error:
        raise AssertionError(f"the notebook still runs: {page.evaluate(prompts)}") from error
