"""Publish: gather from the ledger what the public may read of every signed decision, those that withhold among them.

What people said in confidence lies behind commitments and is not looked up here: nothing of the erasable store is read.
People are known by the fingerprints of their keys, never by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weighbridge.app.reopen import Departed, Incident, incidents, record
from weighbridge.app.sign import envelopes, names
from weighbridge.core.bodies import decision_from
from weighbridge.core.decision import Decision
from weighbridge.core.envelope import opened
from weighbridge.core.keys import Keys
from weighbridge.core.ports import Kind, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSignature:
    """A signature that counts today, with the envelope that others can verify."""

    role: str
    fingerprint: str
    public: str  # the public key, base64
    signed_at: str
    self_reviewed: bool
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDecision:
    """One decision as the public reads it."""

    decision: Decision
    stands: bool  # the last one under its name
    signatures: tuple[PublicSignature, ...]
    passages: tuple[Departed, ...]
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All signed decisions, the latest first, and how many nobody has signed."""

    decisions: tuple[PublicDecision, ...]
    unsigned: int


def publish(ledger: Ledger, keys: Keys, now: datetime) -> Publication:
    """What of this ledger the public may read."""
    found: list[PublicDecision] = []
    unsigned = 0
    for name in ledger.chains():
        made = [decision_from(e.body) for e in ledger.entries(name) if e.kind is Kind.DECISION]
        for decision in made:
            signatures = _signatures(decision, ledger, keys, now)
            if not signatures:
                unsigned += 1
                continue
            about = tuple(i for i in incidents(name, ledger, keys) if i.decision == decision.digest)
            found.append(
                PublicDecision(
                    decision=decision, stands=decision is made[-1], signatures=signatures,
                    passages=record(decision, ledger).passages, incidents=about,
                )
            )  # fmt: skip
    found.sort(key=lambda d: (d.decision.decided_at, d.decision.digest), reverse=True)
    return Publication(decisions=tuple(found), unsigned=unsigned)


def _signatures(decision: Decision, ledger: Ledger, keys: Keys, now: datetime) -> tuple[PublicSignature, ...]:
    sealed = tuple(envelopes(decision, ledger))
    told = []
    for envelope, name in zip(sealed, names(decision, iter(sealed), keys, now), strict=True):
        known = keys.key(name.fingerprint)
        if name.why_not is None and known is not None:
            told.append(
                PublicSignature(
                    role=name.role.value, fingerprint=name.fingerprint, public=known.public,
                    signed_at=opened(envelope).approval.signed_at, self_reviewed=name.self_reviewed, envelope=envelope,
                )
            )  # fmt: skip
    return tuple(told)
