"""The benchmark of comparing plans, at a hundredth of its size."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAST = re.compile(r"draws 20000 plans 9 actors 4 seconds ([\d.]+) megabytes (\d+) same-bytes yes")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_within_memory() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "plans.py"), "--draws", "20000", "--repeat", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    found = LAST.fullmatch(done.stdout.splitlines()[-1])
    assert found is not None
    assert int(found[2]) < 1000
