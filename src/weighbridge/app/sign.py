"""Sign: put one person's name under the decision that stands, for one role; and tell whose names count.

A person signs once, whatever keys they hold. Who prepared a decision does not approve it; only at light impact, and
only a day later, may one person do both, and the signature says so.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from weighbridge.core.candidate import Impact
from weighbridge.core.canon import Plain
from weighbridge.core.decision import Approval, Decision, SignerRole
from weighbridge.core.envelope import NoEnvelope, Signed, opened, prepared, sealed
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.keys import Keys, KnownKey
from weighbridge.core.ports import Clock, Kind, Ledger
from weighbridge.core.wording import Phrase, _, phrase

CLOCKS_DIFFER = timedelta(minutes=5)  # ours: how far the clocks of machines that share a ledger may lie apart
SELF_REVIEW_AFTER = timedelta(hours=24)  # long enough to sleep on it; as the issue has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A signature under a decision, and whether it counts; `why_not` is None where it does."""

    role: SignerRole
    fingerprint: str
    holder: str  # "" where the key is not known
    self_reviewed: bool
    why_not: Phrase | None


def sign(  # noqa: PLR0913  who signs what, as what, with what, and where it is written
    decision: Decision,
    known: KnownKey,
    role: SignerRole,
    make: Callable[[bytes], bytes],
    *,
    keys: Keys,
    ledger: Ledger,
    clock: Clock,
) -> bytes:
    """Seal an envelope with this signature in the candidate's chain; the envelope.

    Raises
    ------
    Unusable
        Where this person cannot sign for this role: not trusted for it, prepared the decision, signed already.
    NotSettled
        Where the decision has ended, or a self-review comes too early.
    """
    now = clock.now().astimezone(UTC)
    if now.date().isoformat() > decision.expires:
        raise NotSettled(
            _("the decision has ended"),
            _("it held until {day}").format(day=decision.expires),
            "weighbridge decide DIR --draft",
        )
    if known.is_revoked or role not in known.roles:
        why = _("the key was revoked") if known.is_revoked else _("the ring does not trust it for this role")
        raise Unusable(
            _("this key cannot sign as {role}").format(role=role.value), why,
            f"weighbridge keys trust {known.fingerprint[:16]} --role {role.value}",
        )  # fmt: skip
    _check_once(decision, known, keys, ledger)
    is_self = is_preparer(decision, known, keys)
    if is_self:
        _check_self_review(decision, now)
    approval = Approval(
        decision=decision.digest, role=role, fingerprint=known.fingerprint,
        signed_at=now.isoformat(timespec="seconds"), self_reviewed=is_self,
    )  # fmt: skip
    envelope = sealed(decision, approval, make)
    if not keys.holds(known.fingerprint, opened(envelope).message, opened(envelope).signature):
        raise Unusable(
            _("the signature does not fit the key"), _("another private key made it than the ring's"),
            "weighbridge keys list",
        )  # fmt: skip
    ledger.append(decision.name, Kind.APPROVAL, _body(decision, approval, envelope))
    return envelope


def prepare(decision: Decision, make: Callable[[bytes], bytes], *, keys: Keys, ledger: Ledger) -> None:
    """Seal the signature of whoever prepared a decision: it approves nothing, and shows that nobody else did.

    Raises
    ------
    Unusable
        Where it is not the signature of the key that the decision names.
    """
    signature = make(prepared(decision))
    if not keys.holds(decision.prepared_by, prepared(decision), signature):
        raise Unusable(
            _("the signature does not fit the key"), _("another private key made it than the ring's"),
            "weighbridge keys list",
        )  # fmt: skip
    body: Plain = {"decision": decision.digest, "signature": base64.b64encode(signature).decode()}
    ledger.append(decision.name, Kind.PREPARATION, body)


def why_not_prepared(decision: Decision, keys: Keys, ledger: Ledger) -> Phrase | None:
    """Why it is not certain who prepared a decision, or None where it is."""
    known = keys.key(decision.prepared_by)
    if known is None or known.is_revoked:
        return phrase("the key of whoever prepared it is not in the ring, or was revoked")
    for entry in ledger.entries(decision.name):
        body = entry.body
        if entry.kind is Kind.PREPARATION and isinstance(body, dict) and body.get("decision") == decision.digest:
            with suppress(binascii.Error, ValueError):
                signature = base64.b64decode(str(body.get("signature")), validate=True)
                if keys.holds(known.fingerprint, prepared(decision), signature):
                    return None
    return phrase("whoever is said to have prepared it has not signed that")


def envelopes(decision: Decision, ledger: Ledger) -> Iterator[bytes]:
    """Every envelope that was sealed for this decision, oldest first.

    Raises
    ------
    Unusable
        For an entry that holds none.
    """
    for entry in ledger.entries(decision.name):
        if entry.kind is not Kind.APPROVAL or not isinstance(entry.body, dict):
            continue
        if entry.body.get("decision") == decision.digest:
            try:
                yield base64.b64decode(str(entry.body.get("envelope")), validate=True)
            except (binascii.Error, ValueError):
                raise Unusable(
                    _("an approval in the ledger cannot be read"),
                    _("entry {n} holds no envelope").format(n=entry.number),
                    "weighbridge ledger verify",
                ) from None


def names(decision: Decision, sealed_ones: Iterator[bytes], keys: Keys, now: datetime) -> tuple[Name, ...]:
    """The names under a decision, each with whether it counts. Of several by one person, the first counts."""
    told: list[Name] = []
    people: set[str] = set()
    for envelope in sealed_ones:
        name = _name(decision, envelope, keys, now)
        if name.why_not is None and name.holder in people:
            says = phrase("the same person has signed already, with this key or another")
            name = replace(name, why_not=says)
        if name.why_not is None:
            people.add(name.holder)
        told.append(name)
    return tuple(told)


def _name(decision: Decision, envelope: bytes, keys: Keys, now: datetime) -> Name:
    try:
        signed = opened(envelope)
    except NoEnvelope as error:
        says = phrase("the envelope is broken: {why}", why=str(error))
        return Name(role=SignerRole.OWNER, fingerprint="", holder="", self_reviewed=False, why_not=says)
    known = keys.key(signed.key)
    return Name(
        role=signed.approval.role, fingerprint=signed.key, holder=known.holder if known else "",
        self_reviewed=signed.approval.self_reviewed, why_not=_why_not(decision, signed, known, keys, now),
    )  # fmt: skip


def _why_not(decision: Decision, signed: Signed, known: KnownKey | None, keys: Keys, now: datetime) -> Phrase | None:
    """Why a signature does not count, or None where it does."""
    approval = signed.approval
    if signed.decision != decision:
        return phrase("it is under another decision")
    if known is None:
        return phrase("its key is not in the ring")
    if not keys.holds(signed.key, signed.message, signed.signature):
        return phrase("the signature does not fit what it is under")
    if known.is_revoked:
        return phrase("its key was revoked")
    if approval.role not in known.roles:
        return phrase("its key is not trusted as {role}", role=approval.role.value)
    return _why_not_then(decision, approval, now) or _why_not_by_them(decision, approval, known, keys)


def _why_not_then(decision: Decision, approval: Approval, now: datetime) -> Phrase | None:
    at = moment(approval.signed_at)
    if at is None or at > now + CLOCKS_DIFFER:
        return phrase("it was made in the future: a clock is wrong")
    if at < (moment(decision.decided_at) or at):
        return phrase("it was made before the decision: a clock is wrong")
    return None


def self_review_counts(decision: Decision, signed_at: str, *, is_marked: bool) -> bool:
    """Whether whoever prepared a decision may sign this too: at light impact, a day later, and marked as such."""
    at, decided = moment(signed_at), moment(decision.decided_at)
    is_late = at is not None and decided is not None and at - decided >= SELF_REVIEW_AFTER
    return decision.impact is Impact.LIGHT and is_marked and is_late


def _why_not_by_them(decision: Decision, approval: Approval, known: KnownKey, keys: Keys) -> Phrase | None:
    """Who prepared it counts only where a self-review is enough, a day later, and marked as one."""
    if not is_preparer(decision, known, keys):
        return None
    if self_review_counts(decision, approval.signed_at, is_marked=approval.self_reviewed):
        return None
    return phrase("who prepares a decision does not approve it")


def _check_self_review(decision: Decision, now: datetime) -> None:
    if decision.impact is not Impact.LIGHT:
        raise Unusable(
            _("who prepares a decision does not approve it"),
            _("this person prepared it, and at {impact} impact somebody else must sign").format(
                impact=decision.impact.value
            ),
            _("let somebody else sign: weighbridge sign DIR --role ROLE --key THEIRS"),
        )
    decided = moment(decision.decided_at)
    if decided is None or now - decided < SELF_REVIEW_AFTER:
        raise NotSettled(
            _("it is too early to approve what you prepared"),
            _("a day must lie between; it was decided at {at}").format(at=decision.decided_at),
            _("sign tomorrow, or let somebody else sign today"),
        )


def _check_once(decision: Decision, known: KnownKey, keys: Keys, ledger: Ledger) -> None:
    for envelope in envelopes(decision, ledger):
        try:
            other = keys.key(opened(envelope).key)
        except NoEnvelope:
            continue
        if other is not None and not other.is_revoked and other.holder == known.holder:
            raise Unusable(
                _("this person has signed already"),
                _("one person signs once, whatever keys they hold"),
                _("let somebody else sign for the other role"),
            )


def is_preparer(decision: Decision, known: KnownKey, keys: Keys) -> bool:
    """Whether the holder of this key prepared the decision, with this key or another."""
    preparer = keys.key(decision.prepared_by)
    return known.fingerprint == decision.prepared_by or (preparer is not None and preparer.holder == known.holder)


def moment(text: str) -> datetime | None:
    """The moment a text says, or None where it says none or leaves out its zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _body(decision: Decision, approval: Approval, envelope: bytes) -> Plain:
    return {
        "decision": decision.digest,
        "role": approval.role.value,
        "fingerprint": approval.fingerprint,
        "envelope": base64.b64encode(envelope).decode(),
    }
