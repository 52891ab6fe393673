"""``python -m lrlab.book.publish``: may this book be published? Exit code 1 and one sentence if not."""

import sys
from pathlib import Path

from lrlab.book.run_page import Repository


def problem(config: Path) -> str:
    """What stands in the way of publishing the book of this ``_config.yml``; empty if nothing does."""
    import yaml

    settings = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("repository") or {}
    try:
        repository = Repository.from_settings(settings.get("url") or "", settings.get("branch") or "main")
    except ValueError as error:
        return str(error)
    if repository.is_placeholder:
        return (
            f"repository url in {config.name} is still the placeholder {repository.url}: write your own there,"
            " because the links to Binder and Colab and the 404 page follow it"
        )
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Check the book in the folder given (the current one by default)."""
    folder = Path(*(sys.argv[1:] if arguments is None else arguments)[:1])
    if sentence := problem(folder / "_config.yml"):
        print(sentence, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
