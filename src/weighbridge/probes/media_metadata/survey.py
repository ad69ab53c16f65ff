"""All pictures, sound and film among the files that would be released, those in archives included."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from weighbridge.probekit.archives import Member, tar_members, zip_members
from weighbridge.probekit.cell_bytes import TABLES, bytes_in_cells
from weighbridge.probekit.compression import HEAD_BYTES, UNPACK
from weighbridge.probekit.formats import identify, identify_start, is_foreign_media, is_media
from weighbridge.probekit.tape import HOSTILE as PACKED
from weighbridge.probekit.tape import Allowance, Tape, TooMuch, tape_of, unpacked
from weighbridge.probes.media_metadata import boxes, pictures, window
from weighbridge.probes.media_metadata.engine import HOSTILE, NoReader, sound_kinds
from weighbridge.probes.media_metadata.kinds import IDENTIFYING, Kind
from weighbridge.probes.media_metadata.tags import Found, exif_kinds
from weighbridge.probes.media_metadata.window import Window

MAX_DEPTH = 5  # archives within archives; ours
_MOST_BYTES, _MOST_READS = 1 << 25, 50_000  # of one file; ours: the metadata of the largest takes a tenth of it
_ZIPS = frozenset({"zip", "ooxml"})
_CLOSED = frozenset({"7z", "rar"})  # archives that nothing here opens
_SOUND = frozenset({"mp3", "flac", "ogg", "wav"})
_READERS: dict[str, Callable[[Window, Found], None]] = {
    "jpeg": pictures.jpeg_kinds, "png": pictures.png_kinds, "webp": pictures.webp_kinds, "gif": pictures.gif_kinds,
    "tiff": exif_kinds, "bmp": lambda _file, _found: None,
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What all files hold."""

    n: int = 0  # pictures, sounds and films
    with_kind: Counter[Kind] = field(default_factory=Counter)
    may_have: Counter[Kind] = field(default_factory=Counter)  # files with a maker's own block that was not read
    n_identifying: int = 0
    n_may_identify: int = 0
    n_unread: int = 0
    n_without_reader: int = 0  # of the unread: for want of a package
    n_closed: int = 0  # archives that could not be looked into to their end
    formats: Counter[str] = field(default_factory=Counter)

    def add(self, format_: str, found: Found) -> None:
        """Take in one file."""
        self.n += 1
        self.formats[format_] += 1
        self.n_unread += found.is_unread
        for kind in found.kinds:
            self.with_kind[kind] += 1
        open_kinds = set() if found.is_unread else found.may - found.kinds
        for kind in open_kinds:
            self.may_have[kind] += 1
        is_identifying = not IDENTIFYING.isdisjoint(found.kinds)
        self.n_identifying += is_identifying
        self.n_may_identify += not is_identifying and bool(open_kinds)


@dataclass(slots=True, kw_only=True)
class Survey:
    """Goes through files one after the other."""

    allowance: Allowance
    member_bytes: int  # the longest packed file that is held and looked at
    point_out: Callable[[str], None]
    tally: Tally

    def look(self, stream: BinaryIO, name: str) -> None:
        """One artefact."""
        try:
            self._whole(stream, name, identify(stream, name), 0)
        except (TooMuch, *PACKED):
            self._give_up()

    def _give_up(self) -> None:
        self.tally.n_closed += 1
        self.point_out("could not be looked into to its end")

    def _whole(self, stream: BinaryIO, name: str, format_: str, depth: int) -> None:
        if is_media(format_):
            self._file(stream, format_)
        elif is_foreign_media(format_, name):
            self._foreign(name)
        elif format_ in _CLOSED or (depth >= MAX_DEPTH and format_ in {*_ZIPS, "tar", *UNPACK}):
            self._give_up()
        elif format_ in _ZIPS:
            self._members(zip_members(stream, self.allowance), depth)
        elif format_ == "tar":
            self._members(tar_members(tape_of(stream), self.allowance), depth)
        elif format_ in TABLES:
            self._cells(stream, format_)
        elif format_ in UNPACK:
            self._tape(unpacked(tape_of(stream), format_, self.allowance), name.rpartition(".")[0], depth + 1)

    def _members(self, members: Iterator[Member], depth: int) -> None:
        for member in members:
            if member.tape is None:
                self._give_up()
            else:
                self._tape(member.tape, member.name, depth + 1)

    def _cells(self, stream: BinaryIO, format_: str) -> None:
        """The pictures and sounds in the cells of a table; other bytes are passed over."""
        for value in bytes_in_cells(stream, format_):
            self.allowance.take(len(value))
            found = identify_start(value[:HEAD_BYTES], "", is_whole=False)
            if is_media(found):
                self.allowance.take_entry()
                self._file(io.BytesIO(value), found)

    def _tape(self, tape: Tape, name: str, depth: int) -> None:
        """A packed file: tar files are read as they come; what one must go back in is held, if it is short enough."""
        head = tape.head()
        format_ = identify_start(head, name, is_whole=False)
        if format_ == "tar" and depth < MAX_DEPTH:
            self._members(tar_members(tape, self.allowance), depth)
        elif format_ in UNPACK and depth < MAX_DEPTH:
            self._tape(unpacked(tape, format_, self.allowance), name.rpartition(".")[0], depth + 1)
        elif is_media(format_) or format_ in _ZIPS or format_ in TABLES:
            data = tape.whole(self.member_bytes)
            if data is not None:
                self._whole(io.BytesIO(data), name, format_, depth)
            elif is_media(format_):
                self.tally.add(format_, Found(is_unread=True))
                self.point_out("a packed file is too long to be looked at")
            else:
                self._give_up()
        elif is_foreign_media(format_, name):
            self._foreign(name)
        elif format_ in _CLOSED or format_ == "tar" or format_ in UNPACK:
            self._give_up()

    def _foreign(self, name: str) -> None:
        """A picture, sound or film of a format that nothing here reads, or whose first bytes are broken."""
        self.tally.add(name.rpartition(".")[2].lower(), Found(is_unread=True))
        self.point_out("is of a format that is not read")

    def _file(self, stream: BinaryIO, format_: str) -> None:
        """One picture, sound or film; what cannot be read of it is unread, never clean."""
        found = Found()
        try:
            self._read(Window(stream, most_bytes=_MOST_BYTES, most_reads=_MOST_READS), format_, found)
        except NoReader:
            found.is_unread = True
            self.tally.n_without_reader += 1
        except (window.TooMuch, *HOSTILE, *PACKED):
            found.is_unread = True
        self.tally.add(format_, found)
        for kind in sorted(found.kinds & IDENTIFYING):
            self.point_out(f"holds {kind.value}")
        if found.is_unread:
            self.point_out("could not be read to its end")

    def _read(self, file: Window, format_: str, found: Found) -> None:
        if format_ in _SOUND:
            sound_kinds(file, found)
        elif format_ == "mp4":
            (pictures.heif_kinds if boxes.is_heif(file) else boxes.film_kinds)(file, found)
        else:
            _READERS[format_](file, found)
