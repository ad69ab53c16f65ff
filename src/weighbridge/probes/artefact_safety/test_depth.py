"""Secrets and code that lie deep in a file, or in a shape that is easily passed over."""

from __future__ import annotations

import io
import json
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save

from weighbridge.core.evidence import Measured, Quantity
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.artefact_safety.bodies import bytes_before_tensors
from weighbridge.probes.artefact_safety.checks import MAX_CONFIG
from weighbridge.probes.artefact_safety.probe import Settings, measure

TOKEN = "gh" + "p_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD2fG4hJ6"
REMOTE = '{"auto_map": {"AutoModel": "who/what--modeling.Model"}}'
YAML = b"a: !!python/object/apply:os.system ['true']\n"


def quantity(name: str, data: bytes, metric: str) -> Quantity:
    outcome = measure(MemoryBench(files={name: data}), Settings())
    assert isinstance(outcome, Measured)
    return next(q for q in outcome.quantities if q.metric == metric and not q.by)


def array(values: list[str]) -> bytes:
    out = io.BytesIO()
    np.save(out, np.array(values))
    return out.getvalue()


def binary_column() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"a": pa.array([f"token {TOKEN}".encode()], pa.binary())}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.db", b"SQLite format 3\0" + b"\0\1\2" * 700_000 + f" {TOKEN} ".encode() + bytes(100)),
        ("a.parquet", binary_column()),
        ("a.txt", f"token {TOKEN}\n".encode("utf-16-le")),
        ("a.txt", f"token {TOKEN}\n".encode("utf-16-be")),
        ("a.npy", array(["x" * 30] * 20_000 + [f" {TOKEN}"])),
        ("m.safetensors", save({"w": np.ones(2, np.float32)}, metadata={"note": "x" * 70_000 + " " + TOKEN})),
    ],
)
def test_a_secret_deep_in_a_file_is_found(name: str, data: bytes) -> None:
    assert quantity(name, data, "secrets").value == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("config.json", (" " * (1 << 20) + REMOTE).encode()),
        ("modules.json", json.dumps([{"idx": 0, "path": "", "type": "evil.custom.Module"}]).encode()),
        ("x.pth", b"../src\nimport os; os.getpid()\n"),
        ("y.cfg", YAML),
        ("params.yaml.txt", YAML),
    ],
)
def test_code_in_plain_sight_is_found(name: str, data: bytes) -> None:
    assert quantity(name, data, "code-bearing-files").value == 1


def test_a_configuration_too_long_to_read_is_not_called_clean() -> None:
    found = quantity("config.json", (" " * (MAX_CONFIG + 1) + REMOTE).encode(), "code-bearing-files")
    assert (found.value, found.high) == (0, 1)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("modules.json", b'[{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"}]'),
        ("modules.json", b'{"type": "module"}'),
        ("x.pth", b"../src\nimportant\n"),
        ("notes.txt", b"Never load a tag such as !!python/object/apply from a file.\n"),
    ],
)
def test_what_only_looks_like_code_is_none(name: str, data: bytes) -> None:
    assert quantity(name, data, "code-bearing-files").high == 0


def test_tensors_of_gguf_are_told_from_what_stands_before() -> None:
    def text(value: bytes) -> bytes:
        return struct.pack("<Q", len(value)) + value

    keys = text(b"k") + struct.pack("<I", 8) + text(b"v")
    keys += text(b"l") + struct.pack("<IIQ", 9, 8, 2) + text(b"a") + text(b"b")
    keys += text(b"n") + struct.pack("<IIQ", 9, 4, 3) + bytes(12)
    tensor = text(b"w") + struct.pack("<IQIQ", 1, 4, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 3) + keys + tensor
    assert bytes_before_tensors("gguf", head, io.BytesIO(head + bytes(64))) == len(head)
    assert bytes_before_tensors("gguf", head, io.BytesIO(head[:-20])) is None
