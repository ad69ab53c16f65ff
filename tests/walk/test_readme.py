"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import Weighbridge
from weighbridge.catalogue import find_cards
from weighbridge.core.errors import ExitCode

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- help: (.+?) -->\n```\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _shown in BLOCKS])
def test_help_is_shown_as_it_is(weighbridge: Weighbridge, command: str, shown: str) -> None:
    code, out, _err = weighbridge(*command.split()[1:])
    assert (code, out.strip()) == (0, shown.strip())


def test_its_two_commands_are_targets() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"demo", "test", "ci"} <= set(targets)
    assert "make demo" in README
    assert "make test" in README


def test_every_probe_and_exit_code_is_named() -> None:
    assert all(f"`{card.slug}`" in README for card in find_cards())
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert told == set(ExitCode)
