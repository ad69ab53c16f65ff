from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge


def test_a_candidate_and_itself(weighbridge: Weighbridge, people: Path) -> None:
    code, out, _err = weighbridge("diff", people, people)
    assert code == 0
    assert "nothing differs" in out


def test_two_versions(weighbridge: Weighbridge, people: Path) -> None:
    weighbridge("weigh", people)
    with (people / "register.csv").open("a") as file:
        file.write("33,F,West,none\n")
    code, out, _err = weighbridge("diff", "people@1", people)
    assert code == 0
    assert "changed: register.csv" in out
    assert "nobody-stands-alone: unique-combinations takes in register.csv; now not judged yet" in out
    weighbridge("weigh", people)
    code, out, _err = weighbridge("diff", people, "people@1", "--format", "json")
    assert code == 0
    assert json.loads(out)["is_none"] is True


def test_what_is_not_there(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    weighbridge("weigh", people)
    for word in (tmp_path / "nothing", "people@2", "nobody@1", "@", "people@", "@1", ""):
        code, _out, err = weighbridge("diff", people, word)
        assert code == 2, word
        assert "fix:" in err


def test_a_table_of_a_database_is_refused_and_its_password_not_told(weighbridge: Weighbridge) -> None:
    code, out, err = weighbridge("diff", "postgres://u:Zyxquorble@h/db/t", "x")
    assert (code, "Zyxquorble" in out + err) == (2, False)
    assert "NAME@1" in err
