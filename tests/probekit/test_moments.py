import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.probekit.moments import form_of, read

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def seconds(*values: str) -> list[int]:
    return [int((dt.datetime.fromisoformat(v).replace(tzinfo=dt.UTC) - EPOCH).total_seconds()) for v in values]


@pytest.mark.parametrize(
    ("given", "form"),
    [
        (["2011-02-03 08:34:04", "1890-01-01T00:00:00"], ""),
        (["03/02/2011 08:34:04", "01/01/1890 00:00:00"], "%d/%m/%Y %H:%M:%S"),
        (["03.02.2011 08:34:04", "01.01.1890 00:00:00"], "%d.%m.%Y %H:%M:%S"),
        (["20110203083404", "18900101000000"], "%Y%m%d%H%M%S"),
    ],
)
def test_text_is_read_in_the_form_it_is_written_in(given: list[str], form: str) -> None:
    values = pa.array([*given, None])
    assert form_of(values) == form
    made = read(values, form)
    assert made.seconds.tolist() == [*seconds("2011-02-03T08:34:04", "1890-01-01"), 0]
    assert made.known.tolist() == [True, True, False]


def test_american_dates_are_told_by_a_day_beyond_twelve() -> None:
    assert form_of(pa.array(["02/28/2011 08:34", "02/03/2011 08:34", "12/31/2011 09:00"])) == "%m/%d/%Y %H:%M"


def test_mixed_zones_become_one_clock_and_what_has_none_is_said_to() -> None:
    made = read(pa.array(["2020-01-01T10:00:00+02:00", "2020-01-01T08:00:00Z", "2020-01-01T08:00:00", "soon"]))
    assert made.seconds.tolist() == [*seconds("2020-01-01T08:00:00") * 3, 0]
    assert made.zoned.tolist() == [True, True, False, False]
    assert made.known.tolist() == [True, True, True, False]


@pytest.mark.parametrize("unit", [1, 1000, 10**6, 10**9])
def test_numbers_count_from_1970_in_the_unit_their_size_says(unit: int) -> None:
    at = seconds("2011-02-03T08:34:04")[0]
    made = read(pa.array([at * unit, 17, None]))
    assert made.seconds.tolist() == [at, 0, 0]
    assert made.known.tolist() == [True, False, False]


def test_dates_and_moments_of_before_1900_stay_in_order() -> None:
    days = read(pa.array([dt.date(1890, 5, 1), dt.date(2020, 5, 1)]))
    assert days.seconds.tolist() == seconds("1890-05-01", "2020-05-01")
    moments = read(pa.array([dt.datetime(1890, 5, 1, 12, tzinfo=dt.UTC), None], pa.timestamp("us", "UTC")))
    assert moments.seconds.tolist() == [*seconds("1890-05-01T12:00:00"), 0]
    assert moments.zoned.tolist() == [True, False]


def test_what_is_no_time_is_known_to_be_none() -> None:
    assert form_of(pa.array(["red", "blue"])) is None
    assert form_of(pa.array([None], pa.string())) is None
    assert not read(pa.array([True, False])).known.any()
    assert not np.any(read(pa.array(["x"])).known)
