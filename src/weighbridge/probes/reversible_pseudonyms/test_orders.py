from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from weighbridge.probekit.bench import MemoryTable
from weighbridge.probes.reversible_pseudonyms.orders import ordered_columns

RNG = np.random.default_rng(0)
AT = RNG.permutation(200)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"id": (5000 + 3 * AT).tolist(), "surname": [f"fam{n:04d}" for n in AT]}, (("id", "surname"),)),
        (
            {"id": (5000 - AT).tolist(), "day": [f"2020-{1 + n // 28:02d}-{1 + n % 28:02d}" for n in AT]},
            (("id", "day"),),
        ),
        ({"id": (5000 + 3 * AT).tolist(), "surname": [f"fam{n:04d}" for n in RNG.permutation(200)]}, ()),
        ({"id": list(range(200)), "surname": [f"fam{n:04d}" for n in range(200)]}, ()),  # so the rows lie themselves
        ({"id": (5000 + 3 * AT).tolist(), "sex": ["f", "m"] * 100}, ()),
        ({"id": (5000 + 3 * AT).tolist(), "none": [None] * 200}, ()),
        ({"id": [1], "b": ["x"]}, ()),
    ],
)
def test_an_order_that_is_kept_is_found(columns: dict[str, Any], found: tuple[tuple[str, str], ...]) -> None:
    table = MemoryTable(columns)
    assert ordered_columns(table, table.columns) == found
