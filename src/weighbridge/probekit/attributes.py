"""What part each column of a table about people plays: known to others, identifying by itself, sensitive, or none.

The four are those of statistical disclosure control: quasi-identifying, identifying, sensitive, insensitive attributes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa

from weighbridge.maths.classes import round_step
from weighbridge.probekit.lexicon import Meaning
from weighbridge.probekit.meanings import (
    IDENTIFYING,
    SENSITIVE,
    decimals,
    fits,
    is_issued,
    is_prose,
    is_time,
    meaning_of_name,
    meaning_of_values,
    tokens,
)
from weighbridge.probekit.ports import Column, ColumnType, Table

_LOOK = 200  # values looked at to learn a column's shape; ours
_SHARES = tuple(n / 20 for n in range(21))  # of these quantiles the middle nine tenths are told as of all values

# Ours. A name that many share is known to others like an age; one that hardly anybody shares says who it is.
_OWN_NAME, _OWN_NUMBER, _OWN_VALUE = 0.5, 0.05, 0.9  # distinct values per individual
_FEW = 20  # distinct values; below, "nearly every row its own" means nothing
_LARGE_HOUSEHOLD = 30  # a household's size ends about here; more different values are its number

# Three decimals of a degree are 111 m: a house in the country, and the cut of HIPAA's spirit, not of its letter. Ours.
_EXACT_DECIMALS = 3
_ISSUED = 7  # digits of a number that speaks for people without a name that says so; ours
_EXACT_METRES = 5  # digits of a whole number that is a coordinate: metres on a grid

_SHARED = frozenset(
    {Meaning.FULL_NAME, Meaning.EMAIL, Meaning.PHONE, Meaning.OFFICIAL, Meaning.RECORD, Meaning.ACCOUNT}
)
"""Where these repeat, so may the person."""

_CONTINUOUS = frozenset({Meaning.MONEY, Meaning.BODY})
_MANY = 100  # distinct whole numbers of these meanings, above which nobody knows them exactly; ours
_ID_WORDS = frozenset(
    {"id", "ids", "key", "code", "no", "nr", "num", "number", "ref", "reference", "uuid", "hash", "token", "index"}
)


class Part(StrEnum):
    """What a column is to the combinations."""

    QUASI = "known to others"
    IDENTIFYING = "identifies by itself"
    SENSITIVE = "sensitive"
    COUNTER = "counts the rows or persons"
    PERSON = "names the person"
    PROSE = "free text"
    EMPTY = "empty"
    OVERLOOKED = "not declared, yet others could know it"
    REST = "nothing says that others know it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """A column with what it was taken for."""

    column: Column
    meaning: Meaning | None
    is_prose: bool = False
    values: tuple[str, ...] = ()  # a few, to tell its shape by
    n_present: int = 0  # rows that have a value

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """A table sorted out."""

    traits: tuple[Trait, ...]
    parts: tuple[Part, ...]  # one per trait
    steps: tuple[tuple[str, float], ...]  # continuous columns, and the step each is counted in
    person: str  # column that names the person; empty: each row is one
    n_individuals: int
    n_rows: int
    rows_stay: bool = False  # in a database: no value was looked at, and no scan is possible

    def of(self, part: Part) -> tuple[str, ...]:
        """The columns of a part, in the file's order."""
        return tuple(t.name for t, p in zip(self.traits, self.parts, strict=True) if p is part)

    @property
    def identifiers(self) -> tuple[tuple[str, ...], ...]:
        """What identifies by itself: single columns, save that coordinates count together."""
        columns = self.of(Part.IDENTIFYING)
        points = tuple(t.name for t in self.traits if t.name in columns and t.meaning is Meaning.COORDINATE)
        return tuple((name,) for name in columns if name not in points) + ((points,) if points else ())

    def is_direct(self, columns: Sequence[str]) -> bool:
        """Whether each value of an identifier is one person's, however many rows have it."""
        return all(is_direct(t) for t in self.traits if t.name in columns)

    @property
    def one_row_each(self) -> bool:
        """Whether each row is an individual of its own, so that counting rows is counting individuals."""
        return not self.person or self.n_individuals == self.n_rows

    @property
    def repeating(self) -> tuple[str, ...]:
        """Columns that tell several rows of one person apart or together, where nothing names the person."""
        if self.person:
            return ()
        return tuple(t.name for t in self.traits if _is_time(t) or (t.meaning in _SHARED and _repeats(t)))


def read_traits(table: Table, columns: Sequence[Column]) -> tuple[Trait, ...]:
    """Each column's meaning, from its name where that says one, else from the shape of a few of its values."""
    shown = [c for c in columns if c.type in (ColumnType.TEXT, ColumnType.NUMBER) and c.n_distinct]
    values = _look(table, shown)
    found = [_trait(column, tuple(values.get(column.name, ()))) for column in columns]
    return tuple(replace(trait, n_present=table.n_rows - trait.column.n_missing) for trait in found)


def _look(table: Table, columns: Sequence[Column]) -> dict[str, list[str]]:
    """A few values of every column as text, spread evenly over those that are there; all columns in one reading."""
    seen: dict[str, list[str]] = {column.name: [] for column in columns}
    if not columns or table.rows_stay:
        return seen
    for batch in table.batches([column.name for column in columns]):
        for column, cells in zip(columns, batch.columns, strict=True):
            known = cells.drop_null()
            wanted = math.ceil(_LOOK * len(known) / max(1, table.n_rows - column.n_missing))
            places = np.linspace(0, len(known) - 1, num=min(wanted, len(known)), dtype=np.int64)
            seen[column.name] += known.take(pa.array(places)).cast(pa.string()).to_pylist()
    return seen


def _trait(column: Column, values: tuple[str, ...]) -> Trait:
    named = meaning_of_name(column.name)
    meaning = named if named and fits(named, column) else None
    if column.type is not ColumnType.TEXT:
        return Trait(column=column, meaning=meaning, values=values)
    if meaning is not Meaning.ADDRESS and is_prose(values):  # what a user said is not who the user is
        return Trait(column=column, meaning=None, is_prose=True, values=values)
    return Trait(column=column, meaning=meaning or meaning_of_values(values), values=values)


def person_column(table: Table, traits: Sequence[Trait]) -> str:
    """The column that names the person: as declared, else the only one whose name says so while its values repeat."""
    if table.declared.person:
        return table.declared.person
    found = [t for t in traits if t.meaning is Meaning.PERSON and 0 < t.column.n_distinct < table.n_rows]
    return found[0].name if len(found) == 1 else ""


def sort_out(table: Table, traits: Sequence[Trait], *, steps: int, seed: int) -> Attributes:
    """Give every column its part, and continuous ones a step."""
    person = person_column(table, traits)
    n_individuals = table.n_individuals(person) if person else table.n_rows
    sorter = _Sorter(table=table, person=person, n_individuals=n_individuals)
    parts = tuple(sorter.part(trait) for trait in traits)
    known = (Part.QUASI, Part.OVERLOOKED, Part.SENSITIVE)
    counted = [trait for trait, part in zip(traits, parts, strict=True) if part in known]
    cut = [(trait.name, _step(table, trait, steps, seed)) for trait in counted if _is_continuous(trait)]
    return Attributes(
        traits=tuple(traits), parts=parts, person=person, n_individuals=n_individuals, n_rows=table.n_rows,
        rows_stay=table.rows_stay,
        steps=tuple((name, step) for name, step in cut if step),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorter:
    """What is needed to tell a column's part."""

    table: Table
    person: str
    n_individuals: int

    def part(self, trait: Trait) -> Part:
        declared = self.table.declared
        if self._identifies(trait):
            return Part.COUNTER if self._counts(trait) else Part.IDENTIFYING
        if trait.name == self.person:
            return Part.PERSON
        if trait.name in declared.quasi_identifiers:
            return Part.QUASI
        if not trait.column.n_distinct:
            return Part.EMPTY
        if trait.name in declared.sensitive or (trait.meaning in SENSITIVE and not declared.quasi_identifiers):
            return Part.SENSITIVE
        if trait.meaning not in (None, *SENSITIVE) or trait.column.type is ColumnType.DATE:
            return Part.OVERLOOKED if declared.quasi_identifiers else Part.QUASI
        return Part.PROSE if trait.is_prose else Part.REST

    def _identifies(self, trait: Trait) -> bool:
        """Whether whoever knows this value knows who it is.

        By its meaning, whatever was declared; for want of a meaning, because nearly everybody has a value of their own,
        unless the owner has said that others know it as they know an age, or that it is what names the person here.
        """
        own, meaning = self._own(trait.column), trait.meaning
        if meaning is Meaning.COORDINATE or is_direct(trait):
            return is_direct(trait)
        if meaning in (Meaning.FULL_NAME, Meaning.ADDRESS):
            return own >= _OWN_NAME
        if meaning is Meaning.FAMILY:
            return trait.column.n_distinct > _LARGE_HOUSEHOLD and own >= _OWN_NUMBER
        if meaning in IDENTIFYING and meaning is not Meaning.PERSON:
            return own >= _OWN_NUMBER
        declared = self.table.declared
        said = (*declared.quasi_identifiers, declared.person) if declared.quasi_identifiers else ()
        return trait.name not in said and self._is_opaque(trait, own)

    def _is_opaque(self, trait: Trait, own: float) -> bool:
        column = trait.column
        if column.n_distinct < _FEW or trait.is_prose or trait.name in self.table.declared.sensitive:
            return False
        if trait.meaning is Meaning.PERSON:
            return own >= _OWN_NUMBER
        if trait.name == self.person:
            return True
        if own < _OWN_VALUE or trait.meaning not in (None, Meaning.DATE):
            return False
        if column.type is ColumnType.NUMBER:
            named = not _ID_WORDS.isdisjoint(tokens(trait.name))
            return column.is_whole and (named or has_one_length(trait, _EXACT_METRES) or self._counts(trait))
        return column.type in (ColumnType.TEXT, ColumnType.DATE)

    def _own(self, column: Column) -> float:
        """Distinct values per individual who has one."""
        return column.n_distinct / max(1, min(self.table.n_rows - column.n_missing, self.n_individuals))

    def _counts(self, trait: Trait) -> bool:
        """Whether it is 0, 1, 2, ... without a gap: the order of rows or persons, which tells nobody anything."""
        column = trait.column
        issued = (None, Meaning.PERSON, Meaning.RECORD, Meaning.FAMILY)
        if column.type is not ColumnType.NUMBER or not column.is_whole or trait.meaning not in issued:
            return False
        if any(float(value) > column.n_distinct for value in trait.values):
            return False  # seen without reading the whole column
        return self.table.is_counter(trait.name)


def has_one_length(trait: Trait, shortest: int) -> bool:
    """Whether whole numbers look like issued ones: all of one length, and not short."""
    lengths = [len(value.lstrip("-")) for value in trait.values]
    longest = max(lengths, default=0)
    return longest >= shortest and sum(length == longest for length in lengths) >= _OWN_VALUE * len(lengths)


def is_issued_number(trait: Trait, *, n_rows: int) -> bool:
    """Whether these are long whole numbers, nearly every row with its own: numbers given out to somebody."""
    column = trait.column
    if column.type is not ColumnType.NUMBER or not column.is_whole or column.n_distinct < _FEW:
        return False
    return column.n_distinct >= _OWN_VALUE * (n_rows - column.n_missing) and has_one_length(trait, _ISSUED)


def is_direct(trait: Trait) -> bool:
    """Whether one value is one person's by what it is: a full name, a number to call, an exact position."""
    match trait.meaning:
        case Meaning.COORDINATE:
            return _is_exact(trait)
        case Meaning.FULL_NAME:
            return _mostly([len(tokens(value)) > 1 for value in trait.values])
        case Meaning.EMAIL | Meaning.PHONE | Meaning.OFFICIAL:
            return _mostly([is_issued(value) for value in trait.values])
        case _:
            return False


def _is_exact(trait: Trait) -> bool:
    if trait.column.type is ColumnType.NUMBER and trait.column.is_whole:
        return _mostly([len(value.lstrip("-")) >= _EXACT_METRES for value in trait.values])
    return _mostly([decimals(value) >= _EXACT_DECIMALS for value in trait.values])


def _is_time(trait: Trait) -> bool:
    if trait.column.n_distinct < 2 or trait.is_prose:  # one date for all tells no rows apart
        return False
    dated = trait.meaning is None and (trait.column.type is ColumnType.DATE or is_time(trait.name))
    return dated or trait.meaning is Meaning.DATE


def _repeats(trait: Trait) -> bool:
    return 1 < trait.column.n_distinct < trait.n_present


def _mostly(signs: list[bool]) -> bool:
    return sum(signs) > len(signs) / 2


def _is_continuous(trait: Trait) -> bool:
    """Whether nobody knows the number to its last digit; coordinates left here have been rounded by their owner."""
    column = trait.column
    if column.type is not ColumnType.NUMBER or trait.meaning is Meaning.COORDINATE:
        return False
    return not column.is_whole or (trait.meaning in _CONTINUOUS and column.n_distinct > _MANY)


def _step(table: Table, trait: Trait, steps: int, seed: int) -> float:
    """The step a continuous column is counted in; an age never coarser than a year."""
    if trait.column.n_distinct <= steps:
        return 0.0
    values = table.quantiles(trait.name, _SHARES, seed)
    step = round_step(values, steps=steps) if values.size else 0.0
    return min(step, 1.0) if trait.meaning is Meaning.AGE else step
