"""Every way that we know to hide code in a file, and files that look as if they did and do not."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, Quantity
from weighbridge.probekit.archives import leaves_folder
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.artefact_safety.probe import Settings, measure


class Command:
    """Runs when loaded."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("never",))


EVIL = pickle.dumps(Command())
TENSORS = save({"w": np.ones((4, 4), np.float32)}, metadata={"format": "pt"})


DEFAULT = Settings()


def look(files: dict[str, bytes], roles: dict[str, Role] | None = None, bounds: Settings = DEFAULT) -> Measured:
    outcome = measure(MemoryBench(files=files, roles=roles or {}), bounds)
    assert isinstance(outcome, Measured)
    return outcome


def of(measured: Measured, metric: str) -> Quantity:
    return next(q for q in measured.quantities if q.metric == metric and not q.by)


def kinds(data: bytes, name: str = "file", role: Role = Role.WEIGHTS) -> set[str]:
    measured = look({name: data}, {name: role})
    found = {q.by[0][1] for q in measured.quantities if q.metric == "code-bearing-files" and q.by}
    assert of(measured, "code-bearing-files").value == bool(found)
    return found


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def linked(target: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("sub/link")
        member.type, member.linkname = tarfile.SYMTYPE, target
        archive.addfile(member)
    return out.getvalue()


def unlisted(data: bytes) -> bytes:
    """A zip archive with a file before the first one that it lists."""
    hidden, rest = zipped({"hidden": data}, zipfile.ZIP_STORED), zipped({"a.txt": b"hello"})
    return hidden[: hidden.find(b"PK\x01\x02")] + rest


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def parquet(**columns: list[object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return bytes([number << 3, content])
    key = bytes([number << 3 | 2]) if number < 16 else bytes([(number & 15) << 3 | 2 | 0x80, number >> 4])
    length, out = len(content), b""
    while length > 0x7F:
        out, length = out + bytes([length & 0x7F | 0x80]), length >> 7
    return key + out + bytes([length]) + content


def onnx(domain: str = "", *, location: str = "", functions: bytes = b"", inner: bytes = b"") -> bytes:
    node = field(1, b"x") + field(2, b"y") + field(4, b"Op") + field(7, domain.encode()) + inner
    tensor = field(8, b"w") + (field(13, field(1, b"location") + field(2, location.encode())) if location else b"")
    graph = field(1, node) + field(5, tensor) + field(2, b"g")
    return field(1, 8) + field(2, b"maker") + field(7, graph) + field(8, field(1, b"") + field(2, 17)) + functions


def schema(module: str, name: str, loader: str = "ObjectNode") -> bytes:
    node = {"__class__": name, "__module__": module, "__loader__": loader, "content": None}
    return zipped({"schema.json": json.dumps({**node, "protocol": 2}).encode(), "1.npy": npy(np.ones(2))})


def with_bytes_behind(data: bytes) -> bytes:
    return bytes(TENSORS) + data


def with_remark(text: str) -> bytes:
    return bytes(save({"w": np.ones(2, np.float32)}, metadata={"note": text}))


CSV = b"id,name\n1,ann\n2,bob\n3,cy\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
LONG_PICKLE = pickle.dumps(["x" * 5000, Command()])

HOSTILE: list[tuple[str, str, bytes, str]] = [
    *((f"a pickle of protocol {p} called tensors", "m.safetensors", pickle.dumps(Command(), p), "pickle") for p in range(6)),
    ("a pickle that holds nothing but numbers", "m.pkl", pickle.dumps([1, 2, 3]), "pickle"),
    ("a pickle that breaks off after its call", "m.txt", b"cos\nsystem\n(S'id'\ntR\xff\xff", "pickle"),
    ("a pickle that cannot be followed", "m.pkl", b"\x80\x04\x95" + b"\xff" * 30, "pickle"),
    ("a model saved by torch", "m.bin", zipped({"archive/data.pkl": EVIL, "archive/data/0": bytes(64)}), "pickle"),
    ("a model saved by torch, stored", "m.bin", zipped({"archive/data.pkl": EVIL}, zipfile.ZIP_STORED), "pickle"),
    ("a joblib file", "m.joblib", zlib.compress(EVIL), "pickle"),
    ("an array of objects", "a.npy", npy(np.array([Command()], dtype=object)), "pickle"),
    ("an array of objects among arrays", "a.npz", zipped({"a.npy": npy(np.array([{}], dtype=object))}), "pickle"),
    ("a pickle in a zip", "a.zip", zipped({"docs/readme.txt": EVIL}), "pickle"),
    ("a pickle in gz in tar in zip", "a.zip", zipped({"x.tar": tarred({"y.gz": gzip.compress(EVIL, mtime=0)})}), "pickle"),
    ("a pickle in xz", "a.csv.xz", lzma.compress(EVIL), "pickle"),
    ("a pickle in bz2 in a second stream", "a.bz2", bz2.compress(b"\x80\x02") + bz2.compress(EVIL[2:]), "pickle"),
    ("a pickle in zstd", "a.zst", pa.compress(EVIL, codec="zstd", asbytes=True), "pickle"),
    ("a pickle in an old tar", "a.tar", tarred({"d": EVIL}, tarfile.USTAR_FORMAT), "pickle"),
    ("a pickle under a long name", "a.tar", tarred({"n" * 300: EVIL}, tarfile.GNU_FORMAT), "pickle"),
    ("a pickle before a zip", "a.bin", EVIL + zipped({"a.txt": b"x"}), "pickle"),
    ("a zip with a pickle behind a picture", "a.png", PNG + zipped({"data.pkl": EVIL}), "pickle"),
    ("a zip with a pickle behind tensors", "m.safetensors", with_bytes_behind(zipped({"data.pkl": EVIL})), "pickle"),
    ("a zip with a pickle behind a table", "t.csv", CSV + zipped({"x": EVIL}), "pickle"),
    ("a pickle behind tensors", "m.safetensors", with_bytes_behind(EVIL), "hidden"),
    ("a text pickle behind tensors", "m.safetensors", with_bytes_behind(pickle.dumps(Command(), 0)), "hidden"),
    ("a program behind tensors", "m.safetensors", with_bytes_behind(b"\x7fELF\x02\x01\x01" + bytes(40)), "hidden"),
    ("a pickle in the remarks of tensors", "m.safetensors", with_remark(pickle.dumps(Command(), 0).decode()), "hidden"),
    ("a packed pickle in the remarks", "m.safetensors", with_remark("gASVHQAAAAAAAACMCGJ1aWx0aW5zlIwFcHJpbnSUk5SMAWGUhZRSlC4="), "hidden"),
    ("a pickle behind a picture", "a.png", PNG + EVIL, "hidden"),
    ("a pickle deep in a picture", "a.png", PNG + bytes(3_000_000) + LONG_PICKLE + bytes(10), "hidden"),
    ("a pickle that the list of contents leaves out", "a.zip", unlisted(EVIL), "hidden"),
    ("a pickle in a zip by bzip2", "a.zip", zipped({"a": EVIL}, zipfile.ZIP_BZIP2), "pickle"),
    ("a pickle behind an array", "a.npy", npy(np.ones(3)) + EVIL, "hidden"),
    ("a program", "data.csv", b"\x7fELF\x02\x01\x01" + bytes(100), "program"),
    ("a Windows program", "data.csv", b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", "program"),
    ("Java in a zip", "a.zip", zipped({"A": b"\xca\xfe\xba\xbe\0\0\0\x34"}), "program"),
    ("bytecode", "x.pyc", b"\xa7\r\r\n" + bytes(12), "program"),
    ("WebAssembly", "m.bin", b"\0asm\x01\0\0\0", "program"),
    ("a script by its name", "modeling.py", b"import os\n", "script"),
    ("a script by its first line", "notes.txt", b"#!/usr/bin/env python\nprint()\n", "script"),
    ("a document with macros", "a.docx", zipped({"[Content_Types].xml": b"<a/>", "word/vbaProject.bin": b"x"}), "script"),
    ("a PDF that acts", "a.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>", "script"),
    ("a saved graph", "saved_model.pb", field(1, 1) + field(2, field(1, b"\x22\x05serve")), "operators"),
    ("a graph with foreign operators", "m.onnx", onnx("evil.ops"), "operators"),
    ("foreign operators in a branch", "m.onnx", onnx(inner=field(5, field(6, field(1, field(4, b"O") + field(7, b"evil"))))), "operators"),
    ("a graph with foreign operators it half defines", "m.onnx", onnx("own", functions=field(25, field(1, b"Other") + field(10, b"own"))), "operators"),
    ("a graph that points outside", "m.onnx", onnx(location="../../etc/passwd"), "escaping-path"),
    ("a graph that points to the root", "m.onnx", onnx(location="/etc/passwd"), "escaping-path"),
    ("a Keras lambda", "m.keras", zipped({"config.json": b'{"class_name": "Lambda"}', "metadata.json": b"{}", "model.weights.h5": b""}), "operators"),
    ("a Keras layer from anywhere", "m.keras", zipped({"config.json": b'{"module": "os", "class_name": "system"}', "metadata.json": b"{}", "model.weights.h5": b""}), "operators"),
    ("a Keras lambda in HDF5", "m.h5", b"\x89HDF\r\n\x1a\n" + bytes(100) + b'{"class_name": "Lambda"}', "operators"),
    ("a skops file with a foreign type", "m.skops", schema("evil.module", "Thing"), "types"),
    ("a skops file with a function", "m.skops", schema("os", "system", "FunctionNode"), "types"),
    ("a skops file that loads", "m.skops", schema("numpy", "load", "FunctionNode"), "types"),
    ("a skops file with a method", "m.skops", schema("sklearn.pipeline", "Pipeline", "MethodNode"), "types"),
    ("YAML that builds", "a.yaml", b"a: !!python/object/apply:os.system ['id']\n", "types"),
    ("code from elsewhere", "config.json", json.dumps({"auto_map": {"AutoModel": "who/what--modeling.Model"}}).encode(), "remote-code"),
    ("a path out of a zip", "a.zip", zipped({"../../.bashrc": b"x"}), "escaping-path"),
    ("a path out of a tar", "a.tar", tarred({"/etc/cron.d/x": b"x"}), "escaping-path"),
    ("a path with backslashes", "a.zip", zipped({"..\\x": b"x"}), "escaping-path"),
    ("a link out of a tar", "a.tar", linked("../../etc/passwd"), "escaping-path"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "kind"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_code_is_found(name: str, data: bytes, kind: str) -> None:
    assert kind in kinds(data, name)


def _bomb() -> bytes:
    data = bytes(20_000_000)
    return zipped({f"{n}.txt": data for n in range(20)})


def _encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": b"x" * 100}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _nested(depth: int) -> bytes:
    data = EVIL
    for n in range(depth):
        data = zipped({f"{n}.zip": data})
    return data


UNREADABLE: list[tuple[str, str, bytes, Settings]] = [
    ("more comes out than is allowed", "a.zip", _bomb(), Settings(unpack_mib=10)),
    ("a gzip of nothing, for ever", "a.gz", gzip.compress(bytes(50_000_000), mtime=0), Settings(unpack_mib=5, unpack_ratio=10)),
    ("too many files", "a.zip", zipped({str(n): b"" for n in range(50)}), Settings(entries=10)),
    ("a bomb packed otherwise", "a.zip", zipped({"a": bytes(50_000_000)}, zipfile.ZIP_BZIP2), Settings(unpack_mib=5)),
    ("packed by a method we do not unpack", "a.zip", zipped({"a": EVIL}, zipfile.ZIP_LZMA), DEFAULT),
    ("encrypted", "a.zip", _encrypted(), DEFAULT),
    ("deeper than we go", "a.zip", _nested(9), DEFAULT),
    ("cut off zip", "a.zip", zipped({"a.txt": b"x" * 1000})[:-30], DEFAULT),
    ("cut off gzip", "a.csv.gz", gzip.compress(CSV * 1000, mtime=0)[:-20], DEFAULT),
    ("cut off tar", "a.tar", tarred({"a": b"x" * 5000})[:3000], DEFAULT),
    ("cut off tensors", "m.safetensors", TENSORS[:30], DEFAULT),
    ("cut off table", "t.parquet", parquet(a=[1, 2, 3])[:-9], DEFAULT),
    ("an archive we have no reader for", "a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), DEFAULT),
    ("a sum that is wrong", "a.tar", b"\1" + tarred({"a": b"x", "b": b"y"})[1:512] + tarred({"b": b"y"})[:512] + b"x" * 512, DEFAULT),
    ("a graph of garbage", "m.onnx", onnx()[:-30] + b"\xff" * 40, DEFAULT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "bounds"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_what_cannot_be_read_is_neither_clean_nor_condemned(name: str, data: bytes, bounds: Settings) -> None:
    quantity = of(look({name: data}, bounds=bounds), "code-bearing-files")
    unknown = of(look({name: data}, bounds=bounds), "unknown-files")
    assert quantity.value == 0
    assert quantity.high == 1 or unknown.value == 1


def test_what_is_behind_a_broken_part_is_still_read() -> None:
    members = {"broken.gz": gzip.compress(CSV * 100, mtime=0)[:-9], "evil": EVIL}
    assert kinds(tarred(members), "a.tar") == {"pickle"}
    assert kinds(zipped(members), "a.zip") == {"pickle"}


HARMLESS: list[tuple[str, bytes]] = [
    ("m.safetensors", TENSORS),
    ("empty.safetensors", save({})),
    ("scalars.safetensors", save({"a": np.array(1.0), "b": np.zeros((0, 3)), "c": np.ones(7, np.int8)})),
    ("m.gguf", b"GGUF\x03\0\0\0" + bytes(64)),
    ("m.onnx", onnx("ai.onnx.ml")),
    ("own.onnx", onnx("own", functions=field(25, field(1, b"Op") + field(10, b"own")))),
    ("external.onnx", onnx(location="weights.bin")),
    ("m.skops", schema("sklearn.linear_model._logistic", "LogisticRegression")),
    ("log.skops", schema("numpy", "log1p", "FunctionNode")),
    ("m.keras", zipped({"config.json": b'{"module": "keras.layers", "class_name": "Dense"}', "metadata.json": b"{}", "model.weights.h5": b""})),
    ("a.npy", npy(np.ones(10))),
    ("a.npz", zipped({"a.npy": npy(np.ones(3)), "b.npy": npy(np.array(["x", "y"]))})),
    ("t.parquet", parquet(a=[1, 2], b=["x", None], c=[["u"], ["v", "w"]], d=[{"k": "v"}, None])),
    ("t.csv", CSV),
    ("t.csv.gz", gzip.compress(CSV, mtime=0) + gzip.compress(CSV, mtime=0)),
    ("t.csv.xz", lzma.compress(CSV)),
    ("t.csv.zst", pa.compress(CSV, codec="zstd", asbytes=True)),
    ("t.jsonl", b'{"text": "hello"}\n' * 10),
    ("config.json", b'{"architectures": ["GPT2LMHeadModel"], "auto_map": {"AutoConfig": "configuration.Config"}}'),
    ("a.yaml", b"a: 1\nb: [1, 2]\n"),
    ("a.toml", b"a = 1\n"),
    ("README.md", b"# A model\n\nLoad it with `pickle.load`? No: cos\nsystem\n"),
    ("a.png", PNG),
    ("a.pdf", b"%PDF-1.7\n/JavaScriptFont"),
    ("a.zip", zipped({"a.csv": CSV, "b/": b"", "b/c.json": b"{}", "./d.txt": b"hello"})),
    ("a.tar.gz", gzip.compress(tarred({"a.csv": CSV, "n" * 200 + ".json": b"{}"}), mtime=0)),
    ("in.tar", linked("../a.csv")),
    ("empty", b""),
    ("merges.txt", b"#version: 0.2\nc o\nn s\n(S 'id'\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), HARMLESS, ids=[name for name, _ in HARMLESS])
def test_harmless_files_are_clean(name: str, data: bytes) -> None:
    measured = look({name: data})
    for quantity in measured.quantities:
        assert (quantity.metric, quantity.value, quantity.high) == (quantity.metric, 0, 0)


def test_scripts_are_expected_in_code_and_pickles_are_not() -> None:
    assert kinds(b"import os\n", "run.py", Role.CODE) == set()
    assert kinds(b"#!/bin/sh\n", "run", Role.RECIPE) == set()
    assert kinds(EVIL, "run.py", Role.CODE) == {"pickle"}
    assert kinds(b"\x7fELF" + bytes(50), "run", Role.CODE) == {"program"}


def test_formats_off_the_list_are_said() -> None:
    measured = look({"x.dat": np.random.default_rng(0).bytes(3000), "page.html": b"<!doctype html>", "t.csv": CSV})
    assert of(measured, "unknown-files").value == 2
    assert of(measured, "code-bearing-files").value == 0
    assert any("x.dat" in str(note) for note in measured.notes)


def test_bytes_that_belong_to_no_tensor_are_said() -> None:
    assert of(look({"m.safetensors": with_bytes_behind(b"more")}), "unknown-files").value == 1


def test_files_are_counted_and_not_findings() -> None:
    measured = look({"a.zip": zipped({"1": EVIL, "2": EVIL}), "b.pkl": EVIL, "c.csv": CSV})
    quantity = of(measured, "code-bearing-files")
    assert (quantity.value, quantity.n, quantity.n_of, quantity.confidence) == (2, 3, "file", 1.0)


def test_both_opinions_are_told() -> None:
    notes = [str(note) for note in look({"a.pkl": b"cos\nsystem\n(S'id'\ntR.", "b.pkl": pickle.dumps([1])}).notes]
    assert "of 2 pickles, 1 import more than numbers need, 1 what picklescan knows from attacks" in notes
    assert not any("disagree" in note for note in notes)


def test_disagreement_is_told() -> None:
    notes = [str(note) for note in look({"broken.pkl": b"\x80\x04\x95" + b"\xff" * 30}).notes]
    assert "on 1 of them our reading and picklescan's disagree; all count as code either way" in notes


def test_names_from_hostile_files_are_not_told() -> None:
    bench = MemoryBench(
        files={"a.pkl": b"cos\nmarker_in_a_pickle\n(S'id'\ntR.", "a.zip": zipped({"marker_in_a_zip": EVIL})}
    )
    outcome = measure(bench, Settings())
    assert "marker" not in str(outcome) + str(bench.pointers)


@pytest.mark.parametrize("path", ["/a", "\\a", "a/../b", "..", "C:\\a", "c:a", "a\\..\\b"])
def test_paths_that_leave(path: str) -> None:
    assert leaves_folder(path)


@pytest.mark.parametrize("path", ["a", "a/b", "./a", "..a", "a..b/c", "a/b..", "...", "ab:c"])
def test_paths_that_stay(path: str) -> None:
    assert not leaves_folder(path)


def test_overlapping_members_do_not_swell() -> None:
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(4_000_000)) + kernel.flush()
    local = (
        struct.pack(
            "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(bytes(4_000_000)), len(packed), 4_000_000, 1, 0
        )
        + b"a"
    )
    entry = (
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            zlib.crc32(bytes(4_000_000)),
            len(packed),
            4_000_000,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"a"
    )
    body = local + packed
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 500, 500, 500 * len(entry), len(body), 0)
    quantity = of(look({"a.zip": body + entry * 500 + end}, bounds=Settings(unpack_mib=16)), "code-bearing-files")
    assert (quantity.value, quantity.high) == (0, 1)


MUTABLE = [(case[1], case[2]) for case in HOSTILE] + HARMLESS + [(case[1], case[2]) for case in UNREADABLE]
SMALL = [(name, data) for name, data in MUTABLE if len(data) < 20_000]


@given(
    st.binary(max_size=600),
    st.sampled_from(["x", "x.zip", "x.tar", "x.onnx", "x.json", "x.csv", "LICENSE", "README.md"]),
)
@settings(deadline=None)
def test_random_bytes_never_raise(data: bytes, name: str) -> None:
    look({name: data})


@given(st.sampled_from(SMALL), st.data())
@settings(deadline=None, max_examples=200)
def test_mutated_files_never_raise(case: tuple[str, bytes], data: st.DataObject) -> None:
    name, good = case
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(0, 8))):
        if bad:
            bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    look({name: bytes(bad[: data.draw(st.integers(0, len(bad)))])}, bounds=Settings(unpack_mib=4))
