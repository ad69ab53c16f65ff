"""The hashes of all columns, ready to be looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.ports import Bools, ColumnType, Ints, Table
from weighbridge.probes.reversible_pseudonyms.forms import Form, form_of

MOST_COLUMNS = 200  # of a table that are looked at, in the file's order; ours
_LOOK = 200  # values of a column that its form is told by; ours
_FEW = 2


@dataclass(slots=True)
class Tokens:
    """Different hashes of one column, in order: up to so many, the smallest, which is a draw as good as any."""

    table: Table
    column: str
    form: Form
    is_all: bool  # these are all there are
    bytes: np.ndarray = field(repr=False)  # shape (n, length)
    found: Bools = field(repr=False)  # those turned back

    @property
    def n(self) -> int:
        """How many are tried."""
        return len(self.bytes)

    def where(self, hashes: np.ndarray) -> Ints:
        """Which token each hash is, shape (m,); -1 where it is none."""
        return look_up(self.bytes, hashes)


def look_up(sorted_: np.ndarray, hashes: np.ndarray) -> Ints:
    """The place of each row of `hashes` among the rows of `sorted_`, which are in order; -1 where it has none."""
    if not len(sorted_) or not len(hashes):
        return np.full(len(hashes), -1, dtype=np.int64)
    heads, own = _heads(sorted_), _heads(hashes)
    at = np.searchsorted(heads, own)
    hit = np.flatnonzero(heads[np.minimum(at, len(heads) - 1)] == own)
    place = np.full(len(hashes), -1, dtype=np.int64)
    same = (sorted_[at[hit]] == hashes[hit]).all(axis=1)
    place[hit[same]] = at[hit[same]]
    for n in hit[~same].tolist():  # several tokens begin alike: hardly ever, but for a reason that is not chance
        last = int(np.searchsorted(heads, own[n], side="right"))
        equal = (sorted_[at[n] : last] == hashes[n]).all(axis=1)
        place[n] = at[n] + int(equal.argmax()) if equal.any() else -1
    return place


def _heads(rows: np.ndarray) -> np.ndarray:
    """The first eight bytes of each row as a number."""
    width = min(8, rows.shape[1])
    padded = np.zeros((len(rows), 8), dtype=np.uint8)
    padded[:, :width] = rows[:, :width]
    return padded.view(">u8").ravel().astype(np.uint64)


def find_columns(table: Table, seed: int) -> dict[str, Form]:
    """Columns of hashes, with how they are written."""
    found = {}
    for column in table.columns[:MOST_COLUMNS]:
        if column.type is ColumnType.TEXT and column.n_distinct >= _FEW:
            form = form_of(table.sample(column.name, _LOOK, seed).to_pylist())
            if form:
                found[column.name] = form
    return found


def gather(table: Table, column: str, form: Form, cap: int, tick: Callable[[int], None]) -> Tokens:
    """Read a column's hashes in one pass, keeping the smallest `cap` of them."""
    kept = np.zeros((0, form.length), dtype=np.uint8)
    for batch in table.batches([column]):
        values = pc.unique(pc.drop_null(pc.cast(batch.column(0), pa.string()))).to_pylist()
        kept = _smallest(np.concatenate([kept, form.taken(values)]), cap)
        tick(batch.num_rows)
    return Tokens(table, column, form, len(kept) < cap, kept, np.zeros(len(kept), dtype=bool))


def _smallest(rows: np.ndarray, cap: int) -> np.ndarray:
    """Different rows, in order, the first `cap` of them."""
    if not len(rows):
        return rows
    words = -(-rows.shape[1] // 8)
    padded = np.zeros((len(rows), 8 * words), dtype=np.uint8)
    padded[:, : rows.shape[1]] = rows
    numbers = padded.view(">u8").astype(np.uint64)
    rows = rows[np.lexsort(tuple(numbers[:, n] for n in range(words - 1, -1, -1)))]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return np.ascontiguousarray(rows[fresh][:cap])
