"""Broken envelopes and ledgers that were kept, one for each failure: each is refused, and for its own reason."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import Weighbridge
from fakes.ledger import FixedClock
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.sign import names
from weighbridge.core.decision import SignerRole
from weighbridge.core.envelope import opened

ASSETS = Path(__file__).parents[1] / "assets" / "broken"
SCRIPT = Path(__file__).parents[2] / "docs" / "verify_decision.py"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

ENVELOPES = {
    "whole": "",
    "bit-in-signature": "does not fit what it is under",
    "bit-in-plan": "under another decision",
    "old-signature-on-new-bytes": "under another decision",
    "signed-again-on-new-bytes": "under another decision",
    "other-files": "names other files than its decision",
    "spaced": "not in canonical form",
    "two-signatures": "should hold one signature",
    "key-of-another": "names another key than its approval",
    "unknown-key": "its key is not in the ring",
    "role-not-trusted": "not trusted as security",
    "signed-before-decided": "before the decision",
    "signed-in-the-future": "in the future",
    "another-type": "no DSSE envelope",
    "cut-short": "is not JSON",
}
LEDGERS = {
    "whole": "",
    "bit-in-body": "entry 4 of c",
    "bit-beside": "broken",
    "middle-missing": "entry 2 of c",
    "end-missing": "is gone",
    "triggers-dropped": "broken",
    "sealed-anew": "entry 4 of c",
    "forked": "entry 4 of c",
    "cut-short": "broken",
}


def test_every_kept_file_has_its_reason() -> None:
    assert {file.name.removesuffix(".dsse.json") for file in ASSETS.glob("*.dsse.json")} == set(ENVELOPES)
    assert {file.name.removesuffix(".ledger.sqlite.gz") for file in ASSETS.glob("*.ledger.sqlite.gz")} == set(LEDGERS)


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_broken_envelope_counts_for_nothing(name: str, tmp_path: Path) -> None:
    ring = Keyring(tmp_path, FixedClock())
    ring.trust(ring.add((ASSETS / "key.pem").read_bytes(), "owner"), [SignerRole.OWNER])
    decision = opened((ASSETS / "whole.dsse.json").read_bytes()).decision
    (told,) = names(decision, iter([(ASSETS / f"{name}.dsse.json").read_bytes()]), ring, NOW)
    if not ENVELOPES[name]:
        assert told.why_not is None
        return
    assert told.why_not is not None
    assert ENVELOPES[name] in str(told.why_not)


@pytest.mark.parametrize(
    ("name", "holds"),
    [("whole", True), ("bit-in-signature", False), ("bit-in-plan", False), ("old-signature-on-new-bytes", False)],
)
def test_the_script_of_the_docs_says_the_same_of_signatures(name: str, holds: bool) -> None:
    words = [sys.executable, str(SCRIPT), str(ASSETS / f"{name}.dsse.json"), str(ASSETS / "key.pem")]
    assert (subprocess.run(words, capture_output=True, check=False).returncode == 0) is holds


@pytest.mark.parametrize("name", LEDGERS)
def test_a_broken_ledger_is_told_and_believed_in_nothing(weighbridge: Weighbridge, name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for file in ("ledger", "people"):
        made = home / f"{file}.sqlite"
        made.write_bytes(gzip.decompress((ASSETS / f"{name}.{file}.sqlite.gz").read_bytes()))
        made.chmod(0o600)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "t.csv").write_text("a,b\n1,2\n")
    code, out, err = weighbridge("ledger", "verify")
    assert "because it is so" not in out + err
    if not LEDGERS[name]:
        assert (code, "4 entries, whole" in out) == (0, True)
        return
    assert code == 4
    assert LEDGERS[name] in err
    assert weighbridge("gate", tmp_path / "c", "--to", "public")[0] == 4
