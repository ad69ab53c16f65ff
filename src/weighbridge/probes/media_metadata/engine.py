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
