"""The built site in a real browser: every page, every knob, every colour scheme."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import SITE, opened, pages, served

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = pages()
DEMOS = [page for page in PAGES if 'class="lr-explore"' in (SITE / page).read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def site():
    with served() as address:
        yield address


def test_the_book_is_built():
    assert SITE.is_dir(), "there is no built site to look at: run `make book`, or all with `make test`"
    assert {"index.html", "404.html", "search.html", "chapters/what_is_the_learning_rate.html"} <= set(PAGES)
    assert {"index.html", "chapters/what_is_the_learning_rate.html"} <= set(DEMOS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_and_nothing_goes_wrong(browser, site, page):
    with opened(browser, site + page) as tab:  # whatever goes wrong is raised on leaving
        tab.mouse.wheel(0, 20_000)
        tab.wait_for_timeout(100)
        assert tab.title()
        assert tab.locator("h1").count() == 1


def unfold(tab):
    """Opens all that is folded away: it must be as good as the rest."""
    tab.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_no_violation_of_wcag(browser, site, page, scheme):
    with opened(browser, site + page, color_scheme=scheme) as tab:
        unfold(tab)
        found = Axe().run(tab, options={"runOnly": WCAG}).response["violations"]
    assert not found, "\n".join(f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found)


@pytest.mark.parametrize("page", PAGES)
def test_a_narrow_page_does_not_scroll_sideways(browser, site, page):
    with opened(browser, site + page, viewport={"width": 360, "height": 740}) as tab:
        unfold(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("page", DEMOS)
def test_every_sentence_of_a_demo_is_one(page):
    text = (SITE / page).read_text(encoding="utf-8")
    for data in re.findall(r'<script type="application/json">(.*?)</script>', text):
        for sentence in json.loads(data)["say"]:
            assert sentence[0].isupper() or sentence[0].isdigit(), sentence
            assert sentence.endswith("."), sentence
            assert not re.search(r"\b(nan|inf)\b|  ", sentence), sentence


def look(demo):
    """What a reader sees of a demo: its picture and its sentence."""
    say = demo.locator(".lr-say")
    return demo.locator("svg").inner_html(), say.inner_text() if say.count() else None


@pytest.mark.parametrize("page", DEMOS)
def test_every_control_changes_the_picture_and_its_sentence(browser, site, page):
    with opened(browser, site + page) as tab:
        for demo in tab.locator(".lr-explore").all():
            knobs = demo.locator("input, select").all()
            assert knobs
            for knob in knobs:
                begin, value = look(demo), knob.input_value()
                seen = {begin[0]}
                for other in positions(knob):
                    choose(knob, other)
                    picture, sentence = look(demo)
                    assert sentence is None or sentence != begin[1] or other == value
                    assert picture != begin[0] or other == value
                    seen.add(picture)
                assert len(seen) >= min(3, len({value, *positions(knob)}))
                choose(knob, value)
                assert look(demo) == begin


def positions(knob):
    """Both ends and the middle of a slider; every name of a select."""
    if knob.get_attribute("type") != "range":
        return [option.get_attribute("value") for option in knob.locator("option").all()]
    last = int(knob.get_attribute("max"))
    return ["0", str(last // 2), str(last)]


def choose(knob, value):
    if knob.get_attribute("type") == "range":
        knob.fill(value)
    else:
        knob.select_option(value)


@pytest.mark.parametrize("page", DEMOS)
def test_a_slider_works_with_the_keyboard_and_says_its_value(browser, site, page):
    with opened(browser, site + page) as tab:
        demo = tab.locator(".lr-explore").first
        slider = demo.locator("input[type=range]").last  # the one that varies fastest
        if not slider.count():
            return choose_with_the_keyboard(tab, demo)
        slider.focus()
        before = look(demo)
        at_the_end = slider.input_value() == slider.get_attribute("max")
        there, back = ("ArrowLeft", "ArrowRight") if at_the_end else ("ArrowRight", "ArrowLeft")
        tab.keyboard.press(there)
        assert look(demo) != before
        shown = demo.locator("output").last.inner_text()
        assert slider.get_attribute("aria-valuetext") == shown
        tab.keyboard.press(back)
        assert look(demo) == before


def choose_with_the_keyboard(tab, demo):
    """A demo that has lists alone."""
    menu = demo.locator("select").first
    menu.focus()
    before, at_the_end = look(demo), menu.evaluate("list => list.selectedIndex === list.length - 1")
    tab.keyboard.press("ArrowUp" if at_the_end else "ArrowDown")
    assert look(demo) != before


def test_a_slider_works_with_a_finger(browser, site):
    with opened(browser, site, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}) as tab:
        demo = tab.locator(".lr-explore").first
        slider = demo.locator("input[type=range]").first
        before, box = look(demo), slider.bounding_box()
        assert box["height"] >= 24
        tab.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        assert look(demo) != before


def test_the_play_button_runs_through_its_slider_and_can_be_stopped(browser, site):
    with opened(browser, site) as tab:
        demo = tab.locator(".lr-explore").first
        button, slider = demo.locator(".lr-play"), demo.locator("input[type=range]").first
        begin = int(slider.input_value())
        button.click()
        assert button.inner_text() == "Pause"
        tab.wait_for_function("([knob, begin]) => knob.value > begin + 2", arg=[slider.element_handle(), begin])
        button.click()
        stopped = slider.input_value()
        assert button.inner_text().startswith("Play")
        tab.wait_for_timeout(400)
        assert slider.input_value() == stopped


def test_who_asks_for_less_motion_gets_single_steps(browser, site):
    with opened(browser, site, reduced_motion="reduce") as tab:
        demo = tab.locator(".lr-explore").first
        button, slider = demo.locator(".lr-play"), demo.locator("input[type=range]").first
        begin = int(slider.input_value())
        assert button.inner_text().startswith("Next")
        button.click()
        tab.wait_for_timeout(400)
        assert int(slider.input_value()) == begin + 1


def test_without_script_the_picture_stands_and_says_so(browser, site):
    with opened(browser, site, java_script_enabled=False) as tab:
        demo = tab.locator(".lr-explore").first
        assert demo.locator("svg").is_visible()
        assert not demo.locator(".lr-controls").is_visible()
        assert "needs JavaScript" in demo.locator(".lr-fixed").inner_text()
        assert demo.locator(".lr-say").inner_text()


def test_print_shows_where_the_knobs_stand(browser, site):
    with opened(browser, site) as tab:
        demo = tab.locator(".lr-explore").first
        assert not demo.locator(".lr-fixed").is_visible()
        tab.emulate_media(media="print")
        assert not demo.locator(".lr-controls").is_visible()
        assert demo.locator(".lr-fixed").inner_text().startswith("Shown at learning rate 0.1")


def test_the_first_demo_is_above_the_fold(browser, site):
    for width, height in ((1280, 800), (360, 740)):
        with opened(browser, site, viewport={"width": width, "height": height}) as tab:
            slider = tab.locator(".lr-explore input[type=range]").first.bounding_box()
            picture = tab.locator(".lr-explore svg").first.bounding_box()
            assert slider["y"] + slider["height"] < height
            assert picture["y"] + picture["height"] < height


def test_pictures_follow_the_page_into_dark_mode(browser, site):
    colours = []
    for scheme in ("light", "dark"):
        with opened(browser, site, color_scheme=scheme) as tab:
            label = tab.locator(".lr-explore svg text").first
            colours.append(label.evaluate("node => getComputedStyle(node).fill"))
    assert colours[0] != colours[1]


def test_search_finds_a_word_of_the_chapter(browser, site):
    with opened(browser, site + "search.html?q=curvature") as tab:
        tab.wait_for_selector("ul.search li a")
        assert "Too high or too low" in tab.locator("ul.search").inner_text()


def test_a_page_that_is_not_there_leads_home(browser, site):
    context = browser.new_context()
    tab = context.new_page()
    assert tab.goto(site + "chapters/no/such/page.html").status == 404
    home = tab.get_by_role("link", name="the start of The Learning Rate")
    home.click()
    assert tab.url == site
    context.close()


def test_demos_on_a_page_share_no_ids(browser, site):
    for page in DEMOS:
        with opened(browser, site + page) as tab:
            ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
        assert len(ids) == len(set(ids)), page
