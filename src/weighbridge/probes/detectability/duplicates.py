"""Texts that stand there twice, to the letter or nearly: one of them stays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Ints
from weighbridge.probes.detectability.canonical import canonical
from weighbridge.probes.detectability.hashing import BASE, STEP, coded
from weighbridge.probes.detectability.sample import Sample, Tick, silent

Hashes = npt.NDArray[np.uint64]

SHINGLE = 8  # characters; ours: long enough that two texts of one subject share few
ALIKE = 0.7  # of all shingles of two texts, the share that both have; ours
_BANDS, _ROWS = 16, 4  # texts alike to 0.7 share a band with probability 0.988 (1 - (1 - 0.7^4)^16)
_TRIED = 50  # texts of a band that one is compared with at most; ours, for time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distinct:
    """What stays, and why the rest does not."""

    keep: Ints  # rows, ascending
    n_exact: int  # left out: equal to one that stays, but for case, spaces, quotes and ends
    n_near: int  # left out: nearly equal to one that stays
    n_across: int  # of both: those whose twin is of the other kind


def distinct(sample: Sample, rng: np.random.Generator, tick: Tick = silent, alike: float = ALIKE) -> Distinct:
    """Leave out what repeats another; the first stays, and a person's before the model's.

    References
    ----------
    Broder 1997, On the resemblance and containment of documents, Compression and Complexity of Sequences.
    Leskovec, Rajaraman and Ullman 2020, Mining of Massive Datasets, chapter 3: bands of hashes.
    """
    order = np.argsort(sample.is_machine, kind="stable")
    keys = [canonical(text).casefold() for text in sample.texts]
    known = _Known(mixers=rng.integers(1, 1 << 63, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1), alike=alike)
    keep, n_exact, n_near, n_across = [], 0, 0, 0
    for done, row in enumerate(order.tolist()):
        tick(done, len(keys))
        equal = known.exact.get(keys[row])
        twin = known.twin(row, keys[row]) if equal is None else equal
        if twin is None:
            keep.append(row)
            continue
        n_exact, n_near = n_exact + (equal is not None), n_near + (equal is None)
        n_across += bool(sample.is_machine[twin] != sample.is_machine[row])
    return Distinct(keep=np.array(sorted(keep), dtype=np.int64), n_exact=n_exact, n_near=n_near, n_across=n_across)


@dataclass(slots=True, kw_only=True)
class _Known:
    """The texts that stay, so that the next can be compared with those that may be like it."""

    mixers: Hashes
    alike: float
    exact: dict[str, int] = field(default_factory=dict)
    bands: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    shingled: dict[int, Hashes] = field(default_factory=dict)

    def twin(self, row: int, text: str) -> int | None:
        """The row that a text is nearly equal to; None where there is none, and then it is known from now on."""
        shingles = _shingles(text)
        places = _places(shingles, self.mixers)
        tried = dict.fromkeys(other for place in places for other in self.bands.get(place, ())[:_TRIED])
        for other in tried:
            common = len(np.intersect1d(shingles, self.shingled[other], assume_unique=True))
            if common >= self.alike * (len(shingles) + len(self.shingled[other]) - common):
                return other
        self.exact[text] = row
        self.shingled[row] = shingles
        for place in places:
            self.bands.setdefault(place, []).append(row)
        return None


def _shingles(text: str) -> Hashes:
    """A hash of each different piece of so many characters; of a shorter text, of the whole."""
    codes = coded([text])[0].astype(np.uint64) + np.uint64(1)
    width = min(SHINGLE, max(1, len(codes)))
    n = max(0, len(codes) - width + 1)
    mixed = np.zeros(n, dtype=np.uint64)
    for at in range(width):
        mixed = mixed * np.uint64(BASE) + codes[at : at + n]
    mixed = mixed * np.uint64(STEP)
    return np.unique(mixed ^ (mixed >> np.uint64(29)))


def _places(shingles: Hashes, mixers: Hashes) -> list[tuple[int, int]]:
    """The band and bucket of a text, for each band: the least of its hashes, mixed in several ways."""
    if not len(shingles):
        return []
    least = [int(((shingles * mixer) >> np.uint64(1)).min()) for mixer in mixers]
    return [(band, hash(tuple(least[band * _ROWS : (band + 1) * _ROWS]))) for band in range(_BANDS)]
