"""Members of archives, one after the other, without unpacking anything to anywhere."""

from __future__ import annotations

import posixpath
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from weighbridge.probekit.tape import HOSTILE, Allowance, Tape, TooMuch, counted, unpacked

MAX_DIRECTORY_BYTES = 1 << 25  # of a zip file's list of contents, which is read at once; ours
_MAX_NAME_BYTES = 1 << 16
_BLOCK = 512
_TAR_FILES, _TAR_LINKS = b"\0" + b"07", b"12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in an archive. Its tape must be read before the next member is asked for; None where it cannot be."""

    name: str
    tape: Tape | None
    escapes: bool  # unpacking it would write, or point, outside the folder it is unpacked in


def leaves_folder(path: str) -> bool:
    """Whether a path, taken below some folder, leads out of that folder."""
    parts = re.split(r"[/\\]", path)
    return path.startswith(("/", "\\")) or bool(re.match(r"[A-Za-z]:", path)) or ".." in parts


def _link_leaves(name: str, target: str) -> bool:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.replace("\\", "/")))
    return leaves_folder(joined)


def zip_members(stream: BinaryIO, allowance: Allowance) -> Iterator[Member]:
    """The files of a zip archive, with whatever stands before it passed over.

    Raises BadZipFile where there is no list of contents, TooMuch where the list is too long to read.
    """
    _check_directory(stream)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            allowance.take_entry()
            if not info.is_dir():
                yield _zip_member(archive, stream, info, allowance)


def _zip_member(archive: zipfile.ZipFile, stream: BinaryIO, info: zipfile.ZipInfo, allowance: Allowance) -> Member:
    escapes = leaves_folder(info.orig_filename)
    try:
        tape = _zip_tape(archive, stream, info, allowance)
        if stat.S_ISLNK(info.external_attr >> 16):
            escapes = escapes or _link_leaves(info.filename, tape.head()[:_MAX_NAME_BYTES].decode("utf-8", "replace"))
    except HOSTILE:  # encrypted, a method unknown to us, or a header that says otherwise
        return Member(name=info.filename, tape=None, escapes=escapes)
    return Member(name=info.filename, tape=tape, escapes=escapes)


def _zip_tape(archive: zipfile.ZipFile, stream: BinaryIO, info: zipfile.ZipInfo, allowance: Allowance) -> Tape:
    """What is packed; of the methods but storing and deflating, `zipfile` unpacks any amount at once, so not by it."""
    opened = archive.open(info)  # checks what the member's own header says
    if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return counted(Tape(opened.read), allowance)
    if info.compress_type != zipfile.ZIP_BZIP2:
        raise ValueError("packed by a method that we do not unpack")
    stream.seek(info.header_offset + 26)
    name, extra = struct.unpack("<HH", stream.read(4))
    return unpacked(_slice(stream, info.header_offset + 30 + name + extra, info.compress_size), "bzip2", allowance)


def _slice(stream: BinaryIO, start: int, length: int) -> Tape:
    at, end = start, start + length

    def read(n: int) -> bytes:
        nonlocal at
        stream.seek(at)
        data = stream.read(min(n, end - at))
        at += len(data)
        return data

    return Tape(read)


def _check_directory(stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    start = max(0, size - (1 << 16) - 22)
    stream.seek(start)
    tail = stream.read(size - start)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise zipfile.BadZipFile("no list of contents")
    length: int = struct.unpack_from("<I", tail, at + 12)[0]
    if length == 0xFFFFFFFF:
        length = _long_directory(stream, tail, at)
    if length > MAX_DIRECTORY_BYTES:
        raise TooMuch


def _long_directory(stream: BinaryIO, tail: bytes, at: int) -> int:
    if at < 20 or tail[at - 20 : at - 16] != b"PK\x06\x07":
        raise zipfile.BadZipFile("no long list of contents")
    stream.seek(struct.unpack_from("<Q", tail, at - 12)[0])
    record = stream.read(56)
    if len(record) < 56:
        raise zipfile.BadZipFile("no long list of contents")
    length: int = struct.unpack_from("<Q", record, 40)[0]
    return length


def tar_members(tape: Tape, allowance: Allowance) -> Iterator[Member]:
    """The files of a tar archive.

    Read block by block by ourselves, since `tarfile` reads extended headers of any length into memory.
    Raises ValueError where a header is none.
    """
    name, link, sizes = "", "", ""
    while header := tape.read(_BLOCK):
        if header.count(0) == len(header):
            continue
        size = _tar_size(header)
        kind = header[156:157]
        if kind in b"LKxg":
            text = _tar_text(tape, size)
            if kind in b"xg":
                found = _pax(text)
                name, link, sizes = found.get("path", name), found.get("linkpath", link), found.get("size", sizes)
            else:
                name, link = (text.rstrip("\0"), link) if kind == b"L" else (name, text.rstrip("\0"))
            continue
        allowance.take_entry()
        size = int(sizes) if sizes.isdecimal() else size
        yield from _tar_member(tape, header, size, name, link)
        name, link, sizes = "", "", ""


def _tar_member(tape: Tape, header: bytes, size: int, name: str, link: str) -> Iterator[Member]:
    prefix = _text(header[345:500]) if header[257:262] == b"ustar" and header[257:265] != b"ustar  \0" else ""
    name = name or (f"{prefix}/{_text(header[:100])}" if prefix else _text(header[:100]))
    kind = header[156:157]
    if kind in _TAR_LINKS:
        target = link or _text(header[157:257])
        leaves = _link_leaves(name, target) if kind == b"2" else leaves_folder(target)
        yield Member(name=name, tape=Tape(lambda _n: b""), escapes=leaves_folder(name) or leaves)
        return
    body = _Body(tape, size)
    if kind in _TAR_FILES:
        yield Member(name=name, tape=Tape(body.read), escapes=leaves_folder(name))
    elif size:
        yield Member(name=name, tape=None, escapes=leaves_folder(name))
    body.skip()


class _Body:
    """The bytes of one member, and the padding after them."""

    def __init__(self, tape: Tape, size: int) -> None:
        self._tape = tape
        self._left = size
        self._padding = -size % _BLOCK

    def read(self, n: int) -> bytes:
        data = self._tape.read(min(n, self._left))
        if not data and n and self._left:
            raise EOFError("the archive is cut off")
        self._left -= len(data)
        return data

    def skip(self) -> None:
        while self._left:
            self.read(1 << 20)
        self._tape.read(self._padding)


def _tar_size(header: bytes) -> int:
    if len(header) < _BLOCK:
        raise EOFError("the archive is cut off")
    said = header[148:156].strip(b" \0")
    if int(said or b"0", 8) != sum(header[:148]) + 8 * 0x20 + sum(header[156:]):
        raise ValueError("a header whose sum is wrong")
    if header[124] & 0x80:
        return int.from_bytes(header[125:136], "big")
    return int(header[124:136].strip(b" \0") or b"0", 8)


def _tar_text(tape: Tape, size: int) -> str:
    if size > _MAX_NAME_BYTES:
        raise TooMuch
    data = tape.read(size)
    tape.read(-size % _BLOCK)
    return data.decode("utf-8", "replace")


def _pax(text: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^\d+ ([^=\n]+)=(.*)$", text))


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")
