from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Weighbridge
from fakes.cases import MINE
from weighbridge.catalogue import shipped_policy

CASE = (
    MINE.replace('on = "2011"', 'on = "2011-03-04"').replace(
        "candidate = ", 'essay = "They could not get out of it."\ncandidate = '
    )
    + """[[finding]]
rule = "way-out-exists"
because = "There was no way out."
[[standing]]
component = "data"
ceiling = ["served", "gated"]
[[since]]
on = "2012"
says = "It was otherwise."
source = "somebody else 2012"
contradicts = true
"""
)


def test_shows_the_tool_beside_the_essay(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(CASE)
    code, out, _err = weighbridge("replay", tmp_path / "mine.toml")
    assert code == 0
    for told in (
        "They could not get out of it.", "There was no way out.  [way-out-exists]", "way-out-exists: breached",
        "at most served or gated", "it contradicts the essay", "for its reasons",
    ):  # fmt: skip
        assert told in out
    code, out, _err = weighbridge("replay", tmp_path)
    assert (code, "as the essay has it" in out, "1 case replayed; none differs" in out) == (0, True, True)
    document = json.loads(weighbridge("replay", tmp_path / "mine.toml", "--format", "json")[1])
    assert (document["differs"], document["findings"][0]["found"]) == (False, "breached")


def test_leaves_with_one_where_one_differs(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(CASE.replace('ceiling = ["served", "gated"]', 'ceiling = ["open"]'))
    (tmp_path / "yours.toml").write_text(CASE.replace('name = "mine"\ntitle', 'name = "yours"\ntitle'))
    code, out, _err = weighbridge("replay", tmp_path)
    assert (code, "[mine]  DIFFERS" in out, "2 cases replayed; 1 differs" in out) == (1, True, True)
    assert "expected: at most open" in out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('on = "2010"', 'on = "2011-04"', "mine.toml:22: evidence[1].on: is after the release (2011-03-04)"),
        ('on = "2010"', 'on = "2011"', "may be after the release"),
        ('source = "somebody 2010"\n', "", "evidence[1].source: is missing"),
        ('source = "somebody 2010"', 'source = ""', "without a source is a rumour"),
        ('"way-out-exists"', '"way-out-exist"', "is no rule of the policy open-release; did you mean 'way-out-exists'"),
        ('title = "One', 'titel = "One', "unknown key; did you mean 'title'"),
        ('role = "data"', 'role = "dat"', "mine.toml:10: artefact[1].role: 'dat' is not known"),
        ('"removal-path"', '"removal-paths"', "did you mean 'removal-path'"),
    ],
)
def test_what_is_wrong_in_a_case_is_told_with_its_line(
    old: str, new: str, says: str, weighbridge: Weighbridge, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(CASE.replace(old, new, 1))
    code, out, err = weighbridge("replay", tmp_path / "mine.toml")
    assert (code, out) == (2, "")
    assert says in err


def test_a_file_that_the_case_does_not_hold_is_told_with_the_case(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(CASE.replace('path = "a.csv"', 'path = "z.csv"', 1))
    code, _out, err = weighbridge("replay", tmp_path / "mine.toml")
    assert (code, "cannot replay mine: cannot find an artefact" in err, "z.csv" in err) == (2, True, True)


def test_a_policy_that_lacks_a_rule_of_a_case_is_told(weighbridge: Weighbridge, tmp_path: Path) -> None:
    old = '[[rule]]\nslug = "interview-can-be-given"'
    policy = tmp_path / "mine.toml"
    policy.write_text(shipped_policy().replace(old, old.replace("-can-be-", "-may-be-")))
    code, out, err = weighbridge("replay", "ebola-reporting", "--policy", policy)
    assert (code, out) == (2, "")
    assert "ebola-reporting.toml" in err
    assert (
        "'interview-can-be-given' is no rule of the policy open-release; did you mean 'interview-may-be-given'" in err
    )


def test_two_cases_with_one_name_and_none_at_all(weighbridge: Weighbridge, tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(CASE)
    (tmp_path / "other.toml").write_text(CASE)
    code, _out, err = weighbridge("replay", tmp_path)
    assert code == 2
    assert "two cases have one name" in err
    assert 'one.toml and other.toml both say name = "mine"' in err
    (tmp_path / "empty").mkdir()
    assert weighbridge("replay", tmp_path / "empty")[0] == 2
    assert weighbridge("replay", tmp_path / "none.toml")[0] == 2
    assert weighbridge("replay", "no-such-case")[0] == 2
