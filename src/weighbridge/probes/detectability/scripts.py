"""Which script a character is of, and which characters of two scripts look alike."""

from __future__ import annotations

import functools
import unicodedata

# Look-alikes of Latin letters, after the confusables of Unicode (UTS 39), those alone that no reader tells apart.
_CYRILLIC = ("aceopxyijshdqwABCEHIJKMOPSTXY", "асеорхуіјѕһԁԛԝАВСЕНІЈКМОРЅТХҮ")  # codespell:ignore
_GREEK = ("opvABEHIKMNOPTXYZ", "ορνΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
TWINS: dict[str, dict[str, str]] = {
    "CYRILLIC": dict(zip(*_CYRILLIC, strict=True)),
    "GREEK": dict(zip(*_GREEK, strict=True)),
}
"""By script: Latin letter to its twin there."""

_ARABIC = str.maketrans("یکہ", "يكه")
_PERSIAN = str.maketrans("يكہ", "یکه")
_URDU = str.maketrans("يكه", "یکہ")
ARABIC_TWINS = dict(zip("يكیک", "یکيك", strict=True))
"""Letters of Arabic and their twins in Persian, and the other way."""


def arabic_at_home(text: str) -> str:
    """Twins as the language of the text writes them, which its other letters tell; without those, as Arabic does."""
    if any(letter in text for letter in "ٹڈڑںے"):
        return text.translate(_URDU)
    return text.translate(_PERSIAN if any(letter in text for letter in "پچژگ") else _ARABIC)


TO_LATIN: dict[str, str] = {twin: letter for pairs in TWINS.values() for letter, twin in pairs.items()}
UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"})


def _marks() -> str:
    """All marks that stand on or beside a letter, as ranges of a class of a regular expression."""
    points = {point for point in range(0x300, 0x3000) if unicodedata.category(chr(point))[0] == "M"}
    starts = sorted(point for point in points if point - 1 not in points)
    ends = sorted(point for point in points if point + 1 not in points)
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(starts, ends, strict=True))


MARKS = _marks()
"""Vowel signs and accents: Python's `\\w` knows none of them, and would cut words of Hindi or Tamil there."""
WORD = rf"[^\W\d_](?:[^\W\d_]|[{MARKS}\u200c\u200d])*"
"""Letters with their marks and joiners."""


@functools.lru_cache(maxsize=1 << 16)
def script_of(character: str) -> str:
    """The script of a letter as its name begins, such as LATIN, CYRILLIC or CJK; empty for what is no letter."""
    if not character.isalpha():
        return ""
    return unicodedata.name(character, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def shares(text: str) -> dict[str, float]:
    """The share of each script among the letters, the largest first; empty where there is no letter."""
    counted: dict[str, int] = {}
    for character in text:
        script = script_of(character)
        if script:
            counted[script] = counted.get(script, 0) + 1
    whole = sum(counted.values())
    return {script: n / whole for script, n in sorted(counted.items(), key=lambda item: (-item[1], item[0]))}


def main_script(text: str) -> str:
    """The script that most letters are of; empty where there is no letter."""
    return next(iter(shares(text)), "")
