"""The words of a name, in any script, however it is written: `homeAddress`, `home_address`, `HOME-ADDRESS`."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS_FROM = 10  # combining class: below it are the signs of Indic scripts and of kana, which are letters
_PLAIN_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_INSTEAD = str.maketrans({
    "\u0131": "i", "\u0142": "l", "\u00f8": "o", "\u0111": "d", "\u00e6": "ae", "\u0153": "oe", "\u0640": None,
    "\u0649": "\u064a", "\u0629": "\u0647",
})  # fmt: skip


def words(name: str) -> tuple[str, ...]:
    r"""The words of a name, without accents, capitals and digits; invisible characters do not part a word.

    >>> words("DateOfBirth_2"), words("B-HTTPServer"), words("re\u200bligión")
    (('date', 'of', 'birth'), ('b', 'http', 'server'), ('religion',))
    """
    if name.isascii() and name.isprintable():  # the same, and many times faster
        return tuple(word.lower() for word in _PLAIN_WORD.findall(name))
    found: list[str] = []
    word = ""
    shown = "".join(c for c in unicodedata.normalize("NFKC", name) if not _is_invisible(c))
    for n, c in enumerate(shown):
        if unicodedata.category(c)[0] not in "LM":
            found, word = [*found, word] if word else found, ""
            continue
        if word and _starts_word(shown, n):
            found, word = [*found, word], ""
        word += c
    return tuple(plain for plain in map(folded, [*found, word]) if plain)


def _is_invisible(c: str) -> bool:
    return unicodedata.category(c) in ("Cf", "Cc") and not c.isspace()


def _starts_word(text: str, n: int) -> bool:
    """Whether a capital begins a new word: after a small letter, or as the last of several before a small one."""
    if not text[n].isupper():
        return False
    return text[n - 1].islower() or (text[n - 1].isupper() and n + 1 < len(text) and text[n + 1].islower())


def folded(word: str) -> str:
    """The word without accents and capitals, letters of one sound that are written in two ways made one."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_INSTEAD)
    return "".join(c for c in plain if unicodedata.combining(c) < _ACCENTS_FROM)
