import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.maths.squares import DEGREE_M, middles, squares

LATITUDE, LONGITUDE = st.floats(-89.5, 89.5), st.floats(-180, 180)


@given(LATITUDE, LONGITUDE, st.sampled_from([100.0, 1000.0, 10_000.0]))
def test_a_square_holds_its_point_and_is_as_wide_as_it_is_high(lat: float, lon: float, side: float) -> None:
    row, column = squares(np.array([lat]), np.array([lon]), side)
    mid_lat, mid_lon = middles(row, column, side)
    assert abs(mid_lat[0] - lat) * DEGREE_M <= side / 2 + 1e-6
    assert abs(mid_lon[0] - lon) * DEGREE_M * np.cos(np.radians(mid_lat[0])) <= side / 2 + 1e-6
    assert squares(mid_lat, mid_lon, side) == (row, column)


def test_neighbours_over_zero_are_different() -> None:
    row, column = squares(np.array([0.0001, -0.0001]), np.array([0.0001, -0.0001]), 100.0)
    assert row.tolist() == [0, -1]
    assert column.tolist() == [0, -1]
