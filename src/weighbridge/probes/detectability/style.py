"""How a text is written, apart from what it says: marks, lengths, repetition, and small words learnt per language."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from weighbridge.probekit.ports import Floats
from weighbridge.probes.detectability.sample import READ
from weighbridge.probes.detectability.scripts import UNSPACED, WORD, main_script

_WORD = re.compile(rf"(?:{WORD}|\d+)+(?:['’](?:{WORD}|\d+)+)*")
_SENTENCE = re.compile(r"[^.!?…。！？।؟۔]+")
_MARKS = ".,;:!?'\"-()"
_PACKED = 500  # characters whose packed size is told; of a shorter text it is not, since it depends on the length
_WINDOW = 100  # words in which different ones are counted, likewise
_FUNCTION_WORDS = 100  # of a language: those that most training texts have; ours

NAMES = (
    *(f"mark-{mark}" for mark in _MARKS), "marks-other", "capitals", "digits", "spaces", "beyond-ascii", "entropy",
    "word-length", "word-length-spread", "words-short", "words-long", "words-very-long", "words-capital",
    "words-shouted", "words-different", "words-once", "sentence-length", "sentence-length-spread", "sentence-longest",
    "sentence-shortest", "starts-different", "pairs-again", "triples-again", "fours-again", "twice-running", "packed",
)  # fmt: skip
_NAN = math.nan


def words_of(text: str) -> list[str]:
    """Words as they stand; each character of its own where words are not parted by spaces."""
    found: list[str] = _WORD.findall(text)
    if main_script(text[:200]) in UNSPACED:
        return [c for word in found for c in ((word,) if word.isascii() else word)]
    return found


def traits(text: str) -> list[float]:
    """The numbers that NAMES tells, of the beginning of a text."""
    text = text[:READ]
    words = words_of(text)
    return [*_of_characters(text), *_of_words(words), *_of_sentences(text), *_of_repetition(text, words)]


def _of_characters(text: str) -> list[float]:
    n = max(1, len(text))
    counted = Counter(text)
    marks = [counted.get(mark, 0) / n for mark in _MARKS]
    other = capitals = digits = spaces = beyond = 0
    entropy = 0.0
    for character, times in counted.items():
        entropy -= times / n * math.log2(times / n)
        beyond += 0 if character.isascii() else times
        if character.isalpha():
            capitals += times if character.isupper() else 0
        elif character.isspace():
            spaces += times
        elif character.isdigit():
            digits += times
        else:
            other += times
    return [*marks, other / n - sum(marks), capitals / n, digits / n, spaces / n, beyond / n, entropy]


def _of_words(words: list[str]) -> list[float]:
    n = len(words)
    if not n:
        return [_NAN] * 9
    lengths = [len(word) for word in words]
    mean = sum(lengths) / n
    window = Counter(word.lower() for word in words[:_WINDOW])
    whole = n >= _WINDOW
    return [
        mean, math.sqrt(sum((length - mean) ** 2 for length in lengths) / n),
        sum(length <= 3 for length in lengths) / n, sum(length >= 7 for length in lengths) / n,
        sum(length >= 11 for length in lengths) / n, sum(word[0].isupper() for word in words) / n,
        sum(len(word) > 1 and word.isupper() for word in words) / n,
        len(window) / _WINDOW if whole else _NAN, sum(v == 1 for v in window.values()) / _WINDOW if whole else _NAN,
    ]  # fmt: skip


def _of_sentences(text: str) -> list[float]:
    sentences = [words for words in (part.split() for part in _SENTENCE.findall(text)) if words]
    if not sentences:
        return [_NAN] * 5
    lengths = [len(words) for words in sentences]
    n = len(lengths)
    mean = sum(lengths) / n
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / n)
    starts = len({words[0].lower() for words in sentences}) / n
    return [mean, spread, float(max(lengths)), float(min(lengths)), starts]


def _of_repetition(text: str, words: list[str]) -> list[float]:
    lower = [word.lower() for word in words]
    again = []
    for length in (2, 3, 4):
        n = len(lower) - length + 1
        runs = set(zip(*(lower[at:] for at in range(length)), strict=False))
        again.append(1 - len(runs) / n if n > 0 else _NAN)
    twice = sum(a == b for a, b in pairwise(lower)) / max(1, len(lower))
    packed = len(zlib.compress(text[:_PACKED].encode("utf-8", "surrogatepass"), 6)) if len(text) >= _PACKED else _NAN
    return [*again, twice, float(packed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionWords:
    """The words that most texts of a language have; languages in order, "" for texts of which nobody said it."""

    of: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def learnt(cls, texts: Sequence[str], languages: Sequence[str]) -> FunctionWords:
        """Those of each language, most frequent first; of equally frequent ones the first in the alphabet."""
        counted: dict[str, Counter[str]] = {}
        for text, language in zip(texts, languages, strict=True):
            counted.setdefault(language, Counter()).update({word.lower() for word in words_of(text[:READ])})
        return cls(of=tuple((language, _most_frequent(counted[language])) for language in sorted(counted)))

    @property
    def width(self) -> int:
        """How many columns `rates` has."""
        return sum(len(words) for _, words in self.of)

    def rates(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """How often each stands among the words of a text; missing in a text of another language, shape (n, width)."""
        out = np.full((len(texts), self.width), np.nan)
        begin = 0
        places: dict[str, tuple[int, dict[str, int]]] = {}
        for language, words in self.of:
            places[language] = (begin, {word: at for at, word in enumerate(words)})
            begin += len(words)
        for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
            first, known = places.get(language, (0, {}))
            found = words_of(text[:READ])
            counted = np.zeros(len(known))
            for word in found:
                at = known.get(word.lower())
                if at is not None:
                    counted[at] += 1
            out[row, first : first + len(known)] = counted / max(1, len(found))
        return out


def _most_frequent(counted: Counter[str]) -> tuple[str, ...]:
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(word for word, n in ranked[:_FUNCTION_WORDS] if n > 1)
