"""The bytes of a file as they were before they were compressed, and the check that they are UTF-8."""

from __future__ import annotations

import codecs
import io
import lzma
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from weighbridge.core.errors import Outside, Unusable, WeighbridgeError
from weighbridge.core.wording import _
from weighbridge.probekit.formats import inside

CHUNK_BYTES = 1 << 20
MAX_LINE_BYTES = 16 << 20  # ours: one row or document; more than any book, and small enough to hold a few of them
MAX_UNPACKED_TIMES, MAX_UNPACKED_BYTES = 500, 1 << 30  # ours: real tables shrink up to about a hundredfold
_XZ_MEMORY = 1 << 27  # ours: 128 MiB, twice what `xz -9` needs
_BY_ARROW = {"gzip": "gzip", "bzip2": "bz2", "zstd": "zstd", "lz4": "lz4"}
_BY_HAND = ("xz", "lzma")
_UTF16 = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file with rows or documents in it; `format` is that beneath its compression, as the door found it."""

    path: Path
    label: str
    format: str


def unusable(label: str, why: str, fix: str) -> Unusable:
    """The error for a file that cannot be read as what it seems to be."""
    return Unusable(_("cannot read {label}").format(label=label), why, fix)


def outside(label: str, error: OSError) -> Outside:
    """The error for a disk or a permission that stands in the way."""
    return Outside(
        _("cannot read {label}").format(label=label),
        error.strerror or type(error).__name__,
        _("check that it is there and that you may read it: ls -l {label}").format(label=shlex.quote(label)),
    )


def broken(label: str, error: Exception, why: str) -> WeighbridgeError:
    """What a reader's error means: the system's own faults carry a number, those of the format do not."""
    if isinstance(error, OSError) and error.errno is not None:
        return outside(label, error)
    return unusable(label, why, _("make the file again from its source, then run the same command"))


def open_bytes(file: DataFile) -> BinaryIO:
    """The bytes inside a file, unpacked as they are read; reading raises Unusable where the packing is broken."""
    try:
        raw = file.path.open("rb")
    except OSError as error:
        raise outside(file.label, error) from None
    with raw:
        compression = inside(raw, file.label).compression
        if not compression:
            return file.path.open("rb")
        if compression not in (*_BY_ARROW, *_BY_HAND):
            raise unusable(
                file.label,
                _("it is packed as {packing}, which is not unpacked here").format(packing=compression),
                _("unpack it, or pack it as one of {known}").format(known=", ".join((*_BY_ARROW, *_BY_HAND))),
            )
        unpacked = _Unpacked(file, compression)
    return cast("BinaryIO", io.BufferedReader(unpacked, CHUNK_BYTES))


def open_seekable(file: DataFile, *, spill: Path | None) -> BinaryIO:
    """The bytes inside a file that must be read out of order: a compressed one is unpacked into an unnamed file first.

    Parameters
    ----------
    spill : the folder for that file; None for the system's own
    """
    stream = open_bytes(file)
    if not isinstance(stream, io.BufferedReader) or not isinstance(stream.raw, _Unpacked):
        return stream
    whole = tempfile.TemporaryFile(dir=spill)  # noqa: SIM115  the caller reads it; it has no name and goes with its handle
    with stream:
        while data := stream.read(CHUNK_BYTES):
            try:
                whole.write(data)
            except OSError as error:
                raise no_room(file.label, error) from None
    whole.seek(0)
    return cast("BinaryIO", whole)


def no_room(label: str, error: OSError) -> Outside:
    """The error for a spill folder that takes no more."""
    return Outside(
        _("cannot unpack {label}").format(label=label),
        _("the folder for temporary files refuses: {says}").format(says=error.strerror or type(error).__name__),
        _("free some room there, or name a folder on a larger disk: --home FOLDER"),
    )


def open_text(file: DataFile) -> io.BufferedReader:
    """The bytes inside a text file without byte order mark; reading raises Unusable at the first that is not UTF-8."""
    return io.BufferedReader(_Utf8(file), CHUNK_BYTES)


def lines(stream: io.BufferedReader, label: str) -> Iterator[bytes]:
    """The lines of a file with their ends; one that is longer than `MAX_LINE_BYTES` is refused before it is read."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise unusable(
                label,
                _("line {n} is longer than {limit} MiB").format(n=number, limit=MAX_LINE_BYTES >> 20),
                _("write one record per line: line feeds may be missing between records"),
            )
        yield line


class _Unpacked(io.RawIOBase):
    """A compressed file, unpacked as it is read, that stops at what only a decompression bomb would give."""

    def __init__(self, file: DataFile, compression: str) -> None:
        super().__init__()
        self._file, self._compression = file, compression
        self._raw = file.path.open("rb")
        self._packed_bytes = file.path.stat().st_size
        self._given = 0
        self._parts = _xz(self._raw) if compression in _BY_HAND else _by_arrow(self._raw, compression)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = self._next_part()
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _next_part(self) -> bytes:
        try:
            part = next(self._parts, b"")
        except (OSError, EOFError, lzma.LZMAError, pa.ArrowException) as error:
            raise broken(
                self._file.label,
                error if isinstance(error, OSError) else ValueError(),
                _("its {packing} data breaks off or is damaged after {n} unpacked bytes").format(
                    packing=self._compression, n=self._given
                ),
            ) from None
        self._given += len(part)
        if self._given > max(MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES * self._packed_bytes):
            raise unusable(
                self._file.label,
                _("{packed} compressed bytes unpack to more than {n}: this is how decompression bombs look").format(
                    packed=self._packed_bytes, n=self._given
                ),
                _("unpack it by hand if you trust it, and weigh the unpacked file"),
            )
        return part


def _by_arrow(raw: BinaryIO, compression: str) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), _BY_ARROW[compression]) as stream:
        while part := stream.read(CHUNK_BYTES):
            yield part


def _xz(raw: BinaryIO) -> Iterator[bytes]:
    """By hand: the standard library's file class sets no limit on memory, and the file chooses how much it takes."""
    unpacker = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
    packed = raw.read(CHUNK_BYTES)
    while True:
        yield from filter(None, [unpacker.decompress(packed, CHUNK_BYTES)])
        if unpacker.eof:
            packed = (unpacker.unused_data + raw.read(CHUNK_BYTES)).lstrip(b"\0")  # zeros pad one stream from the next
            if not packed:
                return
            unpacker = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        elif unpacker.needs_input:
            packed = raw.read(CHUNK_BYTES)
            if not packed:
                raise EOFError
        else:
            packed = b""


class _Utf8(io.RawIOBase):
    """Bytes that were seen to be UTF-8 before they are handed on, less a byte order mark."""

    def __init__(self, file: DataFile) -> None:
        super().__init__()
        self._file = file
        self._inner = open_bytes(file)
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._bytes_before = self._lines_before = self._pending = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        if self._bytes_before == 0:
            data = self._without_mark(data, len(buffer))
        self._check(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()

    def _without_mark(self, data: bytes, wanted: int) -> bytes:
        if data[:2] in _UTF16:
            raise self._not_utf8(0, _UTF16[data[:2]])
        if not data.startswith(codecs.BOM_UTF8):
            return data
        self._bytes_before = len(codecs.BOM_UTF8)
        return data[len(codecs.BOM_UTF8) :] or self._inner.read(wanted)

    def _check(self, data: bytes) -> None:
        try:
            self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            start = error.start - self._pending
            self._lines_before += data.count(b"\n", 0, max(start, 0))
            raise self._not_utf8(self._bytes_before + start, "WINDOWS-1252") from None
        self._pending = len(self._decoder.getstate()[0])
        self._bytes_before += len(data)
        self._lines_before += data.count(b"\n")

    def _not_utf8(self, offset: int, likely: str) -> Unusable:
        label = self._file.label
        stem, dot, suffix = label.rpartition(".")
        target = f"{stem}-utf8.{suffix}" if dot else f"{label}-utf8"
        return unusable(
            label,
            _("it is not UTF-8: byte {offset} (line {line}) cannot be read as that").format(
                offset=offset, line=self._lines_before + 1
            ),
            _("if it is {likely}: iconv -f {likely} -t UTF-8 {label} > {target}").format(
                likely=likely, label=shlex.quote(label), target=shlex.quote(target)
            ),
        )
