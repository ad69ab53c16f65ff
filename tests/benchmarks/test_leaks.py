"""The audit of published sets, on sets made here and on those that lie beside the checkout."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "leaks.py"
DATA = Path(os.environ.get("WEIGHBRIDGE_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "human-machine"
WORDS = ["river", "bread", "stone", "cloud", "paper", "glass", "horse", "night", "tree", "sand"]


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY"):
            patch.setenv(name, "1")  # so that what the script sets is taken back
        spec = importlib.util.spec_from_file_location("benchmark_leaks", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[made.__name__] = made  # where dataclasses look for their module
        spec.loader.exec_module(made)
        yield made


def texts(n: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 30)) + "." for _ in range(n)]


def test_leaking_clean_and_broken_sets(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "below").mkdir()
    leaking = {"original": texts(60, 0), "sampled": [f"{text}\n\n" for text in texts(60, 1)]}
    clean = {"original": texts(60, 2), "sampled": texts(60, 3)}
    (tmp_path / "below" / "a.raw_data.json.gz").write_bytes(gzip.compress(json.dumps(leaking).encode()))
    (tmp_path / "b.raw_data.json").write_text(json.dumps(clean))
    (tmp_path / "no-set.json").write_text(json.dumps(clean))
    broken = {
        "c.raw_data.json": b"{",
        "d.raw_data.json.gz": gzip.compress(b"[1]")[:-9],
        "e.raw_data.json": b'{"original": ["a"], "sampled": [1]}',
        "f.raw_data.json": json.dumps({"original": ["a"] * 60, "sampled": texts(60, 0)}).encode(),
        "g.raw_data.json": b"\xff",
        "h.raw_data.json": b"[" * 100_000,
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
    assert benchmark.main(["--data", str(tmp_path), "--members", "words"]) == 1
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[-1] == "sets 2 leaking 1 clean 1"
    assert next(line for line in lines if "a.raw_data" in line).endswith("60 pairs, leaking")
    assert "worst rule newlines (more in machine text): AUROC 1.000" in told.out
    assert all(f"{name}: not read: " in told.err for name in broken)
    assert "river" not in told.out + told.err


def test_no_set_at_all(benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--data", str(tmp_path)]) == 2
    assert capsys.readouterr().out == "sets 0 leaking 0 clean 0\n"


def test_a_file_too_large_is_not_read(benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "MOST_BYTES", 10)
    (tmp_path / "a.raw_data.json").write_text(json.dumps({"original": texts(60, 0), "sampled": texts(60, 1)}))
    with pytest.raises(benchmark.Broken, match="larger"):
        benchmark.read(tmp_path / "a.raw_data.json")


@pytest.mark.slow
def test_published_sets_are_told_by_their_line_breaks(
    benchmark: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    if not list(DATA.rglob("*.raw_data.json.gz")):
        pytest.skip("no set of human and machine text; WEIGHBRIDGE_DATA names the folder of the shared data")
    assert benchmark.main(["--data", str(DATA), "--members", "characters"]) == 0
    out = capsys.readouterr().out
    n = out.count(" pairs, ")
    assert out.count("worst rule newlines (more in machine text)") == n
    assert out.splitlines()[-1] == f"sets {n} leaking {n} clean 0"
