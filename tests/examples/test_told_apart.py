from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import binom

from weighbridge.core.evidence import Measured, Quantity
from weighbridge.wiring import Options, weigh_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "told-apart"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(EXAMPLE))
    try:
        yield importlib.import_module("make_told_apart")
    finally:
        sys.path.remove(str(EXAMPLE))
        sys.modules.pop("make_told_apart", None)


def test_the_script_makes_what_is_shipped(maker: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert maker.main(["--check"]) == 0
    assert capsys.readouterr().out == "the same\n"


def best(maker: ModuleType, rate: float) -> float:
    """The area of the best detector there is: it counts connecting words, in the sentences that are left."""
    n = maker.SENTENCES - 1
    counts = np.arange(n + 1)
    first, second = (binom.pmf(counts, n, maker.RATES[f"{who} language"]) for who in ("first", "second"))
    human, machine = (2 * first + second) / 3, binom.pmf(counts, n, rate)
    return float((machine * (np.cumsum(human) - human / 2)).sum())


def test_the_readme_says_what_is_true(maker: ModuleType) -> None:
    said = (EXAMPLE / "README.md").read_text()
    raw = maker.RATES["model"]
    assert f"no detector ranks better than {best(maker, raw):.2f}" in said
    assert f"a detector of raw output ranks {best(maker, raw * maker.KEPT_IN_EDITING):.2f}" in said
    assert f"by itself that ranks {0.5 + maker.LINE_ENDS / 2:.2f}" in said


@pytest.mark.slow
def test_what_was_planted_is_found_and_nothing_else(maker: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the extra detection")
    quick = (("detectability", (("attacked_texts", 0), ("draws", 200), ("folds", 3), ("members", "characters,style"))),)
    options = Options(home=tmp_path / "home", probes=("detectability",), overrides=quick)
    (evidence,) = weigh_path(EXAMPLE, options).weighing.evidence
    assert isinstance(evidence.outcome, Measured)
    quantities = evidence.outcome.quantities

    def found(metric: str, **by: str) -> Quantity:
        return next(q for q in quantities if q.metric == metric and dict(q.by) == by)

    raw = maker.RATES["model"]
    area, edited, leak = found("auroc-stack"), found("auroc-stack", state="changed"), found("leak-auroc-max")
    assert area.low <= best(maker, raw) <= area.high
    assert edited.low <= best(maker, raw * maker.KEPT_IN_EDITING) <= edited.high
    assert leak.low <= 0.5 + maker.LINE_ENDS / 2 <= leak.high
    assert found("format-drop").low > 0.05
