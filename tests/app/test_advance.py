from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.ledger import FakeLedger
from fakes.staged import (
    CANDIDATE,
    DRAFT,
    GATED,
    POLICY,
    ROLES,
    WEIGHTS,
    SetClock,
    Staged,
    make_staged,
    with_samples,
)  # fmt: skip
from policy.toys import quantity
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.decide import Draft
from weighbridge.app.recommend import recommend, seal
from weighbridge.app.reopen import Happening, reopen
from weighbridge.app.stage import State
from weighbridge.core.bodies import evidence_body
from weighbridge.core.candidate import Impact, Said, Triage
from weighbridge.core.canon import canonical, digest_of_bytes
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import NotSettled, Unusable, WeighbridgeError
from weighbridge.core.evidence import Measured
from weighbridge.core.findings import Effect
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.policy.rules import Approving, Policy, Rule, Safe, Watch

OWNER, SECURITY = ROLES


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    """Decided in stages, and since then measured on samples that were not there before."""
    made = make_staged(tmp_path)
    made.clock.goes_to("2026-01-20")
    made.weighs(0.9, candidate=with_samples())
    return made


def _refuses(staged: Staged, says: str, name: str = "gated", error: type[WeighbridgeError] = NotSettled) -> None:
    n = len(list(staged.ledger.entries("c")))
    with pytest.raises(error) as told:
        staged.opens(name, OWNER)
    assert says in str(told.value)
    assert len(list(staged.ledger.entries("c"))) == n, "something was sealed all the same"


def test_a_stage_opens_once_every_role_has_signed_it(staged: Staged) -> None:
    made = staged.opens("gated", OWNER)
    assert staged.progress().steps[0].missing == (SECURITY,)
    staged.opens("gated", SECURITY)
    progress = staged.progress()
    assert [step.state for step in progress.steps] == [State.OPEN, State.WAITING]
    assert dict(progress.plan) == {"weights": Rung.GATED}
    (found, told) = made.met
    assert found.rests_on == (staged.measured(0.9).digest,)
    assert staged.ledger.text(told.rests_on[0]) == "I saw it."


def test_what_was_testified_lies_in_the_erasable_store(staged: Staged) -> None:
    staged.opened("gated")
    assert b"I saw it" not in b"".join(canonical(plain(entry)) for entry in staged.ledger.entries("c"))


def test_the_last_stage_opens_after_the_first(staged: Staged) -> None:
    _refuses(staged, "gated comes first", "all")
    staged.opened("gated")
    _refuses(staged, "it opens on 2026-02-01 at the earliest", "all")
    staged.clock.goes_to("2026-02-01")
    staged.opened("all")
    assert dict(staged.progress().plan) == {"weights": Rung.OPEN}
    _refuses(staged, "every role has signed", "all", Unusable)


def test_a_stage_that_is_not_there(staged: Staged) -> None:
    _refuses(staged, "did you mean 'gated'", "gatd", Unusable)


@pytest.mark.parametrize("found", [None, 0.7])
def test_silence_and_a_number_out_of_range_open_nothing(tmp_path: Path, found: float | None) -> None:
    staged = make_staged(tmp_path)
    staged.weighs(found, candidate=with_samples())
    _refuses(staged, "the criterion found is not met")


def test_measuring_until_it_comes_out_well_opens_nothing(staged: Staged) -> None:
    staged.weighs(0.7, seed=1)
    staged.weighs(0.9, seed=2)
    _refuses(staged, "the criterion found is not met")


def test_an_event_that_nobody_testifies_to(staged: Staged) -> None:
    with pytest.raises(NotSettled, match="the criterion told is not met: nobody has testified"):
        staged.opens("gated", OWNER, words="")


@pytest.mark.parametrize(("day", "opens"), [("2026-03-01", True), ("2026-03-02", False)])
def test_the_last_day_is_the_last(staged: Staged, day: str, opens: bool) -> None:
    staged.clock.goes_to(day)
    if opens:
        staged.opened("gated")
        assert staged.progress().steps[0].state is State.OPEN
        return
    _refuses(staged, "was to open by 2026-03-01, and has not")
    _refuses(staged, "gated was to open by 2026-03-01", "all")


def test_a_clock_that_was_set_back_opens_nothing(staged: Staged) -> None:
    staged.clock.goes_to("2026-03-02")
    staged.weighs(0.9, seed=3)  # the ledger has seen that day
    staged.clock.goes_to("2026-03-01")
    _refuses(staged, "clock is wrong", error=Unusable)


def test_bytes_that_were_not_decided_on(staged: Staged) -> None:
    other = replace(WEIGHTS, digest=digest_of_bytes(b"another"))
    staged.weighs(0.9, candidate=replace(CANDIDATE, artefacts=(other,)))
    _refuses(staged, "is not the release that was decided on")


def test_files_declared_otherwise_are_another_release(staged: Staged) -> None:
    declared = replace(WEIGHTS, declared=replace(WEIGHTS.declared, about_people=False))
    staged.weighs(0.9, candidate=with_samples(replace(CANDIDATE, artefacts=(declared,))))
    _refuses(staged, "is not the release that was decided on")


def test_an_answer_that_was_given_otherwise_since(staged: Staged) -> None:
    staged.opened("gated")
    staged.clock.goes_to("2026-02-02")
    staged.weighs(0.9, candidate=with_samples(replace(CANDIDATE, triage=Triage(harm=Said.UNKNOWN))))
    harmed = replace(with_samples(), triage=Triage(harm=Said.YES))
    staged.weighs(0.9, candidate=harmed)
    _refuses(staged, "no-harm is not met: it is answered otherwise", "all")


def test_who_may_open_it(staged: Staged) -> None:
    with pytest.raises(Unusable, match="who prepares a decision does not open its stages"):
        staged.opens("gated", OWNER, "prep")
    with pytest.raises(Unusable, match="cannot open a stage"):
        staged.opens("gated", SignerRole.COMMUNITY, "zuri")
    staged.opens("gated", OWNER)
    with pytest.raises(Unusable, match="this person has signed already"):
        staged.opens("gated", OWNER)
    staged.ring.revoke(staged.key("security"), "lost")
    with pytest.raises(WeighbridgeError, match=r"revoked|trust"):
        staged.opens("gated", SECURITY)


def test_a_decision_that_is_not_signed_or_is_closed_opens_nothing(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.weighs(0.9, candidate=with_samples())
    reopen("c", Happening(what="something happened"), made.ledger)
    _refuses(made, "keeps the decision closed")
    made.decides()
    _refuses(made, "nobody has signed as owner")


STOP = Rule(
    slug="a-stop", says="s", because="b", source="s", ours=True, effect=Effect.STOP, safe=Safe(at_most=0.5),
    remedy="mend it", forbids=(Rung.GATED,), watch=Watch(probe="plain-toy", metric="far"),
)  # fmt: skip


def test_a_stop_that_is_not_answered_when_the_day_comes(tmp_path: Path) -> None:
    made = make_staged(tmp_path, replace(POLICY, rule=(STOP,)))
    made.weighs(0.9, candidate=with_samples())
    _refuses(made, "the stop a-stop forbids it and is not yet answered")


CAUTION = replace(STOP, slug="a-caution", effect=Effect.CAUTION, watch=Watch(probe="plain-toy", metric="bad-count"))


def test_a_limit_that_came_up_since_it_was_decided(tmp_path: Path) -> None:
    made = make_staged(tmp_path, replace(POLICY, rule=(CAUTION,)))
    made.weighs(0.9, candidate=with_samples())
    _refuses(made, "a limit has come up")


def test_what_is_not_cleared_any_more_had_no_reason(tmp_path: Path) -> None:
    far = replace(CAUTION, watch=STOP.watch)
    clock = SetClock()
    made = Staged(
        ring=Keyring(tmp_path, clock), clock=clock, ledger=FakeLedger(clock), policy=replace(POLICY, rule=(far,))
    )
    made.weighs()
    known = replace(made.measured(0.9), outcome=Measured(quantities=(replace(quantity("far", 0.1), unit="km"),)))
    made.ledger.append("c", Kind.EVIDENCE, evidence_body(known))
    made.weighing = recommend(made.candidate, (known,), made.policy, made.books.cards)
    seal(made.weighing, made.ledger)
    made.decides()
    made.signs()
    made.weighs(0.9, candidate=with_samples())  # which says nothing of how far
    _refuses(made, "it is not cleared any more")


def test_a_limit_that_was_known_when_it_was_decided(tmp_path: Path) -> None:
    named = replace(DRAFT, reason=(replace(DRAFT.reason[0], despite=("a-caution",)),))
    made = make_staged(tmp_path, replace(POLICY, rule=(CAUTION,)), found=0.9, draft=named)
    made.weighs(0.9, candidate=with_samples())
    made.opens("gated", OWNER)
    assert made.last(Kind.ADVANCE).number == len(list(made.ledger.entries("c")))


def test_one_person_may_do_both_at_light_impact_a_day_later(tmp_path: Path) -> None:
    light = Triage(
        about_people=Said.NO, private=Said.NO, harm=Said.NO, generates=Said.NO, identifies=Said.NO, languages=("en",)
    )
    alone = replace(POLICY, approval=(Approving(impact=Impact.LIGHT, roles=(OWNER,)),))
    made = make_staged_alone(tmp_path, alone, light, replace(DRAFT, stage=(GATED,)))
    made.clock.goes_to("2026-01-02")
    with pytest.raises(Unusable, match="a day later"):
        made.opens("gated", OWNER, "prep")
    made.clock.goes_to("2026-01-04")
    assert made.opens("gated", OWNER, "prep").self_reviewed
    assert made.progress().steps[0].state is State.OPEN


def make_staged_alone(folder: Path, policy: Policy, triage: Triage, draft: Draft) -> Staged:
    clock = SetClock()
    made = Staged(ring=Keyring(folder, clock), clock=clock, ledger=FakeLedger(clock), policy=policy)
    made.weighs(0.9, candidate=replace(CANDIDATE, triage=triage))
    made.decides(draft)
    made.signs()
    return made
