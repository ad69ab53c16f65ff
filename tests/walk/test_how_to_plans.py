"""The page for those who compare plans: its commands, run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from conftest import Weighbridge

PAGE = Path(__file__).parents[2] / "docs" / "how-to-plans.md"
HEAD = """
name = "model"
languages = ["en"]
[[artefact]]
role = "weights"
path = "model.gguf"
[[artefact]]
role = "paper"
path = "paper.pdf"
[triage]
about_people = "no"
private = "no"
harm = "yes"
generates = "yes"
identifies = "no"
languages = ["en"]
"""


def test_the_commands_of_the_page_compare_what_it_declares(
    weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.gguf").write_bytes(b"GGUF" + bytes(60))
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (folder / "weighbridge.toml").write_text(HEAD)
    page = PAGE.read_text()
    lines = re.findall(r"^\$ weighbridge (.+)$", page, re.MULTILINE)
    assert len(lines) == 7
    told = []
    for n, line in enumerate(lines):
        code, out, err = weighbridge(
            *shlex.split(line), *(["--probe", "artefact-safety"] if line.startswith("weigh ") else [])
        )
        assert code == 0, (line, out, err)
        told.append(out)
        if n == 1:
            (folder / "weighbridge.toml").write_text(HEAD + re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0])
    assert "No plan is recommended yet" in told[1]
    assert "Troll farms deterred" in told[2]
    assert "paper-first" in told[2]
    assert "writers of health texts" in told[2]
    assert "a model of health text in Amharic" in told[2]
    assert "grover was not to be had" in told[3]
    assert told[4].startswith("[statement]")
