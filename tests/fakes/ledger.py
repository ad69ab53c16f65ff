"""A ledger in memory; `tests/core/test_ports.py` holds it against the real one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from weighbridge.core.bodies import asked_digest, evidence_from
from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.errors import LedgerBroken, Unusable
from weighbridge.core.evidence import Evidence
from weighbridge.core.ports import Clock, Entry, Kind
from weighbridge.core.shape import plain


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class FakeLedger:
    """Lists instead of files."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or FixedClock()
        self.all: dict[str, list[Entry]] = {}
        self.texts: dict[Digest, tuple[str, str]] = {}

    def append(self, chain: str, kind: Kind, body: Plain) -> Entry:
        before = self.all.setdefault(chain, [])
        entry = Entry(
            chain=chain, number=len(before) + 1, kind=kind, body=body, at=self.clock.now().isoformat(), environment={},
            previous=before[-1].digest if before else digest_of(chain), digest=Digest(""),
        )  # fmt: skip
        before.append(replace(entry, digest=_seal(entry)))
        return before[-1]

    def entries(self, chain: str) -> Iterator[Entry]:
        yield from tuple(self.all.get(chain, ()))

    def chains(self) -> tuple[str, ...]:
        return tuple(sorted(self.all))

    def evidence(self, chain: str, asked: Digest) -> Evidence | None:
        found = [e.body for e in self.entries(chain) if e.kind is Kind.EVIDENCE and asked_digest(e.body) == asked]
        return evidence_from(found[-1]) if found else None

    def commit(self, chain: str, text: str) -> Digest:
        salt = secrets.token_hex(32)
        commitment = digest_of([salt, text])
        self.texts[commitment] = (salt, text)
        return commitment

    def text(self, commitment: Digest) -> str | None:
        return self.texts[commitment][1] if commitment in self.texts else None

    def erase(self, chain: str, commitment: Digest) -> None:
        if commitment not in self.texts:
            raise Unusable("there is nothing to erase", "no text is kept under it", "take the commitment from an entry")
        self.append(chain, Kind.ERASURE, {"commitment": commitment})
        del self.texts[commitment]

    def verify(self) -> int:
        for chain, entries in self.all.items():
            previous = digest_of(chain)
            for number, entry in enumerate(entries, 1):
                if (entry.number, entry.previous, entry.digest) != (number, previous, _seal(entry)):
                    raise LedgerBroken(f"{chain} {number} is broken", "its seal does not fit", "restore it")
                previous = entry.digest
        return sum(len(entries) for entries in self.all.values())


def _seal(entry: Entry) -> Digest:
    return digest_of(plain(replace(entry, digest=Digest(""))))
