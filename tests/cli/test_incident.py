from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.test_removals import Says, stdin
from conftest import Weighbridge

__all__ = ["stdin"]

AS_BEN = ("--role", "owner", "--key", "ben")
DECISION = """expires = "{day}"
[plan]
data = "withheld"
[[reason]]
arguments = ["benefit"]
says = "it is about people"
component = "data"
"""


@pytest.fixture
def decided(weighbridge: Weighbridge, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from datetime import UTC, datetime, timedelta

    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "a long enough phrase")
    weighbridge("weigh", people)
    weighbridge("keys", "new", "ben")
    weighbridge("keys", "trust", "ben", "--role", "owner")
    file = tmp_path / "decision.toml"
    said = weighbridge("plans", people, "--statement")[1]
    file.write_text(DECISION.format(day=(datetime.now(UTC) + timedelta(days=30)).date().isoformat()) + said)
    code, _out, err = weighbridge("decide", people, "--file", file, "--by", "ben")
    assert code == 0, err
    return people


def test_opens_lists_and_closes(weighbridge: Weighbridge, decided: Path, stdin: Says, tmp_path: Path) -> None:
    stdin("Ada Lovelace found herself")
    code, out, err = weighbridge("incident", decided, "--derivative", "org/copy")
    assert code == 0
    assert "Ada" not in out + err
    assert "org/copy" in out
    code, listed, _err = weighbridge("incident", "list", decided, "--format", "json")
    (row,) = json.loads(listed)
    assert row["closed_by"] is None
    assert (
        f"triggers: An incident is open: entry {row['number']}" in weighbridge("gate", decided, "--to", "partners")[1]
    )
    close = ("incident", "close", row["number"], decided, "--because", "over")
    assert weighbridge(*close)[0] == 2  # nobody signs it
    code, _out, err = weighbridge(*close, "--role", "security", "--key", "ben")
    assert (code, "the ring does not trust it for this role" in err) == (2, True)
    assert weighbridge(*close, *AS_BEN)[0] == 0
    assert "triggers" not in weighbridge("gate", decided, "--to", "partners")[1]
    assert weighbridge("incident", "close", row["number"], decided, "--because", "over", *AS_BEN)[0] == 2
    assert "closed by" in weighbridge("incident", "list", "--name", "people")[1]


def test_the_notice_goes_into_a_file(weighbridge: Weighbridge, decided: Path, stdin: Says, tmp_path: Path) -> None:
    stdin("it happened")
    code, out, _err = weighbridge("incident", "open", decided, "-o", tmp_path / "notice.md")
    assert (code, out) == (0, "")
    assert "re-opened" in (tmp_path / "notice.md").read_text()


def test_bad_reports(weighbridge: Weighbridge, decided: Path, stdin: Says, tmp_path: Path) -> None:
    for words, text, wanted in (
        ((decided,), "", 2),
        ((decided,), b"\xff", 2),
        ((decided, "--file", "nothing.csv"), "x", 2),
        ((tmp_path / "nothing",), "x", 3),
        (("--name", "nobody"), "x", 3),
        ((), "x", 2),
        (("close", "7", decided, "--because", "x", *AS_BEN), "", 2),
        (("close", "x", decided, "--because", "x", *AS_BEN), "", 2),
    ):
        stdin(text)
        assert weighbridge("incident", *words)[0] == wanted, words
    assert weighbridge("incident", "list", decided)[1].strip() == "none"
    assert weighbridge("incident", "--help")[0] == 0
