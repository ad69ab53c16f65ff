from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ledger import FakeLedger
from weighbridge.adapters.formats.answers_file import skipped
from weighbridge.app.answer import Answer, Hearing, Stand, answer, applicable, asserted, confirm, facts, stands
from weighbridge.catalogue import find_questions
from weighbridge.core.candidate import Candidate, Said, Subject, Triage
from weighbridge.core.ports import Kind

QUESTIONS = find_questions()
HIGH = Triage(about_people=Said.YES, private=Said.YES, harm=Said.YES, generates=Said.YES, identifies=Said.NO)
ALL_NO = Triage(about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO)
TOY = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.TABLE,), triage=HIGH)


def _of(slug: str, candidate: Candidate, ledger: FakeLedger) -> Hearing:
    return next(h for h in stands(candidate, QUESTIONS, ledger) if h.question.slug == slug)


def _say(slug: str, choice: str, ledger: FakeLedger, candidate: Candidate = TOY, seen: Hearing | None = None) -> None:
    words = Answer(question=slug, choice=(choice,) if choice else (), says="Zyxquorble", by="Zuri", role="owner")
    answer(candidate, words, seen or _of(slug, candidate, ledger), ledger)


def test_an_answer_counts_and_its_words_stay_out_of_the_chain() -> None:
    ledger = FakeLedger()
    assert _of("legal", TOY, ledger).stand is Stand.OPEN
    _say("legal", "yes", ledger)
    found = _of("legal", TOY, ledger)
    assert (found.stand, found.replies[0].choice, found.replies[0].role) == (Stand.COUNTS, ("yes",), "owner")
    assert facts(stands(TOY, QUESTIONS, ledger)) == (("legal", ("yes",)),)
    assert not [e for e in ledger.entries("toy") if "Zyxquorble" in str(e.body) or "Zuri" in str(e.body)]
    assert found.replies[0].says is not None
    assert ledger.text(found.replies[0].says) == "Zyxquorble"


def test_changing_an_answer_keeps_the_earlier() -> None:
    ledger = FakeLedger()
    _say("legal", "no", ledger)
    _say("legal", "yes", ledger)
    assert _of("legal", TOY, ledger).replies[0].choice == ("yes",)
    assert len([e for e in ledger.entries("toy") if e.kind is Kind.ANSWER]) == 2


def test_who_was_consulted_can_be_erased_without_breaking_the_chain() -> None:
    ledger = FakeLedger()
    _say("consulted", "answered", ledger)
    said = _of("consulted", TOY, ledger).replies[0]
    for commitment in (said.says, said.by):
        assert commitment is not None
        ledger.erase("toy", commitment)
        assert ledger.text(commitment) is None
    ledger.verify()
    assert _of("consulted", TOY, ledger).stand is Stand.COUNTS  # that somebody was, still stands


def test_two_at_once_are_both_kept_and_the_question_is_open() -> None:
    ledger = FakeLedger()
    both = _of("legal", TOY, ledger)  # what both of them saw
    _say("legal", "yes", ledger, seen=both)
    _say("legal", "no", ledger, seen=both)
    found = _of("legal", TOY, ledger)
    assert found.stand is Stand.DISPUTED
    assert {reply.choice for reply in found.replies} == {("yes",), ("no",)}
    assert facts(stands(TOY, QUESTIONS, ledger)) == ()
    _say("legal", "yes", ledger)  # whoever saw both settles it
    assert _of("legal", TOY, ledger).stand is Stand.COUNTS
    _say("right", "yes", ledger, seen=(seen := _of("right", TOY, ledger)))
    _say("right", "yes", ledger, seen=seen)  # alike is no dispute
    assert _of("right", TOY, ledger).stand is Stand.COUNTS


def test_a_new_version_carries_answers_for_one_confirmation() -> None:
    ledger = FakeLedger()
    _say("legal", "yes", ledger)
    _say("right", "yes", ledger)
    newer = replace(TOY, version="2")
    assert {_of(slug, newer, ledger).stand for slug in ("legal", "right")} == {Stand.CARRIED}
    assert facts(stands(newer, QUESTIONS, ledger)) == ()
    carried = confirm(newer, stands(newer, QUESTIONS, ledger), by="Zuri", role="owner", ledger=ledger)
    assert {h.question.slug for h in carried} == {"legal", "right"}
    assert dict(facts(stands(newer, QUESTIONS, ledger))) == {"legal": ("yes",), "right": ("yes",)}
    newest = replace(TOY, version="3")
    assert _of("legal", newest, ledger).stand is Stand.CARRIED  # confirmed for 2, not for 3
    _say("legal", "no", ledger, candidate=newest)
    assert _of("legal", newest, ledger).stand is Stand.COUNTS
    assert confirm(TOY, (), by="", role="", ledger=ledger) == ()


def test_answers_that_cannot_both_be_right_count_neither() -> None:
    ledger = FakeLedger()
    _say("consulted", "none", ledger)
    _say("consultation-changed", "answered", ledger)
    for slug in ("consulted", "consultation-changed"):
        found = _of(slug, TOY, ledger)
        assert (found.stand, bool(found.because)) == (Stand.CONTRADICTED, True)
    assert facts(stands(TOY, QUESTIONS, ledger)) == ()
    _say("consultation-changed", "none", ledger)
    assert _of("consulted", TOY, ledger).stand is Stand.COUNTS


def test_left_out_with_a_reason_is_no_answer() -> None:
    ledger = FakeLedger()
    _say("missed", "", ledger)
    assert _of("missed", TOY, ledger).stand is Stand.SKIPPED
    assert facts(stands(TOY, QUESTIONS, ledger)) == ()


def test_an_answer_that_is_none_any_more_is_open() -> None:
    ledger = FakeLedger()
    _say("legal", "perhaps", ledger)
    assert _of("legal", TOY, ledger).stand is Stand.OPEN


def test_another_candidate_has_answers_of_its_own() -> None:
    ledger = FakeLedger()
    _say("legal", "yes", ledger)
    assert _of("legal", replace(TOY, name="other"), ledger).stand is Stand.OPEN


def test_what_is_asked_follows_from_what_is_known() -> None:
    nothing = replace(TOY, triage=ALL_NO)
    assert [q.slug for q in applicable(nothing, QUESTIONS)] == ["own-effect", "missed"]
    high = {q.slug for q in applicable(TOY, QUESTIONS)}
    assert {"consulted", "persecution", "defender"} <= high
    assert "other-reading" not in high  # no model in it
    quiet = replace(TOY, triage=replace(HIGH, generates=Said.NO))
    assert "defender" not in {q.slug for q in applicable(quiet, QUESTIONS)}
    unknown = replace(TOY, triage=replace(HIGH, generates=Said.UNKNOWN))
    assert "defender" in {q.slug for q in applicable(unknown, QUESTIONS)}  # not known is asked


@given(st.lists(st.tuples(st.sampled_from(["yes", "no", "not-known"]), st.booleans()), max_size=6))
def test_only_one_choice_ever_counts(said: list[tuple[str, bool]]) -> None:
    """Whoever answers having seen all that stands settles it; whoever has not can only dispute, never overwrite."""
    ledger = FakeLedger()
    stale = _of("legal", TOY, ledger)
    for choice, sees_all in said:
        _say("legal", choice, ledger, seen=None if sees_all else stale)
    found = _of("legal", TOY, ledger)
    choices = {reply.choice for reply in found.replies}
    assert found.stand is (Stand.OPEN if not said else Stand.COUNTS if len(choices) == 1 else Stand.DISPUTED)
    if said and said[-1][1]:
        assert (found.stand, found.replies[-1].choice) == (Stand.COUNTS, (said[-1][0],))


@pytest.mark.parametrize("how", ["carried", "disputed", "no longer asked", "said and then skipped"])
def test_what_does_not_count_is_still_heard_by_a_stop(how: str) -> None:
    ledger, about = FakeLedger(), TOY
    both = _of("legal", TOY, ledger)
    _say("legal", "no", ledger)
    if how == "carried":
        about = replace(TOY, version="2")
    elif how == "disputed":
        _say("legal", "yes", ledger, seen=both)
    elif how == "no longer asked":
        about = replace(TOY, triage=ALL_NO)
    elif how == "said and then skipped":
        with pytest.raises(ValueError, match="was answered"):
            skipped(Answer(question="legal", choice=(), says="A reason.", role="owner"), _of("legal", TOY, ledger))
    assert "no" in dict(asserted(stands(about, QUESTIONS, ledger)))["legal"]
