"""Numbers of 64 bits that stand for pieces of text and for rows of numbers."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint32]
Singles = npt.NDArray[np.float32]

PIECE = 1 << 19  # characters hashed at a time; ours, for memory
# Any odd number with well-mixed bits serves; these are the 64-bit digits of pi and of the golden ratio, made odd.
_BASE = 0x243F6A8885A308D3
_STEP = 0x9E3779B97F4A7C15
_SIGNIFICAND = 24  # bits of a single precision number, the leading one included: IEEE 754 binary32
_NAN = np.float32(np.nan)


@functools.cache
def _powers() -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse modulo 2^64."""
    inverse = pow(_BASE, -1, 1 << 64)
    made = [np.full(PIECE + 1, base, dtype=np.uint64) for base in (_BASE, inverse)]
    for powers in made:
        powers[0] = 1
        np.multiply.accumulate(powers, out=powers)
    return made[0], made[1]


def windows(codes: Codes, width: int, stride: int = 1) -> Hashes:
    """A hash of the `width` characters at each place 0, stride, 2 stride, ...

    References
    ----------
    Karp and Rabin 1987, Efficient randomized pattern-matching algorithms, IBM Journal of Research and Development 31.
    """
    step = (PIECE - width) // stride * stride
    parts = [_windows(codes[start : start + step + width - 1], width, stride) for start in range(0, len(codes), step)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)


def _windows(codes: Codes, width: int, stride: int) -> Hashes:
    n = len(codes) - width + 1
    if n <= 0:
        return np.zeros(0, dtype=np.uint64)
    powers, inverses = _powers()
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers[: len(codes)], out=sums[1:])
    return (sums[width:][::stride] - sums[:n:stride]) * inverses[:n:stride]


def rows(table: Singles) -> Hashes:
    """A hash of each row in single precision; -0 is 0, and every NaN is the same."""
    single = np.where(np.isnan(table), _NAN, table + np.float32(0))
    bits = np.ascontiguousarray(single, dtype=np.float32).view(np.uint32).astype(np.uint64)
    made = np.full(len(bits), _BASE, dtype=np.uint64)
    for column in range(bits.shape[1]):
        made = _mixed((made + np.uint64(_STEP)) ^ bits[:, column])
    return made


def unordered(table: Singles) -> Hashes:
    """A hash of each row in single precision, whatever the order of its columns."""
    return rows(np.sort(table, axis=1))


def _mixed(numbers: Hashes) -> Hashes:
    """Every bit of the number decides every bit of what comes out.

    References
    ----------
    Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, OOPSLA: the finalizer.
    """
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype=np.uint64)


def significant_bits(table: Singles) -> npt.NDArray[np.int64]:
    """How many binary digits each row is written in: those of its different values, without zeros at the end.

    0 has none, 1 and 0.5 have one, 37 has six, 0.1 has twenty-four. A row of few digits is met by chance.
    """
    ordered = np.sort(np.abs(np.where(np.isfinite(table), table, 0)).astype(np.float32), axis=1)
    bits = ordered.view(np.uint32)
    significand = (bits & np.uint32(0x7FFFFF)) | np.uint32(0x800000)
    lowest = significand & (~significand + np.uint32(1))
    digits = _SIGNIFICAND - np.log2(lowest.astype(np.float64)).astype(np.int64)
    repeated = np.zeros(ordered.shape, dtype=bool)
    repeated[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    return np.asarray(np.where((ordered == 0) | repeated, 0, digits).sum(axis=1), dtype=np.int64)


def is_in(sought: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Which of `sought` stand among `known`, which is sorted."""
    if not len(known):
        return np.zeros(len(sought), dtype=bool)
    slot = np.minimum(np.searchsorted(known, sought), len(known) - 1)
    return np.asarray(known[slot] == sought, dtype=bool)
