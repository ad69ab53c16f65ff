from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pyarrow as pa
import pytest
from onnx import TensorProto, helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from adapters.models.classifiers import IRIS, NAMES, Features, Labels, rows, save_onnx
from weighbridge.adapters.models.onnx_classifier import OnnxClassifier, open_onnx
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import NotMeasured, Silent


def _graph(
    path: Path, *, shape: list[Any], columns: int = 3, last: str = "Softmax", kind: int = TensorProto.FLOAT
) -> Path:
    """One matrix product and a last step, in the manner of a neural network's export."""
    weights = np.random.default_rng(0).normal(size=(4, columns)).astype(np.float32)
    nodes = [helper.make_node("MatMul", ["x", "w"], ["z"]), helper.make_node(last, ["z"], ["p"])]
    graph = helper.make_graph(
        nodes, "toy", [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, [None, columns])],
        [helper.make_tensor("w", TensorProto.FLOAT, weights.shape, weights.ravel().tolist())],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


def _opened(path: Path) -> OnnxClassifier:
    return open_onnx(path, label="m.onnx")


def _silent(path: Path) -> NotMeasured:
    with pytest.raises(Silent) as raised:
        _opened(path)
    assert isinstance(raised.value.outcome, NotMeasured)
    return raised.value.outcome


@pytest.mark.parametrize("options", [{}, {"zipmap": False}])
def test_a_converted_model_gives_its_probabilities(tmp_path: Path, options: dict[str, Any]) -> None:
    model = RandomForestClassifier(5, random_state=0).fit(Features, Labels)
    opened = _opened(save_onnx(model, tmp_path / "m.onnx", **options))
    assert opened.classes == ("0", "1", "2")
    assert opened.predict_proba(IRIS) == pytest.approx(model.predict_proba(Features), abs=1e-5)
    assert opened.predict_proba(rows(np.tile(Features, (60, 1)))).shape == (9000, 3)
    assert opened.predict_proba(IRIS.slice(0, 0)).shape == (0, 3)
    assert (opened.inputs, opened.n_inputs) == ((), 4)
    with pytest.raises(Silent, match="4 columns by position"):
        opened.predict_proba(rows(Features[:, :3]))
    with pytest.raises(Silent, match="column b holds none"):
        opened.predict_proba(IRIS.set_column(1, "b", pa.array(["x"] * 150)))
    assert opened.embed(IRIS) is None
    assert opened.structure().untold_leaves


def test_classes_with_names_need_their_names(tmp_path: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(Features, NAMES)
    assert _opened(save_onnx(model, tmp_path / "named.onnx")).classes == ("setosa", "versicolor", "virginica")
    assert "which class" in str(_silent(save_onnx(model, tmp_path / "table.onnx", zipmap=False)).because)


def test_labels_that_are_not_numbered_from_zero_need_their_names(tmp_path: Path) -> None:
    model = LogisticRegression(max_iter=1000).fit(Features, Labels + 1)
    assert _opened(save_onnx(model, tmp_path / "named.onnx")).classes == ("1", "2", "3")
    assert "which class" in str(_silent(save_onnx(model, tmp_path / "table.onnx", zipmap=False)).because)


@pytest.mark.parametrize("shape", [[None, 4], ["n", 4], [1, 4], [7, 4]])
def test_a_network_is_run_in_batches_of_its_own_size(tmp_path: Path, shape: list[Any]) -> None:
    opened = _opened(_graph(tmp_path / "m.onnx", shape=shape))
    free = _opened(_graph(tmp_path / "free.onnx", shape=[None, 4]))
    assert opened.n_inputs == 4
    assert opened.predict_proba(IRIS) == pytest.approx(free.predict_proba(IRIS), abs=1e-6)


@pytest.mark.parametrize(
    "graph",
    [
        {"shape": [None, 4], "last": "Identity"},
        {"shape": [None, 4], "last": "Sigmoid"},
        {"shape": [None, 4], "columns": 1},
        {"shape": [None, "d"]},
        {"shape": [2, 3, 4]},
    ],
)
def test_what_gives_no_probabilities_is_silent(tmp_path: Path, graph: dict[str, Any]) -> None:
    assert str(_silent(_graph(tmp_path / "m.onnx", **graph)).remedy)


def _table_model(tmp_path: Path, labels: Any = NAMES, **options: Any) -> tuple[Any, pd.DataFrame, OnnxClassifier]:
    frame = pd.DataFrame({"age": Features[:, 0].astype(np.float32), "town": np.where(Labels > 1, "x", "y")})
    model = make_pipeline(
        ColumnTransformer([("n", StandardScaler(), ["age"]), ("t", OneHotEncoder(sparse_output=False), ["town"])]),
        LogisticRegression(),
    ).fit(frame, labels)
    types = [("age", FloatTensorType([None, 1])), ("town", StringTensorType([None, 1]))]
    (tmp_path / "t.onnx").write_bytes(
        convert_sklearn(model, initial_types=types, options=options or None).SerializeToString()
    )
    return model, frame, _opened(tmp_path / "t.onnx")


def test_columns_are_fed_by_their_names(tmp_path: Path) -> None:
    model, frame, opened = _table_model(tmp_path)
    assert (opened.inputs, opened.n_inputs) == (("age", "town"), 2)
    table = pa.table({"town": frame["town"].to_numpy(object), "other": Labels, "age": frame["age"].to_numpy()})
    assert opened.predict_proba(table) == pytest.approx(model.predict_proba(frame), abs=1e-5)
    assert {"x", "y"} <= set(opened.structure().vocabulary)
    assert "setosa" not in opened.structure().vocabulary
    with pytest.raises(Silent, match="a column age"):
        opened.predict_proba(table.select(["town"]))
    with pytest.raises(Silent, match="column age holds none"):
        opened.predict_proba(table.set_column(2, "age", table["town"]))


def test_what_takes_words_and_names_no_classes_is_compared_when_it_is_asked(tmp_path: Path) -> None:
    model, frame, opened = _table_model(tmp_path, Labels, zipmap=False)
    table = pa.table({"age": frame["age"].to_numpy(), "town": frame["town"].to_numpy(object)})
    assert opened.classes == ("0", "1", "2")
    assert opened.predict_proba(table) == pytest.approx(model.predict_proba(frame), abs=1e-5)
    _model, _frame, other = _table_model(tmp_path, Labels + 1, zipmap=False)
    with pytest.raises(Silent, match="which class"):
        other.predict_proba(table)
    assert _table_model(tmp_path, Labels - 1)[2].classes == ("-1", "0", "1")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x08\x09" * 50])
def test_a_damaged_file_is_told_quietly(tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=r"m\.onnx"):
        _opened(path)
    path.write_bytes(_graph(path, shape=[None, 4]).read_bytes()[:-30])
    with pytest.raises(Unusable):
        _opened(path)
    assert capfd.readouterr().err == ""


def test_weights_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    model = onnx.load(_graph(folder / "m.onnx", shape=[None, 4]))
    (tmp_path / "weights.bin").write_bytes(model.graph.initializer[0].SerializeToString() * 9)
    weights = model.graph.initializer[0]
    weights.ClearField("float_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="../weights.bin")
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(Unusable):
        _opened(folder / "m.onnx")
