from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS, decided, peopled, weighed


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    peopled(weighbridge, "prep", "owner")
    made = weighed(weighbridge, tmp_path / "c")
    decided(weighbridge, made)
    return made


def test_the_exit_code_says_what_the_words_say(weighbridge: Weighbridge, folder: Path) -> None:
    words = ("gate", folder, "--to", "public", "--leave-evidence")
    code, out, _err = weighbridge("gate", folder, "--to", "public", "--name", "c")
    assert "weighbridge sign c --role owner" in out  # where it lies is not where it was decided on
    code, out, _err = weighbridge(*words)
    assert (code, "c may not go to public yet" in out, "obody has signed as owner" in out) == (3, True, True)
    weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    code, out, _err = weighbridge(*words)
    assert (code, out.startswith("c may go to public today")) == (0, True)
    code, out, _err = weighbridge("gate", folder, "--to", "public")
    assert code == 1
    assert "weighbridge.toml describes the candidate" in out
    (folder / "t.csv").write_text("length,width\n1,3\n")
    assert weighbridge(*words)[0] == 1


def test_every_check_is_told_on_demand(weighbridge: Weighbridge, folder: Path) -> None:
    _code, out, _err = weighbridge("gate", folder, "--to", "public", "--explain")
    for name in ("policy", "clock", "expiry", "rung", "files", "bytes", "extra", "prepared", "signatures", "stops",
                 "triggers", "removals"):  # fmt: skip
        assert f" {name}: " in out


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_programs_get_one_document(weighbridge: Weighbridge, folder: Path, style: str) -> None:
    code, out, _err = weighbridge("gate", folder, "--to", "public", "--format", style)
    assert code == 1
    told = json.loads(out)
    assert told["result"] == "refused" if style == "json" else told["version"] == "2.1.0"


def test_nobody_decided_and_nothing_there(weighbridge: Weighbridge, folder: Path, tmp_path: Path) -> None:
    assert weighbridge("gate", folder, "--to", "public", "--name", "other")[0] == 3
    code, _out, err = weighbridge("gate", tmp_path / "none", "--to", "public")
    assert (code, "fix: " in err) == (2, True)
    assert weighbridge("gate", folder, "--to", "mars")[0] == 2
    assert weighbridge("gate", folder, "--to", "public", "--component", "weights")[0] in (1, 3)


def test_github_is_told_nothing_where_all_passes(weighbridge: Weighbridge, folder: Path) -> None:
    weighbridge("sign", folder, "--role", "owner", "--key", "owner")
    code, out, _err = weighbridge("gate", folder, "--to", "public", "--leave-evidence", "--format", "github")
    assert (code, out.strip()) == (0, "")
