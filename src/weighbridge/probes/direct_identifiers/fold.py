"""One scan over a table or a batch of documents: what it reads of each column, and what it remembers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.folds import ROW
from weighbridge.probekit.lexicon import Meaning
from weighbridge.probekit.recognisers import found_by, load
from weighbridge.probekit.scanner.kinds import Hints, Pattern
from weighbridge.probekit.scanner.scan import scan_strings
from weighbridge.probes.direct_identifiers.memory import Memory, masked
from weighbridge.probes.direct_identifiers.patterns import COLUMN_PATTERNS, POSITION, POSITION_COARSE, groups_of
from weighbridge.probes.direct_identifiers.reading import Reading, Way

_LONG = 200  # bytes of a cell on average, above which equal cells are not looked for; ours
_SMALL = 10**6  # whole numbers below it are no identifier
_HEX = re.compile(r"(?:[0-9a-f]{2}){4,}")
_NOISE = 1e-5  # of a thousandth: what is left of a decimal number in a float is no further decimal
_RECOGNISED = 256  # texts that a recogniser gets at once
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class IdentifierFold:
    """What identifiers stand in these columns."""

    readings: tuple[Reading, ...]
    regions: tuple[str, ...] = ()
    recogniser: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The rows' numbers, and the columns that are read."""
        return (ROW, *(reading.name for reading in self.readings))

    def map(self, batch: pa.RecordBatch) -> bytes:
        """What is remembered of these rows."""
        memory = Memory.empty(len(self.readings))
        rows = np.asarray(batch.column(0), dtype=np.int64)
        for at, reading in enumerate(self.readings):
            cells = batch.column(at + 1)
            present = np.flatnonzero(np.asarray(pc.is_valid(cells)))
            memory.rows[at] += len(present)
            _Column(memory, at, reading).read(cells.take(pa.array(present)), rows[present], self)
        return memory.packed()

    def merge(self, left: bytes, right: bytes) -> bytes:
        """What is remembered of both."""
        memory = Memory.unpacked(left)
        memory.add(Memory.unpacked(right))
        return memory.packed()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Cells of which each is scanned once, and the rows that have each."""

    numbers: Ints  # shape (n,): of the rows
    times: Ints  # shape (m,): how many rows have each cell
    order: Ints  # shape (n,): rows by their cell
    first: Ints  # shape (m,): where the rows of a cell begin in `order`

    def of(self, cells: Ints) -> set[int]:
        """The numbers of the rows that have these cells."""
        parts = [self.order[self.first[cell] : self.first[cell] + self.times[cell]] for cell in np.unique(cells)]
        return set(self.numbers[np.concatenate(parts)].tolist()) if parts else set()


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a batch, and where to remember what is found in it."""

    memory: Memory
    at: int
    reading: Reading
    cells: dict[tuple[str, str], set[int]] = field(default_factory=dict)  # by group and tier: those with a hit

    def read(self, cells: pa.Array, numbers: Ints, fold: IdentifierFold) -> None:
        """Remember what stands in these cells, of which none is missing."""
        match self.reading.way:
            case Way.POSITION:
                self._positions(cells, numbers)
                return
            case Way.NUMBER:
                cells, numbers = _given_out(cells, numbers)
            case Way.NESTED if pa.types.is_string(cells.type):
                cells = pa.array([_strings(cell) for cell in cells.to_pylist()], pa.string())
            case Way.NESTED:  # a span of time comes as a whole number
                cells = cells.cast(pa.string())
            case Way.TEXT:
                cells = _unescaped(cells.cast(pa.string()))
        if not len(cells):
            return
        values, rows = _distinct(cells, numbers)
        self.memory.characters[self.at] += int(np.asarray(pc.utf8_length(values), dtype=np.int64) @ rows.times)
        self._scan(values, rows, Hints(regions=fold.regions, words=self.reading.words.encode()))
        if self.reading.meaning:
            self._as_a_whole(values, rows)
        if fold.recogniser:
            self._recognised(values, rows, fold.recogniser)
        for group, with_hit in self.cells.items():
            self.memory.with_hits(self.at, group).rows += int(rows.times[np.array(sorted(with_hit))].sum())

    def _scan(self, values: pa.Array, rows: _Rows, hints: Hints) -> None:
        for found in scan_strings(values, hints):
            by_pattern: dict[Pattern, list[int]] = {}
            for place, hit in enumerate(found.hits):
                by_pattern.setdefault(hit.pattern, []).append(place)
            for pattern, places in by_pattern.items():
                shapes = {masked(found.written[place]) for place in places}
                self._note(pattern, found.rows[np.array(places)], rows, shapes)
            for slug, cell in zip(found.tried, found.tried_rows.tolist(), strict=True):
                self.memory.of((self.at, slug)).tried += int(rows.times[cell])

    def _note(self, pattern: Pattern, cells: Ints, rows: _Rows, shapes: set[str]) -> None:
        key, with_hit = (self.at, pattern.slug), np.unique(cells)
        counts = self.memory.of(key)
        counts.hits += int(rows.times[cells].sum())
        counts.rows += int(rows.times[with_hit].sum())
        self.memory.show(key, shapes)
        self.memory.place(key, rows.of(with_hit))
        for group in groups_of(pattern.kind):
            self.cells.setdefault((group, pattern.tier.value), set()).update(with_hit.tolist())

    def _as_a_whole(self, values: pa.Array, rows: _Rows) -> None:
        """Cells of a column whose name says what they are, as far as nothing of that kind was found in them."""
        meant = COLUMN_PATTERNS.get(Meaning(self.reading.meaning))
        if meant is None:
            return
        pattern, shape = meant
        found = {cell for (group, _), cells in self.cells.items() if group == pattern.kind.value for cell in cells}
        fitting = np.flatnonzero(np.asarray(pc.match_substring_regex(pc.utf8_trim_whitespace(values), shape)))
        cells = np.setdiff1d(fitting, np.array(sorted(found), dtype=np.int64)).astype(np.int64)
        if len(cells):
            shown = values.take(pa.array(cells)).to_pylist()
            self._note(pattern, cells, rows, {masked(cell.encode()) for cell in shown})

    def _positions(self, cells: pa.Array, numbers: Ints) -> None:
        values = np.asarray(cells.cast(pa.float64()), dtype=np.float64)
        every = np.arange(len(values), dtype=np.int64)
        rows = _Rows(numbers, np.ones(len(values), np.int64), every, every)
        inside = np.abs(values) <= 180
        hundredths, thousandths = (np.abs(values * s - np.rint(values * s)) > _NOISE for s in (1e2, 1e3))
        for pattern, fine in ((POSITION, thousandths), (POSITION_COARSE, hundredths & ~thousandths)):
            places = np.flatnonzero(inside & fine).astype(np.int64)
            if len(places):
                self._note(pattern, places, rows, set())
        for group, with_hit in self.cells.items():
            self.memory.with_hits(self.at, group).rows += len(with_hit)

    def _recognised(self, values: pa.Array, rows: _Rows, name: str) -> None:
        recogniser = load(name)
        for start, texts in _pieces(values):
            found = found_by(recogniser, texts)
            if found is None:
                self.memory.failed[self.at] += int(rows.times[start : start + len(texts)].sum())
                continue
            by_pattern: dict[Pattern, tuple[list[int], set[str]]] = {}
            for n, (text, spans) in enumerate(zip(texts, found, strict=True)):
                for begin, end, pattern in spans:
                    cells, shapes = by_pattern.setdefault(pattern, ([], set()))
                    cells.append(start + n)
                    shapes.add(masked(text[begin:end].encode("utf-8", "replace")))
            for pattern, (cells, shapes) in by_pattern.items():
                self._note(pattern, np.array(cells, dtype=np.int64), rows, shapes)


def _pieces(values: pa.Array) -> Iterator[tuple[int, Sequence[str]]]:
    for start in range(0, len(values), _RECOGNISED):
        yield start, values.slice(start, _RECOGNISED).to_pylist()


def _distinct(cells: pa.Array, numbers: Ints) -> tuple[pa.Array, _Rows]:
    """The cells that are scanned: equal ones once, save where they are so long that they hardly repeat."""
    if int(cells.nbytes) > _LONG * len(cells):
        every = np.arange(len(cells), dtype=np.int64)
        return cells, _Rows(numbers, np.ones(len(cells), np.int64), every, every)
    coded = cells.dictionary_encode()
    which = np.asarray(coded.indices, dtype=np.int64)
    times = np.bincount(which, minlength=len(coded.dictionary)).astype(np.int64)
    return coded.dictionary, _Rows(
        numbers, times, np.argsort(which, kind="stable").astype(np.int64), (np.cumsum(times) - times).astype(np.int64)
    )


def _given_out(cells: pa.Array, numbers: Ints) -> tuple[pa.Array, Ints]:
    """Whole numbers as they are written, those that are too small for an identifier left out."""
    if pa.types.is_string(cells.type):  # more digits than an integer of 64 bits has
        return cells, numbers
    if pa.types.is_floating(cells.type):
        values = np.asarray(cells, dtype=np.float64)
        kept = np.flatnonzero((np.abs(values) >= _SMALL) & (np.abs(values) < 2**53) & (values == np.rint(values)))
        return pa.array(values[kept].astype(np.int64)).cast(pa.string()), numbers[kept]
    values = np.asarray(cells, dtype=np.int64)
    kept = np.flatnonzero((values >= _SMALL) | (values <= -_SMALL))
    return pa.array(values[kept]).cast(pa.string()), numbers[kept]


def _unescaped(cells: pa.Array) -> pa.Array:
    """The same, where a cell is JSON with escaped characters in it: the strings inside, as `_strings` has them."""
    escaped = np.asarray(pc.match_substring_regex(cells, r"(?s)^\s*[\[{].*\\.*[\]}]\s*$"))
    if not escaped.any():
        return cells
    told = [_strings(cell) if is_json else cell for cell, is_json in zip(cells.to_pylist(), escaped, strict=True)]
    return pa.array(told, pa.string())


def _strings(cell: str) -> str:
    """The strings inside a cell that holds JSON, each on a line of its own; bytes as the text that they may be."""
    if _HEX.fullmatch(cell):
        return bytes.fromhex(cell).decode("utf-8", "replace").replace("\0", "\n")
    try:
        return "\n".join(_inside(json.loads(cell)))
    except (ValueError, RecursionError):
        return cell


def _inside(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.values(), *one.keys()]
        elif isinstance(one, list):
            waiting += reversed(one)
        elif one is not None and not isinstance(one, bool):
            yield one if isinstance(one, str) else repr(one)
