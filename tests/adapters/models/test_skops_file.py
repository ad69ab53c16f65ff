from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from xgboost import XGBClassifier

from adapters.models.classifiers import Features, Labels, change_skops, save_skops
from weighbridge.adapters.models.skops_file import read_skops
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Silent

XGB = XGBClassifier(n_estimators=2, n_jobs=1)
LGB = LGBMClassifier(n_estimators=2, n_jobs=1, verbose=-1)


def _saved(model: Any, tmp_path: Path) -> Path:
    return save_skops(model.fit(Features, Labels), tmp_path / "m.skops")


def _nodes(thing: Any, name: str) -> list[dict[str, Any]]:
    found = [thing] if isinstance(thing, dict) and thing.get("__class__") == name and "__loader__" in thing else []
    inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    return found + [node for part in inner for node in _nodes(part, name)]


def _change(path: Path, name: str, **changed: Any) -> None:
    def change(schema: str) -> str:
        parsed = json.loads(schema)
        for node in _nodes(parsed, name):
            node.update(changed)
        return json.dumps(parsed)

    change_skops(path, change)


def test_boosters_are_taken_out_and_written_anew(tmp_path: Path) -> None:
    for model in (XGB, LGB):
        saved = read_skops(_saved(model, tmp_path), label="m")
        assert list(saved.boosters) == [id(saved.estimator)]
        assert np.array_equal(saved.estimator.predict_proba(Features), model.predict_proba(Features))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (RandomForestClassifier(1), "Tree"),
        (KNeighborsClassifier(), "KDTree"),
        (XGB, "Booster"),
        (XGB, "XGBClassifier"),
    ],
)
def test_what_is_vouched_for_is_made_in_its_own_way_only(model: Any, name: str, tmp_path: Path) -> None:
    path = _saved(model, tmp_path)
    empty = {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": []}
    _change(path, name, __loader__="ConstructorFromReduceNode", content=empty)
    with pytest.raises(Unusable):
        read_skops(path, label="m")


def test_a_damaged_booster_is_told(tmp_path: Path) -> None:
    path = _saved(XGB, tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for cut in (b"", b"{", b"x", None):
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                other = content[: len(content) // 2] if cut is None else cut
                archive.writestr(name, other if name.endswith(".bin") else content)
        with pytest.raises(Unusable, match="damaged"):
            read_skops(path, label="m")


@pytest.mark.parametrize("model", [XGB, LGB])
@pytest.mark.parametrize("handle", ["null", '"tree"', "7"])
def test_a_booster_without_a_model_is_told(model: Any, handle: str, tmp_path: Path) -> None:
    path = _saved(model, tmp_path)
    node = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": handle, "is_json": True}

    def change(schema: str) -> str:
        parsed = json.loads(schema)
        (found,) = _nodes(parsed, "Booster")
        attributes = found["content"]["content"]
        attributes["handle" if "handle" in attributes else "_handle"] = node
        return json.dumps(parsed)

    change_skops(path, change)
    with pytest.raises(Unusable, match="damaged"):
        read_skops(path, label="m")


def test_attributes_under_the_number_of_other_ones_are_not_taken_for_them(tmp_path: Path) -> None:
    path = _saved(XGB, tmp_path)

    def change(schema: str) -> str:
        parsed = json.loads(schema)
        (booster,) = _nodes(parsed, "Booster")
        copied = json.loads(json.dumps(booster["content"]))
        copied["__id__"] = booster["content"]["__id__"] = 12345
        parsed["content"]["content"] = {"kwargs": copied, **parsed["content"]["content"]}
        names = parsed["content"]["key_types"]["content"]
        names.insert(0, {"__class__": "str", "__module__": "builtins", "__loader__": "TypeNode"})
        return json.dumps(parsed)

    change_skops(path, change)
    with pytest.raises(Unusable):
        read_skops(path, label="m")


def test_an_objective_without_probabilities_is_silent(tmp_path: Path) -> None:
    model = XGBClassifier(n_estimators=1, objective="binary:logitraw", n_jobs=1).fit(Features, Labels > 0)
    with pytest.raises(Silent, match="binary:logitraw"):
        read_skops(save_skops(model, tmp_path / "m.skops"), label="m")


def test_what_reads_files_is_refused(tmp_path: Path) -> None:
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(["a bb", "cc"] * 5, [0, 1] * 5)
    model[0].input = "filename"
    with pytest.raises(Unusable, match="reads files"):
        read_skops(save_skops(model, tmp_path / "m.skops"), label="m")


def test_labels_out_of_bounds_are_refused(tmp_path: Path) -> None:
    model = KNeighborsClassifier(algorithm="brute").fit(Features, Labels)
    model._y = Labels + 100
    with pytest.raises(Unusable, match="none of its classes"):
        read_skops(save_skops(model, tmp_path / "m.skops"), label="m")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = _saved(RandomForestClassifier(1), tmp_path)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02") + 24  # where the list of contents says how large a file will be
    data[at : at + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Unusable, match="unpack"):
        read_skops(path, label="m")
