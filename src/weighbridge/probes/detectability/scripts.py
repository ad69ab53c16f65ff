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

# Letters that are written alike within one script or between two that share it.
_ARABIC = {"ي": "ی", "ك": "ک", "ه": "ہ"}

FOLDED = {"ARABIC": {twin: letter for letter, twin in _ARABIC.items()}}
"""By script: what a letter of Persian or Urdu is in Arabic; only where both stand in one text."""

TO_LATIN: dict[str, str] = {twin: letter for pairs in TWINS.values() for letter, twin in pairs.items()}
UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"})
RIGHT_TO_LEFT = frozenset({"HEBREW", "ARABIC", "SYRIAC", "THAANA", "NKO"})


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


def arabic_twin(letter: str) -> str:
    """The letter of Persian or Urdu that looks like this Arabic one; itself where there is none."""
    return _ARABIC.get(letter, letter)
