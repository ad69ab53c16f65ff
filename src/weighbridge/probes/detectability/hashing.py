"""Which strings of two to five characters a text holds, and how often, as counts in 2^18 places.

There are two ways to the same counts: a kernel that numba compiles when it is there, and numpy. Both go by code points,
upper and lower case apart, with spaces as they stand.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Ints
from weighbridge.probes.detectability.engine_hashing import compiled
from weighbridge.probes.detectability.sample import READ

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int32]

SHORTEST, LONGEST = 2, 5
BITS = 18
# Any odd number with well-mixed bits serves; these are 64 binary digits of e and of the golden ratio, made odd.
BASE = 0xB7E151628AED2A6B
STEP = 0x9E3779B97F4A7C15
_PIECE = 1 << 18  # characters that numpy takes at a time; ours, for memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """Counts of n texts, row by row as sparse matrices hold them; within a row in the order of first occurrence."""

    starts: Ints  # shape (n + 1,)
    places: Places
    counts: Places


Kernel = Callable[[Codes, Ints], tuple[Ints, Places, Places]]


def counts(texts: Sequence[str], *, by_numpy: bool = False) -> Counts:
    """Count in each text; of a long one, in its beginning."""
    codes, ends = coded(texts)
    kernel = None if by_numpy else _kernel()
    starts, places, found = _by_numpy(codes, ends) if kernel is None else kernel(codes, ends)
    return Counts(starts=starts, places=places, counts=found)


def coded(texts: Sequence[str]) -> tuple[Codes, Ints]:
    """The code points of all texts, one after the other, and where each text ends."""
    heads = [text[:READ] for text in texts]
    ends = np.cumsum([len(head) for head in heads], dtype=np.int64) if heads else np.zeros(0, np.int64)
    return np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), dtype=np.uint32), ends


@functools.cache
def _kernel() -> Kernel | None:
    return compiled(loop)


def loop(codes: Codes, ends: Ints) -> tuple[Ints, Places, Places]:
    """Count string by string; this is what is compiled.

    A place is noted when it is met for the first time in a text, whether or not: the next overwrites what was no news.
    """
    base, step, shift, one = np.uint64(BASE), np.uint64(STEP), np.uint64(64 - BITS), np.uint64(1)
    tally = np.zeros(1 << BITS, dtype=np.uint16)  # a text that is read has fewer characters than this can count
    most, begin = 0, 0
    for end in ends:
        most += min(1 << BITS, (LONGEST - SHORTEST + 1) * (end - begin))
        begin = end
    places, found = np.empty(most + 1, dtype=np.int32), np.empty(most, dtype=np.int32)
    starts = np.zeros(len(ends) + 1, dtype=np.int64)
    begin, filled = 0, 0
    for row in range(len(ends)):
        end = ends[row]
        first = filled
        for at in range(begin, end - SHORTEST + 1):
            mixed = np.uint64(codes[at]) + one
            for last in range(at + 1, min(at + LONGEST, end)):
                mixed = mixed * base + np.uint64(codes[last]) + one
                place = (mixed * step) >> shift
                places[filled] = place
                filled += tally[place] == 0
                tally[place] += np.uint16(1)
        for noted in range(first, filled):
            place = places[noted]
            found[noted] = tally[place]
            tally[place] = np.uint16(0)
        starts[row + 1] = filled
        begin = end
    return starts, places[:filled].copy(), found[:filled].copy()


def _by_numpy(codes: Codes, ends: Ints) -> tuple[Ints, Places, Places]:
    """The same counts without a compiler: texts are taken together and counted by sorting."""
    steps = np.arange(_PIECE, ends[-1:].sum(), _PIECE)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(ends, steps), [len(ends)]]))
    starts, places, found = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for first, after in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        begin = int(ends[first - 1]) if first else 0
        of_row, place, n = _piece(codes[begin : int(ends[after - 1])], ends[first:after] - begin)
        starts.append(starts[-1][-1] + np.cumsum(np.bincount(of_row, minlength=after - first)))
        places.append(place.astype(np.int32))
        found.append(n.astype(np.int32))
    return np.concatenate(starts), np.concatenate(places), np.concatenate(found)


def _piece(codes: Codes, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, place and count of all that some texts hold, row by row, in the order in which they first come."""
    row = np.repeat(np.arange(len(ends), dtype=np.int64), np.diff(ends, prepend=0))
    left = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(len(codes))  # characters from here to the text's end
    points = codes.astype(np.uint64) + np.uint64(1)
    mixed = points.copy()
    keys = np.full((len(codes), LONGEST - SHORTEST + 1), -1, dtype=np.int64)
    for column, length in enumerate(range(SHORTEST, LONGEST + 1)):
        mixed = mixed[: max(0, len(codes) - length + 1)] * np.uint64(BASE) + points[length - 1 :]
        place = (mixed * np.uint64(STEP)) >> np.uint64(64 - BITS)
        n = len(place)
        keys[:n, column] = np.where(left[:n] >= length, (row[:n] << BITS) + place.astype(np.int64), -1)
    key, met, times = np.unique(keys[keys >= 0], return_index=True, return_counts=True)
    order = np.argsort(met)
    return key[order] >> BITS, key[order] & ((1 << BITS) - 1), times[order]
