from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge


def test_lists_what_people_are_asked(weighbridge: Weighbridge) -> None:
    code, out, _err = weighbridge("questions")
    assert (code, "missed  (rows 25; from light impact on)" in out) == (0, True)
    assert {"legal", "consulted"} <= {q["slug"] for q in json.loads(weighbridge("questions", "--format", "json")[1])}


def test_says_how_each_stands(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge("questions", people)
    assert (code, "not yet answered" in out, "wait." in out) == (0, True, True)
    rows = json.loads(weighbridge("questions", people, "--format", "json")[1])
    assert {row["stand"] for row in rows} == {"open"}
