"""Folds for tests: one that sums and counts, and one that ends its own worker."""

from __future__ import annotations

import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from weighbridge.probekit.folds import ROW
from weighbridge.probekit.hashes import hash_cells
from weighbridge.probekit.states import numbers, pack, unpack


@dataclass(frozen=True)
class Digest:
    """Rows seen, the sum of their numbers, and the sum of the hashes of each column: nothing in it depends on order."""

    of: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (ROW, *self.of)

    def map(self, batch: pa.RecordBatch) -> bytes:
        rows = np.asarray(batch.column(0), dtype=np.uint64)
        sums = [hash_cells(column).sum(dtype=np.uint64) for column in batch.columns[1:]]
        return pack("digest", 1, {"sums": np.array([len(rows), rows.sum(dtype=np.uint64), *sums], dtype=np.uint64)})

    def merge(self, left: bytes, right: bytes) -> bytes:
        a, b = (numbers(unpack(state, "digest", 1)["sums"]) for state in (left, right))
        return pack("digest", 1, {"sums": a + b})


@dataclass(frozen=True)
class Deadly(Digest):
    """The same, but ends its own process at a row: each time, or only the first time, marked by a file."""

    row: int = 0
    mark: str = ""

    def map(self, batch: pa.RecordBatch) -> bytes:
        is_here = self.row in batch.column(0).to_pylist()
        if is_here and not (self.mark and Path(self.mark).exists()):
            if self.mark:
                Path(self.mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().map(batch)


@dataclass(frozen=True)
class Raising(Digest):
    """The same, but raises at a row, with a message that quotes the row as a library's would."""

    row: int = 0
    kind: str = "ValueError"

    def map(self, batch: pa.RecordBatch) -> bytes:
        if self.row in batch.column(0).to_pylist():
            words = f"cannot read {batch.column(1).to_pylist()}"
            raise {"ValueError": ValueError, "MemoryError": MemoryError, "OSError": OSError}[self.kind](28, words)
        return super().map(batch)


@dataclass(frozen=True)
class Large(Digest):
    """The same, with a state of so many bytes beside it."""

    n_bytes: int = 0

    def map(self, batch: pa.RecordBatch) -> bytes:
        sums = numbers(unpack(super().map(batch), "digest", 1)["sums"])
        return pack("large", 1, {"ballast": np.arange(self.n_bytes // 8, dtype=np.uint64), "sums": sums})

    def merge(self, left: bytes, right: bytes) -> bytes:
        a, b = (unpack(state, "large", 1) for state in (left, right))
        return pack("large", 1, {"ballast": numbers(a["ballast"]), "sums": numbers(a["sums"]) + numbers(b["sums"])})


@dataclass(frozen=True)
class Slow(Digest):
    """The same, but each batch waits for a file that a test makes, and leaves one that names its process."""

    folder: str = ""

    def map(self, batch: pa.RecordBatch) -> bytes:
        Path(self.folder, f"worker-{os.getpid()}").touch()
        while not Path(self.folder, "go").exists() and os.getppid() != 1:
            select.select([], [], [], 0.01)
        return super().map(batch)
