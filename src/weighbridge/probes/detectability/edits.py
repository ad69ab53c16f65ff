"""What attacks do to one text. Each gives the text changed, or says why there is nothing in it that it could change.

None empties a text, none cuts a character that a reader takes for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Ints
from weighbridge.probes.detectability.engine_text import clusters
from weighbridge.probes.detectability.lexicon import ARTICLES, NO_ARTICLES, ROWS, Exchanges, Lists, primary
from weighbridge.probes.detectability.scripts import ARABIC_TWINS, TWINS, UNSPACED, WORD, main_script

_WORD = re.compile(rf"{WORD}(?:['’\-]{WORD})*")
_GAP = re.compile(r"(?<=\S)[^\S\n\r]+(?=\S)")
_NUMBER = re.compile(r"\d+")
_STOP = re.compile(r"(?:[.!?…؟۔।][\"'”’»)\]]*\s+|[。！？][”」』）]*)(?=\S)")
_ARTICLE = re.compile(r"(?<![\w'’])(?:[^\W\d_]+['’]|[^\W\d_]+)(?=(?P<gap>[^\S\n\r]*)(?P<next>\w))")
_SHORTEST = 4  # letters of a word that is misspelt; ours
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A text to change."""

    text: str
    language: str  # "" where nobody said
    strength: float  # share of the places that could be changed
    rng: np.random.Generator
    lists: Lists


Edit = Callable[[Asked], str | Phrase]


def homoglyphs(asked: Asked) -> str | Phrase:
    """Letters become their twins in another script."""
    script = main_script(asked.text)
    twins = _twins(script)
    if not twins:
        return phrase("no look-alikes are known for the script {script}", script=script or "(none)")
    return _characters(asked, lambda c, _: twins.get(c, c))


def _twins(script: str) -> dict[str, str]:
    if script == "LATIN":
        return TWINS["GREEK"] | TWINS["CYRILLIC"]
    if script in TWINS:
        return {twin: letter for letter, twin in TWINS[script].items()}
    return ARABIC_TWINS if script == "ARABIC" else {}


def zero_width(asked: Asked) -> str | Phrase:
    """Invisible spaces between characters."""
    parts = clusters(asked.text)
    return _between(asked, parts, _ZERO_WIDTH) or phrase("the text is of one character")


def whitespace(asked: Asked) -> str | Phrase:
    """Spaces between words become several; where words are not parted by spaces, some come between characters."""
    if main_script(asked.text) in UNSPACED:
        return _between(asked, clusters(asked.text), " ") or phrase("the text is of one character")
    gaps = list(_GAP.finditer(asked.text))
    widened = [gap[0] + " " * (1 + int(asked.rng.integers(3))) for gap in gaps]
    return _exchanged(asked, gaps, widened) or phrase("the text is of one word")


def case(asked: Asked) -> str | Phrase:
    """Capitals become small and small letters capitals."""
    found = _characters(asked, lambda c, _: c.swapcase() if len(c.swapcase()) == 1 else c)
    return found if isinstance(found, str) else phrase("the script has no capitals")


def misspelling(asked: Asked) -> str | Phrase:
    """Words from a list of misspellings where it has them; else letters exchanged, left out, doubled or mistyped."""
    script = main_script(asked.text)
    if script in UNSPACED or script in ("HANGUL", ""):
        return phrase("no rule of misspelling is known for the script {script}", script=script or "(none)")
    listed = asked.lists.misspellings.get(primary(asked.language), {})
    words = [word for word in _WORD.finditer(asked.text) if len(word[0]) >= _SHORTEST or word[0].lower() in listed]
    wrong = [_misspelt(word[0], script, listed, asked.rng) for word in words]
    return _exchanged(asked, words, wrong) or phrase("no word is long enough to be misspelt")


def _misspelt(word: str, script: str, listed: Exchanges, rng: np.random.Generator) -> str:
    how, where = int(rng.integers(4)), float(rng.random())
    if known := listed.get(word.lower()):
        return _as_written(word, known[int(where * len(known))])
    letters = clusters(word)
    n = len(letters)
    at = 1 + int(where * (n - 2)) if n > 2 else 0
    neighbours = _neighbours(letters[at], script) if how == 3 else ""
    if how == 0 and n > _SHORTEST:
        letters[at] = ""
    elif how == 1:
        letters[at] *= 2
    elif neighbours:
        letters[at] = neighbours[int(rng.integers(len(neighbours)))]
    else:
        pairs = [i for i in range(n - 1) if letters[i] != letters[i + 1]]
        i = min(pairs, key=lambda pair: abs(pair - at), default=0)
        letters[i : i + 2] = letters[i : i + 2][::-1]
    return "".join(letters)


def _neighbours(letter: str, script: str) -> str:
    """The keys beside that of a letter."""
    for row in ROWS.get(script, ()):
        at = row.find(letter)
        if len(letter) == 1 and at >= 0:
            return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return ""


def spelling(asked: Asked) -> str | Phrase:
    """The other custom of writing a word, such as British for American."""
    known = asked.lists.spellings.get(primary(asked.language), {})
    none = phrase("no list of alternative spellings is known for the language {language}", language=_told(asked))
    return _from_list(asked, known) if known else none


def synonyms(asked: Asked) -> str | Phrase:
    """Another word of the same meaning."""
    known = asked.lists.synonyms.get(primary(asked.language), {})
    none = phrase("no list of synonyms is known for the language {language}", language=_told(asked))
    return _from_list(asked, known) if known else none


def _told(asked: Asked) -> str:
    return asked.language or "(not told)"


def _from_list(asked: Asked, known: Exchanges) -> str | Phrase:
    single = all(len(word) == 1 for word in known)
    words = re.finditer(r"\S", asked.text) if single else _WORD.finditer(asked.text)
    found = [word for word in words if word[0].lower() in known]
    new = []
    for word in found:
        choice = known[word[0].lower()]
        new.append(_as_written(word[0], choice[int(asked.rng.integers(len(choice)))]))
    return _exchanged(asked, found, new) or phrase("no word of the list is in the text")


def numbers(asked: Asked) -> str | Phrase:
    """Numbers become others of as many digits, in the digits of their script."""
    found = list(_NUMBER.finditer(asked.text))
    return _exchanged(asked, found, [_other(n[0], asked.rng) for n in found]) or phrase("no number is in the text")


def _other(number: str, rng: np.random.Generator) -> str:
    zeros = [ord(c) - unicodedata.decimal(c) for c in number]
    steps = rng.integers(1, 10, len(number))
    digits = [(unicodedata.decimal(c) + int(step)) % 10 for c, step in zip(number, steps, strict=True)]
    if len(digits) > 1 and digits[0] == 0 and unicodedata.decimal(number[0]) != 0:
        digits[0] = 1 + unicodedata.decimal(number[0]) % 9
    return "".join(chr(zero + digit) for zero, digit in zip(zeros, digits, strict=True))


def articles(asked: Asked) -> str | Phrase:
    """Articles are left out; the word that follows takes over a capital."""
    language = primary(asked.language)
    known = ARTICLES.get(language)
    if language in NO_ARTICLES:
        return phrase("the language {language} has no articles", language=_told(asked))
    if known is None:
        return phrase("no articles are known for the language {language}", language=_told(asked))
    found = [m for m in _ARTICLE.finditer(asked.text) if m[0].lower() in known]
    if not found:
        return phrase("no article is in the text")
    text, last = [], 0
    for word, out in zip(found, _chosen(len(found), asked).tolist(), strict=True):
        if not out or word.start() < last:
            continue
        text.append(asked.text[last : word.start()])
        follows = word["next"]
        text.append(follows.upper() if word[0][0].isupper() and len(follows.upper()) == 1 else follows)
        last = word.end("next")
    return "".join(text) + asked.text[last:]


def paragraphs(asked: Asked) -> str | Phrase:
    """Line breaks between sentences."""
    stops = list(_STOP.finditer(asked.text))
    return _exchanged(asked, stops, [stop[0].rstrip() + "\n\n" for stop in stops]) or phrase(
        "the text is of one sentence"
    )


def _chosen(n: int, asked: Asked) -> Ints:
    """Which of n places are changed, 1 for yes; one at least."""
    chosen = (asked.rng.random(n) < asked.strength).astype(np.int64)
    if n and not chosen.any():
        chosen[asked.rng.integers(n)] = 1
    return chosen


def _exchanged(asked: Asked, found: Sequence[re.Match[str]], new: Sequence[str]) -> str:
    """The text with some matches exchanged; empty where there is none that would differ."""
    places = [(old, text) for old, text in zip(found, new, strict=True) if old[0] != text]
    if not places:
        return ""
    parts, last = [], 0
    for (old, text), now in zip(places, _chosen(len(places), asked).tolist(), strict=True):
        if now:
            parts += [asked.text[last : old.start()], text]
            last = old.end()
    return "".join(parts) + asked.text[last:]


def _characters(asked: Asked, exchange: Callable[[str, int], str]) -> str | Phrase:
    """The text with some of the characters exchanged that would differ."""
    new = [exchange(c, i) for i, c in enumerate(asked.text)]
    places = [i for i, (a, b) in enumerate(zip(asked.text, new, strict=True)) if a != b]
    if not places:
        return phrase("no character of the text can be exchanged")
    out = list(asked.text)
    for place, now in zip(places, _chosen(len(places), asked).tolist(), strict=True):
        if now:
            out[place] = new[place]
    return "".join(out)


def _between(asked: Asked, parts: Sequence[str], mark: str) -> str:
    """The mark between some of the parts; empty where there is but one."""
    if len(parts) < 2:
        return ""
    chosen = _chosen(len(parts) - 1, asked).tolist()
    return parts[0] + "".join(mark * put + part for put, part in zip(chosen, parts[1:], strict=True))


def _as_written(old: str, new: str) -> str:
    """A new word in the capitals of the old."""
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
