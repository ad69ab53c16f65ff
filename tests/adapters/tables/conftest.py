from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from weighbridge.adapters.tables.duck import DuckTable, open_table
from weighbridge.core.candidate import Declared

Opener = Callable[..., DuckTable]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Write bytes to a file and open them as a table; what was opened is closed, and must leave nothing behind."""
    spill = tmp_path / "spill"
    spill.mkdir()
    tables: list[DuckTable] = []

    def open_it(
        data: bytes | Path, name: str = "people.csv", kind: str = "", declared: Declared | None = None
    ) -> DuckTable:
        path = tmp_path / name if isinstance(data, bytes) else data
        if isinstance(data, bytes):
            path.write_bytes(data)
        table = open_table(
            path, label=path.name, format=kind or path.suffix[1:], declared=declared or Declared(), spill=spill
        )
        tables.append(table)
        return table

    yield open_it
    for table in tables:
        table.close()
    assert list(spill.iterdir()) == []
