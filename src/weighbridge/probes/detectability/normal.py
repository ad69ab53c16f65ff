"""Text as a careful reader sees it: what is invisible goes, and letters of a foreign script come home.

Script-aware: a letter is exchanged only for its twin in the script of its own word. Russian stays Russian, and so does
a Russian word in an English text. What it cannot know: a word made wholly of twins, such as Russian for rubbish in an
English text, is taken for a word of the script that the text is in.
"""

from __future__ import annotations

import re
import unicodedata

from weighbridge.probes.detectability.scripts import TO_LATIN, TWINS, arabic_at_home, script_of

_LETTERS = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r"\s+")
_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff]) (?=[\u3040-\u30ff\u3400-\u9fff])")
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800\u0085\u2028\u2029"), " ")  # drawn as nothing
_JOINERS = "\u200c\u200d"
# Signs that Unicode calls format characters and that are drawn.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_EUROPEAN = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", ""})


def _styled() -> dict[int, str]:
    """Letters and digits that differ from plain ones in style alone: full width, mathematical, circled."""
    blocks = ((0x2100, 0x2150), (0x24B6, 0x24EA), (0xFF10, 0xFF5B), (0x1D400, 0x1D800), (0x1F130, 0x1F14A))
    made = {}
    for first, after in blocks:
        for point in range(first, after):
            plain = unicodedata.normalize("NFKC", chr(point))
            if len(plain) == 1 and plain != chr(point) and plain.isalnum():
                made[point] = plain
    return made


_STYLED = _styled()


def normal(text: str) -> str:
    """The text without what cannot be seen, in plain letters of one script for each word, with single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_STYLED).translate(_BLANKS)
        text = _visible(text)
        text = unicodedata.normalize("NFC", _at_home(text))
    text = _SPACES.sub(" ", "".join(c for c in text if c.isprintable() or c.isspace() or not _is_control(c))).strip()
    return text if text.isascii() else _BETWEEN_IDEOGRAPHS.sub("", text)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def _visible(text: str) -> str:
    """Without format characters and selectors, save where they shape what is drawn."""
    kept: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cf" or character == "\u034f" or _is_selector(character):
            before = kept[-1] if kept else ""
            if not _shapes(character, before):
                continue
        kept.append(character)
    return "".join(kept)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _shapes(character: str, before: str) -> bool:
    """Whether it changes how the character before it is drawn."""
    if character in _DRAWN:
        return True
    is_symbol = before != "" and unicodedata.category(before) in ("So", "Sk", "Mn", "Me", "Cf")
    if _is_selector(character) or "\U000e0020" <= character <= "\U000e007f":
        return is_symbol or script_of(before) in ("CJK", "MONGOLIAN")
    if character in _JOINERS:
        return before != "" and (
            is_symbol or unicodedata.category(before) == "Mc" or script_of(before) not in _EUROPEAN
        )
    return False


def _at_home(text: str) -> str:
    """Letters exchanged for their twins in the script of their word, or of the text where a word does not say."""
    sure = [script_of(c) for c in text if _is_sure(c)]
    main = max(("LATIN", "CYRILLIC", "GREEK"), key=sure.count) if sure else ""
    mixed = _LETTERS.sub(lambda word: _word_at_home(word[0], main), text)
    return arabic_at_home(mixed) if any("\u0600" <= c <= "\u06ff" for c in mixed) else mixed


def _is_sure(character: str) -> bool:
    """Whether a letter of one of the three scripts has no twin in another."""
    script = script_of(character)
    if script == "LATIN":
        return not any(character in pairs for pairs in TWINS.values())
    return script in TWINS and character not in TO_LATIN


def _word_at_home(word: str, main: str) -> str:
    if word.isascii() and main not in TWINS:
        return word
    scripts = {script_of(c) for c in word}
    if len(scripts) == 1 and next(iter(scripts)) == main:
        return word
    told = {script_of(c) for c in word if _is_sure(c)} & {"LATIN", *TWINS}
    home = next(iter(told)) if len(told) == 1 else main if not told else ""
    if home == "LATIN":
        return "".join(TO_LATIN.get(c, c) for c in word)
    if home in TWINS:
        return "".join(TWINS[home].get(TO_LATIN.get(c, c), c) if script_of(c) != home else c for c in word)
    return word
