"""How a pseudonym can have been made of a value: hash functions, by the length of what they give."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from weighbridge.probekit.ports import Floats

Digester = Callable[[bytes], bytes]

# Hashes that one graphics card of 2022 makes in a second, rounded: as in the hashcat benchmarks that Chick3nman
# publishes; unlisted ones are far slower here than they are. A processor core in Python: measured, rounded. Ours.
_CARD = {"MD5": 1.5e11, "SHA-1": 5e10, "SHA-224": 2e10, "SHA-256": 2e10, "SHA-384": 7e9, "SHA-512": 7e9}
_CARD_OTHER, CORE = 1e9, 1e6


@dataclass(frozen=True, slots=True)
class Recipe:
    """One hash function; `cut` leaves the first bytes of what it gives, where it is used so."""

    name: str
    digest: Digester

    @property
    def per_second(self) -> float:
        """Nominal hashes a second on a graphics card."""
        return _CARD.get(self.name.partition(",")[0], _CARD_OTHER)


def _crc(value: bytes) -> bytes:
    return zlib.crc32(value).to_bytes(4, "big")


def _adler(value: bytes) -> bytes:
    return zlib.adler32(value).to_bytes(4, "big")


def _of(make: Callable[..., Any]) -> Digester:
    return lambda value: make(value, usedforsecurity=False).digest()


_FULL: dict[int, tuple[Recipe, ...]] = {
    4: (Recipe("CRC-32", _crc), Recipe("Adler-32", _adler)),
    16: (Recipe("MD5", _of(hashlib.md5)),),
    20: (Recipe("SHA-1", _of(hashlib.sha1)),),
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
_CUT = (_FULL[16][0], _FULL[20][0], _FULL[32][0], _FULL[64][0])  # those whose first bytes are used by themselves
SHORTEST = 4
LONGEST = max(LENGTHS)


def recipes(length: int) -> tuple[Recipe, ...]:
    """Hash functions that give so many bytes, or of which the first so many bytes are used.

    >>> [r.name for r in recipes(16)]
    ['MD5', 'SHA-1, cut', 'SHA-256, cut', 'SHA-512, cut']
    """
    whole = _FULL.get(length, ())
    cut = [r for r in _CUT if _length(r) > length]
    return (*whole, *(Recipe(f"{r.name}, cut", _first(r.digest, length)) for r in cut))


def _length(recipe: Recipe) -> int:
    return len(recipe.digest(b""))


def _first(digest: Digester, length: int) -> Digester:
    return lambda value: digest(value)[:length]


def hashed(recipe: Recipe, values: Sequence[bytes], length: int) -> np.ndarray:
    """The hashes of some values, shape (n, length) of bytes."""
    joined = b"".join(map(recipe.digest, values))
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(values), length)


def seconds(size: int, recipe: Recipe) -> Floats:
    """How long it takes to hash so many values: on a graphics card, and on one core."""
    return np.array([size / recipe.per_second, size / CORE])
