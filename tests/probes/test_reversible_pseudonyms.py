"""The probe on the engine: taxis as New York released them in 2014, and tables of every type."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weighbridge.adapters.tables.duck import open_table
from weighbridge.core.candidate import Declared, Role
from weighbridge.core.evidence import Measured
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probes.reversible_pseudonyms.probe import PROBE, Settings

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def weighed(tmp_path: Path, columns: Mapping[str, Any], **settings: Any) -> Measured:
    path = tmp_path / "trips.parquet"
    pq.write_table(pa.table(dict(columns)), path)
    table = open_table(path, label=path.name, format="parquet", declared=Declared(about_people=True), spill=tmp_path)
    try:
        outcome = PROBE.measure(MemoryBench(tables_by_role={Role.DATA: (table,)}), Settings(**settings))
    finally:
        table.close()
    assert isinstance(outcome, Measured), outcome
    return outcome


def value(outcome: Measured, metric: str) -> float:
    return next(q.value for q in outcome.quantities if q.metric == metric and not q.by)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def test_all_medallions_come_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    medallions = [
        f"{a}{LETTERS[b]}{c:02d}" for a, b, c in zip(*(rng.integers(0, n, 4000) for n in (10, 26, 100)), strict=True)
    ]
    columns = {
        "medallion": [md5(m) for m in medallions],
        "fare": rng.gamma(2, 7, 4000),
        "minutes": rng.integers(1, 90, 4000),
    }
    outcome = weighed(tmp_path, columns, kinds="plates", tries=10_000)
    assert value(outcome, "reversed-columns") == 1
    assert value(outcome, "reversed-share") == 1
    assert value(outcome, "seconds-to-reverse") < 1


def test_every_type_beside_hashes(tmp_path: Path) -> None:
    n = 60
    names = [f"w{i}@example.org" for i in range(n)]
    columns = {
        "who": [hashlib.sha256(name.encode()).hexdigest() for name in names], "email": names,
        "nested": pa.array([[{"mail": "a"}], [], None] * 20), "bytes": pa.array([b"\xff\x00"] * n), "none": pa.nulls(n),
        "coded": pa.array(["x", "y", None] * 20).dictionary_encode(), "half": pa.array(np.arange(n), pa.float16()),
        "day": pa.array(range(-40_000, -40_000 + n), pa.date32()), "huge": pa.array([2**64 - 1 - i for i in range(n)], pa.uint64()),
    }  # fmt: skip
    assert value(weighed(tmp_path, columns, kinds="numbers", tries=1000), "reversed-share") == 1


def test_very_many_different_hashes_are_drawn_from(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).permutation(10**7)[:60_000]
    columns = {"who": [md5(str(i)) for i in numbers.tolist()]}
    outcome = weighed(tmp_path, columns, kinds="numbers", tries=20_000, tokens=30_000)
    number = next(q for q in outcome.quantities if q.metric == "reversible-share")
    assert number.n == 30_000
    assert 0.3 < number.low <= 1 <= number.high
