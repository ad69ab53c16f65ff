"""Values that are no hash but the value itself in another writing."""

from __future__ import annotations

import base64
import binascii
import codecs
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from weighbridge.probekit.identifiers import has_shape_of_one
from weighbridge.probekit.ports import Column, ColumnType, Table

ENCODED = "encoded"
_ROWS = 200
_MOST, _HALF = 0.8, 0.5  # shares of the values looked at that must come back; ours
_LEAST = 8  # rows with different values; of fewer, it may be chance. Ours
_SHORT = 4  # characters; shorter values are equal by chance

Decoder = Callable[[str], str | None]


def _hex(value: str) -> str | None:
    return _text(lambda: bytes.fromhex(value)) if len(value) % 2 == 0 and value.isalnum() else None


def _base64(value: str) -> str | None:
    return _text(
        lambda: base64.b64decode(
            value + "=" * (-len(value) % 4), altchars=b"-_" if {"-", "_"} & set(value) else None, validate=True
        )
    )


def _text(decode: Callable[[], bytes]) -> str | None:
    try:
        text = decode().decode()
    except (ValueError, binascii.Error):
        return None
    return text if text.isprintable() and text else None


def _rot13(value: str) -> str | None:
    shifted = codecs.encode(value, "rot13")
    return shifted if shifted != value else None


def _reversed(value: str) -> str | None:
    return value[::-1] if value[::-1] != value else None


_DECODERS: Mapping[str, Decoder] = {
    "hexadecimal": _hex, "base64": _base64, "letters shifted by 13": _rot13, "written backwards": _reversed,
}  # fmt: skip


def coded_columns(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    """Columns whose values are another writing of something, with the writing.

    What comes back must be what stands in another column of the same row, or have the shape of an e-mail address, a
    phone number or a number that is given out, which the value itself has not.
    """
    texts = [c.name for c in columns if c.type is ColumnType.TEXT and c.n_distinct >= _LEAST]
    names = [c.name for c in columns if c.type in (ColumnType.TEXT, ColumnType.NUMBER, ColumnType.DATE)]
    if not texts:
        return _shifted(table, columns)
    cells = _few_rows(table, names)
    found: dict[str, str] = {}
    for name in texts:
        # Of two columns that are each other's writing, the first is told: which of them is the plain one is not known.
        beside = [cells[other] for other in names if other != name and other not in found]
        coding = next((c for c, decode in _DECODERS.items() if _comes_back(cells[name], decode, beside)), None)
        if coding:
            found[name] = coding
    return {**found, **_shifted(table, columns)}


def _few_rows(table: Table, names: Sequence[str]) -> dict[str, list[str | None]]:
    for batch in table.batches(tuple(names)):
        few = batch.slice(0, _ROWS)
        return {n: pc.cast(few.column(i), pa.string()).to_pylist() for i, n in enumerate(batch.schema.names)}
    return {name: [] for name in names}


def _comes_back(cells: Sequence[str | None], decode: Decoder, beside: Sequence[Sequence[str | None]]) -> bool:
    held = [(n, value.strip()) for n, value in enumerate(cells) if value and len(value.strip()) >= _SHORT]
    back = [(n, value, decoded) for n, value in held if (decoded := decode(value))]
    if len({value for _, value, _ in back}) < _LEAST or len(back) < _MOST * len(held):
        return False
    if 2 * sum(has_shape_of_one(d) and not has_shape_of_one(v) for _, v, d in back) > len(back):
        return True
    return any(
        sum((other[n] or "").strip().casefold() == d.casefold() for n, _, d in back) >= _HALF * len(back)
        for other in beside
    )


def _shifted(table: Table, columns: Sequence[Column]) -> dict[str, str]:
    """Whole numbers that are those of another column with the same bits turned over."""
    own = [c for c in columns if c.type is ColumnType.NUMBER and c.is_whole and 2 * c.n_distinct > table.n_rows][:12]
    if len(own) < 2:
        return {}
    cells = {
        name: [int(float(v)) if v else None for v in values]
        for name, values in _few_rows(table, [c.name for c in own]).items()
    }
    found = {}
    for a, b in ((a.name, b.name) for n, a in enumerate(own) for b in own[n + 1 :]):
        pairs = [(x, y) for x, y in zip(cells[a], cells[b], strict=True) if x is not None and y is not None]
        masks = {x ^ y for x, y in pairs}
        if len({x for x, _ in pairs}) >= _LEAST and len(masks) == 1 and masks != {0} and not _is_sum(pairs):
            found[b] = "the numbers of another column, XOR a constant"
    return found


def _is_sum(pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether one is the other plus a constant, as a year of birth is from an age: no code at all."""
    return len({y - x for x, y in pairs}) == 1 or len({y + x for x, y in pairs}) == 1
