"""Whether the cells of a table hold pictures: such a table is read, and what they show is not."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from weighbridge.probekit.cell_bytes import TABLES, bytes_in_cells
from weighbridge.probekit.compression import HEAD_BYTES
from weighbridge.probekit.formats import identify_start, is_media

_LOOKED_AT = 64  # cells of bytes; where pictures are, they are in all rows. Ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Whether there are cells of bytes, and whether the first of them hold a picture, sound or film."""

    have_bytes: bool
    have_media: bool


def look_into_cells(path: Path, format_: str) -> Cells:
    """Look at the first cells of bytes; a table that cannot be opened may hold anything, which others will say."""
    if format_ not in TABLES:
        return Cells(have_bytes=False, have_media=False)
    have_bytes = False
    try:
        with path.open("rb") as stream:
            for value in itertools.islice(bytes_in_cells(stream, format_), _LOOKED_AT):
                have_bytes = True
                if is_media(identify_start(value[:HEAD_BYTES], "", is_whole=False)):
                    return Cells(have_bytes=True, have_media=True)
    except (OSError, ValueError, MemoryError, pa.ArrowException):
        return Cells(have_bytes=True, have_media=False)
    return Cells(have_bytes=have_bytes, have_media=False)
