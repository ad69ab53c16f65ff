"""The probe on the engine and on real rows: Adult cut into lists of different people, and of the same in part."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, Quantity
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.linkage.probe import PROBE, Settings

DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "adult"
NAMES = ["age", "workclass", "fnlwgt", "education", "years", "marital", "occupation", "relationship", "race", "sex", "gain",
         "loss", "hours", "country", "salary"]  # fmt: skip
KNOWN = ["age", "education", "marital", "occupation", "race", "sex", "hours", "country"]
Open = Callable[[pl.DataFrame, str], DuckTable]


@pytest.fixture(scope="module")
def adult() -> pl.DataFrame:
    path = DATA / "adult.data.gz"
    if not path.exists():
        pytest.skip("Adult is not on this machine; WEIGHBRIDGE_DATA names the folder of the shared data")
    rows = pl.read_csv(path, has_header=False, new_columns=NAMES)
    return rows.sample(fraction=1, shuffle=True, seed=1)


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def make(rows: pl.DataFrame, name: str) -> DuckTable:
        path = tmp_path / name
        rows.write_csv(path) if name.endswith(".csv") else rows.write_parquet(path)
        kind = path.suffix.removeprefix(".")
        return open_table(path, label=name, format=kind, declared=Declared(about_people=True), spill=tmp_path)

    return make


def weighed(ours: DuckTable, theirs: DuckTable) -> dict[tuple[str, str | None], Quantity]:
    outcome = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (ours,), Role.POPULATION: (theirs,)}), Settings())
    assert isinstance(outcome, Measured)
    return {(q.metric, q.at("with")): q for q in outcome.quantities}


def test_lists_of_different_people_are_not_linked(adult: pl.DataFrame, opened: Open) -> None:
    """Thousands stand alone in both halves and meet, and all of that is chance, though the columns go together."""
    ours = opened(adult.head(8000).select(*KNOWN, "salary"), "ours.csv")
    theirs = opened(adult.slice(8000, 8000).select(*KNOWN, "gain"), "theirs.parquet")
    found = weighed(ours, theirs)
    assert found["chance-matches", "public"].value > 100
    assert found["matched-people", "public"].low == 0


def test_the_same_people_are_found_and_counted_as_an_exact_join_counts_them(adult: pl.DataFrame, opened: Open) -> None:
    left, right = adult.head(6000).select(*KNOWN, "salary"), adult.slice(2000, 6000).select(*KNOWN, "gain")
    found = weighed(opened(left, "ours.csv"), opened(right, "theirs.parquet"))
    alone = [rows.group_by(KNOWN).len().filter(pl.col("len") == 1) for rows in (left, right)]
    met = alone[0].join(alone[1], on=KNOWN).height
    both = adult.slice(2000, 4000).select(KNOWN).join(alone[0], on=KNOWN).join(alone[1], on=KNOWN).height
    matched = found["matched-people", "public"]
    assert both <= met
    assert matched.low <= both <= matched.high
    assert matched.low > 0.9 * both


def test_nested_cells_and_odd_types_are_no_keys(tmp_path: Path) -> None:
    rows = {
        "nested": pa.array([[{"mail": "a"}], [], None] * 20), "coded": pa.array(["x", "y", None] * 20).dictionary_encode(),
        "who": pa.array([f"w{n}" for n in range(60)]), "bytes": pa.array([b"\xff"] * 60), "none": pa.nulls(60),
        "half": pa.array(np.arange(60), pa.float16()),
    }  # fmt: skip
    tables = []
    for name in ("a.parquet", "b.parquet"):
        pq.write_table(pa.table({**rows, f"extra {name}": pa.array(range(60))}), tmp_path / name)
        tables.append(
            open_table(
                tmp_path / name, label=name, format="parquet", declared=Declared(about_people=True), spill=tmp_path
            )
        )
    found = weighed(tables[0], tables[1])
    assert found["matched-people", "public"].low > 45
