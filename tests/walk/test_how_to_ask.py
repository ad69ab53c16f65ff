"""The page for those who put the questions: its answers file and its commands, run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import Weighbridge

PAGE = Path(__file__).parents[2] / "docs" / "how-to-ask.md"


def test_the_page_runs_as_pasted(weighbridge: Weighbridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "rows.csv").write_text("a,b\n1,2\n")
    (tmp_path / "answers.toml").write_text(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0])
    code, out, err = weighbridge("ask", "model", "--answers", "answers.toml")
    assert (code, "2 questions are answered" in out) == (0, True), err
    assert weighbridge("law", "model")[0] == weighbridge("questions", "model")[0] == 0
    assert weighbridge("press", "quoted", "model", "--outlet", "WHERE", "--printed", "WORDS")[0] == 0
