"""How cells, totals and columns of counts are written."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.probes.small_cells.counts import read_counts
from weighbridge.probes.small_cells.words import is_count, is_total


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [("<11", 0, 10), ("≤ 4", 0, 4), ("1-10", 1, 10), ("1–4", 1, 4), ("*", 0, np.inf), ("", 0, np.inf), ("1,234", 1234, 1234),
     ("1 234", 1234, 1234), ("12.0", 12, 12), (">50", 51, np.inf), ("90+", 90, np.inf), ("(s)", 0, np.inf), ("(3)", 3, 3), ("3*", 3, 3), ("12 (a)", 12, 12), ("4¹", 4, 4), ("moins de 5", 0, 4)],
)  # fmt: skip
def test_what_a_cell_says(cell: str, low: float, high: float) -> None:
    read = read_counts(pa.array([cell]))
    assert (read.low[0], read.high[0], read.is_count[0]) == (low, high, True)


@pytest.mark.parametrize("cell", ["abc", "1.5", "-3", "12 km", "31/12/1999", "x" * 90])
def test_what_is_no_count(cell: str) -> None:
    assert not read_counts(pa.array([cell])).is_count[0]


@pytest.mark.parametrize(
    "label", ["Total", "All ages", "Insgesamt", "Ambos sexos", "Tous", "合计", "المجموع", "Jumlah", "_T"]
)
def test_totals_are_known_in_several_languages(label: str) -> None:
    assert is_total(label)


@pytest.mark.parametrize("label", ["Totnes", "All other causes", "45", "Allen County Hospital Main Wing East", ""])
def test_what_is_no_total(label: str) -> None:
    assert not is_total(label)


@pytest.mark.parametrize("name", ["sex", "age", "case number", "number of rooms", "death rate", "year"])
def test_what_does_not_count_people(name: str) -> None:
    assert not is_count(name) or name == "case number"
