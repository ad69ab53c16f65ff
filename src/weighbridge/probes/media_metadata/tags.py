"""Blocks of metadata: Exif, IPTC and XMP. Only whether something stands there is told, never what."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from weighbridge.probes.media_metadata.kinds import EXIF, GPS, IPTC, XMP, Kind
from weighbridge.probes.media_metadata.window import Window

MAX_BLOCK = 1 << 22  # bytes of one block of metadata that are looked at; ours: thumbnails stand inside, pictures do not
_MAX_ENTRIES = 2000  # of one directory; the largest that cameras write have some hundred. Ours
_MAX_DIRECTORIES = 64  # of one file; ours
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_MAX_TEXT = 4096  # bytes of a value that are looked at for being empty
_MAKER_NOTE, _XMP, _IPTC, _PHOTOSHOP, _EXIF_AT, _GPS_AT, _SUB_AT = 0x927C, 700, 33723, 34377, 0x8769, 0x8825, 0x014A
_LATITUDE, _LONGITUDE = 2, 4
_THUMBNAIL = (0x0201, 0xC4A5)
_COMMENT, _CHARACTER_SET = 0x9286, 8  # a comment begins with the name of its character set
_SERIALS = (0xA431, 0xA435, 0xC62F)
_RATIOS = (5, 10)  # kinds of value, as TIFF numbers them
_IIM, _RECORD, _LONG = 0x1C, 2, 0x8000  # the mark of a dataset, the record of what is told, a length of lengths
_RESOURCE_IPTC, _RESOURCE_THUMBNAILS = 0x0404, (0x0409, 0x040C)
# A property of XMP, as an attribute or as an element: its local name, and how its value begins.
_PROPERTY = re.compile(
    rb"(?:^|[\s<])[\w-]{1,40}:(\w{1,40})\s{0,16}"
    rb"(?:=\s{0,16}([\"'])(.{0,64}?)\2|([^<>=]{0,200})>(?=\s{0,256}(.{0,64})))",
    re.DOTALL,
)


@dataclass(slots=True)
class Found:
    """What one file holds beside pixels and sound."""

    kinds: set[Kind] = field(default_factory=set)
    may: set[Kind] = field(default_factory=set)  # kinds that it may hold besides: a maker's own block was not read
    is_unread: bool = False  # part of it could not be read


def exif_kinds(block: Window, found: Found, *, start: int = 0) -> None:
    """Look through the directories of a TIFF file, or of the block of Exif that a picture carries.

    Raises
    ------
    EOFError, ValueError
        Where it is none, or cut off.
    """
    mark = block.at(start, 4)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(mark)
    if order is None:
        raise ValueError("no TIFF header")
    waiting = [(block.number(start + 4, order + "I"), "main")]
    seen: set[int] = set()
    n_main = 0
    while waiting:
        at, name = waiting.pop()
        if at in seen or at == 0:
            continue
        seen.add(at)
        if len(seen) > _MAX_DIRECTORIES:
            raise ValueError("too many directories")
        directory = _Directory(block, start, at, order)
        waiting += list(_of_directory(directory, name, found))
        if name == "main":
            if n_main and directory.has(*_THUMBNAIL):
                found.kinds.add(Kind.EMBEDDED_PICTURE)
            n_main += 1
            waiting.append((directory.following, "main"))


def _of_directory(directory: _Directory, name: str, found: Found) -> Iterator[tuple[int, str]]:
    """Take in what a directory says; and where others lie."""
    is_gps = name == "gps"
    for tag in directory.tags:
        kind = (GPS if is_gps else EXIF).get(tag)
        if kind and directory.says_something(tag):
            found.kinds.add(kind)
    if is_gps:
        if directory.is_a_place():
            found.kinds.add(Kind.POSITION)
        return
    if directory.has(_MAKER_NOTE):
        found.may |= {Kind.DEVICE_SERIAL, Kind.PERSON_NAME}
    for tag, look in ((_XMP, xmp_kinds), (_IPTC, iptc_kinds), (_PHOTOSHOP, photoshop_kinds)):
        if directory.has(tag):
            look(directory.value(tag), found)
    for tag, below in ((_EXIF_AT, "exif"), (_GPS_AT, "gps"), (_SUB_AT, "sub")):
        yield from ((at, below) for at in directory.numbers(tag))


class _Directory:
    """One directory of a TIFF file: tags and where their values lie."""

    def __init__(self, block: Window, start: int, at: int, order: str) -> None:
        self._block, self._start, self._order = block, start, order
        n = block.number(start + at, order + "H")
        if n > _MAX_ENTRIES:
            raise ValueError("too many entries")
        raw = block.at(start + at + 2, 12 * n)
        self._entries = {
            tag: (kind, count, raw[12 * i + 8 : 12 * i + 12])
            for i, (tag, kind, count) in enumerate(struct.unpack_from(order + "HHI", raw, 12 * i) for i in range(n))
        }
        tail = start + at + 2 + 12 * n
        self.following = block.number(tail, order + "I") if tail + 4 <= block.size else 0

    @property
    def tags(self) -> tuple[int, ...]:
        """Its tags."""
        return tuple(self._entries)

    def has(self, *tags: int) -> bool:
        """Whether one of them is there."""
        return any(tag in self._entries for tag in tags)

    def value(self, tag: int, at_most: int = MAX_BLOCK) -> bytes:
        """The bytes of a value, no more than `at_most`; none where its kind is unknown."""
        kind, count, inline = self._entries[tag]
        length = _SIZES.get(kind, 0) * count
        if length <= 4:
            return inline[:length]
        at = int.from_bytes(inline, "little" if self._order == "<" else "big")
        return self._block.at(self._start + at, min(length, at_most))

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Where other directories lie."""
        if tag not in self._entries:
            return ()
        data = self.value(tag, 4 * _MAX_DIRECTORIES)
        return struct.unpack(f"{self._order}{len(data) // 4}I", data[: len(data) // 4 * 4])

    def says_something(self, tag: int) -> bool:
        """Whether a value is not empty, all zeros or the blanks that stand for an unknown time."""
        data = self.value(tag, _MAX_TEXT)
        if tag == _COMMENT:
            data = data[_CHARACTER_SET:]
        return bool(data.strip(b"\0 " if tag in _SERIALS else b"\0 :0\t\r\n"))

    def is_a_place(self) -> bool:
        """Whether latitude and longitude are there, and not both nought: a camera writes that if it knows no place."""
        if not (self.has(_LATITUDE) and self.has(_LONGITUDE)):
            return False
        degrees = [self._degrees(tag) for tag in (_LATITUDE, _LONGITUDE)]
        return None not in degrees and any(degrees)

    def _degrees(self, tag: int) -> float | None:
        kind, count, _ = self._entries[tag]
        data = self.value(tag, 24)
        if kind not in _RATIOS or count < 1:
            return None
        parts = struct.unpack(f"{self._order}{len(data) // 4}I", data)
        ratios = [n / d if d else math.nan for n, d in zip(parts[::2], parts[1::2], strict=False)]
        total = sum(r / 60**i for i, r in enumerate(ratios) if math.isfinite(r))
        return total if math.isfinite(ratios[0]) else None


def photoshop_kinds(block: bytes, found: Found) -> None:
    """Look through Photoshop's image resources: IPTC, and its thumbnails."""
    at = 0
    while (at := block.find(b"8BIM", at)) >= 0 and at + 12 <= len(block):
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6] + 1
        at += 6 + name + name % 2
        length = int.from_bytes(block[at : at + 4], "big")
        data = block[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
        if number == _RESOURCE_IPTC:
            iptc_kinds(data, found)
        elif number in _RESOURCE_THUMBNAILS:
            found.kinds.add(Kind.EMBEDDED_PICTURE)


def iptc_kinds(block: bytes, found: Found) -> None:
    """Look through datasets of IPTC."""
    at = block.find(b"\x1c")
    while 0 <= at <= len(block) - 5 and block[at] == _IIM:
        record, number, length = block[at + 1], block[at + 2], int.from_bytes(block[at + 3 : at + 5], "big")
        if length & _LONG:  # no field of text is as long
            found.is_unread = True
            return
        value = block[at + 5 : at + 5 + length]
        if record == _RECORD and number in IPTC and value.strip(b"\0 "):
            found.kinds.add(IPTC[number])
        at += 5 + length


def xmp_kinds(block: bytes, found: Found) -> None:
    """Look through a packet of XMP, by the local names of its properties; not as XML, which may be hostile."""
    if len(block) > MAX_BLOCK:
        found.is_unread = True
    plain = block[:MAX_BLOCK].replace(b"\0", b"")  # of UTF-16, the letters that names are made of
    for match in _PROPERTY.finditer(plain):
        kind = XMP.get(match[1].decode("ascii", "replace"))
        if kind is None:
            continue
        value = match[3] if match[2] else match[5]
        is_closed = match[2] is None and (match[4].rstrip().endswith(b"/") and b"rdf:resource" not in match[4])
        if value.strip() and not is_closed and not value.lstrip().startswith(b"</"):
            found.kinds.add(kind)
