"""What the course as a whole promises, read from the site that `make book` has built."""

import html
import re
from pathlib import Path

import browser
import pytest

ROOT = Path(__file__).parent.parent
CHAPTERS = ROOT / "_build" / "html" / "chapters"
# what the four pages that the course grew from say, each to be put to the test once
SAID = {
    "step-size",
    "overshoot",
    "jumping",
    "slow",
    "stuck",
    "overfitting",
    "start-high",
    "schedules-better",
    "adam-moments",
    "adam-optimal",
    "hiker",
    "adaptive-efficient",
    "subtle-features",
    "many-parameters",
    "best-depends",
    "grid-random",
    "oscillation-impossible",
    "faster",
    "convergence",
    "local-minimum",
    "diagnosis",
    "perception",
}
ARGUMENT = [  # the pages that tell the course's argument, with prose and experiments
    "what_is_the_learning_rate",
    "too_high_too_low",
    "edge_of_stability",
    "schedules",
    "schedules_compared",
    "warmup",
    "adam",
    "adam_limits",
    "no_learning_rate",
    "finding_one",
    "budget",
    "batch_and_width",
    "layers_and_decay",
    "computer_vision",
    "object_detection",
    "language",
    "translation",
    "medicine",
    "deep_networks",
]
WORDS, DEMOS = (1200, 2900), 16  # how long they run is measured by `make bench`


@pytest.fixture(scope="module")
def rows():
    return browser.counted()


def test_every_sentence_of_the_source_pages_is_put_to_the_test():
    text = (CHAPTERS / "claims.html").read_text(encoding="utf-8")
    assert not SAID - set(re.findall(r'id="said-([\w-]+)"', text))


def test_every_claim_leads_to_a_box_that_is_there():
    text = (CHAPTERS / "claims.html").read_text(encoding="utf-8")
    links = re.findall(r'<li id="said-[\w-]+">.*?href="([^"#]+)#(claim-[\w-]+)"', text, re.DOTALL)
    assert len(links) >= len(SAID)
    for page, anchor in links:
        assert f'id="{anchor}"' in (CHAPTERS / page).read_text(encoding="utf-8"), page


@pytest.mark.parametrize("page", ARGUMENT)
def test_a_page_of_the_argument_is_neither_thin_nor_endless(rows, page):
    words, demos, _, claims, _ = rows[page]
    assert WORDS[0] <= words <= WORDS[1]
    assert demos >= 1
    assert claims >= 1


def test_the_chapters_and_the_landing_page_have_their_demos(rows):
    assert sum(rows[page][1] for page in (*ARGUMENT, "../index")) >= DEMOS


def test_every_page_with_cells_was_executed(rows):
    for page, row in rows.items():
        source = (CHAPTERS / f"../../../chapters/{page}.md").resolve().read_text(encoding="utf-8")
        assert (row[-1] > 0) == ("{code-cell}" in source), page


@pytest.mark.parametrize("page", ARGUMENT)
def test_a_page_of_the_argument_has_its_parts(page):
    text = html.unescape((CHAPTERS / f"{page}.html").read_text(encoding="utf-8"))
    parts = ["What you take away", "Basic", "Medium", "Detailed", "Must know", "To remember", "Check yourself"]
    places = [text.find(part, text.index("<article")) for part in [*parts, "Where to read on"]]
    assert min(places) > 0
    assert places[:4] == sorted(places[:4])
    assert places[-2:] == sorted(places[-2:])
