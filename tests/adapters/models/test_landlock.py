from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.adapters.models import landlock


def test_the_version_is_a_number() -> None:
    assert landlock.version() >= 0


def test_a_kernel_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert landlock.restrict(["/usr"], []) is False


@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
@pytest.mark.parametrize("spoken", [1, 2, 3, 4, 5, 6, 99])
def test_every_version_that_the_kernel_speaks(tmp_path: Path, spoken: int) -> None:
    """A later kernel takes what an earlier one took."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out.txt").write_text("secret")
    code = f"""
import ctypes, sys
from weighbridge.adapters.models import landlock
there = landlock.version()
landlock.version = lambda: min({spoken}, there)
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
assert landlock.restrict([sys.prefix, "/nowhere", "/dev/urandom"], [{str(tmp_path / "in")!r}])
open({str(tmp_path / "in" / "a")!r}, "w").write("x")
for path, mode in (({str(tmp_path / "out.txt")!r}, "r"), ({str(tmp_path / "new")!r}, "w"), ("/dev/urandom", "wb")):
    try:
        open(path, mode)
    except PermissionError:
        continue
    raise SystemExit(path)
open("/dev/urandom", "rb").read(1)
print("held")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "held\n", done.stderr
