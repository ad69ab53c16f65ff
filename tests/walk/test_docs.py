"""Docs are generated or tested."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from weighbridge.core import candidate, evidence, findings

ROOT = Path(__file__).parents[2]


def test_the_reference_is_as_the_code_has_it() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_reference.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_glossary_has_every_noun() -> None:
    words = set(re.findall(r"^\| ([a-z-]+)", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE))
    nouns = {
        name.lower()
        for module in (candidate, evidence, findings)
        for name, thing in vars(module).items()
        if isinstance(thing, type) and thing.__module__ == module.__name__
    }
    # These are kinds of a noun that has its line, or its parts.
    parts = {"measured", "notapplicable", "notmeasured", "failed", "asked", "silent", "belonging", "said", "documents",
             "declared", "claims", "effect", "verdict"}  # fmt: skip
    assert nouns - parts - words == set()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
