"""The site's Sphinx extension: claims, terms, tables, mathematics as MathML, and a light page that asks no other host.

``_config.yml`` loads it as ``lrlab.book``. Its one setting beside Jupyter Book's own ``repository`` is ``lrlab_lite``:
the folder of a JupyterLite site that the built book takes in, or empty for none (``make lite`` sees to it).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register the parts of the extension with Sphinx."""
    # here and not above: `make serve` and the tests that import one part need not wait for Sphinx
    from lrlab.book import (
        claims,
        exercises,
        formulas,
        glossary,
        lite,
        pages,
        references,
        run_page,
        scroll,
        site,
        tables,
    )

    for part in (claims, exercises, tables, pages, references, glossary, formulas, scroll, site, lite, run_page):
        part.setup(app)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
