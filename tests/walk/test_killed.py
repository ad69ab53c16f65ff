"""A weighing killed at any moment goes on, and ends with the evidence of one that was not."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "weighbridge"]


def _weigh(folder: Path, home: Path) -> list[str]:
    done = subprocess.run(
        [*COMMAND, "weigh", str(folder), "--home", str(home), "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(e["digest"] for e in json.loads(done.stdout)["evidence"])


def _kill_after(seconds: float, folder: Path, home: Path) -> bool:
    """Start a weighing and kill it; whether it was still running."""
    child = subprocess.Popen(
        [*COMMAND, "weigh", str(folder), "--home", str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return True
    return False


def _goes_on(folder: Path, tmp_path: Path, kills: int) -> None:
    start = time.monotonic()
    whole = _weigh(folder, tmp_path / "whole")
    length = time.monotonic() - start
    draw, stopped = random.Random(0), 0
    # The first is killed early: on a busy machine the whole weighing may have taken longer than these do.
    for at in (0.3, *(draw.uniform(0.05, 1.0) for _ in range(kills - 1))):
        stopped += _kill_after(at * length, folder, tmp_path / "killed")
    assert stopped, "no weighing was killed on the way"
    assert _weigh(folder, tmp_path / "killed") == whole
    verified = subprocess.run(
        [*COMMAND, "ledger", "verify", "--home", str(tmp_path / "killed")], check=False, capture_output=True
    )
    assert verified.returncode == 0, verified.stderr
    assert not any((tmp_path / "killed" / "spill").rglob("*.*")), "what a killed weighing spilled is swept by the next"


@pytest.mark.slow
def test_goes_on_after_many_kills(people: Path, tmp_path: Path) -> None:
    _goes_on(people, tmp_path, kills=25)
