"""The cells of H3, many at once."""

from __future__ import annotations

import itertools
from functools import lru_cache
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.maths.hexagons import Faces, centres, faces, hexagons, in_degrees, on_sphere

Cells = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_RESOLUTION_AT, _DIGITS, _MODE_AT = 52, 15, 59  # bits of an H3 index
_RESOLUTION = np.uint64(0xF << _RESOLUTION_AT)


def library() -> ModuleType:
    """H3 with cells as numbers; leaves through `Silent` where it is not installed."""
    try:
        import h3.api.numpy_int as h3
    except ImportError:
        not_measured(
            phrase("cells of a map need the package h3, which is not installed"),
            phrase("pip install 'weighbridge[geo]'"),
        )
    return h3  # type: ignore[no-any-return]  # untyped


@lru_cache(maxsize=1)
def _faces() -> Faces:
    h3 = library()
    corners = np.array([h3.cell_to_latlng(int(cell)) for cell in sorted(h3.get_pentagons(0))])
    return faces(on_sphere(corners[:, 0], corners[:, 1]))


def cells_of(latitude: Floats, longitude: Floats, resolution: int) -> Cells:
    """The H3 cell of each point, shape (n,): that of the middle of the hexagon it lies in, named once per hexagon.

    Names are kept from one call to the next: a scan comes by the same places over and over.
    """
    number = hexagons(_faces(), on_sphere(latitude, longitude), resolution)
    coded = pa.array(number).dictionary_encode()  # by a hash: sorting would cost more than all the rest
    named = _named(coded.dictionary.to_numpy(), resolution)
    return np.asarray(named[coded.indices.to_numpy()], dtype=np.uint64)


_NAMES: dict[int, tuple[Ints, Cells]] = {}  # hexagons in order with their cells, by resolution
_MOST_NAMES = 1 << 20  # 16 MiB for each resolution; ours


def _named(different: Ints, resolution: int) -> Cells:
    known, cells = _NAMES.get(resolution, (np.zeros(0, np.int64), np.zeros(0, np.uint64)))
    at = np.searchsorted(known, different)
    at[at == len(known)] = 0
    there = known[at] == different if len(known) else np.zeros(len(different), np.bool_)
    made = np.zeros(len(different), np.uint64)
    made[there] = cells[at[there]]
    new = different[~there]
    lat, lon = in_degrees(centres(_faces(), new, resolution))
    named = map(library().latlng_to_cell, lat.tolist(), lon.tolist(), itertools.repeat(resolution))
    made[~there] = np.fromiter(named, np.uint64, len(new))
    if len(new) and len(known) + len(new) <= _MOST_NAMES:
        order = np.argsort(new)
        place = np.searchsorted(known, new[order])
        _NAMES[resolution] = (np.insert(known, place, new[order]), np.insert(cells, place, made[~there][order]))
    return made


def resolution_of(cells: Cells) -> Ints:
    """The resolution of each cell; -1 for a number that is no cell of H3."""
    h3 = library()
    valid = np.fromiter((bool(h3.is_valid_cell(cell)) for cell in cells.tolist()), np.bool_, len(cells))
    return np.where(valid, ((cells & _RESOLUTION) >> np.uint64(_RESOLUTION_AT)).astype(np.int64), -1)


def parents(cells: Cells, resolution: int) -> Cells:
    """The cells of a coarser resolution that these descend from; of the seven around its middle, each has one."""
    finer = np.uint64((1 << 3 * (_DIGITS - resolution)) - 1)
    return (cells & ~_RESOLUTION) | np.uint64(resolution << _RESOLUTION_AT) | finer


def middles(cells: Cells) -> Floats:
    """The middle of each cell as a unit vector, shape (n, 3)."""
    h3 = library()
    found = np.array([h3.cell_to_latlng(cell) for cell in cells.tolist()]).reshape(-1, 2)
    return on_sphere(found[:, 0], found[:, 1])


def spacing_m(resolution: int) -> float:
    """Metres between the middles of neighbours, on average."""
    return float(library().average_hexagon_edge_length(resolution, unit="m")) * 3**0.5
