from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Weighbridge

Says = Callable[[str | bytes], None]
AS = ("--as", "owner", "--how", "by letter")


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Says:
    def say(data: str | bytes) -> None:
        raw = data.encode() if isinstance(data, str) else data
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return say


@pytest.fixture
def weighed(weighbridge: Weighbridge, people: Path) -> Path:
    rows = (people / "register.csv").read_text().splitlines()
    (people / "register.csv").write_text(
        "\n".join([f"{rows[0]},name", *(f"{row},n{n}" for n, row in enumerate(rows[1:]))])
    )
    assert weighbridge("weigh", people)[0] == 0
    return people


def test_adds_lists_honours_and_erases(weighbridge: Weighbridge, weighed: Path, stdin: Says, tmp_path: Path) -> None:
    stdin("Ada Lovelace\n")
    code, out, _err = weighbridge("removals", "add", weighed, *AS)
    assert code == 0
    number = out.split()[1].rstrip(";")
    code, out, _err = weighbridge("removals", "list", weighed, "--format", "json")
    (row,) = json.loads(out)
    assert (row["number"], row["role"], row["components"], row["erased"]) == (int(number), "owner", [], False)
    assert "everywhere" in weighbridge("removals", "list", weighed)[1]
    assert "searched" in weighbridge("removals", "honour", weighed, number, "--as", "security", "--how", "gone")[1]
    assert weighbridge("removals", "erase", number, "--name", "people")[0] == 0
    code, out, _err = weighbridge("removals", "list", "--name", "people", "--format", "json")
    assert (json.loads(out)[0]["erased"], len(json.loads(out)[0]["searched"])) == (True, 1)
    assert weighbridge("ledger", "verify")[0] == 0
    left = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"Lovelace" not in left


def test_what_still_stands_is_not_honoured(weighbridge: Weighbridge, weighed: Path, stdin: Says) -> None:
    stdin("n17")
    assert weighbridge("removals", "add", weighed, *AS)[0] == 0
    number = json.loads(weighbridge("removals", "list", weighed, "--format", "json")[1])[0]["number"]
    code, out, err = weighbridge("removals", "honour", weighed, number, *AS)
    assert code == 3
    assert "register.csv" in err
    assert "n17" not in out + err
    assert weighbridge("removals", "honour", weighed, number, *AS, "--namesake")[0] == 0


@pytest.mark.parametrize("text", ["", "a", "\x1b\x00", "x" * 100_000, b"\xff\xfe\x00", b"\xc3" * (1 << 21)])
def test_bad_identifiers(weighbridge: Weighbridge, weighed: Path, stdin: Says, text: str | bytes) -> None:
    stdin(text)
    code, _out, err = weighbridge("removals", "add", weighed, *AS)
    assert (code, "Traceback" in err) == (2, False)
    assert weighbridge("removals", "list", weighed)[1].strip() == "none"


def test_of_what_was_never_weighed(weighbridge: Weighbridge, weighed: Path, stdin: Says, tmp_path: Path) -> None:
    for words in (("add", tmp_path / "nothing"), ("add", "--name", "persons"), ("add",)):
        stdin("Ada Lovelace")
        assert weighbridge("removals", *words, *AS)[0] == 2
    assert weighbridge("removals", "honour", weighed, "1", *AS)[0] == 2
    assert weighbridge("removals", "erase", "1", weighed)[0] == 2
    assert weighbridge("removals", "honour", tmp_path / "nothing", "1", *AS)[0] == 2


def test_another_candidate_does_not_have_it(
    weighbridge: Weighbridge, weighed: Path, stdin: Says, tmp_path: Path
) -> None:
    stdin("Ada Lovelace")
    weighbridge("removals", "add", weighed, *AS)
    number = json.loads(weighbridge("removals", "list", weighed, "--format", "json")[1])[0]["number"]
    other = weighed.rename(tmp_path / "others")
    weighbridge("weigh", other)
    assert weighbridge("removals", "honour", other, number, *AS)[0] == 2
    assert weighbridge("removals", "list", other)[1].strip() == "none"
