"""The opening of a stage as it is signed: an in-toto Statement about the files that the stage lets further out.

It holds for one decision alone, whose digest it names: an opening cannot be carried over to another.

References
----------
in-toto attestation framework, Statement v1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from weighbridge.core.bodies import advance_from
from weighbridge.core.canon import Plain, canonical
from weighbridge.core.decision import Advance, Decision
from weighbridge.core.envelope import STATEMENT_TYPE, Apart, NoEnvelope, enclosed, taken_apart
from weighbridge.core.shape import plain, schema
from weighbridge.core.stages import Stage

ADVANCE_TYPE = "urn:weighbridge:stage-advance:v0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAdvance:
    """An opening taken out of its envelope. Nothing here says that its signature holds."""

    advance: Advance
    apart: Apart


def stage_named(decision: Decision, name: str) -> Stage | None:
    """The stage of a decision that has this name."""
    return next((stage for stage in decision.stages if stage.name == name), None)


def advance_statement(decision: Decision, advance: Advance) -> bytes:
    """The Statement: its subjects are the files of the components that the stage names."""
    stage = stage_named(decision, advance.stage)
    widened = dict(stage.plan) if stage else {}
    subjects: list[Plain] = [
        {"name": file.label, "digest": {"sha256": file.digest.removeprefix("sha256:")}}
        for file in decision.released
        if file.component.value in widened
    ]
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": ADVANCE_TYPE,
            "predicate": plain(advance),
        }
    )


def sealed_advance(decision: Decision, advance: Advance, sign: Callable[[bytes], bytes]) -> bytes:
    """The envelope around it."""
    return enclosed(advance_statement(decision, advance), advance.fingerprint, sign)


def opened_advance(decision: Decision, envelope: bytes) -> SignedAdvance:
    """An envelope taken apart, its form checked against the decision, its signature not.

    Raises
    ------
    NoEnvelope
        For anything but the opening of a stage of this very decision, in canonical form.
    """
    apart = taken_apart(envelope)
    if apart.table.get("predicateType") != ADVANCE_TYPE:
        raise NoEnvelope("its statement does not open a stage")
    try:
        advance = advance_from(apart.table.get("predicate"))
    except ValueError as error:
        raise NoEnvelope(str(error)) from None
    if advance.decision != decision.digest:
        raise NoEnvelope("it opens a stage of another decision")
    if stage_named(decision, advance.stage) is None:
        raise NoEnvelope("the decision has no such stage")
    if advance_statement(decision, advance) != apart.payload:
        raise NoEnvelope("its statement is not in canonical form, or names other files than its decision")
    if apart.key != advance.fingerprint:
        raise NoEnvelope("it names another key than it says")
    return SignedAdvance(advance=advance, apart=apart)


def advance_schema() -> dict[str, Plain]:
    """JSON Schema of the predicate."""
    return schema(Advance, "The opening of a stage and one signature under it")
