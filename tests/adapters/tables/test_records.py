from __future__ import annotations

import json
import math
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.tables.layout import Contradicted, Kind
from weighbridge.adapters.tables.records import Records, text_of, texts
from weighbridge.adapters.tables.streams import DataFile
from weighbridge.core.errors import Unusable


def source(path: Path, data: bytes) -> Records:
    path.write_bytes(data)
    return Records(DataFile(path=path, label=path.name, format="jsonl"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-20", "null"], Kind.WHOLE),
        (["1", "NaN"], Kind.WHOLE),
        (["1", "2.5"], Kind.NUMBER),
        (["true", "null"], Kind.BOOLEAN),
        (['"00123"', '"7"'], Kind.TEXT),  # a string is taken at its word
        (['"1990-01-01"', '""'], Kind.DATE),
        (['"1990-01-01"', "1990"], Kind.TEXT),
        (["1", '"x"'], Kind.TEXT),
        (["1", "true"], Kind.TEXT),
        (['{"a": 1}', "[2]"], Kind.NESTED),
        (["123456789012345678901234567890", "1"], Kind.TEXT),
        (["123456789012345678901234567890", "1.5"], Kind.TEXT),
        (["null"], Kind.TEXT),
    ],
)
def test_kinds(path: Path, values: list[str], kind: Kind) -> None:
    for order in (values, values[::-1]):
        records = source(path, "".join(f'{{"x": {value}}}\n' for value in order).encode())
        (laid,) = records.learned(records.batches())
        assert laid.kind is kind
        made = [value for batch in records.batches() for value in records.typed(batch, [laid])[0].to_pylist()]
        assert [value is None for value in made] == [value in ("null", "NaN", '""') for value in order]


def test_keys_may_come_late_and_mixed_values_are_text(path: Path) -> None:
    records = source(path, b'{"a": 1}\n\n{"b": [true, null], "a": "x"}\n{"c": 2.5, "a": false}\n')
    layout = records.learned(records.batches())
    assert [laid.name for laid in layout] == ["a", "b", "c"]
    (batch,) = records.batches()
    made = [column.to_pylist() for column in records.typed(batch, layout)]
    assert made == [["1", "x", "false"], [None, "[true, null]", None], [None, None, 2.5]]


def test_what_was_not_learned_contradicts(path: Path) -> None:
    records = source(path, b'{"a": 1}\n{"a": 2}\n')
    layout = records.learned(records.batches())
    for row in ({"a": 1, "b": 2}, {"a": 1.5}, {"a": 2**70}, {"a": "x"}, {"a": True}, {"a": [1]}):
        with pytest.raises(Contradicted):
            records.typed([row], layout)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a": 1}\n{"a": "SECRET"\n', "line 2 is not JSON"),
        (b'{"a": 1}\n\n"SECRET"\n', "line 3 is a JSON string, not an object"),
        (b"3\n", "line 1 is a JSON number"),
        (b'[{"a": "SECRET"}]\n', "line 1 is a JSON array"),
        (b'{"a": ' + b"9" * 5000 + b"}\n", "line 1 is not JSON"),
        (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}\n", "nested more than 200"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "line 1 is not JSON"),
        (b'{"a": "SECRET \xff"}\n', "byte 14 (line 1)"),
    ],
)
def test_bad_lines_are_told_by_number(path: Path, data: bytes, why: str) -> None:
    with pytest.raises(Unusable) as caught:
        list(source(path, data).batches())
    assert why in caught.value.why
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_keys_without_end_are_refused(path: Path) -> None:
    records = source(path, json.dumps({f"k{n}": 1 for n in range(10_001)}).encode())
    with pytest.raises(Unusable, match="10000 different keys"):
        records.learned(records.batches())


def test_half_a_character_is_replaced(path: Path) -> None:
    records = source(path, b'{"a": "x\\ud800y"}\n')
    layout = records.learned(records.batches())
    (batch,) = records.batches()
    assert records.typed(batch, layout)[0].to_pylist() == ["x\ufffdy"]
    assert texts(["\ud800", None]).to_pylist() == ["\ufffd", None]


def test_text_of() -> None:
    assert text_of("x") == "x"
    assert text_of(None) is None
    assert text_of({"b": 1, "a": "é"}) == '{"a": "é", "b": 1}'


SCALARS = st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats() | st.text(max_size=3)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=2), SCALARS, max_size=2)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), min_size=1, max_size=6))
def test_any_record_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    records = source(path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    layout = records.learned(records.batches())
    (batch,) = records.batches()
    columns = dict(zip((laid.name for laid in layout), records.typed(batch, layout), strict=True))
    for key, column in columns.items():
        assert isinstance(column, pa.Array)
        for row, value in zip(rows, column.to_pylist(), strict=True):
            given_value = row.get(key)
            if isinstance(given_value, float) and math.isnan(given_value):
                assert value is None
            elif pa.types.is_floating(column.type) or isinstance(value, int):
                assert value == given_value
