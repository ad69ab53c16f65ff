"""An unpacked table of several row groups."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.engines.rows import Unpacked


@pytest.fixture
def unpacked(tmp_path: Path) -> Unpacked:
    n = 900
    words = [None if i % 7 == 6 else f"w{i % 50}" for i in range(n)]
    table = pa.table({"c0": pa.array(words), "c1": pa.array([i * 0.5 for i in range(n)])})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=100)
    return Unpacked(path=tmp_path / "rows.parquet", keys={"word": "c0", "number": "c1"}, texts=("c0",))
