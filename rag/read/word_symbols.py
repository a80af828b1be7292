"""Characters of Word's symbol fonts → the characters that they show.

Such a font has its own glyphs at 0x20–0xFF, stored as they are or at U+F020–U+F0FF.
Only those are told that occur in official records; another is shown as "�".
"""

from __future__ import annotations

import re

_SYMBOL = {
    0x20: " ", 0x2D: "−", 0xA0: "€", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™",
    0xD7: "·", 0xDE: "⇒", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
_GREEK = dict(
    zip(
        "abgdezhqiklmnxoprstufcywABGDEZHQIKLMNXOPRSTUFCYW",
        "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
        strict=True,
    )
)
_WINGDINGS = {
    0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x76: "❖", 0x9F: "•", 0xA7: "▪",
    0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_UNKNOWN = "�"
_PRIVATE = re.compile("[\uf020-\uf0ff]")


def symbol(font: str, code: str) -> str:
    """What a w:sym shows: its font and its hexadecimal code."""
    try:
        point = int(code, 16)
    except ValueError:
        return _UNKNOWN
    name = font.lower()
    if not name.startswith(("symbol", "wingdings")):
        legible = 0x20 <= point < 0xD800 or 0xE000 <= point < 0xF000
        return chr(point) if legible else _UNKNOWN
    return _glyph(point & 0xFF, wingdings=name.startswith("wingdings"))


def plain(text: str) -> str:
    """Text with characters of a symbol font told, where it holds any."""
    return _PRIVATE.sub(lambda found: _glyph(ord(found[0]) & 0xFF, wingdings=False), text)


def _glyph(point: int, *, wingdings: bool) -> str:
    if wingdings:
        return _WINGDINGS.get(point, _UNKNOWN)
    known = _SYMBOL.get(point) or _GREEK.get(chr(point))
    return known or (chr(point) if 0x20 <= point < 0x7F else _UNKNOWN)
