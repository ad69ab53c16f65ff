"""The page on new places: its candidate files, weighed as they stand there."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from conftest import Weighbridge

PAGE = Path(__file__).parents[2] / "docs" / "how-to-new-place.md"
POSTS, MADE_UP = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def write(path: Path, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([names, *rows])


def test_rows_that_stood_in_public(weighbridge: Weighbridge, tmp_path: Path) -> None:
    names = ("url", "status", "followers", "at", "text")
    rows: list[tuple[object, ...]] = [("https://x.com/ada/status/1", "there", 40, "2018-05-04T10:11", "a road")] * 30
    rows += [("https://example.org/a", "404", 90, "2018-05-04", "is closed")] * 10
    write(tmp_path / "messages.csv", names, rows)
    (tmp_path / "weighbridge.toml").write_text(POSTS)
    code, out, err = weighbridge("weigh", str(tmp_path), "--probe", "recontextualisation")
    assert code == 0, err
    assert "source-gone-share: 25 in 100" in out
    assert "at most 40 people" in out
    assert "ada" not in out


def test_a_made_up_table(weighbridge: Weighbridge, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("made-up", "originals", "kept-back"):
        rows = [(int(rng.integers(18, 90)), round(float(rng.normal()), 3), "abc"[rng.integers(3)]) for _ in range(200)]
        write(tmp_path / f"{name}.csv", ("age", "score", "illness"), rows)
    (tmp_path / "weighbridge.toml").write_text(MADE_UP)
    code, out, err = weighbridge("weigh", str(tmp_path), "--probe", "model-aggregates")
    assert code == 0, err
    assert "worst-risk-above-control" in out
    assert "200 originals and 200 held-out rows" in out
