from __future__ import annotations

from dataclasses import replace

import pytest

from weighbridge.app.replay import brought, compare, faults_against
from weighbridge.catalogue import all_cards, find_questions, load_policy
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Component, Role, Subject
from weighbridge.core.canon import digest_of
from weighbridge.core.case import (
    Case,
    CaseAnswer,
    CaseEvidence,
    ExpectedFinding,
    ExpectedNumber,
    ExpectedReason,
    ExpectedStanding,
    Number,
)
from weighbridge.core.evidence import Basis, Measured
from weighbridge.core.findings import Effect, Finding, Recommendation, Standing, Verdict
from weighbridge.core.material import Gone
from weighbridge.core.rungs import Rung
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import phrase

NUMBER = Number(
    probe="unique-combinations", metric="smallest-class", value=3, n=900, n_of="person", by=(("columns", "declared"),)
)
CASE = Case(
    name="a-case", title="A case", on="2011", story=("One.", "Two.", "Three."), candidate='name = "a"',
    evidence=(CaseEvidence(says="s", source="somebody 2010", on="2010", number=(NUMBER,)),),
    gone=(Gone(path="a.csv", subject=Subject.TABLE),),
)  # fmt: skip
CANDIDATE = Candidate(
    name="a", version="1", subjects=(Subject.TABLE,),
    artefacts=(
        Artefact(role=Role.DATA, label="a.csv", digest=digest_of("a"), size_bytes=1, format="csv",
                 belongs=Belonging.DATA),
    ),
)  # fmt: skip
GATED = (Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED)


def _finding(rule: str, verdict: Verdict, effect: Effect = Effect.CAUTION) -> Finding:
    return Finding(
        rule=rule, effect=effect, verdict=verdict, component=Component.DATA, forbids=(), rests_on=(), source="ours",
        says=phrase("{rule} is so", rule=rule),
    )  # fmt: skip


def _weighing(*findings: Finding) -> Weighing:
    standing = Standing(component=Component.DATA, ceiling=GATED, cleared=(Rung.WITHHELD,), limits=(), open=())
    told = Recommendation(candidate=CANDIDATE.digest, policy="p", policy_digest=digest_of("p"), components=(standing,))
    return Weighing(candidate=CANDIDATE, evidence=(), findings=findings, recommendation=told, next=())


def _faults(case: Case) -> list[str]:
    found = faults_against(case, load_policy(), all_cards(), find_questions())
    return [f"{'.'.join(map(str, path))}: {says}" for path, says in found]


def test_a_number_is_evidence_of_its_probe_on_the_word_of_its_source() -> None:
    (made,) = brought(CASE, CANDIDATE, all_cards())
    assert (made.probe, dict(made.asked.settings)["source"]) == ("unique-combinations", "somebody 2010")
    assert isinstance(made.outcome, Measured)
    (quantity,) = made.outcome.quantities
    assert (quantity.low, quantity.high, quantity.unit) == (3, 3, "count")
    assert quantity.basis is Basis.TESTIFIED
    assert (made.asked.candidate, made.asked.reading) == (CANDIDATE.digest, CANDIDATE.reading)


def test_numbers_of_one_source_and_probe_stand_together() -> None:
    evidence = replace(CASE.evidence[0], number=(NUMBER, replace(NUMBER, metric="unique-share", value=0.2)))
    both = replace(CASE, evidence=(evidence, CASE.evidence[0]))
    made = brought(both, CANDIDATE, all_cards())
    assert [len(e.outcome.quantities) for e in made if isinstance(e.outcome, Measured)] == [2, 1]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"probe": "unique-combination"}, "did you mean 'unique-combinations'"),
        ({"metric": "smallest-clas"}, "did you mean 'smallest-class'"),
        ({"by": (("column", "declared"),)}, "is no axis"),
        ({"by": (("columns", "identified"),)}, "has no value"),
        ({"low": 4.0}, "does not hold the value"),
        ({"confidence": 0.0}, "confidence"),
    ],
)
def test_a_number_that_no_probe_could_report_is_a_fault(changed: dict[str, object], says: str) -> None:
    number = replace(NUMBER, **changed)  # type: ignore[arg-type]  # a test's own table of fields
    (fault,) = _faults(replace(CASE, evidence=(replace(CASE.evidence[0], number=(number,)),)))
    assert fault.startswith("evidence.0.number.0.")
    assert says in fault


def test_rules_probes_and_questions_that_there_are_not_are_told_with_the_nearest() -> None:
    assert _faults(CASE) == []
    gone = replace(CASE, finding=(ExpectedFinding(rule="nobody-is-name", because="b"),))
    assert "no rule of the policy open-release; did you mean 'nobody-is-named'" in _faults(gone)[0]
    assert "no probe" in _faults(replace(CASE, probes=("hot-spot-s",)))[0]
    assert "no question" in _faults(replace(CASE, answer=(CaseAnswer(question="about-people", choice="yes"),)))[0]


def test_what_comes_out_as_it_must_does_not_differ() -> None:
    case = replace(
        CASE,
        finding=(ExpectedFinding(rule="r", because="b", says="r is so"),
                 ExpectedFinding(rule="o", verdict=Verdict.OPEN, because="b")),
        standing=(ExpectedStanding(component=Component.DATA, ceiling=(Rung.SERVED, Rung.GATED),
                                   cleared=(Rung.WITHHELD,)),),
    )  # fmt: skip
    weighing = _weighing(
        _finding("r", Verdict.BREACHED), _finding("o", Verdict.OPEN), _finding("told", Verdict.BREACHED, Effect.ADVISE)
    )
    assert not compare(case, weighing).differs


def test_what_comes_out_otherwise_or_for_another_reason_differs() -> None:
    want = ExpectedFinding(rule="r", because="b")
    breached = _weighing(_finding("r", Verdict.BREACHED))
    assert compare(replace(CASE, finding=(want,)), _weighing(_finding("r", Verdict.HOLDS))).differs
    assert compare(replace(CASE, finding=(replace(want, says="for the essay's reason"),)), breached).differs
    assert compare(CASE, breached).differs  # it limits, and the case knows nothing of it
    assert compare(replace(CASE, finding=(want,), statement=("most lone trolls",)), breached).differs
    for standing in (
        ExpectedStanding(component=Component.DATA, ceiling=(Rung.OPEN,)),
        ExpectedStanding(component=Component.DATA, ceiling=(Rung.GATED,), cleared=(Rung.GATED,)),
        ExpectedStanding(component=Component.WEIGHTS, ceiling=(Rung.OPEN,)),  # nothing of the kind is there
    ):
        assert compare(replace(CASE, finding=(want,), standing=(standing,)), breached).differs


def test_a_number_must_be_reported_with_its_whole_interval_in_range() -> None:
    want = ExpectedNumber(
        probe="unique-combinations", metric="smallest-class", by=(("columns", "declared"),), at_least=3, because="b"
    )
    weighing = replace(_weighing(), evidence=brought(CASE, CANDIDATE, all_cards()))
    assert not compare(replace(CASE, number=(want,)), weighing).differs
    for other in (
        replace(want, at_least=3.5),
        replace(want, at_most=2.0),
        replace(want, by=(("columns", "identifier"),)),
    ):
        assert compare(replace(CASE, number=(other,)), weighing).differs
    assert compare(replace(CASE, number=(want,)), _weighing()).differs  # nothing was measured
    none = replace(CASE, evidence=(replace(CASE.evidence[0], number=(replace(NUMBER, n=0),)),))
    unheard = replace(_weighing(), evidence=brought(none, CANDIDATE, all_cards()))
    assert compare(replace(CASE, number=(want,)), unheard).differs  # nothing of the kind was there
    assert "no metric" in _faults(replace(CASE, number=(replace(want, metric="smallest"),)))[0]
    with pytest.raises(ValueError, match="no range"):
        replace(want, at_least=None)


def test_a_reason_carries_or_does_not() -> None:
    weak = ExpectedReason(arguments=(Argument.PEERS,), carries=False, because="b")
    assert not compare(replace(CASE, reason=(weak,)), _weighing()).differs
    assert compare(replace(CASE, reason=(replace(weak, carries=True),)), _weighing()).differs
    both = replace(weak, arguments=(Argument.PEERS, Argument.HARM), carries=True)
    assert not compare(replace(CASE, reason=(both,)), _weighing()).differs


def test_a_rule_that_bears_on_several_components_is_told_once_by_its_harshest() -> None:
    case = replace(CASE, finding=(ExpectedFinding(rule="r", because="b"),))
    made = compare(case, _weighing(_finding("r", Verdict.EXEMPT), _finding("r", Verdict.BREACHED)))
    assert [row.found for row in made.findings] == [Verdict.BREACHED]
