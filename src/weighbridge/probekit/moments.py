"""When something was, as seconds: from dates, numbers since 1970, and text in the forms that people write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY_S = 86_400
FORMATS = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S",
    "%a %b %d %H:%M:%S %Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d",
)  # fmt: skip
"""Tried in this order. Where day and month cannot be told apart the first is taken: it moves days, and parts none."""

_MOST = 0.8  # of a sample must be read by a form; ours
_EPOCHS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (1e8, 1.0))  # from this size on a number counts so many to the second


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Seconds since 1970, 0 where `known` is false; in UTC where `zoned`, else as the clock on the wall showed."""

    seconds: Ints
    known: Bools
    zoned: Bools


def form_of(values: pa.Array) -> str | None:
    """The form in which most of a sample of text is written: "" for ISO 8601; None for none that is known."""
    present = values.drop_null()
    if not len(present):
        return None
    for form in ("", *FORMATS):
        if read(present, form).known.mean() >= _MOST:
            return form
    return None


def read(values: pa.Array, form: str = "") -> Moments:
    """The moments of a column in canonical types (see `probekit.folds.canonical`)."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        return _made(pc.floor(pc.divide(values.cast(pa.int64()).cast(pa.float64()), 1e6)), zoned=bool(kind.tz))
    if pa.types.is_date(kind):
        days = values.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        return _made(pc.multiply(days, DAY_S), zoned=False)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _of_numbers(values)
    if pa.types.is_string(kind):
        return _of_text(values) if not form else _of_form(values, form)
    none = np.zeros(len(values), np.bool_)
    return Moments(seconds=np.zeros(len(values), np.int64), known=none, zoned=none)


def _made(seconds: pa.Array, *, zoned: bool) -> Moments:
    known = ~np.asarray(pc.is_null(seconds))
    told = np.asarray(pc.fill_null(seconds, 0)).astype(np.int64)
    return Moments(seconds=told, known=known, zoned=known & zoned)


def _of_numbers(values: pa.Array) -> Moments:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970 by the size of each; smaller ones are no moment."""
    told = np.array(pc.fill_null(values.cast(pa.float64(), safe=False), 0.0), dtype=np.float64)
    seconds, known = np.zeros(len(told)), np.zeros(len(told), np.bool_)
    for least, each in _EPOCHS:
        here = ~known & (np.abs(told) >= least) & (np.abs(told) < 1e20)
        seconds[here], known[here] = np.floor(told[here] / each), True
    return Moments(seconds=seconds.astype(np.int64), known=known, zoned=known.copy())


def _of_form(values: pa.Array, form: str) -> Moments:
    read_all = pc.strptime(pc.utf8_trim_whitespace(values), format=form, unit="s", error_is_null=True)
    return _made(read_all.cast(pa.int64()), zoned=False)


def _of_text(values: pa.Array) -> Moments:
    coded = values.dictionary_encode()
    told = [_iso(value) for value in coded.dictionary.to_pylist()] or [(0, False, False)]
    of_entry = np.array(told, dtype=np.int64)
    place = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    found = np.where((place < 0)[:, None], 0, of_entry[place])
    return Moments(seconds=found[:, 0].copy(), known=found[:, 1] > 0, zoned=found[:, 2] > 0)


def _iso(value: str) -> tuple[int, bool, bool]:
    try:
        moment = dt.datetime.fromisoformat(value.strip())
        zoned = moment.tzinfo is not None
        moment = moment if zoned else moment.replace(tzinfo=dt.UTC)
        since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return 0, False, False
    return since.days * DAY_S + since.seconds, True, zoned
