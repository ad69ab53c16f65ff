"""Gatherings on a map of cells, at three sizes of cells, from what a scan remembers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weighbridge.maths.lonely import Gatherings, Map, gatherings, joined
from weighbridge.probekit.hashes import Hashes
from weighbridge.probes.hot_spots.engine import Cells, middles, parents, spacing_m
from weighbridge.probes.hot_spots.footprints import KEPT, Arrays
from weighbridge.probes.hot_spots.merging import sorted_pairs, sorted_sums

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SIZES = 3  # resolutions looked at, the finest first; each has cells seven times as large. Ours
COARSEST = 7  # the middle then reaches 3.7 km: what is larger is a district and no spot. Ours
_DISTRICT = 2  # resolutions coarser: 49 cells, of which the fullest is tried
_REGION = 3  # resolutions coarser: 343 cells, about as many as a ring has


def persons_of(persons: Hashes, kept: int = KEPT) -> float:
    """How many different persons a sketch of at most `kept` stands for; exact where it is not full."""
    if len(persons) < kept:
        return float(len(persons))
    return float((kept - 1) / (float(persons[kept - 1]) / 2.0**64))


@dataclass(frozen=True, slots=True, eq=False)
class PersonHeads:
    """Cells with the persons that were in them; each person's presence is shared out over all their cells."""

    cell: Cells  # different ones, in order
    starts: Ints
    person: Hashes
    warmth: Floats  # of each cell
    kept: int  # persons of a cell, at most

    def people(self, cells: Ints) -> float:
        """Different persons."""
        parts = [self.person[self.starts[c] : self.starts[c + 1]] for c in cells.tolist()]
        return persons_of(np.unique(np.concatenate(parts))[: self.kept], self.kept)

    def heat(self, cells: Ints) -> float:
        """Their presence."""
        return float(self.warmth[cells].sum())


@dataclass(frozen=True, slots=True, eq=False)
class SummedHeads:
    """Cells with counts: the same person may be counted in several, so that the largest count is a sure least.

    Where each row is one, the sum is their number.
    """

    total: Ints
    top: Ints
    of_rows: bool

    def people(self, cells: Ints) -> float:
        """The largest of the counts; rows, where rows are counted."""
        return float(self.total[cells].sum() if self.of_rows else self.top[cells].max())

    def heat(self, cells: Ints) -> float:
        """The sum of all counts."""
        return float(self.total[cells].sum())


def counts_of(state: Arrays, resolution: int) -> tuple[Cells, Floats]:
    """Cells of a resolution and how many people (or rows, or the sum of counts) each has."""
    cell = parents(state["cell"], resolution)
    if "person" not in state:
        different, total, _ = sorted_sums(cell, state["total"], state["top"])
        return different, total.astype(np.float64)
    heads = person_heads(cell, state["person"], int(state["kept"][0]))
    return heads.cell, _persons_in(heads)


def _persons_in(heads: PersonHeads) -> Floats:
    sizes = np.diff(heads.starts)
    counts = sizes.astype(np.float64)
    for full in np.flatnonzero(sizes == heads.kept).tolist():
        counts[full] = persons_of(heads.person[heads.starts[full] : heads.starts[full + 1]], heads.kept)
    return counts


def person_heads(cell: Cells, person: Hashes, kept: int) -> PersonHeads:
    """Cells with their persons, from pairs in any order."""
    cell, person = sorted_pairs(cell, person, kept)
    different, starts = np.unique(cell, return_index=True)
    starts = np.r_[starts, len(cell)].astype(np.int64)
    _, whose, cells_of_person = np.unique(person, return_inverse=True, return_counts=True)
    share = 1 / cells_of_person[whose.ravel()]
    warmth = np.add.reduceat(share, starts[:-1]) if len(cell) else share
    heads = PersonHeads(different, starts, person, warmth, kept)
    # of a full cell only some persons are kept: the warmth of the others is as theirs
    counts, sizes = _persons_in(heads), np.diff(starts)
    return PersonHeads(different, starts, person, warmth * counts / np.maximum(sizes, 1), kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grain:
    """What counts in a table of counts were made for."""

    of_rows: bool = False  # each row is one; else a count
    least: int = 1  # the smallest count there is
    side_m: float = 1.0  # of the squares


def all_gatherings(state: Arrays, few: int, grain: Grain) -> Gatherings:
    """Gatherings at the finest resolution that is known and the next coarser ones."""
    finest = int(state["resolution"][0])
    sizes = [r for r in range(finest, finest - SIZES, -1) if r >= min(finest, max(COARSEST, _DISTRICT))]
    return joined([gatherings(_map(state, r, grain), few) for r in sizes])


def _map(state: Arrays, resolution: int, grain: Grain) -> Map:
    cell = parents(state["cell"], resolution)
    if "person" in state:
        heads: PersonHeads | SummedHeads = person_heads(cell, state["person"], int(state["kept"][0]))
        different, people = counts_of(state, resolution)
    else:
        different, total, top = sorted_sums(cell, state["total"], state["top"])
        heads = SummedHeads(total, top, grain.of_rows)
        people = (total if grain.of_rows else top).astype(np.float64)
    return Map(
        middles=middles(different),
        people=np.rint(people).astype(np.int64),
        district=parents(different, max(0, resolution - _DISTRICT)),
        spacing_m=spacing_m(resolution),
        heads=heads,
        tests=_tests(different, resolution, grain),
        least=grain.least,
        grain_m=grain.side_m,
    )


def _tests(cells: Cells, resolution: int, grain: Grain) -> int:
    """Every cell that somebody was in; where small counts were left out, every square of the region around such."""
    if grain.least <= 1:
        return len(cells)
    squares = 7**_REGION * spacing_m(resolution) ** 2 * (3**0.5 / 2) / grain.side_m**2
    return max(len(cells), int(len(np.unique(parents(cells, max(0, resolution - _REGION)))) * squares))
