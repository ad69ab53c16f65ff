from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.core.evidence import Measured, Quantity
from weighbridge.core.findings import Verdict
from weighbridge.wiring import Options, Result, weigh_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic"


def _found(result: Result, probe: str, metric: str, **by: str) -> Quantity:
    (evidence,) = [e for e in result.weighing.evidence if e.probe == probe]
    assert isinstance(evidence.outcome, Measured), evidence.outcome
    (quantity,) = [q for q in evidence.outcome.quantities if q.metric == metric and dict(q.by) == by]
    return quantity


def _breached(result: Result) -> set[str]:
    return {f.rule for f in result.weighing.findings if f.verdict is Verdict.BREACHED}


@pytest.mark.slow
def test_the_script_makes_what_is_shipped() -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLE / "make_clinic.py", "--check"], check=True, capture_output=True, text=True
    )
    assert done.stdout == "the same\n"


@pytest.mark.slow
def test_the_forest_names_its_patients_and_completes_their_records(tmp_path: Path) -> None:
    result = weigh_path(EXAMPLE / "forest.toml", Options(home=tmp_path))
    assert _found(result, "membership-advantage", "tpr-at-fpr-1pct", form="bytes").low > 0.1
    assert _found(result, "membership-advantage", "tpr-at-fpr-0.1pct", form="bytes").low > 0.01
    assert _found(result, "attribute-inference", "worst-inference-gap").low > 0.05
    assert _found(result, "stored-records", "smallest-leaf").value == 1
    assert {
        "members-not-named-to-anyone", "private-members-not-named", "private-members-not-named-by-answers",
        "sensitive-things-not-completed", "leaves-stand-for-several",
    } <= _breached(result)  # fmt: skip


@pytest.mark.slow
def test_the_plain_model_does_neither(tmp_path: Path) -> None:
    result = weigh_path(EXAMPLE / "plain.toml", Options(home=tmp_path))
    assert _breached(result) == set()
    assert _found(result, "membership-advantage", "tpr-at-fpr-1pct", form="bytes").high < 0.1
    assert _found(result, "membership-advantage", "tpr-at-fpr-0.1pct", form="bytes").high < 0.01
    assert _found(result, "membership-advantage", "control-found").low > 0
    gap = _found(result, "attribute-inference", "worst-inference-gap")
    assert gap.low < 0 < gap.high
