"""Files that are no tables and no documents, and plain text all the same, such as JSON or YAML: read line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

_BLOCK = 4 << 20  # bytes; ours
_ENDS = (b"\n", b"}", b"]", b">", b",", b" ")  # where a line without an end may be cut: between values


def lines(reader: BinaryIO) -> Iterator[list[str] | None]:
    """The lines of a file, block by block; None, and nothing after it, where it is no text in UTF-8."""
    left = b""
    while block := reader.read(_BLOCK):
        block = left + block
        cut = next((at + 1 for end in _ENDS if (at := block.rfind(end)) >= 0), len(block))
        block, left = block[:cut], block[cut:]
        told = _told(block)
        yield told
        if told is None:
            return
    if left:
        yield _told(left)


def _told(block: bytes) -> list[str] | None:
    if b"\0" in block:
        return None
    try:
        return block.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None
