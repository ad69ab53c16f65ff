from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from adapters.served.endpoints import Asked, Endpoint, endpoint, reply
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.adapters.served import http
from weighbridge.adapters.served.classifier import ServedClassifier, open_served_classifier
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import NotMeasured, Silent

Handler = BaseHTTPRequestHandler
ROWS = pa.table({"age": [20, 40, None], "town": ["A", "B", None], "score": [0.5, float("nan"), 1.0]})


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(http.KEY, raising=False)
    monkeypatch.setattr(http, "_FIRST_WAIT_S", 0.01)


def _open(url: str, *, model: str = "", recipe: RecipeFile | None = None) -> ServedClassifier:
    made = open_served_classifier(url, model=model, recipe=recipe, spill=Path())
    assert isinstance(made, ServedClassifier)
    return made


def _silent(call: Callable[[], object]) -> str:
    with pytest.raises(Silent) as raised:
        call()
    assert isinstance(raised.value.outcome, NotMeasured)
    assert str(raised.value.outcome.remedy)
    return str(raised.value.outcome.because)


def _v1(predict: Callable[[list[dict[str, Any]]], object], metadata: object = None, *, at: str = "") -> Any:
    """A V1 server: `predict` answers about rows, `metadata` is what GET gives."""

    def answer(_server: Endpoint, handler: Handler, asked: Asked) -> None:
        if asked.method == "POST" and asked.path == (f"{at}:predict" if at else "/"):
            reply(handler, predict(asked.body["instances"]))
        elif asked.method == "GET" and metadata is not None and asked.path == (at or "/"):
            reply(handler, metadata)
        else:
            reply(handler, {"error": "none"}, status=404)

    return answer


def _by_age(rows: list[dict[str, Any]]) -> object:
    return {"predictions": [[0.25, 0.75] if (row["age"] or 0) > 30 else [1.0, 0.0] for row in rows]}


def test_a_bare_endpoint_is_asked_by_name() -> None:
    with endpoint(_v1(_by_age)) as there:
        classifier = _open(there.url)
        assert "does not say which classes" in _silent(lambda: classifier.classes)
        classifier.meet(ROWS[:1])
        assert classifier.classes == ("0", "1")
        assert classifier.predict_proba(ROWS).tolist() == [[1, 0], [0.25, 0.75], [1, 0]]
        asked = there.asked[-1].body["instances"]
        seen = len(there.asked)
        classifier.meet(ROWS[:1])
        assert len(there.asked) == seen
    assert asked == [
        {"age": 20, "town": "A", "score": 0.5}, {"age": 40, "town": "B", "score": None},
        {"age": None, "town": None, "score": 1.0},
    ]  # fmt: skip
    assert classifier.inputs == ()
    assert classifier.n_inputs == 0
    assert classifier.kind == "endpoint"
    assert there.url in str(classifier.notes[0])
    assert classifier.embed(ROWS) is None
    assert classifier.recipe is None
    assert "cannot be looked into" in _silent(classifier.structure)


def test_classes_are_read_from_metadata() -> None:
    with endpoint(_v1(_by_age, {"classes": ["no", "yes"], "inputs": ["age"]})) as there:
        classifier = _open(there.url)
        assert classifier.classes == ("no", "yes")
        assert classifier.inputs == ("age",)
        assert classifier.n_inputs == 1
        assert classifier.predict_proba(ROWS).shape == (3, 2)
        assert classifier.predict_proba(ROWS[:0]).shape == (0, 2)
    assert there.asked[-1].body["instances"][0] == {"age": 20}


@pytest.mark.parametrize("url", ["", "/v1/models/risk", "/v1/models/risk:predict"])
def test_a_model_of_the_v1_protocol(url: str) -> None:
    at = "/v1/models/risk"
    with endpoint(_v1(_by_age, {"name": "risk", "ready": True, "labels": [0, 1.0]}, at=at)) as there:
        classifier = _open(there.url + url, model="" if url else "risk")
        assert classifier.classes == ("0", "1")
        assert classifier.predict_proba(ROWS)[1].tolist() == [0.25, 0.75]


def test_names_come_with_the_answers_and_may_change_their_order() -> None:
    def predict(rows: list[dict[str, Any]]) -> object:
        found = [{"no": 0.25, "yes": 0.75} for _row in rows]
        return {"predictions": found if len(rows) > 1 else [dict(reversed(row.items())) for row in found]}

    with endpoint(_v1(predict)) as there:
        classifier = _open(there.url)
        assert classifier.predict_proba(ROWS).tolist() == [[0.25, 0.75]] * 3
        assert classifier.classes == ("no", "yes")
        assert classifier.predict_proba(ROWS[:1]).tolist() == [[0.25, 0.75]]


def test_lists_of_probabilities_under_a_usual_name() -> None:
    def predict(rows: list[dict[str, Any]]) -> object:
        return {"predictions": [{"classes": ["a", "b"], "scores": [0.5, 0.5], "label": "a"} for _row in rows]}

    with endpoint(_v1(predict)) as there:
        classifier = _open(there.url)
        assert classifier.predict_proba(ROWS).tolist() == [[0.5, 0.5]] * 3
        assert classifier.classes == ("a", "b")


def test_many_rows_go_in_batches_and_stay_in_order() -> None:
    def predict(rows: list[dict[str, Any]]) -> object:
        assert len(rows) <= 256
        return {"predictions": [[row["x"] / 1000, 1 - row["x"] / 1000] for row in rows]}

    with endpoint(_v1(predict)) as there:
        found = _open(there.url).predict_proba(pa.table({"x": range(1000)}))
        assert len(there.asked) == 1 + 4
    assert found[:, 0] == pytest.approx(np.arange(1000) / 1000)


def test_values_that_json_does_not_know() -> None:
    table = pa.table(
        {
            "day": [dt.date(2026, 1, 2)], "at": [dt.datetime(2026, 1, 2, 3, 4)], "flag": [True],  # noqa: DTZ001  as tables hold them
            "paid": pa.array([1], pa.decimal128(5, 2)), "far": [float("inf")],
            "kind": pa.array(["b"]).dictionary_encode(),
        }
    )  # fmt: skip
    with endpoint(_v1(lambda rows: {"predictions": [[0.5, 0.5] for _row in rows]})) as there:
        _open(there.url).predict_proba(table)
    assert there.asked[-1].body["instances"] == [
        {"day": "2026-01-02", "at": "2026-01-02T03:04:00", "flag": True, "paid": "1.00", "far": None, "kind": "b"}
    ]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([[0.5, 0.5]], "no list of predictions"),
        ({"predictions": {}}, "no list of predictions"),
        ({"error": "x"}, "no list of predictions"),
        ({"predictions": [[0.5, 0.5]]}, "asked about 3 rows and answers about 1"),
        ({"predictions": [[0.5, 0.5]] * 4}, "asked about 3 rows and answers about 4"),
        ({"predictions": [1, 0, 1]}, "no list of probabilities"),
        ({"predictions": ["yes", "no", "yes"]}, "no list of probabilities"),
        ({"predictions": [[0.5, 0.5], [0.5, 0.5], [1.0]]}, "no list of probabilities"),
        ({"predictions": [[0.5, 0.4]] * 3}, "do not sum to 1"),
        ({"predictions": [[1.5, -0.5]] * 3}, "below 0 or above 1"),
        ({"predictions": [[float("nan"), 0.5]] * 3}, "something else than finite numbers"),
        ({"predictions": [[float("inf"), 0.5]] * 3}, "something else than finite numbers"),
        ({"predictions": [[10**400, 0.5]] * 3}, "something else than finite numbers"),
        ({"predictions": [[None, 0.5]] * 3}, "something else than finite numbers"),
        ({"predictions": [[True, False]] * 3}, "something else than finite numbers"),
        ({"predictions": [["0.5", "0.5"]] * 3}, "something else than finite numbers"),
        ({"predictions": [[1.0]] * 3}, "one class only"),
        ({"predictions": [{"a": 1.0}] * 3}, "one class only"),
        ({"predictions": [[]] * 3}, "one class only"),
        ({"predictions": [{"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}, {"a": 0.5, "c": 0.5}]}, "from row to row"),
        ({"predictions": [{"a\x00": 0.5, "b": 0.5}] * 3}, "no names that can be used"),
        ({"predictions": [{"a" * 1000: 0.5, "b": 0.5}] * 3}, "no names that can be used"),
        ({"predictions": [{"a": 0.5, "b": 0.5}, [0.5, 0.5], [0.5, 0.5]]}, "no list of probabilities"),
        ({"predictions": [{"scores": [0.5, 0.5], "labels": ["a", n]} for n in "bcd"]}, "from row to row"),
    ],
)
def test_answers_that_are_none(answer: object, says: str) -> None:
    with endpoint(_v1(lambda _rows: answer)) as there:
        classifier = _open(there.url)
        assert says in _silent(lambda: classifier.predict_proba(ROWS))
        _silent(lambda: classifier.classes)  # a wrong answer teaches nothing


def test_a_server_that_changes_its_mind() -> None:
    def predict(rows: list[dict[str, Any]]) -> object:
        return {"predictions": [{"a": 0.5, "b" if len(rows) == 3 else "c": 0.5} for _row in rows]}

    with endpoint(_v1(predict)) as there:
        classifier = _open(there.url)
        classifier.predict_proba(ROWS)
        assert "other classes than before" in _silent(lambda: classifier.predict_proba(ROWS[:1]))


def test_more_classes_than_the_metadata_names() -> None:
    with endpoint(_v1(lambda rows: {"predictions": [[0.5, 0.25, 0.25]] * len(rows)}, {"classes": ["a", "b"]})) as there:
        assert "2 classes" in _silent(lambda: _open(there.url).predict_proba(ROWS))


def test_html_and_errors_and_silence() -> None:
    def html(_server: Endpoint, handler: Handler, _asked: Asked) -> None:
        reply(handler, b"<html>welcome</html>")

    def broken(_server: Endpoint, handler: Handler, asked: Asked) -> None:
        reply(handler, {"detail": "secret"}, status=404 if asked.method == "GET" else 500)

    with endpoint(html) as there:
        assert "something else than JSON" in _silent(lambda: _open(there.url).predict_proba(ROWS))
    with endpoint(broken) as there, pytest.raises(Outside) as raised:
        _open(there.url).predict_proba(ROWS)
    assert "HTTP 500" in raised.value.why
    with pytest.raises(Outside):
        _open("http://127.0.0.1:1")


def test_a_limited_server_is_waited_for() -> None:
    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        if asked.method == "GET":
            reply(handler, {}, status=405)
        elif len(server.asked) < 4:
            reply(handler, {}, status=429, headers={"Retry-After": "0"})
        else:
            reply(handler, _by_age(asked.body["instances"]))

    with endpoint(answer) as there:
        assert _open(there.url).predict_proba(ROWS).shape == (3, 2)


def test_columns_that_the_data_lacks() -> None:
    with endpoint(_v1(_by_age, {"inputs": ["age", "height"]})) as there:
        assert "the first is height" in _silent(lambda: _open(there.url).predict_proba(ROWS))


@pytest.mark.parametrize(
    "metadata",
    [[], 3, {"classes": "ab"}, {"classes": []}, {"classes": ["a", "a"]}, {"classes": ["a", None]}, {"inputs": [1]},
     {"classes": ["a\n", "b"]}, {"inputs": [""]}, {"inputs": {"name": 1}}],
)  # fmt: skip
def test_metadata_that_is_none_is_passed_over(metadata: object) -> None:
    with endpoint(_v1(_by_age, metadata)) as there:
        classifier = _open(there.url)
        assert classifier.inputs == ()
        assert classifier.predict_proba(ROWS).shape == (3, 2)
        assert classifier.classes == ("0", "1")


def _v2(metadata: dict[str, Any], output: Callable[[dict[str, Any]], list[dict[str, Any]]], *, name: str = "m") -> Any:
    def answer(_server: Endpoint, handler: Handler, asked: Asked) -> None:
        if asked.path == f"/v2/models/{name}" and asked.method == "GET":
            reply(handler, {"name": name, "platform": "x", **metadata})
        elif asked.path == f"/v2/models/{name}/infer" and asked.method == "POST":
            reply(handler, {"model_name": name, "outputs": output(asked.body)})
        else:
            reply(handler, {"error": "none"}, status=404)

    return answer


def _proba(n: int, **more: object) -> dict[str, Any]:
    return {"name": "predict_proba", "datatype": "FP64", "shape": [n, 2], "data": [0.25, 0.75] * n, **more}


MATRIX = {"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}]}


def test_v2_with_one_matrix() -> None:
    outputs = [
        {"name": "label", "datatype": "INT64", "shape": [-1, 1]},
        {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2], "parameters": {"labels": ["no", "yes"]}},
    ]

    def output(body: dict[str, Any]) -> list[dict[str, Any]]:
        n = body["inputs"][0]["shape"][0]
        return [
            {"name": "label", "datatype": "INT64", "shape": [n, 1], "data": [0] * n},
            {"name": "probabilities", "datatype": "FP32", "shape": [n, 2], "data": [[0.25, 0.75]] * n},
        ]

    with endpoint(_v2({**MATRIX, "outputs": outputs}, output)) as there:
        classifier = _open(there.url, model="m")
        assert classifier.classes == ("no", "yes")
        assert (classifier.inputs, classifier.n_inputs) == ((), 2)
        table = pa.table({"a": [1, 2], "b": [0.5, None]})
        assert classifier.predict_proba(table).tolist() == [[0.25, 0.75]] * 2
        assert there.asked[-1].body == {
            "inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 2], "data": [1.0, 0.5, 2.0, None]}],
            "outputs": [{"name": "probabilities"}],
        }
        assert "takes 2 columns by position" in _silent(lambda: classifier.predict_proba(ROWS))
        assert "holds none" in _silent(lambda: classifier.predict_proba(ROWS.select(["age", "town"])))


def test_v2_with_a_tensor_for_each_column() -> None:
    inputs = [
        {"name": "town", "datatype": "BYTES", "shape": [-1, 1]}, {"name": "age", "datatype": "INT64", "shape": [-1]},
        {"name": "flag", "datatype": "BOOL", "shape": [-1]},
    ]  # fmt: skip
    with endpoint(_v2({"inputs": inputs}, lambda body: [_proba(body["inputs"][0]["shape"][0])])) as there:
        classifier = _open(there.url + "/v2/models/m/infer")
        assert classifier.inputs == ("town", "age", "flag")
        table = pa.table({"age": [20, 30], "flag": [True, False], "town": ["A", "B"], "other": [1, 1]})
        assert classifier.predict_proba(table).shape == (2, 2)
        assert classifier.classes == ("0", "1")
    assert there.asked[-1].body["inputs"] == [
        {
            "name": "town",
            "datatype": "BYTES",
            "shape": [2, 1],
            "data": ["A", "B"],
            "parameters": {"content_type": "str"},
        },
        {"name": "age", "datatype": "INT64", "shape": [2], "data": [20, 30]},
        {"name": "flag", "datatype": "BOOL", "shape": [2], "data": [True, False]},
    ]


def test_v2_without_metadata_of_inputs_takes_a_frame() -> None:
    def answer(_server: Endpoint, handler: Handler, asked: Asked) -> None:
        if asked.method == "GET":
            reply(handler, {"name": "m"})
        elif "outputs" in asked.body:
            reply(handler, {"error": "no output of that name"}, status=400)
        else:
            reply(handler, {"outputs": [_proba(asked.body["inputs"][0]["shape"][0], name="output-1")]})

    with endpoint(answer) as there:
        classifier = _open(there.url, model="m")
        table = pa.table({"age": range(600), "town": ["A"] * 600})
        assert classifier.predict_proba(table).shape == (600, 2)
        sent = there.asked[2].body
    assert sent["parameters"] == {"content_type": "pd"}
    assert [(one["name"], one["datatype"]) for one in sent["inputs"]] == [("age", "INT64"), ("town", "BYTES")]


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        ("x", "no list of outputs"),
        ([1], "no list of outputs"),
        ([], "none of its outputs"),
        ([{"name": "predict", "datatype": "INT64", "shape": [2, 1], "data": [0, 1]}], "none of its outputs"),
        ([_proba(3)], "in another shape"),
        ([_proba(2, shape=[4])], "in another shape"),
        ([_proba(2, shape=[2, 1 << 62])], "says a shape"),
        ([_proba(2, data=[0.5])], "says a shape"),
        ([_proba(2, data=None)], "finite numbers"),
        ([_proba(2, data=[0.5, 0.5, 0.5, "x"])], "finite numbers"),
        ([_proba(2, data=[0.5, 0.6, 0.5, 0.5])], "do not sum to 1"),
        ([_proba(2, shape=[2, 1], data=[1.0, 1.0])], "one class only"),
    ],
)
def test_v2_answers_that_are_none(outputs: Any, says: str) -> None:
    with endpoint(_v2(MATRIX, lambda _body: outputs)) as there:
        classifier = _open(there.url, model="m")
        assert says in _silent(lambda: classifier.predict_proba(pa.table({"a": [1, 2], "b": [1, 2]})))


def test_a_name_cannot_lead_elsewhere() -> None:
    with endpoint(_v1(_by_age)) as there:
        _open(there.url, model="../../admin?x=1#").predict_proba(ROWS)
    assert all(".." not in asked.path or "%2F" in asked.path for asked in there.asked)


def test_refusals_are_told() -> None:
    with endpoint(lambda _s, handler, _a: reply(handler, {}, status=401)) as there, pytest.raises(Outside) as raised:
        _open(there.url, model="m")
    assert http.KEY in raised.value.fix
    with pytest.raises(Unusable):
        _open("no url")


def test_the_recipe_is_opened_when_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "fit.py").write_text("")
    file = RecipeFile(path=tmp_path / "fit.py", label="fit.py", format="python", is_trusted=False)
    with endpoint(_v1(_by_age, {"classes": ["a", "b"]})) as there:
        classifier = _open(there.url, recipe=file)
        assert "was not trusted" in _silent(lambda: classifier.recipe)
