"""JSONL as a stream of records: one JSON object per line."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import cast

import pyarrow as pa

from weighbridge.adapters.tables.layout import (
    ARROW,
    DATES,
    MAX_COLUMNS,
    SURROGATE,
    Contradicted,
    Kind,
    Laid,
    Narrowing,
    converted,
)
from weighbridge.adapters.tables.naming import personal
from weighbridge.adapters.tables.streams import DataFile, lines, open_text, unusable
from weighbridge.core.wording import _

Record = Mapping[str, object]

_BATCH_ROWS, _BATCH_BYTES = 8192, 4 << 20
_MAX_DEPTH = 200  # ours: what is written again as text must not run into Python's own limit
_MAX_INT64 = 2**63 - 1
_FEW_ROWS, _MANY_OWN = 3, 5  # ours: keys in so few records, and so many of them, name no columns
_decode = json.JSONDecoder().decode
_KINDS: dict[type, str] = {list: "array", str: "string", bool: "boolean", NoneType: "null"}
_OF_TYPE: dict[frozenset[type], Kind] = {
    frozenset({int}): Kind.WHOLE,
    frozenset({float}): Kind.NUMBER,
    frozenset({int, float}): Kind.NUMBER,
    frozenset({bool}): Kind.BOOLEAN,
    frozenset({dict}): Kind.NESTED,
    frozenset({list}): Kind.NESTED,
    frozenset({dict, list}): Kind.NESTED,
}


class Records:
    """A JSONL file. Blank lines are skipped; null, NaN and a key that a record does not have are missing values.

    JSON's own types are taken at their word: a string of digits stays text, and a column of several types is text.
    """

    def __init__(self, file: DataFile) -> None:
        self._file, self.label = file, file.label

    def batches(self) -> Iterator[Sequence[Record]]:
        """Records, batch by batch.

        Raises
        ------
        Unusable
            For a line that is not one JSON object (its number is told, never what it holds), or that is not UTF-8.
        """
        batch: list[Record] = []
        size = 0
        with open_text(self._file) as stream:
            for number, line in enumerate(lines(stream, self._file.label), 1):
                if not line.strip():
                    continue
                batch.append(self._record(line, number))
                size += len(line)
                if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
                    yield batch
                    batch, size = [], 0
        if batch:
            yield batch

    def learned(self, batches: Iterator[Sequence[Record]]) -> tuple[Laid, ...]:
        """What the keys hold, in the order in which they first come, as far as these batches tell."""
        columns: dict[str, _Typing] = {}
        n_rows, rows_with = 0, Counter[str]()
        for batch in batches:
            n_rows += len(batch)
            rows_with.update(key for record in batch for key in record)
            for key in dict.fromkeys(key for record in batch for key in record):
                columns.setdefault(key, _Typing()).see([record.get(key) for record in batch])
            if len(columns) > MAX_COLUMNS:
                raise unusable(
                    self._file.label,
                    _("its records have more than {limit} different keys").format(limit=MAX_COLUMNS),
                    _("keep what varies from record to record in a list of names and values"),
                )
        if _differ(rows_with, n_rows) or personal(list(columns)):
            raise unusable(
                self._file.label,
                _("the keys differ from record to record: {n} keys in {rows} records").format(
                    n=len(columns), rows=n_rows
                )
                if _differ(rows_with, n_rows)
                else _("a key of its records has the shape of an address or of a long number"),
                _('keep what is about one record in its values, such as {"name": "...", "age": ...}'),
            )
        return tuple(typing.laid(key) for key, typing in columns.items())

    def typed(self, batch: Sequence[Record], layout: Sequence[Laid]) -> list[pa.Array]:
        """The columns of a batch as the layout says; raises Contradicted where they do not fit it."""
        if not {laid.name for laid in layout}.issuperset(set[str]().union(*batch)):
            raise Contradicted
        return [_array([record.get(laid.name) for record in batch], laid) for laid in layout]

    def _record(self, line: bytes, number: int) -> Record:
        label = self._file.label
        found: object = None
        try:
            found = _decode(line.decode())  # bytes would have their encoding guessed, line by line
        except (ValueError, RecursionError):  # also an integer of more digits than Python parses
            raise unusable(
                label,
                _("line {n} is not JSON").format(n=number),
                _("mend that line; each line must be one JSON object, without a comma at its end"),
            ) from None
        if line.count(b"[") + line.count(b"{") > _MAX_DEPTH and _depth(found) > _MAX_DEPTH:
            raise unusable(
                label,
                _("line {n} is nested more than {limit} levels deep").format(n=number, limit=_MAX_DEPTH),
                _("keep such values as text"),
            )
        if not isinstance(found, dict):
            raise unusable(
                label,
                _("line {n} is a JSON {kind}, not an object").format(n=number, kind=_KINDS.get(type(found), "number")),
                _('each line must be one JSON object, such as {"text": "..."}'),
            )
        return cast("Record", found)


def _differ(rows_with: Counter[str], n_rows: int) -> bool:
    """Whether most keys are of one record each: such keys are data, often somebody's name, and not names of columns."""
    few = max(1, min(_FEW_ROWS, n_rows // 20))
    n_own = sum(n <= few for n in rows_with.values())
    return n_own >= _MANY_OWN and 2 * n_own >= max(n_rows, len(rows_with))


def text_of(value: object) -> str | None:
    """A JSON value as text: a string as it is, anything nested as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def texts(values: Sequence[str | None]) -> pa.Array:
    """An array of strings; a lone surrogate, which JSON can write and UTF-8 cannot, becomes U+FFFD."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if v is None else SURROGATE.sub("\ufffd", v) for v in values], pa.string())


def _depth(value: object) -> int:
    """How deep a JSON value is nested; by hand, since a hostile one would exhaust the stack."""
    level: list[object] = [value]
    depth = 0
    while level:
        depth += 1
        parts = [part for part in level if isinstance(part, dict | list)]
        level = [item for part in parts for item in (part.values() if isinstance(part, dict) else part)]
    return depth - 1


class _Typing:
    """What the values of one key were so far."""

    def __init__(self) -> None:
        self._types: set[type] = set()
        self._is_large = False
        self._dates = Narrowing(DATES)

    def see(self, values: Sequence[object]) -> None:
        known = _without_nan(values)
        self._types |= _types(known)
        if self._types == {str}:
            self._dates.see(texts(cast("Sequence[str | None]", known)))
        if int in self._types:
            self._is_large = self._is_large or _has_large(known)

    def laid(self, name: str) -> Laid:
        if self._types == {str}:
            dates = self._dates.laid(name)
            return Laid(name=name, kind=dates.kind, settled=dates.settled)
        kind = _OF_TYPE.get(frozenset(self._types), Kind.TEXT)
        is_identifier = self._is_large and kind in (Kind.WHOLE, Kind.NUMBER)
        return Laid(name=name, kind=Kind.TEXT if is_identifier else kind, settled=bool(self._types))


def _types(values: Sequence[object]) -> set[type]:
    return set(map(type, values)) - {NoneType}


def _has_large(values: Sequence[object]) -> bool:
    whole = [value for value in values if type(value) is int]
    return bool(whole) and (max(whole) > _MAX_INT64 or min(whole) < -_MAX_INT64)


def _array(values: Sequence[object], laid: Laid) -> pa.Array:
    known = _without_nan(values)
    types = _types(known)
    if types == {str} and laid.kind in (Kind.TEXT, *DATES):
        return converted(texts(cast("Sequence[str | None]", known)), laid)
    if types and not laid.settled:
        raise Contradicted
    if laid.kind is Kind.TEXT:  # whatever else comes, the column stays text
        return texts([text_of(value) for value in known])
    if types and not any(types <= of for of, kind in _OF_TYPE.items() if kind is laid.kind):
        raise Contradicted
    if laid.kind is Kind.NESTED:
        return texts([text_of(value) for value in known])
    if int in types and _has_large(known):
        raise Contradicted
    if laid.kind is Kind.NUMBER:
        known = [None if value is None else float(cast("float", value)) for value in known]
    return pa.array(known, ARROW[laid.kind])


def _without_nan(values: Sequence[object]) -> Sequence[object]:
    if float not in set(map(type, values)):
        return values
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]
