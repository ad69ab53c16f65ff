import datetime as dt
import decimal
import itertools

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from fakes.folds import Digest
from weighbridge.probekit.bench import MemoryTable
from weighbridge.probekit.folds import ROW, Fold, as_text, canonical, fold_batches

_ROWS = st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=5)), st.integers(-9, 9)), min_size=1, max_size=40)


@given(_ROWS, st.lists(st.integers(0, 40), max_size=5))
def test_a_fold_does_not_see_where_rows_are_cut(rows: list[tuple[str | None, int]], cuts: list[int]) -> None:
    table = pa.table({ROW: list(range(1, len(rows) + 1)), "a": [a for a, _ in rows], "b": [b for _, b in rows]})
    table = table.set_column(1, "a", table["a"].cast(pa.string()))
    whole = table.to_batches()[0]
    edges = [0, *sorted(min(c, len(rows)) for c in cuts), len(rows)]
    parts = [whole.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    fold = Digest(("a", "b"))
    assert isinstance(fold, Fold)
    expected = fold_batches(fold, [whole])
    assert fold_batches(fold, parts) == expected
    assert fold_batches(fold, parts[::-1]) == expected
    memory = MemoryTable({"a": [a or None for a, _ in rows], "b": [b for _, b in rows]})
    filled = whole.set_column(1, "a", pa.array([a or None for a, _ in rows], pa.string()))
    assert memory.fold(fold) == fold_batches(fold, [filled])


def test_types_that_engines_give_differently_are_made_one() -> None:
    moment = dt.datetime(1890, 5, 1, 12, tzinfo=dt.UTC)
    given_ = {
        "small": (pa.array([1, None], pa.int8()), [1, None]),
        "large": (pa.array([2**64 - 1, 0], pa.uint64()), [str(2**64 - 1), "0"]),
        "nan": (pa.array([float("nan"), 0.5], pa.float32()), [None, 0.5]),
        "coded": (pa.array(["x", None]).dictionary_encode(), ["x", None]),
        "money": (pa.array([decimal.Decimal("1.50"), None]), ["1.50", None]),
        "when": (pa.array([moment, None], pa.timestamp("ns", "Asia/Tokyo")), [moment, None]),
        "day": (pa.array([dt.date(1890, 1, 1), None], pa.date64()), [dt.date(1890, 1, 1), None]),
        "bytes": (pa.array([b"\x01", None]), ["01", None]),
        "nested": (pa.array([[{"mail": "a"}], None]), ['[{"mail": "a"}]', None]),
    }
    made = canonical(pa.RecordBatch.from_arrays([a for a, _ in given_.values()], names=list(given_)))
    assert {name: made[name].to_pylist() for name in given_} == {name: shown for name, (_, shown) in given_.items()}


def test_a_cell_has_one_text() -> None:
    assert as_text(pa.array([1.5, None])).to_pylist() == ["1.5", None]
    assert as_text(pa.array([b"\xff", None])).to_pylist() == ["ff", None]
    assert as_text(pa.array([[1], None])).to_pylist() == ["[1]", None]
    assert as_text(pa.array(["a", None]).dictionary_encode()).to_pylist() == ["a", None]
