"""Secrets in the bytes of a file, text or not."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from weighbridge.probes.artefact_safety.credentials import SecretSearch
from weighbridge.probes.artefact_safety.runs import NARROW, WIDE, Runs

_SEAM = 256  # bytes at each end of a chunk without zeros that a wide run may reach into


class ByteSearch:
    """Looks through a file, chunk by chunk.

    Parameters
    ----------
    make : a new search for secrets in text
    head : the first bytes of a file of text; None for one that is none
    n_bytes : how many bytes are looked through; None for all
    """

    def __init__(self, make: Callable[[], SecretSearch], *, head: bytes | None, n_bytes: int | None) -> None:
        has_mark = head is not None and head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self.text = make() if head is not None else None
        self._decode = codecs.getincrementaldecoder("utf-16")("replace").decode if has_mark else _one_to_one
        patterns = () if has_mark else (WIDE,) if self.text else (NARROW, WIDE)
        self.within = tuple(make() for _ in patterns)
        self._runs = tuple(map(Runs, patterns))
        self._left = n_bytes

    def feed(self, chunk: bytes) -> None:
        """The next chunk of the file."""
        if self._left is not None:
            chunk = chunk[: self._left]
            self._left -= len(chunk)
        if self.text:
            self.text.feed(self._decode(chunk))
        has_zeros = b"\0" in chunk
        for search, runs in zip(self.within, self._runs, strict=True):
            is_idle = self.text is not None and not has_zeros and len(chunk) > 2 * _SEAM
            search.feed(runs.feed(chunk[:_SEAM] + chunk[-_SEAM:] if is_idle else chunk))

    def finish(self) -> None:
        """There are no more chunks."""
        if self.text:
            self.text.finish()
        for search, runs in zip(self.within, self._runs, strict=True):
            search.feed(runs.finish())
            search.finish()


def _one_to_one(chunk: bytes) -> str:
    """Bytes as text in which keys and tokens, which are ASCII, read as they are."""
    return chunk.decode("latin-1")
