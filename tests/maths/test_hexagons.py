import numpy as np
import pytest

from weighbridge.maths.hexagons import centres, faces, hexagons, in_degrees, on_sphere

h3 = pytest.importorskip("h3.api.numpy_int")
CORNERS = np.array([h3.cell_to_latlng(cell) for cell in h3.get_pentagons(0)])
FACES = faces(on_sphere(CORNERS[:, 0], CORNERS[:, 1]))


def test_degrees_and_vectors_are_the_same_points() -> None:
    lat, lon = np.array([0.0, 89.9, -45.0, 10.0]), np.array([0.0, 12.0, -179.5, 100.0])
    there = in_degrees(on_sphere(lat, lon))
    assert np.allclose(there[0], lat)
    assert np.allclose(there[1], lon)


@pytest.mark.parametrize("resolution", [0, 1, 4, 7, 8, 9, 12])
def test_the_hexagon_of_a_point_names_the_cell_that_h3_gives_it(resolution: int) -> None:
    rng = np.random.default_rng(resolution)
    lat, lon = np.degrees(np.arcsin(rng.uniform(-1, 1, 4000))), rng.uniform(-180, 180, 4000)
    near = rng.integers(0, len(CORNERS), 500)  # around the corners, where five cells meet and not six
    lat, lon = (
        np.r_[lat, CORNERS[near, 0] + rng.normal(0, 0.5, 500)],
        np.r_[lon, CORNERS[near, 1] + rng.normal(0, 0.5, 500)],
    )
    number = hexagons(FACES, on_sphere(lat, lon), resolution)
    different, place = np.unique(number, return_inverse=True)
    mid = in_degrees(centres(FACES, different, resolution))
    ours = np.array([h3.latlng_to_cell(a, b, resolution) for a, b in zip(*mid, strict=True)])[place]
    theirs = np.array([h3.latlng_to_cell(a, b, resolution) for a, b in zip(lat.tolist(), lon.tolist(), strict=True)])
    assert (ours == theirs).all()


def test_corners_that_are_no_icosahedron_are_refused() -> None:
    with pytest.raises(ValueError, match="faces"):
        faces(on_sphere(np.linspace(-80, 80, 12), np.linspace(-170, 170, 12)))
