"""What others do with a signed decision: the script of the docs, on an envelope that the command line wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS, decided, peopled, weighed

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_decision.py"


def _runs(*words: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, str(SCRIPT), *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_script_of_thirty_lines_verifies_what_we_sign(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 30
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    peopled(weighbridge, "prep", "owner")
    folder = weighed(weighbridge, tmp_path / "c")
    decided(weighbridge, folder)
    out = weighbridge("sign", folder, "--role", "owner", "--key", "owner")[1]
    envelope = Path(out.strip().rsplit(": ", 1)[1])
    keys = {}
    for person in ("owner", "prep"):
        keys[person] = tmp_path / f"{person}.pem"
        keys[person].write_text(weighbridge("keys", "list", "--public", person)[1])
    code, out = _runs(envelope, keys["owner"], folder / "t.csv")
    assert (code, "{'data': 'open'}" in out) == (0, True), out
    code, out = _runs(envelope, keys["prep"])
    assert (code, "InvalidSignature" in out) == (1, True)
    (folder / "t.csv").write_text("other")
    code, out = _runs(envelope, keys["owner"], folder / "t.csv")
    assert (code, "not decided on" in out) == (1, True)
    table = json.loads(envelope.read_bytes())
    table["payloadType"] = "text/plain"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(table))
    assert _runs(other, keys["owner"])[0] == 1
    code, out, _err = weighbridge("gate", folder, "--to", "public", "--format", "vsa")
    assert (code, json.loads(out)["predicate"]["verificationResult"]) == (1, "FAILED")
    code, _out, err = weighbridge("gate", folder, "--to", "public", "--name", "other", "--format", "vsa")
    assert (code, "nobody has decided" in err) == (3, True)
