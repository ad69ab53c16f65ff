"""What is to be gone, in the form in which it is looked for; and whether it stands in a text.

Two spellings of one name are one: compatibility forms, case, accents and strokes of the Latin, Greek and Cyrillic
scripts, points of Hebrew and Arabic, invisible characters and everything that is neither letter nor digit make no
difference. Long numbers are found however their digits are grouped; of two to four words, the last may also stand
first ("Last, First").

References
----------
Unicode Standard Annex 15, Unicode Normalization Forms (NFKD); The Unicode Standard, section 5.18, Case Mappings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 4096  # characters, ours: a page of text; a sentence of it is enough to find a longer one
_SHORTEST, _SHORTEST_UNSPACED = (
    3,
    2,
)  # ours: shorter ones stand in every file; two characters are a whole name in Chinese
_MANY_DIGITS = 6  # ours: from here on a number is one, however it is grouped
_FREE_END = 6  # ours: from here on a word may have an ending ("Schmidts", "Kowalskiego") and still be that name
# Combining accents; points and vowel signs of Hebrew and Arabic, with the stroke that only stretches a word.
_DROPPED: dict[int, str | None] = {
    c: None
    for span in ((0x300, 0x370), (0x591, 0x5C8), (0x610, 0x61B), (0x640, 0x641), (0x64B, 0x660), (0x670, 0x671))
    for c in range(*span)
}
# Letters with a stroke are no letter with an accent to Unicode; people write them either way.
_DROPPED |= dict(zip(map(ord, "ıłøđħŧæœ"), ("i", "l", "o", "d", "h", "t", "ae", "oe"), strict=True))
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_APART = re.compile(r"[\W_]+")
_PLAIN = bytes(b if chr(b).isalnum() and b < 128 else 32 for b in range(256)).lower()


def normal(text: str) -> str:
    """The text in lower case, its words apart by one space each, and nothing else between them.

    >>> normal("  José_ÁLVAREZ,\u200b <jose@Example.org> ")
    'jose alvarez jose example org'
    """
    if text.isascii():
        return " ".join(text.encode().translate(_PLAIN).decode().split())
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFKD", text)).translate(_DROPPED).casefold()
    bare = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", bare).translate(_DROPPED))
    return _APART.sub(" ", bare).strip()


def is_long_enough(identifier: str) -> bool:
    """Whether it says enough to be looked for: a letter or two stand everywhere."""
    bare = normal(identifier).replace(" ", "")
    return len(bare) >= (_SHORTEST_UNSPACED if any(_is_unspaced(c) for c in bare) else _SHORTEST)


@dataclass(frozen=True, slots=True)
class Sought:
    """One identifier, ready to be looked for in texts that `normal` has made."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    is_number: bool

    def stands_in(self, text: str) -> bool:
        """Whether it stands there; `text` is in normal form."""
        if not self.is_number and not any(needle in text for needle in self.needles):
            return False
        return self.pattern.search(text) is not None


def sought(identifier: str) -> Sought:
    """The identifier in the form in which it is looked for.

    >>> sought("Ann Lee").stands_in(normal("LEE, ann; born 1970"))
    True
    >>> sought("Ann Lee").stands_in(normal("Joann Lee"))
    False
    >>> sought("+44 7700 900461").stands_in(normal("tel. 00447700-900-461."))
    True
    """
    bare = normal(identifier)
    digits = bare.replace(" ", "")
    if digits.isdigit() and len(digits) >= _MANY_DIGITS:
        return Sought(
            (digits,), re.compile(r"(?<!\d)(?:0 ?)*" + " ?".join(digits.lstrip("0") or "0") + r"(?!\d)"), True
        )
    words = bare.split(" ")
    turned = (" ".join([words[-1], *words[:-1]]),) if 2 <= len(words) <= 4 else ()
    needles = tuple(dict.fromkeys((bare, *turned)))
    return Sought(needles, re.compile("|".join(_bounded(needle) for needle in needles)), False)


def longest(wanted: Iterable[Sought]) -> int:
    """How many characters of normal text one of them may take, with the boundary on both sides."""
    return max((2 * max(map(len, one.needles)) + 16 for one in wanted), default=16)


def _bounded(needle: str) -> str:
    """The needle where a word begins, and ends unless it is long; scripts without spaces have no such places."""
    start = "" if _is_unspaced(needle[0]) else r"(?<!\w)"
    is_free = _is_unspaced(needle[-1]) or (not needle[-1].isdigit() and len(needle.replace(" ", "")) >= _FREE_END)
    return start + re.escape(needle) + ("" if is_free else r"(?!\w)")


def _is_unspaced(character: str) -> bool:
    """Whether it is of a script that sets no spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""
    name = unicodedata.name(character, "")
    return name.startswith(
        ("CJK ", "HIRAGANA", "KATAKANA", "THAI ", "LAO ", "MYANMAR ", "KHMER ", "TIBETAN ", "HANGUL")
    )
