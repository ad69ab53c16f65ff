from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import tarfile
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import feather
from safetensors.numpy import save

from weighbridge.probekit.formats import identify, identify_start, inside, is_media, is_table, is_text, may_hold_media

TABLE = pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]})
CSV = b"a,b\n1,x\n2,y\n3,z\n"


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def _tar(kind: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"hello"))
    return out.getvalue()


def _old_tar() -> bytes:
    made = bytearray(_tar(tarfile.USTAR_FORMAT))
    made[257:265] = bytes(8)
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made[:512])
    return bytes(made)


def _npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(TABLE, out)
    return out.getvalue()


def _feather() -> bytes:
    out = io.BytesIO()
    feather.write_feather(TABLE, out)
    return out.getvalue()


def _arrow_stream() -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return bytes(out.getvalue().to_pybytes())


def _by_arrow(data: bytes, codec: str) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(data)
    return bytes(out.getvalue().to_pybytes())


def _field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return bytes([number << 3, content])
    return bytes([number << 3 | 2, len(content)]) + content


NODE = _field(1, b"x") + _field(2, b"y") + _field(4, b"Identity")
ONNX = _field(1, 8) + _field(2, b"maker") + _field(7, _field(1, NODE)) + _field(8, _field(1, b"") + _field(2, 17))
SAVED_MODEL = _field(1, 1) + _field(2, _field(1, b"\x22\x05serve") + _field(2, b""))
THINGS = {"a": [1, 2.5, "x"], "b": OrderedDict(c=1)}

CASES: list[tuple[str, bytes, str]] = [
    ("m.safetensors", save({"x": np.ones((3, 3), np.float32)}, metadata={"format": "pt"}), "safetensors"),
    ("m.bin", save({}), "safetensors"),
    ("m.gguf", b"GGUF\x03\0\0\0" + bytes(16), "gguf"),
    ("m.onnx", ONNX, "onnx"),
    ("anything", ONNX, "onnx"),
    ("saved_model.pb", SAVED_MODEL, "saved-model"),
    ("renamed", SAVED_MODEL, "saved-model"),
    ("m.skops", _zip(schema_dot_json=b"{}", a_dot_npy=_npy(np.ones(2))), "skops"),
    ("m.bin", _zip(archive__data_dot_pkl=pickle.dumps(1)), "torch-zip"),
    ("m.keras", _zip(config_dot_json=b"{}", metadata_dot_json=b"{}", model_dot_weights_dot_h5=b""), "keras"),
    ("a.npz", _zip(a_dot_npy=_npy(np.ones(2))), "npz"),
    ("a.zip", _zip(a_dot_txt=b"x"), "zip"),
    ("empty.zip", _zip(), "zip"),
    ("a.whl", _zip(**{"META-INF__MANIFEST_dot_MF": b""}), "jar"),
    *((f"p{p}.pkl", pickle.dumps(THINGS, p), "pickle") for p in range(6)),
    *((f"p{p}.safetensors", pickle.dumps(THINGS, p), "pickle") for p in range(6)),
    *((f"data{p}.txt", pickle.dumps([1, 2, "x", {"y": 1.5}], p), "pickle") for p in range(6)),
    ("evil.txt", b"cos\nsystem\n(S'id'\ntR.", "pickle"),
    ("evil.csv", b"cos\nsystem\n(S'id'\ntRand,then,anything\n", "pickle"),
    ("a.npy", _npy(np.ones(3)), "npy"),
    ("named_O.npy", _npy(np.zeros(3, dtype=[("a", "<f4"), ("O", "i4")])), "npy"),
    ("o.npy", _npy(np.array([{}, 1], dtype=object)), "npy-object"),
    ("inner.npy", _npy(np.zeros(3, dtype=[("a", "<f4"), ("b", "O")])), "npy-object"),
    ("broken.npy", b"\x93NUMPY\x01\0\x10\0{'descr': '<f4", "npy-object"),
    ("m.h5", b"\x89HDF\r\n\x1a\n" + bytes(100), "hdf5"),
    ("user_block.h5", bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(100), "hdf5"),
    ("t.parquet", _parquet(), "parquet"),
    ("cut.parquet", _parquet()[:40], "parquet"),
    ("t.feather", _feather(), "arrow"),
    ("t.feather", b"FEA1" + bytes(20), "feather"),
    ("t.arrow", _arrow_stream(), "arrow-stream"),
    ("t.gz", gzip.compress(CSV, mtime=0), "gzip"),
    ("t.bz2", bz2.compress(CSV), "bzip2"),
    ("t.xz", lzma.compress(CSV), "xz"),
    ("t.lzma", lzma.compress(CSV, lzma.FORMAT_ALONE), "lzma"),
    ("t.zst", _by_arrow(CSV, "zstd"), "zstd"),
    ("t.lz4", _by_arrow(CSV, "lz4"), "lz4"),
    ("t.z", zlib.compress(CSV), "zlib"),
    ("t.tar", _tar(tarfile.USTAR_FORMAT), "tar"),
    ("t.tar", _tar(tarfile.GNU_FORMAT), "tar"),
    ("t.tar", _tar(tarfile.PAX_FORMAT), "tar"),
    ("t.tar", _old_tar(), "tar"),
    ("t.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
    ("t.rar", b"Rar!\x1a\x07\x01\0", "rar"),
    ("a.pdf", b"%PDF-1.7\n", "pdf"),
    ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
    ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "jpeg"),
    ("a.gif", b"GIF89a\x01\0\x01\0", "gif"),
    ("bare.mp3", b"\xff\xfb\x90\x64" + bytes(40), "mp3"),
    ("bare.bin", b"\xff\xfb\x90\x64" + bytes(40), "unknown"),
    ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
    ("a", b"\x7fELF\x02\x01\x01\0", "elf"),
    ("a", b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", "pe"),
    ("a", b"\xcf\xfa\xed\xfe\x07\0\0\x01", "mach-o"),
    ("a", b"\xca\xfe\xba\xbe\0\0\0\x34", "java-class"),
    ("a", b"\0asm\x01\0\0\0", "wasm"),
    ("a.pyc", b"\xa7\r\r\n" + bytes(12), "pyc"),
    ("a.py", b"import os\n", "python"),
    ("run", b"#!/usr/bin/env python3\nprint()\n", "python"),
    ("run", b"#!/bin/sh\nls\n", "shell"),
    ("run", b"#!/usr/bin/perl\n", "script"),
    ("n.ipynb", json.dumps({"cells": [], "nbformat": 4}).encode(), "notebook"),
    ("n.json", json.dumps({"cells": [], "nbformat": 4}).encode(), "notebook"),
    ("x.json", b'{"a": 1}', "json"),
    ("noname", b'{\n  "a": [1, 2]\n}\n', "json"),
    ("broken.json", b'{"a": 1', "json"),
    ("deep.json", b"[" * 60_000, "json"),
    ("big.json", json.dumps({str(n): n for n in range(20_000)}).encode(), "json"),
    ("big.json", json.dumps({str(n): n for n in range(20_000)}, indent=1).encode(), "json"),
    ("x.jsonl", b'{"a": 1}\n', "jsonl"),
    ("noname", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
    ("long.jsonl", b'{"t": "' + b"x" * 100_000 + b'"}\n', "jsonl"),
    ("x.csv", CSV, "csv"),
    ("x.dat", CSV, "csv"),
    ("x.dat", CSV.replace(b",", b";"), "csv"),
    ("x.dat", CSV.replace(b",", b"\t"), "tsv"),
    ("header.csv", b"a,b\n", "csv"),
    ("ragged.csv", b"a,b\n1\n2,3,4\n", "csv"),
    ("latin.csv", "name,town\nJos\u00e9,C\u00e1diz\n".encode("latin-1"), "csv"),
    ("wide.csv", CSV.decode().encode("utf-16"), "csv"),
    ("x.toml", b"a = 1\n", "toml"),
    ("x.yaml", b"a: 1\n", "yaml"),
    ("x", b"---\na: 1\nb: 2\n", "yaml"),
    ("README", b"---\nlicense: mit\n---\n# A model\n", "markdown"),
    ("README.md", b"A model\n", "markdown"),
    ("x", b"# A heading\n\nand text\n", "markdown"),
    ("x.html", b"<!doctype html><p>", "html"),
    ("x", b"<svg xmlns='x'></svg>", "svg"),
    ("x", b"<?xml version='1.0'?><a/>", "xml"),
    ("poem.txt", b"red, green\nblue, grey\nbrown, black\n", "text"),
    ("codes.txt", b"I10\nI25\nI30\n" * 30_000, "text"),
    ("x", "Voil\u00e0 du texte.\n".encode(), "text"),
    ("heading.rst", b"PARENT_DIRECTORY\n----------------\n", "text"),
    ("tags.txt", b"ID3 tags are what it reads.\n", "text"),
    ("almost.tar", b"x" * 148 + b"0     20" + b"y" * 400, "text"),
    ("merges.spm", b"\x0a\x0a\x0a\x03<s>\x15\0\0\0\0" * 4, "sentencepiece"),
    ("nothing", b"", "empty"),
    ("noise", np.random.default_rng(0).bytes(5000), "unknown"),
]


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[f"{n}-{e}-{i}" for i, (n, _, e) in enumerate(CASES)])
def test_content_tells_the_format(name: str, data: bytes, expected: str) -> None:
    stream = io.BytesIO(data)
    assert identify(stream, name) == expected
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("format_", "name", "is_one", "may_be"),
    [
        ("jpeg", "a.jpg", True, True), ("zip", "a.zip", False, True), ("parquet", "a.parquet", False, False),
        ("unknown", "a.jxl", False, True), ("unknown", "a.bin", False, False), ("csv", "a.jpg", False, False),
        ("safetensors", "m.safetensors", False, False),
    ],
)  # fmt: skip
def test_what_may_hold_pictures(format_: str, name: str, *, is_one: bool, may_be: bool) -> None:
    assert (is_media(format_), may_hold_media(format_, name)) == (is_one, may_be)


def test_a_database_is_one(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("create table t (a)")
    connection.commit()
    connection.close()
    assert identify(io.BytesIO((tmp_path / "x.db").read_bytes()), "x.csv") == "sqlite"


@pytest.mark.parametrize("name", ["m.safetensors", "config.json", "README.md", "x.csv", "a.png", "tokenizer.json", "x"])
def test_no_name_hides_a_pickle(name: str) -> None:
    for protocol in range(6):
        assert identify(io.BytesIO(pickle.dumps(THINGS, protocol)), name) == "pickle"


@pytest.mark.parametrize(
    ("name", "packed", "compression"),
    [
        ("x.csv.gz", gzip.compress(CSV, mtime=0), "gzip"),
        ("x.csv.bz2", bz2.compress(CSV), "bzip2"),
        ("x.csv.xz", lzma.compress(CSV), "xz"),
        ("x.csv.zst", _by_arrow(CSV, "zstd"), "zstd"),
        ("x.csv.lz4", _by_arrow(CSV, "lz4"), "lz4"),
        ("x.csv", zlib.compress(CSV), "zlib"),
        ("big.csv.gz", gzip.compress(CSV * 100_000, mtime=0), "gzip"),
        ("big.csv.bz2", bz2.compress(CSV * 100_000), "bzip2"),
        ("big.csv.xz", lzma.compress(CSV * 100_000), "xz"),
        ("big.csv.zst", _by_arrow(CSV * 100_000, "zstd"), "zstd"),
    ],
    ids=lambda value: value if isinstance(value, str) else "packed",  # packed bytes hold the time they were packed
)
def test_one_layer_of_compression_is_looked_through(name: str, packed: bytes, compression: str) -> None:
    stream = io.BytesIO(packed)
    found = inside(stream, name)
    assert (found.format, found.compression) == ("csv", compression)
    assert stream.tell() == 0


def test_a_packed_pickle_is_a_pickle_inside() -> None:
    for pack in (gzip.compress, bz2.compress, lzma.compress, zlib.compress):
        assert inside(io.BytesIO(pack(pickle.dumps(THINGS))), "model.joblib").format == "pickle"


def test_what_is_not_packed_has_no_compression() -> None:
    found = inside(io.BytesIO(CSV), "x.csv")
    assert (found.format, found.compression) == ("csv", "")


def test_what_cannot_be_unpacked_is_unknown_inside() -> None:
    assert inside(io.BytesIO(b"\x1f\x8b" + bytes(40)), "x.gz").format == "unknown"


def test_archives_in_compression_are_told() -> None:
    assert inside(io.BytesIO(gzip.compress(_tar(tarfile.PAX_FORMAT), mtime=0)), "x.tgz").format == "tar"


class Once(io.RawIOBase):
    """Bytes that come once, few at a time."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 7) if size > 0 else size)


def test_a_stream_that_cannot_seek_is_told_too() -> None:
    assert identify(Once(CSV), "x.csv") == "csv"  # type: ignore[arg-type]  # what a member of an archive is like
    assert identify(Once(pickle.dumps(THINGS)), "x.csv") == "pickle"  # type: ignore[arg-type]  # likewise


def test_the_start_alone_tells_it() -> None:
    assert identify_start(CSV, "x", is_whole=True) == "csv"
    assert identify_start(b"", "x", is_whole=True) == "empty"


def test_tables_and_texts() -> None:
    assert [f for f in ("csv", "tsv", "parquet", "jsonl", "arrow", "feather") if not is_table(f)] == []
    assert [f for f in ("text", "markdown", "jsonl", "parquet", "csv") if not is_text(f)] == []
    assert [f for f in ("pickle", "json", "zip", "png", "unknown", "") if is_table(f) or is_text(f)] == []


KNOWN = sorted({case[2] for case in CASES})


@given(
    st.binary(max_size=400), st.sampled_from(["x", "x.csv", "x.json", "x.pb", "x.npy", "a/b.tar.gz", "x.safetensors"])
)
@example(b"\x93NUMPY\x01\0\x06\0'\\d+':", "x.npy")
def test_random_bytes_never_raise(data: bytes, name: str) -> None:
    assert identify(io.BytesIO(data), name)
    assert inside(io.BytesIO(data), name).format


@given(st.sampled_from(CASES), st.data())
def test_mutated_files_never_raise(case: tuple[str, bytes, str], data: st.DataObject) -> None:
    name, good, _ = case
    bad = bytearray(good[:4096])
    for _ in range(data.draw(st.integers(0, 6))):
        if bad:
            bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    assert identify(io.BytesIO(bytes(bad)), name)
    assert inside(io.BytesIO(bytes(bad)), name).format


XGBOOST = {
    "learner": {
        "attributes": {}, "feature_names": ["a"], "feature_types": [], "gradient_booster": {"model": {}},
        "learner_model_param": {"num_feature": "1"}, "objective": {"name": "binary:logistic"},
    },
    "version": [3, 2, 0],
}  # fmt: skip
LIGHTGBM = b"tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"


def _without(*path: str) -> bytes:
    changed = json.loads(json.dumps(XGBOOST))
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return json.dumps(changed).encode()


@pytest.mark.parametrize("space", [(",", ":"), (", ", ": ")])
def test_native_models_of_boosting_are_known(space: tuple[str, str]) -> None:
    text = json.dumps(XGBOOST, separators=space).encode()
    for name in ("m.json", "m.txt", "m"):
        assert identify(io.BytesIO(text), name) == "xgboost"
        assert identify(io.BytesIO(LIGHTGBM), name) == "lightgbm"
    long = text.replace(b'["a"]', json.dumps([f"column {n}" for n in range(20_000)]).encode())
    assert identify(io.BytesIO(long), "m.json") == "xgboost"
    binary = b"{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0\0\0\0\nattributes{}}"
    assert identify(io.BytesIO(binary), "m.ubj") == "xgboost"
    assert not is_table("xgboost")
    assert not is_text("lightgbm")


@pytest.mark.parametrize(
    "content",
    [
        _without("version"),
        _without("learner", "objective"),
        _without("learner", "gradient_booster"),
        _without("learner", "attributes"),
        json.dumps(XGBOOST).encode().replace(b"learner", b"learned", 1),
        json.dumps({"learner": [1], "version": [1]}).encode(),
        b'{"learner": {"attributes": {}}, "learner": 1, "version": []}',
        json.dumps({"a": 1}).encode(),
    ],
)
def test_other_json_stays_json(content: bytes) -> None:
    assert identify(io.BytesIO(content), "config.json") == "json"


@pytest.mark.parametrize("content", [b"tree\n", b"tree\nversion=v4\nother\n", LIGHTGBM[1:], b"a " + LIGHTGBM])
def test_other_text_stays_text(content: bytes) -> None:
    assert identify(io.BytesIO(content), "notes.txt") == "text"
