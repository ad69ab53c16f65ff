from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from weighbridge.adapters.ledger.chain import COLUMNS, before_first, sealed
from weighbridge.adapters.ledger.sqlite import SqliteLedger, open_ledger
from weighbridge.core.bodies import evidence_body
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.errors import LedgerBroken, Outside, Unusable, WeighbridgeError
from weighbridge.core.evidence import Evidence
from weighbridge.core.ports import Clock, Kind, Ledger

Opened = Callable[[], SqliteLedger]
Making = Callable[..., Evidence]
MARKER = "marker-5d20"


@contextmanager
def raw(folder: Path, name: str = "ledger.sqlite") -> Iterator[sqlite3.Connection]:
    """The file without our triggers in the way; they are put back, so that only the seals can tell."""
    connection = sqlite3.connect(folder / name, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for trigger, _ in triggers:
        connection.execute(f"DROP TRIGGER {trigger}")
    yield connection
    for _, statement in triggers:
        connection.execute(statement)
    connection.close()


def filled(ledger: SqliteLedger, evidence: Making) -> None:
    ledger.append("toy", Kind.CANDIDATE, {"name": "toy", "note": MARKER})
    ledger.append("toy", Kind.EVIDENCE, evidence_body(evidence(1)))
    ledger.append("other", Kind.CANDIDATE, {"name": "other"})
    ledger.append("toy", Kind.EVIDENCE, evidence_body(evidence(2)))
    ledger.append("toy", Kind.ANSWER, {"reason": ledger.commit("toy", f"{MARKER} because")})


def test_it_is_a_ledger(ledger: SqliteLedger) -> None:
    port: Ledger = ledger
    assert port.chains() == ()


def test_entries_are_numbered_linked_and_dated(ledger: SqliteLedger, opened: Opened, evidence: Making) -> None:
    filled(ledger, evidence)
    with opened() as again:
        entries = list(again.entries("toy"))
        assert again.chains() == ("other", "toy")
        assert again.head("toy") == entries[-1].digest
        assert again.head("nobody") == before_first("nobody")
        assert again.verify() == 5
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert entries[0].previous == digest_of("toy")
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert entries[0].at == "2026-11-22T12:00:01.000+00:00"
    assert entries[0].environment == {"weighbridge": "0.1.0"}
    assert entries[0].body == {"name": "toy", "note": MARKER}
    assert list(ledger.entries("nobody")) == []


def test_long_chains_are_read_page_by_page(ledger: SqliteLedger) -> None:
    with sqlite3.connect(ledger._path, isolation_level=None) as fast:
        fast.execute("PRAGMA synchronous = OFF")
    ledger._entries.execute("PRAGMA synchronous = OFF")
    ledger._people._connection.execute("PRAGMA synchronous = OFF")
    for n in range(600):
        ledger.append("toy", Kind.ANSWER, n)
    assert [entry.body for entry in ledger.entries("toy")] == list(range(600))
    assert ledger.verify() == 600


def test_evidence_is_found_under_what_was_asked_and_the_latest_counts(ledger: SqliteLedger, evidence: Making) -> None:
    filled(ledger, evidence)
    asked = evidence(1).asked.digest
    assert ledger.evidence("toy", asked) == evidence(1)
    assert ledger.evidence("other", asked) is None
    assert ledger.evidence("toy", digest_of("never asked")) is None
    ledger.append("toy", Kind.EVIDENCE, evidence_body(evidence(1, value=0.5)))
    assert ledger.evidence("toy", asked) == evidence(1, value=0.5)
    plan = ledger._entries.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM entry WHERE chain = ? AND asked = ? ORDER BY number DESC LIMIT 1", ("a", "b")
    ).fetchall()
    assert "entry_asked" in plan[0][3]


def test_a_body_that_json_cannot_carry_leaves_the_chain_as_it_was(ledger: SqliteLedger) -> None:
    ledger.append("toy", Kind.ANSWER, 1)
    for body in (float("nan"), 2**53 + 1, "\ud800"):
        with pytest.raises(ValueError):
            ledger.append("toy", Kind.ANSWER, body)
    assert ledger.append("toy", Kind.ANSWER, 2).number == 2
    assert ledger.verify() == 2


def test_files_and_folder_are_their_owners_only(ledger: SqliteLedger, folder: Path, evidence: Making) -> None:
    filled(ledger, evidence)
    with ledger.weighing_lock("toy"):
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"ledger.sqlite", "people.sqlite"} < set(modes)
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = '{}'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE number = 1",
        "INSERT INTO entry SELECT chain, 9, kind, body, at, environment, previous, digest, asked FROM entry LIMIT 1",
    ],
)
def test_the_file_itself_refuses_to_be_rewritten(
    ledger: SqliteLedger, folder: Path, evidence: Making, statement: str
) -> None:
    filled(ledger, evidence)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as other:
        other.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(statement)
    assert ledger.verify() == 5


@pytest.mark.parametrize("column", COLUMNS.split(", "))
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_change_of_any_stored_field_is_seen(
    opened: Opened, folder: Path, evidence: Making, column: str, number: int
) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    with raw(folder) as connection:
        changed = (
            "number + 7" if column == "number" else f"coalesce(substr({column}, 1, length({column}) - 1), '') || 'x'"
        )
        connection.execute(f"UPDATE entry SET {column} = {changed} WHERE chain = 'toy' AND number = ?", (number,))  # noqa: S608  our own words
    with opened() as ledger, pytest.raises(LedgerBroken) as broken:
        ledger.verify()
    assert MARKER not in str(broken.value)


def test_dropped_triggers_are_seen(opened: Opened, folder: Path, evidence: Making) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
        connection.execute("DROP TRIGGER entry_stays")
    with pytest.raises(LedgerBroken):
        opened()


def test_a_removed_entry_is_named(opened: Opened, folder: Path, evidence: Making) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    with raw(folder) as connection:
        connection.execute("DELETE FROM entry WHERE chain = 'toy' AND number = 2")
    with opened() as ledger, pytest.raises(LedgerBroken, match="entry 2 of toy"):
        ledger.verify()


@pytest.mark.parametrize("where", ["chain = 'toy' AND number = 4", "chain = 'other'"])
def test_a_cut_off_end_is_seen_and_not_built_upon(opened: Opened, folder: Path, evidence: Making, where: str) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    with raw(folder) as connection:
        connection.execute(f"DELETE FROM entry WHERE {where}")  # noqa: S608  our own words
    with opened() as ledger:
        chain = "toy" if "toy" in where else "other"
        with pytest.raises(LedgerBroken, match=f"of {chain}"):
            ledger.verify()
        with pytest.raises(LedgerBroken, match=f"of {chain}"):
            ledger.append(chain, Kind.ANSWER, 1)


def test_a_chain_rewritten_with_sound_seals_is_seen_by_its_witness(
    opened: Opened, folder: Path, evidence: Making
) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
        (entry,) = ledger.entries("other")
    forged = sealed(type(entry)(**{**{name: getattr(entry, name) for name in entry.__slots__}, "at": "earlier"}))
    with raw(folder) as connection:
        connection.execute("UPDATE entry SET at = ?, digest = ? WHERE chain = 'other'", (forged.at, forged.digest))
    with opened() as ledger:
        assert list(ledger.entries("other")) == [forged]
        with pytest.raises(LedgerBroken, match="entry 1 of other"):
            ledger.verify()


def flips(folder: Path, opened: Opened, evidence: Making, offsets: Callable[[int], list[int]]) -> int:
    """Change both files, a bit at a time: each is noticed, or nothing that anybody reads is another. How many were noticed."""
    with opened() as ledger:
        filled(ledger, evidence)
        sound = everything(ledger)
    told = []
    for name in ("ledger.sqlite", "people.sqlite"):
        whole = (folder / name).read_bytes()
        for offset in offsets(len(whole)):
            damaged = bytearray(whole)
            damaged[offset] ^= 1 << (offset % 8)
            (folder / name).write_bytes(damaged)
            try:
                with opened() as ledger:
                    ledger.verify()
                    assert everything(ledger) == sound
            except WeighbridgeError as error:
                told.append(str(error))
        (folder / name).write_bytes(whole)
    assert not [message for message in told if MARKER in message]
    return len(told)


def everything(ledger: SqliteLedger) -> list[object]:
    """All that can be read."""
    entries = [entry for chain in ledger.chains() for entry in ledger.entries(chain)]
    commitments = [Digest(str(dict(entry.body)["reason"])) for entry in entries if entry.kind is Kind.ANSWER]  # type: ignore[arg-type]  # they are tables
    return [entries, [ledger.text(commitment) for commitment in commitments]]


def test_a_flipped_bit_is_noticed_or_changes_nothing(opened: Opened, folder: Path, evidence: Making) -> None:
    rng = random.Random(7)
    assert flips(folder, opened, evidence, lambda size: rng.sample(range(size), 80)) > 20


@pytest.mark.slow
def test_any_flipped_bit_is_noticed_or_changes_nothing(opened: Opened, folder: Path, evidence: Making) -> None:
    assert flips(folder, opened, evidence, lambda size: list(range(0, size, 7)) + list(range(200))) > 500


def test_an_erased_text_is_gone_and_the_chain_stays_whole(
    ledger: SqliteLedger, opened: Opened, folder: Path, evidence: Making
) -> None:
    filled(ledger, evidence)
    first = ledger.commit("toy", "marker-gone-77 was said")
    other = ledger.commit("toy", "marker-kept-78 was said")
    ledger.append("toy", Kind.ANSWER, {"reason": first})
    ledger.erase("toy", first)
    ledger.erase("toy", first)  # once more changes nothing
    *_, last = ledger.entries("toy")
    assert (last.kind, last.number, last.body) == (Kind.ERASURE, 6, {"commitment": first})
    assert ledger.text(first) is None
    assert ledger.text(other) == "marker-kept-78 was said"
    assert not [file for file in folder.rglob("*") if b"marker-gone-77" in file.read_bytes()]
    with opened() as again:
        assert again.verify() == 7


def test_what_was_never_kept_cannot_be_erased(ledger: SqliteLedger) -> None:
    with pytest.raises(Unusable, match="nothing to erase"):
        ledger.erase("toy", digest_of("x"))
    assert ledger.chains() == ()


def test_an_erasure_stopped_half_way_is_completed_at_the_next_opening(
    ledger: SqliteLedger, opened: Opened, folder: Path
) -> None:
    commitment = ledger.commit("toy", "marker-half-79")
    ledger.append("toy", Kind.ERASURE, {"commitment": commitment})
    assert b"marker-half-79" in (folder / "people.sqlite").read_bytes()
    with opened() as again:
        assert again.text(commitment) is None
    assert b"marker-half-79" not in (folder / "people.sqlite").read_bytes()


def test_a_missing_store_is_told_and_can_be_begun_anew(opened: Opened, folder: Path, evidence: Making) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    (folder / "people.sqlite").unlink()
    with pytest.raises(LedgerBroken, match=r"people\.sqlite is missing") as broken:
        opened()
    command = broken.value.fix.rpartition(": ")[2]
    subprocess.run(["/bin/sh", "-c", command], check=True)
    with opened() as ledger:
        assert ledger.verify() == 5


def test_a_missing_ledger_is_told_and_can_be_begun_anew(opened: Opened, folder: Path, evidence: Making) -> None:
    with opened() as ledger:
        filled(ledger, evidence)
    (folder / "ledger.sqlite").unlink()
    with pytest.raises(LedgerBroken, match=r"ledger\.sqlite is missing") as broken:
        opened()
    command = broken.value.fix.rpartition(": ")[2]
    subprocess.run(["/bin/sh", "-c", command], check=True)
    with opened() as ledger:
        assert ledger.verify() == 0


def test_a_birth_stopped_between_the_two_files_is_completed(opened: Opened, folder: Path) -> None:
    opened().close()
    (folder / "ledger.sqlite").unlink()
    with opened() as ledger:
        assert ledger.append("toy", Kind.ANSWER, 1).number == 1


@pytest.mark.parametrize("name", ["ledger.sqlite", "people.sqlite"])
def test_what_is_no_ledger_is_told(opened: Opened, folder: Path, name: str) -> None:
    opened().close()
    (folder / name).write_bytes(b"something else altogether " * 50)
    with pytest.raises(LedgerBroken, match=name):
        opened()


def test_a_newer_ledger_asks_for_a_newer_weighbridge(opened: Opened, folder: Path) -> None:
    opened().close()
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(Outside, match=r"ledger\.sqlite") as outside:
        opened()
    assert outside.value.fix.endswith("--upgrade weighbridge")


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, opened: Opened, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")
    with pytest.raises(Outside):
        opened()


def test_the_lock_of_one_chain_leaves_the_others_free(ledger: SqliteLedger, opened: Opened) -> None:
    with opened() as other, ledger.weighing_lock("toy"):
        with other.weighing_lock("another"):
            pass
        with pytest.raises(Outside, match="another weighing of toy is running"), other.weighing_lock("toy"):
            pass
        other.append("toy", Kind.ANSWER, 1)  # the lock is about weighings; a person may answer meanwhile


READ_ONLY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.errors import Outside
from weighbridge.core.ports import Kind
import encodings.utf_16_be  # found before the rights are given up
class Now:
    def now(self): return datetime.now(UTC)
if os.geteuid() == 0:
    os.seteuid(65534)  # permissions do not hold for the superuser
with open_ledger(Path(sys.argv[1]), Now(), {}) as ledger:
    print(ledger.verify(), ledger.text(sys.argv[2]))
    try:
        ledger.append("toy", Kind.ANSWER, 1)
    except Outside as error:
        print(error)
"""


def test_a_read_only_ledger_can_be_read_and_says_why_it_cannot_be_written(clock: Clock) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "ledger"
        with open_ledger(folder, clock, {}) as ledger:
            commitment = ledger.commit("toy", "words")
            ledger.append("toy", Kind.ANSWER, {"reason": commitment})
        for file in folder.iterdir():
            file.chmod(0o400)
            os.chown(file, *(65534, 65534) if os.geteuid() == 0 else (-1, -1))
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder), commitment], capture_output=True, text=True, check=False
        )
        folder.chmod(0o700)
    assert done.stderr == ""
    assert done.stdout.startswith("1 words\n")
    assert f"chmod u+rwx {folder}" in done.stdout


FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.errors import Outside
from weighbridge.core.ports import Kind
class Now:
    def now(self): return datetime.now(UTC)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
count = 0
try:
    with open_ledger(Path(sys.argv[1]), Now(), {}) as ledger:
        for count in range(10_000):
            ledger.append("toy", Kind.ANSWER, "x" * 500)
except Outside as error:
    print(count)
    print(error)
"""


@pytest.mark.parametrize("room", [2_000, 50_000, 123_457])
def test_a_full_disk_is_told_and_what_was_sealed_stays(opened: Opened, folder: Path, room: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), str(room)], capture_output=True, text=True, check=True
    )
    count, what, *_ = done.stdout.splitlines()
    assert "cannot use the ledger's file" in what
    assert "df -h" in done.stdout
    with opened() as ledger:
        assert int(count) <= ledger.verify() <= int(count) + 1  # one may be sealed whose witness found no room
        assert ledger.append("toy", Kind.ANSWER, "there is room again").number == ledger.verify()
