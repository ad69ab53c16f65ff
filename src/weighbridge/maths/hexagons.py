"""Points on a sphere to the hexagons of an icosahedron, many at once.

The grid is that of H3: each of the 20 faces is projected gnomonically and tiled with hexagons, each resolution with
seven times as many as the one before, turned by a little every second time. What lies in one hexagon of one face lies
in one cell, so that a name has to be looked up once per hexagon and not once per point.

References
----------
Uber Technologies 2018, H3: Uber's hexagonal hierarchical spatial index (the orientation of the icosahedron is taken
from its twelve pentagons, which the caller gives).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_UNIT = (3 - math.sqrt(5)) / 2  # distance between neighbours at resolution 0, as a tangent from the face's centre
_TURN = math.asin(math.sqrt(3 / 28))  # of every odd resolution against the even ones
_NEIGHBOURS_DEGREES = (63.0, 64.0)  # between adjacent corners of an icosahedron lie 63.43 degrees
_OFFSET, _BITS = 1 << 28, 29  # of a hexagon's number along one axis, made positive


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The twenty faces: centres and two directions in their planes, each of shape (20, 3)."""

    centre: Floats
    first: Floats
    second: Floats


def on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    """Degrees as unit vectors, shape (n, 3)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    flat = np.cos(lat)
    return np.stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)], axis=1)


def in_degrees(points: Floats) -> tuple[Floats, Floats]:
    """Unit vectors of shape (n, 3) as latitudes and longitudes."""
    lat = np.degrees(np.arcsin(np.clip(points[:, 2], -1, 1)))
    return lat, np.degrees(np.arctan2(points[:, 1], points[:, 0]))


def faces(corners: Floats) -> Faces:
    """The faces of an icosahedron with these twelve corners, unit vectors of shape (12, 3); in a fixed order."""
    angle = np.degrees(np.arccos(np.clip(corners @ corners.T, -1, 1)))
    near = (angle > _NEIGHBOURS_DEGREES[0]) & (angle < _NEIGHBOURS_DEGREES[1])
    threes = [t for t in itertools.combinations(range(len(corners)), 3) if near[t[0], t[1]] and near[t[1], t[2]]]
    threes = [t for t in threes if near[t[0], t[2]]]
    if len(threes) != 20:
        msg = f"{len(threes)} faces"
        raise ValueError(msg)
    centre = np.stack([corners[list(t)].sum(axis=0) for t in threes])
    centre /= np.linalg.norm(centre, axis=1, keepdims=True)
    towards = corners[[t[0] for t in threes]]
    first = towards - centre * (centre * towards).sum(axis=1, keepdims=True)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return Faces(centre, first, np.cross(centre, first))


def hexagons(on: Faces, points: Floats, resolution: int) -> Ints:
    """The hexagon that each point lies in, as a number, shape (n,).

    Parameters
    ----------
    points : unit vectors, shape (n, 3)
    resolution : at least 0
    """
    face = np.argmax(points @ on.centre.T, axis=1)
    depth = np.einsum("ij,ij->i", points, on.centre[face])
    scale = math.sqrt(7) ** resolution / _UNIT
    x = np.einsum("ij,ij->i", points, on.first[face]) / depth * scale
    y = np.einsum("ij,ij->i", points, on.second[face]) / depth * scale
    if resolution % 2:
        x, y = _turned(x, y, -_TURN)
    along = y * 2 / math.sqrt(3)
    q, r = _nearest(x - along / 2, along)
    made: Ints = (face.astype(np.int64) << 2 * _BITS) | ((q + _OFFSET) << _BITS) | (r + _OFFSET)
    return made


def centres(on: Faces, hexagon: Ints, resolution: int) -> Floats:
    """The middle of each hexagon as a unit vector, shape (n, 3)."""
    mask = (1 << _BITS) - 1
    face = hexagon >> 2 * _BITS
    q = ((hexagon >> _BITS) & mask) - _OFFSET
    r = (hexagon & mask) - _OFFSET
    x, y = np.asarray(q + r / 2, np.float64), np.asarray(r * (math.sqrt(3) / 2), np.float64)
    if resolution % 2:
        x, y = _turned(x, y, _TURN)
    scale = _UNIT / math.sqrt(7) ** resolution
    found = on.centre[face] + (x * scale)[:, None] * on.first[face] + (y * scale)[:, None] * on.second[face]
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float64)


def _turned(x: Floats, y: Floats, by: float) -> tuple[Floats, Floats]:
    cos, sin = math.cos(by), math.sin(by)
    return x * cos - y * sin, x * sin + y * cos


def _nearest(q: Floats, r: Floats) -> tuple[Ints, Ints]:
    """The nearest hexagon: round three coordinates that sum up to zero and mend the one that moved most."""
    s = -q - r
    whole = [np.rint(c) for c in (q, r, s)]
    moved = [np.abs(w - c) for w, c in zip(whole, (q, r, s), strict=True)]
    first = (moved[0] > moved[1]) & (moved[0] > moved[2])
    second = ~first & (moved[1] > moved[2])
    q = np.where(first, -whole[1] - whole[2], whole[0])
    r = np.where(second, -whole[0] - whole[2], whole[1])
    return q.astype(np.int64), r.astype(np.int64)
