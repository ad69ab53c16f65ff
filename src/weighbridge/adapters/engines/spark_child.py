"""What runs on Spark's machines: row groups of one file in, one sealed state out.

Each task reads its row groups from the file itself, by the very code that reads them here: types, row numbers and dates
of long ago come out the same on both, whatever Spark makes of them. A state is sealed under a key that lies beside the
rows: who can read that can read the rows too, and nobody else learns anything from what Spark carries.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from weighbridge.adapters.engines.fold_child import FAULT, STATE, fault_of
from weighbridge.adapters.engines.rows import Unpacked
from weighbridge.probekit.folds import Fold

ANSWER = "sealed boolean, answer binary"  # the schema of what a task gives, as Spark writes it
_SCHEMA = pa.schema([("sealed", pa.bool_()), ("answer", pa.binary())])
KEY_BYTES, _NONCE_BYTES = 32, 12  # RFC 8439
UNSEEN, OTHER_VERSION = b"unseen", b"other version"  # what may be told without a seal


class Unsealed(Exception):
    """An answer that nobody who has the key has sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a task is sent to do."""

    unpacked: Unpacked
    fold: Fold
    key: Path  # of the file that holds the key
    version: str  # of Weighbridge, where the errand was given


def folded(numbers: Iterator[pa.RecordBatch], errand: Errand) -> Iterator[pa.RecordBatch]:
    """One row: the state of these row groups, sealed; or what stands in the way."""
    groups = [number for batch in numbers for number in batch.column(0).to_pylist()]
    if errand.version != metadata.version("weighbridge"):
        yield _answer(OTHER_VERSION, sealed=False)
        return
    try:
        key = errand.key.read_bytes()
        there = errand.unpacked.path.stat().st_size > 0
    except OSError:
        there, key = False, b""
    if not there:
        yield _answer(UNSEEN, sealed=False)
        return
    yield _answer(seal(_state(groups, errand), key), sealed=True)


def seal(body: bytes, key: bytes) -> bytes:
    """The body so that only who has the key can read it, or make another like it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, body, None)


def unseal(sealed: bytes, key: bytes) -> bytes:
    """The body of what was sealed.

    Raises
    ------
    Unsealed
        For anything else.
    """
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise Unsealed from None


def _state(groups: list[int], errand: Errand) -> bytes:
    """The state of the row groups, or what went wrong: its kind and place, since its message may quote a row."""
    state: bytes | None = None
    try:
        for batch in errand.unpacked.batches(errand.fold.columns, groups):
            made = errand.fold.map(batch)
            state = made if state is None else errand.fold.merge(state, made)
    except Exception as error:  # noqa: BLE001  told to whoever sent us
        return fault_of(error)
    return STATE + (state or b"")


def _answer(body: bytes, *, sealed: bool) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([sealed]), pa.array([body], pa.binary())], schema=_SCHEMA)


__all__ = ["ANSWER", "FAULT", "KEY_BYTES", "OTHER_VERSION", "UNSEEN", "Errand", "Unsealed", "folded", "seal", "unseal"]
