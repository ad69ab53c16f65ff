from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from core.test_envelope import DECISION, STAGED, _signature
from core.test_envelope import GOOD as APPROVED
from weighbridge.core.advance import advance_schema, advance_statement, opened_advance, sealed_advance, stage_named
from weighbridge.core.canon import canonical, digest_of_bytes
from weighbridge.core.decision import Advance, Met, SignerRole
from weighbridge.core.envelope import NoEnvelope
from weighbridge.core.shape import plain

ADVANCE = Advance(
    decision=STAGED.digest, stage="all", candidate=STAGED.candidate, reading=STAGED.reading,
    recommendation=STAGED.recommendation, met=(Met(criterion="told", rests_on=(digest_of_bytes(b"w"),)),),
    role=SignerRole.OWNER, fingerprint="bb", signed_at="2026-12-01T01:00:00+00:00",
)  # fmt: skip
GOOD = sealed_advance(STAGED, ADVANCE, _signature)


def test_goes_there_and_back() -> None:
    found = opened_advance(STAGED, GOOD)
    assert found.advance == ADVANCE
    assert found.apart.signature == _signature(found.apart.message)
    assert json.loads(advance_statement(STAGED, ADVANCE))["subject"][0]["name"] == "m.onnx"
    jsonschema.validate(plain(ADVANCE), advance_schema())


def test_a_stage_is_found_by_its_name() -> None:
    assert stage_named(STAGED, "all") is STAGED.stages[0]
    assert stage_named(DECISION, "all") is None


def test_an_opening_is_of_one_decision() -> None:
    other = replace(STAGED, expires="2027-05-02")
    with pytest.raises(NoEnvelope, match="another decision"):
        opened_advance(other, GOOD)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"predicateType": "x"}, "does not open a stage"),
        ({"predicate": {}}, "does not fit"),
        ({"subject": []}, "other files"),
        ({"extra": 1}, "canonical"),
    ],
)
def test_refuses_what_is_no_opening(change: dict[str, Any], says: str) -> None:
    table = json.loads(base64.b64decode(json.loads(GOOD)["payload"]))
    payload = base64.b64encode(canonical({**table, **change})).decode()
    with pytest.raises(NoEnvelope, match=says):
        opened_advance(STAGED, canonical({**json.loads(GOOD), "payload": payload}))


def test_refuses_a_stage_or_a_key_that_is_not_named() -> None:
    with pytest.raises(NoEnvelope, match="no such stage"):
        opened_advance(STAGED, sealed_advance(STAGED, replace(ADVANCE, stage="none"), _signature))
    signatures = [{**json.loads(GOOD)["signatures"][0], "keyid": "cc"}]
    with pytest.raises(NoEnvelope, match="another key"):
        opened_advance(STAGED, canonical({**json.loads(GOOD), "signatures": signatures}))


def test_an_approval_opens_no_stage() -> None:
    with pytest.raises(NoEnvelope, match="does not open"):
        opened_advance(STAGED, APPROVED)
