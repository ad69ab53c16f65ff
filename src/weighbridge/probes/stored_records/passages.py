"""Which training records have a long passage in the released files, character by character but for white space.

The text of the files is indexed, piece by piece, and the training text streamed past it: memory follows the piece, not
the training text. Of the training text every eighth place is looked up, of the files every place is known; as what is
looked up is seven characters shorter than a passage, no passage slips through.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probes.stored_records.files import Where
from weighbridge.probes.stored_records.hashing import Codes, Hashes, is_in, windows
from weighbridge.probes.stored_records.training import Strings

STRIDE = 8
SHELF = 1 << 22  # characters of the files that are indexed at a time, at 24 bytes each; ours
_FIRST_BITS = 25  # of a hash; what is not there is seen at a glance in 32 MiB. Ours
_TABLE = 1 << 19  # characters of the training text that are laid out at a time; ours
_OCCURRENCES = 16  # places of one window in the files that are followed up; ours
_SHORT_SAMPLE, _LEAST_BYTES = 200, 22  # what says so little that zlib needs fewer bytes is a rule, dots or blanks; ours
_FILE_END, _TEXT_END = 0x110000, 0x110001  # no characters: above the last code point of Unicode

Record = tuple[str, int]
Owner = TypeVar("Owner")


@dataclass(slots=True)
class Shelf:
    """Some text of the files, with where it is from."""

    codes: Codes
    starts: Ints  # where each stretch starts
    places: tuple[Where, ...]  # and from where it is
    width: int
    hashes: Hashes = field(init=False)  # of every window, sorted
    at: Ints = field(init=False)  # where each of them stands
    starts_so: Bools = field(init=False)  # by its first bits, whether there is such a hash at all
    cover: npt.NDArray[np.int32] = field(init=False)  # by how many records each character is shared

    def __post_init__(self) -> None:
        made = windows(self.codes, self.width)
        self.at = np.argsort(made, kind="stable").astype(np.int64)
        self.hashes = made[self.at]
        self.cover = np.zeros(len(self.codes), dtype=np.int32)
        self.starts_so = np.zeros(1 << _FIRST_BITS, dtype=bool)
        self.starts_so[self.hashes >> np.uint64(64 - _FIRST_BITS)] = True

    def hits(self, sought: Hashes) -> Ints:
        """The numbers of those that are there."""
        maybe = np.flatnonzero(self.starts_so[sought >> np.uint64(64 - _FIRST_BITS)])
        return maybe[is_in(sought[maybe], self.hashes)]

    def place(self, at: int) -> Where:
        """Where the stretch that this character stands in is from."""
        return self.places[int(np.searchsorted(self.starts, at, side="right")) - 1]


@dataclass(slots=True, kw_only=True)
class Found:
    """Records with a passage in the files, by place."""

    rare: dict[Where, set[Record]] = field(default_factory=dict)
    undecided: dict[Where, set[Record]] = field(default_factory=dict)
    n_records: int = 0  # whose text is long enough
    n_characters: int = 0  # of the files
    n_common: int = 0  # of them in what so many records share that it is nobody's own
    left_out: dict[Where, int] = field(default_factory=dict)  # characters of the files beyond the shelves allowed


@dataclass(frozen=True, slots=True)
class _Extent:
    """A stretch of the files that a record has too."""

    record: Record
    start: int
    end: int


def search(
    stretches: Iterable[tuple[Where, str]],
    strings: Callable[[], Iterator[Strings]],
    *,
    characters: int,
    common_from: int,
    shelves: int,
) -> Found:
    """The training records that share at least so many characters in a row with the files.

    A passage that `common_from` records share is nobody's own (a licence, a form), and is set apart. The training text
    is streamed once for each of at most so many `shelves` of the files' text; what is beyond them is left out.
    """
    found = Found()
    for some in strings():
        found.n_records += int(_long_enough(some, characters).sum())
    for number, shelf in enumerate(_shelves(stretches, characters)):
        if number >= shelves:
            for start, end, place in zip(
                shelf.starts, [*shelf.starts[1:], len(shelf.codes)], shelf.places, strict=True
            ):
                found.left_out[place] = found.left_out.get(place, 0) + int(end - start)
            continue
        found.n_characters += len(shelf.codes)
        _Search(shelf=shelf, found=found, characters=characters, common_from=common_from).run(strings)
    return found


def _long_enough(some: Strings, characters: int) -> Bools:
    return np.asarray(pc.greater_equal(pc.utf8_length(some.texts), characters), dtype=bool)


def _shelves(stretches: Iterable[tuple[Where, str]], characters: int) -> Iterator[Shelf]:
    texts = ((place, " ".join(text.split())) for place, text in stretches)
    for codes, starts, places in _laid_out(texts, _FILE_END, size=SHELF, overlap=characters):
        yield Shelf(codes, starts, places, characters - STRIDE + 1)


def _codes(text: str, end: int) -> Codes:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    return np.append(codes, np.uint32(end)).astype(np.uint32)


@dataclass(slots=True, kw_only=True)
class _Search:
    """One shelf, and the training text that is streamed past it."""

    shelf: Shelf
    found: Found
    characters: int
    common_from: int
    kept: list[_Extent] = field(default_factory=list)

    def run(self, strings: Callable[[], Iterator[Strings]]) -> None:
        """Stream it all, then tell what is rare from what is common."""
        for some in strings():
            chosen = np.flatnonzero(_long_enough(some, self.characters))
            texts, records = some.texts.take(pa.array(chosen)).to_pylist(), some.records[chosen].tolist()
            owned = (((some.label, r), " ".join(text.split())) for r, text in zip(records, texts, strict=True))
            for codes, starts, owners in _laid_out(owned, _TEXT_END, size=_TABLE, overlap=self.characters):
                self._look_up(codes, starts, owners)
        for extent in self.kept:
            if self._is_rare(extent):
                place = self.shelf.place(extent.start)
                self.found.rare.setdefault(place, set()).add(extent.record)
        self.found.n_common += int((self.shelf.cover >= self.common_from).sum())

    def _is_rare(self, extent: _Extent) -> bool:
        cover = self.shelf.cover[extent.start : extent.end]
        return int((cover < self.common_from).sum()) >= self.characters

    def _look_up(self, codes: Codes, starts: Ints, owners: Sequence[Record]) -> None:
        sought = windows(codes, self.shelf.width, STRIDE)
        hits = self.shelf.hits(sought)
        whose = np.searchsorted(starts, hits * STRIDE, side="right") - 1
        for owner in np.unique(whose).tolist():
            extents = self._extents(codes, [int(hit) for hit in hits[whose == owner]], sought, owners[owner])
            for extent in _merged(extents):
                self._keep(extent)

    def _extents(self, codes: Codes, hits: list[int], sought: Hashes, owner: Record) -> list[_Extent]:
        reached: dict[int, int] = {}  # by how far the two texts are shifted: up to where they were compared
        extents: list[_Extent] = []
        for hit in hits:
            at = hit * STRIDE
            low = int(np.searchsorted(self.shelf.hashes, sought[hit], side="left"))
            high = int(np.searchsorted(self.shelf.hashes, sought[hit], side="right"))
            found = False
            for other in self.shelf.at[low : min(high, low + _OCCURRENCES)].tolist():
                if at < reached.get(other - at, 0):
                    found = True
                    continue
                start, end = self._extent(codes, at, other)
                reached[other - at] = at + end - other
                if end - start >= self.characters and _says_something(self.shelf.codes[start:end]):
                    extents.append(_Extent(owner, start, end))
                    found = True
            if high - low > _OCCURRENCES and not found and _says_something(codes[at : at + self.shelf.width]):
                place = self.shelf.place(int(self.shelf.at[low]))
                self.found.undecided.setdefault(place, set()).add(owner)
        return extents

    def _extent(self, codes: Codes, at: int, other: int) -> tuple[int, int]:
        """How far the two texts agree around a window that they share, in places of the shelf."""
        shelf = self.shelf.codes
        before = _alike(codes[:at][::-1], shelf[:other][::-1])
        behind = _alike(codes[at:], shelf[other:])
        return other - before, other + behind

    def _keep(self, extent: _Extent) -> None:
        for old in reversed(self.kept):  # a long record comes in several pieces
            if old.record != extent.record:
                break
            if old.start <= extent.start and extent.end <= old.end:
                return
        if self._is_rare(extent):  # else it is common already, and stays so
            self.kept.append(extent)
        self.shelf.cover[extent.start : extent.end] += 1


def _alike(ours: Codes, theirs: Codes) -> int:
    """How many characters two texts have in common from their start."""
    most, step, at = min(len(ours), len(theirs)), 64, 0
    while at < most:
        n = min(step, most - at)
        different = np.flatnonzero(ours[at : at + n] != theirs[at : at + n])
        if len(different):
            return at + int(different[0])
        at, step = at + n, step * 4
    return most


def _merged(extents: list[_Extent]) -> list[_Extent]:
    """The same stretches, those that overlap made one."""
    merged: list[_Extent] = []
    for extent in sorted(extents, key=lambda e: (e.start, e.end)):
        if merged and extent.start < merged[-1].end:
            merged[-1] = _Extent(extent.record, merged[-1].start, max(merged[-1].end, extent.end))
        else:
            merged.append(extent)
    return merged


def _says_something(codes: Codes) -> bool:
    shown = codes[:_SHORT_SAMPLE].astype("<u4").tobytes().decode("utf-32-le", "replace")
    return len(zlib.compress(shown.encode("utf-8", "replace"), 9)) >= _LEAST_BYTES


def _laid_out(
    texts: Iterable[tuple[Owner, str]], end: int, *, size: int, overlap: int
) -> Iterator[tuple[Codes, Ints, tuple[Owner, ...]]]:
    """Texts one behind the other, in pieces of bounded length, with where each starts and whose it is."""
    parts: list[Codes] = []
    owners: list[Owner] = []
    taken = 0
    for owner, text in texts:
        codes = _codes(text, end)
        for start in range(0, len(codes), size - 2 * overlap):
            piece = codes[start : start + size - overlap]
            if taken + len(piece) > size:
                yield _joined(parts, owners)
                parts, owners, taken = [], [], 0
            parts.append(piece)
            owners.append(owner)
            taken += len(piece)
    if parts:
        yield _joined(parts, owners)


def _joined(parts: list[Codes], owners: list[Owner]) -> tuple[Codes, Ints, tuple[Owner, ...]]:
    starts = np.cumsum([0, *(len(part) for part in parts)])[:-1].astype(np.int64)
    return np.concatenate(parts), starts, tuple(owners)
