"""Numbers that were given out in the order of something else: who has a number elsewhere knows about where that lay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.cells import is_ordered, numbers, plain
from weighbridge.probekit.ports import Column, ColumnType, Floats, Table

_ROWS = 5000  # rows looked at, the first; ours
_FEW = 20  # different values; of fewer, an order is soon kept by chance. Ours
_KEPT = 0.99  # rank correlation from which an order is kept; ours
_OWN = 0.9  # different numbers per row of numbers that are given out; ours
_MOST_COLUMNS = 40


def ordered_columns(table: Table, columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Numbers given out, each with a column whose order they keep; not where the rows lie in that order too."""
    usable = [c for c in columns if c.n_distinct >= _FEW and c.type is not ColumnType.OTHER][:_MOST_COLUMNS]
    given = [
        c.name for c in usable if c.type is ColumnType.NUMBER and c.is_whole and c.n_distinct >= _OWN * table.n_rows
    ]
    if not given or len(usable) < 2:
        return ()
    for batch in table.batches([c.name for c in usable]):
        ranks = {c.name: _ranks(batch.slice(0, _ROWS).column(i)) for i, c in enumerate(usable)}
        rows = np.arange(min(_ROWS, batch.num_rows), dtype=np.float64)
        return tuple(
            (name, other)
            for name in given
            for other in ranks
            if other != name and not _keeps(ranks[name], rows) and _keeps(ranks[name], ranks[other])
        )
    return ()


def _ranks(cells: pa.Array) -> Floats:
    """The place of each cell among the different values of its column; NaN where there is none."""
    values = plain(pa.chunked_array([cells]))
    if pa.types.is_null(values.type):
        return np.full(len(values), np.nan)
    if is_ordered(values.type):
        known = numbers(values)
        return np.where(np.isnan(known), np.nan, np.unique(known, return_inverse=True)[1].ravel().astype(np.float64))
    coded = pc.cast(values, pa.string()).dictionary_encode()
    place = np.argsort(np.argsort(np.array([v.casefold() for v in coded.dictionary.to_pylist()] or [""])))
    at = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(at < 0, np.nan, place[at].astype(np.float64))


def _keeps(one: Floats, other: Floats) -> bool:
    both = ~(np.isnan(one) | np.isnan(other))
    if min(len(np.unique(one[both])), len(np.unique(other[both]))) < _FEW:
        return False
    # Ranks among different values, not rows: the correlation is Spearman's where no value comes twice.
    return bool(abs(np.corrcoef(one[both], other[both])[0, 1]) >= _KEPT)
