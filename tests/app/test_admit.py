from __future__ import annotations

from dataclasses import replace

from fakes.ledger import FakeLedger
from weighbridge.app.admit import Witness, admit, testify
from weighbridge.core.candidate import (
    Artefact,
    Belonging,
    Candidate,
    Claims,
    Declared,
    Misuse,
    Role,
    Said,
    Subject,
    Triage,
)
from weighbridge.core.canon import Plain, canonical, digest_of_bytes
from weighbridge.core.ports import Kind
from weighbridge.core.shape import plain

DATA = Artefact(
    role=Role.DATA, label="a.csv", digest=digest_of_bytes(b"1"), size_bytes=1, format="csv", belongs=Belonging.DATA
)
CANDIDATE = Candidate(
    name="c", version="1", artefacts=(DATA,), subjects=(Subject.TABLE,), claims=Claims(purpose="the purpose in words")
)


def test_a_candidate_is_sealed_once_for_each_change() -> None:
    ledger = FakeLedger()
    admit(CANDIDATE, ledger)
    admit(CANDIDATE, ledger)
    admit(replace(CANDIDATE, artefacts=(replace(DATA, declared=Declared(person="id")),)), ledger)
    assert [e.kind for e in ledger.entries("c")] == [Kind.CANDIDATE, Kind.CANDIDATE]


def test_the_owners_words_are_not_in_the_chain() -> None:
    ledger = FakeLedger()
    admit(CANDIDATE, ledger)
    testify(
        replace(CANDIDATE, triage=Triage(harm=Said.NO)),
        Witness(name="Ruth", role="owner", reason="asked around"),
        ledger,
    )
    sealed = b"".join(canonical(plain(e)) for e in ledger.entries("c"))
    for words in (b"the purpose", b"Ruth", b"asked around"):
        assert words not in sealed
    assert sorted(text for _salt, text in ledger.texts.values()) == ["Ruth", "asked around", "the purpose in words"]


def test_answers_are_sealed_when_new_or_changed() -> None:
    ledger = FakeLedger()
    for triage in (Triage(), Triage(harm=Said.NO), Triage(harm=Said.NO, languages=("en",)), Triage(harm=Said.YES)):
        testify(replace(CANDIDATE, triage=triage), Witness(role="owner"), ledger)
    bodies = [e.body for e in ledger.entries("c")]
    said = [(b["question"], b["choice"]) for b in bodies if isinstance(b, dict)]
    assert said == [("harm", "no"), ("languages", ["en"]), ("harm", "yes")]


def test_a_chain_of_an_earlier_version_is_admitted_once_more() -> None:
    ledger = FakeLedger()
    old: dict[str, Plain] = {
        "digest": CANDIDATE.digest,
        "reading": CANDIDATE.reading,
        "version": "1",
        "artefacts": [],
        "words": {},
    }
    ledger.append("c", Kind.CANDIDATE, old)
    admit(CANDIDATE, ledger)
    admit(CANDIDATE, ledger)
    assert [e.kind for e in ledger.entries("c")] == [Kind.CANDIDATE, Kind.CANDIDATE]


def test_a_misuse_is_sealed_by_its_languages_and_its_words_stay_erasable() -> None:
    ledger = FakeLedger()
    named = replace(CANDIDATE, misuses=(Misuse(says="false news before a vote", languages=("sw", "hi")),))
    for about in (CANDIDATE, named, named, replace(CANDIDATE, misuses=(Misuse(says="none that we can name"),))):
        testify(about, Witness(role="owner"), ledger)
    bodies = [e.body for e in ledger.entries("c")]
    said = [(b["question"], b["choice"]) for b in bodies if isinstance(b, dict)]
    assert said == [("misuse_languages", ["hi", "sw"]), ("misuse_languages", "no")]
    assert b"false news" not in b"".join(canonical(plain(e)) for e in ledger.entries("c"))
    assert "false news before a vote" in [text for _salt, text in ledger.texts.values()]
