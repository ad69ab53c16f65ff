"""Pictures: where each format keeps its blocks of metadata. Pixels are passed over."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

from weighbridge.probes.media_metadata.boxes import item_blocks
from weighbridge.probes.media_metadata.kinds import IDENTIFYING, Kind, kind_of_key
from weighbridge.probes.media_metadata.tags import MAX_BLOCK, Found, exif_kinds, iptc_kinds, photoshop_kinds, xmp_kinds
from weighbridge.probes.media_metadata.window import Window

_MAX_PARTS = 20_000  # segments or chunks of one file; a PNG of 16 MiB has some two thousand. Ours
_MAX_UNPACKED = 1 << 23  # bytes out of the packed texts of one file; ours
_MAX_BLOCKS = 1 << 20  # of a GIF; of 255 bytes each, more than is read of it. Ours
_UNTOLD = 0xFFFFFFFF  # what a program that writes as it goes puts in the place of a length
_EXIF, _XAP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_XAP_MORE, _PHOTOSHOP, _MORE_PICTURES = b"http://ns.adobe.com/xmp/extension/\0", b"Photoshop 3.0\0", b"MPF\0"
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE  # markers of JPEG
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START = b"\xff\xd8\xff"
_TAIL = 1 << 22  # bytes of the end of a JPEG in which something behind the picture is looked for; ours
_GIF_XMP = b"XMP DataXMP"


def block_of(data: bytes) -> Window:
    """A block that is already in memory, read as carefully as a file."""
    return Window(io.BytesIO(data), most_bytes=4 * len(data) + 4096, most_reads=50_000)


def jpeg_kinds(file: Window, found: Found) -> None:
    """Look through the segments before the picture itself; what hangs behind it may tell anything."""
    for marker, at, data in _segments(file):
        if marker in (_SCAN, _END):
            _look_behind(file, at, found)
        elif data.startswith(_EXIF):
            exif_kinds(block_of(data[len(_EXIF) :]), found)
        elif data.startswith((_XAP, _XAP_MORE)):
            xmp_kinds(data, found)
        elif data.startswith(_PHOTOSHOP):
            photoshop_kinds(data[len(_PHOTOSHOP) :], found)
        elif data.startswith(_MORE_PICTURES) or (data.startswith(b"JFXX\0") and len(data) > 6):
            found.kinds.add(Kind.EMBEDDED_PICTURE)
        elif marker == _COMMENT and data.strip(b"\0 \r\n"):
            found.kinds.add(Kind.FREE_TEXT)


def _look_behind(file: Window, at: int, found: Found) -> None:
    """Tell whether something follows the picture: a second one, a film of the same moment, a block of the maker's.

    Within a picture no byte 255 stands before a start, so that a start is one. Of a long file the end alone is read.
    """
    begin = max(at, file.size - _TAIL)
    behind = file.at(begin, file.size - begin)
    if _START in behind:
        found.kinds.add(Kind.EMBEDDED_PICTURE)
        found.may |= IDENTIFYING
    elif not behind.rstrip(b"\0\r\n").endswith(b"\xff\xd9"):
        found.may |= IDENTIFYING


def _segments(file: Window) -> Iterator[tuple[int, int, bytes]]:
    """Markers that may hold metadata, where and with what in them; last the picture; ValueError where no marker is."""
    at = 2
    for _ in range(_MAX_PARTS):
        head = file.at(at, 4)
        if head[0] != 0xFF:
            raise ValueError("no marker")
        if head[1] == 0xFF or head[1] in _ALONE:
            at += 1 if head[1] == 0xFF else 2
            continue
        if head[1] in (_SCAN, _END):
            yield head[1], at, b""
            return
        length = int.from_bytes(head[2:], "big")
        if 0xE0 <= head[1] <= 0xEF or head[1] == _COMMENT:
            yield head[1], at, file.at(at + 4, length - 2)
        at += 2 + length
    raise ValueError("too many segments")


def png_kinds(file: Window, found: Found) -> None:
    """Look through the chunks, those behind the picture included."""
    at, left = 8, _MAX_UNPACKED
    for _ in range(_MAX_PARTS):
        head = file.at(at, 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"IEND":
            return
        if name in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"):
            left = _png_chunk(name, file.at(at + 8, min(length, MAX_BLOCK)), found, left)
            found.is_unread |= length > MAX_BLOCK
        at += 12 + length
    raise ValueError("too many chunks")


def _png_chunk(name: bytes, data: bytes, found: Found, left: int) -> int:
    """Take in a chunk; how much may still be unpacked after it."""
    if name == b"tIME":
        found.kinds.add(Kind.TIME)
        return left
    if name == b"eXIf":
        exif_kinds(block_of(data.removeprefix(_EXIF)), found)
        return left
    key, _, value = data.partition(b"\0")
    if name == b"zTXt":
        value, left = _unpacked(value[1:], left)
    elif name == b"iTXt":
        is_packed = value[:1] == b"\1"
        value = value[2:].split(b"\0", 2)[-1]
        value, left = _unpacked(value, left) if is_packed else (value, left)
    if key == b"XML:com.adobe.xmp":
        xmp_kinds(value, found)
    elif key.startswith(b"Raw profile type "):
        _raw_profile(key, value, found)
    elif value.strip() and (kind := kind_of_key(key.decode("latin-1"))):
        found.kinds.add(kind)
    return left


def _unpacked(packed: bytes, left: int) -> tuple[bytes, int]:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, max(1, left))
    if unpacker.unconsumed_tail or len(data) >= left:
        raise ValueError("more than is unpacked")
    return data, left - len(data)


def _raw_profile(key: bytes, value: bytes, found: Found) -> None:
    """Blocks as ImageMagick writes them: a name, a length, then hexadecimal digits."""
    digits = re.sub(rb"\s+", b"", b"".join(value.split(b"\n")[3:]))
    data = bytes.fromhex(digits.decode("ascii", "replace"))
    if key.endswith((b"exif", b"APP1", b"app1")):
        if data.startswith(_XAP):
            xmp_kinds(data, found)
        else:
            exif_kinds(block_of(data.removeprefix(_EXIF)), found)
    elif key.endswith(b"xmp"):
        xmp_kinds(data, found)
    elif key.endswith((b"iptc", b"8bim")):
        photoshop_kinds(data, found) if b"8BIM" in data[:64] else iptc_kinds(data, found)


def webp_kinds(file: Window, found: Found) -> None:
    """Look through the chunks of a RIFF file that holds a picture."""
    for name, at, length in riff_chunks(file):
        if name == b"EXIF":
            exif_kinds(block_of(file.at(at, length).removeprefix(_EXIF)), found)
        elif name == b"XMP ":
            xmp_kinds(file.at(at, min(length, MAX_BLOCK)), found)


def riff_chunks(file: Window) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of each chunk; raises EOFError where the file is cut off."""
    told = file.number(4, "<I")
    if told != _UNTOLD and told + 8 > file.size:
        raise EOFError("cut off")
    at = 12
    for _ in range(_MAX_PARTS):
        if at >= file.size:
            return
        head = file.at(at, 8)
        length = int.from_bytes(head[4:], "little")
        if length == _UNTOLD and head[:4] == b"data":
            return  # it goes on to the end
        if at + 8 + length > file.size:
            raise EOFError("cut off")
        yield head[:4], at + 8, length
        at += 8 + length + length % 2
    raise ValueError("too many chunks")


def gif_kinds(file: Window, found: Found) -> None:
    """Look through comments and XMP; a GIF has nothing else."""
    data = file.at(0, file.size)
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at = _gif_extension(data, at, found)
        elif data[at] == 0x2C:
            at += 10 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0)
            at = _after_blocks(data, at + 1)
        else:
            raise ValueError("no block")


def _gif_extension(data: bytes, at: int, found: Found) -> int:
    end = _after_blocks(data, at + 2)
    if data[at + 1] == 0xFE and data[at + 3 : end].strip(b"\0 "):
        found.kinds.add(Kind.FREE_TEXT)
    elif data[at + 3 : at + 14] == _GIF_XMP:
        xmp_kinds(data[at + 14 : end], found)
    return end


def _after_blocks(data: bytes, at: int) -> int:
    for _ in range(_MAX_BLOCKS):
        if not data[at]:
            return at + 1
        at += data[at] + 1
    raise ValueError("too many blocks")


def heif_kinds(file: Window, found: Found) -> None:
    """Look through the items of a HEIF file (HEIC, AVIF)."""
    for kind, data in item_blocks(file):
        if kind == b"Exif":
            skip = int.from_bytes(data[:4], "big")
            exif_kinds(block_of(data[4 + skip :].removeprefix(_EXIF)), found)
        elif kind == b"mime":
            xmp_kinds(data, found)
        else:
            found.kinds.add(Kind.EMBEDDED_PICTURE)
