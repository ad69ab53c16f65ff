"""A small candidate that takes a second to weigh, and people who decide on it: for tests of the way out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from conftest import Weighbridge

WORDS = "a long enough phrase"
CANDIDATE = (
    'name = "c"\n[triage]\nabout_people = "no"\nprivate = "no"\nharm = "no"\ngenerates = "no"\nidentifies = "no"\n'
    'languages = ["en"]\n[[artefact]]\nrole = "data"\npath = "t.csv"\nabout_people = false\n'
)
DECISION = '[plan]\ndata = "open"\n[[reason]]\narguments = ["benefit"]\nsays = "It helps."\n[[reason]]\narguments = ["benefit"]\ncomponent = "data"\nsays = "r"\n'


def in_days(days: int) -> str:
    """A day from now."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def weighed(call: Weighbridge, folder: Path) -> Path:
    """A candidate that was weighed by one probe."""
    folder.mkdir()
    (folder / "weighbridge.toml").write_text(CANDIDATE)
    (folder / "t.csv").write_text("length,width\n1,2\n3,4\n")
    code, _out, err = call("weigh", folder)
    assert code == 0, err
    return folder


def peopled(call: Weighbridge, *people: str) -> None:
    """Keys of these people, each trusted for every role that needs one here."""
    for person in people:
        assert call("keys", "new", person)[0] == 0
        assert call("keys", "trust", person, "--role", "owner", "--role", "security")[0] == 0


def decided(call: Weighbridge, folder: Path, by: str = "prep") -> str:
    """The digest of a decision for open."""
    file = folder.parent / "decision.toml"
    file.write_text(f'expires = "{in_days(30)}"\n{DECISION}')
    code, out, err = call("decide", folder, "--file", file, "--by", by)
    assert code == 0, err
    return out.splitlines()[-1]
