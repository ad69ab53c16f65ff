from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "relief-register"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(EXAMPLE))
    try:
        yield importlib.import_module("make_relief_register")
    finally:
        sys.path.remove(str(EXAMPLE))
        sys.modules.pop("make_relief_register", None)


@pytest.fixture(scope="module")
def truth() -> Any:
    return json.loads((EXAMPLE / "truth.json").read_text())


def test_the_script_makes_what_is_shipped(maker: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert maker.main(["--check"]) == 0
    assert capsys.readouterr().out == "the same\n"


def test_the_truth_is_counted_as_said(maker: ModuleType) -> None:
    text = "person_id,household_id,registered_on,age,sex,district,household_size,phone,latitude,longitude,need\n"
    rows = [
        "a,1,x,30,f,N,2,,0,0,none",
        "b,1,x,30,f,N,2,,0,0,none",
        "b,1,y,30,f,S,2,,1,1,none",
        "c,2,x,31,f,N,1,,0,0,HIV",
    ]
    truth = maker.truth(text + "\n".join(rows) + "\n")
    assert (truth["rows"], truth["persons"], truth["persons_with_several_rows"]) == (4, 3, 1)
    assert truth["classes"]["age"] == {"unique": 1, "small": 3, "smallest": 1}
    assert truth["classes"]["district"] == {"unique": 1, "small": 3, "smallest": 1}  # b is alone in S
    assert truth["classes"]["sex"] == {"unique": 0, "small": 3, "smallest": 3}
    assert truth["if_rows_were_counted"]["age+sex+district"]["unique"] == 2


def test_counting_rows_would_give_other_numbers(truth: Any) -> None:
    for name, counted in truth["if_rows_were_counted"].items():
        assert counted["unique"] != truth["classes"][name]["unique"]


def test_the_readme_says_what_is_true(truth: Any) -> None:
    said = (EXAMPLE / "README.md").read_text().replace(",", "")
    table = dict(re.findall(r"^\| ([a-z0-9 ]+?) (?:\(.*\) )?\| (\d+)", said, flags=re.MULTILINE))
    names = {
        "age": "age", "age date of registration": "age+registered_on", "age sex district": "age+sex+district",
        "age size of the household date of registration": "age+household_size+registered_on",
        "all five": "+".join(truth["quasi_identifiers"]),
    }  # fmt: skip
    assert {names[row]: int(number) for row, number in table.items()} == {
        name: truth["classes"][name]["unique"] for name in names.values()
    }
    assert f"{truth['rows']} registrations of {truth['persons']} people" in said
    assert f"{truth['persons_with_several_rows']} people are registered more than once" in said


def test_the_tool_finds_exactly_the_truth(weighbridge: Callable[..., tuple[int, str, str]], truth: Any) -> None:
    code, out, _ = weighbridge("weigh", EXAMPLE, "--probe", "unique-combinations", "--format", "json")
    assert code == 0
    (evidence,) = json.loads(out)["evidence"]
    found = {(q["metric"], q["by"]["columns"]): q for q in evidence["quantities"] if "columns" in q["by"]}
    by_size = {str(n): [c for name, c in truth["classes"].items() if name.count("+") < n] for n in (1, 2, 3)}
    crowds = {
        **by_size,
        "declared": [truth["classes"]["+".join(truth["quasi_identifiers"])]],
        "identifier": list(truth["identifiers"].values()),
    }
    for columns, counted in crowds.items():
        assert found["unique-share", columns]["value"] == max(c["unique"] for c in counted) / truth["persons"]
        assert found["small-class-share", columns]["value"] == max(c["small"] for c in counted) / truth["persons"]
        assert found["smallest-class", columns]["value"] == min(c["smallest"] for c in counted)
        assert found["unique-share", columns]["n"] == truth["persons"]
