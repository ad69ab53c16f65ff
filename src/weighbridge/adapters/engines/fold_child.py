"""A worker: folds row groups of one file as it is told to, and gives its state back as bytes.

It is started by `local` alone, which tells it over its own pipe what to do; that is why a pickle may be read here. What
goes back is never one. A frame is eight bytes that tell its length, and so many bytes; the first byte of an answer says
whether it is a state or what went wrong. Of an error its kind and its place are told: its message may quote a row.
"""

from __future__ import annotations

import json
import os
import pickle
import struct
import sys
from typing import BinaryIO

import pyarrow as pa

from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.app.weigh import place_of
from weighbridge.probekit.folds import Fold

LENGTH = struct.Struct("<Q")
STATE, FAULT = b"\0", b"\1"


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
    """Read what to fold; then a number of a row group a frame; an empty one asks for the state of all so far."""
    asks, tells = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints does not get between the frames
    pa.set_cpu_count(1)  # there is a worker for each core already
    try:
        serve(asks, tells)
    except BrokenPipeError:  # the parent is gone, and nobody waits for an answer
        os._exit(0)  # whatever is left in a buffer would only raise again


def serve(asks: BinaryIO, tells: BinaryIO) -> None:
    """Answer each frame until the parent is gone; after a fault there is nothing more to say."""
    begun = read_frame(asks)
    if begun is None:
        return
    try:
        unpacked, fold = pickle.loads(begun)  # noqa: S301  written by our own parent; see above
        write_frame(tells, STATE)
        _folded(asks, tells, unpacked, fold)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  told to the parent, which raises it
        write_frame(tells, fault_of(error))


def fault_of(error: Exception) -> bytes:
    """An error as a frame: its kind, its place and, of one of the operating system, its number."""
    number = error.errno if isinstance(error, OSError) else None
    told = {"kind": type(error).__name__, "place": place_of(error), "errno": number}
    return FAULT + json.dumps(told).encode()


def _folded(asks: BinaryIO, tells: BinaryIO, unpacked: Unpacked, fold: Fold) -> None:
    state: bytes | None = None
    while (asked := read_frame(asks)) is not None:
        if not asked:
            write_frame(tells, STATE + (state or b""))
            continue
        for batch in unpacked.batches(fold.columns, [int.from_bytes(asked, "little")]):
            made = fold.map(batch)
            state = made if state is None else fold.merge(state, made)
        write_frame(tells, STATE)


if __name__ == "__main__":
    main()
