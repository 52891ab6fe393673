"""``python -m lrlab.book.serve FOLDER``: the built site on loopback, with its own page for a wrong address."""

import argparse
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder, and its ``404.html`` for all else, as GitHub Pages serves them."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a wrong address with the site's own page."""
        page = Path(self.directory, "404.html")
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of single requests."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of ``folder`` on loopback; port 0 takes a free one, which ``server_port`` tells."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m lrlab.book.serve", description="Serve the built site on loopback.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    if not (options.folder / "index.html").is_file():
        parser.exit(1, f"{options.folder} holds no built site: run `make book` first\n")
    try:
        httpd = server(options.folder, options.port)
    except OSError as error:
        parser.exit(
            1, f"port {options.port} cannot be used ({error.strerror}): name another, as in `make serve PORT=8001`\n"
        )
    with httpd:
        print(f"The Learning Rate: http://127.0.0.1:{httpd.server_port}/ (stop with Ctrl+C)", flush=True)
        try:
            httpd.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
