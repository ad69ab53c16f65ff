"""A table of counts as cells over dimensions: recognised by names, marks and totals, or as declared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.cells import codes, plain
from weighbridge.probekit.persons import are_about_people, speak_of_people
from weighbridge.probekit.ports import Column, ColumnType, Floats, Ints, Table
from weighbridge.probes.small_cells.counts import Counts, read_counts
from weighbridge.probes.small_cells.words import describes_somebody, is_count, is_otherwise, is_total, numbers_people

MOST_COLUMNS = 400  # a table of counts wider than this is not looked at; ours
_LOOK = 2000  # cells of a column looked at to tell whether it counts; ours
_COUNTS_ARE = 0.95  # share of cells that must be counts or marks for one; ours
_DENSE = 0.1  # share of all combinations of categories that are rows; records of people fill less. Ours
_MANY = 12  # rows or counts, from which a pattern in all of them is no chance; ours
_ROUNDED = 8  # different counts that all have one divisor, which chance gives once in 3^8 at most; ours
_LEAST_BASE = 3
_LARGE = 1_000_000  # rows; ours
_MOSTLY, _OFF = 0.8, 0.02  # share of rows in which a column is the sum of the others, but for rounding; ours
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which columns of a table count, and which tell what is counted."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    is_declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of one table, all arrays of shape (n,); `keys` of shape (n, dimensions).

    A dimension's codes point into its `categories`; `total` is the code of the one that stands for all others, or -1.
    The last dimension is that of the value columns, where there are several.
    """

    label: str
    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    total: tuple[int, ...]
    keys: Ints
    low: Floats
    high: Floats
    base: int  # counts are rounded to multiples of this; 1: they are not

    @property
    def n(self) -> int:
        """How many cells there are."""
        return len(self.low)


def recognised(table: Table, declared: Sequence[str]) -> Shape | None:
    """Which columns of this table count; None where it is no table of counts, or too wide for one."""
    columns = table.columns
    if len(columns) > MOST_COLUMNS or not table.n_rows or table.declared.person:
        return None
    if declared:
        chosen = tuple(c.name for c in columns if c.name in declared)
        return Shape(values=chosen, labels=_labels(columns, chosen), is_declared=True) if chosen else None
    if any(numbers_people(c.name) for c in columns):
        return None
    looks = _looks(table, [c.name for c in columns if _can_count(c)])
    counting = {name: counts for name, counts in looks.items() if _counts(counts)}
    wide = tuple(n for n in counting if not is_otherwise(n) and not _are_years(n, counting[n]))
    marked = tuple(name for name in wide if _is_marked(counting[name]))
    labels = _labels(columns, wide)
    if len(wide) >= 2 and labels and (marked or _is_cross_table(table, wide, labels, counting)):
        return _kept(table, columns, wide, marked=bool(marked), crossed=True)
    values = tuple(name for name in wide if is_count(name)) or marked
    return _kept(table, columns, values, marked=bool(marked)) if values else None


def _is_cross_table(table: Table, wide: Sequence[str], labels: Sequence[str], counting: Mapping[str, Counts]) -> bool:
    """Whether one of several columns is the sum of the others, or some rows are those of totals."""
    counts = np.column_stack([counting[name].low for name in wide])
    shown = counts[~np.column_stack([counting[name].hidden for name in wide]).any(axis=1) & (counts.sum(axis=1) > 0)]
    if len(wide) >= 3 and len(shown) >= 2:
        sums = np.abs(2 * shown - shown.sum(axis=1, keepdims=True)) <= _OFF * shown
        if (sums.mean(axis=0) >= _MOSTLY).any():
            return True
    return _has_total_rows(table, labels, counts)


def _has_total_rows(table: Table, labels: Sequence[str], counts: Floats) -> bool:
    """Whether rows are named as totals, and the largest number of every column is in one of them, as in no records."""
    for batch in table.batches(list(labels)):
        few = batch.slice(0, _LOOK)
        for i, _name in enumerate(labels):
            if pa.types.is_nested(few.column(i).type):
                continue
            called = pc.cast(plain(pa.chunked_array([few.column(i)])), pa.string()).to_pylist()
            totals = np.array([bool(value) and is_total(value) for value in called])
            if totals.any() and not totals.all() and (counts[totals].max(axis=0) >= counts[~totals].max(axis=0)).all():
                return True
        return False
    return False


def _kept(
    table: Table, columns: Sequence[Column], values: tuple[str, ...], *, marked: bool, crossed: bool = False
) -> Shape | None:
    """The shape, where each row is a group of its own as it is in a table of counts."""
    labels = _labels(columns, values)
    if not labels and table.n_rows > 1:
        return None
    if not marked and len(labels) > 1 and _are_records(table, columns, labels):
        return None
    if not marked and not crossed and len(labels) > 1 and not _is_dense(table, columns, labels):
        return None
    if labels and int(table.class_sizes(labels).sizes.max(initial=1)) > 1:
        return None
    return Shape(values=values, labels=labels, is_declared=False)


def _labels(columns: Sequence[Column], values: Sequence[str]) -> tuple[str, ...]:
    """What tells what is counted: neither a count nor a number with a fraction, such as a rate."""
    return tuple(
        c.name
        for c in columns
        if c.name not in values
        and c.n_distinct
        and not (c.type is ColumnType.NUMBER and (not c.is_whole or (is_count(c.name) and not is_otherwise(c.name))))
        and c.type is not ColumnType.OTHER
    )


def _can_count(column: Column) -> bool:
    return column.type is ColumnType.TEXT or (column.type is ColumnType.NUMBER and column.is_whole)


def _looks(table: Table, names: Sequence[str]) -> dict[str, Counts]:
    """The first cells of each column, in one reading that ends there."""
    for batch in table.batches(list(names)) if names else ():
        few = batch.slice(0, _LOOK)
        return {name: read_counts(plain(pa.chunked_array([few.column(i)]))) for i, name in enumerate(names)}
    return {}


def _counts(counts: Counts) -> bool:
    shown = counts.is_count & ~counts.hidden
    if not len(counts.low) or not shown.any():
        return False
    return bool(counts.is_count.mean() >= _COUNTS_ARE and counts.low[shown].max() > 1)


def _are_years(name: str, counts: Counts) -> bool:
    """Whether all numbers can be years, and the name does not say that they count."""
    shown = counts.low[counts.is_count & ~counts.hidden]
    return not is_count(name) and bool(((shown >= _FIRST_YEAR) & (shown <= _LAST_YEAR)).all())


def _is_marked(counts: Counts) -> bool:
    """Whether somebody hid some counts, by a mark or a range; a cell that is blank or not known says nothing."""
    return bool(counts.is_marked.any())


def _are_records(table: Table, columns: Sequence[Column], labels: Sequence[str]) -> bool:
    """Whether one column tells all rows apart, and others say what single people have: then rows are people."""
    own = [c.name for c in columns if c.name in labels and c.n_distinct == table.n_rows >= _MANY]
    return bool(own) and any(describes_somebody(name) for name in labels)


def _is_dense(table: Table, columns: Sequence[Column], labels: Sequence[str]) -> bool:
    """Whether rows fill a good part of the grid of categories; columns that follow from another span none of it."""
    distinct = sorted(((c.n_distinct, c.name) for c in columns if c.name in labels), reverse=True)
    if table.n_rows > _LARGE:  # there is no time to find out which columns follow from others
        return table.n_rows >= _DENSE * math.prod(n for n, _ in distinct)
    size, spanning = 1.0, list[str]()
    for n, name in distinct:
        if not any(_follows(table, name, other) for other in spanning):
            size *= n
            spanning.append(name)
    return table.n_rows >= _DENSE * size


def _follows(table: Table, name: str, other: str) -> bool:
    """Whether each value of `other` comes with one value of `name` alone."""
    pairs, singles = table.class_sizes([name, other]), table.class_sizes([other])
    return _classes(pairs.sizes, pairs.individuals) == _classes(singles.sizes, singles.individuals)


def _classes(sizes: Ints, individuals: Ints) -> int:
    return int((individuals / np.maximum(sizes, 1)).sum().round())


def about_people(table: Table, shape: Shape, grid: Grid | None) -> bool | None:
    """Whether people are counted: as declared, or as names and categories say."""
    told = are_about_people(table.declared, (table.label, *shape.values, *shape.labels))
    if told is None and grid:
        few = (c for c in grid.categories if len(c) <= _LOOK)
        return True if any(speak_of_people(c) for c in few) else None
    return told


def read_grid(table: Table, shape: Shape) -> Grid:
    """All cells of a table that fits into memory."""
    labels = _spanning(table, shape.labels)
    parts: dict[str, list[pa.Array]] = {name: [] for name in (*labels, *shape.values)}
    for batch in table.batches(tuple(parts)):
        for name, cells in zip(parts, batch.columns, strict=True):
            parts[name].append(cells)
    columns = {name: plain(pa.chunked_array(cells)) for name, cells in parts.items()}
    counts = [read_counts(columns[name]) for name in shape.values]
    n_rows, n_values = table.n_rows, len(shape.values)
    codes_, categories = _coded([columns[name] for name in labels], n_rows)
    keys = np.repeat(codes_, n_values, axis=0)
    dimensions = labels
    if n_values > 1:
        keys = np.column_stack([keys, np.tile(np.arange(n_values), n_rows)])
        categories, dimensions = [*categories, shape.values], (*dimensions, "")
    low = np.column_stack([c.low for c in counts]).ravel()
    high = np.column_stack([c.high for c in counts]).ravel()
    known = np.column_stack([c.is_count for c in counts]).ravel()
    base = _rounded_to(low[known & (low == high)])
    made = Grid(
        label=table.label, dimensions=dimensions, categories=tuple(categories), total=(-1,) * len(dimensions),
        keys=keys[known].astype(np.int64), low=low[known], high=high[known], base=base,
    )  # fmt: skip
    return with_totals(made)


def _spanning(table: Table, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels without those that would part a total from what it sums: a row's number, a mark of its status.

    That is, without columns that are not needed to tell rows apart and follow from no other one, as a region does from
    its district; and of a code and a name that say the same, without one.
    """
    kept = list(labels)
    distinct = {c.name: c.n_distinct for c in table.columns}
    for name in sorted(labels, key=lambda label: -distinct[label]):
        rest = [label for label in kept if label != name]
        if not rest or int(table.class_sizes(rest).sizes.max(initial=1)) > 1:
            continue
        above = [other for other in rest if _follows(table, name, other)]
        if not above or any(_follows(table, other, name) for other in above):
            kept = rest
    return tuple(kept)


def _coded(columns: Sequence[pa.Array], n: int) -> tuple[Ints, list[tuple[str, ...]]]:
    found: list[Ints] = []
    categories: list[tuple[str, ...]] = []
    for values in columns:
        written = values if pa.types.is_nested(values.type) else pc.cast(values, pa.string())
        at, _n = codes(written)
        names = tuple(written.dictionary_encode().dictionary.to_pylist()) if not pa.types.is_nested(values.type) else ()
        missing = at < 0
        if missing.any():  # a blank label is a label: often that of the total
            at = np.where(missing, len(names), at)
            names = (*names, "")
        found.append(at)
        categories.append(names)
    return (np.column_stack(found) if found else np.zeros((n, 0), dtype=np.int64)), categories


def _rounded_to(shown: Floats) -> int:
    """The divisor of all shown counts, where there are enough of them that it is no chance."""
    above = shown[(shown > 0) & (shown < 2**53)]
    counts = np.unique(above).astype(np.int64)
    if len(above) < _MANY or len(counts) < _ROUNDED:
        return 1
    base = math.gcd(*counts.tolist())
    return base if base >= _LEAST_BASE else 1


def with_totals(grid: Grid) -> Grid:
    """The same, with the category of each dimension that stands for all others: by its name, else by arithmetic."""
    total = tuple(_total(grid, i) for i in range(len(grid.dimensions)))
    return Grid(
        label=grid.label, dimensions=grid.dimensions, categories=grid.categories, total=total, keys=grid.keys,
        low=grid.low, high=grid.high, base=grid.base,
    )  # fmt: skip


def _total(grid: Grid, dimension: int) -> int:
    names = grid.categories[dimension]
    if len(names) < 2:
        return -1
    called = [code for code, name in enumerate(names) if is_total(name)]
    if called:
        held = np.bincount(grid.keys[:, dimension], minlength=len(names))
        return max(called, key=lambda code: int(held[code]))
    return _total_by_sums(grid, dimension)


def _total_by_sums(grid: Grid, dimension: int) -> int:
    """The category whose count is the sum of all others wherever all are shown, in two places at least."""
    n = len(grid.categories[dimension])
    if n < 3 or not grid.n:
        return -1
    others = np.delete(grid.keys, dimension, axis=1)
    _, group = np.unique(others, axis=0, return_inverse=True)
    group = group.ravel()
    shown = grid.low == grid.high
    full = (np.bincount(group, ~shown) == 0) & (np.bincount(group) == n)
    sums = np.bincount(group, np.where(shown, grid.low, 0.0))
    usable = full[group] & (sums[group] > 0)
    if len(np.unique(group[usable])) < 2:
        return -1
    at = grid.keys[:, dimension]
    is_sum = np.abs(2 * grid.low - sums[group]) <= (0 if grid.base == 1 else n * grid.base)
    right = np.bincount(at[usable], is_sum[usable], minlength=n)
    tried = np.bincount(at[usable], minlength=n)
    fits = np.flatnonzero((tried > 1) & (right == tried))
    return int(fits[0]) if len(fits) == 1 else -1
