from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.ledger import FakeLedger
from fakes.staged import ALL, DRAFT, GATED, ROLES, WORDS, SetClock, Staged, make_staged, with_samples
from weighbridge.app.stage import State, stage
from weighbridge.core.advance import opened_advance, sealed_advance
from weighbridge.core.candidate import Component
from weighbridge.core.canon import Plain, digest_of_bytes
from weighbridge.core.decision import Advance, Met, SignerRole
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung

OWNER, SECURITY = ROLES


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    made = make_staged(tmp_path)
    made.clock.goes_to("2026-01-20")
    made.weighs(0.9, candidate=with_samples())
    made.opened("gated")
    assert made.progress().steps[0].state is State.OPEN
    return made


def _why(staged: Staged, n: int = 0) -> list[str]:
    """Why signatures under the opening of a stage do not count; and that it is not open."""
    step = staged.progress().steps[n]
    assert step.state is not State.OPEN
    return [str(opening.why_not) for opening in step.openings if opening.why_not is not None]


def _forged(staged: Staged, advance: Advance, person: str, stage: str = "") -> None:
    """Put an opening into the chain that `advance` would not have made."""
    make = staged.ring.signer(staged.key(person), WORDS)
    envelope = sealed_advance(staged.decision, advance, make)
    body: Plain = {
        "decision": staged.decision.digest, "stage": stage or advance.stage, "role": advance.role.value,
        "fingerprint": advance.fingerprint, "envelope": base64.b64encode(envelope).decode(),
    }  # fmt: skip
    staged.ledger.append("c", Kind.ADVANCE, body)


def _advance(staged: Staged, **changes: Any) -> Advance:
    body = staged.last(Kind.ADVANCE).body
    assert isinstance(body, dict)
    return replace(opened_advance(staged.decision, base64.b64decode(str(body["envelope"]))).advance, **changes)


def test_a_decision_without_stages_has_the_plan_it_was_made_with(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.decides(replace(DRAFT, stage=()))
    progress = made.progress()
    assert (progress.steps, progress.missed, progress.next) == ((), None, None)
    assert progress.rung_of(Component.WEIGHTS) is Rung.PARTNERS
    assert progress.given == (Component.WEIGHTS,)


def test_what_is_ready_waits_for_signatures(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    assert [step.state for step in made.progress().steps] == [State.WAITING, State.WAITING]
    made.weighs(0.9, candidate=with_samples())
    assert [step.state for step in made.progress().steps] == [State.READY, State.WAITING]


def test_a_key_that_was_revoked_opens_nothing_any_more(staged: Staged) -> None:
    staged.ring.revoke(staged.key("security"), "lost")
    assert _why(staged) == ["its key was revoked"]
    assert dict(staged.progress().plan) == {"weights": Rung.PARTNERS}


def test_a_key_that_is_not_trusted_for_the_role(staged: Staged) -> None:
    staged.ring.revoke(staged.key("security"), "lost")
    known = staged.key("zuri", SignerRole.COMMUNITY)
    _forged(staged, _advance(staged, role=SECURITY, fingerprint=known.fingerprint), "zuri")
    assert _why(staged)[-1] == "its key is not trusted as security"
    prep = staged.key("prep", SECURITY)
    _forged(staged, _advance(staged, fingerprint=prep.fingerprint), "prep")
    assert _why(staged)[-1] == "who prepares a decision does not open its stages"


def test_an_opening_is_of_one_decision_alone(staged: Staged) -> None:
    body = staged.last(Kind.ADVANCE).body
    assert isinstance(body, dict)
    staged.decides()
    staged.signs()
    assert staged.progress().steps[0].openings == (), "the new decision starts anew"
    staged.ledger.append("c", Kind.ADVANCE, {**body, "decision": staged.decision.digest})  # replayed
    assert _why(staged) == ["the envelope is broken: it opens a stage of another decision"]


def test_criteria_that_are_edited_are_another_decision(staged: Staged) -> None:
    eased = replace(GATED, criterion=GATED.criterion[1:])
    staged.decides(replace(DRAFT, stage=(eased, ALL)))
    staged.signs()
    assert dict(staged.progress().plan) == {"weights": Rung.PARTNERS}


def test_evidence_about_other_files_opens_nothing(staged: Staged) -> None:
    good = _advance(staged)
    other = replace(with_samples(), artefacts=(replace(with_samples().artefacts[0], label="other.onnx"),))
    staged.weighs(0.9, candidate=other)
    other_grounds = staged.last(Kind.RECOMMENDATION).digest
    staged.clock.goes_to("2026-01-21")
    for change, says in (
        ({"recommendation": other_grounds, "candidate": other.digest, "reading": other.reading}, "is about other files"),
        ({"recommendation": other_grounds}, "rests on no recommendation"),
        ({"recommendation": digest_of_bytes(b"x")}, "rests on no recommendation"),
        ({"met": ()}, "does not say on what each criterion rests"),
        ({"met": (Met(criterion="found", rests_on=(digest_of_bytes(b"x"),)), *good.met[1:])}, "rests on other evidence"),
    ):  # fmt: skip
        person = f"forger {change}"
        known = staged.key(person, SECURITY)
        made = replace(good, fingerprint=known.fingerprint, signed_at="2026-01-21T12:00:00+00:00", **change)
        _forged(staged, made, person)
        staged_why = [str(o.why_not) for o in staged.progress().steps[0].openings if o.why_not is not None]
        assert says in staged_why[-1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"signed_at": "2026-03-02T00:00:01+00:00"}, "in the future"),
        ({"signed_at": "2026-01-01T00:00:00+00:00"}, "before the decision"),
        ({"signed_at": "someday"}, "in the future"),
        ({"fingerprint": "0" * 64}, "not in the ring"),
        ({"stage": "all"}, "another stage than its entry says"),
    ],
)
def test_openings_that_were_never_made_here(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    advance = made.opens("gated", OWNER)
    known = made.key("mallory", SECURITY)
    _forged(
        made, replace(advance, **{"role": SECURITY, "fingerprint": known.fingerprint, **change}), "mallory", "gated"
    )
    assert says in _why(made)[0]


def test_a_signature_by_another_key_than_it_names(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    advance = made.opens("gated", OWNER)
    made.key("mallory", SECURITY)
    _forged(made, replace(advance, role=SECURITY, fingerprint=made.key("security").fingerprint), "mallory")
    assert "does not fit what it is under" in _why(made)[0]


def test_one_person_does_not_sign_for_two(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    advance = made.opens("gated", OWNER, "ann")
    made.key("ann", OWNER, SECURITY)
    _forged(made, replace(advance, role=SECURITY), "ann")
    assert _why(made) == ["the same person has signed already, with this key or another"]


def test_a_day_that_has_passed_cannot_be_signed_for_by_setting_the_clock_back(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    advance = made.opens("gated", OWNER)
    known = made.key("security", SECURITY)
    late = replace(advance, role=SECURITY, fingerprint=known.fingerprint)
    made.clock.goes_to("2026-03-02")
    _forged(made, late, "security")  # dated before, sealed after
    assert _why(made) == ["it was signed after the last day, 2026-03-01"]
    made.clock.goes_to("2026-02-28")
    _forged(made, late, "security")  # sealed by a clock that was set back
    made.clock.goes_to("2026-03-02")
    assert _why(made)[1] == "the ledger had seen a later day: a clock was set back"
    assert made.progress().missed is not None


def test_what_was_signed_before_its_turn_counts_for_nothing(staged: Staged) -> None:
    staged.clock.goes_to("2026-02-02")
    answer = [entry for entry in staged.ledger.entries("c") if entry.kind is Kind.ANSWER][-1]
    met = (Met(criterion="no-harm", rests_on=(answer.digest,)),)
    at = "2026-02-02T12:00:00+00:00"
    staged.ring.revoke(staged.key("owner"), "lost")  # the first stage is not open any more
    for role in ROLES:
        person = f"early {role.value}"
        known = staged.key(person, role)
        _forged(
            staged,
            _advance(staged, stage="all", met=met, role=role, fingerprint=known.fingerprint, signed_at=at),
            person,
        )
    assert _why(staged, 1) == ["the stage before it is not open"] * 2
    staged.clock.goes_to("2026-02-03")
    staged.signs(OWNER, person="another owner")
    staged.opens("gated", OWNER, "another owner")
    assert _why(staged, 1) == ["it was signed before the stage before it was open"] * 2


def test_a_stage_that_may_not_open_yet(staged: Staged) -> None:
    answer = [entry for entry in staged.ledger.entries("c") if entry.kind is Kind.ANSWER][-1]
    known = staged.key("early", OWNER)
    met = (Met(criterion="no-harm", rests_on=(answer.digest,)),)
    _forged(staged, _advance(staged, stage="all", met=met, role=OWNER, fingerprint=known.fingerprint), "early")
    assert _why(staged, 1) == ["it was signed before the first day, 2026-02-01"]


def test_a_criterion_that_ceased_to_be_met_closes_its_stage(staged: Staged) -> None:
    staged.weighs(0.2, seed=7)
    assert all("the criterion found is not met" in why for why in _why(staged))


def test_what_no_envelope_holds(staged: Staged) -> None:
    staged.ledger.append("c", Kind.ADVANCE, {"decision": staged.decision.digest, "stage": "gated", "envelope": "*"})
    assert staged.progress().steps[0].state is State.OPEN  # nor does it take anything from those that count
    assert "the envelope is broken" in str(staged.progress().steps[0].openings[-1].why_not)


@cache
def _opened_whole() -> Staged:
    """A release of which every stage is open; made once."""
    made = make_staged(Path(mkdtemp()))
    made.weighs(0.9, candidate=with_samples())
    made.opened("gated")
    made.clock.goes_to("2026-02-02")
    made.opened("all")
    return made


@settings(max_examples=30)
@example([0, 1, 2, 3], 0)
@given(st.lists(st.integers(0, 3), max_size=6), st.integers(0, 200))
def test_openings_left_out_repeated_or_in_another_order_never_give_more(picked: list[int], days: int) -> None:
    made = _opened_whole()
    entries = list(made.ledger.entries("c"))
    advances = [entry for entry in entries if entry.kind is Kind.ADVANCE]
    ledger = FakeLedger(clock := SetClock())
    for entry in (*(e for e in entries if e.kind is not Kind.ADVANCE), *(advances[n] for n in picked)):
        clock.at = datetime.fromisoformat(entry.at)
        ledger.append("c", entry.kind, entry.body)
    progress = stage(made.decision, replace(made.books, ledger=ledger), made.clock.now() + timedelta(days=days))
    rung = progress.rung_of(Component.WEIGHTS)
    assert {0, 1} <= set(picked) or rung is Rung.PARTNERS
    assert {0, 1, 2, 3} <= set(picked) or rung is not Rung.OPEN
    assert picked != [0, 1, 2, 3] or rung is Rung.OPEN
    if days > 88 and rung is not Rung.OPEN:  # after the last day of the last stage
        assert progress.missed is not None
