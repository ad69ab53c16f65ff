"""Pictures and sound files built byte by byte, so that what stands in them is known: for calibration and tests."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

Entry = tuple[int, int, int, bytes]  # tag, kind, count, value
_ASCII, _SHORT, _LONG, _RATIO = 2, 3, 4, 5
THUMBNAIL = b"\xff\xd8\xff\xd9"


def text(tag: int, value: str) -> Entry:
    """A tag of text."""
    data = value.encode() + b"\0"
    return tag, _ASCII, len(data), data


def ratios(tag: int, *pairs: tuple[int, int]) -> Entry:
    """A tag of fractions, little-endian."""
    return tag, _RATIO, len(pairs), b"".join(struct.pack("<II", *pair) for pair in pairs)


def number(tag: int, value: int) -> Entry:
    """A tag of one number."""
    return tag, _LONG, 1, struct.pack("<I", value)


def position(latitude: int = 9, longitude: int = 13) -> tuple[Entry, ...]:
    """The directory of a place, in whole degrees, minutes and seconds."""
    degrees = [((value, 1), (27, 1), (1234, 100)) for value in (latitude, longitude)]
    return (text(1, "N"), ratios(2, *degrees[0]), text(3, "E"), ratios(4, *degrees[1]))


def exif(
    main: Sequence[Entry] = (),
    *,
    deep: Sequence[Entry] = (),
    gps: Sequence[Entry] = (),
    thumbnail: bool = False,
) -> bytes:
    """A block of Exif: a TIFF file without a picture."""
    at = 8
    blocks: list[bytes] = []

    def put(entries: Sequence[Entry], following: int = 0) -> int:
        nonlocal at
        here = at
        block = _directory(entries, here, following)
        blocks.append(block)
        at += len(block)
        return here

    pointers = []
    if deep:
        pointers.append(number(0x8769, put(deep)))
    if gps:
        pointers.append(number(0x8825, put(gps)))
    last = put((number(0x0201, 8), number(0x0202, 4))) if thumbnail else 0
    first = put((*main, *pointers), last)
    return b"II*\0" + struct.pack("<I", first) + b"".join(blocks)


def _directory(entries: Sequence[Entry], here: int, following: int) -> bytes:
    ordered = sorted(entries)
    tail = here + 2 + 12 * len(ordered) + 4
    rows, values = b"", b""
    for tag, kind, count, value in ordered:
        inline = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", tail + len(values))
        values += value if len(value) > 4 else b""
        rows += struct.pack("<HHI", tag, kind, count) + inline
    return struct.pack("<H", len(ordered)) + rows + struct.pack("<I", following) + values


def segment(marker: int, data: bytes) -> bytes:
    """A segment of JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(*segments: bytes) -> bytes:
    """A JPEG with these segments before its picture, which is noise."""
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + bytes(range(200)) + b"\xff\xd9"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(segments) + scan


def with_exif(block: bytes) -> bytes:
    """The segment of a JPEG that holds it."""
    return segment(0xE1, b"Exif\0\0" + block)


def with_xmp(*properties: str) -> bytes:
    """The segment of a JPEG that holds a packet of XMP."""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(*properties))


def xmp(*properties: str) -> bytes:
    """A packet of XMP with these elements or attributes."""
    attributes = " ".join(p for p in properties if not p.startswith("<"))
    elements = "\n".join(p for p in properties if p.startswith("<"))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" {attributes}>\n{elements}\n</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def iptc(datasets: Mapping[int, bytes]) -> bytes:
    """The segment of a JPEG that holds datasets of IPTC."""
    data = b"".join(b"\x1c\2" + struct.pack(">BH", number_, len(value)) + value for number_, value in datasets.items())
    return segment(
        0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    )


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks: bytes, behind: Sequence[bytes] = ()) -> bytes:
    """A PNG with these chunks before and behind its picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + b"".join(behind) + chunk(b"IEND", b"")


def riff(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A RIFF file."""
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + kind + body


def wav(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WAV file of silence."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    return riff(b"WAVE", (b"fmt ", form), *chunks, (b"data", bytes(64)))


def info(**fields: str) -> tuple[bytes, bytes]:
    """The chunk of a RIFF file that tells about it."""
    body = b"INFO"
    for name, value in fields.items():
        data = value.encode() + b"\0"
        body += name.encode() + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"LIST", body


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP file whose picture is noise."""
    return riff(b"WEBP", (b"VP8X", bytes(10)), (b"VP8 ", bytes(range(30))), *chunks)


def mp3(**frames: str) -> bytes:
    """An MP3 of silence, with these frames of ID3."""
    body = b""
    for name, value in frames.items():
        data = (b"\3eng\0" if name in ("COMM", "USLT") else b"\3") + value.encode()
        body += name.encode() + _synchsafe(len(data)) + b"\0\0" + data
    tag = b"ID3\4\0\0" + _synchsafe(len(body)) + body if frames else b""
    return tag + (b"\xff\xfb\x90\x64" + bytes(413)) * 4


def _synchsafe(n: int) -> bytes:
    return bytes((n >> shift) & 127 for shift in (21, 14, 7, 0))


def flac(comments: Mapping[str, str]) -> bytes:
    """A FLAC file without sound, with Vorbis comments."""
    stream = struct.pack(">B", 0) + (34).to_bytes(3, "big") + bytes(10) + b"\x0a\xc4\x42\xf0" + bytes(20)
    body = struct.pack("<I", 3) + b"toy" + struct.pack("<I", len(comments))
    for key, value in comments.items():
        data = f"{key}={value}".encode()
        body += struct.pack("<I", len(data)) + data
    return b"fLaC" + stream + struct.pack(">B", 0x84) + len(body).to_bytes(3, "big") + body


def ogg(comments: Mapping[str, str]) -> bytes:
    """The head of an Ogg file with Vorbis comments."""
    body = struct.pack("<I", 3) + b"toy" + struct.pack("<I", len(comments))
    for key, value in comments.items():
        data = f"{key}={value}".encode()
        body += struct.pack("<I", len(data)) + data
    head = b"\1vorbis" + struct.pack("<IBIIII", 0, 1, 8000, 0, 8000, 0) + b"\xb8\1"
    return _page(head, 2, 0) + _page(b"\3vorbis" + body + b"\1", 0, 1) + _page(bytes(100), 4, 2)


def _page(packet: bytes, kind: int, number_: int) -> bytes:
    lengths = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    return b"OggS\0" + struct.pack("<BqIIIB", kind, 0, 1, number_, 0, len(lengths)) + lengths + packet


def gif(*comments: str) -> bytes:
    """A GIF of one pixel."""
    extensions = b"".join(b"\x21\xfe" + bytes([len(c)]) + c.encode() + b"\0" for c in comments)
    picture = b"\x2c" + bytes(4) + b"\1\0\1\0\0" + b"\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + extensions + picture + b";"


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of MP4."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def film(*told: bytes, created: int = 0) -> bytes:
    """An MP4 without a track, with these boxes that tell about it."""
    head = box(b"mvhd", bytes(4), struct.pack(">I", created), bytes(92))
    return box(b"ftyp", b"isom", bytes(4), b"mp42") + box(b"moov", head, box(b"udta", *told))


def heic(block: bytes) -> bytes:
    """A HEIC without a picture, whose only item is a block of Exif."""
    kind = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"Exif", b"\0")
    items = box(b"iinf", bytes(4), struct.pack(">H", 1), kind)
    head = box(b"ftyp", b"heic", bytes(4), b"mif1")
    data = struct.pack(">I", 6) + b"Exif\0\0" + block

    def meta(at: int) -> bytes:
        where = struct.pack(">HHHHII", 1, 1, 0, 1, at, len(data))
        return box(b"meta", bytes(4), items, box(b"iloc", bytes(4), b"\x44\0", where))

    at = len(head) + len(meta(0)) + 8
    return head + meta(at) + box(b"mdat", data)
