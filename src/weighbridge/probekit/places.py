"""Which columns of a table say where: found by their names, confirmed by a sample of what they hold.

A name without content that fits is no place: a column `long` may hold durations. Content without a name is taken only
where its shape leaves no doubt, as that of WKT does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from weighbridge.probekit import place_words
from weighbridge.probekit.names import words
from weighbridge.probekit.ports import Column, ColumnType, Floats, Table
from weighbridge.probekit.positions import Form, Places, numbers_of, points_of

_LOOK = 2000  # values looked at to confirm a name; ours
_MOST = 0.5  # of them must be what the name says; the rest are counted as unread. Ours
_STRANGE = 0.02  # of latitudes beyond 90 degrees where longitudes are all within: the two are swapped. Ours
_CODES = 5  # different numbers beyond, from which on they are no codes for "unknown" such as 99; ours
_E7 = 1e7  # whole numbers of ten-millionths of a degree, as phones export them
_ONE_IN = re.compile(r"e7$", re.IGNORECASE)
_FEWEST = 5  # different places, below which columns of degrees are some setting rather than a map; ours


class Unread(StrEnum):
    """Why columns named as a place were not read."""

    METRES = "metres on a projection"
    OTHER = "no degrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The place columns of one table, and those whose names promise a place that is not there."""

    places: tuple[Places, ...]
    refused: tuple[tuple[str, Unread], ...] = ()


def locate(table: Table, named: Sequence[str] = (), *, seed: int = 0) -> Located:
    """Every pair or single column of positions in a table.

    Parameters
    ----------
    named : columns that the user named: one, or latitude and longitude; nothing else is looked for then
    """
    columns = {c.name: c for c in table.columns if c.n_distinct}
    if named:
        chosen = [columns[name] for name in named if name in columns]
        if len(chosen) < len(named):
            return Located(places=(), refused=tuple((n, Unread.OTHER) for n in named if n not in columns))
        made = _pair(table, *chosen, seed=seed) if len(chosen) > 1 else _single(table, chosen[0], seed=seed)
        names = " + ".join(named)
        return Located(places=(made,)) if isinstance(made, Places) else Located(places=(), refused=((names, made),))
    found: list[Places] = []
    refused: list[tuple[str, Unread]] = []
    for north, east in _pairs(list(columns.values())):
        made = _pair(table, north, east, seed=seed)
        if isinstance(made, Places):
            found.append(made)
        elif _says(north, place_words.LATITUDE) or made is Unread.METRES:
            refused.append((f"{north.name} + {east.name}", made))
    taken = {name for places in found for name in places.columns}
    for column in columns.values():
        if column.name in taken or column.type not in (ColumnType.TEXT, ColumnType.OTHER):
            continue
        made = _single(table, column, seed=seed)
        if isinstance(made, Places) and (made.is_plain or _says(column, place_words.POSITION | place_words.CELL)):
            found.append(made)
    return Located(places=tuple(found), refused=tuple(refused))


def _says(column: Column, among: frozenset[str]) -> bool:
    told = words(column.name)
    return not among.isdisjoint(told) or "".join(told) in among


def _rest(name: str, dropped: frozenset[str]) -> tuple[str, ...]:
    """What is left of a name without the word for the axis; digits stay, so that lat1 goes with lon1."""
    told = ["" if w in dropped else w for w in words(name)]
    return (*told, *re.findall(r"\d+", _ONE_IN.sub("", name)))


def _pairs(columns: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Latitude and longitude columns that go together by the rest of their names, else by standing together."""
    made: list[tuple[Column, Column]] = []
    kinds = (
        (place_words.LATITUDE, place_words.LONGITUDE),
        (frozenset({"northing", "northings", "hochwert"}), frozenset({"easting", "eastings", "rechtswert"})),
        (frozenset({"y"}), frozenset({"x"})),
    )
    for north, east in kinds:
        norths, easts = ([c for c in columns if _is_axis(c, words_of)] for words_of in (north, east))
        for one in norths:
            same = [c for c in easts if _rest(c.name, east) == _rest(one.name, north)]
            if not same and len(norths) == len(easts) == 1:
                same = easts
            if same:
                made.append((one, same[0]))
        if made:
            break
    return made


def _is_axis(column: Column, among: frozenset[str]) -> bool:
    return column.type in (ColumnType.NUMBER, ColumnType.TEXT) and not among.isdisjoint(words(column.name))


def _pair(table: Table, north: Column, east: Column, *, seed: int) -> Places | Unread:
    """The pair as it is to be read; swapped where only so it makes sense."""
    lat, lon = (_sampled(table, column, seed) for column in (north, east))
    scale = _E7 if _is_e7(north, lat) and _is_e7(east, lon) else 1.0
    lat, lon = lat / scale, lon / scale
    known = (lat[~np.isnan(lat)], lon[~np.isnan(lon)])
    if any(len(values) == 0 for values in known):
        return Unread.OTHER
    fits = [float((np.abs(values) <= most).mean()) for values, most in zip(known, (90, 180), strict=True)]
    turned = [float((np.abs(values) <= most).mean()) for values, most in zip(known, (180, 90), strict=True)]
    swapped = _looks_swapped(*known) and min(turned) > min(fits) and min(turned) >= _MOST
    if not swapped and min(fits) < _MOST:
        large = all(float((np.abs(values) > 1000).mean()) > _MOST for values in known)
        return Unread.METRES if large else Unread.OTHER
    if len(known[0]) < _MOST * min(_LOOK, table.n_rows - north.n_missing):
        return Unread.OTHER
    names = (east.name, north.name) if swapped else (north.name, east.name)
    return Places(columns=names, form=Form.PAIR, scale=scale, is_swapped=swapped)


def _is_e7(column: Column, values: Floats) -> bool:
    known = values[~np.isnan(values)]
    return bool(len(known)) and column.is_whole and float(np.abs(known).max()) > 1000 and (
        _ONE_IN.search(column.name) is not None or float(np.median(np.abs(known))) > 1e6
    )  # fmt: skip


def _sampled(table: Table, column: Column, seed: int) -> Floats:
    return numbers_of(table.sample(column.name, _LOOK, seed))


def _single(table: Table, column: Column, *, seed: int) -> Places | Unread:
    """One column that holds a whole position, in the first form that most of a sample has."""
    values: pa.Array = table.sample(column.name, _LOOK, seed)
    for form in (Form.WKT, Form.GEOJSON, Form.TEXT, Form.H3, Form.GEOHASH):
        lat, lon, _ = points_of(values, form)
        read = ~np.isnan(lat)
        if len(values) and read.mean() >= _MOST and (form is not Form.GEOHASH or _says(column, place_words.CELL)):
            swapped = form is Form.TEXT and _looks_swapped(lat[read], lon[read])
            return Places(columns=(column.name,), form=form, is_swapped=swapped)
    return Unread.OTHER


def _looks_swapped(lat: Floats, lon: Floats) -> bool:
    """Whether latitudes hold longitudes: most lie beyond 90 degrees, or some that are too different to be a code."""
    beyond = lat[(np.abs(lat) > 90) & (np.abs(lat) <= 180)]
    if not len(beyond) or float((np.abs(lon) <= 90).mean()) < _MOST:
        return False
    return len(beyond) > _MOST * len(lat) or (len(beyond) > _STRANGE * len(lat) and len(np.unique(beyond)) >= _CODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """Columns that say who, when and how many, by their names; empty where none does."""

    person: str = ""
    time: str = ""
    count: str = ""
    counts_people: bool = False
    speaks_of_people: bool = False


def companions(table: Table, located: Sequence[str]) -> Companions:
    """What stands beside the place columns `located`; a declared person column comes first."""
    others = [c for c in table.columns if c.name not in located and c.n_distinct]
    counts = [c for c in others if c.type is ColumnType.NUMBER and c.is_whole]
    people = [c for c in counts if _says(c, place_words.PEOPLE_COUNT)]
    person = table.declared.person or _first(c.name for c in others if _is_person(c) and c not in people)
    plain = [c for c in counts if _says(c, place_words.COUNT) and not _says(c, place_words.IDENTITY - {"n", "num"})]
    count = "" if person else _first(c.name for c in (*people, *plain))
    return Companions(
        person=person,
        time=_first(c.name for c in others if c.type is ColumnType.DATE)
        or _first(c.name for c in others if _says(c, place_words.TIME) and c.name not in (person, count)),
        count=count,
        counts_people=any(c.name == count for c in people),
        speaks_of_people=bool(person) or any(_says(c, place_words.PEOPLE) for c in others),
    )


def _is_person(column: Column) -> bool:
    told = words(column.name)
    if place_words.PERSON.isdisjoint(told) and "".join(told) not in place_words.PERSON:
        return False
    return column.type is not ColumnType.DATE and (column.type is ColumnType.TEXT or column.is_whole)


def _first(names: Iterable[str]) -> str:
    return next(iter(names), "")


def place_column(table: Table, others: Sequence[str]) -> str:
    """A column that names the place without saying where it is, such as an antenna; empty where none does."""
    held = [c for c in table.columns if c.n_distinct > 1 and c.name not in others and c.type is not ColumnType.DATE]
    return _first(c.name for c in held if _says(c, place_words.PLACE) and (c.type is ColumnType.TEXT or c.is_whole))
