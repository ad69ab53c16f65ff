"""What the ledger stores of a piece of evidence, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.decision import Advance, Approval, Decision
from weighbridge.core.evidence import (
    Asked,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    outcome_plain,
)
from weighbridge.core.findings import Standing
from weighbridge.core.shape import Reading, plain, read

T = TypeVar("T")

_OUTCOMES: dict[str, type[Outcome]] = {
    "measured": Measured,
    "not-applicable": NotApplicable,
    "not-measured": NotMeasured,
    "failed": Failed,
}


def evidence_body(evidence: Evidence) -> Plain:
    """What is stored: what was asked, what came out, and the digest over both."""
    return {"asked": plain(evidence.asked), "outcome": outcome_plain(evidence.outcome), "digest": evidence.digest}


def evidence_from(body: Plain) -> Evidence:
    """The evidence that `evidence_body` stored; tables with free keys come back in the order of their keys.

    Raises
    ------
    ValueError
        When the body has another shape or its digest does not fit. The message names keys, never values.
    """
    table = _table(body, "body", {"asked", "outcome", "digest"})
    told = dict(_table(table["outcome"], "outcome", {"outcome"}))
    kind = _OUTCOMES.get(str(told.pop("outcome")))
    if kind is None:
        msg = "outcome.outcome: is not known"
        raise ValueError(msg)
    asked = _whole(Asked, table["asked"], "asked")
    evidence = Evidence(asked=asked, outcome=_whole(kind, told, "outcome"))
    if evidence.digest != table["digest"]:
        msg = "digest: does not fit what it seals"
        raise ValueError(msg)
    return evidence


def decision_from(body: Plain) -> Decision:
    """The decision that an entry's body holds.

    Raises
    ------
    ValueError
        When the body has another shape. The message names keys, never values.
    """
    return _whole(Decision, body, "decision")


def advance_from(body: Plain) -> Advance:
    """The opening of a stage that a statement holds; raises as `decision_from`."""
    return _whole(Advance, body, "advance")


def approval_from(body: Plain) -> Approval:
    """The approval that a statement holds; raises as `decision_from`."""
    return _whole(Approval, body, "approval")


def standing_from(body: Plain) -> Standing:
    """One component's standing, as a recommendation's entry holds it; raises as `decision_from`."""
    return _whole(Standing, body, "standing")


def asked_digest(body: Plain) -> Digest:
    """The key under which an evidence body is found again; from the body as it is, whatever version wrote it."""
    return digest_of(_table(body, "body", {"asked"})["asked"])


def sealed_digest(body: Plain) -> Digest:
    """The digest that an evidence body's content gives now; it should be the one it names."""
    table = _table(body, "body", {"asked", "outcome"})
    return digest_of([table["asked"], table["outcome"]])


def _table(value: Plain, name: str, needed: set[str]) -> Mapping[str, Plain]:
    if not isinstance(value, Mapping) or not needed <= set(value):
        msg = f"{name}: should be a table with {', '.join(sorted(needed))}"
        raise ValueError(msg)
    return value


def _whole(cls: type[T], value: Plain, name: str) -> T:
    """The value read as this class; faults come out with their keys only, for what they say may quote the value."""
    reading = Reading(file=name)
    try:
        made = read(cls, value, reading)
    except (AttributeError, TypeError) as error:  # a phrase whose fields are no table
        msg = f"{name}: has another shape"
        raise ValueError(msg) from error
    if made is None or reading.faults:
        msg = f"{name}: does not fit at {', '.join(fault.key or 'its top' for fault in reading.faults)}"
        raise ValueError(msg)
    return made
