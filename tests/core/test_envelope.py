from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import Component, Impact
from weighbridge.core.canon import canonical, digest_of_bytes
from weighbridge.core.decision import Approval, Decision, Released, SignerRole, Statement
from weighbridge.core.envelope import PAYLOAD_TYPE, NoEnvelope, encoded, opened, sealed, statement
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Criterion, Stage

FILE = Released(label="m.onnx", digest=digest_of_bytes(b"m"), size_bytes=1, component=Component.WEIGHTS)
DECISION = Decision(
    name="c", version="1", candidate=digest_of_bytes(b"c"), reading=digest_of_bytes(b"r"), released=(FILE,),
    impact=Impact.LIGHT, recommendation=digest_of_bytes(b"e"), policy="p", policy_digest=digest_of_bytes(b"p"),
    plan=(("weights", Rung.OPEN),), reasons=(digest_of_bytes(b"why"),), prepared_by="aa", decided_at="2026-11-22T00:00:00+00:00",
    expires="2027-05-01",
)  # fmt: skip
APPROVAL = Approval(
    decision=DECISION.digest, role=SignerRole.OWNER, fingerprint="bb", signed_at="2026-11-22T01:00:00+00:00"
)


def _signature(message: bytes) -> bytes:
    return digest_of_bytes(message).encode()


def _changed(envelope: bytes, **changes: Any) -> bytes:
    return canonical({**json.loads(envelope), **changes})


def test_pre_authentication_encoding_is_dsse() -> None:
    # the example of the DSSE protocol's text
    assert encoded("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_goes_there_and_back() -> None:
    signed = opened(sealed(DECISION, APPROVAL, _signature))
    assert (signed.decision, signed.approval, signed.key) == (DECISION, APPROVAL, "bb")
    assert signed.signature == _signature(encoded(PAYLOAD_TYPE, statement(DECISION, APPROVAL)))


def test_the_subjects_are_the_released_files() -> None:
    told = json.loads(statement(DECISION, APPROVAL))
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["subject"] == [{"name": "m.onnx", "digest": {"sha256": FILE.digest.removeprefix("sha256:")}}]


GOOD = sealed(DECISION, APPROVAL, _signature)
OTHER = replace(APPROVAL, decision=digest_of_bytes(b"another"))


def _payload(change: dict[str, Any]) -> str:
    table = json.loads(base64.b64decode(json.loads(GOOD)["payload"]))
    return base64.b64encode(canonical({**table, **change})).decode()


BROKEN: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"\x00", "not JSON"),
    "no table": (b"[]", "no table"),
    "deep": (b"[" * 100_000, "not JSON"),
    "another type": (_changed(GOOD, payloadType="text/plain"), "no DSSE"),
    "a field more": (_changed(GOOD, extra=1), "no DSSE"),
    "no signature": (_changed(GOOD, signatures=[]), "one signature"),
    "two signatures": (_changed(GOOD, signatures=json.loads(GOOD)["signatures"] * 2), "one signature"),
    "another key": (_changed(GOOD, signatures=[{"keyid": "cc", "sig": "AA=="}]), "another key"),
    "no base64": (_changed(GOOD, payload="*"), "not base64"),
    "another predicate": (_changed(GOOD, payload=_payload({"predicateType": "x"})), "release decision"),
    "other files": (_changed(GOOD, payload=_payload({"subject": []})), "other files"),
    "a field in the statement": (_changed(GOOD, payload=_payload({"extra": 1})), "canonical"),
    "an approval of another decision": (sealed(DECISION, OTHER, _signature), "another decision"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_refuses_what_is_no_envelope_of_ours(case: str) -> None:
    envelope, says = BROKEN[case]
    with pytest.raises(NoEnvelope, match=says):
        opened(envelope)


STAGED = replace(
    DECISION,
    stages=(Stage(name="all", plan=(("weights", Rung.OPEN),), by="2027-01-01",
                  criterion=(Criterion(name="told", says="They know."),)),),
    statement=Statement(says="It buys a year.", figures=digest_of_bytes(b"f")),
)  # fmt: skip


def test_a_decision_without_stages_is_signed_as_it_always_was() -> None:
    digest = hashlib.sha256(GOOD).hexdigest()
    assert digest == "2534aa13bed08e48ddd06bf409e4a9fda877ebb4d4ea43ffb28eb5ef0f3e6b77"


def test_stages_and_statement_are_signed_under_a_version_that_earlier_readers_refuse() -> None:
    envelope = sealed(STAGED, replace(APPROVAL, decision=STAGED.digest), _signature)
    assert opened(envelope).decision == STAGED
    table = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    assert table["predicateType"] == "urn:weighbridge:release-decision:v0.2"
    table["predicateType"] = "urn:weighbridge:release-decision:v0.1"
    with pytest.raises(NoEnvelope, match="canonical"):  # one signature has one reading
        opened(_changed(envelope, payload=base64.b64encode(canonical(table)).decode()))


def test_an_empty_list_of_stages_is_another_reading() -> None:
    table = json.loads(base64.b64decode(json.loads(GOOD)["payload"]))
    table["predicate"]["decision"]["stages"] = []
    with pytest.raises(NoEnvelope, match="canonical"):
        opened(_changed(GOOD, payload=base64.b64encode(canonical(table)).decode()))


def test_spaces_in_the_payload_are_not_the_same_bytes() -> None:
    spaced = base64.b64decode(json.loads(GOOD)["payload"]).replace(b'"_type":', b'"_type": ')
    with pytest.raises(NoEnvelope, match="canonical"):
        opened(_changed(GOOD, payload=base64.b64encode(spaced).decode()))


@given(st.integers(0, len(GOOD) * 8 - 1))
def test_no_flipped_bit_passes_unseen(bit: int) -> None:
    flipped = bytearray(GOOD)
    flipped[bit // 8] ^= 1 << bit % 8
    try:
        signed = opened(bytes(flipped))
    except NoEnvelope:
        return
    assert signed.signature != _signature(signed.message), "the signature still fits"


def test_every_flipped_bit_of_the_signature_is_seen() -> None:
    start = GOOD.index(b'"sig":"') + 7
    for bit in range(start * 8, (GOOD.index(b'"', start)) * 8):
        flipped = bytearray(GOOD)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            assert opened(bytes(flipped)).signature != opened(GOOD).signature
        except NoEnvelope:
            continue


@given(st.binary(max_size=200))
def test_any_bytes_give_an_envelope_or_a_reason(data: bytes) -> None:
    with pytest.raises(NoEnvelope):
        opened(data)
