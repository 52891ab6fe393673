"""What the page shows against a plain savefig of the same figure, pixel by pixel, both painted by Chromium."""

import base64
import io
import itertools
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import lrlab.explore
from lrlab import descend, plots
from lrlab.explore import explore
from lrlab.objectives import quadratic

SCALE = 2  # pixels a point


@pytest.fixture(autouse=True)
def book(monkeypatch):
    monkeypatch.setenv("LRLAB_BOOK", "1")
    monkeypatch.setattr(lrlab.explore, "_count", itertools.count())
    with plt.style.context(plots.STYLE):
        yield


def font_face():
    """Matplotlib's own font, so that both pictures are set in the same letters on any machine."""
    with open(matplotlib.get_data_path() + "/fonts/ttf/DejaVuSans.ttf", "rb") as file:
        data = base64.b64encode(file.read()).decode()
    return f"@font-face{{font-family:'DejaVu Sans';src:url(data:font/ttf;base64,{data})}}"


def open_page(browser, body):
    page = browser.new_page(viewport={"width": 1000, "height": 1400})
    style = f"{font_face()}body{{margin:0;background:#fff;color:#000;font-family:'DejaVu Sans'}}"
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}")
    page.evaluate("document.fonts.load('12px \"DejaVu Sans\"')")
    page.wait_for_function("document.fonts.check('12px \"DejaVu Sans\"')")
    return page


def painted(element):
    return np.asarray(Image.open(io.BytesIO(element.screenshot())).convert("RGB"), float)


def savefig(figure):
    """Matplotlib's own SVG of the figure as it stands, text as text."""
    out = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none"}):
        figure.savefig(out, format="svg", dpi=72 * SCALE)  # the dpi of its images alone
    svg = out.getvalue()
    return re.sub(r"<\?xml.*?<svg", "<svg", svg, flags=re.S)


def valley():
    f = quadratic((1.0, 10.0))
    ax = plots.landscape(f)
    (path,) = ax.plot([], [], "o-")

    def draw(lr):
        path.set_data(*descend(f, [1.3, 1.2], lr, steps=30).params.T)
        ax.set_title(f"learning rate {lr:.3g}")
        return ax.figure

    return draw, {"lr": np.geomspace(0.001, 0.22, 7)}


def many_things(interpolation="none"):
    """Image, colour bar, legend, bands, hatching, dashes, transparency, a diverged line, two pairs of axes."""
    rng = np.random.default_rng(0)
    fig, (top, bottom) = plots.figure(2)
    image = top.imshow(rng.random((6, 8)), vmin=0, vmax=1, interpolation=interpolation, aspect="auto")
    fig.colorbar(image, ax=top)
    t = np.linspace(0, 10, 50)
    (line,) = bottom.plot(t, t, "--", label="a line")
    bottom.plot([1, 5, 5, 9], [5, 5, np.nan, 8], "s-", alpha=0.5, label="with a gap")
    bottom.fill_between(t, 2, 3, alpha=0.3)
    bottom.bar([2, 4], [1, 2], hatch="//", color="C2")
    bottom.scatter(t[::5], 9 + 0 * t[::5], c=t[::5], s=30)
    bottom.legend(loc="upper left")
    bottom.set(xlabel="words, rising", ylabel="going up", ylim=(0, 10))

    def draw(k):
        line.set_data(t, 5 + 4 * np.sin(t + k))
        image.set_data(np.random.default_rng(k).random((6, 8)))
        bottom.set_title(f"k = {k}", fontweight="bold")
        return fig

    return draw, {"k": range(4)}


def resampled_things():
    """The same, its image resampled to the pixels of a screen."""
    return many_things("nearest")


@pytest.mark.parametrize("make", [valley, many_things, resampled_things], ids=lambda make: make.__name__)
def test_frames_rebuilt_in_chromium_are_what_savefig_gives(browser, make):
    draw, grid = make()
    demo = explore(draw, **grid, alt="a picture")
    (values,) = grid.values()
    tab = open_page(browser, demo.html)
    svg, slider = tab.locator(".lr-explore svg"), tab.locator("input[type=range]")
    width, height = (float(v) for v in svg.get_attribute("viewBox").split()[2:])
    box = f"width:{SCALE * width}px;max-width:none;height:{SCALE * height}px"
    svg.evaluate("(node, style) => node.setAttribute('style', style)", box)
    for k, value in [*enumerate(values), (1, values[1])]:  # the last one: going back must mend everything
        slider.fill(str(k))
        ours = painted(svg)
        other = open_page(browser, f'<div id="plain">{savefig(draw(value))}</div>')
        plain = other.locator("#plain svg")
        plain.evaluate("(node, style) => node.setAttribute('style', style)", box)
        theirs = painted(plain)
        other.close()
        assert ours.shape == theirs.shape
        difference = np.abs(ours - theirs).max(axis=2)
        # rounding to a tenth of a point moves the soft edge of a line, and nothing else
        assert (difference > 96).mean() < 5e-4, f"frame {k}: {(difference > 96).sum()} pixels differ"
        assert difference.mean() < 1.0, f"frame {k}: mean difference {difference.mean():.2f}"
    tab.close()


def test_the_comparison_can_fail(browser):
    """A path drawn a hair's breadth elsewhere is noticed."""
    draw, grid = valley()
    one = savefig(draw(grid["lr"][3]))
    two = savefig(draw(grid["lr"][4]))
    pictures = []
    for svg in (one, two):
        tab = open_page(browser, f'<div id="plain">{svg}</div>')
        pictures.append(painted(tab.locator("#plain svg")))
        tab.close()
    assert (np.abs(pictures[0] - pictures[1]).max(axis=2) > 96).mean() > 5e-4


def test_a_select_changes_picture_and_sentence_with_mouse_and_keyboard(browser):
    fig, ax = plots.figure()
    (line,) = ax.plot([], [])
    ax.set(xlim=(0, 1), ylim=(0, 1))

    def draw(shape, height):
        x = np.linspace(0, 1)
        line.set_data(x, height * {"line": x, "parabola": x**2, "root": np.sqrt(x)}[shape])
        return fig

    def say(shape, height):
        return f"A {shape} that rises to {height:.2f}."

    demo = explore(draw, shape=["line", "parabola", "root"], height=np.linspace(0.1, 1, 4), describe=say)
    tab = open_page(browser, demo.html)
    picture, sentence, select = tab.locator(".lr-explore svg"), tab.locator(".lr-say"), tab.locator("select")
    seen = {picture.inner_html()}
    select.select_option("1")
    assert sentence.inner_text() == "A parabola that rises to 0.10."
    seen.add(picture.inner_html())
    select.focus()
    tab.keyboard.press("ArrowDown")
    assert sentence.inner_text() == "A root that rises to 0.10."
    seen.add(picture.inner_html())
    tab.locator("input[type=range]").fill("3")
    assert sentence.inner_text() == "A root that rises to 1.00."
    seen.add(picture.inner_html())
    assert len(seen) == 4
    tab.close()
