from pathlib import Path
from typing import Any

import pytest

from replays import FULL, HEALTH, compared, finding, gpt2, weighing
from weighbridge.cli.plans_table import show_plans
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.plans import Worth
from weighbridge.core.rungs import Rung


def shown(made: Any, capsys: pytest.CaptureFixture[str]) -> str:
    show_plans(made, Path("a b"))
    return capsys.readouterr().out


def test_the_recommended_plan_is_marked_and_the_path_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(gpt2(), capsys)
    assert f"* {gpt2().recommended}:" in out
    assert "weighbridge report 'a b'" in out


def test_what_waits_what_is_out_and_whom_it_serves_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = finding(Effect.STOP, Verdict.OPEN, Rung.OPEN), finding(Effect.STOP, Verdict.BREACHED, Rung.SERVED)
    out = shown(compared(weighing(*found, worth=Worth(benefits=(HEALTH,))), FULL), capsys)
    assert "Whom it serves" in out
    assert "- served: Something was found." in out
    assert "Not cleared: a-stop" in out or "not cleared yet" in out.lower()
