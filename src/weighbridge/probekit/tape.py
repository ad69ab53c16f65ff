"""Bytes that come once, from an archive or out of a compression; as many as we allow and no more."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import pyarrow as pa

from weighbridge.probekit.compression import HEAD_BYTES, LZMA_MEMORY

CHUNK = 1 << 20
HOSTILE = (
    OSError, ValueError, EOFError, RuntimeError, LookupError, OverflowError, MemoryError, RecursionError, struct.error,
    zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException,
)  # fmt: skip
"""What the readers of the standard library and of Arrow raise at bytes that are not what they say they are."""

_RESTARTS = {"gzip": b"\x1f\x8b", "zlib": b"\x78", "bzip2": b"BZh", "xz": b"\xfd7zXZ\0", "lzma": b"\x5d"}


class TooMuch(Exception):
    """More came out than is looked at."""


@dataclass(slots=True)
class Allowance:
    """How many bytes and entries may still come out of one artefact, and whom to tell that we are at it."""

    bytes_left: int
    entries_left: int
    tick: Callable[[], None]

    def take(self, n_bytes: int) -> None:
        """Count bytes that came out; raises TooMuch when the allowance is spent."""
        self.bytes_left -= n_bytes
        self.tick()
        if self.bytes_left < 0:
            raise TooMuch

    def take_entry(self) -> None:
        """Count one entry of an archive."""
        self.entries_left -= 1
        if self.entries_left < 0:
            raise TooMuch


class Tape:
    """A reader from start to end whose first bytes can be looked at beforehand."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._head = b""

    def head(self) -> bytes:
        """The first bytes, which stay on the tape."""
        if len(self._head) < HEAD_BYTES:
            self._head += self._exactly(HEAD_BYTES - len(self._head))
        return self._head[:HEAD_BYTES]

    def read(self, n: int) -> bytes:
        """`n` bytes, fewer only at the end."""
        taken, self._head = self._head[:n], self._head[n:]
        return taken + self._exactly(n - len(taken)) if len(taken) < n else taken

    def chunks(self) -> Iterator[bytes]:
        """All the rest, piece by piece."""
        while data := self.read(CHUNK):
            yield data

    def whole(self, at_most: int) -> bytes | None:
        """All of it, if it is not longer than this; otherwise nothing, and all of it stays on the tape."""
        data = self.read(at_most + 1)
        if len(data) <= at_most:
            return data
        self._head = data + self._head
        return None

    def _exactly(self, n: int) -> bytes:
        parts: list[bytes] = []
        while n > 0 and (data := self._read(min(n, CHUNK))):
            parts.append(data)
            n -= len(data)
        return b"".join(parts)


def tape_of(stream: BinaryIO) -> Tape:
    """A tape of a stream that can seek, from its start."""
    stream.seek(0)
    return Tape(stream.read)


def counted(tape: Tape, allowance: Allowance) -> Tape:
    """The same tape, what is read from it counted."""

    def read(n: int) -> bytes:
        data = tape.read(n)
        allowance.take(len(data))
        return data

    return Tape(read)


def unpacked(tape: Tape, compression: str, allowance: Allowance) -> Tape:
    """What is packed on a tape.

    Raises, while it is read, TooMuch and the exceptions of `HOSTILE`; EOFError where the packed bytes end too early.
    """
    if compression in ("zstd", "lz4"):
        stream = pa.CompressedInputStream(pa.PythonFile(_Readable(tape), mode="r"), compression)
        return counted(Tape(stream.read), allowance)
    pieces = _pieces(tape, compression)
    rest = b""

    def read(n: int) -> bytes:
        nonlocal rest
        rest = rest or next(pieces, b"")
        given, rest = rest[:n], rest[n:]
        return given

    return counted(Tape(read), allowance)


class _Readable(io.RawIOBase):
    """A tape as Arrow wants to see it."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._tape.read(size if size >= 0 else CHUNK)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Zlib:
    """A zlib or gzip unpacker that keeps what it has not used, as its siblings in bz2 and lzma do."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=47)  # takes either header

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _unpacker(compression: str) -> _Unpacker:
    if compression == "bzip2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(memlimit=LZMA_MEMORY) if compression in ("xz", "lzma") else _Zlib()


def _pieces(tape: Tape, compression: str) -> Iterator[bytes]:
    """What comes out, stream after stream: several may follow each other, with zeros between them."""
    data = _after_zeros(tape, tape.read(CHUNK))
    if not data:
        raise EOFError("empty")
    while data:
        if not data.startswith(_RESTARTS[compression]):
            raise ValueError("bytes follow that are not packed")
        unpacker = _unpacker(compression)
        while not unpacker.eof:
            if piece := unpacker.decompress(data, CHUNK):
                yield piece
            data = tape.read(CHUNK) if unpacker.needs_input and not unpacker.eof else b""
            if not data and unpacker.needs_input and not unpacker.eof:
                raise EOFError("cut off")
        data = _after_zeros(tape, unpacker.unused_data or tape.read(CHUNK))


def _after_zeros(tape: Tape, data: bytes) -> bytes:
    while data and not (rest := data.lstrip(b"\0")):
        data = tape.read(CHUNK)
    return rest if data else b""
