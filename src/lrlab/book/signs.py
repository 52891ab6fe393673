"""The signs of the site's math font, ``static/lrlab-math.woff2``; a formula with any other sign stops the build.

To add one, write it here and run ``make_font.py``. Every sign costs each reader of a formula about 80 bytes.
"""
# ruff: noqa: RUF001 (signs that look alike are the point here)

GREEK = "ΓΔΘΛΞΠΣΥΦΨΩ"  # upright; the small letters are italic, below
LETTERS = "ℂℍℕℙℚℝℤℓℎℒℐℛℬℰℱℋℳ∂∇∞∅ıȷ𝚯𝚲𝚺"
SIGNS = "±×÷·⋅−∓∗∘∙√∝∼≈≃≅≡≠≤≥≪≫≔∈∉∋⊂⊃⊆⊇∪∩∖∧∨¬∀∃⊥∥∣⊕⊗⊙⊤"
LARGE = "∑∏∫∬∮⋂⋃"
ARROWS = "←↑→↓↔⇐⇒⇔⟵⟶⟷⟸⟹⟺↦↗↘"
BRACKETS = "⟨⟩⌈⌉⌊⌋‖⏞⏟"
ACCENTS = "ˆ˜¯˙¨ˇ˘‾_\u20d7"
DOTS = "…⋯⋮⋱′″⋆†"
PLAIN = [*range(0x20, 0x7F), 0xA0]
STYLES = [0xFE00, 0xFE01]  # chancery and roundhand script
ALPHABETS = [
    *range(0x1D400, 0x1D468),  # Latin bold, italic
    *range(0x1D49C, 0x1D4B6),  # script capitals
    *range(0x1D538, 0x1D552),  # double-struck capitals
    *range(0x1D6E2, 0x1D71C),  # Greek italic
    *range(0x1D736, 0x1D750),  # Greek bold italic, small
    *range(0x1D7CE, 0x1D7DA),  # digits bold; double-struck 0 and 1
]
SPACES = [*range(0x2000, 0x200D), 0x202F, 0x205F, *range(0x2061, 0x2065)]  # and invisible operators: nothing to draw

IN_FONT = frozenset(map(ord, GREEK + LETTERS + SIGNS + LARGE + ARROWS + BRACKETS + ACCENTS + DOTS))
IN_FONT |= {*PLAIN, *STYLES, *ALPHABETS}
ALLOWED = IN_FONT | {*SPACES, *range(0x3B1, 0x3D7), 0x3F5}  # small Greek in <mi> is drawn with its italic sign
