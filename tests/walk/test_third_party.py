"""A probe that another package brings shows up everywhere, without a line changed here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CARD = """
slug = "file-count"
version = 1
title = "How many files"
question = "How many files would be released?"
cannot_show = "What is in them."
since = "1.0"
changed = "Files are counted."
cost = "seconds"
subjects = ["bytes"]
sources = ["ours"]
[[metric]]
name = "files"
unit = "count"
says = "files of the candidate"
[[picture]]
kind = "figure"
metric = "files"
title = "Files of the candidate"
[[setting]]
name = "least"
default = 0
says = "bytes below which a file is not counted"
"""
PROBE = """
from dataclasses import dataclass

from weighbridge.core.evidence import Measured, Outcome, Quantity
from weighbridge.probekit.ports import Bench, Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    least: int = 0


def measure(bench: Bench, settings: Settings) -> Outcome:
    n = sum(stream.artefact.size_bytes >= settings.least for stream in bench.streams())
    counted = Quantity(metric="files", value=n, low=n, high=n, confidence=1.0, unit="count", n=n, n_of="file")
    return Measured(quantities=(counted,))


PROBE = Probe(settings=Settings, measure=measure)
"""


def _install(site: Path) -> None:
    """A package as an installer lays it out: the probe's folder, and metadata with its entry point."""
    package, info = site / "file_counter" / "file_count", site / "file_counter-1.0.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package.parent / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "probe.toml").write_text(CARD)
    (package / "probe.py").write_text(PROBE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: file-counter\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[weighbridge.probes]\nfile-count = file_counter.file_count\n")


def _run(site: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "WEIGHBRIDGE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "weighbridge", *words], capture_output=True, text=True, env=environment, check=False
    )


def test_shows_up_in_list_weighing_and_report(people: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _install(site)
    assert "file-count" in _run(site, tmp_path / "home", "probes", "list").stdout
    assert "least = 0" in _run(site, tmp_path / "home", "probes", "show", "file-count").stdout
    done = _run(site, tmp_path / "home", "weigh", str(people), "--format", "json", "--set", "file-count.least=1")
    assert done.returncode == 0, done.stderr
    evidence = next(e for e in json.loads(done.stdout)["evidence"] if e["probe"] == "file-count")
    assert (evidence["settings"], evidence["quantities"][0]["value"]) == ({"least": 1}, 1)
    page = Path(_run(site, tmp_path / "home", "report", str(people)).stdout.strip()).read_text()
    assert "How many files would be released?" in page
    assert "Files of the candidate" in page


def test_a_broken_package_is_named(people: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _install(site)
    (site / "file_counter" / "file_count" / "probe.toml").write_text(CARD.replace('unit = "count"', 'unti = "count"'))
    done = _run(site, tmp_path / "home", "probes", "list")
    assert done.returncode == 2
    assert "metric[1].unti" in done.stderr
    (site / "file_counter" / "file_count" / "probe.toml").unlink()
    done = _run(site, tmp_path / "home", "probes", "list")
    assert (done.returncode, "pip uninstall file-counter" in done.stderr) == (2, True)
