"""Glossary, symbols, cheat sheet: the words are in order, the letters mean one thing, and the sheet is one sheet."""
# ruff: noqa: RUF001 (a factor has a multiplication sign)

import inspect
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from browser import SITE, opened, served

import lrlab
from lrlab import curvature, doctor, models, objectives, optimizers, plots, schedules, tuning
from lrlab.descent import Checkpoint, Trajectory
from lrlab.doctor import diagnosis

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
PAGES = sorted(page for page in CHAPTERS.glob("*.md"))
GREEK = re.compile(
    r"(?:var)?((?i:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon)"
    r"|(?i:phi|chi|psi|omega))"
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|label|begin|end)\*?\{[^}]*\}")


def formulas(page: Path) -> list[str]:
    """What stands between dollars on a page, outside of its code."""
    text = re.sub(r"^(`{3,})(?!\{(?:glossary|list-table)).*?^\1\s*$", "", page.read_text("utf-8"), flags=re.S | re.M)
    text = re.sub(r"`[^`\n]+`", "", text).replace(r"\$", "")
    shown = re.findall(r"\$\$(.+?)\$\$", text, flags=re.S)
    return shown + re.findall(r"\$([^$]+)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S))


def letters(formula: str) -> set[str]:
    """Its letters: Greek ones by their names, Latin ones as they are."""
    formula = WORDS.sub(" ", formula)
    commands = map(GREEK.fullmatch, re.findall(r"\\([A-Za-z]+)", formula))
    plain = re.sub(r"\\[A-Za-z]+", " ", formula)
    typed = {unicodedata.name(sign) for sign in plain if sign.isalpha() and not sign.isascii()}
    greek = {name.split()[-1].lower().replace("lamda", "lambda") for name in typed if name.startswith("GREEK SMALL")}
    return greek | {found[1] for found in commands if found} | set(re.findall(r"[A-Za-z]", plain))


def letters_of(page: Path) -> set[str]:
    return set().union(*map(letters, formulas(page)))


def rows(page: str) -> list[list[str]]:
    """The cells of every row of a page's tables, without their heads."""
    lines = (CHAPTERS / page).read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("|")]
    ends = [i for i, row in enumerate(cells) if set("".join(row)) <= set("-| ")]
    return [row for i, row in enumerate(cells) if i not in ends and i + 1 not in ends]


SYMBOLS = [row for row in rows("symbols.md") if len(row) == 5]


def test_letters_are_found_in_every_spelling():
    assert letters(r"\eta_t \le 2/(\mu + L)") == {"eta", "t", "mu", "L"}
    assert letters(r"\varepsilon = \text{small}") == {"epsilon"}
    assert letters(r"\Sigma/|g|^2") == {"Sigma", "g"}
    assert letters("λ_i") == {"lambda", "i"}


def symbols_on(page: Path) -> set[str]:
    """The letters that stand for something on a page: the course's own, those it borrows, and what is known anyway."""
    borrowed = [row[0] for row in rows("symbols.md") if len(row) == 3 and f"({page.name})" in row[1]]
    formulas = re.findall(r"\$([^$]+)\$", " ".join([*(row[0] for row in SYMBOLS), *borrowed]))
    return set().union({"i", "e", "pi", "E"}, *map(letters, formulas))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_letter_of_a_formula_is_in_the_table(page):
    missing = letters_of(page) - symbols_on(page) if page.name != "symbols.md" else set()
    assert not missing, f"{page.name} writes {sorted(missing)}: give each a row in chapters/symbols.md"


def test_a_symbol_has_one_row():
    symbols = [symbol for row in SYMBOLS for symbol in re.findall(r"\$[^$]+\$", row[0])]
    assert len(symbols) >= 25
    assert len(symbols) == len(set(symbols))


@pytest.mark.parametrize("row", SYMBOLS, ids=lambda row: row[0].replace("\\", ""))
def test_a_symbol_stands_on_its_first_page(row):
    page = CHAPTERS / re.search(r"\((\w+\.md)\)", row[4])[1]
    first = re.search(r"\$([^$]+)\$", row[0])[1]
    assert letters(first) <= letters_of(page)


def named() -> set[str]:
    """Every argument and every field that a user of lrlab meets."""
    found = {"grad", *Trajectory.__dataclass_fields__, *Checkpoint._fields}
    for module in (lrlab, objectives, optimizers, schedules, models, curvature, tuning, plots, doctor):
        for value in (getattr(module, name) for name in module.__all__):
            if inspect.isfunction(value):
                found |= set(inspect.signature(value).parameters)
    for method in (models.Model.on, optimizers.sgd().direction):
        found |= set(inspect.signature(method).parameters)
    return found


def test_the_code_has_the_names_of_the_table():
    names = {name for row in SYMBOLS for name in re.findall(r"`(\w+)`", row[3])}
    assert {"lr", "params", "betas", "eps", "weight_decay", "momentum"} <= names
    assert not names - named()


def glossary() -> list[tuple[list[str], str]]:
    """Terms with their definitions."""
    body = re.search(r"```\{glossary\}\n(.*?)```", (CHAPTERS / "glossary.md").read_text("utf-8"), re.S)[1]
    entries: list[tuple[list[str], str]] = []
    fresh = True
    for line in filter(str.strip, body.splitlines()):
        if line.startswith(" "):
            entries[-1] = entries[-1][0], f"{entries[-1][1]} {line.strip()}"
            fresh = True
        elif fresh:
            entries.append(([line], ""))
            fresh = False
        else:
            entries[-1][0].append(line)
    return entries


def test_the_glossary_is_in_order_and_each_word_once():
    entries = glossary()
    first = [terms[0].lower() for terms, _ in entries]
    every = [term.lower() for terms, _ in entries for term in terms]
    assert len(entries) >= 60
    assert first == sorted(first)
    assert len(every) == len(set(every))


@pytest.mark.parametrize("entry", glossary(), ids=lambda entry: entry[0][0])
def test_a_definition_is_short_and_leads_to_a_page(entry):
    said, _, see = entry[1].partition(" See [")
    assert said.strip().endswith(".")
    assert 1 <= len(re.findall(r"[.?](?= |$)", said)) <= 3  # two sentences; a third full stop may end an abbreviation
    for page in re.findall(r"\((\w+\.md)\)", see):
        assert (CHAPTERS / page).exists(), page


def test_the_cheat_sheet_gives_the_doctors_factors():
    said = {row[0][2]: row[3] for row in rows("cheat_sheet.md")}
    for letter, verdict in {"A": "diverged", "B": "oscillating", "C": "noise floor", "F": "plateau"}.items():
        factor = advice(verdict)
        assert f"rate {'×' if factor > 1 else '÷'} {max(factor, 1 / factor):.0f}" in said[letter]
    assert "rate × 10" in said["D"]
    assert "rate × 3" in said["D"]  # as the doctor, by how much is still ahead


def advice(verdict: str) -> float:
    """The factor that the doctor gives with a verdict."""
    evidence = diagnosis.measure(np.linspace(2, 1, 40), np.arange(40.0), None)
    return diagnosis.SAYS[verdict](evidence)[1][0]


SHEET = "chapters/cheat_sheet.html"


@pytest.fixture(scope="module")
def sheet():
    """The address of the built cheat sheet."""
    assert (SITE / SHEET).exists(), "there is no built site to print: run `make book`, or all with `make test`"
    with served() as site:
        yield site + SHEET


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_cheat_sheet_prints_on_one_sheet(browser, sheet, paper):
    with opened(browser, sheet) as tab:
        pdf = tab.pdf(format=paper, margin=dict.fromkeys(("top", "right", "bottom", "left"), "10mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.findall(rb"/Count\s+(\d+)", pdf) == [b"1"]


def test_what_is_printed_is_the_sheet_and_nothing_else(browser, sheet):
    with opened(browser, sheet) as tab:
        tab.emulate_media(media="print")
        for part in ("footer", ".lr-run", ".lr-fold", ".skip-to-content"):
            assert not any(found.is_visible() for found in tab.locator(part).all()), part
        assert tab.locator("#cheat-sheet .lr-still svg").first.is_visible()
        assert tab.locator("#cheat-sheet table").is_visible()
