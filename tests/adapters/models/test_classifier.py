from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from adapters.models.classifiers import Features, Labels, save_onnx, save_skops
from weighbridge.adapters.models.classifier import open_classifier
from weighbridge.core.errors import Outside, Unusable


def test_both_formats_give_the_same(tmp_path: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(Features, Labels)
    skops = open_classifier(save_skops(model, tmp_path / "m.skops"), label="m.skops")
    onnx = open_classifier(save_onnx(model, tmp_path / "m.onnx"), label="m.onnx")
    assert (skops.kind, onnx.kind) == ("LogisticRegression", "onnx")
    assert skops.classes == onnx.classes == ("0", "1", "2")
    assert skops.n_features == onnx.n_features == 4
    assert skops.predict_proba(Features) == pytest.approx(model.predict_proba(Features))
    assert onnx.predict_proba(Features) == pytest.approx(skops.predict_proba(Features), abs=1e-5)


@pytest.mark.parametrize("name", ["m.skops", "m.pkl", "m.joblib"])
def test_a_pickle_is_not_opened_by_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(pickle.dumps(LogisticRegression()))
    with pytest.raises(Unusable) as raised:
        open_classifier(path, label=name)
    assert "skops.io.dump" in raised.value.fix


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Outside):
        open_classifier(tmp_path / "none.skops", label="none.skops")
