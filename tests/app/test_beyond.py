from __future__ import annotations

from dataclasses import replace

import pytest

from app.test_decide import DRAFT, LATER, NARROW
from app.test_decide import _finding as finding_of
from app.test_decide import _says as says
from app.test_decide import _table as table_of
from app.test_decide import _weighing as weighing_of
from weighbridge.app.decide import Draft, Known, Reason
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Component
from weighbridge.core.decision import Waiver
from weighbridge.core.errors import Faulty
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.wording import phrase


def _despite(*rules: str) -> Draft:
    reason = Reason(arguments=(Argument.BENEFIT,), says="because", component=Component.WEIGHTS, despite=rules)
    return replace(DRAFT, reason=(reason,))


def test_a_breached_caution_is_traded_by_name_and_against_something() -> None:
    weighing = weighing_of(finding_of(Effect.CAUTION, Verdict.BREACHED), cleared=(Rung.WITHHELD,))
    assert "breached caution a-stop" in says(_despite(), weighing)
    for_all = replace(DRAFT, reason=(*_despite().reason, replace(DRAFT.reason[0], despite=("a-stop",))))
    assert "no reason for weights names it" in says(for_all, weighing)
    assert "did you mean 'a-stop'" in says(_despite("a-stop", "a-stp"), weighing)
    known = Known(against={})
    with pytest.raises(Faulty, match="nothing that was measured or testified stands"):
        table_of(weighing).decides(_despite("a-stop"), known=known)
    table = table_of(weighing)
    made = table.decides(_despite("a-stop"), known=Known(against={"a-stop": (phrase("a benefit"),)}))
    assert table.ledger.text(made.reasons[0]) == "[benefit; despite a-stop] because"


def test_a_breached_caution_may_be_waived_by_name() -> None:
    weighing = weighing_of(finding_of(Effect.CAUTION, Verdict.BREACHED), cleared=(Rung.WITHHELD,))
    waiver = Waiver(rule="a-stop", component=Component.WEIGHTS, authority="a", because="b", expires="2026-03-01")
    made = table_of(weighing).decides(replace(_despite(), waiver=(waiver,)), known=Known(against={}))
    assert made.waivers == (waiver,)
    held = replace(_despite(), plan=(("weights", Rung.PARTNERS),), waiver=(waiver,))
    assert "lifts nothing" in says(held, weighing)  # partners is not forbidden by it


def test_a_caution_that_a_later_stage_goes_beyond_is_named() -> None:
    weighing = weighing_of(finding_of(Effect.CAUTION, Verdict.BREACHED), cleared=(Rung.WITHHELD, Rung.PARTNERS))
    assert "breached caution a-stop" in says(replace(NARROW, stage=(LATER,)), weighing)


def test_a_refused_rationale_is_named_whatever_is_decided() -> None:
    refused = replace(finding_of(Effect.REFUSE_RATIONALE, Verdict.BREACHED), forbids=())
    weighing = weighing_of(refused)
    assert "reason: do not name a-stop" in says(_despite(), weighing)
    assert table_of(weighing).decides(_despite("a-stop"), known=Known(against={})).reasons
