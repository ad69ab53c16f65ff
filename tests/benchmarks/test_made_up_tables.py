"""Our side of the race against anonymeter; the peer itself runs only where it is installed."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "made_up_tables.py"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")  # so that what the script sets is taken back
        spec = importlib.util.spec_from_file_location("benchmark_made_up_tables", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        yield made


def test_ours_tells_a_leak_from_none(benchmark: ModuleType) -> None:
    honest, _ = benchmark.ours(benchmark.drawn(300, 0, 0.0))
    leaky, seconds = benchmark.ours(benchmark.drawn(300, 0, 0.3))
    assert honest.low <= 0 < leaky.low
    assert seconds > 0


@pytest.mark.slow
def test_the_race(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    peer = os.environ.get("WEIGHBRIDGE_ANONYMETER", "")
    if not peer:
        pytest.skip("WEIGHBRIDGE_ANONYMETER names no interpreter that has anonymeter")
    assert benchmark.main(["--peer", peer, "--rows", "300", "--rounds", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("told-apart yes")
