"""The page for those who release: its commands, run as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import CANDIDATE, WORDS

PAGE = Path(__file__).parents[2] / "docs" / "how-to-release.md"


def test_the_commands_of_the_page_lead_through_the_gate(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    for folder in ("model", "lean"):
        (tmp_path / folder).mkdir()
    (tmp_path / "model" / "weighbridge.toml").write_text(CANDIDATE.replace('name = "c"', 'name = "model"'))
    (tmp_path / "model" / "t.csv").write_text("length,width\n1,2\n3,4\n")
    shutil.copy(tmp_path / "model" / "t.csv", tmp_path / "lean" / "t.csv")
    commands = re.findall(r"^\$ weighbridge (.+)$", PAGE.read_text(), re.MULTILINE)
    assert len(commands) == 12
    for command in commands:
        words, _arrow, file = command.partition(" > ")
        code, out, err = weighbridge(*shlex.split(words))
        assert code == 0, (command, out, err)
        if file:  # what people then write into it
            (tmp_path / file).write_text(
                out.replace('arguments = []\nsays = ""', 'arguments = ["benefit"]\nsays = "It helps."', 1)
            )
    for named in re.findall(r"`weighbridge ([a-z]+)", PAGE.read_text()):
        assert weighbridge(named, "--help")[0] == 0, named
