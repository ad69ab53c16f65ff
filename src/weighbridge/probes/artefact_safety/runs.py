"""The texts in bytes that are no text: runs of printable characters, one byte each or widened by zeros."""

from __future__ import annotations

import re

# Ten characters: the shortest secret that is told by its shape. The wide ones are UTF-16 and UTF-32, either end first.
NARROW = re.compile(rb"[\t\n\r\x20-\x7e]{10,}")
_CHAR = rb"[\t\n\r\x20-\x7e]"
WIDE = re.compile(rb"%(c)b\0(?:(?:%(c)b\0){9,}%(c)b?|\0\0(?:%(c)b\0\0\0){9,}%(c)b?)" % {b"c": _CHAR})
_KEPT_OPEN = 256  # bytes of a run that goes on: enough for it to be known as a run again
_KEPT = 64  # bytes in which a run may begin that is too short to be one yet
_WIDTH = 4


class Runs:
    """Takes bytes chunk by chunk and gives the runs in them, a line each; where the bytes are cut does not matter."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._rest = b""
        self._is_open = False  # the first run of what comes next goes on with the last one given

    def feed(self, chunk: bytes) -> str:
        """The next chunk; what is not settled by it comes with the one after."""
        data = self._rest + chunk
        parts: list[str] = []
        done = 0
        for run in self._pattern.finditer(data):
            start, done = run.span()
            if done > len(data) - _WIDTH:  # it may go on
                done = max(start, len(data) - _KEPT_OPEN)
                self._rest = data[done:]
                if start < done:
                    parts.append(self._line(data, start, done))
                    self._is_open = True
                elif start >= _WIDTH:
                    self._is_open = False
                return "".join(parts)
            parts.append(self._line(data, start, done))
        self._is_open = False
        self._rest = data[max(done, len(data) - _KEPT) :]
        return "".join(parts)

    def finish(self) -> str:
        """There are no more chunks."""
        return "".join(self._line(self._rest, *run.span()) for run in self._pattern.finditer(self._rest))

    def _line(self, data: bytes, start: int, end: int) -> str:
        goes_on, self._is_open = self._is_open and start < _WIDTH, False
        return ("" if goes_on else "\n") + data[start:end].replace(b"\0", b"").decode("latin-1")
