"""What stands in the tables themselves: a hash of it is no secret to whoever has the table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Column, ColumnType, Table
from weighbridge.probes.reversible_pseudonyms.attack import Candidates
from weighbridge.probes.reversible_pseudonyms.recipes import hashed, recipes
from weighbridge.probes.reversible_pseudonyms.spaces import CHUNK
from weighbridge.probes.reversible_pseudonyms.tokens import Tokens

IN_FILE = "in-file"
MOST_COLUMNS = 40  # of a table whose values are tried; ours
_ROWS = 40  # rows on which it is tried out how values are put together; ours
_JOINED = 8  # columns of which two are put together; ours
_JOINTS = ("", " ", "|", "-", "_", ",", ";", ":")
PLANTED = 20  # hashes of our own for each kind; ours

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Making:
    """How one string is made of a row: columns joined by something, behind or before a constant."""

    columns: tuple[str, ...]
    joint: str = ""
    before: str = ""
    after: str = ""

    def of(self, cells: Sequence[Sequence[str | None]]) -> list[bytes]:
        """The strings of some rows, one list of cells for each column; rows that lack one are left out."""
        whole = [row for row in zip(*cells, strict=True) if None not in row]
        return [f"{self.before}{self.joint.join(row)}{self.after}".encode() for row in whole]


def tried_columns(table: Table, hashes: Sequence[str]) -> tuple[Column, ...]:
    """Columns whose values a hash can have been made of: not hashes themselves, and with two values at least."""
    usable = [c for c in table.columns if c.name not in hashes and c.n_distinct > 1 and _can_be_hashed(c)]
    return tuple(sorted(usable, key=lambda c: -c.n_distinct)[:MOST_COLUMNS])


def _can_be_hashed(column: Column) -> bool:
    return column.type in (ColumnType.TEXT, ColumnType.DATE) or (column.type is ColumnType.NUMBER and column.is_whole)


def constants(table: Table, columns: Sequence[Column], prefix: str) -> tuple[str, ...]:
    """What may stand before or behind each value: the setting, the one value of a column, names of columns."""
    same = [c.name for c in table.columns if c.n_distinct == 1 and _can_be_hashed(c)][:_JOINED]
    values = [v for name in same for v in table.sample(name, 1, 0).to_pylist() if v]
    return tuple(dict.fromkeys(v for v in (prefix, *values, *(c.name for c in columns[:_JOINED]), *same) if v))


def of_columns(table: Table, columns: Sequence[Column], tries: int, seed: int) -> Iterator[Candidates]:
    """The values of each column, as they stand and in the ways that people tidy them."""
    for column in columns:
        values = table.sample(column.name, tries, seed).unique().to_pylist()
        yield Candidates(
            kind=IN_FILE, says=column.name, size=max(column.n_distinct, len(values)), batches=_batches(values),
            planted=[v.encode() for v in values[:: max(1, len(values) // PLANTED)][:PLANTED]], every=True,
        )  # fmt: skip


def _batches(values: Sequence[str]) -> Iterator[list[bytes]]:
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        yield [v.encode() for v in part]
        more = {w for v in part for w in _tidied(v)} - set(part)
        if more:
            yield [w.encode() for w in sorted(more)]


def _tidied(value: str) -> tuple[str, ...]:
    plain = value.strip()
    digits = "".join(c for c in plain if c.isdigit())
    whole = (f"+{digits}", digits) if len(digits) >= _MANY_DIGITS else ()
    return (plain, plain.lower(), plain.upper(), plain.title(), *whole)


_MANY_DIGITS = 5


def find_makings(
    table: Table, tokens: Sequence[Tokens], columns: Sequence[Column], salts: Sequence[str]
) -> list[Making]:
    """Which ways of putting a row's values together give hashes of that very row; tried on a few rows."""
    if not tokens or not columns:
        return []
    names = tuple(c.name for c in columns)
    cells = _few_rows(table, (*names, *(t.column for t in tokens)))
    found = []
    for making in _makings(names, salts):
        own = [cells[name] for name in making.columns]
        for t in tokens:
            if _gives(making, own, t, cells[t.column]):
                found.append(making)
                break
    return found


def _makings(names: Sequence[str], salts: Sequence[str]) -> Iterator[Making]:
    for name in names:
        for salt in salts:
            for joint in ("", *_JOINTS[1:4]):
                yield Making((name,), before=salt + joint)
                yield Making((name,), after=joint + salt)
    for pair in itertools.permutations(names[:_JOINED], 2):
        for joint in _JOINTS:
            yield Making(pair, joint)


def _few_rows(table: Table, names: Sequence[str]) -> dict[str, list[str | None]]:
    """The first rows' cells as text."""
    for batch in table.batches(tuple(dict.fromkeys(names))):
        few = batch.slice(0, _ROWS)
        return {n: pc.cast(few.column(i), pa.string()).to_pylist() for i, n in enumerate(batch.schema.names)}
    return {name: [] for name in names}


def _gives(making: Making, cells: Sequence[Sequence[str | None]], tokens: Tokens, hashes: Sequence[str | None]) -> bool:
    made = making.of(cells)
    sought = tokens.form.taken([h for h in hashes if h])
    if not made or not len(sought):
        return False
    wanted = {row.tobytes() for row in sought}
    length = tokens.form.length
    return any(row.tobytes() in wanted for recipe in recipes(length) for row in hashed(recipe, made, length))


def of_makings(table: Table, makings: Sequence[Making], tries: int, tick: Tick) -> Iterator[Candidates]:
    """What each way of putting together makes of all rows, up to so many."""
    for making in makings:
        yield Candidates(
            kind=IN_FILE, says=" + ".join(making.columns), size=table.n_rows,
            batches=_made(table, making, tries, tick), planted=(), every=True,
        )  # fmt: skip


def _made(table: Table, making: Making, tries: int, tick: Tick) -> Iterator[list[bytes]]:
    done = 0
    for batch in table.batches(tuple(dict.fromkeys(making.columns))):
        cells = {n: pc.cast(batch.column(i), pa.string()).to_pylist() for i, n in enumerate(batch.schema.names)}
        yield making.of([cells[name] for name in making.columns])
        done += batch.num_rows
        tick(batch.num_rows)
        if done >= tries:
            return
