"""The released files: which of them are looked into as what, and the text that stands in their bytes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from weighbridge.core.candidate import Belonging, Role
from weighbridge.probekit.ports import Bench, Stream

_CHUNK = 1 << 20
_MAX_DIRECTORY = 1 << 22  # bytes of a zip file's list of contents, which is read at once; ours
_DATA = frozenset({
    Role.DATA, Role.TRAIN_DATA, Role.HELD_OUT, Role.POPULATION, Role.PARALLEL_TEXT, Role.RELEASE_TEXT, Role.HUMAN_TEXT,
    Role.REFERENCE_WEIGHTS,
})  # fmt: skip
_ZIPS = frozenset({"skops", "torch-zip", "keras", "npz", "zip", "jar", "ooxml"})
_PACKED = frozenset({"gzip", "bzip2", "xz", "lzma", "zstd", "lz4", "zlib", "7z", "rar", "pdf", "ooxml"})
_WRITTEN = frozenset({"json", "jsonl", "yaml", "toml", "markdown", "text", "html", "xml", "notebook", "python", "shell",
                      "script", "svg", "csv", "tsv", "pdf", "empty"})  # fmt: skip
TOKENIZERS = frozenset({
    "tokenizer.json", "vocab.json", "vocab.txt", "merges.txt", "added_tokens.json", "special_tokens_map.json",
    "tokenizer_config.json",
})  # fmt: skip
HOSTILE = (
    OSError, ValueError, EOFError, RuntimeError, LookupError, OverflowError, MemoryError, RecursionError, struct.error,
    zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""What readers raise at bytes that are not what they say they are."""


class Where(StrEnum):
    """Where something of the training data is kept."""

    INSTANCES = "instances"
    WEIGHTS = "weights"
    VOCABULARY = "vocabulary"
    TOKENIZER = "tokenizer"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A released file that is no data set."""

    stream: Stream
    format: str

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.stream.artefact.label

    @property
    def size(self) -> int:
        """Bytes."""
        return self.stream.artefact.size_bytes

    @property
    def is_tokenizer(self) -> bool:
        """Whether it is a part of a tokenizer, by role or by name."""
        name = self.label.rpartition("/")[2].lower()
        is_named = name in TOKENIZERS or self.format == "sentencepiece"
        return is_named or self.stream.artefact.role is Role.TOKENIZER

    @property
    def where(self) -> Where:
        """Weights hold numbers; settings, cards and the files of a tokenizer are what stands beside them."""
        is_beside = self.is_tokenizer or self.format in _WRITTEN
        return Where.METADATA if is_beside else Where.WEIGHTS

    @property
    def is_packed(self) -> bool:
        """Whether its bytes say nothing as they are, and we do not unpack them."""
        return self.format in _PACKED


def released(bench: Bench) -> tuple[File, ...]:
    """The files that leave, without data sets: that these hold training data is no discovery. Smallest first."""
    found = [
        File(stream=stream, format=stream.artefact.format)
        for stream in bench.streams()
        if stream.artefact.belongs is not Belonging.EVIDENCE_ONLY and stream.artefact.role not in _DATA
    ]
    return tuple(sorted(found, key=lambda file: (file.size, file.label)))


@dataclass(slots=True, kw_only=True)
class Unread:
    """Bytes that were not looked into, by place, and the files they are in."""

    at: dict[Where, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    def add(self, file: File, n_bytes: int) -> None:
        """Note that so much of a file was left out."""
        self.at[file.where] = self.at.get(file.where, 0) + max(1, n_bytes)
        if file.label not in self.labels:
            self.labels.append(file.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads text out of files, and notes what it could not read."""

    shortest: int  # characters of a stretch of text that is worth a look
    unpack_bytes: int  # most that may come out of one archive
    unread: Unread
    tick: Callable[[], None]

    def texts(self, file: File) -> Iterator[str]:
        """Stretches of text in the bytes of a file; long ones in pieces that overlap."""
        if file.is_packed:
            self.unread.add(file, file.size)
            return
        try:
            with file.stream.open() as stream:
                if file.format in _ZIPS:
                    yield from self._members(file, stream)
                else:
                    yield from self._stretches(stream.read)
        except HOSTILE:
            self.unread.add(file, file.size)

    def _members(self, file: File, stream: BinaryIO) -> Iterator[str]:
        if not has_short_directory(stream):
            self.unread.add(file, file.size)
            return
        left = max(self.unpack_bytes, file.size)
        with zipfile.ZipFile(stream) as archive:
            yield from self._found(archive.comment)
            for info in archive.infolist():
                left -= info.file_size
                if left < 0 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    self.unread.add(file, info.file_size)
                    continue
                yield from self._found(info.filename.encode("utf-8", "replace"))
                with archive.open(info) as member:
                    yield from self._stretches(member.read)

    def _stretches(self, read: Callable[[int], bytes]) -> Iterator[str]:
        """Pieces of bytes in turn, each with the end of the one before it."""
        before = b""
        overlap = 16 * self.shortest  # four bytes a character, and its escape in JSON is longer
        while data := read(_CHUNK):
            self.tick()
            yield from self._found(before + data)
            before = (before + data)[-overlap:]

    def _found(self, data: bytes) -> Iterator[str]:
        for encoding in _ENCODINGS:
            pattern = encoding.pattern(self.shortest)
            for part in encoding.parts(data, self.shortest):
                for match in pattern.finditer(part):
                    text = match[0].decode(encoding.name, "replace")
                    yield text
                    if "\\" in text:
                        yield unescaped(text)


def _table(*letters: int) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, dtype=bool)
    table[[*b"\t\n\r", *range(0x20, 0x7F), *letters]] = True
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoding:
    """How text may stand in bytes: a letter's first byte is one of `letters`, its others are 0."""

    name: str
    width: int
    letters: npt.NDArray[np.bool_]

    def pattern(self, shortest: int) -> re.Pattern[bytes]:
        """At least so many letters in a row."""
        letters = b"".join(re.escape(bytes([n])) for n in np.flatnonzero(self.letters).tolist())
        one = b"(?:[" + letters + b"]" + rb"\0" * (self.width - 1) + b")"
        return re.compile(one + b"{" + str(shortest).encode() + b",}")

    def parts(self, data: bytes, shortest: int) -> Iterator[bytes]:
        """The parts of the bytes that hold such text, and a little around it.

        Where so many letters stand in a row, one of the places that are half as far apart has half as many behind it.
        Most places in arrays of numbers fall out after a few bytes, so this is many times faster than to look at all.
        """
        block = shortest // 2 * self.width
        there = np.frombuffer(data, dtype=np.uint8)
        for shift in range(self.width):
            places = np.arange(shift, max(shift, len(there) - block + 1), block)
            for n in range(0, block, self.width):
                places = places[self.letters[there[places + n]]]
                for more in range(1, self.width):
                    places = places[there[places + n + more] == 0]
                if not len(places):
                    break
            for group in np.split(places, np.flatnonzero(np.diff(places) > block) + 1) if len(places) else ():
                yield data[max(0, int(group[0]) - block) : int(group[-1]) + 2 * block]


_LATIN = _table(*range(0xA0, 0x100))
_ENCODINGS = (
    _Encoding(name="utf-8", width=1, letters=_table(*range(0x80, 0xF5))),
    _Encoding(name="utf-16-le", width=2, letters=_LATIN),
    _Encoding(name="utf-32-le", width=4, letters=_LATIN),
)


_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|["\\/bfnrt])')
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescaped(text: str) -> str:
    r"""The text with the escapes of JSON undone.

    >>> unescaped(r"caf\u00e9 \"two\"")
    'café "two"'
    """

    def plain(match: re.Match[str]) -> str:
        found = match[1]
        return chr(int(found[1:], 16)) if found[0] == "u" else _SHORT.get(found, found)

    return _ESCAPE.sub(plain, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def has_short_directory(stream: BinaryIO) -> bool:
    """Whether a zip file's list of contents is short enough to be read at once; leaves the stream at its start."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - (1 << 16) - 22))
    tail = stream.read((1 << 16) + 22)
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    return 0 <= end <= len(tail) - 22 and struct.unpack_from("<I", tail, end + 12)[0] <= _MAX_DIRECTORY
