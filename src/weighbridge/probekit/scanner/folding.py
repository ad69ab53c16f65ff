"""Digits, letters and signs of other scripts, made those of ASCII, so that one pattern reads them all."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array


def _table() -> dict[int, str | None]:
    made: dict[int, str | None] = {}
    for code in range(0x80, sys.maxunicode + 1):
        if unicodedata.category(chr(code)) == "Nd":
            made[code] = str(unicodedata.digit(chr(code)))
    made |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full width
    made |= dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    made |= dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0x2043), "-")
    made |= {0xFE6B: "@", 0x66B: ".", 0x66C: ",", 0x2044: "/", 0x2215: "/", 0x2024: "."}
    invisible = (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
    return made | dict.fromkeys(invisible)


_TABLE = _table()


def _class(codes: list[int]) -> str:
    """The codes as ranges, for a set in an expression."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_FOLDED = re.compile(f"[{_class(list(_TABLE))}]")


def folds(text: str) -> bool:
    """Whether folding changes the text."""
    return not text.isascii() and _FOLDED.search(text) is not None


def folded(text: str) -> str:
    """The text with digits, full-width letters, spaces and dashes of ASCII, and without what nobody sees.

    >>> folded("\u0660\u0661 \uff41\uff20\uff42")
    '01 a@b'
    """
    return text.translate(_TABLE) if folds(text) else text


def places(text: str) -> array[int]:
    """For each character of the folded text, where it stands in the text; and last, where the text ends."""
    kept = array("q", (at for at, c in enumerate(text) if _TABLE.get(ord(c), c) is not None))
    kept.append(len(text))
    return kept
