"""The site's Sphinx extension: formulas, links, the check before publishing, and a small book built for real."""
# ruff: noqa: RUF001 (mathematical letters that look like plain ones)

import html.parser
import json
import re
import shutil
import subprocess
import sys
import threading
import types
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path

import browser
import pytest

from lrlab.book import claims, formulas, glossary, publish, references, run_page, scroll, serve, signs

ROOT = Path(__file__).parent.parent
STATIC = Path(formulas.__file__).parent / "static"
REPOSITORY = run_page.Repository("ada", "the-learning-rate")
HEADER = """---
jupytext: {formats: md:myst, text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3, language: python}
---
"""


# formulas


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>"),
        (r"\sqrt[3]{x}", "<mroot>"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "<mtable"),
        (r"\begin{cases} a & x > 0 \\ b & \text{else} \end{cases}", "<mtext>else</mtext>"),
        (r"\mathbb{R}", "ℝ"),
        (r"\mathscr{L}", "ℒ"),
        (r"\mathbf{x}", "𝐱"),
        (r"\boldsymbol{\theta}", "𝜽"),
        (r"\hat{x}", 'accent="true"'),
        (r"\overline{xy}", "‾"),
        (r"\underline{xy}", "_"),
        (r"\sum_{i=1}^n x_i", "<munderover>"),
        (r"\operatorname{tr} A", "<mi>tr</mi>"),
        (r"\argmin_x f(x)", "arg"),
        (r"\lVert x \rVert", "‖"),
        (r"\begin{split} a &= b \\ &= c \end{split}", "<mtable"),
    ],
)
def test_a_formula_becomes_mathml(tex, part):
    mathml = formulas.to_mathml(tex, display=True)
    assert mathml.startswith('<math display="block">')
    assert part in mathml


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"a + \foo", r"Unknown command \"\\foo\", at character 4 of\na \+ \\foo"),
        (r"\frac{a", "at character 7"),
        (r"a & b", "&"),
        (r"\eqref{x}", "{eq}`label`"),
        (r"\widehat{xyz}", "does not stretch"),
        (r"\bm{x}", r"U\+1D499\) is not in the math font"),
    ],
)
def test_a_formula_that_cannot_be_shown_says_why(tex, reason):
    with pytest.raises(ValueError, match=reason):
        formulas.to_mathml(tex, display=False)


def test_words_may_have_any_letter():
    assert "größer" in formulas.to_mathml(r"x \text{ größer}", display=False)


def test_rows_split_outside_of_braces_and_environments():
    tex = r"a &= \begin{pmatrix} 1 \\ 2 \end{pmatrix} \\[2pt] b &= {x \\ y} \\ "
    assert [row.strip() for row in formulas.split_rows(tex)] == [
        r"a &= \begin{pmatrix} 1 \\ 2 \end{pmatrix}",
        r"b &= {x \\ y}",
    ]


def test_rows_of_an_environment_carry_labels_and_numbers():
    tex = r"\begin{align} a &= b \label{one} \\ c &= d \notag \\ e &= f \end{align}"
    name, rows = formulas.environment_rows(tex)
    assert name == "align"
    assert [(row.tex, row.label, row.numbered) for row in rows] == [
        ("a &= b", "one", True),
        ("c &= d", None, False),
        ("e &= f", None, True),
    ]
    mathml = formulas.to_mathml(tex, display=True, numbers=(7, None, 8))
    assert re.findall(r"<mtext>(.*?)</mtext>", mathml) == ["(7)", "(8)"]
    assert formulas.environment_rows("a = b") is None
    assert not any(row.numbered for row in formulas.environment_rows(tex.replace("align", "align*"))[1])


def test_wide_formulas_are_told_from_narrow_ones():
    assert not formulas.is_wide(formulas.to_mathml(r"f(x) = \frac12 x^2", display=True))
    assert formulas.is_wide(formulas.to_mathml(r"x_{t+1} = x_t - \eta \nabla f(x_t) + \beta v_t", display=True))


def test_the_font_has_its_signs_and_its_math_table():
    from fontTools.ttLib import TTFont

    with TTFont(STATIC / "lrlab-math.woff2") as font:
        assert "MATH" in font
        missing = signs.IN_FONT - set(font.getBestCmap()) - set(signs.STYLES)
        stretched = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
        assert {font.getBestCmap()[ord(sign)] for sign in "()[]{}|√∑∫"} <= {*stretched}
    assert all(unicodedata.category(chr(code)) == "Cn" for code in missing), "run make_font.py"
    assert (STATIC / "lrlab-math.woff2").stat().st_size < 45_000
    assert "SIL OPEN FONT LICENSE" in (STATIC / "lrlab-math-OFL.txt").read_text(encoding="utf-8")


# links


def test_the_links_of_a_markdown_page():
    links = run_page.page_links(REPOSITORY, "chapters/one page.md", "../")
    assert [link.text for link in links] == ["Open in Binder", "Download .ipynb", "Download .md"]
    assert links[0].href == (
        "https://mybinder.org/v2/gh/ada/the-learning-rate/main?urlpath=lab%2Ftree%2Fchapters%2Fone%2520page.md"
    )
    assert links[1] == ("Download .ipynb", "../_sources/chapters/one%20page.ipynb", "one page.ipynb")
    assert links[2].href == "../_sources/chapters/one%20page.md"


def test_the_links_of_a_committed_notebook():
    repository = run_page.Repository("ada", "book", "dev", "docs")
    links = {link.text: link.href for link in run_page.page_links(repository, "a/lab.ipynb", "../")}
    assert links == {
        "Open in Binder": "https://mybinder.org/v2/gh/ada/book/dev?urlpath=lab%2Ftree%2Fdocs%2Fa%2Flab.ipynb",
        "Open in Colab": "https://colab.research.google.com/github/ada/book/blob/dev/docs/a/lab.ipynb",
        "Download .ipynb": "../_sources/a/lab.ipynb",
    }


def test_the_browser_kernel_is_offered_where_it_was_built():
    links = {link.text: link.href for link in run_page.page_links(REPOSITORY, "a/b.md", "../", in_browser=True)}
    assert links["Run in the browser"] == "../lite/notebooks/index.html?path=a/b.ipynb"


def test_the_bar_is_a_named_landmark_and_escapes():
    bar = run_page.bar([run_page.Link("x", "a?b&c", 'd"e')])
    assert bar.startswith('<nav class="lr-run" aria-label="Run this page">')
    assert '<a href="a?b&amp;c" download="d&quot;e">x</a>' in bar


@pytest.mark.parametrize(
    "url", ["https://github.com/ada/book", "https://github.com/ada/book/", "https://github.com/ada/book.git"]
)
def test_repository_addresses(url):
    repository = run_page.Repository.from_settings(url)
    assert (repository.url, repository.site_root) == ("https://github.com/ada/book", "/book/")


def test_another_host_is_an_error():
    with pytest.raises(ValueError, match=r"write it as https://github\.com/OWNER/NAME"):
        run_page.Repository.from_settings("https://example.org/ada/book")
    assert run_page.Repository("Ada", "ada.github.io").site_root == "/"


def test_a_notebook_for_download_has_the_same_bytes_each_time():
    source = HEADER + "# Title\n\ntext\n\n```{code-cell} ipython3\n1 + 1\n```\n"
    first = run_page.to_notebook(source)
    assert first == run_page.to_notebook(source)
    cells = json.loads(first)["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code"]


def test_a_notebook_names_its_exercises_in_place_of_the_sites_directives():
    page = HEADER + "# One\n\n```{exercises} one\n```\n\n```{assign} one\n```\n\nThe end.\n"
    text = run_page.to_notebook(page)
    assert "[exercises/release/one/one.ipynb](../exercises/release/one/one.ipynb)" in text
    assert "{assign}" not in text
    assert "The end." in text


def test_publishing_waits_for_a_real_repository(tmp_path, capsys):
    config = tmp_path / "_config.yml"
    config.write_text("repository: {url: https://github.com/OWNER/the-learning-rate}")
    assert publish.main([str(tmp_path)]) == 1
    assert "still the placeholder" in capsys.readouterr().err
    config.write_text("title: x")
    assert "write it as" in publish.problem(config)
    config.write_text("repository: {url: https://github.com/ada/the-learning-rate}")
    assert publish.main([str(tmp_path)]) == 0


def test_the_server_answers_a_wrong_address_with_the_books_page(tmp_path):
    (tmp_path / "index.html").write_text("start")
    (tmp_path / "404.html").write_text("overshot")
    with serve.server(tmp_path) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{httpd.server_port}/"
        with urllib.request.urlopen(base) as answer:
            assert answer.read() == b"start"
        with pytest.raises(urllib.error.HTTPError) as wrong:
            urllib.request.urlopen(base + "deep/er/nothing.html")
        with wrong.value as answer:
            assert (answer.code, answer.read()) == (404, b"overshot")
        httpd.shutdown()


def test_wide_code_can_be_focused():
    from pygments import highlight
    from pygments.lexers import PythonLexer

    assert "<pre tabindex" not in highlight("x = 1", PythonLexer(), scroll.CodeFormatter())
    assert '<pre tabindex="0">' in highlight(f"x = '{'y' * 40}'", PythonLexer(), scroll.CodeFormatter())


# a book

ONE = """# One

Most curvatures matter. The curvature of $x^2$ is 2, and `curvature` is code. {footcite:t}`lee2016gradient` say more.

:::{claim} Bouncing is diverging.
:name: bounce
:verdict: false

It is not.
:::

```{code-cell} ipython3
print(6 * 7)
```

```{footbibliography}
```
"""
DESK = {
    "glossary.md": "# Terms\n\n```{glossary}\ncurvature\nbend\n  How strongly it bends, at most $L^2$.\n```\n",
    "claims.md": "# Claims\n\n```{claims}\n```\n",
    "references.md": "# References\n\n```{bibliography}\n:all:\n```\n",
    "pages.md": "# Pages\n\n```{pages}\n```\n",
    "references.bib": "@misc{lee2016gradient, author={Lee, J.}, title={Only minimizers}, year=2016, doi={10.1/x}}\n",
}


def build(folder: Path) -> subprocess.CompletedProcess:
    tool = Path(sys.executable).with_name("jupyter-book")  # it has no `python -m`
    command = [tool, "build", folder, "-W", "-n", "--keep-going"]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book with the project's own settings, built as ``make book`` builds."""
    folder = tmp_path_factory.mktemp("a book")
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copy(ROOT / "tests" / "book_formulas.md", folder)
    (folder / "chapters").mkdir()
    (folder / "index.md").write_text("# Start\n\nThe first words.\n")
    (folder / "chapters" / "one.md").write_text(HEADER + ONE)
    for name, text in DESK.items():
        (folder / "chapters" / name).write_text(text)
    cell = {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": [], "source": "1 + 1"}
    title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Committed"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = json.dumps({"cells": [title, cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    (folder / "chapters" / "committed.ipynb").write_text(notebook)
    desk = [f"chapters/{Path(name).stem}" for name in DESK if name.endswith(".md")]
    pages = ["chapters/one", "chapters/committed", "book_formulas", *desk]
    toc = "format: jb-book\nroot: index\nchapters:\n" + "".join(f"  - file: {page}\n" for page in pages)
    (folder / "_toc.yml").write_text(toc)
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


class Loads(html.parser.HTMLParser):
    """Collects what a page loads by itself, and its scripts' text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        names = {"link": "href", "use": "href"}.get(tag, "src")
        self.found += [value for name, value in attributes if name in (names, "srcset") and value]


def test_no_page_asks_another_host(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 10  # eight, search, 404
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loads = Loads()
        loads.feed(text)
        assert not [url for url in loads.found if re.match(r"(https?:)?//", url)], page.name
        assert not re.search(r"mathjax\.|thebe|require(\.min)?\.js|jsdelivr|unpkg|cdnjs", text, re.IGNORECASE), (
            page.name
        )
        for url in loads.found:
            if not url.startswith(("#", "data:")):
                assert (page.parent / url.split("?")[0].split("#")[0]).exists(), f"{page.name} misses {url}"
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_every_page_has_its_own_bar(site):
    assert 'aria-label="Run this page"' not in (site / "index.html").read_text()  # it has no code
    one = (site / "chapters" / "one.html").read_text()
    assert one.count('class="lr-run"') == 1
    assert "lab%2Ftree%2Fchapters%2Fone.md" in one
    assert "Open in Colab" not in one
    assert json.loads((site / "_sources" / "chapters" / "one.ipynb").read_text())["cells"]
    assert "blob/main/chapters/committed.ipynb" in (site / "chapters" / "committed.html").read_text()


def test_a_claim_and_its_line_in_the_list_lead_to_each_other(site):
    one, claims = ((site / "chapters" / f"{name}.html").read_text() for name in ("one", "claims"))
    assert 'id="claim-bounce"' in one
    assert "Is it true? “Bouncing is diverging.”" in one
    assert 'href="claims.html#said-bounce"' in one
    assert "1 claims: 0 true, 0 with conditions, 0 misleading, 1 false." in claims
    entry = re.search(r'<li id="said-bounce">(.*?)</li>', claims, re.DOTALL)[1]
    assert 'href="one.html#claim-bounce"' in entry
    assert "<strong>False.</strong>" in entry


def test_the_first_use_of_a_term_shows_its_definition(site):
    one = (site / "chapters" / "one.html").read_text()
    found = re.findall(r'<a class="lr-term" href="([^"]+)" data-definition="([^"]+)">([^<]+)</a>', one)
    assert found == [("glossary.html#term-curvature", "How strongly it bends, at most L2.", "curvatures")]
    assert "lr-term" not in (site / "chapters" / "glossary.html").read_text()


def test_the_table_of_pages_counts(site):
    text = (site / "chapters" / "pages.html").read_text().split("<caption>")[1]
    row = re.search(r'<a[^>]*href="one.html">One</a>(.*?)</tr>', text, re.DOTALL)[1]
    words, demos, pictures, claims, seconds = re.findall(r"<p>([^<]*)</p>", row)
    assert (words, demos, pictures, claims) == ("20", "0", "0", "1")
    assert float(seconds) > 0


def test_a_term_is_linked_with_its_longest_spelling_and_once():
    terms = glossary.Terms.__new__(glossary.Terms)
    spellings = {"learning rate": "A number.", "rate": "A speed.", "lr": "A number."}
    terms.address = {spelling: ("glossary", f"term-{spelling}") for spelling in spellings}
    terms.definition = spellings
    terms.pattern = glossary.pattern(spellings)
    app = types.SimpleNamespace(builder=types.SimpleNamespace(get_relative_uri=lambda here, there: there))
    text = "Learning rates, not strategy; an lr-wise rate, the lr, a rate."
    out = glossary.linked(app, "one", text, terms, set())
    assert [node.astext() for node in out if isinstance(node, glossary.term_link)] == ["Learning rates", "rate"]
    assert "".join(node.astext() for node in out) == text


ENTRY = {"title": "A", "year": "2020", "doi": "10.1/a"}


def entry(type="misc", persons=("x",), **fields):
    """An entry as pybtex has it, without the fields that are None."""
    return types.SimpleNamespace(type=type, persons=persons, fields={key: text for key, text in fields.items() if text})


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ({"a2020": ENTRY}, "reference a2020 is cited nowhere"),
        ({"b2020": {**ENTRY, "year": None}}, "reference b2020 has no year"),
        ({"b2020": {**ENTRY, "doi": None}}, "reference b2020 has no address: give one of doi, eprint, isbn, url"),
        ({"b2020": {**ENTRY, "type": "article"}}, "reference b2020 has no journal"),
        ({"b2020": ENTRY, "C-2020": {**ENTRY, "title": "Other"}}, "references b2020 and C-2020 have the same doi"),
        ({"b2020": ENTRY, "C-2020": {**ENTRY, "doi": "10.1/c"}}, "references b2020 and C-2020 have the same title"),
    ],
)
def test_a_fault_of_the_references_is_named(entries, fault):
    library = {key: entry(**fields) for key, fields in entries.items()}
    (found,) = references.faults(library, {"b2020", "c-2020"})
    assert fault in found


def test_right_references_have_no_fault():
    assert not list(references.faults({"b2020": entry(**ENTRY)}, {"b2020"}))
    (fault,) = references.faults({"b2020": entry(persons=(), **ENTRY)}, {"b2020"})
    assert fault == "reference b2020 has no author"


def test_a_claim_that_stands_on_two_pages_is_named():
    """Pages are read by several processes, so that it shows only when all are read."""
    found = [
        claims.Found(name, page, "It is so.", "true") for name, page in (("so", "one"), ("no", "one"), ("so", "two"))
    ]
    assert list(claims.repeated(found)) == ["claim so on two: there is one on one already"]
    assert not list(claims.repeated(found[:2]))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (":::{claim} It is so.\n:name: so\n:::\n", "“It is so.” has no :verdict:"),
        (":::{claim} It is so.\n:name: so\n:verdict: perhaps\n:::\n", "perhaps"),
        (2 * ":::{claim} It is so.\n:name: so\n:verdict: true\n\nYes.\n:::\n\n", "there is one on index already"),
    ],
)
def test_a_bad_claim_stops_the_build(tmp_path, page, reason):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "index.md").write_text(f"# Start\n\n{page}")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "references.bib").write_text("")
    done = build(tmp_path)
    assert done.returncode != 0
    assert reason in done.stdout + done.stderr


def test_ids_are_unique(site):
    for page in site.rglob("*.html"):
        ids = re.findall(r'\sid="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), page.name


def test_equations_are_numbered_and_found(site):
    text = (site / "book_formulas.html").read_text()
    assert "\\(" not in text
    references = set(re.findall(r'href="#equation-([\w-]+)">\((\d)\)', text))
    assert references == {
        ("fractions", "1"),
        ("second-moment", "4"),
        ("adam", "5"),
        ("contraction", "6"),
        ("wide", "7"),
    }
    for label in ("fractions", "first-moment", "second-moment", "adam", "contraction", "wide"):
        assert text.count(f'id="equation-{label}"') == 1, label


def test_pages_describe_themselves(site):
    text = (site / "index.html").read_text()
    assert '<html class="no-js" lang="en"' in text
    assert '<meta name="description" content="The first words.">' in text
    lost = (site / "404.html").read_text()
    assert 'href="/the-learning-rate/"' in lost
    assert "_static" not in lost  # it stands alone, at any depth


def test_a_bad_formula_stops_the_build_by_page_and_line(tmp_path):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: bad\n")
    (tmp_path / "bad.md").write_text("# Bad\n\nGood $x$.\n\nWords $a + \\foo$ words.\n")
    done = build(tmp_path)
    assert done.returncode != 0
    assert re.search(r'bad\.md:5: Unknown command "\\foo"', done.stdout + done.stderr)


# the formulas, laid out by a real browser

LAYOUT = """() => {
  const box = (node) => node.getBoundingClientRect();
  const each = (name) => [...document.querySelectorAll(`math ${name}`)].filter((node) => box(node).width);
  return {
    fractions: each("mfrac").map((node) => [box(node.children[0]).bottom, box(node.children[1]).top]),
    roots: each("msqrt, mroot").map((node) => box(node).width - box(node.children[0]).width),
    rows: each("mtable").map((table) => [...table.children].map((row) => box(row).top)),
    cells: each("mtable").map((table) => [...table.children].map((row) => box(row.children[0]).right)),
    sums: each("munderover").map((node) => [...node.children].map((part) => (box(part).top + box(part).bottom) / 2)),
    scripts: each("msup").map((node) => [box(node.children[0]).bottom, box(node.children[1]).bottom]),
    font: document.fonts.check("20px '" + getComputedStyle(document.querySelector("math")).fontFamily.split(",")[0]
      .replace(/["']/g, "") + "'", "ℝ"),
    text: document.querySelector("article").textContent,
  };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_formulas_are_laid_out_as_formulas(site, width, scheme):
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with (
        browser.chromium() as chromium,
        browser.served(site) as address,
        browser.opened(chromium, f"{address}book_formulas.html", **options) as tab,
    ):
        seen = tab.evaluate(LAYOUT)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert seen["font"], "the mathematics font was not loaded"
    assert len(seen["fractions"]) >= 15
    assert all(above <= below + 1 for above, below in seen["fractions"])  # numerator over denominator
    assert len(seen["roots"]) >= 5
    assert all(sign > 3 for sign in seen["roots"])  # room for the root sign
    assert any(len(rows) == 3 for rows in seen["rows"])
    assert all(rows == sorted(set(rows)) for rows in seen["rows"])  # a matrix has its rows below each other
    (aligned,) = (cells for rows, cells in zip(seen["rows"], seen["cells"], strict=True) if len(rows) == 4)
    assert max(aligned) - min(aligned) < 1  # the equals signs stand below each other
    assert seen["sums"]
    assert all(top < sign < bottom for sign, bottom, top in seen["sums"])  # limits below and above the sign
    assert all(power <= base for base, power in seen["scripts"])  # a power ends above the base line
    for sign in "ℝ𝔼ℒ":
        assert sign in seen["text"]
