"""Packed counts against those of the engine, over every type that is packed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables import packing
from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared
from weighbridge.probekit.ports import ClassSizes

KINDS = {
    "text": (pa.string(), st.sampled_from(["a", "", "é", "a ", "A"])),
    "whole": (pa.int64(), st.integers(-(2**62), 2**62) | st.integers(-3, 3)),
    "small": (pa.int16(), st.integers(-3, 3)),
    "real": (pa.float64(), st.sampled_from([0.0, -0.0, 1.5, -1e300, float("nan"), float("inf"), 7.25])),
    "truth": (pa.bool_(), st.booleans()),
    "day": (pa.date32(), st.dates(dt.date(1066, 1, 1), dt.date(1070, 1, 1))),
    "moment": (pa.timestamp("us"), st.sampled_from([dt.datetime(1890, 1, 1, 3), dt.datetime(2024, 2, 29)])),  # noqa: DTZ001
}
ROWS = st.integers(1, 30).flatmap(
    lambda n: st.fixed_dictionaries(
        {name: st.lists(st.none() | values, min_size=n, max_size=n) for name, (_, values) in KINDS.items()}
    )
)


def pairs(found: ClassSizes) -> list[tuple[int, int]]:
    return list(zip(found.sizes.tolist(), found.individuals.tolist(), strict=True))


def both(table: DuckTable, columns: list[str], steps: dict[str, float]) -> tuple[object, object]:
    """The packed counts and the engine's."""
    cut = [(table._column(name), steps.get(name, 0.0)) for name in columns]
    packed = packing.packed_sizes(table._unpacked.path, cut, n_rows=table.n_rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "_MOST_ROWS", 0)
        return packed and pairs(packed), pairs(table.class_sizes(columns, steps=steps))


@settings(deadline=None, max_examples=40)
@given(ROWS, st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5), st.sampled_from([0.0, 2.0, 0.3]))
def test_the_same_as_the_engine(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[object]], columns: list[str], step: float
) -> None:
    folder = tmp_path_factory.getbasetemp()
    made = pa.table({name: pa.array(rows[name], kind) for name, (kind, _) in KINDS.items()})
    pq.write_table(made, folder / "t.parquet", row_group_size=7)
    table = open_table(folder / "t.parquet", label="t", format="parquet", declared=Declared(), spill=folder)
    packed, engine = both(table, columns, {"real": step, "small": step, "text": step} if step else {})
    assert packed == engine
    table.close()


def test_more_values_than_one_number_holds_are_numbered_anew(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    columns = {f"c{n}": rng.integers(0, 5000, 20_000) for n in range(9)} | {"twice": np.arange(20_000) // 2}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    table = open_table(tmp_path / "t.parquet", label="t", format="parquet", declared=Declared(), spill=tmp_path)
    for chosen in (list(columns), ["c0", "c1"], ["twice"]):
        packed, engine = both(table, chosen, {})
        assert packed == engine
    table.close()


def test_what_is_too_large_or_of_another_kind_is_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(pa.table({"list": [[1], [1], []], "word": ["a", "b", "b"]}), tmp_path / "t.parquet")
    table = open_table(tmp_path / "t.parquet", label="t", format="parquet", declared=Declared(), spill=tmp_path)
    assert both(table, ["list", "word"], {}) == (None, [(1, 3)])
    assert both(table, [], {}) == (None, [(3, 3)])
    monkeypatch.setattr(packing, "_MOST_BYTES", 1)
    assert both(table, ["word"], {}) == (None, [(1, 1), (2, 2)])
    table.close()
