"""Things to try in a child that is shut in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from weighbridge.adapters.models import landlock

PREAMBLE = """
import json, sys
from weighbridge.adapters.models.confinement import Limits, confine
folder, landlocked = sys.argv[1], sys.argv[2] == "True"
kept = confine(folder, Limits(memory_bytes=1 << 31, cpu_s=20, file_bytes=1 << 20, folder_bytes=1 << 20), landlocked=landlocked)
assert kept == (landlocked and {there})
def tried(what):
    try:
        what()
    except BaseException as error:
        return type(error).__name__
    return "done"
"""


def in_child(code: str, folder: Path, *, landlocked: bool = True) -> str:
    """What a child prints that has shut itself in."""
    preamble = PREAMBLE.replace("{there}", str(landlock.version() > 0))
    done = subprocess.run(
        [sys.executable, "-c", preamble + code, str(folder), str(landlocked)],
        capture_output=True, text=True, cwd=folder, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout.strip() or f"{done.returncode} {done.stderr[-400:]}"
