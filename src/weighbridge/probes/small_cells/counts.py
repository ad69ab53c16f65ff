"""A cell of a table of counts: a number, a mark for one that is not shown, or neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Bools, Floats, Ints

_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'\u00a0\u202f\u2019])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"(\d{1,15})(?:[.,]0+)?")
_NOTED = re.compile(
    r"\((\d{1,15})\)|(\d{1,15})\s*(?:[*\u2020\u2021]+|[\u00b9\u00b2\u00b3]|\([a-z*]\))"
)  # of a doubtful count, a footnote
_FEWER = re.compile(
    r"(?:<|&lt;|fewer than|less than|under|moins de|menos de|weniger als|unter|meno di|minder dan)\s*(\d{1,6})"
)
_AT_MOST = re.compile(r"(?:≤|<=|=<|at most|up to)\s*(\d{1,6})")
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|\u2013|\u2014|\.\.|to|a|bis)\s*(\d{1,6})")
_MORE = re.compile(r"(?:>=|≥)\s*(\d{1,12})|>\s*(\d{1,12})|(\d{1,12})\s*\+")
# Marks for a count that is not shown, of statistical offices and health agencies; some of them write nought as a dash,
# which then counts as hidden: its range holds nought.
_SUPPRESSED = frozenset(
    """
    * ** *** s ss (s) x xx (x) c (c) z (z) : .. ... np n.p. • ‡ † (d) d suppressed (suppressed) supp masked withheld
    redacted confidential conf secret hidden disclosure geheim supprimé confidentiel confidencial suprimido
    """.split()  # noqa: SIM905  a list of words is read more easily so
)
# The same that records have for what is not known: they hide a count, and make no table a table of counts.
_UNKNOWN = frozenset("na n/a n.a. nd n.d. null none nan ? . - -- \u2013 \u2014 / # ##".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Counts:
    """The cells of one column, all of shape (n,).

    What is printed says that the count lies between `low` and `high`; equal where it is shown. `is_count` is false
    where a cell is neither a count nor a mark for one; `is_marked` is true where somebody hid a count.
    """

    low: Floats
    high: Floats
    is_count: Bools
    is_marked: Bools

    @property
    def hidden(self) -> Bools:
        """Cells whose count is not shown."""
        return self.low < self.high


def read_counts(values: pa.Array) -> Counts:
    """Read a column's cells: whole numbers that are not negative, with or without thousands, and marks."""
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return _of_numbers(values)
    if pa.types.is_boolean(values.type) or pa.types.is_temporal(values.type) or pa.types.is_nested(values.type):
        return _table([_NOTHING], np.zeros(len(values), dtype=np.int64))
    coded = pc.cast(values, pa.string()).dictionary_encode(null_encoding="encode")
    read = [_read((value or "")[:_LONGEST].strip().casefold()) for value in coded.dictionary.to_pylist()]
    return _table(read or [_NOTHING], coded.indices.to_numpy(zero_copy_only=False))


_LONGEST = 40  # characters of a cell that are looked at; a count is shorter
_Cell = tuple[float, float, bool, bool]
_NOTHING: _Cell = (0.0, np.inf, False, False)


def _of_numbers(values: pa.Array) -> Counts:
    missing = pc.is_null(values, nan_is_null=True).to_numpy(zero_copy_only=False)
    wide = pc.fill_null(values.cast(pa.float64(), safe=False), 0.0).to_numpy(zero_copy_only=False)
    wide = np.where(missing, 0.0, wide)
    fits = np.isfinite(wide) & (wide >= 0) & (wide == np.floor(wide)) & (wide < 1e15)
    low = np.where(fits & ~missing, wide, 0.0)
    high = np.where(fits & ~missing, wide, np.inf)
    return Counts(low, high, fits, np.zeros(len(wide), dtype=bool))


def _table(read: Sequence[_Cell], at: Ints) -> Counts:
    low, high, is_count, is_marked = (np.array(part)[at] for part in zip(*read, strict=True))
    return Counts(low.astype(np.float64), high.astype(np.float64), is_count.astype(bool), is_marked.astype(bool))


@lru_cache(maxsize=4096)
def _read(cell: str) -> _Cell:
    if not cell:
        return 0.0, np.inf, True, False
    if cell in _SUPPRESSED or cell in _UNKNOWN:
        return 0.0, np.inf, True, cell in _SUPPRESSED
    if plain := _PLAIN.fullmatch(cell):
        return float(plain[1]), float(plain[1]), True, False
    if noted := _NOTED.fullmatch(cell):
        number = float(noted[1] or noted[2])
        return number, number, True, False
    if _GROUPED.fullmatch(cell):
        number = float(re.sub(r"\D", "", cell))
        return number, number, True, False
    return _read_range(cell)


def _read_range(cell: str) -> _Cell:
    if found := _FEWER.fullmatch(cell):
        return 0.0, max(0.0, float(found[1]) - 1), True, True
    if found := _AT_MOST.fullmatch(cell):
        return 0.0, float(found[1]), True, True
    if (found := _RANGE.fullmatch(cell)) and int(found[1]) <= int(found[2]):
        return float(found[1]), float(found[2]), True, True
    if found := _MORE.fullmatch(cell):
        least = int(found[1] or found[3] or int(found[2] or 0) + 1)
        return float(least), np.inf, True, True
    return _NOTHING
