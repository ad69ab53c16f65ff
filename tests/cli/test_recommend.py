from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge


def test_says_what_weigh_said_without_measuring(weighbridge: Weighbridge, people: Path) -> None:
    _code, weighed, _err = weighbridge("weigh", people, "--format", "json")
    code, out, _err = weighbridge("recommend", people, "--format", "json")
    assert (code, out) == (0, weighed)


def test_what_was_not_weighed_is_not_settled(weighbridge: Weighbridge, people: Path) -> None:
    code, _out, err = weighbridge("recommend", people)
    assert (code, f"weighbridge weigh {people}" in err) == (3, True)
    weighbridge("weigh", people)
    (people / "register.csv").write_text("age,sex\n1,F\n2,M\n")
    assert weighbridge("recommend", people)[0] == 3


def test_judges_by_another_policy(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    weighbridge("weigh", people)
    mine = tmp_path / "mine.toml"
    shipped = weighbridge("policy", "show")[1]
    head, *rules = shipped.split("[[rule]]")
    kept = [rule for rule in rules if "unique-combinations" not in rule]
    mine.write_text("[[rule]]".join([head, *kept]))
    code, out, err = weighbridge("recommend", people, "--policy", mine, "--format", "json")
    assert code == 0, err
    assert "open" in json.loads(out)["recommendation"]["components"]["data"]["ceiling"]


def test_an_answer_changes_what_follows_and_repeats_no_measurement(weighbridge: Weighbridge, people: Path) -> None:
    weighbridge("init", people)
    _code, before, _err = weighbridge("weigh", people, "--format", "json")
    draft = (people / "weighbridge.toml").read_text()
    (people / "weighbridge.toml").write_text(draft.replace('harm = "unknown"', 'harm = "yes"'))
    code, after, _err = weighbridge("recommend", people, "--format", "json")
    assert code == 0
    assert json.loads(after)["evidence"] == json.loads(before)["evidence"]
    assert json.loads(after)["candidate"]["impact"] == "high"
    assert json.loads(before)["candidate"]["impact"] == "standard"
