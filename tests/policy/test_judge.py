"""The judge: when a rule applies, what each outcome makes of it, and what silence never does."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.toys import (
    ALL_NO,
    CARDS,
    OTHER_BYTES,
    WATCHED,
    artefact,
    candidate,
    evidence,
    policy,
    quantity,
    rule,
    unhurried,
)
from weighbridge.core.candidate import Belonging, Candidate, Claims, Component, Role, Said, Subject, Triage
from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.findings import Finding, Standing, Verdict
from weighbridge.core.wording import phrase
from weighbridge.policy.judge import judge
from weighbridge.policy.rules import Policy
from weighbridge.policy.standing import standings

LM = candidate(Subject.CAUSAL_LM)
CLEAN = (quantity("bad-share", 0.0),)
BAD = (quantity("bad-share", 0.5),)
UNKNOWN = replace(ALL_NO, private=Said.UNKNOWN)
WHEN = WATCHED + '\nwhen = { subject = ["causal-lm"], private = ["yes"] }'
PRIVATE = replace(ALL_NO, private=Said.YES)
NOT_APPLICABLE = NotApplicable(because=phrase("nothing like it here"))
NOT_MEASURED = NotMeasured(because=phrase("no text"), remedy=phrase("add text"))
FAILED = Failed(error=phrase("KeyError in probe.py:3"))


def found(lines: str, outcome: Outcome | tuple[Quantity, ...] | None, about: Candidate = LM) -> Finding:
    heard = () if outcome is None else (evidence("plain-toy", outcome, about),)
    (finding,) = judge(policy(rule(lines)), about, heard, CARDS)
    return finding


@pytest.mark.parametrize(
    ("outcome", "verdict", "says", "remedy"),
    [
        (CLEAN, Verdict.HOLDS, "bad-share is 0; safe is ≤ 0.1", None),
        (BAD, Verdict.BREACHED, "It is bad.", "mend it"),
        (None, Verdict.OPEN, "plain-toy has not been run on these files", "weighbridge weigh DIR --probe plain-toy"),
        (NOT_MEASURED, Verdict.OPEN, "no text", "add text"),
        (
            FAILED,
            Verdict.OPEN,
            "plain-toy broke: KeyError in probe.py:3",
            "tell the authors of plain-toy, and weigh again",
        ),
        (NOT_APPLICABLE, Verdict.EXEMPT, "nothing like it here", None),
        ((), Verdict.OPEN, "the measurement has no bad-share", "mend it"),
    ],
)
def test_each_outcome_has_its_verdict(outcome: Outcome | None, verdict: Verdict, says: str, remedy: str | None) -> None:
    finding = found(WATCHED, outcome)
    assert (finding.verdict, str(finding.says)) == (verdict, says)
    assert (None if finding.remedy is None else str(finding.remedy)) == remedy
    assert (finding.minutes is not None) is (verdict is Verdict.OPEN)


def test_a_finding_rests_on_the_evidence_it_read() -> None:
    heard = evidence("plain-toy", CLEAN, LM)
    (finding,) = judge(policy(rule()), LM, (heard,), CARDS)
    assert finding.rests_on == (heard.digest,)
    assert found(WHEN, CLEAN).rests_on == ()  # it never came to the evidence


def test_minutes_are_the_rules_or_the_cards() -> None:
    assert found(WATCHED, None).minutes == 10
    assert found(WATCHED + "\nminutes = 3", NOT_MEASURED).minutes == 3


@pytest.mark.parametrize(
    ("triage", "subjects", "outcome", "verdict"),
    [
        (PRIVATE, (Subject.CAUSAL_LM,), CLEAN, Verdict.HOLDS),
        (PRIVATE, (Subject.CAUSAL_LM,), BAD, Verdict.BREACHED),
        (ALL_NO, (Subject.CAUSAL_LM,), BAD, Verdict.EXEMPT),
        (PRIVATE, (Subject.TABLE,), BAD, Verdict.EXEMPT),
        (UNKNOWN, (Subject.TABLE,), BAD, Verdict.EXEMPT),  # one false term is enough
        (UNKNOWN, (Subject.CAUSAL_LM,), BAD, Verdict.OPEN),
        (UNKNOWN, (Subject.CAUSAL_LM,), CLEAN, Verdict.HOLDS),  # or exempt: the answer makes no difference
        (UNKNOWN, (Subject.CAUSAL_LM,), None, Verdict.OPEN),
        (
            UNKNOWN,
            (Subject.CAUSAL_LM,),
            NOT_APPLICABLE,
            Verdict.EXEMPT,
        ),  # whatever the answer, there is nothing to judge
    ],
)
def test_when_all_true_one_false_else_unknown(
    triage: Triage, subjects: tuple[Subject, ...], outcome: Outcome | None, verdict: Verdict
) -> None:
    finding = found(WHEN, outcome, candidate(*subjects, triage=triage))
    assert finding.verdict is verdict
    if verdict is Verdict.OPEN:
        assert str(finding.remedy) == "answer private: weighbridge init --ask DIR"
        assert finding.minutes == 1


def test_a_rule_on_a_component_that_is_not_released_is_exempt() -> None:
    kept = candidate(artefacts=(artefact(), artefact(Role.TRAIN_DATA, Belonging.EVIDENCE_ONLY)))
    assert found(WATCHED + '\ncomponent = "train-data"', BAD, kept).verdict is Verdict.EXEMPT
    assert found(WATCHED + '\ncomponent = "weights"', BAD, kept).verdict is Verdict.BREACHED


def test_a_rule_may_name_several_components() -> None:
    several = WATCHED + '\ncomponent = ["data", "weights", "paper"]'
    both = candidate(artefacts=(artefact(), artefact(Role.DATA)))
    heard = (evidence("plain-toy", BAD, both),)
    findings = judge(policy(rule(several)), both, heard, CARDS)
    assert [(f.component, f.verdict) for f in findings] == [
        (Component.DATA, Verdict.BREACHED),
        (Component.WEIGHTS, Verdict.BREACHED),
    ]
    (none,) = judge(policy(rule(several)), candidate(artefacts=(artefact(Role.CODE),)), heard, CARDS)
    assert (none.verdict, str(none.says)) == (Verdict.EXEMPT, "no data or weights or paper is to be released")


@pytest.mark.parametrize(
    ("triage", "safe", "verdict"),
    [
        (ALL_NO, 'choices = ["no"]', Verdict.HOLDS),
        (PRIVATE, 'choices = ["no"]', Verdict.BREACHED),
        (UNKNOWN, 'choices = ["no"]', Verdict.OPEN),
        (PRIVATE, "any = true", Verdict.HOLDS),
        (UNKNOWN, "any = true", Verdict.OPEN),
    ],
)
def test_answers(triage: Triage, safe: str, verdict: Verdict) -> None:
    lines = f'answer = "private"\nsafe = {{ {safe} }}\nminutes = 2'
    finding = found(lines, None, candidate(triage=triage))
    assert finding.verdict is verdict
    if verdict is Verdict.OPEN:
        told = ("answer private: mend it", 2) if "any" in safe else ("answer private: weighbridge init --ask DIR", 1)
        assert (str(finding.remedy), finding.minutes) == told


@pytest.mark.parametrize(
    ("fact", "subject"),
    [("model-told", Subject.UNTOLD_MODEL), ("data-read", Subject.UNREAD_DATA), ("private-rows", Subject.TEXT)],
)
def test_what_nobody_is_asked_is_not_told_as_a_question(fact: str, subject: Subject) -> None:
    lines = f'answer = "{fact}"\nsafe = {{ any = true }}\nminutes = 60'
    finding = found(lines, None, candidate(subject))
    assert finding.verdict is Verdict.OPEN
    assert (str(finding.says), str(finding.remedy), finding.minutes) == ("It is bad.", "mend it", 60)


@pytest.mark.parametrize("field", ["candidate", "reading"])
def test_evidence_about_something_else_is_silence(field: str) -> None:
    heard = evidence("plain-toy", CLEAN, LM)
    stale = Evidence(asked=replace(heard.asked, **{field: OTHER_BYTES}), outcome=heard.outcome)  # type: ignore[arg-type]  # both are digests
    (finding,) = judge(policy(rule()), LM, (stale,), CARDS)
    assert finding.verdict is Verdict.OPEN


def test_of_several_runs_all_must_be_safe() -> None:
    """Else a probe could be run until it holds."""

    def verdict(*outcomes: Outcome | tuple[Quantity, ...]) -> Verdict:
        heard = tuple(evidence("plain-toy", outcome, LM) for outcome in outcomes)
        (finding,) = judge(policy(rule()), LM, heard, CARDS)
        return finding.verdict

    assert verdict(CLEAN, BAD) is Verdict.BREACHED
    assert verdict(CLEAN, NOT_MEASURED) is Verdict.OPEN
    assert verdict(CLEAN, NOT_APPLICABLE) is Verdict.HOLDS


def test_without_its_card_a_rule_is_not_answered() -> None:
    (finding,) = judge(policy(rule()), LM, (evidence("plain-toy", BAD, LM),), ())
    assert (finding.verdict, finding.minutes) == (Verdict.OPEN, 10)


def test_rules_of_other_effects_forbid_nothing() -> None:
    for effect in ("refuse-rationale", "hold", "narrow-claim", "advise"):
        (finding,) = judge(policy(rule(effect=effect)), LM, (evidence("plain-toy", BAD, LM),), CARDS)
        assert (finding.verdict, finding.forbids) == (Verdict.BREACHED, ())


# ---- what is promised, over arbitrary candidates and evidence ----

PROMISING = policy(
    rule(slug="whole", forbids='["served"]'),
    rule(WATCHED.replace(" }", ', over = "worst(part)" }', 1), slug="worst", forbids='["partners"]'),
    rule(WATCHED.replace(" }", ', over = "worst(language)" }', 1), slug="spoken", forbids='["licensed"]'),
    rule(WHEN, slug="when", forbids='["gated"]'),
    rule(
        'watch = { probe = "attack-toy", metric = "leaked" }\nsafe = { at_most = 0.1 }',
        slug="attack",
        forbids='["open"]',
    ),
    rule('answer = "harm"\nsafe = { choices = ["no"] }', slug="answer", forbids='["gated"]', effect="caution"),
)

said = st.sampled_from(Said)
intervals = st.tuples(st.sampled_from([0.0, 0.05, 0.2]), st.sampled_from([0.0, 0.03, 0.2]))


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    triage = Triage(about_people=draw(said), private=draw(said), harm=draw(said))
    spoken = draw(st.sampled_from([(), ("en",), ("en", "sw")]))
    made = candidate(*draw(st.sets(st.sampled_from(Subject))), triage=triage)
    return replace(made, claims=Claims(languages=spoken))


@st.composite
def numbers(draw: st.DrawFn, metric: str, by: tuple[tuple[str, str], ...]) -> Quantity:
    low, width = draw(intervals)
    # Over languages the toy probe corrects for all it reports; over parts it may be at fault and not correct.
    confidence = 1.0 if width == 0 else draw(st.sampled_from([0.975 if dict(by).get("language") else 0.95, 0.99]))
    n = 0 if (width == 0 and draw(st.integers(0, 5)) == 0) else 50
    return Quantity(
        metric=metric, value=low, low=low, high=low + width, confidence=confidence, unit="1", n=n, n_of="thing", by=by
    )


PLACES = (
    ("plain-toy", "bad-share", ()),
    ("plain-toy", "bad-share", (("part", "a"),)),
    ("plain-toy", "bad-share", (("part", "b"),)),
    ("plain-toy", "bad-share", (("language", "en"),)),
    ("plain-toy", "bad-share", (("language", "sw"),)),
    ("attack-toy", "leaked", ()),
    ("attack-toy", "found-planted", (("part", "a"),)),
    ("attack-toy", "found-planted", (("part", "b"),)),
)
Cases = tuple[Candidate, tuple[Evidence, ...]]


@st.composite
def cases(draw: st.DrawFn) -> Cases:
    about = draw(candidates())
    heard = []
    for probe in ("plain-toy", "attack-toy"):
        kind = draw(st.sampled_from(["none", "not-applicable", "not-measured", "failed", *["measured"] * 6]))
        outcome: Outcome | tuple[Quantity, ...] | None = {
            "none": None,
            "not-applicable": NOT_APPLICABLE,
            "not-measured": NOT_MEASURED,
            "failed": FAILED,
        }.get(kind)
        if kind == "measured":
            places = [p for p in PLACES if p[0] == probe and draw(st.integers(0, 4))]
            outcome = tuple(draw(numbers(metric, by)) for _probe, metric, by in places)
        if outcome is not None:
            heard.append(evidence(probe, outcome, about))
    return about, tuple(heard)


def standing(made: Policy, case: Cases) -> Standing:
    about, heard = case
    (only,) = standings(made, about, judge(made, about, heard, CARDS)).components
    return only


def quieter(case: Cases) -> list[Cases]:
    """The case with one thing less said: an answer, a piece of evidence, or a number in it."""
    about, heard = case
    fewer: list[Cases] = [(about, tuple(e for e in heard if e is not one)) for one in heard]
    for one in heard:
        if isinstance(one.outcome, Measured):
            for q in one.outcome.quantities:
                rest = Measured(quantities=tuple(other for other in one.outcome.quantities if other is not q))
                fewer.append((about, tuple(Evidence(asked=e.asked, outcome=rest) if e is one else e for e in heard)))
            silent = Evidence(asked=one.asked, outcome=NOT_MEASURED)
            fewer.append((about, tuple(silent if e is one else e for e in heard)))
    asked = about.triage
    unasked = (
        replace(asked, about_people=Said.UNKNOWN),
        replace(asked, private=Said.UNKNOWN),
        replace(asked, harm=Said.UNKNOWN),
    )
    fewer += [(replace(about, triage=triage), heard) for triage in unasked]
    fewer.append((replace(about, claims=Claims()), tuple(_reread(e, replace(about, claims=Claims())) for e in heard)))
    return fewer


def _reread(one: Evidence, about: Candidate) -> Evidence:
    return Evidence(asked=replace(one.asked, reading=about.reading), outcome=one.outcome)


@settings(unhurried, max_examples=60)  # every case is judged about thirty times
@given(cases())
def test_silence_never_opens_and_never_condemns(case: Cases) -> None:
    said_all = standing(PROMISING, case)
    for less in quieter(case):
        silent = standing(PROMISING, less)
        assert set(silent.cleared) <= set(said_all.cleared)
        assert set(silent.ceiling) >= set(said_all.ceiling)


@unhurried
@given(cases(), st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(case: Cases, random: Random) -> None:
    about, heard = case
    shuffled = []
    for one in heard:
        outcome = one.outcome
        if isinstance(outcome, Measured):
            quantities = list(outcome.quantities)
            random.shuffle(quantities)
            outcome = Measured(quantities=tuple(quantities))
        shuffled.append(Evidence(asked=one.asked, outcome=outcome))
    random.shuffle(shuffled)
    rules = list(PROMISING.rule)
    random.shuffle(rules)
    assert standing(PROMISING, case) == standing(replace(PROMISING, rule=tuple(rules)), (about, tuple(shuffled)))


@unhurried
@given(cases(), st.integers(0, 7), st.sampled_from([0.01, 0.1, 1.0]))
def test_a_wider_interval_never_clears_or_condemns(case: Cases, which: int, by: float) -> None:
    about, heard = case
    wide = []
    for one in heard:
        outcome = one.outcome
        if isinstance(outcome, Measured):
            quantities = tuple(
                replace(q, low=q.low - by, high=q.high + by) if n == which and q.confidence < 1 else q
                for n, q in enumerate(outcome.quantities)
            )
            outcome = Measured(quantities=quantities)
        wide.append(Evidence(asked=one.asked, outcome=outcome))
    before, after = standing(PROMISING, case), standing(PROMISING, (about, tuple(wide)))
    assert set(after.cleared) <= set(before.cleared)
    assert set(after.ceiling) >= set(before.ceiling)


@unhurried
@given(cases())
def test_there_is_one_finding_for_each_rule(case: Cases) -> None:
    about, heard = case
    findings = judge(PROMISING, about, heard, CARDS)
    assert [f.rule for f in findings] == [r.slug for r in PROMISING.rule]
    for finding in findings:
        assert (finding.remedy is None) is (finding.verdict in (Verdict.HOLDS, Verdict.EXEMPT))
        assert finding.verdict is not Verdict.OPEN or finding.minutes is not None


@pytest.mark.parametrize("outcome", [CLEAN, BAD, NOT_APPLICABLE, NOT_MEASURED, None])
@pytest.mark.parametrize("answer", [PRIVATE, ALL_NO])
def test_what_holds_before_an_answer_is_never_a_limit_after_it(outcome: Outcome | None, answer: Triage) -> None:
    before = found(WHEN, outcome, candidate(Subject.CAUSAL_LM, triage=UNKNOWN)).verdict
    after = found(WHEN, outcome, candidate(Subject.CAUSAL_LM, triage=answer)).verdict
    if before is Verdict.HOLDS:
        assert after in (Verdict.HOLDS, Verdict.EXEMPT)
