"""Publish: gather from the ledger what the public may read of every signed decision, those that withhold among them.

What people said in confidence lies behind commitments and is not looked up here: nothing of the erasable store is read.
People are known by the fingerprints of their keys, never by name.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from weighbridge.app.meet import Books
from weighbridge.app.reopen import Departed, Incident, incidents, record
from weighbridge.app.sign import envelopes, names
from weighbridge.app.stage import State, Step, stage
from weighbridge.core.bodies import decision_from
from weighbridge.core.card import Card
from weighbridge.core.decision import Decision
from weighbridge.core.envelope import opened
from weighbridge.core.keys import Keys
from weighbridge.core.ports import Kind, Ledger
from weighbridge.policy.rules import Policy


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
class PublicOpening:
    """A signature under the opening of a stage that counts today, with the envelope that others can verify."""

    role: str
    fingerprint: str
    public: str  # the public key, base64
    at: str
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStage:
    """How a stage stands today; what it waits for stands in the decision that was signed."""

    name: str
    state: State
    openings: tuple[PublicOpening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDecision:
    """One decision as the public reads it."""

    decision: Decision
    stands: bool  # the last one under its name
    signatures: tuple[PublicSignature, ...]
    passages: tuple[Departed, ...]
    incidents: tuple[Incident, ...]
    stages: tuple[PublicStage, ...] = ()
    cut_short: int = 0  # of a staged one that another has taken the place of: how many of its stages were not open


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All signed decisions, the latest first, and how many nobody has signed."""

    decisions: tuple[PublicDecision, ...]
    unsigned: int


def publish(
    ledger: Ledger, keys: Keys, now: datetime, *, policy: Policy | None = None, cards: tuple[Card, ...] = ()
) -> Publication:
    """What of this ledger the public may read.

    Parameters
    ----------
    policy, cards : what stages are held against; without them it is not told how far a staged release has come
    """
    found: list[PublicDecision] = []
    unsigned = 0
    for name in ledger.chains():
        made = [decision_from(e.body) for e in ledger.entries(name) if e.kind is Kind.DECISION]
        for decision in made:
            signatures = _signatures(decision, ledger, keys, now)
            if not signatures:
                unsigned += 1
                continue
            books = Books(ledger=ledger, keys=keys, policy=policy, cards=cards) if policy else None
            steps = stage(decision, books, now).steps if books else ()
            is_last = decision is made[-1]
            about = tuple(i for i in incidents(name, ledger, keys) if i.decision == decision.digest)
            found.append(
                PublicDecision(
                    decision=decision, stands=is_last, signatures=signatures,
                    passages=record(decision, ledger).passages, incidents=about,
                    stages=tuple(_stage(step, decision, ledger, keys) for step in steps),
                    cut_short=0 if is_last else sum(step.state is not State.OPEN for step in steps),
                )
            )  # fmt: skip
    found.sort(key=lambda d: (d.decision.decided_at, d.decision.digest), reverse=True)
    return Publication(decisions=tuple(found), unsigned=unsigned)


def _stage(step: Step, decision: Decision, ledger: Ledger, keys: Keys) -> PublicStage:
    """What counts under its opening, envelope by envelope."""
    sealed = {entry.number: entry.body for entry in ledger.entries(decision.name) if entry.kind is Kind.ADVANCE}
    told = []
    for opening in step.openings:
        body, known = sealed.get(opening.number), keys.key(opening.fingerprint)
        if opening.why_not is None and known is not None and isinstance(body, dict):
            envelope = base64.b64decode(str(body.get("envelope")))
            told.append(
                PublicOpening(
                    role=opening.role.value, fingerprint=opening.fingerprint, public=known.public, at=opening.at,
                    envelope=envelope,
                )
            )  # fmt: skip
    return PublicStage(name=step.stage.name, state=step.state, openings=tuple(told))


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
