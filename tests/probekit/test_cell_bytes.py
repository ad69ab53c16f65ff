"""Bytes are found wherever cells hold them, and nothing else is read."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from weighbridge.probekit.cell_bytes import bytes_in_cells

TABLE = pa.table({
    "plain": pa.array([b"1", None, b"2"], pa.binary()), "large": pa.array([b"3", b"", None], pa.large_binary()),
    "nested": [{"bytes": b"4", "path": "p"}, None, {"bytes": None, "path": "q"}],
    "lists": [[b"5", b"6"], [], None], "deep": [[{"x": {"y": b"7"}}], [], []], "text": ["no", "no", "no"],
    "coded": pa.array([b"8", b"8", None]).dictionary_encode(),
})  # fmt: skip
ALL = sorted([b"1", b"2", b"3", b"", b"4", b"5", b"6", b"7", b"8", b"8"])


def written(form: str) -> io.BytesIO:
    made = io.BytesIO()
    if form == "parquet":
        pq.write_table(TABLE, made)
    elif form == "feather":
        feather.write_feather(TABLE, made, version=2)
    else:
        opened: Any = pa.ipc.new_file if form == "arrow" else pa.ipc.new_stream
        with opened(made, TABLE.schema) as writer:
            writer.write_table(TABLE)
    return made


@pytest.mark.parametrize("form", ["parquet", "arrow", "arrow-stream", "feather"])
def test_all_bytes_are_found(form: str) -> None:
    assert sorted(bytes_in_cells(written(form), form)) == ALL


def test_what_is_no_table_raises() -> None:
    with pytest.raises((pa.ArrowException, OSError, ValueError)):
        list(bytes_in_cells(io.BytesIO(b"PAR1 and no more"), "parquet"))
