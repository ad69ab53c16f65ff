"""Which script a text is in. That is always known, from Unicode alone, also where the language is not."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.script_ranges import RANGES

_NONE, _WITH_THE_LAST = 0, 1  # no letter; a letter or mark that goes with the one before it

UNSPACED = frozenset(
    {"Ahom", "Bopo", "Hani", "Hans", "Hant", "Hira", "Jpan", "Kana", "Kawi", "Khmr", "Kits", "Lana", "Laoo", "Mymr",
     "Nshu", "Tale", "Talu", "Tang", "Tavt", "Thai", "Tibt", "Yiii"}
)  # fmt: skip
"""Scripts that put no space between words.

References
----------
CLDR 47, scriptMetadata: `lbLetters`, scripts whose lines may break between letters. Tibetan is ours: it breaks at a
mark after each syllable, and a space ends a sentence.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of one script."""

    start: int  # in characters of the text
    stop: int
    script: str  # ISO 15924; empty where the whole text holds no letter
    n_letters: int


def is_spaced(script: str) -> bool:
    """Whether the script puts spaces between words, so that words can be counted without knowing the language."""
    return script not in UNSPACED


def n_letters(text: str) -> int:
    """Letters and marks; digits, signs, spaces and emoji are none."""
    return int((_codes(text) != _NONE).sum())


def runs(text: str) -> tuple[Run, ...]:
    """The text cut where its script changes; what is no letter goes with the letters before it.

    Kana with Han is Japanese writing (Jpan) throughout, and Hangul with Han is Korean (Kore), wherever in the text
    they stand.
    """
    codes = _codes(text)
    letters = np.flatnonzero(codes > _WITH_THE_LAST)
    if not letters.size:
        return (Run(start=0, stop=len(text), script="", n_letters=0),) if text else ()
    names = _joined(_names()[codes[letters]])
    first = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    starts = [0, *letters[first[1:]].tolist()]
    stops = [*starts[1:], len(text)]
    return tuple(
        Run(start=start, stop=stop, script=str(names[place]), n_letters=int((codes[start:stop] != _NONE).sum()))
        for start, stop, place in zip(starts, stops, first.tolist(), strict=True)
    )


def _joined(names: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Names of scripts that are written together, under one name."""
    there = set(np.unique(names).tolist())
    if there & {"Hira", "Kana"}:
        return np.where(np.isin(names, ["Hira", "Kana", "Hani"]), "Jpan", names)
    if "Hang" in there:
        return np.where(np.isin(names, ["Hang", "Hani"]), "Kore", names)
    return names


def _codes(text: str) -> npt.NDArray[np.uint8]:
    """For each character its script by number."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes: npt.NDArray[np.uint8] = _table()[points]
    return codes


@functools.cache
def _parsed() -> tuple[tuple[str, int, int], ...]:
    found, script = [], ""
    for word in RANGES.split():
        if word[0].isupper() and word[1:].isalpha() and word[1:].islower():
            script = word
            continue
        start, _, stop = word.partition("-")
        found.append((script, int(start, 16), int(stop or start, 16)))
    return tuple(found)


@functools.cache
def _names() -> npt.NDArray[np.str_]:
    return np.array(["", "", *dict.fromkeys(script for script, _start, _stop in _parsed())])


@functools.cache
def _table() -> npt.NDArray[np.uint8]:
    """For each code point: 0 for no letter, 1 for one of no script of its own, else the number of its script."""
    numbers = {name: number for number, name in enumerate(_names().tolist()) if name}
    table = np.full(0x110000, _WITH_THE_LAST, np.uint8)
    for script, start, stop in _parsed():
        table[start : stop + 1] = numbers[script]
    is_letter = np.fromiter((unicodedata.category(chr(c))[0] in "LM" for c in range(0x110000)), bool, 0x110000)
    table[~is_letter] = _NONE
    table[0xFE00:0xFE10] = table[0xE0100:0xE01F0] = _NONE  # marks by category, yet they only choose an emoji's look
    return table
