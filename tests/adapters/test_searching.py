from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weighbridge.adapters.searching import search
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Released
from weighbridge.core.sought import sought

WANTED = [sought("Ada Lovelace"), sought("Zoë Müller-Łuczak"), sought("+44 7700 900461")]
NOT, FIRST, ALL = frozenset[int](), frozenset({0}), frozenset({0, 1, 2})
TEXT = "x,Ada Lovelace,Zoë Müller-Łuczak,447700900461\n"


def _file(path: Path) -> Released:
    data = path.read_bytes()
    return Released(label=path.name, digest=digest_of_bytes(data), size_bytes=len(data), component=Component.DATA)


def _searched(folder: Path, name: str, data: bytes) -> frozenset[int] | None:
    path = folder / name
    path.write_bytes(data)
    return search(folder, _file(path), WANTED)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress,
}  # fmt: skip


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt", "t.md", "t.yaml", "t.toml", "t.py"])
def test_text_in_every_packing(tmp_path: Path, name: str, packing: str) -> None:
    assert _searched(tmp_path, name + packing, PACKED[packing](("a,b\n" + TEXT).encode())) == ALL
    assert _searched(tmp_path, name + packing, PACKED[packing](b"a,b\nx,y\n")) == NOT


@pytest.mark.parametrize("ascii_", [True, False])
def test_json_escapes(tmp_path: Path, ascii_: bool) -> None:
    row = json.dumps(
        {"who": "Ada\nLovelace", "and": ["Zoë Müller-Łuczak", {"tel": "+44 7700-900461"}]}, ensure_ascii=ascii_
    )
    assert _searched(tmp_path, "t.jsonl", f'{{"a": 1}}\n{row}\n'.encode()) == ALL
    assert _searched(tmp_path, "t.json", row.encode()) == ALL


def test_entities(tmp_path: Path) -> None:
    text = "<p>Ada&nbsp;Lovelace, Zo&euml; M&#252;ller-&#x141;uczak</p>"
    assert _searched(tmp_path, "t.html", f"<!DOCTYPE html><html>{text}</html>".encode()) == frozenset({0, 1})


def _parquet(path: Path, **columns: pa.Array) -> Released:
    pq.write_table(pa.table(columns), path)
    return _file(path)


@pytest.mark.parametrize(
    "columns",
    [
        {"who": ["x", "Ada Lovelace"]},
        {"first": ["Ada", "x"], "last": ["Lovelace", None]},
        {"who": [b"x", b"Ada Lovelace"]},
        {"who": [["x"], ["Ada Lovelace"]]},
        {"who": [{"name": "Ada Lovelace"}, {"name": "x"}]},
        {"who": pa.array(["x", "Ada Lovelace"]).dictionary_encode()},
        {"Ada Lovelace": [1, 2]},
    ],
)
def test_cells_of_a_parquet_file(tmp_path: Path, columns: dict[str, Any]) -> None:
    made = {name: pa.array(values) if isinstance(values, list) else values for name, values in columns.items()}
    assert search(tmp_path, _parquet(tmp_path / "t.parquet", **made), WANTED) == FIRST


def test_numbers_and_names_of_a_parquet_file(tmp_path: Path) -> None:
    names = json.dumps({"info": {"names": ["Zoë Müller-Łuczak"]}})
    table = pa.table({"tel": pa.array([1, 447700900461])}).replace_schema_metadata({"huggingface": names})
    pq.write_table(table, tmp_path / "t.parquet")
    assert search(tmp_path, _file(tmp_path / "t.parquet"), WANTED) == frozenset({1, 2})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("m.bin", b"\x00\x01\xff Ada Lovelace"),
        ("t.csv", "a,b\nZoë,1\n".encode("latin-1")),
        ("t.csv", "a,b\nAda Lovelace,1\n".encode("utf-16")),
        ("t.parquet", b"PAR1\x00\x01\xffAda LovelacePAR1"),
        ("t.zip", b"PK\x03\x04rest"),
        ("t.pdf", b"%PDF-1.4 Ada"),
        ("t.csv.gz", gzip.compress(b"a,b\n" * 999, mtime=0)[:-9]),
        ("t.pkl", b"\x80\x04\x8c\x0cAda Lovelace\x94."),
    ],
)
def test_what_cannot_be_read_is_not_called_clean(tmp_path: Path, name: str, data: bytes) -> None:
    assert _searched(tmp_path, name, data) is None


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert _searched(tmp_path, "t.txt", b"") == NOT


@pytest.mark.parametrize("before", [0, 1, 7, 13, 65536 - 9])
def test_what_stands_across_two_pieces_is_found(tmp_path: Path, before: int) -> None:
    size = (1 << 20) - before
    assert _searched(tmp_path, "t.txt", b"x " * (size // 2) + b"Ada\n\n  Lovelace" + b" y" * 999) == FIRST
    assert _searched(tmp_path, "t.txt", b"x" * size + b" Ada  Lovelace" + b" y" * 999) == FIRST


def test_what_stands_in_a_line_without_a_place_to_cut(tmp_path: Path) -> None:
    assert _searched(tmp_path, "t.txt", b"x" * (9 << 20) + b".Ada_Lovelace." + b"y" * (9 << 20)) == FIRST


def test_other_bytes_than_were_decided_on_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\nAda Lovelace,1\n")
    file = _file(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text("a,b\nAda Lovelaze,1\n")
    assert search(tmp_path, file, WANTED) == NOT
    (tmp_path / "t.csv").unlink()
    assert search(tmp_path, file, WANTED) == NOT


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("a,b\nAda Lovelace,1\n")
    file = _file(tmp_path / "u.csv")
    (tmp_path / "t.csv").symlink_to(tmp_path / "u.csv")
    linked = Released(label="t.csv", digest=file.digest, size_bytes=file.size_bytes, component=Component.DATA)
    assert search(tmp_path, linked, WANTED) == NOT


def test_one_file_by_itself(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\nAda Lovelace,1\n")
    assert search(tmp_path / "t.csv", _file(tmp_path / "t.csv"), WANTED) == FIRST
