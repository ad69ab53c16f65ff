from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from adapters.models.classifiers import IRIS, Features, Labels, save_onnx, save_skops
from weighbridge.adapters.models.classifier import open_classifier
from weighbridge.core.errors import Outside, Unusable


def test_both_formats_give_the_same(tmp_path: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(Features, Labels)
    skops = open_classifier(
        save_skops(model, tmp_path / "m.skops"), label="m.skops", format="skops", recipe=None, spill=tmp_path
    )
    onnx = open_classifier(
        save_onnx(model, tmp_path / "m.onnx"), label="m.onnx", format="onnx", recipe=None, spill=tmp_path
    )
    assert (skops.kind, onnx.kind) == ("LogisticRegression", "onnx")
    assert skops.classes == onnx.classes == ("0", "1", "2")
    assert skops.n_inputs == onnx.n_inputs == 4
    assert skops.predict_proba(IRIS) == pytest.approx(model.predict_proba(Features))
    assert onnx.predict_proba(IRIS) == pytest.approx(skops.predict_proba(IRIS), abs=1e-5)
    assert onnx.recipe is None
    assert skops.recipe is not None


@pytest.mark.parametrize("format_", ["pickle", "torch-zip", "unknown"])
def test_a_pickle_is_not_opened_by_any_name(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "m.skops"
    path.write_bytes(pickle.dumps(LogisticRegression()))
    with pytest.raises(Unusable) as raised:
        open_classifier(path, label="m.skops", format=format_, recipe=None, spill=tmp_path)
    assert "skops.io.dump" in raised.value.fix
    with pytest.raises(Unusable):
        open_classifier(path, label="m.skops", format="skops", recipe=None, spill=tmp_path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Outside):
        open_classifier(tmp_path / "none.skops", label="none.skops", format="skops", recipe=None, spill=tmp_path)
