"""Further scans: who else was at the points that were drawn.

A person is unique at some points where nobody else has all of them. Most of those who are not are found out among a few
hundred people already, so that the whole crowd is only looked through for those who are still alone among these. What a
scan keeps is bounded: if more people were at the points than it may hold, the sampled persons that come last are left
out, which are as random a sample as the ones before them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.probekit.hashes import Hashes
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.trace_unicity.points import Points, Sources, keys, read
from weighbridge.probes.trace_unicity.sampling import POINTS, Sample

MOST_PAIRS = 1 << 22  # 64 MiB of state; ours
_CROWDS = (300, 10_000)  # people looked through before all are; ours

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """Keys to look for at one detail: different ones in order, and the first sampled person who has each."""

    key: Hashes
    first: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """A fold: which persons (of those whose hash is at most `last`) were at which of the wanted points."""

    sources: Sources
    wanted: bytes
    last: int = 2**64 - 1
    most: int = MOST_PAIRS

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the points."""
        return self.sources.columns

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The state of these rows."""
        points, _ = read(batch, self.sources)
        points = points.take(points.person <= np.uint64(self.last))
        at, who = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
        told, begin = unpack(self.wanted, "wanted", 1), 0
        for n, detail in enumerate(self.sources.details):
            wanted = numbers(told[f"key{n}"]).astype(np.uint64)
            if len(wanted) and len(points.person):
                found, place = _found(points, wanted, detail, self.sources.key)
                at.append(place + begin)
                who.append(points.person[found])
            begin += len(wanted)
        return self._packed(np.concatenate(at), np.concatenate(who), _whole(told))

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two."""
        one, two = self.opened(left), self.opened(right)
        at, who = np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]])
        return self._packed(at, who, min(one[2], two[2]))

    def opened(self, state: bytes) -> tuple[Ints, Hashes, int]:
        """Pairs of a key's place and a person, in order; and how many sampled persons were looked for to the end."""
        told = unpack(state, "visitors", 1)
        return numbers(told["at"]), numbers(told["who"]), int(numbers(told["through"])[0])

    def _packed(self, at: Ints, who: Hashes, through: int) -> bytes:
        order = np.lexsort((who, at))
        at, who = at[order], who[order]
        new = np.ones(len(at), np.bool_)
        new[1:] = (at[1:] != at[:-1]) | (who[1:] != who[:-1])
        at, who = at[new], who[new]
        told = unpack(self.wanted, "wanted", 1)
        first = np.concatenate([numbers(told[f"first{n}"]) for n in range(len(self.sources.details))])[at]
        if len(at) > self.most:
            counts = np.bincount(first, minlength=through)
            through = min(through, int(np.searchsorted(np.cumsum(counts), self.most, side="right")))
        kept = first < through
        return pack("visitors", 1, {"at": at[kept], "who": who[kept], "through": np.array([through], np.int64)})


def _whole(told: dict[str, pa.Array]) -> int:
    return int(numbers(told["persons"])[0])


def _found(points: Points, wanted: Hashes, detail: str, key: bytes) -> tuple[Ints, Ints]:
    """Points that are wanted, and the place of each one's key."""
    told = keys(points, detail, key)
    place = np.searchsorted(wanted, told)
    place[place == len(wanted)] = 0
    found = np.flatnonzero(wanted[place] == told)
    return found, place[found].astype(np.int64)


@dataclass(slots=True, kw_only=True, eq=False)
class Search:
    """What is known so far: of each sampled person and detail, how many of their first points somebody else shares."""

    sources: Sources
    persons: Hashes  # sampled, in order
    known: list[list[Hashes]]  # keys of each detail and person, in the order drawn
    shared: Ints  # shape (details, persons)
    through: int

    @property
    def n_points(self) -> Ints:
        """How many points of each sampled person are known, at most `POINTS`."""
        return np.array([len(keys_of) for keys_of in self.known[0]], dtype=np.int64)

    def is_unique(self, detail: int, points: int) -> npt.NDArray[np.bool_]:
        """Whether each sampled person is alone with so many points, or with all of theirs where they have fewer."""
        return self.shared[detail, : self.through] < np.minimum(points, self.n_points[: self.through])

    def crowds(self, n_persons: float) -> list[float]:
        """Shares of all people to look through, one scan after the other; the last is all."""
        return [n / n_persons for n in _CROWDS if n * 10 <= n_persons] + [1.0]

    def visitors(self, share: float) -> Visitors:
        """The fold that looks for whom is still alone, among a share of all."""
        told: dict[str, npt.NDArray[np.uint64] | Ints] = {"persons": np.array([self.through], np.int64)}
        for n in range(len(self.sources.details)):
            alone = np.flatnonzero(self.shared[n, : self.through] < self.n_points[: self.through])
            listed = [self.known[n][s] for s in alone.tolist()]
            key = np.concatenate(listed) if listed else np.zeros(0, np.uint64)
            whose = np.repeat(alone, [len(some) for some in listed])
            different, first = np.unique(key, return_index=True)  # the first listed is of the first person
            told |= {f"key{n}": different, f"first{n}": whose[first].astype(np.int64)}
        last = 2**64 - 1 if share >= 1 else int(share * 2.0**64)
        return Visitors(sources=self.sources, wanted=pack("wanted", 1, told), last=last)

    def learn(self, fold: Visitors, state: bytes) -> None:
        """Take in what a scan found."""
        at, who, through = fold.opened(state)
        self.through = min(self.through, through)
        wanted, begin = unpack(fold.wanted, "wanted", 1), 0
        for n in range(len(self.sources.details)):
            key = numbers(wanted[f"key{n}"]).astype(np.uint64)
            starts = np.searchsorted(at, np.arange(begin, begin + len(key) + 1))
            for s in range(self.through):
                if self.shared[n, s] < len(self.known[n][s]):
                    self.shared[n, s] = max(self.shared[n, s], self._with_others(n, s, key, starts, who))
            begin += len(key)

    def _with_others(self, detail: int, person: int, key: Hashes, starts: Ints, who: Hashes) -> int:
        """How many of a person's first points somebody else has all of."""
        left: Hashes | None = None
        for n, one in enumerate(self.known[detail][person]):
            place = int(np.searchsorted(key, one))
            visitors = who[starts[place] : starts[place + 1]]
            visitors = visitors[visitors != self.persons[person]]
            left = visitors if left is None else np.intersect1d(left, visitors, assume_unique=True)
            if not len(left):
                return n
        return len(self.known[detail][person])


def search(sample: Sample, sources: Sources) -> Search:
    """Ready to look for everybody in a sample."""
    persons, starts = np.unique(sample.points.person, return_index=True)
    ends = np.searchsorted(sample.points.person, persons, side="right")
    known = []
    for detail in sources.details:
        told = keys(sample.points, detail, sources.key)
        known.append([told[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
    assert all(len(keys_of) <= POINTS for keys_of in known[0])  # noqa: S101  what the sample promises
    shared = np.zeros((len(sources.details), len(persons)), np.int64)
    return Search(sources=sources, persons=persons, known=known, shared=shared, through=len(persons))
