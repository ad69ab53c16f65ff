from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from weighbridge.adapters.cases.tables import write_table
from weighbridge.core.errors import Unusable
from weighbridge.core.material import Collection, Column, Rows, Table

TABLE = Table(
    path="sub/t.csv",
    words=(("word", ("red", "green")),),
    rows=(
        Rows(
            n=60,
            column=(
                Column(name="id", numbers="r-"),
                Column(name="kind", of=("a", "b"), weights=(1.0, 0.0)),
                Column(name="whole", between=(2.0, 4.0)),
                Column(name="share", between=(0.0, 1.0), digits=3),
                Column(name="size", near=100.0, spread=1.0, digits=1),
                Column(name="text", text="{kind} is {word}"),
            ),
        ),
        Rows(n=5, column=(Column(name="id", numbers="r-"), Column(name="planted", of=(True,)))),
    ),
)


def _rows(folder: Path, seed: int = 0) -> list[dict[str, str]]:
    write_table(TABLE, folder, seed)
    with (folder / TABLE.path).open() as file:
        return list(csv.DictReader(file))


def test_a_table_is_drawn_as_its_lines_say(tmp_path: Path) -> None:
    rows = _rows(tmp_path)
    assert len(rows) == 65
    assert len({row["id"] for row in rows}) == 65
    drawn = [row for row in rows if not row["planted"]]
    assert {row["kind"] for row in drawn} == {"a"}
    assert {row["whole"] for row in drawn} == {"2", "3", "4"}
    assert all(0 <= float(row["share"]) <= 1 for row in drawn)
    assert 99 < sum(float(row["size"]) for row in drawn) / len(drawn) < 101
    assert {row["text"] for row in drawn} == {"a is red", "a is green"}
    assert [row["planted"] for row in rows[-5:]] != ["True"] * 5  # what was planted does not lie at the end


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    made = [_rows(tmp_path / name, seed) for name, seed in (("one", 0), ("two", 0), ("three", 1))]
    assert made[0] == made[1] != made[2]


def test_lines_of_json_leave_out_what_a_row_has_not(tmp_path: Path) -> None:
    table = Table(path="t.jsonl", rows=TABLE.rows, words=TABLE.words)
    write_table(table, tmp_path, 0)
    rows = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    assert {frozenset(row) for row in rows} == {
        frozenset({"id", "planted"}), frozenset({"id", "kind", "whole", "share", "size", "text"})
    }  # fmt: skip


def test_halves_of_a_collection_share_no_row_and_hold_all_kinds(tmp_path: Path) -> None:
    for part in (1, 2):
        write_table(Table(path=f"{part}.csv", collection=Collection.IRIS, part=part), tmp_path, 0)
    one, two = (list(csv.DictReader((tmp_path / f"{part}.csv").read_text().splitlines())) for part in (1, 2))
    assert len(one) == len(two) == 75
    assert {row["target"] for row in one} == {row["target"] for row in two} == {"setosa", "versicolor", "virginica"}
    assert list(one[0]) == ["sepal_length", "sepal_width", "petal_length", "petal_width", "target"]


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(Unusable, match="scikit-learn") as caught:
        write_table(Table(path="t.csv", collection=Collection.IRIS), tmp_path, 0)
    assert caught.value.fix == "pip install 'weighbridge[tabular]'"
