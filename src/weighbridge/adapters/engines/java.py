"""The Java that Spark would run on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

NEEDED = 17  # what Spark 4 runs on
_PATIENCE_S = 60


def java_version() -> int:
    """The major version of the Java that Spark would start; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if not found:
        return 0
    try:
        told = subprocess.run(  # noqa: S603  the program that Spark itself would start
            [found, "-version"], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return version_in(told.stderr + told.stdout)


def version_in(text: str) -> int:
    """The major version in what `java -version` says; 8 and older call themselves 1.8."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else 0
