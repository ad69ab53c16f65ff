"""The race against exifread, on a few small pictures."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "media.py"


def test_both_find_what_stands_there(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("exifread", reason="exifread is an extra")
    spec = importlib.util.spec_from_file_location("benchmark_media", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.main(["--files", "5", "--kilobytes", "8", "--rounds", "1"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("files 5 rate ")
    assert last.endswith(" MiB")
