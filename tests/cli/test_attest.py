from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse, ParseDict  # type: ignore[import-untyped]  # it ships no types
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from conftest import Weighbridge
from weighbridge.core.canon import digest_of_bytes
from yards import WORDS, weighed


def _validated(payload: str) -> dict[str, Any]:
    """By the reference library, the statement and its predicate; it raises where a field is missing or unknown."""
    Statement.copy_from_pb(Parse(payload, StatementMessage())).validate()
    made: dict[str, Any] = json.loads(payload)
    ParseDict(made["predicate"], test_result_pb2.TestResult())
    return made


def test_what_was_found_is_a_valid_test_result(weighbridge: Weighbridge, tmp_path: Path) -> None:
    folder = weighed(weighbridge, tmp_path / "c")
    code, out, err = weighbridge("attest", folder)
    assert code == 0, err
    told = _validated(out)
    assert told["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    digest = digest_of_bytes((folder / "t.csv").read_bytes()).removeprefix("sha256:")
    assert told["subject"] == [{"name": "t.csv", "digest": {"sha256": digest}}]
    predicate = told["predicate"]
    assert predicate["result"] == "PASSED"
    assert predicate["failedTests"] == []
    findings = json.loads(weighbridge("recommend", folder, "--format", "json")[1])["findings"]
    assert set(predicate["passedTests"]) == {row["rule"] for row in findings if row["verdict"] == "holds"}
    assert weighbridge("attest", folder)[1] == out


def test_what_limits_it_has_failed(weighbridge: Weighbridge, people: Path) -> None:
    assert weighbridge("weigh", people)[0] == 0
    told = _validated(weighbridge("attest", people)[1])
    assert told["predicate"]["result"] == "FAILED"
    assert "nobody-stands-alone" in told["predicate"]["failedTests"]


def test_signed_it_is_verified_by_another_tool(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    folder = weighed(weighbridge, tmp_path / "c")
    fingerprint = weighbridge("keys", "new", "lab")[1].strip()
    code, out, err = weighbridge("attest", folder, "--key", "lab")
    assert code == 0, err
    pem = weighbridge("keys", "list", "--public", "lab")[1]
    raw = base64.b64decode("".join(pem.splitlines()[1:-1]))[-32:].hex()
    key = SSlibKey(fingerprint, "ed25519", "ed25519", {"public": raw})
    table = json.loads(out)
    Envelope.from_dict(table).verify([key], 1)
    payload = base64.b64decode(table["payload"]).decode()
    assert payload == weighbridge("attest", folder)[1].strip()
    _validated(payload)
    table = json.loads(out)
    table["payload"] = base64.b64encode(payload.replace("PASSED", "FAILED").encode()).decode()
    with pytest.raises(VerificationError):
        Envelope.from_dict(table).verify([key], 1)


def test_what_cannot_be_attested(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "t.csv").write_text("length,width\n1,2\n")
    code, out, err = weighbridge("attest", folder)
    assert (code, out) == (3, "")
    assert "was not weighed yet" in err
    (folder / "weighbridge.toml").write_text(
        'name = "c"\n[[artefact]]\nrole = "data"\npath = "t.csv"\ncomponent = "evidence-only"\n'
    )
    assert weighbridge("weigh", folder)[0] == 0
    code, out, err = weighbridge("attest", folder)
    assert (code, out) == (3, "")
    assert "no file of it is to be released" in err
    (folder / "weighbridge.toml").unlink()
    assert weighbridge("weigh", folder)[0] == 0
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    assert weighbridge("attest", folder, "--key", "nobody")[0] == 2
    weighbridge("keys", "new", "lab")
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "another long phrase")
    assert weighbridge("attest", folder, "--key", "lab")[0] == 2
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    weighbridge("keys", "revoke", "lab")
    assert weighbridge("attest", folder, "--key", "lab")[0] == 2
    (folder / "t.csv").write_text("length,width\n1,3\n")
    assert weighbridge("attest", folder)[0] == 3
