from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.test_decide import _finding, _table, _weighing
from core.test_stages import ANSWER, EVENT, FIRST, MEASURED
from weighbridge.adapters.formats.decision_file import decision_schema, draft_text, parse_draft
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Statement
from weighbridge.core.errors import Faulty
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.plans import Plan
from weighbridge.core.rungs import Rung

NOW = datetime(2026, 8, 31, tzinfo=UTC)


def test_a_draft_is_read_back_and_becomes_a_decision_once_a_reason_is_given() -> None:
    text = draft_text(_weighing(), datetime(2026, 1, 2, tzinfo=UTC))
    draft = parse_draft(text, file="decision.toml")
    assert draft.plan == (("weights", Rung.OPEN),)
    assert draft.expires == "2026-07-02"
    with pytest.raises(Faulty, match="reason"):
        _table().decides(draft)
    told = parse_draft(
        text.replace('arguments = []\nsays = ""', 'arguments = ["benefit"]\nsays = "it does good"', 1),
        file="decision.toml",
    )
    assert _table().decides(told).plan == (("weights", Rung.OPEN),)


def test_a_draft_proposes_what_is_cleared_and_says_what_a_stop_forbids() -> None:
    stopped = _weighing(_finding(Effect.STOP, Verdict.BREACHED), cleared=(Rung.WITHHELD, Rung.PARTNERS))
    text = draft_text(stopped, NOW)
    assert 'weights = "partners"' in text
    assert "a stop forbids gated, licensed, open" in text
    assert 'expires = "2027-02-28"' in text
    assert 'weights = "withheld"' in draft_text(_weighing(cleared=()), NOW)


def test_a_draft_lists_the_breached_cautions() -> None:
    text = draft_text(_weighing(_finding(Effect.CAUTION, Verdict.BREACHED), cleared=(Rung.WITHHELD,)), NOW)
    assert "# the caution a-stop is breached; it takes away gated, licensed, open" in text
    assert parse_draft(text.replace("# despite", "despite"), file="d.toml").reason[0].despite == ("a-stop",)


def test_faults_are_told_with_their_lines() -> None:
    with pytest.raises(Faulty) as told:
        parse_draft('expires = "2027-01-01"\nconditon = []\n[plan]\nweights = "opn"\n', file="d.toml")
    assert "d.toml:2: conditon" in str(told.value)
    assert "d.toml:4: plan.weights" in str(told.value)


def test_a_name_cannot_break_out_of_its_comment() -> None:
    weighing = _weighing()
    odd = replace(weighing, candidate=replace(weighing.candidate, version='1"\nexpires = "2099-01-01'))
    draft = parse_draft(draft_text(odd, NOW), file="decision.toml")
    assert draft.expires == "2027-02-28"
    assert decision_schema()["title"] == "decision.toml"


@pytest.mark.parametrize("says", ["It buys a year.", 'a "quoted"\nline \\ \x7f \x00 \u202e', "\U0001f600"])
def test_the_statement_as_drafted_is_read_back(says: str) -> None:
    statement = Statement(says=says, figures=digest_of_bytes(b"f"))
    assert parse_draft(draft_text(_weighing(), NOW, statement), file="d.toml").statement == statement


def test_the_commented_stage_of_a_draft_is_one_once_it_is_filled_in() -> None:
    text = draft_text(_weighing(), NOW)
    at = text.index("# [[stage]]")
    stage = text[at : text.index("# [[waiver]]")].replace("# ", "")
    filled = stage.split("A stop")[0].replace('name = ""', 'name = "x"').replace('by = ""', 'by = "2027-01-01"')
    draft = parse_draft(text[:at] + filled.replace('says = ""', 'says = "so"'), file="d.toml")
    assert draft.stage[0].plan == (("weights", Rung.GATED),)
    assert draft.stage[0].criterion[0].says == "so"
    assert "stage[1].criterion[1].prob: unknown key" in _faults_of(
        text[:at] + filled.replace('says = ""', 'says = "so"\nprob = "p"')
    )


PLAN = Plan(
    name="by-time", rungs=(("weights", Rung.PARTNERS),),
    stages=(
        replace(FIRST, by="2027-01-01", not_before="2026-12-01", criterion=(replace(MEASURED, at_most=1e-7, at_least=None), EVENT)),
        replace(FIRST, name="all", plan=(("weights", Rung.OPEN),), by="2027-05-01", criterion=(ANSWER,)),
    ),
)  # fmt: skip


def test_a_plan_is_drafted_with_its_stages_and_lasts_as_long_as_they_do() -> None:
    draft = parse_draft(draft_text(_weighing(), NOW, plan=PLAN), file="d.toml")
    assert (draft.plan, draft.stage, draft.expires) == (PLAN.rungs, PLAN.stages, "2027-05-01")


def _faults_of(text: str) -> str:
    with pytest.raises(Faulty) as told:
        parse_draft(text, file="d.toml")
    return str(told.value)
