from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.wire import LENGTH, VARINT, Field, end_of, next_field, top_fields, varint


def test_fields_are_read_by_number() -> None:
    data = b"\x08\x96\x01" + b"\x12\x03abc" + b"\x1d\0\0\0\0" + b"\x21" + bytes(8)
    found = top_fields(data, size=len(data))
    assert [(f.number, f.wire, f.value) for f in found] == [(1, VARINT, 150), (2, LENGTH, 3), (3, 5, 4), (4, 1, 8)]
    assert end_of(found[-1]) == len(data)


def test_a_field_beyond_the_end_does_not_fit() -> None:
    assert top_fields(b"\x12\x7fabc", size=5) == []
    assert top_fields(b"\x12\x7fabc", size=200) == [Field(2, LENGTH, 127, 2)]


def test_an_endless_number_is_none() -> None:
    assert varint(b"\xff" * 20, 0) == (0, -1)
    assert next_field(b"\xff" * 20, 0) is None


@given(st.binary(max_size=200), st.none() | st.integers(0, 400))
def test_any_bytes_can_be_read(data: bytes, size: int | None) -> None:
    for field in top_fields(data, size=size):
        assert field.number >= 1
