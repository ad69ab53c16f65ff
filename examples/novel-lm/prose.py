"""The prose: one novel out of the Debian package r-cran-janeaustenr, without R.

A .deb is an ar archive with a tar archive in it; R keeps a package's data as one file of zlib streams with an index.
"""

from __future__ import annotations

import hashlib
import io
import struct
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

NOVEL = "Persuasion"  # the first line of the one that is taken
_DATA = "./usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
_SHORTEST = 160  # characters: a paragraph of fewer joins the next, so that most documents hold several windows
_LONGEST = 900
_HELD_OUT = 32  # of 256: paragraphs whose digest starts below it are never trained on, an eighth of all


def paragraphs(package: Path) -> list[str]:
    """The novel's paragraphs, in the order of their digests, which no reader of the two files needs to know."""
    return sorted(set(_joined(_blocks(_novel(package)))), key=_digest)


def is_held_out(paragraph: str) -> bool:
    """Whether a paragraph is kept from training: told by the paragraph itself, as good as by a coin."""
    return _digest(paragraph)[0] < _HELD_OUT


def _digest(paragraph: str) -> bytes:
    return hashlib.sha256(paragraph.encode()).digest()


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs on one line each, from the first chapter on, without headings."""
    held: list[str] = []
    for line in (*lines[lines.index("Chapter 1") :], ""):
        if line.strip():
            held += line.split()
        elif held:
            block = " ".join(held)
            if not block.startswith("Chapter ") and block != "Finis":
                yield block
            held = []


def _joined(blocks: Iterator[str]) -> Iterator[str]:
    """Documents: short paragraphs together, long ones cut at the end of a sentence."""
    held = ""
    for block in blocks:
        held = f"{held} {block}".strip()
        while len(held) > _LONGEST:
            cut = held.rfind(". ", _SHORTEST, _LONGEST) + 1 or _LONGEST
            yield held[:cut]
            held = held[cut:].strip()
        if len(held) >= _SHORTEST:
            yield held
            held = ""


def _novel(package: Path) -> list[str]:
    """The lines of the novel: R keeps each data set of the package as a length of four bytes and a zlib stream."""
    with tarfile.open(fileobj=io.BytesIO(_member(package.read_bytes(), b"data.tar")), mode="r:*") as archive:
        data = archive.extractfile(_DATA)
        rest = data.read() if data else b""
    while rest:
        stream = zlib.decompressobj()
        lines = _lines(stream.decompress(rest[4:]))
        if lines[0] == NOVEL:
            return lines
        rest = stream.unused_data
    raise SystemExit(f"{package.name} does not hold {NOVEL}: is it r-cran-janeaustenr 1.0.0?")


def _lines(raw: bytes) -> list[str]:
    """A vector of texts from R's serialisation: R Internals, section 1.8, Serialization Formats."""
    stream = io.BytesIO(raw)

    def number() -> int:
        found: int = struct.unpack(">i", stream.read(4))[0]
        return found

    stream.read(2)  # "X" and a line end: XDR, so that numbers are big-endian
    if number() == 3:  # version of the format; from 3 on the name of the encoding follows the versions of R
        stream.read(8)
        stream.read(number())
    else:
        stream.read(8)
    number()  # it is a vector of texts
    lines = []
    for _ in range(number()):
        number()  # it is a text
        lines.append(stream.read(number()).decode())
    return lines


def _member(archive: bytes, name: bytes) -> bytes:
    """A member of an ar archive: 60 bytes of header, with its name at 0 and its size at 48, then its bytes."""
    at = 8
    while at < len(archive):
        size = int(archive[at + 48 : at + 58])
        if archive[at : at + 16].startswith(name):
            return archive[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    raise SystemExit("this is no Debian package")
