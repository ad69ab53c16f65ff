"""What the columns of a text file hold, found over all rows and never guessed beyond them.

A column of text becomes a number only if every value that is there is written as a number writes itself: `00123` and
`+49 30` are codes and stay text. Dates are ISO 8601 only, since 03/04/1990 is two dates. A value is missing where the
cell is empty; words such as NA count as missing only in a column whose other values are all numbers, dates or true and
false, so that the country NA and the surname Null stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

MAX_COLUMNS = 10_000  # ours: five times the widest table that was asked for

SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can write half a character, UTF-8 cannot
_MISSING = pa.array(["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "Null", "null", "None", "none"])
_NULL = pa.scalar(None, pa.string())
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_DIGITS = "(?:0|[1-9][0-9]{0,17})"  # eighteen digits always fit 64 bits; a longer one is an identifier
_PART = r"\.[0-9]{1,30}"
_POWER = "(?:[0-9]{1,2}|1[0-9]{2}|2[0-8][0-9])"  # with eighteen digits before it, still below the largest double
_SIGNED_POWER = rf"[eE](?:-[0-9]{{1,3}}|\+{_POWER})"


class Kind(StrEnum):
    """What a column of a text file holds."""

    WHOLE = "whole"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    ZONED = "zoned"  # a timestamp with its distance from UTC
    TEXT = "text"
    NESTED = "nested"  # JSON inside a cell, as text


ARROW = {
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.ZONED: pa.timestamp("us", "UTC"),
    Kind.TEXT: pa.string(),
    Kind.NESTED: pa.string(),
}
DATES = (Kind.DATE, Kind.TIMESTAMP, Kind.ZONED)
# An exponent needs its sign or a decimal point: 12E3 alone is as likely a code as a number.
_PATTERNS = {
    Kind.WHOLE: f"-?{_DIGITS}",
    Kind.NUMBER: rf"-?(?:(?:{_DIGITS}(?:{_PART})?|{_PART})(?:{_SIGNED_POWER})?|{_DIGITS}{_PART}[eE]{_POWER})",
    Kind.BOOLEAN: "true|false|True|False|TRUE|FALSE",
    Kind.DATE: _DAY,
    Kind.TIMESTAMP: f"{_DAY}(?:{_CLOCK})?",
    Kind.ZONED: f"{_DAY}{_CLOCK}(?:Z|[-+][0-9]{{2}}:?[0-9]{{2}})",
}


class Contradicted(Exception):
    """A later row holds what the layout does not allow: a guess made on the first rows is made again over all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A column and what it holds; not `settled` while no value was seen, so that any value contradicts it."""

    name: str
    kind: Kind
    settled: bool


class Narrowing:
    """The kinds that a column of text can still be, narrowed by every batch."""

    def __init__(self, among: Sequence[Kind] = tuple(_PATTERNS)) -> None:
        self._open = list(among)
        self._has_values = False

    def see(self, cells: pa.Array) -> None:
        """Narrow by these cells."""
        if self._has_values and not self._open:
            return
        values = pc.unique(_meant(cells)).drop_null()
        if len(values):
            self._has_values = True
            self._open = [kind for kind in self._open if _fits(kind, values)]

    def laid(self, name: str) -> Laid:
        """The narrowest kind that all cells so far allow."""
        kind = self._open[0] if self._open and self._has_values else Kind.TEXT
        return Laid(name=name, kind=kind, settled=self._has_values)


def converted(cells: pa.Array, laid: Laid) -> pa.Array:
    """Cells of text as the column's kind.

    Raises
    ------
    Contradicted
        Where a cell does not fit.
    """
    if not laid.settled and len(_meant(cells).drop_null()):
        raise Contradicted
    if laid.kind is Kind.TEXT:
        return cells
    meant = _meant(cells)
    if not _fits(laid.kind, pc.unique(meant).drop_null()):
        raise Contradicted
    return meant.cast(ARROW[laid.kind])


def is_number(cell: str) -> bool:
    """Whether a cell alone is written as a number."""
    return re.fullmatch(_PATTERNS[Kind.NUMBER], cell.strip()) is not None


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names to tell columns apart by: an empty one gets its place, a repeated one a number, each is UTF-8."""
    taken: dict[str, None] = {}
    for place, raw in enumerate(names, 1):
        name = first = SURROGATE.sub("\ufffd", raw).strip() or f"column {place}"
        n = 2
        while name in taken:
            name, n = f"{first} ({n})", n + 1
        taken[name] = None
    return tuple(taken)


def _meant(cells: pa.Array) -> pa.Array:
    """Cells without the spaces around them, and null where they say that nothing is known."""
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.is_in(trimmed, _MISSING), _NULL, trimmed)


def _fits(kind: Kind, values: pa.Array) -> bool:
    """Whether all values (no nulls) are written as the kind is."""
    if not len(values):
        return True
    if not pc.all(pc.match_substring_regex(values, rf"\A(?:{_PATTERNS[kind]})\z")).as_py():
        return False
    try:
        values.cast(ARROW[kind])
    except pa.ArrowInvalid:  # the 30th of February is written as a date
        return False
    return True
