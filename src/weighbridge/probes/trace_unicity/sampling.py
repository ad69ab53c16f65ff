"""First scan: a sample of people, and of each a few points of their trace, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.probekit.hashes import Hashes
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.trace_unicity.points import FATES, Points, Sources, draws, read

POINTS = 4  # de Montjoye et al. 2013
COUNTED = 1 << 14  # persons that are counted exactly; beyond, their number is known to 0.8 %. Ours

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Points of sampled persons, by person and in the order they were drawn."""

    points: Points
    draw: Hashes
    fates: Ints
    persons: Hashes  # the least hashes of all persons

    @property
    def n_persons(self) -> float:
        """How many persons there are; beyond the sketch, as its hashes tell."""
        if len(self.persons) < COUNTED:
            return float(len(self.persons))
        return (COUNTED - 1) / (float(self.persons[-1]) / 2.0**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A fold: the persons with the least hashes, and of each the points with the least draws."""

    sources: Sources
    persons: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the points."""
        return self.sources.columns

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The state of these rows."""
        points, fates = read(batch, self.sources)
        different = np.unique(points.person)
        if len(different) > self.persons:
            points = points.take(points.person <= different[self.persons - 1])
        return self._packed([
            Sample(points=points, draw=draws(points, self.sources.key), fates=fates, persons=different[:COUNTED])
        ])  # fmt: skip

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two."""
        return self._packed([self.opened(left), self.opened(right)])

    def opened(self, state: bytes) -> Sample:
        """A state as a sample."""
        told = {name: numbers(array) for name, array in unpack(state, "drawn", 1).items()}
        points = Points(person=told["person"], hour=told["hour"], row=told["row"], column=told["column"])
        return Sample(points=points, draw=told["draw"], fates=told["fates"], persons=told["persons"])

    def _packed(self, parts: list[Sample]) -> bytes:
        person, hour, row, column = (
            np.concatenate([getattr(p.points, name) for p in parts]) for name in ("person", "hour", "row", "column")
        )
        draw = np.concatenate([p.draw for p in parts])
        order = np.lexsort((draw, person))
        person, draw = person[order], draw[order]
        new = np.ones(len(order), np.bool_)
        new[1:] = (person[1:] != person[:-1]) | (draw[1:] != draw[:-1])
        order, person = order[new], person[new]
        _, starts, sizes = np.unique(person, return_index=True, return_counts=True)
        place = np.arange(len(person)) - np.repeat(starts, sizes)
        kept = order[(place < POINTS) & (np.repeat(np.arange(len(starts)), sizes) < self.persons)]
        draw = np.concatenate([p.draw for p in parts])
        return pack(
            "drawn",
            1,
            {
                "person": person_of(parts)[kept], "hour": hour[kept], "row": row[kept], "column": column[kept],
                "draw": draw[kept], "fates": np.sum([p.fates for p in parts], axis=0),
                "persons": np.unique(np.concatenate([p.persons for p in parts]))[:COUNTED],
            },
        )  # fmt: skip


def person_of(parts: list[Sample]) -> Hashes:
    """The persons of several samples' points."""
    return np.concatenate([p.points.person for p in parts])


def nothing_used(sample: Sample) -> bool:
    """Whether no row had a person, a place and a time."""
    return int(sample.fates[FATES.index("used")]) == 0
