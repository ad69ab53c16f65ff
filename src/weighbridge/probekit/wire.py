"""Protocol buffers on the wire: fields by number, without a schema."""

from __future__ import annotations

from dataclasses import dataclass

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its number and wire type, its value (or length in bytes), and where its content starts."""

    number: int
    wire: int
    value: int
    start: int


def next_field(data: bytes, at: int) -> Field | None:
    """The field that starts at this place; None where none can be read."""
    key, at = varint(data, at)
    number, wire = key >> 3, key & 7
    if at < 0 or number < 1:
        return None
    if wire in (FIXED64, FIXED32):
        return Field(number, wire, 8 if wire == FIXED64 else 4, at)
    value, at = varint(data, at)
    return Field(number, wire, value, at) if at >= 0 and wire in (VARINT, LENGTH) else None


def end_of(field: Field) -> int:
    """Where the next field starts."""
    return field.start + (0 if field.wire == VARINT else field.value)


def top_fields(head: bytes, *, size: int | None, at_most: int = 64) -> list[Field]:
    """The outermost fields that start in `head`, the first bytes of `size` in all; [] where they do not fit."""
    at = 0
    found: list[Field] = []
    while at < len(head) and len(found) < at_most:
        field = next_field(head, at)
        if field is None:
            is_cut = size is None or size > len(head)
            return found if is_cut and len(found) > 1 and len(head) - at <= 2 * _MAX_VARINT_BYTES else []
        found.append(field)
        at = end_of(field)
    return found if size is None or at <= size else []


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at this place and the place after it; -1 where it does not end."""
    value = 0
    for n in range(_MAX_VARINT_BYTES):
        if not 0 <= at + n < len(data):
            return 0, -1
        value |= (data[at + n] & 0x7F) << (7 * n)
        if data[at + n] < 0x80:
            return value, at + n + 1
    return 0, -1
