"""What the build collects page by page and shows on one page of its own."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class PerPage:
    """page -> what was found on it, kept in Sphinx's environment while pages are read, in one process or in several."""

    def __init__(self, name: str):
        self.attribute = f"lrlab_{name}"

    def of(self, env: "BuildEnvironment") -> dict[str, Any]:
        """What was found, as far as the pages are read."""
        if not hasattr(env, self.attribute):
            setattr(env, self.attribute, {})
        return getattr(env, self.attribute)

    def connect(self, app: "Sphinx", shown_on: str | None = None) -> None:
        """Forget a page that is read again, take what another process has read, and write `shown_on` each time."""
        app.connect("env-purge-doc", lambda app, env, page: self.of(env).pop(page, None))
        app.connect("env-merge-info", self.merge)
        if shown_on:
            app.connect("env-updated", lambda app, env: [shown_on] if shown_on in env.found_docs else [])

    def merge(self, app: "Sphinx", env: "BuildEnvironment", pages: set[str], other: "BuildEnvironment") -> None:
        """Take the pages that another process has read."""
        self.of(env).update({page: found for page, found in self.of(other).items() if page in pages})
