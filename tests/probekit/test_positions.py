import numpy as np
import pyarrow as pa
import pytest

from weighbridge.probekit.positions import (
    SENTINELS,
    Fate,
    Form,
    Places,
    decimals_of,
    numbers_of,
    points_of,
    read,
)


@pytest.mark.parametrize(
    ("written", "form", "at"),
    [
        ("48.85,2.35", Form.TEXT, (48.85, 2.35)),
        ("(48.85, 2.35)", Form.TEXT, (48.85, 2.35)),
        ("48,85;2,35", Form.TEXT, (48.85, 2.35)),
        ("48,85 2,35", Form.TEXT, (48.85, 2.35)),
        ("48.85° S, 2.35° W", Form.TEXT, (-48.85, -2.35)),
        ("POINT (2.35 48.85)", Form.WKT, (48.85, 2.35)),
        ("SRID=4326;POINT Z(2.35 48.85 12)", Form.WKT, (48.85, 2.35)),
        ('{"type": "Point", "coordinates": [2.35, 48.85]}', Form.GEOJSON, (48.85, 2.35)),
        ("u09tvw0", Form.GEOHASH, (48.856, 2.352)),
    ],
)
def test_a_position_is_read_as_it_is_written(written: str, form: Form, at: tuple[float, float]) -> None:
    lat, lon, _ = points_of(pa.array([written, None, "nowhere at all"]), form)
    assert (lat[0], lon[0]) == pytest.approx(at, abs=2e-3 if form is Form.GEOHASH else 1e-9)
    assert np.isnan(lat[1:]).all()


@pytest.mark.parametrize("written", ["8928308280fffff", "617700169958293503"])
def test_a_cell_is_known_by_its_form(written: str) -> None:
    assert not np.isnan(points_of(pa.array([written]), Form.H3)[0]).any()
    assert np.isnan(points_of(pa.array(["8928308280"]), Form.H3)[0]).all()


def test_east_written_with_o_is_not_guessed() -> None:
    """O is east in German and west in Spanish."""
    assert np.isnan(points_of(pa.array(["48.85° N, 2.35° O"]), Form.TEXT)[0]).all()


def test_numbers_may_have_a_decimal_comma() -> None:
    told = numbers_of(pa.array(["43,8430", "-1.5", " 7° ", "1,234,567", "x", None, "inf"]))
    assert told[:3].tolist() == [43.843, -1.5, 7.0]
    assert np.isnan(told[3:]).all()


def test_what_is_no_place_is_counted_by_why() -> None:
    batch = pa.record_batch({
        "lat": [43.5, None, 95.0, 0.0, -1.0, 10.0, 0.0],
        "lon": [10.0, 10.0, 10.0, 0.0, -1.0, 190.0, 20.0],
    })  # fmt: skip
    made = read(batch, Places(columns=("lat", "lon"), form=Form.PAIR))
    expected = [Fate.READ, Fate.MISSING, Fate.OUT_OF_RANGE, Fate.SENTINEL, Fate.SENTINEL, Fate.OUT_OF_RANGE, Fate.READ]
    assert made.fate.tolist() == [int(f) for f in expected]
    assert np.isnan(made.latitude).tolist() == [f is not Fate.READ for f in expected]
    assert (0.0, 0.0) in SENTINELS


def test_text_that_says_nothing_is_missing_and_text_that_cannot_be_read_is_not() -> None:
    batch = pa.record_batch({"lat": ["43,5", " ", "unknown"], "lon": ["10", "11", "12"]})
    made = read(batch, Places(columns=("lat", "lon"), form=Form.PAIR))
    assert made.fate.tolist() == [Fate.READ, Fate.MISSING, Fate.UNREADABLE]


def test_whole_numbers_of_a_phone_are_scaled() -> None:
    batch = pa.record_batch({"latE7": [438430139], "lonE7": [105079940]})
    made = read(batch, Places(columns=("latE7", "lonE7"), form=Form.PAIR, scale=1e7))
    assert (made.latitude[0], made.longitude[0]) == pytest.approx((43.8430139, 10.507994))


def test_decimals_are_those_that_a_number_needs() -> None:
    told = decimals_of([43.5, 43.50, 0.1 + 0.2, 43.0, 43.8430139, 10.123456789, float("nan"), -7.25])
    assert told.tolist() == [1, 1, 1, 0, 7, 7, -1, 2]


def test_a_number_of_32_bits_has_the_decimals_that_32_bits_can_tell() -> None:
    rounded = np.round(np.linspace(40, 50, 500), 3).astype(np.float32).astype(np.float64)
    assert (decimals_of(rounded) <= 3).all()
