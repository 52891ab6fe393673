"""Make ``static/lrlab-math.woff2``, the one font that the site serves: the signs of ``signs.py`` from STIX Two Math.

Its source is STIX Two Math 2.12 (SIL Open Font License 1.1), as the npm package ``@fontsource/stix-two-math`` 5.3.0 has
it: without an argument, ``npm`` fetches that; else name a font file. Needs fonttools and brotli (the extra ``test``)::

    python -m lrlab.book.make_font [stix-two-math.woff2]

The MATH table, and with it the stretched brackets and root signs, is kept. They are made narrower, though: Chromium
reserves for each of them the width of the widest, which leaves a gap behind the small ones.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from unicodedata import category

from fontTools.misc.transform import Scale
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont

from lrlab.book.signs import BRACKETS, IN_FONT, STYLES

TARGET = Path(__file__).parent / "static" / "lrlab-math.woff2"
PACKAGE = "@fontsource/stix-two-math@5.3.0"
MEMBER = "package/files/stix-two-math-latin-400-normal.woff2"
WIDEST = 1.15  # a stretched bracket, in widths of the plain one
TALLEST = 2900  # a bracket drawn in one piece, in thousandths of an em; taller ones are put together


def narrow(font: TTFont) -> None:
    """Make the stretched forms of brackets and roots hardly wider than the plain ones, and drop the tallest."""
    upright = {font.getBestCmap()[ord(sign)] for sign in "()[]{}|√" + BRACKETS}
    glyphs, variants, narrowed = font.getGlyphSet(), font["MATH"].table.MathVariants, {}
    for plain, forms in zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True):
        if plain not in upright or not forms.GlyphAssembly:
            continue
        kept = [form for form in forms.MathGlyphVariantRecord if form.AdvanceMeasurement <= TALLEST]
        forms.MathGlyphVariantRecord, forms.VariantCount = kept, len(kept)
        names = [form.VariantGlyph for form in kept] + [part.glyph for part in forms.GlyphAssembly.PartRecords]
        for name in {*names} - {plain}:
            scale = min(1, WIDEST * glyphs[plain].width / glyphs[name].width)
            pen = TTGlyphPen(None)
            glyphs[name].draw(DecomposingFilterPen(TransformPen(pen, Scale(scale, 1)), glyphs))
            narrowed[name] = pen.glyph(), scale
    for name, (glyph, scale) in narrowed.items():  # not before: some are made from others
        width, bearing = font["hmtx"][name]
        glyph.recalcBounds(font["glyf"])
        font["glyf"][name] = glyph
        font["hmtx"][name] = round(width * scale), round(bearing * scale)


def give_width(font: TTFont, sign: str) -> None:
    """Set a combining sign on a width of its own; browsers centre it by that."""
    name = font.getBestCmap()[ord(sign)]
    glyph = font["glyf"][name]
    glyph.coordinates.translate((-glyph.xMin, 0))
    font["hmtx"][name] = glyph.xMax - glyph.xMin, 0
    glyph.recalcBounds(font["glyf"])


def make(source: Path, target: Path = TARGET) -> int:
    """Write the subset of the font ``source`` to ``target`` and return its size in bytes."""
    options = Options(flavor="woff2", layout_features=["ssty", "ccmp"], hinting=False)
    options.notdef_outline, options.name_IDs = True, [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = load_font(str(source), options)
    glyph_info = font["MATH"].table.MathGlyphInfo
    glyph_info.ensureDecompiled()
    glyph_info.MathKernInfo = None  # no browser reads it
    narrow(font)
    give_width(font, "\u20d7")
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=IN_FONT)
    subsetter.subset(font)
    missing = [chr(code) for code in sorted(IN_FONT - {*font.getBestCmap(), *STYLES})]
    if missing := [sign for sign in missing if category(sign) != "Cn"]:  # the alphabets of Unicode have holes
        raise SystemExit(f"{source.name} lacks {missing!a}")
    save_font(font, str(target), options)
    return target.stat().st_size


def fetch(folder: Path) -> Path:
    """Fetch the source font from its npm package into ``folder``."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        package.extract(MEMBER, folder, filter="data")
    return folder / MEMBER


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        size = make(Path(sys.argv[1]) if sys.argv[1:] else fetch(Path(folder)))
    print(f"{TARGET.name}: {size:,} bytes")
