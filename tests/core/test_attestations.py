from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf.json_format import Parse, ParseDict  # type: ignore[import-untyped]  # it ships no types
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from app.test_decide import _finding, _weighing
from core.test_envelope import APPROVAL, DECISION
from weighbridge.core.attestations import enveloped, summary, tested
from weighbridge.core.candidate import Component
from weighbridge.core.canon import canonical
from weighbridge.core.envelope import sealed, statement, statement_schema
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.passage import Check, Destination, Passage, Result
from weighbridge.core.wording import phrase

AT = "2026-11-22T12:00:00Z"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _validated(payload: bytes) -> dict[str, Any]:
    """What the reference library makes of a statement; it raises where a field is missing."""
    Statement.copy_from_pb(Parse(payload, StatementMessage())).validate()
    made: dict[str, Any] = json.loads(payload)
    return made


def _their_key(fingerprint: str) -> SSlibKey:
    return SSlibKey(fingerprint, "ed25519", "ed25519", {"public": RAW.hex()})


def _verified(envelope: bytes) -> None:
    Envelope.from_dict(json.loads(envelope)).verify([_their_key("bb")], 1)


def test_our_envelope_is_verified_by_securesystemslib_and_its_statement_is_valid() -> None:
    envelope = sealed(DECISION, APPROVAL, KEY.sign)
    _verified(envelope)
    told = _validated(base64.b64decode(json.loads(envelope)["payload"]))
    assert told["predicateType"] == "urn:weighbridge:release-decision:v0.1"
    schema = statement_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema)
    for where in (told, told["predicate"], told["predicate"]["decision"], told["subject"][0]):
        where["extra"] = 1
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(told, schema)
        del where["extra"]
    broken = json.loads(envelope)
    broken["payload"] = base64.b64encode(statement(replace(DECISION, version="2"), APPROVAL)).decode()
    with pytest.raises(VerificationError):
        _verified(canonical(broken))


def _passage(result: Result) -> Passage:
    return Passage(
        candidate="c", decision=DECISION.digest, destination=Destination.PUBLIC, components=(Component.WEIGHTS,),
        checks=(Check(name="c", result=result, says=phrase("-")),),
    )  # fmt: skip


@pytest.mark.parametrize("result", list(Result))
def test_a_verdict_is_a_verification_summary_that_passes_only_where_the_gate_does(result: Result) -> None:
    told = _validated(canonical(summary(_passage(result), DECISION, at=AT)))
    assert told["predicateType"] == "https://slsa.dev/verification_summary/v1"
    # An array, as the specification has it; the library's message has one text, and would refuse SLSA's own example.
    levels = told["predicate"].pop("verifiedLevels")
    message = ParseDict(told["predicate"], vsa_pb2.VerificationSummary())
    passes = result is Result.PASSES
    assert message.verification_result == ("PASSED" if passes else "FAILED")
    assert levels == ["WEIGHBRIDGE_PUBLIC" if passes else "FAILED"]
    assert [subject["name"] for subject in told["subject"]] == ["m.onnx"]


@pytest.mark.parametrize(
    ("effect", "verdict", "result"),
    [
        (Effect.STOP, Verdict.HOLDS, "PASSED"),
        (Effect.STOP, Verdict.BREACHED, "FAILED"),
        (Effect.CAUTION, Verdict.BREACHED, "FAILED"),
        (Effect.ADVISE, Verdict.BREACHED, "WARNED"),
        (Effect.STOP, Verdict.OPEN, "WARNED"),
        (Effect.STOP, Verdict.EXEMPT, "WARNED"),  # nothing was tested, which is no pass
    ],
)
def test_findings_are_test_results_and_silence_is_no_pass(effect: Effect, verdict: Verdict, result: str) -> None:
    told = _validated(canonical(tested(_weighing(_finding(effect, verdict)))))
    assert told["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    message = ParseDict(told["predicate"], test_result_pb2.TestResult())
    assert message.result == result
    assert message.configuration[0].name == "p"


def test_a_rule_is_told_once_at_its_worst() -> None:
    both = (_finding(Effect.STOP, Verdict.HOLDS), _finding(Effect.STOP, Verdict.BREACHED))
    told = json.loads(canonical(tested(_weighing(*both))))["predicate"]
    assert (told["failedTests"], told["passedTests"]) == (["a-stop"], [])


def test_any_statement_travels_in_an_envelope() -> None:
    _verified(enveloped(summary(_passage(Result.PASSES), DECISION, at=AT), "bb", KEY.sign))
