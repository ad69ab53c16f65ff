from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables import streams
from weighbridge.adapters.tables.streams import DataFile, lines, open_bytes, open_seekable, open_text
from weighbridge.core.errors import Outside, Unusable

ROWS = "".join(f"{n},grüße\n" for n in range(5000)).encode()


def pack(data: bytes, how: str) -> bytes:
    if how in ("gz", "bz2", "xz"):
        return {"gz": gzip.compress(data, mtime=0), "bz2": bz2.compress(data), "xz": lzma.compress(data)}[how]
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, {"zst": "zstd", "lz4": "lz4"}[how]) as out:
        out.write(data)
    return bytes(sink.getvalue())


def data_file(path: Path, kind: str = "csv") -> DataFile:
    return DataFile(path=path, label=path.name, format=kind)


def read_text(path: Path) -> bytes:
    with open_text(data_file(path)) as stream:
        return stream.read()


@pytest.mark.parametrize("how", ["gz", "bz2", "xz", "zst", "lz4"])
def test_reads_what_was_packed_and_tells_where_it_breaks_off(tmp_path: Path, how: str) -> None:
    path = tmp_path / f"rows.csv.{how}"
    packed = pack(ROWS, how)
    path.write_bytes(packed)
    assert read_text(path) == ROWS
    with open_seekable(data_file(path), spill=tmp_path) as whole:
        whole.seek(10)
        assert whole.read(5) == ROWS[10:15]
    path.write_bytes(packed + packed)  # two streams in one file are one text
    assert read_text(path) == ROWS + ROWS
    path.write_bytes(packed[: len(packed) * 3 // 4])
    with pytest.raises(Unusable, match="breaks off or is damaged after"):
        read_text(path)


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_UNPACKED_BYTES", 4 << 20)
    path = tmp_path / "bomb.csv.bz2"
    path.write_bytes(bz2.compress(bytes(64 << 20)))
    with pytest.raises(Unusable, match="decompression bombs"):
        read_text(path)


def test_xz_that_wants_all_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.csv.xz"
    path.write_bytes(lzma.compress(ROWS, preset=9))
    assert read_text(path) == ROWS
    monkeypatch.setattr(streams, "_XZ_MEMORY", 1 << 20)  # preset 9 asks for 65 times as much
    with pytest.raises(Unusable, match="is damaged after 0"):
        read_text(path)


def test_a_packing_that_is_not_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.z"
    path.write_bytes(zlib.compress(ROWS))
    with pytest.raises(Unusable, match="packed as zlib"):
        read_text(path)


@pytest.mark.parametrize(
    ("data", "offset", "line"),
    [
        (b"name\nJos\xe9\n", 8, 2),
        (b"\xff", 0, 1),
        (b"a\n\n\xc3", 3, 3),  # ends in the middle of a character
        (b"\xef\xbb\xbfa\n\x80", 5, 2),
        (b"x" * (1 << 20) + b"\xc3\x28", 1 << 20, 1),
        (b"x" * ((1 << 20) - 1) + b"\xc3\x28", (1 << 20) - 1, 1),  # a character over the border of two reads
    ],
)
def test_tells_where_it_is_not_utf8(tmp_path: Path, data: bytes, offset: int, line: int) -> None:
    path = tmp_path / "people list.csv"
    path.write_bytes(data)
    with pytest.raises(Unusable) as caught:
        read_text(path)
    assert f"byte {offset} (line {line})" in caught.value.why
    assert caught.value.fix.endswith("iconv -f WINDOWS-1252 -t UTF-8 'people list.csv' > 'people list-utf8.csv'")
    assert "Jos" not in str(caught.value)


def test_utf16_is_told(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name\nJosé\n".encode("utf-16"))
    with pytest.raises(Unusable, match="iconv -f UTF-16 -t UTF-8"):
        read_text(path)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_utf8_comes_through_whole(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.encode())
    assert read_text(path) == text.removeprefix("\ufeff").encode()


def test_a_line_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE_BYTES", 1000)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"short\n" + b"x" * 1001 + b"\n")
    with open_text(data_file(path)) as stream, pytest.raises(Unusable, match="line 2 is longer"):
        list(lines(stream, "rows.jsonl"))


def test_what_is_missing_or_forbidden_is_outside(tmp_path: Path) -> None:
    with pytest.raises(Outside, match="No such file"):
        open_bytes(data_file(tmp_path / "gone.csv"))
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    path = tmp_path / "mine.csv"
    path.write_bytes(b"a\n1\n")
    path.chmod(0)
    with pytest.raises(Outside, match="Permission"):
        open_bytes(data_file(path))
