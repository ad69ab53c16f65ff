"""The page on other tools: its commands, run as they stand there, and its rule, in a policy."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from conftest import Weighbridge
from yards import WORDS

PAGE = Path(__file__).parents[2] / "docs" / "how-to-other-tools.md"
ASSETS = Path(__file__).parents[1] / "assets"


def test_the_commands_of_the_page_work_and_its_rule_advises(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "m.gguf").write_bytes(b"GGUF" + bytes(64))
    imports = ASSETS / "imports"
    shutil.copy(imports / "garak-0.17.1-three-probes.report.jsonl", tmp_path / "garak.report.jsonl")
    shutil.copy(imports / "sacro-ml-2.0.1-five-attacks.report.json", tmp_path / "sacro.report.json")
    shutil.copy(ASSETS / "bundles" / "p256.pub", tmp_path / "publisher.pub")
    commands = re.findall(r"^\$ weighbridge (.+)$", PAGE.read_text(), re.MULTILINE)
    assert len(commands) == 8
    for command in commands:
        words, _arrow, file = command.partition(" > ")
        code, out, err = weighbridge(*shlex.split(words))
        assert code == 0, (command, out, err)
        if file:
            (tmp_path / file).write_text(out)
    assert json.loads((tmp_path / "test-result.json").read_text())["subject"]
    (rule,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    policy = tmp_path / "mine.toml"
    policy.write_text(
        weighbridge("policy", "show")[1].replace('name = "open-release"', 'name = "mine"', 1) + "\n" + rule
    )
    assert weighbridge("policy", "check", policy)[0] == 0
    told = json.loads(weighbridge("recommend", "model", "--policy", policy, "--format", "json")[1])
    (finding,) = [row for row in told["findings"] if row["rule"] == "few-hits-in-garak"]
    assert (finding["verdict"], finding["effect"], finding["forbids"]) == ("breached", "advise", [])
    for named in re.findall(r"`weighbridge (probes show [a-z-]+)", PAGE.read_text()):
        assert weighbridge(*named.split())[0] == 0, named
