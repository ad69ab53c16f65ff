"""Positions as tables hold them, read into degrees: what cannot be read or is no place is counted, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Floats

Codes = npt.NDArray[np.int8]

MOST_DECIMALS = 7  # a hundredth of a metre; beyond is the noise of arithmetic. Ours
_NUMBER = r"([-+]?\d{1,3}(?:[.,]\d+)?)"
_TEXT = re.compile(rf"\s*[(\[]?\s*{_NUMBER}°?\s*([NSns]?)\s*(?:[;/\s]|,\s*)\s*{_NUMBER}°?\s*([EWew]?)\s*[)\]]?\s*")
_PLAIN = re.compile(r"\s*[(\[]?\s*([-+]?\d{1,3}(?:\.\d+)?)\s*,\s*([-+]?\d{1,3}(?:\.\d+)?)\s*[)\]]?\s*")
_WKT = re.compile(r"\s*(?:SRID=4326;)?\s*POINT\s*Z?M?\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)[^)]*\)\s*", re.IGNORECASE)
_GEOJSON = re.compile(r'\{.*"coordinates"\s*:\s*\[\s*([-+\d.eE]+)\s*,\s*([-+\d.eE]+).*\}', re.DOTALL)
_H3 = re.compile(r"8[0-9a-f]{14}|[56]\d{17}", re.IGNORECASE)  # hexadecimal, or the same as a number
_GEOHASH = re.compile(r"[0-9bcdefghjkmnpqrstuvwxyz]{3,12}", re.IGNORECASE)
_BASE32 = {c: n for n, c in enumerate("0123456789bcdefghjkmnpqrstuvwxyz")}


class Form(StrEnum):
    """How a position is written."""

    PAIR = "latitude and longitude"
    TEXT = "text with both"
    WKT = "WKT"
    GEOJSON = "GeoJSON"
    H3 = "H3 cell"
    GEOHASH = "geohash"

    @property
    def is_cell(self) -> bool:
        """Whether it names an area and not a point."""
        return self in (Form.H3, Form.GEOHASH)


class Fate(IntEnum):
    """What became of a row's position."""

    READ = 0
    MISSING = 1
    UNREADABLE = 2
    OUT_OF_RANGE = 3
    SENTINEL = 4


SENTINELS = ((0.0, 0.0), (-1.0, -1.0), (1.0, 1.0), (90.0, 180.0), (-90.0, -180.0), (90.0, 0.0), (-90.0, 0.0))
"""Points that stand for "no position": null island and its kin. Nobody is missed by leaving them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Columns that hold one position for each row, latitude first."""

    columns: tuple[str, ...]
    form: Form
    scale: float = 1.0  # what a number is divided by to be degrees
    is_swapped: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the form alone says that it is a position."""
        return self.form in (Form.WKT, Form.GEOJSON, Form.H3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Positions:
    """Positions of a batch; all arrays have one length. Degrees are NaN where `fate` is not READ."""

    latitude: Floats
    longitude: Floats
    fate: Codes
    texts: tuple[pa.Array, ...]  # of one form: what was written, for its digits
    names: tuple[str, ...] = ()  # of cells: H3 ids as written


def read(batch: pa.RecordBatch, places: Places) -> Positions:
    """The positions of a batch in canonical types (see `probekit.folds.canonical`)."""
    given = [batch.column(batch.schema.get_field_index(name)) for name in places.columns]
    missing = np.zeros(batch.num_rows, dtype=np.bool_)
    for column in given:
        missing |= _is_missing(column)
    if places.form is Form.PAIR:
        lat, lon = (numbers_of(column) / places.scale for column in given)
    else:
        lat, lon, _ = points_of(given[0], places.form)
        if places.is_swapped:
            lat, lon = lon, lat
    return Positions(latitude=lat, longitude=lon, fate=_fates(lat, lon, missing), texts=tuple(given))


def _fates(lat: Floats, lon: Floats, missing: npt.NDArray[np.bool_]) -> Codes:
    fate = np.zeros(len(lat), dtype=np.int8)
    known = ~(np.isnan(lat) | np.isnan(lon))
    fate[~known] = Fate.UNREADABLE
    fate[known & ((np.abs(lat) > 90) | (np.abs(lon) > 180))] = Fate.OUT_OF_RANGE
    for at in SENTINELS:
        fate[known & (lat == at[0]) & (lon == at[1])] = Fate.SENTINEL
    fate[missing] = Fate.MISSING
    lat[fate != Fate.READ] = np.nan
    lon[fate != Fate.READ] = np.nan
    return fate


def _is_missing(column: pa.Array) -> npt.NDArray[np.bool_]:
    missing = np.asarray(column.is_null())
    if pa.types.is_string(column.type):
        missing = missing | np.asarray(pc.equal(pc.utf8_trim_whitespace(column), "").fill_null(fill_value=False))
    return missing


def numbers_of(values: pa.Array) -> Floats:
    """Numbers, also written in text with a decimal comma; NaN where it is none."""
    if pa.types.is_string(values.type):
        coded = values.dictionary_encode()
        of_entry = np.array([_number(v) for v in coded.dictionary.to_pylist()] or [np.nan])
        place = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
        return np.where(place < 0, np.nan, of_entry[place])
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        return np.full(len(values), np.nan)
    return np.array(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(value: str) -> float:
    plain = value.strip().rstrip("°")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    try:
        made = float(plain)
    except ValueError:
        return float("nan")
    return made if np.isfinite(made) else float("nan")


def points_of(values: pa.Array, form: Form) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude and the size in degrees of latitude of what is named (0 for a point); NaN where unread."""
    if form is Form.H3 and pa.types.is_integer(values.type):
        values = values.cast(pa.string())
    if not pa.types.is_string(values.type):
        none = np.full(len(values), np.nan)
        return none, none.copy(), none.copy()
    coded = values.dictionary_encode()
    read_one = _READERS[form]
    told = [read_one(value) for value in coded.dictionary.to_pylist()] or [_NOTHING]
    of_entry = np.array(told, dtype=np.float64)
    place = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    found = np.where((place < 0)[:, None], np.nan, of_entry[place])
    return found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy()


_NOTHING = (float("nan"),) * 3
_Point = tuple[float, float, float]


def _from_text(value: str) -> _Point:
    found = _PLAIN.fullmatch(value)
    if found:
        return float(found[1]), float(found[2]), 0.0
    found = _TEXT.fullmatch(value)
    if not found:
        return _NOTHING
    north = float(found[1].replace(",", ".")) * (-1 if found[2].upper() == "S" else 1)
    east = float(found[3].replace(",", ".")) * (-1 if found[4].upper() == "W" else 1)
    return north, east, 0.0


def _east_first(pattern: re.Pattern[str], value: str) -> _Point:
    found = pattern.fullmatch(value.strip())
    try:
        return (float(found[2]), float(found[1]), 0.0) if found else _NOTHING
    except ValueError:
        return _NOTHING


def _from_wkt(value: str) -> _Point:
    return _east_first(_WKT, value)


def _from_geojson(value: str) -> _Point:
    return _east_first(_GEOJSON, value)


def _from_h3(value: str) -> _Point:
    """A mark that it is one; where it lies, the H3 library says."""
    return (0.5, 0.5, 0.0) if _H3.fullmatch(value.strip()) else _NOTHING


def _from_geohash(value: str) -> _Point:
    text = value.strip().lower()
    if not _GEOHASH.fullmatch(text):
        return _NOTHING
    ends = [[-180.0, 180.0], [-90.0, 90.0]]
    which = 0
    for letter in text:
        for bit in range(4, -1, -1):
            middle = sum(ends[which]) / 2
            ends[which][0 if _BASE32[letter] >> bit & 1 else 1] = middle
            which ^= 1
    return sum(ends[1]) / 2, sum(ends[0]) / 2, ends[1][1] - ends[1][0]


_READERS = {
    Form.TEXT: _from_text, Form.WKT: _from_wkt, Form.GEOJSON: _from_geojson, Form.H3: _from_h3,
    Form.GEOHASH: _from_geohash,
}  # fmt: skip


def decimals_of(degrees: Sequence[float] | Floats) -> Codes:
    """How many decimals each number needs, trailing zeros and the noise of arithmetic apart; -1 for NaN.

    Numbers that a 32-bit float holds exactly are written as shortly as 32 bits allow: that is all they can tell.
    """
    values = np.asarray(degrees, dtype=np.float64)
    known = ~np.isnan(values)
    single = np.zeros(len(values), dtype=np.bool_)
    single[known] = values[known].astype(np.float32).astype(np.float64) == values[known]
    needs = np.full(len(values), -1, dtype=np.int8)
    for d in range(MOST_DECIMALS, -1, -1):
        scaled = values * 10.0**d
        near = np.abs(scaled - np.rint(scaled)) <= np.where(single, np.abs(scaled) * 2.0**-24, 1e-9 * 10.0**d) + 1e-12
        needs[known & near] = d
    needs[known & (needs < 0)] = MOST_DECIMALS
    return needs
