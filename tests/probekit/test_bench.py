from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Silent
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable, MemoryTexts, generator
from weighbridge.probekit.ports import ColumnType
from weighbridge.probes.replication_cost.calibration import shelf

cells = st.sampled_from(["a", "b", "c", None])
rows = st.lists(st.tuples(cells, cells, st.sampled_from(["p", "q", "r", None])), min_size=1, max_size=25)


def _smallest(rows: Sequence[tuple[str | None, str | None, object]]) -> Counter[int]:
    """The definition, in plain Python: for each individual, the size of the smallest class it lies in."""
    members: dict[tuple[str | None, str | None], set[object]] = defaultdict(set)
    for one, two, who in rows:
        members[one, two].add(who)
    smallest: dict[object, int] = {}
    for people in members.values():
        for who in people:
            smallest[who] = min(smallest.get(who, len(people)), len(people))
    return Counter(smallest.values())


@given(rows, st.booleans())
def test_classes_are_as_defined(rows: list[tuple[str | None, str | None, str | None]], by_person: bool) -> None:
    table = MemoryTable({"x": [r[0] for r in rows], "y": [r[1] for r in rows], "who": [r[2] for r in rows]})
    made = table.class_sizes(["x", "y"], person="who" if by_person else "")
    # A row, and a person whose name is missing, are individuals of their own.
    named = [(x, y, who if by_person and who is not None else n) for n, (x, y, who) in enumerate(rows)]
    assert Counter(dict(zip(made.sizes.tolist(), made.individuals.tolist(), strict=True))) == _smallest(named)
    assert int(made.individuals.sum()) == (table.n_individuals("who") if by_person else len(rows))


def test_tells_types_and_counts() -> None:
    table = MemoryTable(
        {"n": [1, 2, 2, None], "f": [1.5, 2.0, None, None], "t": ["a", "a", "b", "c"], "b": [True, False, None, True]}
    )
    told = {c.name: (c.type, c.is_whole, c.n_distinct, c.n_missing) for c in table.columns}
    assert told == {
        "n": (ColumnType.NUMBER, True, 2, 1),
        "f": (ColumnType.NUMBER, False, 2, 2),
        "t": (ColumnType.TEXT, False, 3, 0),
        "b": (ColumnType.BOOLEAN, False, 2, 1),
    }
    assert table.sample("n", 9, 0).to_pylist() == ["1", "2", "2"]
    assert table.sample("t", 2, 3).equals(table.sample("t", 2, 3))


def test_streams_of_random_numbers_are_apart_and_the_same_again() -> None:
    draws = {name: generator(1, name).integers(1 << 60, size=3).tolist() for name in ("a", "b")}
    assert draws["a"] != draws["b"]
    assert draws["a"] == generator(1, "a").integers(1 << 60, size=3).tolist()
    assert draws["a"] != generator(2, "a").integers(1 << 60, size=3).tolist()


def test_a_budget_is_arithmetic() -> None:
    assert FixedBudget(10.0).affords(3.0) == 3
    assert FixedBudget(10.0).affords(0.0) > 10**9


def test_documents_keep_their_numbers() -> None:
    batches = list(MemoryTexts(["a", "b", "c"], private=[True, False, True]).batches(2))
    assert [b.first_record for b in batches] == [1, 3]
    assert np.concatenate([b.private for b in batches]).tolist() == [True, False, True]


def test_prices_are_those_that_were_given() -> None:
    assert MemoryBench(the_prices=shelf()).prices() == shelf()
    with pytest.raises(Silent):
        MemoryBench().prices()


def test_silence_where_nothing_is() -> None:
    bench = MemoryBench()
    for verb in (lambda: bench.texts(Role.DATA), bench.language_model, bench.classifier):
        with pytest.raises(Silent):
            verb()
    assert bench.tables(Role.DATA) == ()
    assert not bench.has(Role.DATA)


def test_languages_tokenizers_and_parallel_text() -> None:
    bench = MemoryBench()
    assert bench.languages().find("en") is not None
    assert bench.tokenizers() == ()
    with pytest.raises(Silent):
        bench.parallel_text()
    bench.the_languages = None
    with pytest.raises(Silent):
        bench.languages()


def test_numbers_of_more_digits_than_a_float_has_are_whole() -> None:
    (column,) = MemoryTable({"code": [9_440_763_695_382_450, None]}).columns
    assert (column.type, column.is_whole) == (ColumnType.NUMBER, True)


def test_nested_columns_and_those_of_categories_are_columns_too() -> None:
    table = MemoryTable({"list": [["a"], ["a"], None], "kind": pa.array(["x", "y", "x"]).dictionary_encode()})
    assert [(c.type, c.n_distinct, c.n_missing) for c in table.columns] == [
        (ColumnType.OTHER, 1, 1),
        (ColumnType.TEXT, 2, 0),
    ]
