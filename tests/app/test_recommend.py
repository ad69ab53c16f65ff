from __future__ import annotations

from dataclasses import replace

from fakes.ledger import FakeLedger
from weighbridge.app.recommend import last_evidence, recommend, seal
from weighbridge.catalogue import find_cards, load_policy
from weighbridge.core.bodies import evidence_body
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Component, Declared, Role, Said, Subject, Triage
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Declaration, declared_digest, declared_key
from weighbridge.core.evidence import Asked, Evidence, Measured, Quantity
from weighbridge.core.ports import Kind
from weighbridge.core.replication import Replication
from weighbridge.core.rungs import Rung

DATA = Artefact(
    role=Role.DATA, label="a.csv", digest=digest_of_bytes(b"1"), size_bytes=1, format="csv", belongs=Belonging.DATA
)
NO = Triage(
    about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO, languages=("en",)
)
CANDIDATE = Candidate(name="c", version="1", artefacts=(DATA,), subjects=(Subject.BYTES,), triage=NO)


def _safety(code: int, seed: int = 0) -> Evidence:
    asked = Asked(
        candidate=CANDIDATE.digest, reading=CANDIDATE.reading, probe="artefact-safety", version=1, settings=(), seed=seed,
        budget_seconds=600.0,
    )  # fmt: skip
    counts = {"code-bearing-files": code, "secrets": 0, "licence-conflicts": 0}
    made = tuple(
        Quantity(metric=metric, value=n, low=n, high=n, confidence=1.0, unit="count", n=1, n_of="file")
        for metric, n in counts.items()
    )
    return Evidence(asked=asked, outcome=Measured(quantities=made))


def test_evidence_in_rungs_out() -> None:
    clean = recommend(CANDIDATE, [_safety(0)], load_policy(), find_cards())
    (standing,) = clean.recommendation.components
    assert (standing.component, standing.cleared) == (Component.DATA, tuple(Rung))
    assert clean.next == ()
    breached = recommend(CANDIDATE, [_safety(1)], load_policy(), find_cards())
    (standing,) = breached.recommendation.components
    assert standing.ceiling == (Rung.WITHHELD, Rung.SERVED)
    assert standing.limits == ("no-code-in-files",)


def test_silence_neither_opens_nor_condemns() -> None:
    made = recommend(replace(CANDIDATE, triage=Triage()), [], load_policy(), find_cards())
    (standing,) = made.recommendation.components
    assert standing.ceiling == tuple(Rung)
    assert Rung.OPEN not in standing.cleared
    assert made.next


def test_a_recommendation_is_sealed_once_and_its_evidence_found_again() -> None:
    ledger = FakeLedger()
    evidence = _safety(0)
    ledger.append("c", Kind.EVIDENCE, evidence_body(_safety(0, seed=7)))
    ledger.append("c", Kind.EVIDENCE, evidence_body(evidence))
    assert last_evidence(CANDIDATE, ledger) == ()
    made = recommend(CANDIDATE, [evidence], load_policy(), find_cards())
    seal(made, ledger)
    seal(made, ledger)
    assert [e.kind for e in ledger.entries("c")].count(Kind.RECOMMENDATION) == 1
    assert last_evidence(CANDIDATE, ledger) == (evidence,)
    changed = replace(CANDIDATE, artefacts=(replace(DATA, declared=Declared(person="id")),))
    assert last_evidence(changed, ledger) == ()


def test_evidence_of_another_version_is_passed_over_and_breaks_nothing() -> None:
    ledger = FakeLedger()
    ledger.append(
        CANDIDATE.name, Kind.EVIDENCE, {"asked": {"probe": "p"}, "outcome": {"outcome": "measured"}, "digest": "x"}
    )
    assert last_evidence(CANDIDATE, ledger) == ()


def test_evidence_from_a_section_that_was_changed_since_is_left_out() -> None:
    ledger = FakeLedger()
    key = declared_key(Declaration.REPLICATION)
    told = replace(CANDIDATE, replication=Replication(flop=1e20))
    old = _safety(0)
    other = replace(
        old, asked=replace(old.asked, seed=9, under=((key, declared_digest(told, Declaration.REPLICATION)),))
    )
    for evidence in (old, other):
        ledger.append("c", Kind.EVIDENCE, evidence_body(evidence))
    seal(recommend(told, [old, other], load_policy(), find_cards()), ledger)
    assert last_evidence(told, ledger) == (old, other)
    assert last_evidence(CANDIDATE, ledger) == (old,)
