from __future__ import annotations

import json

from app.test_decide import CANDIDATE
from app.test_diff import OTHER, _diff, _with
from weighbridge.report.difference import render_difference


def test_nothing_differs() -> None:
    assert render_difference(_diff(CANDIDATE, CANDIDATE), style="table") == "from c 1 to c 1\n  nothing differs"


def test_tells_files_and_rules() -> None:
    text = render_difference(_diff(CANDIDATE, _with(artefacts=(OTHER,), version="2\n\u202e")), style="table")
    assert "from c 1 to c 2 ⟨U+202E⟩" in text
    assert "changed: m.onnx (weights): bytes" in text
    assert "removed: t.csv (train-data)" in text
    assert "r-of-weights: of-weights takes in m.onnx; now not judged yet" in text


def test_json_is_one_document() -> None:
    told = json.loads(render_difference(_diff(CANDIDATE, _with(artefacts=(OTHER,))), style="json"))
    assert told["is_none"] is False
    assert {row["differs"] for row in told["touched"]} == {False}
