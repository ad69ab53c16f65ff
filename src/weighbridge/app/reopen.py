"""Reopen: note an incident against a decision, with all that the ledger said then; and close it again.

While an incident is open, the gate lets nothing of that decision through. Closing it lets the approvals count again,
so somebody who may approve signs that; a closing whose signature does not count closes nothing. What happened is
people's own words and lies in the erasable store; the chain holds a commitment, digests, and numbers of entries.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from weighbridge.app.decide import last_decision
from weighbridge.core.bodies import decision_from, standing_from
from weighbridge.core.canon import Digest, Plain, canonical
from weighbridge.core.decision import Decision, Released, SignerRole
from weighbridge.core.envelope import encoded
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.findings import Standing
from weighbridge.core.keys import Keys, KnownKey
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.stages import Rungs, widened
from weighbridge.core.wording import _

CLOSING_TYPE = "application/vnd.weighbridge.closing+json"  # another than a decision's: no approval closes anything
_MOST_WORDS = 1 << 16  # characters of what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What somebody reports."""

    what: Annotated[str, "what happened, in their own words"]
    affected: Annotated[tuple[str, ...], "digests or labels of released files; empty: all that were decided on"] = ()
    derivatives: Annotated[tuple[str, ...], "what is known to be made from it, by its public name"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as the ledger has it: for which role, and when; never whose."""

    role: str
    at: str
    number: int  # of its entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """A passage that the gate let through."""

    destination: str
    components: tuple[str, ...]
    at: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the ledger said of a decision when it was re-opened."""

    decision: Decision
    recommended: tuple[Standing, ...]
    signatures: tuple[Signature, ...]
    passages: tuple[Departed, ...]
    advances: tuple[int, ...] = ()  # numbers of the entries that signed the opening of a stage
    in_force: Rungs = ()  # the rungs that were given, those of open stages among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as the ledger has it."""

    number: int
    at: str
    decision: Digest
    affected: tuple[Digest, ...]
    seal: Digest  # of its entry
    closed_by: int | None = None  # number of the entry that closed it
    trigger: int | None = None  # number of the entry of what came up, where that turned the answer

    @property
    def is_open(self) -> bool:
        """Whether it keeps the decision closed."""
        return self.closed_by is None


def reopen(
    name: str, happening: Happening, ledger: Ledger, *, trigger: int | None = None, in_force: Rungs | None = None
) -> tuple[Entry, Record]:
    """Seal an incident against the decision that stands; the entry, and what the ledger said until then.

    Parameters
    ----------
    trigger : number of the entry of what came up and turned the answer; such an incident only a decision closes
    in_force : the rungs in force; None where that is not known: then those of every stage that somebody signed to open

    Raises
    ------
    NotSettled
        Where nobody has decided on anything of that name.
    Unusable
        Where nothing is said of what happened, or a file is named that was never decided on.
    """
    decision = last_decision(name, ledger)
    if decision is None:
        raise NotSettled(
            _("there is nothing to re-open"),
            _("nobody has decided on {name}").format(name=name),
            "weighbridge decide DIR --draft",
        )
    _check_said(happening.what)
    affected = _affected(happening.affected, decision, ledger)
    known = record(decision, ledger)
    known = replace(known, in_force=in_force or known.in_force)
    body: dict[str, Plain] = {
        "decision": decision.digest,
        "closes": True,
        "what": ledger.commit(name, happening.what),
        "affected": sorted(affected),
        "derivatives": [ledger.commit(name, text) for text in happening.derivatives if text.strip()],
        "stages": {component: rung.value for component, rung in known.in_force},
        "advances": list(known.advances),
        "approvals": [signature.number for signature in known.signatures],
        "passages": [passage.number for passage in known.passages],
        "recommendation": decision.recommendation,
        **({} if trigger is None else {"trigger": trigger}),
    }
    return ledger.append(name, Kind.INCIDENT, body), known


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """Who closes an incident: a key, the role it stands for, and what signs with it."""

    known: KnownKey
    role: SignerRole
    make: Callable[[bytes], bytes]


def close(name: str, number: int, because: str, by: Closer, *, keys: Keys, ledger: Ledger) -> Entry:
    """Seal that an incident is over, signed; the approvals under its decision then count again.

    Raises
    ------
    Unusable
        For a number that is no incident of this chain, or was closed before, where no reason is given, and where the
        ring does not trust the key for the role.
    """
    known = {incident.number: incident for incident in incidents(name, ledger, keys)}
    found = known.get(number)
    if found is None:
        raise Unusable(
            _("there is no such incident"),
            _("{number} is none of {name}; it has: {known}").format(
                number=number, name=name, known=", ".join(map(str, known)) or _("none")
            ),
            "weighbridge incident list DIR",
        )
    if not found.is_open:
        raise Unusable(
            _("incident {number} is closed").format(number=number),
            _("entry {n} closed it").format(n=found.closed_by),
            "weighbridge incident list DIR",
        )
    if found.trigger is not None:
        raise Unusable(
            _("incident {number} cannot be closed").format(number=number),
            _("what came up (entry {n}) turned the answer, and that is for people to decide on again").format(
                n=found.trigger
            ),
            "weighbridge decide DIR --draft",
        )
    _check_said(because)
    if by.known.is_revoked or by.role not in by.known.roles:
        why = _("the key was revoked") if by.known.is_revoked else _("the ring does not trust it for this role")
        raise Unusable(
            _("this key cannot close it as {role}").format(role=by.role.value), why,
            f"weighbridge keys trust {by.known.fingerprint[:16]} --role {by.role.value}",
        )  # fmt: skip
    body: dict[str, Plain] = {
        "decision": found.decision, "closes": False, "closed": number, "because": ledger.commit(name, because),
        "role": by.role.value, "fingerprint": by.known.fingerprint,
    }  # fmt: skip
    signature = by.make(_message(found, body))
    if not keys.holds(by.known.fingerprint, _message(found, body), signature):
        raise Unusable(
            _("the signature does not fit the key"), _("another private key made it than the ring's"),
            "weighbridge keys list",
        )  # fmt: skip
    return ledger.append(name, Kind.INCIDENT, {**body, "signature": base64.b64encode(signature).decode()})


def _at_most(decision: Decision, ledger: Ledger) -> Rungs:
    """The most that may have been given: a stage may have been open although nobody here can tell that it was."""
    signed = {
        entry.body.get("stage")
        for entry in ledger.entries(decision.name)
        if entry.kind is Kind.ADVANCE and isinstance(entry.body, dict) and entry.body.get("decision") == decision.digest
    }
    return widened(decision.plan, [stage for stage in decision.stages if stage.name in signed])


def _message(incident: Incident, body: Mapping[str, Plain]) -> bytes:
    """What whoever closes an incident signs: all that the entry says, and the seal of the incident it is about."""
    told: dict[str, Plain] = {key: value for key, value in body.items() if key != "signature"}
    return encoded(CLOSING_TYPE, canonical({**told, "incident": incident.seal}))


def _counts(incident: Incident, body: Mapping[str, Plain], keys: Keys) -> bool:
    """Whether a closing is signed by a key that the ring trusts today for the role it names."""
    fingerprint, role = str(body.get("fingerprint")), body.get("role")
    known = keys.key(fingerprint)
    if known is None or known.is_revoked or role not in [one.value for one in known.roles]:
        return False
    try:
        signature = base64.b64decode(str(body.get("signature")), validate=True)
    except (binascii.Error, ValueError):
        return False
    return keys.holds(fingerprint, _message(incident, body), signature)


def incidents(name: str, ledger: Ledger, keys: Keys) -> tuple[Incident, ...]:
    """The incidents of a chain, oldest first; an entry closes one that came before it and is open, if it is signed."""
    found: dict[int, Incident] = {}
    for entry in ledger.entries(name):
        body = entry.body
        if entry.kind is not Kind.INCIDENT or not isinstance(body, dict):
            continue
        if body.get("closes") is True:
            affected, trigger = body.get("affected"), body.get("trigger")
            found[entry.number] = Incident(
                number=entry.number, at=entry.at, decision=Digest(str(body.get("decision"))), seal=entry.digest,
                affected=tuple(Digest(str(d)) for d in affected) if isinstance(affected, list | tuple) else (),
                trigger=trigger if isinstance(trigger, int) else None,
            )  # fmt: skip
            continue
        number = body.get("closed")
        was = found.get(number) if isinstance(number, int) else None
        if was is None or not was.is_open or was.trigger is not None or was.decision != body.get("decision"):
            continue
        if _counts(was, body, keys):
            found[was.number] = replace(was, closed_by=entry.number)
    return tuple(found.values())


def open_against(decision: Decision, ledger: Ledger, keys: Keys) -> tuple[Incident, ...]:
    """The open incidents that keep this decision closed; who decides again, and signs again, makes another one."""
    return tuple(i for i in incidents(decision.name, ledger, keys) if i.is_open and i.decision == decision.digest)


def record(decision: Decision, ledger: Ledger) -> Record:
    """What the ledger says of a decision: what was recommended, who signed as what, and what has gone out."""
    standings: tuple[Standing, ...] = ()
    signatures, passages, advances = [], [], []
    for entry in ledger.entries(decision.name):
        body = entry.body
        if not isinstance(body, dict):
            continue
        if entry.digest == decision.recommendation:
            rows = body.get("components")
            standings = tuple(standing_from(row) for row in rows) if isinstance(rows, list) else ()
        if body.get("decision") != decision.digest:
            continue
        if entry.kind is Kind.APPROVAL:
            signatures.append(Signature(role=str(body.get("role")), at=entry.at, number=entry.number))
        elif entry.kind is Kind.ADVANCE:
            advances.append(entry.number)
        elif entry.kind is Kind.PASSAGE and body.get("result") == "passes":
            parts = body.get("components")
            passages.append(
                Departed(
                    destination=str(body.get("destination")), at=entry.at, number=entry.number,
                    components=tuple(map(str, parts)) if isinstance(parts, list) else (),
                )
            )  # fmt: skip
    return Record(
        decision=decision, recommended=standings, signatures=tuple(signatures), passages=tuple(passages),
        advances=tuple(advances), in_force=_at_most(decision, ledger),
    )  # fmt: skip


def affected_files(decision: Decision, affected: Sequence[Digest]) -> tuple[Released, ...]:
    """The decided files that have one of these digests."""
    return tuple(file for file in decision.released if file.digest in affected)


def _affected(words: Sequence[str], decision: Decision, ledger: Ledger) -> set[Digest]:
    """The digests that are named; of any decision of this chain, since what went out earlier may be affected."""
    if not words:
        return {file.digest for file in decision.released}
    decided = [decision_from(e.body) for e in ledger.entries(decision.name) if e.kind is Kind.DECISION]
    known = {file for made in decided for file in made.released}
    digests = set[Digest]()
    for word in words:
        found = {
            file.digest for file in known if word in (file.digest, file.digest.removeprefix("sha256:"), file.label)
        }
        if not found:
            raise Unusable(
                _("cannot tell what is affected"),
                _("no file of that digest or label was ever decided on as {name}").format(name=decision.name),
                _("name one of: {labels}").format(labels=", ".join(file.label for file in decision.released[:5])),
            )
        digests |= found
    return digests


def _check_said(text: str) -> None:
    if not text.strip() or len(text) > _MOST_WORDS:
        raise Unusable(
            _("it is not said what happened, or why"),
            _("{n} characters were given; from 1 to {limit} are kept").format(n=len(text.strip()), limit=_MOST_WORDS),
            _("say it in a few sentences, on standard input or when asked"),
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unusable(
            _("cannot keep what was given"),
            _("it is not UTF-8"),
            _("type it, or pass a file in UTF-8 on standard input"),
        ) from None
