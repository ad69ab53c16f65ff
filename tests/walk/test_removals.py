"""From a decision that passes the gate to a removal and an incident that close it, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.test_removals import Says, stdin
from conftest import Weighbridge

__all__ = ["stdin"]

DECISION = """expires = "{day}"
[plan]
data = "partners"
[[reason]]
arguments = ["benefit"]
says = "partners have signed terms"
component = "data"
"""
NAME = "Ada Lovelace"


def _decides(weighbridge: Weighbridge, folder: Path) -> None:
    file = folder.parent / "decision.toml"
    weighbridge("weigh", folder)
    said = weighbridge("plans", folder, "--statement")[1]
    file.write_text(DECISION.format(day=(datetime.now(UTC) + timedelta(days=30)).date().isoformat()) + said)
    for words in (
        ("decide", folder, "--file", file, "--by", "preparer"),
        ("sign", folder, "--role", "owner", "--key", "first"),
        ("sign", folder, "--role", "security", "--key", "second"),
    ):
        code, _out, err = weighbridge(*words)
        assert code == 0, err


@pytest.fixture
def released(weighbridge: Weighbridge, people: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "a long enough phrase")
    rows = (people / "register.csv").read_text().splitlines()
    rows = [f"{rows[0]},name", *(f"{row},n{n}" for n, row in enumerate(rows[1:]))]
    (people / "register.csv").write_text("\n".join([*rows[:7], f"{rows[7].rpartition(',')[0]},{NAME}", *rows[8:]]))
    for person in ("preparer", "first", "second"):
        weighbridge("keys", "new", person)
    weighbridge("keys", "trust", "first", "--role", "owner")
    weighbridge("keys", "trust", "second", "--role", "security")
    _decides(weighbridge, people)
    return people


def _failing(weighbridge: Weighbridge, folder: Path) -> dict[str, str]:
    _code, out, _err = weighbridge("gate", folder, "--to", "partners", "--format", "json")
    assert NAME not in out
    return {check["name"]: check["says"] for check in json.loads(out)["checks"] if check["result"] != "passes"}


def test_a_removal_closes_the_gate_until_it_is_honoured(weighbridge: Weighbridge, released: Path, stdin: Says) -> None:
    assert _failing(weighbridge, released) == {}
    stdin(NAME)
    assert weighbridge("removals", "add", released, "--as", "owner", "--how", "by letter")[0] == 0
    (name, says), *rest = _failing(weighbridge, released).items()
    assert (name, "still stands in register.csv" in says, rest) == ("removals", True, [])
    file = released / "register.csv"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if NAME not in line))
    assert "bytes" in _failing(weighbridge, released)
    _decides(weighbridge, released)
    assert _failing(weighbridge, released) == {}


def test_an_incident_closes_the_gate_until_it_is_closed(weighbridge: Weighbridge, released: Path, stdin: Says) -> None:
    stdin("it was found in the wild")
    assert weighbridge("incident", released)[0] == 0
    number = json.loads(weighbridge("incident", "list", released, "--format", "json")[1])[0]["number"]
    assert set(_failing(weighbridge, released)) == {"triggers"}
    close = ("incident", "close", number, released, "--because", "it was another set", "--role", "owner")
    assert weighbridge(*close, "--key", "first")[0] == 0
    assert _failing(weighbridge, released) == {}
