from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from weighbridge.core.decision import SignerRole
from weighbridge.core.envelope import PAYLOAD_TYPE, encoded
from weighbridge.core.errors import Unusable
from weighbridge.exchanging import IMPORTABLE, Signer, attest_path, import_path
from weighbridge.releasing import keyring
from weighbridge.wiring import Options, opened_ledger, weigh_path
from yards import WORDS

FORTY = Path(__file__).parent / "assets" / "imports" / "garak-0.17.1-forty.report.jsonl"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "m.gguf").write_bytes(b"GGUF" + bytes(64))
    return tmp_path / "m"


def test_a_report_enters_the_chain_of_the_candidate(model: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    assert IMPORTABLE == ("garak", "sacro-ml")
    evidence, is_new = import_path(model, FORTY, SignerRole.SECURITY, options=options)
    assert is_new
    with opened_ledger(tmp_path / "home") as ledger:
        assert ledger.verify() == 2
        assert evidence.digest in [e.body["digest"] for e in ledger.entries("m") if isinstance(e.body, dict)]


def test_a_ledger_that_came_with_the_candidate_is_not_written(model: Path) -> None:
    home = model / "home"
    import_path(model, FORTY, SignerRole.SECURITY, options=Options(home=home))
    (home / "ledger.sqlite").chmod(0o644)
    with pytest.raises(Unusable, match="may have come with the candidate"):
        import_path(model, FORTY, SignerRole.OWNER, options=Options(home=home))


def test_what_is_attested_is_signed_by_whom_it_says(model: Path, tmp_path: Path) -> None:
    options = Options(home=tmp_path / "home")
    weigh_path(model, options)
    known = keyring(options).new("lab", WORDS)
    envelope = json.loads(attest_path(model, Signer(key="lab", passphrase=WORDS), options))
    assert [one["keyid"] for one in envelope["signatures"]] == [known.fingerprint]
    assert base64.b64decode(envelope["payload"]) == attest_path(model, options=options)
    message = encoded(PAYLOAD_TYPE, attest_path(model, options=options))
    assert keyring(options).holds(known.fingerprint, message, base64.b64decode(envelope["signatures"][0]["sig"]))
