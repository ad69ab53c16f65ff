"""The benchmark on a small table: it counts what it says, skips peers that are away, and fails where intervals do not hold."""

from __future__ import annotations

import os
import sys
from types import ModuleType

import pytest

from benchmarks.test_membership import loaded

pytest.importorskip("polars", reason="the peer is not installed")

ROOT = os.pathsep.join(sys.path)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return loaded("combinations")


@pytest.mark.slow
def test_it_tells_ratios_and_that_intervals_hold(
    benchmark: ModuleType, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ROOT)
    assert benchmark.main(["--rows", "30000", "--combinations", "3", "--rounds", "2", "--parts", "1"]) == 0
    told = capfd.readouterr().out
    assert "298 combinations of 30,000 rows" in told
    assert "of 6 exact counts in our 95 % intervals" in told
    assert "pycanon: skipped, no environment that has it was named" in told
    assert "MiB at its most" in told or sys.platform != "linux"


def test_it_fails_where_counts_lie_outside(benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "covered", lambda *_: False)
    assert benchmark.main(["--rows", "3000", "--combinations", "8", "--rounds", "1", "--parts"]) == 1


def test_a_peer_that_breaks_is_said(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main(["--rows", "3000", "--combinations", "2", "--rounds", "1", "--parts", "--pycanon", sys.executable])
    assert "pycanon: skipped, it ended with 1: ModuleNotFoundError" in capsys.readouterr().out
