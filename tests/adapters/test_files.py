from __future__ import annotations

import os
from pathlib import Path

import pytest

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.files import mark_of, stay_below, walk
from weighbridge.core.errors import Unusable


def test_walks_in_order_and_leaves_out_what_is_not_released(tmp_path: Path) -> None:
    for name in (
        ".git/config",
        ".weighbridge/ledger.sqlite",
        ".venv/x",
        "weighbridge.toml",
        "b/.hidden",
        "a.csv",
        "__pycache__/x.pyc",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [label for label, _path in walk(tmp_path)] == ["a.csv", "__pycache__/x.pyc", "b/.hidden"]


def test_a_link_out_is_refused_wherever_it_lies(tmp_path: Path) -> None:
    inside = tmp_path / "c"
    inside.mkdir()
    (inside / "deep").mkdir()
    (inside / "deep" / "out").symlink_to(tmp_path)
    with pytest.raises(Unusable, match="does not lie in"):
        list(walk(inside))
    stay_below(tmp_path, inside, "c")


def test_a_mark_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    before = mark_of(path.stat())
    assert mark_of(path.stat()) == before
    path.write_text("two")
    assert mark_of(path.stat()) != before


def test_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"na\xffme.csv"), "w") as out:  # noqa: PTH118, PTH123  a path of bytes
        out.write("a,b\n1,2\n")
    with pytest.raises(Unusable, match="cannot be written down"):
        open_candidate(tmp_path)
