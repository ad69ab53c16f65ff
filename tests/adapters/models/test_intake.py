from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from weighbridge.adapters.models.intake import Intake, Way, shown
from weighbridge.core.evidence import Silent

TABLE = pa.table(
    {
        "n": pa.array([1, None, 3]),
        "flag": pa.array([True, False, None]),
        "money": pa.array([Decimal("1.50"), None, Decimal("2.25")]),
        "word": pa.array(["a", None, "b"]),
        "kind": pa.array(["x", "y", None]).dictionary_encode(),
        "day": pa.array([dt.date(2020, 1, 1)] * 3),
        "whole": pa.array([1, 2, 3]),
        "none": pa.nulls(3),
    }
)


def _intake(*names: str, way: Way = Way.MATRIX, **options: object) -> Intake:
    return Intake(label="m", names=names, width=len(names), way=way, **options)  # type: ignore[arg-type]


def test_numbers_become_a_matrix_in_the_order_asked_for() -> None:
    found = _intake("money", "n", "flag", "none").taken(TABLE)
    assert found.dtype == np.float64
    assert np.array_equal(
        found, [[1.5, 1, 1, np.nan], [np.nan, np.nan, 0, np.nan], [2.25, 3, np.nan, np.nan]], equal_nan=True
    )


def test_columns_without_names_go_by_position() -> None:
    table = TABLE.select(["n", "whole"])
    assert Intake(label="m", names=(), width=2, way=Way.MATRIX).taken(table).shape == (3, 2)
    with pytest.raises(Silent, match="takes 3 columns by position, and the data has 2"):
        Intake(label="m", names=(), width=3, way=Way.MATRIX).taken(table)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Silent, match="a column age, and the data has 0"):
        _intake("n", "age").taken(TABLE)
    twice = pa.Table.from_arrays([TABLE["n"], TABLE["n"]], names=["n", "n"])
    with pytest.raises(Silent, match="has 2 of that name"):
        _intake("n").taken(twice)


def test_mixed_columns_become_a_frame_with_missing_words_as_the_encoder_knows_them() -> None:
    found = _intake("n", "word", "kind", "day", "whole", "flag").taken(TABLE)
    assert isinstance(found, pd.DataFrame)
    assert found["whole"].dtype == np.int64
    assert found["n"].dtype == np.float64
    assert found["word"].dtype == object
    assert found["kind"].tolist()[:2] == ["x", "y"]
    assert np.isnan(found["word"][1])
    assert np.issubdtype(found["day"].dtype, np.datetime64)
    assert _intake("word", missing=None).taken(TABLE)["word"][1] is None
    assert _intake("word", has_categories=True).taken(TABLE)["word"].dtype == "category"


def test_mixed_columns_by_position_become_an_array_of_objects() -> None:
    found = Intake(label="m", names=(), width=2, way=Way.MATRIX).taken(TABLE.select(["word", "whole"]))
    assert found.dtype == object
    assert found[:, 1].tolist() == [1, 2, 3]


def test_texts_are_one_column_of_strings() -> None:
    found = Intake(label="m", names=(), width=1, way=Way.TEXT).taken(TABLE.select(["word"]))
    assert found.tolist() == ["a", "", "b"]
    assert _intake("word", "n", way=Way.FRAME, documents=frozenset({"word"})).taken(TABLE)["word"].tolist() == [
        "a",
        "",
        "b",
    ]
    with pytest.raises(Silent, match="takes texts, and column whole"):
        Intake(label="m", names=(), width=1, way=Way.TEXT).taken(TABLE.select(["whole"]))


def test_names_are_shown_short_and_printable() -> None:
    assert shown("a\nb") == "'a\\nb'"
    assert len(shown("x" * 1000)) == 60
