from __future__ import annotations

import json
from dataclasses import replace

from weighbridge.app.replay import FindingRow, NumberRow, PieceRow, ReasonRow, Replayed, StandingRow
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Candidate
from weighbridge.core.canon import digest_of
from weighbridge.core.case import Case, CaseEvidence, ExpectedNumber, ExpectedReason
from weighbridge.core.findings import Recommendation, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase
from weighbridge.report.replayed import render_replay, render_replays

CASE = Case(
    name="a-case", title="A case\u202e", on="2011", story=("One.", "Two.", "Three."), candidate="", essay="It was so.",
    evidence=(CaseEvidence(says="it was", source="somebody 2010", on="2010"),), note="invented",
)  # fmt: skip
EMPTY = Weighing(
    candidate=Candidate(name="a", version="1", artefacts=(), subjects=()), evidence=(), findings=(), next=(),
    recommendation=Recommendation(
        candidate=digest_of("c"), policy="p", policy_digest=digest_of("p"), components=()
    ),
)  # fmt: skip
SAME = Replayed(
    case=CASE, weighing=EMPTY,
    findings=(FindingRow(rule="r", expected=Verdict.BREACHED, found=Verdict.BREACHED, says=phrase("it is"),
                         because="the essay's reason"),),
    standings=(StandingRow(component="data", expected_ceiling=(Rung.GATED,), ceiling=(Rung.GATED,),
                           expected_cleared=None, cleared=(Rung.WITHHELD,)),),
)  # fmt: skip


def test_one_that_is_the_same() -> None:
    told = render_replay(SAME, style="table")
    assert "\u202e" not in told
    for piece in ("It was so.", "the essay's reason  [r]", "r: breached", "It is.", "at most gated", "Note: invented",
                  "for its reasons"):  # fmt: skip
        assert piece in told
    assert "differs" not in told
    assert "1 case replayed; none differs" in render_replays([SAME], style="table")
    assert json.loads(render_replays([SAME], style="json"))[0]["findings"][0]["expected"] == "breached"


def test_everything_that_differs_is_told() -> None:
    other = replace(
        SAME,
        findings=(
            replace(SAME.findings[0], found=Verdict.OPEN),
            replace(SAME.findings[0], rule="s", piece="another reason"),
            FindingRow(rule="t", expected=None, found=Verdict.BREACHED, says=phrase("x")),
        ),
        standings=(replace(SAME.standings[0], expected_ceiling=(Rung.OPEN,), expected_cleared=(Rung.SERVED,)),),
        numbers=(
            NumberRow(expected=ExpectedNumber(probe="p", metric="m", because="few", at_least=1, at_most=2), found=None),
        ),
        reasons=(
            ReasonRow(expected=ExpectedReason(arguments=(Argument.PEERS,), carries=True, because="b"), why="no reason"),
        ),
        pieces=(PieceRow(says="most lone trolls", is_there=False),),
    )
    for told in (render_replay(other, style="table"), render_replays([other], style="table")):
        for piece in (
            "r: not yet answered; expected: breached", "s: breached; expected for another reason: another reason",
            "t: breached; nobody expected it", "expected: at most open, cleared served",
            "p m: no such number; expected: at least 1, at most 2", "argues from peers alone carries no decision",
            "the risk statement does not say: most lone trolls",
        ):  # fmt: skip
            assert piece in told
    assert json.loads(render_replay(other, style="json"))["differs"] is True
