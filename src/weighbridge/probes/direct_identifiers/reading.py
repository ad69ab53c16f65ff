"""How each column of a table is read: as text, as numbers given out, as positions, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from weighbridge.core.candidate import Declared
from weighbridge.probekit.lexicon import Meaning
from weighbridge.probekit.meanings import CERTAIN, HINTS, fits, meaning_of_name, tokens
from weighbridge.probekit.ports import Column, ColumnType, Table

_ENOUGH_HINTS = 2  # as in unique-combinations


class Way(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    NESTED = "nested"  # JSON with strings somewhere inside, or bytes as hexadecimal
    NUMBER = "number"  # whole numbers, as they are written
    POSITION = "position"  # fractions that are a latitude or a longitude


@dataclass(frozen=True, slots=True)
class Reading:
    """One column, and what its name says beforehand."""

    name: str
    way: Way
    words: str  # stands before every cell, as context
    meaning: str  # of a column that is identifying as a whole; empty for others


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONG_NAME = 80  # characters
# In a sentence a number to call comes behind these; as a column's name they are as often something else.
_LOOSE = _set("text signal ring call calls reach contact cell cells hp bel ph dial pan run pin rc ic cc pk")
_WHOLE = (Meaning.PHONE, Meaning.OFFICIAL, Meaning.FULL_NAME, Meaning.ADDRESS, Meaning.COORDINATE)


def readings(table: Table) -> tuple[Reading, ...]:
    """The columns that can hold an identifier, in the table's order."""
    columns = table.columns
    named = {c.name: _meaning(c) for c in columns}
    about_people = is_about_people(table.declared, named)
    made = (_reading(column, named[column.name], about_people=about_people) for column in columns)
    return tuple(reading for reading in made if reading is not None)


def is_about_people(declared: Declared, named: dict[str, Meaning | None]) -> bool:
    """Whether the table is declared to be about people, or its columns' names say so."""
    if declared.about_people is not None:
        return declared.about_people
    meanings = set(named.values()) - {Meaning.FULL_NAME, Meaning.ADDRESS, None}
    return bool(meanings & CERTAIN) or len(meanings & HINTS) >= _ENOUGH_HINTS or bool(declared.person)


def _meaning(column: Column) -> Meaning | None:
    meaning = meaning_of_name(column.name)
    return meaning if meaning is not None and fits(meaning, column) else None


def _words(column: Column, meaning: Meaning | None) -> str:
    """What the name says of each cell, as words that stand before it."""
    if len(column.name) > _LONG_NAME:
        return ""
    said = [word for word in tokens(column.name) if meaning is Meaning.PHONE or word not in _LOOSE]
    return " ".join(said) + " " if said else ""


def _reading(column: Column, meaning: Meaning | None, *, about_people: bool) -> Reading | None:
    words = _words(column, meaning)
    whole = meaning if meaning in _WHOLE else None
    if whole is Meaning.FULL_NAME and not about_people and len(tokens(column.name)) < 2:
        whole = None  # a name of what?
    if whole in (Meaning.COORDINATE, Meaning.ADDRESS) and not about_people:
        whole = None
    told = whole.value if whole else ""
    if not column.n_distinct:
        return None
    match column.type:
        case ColumnType.TEXT:
            return Reading(column.name, Way.TEXT, words, told)
        case ColumnType.OTHER:
            return Reading(column.name, Way.NESTED, words, told)
        case ColumnType.NUMBER if whole is Meaning.COORDINATE and not column.is_whole:
            return Reading(column.name, Way.POSITION, words, told)
        case ColumnType.NUMBER if column.is_whole:
            return Reading(column.name, Way.NUMBER, words, told)
        case _:
            return None
