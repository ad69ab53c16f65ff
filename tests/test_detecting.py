from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skops", reason="skops is in the extra tabular")

from spoken import RARE, spoken
from weighbridge.adapters.formats.detector_card import CARD, FILE, NUMBERS
from weighbridge.adapters.models.detector_file import detected, read_detector
from weighbridge.core.errors import Unusable
from weighbridge.detecting import write_detector_of
from weighbridge.wiring import Options, weigh_path


def test_what_is_kept_gives_the_same_scores_and_holds_no_text(tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    path = spoken(tmp_path / "c")
    written = write_detector_of(path, tmp_path / "detector", options)
    again = read_detector(tmp_path / "detector" / FILE)
    texts = written.made.texts
    assert np.array_equal(detected(again, texts), written.made.scored(texts))
    told = json.loads((tmp_path / "detector" / NUMBERS).read_text())
    assert told["sha256"] == written.digest
    assert [t["false_alarms"] for t in told["thresholds"]] == [0.05]
    assert told["texts"]["human"] == 320
    area = next(q for q in told["rates"] if q["metric"] == "auroc" and not q["by"])
    assert area["low"] <= 0.9 <= area["high"]
    with zipfile.ZipFile(tmp_path / "detector" / FILE) as packed:
        inside = [packed.read(name) for name in packed.namelist()]
    for data in (*inside, *(file.read_bytes() for file in (tmp_path / "detector").iterdir())):
        assert RARE.encode() not in data
        assert b"indeed" not in data  # not even the word that tells most
    assert "What it cannot do" in (tmp_path / "detector" / CARD).read_text()
    other = write_detector_of(path, tmp_path / "other", options)
    assert np.array_equal(other.made.scored(texts), written.made.scored(texts))


@pytest.mark.slow
def test_it_is_weighed_as_a_component_of_its_own(tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home", probes=("artefact-safety",))
    path = spoken(tmp_path / "c", more='[[artefact]]\nrole = "detector"\npath = "detector"\n')
    (path / "weighbridge.toml").write_text(
        (path / "weighbridge.toml").read_text().replace('path = "detector"', 'path = "d"')
    )
    (path / "d").mkdir()
    (path / "d" / "placeholder.txt").write_text("to come")
    write_detector_of(path, path / "d", options)
    (path / "d" / "placeholder.txt").unlink()
    made = weigh_path(path, options).weighing
    assert "detector" in {standing.component.value for standing in made.recommendation.components}
    (safety,) = made.evidence
    counts = {q.metric: q.value for q in safety.outcome.quantities}  # type: ignore[union-attr]  # it was measured
    assert counts["code-bearing-files"] == 0


def test_nothing_is_written_over_and_too_little_is_told(tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / CARD).write_text("mine")
    with pytest.raises(Unusable, match="is there already"):
        write_detector_of(spoken(tmp_path / "c"), tmp_path / "taken", options)
    assert (tmp_path / "taken" / CARD).read_text() == "mine"
    with pytest.raises(Unusable, match="not tested") as told:
        write_detector_of(spoken(tmp_path / "few", 40), tmp_path / "new", options)
    assert "60 more texts of people" in told.value.fix
    assert not (tmp_path / "new").exists()
