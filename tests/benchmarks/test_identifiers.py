"""The pieces of the benchmark at a tiny size and without the peer."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest
from stdnum import luhn

SCRIPTS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            patch.setenv(name, "1")
        spec = importlib.util.spec_from_file_location("benchmark_identifiers", SCRIPTS / "identifiers.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[made.__name__] = made
        spec.loader.exec_module(made)
        yield made


def test_made_text_is_the_same_for_the_same_seed_and_has_what_is_to_be_found(benchmark: ModuleType) -> None:
    one, other = (benchmark.document(random.Random(3)) for _ in range(2))
    assert one == other
    assert 2400 <= len(one) < 2500
    assert luhn.is_valid(benchmark.check_digit("453957876362148"))
    found = benchmark.ours_found(" ".join(benchmark.document(random.Random(n)) for n in range(12)))
    assert {"e-mail", "card", "iban", "ip", "us-ssn", "phone", "url"} <= {kind for _, _, kind in found}
    assert benchmark.ours_seconds(pa.array([one])) > 0


def test_precision_and_recall_by_overlap(benchmark: ModuleType) -> None:
    gold = [[(0, 5, "A")], [], [(3, 9, "A"), (20, 25, "A")]]
    found = [[(4, 8, "a")], [(0, 1, "a")], [(8, 12, "a")]]
    counted = benchmark.count(gold, found)
    everything = np.arange(3)[None, :]
    assert counted.precision(everything)[0] == pytest.approx(2 / 3)
    assert counted.recall(everything)[0] == pytest.approx(2 / 3)
    assert counted.precision(np.array([[0, 0, 0], [1, 1, 1]])).tolist() == [1, 0]
    nothing = benchmark.count([[]], [[]])
    assert nothing.precision(np.array([[0]]))[0] == nothing.recall(np.array([[0]]))[0] == 1


def test_what_counts_for_neither_side_is_left_out(benchmark: ModuleType) -> None:
    assert benchmark.only([[(0, 5, "url"), (9, 12, "url"), (0, 5, "x")]], ("url",), [[(2, 4, "mail")]]) == [
        [(9, 12, "url")]
    ]


def test_without_the_peer_the_reason_is_told(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with benchmark.opened(None) as peer:
        assert peer is None
    assert "--peer-python" in capsys.readouterr().out
