"""What one scan remembers of where people were: who was in which cell, in bounded memory.

The memory is bounded twice. Of each cell the `KEPT` persons with the least hashes are kept: as many as are needed to
know exactly whether it holds few, and to tell about how many it holds (bottom-k sketch). Of all, at most `most` pairs
of cell and person: where there are more, fewer persons are kept of full cells, and then cells are made coarser, one
resolution after the other. More rows never make fewer pairs, so that the step that is reached depends on all rows and
not on their order.

References
----------
Cohen and Kaplan 2007, Summarizing data using bottom-k sketches, PODC.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.folds import ROW
from weighbridge.probekit.hashes import Hashes, hash_cells, in_column
from weighbridge.probekit.positions import Fate, Form, Places, decimals_of, read
from weighbridge.probekit.states import numbers, pack, unpack
from weighbridge.probes.hot_spots.engine import Cells, cells_of, parents, resolution_of
from weighbridge.probes.hot_spots.merging import merged_pairs, merged_sums, sorted_pairs, sorted_sums

KEPT = 256  # persons of a cell; the count of a fuller one is then known to 6 %. Ours
_LEAST_KEPT = 16  # of a cell, where there is no room for more: the count of a fuller one is known to 27 %. Ours
PLACES_KEPT = 4096  # different positions, drawn by their hash; ours
PERSONS_KEPT = 1 << 16  # of all; beyond, their number is known to 0.4 %. Ours
MOST_PAIRS = 1 << 22  # 64 MiB of state; ours
FATES = len(Fate)
DECIMALS = 8

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprints:
    """A fold: pairs of cell and person, and what the positions are like.

    Without `person` each row is one. With `count` a row stands for as many, and cells hold sums instead of persons.
    """

    places: tuple[Places, ...]
    person: str = ""
    count: str = ""
    finest: int = 9
    key: bytes = b""
    few: int = 5
    most: int = MOST_PAIRS

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the places, the person's or the count's, and the row's number."""
        named = (name for places in self.places for name in places.columns)
        return tuple(dict.fromkeys((ROW, *named, *filter(None, (self.person, self.count)))))

    @property
    def sums(self) -> bool:
        """Whether cells hold sums: of counts, or of rows where nobody says whose they are."""
        return bool(self.count) or not self.person

    def map(self, batch: pa.RecordBatch) -> bytes:
        """The state of these rows."""
        parts = [self._of_places(batch, places) for places in self.places]
        return self._packed(parts)

    def merge(self, left: bytes, right: bytes) -> bytes:
        """One state of two."""
        return self._packed([self.opened(left), self.opened(right)])

    def opened(self, state: bytes) -> Arrays:
        """A state's arrays by name."""
        return {name: numbers(array) for name, array in unpack(state, "footprints", 1).items()}

    def _of_places(self, batch: pa.RecordBatch, places: Places) -> Arrays:
        at = read(batch, places)
        fate = at.fate.copy()
        held = _counted(batch, self.count) if self.count else np.ones(batch.num_rows, np.int64)
        fate[(held <= 0) & (fate == Fate.READ)] = Fate.MISSING  # a cell that nobody was in is no cell
        cells = np.zeros(batch.num_rows, np.uint64)
        if places.form is Form.H3:
            cells, fine = as_cells(at.texts[0], self.finest)
            fate[(fate == Fate.READ) & ~fine] = Fate.UNREADABLE
        used = fate == Fate.READ
        lat, lon = at.latitude[used], at.longitude[used]
        if places.form is not Form.H3:
            cells = cells_of(lat, lon, self.finest)
        else:
            cells, lat, lon = cells[used], np.zeros(0), np.zeros(0)
        who = self._persons(batch)[used]
        return {
            "resolution": np.array([self.finest]),
            "kept": np.array([KEPT]),
            "fates": np.bincount(fate, minlength=FATES).astype(np.int64),
            **dict(zip(self._kinds, self._in_order(cells, *((held[used],) * 2 if self.sums else (who,))), strict=True)),
            **_places_of(lat, lon, self.key),
            **self._seen_of(who, held[used]),
        }

    def _persons(self, batch: pa.RecordBatch) -> Hashes:
        """A person for each row; without one, the row stands for somebody of its own."""
        rows = in_column(hash_cells(batch.column(batch.schema.get_field_index(ROW)), self.key), ROW, self.key)
        if not self.person:
            return rows
        named = batch.column(batch.schema.get_field_index(self.person))
        known = in_column(hash_cells(named, self.key), "person", self.key)
        return np.where(np.asarray(named.is_null()), rows, known)

    def _seen_of(self, who: Hashes, held: Ints) -> Arrays:
        few = held < self.few
        return {
            "persons": np.unique(who)[:PERSONS_KEPT] if not self.sums else np.zeros(0, np.uint64),
            "held": np.array([held.sum(), held[few].sum()], np.int64),
            "least": held[np.argsort(held)[:1]],  # none, where no row was read
        }

    def _packed(self, parts: list[Arrays]) -> bytes:
        resolution, kept = (min(int(part[name][0]) for part in parts) for name in ("resolution", "kept"))
        made = functools.reduce(
            functools.partial(self._joined, kept=kept), (self._sorted(part, resolution, kept) for part in parts)
        )
        least = min(KEPT, max(_LEAST_KEPT, 2 * self.few))
        while len(made[0]) > self.most and (kept > least or resolution > 0):
            if kept > least and not self.sums:
                kept = least
            else:
                kept, resolution = least, resolution - 1
            made = self._in_order(parents(made[0], resolution), *made[1:], kept=kept)
        summed = {n: np.sum([p[n] for p in parts], axis=0) for n in ("fates", "held", "decimals", "leaning")}
        return pack(
            "footprints",
            1,
            {
                **summed,
                **dict(zip(self._kinds, made, strict=True)),
                "resolution": np.array([resolution], np.int64),
                "kept": np.array([kept], np.int64),
                "least": np.sort(np.concatenate([p["least"] for p in parts]))[:1],
                "persons": np.unique(np.concatenate([p["persons"] for p in parts]))[:PERSONS_KEPT],
                **_least_places(parts),
            },
        )

    @property
    def _kinds(self) -> tuple[str, ...]:
        return ("cell", "total", "top") if self.sums else ("cell", "person")

    def _sorted(self, part: Arrays, resolution: int, kept: int) -> tuple[npt.NDArray[Any], ...]:
        """What a part holds of each cell, in order; only made coarser does it have to be sorted."""
        cell, *rest = (part[kind] for kind in self._kinds)
        if (int(part["resolution"][0]), int(part["kept"][0])) == (resolution, kept):
            return (cell, *rest)
        return self._in_order(parents(cell, resolution), *rest, kept=kept)

    def _in_order(self, *listed: npt.NDArray[Any], kept: int = KEPT) -> tuple[npt.NDArray[Any], ...]:
        if self.sums:
            return sorted_sums(listed[0], listed[1], listed[2])
        return sorted_pairs(listed[0], listed[1], kept)

    def _joined(
        self, one: tuple[npt.NDArray[Any], ...], two: tuple[npt.NDArray[Any], ...], *, kept: int
    ) -> tuple[npt.NDArray[Any], ...]:
        if self.sums:
            return merged_sums((one[0], one[1], one[2]), (two[0], two[1], two[2]))
        return merged_pairs((one[0], one[1]), (two[0], two[1]), kept)


def _counted(batch: pa.RecordBatch, name: str) -> Ints:
    column = batch.column(batch.schema.get_field_index(name))
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return np.zeros(batch.num_rows, np.int64)
    told = np.array(pc.fill_null(column.cast(pa.float64(), safe=False), 0.0), dtype=np.float64)
    return np.rint(np.clip(told, -1, 2.0**40)).astype(np.int64)


def as_cells(texts: pa.Array, finest: int, *, keep: bool = False) -> tuple[Cells, npt.NDArray[np.bool_]]:
    """H3 cells at one resolution (as they are with `keep`), and which rows have one that is at least so fine."""
    coded = texts.cast(pa.string()).dictionary_encode()
    told = coded.dictionary.to_pylist()
    if not told:
        return np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.bool_)
    of_entry = np.fromiter((_cell(value) for value in told), np.uint64, len(told))
    fine = resolution_of(of_entry) >= finest
    place = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return (of_entry if keep else parents(of_entry, finest))[place], fine[place] & (place >= 0)


def _cell(value: str) -> int:
    text = value.strip()
    try:
        made = int(text) if text.isdigit() and len(text) > 16 else int(text, 16)
    except ValueError:
        return 0
    return made if 0 < made < 1 << 64 else 0


def _places_of(lat: Floats, lon: Floats, key: bytes) -> Arrays:
    """What the digits are like: how many decimals rows have, and a sample of different positions."""
    fewer = np.minimum(decimals_of(lat), decimals_of(lon))  # the position is known no better than its worse half
    hashed = in_column(hash_cells(pa.array(lat), key), "latitude", key)
    hashed ^= in_column(hash_cells(pa.array(lon), key), "longitude", key)
    hashed, first = np.unique(hashed, return_index=True)
    tilt = np.rint(np.cos(np.radians(lat)) * 1e6).astype(np.int64)
    return {
        "decimals": np.bincount(fewer.astype(np.int64), minlength=DECIMALS).astype(np.int64),
        "leaning": np.array([tilt.sum()], np.int64),
        "place": hashed,
        "place_lat": lat[first],
        "place_lon": lon[first],
    }


def _least_places(parts: list[Arrays]) -> Arrays:
    hashed = np.concatenate([part["place"] for part in parts])
    _, first = np.unique(hashed, return_index=True)
    kept = first[:PLACES_KEPT]
    return {
        "place": hashed[kept],
        "place_lat": np.concatenate([part["place_lat"] for part in parts])[kept],
        "place_lon": np.concatenate([part["place_lon"] for part in parts])[kept],
    }
