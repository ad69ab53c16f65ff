"""The probe on the engine: files as statistical offices and health agencies write them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured, NotApplicable, Outcome
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.small_cells.probe import PROBE, Settings

PEOPLE = Declared(about_people=True)


def weighed(path: Path, *, declared: Declared = PEOPLE, kind: str = "csv", **settings: int) -> Outcome:
    table = open_table(path, label=path.name, format=kind, declared=declared, spill=path.parent)
    try:
        return PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), Settings(**settings))  # type: ignore[arg-type]
    finally:
        table.close()


def kinds(outcome: Outcome) -> dict[str | None, float]:
    assert isinstance(outcome, Measured), outcome
    return {q.at("cell"): q.value for q in outcome.quantities if q.metric == "small-cells" and q.value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("county,Under 65,65 and over,Total\nA,<11,120,125\nB,70,80,150\nTotal,75,200,275\n", {None: 1, "derived": 1}),
        ("county;cases\nA;4\nB;*\nC;60\nTotal;71\n", {None: 2, "shown": 1, "derived": 1}),
        (
            "Kreis,Geschlecht,Fälle\nX,m,30\nX,w,.\nX,insgesamt,34\nY,m,9\nY,w,50\nY,insgesamt,59\n",
            {None: 2, "shown": 1, "derived": 1},
        ),
        ("год,всего,женщины,мужчины\n2019,100,60,40\n2020,110,*,106\n", {None: 1, "derived": 1}),
        ("district,patients\nA,1200\nB,15\n", {}),
    ],
)
def test_files_as_they_are_written(tmp_path: Path, text: str, expected: dict[str | None, float]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert kinds(weighed(path)) == expected


def test_nested_parquet_and_null_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rows = {
        "place": pa.array(["A", "B", "C"]),
        "more": pa.array([[1], [2, 3], None]),
        "none": pa.nulls(3),
        "patients": pa.array([4, 50, 60]),
    }
    pq.write_table(pa.table(rows), path)
    assert kinds(weighed(path, kind="parquet")) == {None: 1, "shown": 1}


def test_a_long_table_is_counted_with_a_fold(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = (f"p{n},{3 if n % 1000 == 0 else 50}" for n in range(300_000))
    path.write_text("place,patients\n" + "\n".join(lines) + "\n")
    assert kinds(weighed(path)) == {None: 300, "shown": 300}


def test_adult_is_no_table_of_counts(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("age,sex,cases\n" + "\n".join(f"{20 + n % 60},{'fm'[n % 2]},{n % 7}" for n in range(500)) + "\n")
    assert isinstance(weighed(path), NotApplicable)
