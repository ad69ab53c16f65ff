"""A table of pictures is told from other tables by its first cells."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.cells import look_into_cells
from weighbridge.adapters.door import open_candidate
from weighbridge.core.candidate import Subject

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"


@pytest.mark.parametrize(
    ("values", "have_bytes", "have_media"),
    [
        ([{"bytes": JPEG, "path": "a"}], True, True),
        ([None, {"bytes": None, "path": "a"}, {"bytes": JPEG, "path": "b"}], True, True),
        ([b"\x01\x01\0\0\0"], True, False),  # a geometry, an embedding
        (["text"], False, False),
        ([[JPEG]], True, True),
    ],
)
def test_what_cells_hold(tmp_path: Path, values: list[object], *, have_bytes: bool, have_media: bool) -> None:
    pq.write_table(pa.table({"a": list(range(len(values))), "b": values}), tmp_path / "a.parquet")
    found = look_into_cells(tmp_path / "a.parquet", "parquet")
    assert (found.have_bytes, found.have_media) == (have_bytes, have_media)
    subjects = open_candidate(tmp_path).candidate.subjects
    assert (Subject.MEDIA in subjects) is have_bytes
    assert (Subject.UNREAD_DATA in subjects) is have_media  # the table is read, and what is to be seen in it is not
    assert Subject.TABLE in subjects


def test_a_table_that_cannot_be_opened_may_hold_anything(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    assert look_into_cells(tmp_path / "a.parquet", "parquet").have_bytes
    assert not look_into_cells(tmp_path / "a.parquet", "csv").have_bytes
