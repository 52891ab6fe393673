"""The demo contract, as far as it can be seen without a browser."""

import gzip
import html
import itertools
import json
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest

import lrlab.explore
from lrlab import descend, plots
from lrlab.explore import explore, log_grid, still
from lrlab.explore.frames import Frames
from lrlab.explore.knobs import knobs_of
from lrlab.explore.svg import path_data, short
from lrlab.objectives import quadratic

VALLEY = quadratic((1.0, 10.0))


@pytest.fixture(autouse=True)
def book(monkeypatch):
    """As in a book build, with ids that begin anew."""
    monkeypatch.setenv("LRLAB_BOOK", "1")
    monkeypatch.setattr(lrlab.explore, "_count", itertools.count())


def valley_demo():
    """draw of a path over contours: one figure, its artists moved."""
    ax = plots.landscape(VALLEY)
    (path,) = ax.plot([], [], "o-")

    def draw(lr):
        path.set_data(*descend(VALLEY, [1.3, 1.2], lr, steps=30).params.T)
        ax.set_title(f"learning rate {lr:.3g}")
        return ax.figure

    return draw


def data_of(page):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page.html)[1])


def svg_of(page, frame):
    """The SVG that the script would show at `frame`, rebuilt from the page alone."""
    data = data_of(page)
    root = re.search(r"<svg.*?</svg>", page.html, re.S)[0]
    groups = re.findall(r"<g>(.*?)</g>(?=<g>|<defs>|</svg>)", root, re.S)
    shown = {part: groups[slot] for part, slot in zip(data["frames"][data["start"]], data["slots"], strict=True)}
    for part, slot in zip(data["frames"][frame], data["slots"], strict=True):
        groups[slot] = shown.get(part) if data["parts"][part] == 0 else data["parts"][part]
    return "".join(groups)


def test_every_frame_of_the_page_is_the_frame_that_a_fresh_drawing_gives():
    rates = np.geomspace(0.001, 0.22, 41)
    page = explore(valley_demo(), lr=rates, alt="a path down a valley", start={"lr": 0.05})
    draw, fresh = valley_demo(), Frames("lr0")
    for k in (0, 7, 26, 40):
        assert svg_of(page, k) == "".join(fresh.whole(draw(rates[k])))


def test_the_start_frame_stands_in_the_page():
    page = explore(valley_demo(), lr=[0.01, 0.05, 0.1], alt="a path", start={"lr": 0.06})
    assert data_of(page)["start"] == 1
    assert "learning rate 0.05" in re.search(r"<svg.*?</svg>", page.html, re.S)[0]
    assert 'max="2" step="1" value="1" aria-valuetext="0.05"' in page.html


def test_the_same_call_gives_the_same_bytes(monkeypatch):
    pages = []
    for _ in range(2):
        monkeypatch.setattr(lrlab.explore, "_count", itertools.count())
        pages.append(explore(valley_demo(), lr=np.geomspace(0.01, 0.2, 9), alt="a path").html)
    assert pages[0] == pages[1]


def test_two_demos_on_a_page_share_no_ids():
    first, second = (explore(valley_demo(), lr=[0.01, 0.1], alt="a path").html for _ in range(2))
    ids = [set(re.findall(r'id="([^"]+)"', text)) for text in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for text, own in zip((first, second), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= own


def test_weights():
    one = explore(valley_demo(), lr=np.geomspace(0.001, 0.22, 41), alt="a path")
    assert len(gzip.compress(one.html.encode(), 6)) <= 25_000

    ax = plots.landscape(VALLEY)
    (path,) = ax.plot([], [], "o-")

    def draw(lr, momentum):
        run = descend(VALLEY, [1.3, 1.2], lr, optimizer=lrlab.optimizers.sgd(momentum), steps=30)
        path.set_data(*run.params.T)
        ax.set_title(f"learning rate {lr:.3g}, momentum {momentum:.2g}")
        return ax.figure

    two = explore(draw, lr=np.geomspace(0.001, 0.22, 41), momentum=np.linspace(0, 0.9, 11), alt="a path")
    assert len(data_of(two)["frames"]) == 451
    assert len(gzip.compress(two.html.encode(), 6)) <= 80_000


def test_a_demo_that_is_too_heavy_says_how_heavy():
    rng = np.random.default_rng(0)
    points = rng.random((12, 4000, 2))
    fig, ax = plots.figure()
    (dots,) = ax.plot([], [], ".")
    ax.set(xlim=(0, 1), ylim=(0, 1))

    def draw(k):
        dots.set_data(*points[k].T)
        return fig

    with pytest.raises(ValueError, match=r"this demo weighs \d+ kB gzip and may weigh 120: .*\(12 now\)"):
        explore(draw, k=range(12), alt="dots")


def test_draw_may_return_a_new_figure_each_time():
    def draw(n):
        fig, ax = plt.subplots()
        ax.bar(range(n), range(n))
        return fig

    page = explore(draw, n=range(2, 6), alt="bars that grow")
    assert not plt.get_fignums()
    assert svg_of(page, 3) == "".join(Frames("lr0").whole(draw(5)))


def test_axes_do_not_jump_when_labels_get_wider():
    def draw(n):
        fig, ax = plots.figure()
        ax.set_ylim(0, 10**n)
        return fig

    with plt.style.context(plots.STYLE):
        frames = Frames("lr0")
        for n in (1, 5):
            figure = draw(n)
            frames.add(figure)
            assert figure.axes[0].get_position().bounds == frames.places[1][0].bounds


def test_artists_that_come_go_and_change_are_all_seen():
    """Limits, contours made anew, images, colour limits, tick labels, legends, a second pair of axes."""

    def make():
        fig, (top, bottom) = plots.figure(2)
        image = bottom.imshow(np.arange(6.0).reshape(2, 3), vmin=0, vmax=5)
        x = np.linspace(0, 1, 20)
        made = []

        def draw(k):
            while made:
                made.pop().remove()
            made.append(top.contour(x, x, np.outer(x, x) ** (k + 1), colors="k"))
            made.extend(top.plot(x, x**k, color="C0", label=f"power {k}"))
            top.set_xlim(0, 1 + k)
            top.set_xticks([0, 1], ["zero", f"one of {k}"])
            top.legend(loc="upper right")
            image.set_clim(0, 5 + k)
            bottom.set_xlabel(f"k = {k}")
            return fig

        return draw

    page = explore(make(), k=range(1, 5), alt="many things that move")
    for k in range(4):
        assert svg_of(page, k) == "".join(Frames("lr0").whole(make()(k + 1))), k


def test_a_draw_that_piles_up_is_found_out():
    fig, ax = plots.figure()

    def draw(k):
        ax.plot([0, k], [0, 1])
        return fig

    with pytest.raises(ValueError, match=r"draw\(k=1\) does not give the same picture twice"):
        explore(draw, k=[1, 2, 3], alt="lines")


def test_a_draw_that_rolls_dice_is_found_out():
    rng = np.random.default_rng(0)
    fig, ax = plots.figure()
    (line,) = ax.plot([], [])

    def draw(k):
        line.set_data([0, 1], rng.random(2))
        return fig

    with pytest.raises(ValueError, match="seed what is random"):
        explore(draw, k=[1, 2, 3], alt="a line")


def test_words_stand_in_the_page_escaped():
    fig, _ = plots.figure()
    page = explore(
        lambda **_: fig, a_b=["<x>", "y"], describe=lambda a_b: f"{a_b} & </script>", labels={"a_b": "a < b"}
    )
    assert html.escape("<x> & </script>", quote=False) in page.html
    assert "<span>a &lt; b</span><select" in page.html
    assert '<option value="0" selected>&lt;x&gt;</option>' in page.html
    assert page.html.count("</script>") == 2
    assert data_of(page)["say"] == ["<x> & </script>", "y & </script>"]
    assert 'role="status" aria-live="polite"' in page.html
    assert "<noscript>" in page.html


def test_every_piece_is_well_formed():
    page = explore(valley_demo(), lr=[0.01, 0.1], describe=lambda lr: f"rate {lr}", play="lr")
    for svg in re.findall(r"<svg.*?</svg>", page.html, re.S):
        ElementTree.fromstring(svg)
    for part in data_of(page)["parts"]:
        if part:
            ElementTree.fromstring(f"<g>{part}</g>")


def test_still():
    fig, ax = plots.figure()
    ax.set_title("ready")
    page = still(fig, alt='what "it" shows')
    assert 'role="img" aria-label="what &quot;it&quot; shows"' in page.html
    assert ">ready</text>" in page.html
    with pytest.raises(ValueError, match="alt is ''"):
        still(fig, alt="")


FIG, _ = plots.figure()


def draw_one(lr):
    return FIG


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({}, "explore needs at least one knob"),
        ({"lr": [0.1]}, "lr has 1 positions: give at least two numbers that rise"),
        ({"lr": 0.1}, "lr is 0.1: give at least two"),
        ({"lr": [0.2, 0.1]}, "lr does not rise"),
        ({"lr": [0.1, np.nan]}, "lr does not rise"),
        ({"lr": [0.1, "fast"]}, "lr mixes names with other things"),
        ({"lr": ["a", "a"]}, "lr offers the same name twice"),
        ({"rate": [0.1, 0.2]}, "draw takes no parameter 'rate': its parameters are lr"),
        ({"lr": [0.1, 0.2], "start": {"lr": 3}}, r"start\['lr'\] is 3: choose a number from 0.1 to 0.2"),
        ({"lr": [0.1, 0.2], "start": {"lr": "x"}}, r"start\['lr'\] is 'x': choose a number from 0.1 to 0.2"),
        ({"lr": ["a", "b"], "start": {"lr": "c"}}, r"start\['lr'\] is 'c': choose one of a, b"),
        ({"lr": [0.1, 0.2], "start": {"beta": 3}}, "start names 'beta', which is no knob: the knobs are lr"),
        ({"lr": [0.1, 0.2], "labels": {"beta": "b"}}, "labels names 'beta'"),
        ({"lr": [0.1, 0.2], "alt": None}, "explore has no words"),
        ({"lr": ["a", "b"], "play": "lr"}, "play is 'lr': name one of the sliders"),
    ],
)
def test_bad_calls_get_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        explore(draw_one, **{"alt": "nothing", **call})


def test_a_draw_without_a_figure_says_so():
    with pytest.raises(ValueError, match="draw returned NoneType, not a matplotlib Figure"):
        explore(lambda lr: None, lr=[1, 2], alt="nothing")
    sizes = iter([(5, 3), (4, 3)])
    with pytest.raises(ValueError, match="give every frame the same figsize"):
        explore(lambda lr: plt.subplots(figsize=next(sizes))[0], lr=[1, 2], alt="nothing")
    plt.close("all")


def test_numbers_as_few_characters():
    assert [short(v) for v in (0, 12.3, -0.5, 0.04, -12.0, 1234.56)] == ["0", "12.3", "-.5", "0", "-12", "1234.6"]


def test_path_data_never_joins_what_a_move_parts():
    """Two moves in a row: without its own letter the second would be read as a line."""
    path = plt.matplotlib.path.Path([[0, 0], [5, 5], [9, 5], [1, 1], [2, 2]], [1, 1, 2, 1, 2])
    assert path_data(path) == "m0 0m5 5 4 0m-8-4 1 1"


def test_texts_tell_neighbours_apart():
    knobs = knobs_of(lambda a, b, c: None, {"a": np.linspace(1, 1.01, 11), "b": [0.5, 1000.0], "c": [1, 2]}, None, None)
    assert knobs[0].texts[:3] == ["1", "1.001", "1.002"]
    assert knobs[1].texts == ["0.5", "1000"]
    assert knobs[2].texts == ["1", "2"]


def test_a_log_grid_stops_at_round_numbers():
    grid = log_grid(0.01, 2.5)
    assert {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 2.5} <= set(grid.tolist())
    assert np.diff(np.log(grid)).max() < 1.3 * np.diff(np.log(grid)).min()
    with pytest.raises(ValueError, match="per_decade is 7: choose 20, 10 or 5"):
        log_grid(1, 2, per_decade=7)
    with pytest.raises(ValueError, match="first is 2 and last 1: give two numbers above 0 that rise"):
        log_grid(2, 1)


def test_path_data_rounds_before_it_takes_differences():
    x = np.cumsum(np.full(1000, 0.04))
    numbers = re.findall(r"-?[\d.]+", path_data(plt.matplotlib.path.Path(np.column_stack([x, 0 * x]))))
    assert sum(map(float, numbers[::2])) == pytest.approx(x[-1], abs=0.051)


class TestLive:
    """Without LRLAB_BOOK the same call is a box of widgets."""

    @pytest.fixture(autouse=True)
    def kernel(self, monkeypatch, book):
        monkeypatch.delenv("LRLAB_BOOK")

    def test_any_value_is_recomputed(self):
        box = explore(valley_demo(), lr=np.geomspace(0.001, 0.22, 41), describe=lambda lr: f"rate {lr:.6f}", play="lr")
        slider, player, sentence, picture = box.children
        assert type(slider).__name__ == "FloatLogSlider"
        slider.value = 0.012345
        assert "learning rate 0.0123<" in picture.value
        assert "rate 0.012345" in sentence.value
        player.value = 40
        assert slider.value == pytest.approx(0.22)

    def test_the_kind_of_widget_follows_the_grid(self):
        fig, _ = plots.figure()
        grid = {"a": np.linspace(0, 1, 5), "b": range(3), "c": ["x", "y"], "d": log_grid(1, 8), "e": [1, 2, 5]}
        box = explore(lambda **_: fig, **grid, alt="nothing")
        kinds = [type(child).__name__ for child in box.children[:5]]
        assert kinds == ["FloatSlider", "IntSlider", "Dropdown", "FloatLogSlider", "SelectionSlider"]

    def test_the_values_of_the_grid_are_within_reach(self):
        fig, _ = plots.figure()
        slider = explore(lambda **_: fig, lr=np.linspace(0.05, 2.15, 43), alt="nothing").children[0]
        stops = slider.min + slider.step * np.arange(421)
        for value in (1, 1.95, 2, 2.05):
            assert np.abs(stops - value).min() < 1e-9

    def test_an_error_in_draw_is_said_where_the_reader_looks(self):
        fig, _ = plots.figure()

        def draw(k):
            if k == 2:
                raise RuntimeError("no <picture> at 2")
            return fig

        box = explore(draw, k=range(4), alt="nothing")
        slider, sentence, _ = box.children
        slider.value = 2
        assert "RuntimeError: no &lt;picture&gt; at 2" in sentence.value
        slider.value = 3
        assert "RuntimeError" not in sentence.value
