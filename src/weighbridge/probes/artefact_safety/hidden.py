"""Pickles that lie inside or behind something else."""

from __future__ import annotations

import io
import pickletools
import re

from weighbridge.probekit.pickles import walk

LOOKAHEAD = 1 << 16  # bytes of a pickle within which it must import and call; ours
_MAX_WALKED = 1 << 20  # opcodes per chunk: more candidates than this are no accident

_OPCODES = b"".join(re.escape(op.code.encode("latin-1")) for op in pickletools.opcodes)
_START = re.compile(b"\x80[\x02-\x05][" + _OPCODES + b"]")


class Search:
    """Looks through a file, chunk by chunk, for the start of a pickle that imports something and calls it.

    Only protocols that name themselves are found: protocols 0 and 1 have no mark to look for.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.n_found = 0
        self.is_flooded = False

    def feed(self, chunk: bytes) -> None:
        """The next chunk of the file."""
        data = self._rest + chunk
        self._look(data, len(data) - LOOKAHEAD)
        self._rest = data[-LOOKAHEAD:]

    def finish(self) -> None:
        """There are no more chunks."""
        self._look(self._rest, len(self._rest))
        self._rest = b""

    def _look(self, data: bytes, before: int) -> None:
        walked, at = 0, 0
        while not self.is_flooded and (start := _START.search(data, at)) and start.start() < before:
            at = start.start() + 1
            seen = walk(io.BytesIO(data[start.start() : start.start() + LOOKAHEAD]))
            walked += seen.n_opcodes
            self.is_flooded = walked > _MAX_WALKED
            if seen.calls_named:
                self.n_found += 1
                at = start.start() + max(1, seen.size_bytes)
