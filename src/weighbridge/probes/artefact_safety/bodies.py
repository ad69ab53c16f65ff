"""Where in a file its tensors begin: what comes before is read for secrets, numbers are not."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

_FLOATS = re.compile(rb"['\"]descr['\"]\s*:\s*['\"][<>|=]?[fc]\d")
_GGUF_SIZES = (1, 1, 2, 2, 4, 4, 4, 1, None, None, 8, 8, 8)  # bytes of each type of value; None: by its own length
_GGUF_STRING, _GGUF_ARRAY = 8, 9
_MAX_ITEMS = (
    4_000_000  # keys, texts and tensors of one file that are walked through; the largest vocabularies have 256k
)


def bytes_before_tensors(format_: str, head: bytes, whole: BinaryIO | None) -> int | None:
    """How many bytes stand before a body that is nothing but numbers; None where all is to be read."""
    if format_ == "safetensors":
        return 8 + int.from_bytes(head[:8], "little")
    if format_ == "npy":
        start, width = (10, 2) if head[6:7] == b"\x01" else (12, 4)
        end = start + int.from_bytes(head[8 : 8 + width], "little")
        return end if _FLOATS.search(head[start:end]) else None
    if format_ == "gguf" and whole is not None:
        try:
            return _Gguf(whole).end_of_header()
        except (ValueError, IndexError, struct.error):
            return None
    return None


class _Gguf:
    """Steps over a GGUF file's keys and its list of tensors."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, _MAX_ITEMS

    def end_of_header(self) -> int | None:
        """Where the list of tensors ends; None where there are none."""
        self._stream.seek(0, 2)
        size = self._stream.tell()
        self._stream.seek(4)
        version, n_tensors, n_keys = struct.unpack("<IQQ", self._stream.read(20))
        if version not in (2, 3) or not n_tensors:
            return None
        for _ in range(n_keys):
            self._skip_text()
            self._skip_value(self._number("<I"))
        for _ in range(n_tensors):
            self._skip_text()
            self._stream.seek(8 * self._number("<I") + 12, 1)
        return at if (at := self._stream.tell()) <= size else None

    def _number(self, form: str) -> int:
        number: int = struct.unpack(form, self._stream.read(struct.calcsize(form)))[0]
        return number

    def _skip_text(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ValueError("more items than are walked through")
        self._skip(self._number("<Q"))

    def _skip(self, n_bytes: int) -> None:
        if n_bytes >= 1 << 48:
            raise ValueError("longer than any file")
        self._stream.seek(n_bytes, 1)

    def _skip_value(self, kind: int) -> None:
        size = _GGUF_SIZES[kind]
        if size is not None:
            self._skip(size)
        elif kind == _GGUF_STRING:
            self._skip_text()
        else:
            of, n = self._number("<I"), self._number("<Q")
            item = _GGUF_SIZES[of]
            if of == _GGUF_ARRAY:
                raise ValueError("arrays in arrays")
            if item is not None:
                self._skip(item * n)
            else:
                for _ in range(n):
                    self._skip_text()
