from typing import Any

import numpy as np
import pytest

from weighbridge.core.candidate import Declared
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.places import Unread, companions, locate, place_column
from weighbridge.probekit.positions import Form

N = 60
RNG = np.random.default_rng(0)
LAT, LON = RNG.uniform(40, 50, N).round(5).tolist(), RNG.uniform(100, 120, N).round(5).tolist()


@pytest.mark.parametrize(
    "names",
    [
        ("lat", "lon"), ("Latitude", "Longitude"), ("breitengrad", "längengrad"), ("latitud", "longitud"),
        ("enlem", "boylam"), ("lintang", "bujur"), ("широта", "долгота"), ("纬度", "经度"), ("العرض", "الطول"),
        ("szerokość", "długość"), ("y", "x"), ("home_lat", "home_lng"), ("start.latitude", "start.longitude"),
    ],
)  # fmt: skip
def test_a_pair_is_found_by_its_names(names: tuple[str, str]) -> None:
    (found,) = locate(MemoryTable({names[1]: LON, names[0]: LAT, "other": LAT})).places
    assert (found.columns, found.form, found.is_swapped) == (names, Form.PAIR, False)


def test_pairs_go_together_by_the_rest_of_their_names() -> None:
    table = MemoryTable({"pickup_lat": LAT, "dropoff_lat": LAT, "dropoff_lon": LON, "pickup_lon": LON})
    assert {p.columns for p in locate(table).places} == {("pickup_lat", "pickup_lon"), ("dropoff_lat", "dropoff_lon")}
    numbered = MemoryTable({"lat1": LAT, "lon1": LON, "lat2": LAT, "lon2": LON})
    assert {p.columns for p in locate(numbered).places} == {("lat1", "lon1"), ("lat2", "lon2")}


def test_swapped_columns_are_read_the_other_way_round() -> None:
    (found,) = locate(MemoryTable({"lat": LON, "lon": LAT})).places
    assert (found.columns, found.is_swapped) == (("lon", "lat"), True)
    text = [f"{b},{a}" for a, b in zip(LAT, LON, strict=True)]
    (single,) = locate(MemoryTable({"gps": text})).places
    assert single.is_swapped


@pytest.mark.parametrize(
    ("name", "write", "form"),
    [
        ("gps", "{a},{b}", Form.TEXT),
        ("anything", "POINT({b} {a})", Form.WKT),
        ("anything", '{{"type":"Point","coordinates":[{b},{a}]}}', Form.GEOJSON),
    ],
)
def test_one_column_may_hold_both(name: str, write: str, form: Form) -> None:
    values = [write.format(a=a, b=b) for a, b in zip(LAT, LON, strict=True)]
    (found,) = locate(MemoryTable({name: values})).places
    assert (found.columns, found.form) == ((name,), form)


def test_cells_are_found_where_they_are_named_or_cannot_be_else() -> None:
    assert locate(MemoryTable({"c": ["8928308280fffff"] * 9})).places[0].form is Form.H3
    hashes = ["u09tvw0", "u09tvw1", "u09tvw2"]
    assert locate(MemoryTable({"geohash": hashes})).places[0].form is Form.GEOHASH
    assert locate(MemoryTable({"word": hashes})).places == ()


@pytest.mark.parametrize(
    "columns",
    [
        {"lat": ["high", "low"] * 30, "lon": ["a", "b"] * 30},
        {"long": [3000, 5000] * 30, "short": [1, 2] * 30},
        {"x": LAT},
        {"price": LAT, "size": LON},
        {"note": ["12, 13 and so on"] * 60},
        {"pair": ["1,2"] * 60},
        {"lat": [None] * 60, "lon": [None] * 60},
    ],
)
def test_what_only_looks_like_a_place_is_none(columns: dict[str, Any]) -> None:
    assert locate(MemoryTable(columns)).places == ()


def test_metres_are_refused_by_name() -> None:
    found = locate(MemoryTable({"x": [500_000.5 + n for n in range(N)], "y": [4_800_000.25 + n for n in range(N)]}))
    assert found.places == ()
    assert found.refused == (("y + x", Unread.METRES),)


def test_eastings_and_northings_are_metres_too() -> None:
    found = locate(
        MemoryTable({"easting": [500_000 + n for n in range(N)], "northing": [5_700_000 + n for n in range(N)]})
    )
    assert (found.places, found.refused) == ((), (("northing + easting", Unread.METRES),))


def test_whole_degrees_of_a_phone_are_found() -> None:
    columns = {"latitudeE7": [int(a * 1e7) for a in LAT], "longitudeE7": [int(b * 1e7) for b in LON]}
    (found,) = locate(MemoryTable(columns)).places
    assert found.scale == 1e7


def test_named_columns_are_taken_and_nothing_else() -> None:
    table = MemoryTable({"lat": LAT, "lon": LON, "a": LAT, "b": LON})
    assert [p.columns for p in locate(table, ("a", "b")).places] == [("a", "b")]
    assert locate(table, ("a", "missing")).refused == (("missing", Unread.OTHER),)


def test_who_when_and_how_many_stand_beside() -> None:
    times = ["2020-01-01T00:00:00"] * N
    found = companions(MemoryTable({"lat": LAT, "lon": LON, "device_id": ["a"] * N, "ts": times}), ("lat", "lon"))
    assert (found.person, found.time, found.count, found.speaks_of_people) == ("device_id", "ts", "", True)
    counts = companions(MemoryTable({"lat": LAT, "lon": LON, "athletes": [5] * N}), ("lat", "lon"))
    assert (counts.person, counts.count, counts.counts_people) == ("", "athletes", True)
    plain = companions(MemoryTable({"lat": LAT, "lon": LON, "count": [5] * N}), ("lat", "lon"))
    assert (plain.count, plain.counts_people, plain.speaks_of_people) == ("count", False, False)
    assert companions(MemoryTable({"lat": LAT, "lon": LON, "depth": LAT}), ("lat", "lon")).person == ""
    declared = MemoryTable({"lat": LAT, "lon": LON, "who": ["a"] * N}, declared=Declared(person="who"))
    assert companions(declared, ("lat", "lon")).person == "who"


def test_a_place_may_only_be_named() -> None:
    table = MemoryTable({"user": [1, 2], "antenna": ["a", "b"], "t": [1, 2]})
    assert place_column(table, ("user", "t")) == "antenna"
    assert place_column(MemoryTable({"user": [1, 2], "colour": ["a", "b"]}), ("user",)) == ""


def test_codes_for_unknown_beyond_the_poles_do_not_swap_columns() -> None:
    (found,) = locate(
        MemoryTable({"lat": [48.5 + n / 1000 for n in range(50)] + [99.0] * 10, "lon": [2.5] * 60})
    ).places
    assert (found.columns, found.is_swapped) == (("lat", "lon"), False)
