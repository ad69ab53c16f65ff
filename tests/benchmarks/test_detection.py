"""The pieces of the benchmark at a tiny size: times are not looked at."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "detection.py"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_WAIT_POLICY"):
            patch.setenv(name, "1")  # so that what the script sets is taken back
        spec = importlib.util.spec_from_file_location("benchmark_detection", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[made.__name__] = made  # where dataclasses look for their module
        spec.loader.exec_module(made)
        yield made


def test_hashing_is_compared_on_the_same_strings(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    human, machine = benchmark.texts(10, 0)
    assert len(human) == len(machine) == 10
    assert benchmark.hashed([*human, *machine], 3) > 0
    assert "times scikit-learn" in capsys.readouterr().out


@pytest.mark.slow
def test_the_whole_grid(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--texts", "40", "--rounds", "3"]) in (0, 1)
    out = capsys.readouterr().out
    assert "200 cells in 5 rotations" in out
    assert "peak memory" in out
