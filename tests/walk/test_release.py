"""Decide, sign and gate from the command line with a real home; and everything that should not get through."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import Weighbridge
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.cli.main import run
from weighbridge.core.canon import Plain
from weighbridge.core.ports import Entry, Kind
from weighbridge.wiring import SystemClock

pytestmark = pytest.mark.slow  # a home, keys and a weighing for each; tests/app/test_gate.py is the fast half

WORDS = "a long enough phrase"
TABLE = "length,width\n1,2\n3,4\n5,6\n7,8\n"
CANDIDATE = """name = "c"
purpose = "a test"
licence = "Apache-2.0"
[triage]
about_people = "no"
private = "no"
harm = "no"
generates = "no"
identifies = "no"
languages = ["en"]
[[artefact]]
role = "data"
path = "t.csv"
about_people = false
[[artefact]]
role = "held-out"
path = "held/h.csv"
about_people = false
[[artefact]]
role = "samples"
path = "s.csv"
about_people = false
[[artefact]]
role = "code"
path = "empty.txt"
component = "evidence-only"
"""


@dataclass
class Yard:
    """A candidate, a home and a policy, in a folder of this test's own."""

    root: Path
    call: Weighbridge

    @property
    def folder(self) -> Path:
        return self.root / "c"

    @property
    def home(self) -> Path:
        return self.root / "home"

    def gate(self, *words: str | Path, at: Path | None = None, to: str = "public") -> tuple[int, str]:
        given = ("gate", at or self.folder, "--to", to, "--policy", self.root / "policy.toml", *words)
        code, out, err = self.call(*given)
        assert "bug of ours" not in err, err
        return code, out + err

    def decides(self, *changes: tuple[str, str], by: str = "prep") -> tuple[int, str]:
        policy = ("--policy", self.root / "policy.toml")
        code, draft, err = self.call("decide", self.folder, "--draft", *policy)
        assert code == 0, err
        draft = draft.replace('arguments = []\nsays = ""', 'arguments = ["benefit"]\nsays = "It helps."', 1)
        for old, new in changes:
            assert old in draft, draft
            draft = draft.replace(old, new)
        (self.root / "d.toml").write_text(draft)
        code, out, err = self.call("decide", self.folder, "--file", self.root / "d.toml", "--by", by, *policy)
        return code, out + err

    def signs(self, *roles: str) -> None:
        for role in roles or ("owner", "security"):
            code, _out, err = self.call("sign", self.folder, "--role", role, "--key", role)
            assert code == 0, err


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate that was weighed, decided on and signed; made once, since weighing takes a second or two."""
    root = tmp_path_factory.mktemp("made")
    (root / "c" / "held").mkdir(parents=True)
    for name, text in (("t.csv", TABLE), ("s.csv", "a\n1\n"), ("held/h.csv", "a\n2\n"), ("empty.txt", "")):
        (root / "c" / name).write_text(text)
    (root / "c" / "weighbridge.toml").write_text(CANDIDATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEIGHBRIDGE_HOME", str(root / "home"))
        patch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)

        def call(*words: str | Path) -> tuple[int, str, str]:
            code = run([str(word) for word in words])
            assert code == 0, words
            return code, "", ""

        from weighbridge.catalogue import shipped_policy

        (root / "policy.toml").write_text(
            shipped_policy().replace('roles = ["owner"]', 'roles = ["owner", "security"]')
        )
        policy = ("--policy", root / "policy.toml")
        call("weigh", root / "c", *policy)
        for person in ("prep", "owner", "security"):
            call("keys", "new", person)
        for role in ("owner", "security"):
            call("keys", "trust", role, "--role", role)
        (root / "d.toml").write_text(
            f'expires = "{(datetime.now(UTC) + timedelta(days=90)).date()}"\n[plan]\ndata = "open"\nsamples = "open"\n'
            '[[reason]]\narguments = ["benefit"]\nsays = "It helps."\n[[reason]]\narguments = ["benefit"]\nsays = "r"\ncomponent = "samples"\n[[reason]]\narguments = ["benefit"]\nsays = "r"\ncomponent = "data"\n'
        )
        call("decide", root / "c", "--file", root / "d.toml", "--by", "prep", *policy)
        for role in ("owner", "security"):
            call("sign", root / "c", "--role", role, "--key", role)
    return root


@pytest.fixture
def yard(made: Path, tmp_path: Path, weighbridge: Weighbridge, monkeypatch: pytest.MonkeyPatch) -> Yard:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", WORDS)
    for path in made.iterdir():
        (shutil.copytree if path.is_dir() else shutil.copy2)(path, tmp_path / path.name)
    return Yard(root=tmp_path, call=weighbridge)


def _lean(yard: Yard) -> Path:
    """A folder that holds only what leaves."""
    lean = yard.root / "lean"
    lean.mkdir()
    for name in ("t.csv", "s.csv"):
        shutil.copy(yard.folder / name, lean / name)
    return lean


def _flip(path: Path, at: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


# ---- What may go ----


def test_what_was_decided_and_signed_may_go_and_each_passage_is_kept(yard: Yard) -> None:
    code, out = yard.gate("--leave-evidence", "--explain")
    assert code == 0, out
    assert "c may go to public today" in out
    assert "stays behind (3): empty.txt, held/h.csv, weighbridge.toml" in out
    yard.gate()
    shown = yard.call("ledger", "show", "c")[1]
    assert shown.count("passage") == 2
    assert yard.call("ledger", "verify")[0] == 0


def test_a_bare_folder_with_what_leaves_may_go_under_the_candidates_name(yard: Yard) -> None:
    lean = _lean(yard)
    assert yard.gate("--name", "c", at=lean)[0] == 0
    code, out = yard.gate(at=lean)
    assert (code, "has decided on lean" in out) == (3, True)


def test_the_candidates_own_file_is_a_place_too(yard: Yard) -> None:
    assert yard.gate("--leave-evidence", at=yard.folder / "weighbridge.toml")[0] == 0
    (yard.folder / "weighbridge.toml").rename(yard.folder / "other.toml")
    assert yard.gate("--leave-evidence", at=yard.folder / "other.toml")[0] == 0
    assert yard.gate("--leave-evidence", "--name", "c")[0] == 1  # nobody named other.toml: it is a file like any


def test_one_component_may_go_where_only_it_lies(yard: Yard) -> None:
    lean = _lean(yard)
    code, out = yard.gate("--name", "c", "--component", "data", at=lean)
    assert (code, "s.csv is of a component that is not to leave" in out) == (1, True)
    (lean / "s.csv").unlink()
    assert yard.gate("--name", "c", "--component", "data", at=lean)[0] == 0
    assert yard.gate("--name", "c", at=lean)[0] == 1
    assert yard.gate("--name", "c", "--component", "weights", at=lean)[0] in (1, 3)
    assert yard.gate("--name", "c", "--component", "data", at=lean / "t.csv")[0] == 0


def test_what_is_served_only_goes_nowhere_else(yard: Yard) -> None:
    code, out = yard.decides(
        ('data = "open"', 'data = "served"'), ('samples = "open"', 'samples = "withheld"'),
        ("# Whoever", '[[reason]]\narguments = ["benefit"]\ncomponent = "data"\nsays = "s"\n[[reason]]\narguments = ["benefit"]\ncomponent = "samples"\nsays = "s"\n# Whoever'),
    )  # fmt: skip
    assert code == 0, out
    yard.signs()
    (yard.folder / "s.csv").unlink()
    results = {to: yard.gate("--leave-evidence", to=to)[0] for to in ("hosted", "partners", "gated", "public")}
    assert results == {"hosted": 0, "partners": 1, "gated": 1, "public": 1}
    (yard.folder / "s.csv").write_text("a\n1\n")
    assert yard.gate("--leave-evidence", to="hosted")[0] == 1  # what is withheld lies there


# ---- What lies there ----


def _hidden(folder: Path) -> None:
    (folder / ".hidden").write_text("x")


def _nested(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "x").write_text("x")


def _nested_home(folder: Path) -> None:
    (folder / "a" / ".weighbridge").mkdir(parents=True)
    (folder / "a" / ".weighbridge" / "x").write_text("x")


def _nested_candidate(folder: Path) -> None:
    (folder / "held" / "weighbridge.toml").write_text("x")


def _hard_link(folder: Path) -> None:
    (folder.parent / "outside").hardlink_to(folder / "t.csv")


def _link(folder: Path) -> None:
    (folder / "t.csv").rename(folder.parent / "t.csv")
    (folder / "t.csv").symlink_to(folder.parent / "t.csv")


def _link_of_folder(folder: Path) -> None:
    (folder / "held").rename(folder.parent / "held")
    (folder / "held").symlink_to(folder.parent / "held")


def _clash(folder: Path) -> None:
    (folder / "T.csv").write_bytes((folder / "t.csv").read_bytes())


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _sparse(folder: Path) -> None:
    for name in ("huge.bin", "t.csv"):
        with (folder / name).open("ab") as out:
            out.truncate(10 << 30)


def _under_the_name_of_evidence(folder: Path) -> None:
    (folder / "held" / "h.csv").write_text("a\n3\n")


def _evidence_under_another_name(folder: Path) -> None:
    shutil.copy(folder / "held" / "h.csv", folder / "model.csv")


def _the_candidates_own_file_under_another_name(folder: Path) -> None:
    """The same bytes twice: nobody who leaves the candidate's file behind thinks of this one."""
    shutil.copy(folder / "weighbridge.toml", folder / "x.bin")


def _another_component_beside_an_empty_piece_of_evidence(folder: Path) -> None:
    (folder / "s.csv").write_text("a\nnobody weighed this\n")


UNWANTED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a hidden file": (_hidden, ".hidden lies there and nobody decided on it"),
    "a file deep down": (_nested, "a/b/x lies there"),
    "a home that is none of ours": (_nested_home, "a/.weighbridge/x lies there"),
    "a candidate's file deeper down": (_nested_candidate, "held/weighbridge.toml lies there"),
    "a hard link": (_hard_link, "t.csv has another name elsewhere"),
    "a link": (_link, "t.csv is a link"),
    "a linked folder": (_link_of_folder, "held is a link"),
    "two names in one": (_clash, "where case does not count"),
    "a pipe": (_pipe, "pipe is no plain file"),
    "sparse files": (_sparse, "t.csv is not the file"),
    "other bytes under the name of evidence": (_under_the_name_of_evidence, "held/h.csv lies there and nobody"),
    "evidence under another name": (_evidence_under_another_name, "model.csv lies there and nobody"),
    "the candidate's file twice": (_the_candidates_own_file_under_another_name, "x.bin lies there and nobody"),
    "another component": (_another_component_beside_an_empty_piece_of_evidence, "s.csv"),
}


@pytest.mark.parametrize("case", UNWANTED)
def test_what_nobody_decided_on_does_not_go_and_is_named(yard: Yard, case: str) -> None:
    put, says = UNWANTED[case]
    put(yard.folder)
    code, out = yard.gate("--leave-evidence")
    assert code == 1, out
    assert says in out
    assert yard.gate("--leave-evidence", "--component", "data", to="hosted")[0] == 1


def test_version_control_and_homes_are_left_only_by_who_says_so(yard: Yard) -> None:
    lean = _lean(yard)
    (lean / ".git").mkdir()
    (lean / ".git" / "config").write_text("x")
    code, out = yard.gate("--name", "c", at=lean)
    assert (code, ".git/ holds version control" in out, "--leave-evidence" in out) == (1, True, True)
    code, out = yard.gate("--name", "c", "--leave-evidence", "--explain", at=lean)
    assert (code, "stays behind (1): .git/" in out) == (0, True)


def test_a_place_that_is_a_link_can_be_changed_unseen(yard: Yard) -> None:
    (yard.root / "link").symlink_to(_lean(yard))
    code, out = yard.gate("--name", "c", at=yard.root / "link")
    assert (code, "is a link" in out) == (1, True)


def test_a_folder_that_is_called_like_a_file_is_looked_into_itself(yard: Yard) -> None:
    lean = _lean(yard).rename(yard.root / "lean.toml")
    assert yard.gate("--name", "c", at=lean)[0] == 0
    (lean / "x").write_text("x")
    assert yard.gate("--name", "c", at=lean)[0] == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name = ", b'nam = "c"'])
def test_a_candidates_file_that_cannot_be_read_is_told(yard: Yard, content: bytes) -> None:
    (yard.folder / "weighbridge.toml").write_bytes(content)
    code, out = yard.gate("--leave-evidence")
    assert (code, "fix: " in out) == (2, True)
    assert yard.gate("--leave-evidence", "--name", "c")[0] == 0


def test_a_path_through_the_folder_above_is_not_decided_on(yard: Yard) -> None:
    """A label with .. in it would be another file wherever it is copied to."""
    text = (yard.folder / "weighbridge.toml").read_text().replace('path = "t.csv"', 'path = "held/../t.csv"')
    (yard.folder / "weighbridge.toml").write_text(text)
    assert yard.call("weigh", yard.folder, "--policy", yard.root / "policy.toml")[0] == 0
    code, out = yard.decides()
    assert (code, "held/../t.csv leads through the folder above" in out) == (2, True), out


# ---- What was decided ----


def test_one_flipped_bit_of_what_leaves_is_refused_and_named(yard: Yard) -> None:
    _flip(yard.folder / "t.csv", 20)
    code, out = yard.gate("--leave-evidence")
    assert (code, "t.csv is not the file that was decided on" in out) == (1, True)


def test_an_old_decision_is_of_no_use_to_new_bytes(yard: Yard) -> None:
    (yard.folder / "t.csv").write_text(TABLE + "9,9\n")
    yard.call("weigh", yard.folder, "--policy", yard.root / "policy.toml")
    assert yard.gate("--leave-evidence")[0] == 1
    code, _out, err = yard.call("sign", yard.folder, "--role", "owner", "--key", "owner")
    assert (code, "nobody has decided on the bytes that lie there now" in err) == (3, True)


def test_a_borrowed_name_lets_only_its_own_bytes_through(yard: Yard) -> None:
    other = yard.root / "other"
    other.mkdir()
    (other / "t.csv").write_text(TABLE.replace("7,8", "7,9"))
    (other / "s.csv").write_text("a\n1\n")
    code, out = yard.gate("--name", "c", at=other)
    assert (code, "t.csv is not the file" in out) == (1, True)
    (other / "weighbridge.toml").write_text('name = "c"\n[[artefact]]\nrole = "data"\npath = "t.csv"\n')
    assert yard.gate("--leave-evidence", at=other)[0] == 1
    (other / "t.csv").write_text(TABLE)
    (other / "weighbridge.toml").unlink()
    assert yard.gate("--name", "c", at=other)[0] == 0  # the very bytes that were decided on, wherever they lie
    (other / "t.csv").rename(other / "u.csv")
    assert yard.gate("--name", "c", at=other)[0] == 1


def test_another_policy_than_the_one_decided_by_settles_nothing(yard: Yard) -> None:
    code, out, _err = yard.call("gate", yard.folder, "--to", "public", "--leave-evidence")
    assert (code, "another policy" in out) == (3, True)


def test_the_same_bytes_declared_otherwise_since_ask_for_another_decision(yard: Yard) -> None:
    text = (yard.folder / "weighbridge.toml").read_text()
    (yard.folder / "weighbridge.toml").write_text(text.replace("about_people = false", "about_people = true", 1))
    yard.call("weigh", yard.folder, "--policy", yard.root / "policy.toml")
    code, out = yard.gate("--leave-evidence")
    assert (code, "declared otherwise since" in out) == (3, True)


@pytest.mark.slow  # two weighings
def test_a_waived_stop_stands_again_when_the_waiver_ends(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    (yard.folder / "t.csv").write_text(TABLE + "AKIA" + "QYLPMN5HGXR3DEKJ,1\n")
    yard.call("weigh", yard.folder, "--policy", yard.root / "policy.toml")
    opens = (('data = "served"', 'data = "open"'), ('samples = "served"', 'samples = "open"'))
    why = (
        "# Whoever",
        '[[reason]]\narguments = ["benefit"]\ncomponent = "data"\nsays = "s"\n[[reason]]\narguments = ["benefit"]\ncomponent = "samples"\nsays = "s"\n# Whoever',
    )
    code, out = yard.decides(*opens, why)
    assert (code, "the stop no-secrets forbids it" in out) == (3, True), out
    ends = datetime.now(UTC) + timedelta(days=10)
    waiver = "".join(
        f'[[waiver]]\nrule = "no-secrets"\ncomponent = "{name}"\nauthority = "the board"\nbecause = "a known test key"\n'
        f'expires = "{ends.date()}"\n' for name in (change[0].split(" ")[0] for change in opens)
    )  # fmt: skip
    code, out = yard.decides(*opens, why, ("# A stop that", waiver + "# A stop that"))
    assert code == 0, out
    yard.signs()
    assert yard.gate("--leave-evidence")[0] == 0
    monkeypatch.setattr(SystemClock, "now", lambda _self: ends + timedelta(days=1))
    code, out = yard.gate("--leave-evidence")
    assert (code, "he waiver of the stop no-secrets held until" in out) == (1, True)


# ---- Who signed, and when ----


@pytest.mark.parametrize(("days", "code", "says"), [(-2, 1, "clock"), (-1, 1, "clock"), (91, 3, "held until")])
def test_a_clock_that_is_set_back_and_an_end_that_has_passed(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, days: int, code: int, says: str
) -> None:
    at = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(SystemClock, "now", lambda _self: at)
    told, out = yard.gate("--leave-evidence")
    assert (told, says in out) == (code, True)


def test_a_key_that_was_revoked_after_it_signed_counts_no_more(yard: Yard) -> None:
    yard.call("keys", "revoke", "security", "--because", "lost")
    code, out = yard.gate("--leave-evidence")
    assert (code, "its key was revoked" in out) == (1, True)
    yard.call("keys", "new", "security")
    yard.call("keys", "trust", "security", "--role", "security")
    yard.signs("security")
    assert yard.gate("--leave-evidence")[0] == 0


def test_one_person_under_two_names_is_one_person(yard: Yard, tmp_path: Path) -> None:
    pem = tmp_path / "owner.pem"
    pem.write_text(yard.call("keys", "list", "--public", "owner")[1])
    code, _out, err = yard.call("keys", "add", "somebody else", pem)
    assert (code, "the ring has it already" in err) == (2, True)
    yard.call("keys", "revoke", "security")
    yard.call("keys", "new", "OWNER ")
    prints = [line.split()[0] for line in yard.call("keys", "list")[1].splitlines() if "OWNER" in line]
    yard.call("keys", "trust", prints[0], "--role", "security")
    code, _out, err = yard.call("sign", yard.folder, "--role", "security", "--key", prints[0])
    assert (code, "this person has signed already" in err) == (2, True)


def test_a_copied_key_file_signs_for_nobody_else(yard: Yard) -> None:
    assert yard.decides()[0] == 0
    prints = {line.split()[1]: line.split()[0] for line in yard.call("keys", "list")[1].splitlines()}
    keys = yard.home / "keys"
    shutil.copy(keys / f"{prints['owner']}.pem", keys / f"{prints['security']}.pem")
    code, _out, err = yard.call("sign", yard.folder, "--role", "security", "--key", "security")
    assert (code, "another private key made it" in err) == (2, True)


def test_nobody_prepares_a_decision_in_anothers_name(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_PASSPHRASE", "the owner's own phrase")
    code, out = yard.decides(by="prep")
    assert (code, "the passphrase is another" in out) == (2, True)


def test_the_preparer_does_not_sign(yard: Yard) -> None:
    assert yard.decides(by="owner")[0] == 0
    code, _out, err = yard.call("sign", yard.folder, "--role", "owner", "--key", "owner")
    assert (code, "too early" in err) == (3, True)


# ---- Ledger and keyring ----


def _rows(home: Path, statement: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        return connection.execute(statement, values).fetchall()


@pytest.mark.parametrize("kind", ["candidate", "evidence", "recommendation", "decision", "preparation", "approval"])
def test_one_flipped_bit_in_any_entry_breaks_the_ledger(yard: Yard, kind: str) -> None:
    ((body,),) = _rows(yard.home, "SELECT body FROM entry WHERE kind = ? ORDER BY number LIMIT 1", kind)
    file = yard.home / "ledger.sqlite"
    middle = body[len(body) // 2 :][:12].encode()
    at = file.read_bytes().find(middle)
    assert at > 0
    _flip(file, at + 3)
    code, out = yard.gate("--leave-evidence")
    assert (code, "broken" in out) == (4, True)


@pytest.mark.parametrize("text", [b"It helps.", b"sha256:"])
def test_one_flipped_bit_in_what_lies_beside_the_ledger_breaks_it(yard: Yard, text: bytes) -> None:
    file = yard.home / "people.sqlite"
    _flip(file, file.read_bytes().find(text) + 8, bit=1)
    assert yard.gate("--leave-evidence")[0] == 4


@pytest.mark.slow
def test_no_flipped_bit_anywhere_in_the_home_lets_anything_else_through(yard: Yard) -> None:
    """Where a bit means nothing, in a page that SQLite does not use, the answer stays; else something is told."""
    import random

    draw = random.Random(0)
    for name in ("ledger.sqlite", "people.sqlite", "keys/keyring.json"):
        whole = (yard.home / name).read_bytes()
        before = _rows(yard.home, "SELECT * FROM entry WHERE kind <> 'passage'")
        for _ in range(40):
            kept = {p: p.read_bytes() for p in yard.home.glob("*.sqlite")}
            _flip(yard.home / name, draw.randrange(len(whole)), draw.randrange(8))
            code, out = yard.gate("--leave-evidence")
            assert code in (0, 2, 4, 74), out
            if code == 0:
                assert name != "keys/keyring.json"
                assert _rows(yard.home, "SELECT * FROM entry WHERE kind <> 'passage'") == before
            for path, data in kept.items():
                path.write_bytes(data)
            (yard.home / name).write_bytes(whole)


@pytest.mark.parametrize("at", ["prep", "owner", "roles"])
def test_one_flipped_bit_in_the_keyring_is_refused(yard: Yard, at: str) -> None:
    ring = yard.home / "keys" / "keyring.json"
    _flip(ring, ring.read_bytes().find(f'"{at}"'.encode()) + 2)
    code, out = yard.gate("--leave-evidence")
    assert (code, "cannot use the keyring" in out) == (2, True)


def test_a_ledger_that_was_cut_off_is_broken(yard: Yard) -> None:
    with closing(sqlite3.connect(yard.home / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER entry_remains")
        connection.execute("DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)")
        connection.execute(
            "CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
        connection.commit()
    code, out = yard.gate("--leave-evidence")
    assert (code, "it was written once, and is gone" in out) == (4, True)


def test_a_forked_ledger_is_broken(yard: Yard) -> None:
    """Two copies that went on apart: the chain of one beside the witness of the other."""
    fork = yard.root / "fork"
    shutil.copytree(yard.home, fork)
    yard.gate("--leave-evidence")
    yard.call("gate", yard.folder, "--to", "hosted", "--home", fork)
    shutil.copy2(fork / "ledger.sqlite", yard.home / "ledger.sqlite")
    code, out = yard.gate("--leave-evidence")
    assert (code, "not the entry that was written there" in out) == (4, True)


@dataclass
class _Then:
    """The clock as it stood when an entry was written."""

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def _rewrite(yard: Yard, change: Callable[[Entry], Plain]) -> None:
    """A whole ledger forged anew, every seal fitting: what somebody can do who may write the home."""
    with open_ledger(yard.home, SystemClock(), {}) as ledger:
        entries = list(ledger.entries("c"))
    for name in ("ledger.sqlite", "people.sqlite"):
        (yard.home / name).unlink()
    clock = _Then()
    with open_ledger(yard.home, clock, entries[0].environment) as ledger:
        for entry in entries:
            clock.at = datetime.fromisoformat(entry.at)
            ledger.append("c", entry.kind, change(entry))
        assert ledger.verify() == len(entries)


def _other_signature(entry: Entry) -> Plain:
    if entry.kind is not Kind.APPROVAL or not isinstance(entry.body, dict):
        return entry.body
    import base64

    envelope = json.loads(base64.b64decode(str(entry.body["envelope"])))
    signature = bytearray(base64.b64decode(envelope["signatures"][0]["sig"]))
    signature[5] ^= 1
    envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    return {**entry.body, "envelope": base64.b64encode(json.dumps(envelope).encode()).decode()}


def _other_bytes(digest: str) -> Callable[[Entry], Plain]:
    def change(entry: Entry) -> Plain:
        if entry.kind is not Kind.DECISION or not isinstance(entry.body, dict):
            return entry.body
        files = entry.body["released"]
        assert isinstance(files, list)
        return {**entry.body, "released": [{**f, "digest": digest} if f["label"] == "t.csv" else f for f in files]}

    return change


def test_a_forged_ledger_is_whole_and_the_signatures_are_not(yard: Yard) -> None:
    _rewrite(yard, lambda entry: entry.body)
    assert yard.gate("--leave-evidence")[0] == 0
    _rewrite(yard, _other_signature)
    code, out = yard.gate("--leave-evidence")
    assert (code, "the signature does not fit what it is under" in out) == (1, True)


def test_other_bytes_written_into_a_signed_decision_do_not_pass(yard: Yard) -> None:
    import hashlib

    evil = TABLE.replace("7,8", "6,6").encode()
    (yard.folder / "t.csv").write_bytes(evil)
    _rewrite(yard, _other_bytes("sha256:" + hashlib.sha256(evil).hexdigest()))
    code, out = yard.gate("--leave-evidence", "--explain")
    assert (code, "very file is the one that was decided on" in out) == (1, True)
    assert "obody has signed as owner" in out
    assert "whoever is said to have prepared it has not signed that" in out.lower()


def test_a_home_that_came_with_the_candidate_is_not_believed(yard: Yard) -> None:
    shipped = yard.folder / ".weighbridge"
    shutil.copytree(yard.home, shipped)
    for path in shipped.rglob("*"):
        if path.is_file():
            path.chmod(0o644)  # as a clone leaves it
    code, out = yard.gate("--leave-evidence", "--home", shipped)
    assert (code, "may have come with the candidate" in out) == (2, True)
