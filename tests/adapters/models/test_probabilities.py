from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from weighbridge.adapters.models.probabilities import checked, class_names
from weighbridge.core.evidence import NotMeasured, Silent


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([[0.5, 0.5]], "something else"),
        (np.array([[0.5, 0.5, 0.0]]), "something else"),
        (np.array([0.5, 0.5]), "something else"),
        (np.array([[0.5, 0.5]] * 2), "something else"),
        (np.array([["0.5", "0.5"]]), "something else"),
        (np.array([[np.nan, 0.5]]), "no numbers"),
        (np.array([[np.inf, 0.5]]), "no numbers"),
        (np.array([[1.5, -0.5]]), "below 0 or above 1"),
        (np.array([[0.5, 0.4]]), "do not sum to 1"),
        (np.array([[0.0, 0.0]]), "do not sum to 1"),
    ],
)
def test_what_is_no_probability_is_silent(found: Any, why: str) -> None:
    with pytest.raises(Silent, match=why) as raised:
        checked(found, 1, 2, label="m")
    assert isinstance(raised.value.outcome, NotMeasured)


def test_rounding_is_allowed() -> None:
    found = checked(np.array([[1.00005, -0.00005]], dtype=np.float32), 1, 2, label="m")
    assert found.tolist() == [[1.0, 0.0]]
    assert checked(np.zeros((0, 2)), 0, 2, label="m").shape == (0, 2)


def test_names_of_classes_are_as_python_prints_them() -> None:
    assert class_names(np.array([0.0, 1.0, 1.5])) == ("0", "1", "1.5")
    assert class_names(np.array([False, True])) == ("False", "True")
    assert class_names([1, "b", 2.0, float("inf")]) == ("1", "b", "2", "inf")
