"""Points on a sphere to squares of about one size, in rows along the parallels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DEGREE_M = 111_195.0  # of latitude, on a sphere of the Earth's mean radius; IUGG 1980


def squares(latitude: Floats, longitude: Floats, side_m: float) -> tuple[Ints, Ints]:
    """Row and number in the row of each point's square; its sides are `side_m` along the middle of its row."""
    row = np.floor(latitude * (DEGREE_M / side_m)).astype(np.int64)
    return row, np.floor(longitude * _per_degree(row, side_m)).astype(np.int64)


def middles(row: Ints, column: Ints, side_m: float) -> tuple[Floats, Floats]:
    """The middle of each square, in degrees."""
    latitude = np.asarray((row + 0.5) * (side_m / DEGREE_M), dtype=np.float64)
    return latitude, np.asarray((column + 0.5) / _per_degree(row, side_m), dtype=np.float64)


def _per_degree(row: Ints, side_m: float) -> Floats:
    tilt = np.cos(np.radians(np.clip((row + 0.5) * (side_m / DEGREE_M), -90, 90)))
    return np.asarray(np.maximum(tilt, 1e-9) * (DEGREE_M / side_m), dtype=np.float64)
