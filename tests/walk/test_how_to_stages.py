"""The page for those who release by stages: its commands, run as they stand there."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import CANDIDATE, WORDS, in_days

PAGE = Path(__file__).parents[2] / "docs" / "how-to-stages.md"


class _Piped(io.TextIOWrapper):
    """Standard input with something piped into it."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8")


def _staged(draft: str) -> str:
    """The draft with what the page says people write into it, and a day that has not passed."""
    written = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)[0].replace("2027-03-31", in_days(30))
    plan, stages = written.split("[[stage]]", 1)
    reasons = draft[draft.index("# Why.") :].replace(
        'arguments = []\nsays = ""', 'arguments = ["delay"]\nsays = "Partners first."\ncomponent = "data"', 1
    )
    return f"{draft[: draft.index('[plan]')]}{plan}[[stage]]{stages}\n{reasons}"


def _verifies(weighbridge: Weighbridge, folder: Path) -> None:
    """The short script of the docs reads a staged decision, and says what comes later and when."""
    (folder / "owner.pem").write_text(weighbridge("keys", "list", "--public", "B. Owner")[1])
    (envelope,) = (folder / "home" / "decisions").glob("*/owner-*.dsse.json")
    script = PAGE.parent / "verify_decision.py"
    done = subprocess.run(
        [sys.executable, str(script), str(envelope), str(folder / "owner.pem"), str(folder / "model" / "t.csv")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"later, public: {{'data': 'open'}}, not after {in_days(30)}" in done.stdout


def test_the_commands_of_the_page_lead_through_every_stage(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weighbridge.toml").write_text(CANDIDATE.replace('name = "c"', 'name = "model"'))
    (tmp_path / "model" / "t.csv").write_text("length,width\n1,2\n3,4\n")
    lines = re.findall(r"^\$ (?:echo \"(.+)\" \| )?weighbridge (.+)$", PAGE.read_text(), re.MULTILINE)
    assert len(lines) == 15
    for piped, command in lines:
        words, _arrow, file = command.partition(" > ")
        monkeypatch.setattr("sys.stdin", _Piped(piped))
        code, out, err = weighbridge(*shlex.split(words))
        assert code == 0, (command, out, err)
        if file:
            (tmp_path / file).write_text(_staged(out))
        if words.startswith("reweigh") and "--attack" in words:
            assert "The answer turns" in out
        elif words.startswith("reweigh"):
            assert "The answer stands" in out
    _verifies(weighbridge, tmp_path)
    code, out, _err = weighbridge("gate", "model", "--to", "public", "--leave-evidence")
    assert (code, "something came up that turns the answer" in out.lower()) == (1, True)
    code, _out, err = weighbridge("incident", "close", "1", "model", "--because", "it is over")
    assert code == 2, err
    for named in re.findall(r"`weighbridge ([a-z]+)", PAGE.read_text()):
        assert weighbridge(named, "--help")[0] == 0, named
