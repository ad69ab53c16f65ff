"""Made-up tables beside their originals and a control: found, drawn from, and put in one measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.core.candidate import Role, Subject
from weighbridge.maths.synthetic import Rows
from weighbridge.probekit.folds import canonical
from weighbridge.probekit.ports import Bench, Column, ColumnType, Table

_WORDS = 8.0  # words of a value, on average, from which a column is prose; ours
_SAMPLE = 200  # values looked at to tell prose; ours
_MANY = 50  # different values from which a column of as many as half the rows names rows; ours
_FEW_WORDS = 1.5  # a name or an address has more, a number given out has one; ours
LEAST_COLUMNS = 2

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """A made-up table, what it was made from, and rows of the same kind that it was not made from."""

    made: Table
    originals: Table | None
    control: Table | None
    columns: tuple[str, ...]  # that all have, or that made-up table and originals have while there is no control


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoded:
    """The three as rows in one measure."""

    made: Rows
    originals: Rows
    control: Rows
    names: tuple[str, ...]  # of the columns, numbers first
    worded: tuple[
        tuple[Floats, Floats], ...
    ]  # of each column of names or texts: whether a value stands in the made-up table
    left_out: tuple[str, ...]  # columns that number rows
    compared: float  # the share of the made-up rows that was drawn


def is_of_texts(table: Table, seed: int) -> bool:
    """Whether a table holds prose: what a language model wrote, and no rows about people."""
    if table.declared.score_field:
        return False
    if table.declared.text_field:
        return True
    return any(_words(table, c, seed) >= _WORDS for c in table.columns if c.type is ColumnType.TEXT)


def _words(table: Table, column: Column, seed: int) -> float:
    sample = table.sample(column.name, _SAMPLE, seed)
    counts = pc.add(pc.count_substring_regex(sample, r"\S\s+\S"), 1)
    return float(pc.mean(counts).as_py() or 0.0)


def find_trios(bench: Bench) -> list[Trio]:
    """Each made-up table with the originals and the control that share most columns with it."""
    # What a classifier puts out are answers about rows, and no rows.
    roles = (Role.SAMPLES,) if Subject.CLASSIFIER in bench.candidate.subjects else (Role.SAMPLES, Role.OUTPUTS)
    trios = [_trio(bench, t) for role in roles for t in bench.tables(role) if not _is_no_table(t, bench.seed)]
    # What a language model puts out are texts, however short, unless they are rows like those that it was made from.
    is_writer = Subject.CAUSAL_LM in bench.candidate.subjects
    return [trio for trio in trios if trio.originals is not None or not is_writer]


def _is_no_table(table: Table, seed: int) -> bool:
    return bool(table.declared.score_field) or is_of_texts(table, seed)


def _trio(bench: Bench, made: Table) -> Trio:
    def most_alike(tables: Sequence[Table], names: Sequence[str]) -> tuple[Table | None, tuple[str, ...]]:
        shared = [(t, tuple(n for n in names if n in {c.name for c in t.columns})) for t in tables]
        best = max(shared, key=lambda pair: len(pair[1]), default=None)
        return best if best and len(best[1]) >= LEAST_COLUMNS else (None, tuple(names))

    names = [c.name for c in made.columns]
    originals, names_too = most_alike(bench.tables(Role.TRAIN_DATA), names)
    control, all_names = most_alike(bench.tables(Role.HELD_OUT), names_too)
    return Trio(made=made, originals=originals, control=control, columns=all_names)


def drawn(table: Table, columns: Sequence[str], n: int, rng: np.random.Generator) -> pa.Table:
    """Up to `n` rows without replacement, in random order."""
    chosen = np.sort(rng.choice(table.n_rows, min(n, table.n_rows), replace=False, shuffle=False))
    parts, before = [], 0
    for batch in table.batches(columns):
        low, high = np.searchsorted(chosen, [before, before + batch.num_rows])
        if high > low:
            parts.append(canonical(batch).take(pa.array(chosen[low:high] - before)))
        before += batch.num_rows
    rows = pa.Table.from_batches(parts)
    return rows.take(pa.array(rng.permutation(rows.num_rows)))


def encode(trio: Trio, made: pa.Table, originals: pa.Table, control: pa.Table) -> Encoded:
    """Rows drawn from the three, numbers in the range that the originals have."""
    three = (made, originals, control)
    numbers: list[tuple[str, list[Floats]]] = []
    codes: list[tuple[str, list[npt.NDArray[np.int64]]]] = []
    worded: list[tuple[Floats, Floats]] = []
    left_out: list[str] = []
    for name in trio.columns:
        values = [t[name].combine_chunks() for t in three]
        if _names_rows(values[1]):
            if _has_words(values[1]):
                worded.append(_standing(values))
            else:
                left_out.append(name)
        elif all(_is_number(v.type) for v in values):
            numbers.append((name, _scaled([_as_floats(v) for v in values])))
        else:
            codes.append((name, _coded(values)))
    rows = [
        Rows(
            numbers=_stacked([parts[i] for _, parts in numbers], three[i].num_rows, np.float64),
            codes=_stacked([parts[i] for _, parts in codes], three[i].num_rows, np.int64),
        )
        for i in range(3)
    ]
    return Encoded(
        made=rows[0], originals=rows[1], control=rows[2], worded=tuple(worded), left_out=tuple(left_out),
        names=tuple(name for name, _ in (*numbers, *codes)), compared=made.num_rows / trio.made.n_rows,
    )  # fmt: skip


def _stacked(columns: Sequence[npt.NDArray[Any]], n: int, kind: type) -> npt.NDArray[Any]:
    return np.stack(columns, axis=1).astype(kind) if columns else np.zeros((n, 0), kind)


def _names_rows(values: pa.Array) -> bool:
    """Whether a column tells rows apart: a name, a text, or a number given out."""
    present = values.drop_null()
    different = pc.count_distinct(present).as_py()
    if pa.types.is_string(values.type):
        return bool(different > max(_MANY, len(present) / 2))
    return bool(pa.types.is_integer(values.type) and different > _MANY and different == len(present))


def _has_words(values: pa.Array) -> bool:
    if not pa.types.is_string(values.type):
        return False
    return bool((pc.mean(pc.add(pc.count_substring_regex(values, r"\S\s+\S"), 1)).as_py() or 0) >= _FEW_WORDS)


def _standing(values: Sequence[pa.Array]) -> tuple[Floats, Floats]:
    known = pc.unique(pc.cast(values[0], pa.string())).drop_null()
    originals, control = (
        np.asarray(pc.fill_null(pc.is_in(pc.cast(v, pa.string()), known), fill_value=False), np.float64)
        for v in values[1:]
    )
    return originals, control


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind))


def _as_floats(values: pa.Array) -> Floats:
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    elif pa.types.is_temporal(values.type):
        values = values.cast(pa.int64())
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)


def _scaled(values: list[Floats]) -> list[Floats]:
    """In the range of the middle of the originals, so that one extreme value does not make all others alike."""
    held = values[1][np.isfinite(values[1])]
    if not len(held):
        return [np.full(len(v), np.nan) for v in values]
    low, high = np.quantile(held, [0.01, 0.99])
    width = high - low or float(np.ptp(held)) or 1.0
    return [np.where(np.isfinite(v), (v - low) / width, np.nan) for v in values]


def _coded(values: Sequence[pa.Array]) -> list[npt.NDArray[np.int64]]:
    joined = pa.concat_arrays([pc.cast(v, pa.string()) for v in values])
    codes = np.asarray(joined.dictionary_encode(null_encoding="encode").indices, dtype=np.int64)
    ends = np.cumsum([len(v) for v in values])[:-1]
    return [np.asarray(part) for part in np.split(codes, ends)]


def overlap(encoded: Encoded) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Of each row of the control, whether it is among the originals; of each original, whether it stands there twice.

    Where few columns with few values make rows alike, both are common; rows that were not kept back show in the first
    alone.
    """
    originals, control = (_keys(rows) for rows in (encoded.originals, encoded.control))
    _, place, counts = np.unique(originals, return_inverse=True, return_counts=True)
    return np.isin(control, originals), np.asarray(counts[place.ravel()] > 1, np.bool_)


def _keys(rows: Rows) -> npt.NDArray[np.void]:
    """Each row as one value."""
    numbers = np.nan_to_num(rows.numbers, nan=-1e300) + 0.0  # so that -0 is 0
    whole = np.ascontiguousarray(np.concatenate([numbers.view(np.int64), rows.codes], axis=1))
    return whole.view(np.dtype((np.void, whole.shape[1] * 8))).ravel()


def columns_of(trio: Trio, encoded: Encoded, most: int) -> Iterator[int]:
    """Which columns are to be inferred: those declared sensitive, else all, at most so many."""
    declared = set(trio.made.declared.sensitive)
    if trio.originals is not None:
        declared |= set(trio.originals.declared.sensitive)
    wanted = [i for i, name in enumerate(encoded.names) if name in declared] or list(range(len(encoded.names)))
    yield from wanted[:most]
