"""What is signed, and the envelope it travels in: DSSE around an in-toto Statement. Bytes in, bytes out; no keys here.

One envelope per signature, since each is made for a role: all envelopes of a decision hold the same decision.

References
----------
DSSE protocol 1.0 (pre-authentication encoding); in-toto attestation framework, Statement v1.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from weighbridge.core.bodies import approval_from, decision_from
from weighbridge.core.canon import Plain, canonical
from weighbridge.core.decision import Approval, Decision
from weighbridge.core.shape import plain, schema

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREPARED_TYPE = "application/vnd.weighbridge.decision+json"  # another than the statement's: no preparer approves by it
PREDICATE_TYPE = "urn:weighbridge:release-decision:v0.1"
PREDICATE_TYPE_2 = "urn:weighbridge:release-decision:v0.2"  # of a decision with stages or a risk statement
_MOST_BYTES = 64 << 20  # a decision about a million files; more is no envelope of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class _Predicate:
    """What the statement says of its subjects."""

    decision: Decision
    approval: Approval


class NoEnvelope(ValueError):
    """The bytes are no envelope of a decision; the message says what is wrong and quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An envelope taken apart. `payload` is what the signature is over; nothing here says that it holds."""

    decision: Decision
    approval: Approval
    payload: bytes
    signature: bytes
    key: str  # fingerprint that the envelope names

    @property
    def message(self) -> bytes:
        """The bytes that the signature is made over."""
        return encoded(PAYLOAD_TYPE, self.payload)


def encoded(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: type and body with their lengths, so that neither can pass for the other."""
    kind = payload_type.encode()
    return b" ".join([b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(payload), payload])


def prepared(decision: Decision) -> bytes:
    """The bytes that whoever prepares a decision signs, so that nobody prepares one in another's name."""
    return encoded(PREPARED_TYPE, canonical(plain(decision)))


def predicate_type(decision: Decision) -> str:
    """The version of the predicate: who knows the first alone shall refuse what it would misread."""
    return PREDICATE_TYPE_2 if decision.stages or decision.statement else PREDICATE_TYPE


def statement(decision: Decision, approval: Approval) -> bytes:
    """The in-toto Statement: its subjects are the released files."""
    subjects: list[Plain] = [
        {"name": file.label, "digest": {"sha256": file.digest.removeprefix("sha256:")}} for file in decision.released
    ]
    return canonical(
        {
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": predicate_type(decision),
            "predicate": {"decision": plain(decision), "approval": plain(approval)},
        }
    )


def statement_schema() -> dict[str, Plain]:
    """JSON Schema (draft 2020-12) of the Statement, closed: what is signed holds nothing that was not meant."""
    made = schema(_Predicate, "A release decision and one approval of it")
    subject: dict[str, Plain] = {
        "type": "object",
        "required": ["name", "digest"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string"},
            "digest": {
                "type": "object",
                "required": ["sha256"],
                "additionalProperties": False,
                "properties": {"sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
            },
        },
    }
    kept: dict[str, Plain] = {key: made.pop(key) for key in ("$schema", "title", "$defs")}
    return {
        **kept,
        "type": "object",
        "required": ["_type", "subject", "predicateType", "predicate"],
        "additionalProperties": False,
        "properties": {
            "_type": {"const": STATEMENT_TYPE},
            "subject": {"type": "array", "items": subject},
            "predicateType": {"enum": [PREDICATE_TYPE, PREDICATE_TYPE_2]},
            "predicate": made,
        },
    }


def sealed(decision: Decision, approval: Approval, sign: Callable[[bytes], bytes]) -> bytes:
    """The envelope, as JSON, with the signature that `sign` makes of the encoded statement."""
    return enclosed(statement(decision, approval), approval.fingerprint, sign)


def enclosed(payload: bytes, fingerprint: str, sign: Callable[[bytes], bytes]) -> bytes:
    """An envelope around the bytes of any in-toto statement, signed once."""
    signature = sign(encoded(PAYLOAD_TYPE, payload))
    return canonical(
        {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [{"keyid": fingerprint, "sig": base64.b64encode(signature).decode()}],
        }
    )


def opened(envelope: bytes) -> Signed:
    """An envelope taken apart, its form checked and its signature not.

    Raises
    ------
    NoEnvelope
        For anything but one signature over the canonical statement of one decision and one approval that belong
        together. The payload must be the very bytes that its content gives: two readings of one signature are none.
    """
    found = taken_apart(envelope)
    decision, approval = _read(found.table)
    if statement(decision, approval) != found.payload:
        raise NoEnvelope("its statement is not in canonical form, or names other files than its decision")
    if approval.decision != decision.digest:
        raise NoEnvelope("its approval is of another decision than the one beside it")
    if found.key != approval.fingerprint:
        raise NoEnvelope("it names another key than its approval")
    return Signed(
        decision=decision, approval=approval, payload=found.payload, signature=found.signature, key=approval.fingerprint
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Any envelope of ours taken apart; nothing here says that the signature holds, or what the statement may be."""

    table: dict[str, Plain]  # the statement
    payload: bytes
    signature: bytes
    key: str  # fingerprint that the envelope names

    @property
    def message(self) -> bytes:
        """The bytes that the signature is made over."""
        return encoded(PAYLOAD_TYPE, self.payload)


def taken_apart(envelope: bytes) -> Apart:
    """The one statement, the one signature and the key that an envelope names.

    Raises
    ------
    NoEnvelope
        For anything else.
    """
    table = _json(envelope, "the envelope")
    if set(table) != {"payloadType", "payload", "signatures"} or table["payloadType"] != PAYLOAD_TYPE:
        raise NoEnvelope("it is no DSSE envelope of an in-toto statement")
    signatures = table["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], dict):
        raise NoEnvelope("it should hold one signature")
    named = cast("dict[str, Plain]", signatures[0])
    payload, signature = _bytes(table["payload"]), _bytes(named.get("sig"))
    return Apart(
        table=_json(payload, "the statement"), payload=payload, signature=signature, key=str(named.get("keyid"))
    )


def _read(table: dict[str, Plain]) -> tuple[Decision, Approval]:
    predicate = table.get("predicate")
    if table.get("predicateType") not in (PREDICATE_TYPE, PREDICATE_TYPE_2) or not isinstance(predicate, dict):
        raise NoEnvelope("its statement is not about a release decision of this version")
    if set(predicate) != {"decision", "approval"}:
        raise NoEnvelope("its predicate should hold a decision and an approval")
    try:
        return decision_from(predicate["decision"]), approval_from(predicate["approval"])
    except ValueError as error:
        raise NoEnvelope(str(error)) from None


def _json(data: bytes, what: str) -> dict[str, Plain]:
    if len(data) > _MOST_BYTES:
        raise NoEnvelope(f"{what} is larger than {_MOST_BYTES >> 20} MiB")
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise NoEnvelope(f"{what} is not JSON") from None
    if not isinstance(table, dict):
        raise NoEnvelope(f"{what} is no table")
    return table


def _bytes(value: Plain) -> bytes:
    try:
        found = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        raise NoEnvelope("it holds what is not base64") from None
    if base64.b64encode(found).decode() != value:  # the last letter may have bits that decoders pass over
        raise NoEnvelope("it holds what is not base64 as it is written")
    return found
