"""Universal Binary JSON, as XGBoost writes it, read within bounds."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

_DEEPEST = 64  # a model is nested about ten deep; ours
_MOST_ITEMS = 1 << 27  # of all containers together; ours
_NUMBERS: dict[bytes, np.dtype[Any]] = {
    b"i": np.dtype(">i1"), b"U": np.dtype(">u1"), b"I": np.dtype(">i2"), b"u": np.dtype(">u2"),
    b"l": np.dtype(">i4"), b"m": np.dtype(">u4"), b"L": np.dtype(">i8"), b"M": np.dtype(">u8"),
    b"d": np.dtype(">f4"), b"D": np.dtype(">f8"),
}  # fmt: skip
_WORDS = {b"Z": None, b"T": True, b"F": False}


class Damaged(Exception):
    """A file that is not built as its format says; the message gives the reason and quotes nothing of it."""


def load_ubjson(data: bytes) -> Any:
    """The value; typed arrays of numbers become numpy arrays.

    Raises
    ------
    Damaged
        Where it is cut off, goes on after its end, is nested too deep, or names a key twice.

    References
    ----------
    https://ubjson.org, with the types that XGBoost adds: u (uint16), m (uint32) and M (uint64).
    """
    reader = _Reader(data)
    value = reader.value(reader.take(1), 0)
    if reader.at != len(data):
        msg = "it goes on after its end"
        raise Damaged(msg)
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.items = 0

    def take(self, n: int) -> bytes:
        if n < 0 or self.at + n > len(self.data):
            msg = "it is cut off"
            raise Damaged(msg)
        self.at += n
        return self.data[self.at - n : self.at]

    def value(self, kind: bytes, depth: int) -> Any:
        if kind in _WORDS:
            return _WORDS[kind]
        if kind in _NUMBERS:
            return self.number(kind)
        if kind == b"S":
            return self.text()
        if kind not in (b"[", b"{"):
            msg = "it holds a value of a type that is not known"
            raise Damaged(msg)
        if depth >= _DEEPEST:
            msg = "it is nested too deep"
            raise Damaged(msg)
        return self.array(depth) if kind == b"[" else self.object(depth)

    def number(self, kind: bytes) -> int | float:
        dtype = _NUMBERS[kind]
        found: int | float = np.frombuffer(self.take(dtype.itemsize), dtype)[0].item()
        return found

    def length(self) -> int:
        kind = self.take(1)
        found = self.number(kind) if kind in _NUMBERS and kind not in (b"d", b"D") else -1
        if found < 0:
            msg = "a length is no number of things"
            raise Damaged(msg)
        return int(found)

    def text(self) -> str:
        try:
            return self.take(self.length()).decode()
        except UnicodeDecodeError as error:
            msg = "a text is not UTF-8"
            raise Damaged(msg) from error

    def peek(self) -> bytes:
        return self.data[self.at : self.at + 1]

    def head(self) -> tuple[bytes, int | None]:
        """The type and the number of a container's values, as far as it says."""
        kind = b""
        if self.peek() == b"$":
            self.take(1)
            kind = self.take(1)
        if self.peek() == b"#":
            self.take(1)
            return kind, self.length()
        if kind:
            msg = "a typed array does not say how long it is"
            raise Damaged(msg)
        return b"", None

    def count(self) -> None:
        self.items += 1
        if self.items > _MOST_ITEMS:
            msg = "it holds too many values"
            raise Damaged(msg)

    def array(self, depth: int) -> Any:
        kind, n = self.head()
        if kind in _NUMBERS and n is not None:
            dtype = _NUMBERS[kind]
            return np.frombuffer(self.take(n * dtype.itemsize), dtype).astype(dtype.newbyteorder("="))
        if kind:
            msg = "a typed array is of something else than numbers"
            raise Damaged(msg)
        found: list[Any] = []
        while len(found) < n if n is not None else self.peek() != b"]":
            self.count()
            found.append(self.value(self.take(1), depth + 1))
        if n is None:
            self.take(1)
        return found

    def object(self, depth: int) -> dict[str, Any]:
        kind, n = self.head()
        if kind:
            msg = "a typed object"
            raise Damaged(msg)
        found: dict[str, Any] = {}
        while len(found) < n if n is not None else self.peek() != b"}":
            self.count()
            key = self.text()
            if key in found:
                msg = "it names a key twice"
                raise Damaged(msg)
            found[key] = self.value(self.take(1), depth + 1)
        if n is None:
            self.take(1)
        return found


def dump_ubjson(value: Any) -> bytes:
    """The value as UBJSON, arrays of numpy as typed arrays."""
    parts: list[bytes] = []
    _write(value, parts)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes]) -> None:
    if isinstance(value, str):
        parts.append(b"S" + _counted(value))
    elif isinstance(value, bool) or value is None:
        parts.append({None: b"Z", True: b"T", False: b"F"}[value])
    elif isinstance(value, int):
        parts.append(b"L" + struct.pack(">q", value))
    elif isinstance(value, float):
        parts.append(b"d" + struct.pack(">f", value))
    elif isinstance(value, np.ndarray):
        kind = next(k for k, dtype in _NUMBERS.items() if dtype == value.dtype.newbyteorder(">"))
        parts.append(b"[$" + kind + b"#L" + struct.pack(">q", len(value)) + value.astype(_NUMBERS[kind]).tobytes())
    elif isinstance(value, list):
        parts.append(b"[#L" + struct.pack(">q", len(value)))
        for item in value:
            _write(item, parts)
    else:
        parts.append(b"{")
        for key, item in value.items():
            parts.append(_counted(key))
            _write(item, parts)
        parts.append(b"}")


def _counted(text: str) -> bytes:
    data = text.encode()
    return b"L" + struct.pack(">q", len(data)) + data
