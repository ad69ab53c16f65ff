from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from weighbridge.probekit.attributes import Part, read_traits, sort_out
from weighbridge.probekit.bench import MemoryTable

Columns = Mapping[str, Any]  # a column is anything that Arrow takes


def part_of(columns: Columns, name: str) -> Part:
    table = MemoryTable(columns)
    attributes = sort_out(table, read_traits(table, table.columns), steps=20, seed=0)
    return dict(zip((t.name for t in attributes.traits), attributes.parts, strict=True))[name]


PEOPLE = {"age": [20 + i % 40 for i in range(100)], "sex": ["f", "m"] * 50}


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ({"x": [f"key-{i * 37 % 1009}" for i in range(100)]}, Part.IDENTIFYING),  # nearly everybody has their own
        ({"x": [f"{i % 3}" for i in range(100)]}, Part.REST),
        ({"x": [i * 7 + 100_000 for i in range(100)]}, Part.IDENTIFYING),  # numbers of one length, given out
        ({"x": [i * 7 for i in range(100)]}, Part.REST),  # a measurement may well differ from row to row
        ({"x_id": [i * 7 for i in range(100)]}, Part.IDENTIFYING),
        ({"x": [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=7 * i) for i in range(100)]}, Part.IDENTIFYING),
        ({"x": [date(2024, 1, 1 + i % 28) for i in range(100)]}, Part.QUASI),
        ({"lat": [round(0.1 * (i % 7), 1) for i in range(100)]}, Part.QUASI),  # rounded by its owner
        ({"easting": [300_000 + 13 * i for i in range(100)]}, Part.IDENTIFYING),
        ({"household": [i // 4 for i in range(100)]}, Part.QUASI),  # few enough to be a size
        ({"household_id": [i // 4 for i in range(100)]}, Part.COUNTER),
        ({"household_id": [f"H{i // 4 * 7}" for i in range(100)]}, Part.IDENTIFYING),
        ({"employer": [f"e{i % 9}" for i in range(100)]}, Part.QUASI),
        ({"salary": [1000 + 10 * i for i in range(100)]}, Part.SENSITIVE),
        ({"contact": [f"a{i}@b.org" for i in range(100)]}, Part.IDENTIFYING),
    ],
)
def test_parts_one_by_one(column: Columns, part: Part) -> None:
    name = next(iter(column))
    assert part_of({**column, **PEOPLE}, name) is part
