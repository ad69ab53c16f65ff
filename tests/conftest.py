"""Fixtures that many tests share."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from weighbridge.cli.main import run

Weighbridge = Callable[..., tuple[int, str, str]]


@pytest.fixture
def weighbridge(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Weighbridge:
    """The command line in this process, with a home of its own: exit code, standard output, standard error."""
    monkeypatch.setenv("WEIGHBRIDGE_HOME", str(tmp_path / "home"))

    def call(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A folder with a table about people in which some are unique."""
    folder = tmp_path / "people"
    folder.mkdir()
    draw = random.Random(0)
    rows = [
        f"{draw.randint(18, 80)},{draw.choice('FM')},{draw.choice(['North', 'South', 'East'])},{draw.choice(['none', 'HIV'])}"
        for _ in range(300)
    ]
    (folder / "register.csv").write_text("\n".join(["age,sex,district,diagnosis", *rows]) + "\n")
    return folder
