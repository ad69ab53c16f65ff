"""Tags of sound files by tinytag, and the blocks that recorders write into WAV by ourselves."""

from __future__ import annotations

import struct

from weighbridge.probes.media_metadata.kinds import Kind, kind_of_key
from weighbridge.probes.media_metadata.pictures import riff_chunks
from weighbridge.probes.media_metadata.tags import MAX_BLOCK, Found, xmp_kinds
from weighbridge.probes.media_metadata.window import Window

HOSTILE = (
    OSError, ValueError, EOFError, LookupError, ArithmeticError, MemoryError, RecursionError, struct.error, TypeError,
    AttributeError, AssertionError,
)  # fmt: skip
"""What readers of metadata raise at bytes that are not what they say they are."""

_PROPERTIES = frozenset({"filename", "filesize", "mime_type", "duration", "channels", "bitrate", "bitdepth",
                         "samplerate", "is_lossless"})  # fmt: skip
# The Broadcast Audio Extension, EBU Tech 3285: description, originator, its reference, date and time, of fixed lengths.
_BEXT = ((0, 256, Kind.FREE_TEXT), (256, 288, Kind.PERSON_NAME), (288, 320, Kind.DEVICE_SERIAL), (320, 338, Kind.TIME))


class NoReader(Exception):
    """The package that reads tags of sound files is not installed."""


def sound_kinds(file: Window, found: Found) -> None:
    """Look through the tags of MP3, FLAC, Ogg and WAV.

    Raises
    ------
    NoReader
        Where tinytag is not installed.
    ValueError
        Where tinytag cannot read the file.
    """
    try:
        from tinytag import TinyTag, TinyTagException
    except ImportError:
        raise NoReader from None
    _check_whole(file)
    if file.at(0, 4) == b"RIFF":
        _wave_kinds(file, found)
    file.seek(0)
    try:
        tags = TinyTag.get(file_obj=file, tags=True, duration=False, image=True)  # type: ignore[arg-type]  # a reader that can seek
    except TinyTagException:
        raise ValueError("no tags that can be read") from None
    for key, value in tags.as_dict().items():
        kind = None if key in _PROPERTIES else kind_of_key(key)
        if kind and _says_something(value):
            found.kinds.add(kind)
    if tags.images.as_dict():
        found.kinds.add(Kind.EMBEDDED_PICTURE)


def _check_whole(file: Window) -> None:
    """Raise EOFError where the tags are cut off, which tinytag passes over."""
    head = file.at(0, 10)
    if head.startswith(b"ID3"):
        length = sum((byte & 127) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        file.at(10 + length - 1, 1)
    elif head.startswith(b"fLaC"):
        at, is_last = 4, False
        while not is_last:
            block = file.number(at, ">I")
            at += 4 + (block & 0xFFFFFF)
            is_last = bool(block >> 31)
        file.at(at - 1, 1)
    elif head.startswith(b"OggS"):
        _check_pages(file)


def _check_pages(file: Window) -> None:
    """The pages of an Ogg file up to the end of its second packet, which is that of comments."""
    at, packets = 0, 0
    while packets < 2:
        if file.at(at, 4) != b"OggS":
            raise ValueError("no page")
        lengths = file.at(at + 27, file.at(at + 26, 1)[0])
        packets += sum(length < 255 for length in lengths)
        at += 27 + len(lengths) + sum(lengths)
        file.at(at - 1, 1)


def _says_something(value: object) -> bool:
    return any(str(one).strip(" \0") for one in value) if isinstance(value, list) else bool(value)


def _wave_kinds(file: Window, found: Found) -> None:
    for name, at, length in riff_chunks(file):
        if name == b"bext":
            block = file.at(at, min(length, MAX_BLOCK))
            found.kinds |= {kind for start, end, kind in _BEXT if block[start:end].strip(b"\0 :-0")}
        elif name == b"_PMX":
            xmp_kinds(file.at(at, min(length, MAX_BLOCK)), found)
        elif name == b"iXML":
            _recorder_kinds(file.at(at, min(length, MAX_BLOCK)), found)


def _recorder_kinds(block: bytes, found: Found) -> None:
    """What recorders say of themselves in iXML: elements by name, as text."""
    for element, kind in (
        (b"<LOCATION_GPS>", Kind.POSITION), (b"<LOCATION_NAME>", Kind.PLACE_NAME), (b"<NOTE>", Kind.FREE_TEXT),
        (b"<BWF_ORIGINATOR_REFERENCE>", Kind.DEVICE_SERIAL), (b"<FAMILY_UID>", Kind.UNIQUE_ID),
        (b"<FILE_UID>", Kind.UNIQUE_ID),
    ):  # fmt: skip
        at = block.find(element)
        if at >= 0 and block[at + len(element) :].lstrip()[:2] not in (b"</", b""):
            found.kinds.add(kind)
