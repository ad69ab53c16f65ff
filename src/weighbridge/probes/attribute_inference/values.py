"""What could stand in a column: the values that an attacker puts in one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.probekit.cells import codes, is_ordered, numbers, plain
from weighbridge.probekit.ports import Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """The candidates of one column, and which of them each row really has.

    A candidate is named by the first row that holds it, so that it is put in as exactly what stands in the column.
    """

    name: str  # as it was declared
    column: str  # as the model calls it
    rows: Ints  # shape (candidates,): a row that holds each of them
    truth: Ints  # shape (n,): the candidate that each row has; -1 where its value is missing or none of them
    n_values: int  # different values in the column
    in_ranges: bool  # whether a candidate stands for a range of numbers
    n_missing: int  # rows without a value

    @property
    def n(self) -> int:
        """How many candidates there are."""
        return len(self.rows)

    @property
    def tried(self) -> npt.NDArray[np.bool_]:
        """The rows that have one of the candidates."""
        return self.truth >= 0


def candidates(name: str, column: str, cells: pa.ChunkedArray, *, most_values: int, ranges: int) -> Candidates:
    """Every value that occurs; of numbers and dates with too many, ranges; of anything else, the commonest.

    Parameters
    ----------
    cells : the column over all rows, members and others, so that neither side lends the candidates
    most_values : at least 2
    ranges : at least 2 ranges with about equally many rows; the middle value of each stands for it
    """
    values = plain(cells)
    coded, n_values = codes(values)
    n_missing = int((coded < 0).sum())
    if n_values <= most_values:
        truth, in_ranges = coded, False
    elif is_ordered(values.type):
        truth, in_ranges = _ranges(values, coded >= 0, ranges), True
    else:
        truth, in_ranges = _commonest(coded, n_values, most_values), False
    n = int(truth.max(initial=-1)) + 1
    rows = _middles(values, truth, n) if in_ranges else _firsts(truth, n)
    return Candidates(
        name=name,
        column=column,
        rows=rows,
        truth=truth,
        n_values=n_values,
        in_ranges=in_ranges,
        n_missing=n_missing,
    )


def _ranges(values: pa.Array, known: npt.NDArray[np.bool_], ranges: int) -> Ints:
    """The range of each row; equal numbers are in one, so there may be fewer."""
    found = np.full(len(known), -1, dtype=np.int64)
    scale = numbers(values)[known]
    edges = np.unique(np.quantile(scale, np.arange(1, ranges) / ranges, method="inverted_cdf"))
    _, found[known] = np.unique(np.searchsorted(edges, scale, side="left"), return_inverse=True)
    return found


def _commonest(coded: Ints, n_values: int, most: int) -> Ints:
    """The commonest values, numbered anew; of equally common ones those that come first."""
    counts = np.bincount(coded[coded >= 0], minlength=n_values)
    kept = np.sort(np.argsort(-counts, kind="stable")[:most])
    anew = np.full(n_values + 1, -1, dtype=np.int64)  # the last is for -1
    anew[kept] = np.arange(len(kept))
    return np.asarray(anew[coded], dtype=np.int64)


def _firsts(truth: Ints, n: int) -> Ints:
    found = np.zeros(n, dtype=np.int64)
    rows = np.flatnonzero(truth >= 0)[::-1]
    found[truth[rows]] = rows
    return found


def _middles(values: pa.Array, truth: Ints, n: int) -> Ints:
    """The row in the middle of each range; of two middle ones the lower, so that it is a value that occurs."""
    order = np.argsort(numbers(values), kind="stable")
    each = [order[truth[order] == one] for one in range(n)]
    return np.array([rows[(len(rows) - 1) // 2] for rows in each], dtype=np.int64)
