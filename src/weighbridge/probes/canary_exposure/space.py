"""All that a secret could be: every string of its shape.

Each digit may be any digit of its script, each letter any letter of its case and alphabet; all other characters stay as
they are. A letter of none of the alphabets below, such as one with an accent or a Chinese one, stays too: the space is
then smaller than what an attacker would search, and the exposure is understated.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)
_OF = {letter: alphabet for alphabet in _ALPHABETS for letter in alphabet}


@dataclass(frozen=True, slots=True)
class Space:
    """The strings of one shape: for each character, those that it may be."""

    choices: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many strings there are."""
        return math.prod(len(these) for these in self.choices)

    def every(self) -> Iterator[str]:
        """All of them, in order."""
        return map("".join, itertools.product(*self.choices))

    def draw(self, n: int, rng: np.random.Generator, *, but: str) -> list[str]:
        """So many drawn with replacement, each as likely, from all but one; there must be at least two."""
        drawn: list[str] = []
        while len(drawn) < n:
            picked = [rng.integers(len(these), size=n).tolist() for these in self.choices]
            made = ("".join(map(str.__getitem__, self.choices, row)) for row in zip(*picked, strict=True))
            drawn += [candidate for candidate in made if candidate != but]
        return drawn[:n]


def space_of(secret: str) -> Space:
    """The space of a secret's shape."""
    return Space(tuple(_choices(character) for character in secret))


def _choices(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return "".join(chr(ord(character) - digit + n) for n in range(10))
    return _OF.get(character, character)
