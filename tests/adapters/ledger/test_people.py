from __future__ import annotations

import random
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.ledger.database import bear, connect
from weighbridge.adapters.ledger.people import DESIGN, FILE, Head, People, commitment_to
from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.errors import LedgerBroken


@pytest.fixture
def path(tmp_path: Path) -> Path:
    bear(tmp_path / FILE, DESIGN)
    return tmp_path / FILE


@pytest.fixture
def people(path: Path) -> Iterator[People]:
    store = People(path)
    yield store
    store.close()


def bytes_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_text_comes_back_and_its_commitment_is_salted(people: People) -> None:
    first, second = people.keep("she said no"), people.keep("she said no")
    assert people.text(first) == people.text(second) == "she said no"
    assert first != second
    assert people.text(digest_of("never kept")) is None


def test_a_commitment_is_the_digest_over_salt_and_text(people: People, path: Path) -> None:
    commitment = people.keep("words")
    with sqlite3.connect(path) as connection:
        ((salt,),) = connection.execute("SELECT salt FROM statement")
    connection.close()
    assert len(bytes.fromhex(salt)) == 32
    assert commitment == digest_of([salt, "words"])


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_salt_and_text_do_not_run_into_each_other(a: str, b: str) -> None:
    assert (commitment_to("ab", a + b) == commitment_to("ab" + a, b)) == (a == "")


def test_erased_texts_are_gone_from_every_byte_below_the_folder(people: People, path: Path) -> None:
    rng = random.Random(0)
    kept: dict[str, Digest] = {}
    for n in range(300):  # enough for the tree to be reshuffled, with texts from one word to several pages
        marker = f"marker-{n:03d}-{rng.getrandbits(64):016x}"
        kept[marker] = people.keep(" ".join([marker] * rng.choice([1, 3, 40, 900])))
        if n % 7 == 0:
            people.forget([kept.pop(rng.choice(list(kept)))])
    erased = rng.sample(sorted(kept), len(kept) // 2)
    assert all(marker.encode() in bytes_below(path.parent) for marker in erased)
    people.forget([kept.pop(marker) for marker in erased])
    left = bytes_below(path.parent)
    assert not [marker for marker in erased if marker.encode() in left]
    assert all(people.text(commitment) for commitment in kept.values())
    people.check()


def test_an_erasure_that_was_stopped_before_the_file_was_written_anew_is_completed(people: People, path: Path) -> None:
    commitment = people.keep("gone-but-not-swept " * 200)
    store = connect(path, DESIGN)
    store.execute("PRAGMA secure_delete = OFF")  # stands in for a copy that a reshuffled page has left behind
    store.execute("BEGIN")
    store.execute("INSERT INTO unswept VALUES (?)", (commitment,))
    store.execute("DELETE FROM statement")
    store.execute("COMMIT")
    store.close()
    assert b"gone-but-not-swept" in bytes_below(path.parent)
    people.finish([])
    assert b"gone-but-not-swept" not in bytes_below(path.parent)


def test_an_erasure_that_was_sealed_and_not_done_is_completed(people: People, path: Path) -> None:
    commitment, other = people.keep("to be erased"), people.keep("to be kept")
    people.finish([commitment, digest_of("long gone")])
    assert people.text(commitment) is None
    assert people.text(other) == "to be kept"
    assert b"to be erased" not in bytes_below(path.parent)


@pytest.mark.parametrize("column", ["commitment", "salt", "text"])
@pytest.mark.parametrize("changed", ["x", b"\xff".decode("utf-8", "surrogateescape")])
def test_a_changed_text_salt_or_commitment_is_seen(people: People, path: Path, column: str, changed: str) -> None:
    commitment = people.keep("marker-91c4 words")
    people.check()
    raw = sqlite3.connect(path)
    value = changed.encode("utf-8", "surrogateescape")
    raw.execute(f"UPDATE statement SET {column} = CAST(? AS TEXT)", (value,))  # noqa: S608  our own words
    raw.commit()
    raw.close()
    with pytest.raises(LedgerBroken) as broken:
        people.check()
    assert "marker-91c4" not in str(broken.value)
    if column != "commitment":
        with pytest.raises(LedgerBroken):
            people.text(commitment)


def test_a_head_only_moves_on(people: People) -> None:
    people.note_head(Head("toy", 2, "b"))
    people.note_head(Head("toy", 1, "a"))
    people.note_head(Head("other", 1, "c"))
    assert people.heads() == (Head("other", 1, "c"), Head("toy", 2, "b"))
    people.note_head(Head("toy", 3, "d"))
    assert people.heads()[1] == Head("toy", 3, "d")


def test_the_file_is_its_owners_only(people: People, path: Path) -> None:
    people.keep("x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
