"""How exactly positions are known, in metres: from the digits that are there, not from those that are written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from weighbridge.maths.hexagons import on_sphere
from weighbridge.maths.lonely import EARTH_M
from weighbridge.probes.hot_spots.footprints import DECIMALS, PLACES_KEPT, Arrays

Floats = npt.NDArray[np.float64]

DEGREE_M = np.pi * EARTH_M / 180  # of latitude
_ENOUGH_ROWS = 0.01  # the finest digits that one row in a hundred has are there for people to be found by; ours
_ENOUGH_PLACES = 20  # different positions that show a grid; ours
_GRID = 0.5  # of so many positions, at most this share of different latitudes: rows of a grid; ours
_ROUNDED = 2e-6  # degrees that values may be off a grid, having been rounded to six decimals; ours
_LEAST_STEP = 2e-5  # degrees, 2 m: below, the last digits are no grid; ours
_WIDER = 1.5  # a step this much wider than the last digit is a grid's; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """The steps in which positions are given, in metres, and why."""

    latitude_m: float
    longitude_m: float
    decimals: int
    is_grid: bool = False  # the step is that of a grid, coarser than the digits
    is_shared: bool = False  # the positions are those of places that several people share


def precision(state: Arrays, n_persons: float, few: int) -> Precision:
    """The precision of what a scan saw; at least one position was read."""
    counts = state["decimals"].astype(np.float64)
    at_least = np.cumsum(counts[::-1])[::-1] / counts.sum()
    decimals = int(np.flatnonzero(at_least >= _ENOUGH_ROWS)[-1])
    tilt = float(state["leaning"][0]) / 1e6 / counts.sum()
    step = 10.0**-decimals
    if n_persons and n_places(state) * few <= n_persons and len(state["place"]) > 1:
        apart = spacing_m(state)
        return Precision(latitude_m=apart, longitude_m=apart, decimals=decimals, is_shared=True)
    north, east = (_grid_step(state[name]) for name in ("place_lat", "place_lon"))
    is_grid = north > _WIDER * step and east > _WIDER * step
    north, east = (north, east) if is_grid else (step, step)
    return Precision(
        latitude_m=north * DEGREE_M, longitude_m=east * DEGREE_M * tilt, decimals=decimals, is_grid=is_grid
    )


def shares(state: Arrays) -> Floats:
    """Share of positions with at least 1, 2, ... decimals in both numbers, shape (7,)."""
    counts = state["decimals"].astype(np.float64)
    return np.asarray(np.cumsum(counts[::-1])[::-1][1:DECIMALS] / counts.sum(), dtype=np.float64)


def n_places(state: Arrays) -> float:
    """How many different positions there are; beyond the sample, as its hashes tell."""
    kept = state["place"]
    if len(kept) < PLACES_KEPT:
        return float(len(kept))
    return (PLACES_KEPT - 1) / (float(kept[-1]) / 2.0**64)


def spacing_m(state: Arrays) -> float:
    """Metres from a position to the next different one, the median; of a grid, its step."""
    north, east = (_grid_step(state[name]) for name in ("place_lat", "place_lon"))
    if north and east:
        tilt = np.cos(np.radians(np.abs(state["place_lat"]).mean()))
        return float(np.sqrt(north * east * tilt) * DEGREE_M)
    points = on_sphere(state["place_lat"], state["place_lon"])
    if len(points) < 2:
        return 1.0
    apart, _ = cKDTree(points).query(points, k=2)
    return float(np.median(apart[:, 1])) * EARTH_M * float(np.sqrt(len(points) / n_places(state)))


def _grid_step(values: Floats) -> float:
    """The step of which all differences between values are multiples, in degrees; 0 where there is no such.

    It is first taken for the smallest gap, and made exact over longer and longer stretches: values are rounded.
    """
    different = np.unique(np.round(values, 7))
    if len(values) < _ENOUGH_PLACES or len(different) < 3 or len(different) > _GRID * len(values):
        return 0.0
    along = different - different[0]
    step = float(np.diff(different).min())
    if step < _LEAST_STEP:
        return 0.0
    reach = 8 * step
    while reach < 4 * along[-1]:
        near = along[(along > 0) & (along <= reach)]
        if len(near):
            whole = np.rint(near / step)
            step = float((near * whole).sum() / (whole * whole).sum())
        reach *= 2
    off = np.abs(along - np.rint(along / step) * step)
    return step if bool((off <= _ROUNDED).mean() > 1 - _ENOUGH_ROWS) else 0.0
