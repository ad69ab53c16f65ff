from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weighbridge.adapters.precedents.kept import keep, kept
from weighbridge.catalogue import find_precedents
from weighbridge.core.errors import Outside, Unusable


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    some = tuple(replace(p, collection="aiid") for p in find_precedents()[:9])
    keep(tmp_path, "aiid", find_precedents())
    path = keep(tmp_path, "aiid", some)  # in place of the older copy
    assert kept(tmp_path) == some
    assert (path.stat().st_mode & 0o077, list(path.parent.iterdir())) == (0, [path])


def test_nothing_kept_is_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '[{"title": "x"}]', "3"])
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    keep(tmp_path, "aiid", find_precedents()[:1]).write_text(text)
    if text == "{}":
        assert kept(tmp_path) == ()
        return
    with pytest.raises(Unusable, match="damaged"):
        kept(tmp_path)


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "precedents").write_text("a file")
    with pytest.raises(Outside, match="cannot keep"):
        keep(tmp_path, "aiid", find_precedents()[:1])
