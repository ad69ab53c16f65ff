"""Which columns of a table tell where its rows come from: as declared, or by name and content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from weighbridge.core.candidate import Declared
from weighbridge.probekit.names import words
from weighbridge.probekit.ports import Column, ColumnType, Table
from weighbridge.probes.recontextualisation.traces import is_address

_SAMPLE = 200  # values that are looked at to tell a column of addresses; ours
_LATITUDE, _LONGITUDE = frozenset({"lat", "latitude"}), frozenset({"lon", "lng", "long", "longitude"})
_TIMES = frozenset({"date", "time", "timestamp", "datetime", "created", "posted", "published", "when"})
_POSTS = frozenset({"tweet", "status", "post", "comment", "message", "video", "toot", "photo"})
_NUMBERS = frozenset({"id", "ids", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Columns by what they tell; empty where none does."""

    source: str = ""
    status: str = ""
    audience: str = ""
    latitude: str = ""
    longitude: str = ""
    time: str = ""
    guessed: tuple[str, ...] = ()  # those of them that were not declared

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, each once."""
        named = (self.source, self.status, self.audience, self.latitude, self.longitude, self.time)
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def tells_of_sources(self) -> bool:
        """Whether anything tells where the rows come from or who could see them."""
        return bool(self.source or self.status or self.audience)


def undeclared(declared: Declared, columns: Sequence[Column]) -> tuple[str, str]:
    """The first declaration that names no column, and what it names; two empty strings where there is none."""
    there = {c.name for c in columns}
    for field in ("source_field", "source_status_field", "audience_field", "date_field"):
        named = getattr(declared, field)
        if named and named not in there:
            return field, named
    return "", ""


def find_sources(table: Table, seed: int) -> Sources:
    """The columns of a table that tell where its rows come from."""
    declared, columns = table.declared, table.columns
    guessed: list[str] = []

    def found(named: str, test: Callable[[Column], bool]) -> str:
        if named:
            return named
        name = next((c.name for c in columns if test(c)), "")
        guessed.extend([name] if name else [])
        return name

    def is_source(column: Column) -> bool:
        parts = set(words(column.name))
        if parts & _POSTS and parts & _NUMBERS:
            return True
        if column.type is not ColumnType.TEXT or column.n_missing == table.n_rows:
            return False
        flags = is_address(table.sample(column.name, _SAMPLE, seed))
        return 2 * (pc.sum(flags).as_py() or 0) > len(flags)

    def is_time(column: Column) -> bool:
        return column.type is ColumnType.DATE or not _TIMES.isdisjoint(words(column.name))

    return Sources(
        source=found(declared.source_field, is_source),
        status=declared.source_status_field,
        audience=declared.audience_field,
        latitude=found("", lambda c: not _LATITUDE.isdisjoint(words(c.name))),
        longitude=found("", lambda c: not _LONGITUDE.isdisjoint(words(c.name))),
        time=found(declared.date_field, is_time),
        guessed=tuple(guessed),
    )
