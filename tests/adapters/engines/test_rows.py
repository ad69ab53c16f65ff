import pyarrow as pa

from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.probekit.folds import ROW


def test_every_row_comes_once_with_its_number(unpacked: Unpacked) -> None:
    groups = range(len(unpacked.starts) - 1)
    assert len(groups) > 3
    table = pa.Table.from_batches(unpacked.batches(("word", ROW), groups))
    assert table[ROW].to_pylist() == list(range(1, table.num_rows + 1))
    assert table["word"][6].as_py() is None
    assert table["word"].type == pa.string()


def test_rows_without_columns_are_still_numbered(unpacked: Unpacked) -> None:
    starts = unpacked.starts
    (batch,) = unpacked.batches((ROW,), [1])
    assert batch.column(0).to_pylist() == list(range(starts[1], starts[2]))
