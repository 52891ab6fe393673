"""A real Chromium for the tests, and the built site that it looks at."""

import os
import re
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from lrlab.book.serve import server

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# without these it keeps looking for its maker's hosts
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--font-render-hinting=none",
]


def pages() -> list[str]:
    """Every page of the built site, as addresses below its root; JupyterLite's own are none of ours."""
    found = (path.relative_to(SITE) for path in SITE.rglob("*.html"))
    return sorted(str(path) for path in found if "_static" not in path.parts and path.parts[0] != "lite")


def counted() -> dict[str, list[float]]:
    """page -> words, demos, pictures, claims, seconds of execution, from the table that the build has made."""
    text = (SITE / "chapters" / "pages.html").read_text(encoding="utf-8").split("<caption>")[1]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL):
        if link := re.search(r'href="([^"]*)\.html"', row):
            cells = re.findall(r"<p>([^<]*)</p>", row)
            found[link[1]] = [float(cell.replace(",", "")) for cell in cells]
    return found


@contextmanager
def chromium():
    """A running browser: one on PATH, else Playwright's own; without one the test fails and says what to install."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    # Chromium's own sandbox does not work for root
    arguments = QUIET + (["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).exists():
            raise RuntimeError(f"no browser is here: put one of {', '.join(NAMES)} on PATH, or run `make test`")
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path = SITE):
    """The address of `folder`, served on loopback."""
    httpd = server(folder)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/"
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


@contextmanager
def opened(browser: Browser, address: str, **options):
    """A page at `address`; when it is closed, whatever went wrong on it is an error of the test.

    Wrong is: a request to another host, an answer other than 2xx or 3xx, anything in the console, an error of a script.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page = context.new_page()
    wrong = []
    host = address.split("/")[2]

    def asked(request):
        scheme, _, rest = request.url.partition("://")
        if scheme in ("http", "https", "ws", "wss") and rest.split("/")[0] != host:
            wrong.append(f"asked another host: {request.url}")

    page.on("request", asked)
    page.on("response", lambda answer: answer.status >= 400 and wrong.append(f"{answer.status}: {answer.url}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on("console", lambda message: wrong.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.goto(address, wait_until="load")
    try:
        yield page
    finally:
        context.close()
    assert not wrong, f"{address}:\n" + "\n".join(wrong)
