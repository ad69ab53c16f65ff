from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.served.wire import Metadata, NoAnswer, RowsForm, Tensor, TensorsForm, names_in, read_metadata

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = ("predictions", "outputs", "classes", "labels", "inputs", "parameters", "scores")
ANSWERS = JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4)


@given(ANSWERS, st.integers(0, 4))
def test_whatever_is_answered_gives_numbers_or_no_answer(answer: object, n: int) -> None:
    tensors = (Tensor(name="x", datatype="FP64", shape=(-1, 2)),)
    for form in (RowsForm("", Metadata()), TensorsForm("", Metadata()), TensorsForm("", Metadata(inputs=tensors))):
        try:
            table, names = form.table(answer, n)
        except NoAnswer as error:
            assert str(error.says)
        else:
            assert table.ndim == 2
            assert len(table) == n
            assert all(math.isfinite(value) for value in table.ravel())
            assert len(set(names)) == len(names)


@given(ANSWERS)
def test_whatever_is_told_as_metadata_gives_proper_names(told: object) -> None:
    found = read_metadata(told)
    for names in (found.classes, found.columns):
        assert all(name.isprintable() and 0 < len(name) <= 200 for name in names)


def test_names_of_classes() -> None:
    assert names_in({"labels": [0, 1.0, 2.5, True, "x"]}) == ("0", "1", "2.5", "True", "x")
    assert names_in({"labels": [1, 1.0]}) == ()
    assert names_in({"classes": []}) == ()
    assert names_in([]) == ()
    assert names_in({"classes": ["a"] * 20_000}) == ()


def test_inputs_of_metadata() -> None:
    wide = {"name": "x", "datatype": "FP32", "shape": [-1, 4]}
    narrow = {"name": "age", "datatype": "FP32", "shape": [-1, 1]}
    assert read_metadata({"inputs": [wide]}).columns == ()
    assert read_metadata({"inputs": [wide]}).matrix == Tensor(name="x", datatype="FP32", shape=(-1, 4))
    assert read_metadata({"inputs": [narrow]}).columns == ("age",)
    assert read_metadata({"inputs": [narrow, {**narrow, "name": "b"}]}).columns == ("age", "b")
    assert read_metadata({"inputs": ["age", "town"]}).columns == ("age", "town")
    assert read_metadata({"inputs": [narrow, {"name": 3}]}).columns == ()


def test_numbers_keep_their_size() -> None:
    form = TensorsForm("", Metadata(inputs=(Tensor(name="id", datatype="INT64", shape=(-1,)),)))
    body = form.body(pa.table({"id": [2**60 + 1, None]}))
    assert body["inputs"] == [{"name": "id", "datatype": "INT64", "shape": [2], "data": [2**60 + 1, None]}]
    with pytest.raises(NoAnswer):
        form.body(pa.table({"id": ["a"]}))
