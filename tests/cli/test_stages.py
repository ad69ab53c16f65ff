from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS, in_days, peopled, weighed

STAGES = """
[[stage]]
name = "public"
by = "{by}"
plan = {{ data = "open" }}
[[stage.criterion]]
name = "told"
says = "The partners reported nothing."
"""


@pytest.fixture
def folder(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A candidate that was decided on by stages and signed."""
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    made = weighed(weighbridge, tmp_path / "c")
    peopled(weighbridge, "prep", "owner")
    file = tmp_path / "decision.toml"
    plan = '[plan]\ndata = "partners"\n[[reason]]\narguments = ["delay"]\nsays = "r"\ncomponent = "data"\n'
    file.write_text(f'expires = "{in_days(30)}"\n{plan}{STAGES.format(by=in_days(20))}')
    code, out, err = weighbridge("decide", made, "--file", file, "--by", "prep")
    assert code == 0, err
    assert f"later, public: data open, by {in_days(20)}" in out
    code, _out, err = weighbridge("sign", made, "--role", "owner", "--key", "owner")
    assert code == 0, err
    assert "The partners reported nothing." in err
    return made


def _says(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))


def test_shows_opens_and_gates(weighbridge: Weighbridge, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _err = weighbridge("stages", folder)
    assert (code, "1. public: ready" in out) == (0, True)
    code, _out, err = weighbridge("stages", "advance", folder, "--stage", "public", "--key", "owner")
    assert (code, "nobody has testified to it" in err) == (3, True)
    code, _out, err = weighbridge("stages", "advance", folder, "--stage", "publik", "--key", "owner")
    assert (code, "did you mean 'public'" in err) == (2, True)
    _says(monkeypatch, "They wrote.")
    code, out, err = weighbridge(
        "stages", "advance", folder, "--stage", "public", "--key", "owner", "--testify", "told", "--role", "owner"
    )
    assert (code, "public is open" in out) == (0, True), err
    assert Path(out.splitlines()[0].rsplit(": ", 1)[1]).is_file()
    assert json.loads(weighbridge("stages", "show", folder, "--format", "json")[1])["in_force"] == {"data": "open"}
    assert weighbridge("gate", folder, "--to", "public", "--leave-evidence")[0] == 0
    target = folder.parent / "out"
    code, out, err = weighbridge("push", folder, "--to", f"dir:{target}")
    assert (code, (target / "t.csv").is_file()) == (0, True), err


def test_evidence_that_comes_later_does_not_stand_in_the_way_and_deciding_again_starts_anew(
    weighbridge: Weighbridge, folder: Path
) -> None:
    (folder / "h.txt").write_text("what somebody wrote\n")
    file = folder / "weighbridge.toml"
    file.write_text(file.read_text() + '[[artefact]]\nrole = "human-text"\npath = "h.txt"\n')
    assert weighbridge("weigh", folder)[0] == 0
    code, out, err = weighbridge("gate", folder, "--to", "partners", "--leave-evidence")
    assert (code, err) == (0, ""), out
    assert weighbridge("keys", "new", "second")[0] == 0
    assert weighbridge("keys", "trust", "second", "--role", "owner")[0] == 0
    code, _out, err = weighbridge("sign", folder, "--role", "owner", "--key", "second")
    assert code == 0, err
    code, _out, err = weighbridge("decide", folder, "--file", folder.parent / "decision.toml", "--by", "prep")
    assert (code, "of which 1 stage is not open" in err) == (0, True)


def test_what_has_no_stages(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, _out, err = weighbridge("stages", "--name", "nobody")
    assert (code, "nobody has decided" in err) == (3, True)
    code, _out, err = weighbridge("stages", "show")
    assert (code, "which candidate is meant" in err) == (2, True)
