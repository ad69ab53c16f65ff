from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from weighbridge.core.envelope import opened
from yards import WORDS, decided, peopled, weighed


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    peopled(weighbridge, "prep", "owner")
    return weighed(weighbridge, tmp_path / "c")


def test_says_what_is_signed_and_writes_an_envelope(weighbridge: Weighbridge, folder: Path) -> None:
    digest = decided(weighbridge, folder)
    code, out, err = weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    assert (code, "data: open" in err) == (0, True)
    written = Path(out.strip().rsplit(": ", 1)[1])
    signed = opened(written.read_bytes())
    assert (signed.decision.digest, signed.approval.role.value) == (digest, "owner")
    assert json.loads(written.read_text())["payloadType"] == "application/vnd.in-toto+json"


def test_nothing_was_decided(weighbridge: Weighbridge, folder: Path) -> None:
    code, _out, err = weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    assert (code, "weighbridge decide" in err) == (3, True)


def test_other_bytes_than_those_decided_on_are_not_signed(weighbridge: Weighbridge, folder: Path) -> None:
    decided(weighbridge, folder)
    (folder / "t.csv").write_text("length,width\n1,3\n")
    code, _out, err = weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    assert (code, "nobody has decided on the bytes" in err) == (3, True)


def test_one_person_signs_once_and_only_for_a_role_they_have(weighbridge: Weighbridge, folder: Path) -> None:
    decided(weighbridge, folder)
    assert weighbridge("sign", folder, "--role", "owner", "--key", "owner")[0] == 0
    code, _out, err = weighbridge("sign", folder, "--role", "security", "--key", "owner")
    assert (code, "signed already" in err) == (2, True)
    code, _out, err = weighbridge("sign", folder, "--role", "community", "--key", "owner")
    assert (code, "does not trust it for this role" in err) == (2, True)
    code, _out, err = weighbridge("sign", folder, "--role", "owner", "--key", "prep")
    assert (code, "too early to approve what you prepared" in err) == (3, True)


def test_a_wrong_passphrase_signs_nothing(
    weighbridge: Weighbridge, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(weighbridge, folder)
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "another phrase, as long")
    code, out, err = weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    assert (code, "the passphrase is another" in err) == (2, True)
    assert "another phrase" not in out + err
