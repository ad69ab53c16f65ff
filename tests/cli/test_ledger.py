from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from conftest import Weighbridge


def _candidate(folder: Path, reason: str) -> None:
    (folder / "weighbridge.toml").write_text(
        'name = "people"\npurpose = "a purpose told in words"\n[triage]\nharm = "yes"\nanswered_by = "R. of the board"\n'
        f'reason = "{reason}"\n[[artefact]]\nrole = "data"\npath = "register.csv"\n'
    )


def test_verifies_and_shows(weighbridge: Weighbridge, people: Path) -> None:
    weighbridge("weigh", people)
    code, out, _err = weighbridge("ledger", "verify")
    assert (code, "whole" in out) == (0, True)
    assert weighbridge("ledger", "show")[1].strip() == "people"
    assert "evidence" in weighbridge("ledger", "show", "people")[1]


def test_a_changed_entry_is_found(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    weighbridge("weigh", people)
    with sqlite3.connect(tmp_path / "home" / "ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER entry_stays")
        connection.execute("UPDATE entry SET body = replace(body, 'measured', 'meazured') WHERE number = 2")
    connection.close()
    code, _out, err = weighbridge("ledger", "verify")
    assert (code, "why:" in err) == (4, True)


def test_words_are_erased_for_good(weighbridge: Weighbridge, people: Path, tmp_path: Path) -> None:
    _candidate(people, "a reason that names somebody")
    weighbridge("weigh", people)
    store = tmp_path / "home" / "people.sqlite"
    with sqlite3.connect(tmp_path / "home" / "ledger.sqlite") as connection:
        (body,) = connection.execute("SELECT body FROM entry WHERE kind = 'answer'").fetchone()
    connection.close()
    assert b"names somebody" in store.read_bytes()
    assert "names somebody" not in body
    reason = re.search(r'"reason":"(sha256:[0-9a-f]{64})"', body)
    assert reason is not None
    assert weighbridge("ledger", "erase", "people", reason[1])[0] == 0
    assert not any(b"names somebody" in path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert weighbridge("ledger", "verify")[0] == 0
    assert weighbridge("ledger", "erase", "people", "sha256:none")[0] == 2
