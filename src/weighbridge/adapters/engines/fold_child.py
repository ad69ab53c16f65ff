"""A worker: folds row groups of one file as it is told to, and gives its state back as bytes.

It is started by `local` alone, which tells it over its own pipe what to do; that is why a pickle may be read here. What
goes back is never one. A frame is eight bytes that tell its length, and so many bytes.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from typing import BinaryIO

from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.probekit.folds import Fold

LENGTH = struct.Struct("<Q")


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None where the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def main() -> None:
    """Read what to fold; then a number of a row group a frame, answered by an empty one; an empty one asks for all."""
    asks, tells = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints does not get between the frames
    begun = read_frame(asks)
    if begun is None:
        return
    unpacked, fold = pickle.loads(begun)  # noqa: S301  written by our own parent; see above
    serve(asks, tells, unpacked, fold)


def serve(asks: BinaryIO, tells: BinaryIO, unpacked: Unpacked, fold: Fold) -> None:
    """Answer frames until the parent is gone."""
    state: bytes | None = None
    while (asked := read_frame(asks)) is not None:
        if not asked:
            write_frame(tells, state or b"")
            continue
        for batch in unpacked.batches(fold.columns, [int.from_bytes(asked, "little")]):
            made = fold.map(batch)
            state = made if state is None else fold.merge(state, made)
        write_frame(tells, b"")


if __name__ == "__main__":
    main()
