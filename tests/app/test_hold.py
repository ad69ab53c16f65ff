from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.test_advance import CAUTION, STOP
from fakes.staged import CANDIDATE, DRAFT, POLICY, ROLES, SAMPLES, WEIGHTS, Staged, make_staged, with_samples
from policy.toys import quantity
from weighbridge.app.admit import admit
from weighbridge.app.recommend import recommend, seal
from weighbridge.core.bodies import evidence_body
from weighbridge.core.candidate import Component, Declared, Said, Triage
from weighbridge.core.canon import Plain
from weighbridge.core.decision import Waiver
from weighbridge.core.evidence import Measured
from weighbridge.core.passage import Destination, Passage, Result
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung

OWNER, SECURITY = ROLES
BOTH = (WEIGHTS, SAMPLES)


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    made = make_staged(tmp_path)
    made.clock.goes_to("2026-01-20")
    made.weighs(0.9, candidate=with_samples())
    return made


def _failing(passage: Passage) -> dict[str, tuple[Result, str]]:
    return {c.name: (c.result, str(c.says)) for c in passage.checks if c.result is not Result.PASSES}


def test_a_component_leaves_at_the_rung_of_the_stage_that_is_open(staged: Staged) -> None:
    assert staged.gates(Destination.PARTNERS).result is Result.PASSES
    result, says = _failing(staged.gates(Destination.GATED))["rung"]
    assert (result, says) == (Result.REFUSED, "weights is partners until the stage gated is open")
    staged.opened("gated")
    assert _failing(staged.gates(Destination.GATED, files=BOTH)) == {}
    assert "until the stage all is open" in _failing(staged.gates(Destination.PUBLIC))["rung"][1]
    staged.clock.goes_to("2026-02-02")
    staged.opened("all")
    passage = staged.gates(Destination.PUBLIC)
    assert passage.result is Result.PASSES
    assert "every stage is open: gated, all" in [str(check.says) for check in passage.checks]


def test_the_gate_says_which_stage_is_open_and_which_comes_next(staged: Staged) -> None:
    told = [str(check.says) for check in staged.gates(Destination.PARTNERS).checks if check.name == "stages"]
    assert told == ["open: -; gated is to open by 2026-03-01"]


def test_one_signature_of_two_opens_nothing(staged: Staged) -> None:
    staged.opens("gated", OWNER)
    assert _failing(staged.gates(Destination.GATED))["rung"][0] is Result.REFUSED


@pytest.mark.parametrize(("day", "is_closed"), [("2026-03-01", False), ("2026-03-02", True)])
def test_a_missed_day_closes_everything_and_asks_for_another_weighing(
    staged: Staged, day: str, is_closed: bool
) -> None:
    staged.clock.goes_to(day)
    passage = staged.gates(Destination.PARTNERS)
    if not is_closed:
        assert passage.result is Result.PASSES
        return
    assert (passage.result, int(passage.result.exit_code)) == (Result.UNSETTLED, 3)
    assert _failing(passage)["stages"][1] == "the stage gated was to open by 2026-03-01 and has not"


def test_a_stage_whose_signer_is_revoked_takes_its_rung_back(staged: Staged) -> None:
    staged.opened("gated")
    staged.ring.revoke(staged.key("security"), "lost")
    staged.signs(SECURITY, person="another")  # under the decision, not under the stage
    says = _failing(staged.gates(Destination.GATED))["rung"][1]
    assert (
        says
        == "weights is partners until the stage gated is open; a signature under its opening does not count: its key was revoked"
    )
    staged.clock.goes_to("2026-03-02")
    assert "stages" in _failing(staged.gates(Destination.PARTNERS))


def test_evidence_that_came_later_stays_behind_where_the_release_is_staged(staged: Staged) -> None:
    assert _failing(staged.gates(Destination.PARTNERS, files=BOTH)) == {}
    stray = replace(SAMPLES, label="stray.txt")
    assert "extra" in _failing(staged.gates(Destination.PARTNERS, files=(*BOTH, stray)))


def test_what_was_weighed_later_beside_the_same_files_holds_too(tmp_path: Path) -> None:
    made = make_staged(tmp_path, replace(POLICY, rule=(replace(CAUTION, watch=STOP.watch),)))
    made.weighs(candidate=with_samples())
    assert made.gates(Destination.PARTNERS).result is Result.PASSES
    outcome = Measured(quantities=(replace(quantity("far", 0.9), unit="km"),))
    evidence = replace(made.measured(0.9), outcome=outcome)
    made.ledger.append("c", Kind.EVIDENCE, evidence_body(evidence))
    seal(recommend(made.candidate, (evidence,), made.policy, made.books.cards), made.ledger)
    assert "less came out cleared" in _failing(made.gates(Destination.PARTNERS))["triggers"][1]


def test_a_stop_breached_by_what_was_weighed_later_stands(tmp_path: Path) -> None:
    made = make_staged(tmp_path, replace(POLICY, rule=(STOP,)))
    made.candidate = with_samples()
    for far in (0.1, 0.9):
        numbers = (quantity("bad-count", 0.9), replace(quantity("far", far), unit="km"))
        evidence = replace(made.measured(0.9, seed=int(far * 10)), outcome=Measured(quantities=numbers))
        made.ledger.append("c", Kind.EVIDENCE, evidence_body(evidence))
        admit(made.candidate, made.ledger)
        made.weighing = recommend(made.candidate, (evidence,), made.policy, made.books.cards)
        seal(made.weighing, made.ledger)
        if far < 0.5:
            made.opened("gated")
            assert made.gates(Destination.GATED).result is Result.PASSES
    failing = _failing(made.gates(Destination.GATED))
    assert failing["stops"] == (Result.REFUSED, "the stop a-stop stands against weights")


def test_declaring_the_release_otherwise_asks_for_deciding_again(staged: Staged) -> None:
    declared = replace(WEIGHTS, declared=Declared(about_people=False))
    staged.weighs(candidate=replace(CANDIDATE, artefacts=(declared,)))
    assert "declared otherwise since" in _failing(staged.gates(Destination.PARTNERS))["triggers"][1]


def test_answers_that_change_nothing_of_what_is_cleared_change_nothing(staged: Staged) -> None:
    staged.weighs(candidate=replace(with_samples(), triage=Triage(harm=Said.NO, private=Said.NO)))
    assert staged.gates(Destination.PARTNERS).result is Result.PASSES


def test_an_answer_that_nobody_judged_yet_opens_nothing(staged: Staged) -> None:
    body: dict[str, Plain] = {
        "question": "legal", "choice": ["no"], "role": "owner", "says": None, "by": None, "version": "1", "replaces": [],
    }  # fmt: skip
    staged.ledger.append("c", Kind.ANSWER, body)
    says = "people answered questions since, and nobody judged what they said"
    assert _failing(staged.gates(Destination.PARTNERS))["triggers"] == (Result.UNSETTLED, says)
    seal(staged.weighing, staged.ledger)
    assert "triggers" not in _failing(staged.gates(Destination.PARTNERS))


def test_a_caution_that_was_waived_holds_again_when_the_waiver_ends(tmp_path: Path) -> None:
    rule = replace(CAUTION, forbids=(Rung.PARTNERS,))
    waiver = Waiver(
        rule="a-caution", component=Component.WEIGHTS, authority="the board", because="-", expires="2026-01-25"
    )
    draft = replace(DRAFT, waiver=(waiver,))
    made = make_staged(tmp_path, replace(POLICY, rule=(rule,)), found=0.9, draft=draft)
    made.clock.goes_to("2026-01-25")
    assert "stops" not in _failing(made.gates(Destination.PARTNERS))
    made.clock.goes_to("2026-01-26")
    assert "the waiver of the caution a-caution held until" in _failing(made.gates(Destination.PARTNERS))["stops"][1]
