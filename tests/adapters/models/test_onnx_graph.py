from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from adapters.models.classifiers import Features, Labels
from weighbridge.adapters.models.onnx_graph import onnx_structure

ROWS = Features.astype(np.float32)


def _exported(model: Any, **options: Any) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter asks for attributes that will go
        made = to_onnx(model, ROWS[:1], options={type(model): options} if options else None)
    return bytes(made.SerializeToString())


MACHINE = SVC().fit(ROWS, Labels)
CHANGED = _exported(MACHINE)


def test_support_vectors_are_rows() -> None:
    found = onnx_structure(CHANGED)
    assert found.names_instances
    assert sorted(map(tuple, found.instances)) == sorted(map(tuple, MACHINE.support_vectors_.astype(np.float32)))


def test_neighbours_are_rows() -> None:
    model = KNeighborsClassifier(3).fit(ROWS, Labels)
    for options in ({}, {"optim": "cdist"}):
        found = onnx_structure(_exported(model, **options))
        assert found.names_instances
        assert np.array_equal(found.instances, ROWS)


def test_trees_do_not_tell_their_leaves() -> None:
    found = onnx_structure(_exported(DecisionTreeClassifier().fit(ROWS, Labels)))
    assert found.untold_leaves
    assert not found.names_instances
    assert not len(found.leaves)
    assert any(len(array) for array in found.arrays)


def test_words_are_found_and_classes_are_none_of_them() -> None:
    texts = ["red house", "blue house", "red sea"] * 5
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, ["warm", "cold", "warm"] * 5)
    found = onnx_structure(to_onnx(model, np.array([["red house"]])).SerializeToString())
    assert {"red", "house", "blue", "sea"} <= set(found.vocabulary)
    assert not {"warm", "cold"} & set(found.vocabulary)


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    "kind", [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.INT32, TensorProto.FLOAT16]
)
def test_initialisers_are_read_however_they_are_kept(kind: int, raw: bool) -> None:
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    values = np.array([[1, -2, 3], [400, 5, -6]], dtype=dtype)
    tensor = helper.make_tensor(
        "w", kind, values.shape, values.tobytes() if raw else values.ravel().tolist(), raw=raw
    )  # fmt: skip
    graph = helper.make_graph([], "g", [], [], [tensor, helper.make_tensor("s", TensorProto.STRING, [1], [b"word"])])
    found = onnx_structure(helper.make_model(graph).SerializeToString())
    if kind == TensorProto.FLOAT16 and not raw:
        return  # kept as whole numbers in a field of their own
    assert found.vocabulary == ("word",)
    (array,) = found.arrays
    assert np.array_equal(array, values)


@given(st.binary(max_size=200))
def test_what_is_no_protocol_buffer_is_told(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        onnx_structure(data)


@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_changed_byte_is_told_or_read(at: int, byte: int) -> None:
    data = bytearray(CHANGED)
    data[at % len(data)] = byte
    with contextlib.suppress(ValueError):
        onnx_structure(bytes(data))
