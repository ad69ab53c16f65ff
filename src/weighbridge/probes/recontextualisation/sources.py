"""Which columns of a table tell where its rows come from: as declared, or by name and content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from weighbridge.core.candidate import Declared
from weighbridge.probekit.names import words
from weighbridge.probekit.places import companions, locate
from weighbridge.probekit.ports import Column, ColumnType, Table
from weighbridge.probekit.positions import Places
from weighbridge.probes.recontextualisation.traces import is_address

_SAMPLE = 200  # values that are looked at to tell a column of addresses; ours
_POSTS = frozenset({"tweet", "status", "post", "comment", "message", "video", "toot", "photo"})
_NUMBERS = frozenset({"id", "ids", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Columns by what they tell; empty where none does."""

    source: str = ""
    status: str = ""
    audience: str = ""
    places: Places | None = None
    time: str = ""
    guessed: tuple[str, ...] = ()  # those of them that were not declared

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

    places = next(iter(locate(table, seed=seed).places), None)
    located = places.columns if places else ()
    guessed.extend(located)
    time = declared.date_field or companions(table, located).time
    guessed.extend([time] if time and not declared.date_field else [])
    return Sources(
        source=found(declared.source_field, is_source),
        status=declared.source_status_field,
        audience=declared.audience_field,
        places=places,
        time=time,
        guessed=tuple(dict.fromkeys(guessed)),
    )
