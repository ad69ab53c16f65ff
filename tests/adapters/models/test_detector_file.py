from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skops", reason="skops is in the extra tabular")

from weighbridge.adapters.models.detector_file import detected, fit_detector, read_detector, write_detector
from weighbridge.core.errors import Outside, Unusable

TEXTS = [f"the {word} walked home slowly" for word in ("cat", "dog", "cow")] * 10
TEXTS += [f"indeed a {word} is overall a testament" for word in ("cat", "dog", "cow")] * 10
MACHINE = np.arange(60) >= 30


def test_it_learns_and_comes_back_the_same(tmp_path: Path) -> None:
    made = fit_detector(TEXTS, MACHINE, 0)
    write_detector(made, tmp_path / "d.skops", TEXTS)
    scores = detected(made, TEXTS)
    assert scores[MACHINE].min() > scores[~MACHINE].max()
    assert np.array_equal(detected(read_detector(tmp_path / "d.skops"), TEXTS), scores)
    assert (tmp_path / "d.skops").stat().st_size < 1 << 20
    assert len(detected(made, [])) == 0
    assert b"testament" not in (tmp_path / "d.skops").read_bytes()
    assert np.array_equal(detected(fit_detector(TEXTS, MACHINE, 0), TEXTS), scores)


def test_what_cannot_be_written_or_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Outside, match="cannot write"):
        write_detector(fit_detector(TEXTS, MACHINE, 0), tmp_path / "gone" / "d.skops", TEXTS)
    (tmp_path / "d.skops").write_bytes(b"PK")
    with pytest.raises(Unusable):
        read_detector(tmp_path / "d.skops")


def test_another_detector_in_its_place_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, other = fit_detector(TEXTS, MACHINE, 0), fit_detector(TEXTS, ~MACHINE, 0)
    monkeypatch.setattr("weighbridge.adapters.models.detector_file.read_detector", lambda _path: other)
    with pytest.raises(Outside, match="is not the one that was made"):
        write_detector(made, tmp_path / "d.skops", TEXTS)
