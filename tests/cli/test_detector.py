from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Weighbridge
from spoken import spoken

pytest.importorskip("skops", reason="skops is in the extra tabular")


def test_makes_a_detector_and_says_what_to_declare(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, out, _err = weighbridge("detector", spoken(tmp_path / "c"), "-o", tmp_path / "d")
    assert code == 0
    assert "320 texts of people and 320 of the model" in out
    assert 'role = "detector"' in out
    assert "auroc: 0." in out
    assert {path.name for path in (tmp_path / "d").iterdir()} == {"README.md", "detector.json", "detector.skops"}
    code, _out, err = weighbridge("detector", tmp_path / "c", "-o", tmp_path / "d")
    assert code == 2
    assert "is there already" in err


def test_a_candidate_that_writes_nothing(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    code, _out, err = weighbridge("detector", people, "-o", tmp_path / "d")
    assert code == 2
    assert "nothing in it was made by a machine" in err
