from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

from weighbridge.probes.implicit_attributes.labels import labels


@pytest.mark.parametrize(
    ("values", "most", "targets", "named", "n_values"),
    [
        (["a", "b", None, "b"], 5, [1, 0, -1, 0], 2, 2),
        (["a", "b", "b", "c", "c", "c"], 2, [2, 1, 1, 0, 0, 0], 2, 3),
        ([True, False, True], 5, [0, 1, 0], 2, 2),
        ([1, 0, 0], 5, [1, 0, 0], 2, 2),
        ([1, 2, 3, 4], 5, [0, 0, 1, 1], 2, 4),
        ([1.5, math.nan, 2.5, 3.5], 5, [0, -1, 0, 1], 2, 3),
        ([1, 2, 9, 9, 9], 5, [0, 0, 1, 1, 1], 2, 3),
        ([dt.date(2020, 1, n) for n in (1, 2, 3, 4)], 5, [0, 0, 1, 1], 2, 4),
        ([[1], [2], [2]], 5, [1, 0, 0], 2, 2),
        (["a"] * 3, 5, [0, 0, 0], 1, 1),
        ([None, None], 5, [-1, -1], 0, 0),
        ([], 5, [], 0, 0),
    ],
)  # fmt: skip
def test_values_become_classes(values: list[object], most: int, targets: list[int], named: int, n_values: int) -> None:
    found = labels(pa.chunked_array([pa.array(values)]), most=most)
    assert found.targets.tolist() == targets
    assert (found.n_named, found.n_values) == (named, n_values)
    assert found.n_classes == max(targets, default=-1) + 1 or found.is_halved
    assert found.n_missing == targets.count(-1)


def test_categories_and_several_chunks_read_as_what_they_stand_for() -> None:
    chunks = pa.chunked_array([pa.array(["b", "a"]), pa.array(["b"])])
    assert labels(chunks.dictionary_encode(), most=5).targets.tolist() == [0, 1, 0]
    assert labels(pa.chunked_array([], pa.string()), most=5).n_values == 0


def test_a_hundred_thousand_values_are_a_few_and_a_rest() -> None:
    found = labels(pa.chunked_array([pa.array([f"v{n}" for n in range(10**5)])]), most=10)
    assert (found.n_named, found.n_classes, found.n_values) == (10, 11, 10**5)
