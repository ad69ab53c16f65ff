import itertools
from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.folds import ROW, Fold, fold_batches
from weighbridge.probekit.prints import Persons, read_persons

_ROWS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 5)), st.sampled_from("ab"), st.integers(0, 2)),
    min_size=1,
    max_size=30,
)


@given(_ROWS, st.lists(st.integers(0, 30), max_size=3))
def test_persons_are_told_by_all_their_rows_in_any_order(
    rows: list[tuple[int | None, str, int]], cuts: list[int]
) -> None:
    whole = pa.RecordBatch.from_arrays(
        [pa.array(range(1, len(rows) + 1)), *(pa.array([r[n] for r in rows]) for n in range(3))],
        schema=pa.schema({ROW: pa.int64(), "who": pa.int64(), "a": pa.string(), "b": pa.int64()}),
    )
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    parts = [whole.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    fold = Persons(person="who", known=("a", "b"))
    assert isinstance(fold, Fold)
    state = fold_batches(fold, [whole])
    assert fold_batches(fold, parts[::-1]) == state
    told: dict[object, list[tuple[str, int]]] = {}
    for place, (who, a, b) in enumerate(rows):
        told.setdefault(("nobody", place) if who is None else who, []).append((a, b))
    times = Counter(tuple(sorted(all_rows)) for all_rows in told.values())
    found = read_persons(state)
    assert found is not None
    assert (found.n, found.unique) == (len(told), sum(n == 1 for n in times.values()))
    assert found.most_rows == max(len(all_rows) for all_rows in told.values())


def test_too_many_persons_are_not_half_kept() -> None:
    fold = Persons(person="who", known=("a",), cap=3)
    few, many = MemoryTable({"who": [1, 2, 3], "a": [1, 1, 1]}), MemoryTable({"who": [1, 2, 3, 4], "a": [1, 1, 1, 1]})
    assert read_persons(few.fold(fold)) is not None
    assert read_persons(many.fold(fold)) is None
    assert read_persons(fold.merge(few.fold(fold), many.fold(fold))) is None


def test_numbers_are_compared_in_their_steps() -> None:
    table = MemoryTable({"who": [1, 2], "a": [11.0, 12.0]})
    alike = read_persons(table.fold(Persons(person="who", known=("a",), steps=(("a", 10.0),))))
    apart = read_persons(table.fold(Persons(person="who", known=("a",))))
    assert alike is not None
    assert apart is not None
    assert (alike.unique, apart.unique) == (0, 2)
