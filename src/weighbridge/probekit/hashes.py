"""A specified hash of cells: 64 bits, the same on every machine, so that states of several machines can be joined.

A cell's hash does not depend on the column it stands in nor on the width of its number: 1 and 1.0 are one value, "1" is
another. Missing is a value too. Text is hashed with BLAKE2b, keyed; numbers are mixed by splitmix64's finaliser, keyed:
no two numbers of one column collide, whatever the key. Who knows the key can make combinations of cells collide: the
seed of a weighing is the key, and whoever weighs a candidate of somebody hostile sets a seed of their own.

Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, OOPSLA (the finaliser).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]

_SHORT, _REMEMBERED = 64, 1 << 16  # characters and texts: longer ones seldom come twice

_TEXT, _NUMBER, _WHOLE, _TRUTH, _MOMENT, _NOTHING = (bytes([n]) for n in range(6))
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # splitmix64


def key_of(seed: int, purpose: str) -> bytes:
    """The key that a seed gives for a purpose: 16 bytes."""
    return hashlib.blake2b(f"{seed}:{purpose}".encode(), digest_size=16).digest()


def hash_cells(values: pa.Array, key: bytes = b"") -> Hashes:
    """The hash of each cell, shape (n,).

    Parameters
    ----------
    values : in one of the canonical types of `probekit.folds`
    key : at most 64 bytes
    """
    kind = values.type
    if pa.types.is_string(kind):
        return _of_text(values, key)
    if pa.types.is_boolean(kind):
        bits, tag = values.cast(pa.uint8()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.uint64), _TRUTH
    elif pa.types.is_integer(kind):
        return _or_nothing(_of_whole(values, key), values, key)
    elif pa.types.is_floating(kind):
        plain = values.fill_null(0.0).to_numpy(zero_copy_only=False).astype(np.float64) + 0.0  # so that -0 is 0
        bits, tag = plain.view(np.uint64), _NUMBER
    elif pa.types.is_temporal(kind):
        moments = values.cast(pa.timestamp("us", getattr(kind, "tz", None))).cast(pa.int64())
        bits, tag = moments.fill_null(0).to_numpy(zero_copy_only=False).view(np.uint64), _MOMENT
    else:
        msg = f"no hash is specified for {kind}"
        raise TypeError(msg)
    return _or_nothing(_mixed(bits, tag, key), values, key)


def in_column(hashes: Hashes, column: str, key: bytes = b"") -> Hashes:
    """Hashes of cells told apart by the column they stand in; those of several columns can be joined by XOR."""
    return _mixed(hashes, column.encode(), key)


def _of_text(values: pa.Array, key: bytes) -> Hashes:
    coded = values.dictionary_encode(null_encoding="encode")
    of_entry = np.array(_digests(coded.dictionary.to_pylist(), key), np.uint64)
    return of_entry[coded.indices.to_numpy(zero_copy_only=False)] if len(of_entry) else np.zeros(0, np.uint64)


def _of_whole(values: pa.Array, key: bytes) -> Hashes:
    """Whole numbers as the floats they equal; those that no float equals by their own bits."""
    whole = values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    wide = whole.astype(np.float64)
    within = np.abs(whole) <= 1 << 53
    if within.all():
        return _mixed(wide.view(np.uint64), _NUMBER, key)
    return np.where(within, _mixed(wide.view(np.uint64), _NUMBER, key), _mixed(whole.view(np.uint64), _WHOLE, key))


def _or_nothing(hashes: Hashes, values: pa.Array, key: bytes) -> Hashes:
    if not values.null_count:
        return hashes
    missing = pc.is_null(values).to_numpy(zero_copy_only=False)
    return np.where(missing, np.uint64(_digest(None, key)), hashes)


def _digest(value: str | None, key: bytes) -> int:
    written = _NOTHING if value is None else _TEXT + value.encode()
    return int.from_bytes(hashlib.blake2b(written, digest_size=8, key=key).digest(), "little")


def _digests(values: list[str | None], key: bytes) -> list[int]:
    """Of each of these; short ones are remembered, for they come again with every batch."""
    known = _known(key)
    found = list(map(known.get, values))
    if None in found:
        if len(known) + len(values) > _REMEMBERED:
            known.clear()
        for place, value in enumerate(values):
            if found[place] is None:
                found[place] = digest = _digest(value, key)
                if value is None or len(value) <= _SHORT:
                    known[value] = digest
    return [digest for digest in found if digest is not None]


@lru_cache(maxsize=8)
def _known(_key: bytes) -> dict[str | None, int]:
    return {}


@lru_cache(maxsize=4096)
def _salt(tag: bytes, key: bytes) -> tuple[np.uint64, np.uint64]:
    made = hashlib.blake2b(tag, digest_size=16, key=key, person=b"weighbridge.fold").digest()
    return np.uint64(int.from_bytes(made[:8], "little")), np.uint64(int.from_bytes(made[8:], "little"))


def _mixed(bits: Hashes, tag: bytes, key: bytes) -> Hashes:
    before, between = _salt(tag, key)
    return _finished(_finished(bits ^ before) ^ between)


def _finished(bits: Hashes) -> Hashes:
    """The finaliser, in place: `bits` is the caller's own."""
    shifted = bits >> np.uint64(30)
    bits ^= shifted
    bits *= _FIRST
    np.right_shift(bits, np.uint64(27), out=shifted)
    bits ^= shifted
    bits *= _SECOND
    np.right_shift(bits, np.uint64(31), out=shifted)
    bits ^= shifted
    return bits
