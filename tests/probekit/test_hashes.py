import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit import hashes
from weighbridge.probekit.hashes import hash_cells, in_column, key_of

EXPECTED = [
    0xBF0D35B33C9322D9,
    0x52EF34755260747B,
    0x2BAC1B1E138D0F94,
    0xAC6EE3ABA61474B0,
    0x29B4C88EA909695B,
    0xE1876D8CEB4CD828,
    0xDE9C7FABE7C0D8E8,
    0xB47DEA9B3126DD19,
]


def _hash(value: object, kind: pa.DataType, key: bytes = b"") -> int:
    return int(hash_cells(pa.array([value], kind), key)[0])


def test_the_hash_is_fixed() -> None:
    """States are joined across machines and versions: a change here is a new version of every fold."""
    found = [
        _hash("Ada", pa.string()), _hash(1, pa.int64()), _hash(0.5, pa.float64()), _hash(True, pa.bool_()),
        _hash(dt.date(1890, 1, 1), pa.date32()), _hash(None, pa.string()), _hash("Ada", pa.string(), b"key"),
        int(in_column(hash_cells(pa.array(["Ada"])), "name")[0]),
    ]  # fmt: skip
    assert found == EXPECTED


@given(st.lists(st.integers(-(2**53), 2**53), unique=True, max_size=50))
def test_whole_numbers_hash_as_the_floats_they_equal_and_never_collide(values: list[int]) -> None:
    whole = hash_cells(pa.array(values, pa.int64()))
    assert np.array_equal(whole, hash_cells(pa.array([float(v) for v in values], pa.float64())))
    assert len(set(whole.tolist())) == len(values)


@given(st.lists(st.one_of(st.none(), st.text()), max_size=30), st.integers(0, 30))
def test_a_hash_depends_on_the_cell_alone(values: list[str | None], cut: int) -> None:
    cells = pa.array(values, pa.string())
    parts = [hash_cells(cells.slice(0, cut)), hash_cells(cells.slice(cut))]
    assert np.array_equal(hash_cells(cells), np.concatenate(parts))
    assert len(set(hash_cells(cells).tolist())) == len(set(values))


def test_types_keys_and_columns_are_told_apart() -> None:
    key = key_of(3, "combinations")
    cells = {
        _hash("1", pa.string()), _hash(1, pa.int64()), _hash(True, pa.bool_()), _hash(None, pa.int64()),
        _hash(1, pa.int64(), key), _hash("1", pa.string(), key), _hash(2**62 + 1, pa.int64()), _hash(2**62, pa.int64()),
    }  # fmt: skip
    assert len(cells) == 8
    one = hash_cells(pa.array([1, 2]))
    assert not set(in_column(one, "a", key).tolist()) & set(in_column(one, "b", key).tolist())
    assert _hash(None, pa.int64()) == _hash(None, pa.string())
    assert _hash(-0.0, pa.float64()) == _hash(0, pa.int64())


def test_a_type_without_a_specified_hash_is_refused() -> None:
    with pytest.raises(TypeError, match="no hash"):
        hash_cells(pa.array([b"x"]))


def test_what_is_remembered_of_texts_changes_no_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{'long ' * (n % 40)}{n}" for n in range(300)] + [None, ""]
    monkeypatch.setattr(hashes, "_REMEMBERED", 100)
    made = [hash_cells(pa.array(texts[at:] + texts[:at]), b"k").tolist() for at in (0, 150, 290)]
    assert made[1] == made[0][150:] + made[0][:150]
    assert made[2] == made[0][290:] + made[0][:290]
    assert made[0][-2:] == hash_cells(pa.array([None, ""], pa.string()), b"k").tolist()
    assert max(len(hashes._known(key)) for key in (b"k", b"")) <= 400
