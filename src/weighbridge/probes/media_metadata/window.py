"""A file of which only a bounded part is read, whatever it says of itself."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO


class TooMuch(Exception):
    """More was asked for than is read of one file."""


class Window(io.RawIOBase):
    """A reader that can seek, with an end to how much is read and how often.

    A file that sends its reader in circles runs into the second bound, one that promises much into the first.
    """

    def __init__(self, stream: BinaryIO, *, most_bytes: int, most_reads: int) -> None:
        self._stream = stream
        self._bytes_left = most_bytes
        self._reads_left = most_reads
        self.size = stream.seek(0, io.SEEK_END)
        stream.seek(0)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file; a place before the start is refused."""
        self._count()
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As of any file."""
        return self._stream.tell()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; all the rest where none is said.

        Raises
        ------
        TooMuch
            Where that is more than may still be read.
        """
        self._count()
        here = self._stream.tell()
        wanted = max(0, self.size - here) if size < 0 else min(size, max(0, self.size - here))
        self._bytes_left -= wanted
        if self._bytes_left < 0:
            raise TooMuch
        return self._stream.read(wanted)

    def at(self, offset: int, n: int) -> bytes:
        """Exactly `n` bytes from there; EOFError where the file ends before."""
        if offset < 0 or n < 0 or offset + n > self.size:
            raise EOFError("cut off")
        self.seek(offset)
        return self.read(n)

    def number(self, offset: int, form: str) -> int:
        """One number from there, in a format of `struct`."""
        found: int = struct.unpack(form, self.at(offset, struct.calcsize(form)))[0]
        return found

    def _count(self) -> None:
        self._reads_left -= 1
        if self._reads_left < 0:
            raise TooMuch
