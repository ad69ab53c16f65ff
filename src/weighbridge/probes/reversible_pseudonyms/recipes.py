"""How a pseudonym can have been made of a value: hash functions, by the length of what they give."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from weighbridge.probekit.ports import Floats

Many = Callable[[Sequence[bytes]], list[bytes]]  # the hash of each of some values

# Hashes that one graphics card of 2022 makes in a second, rounded: as in the hashcat benchmarks that Chick3nman
# publishes; unlisted ones are far slower here than they are. A processor core in Python: measured, rounded. Ours.
_CARD = {"MD5": 1.5e11, "SHA-1": 5e10, "SHA-224": 2e10, "SHA-256": 2e10, "SHA-384": 7e9, "SHA-512": 7e9}
_CARD_OTHER, CORE = 1e9, 1e6


@dataclass(frozen=True, slots=True)
class Recipe:
    """One hash function, or the first bytes of what it gives."""

    name: str
    many: Many

    @property
    def per_second(self) -> float:
        """Nominal hashes a second on a graphics card."""
        return _CARD.get(self.name.partition(",")[0], _CARD_OTHER)


def _of(make: Callable[[bytes], Any]) -> Many:
    return lambda values: [make(value).digest() for value in values]


def _sum(make: Callable[[bytes], int]) -> Many:
    return lambda values: [make(value).to_bytes(4, "big") for value in values]


_FULL: dict[int, tuple[Recipe, ...]] = {
    4: (Recipe("CRC-32", _sum(zlib.crc32)), Recipe("Adler-32", _sum(zlib.adler32))),
    16: (Recipe("MD5", _of(partial(hashlib.md5, usedforsecurity=False))),),
    20: (Recipe("SHA-1", _of(partial(hashlib.sha1, usedforsecurity=False))),),
    28: (Recipe("SHA-224", _of(hashlib.sha224)), Recipe("SHA3-224", _of(hashlib.sha3_224))),
    32: (
        Recipe("SHA-256", _of(hashlib.sha256)),
        Recipe("SHA3-256", _of(hashlib.sha3_256)),
        Recipe("BLAKE2s", _of(hashlib.blake2s)),
    ),
    48: (Recipe("SHA-384", _of(hashlib.sha384)), Recipe("SHA3-384", _of(hashlib.sha3_384))),
    64: (
        Recipe("SHA-512", _of(hashlib.sha512)),
        Recipe("BLAKE2b", _of(hashlib.blake2b)),
        Recipe("SHA3-512", _of(hashlib.sha3_512)),
    ),
}
LENGTHS = tuple(_FULL)
_CUT = ((16, _FULL[16][0]), (20, _FULL[20][0]), (32, _FULL[32][0]), (64, _FULL[64][0]))
LONGEST = max(LENGTHS)


def recipes(length: int, *, every: bool = True) -> tuple[Recipe, ...]:
    """Hash functions that give so many bytes, or of which the first so many bytes are used; `every`, or the usual one.

    >>> [r.name for r in recipes(16)], [r.name for r in recipes(16, every=False)]
    (['MD5', 'SHA-1, cut', 'SHA-256, cut', 'SHA-512, cut'], ['MD5'])
    """
    whole = _FULL.get(length, ())
    cut = [Recipe(f"{r.name}, cut", _first(r.many, length)) for own, r in _CUT if own > length]
    return (*whole, *cut) if every else whole[:1] or tuple(cut)


def _first(many: Many, length: int) -> Many:
    return lambda values: [digest[:length] for digest in many(values)]


def hashed(recipe: Recipe, values: Sequence[bytes], length: int) -> np.ndarray:
    """The hashes of some values, shape (n, length) of bytes."""
    joined = b"".join(recipe.many(values))
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(values), length)


def seconds(size: int, recipe: Recipe) -> Floats:
    """How long it takes to hash so many values: on a graphics card, and on one core."""
    return np.array([size / recipe.per_second, size / CORE])
