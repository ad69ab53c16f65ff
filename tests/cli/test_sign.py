from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conftest import Weighbridge
from weighbridge.core.envelope import opened
from yards import CANDIDATE, WORDS, decided, in_days, peopled, weighed


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


def test_what_a_decision_goes_beyond_is_told_to_who_signs_and_at_the_gate(
    weighbridge: Weighbridge, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People with their diagnoses, decided open to anyone: neither command is silent about the limits."""
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    peopled(weighbridge, "prep", "owner")
    described = CANDIDATE.replace('about_people = "no"', 'about_people = "yes"').replace("about_people = false", "")
    (people / "weighbridge.toml").write_text(described.replace("t.csv", "register.csv"))
    assert weighbridge("weigh", people)[0] == 0
    draft = re.sub("^data = .*", 'data = "open"', weighbridge("decide", people, "--draft")[1], flags=re.MULTILINE)
    draft = draft.replace('says = ""\n#', 'says = "It helps."\ncomponent = "data"\n#', 1)
    file = tmp_path / "d.toml"
    words = ("decide", people, "--file", file, "--by", "prep")
    for change, says in (
        (("arguments = []", 'arguments = ["benefit"]'), "no reason for data names it"),
        (("# despite", "despite"), "nothing that was measured or testified stands against it"),
    ):
        draft = draft.replace(*change, 1)
        file.write_text(draft)
        code, _out, err = weighbridge(*words)
        assert (code, says in err) == (2, True), err
    rules = ("small-groups-for-anyone", "small-groups-for-vetted", "nobody-stands-alone")
    waived = "".join(
        f'[[waiver]]\nrule = "{rule}"\ncomponent = "data"\nauthority = "the board"\nbecause = "a test"\n'
        f'expires = "{in_days(9)}"\n' for rule in rules
    )  # fmt: skip
    file.write_text(draft + waived)
    code, _out, err = weighbridge(*words)
    assert code == 0, err
    _code, _out, err = weighbridge("sign", people, "--role", "owner", "--key", "owner")
    _code, out, _err = weighbridge("gate", people, "--to", "public", "--leave-evidence")
    for told in (err, out):
        assert "ata open goes beyond breached rules: " in told
        assert all(rule in told for rule in rules)


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
