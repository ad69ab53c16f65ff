"""Two sorted lists made one without sorting again: a scan merges a small state into a large one, thousands of times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.hashes import Hashes

Cells = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


def sorted_pairs(cell: Cells, person: Hashes, kept: int) -> tuple[Cells, Hashes]:
    """Each pair once, by cell and then by person; of each cell the `kept` least persons."""
    order = np.lexsort((person, cell))
    return trimmed(cell[order], person[order], kept)


def trimmed(cell: Cells, person: Hashes, kept: int) -> tuple[Cells, Hashes]:
    """Pairs in order, each once; of each cell the `kept` least persons."""
    if not len(cell):
        return cell, person
    new = np.r_[True, (cell[1:] != cell[:-1]) | (person[1:] != person[:-1])]
    cell, person = cell[new], person[new]
    starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    place = np.arange(len(cell)) - np.repeat(starts, np.diff(np.r_[starts, len(cell)]))
    return cell[place < kept], person[place < kept]


def merged_pairs(large: tuple[Cells, Hashes], small: tuple[Cells, Hashes], kept: int) -> tuple[Cells, Hashes]:
    """Two lists of pairs in order as one such list; as fast as copying the large one."""
    if len(large[0]) < len(small[0]):
        large, small = small, large
    cell, person = large
    low = np.searchsorted(cell, small[0], side="left")
    high = np.searchsorted(cell, small[0], side="right")
    while (low < high).any():  # halves the persons of each cell until each has its place
        middle = (low + high) // 2
        behind = (low < high) & (person[np.minimum(middle, len(person) - 1)] < small[1])
        low, high = np.where(behind, middle + 1, low), np.where(behind | (low >= high), high, middle)
    return trimmed(np.insert(cell, low, small[0]), np.insert(person, low, small[1]), kept)


def merged_sums(large: tuple[Cells, Ints, Ints], small: tuple[Cells, Ints, Ints]) -> tuple[Cells, Ints, Ints]:
    """Cells in order with a sum and a largest, twice, as one such list."""
    if len(large[0]) < len(small[0]):
        large, small = small, large
    cell, total, top = large[0], large[1].copy(), large[2].copy()
    at = np.searchsorted(cell, small[0])
    there = np.zeros(len(at), np.bool_)
    there[at < len(cell)] = cell[at[at < len(cell)]] == small[0][at < len(cell)]
    total[at[there]] += small[1][there]
    top[at[there]] = np.maximum(top[at[there]], small[2][there])
    new = ~there
    return tuple(np.insert(old, at[new], added[new]) for old, added in zip((cell, total, top), small, strict=True))  # type: ignore[return-value]  # three of them


def sorted_sums(cell: Cells, total: Ints, top: Ints) -> tuple[Cells, Ints, Ints]:
    """Each cell once, in order, with its sum and its largest."""
    different, place = np.unique(cell, return_inverse=True)
    summed, largest = np.zeros(len(different), np.int64), np.zeros(len(different), np.int64)
    np.add.at(summed, place.ravel(), total)
    np.maximum.at(largest, place.ravel(), top)
    return different, summed, largest
