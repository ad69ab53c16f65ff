"""Texts with their words in another order, and texts with misspelt words. What else was in them stays as it was."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from weighbridge.probekit.scripts import is_spaced, runs

WINDOW = 3  # words: what is told by the words next to it is told by these
SHARE = 0.1  # of the words that are misspelt
_LEAST_LETTERS = 4  # of a word that is misspelt: its first letter stays, and two that follow change places
_END = re.compile(r"(?<=[.!?…。！？؟۔।॥])\s+")

# Scripts for which exchanging letters is no model of how people misspell: Hangul is typed by the letters inside a
# syllable, and an abugida's vowels are signs at a consonant. Whole syllables change places there.
NO_TYPO_MODEL = frozenset(
    {"Kore", "Hang", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Ethi", "Olck",
     "Mtei", "Cakm", "Java", "Bali", "Sund", "Cans"}
)  # fmt: skip


def main_script(text: str) -> str:
    """The script of most of its letters; empty where it has none."""
    counted: dict[str, int] = {}
    for run in runs(text):
        counted[run.script] = counted.get(run.script, 0) + run.n_letters
    return max(counted, key=lambda script: (counted[script], script), default="")


def has_words(text: str) -> bool:
    """Whether words are told apart by spaces, and there are some."""
    return is_spaced(main_script(text)) and len(text.split()) > 1


def plain(text: str) -> str:
    """The text with one space between words: what the changed ones are set against."""
    return " ".join(text.split())


def shuffled(text: str, rng: np.random.Generator, *, window: int = 0) -> str:
    """The words of each sentence in random order; with a window, each group of so many words in itself.

    The mark at a sentence's end stays there. Every order is as likely, the given one among them.
    """
    return " ".join(_shuffled(sentence, rng, window) for sentence in _END.split(plain(text)))


def misspelt(text: str, rng: np.random.Generator) -> str:
    """The text with two letters exchanged in a tenth of its words, at least in one if any is long enough.

    Letters are taken with the marks on them. The first letter of a word stays.
    """
    words = plain(text).split(" ")
    eligible = [at for at, word in enumerate(words) if _places(_letters(word))]
    n = min(len(eligible), max(1, round(SHARE * len(words))))
    for at in rng.choice(eligible, n, replace=False).tolist() if n else ():
        letters = _letters(words[at])
        place = int(rng.choice(_places(letters)))
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
        words[at] = "".join(letters)
    return " ".join(words)


def _shuffled(sentence: str, rng: np.random.Generator, window: int) -> str:
    end = len(sentence)
    while end and unicodedata.category(sentence[end - 1])[0] in "PS":
        end -= 1
    words = sentence[:end].split(" ")
    step = window or len(words)
    moved: list[str] = []
    for start in range(0, len(words), step):
        part = words[start : start + step]
        moved += [part[at] for at in rng.permutation(len(part)).tolist()]
    return " ".join(moved) + sentence[end:]


def _letters(word: str) -> list[str]:
    """Its characters, each with the marks that stand on it."""
    made: list[str] = []
    for character in word:
        if made and (unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"):
            made[-1] += character
        else:
            made.append(character)
    return made


def _places(letters: list[str]) -> list[int]:
    """Where two letters that differ can be exchanged, the first left alone; none in a word that is too short."""
    is_letter = [unicodedata.category(c[0])[0] == "L" for c in letters]
    if sum(is_letter) < _LEAST_LETTERS:
        return []
    first = is_letter.index(True)
    return [
        at for at in range(first + 1, len(letters) - 1)
        if is_letter[at] and is_letter[at + 1] and letters[at] != letters[at + 1]
    ]  # fmt: skip
