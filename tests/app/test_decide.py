from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fakes.ledger import FakeLedger, FixedClock
from policy.toys import card
from weighbridge.app.decide import Dissent, Draft, Figures, Known, Reason, a_year_after, decide, departs, last_decision
from weighbridge.app.recommend import seal
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Component, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Metric
from weighbridge.core.decision import Statement, Waiver, Widening
from weighbridge.core.errors import Faulty, NotSettled
from weighbridge.core.findings import Effect, Finding, Recommendation, Standing, Verdict
from weighbridge.core.ports import Kind
from weighbridge.core.question import Question
from weighbridge.core.rungs import Rung, closed, in_order
from weighbridge.core.stages import Criterion, Stage
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase
from weighbridge.policy.rules import Policy

POLICY = Policy(name="p", version=1, confidence=0.95, rule=())
WEIGHTS = Artefact(
    role=Role.WEIGHTS, label="m.onnx", digest=digest_of_bytes(b"m"), size_bytes=1, format="onnx", belongs=Belonging.WEIGHTS
)  # fmt: skip
AT_HOME = Artefact(
    role=Role.TRAIN_DATA, label="t.csv", digest=digest_of_bytes(b"t"), size_bytes=1, format="csv",
    belongs=Belonging.EVIDENCE_ONLY,
)  # fmt: skip
CANDIDATE = Candidate(name="c", version="1", artefacts=(WEIGHTS, AT_HOME), subjects=())
ALL = tuple(Rung)
DRAFT = Draft(
    plan=(("weights", Rung.OPEN),),
    expires="2026-06-30",
    reason=(Reason(arguments=(Argument.BENEFIT,), says="it does good"),),
)


def _finding(effect: Effect, verdict: Verdict) -> Finding:
    forbids = in_order(closed([Rung.GATED]))
    return Finding(
        rule="a-stop", effect=effect, verdict=verdict, component=Component.WEIGHTS, forbids=forbids, says=phrase("-"),
        rests_on=(), source="-", remedy=phrase("mend it"),
    )  # fmt: skip


def _weighing(*findings: Finding, ceiling: tuple[Rung, ...] = ALL, cleared: tuple[Rung, ...] = ALL) -> Weighing:
    standing = Standing(component=Component.WEIGHTS, ceiling=ceiling, cleared=cleared, limits=(), open=())
    made = Recommendation(
        candidate=CANDIDATE.digest, policy=POLICY.name, policy_digest=POLICY.digest, components=(standing,)
    )
    return Weighing(candidate=CANDIDATE, evidence=(), findings=findings, recommendation=made, next=())


@dataclass
class Table:
    weighing: Weighing
    ledger: FakeLedger

    def decides(self, draft: Draft, policy: Policy = POLICY, known: Known | None = None) -> Any:
        return decide(
            draft, self.weighing, policy, prepared_by="aa", ledger=self.ledger, clock=FixedClock(), known=known
        )


def _table(weighing: Weighing | None = None) -> Table:
    table = Table(weighing or _weighing(), FakeLedger())
    seal(table.weighing, table.ledger)
    return table


def _says(draft: Draft, weighing: Weighing | None = None) -> str:
    with pytest.raises(Faulty) as told:
        _table(weighing).decides(draft)
    return str(told.value)


def test_binds_what_is_decided_to_bytes_recommendation_and_policy() -> None:
    table = _table()
    made = table.decides(DRAFT)
    entries = list(table.ledger.entries("c"))
    assert [e.kind for e in entries] == [Kind.RECOMMENDATION, Kind.DECISION]
    assert (made.candidate, made.recommendation, made.policy_digest) == (
        CANDIDATE.digest,
        entries[0].digest,
        POLICY.digest,
    )
    assert [file.label for file in made.released] == ["m.onnx"]
    assert last_decision("c", table.ledger) == made
    assert last_decision("d", table.ledger) is None


def test_words_of_people_lie_in_the_erasable_store() -> None:
    table = _table()
    draft = replace(DRAFT, dissent=(Dissent(says="I would not.", by="Zuri"),))
    made = table.decides(draft)
    stored = str(list(table.ledger.entries("c"))[-1].body)
    assert "I would not" not in stored
    assert "it does good" not in stored
    assert table.ledger.text(made.dissent[0]) == "Zuri: I would not."
    table.ledger.erase("c", made.dissent[0])
    assert table.ledger.verify() == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"plan": ()}, "plan.weights: is missing"),
        ({"plan": (("weights", Rung.OPEN), ("wieghts", Rung.OPEN))}, "did you mean 'weights'"),
        ({"reason": ()}, "opening and withholding both need one"),
        ({"reason": (Reason(arguments=(Argument.BENEFIT,), says=" "),)}, "reason.says: is empty"),
        ({"dissent": (Dissent(says=""),)}, "dissent.says: is empty"),
        ({"conditions": ("",)}, "conditions: holds an empty one"),
        ({"expires": "soon"}, "is no day"),
        ({"expires": "2026-01-01"}, "has passed"),
        ({"expires": "2027-01-03"}, "more than twelve months on"),
        ({"expires": "20260630"}, "is no day"),  # compared as a text, it would never have passed
    ],
)
def test_refuses_what_is_no_decision(change: dict[str, Any], says: str) -> None:
    assert says in _says(replace(DRAFT, **change))


def test_all_faults_are_told_at_once() -> None:
    told = _says(Draft(plan=(), expires="soon"))
    assert all(key in told for key in ("plan.weights", "expires", "reason"))


@pytest.mark.parametrize("decided", [Rung.OPEN, Rung.WITHHELD])
def test_departing_needs_a_reason_that_names_the_component_either_way(decided: Rung) -> None:
    weighing = _weighing(cleared=(Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED))
    draft = replace(DRAFT, plan=(("weights", decided),))
    assert "departs from the recommendation (gated)" in _says(draft, weighing).replace("served or gated", "gated")
    told = replace(draft, reason=(Reason(arguments=(Argument.BENEFIT,), says="because", component=Component.WEIGHTS),))
    made = _table(weighing).decides(told)
    assert [(d.component, d.decided) for d in made.departures] == [(Component.WEIGHTS, decided)]


def test_either_of_two_that_cannot_be_compared_is_no_departure() -> None:
    standing = Standing(
        component=Component.WEIGHTS,
        ceiling=ALL,
        cleared=(Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED),
        limits=(),
        open=(),
    )
    assert not departs(standing, Rung.PARTNERS)
    assert not departs(standing, Rung.SERVED)
    assert departs(standing, Rung.WITHHELD)


@pytest.mark.parametrize("verdict", [Verdict.BREACHED, Verdict.OPEN])
def test_a_stop_is_lifted_only_by_a_waiver_for_that_very_stop(verdict: Verdict) -> None:
    weighing = _weighing(_finding(Effect.STOP, verdict), cleared=(Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED))
    draft = replace(DRAFT, reason=(Reason(arguments=(Argument.BENEFIT,), says="because", component=Component.WEIGHTS),))
    with pytest.raises(NotSettled, match="cannot be decided open"):
        _table(weighing).decides(draft)
    waiver = Waiver(
        rule="a-stop", component=Component.WEIGHTS, authority="the board", because="in public", expires="2026-03-01"
    )
    made = _table(weighing).decides(replace(draft, waiver=(waiver,)))
    assert made.waivers == (waiver,)
    assert "did you mean 'a-stop'" in _says(replace(draft, waiver=(replace(waiver, rule="a-stp"),)), weighing)
    assert "is empty" in _says(replace(draft, waiver=(replace(waiver, authority=" "),)), weighing)
    assert "has passed" in _says(replace(draft, waiver=(replace(waiver, expires="2025-01-01"),)), weighing)


def test_what_was_judged_by_another_policy_or_not_at_all_is_not_decided_on() -> None:
    with pytest.raises(NotSettled, match="no recommendation"):
        Table(_weighing(), FakeLedger()).decides(DRAFT)
    with pytest.raises(NotSettled, match="no recommendation"):
        _table().decides(DRAFT, policy=replace(POLICY, version=2))


def test_a_year_is_a_year() -> None:
    assert a_year_after(date(2026, 1, 2)) == date(2027, 1, 2)
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert FixedClock().now() == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


NARROW = replace(
    DRAFT,
    plan=(("weights", Rung.PARTNERS),),
    reason=(Reason(arguments=(Argument.BENEFIT,), says="r", component=Component.WEIGHTS),),
)
LATER = Stage(
    name="all", plan=(("weights", Rung.OPEN),), by="2026-03-01",
    criterion=(Criterion(name="found", says="It is found.", probe="shift-gate", metric="m", at_least=0.8),),
)  # fmt: skip


def test_stages_are_sealed_with_the_decision() -> None:
    made = _table().decides(replace(NARROW, stage=(LATER,)))
    assert made.stages == (LATER,)
    assert made.rung_of(Component.WEIGHTS) is Rung.PARTNERS
    assert [(d.component, d.decided) for d in made.departures] == [(Component.WEIGHTS, Rung.PARTNERS)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"by": "2026-01-01"}, "stage[1].by: has passed"),
        ({"by": "2026-07-01"}, "stage[1].by: is after the decision itself has ended"),
        ({"criterion": ()}, "stage[1].criterion: is missing"),
        ({"plan": (("wieghts", Rung.OPEN),)}, "stage[1].plan.wieghts: is not in the plan; did you mean 'weights'"),
        ({"plan": (("weights", Rung.WITHHELD),)}, "withheld does not widen partners"),
    ],
)
def test_refuses_stages_that_are_none(change: dict[str, Any], says: str) -> None:
    assert says in _says(replace(NARROW, stage=(replace(LATER, **change),)))


def test_a_criterion_that_could_never_be_met_is_refused() -> None:
    known = Known(cards=(card("shift-gate", (Metric(name="m2", unit="1", says="-"),)),))
    table = _table()
    with pytest.raises(Faulty, match=r"stage\[1\].criterion\[1\].metric: is not known"):
        table.decides(replace(NARROW, stage=(LATER,)), known=known)
    other = replace(LATER, criterion=(replace(LATER.criterion[0], probe="shift-gat"),))
    with pytest.raises(Faulty, match="did you mean 'shift-gate'"):
        table.decides(replace(NARROW, stage=(other,)), known=known)
    good = replace(LATER, criterion=(replace(LATER.criterion[0], metric="m2"),))
    assert table.decides(replace(NARROW, stage=(good,)), known=known).stages == (good,)


@pytest.mark.parametrize(
    ("answer", "choices", "says"),
    [
        (
            "hram",
            ("no",),
            "stage[1].criterion[1].answer: is not known, so that it could never be met; did you mean 'harm'",
        ),
        ("harm", ("never",), "stage[1].criterion[1].choices: is not known"),
        ("about_people", ("no",), ""),
    ],
)
def test_a_question_that_nobody_is_asked_is_refused(answer: str, choices: tuple[str, ...], says: str) -> None:
    asked = [
        Question(slug=slug, order=1, asks="?", why="-", mission=(), answers="-", choices=("yes", "no", "unknown"))
        for slug in ("harm", "about-people")
    ]
    criterion = Criterion(name="a", says="-", answer=answer, choices=choices)
    draft = replace(NARROW, stage=(replace(LATER, criterion=(criterion,)),))
    if not says:
        assert _table().decides(draft, known=Known(questions=tuple(asked))).stages
        return
    with pytest.raises(Faulty) as told:
        _table().decides(draft, known=Known(questions=tuple(asked)))
    assert says in str(told.value)


@pytest.mark.parametrize("verdict", [Verdict.BREACHED, Verdict.OPEN])
def test_a_stage_may_wait_for_an_answer_and_not_for_a_breach_to_heal(verdict: Verdict) -> None:
    cleared = (Rung.WITHHELD, Rung.PARTNERS)
    weighing = _weighing(_finding(Effect.STOP, verdict), cleared=cleared)
    draft = replace(NARROW, stage=(LATER,))
    if verdict is Verdict.BREACHED:
        with pytest.raises(NotSettled, match="cannot be decided open"):
            _table(weighing).decides(draft)
        return
    made = _table(weighing).decides(draft)
    assert [(d.decided, d.cleared) for d in made.departures] == [(Rung.OPEN, cleared)]
    assert "no reason names this component" in _says(
        replace(draft, reason=(Reason(arguments=(Argument.BENEFIT,), says="r"),)), weighing
    )


FIGURES = Figures(digest=digest_of_bytes(b"f"), is_required=True)
SAID = Statement.bound("It buys a year.", FIGURES.digest, day="", plan=(), stages=())
OF_ANOTHER = Statement.bound("It buys a year.", FIGURES.digest, day="", plan=(("weights", Rung.GATED),), stages=())


def test_nobody_decides_without_saying_the_risk_where_there_is_one() -> None:
    table = _table()
    with pytest.raises(Faulty, match="statement: is missing"):
        table.decides(DRAFT, known=Known(figures=FIGURES))
    made = table.decides(replace(DRAFT, statement=SAID), known=Known(figures=FIGURES))
    assert made.statement == SAID
    assert table.decides(DRAFT, known=Known(figures=replace(FIGURES, is_required=False))).statement is None


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (replace(SAID, says=" "), "statement.says: has 0 characters"),
        (replace(SAID, says="x" * 4001), "statement.says: has 4001 characters"),
        (replace(SAID, figures=digest_of_bytes(b"old")), "statement.figures: are not those of today"),
        (replace(OF_ANOTHER, plan=()), "the plan in it was changed by hand"),
    ],
)
def test_a_statement_says_something_and_is_written_from_the_figures_of_today(statement: Statement, says: str) -> None:
    with pytest.raises(Faulty) as told:
        _table().decides(replace(DRAFT, statement=statement), known=Known(figures=FIGURES))
    assert says in str(told.value)


def test_a_statement_speaks_of_the_plan_that_is_decided_or_of_none() -> None:
    known = Known(figures=FIGURES)
    same = Statement.bound(SAID.says, FIGURES.digest, day="", plan=tuple(reversed(DRAFT.plan)), stages=())
    assert _table().decides(replace(DRAFT, statement=same), known=known).statement == same
    others = (
        replace(SAID, plan=tuple((name, Rung.PARTNERS) for name, _rung in DRAFT.plan)),
        replace(same, stages=(Widening(by="2027-01-01", plan=DRAFT.plan),)),
        replace(SAID, stages=(Widening(by="2027-01-01", plan=DRAFT.plan),)),
    )
    for other in others:
        with pytest.raises(Faulty, match=r"statement.plan: is not \[plan\]"):
            _table().decides(replace(DRAFT, statement=other), known=known)


@pytest.mark.parametrize("argument", [Argument.PEERS, Argument.LAWFUL, Argument.PRESS, Argument.GOVERNMENT])
def test_a_rationale_that_rests_on_others_alone_is_refused(argument: Argument) -> None:
    weak = replace(DRAFT, reason=(Reason(says="r", arguments=(argument,)),))
    assert "carry no decision by themselves" in _says(weak)
    assert "arguments: is missing" in _says(replace(DRAFT, reason=(Reason(says="r"),)))
    also = replace(DRAFT, reason=(Reason(says="r", arguments=(argument, Argument.BENEFIT)),))
    assert _table().decides(also).reasons


def test_a_departure_needs_a_ground_of_its_own_that_carries() -> None:
    reasons = (
        Reason(says="r", arguments=(Argument.BENEFIT,)),
        Reason(says="r", arguments=(Argument.PEERS,), component=Component.WEIGHTS),
    )
    draft = replace(DRAFT, plan=(("weights", Rung.PARTNERS),), reason=reasons)
    assert "departs for no reason that carries it" in _says(draft)
