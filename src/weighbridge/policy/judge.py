"""The judge: rules, a candidate and evidence in, findings out. It measures nothing and decides nothing.

It sees neither time nor chance, and the order of the evidence makes no difference. Silence gives open findings: it
opens no rung and condemns no candidate. Evidence about other bytes, or read under other declarations, is silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from weighbridge.core.candidate import Candidate, Component
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured, is_imported
from weighbridge.core.findings import Effect, Finding, Verdict
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.comparison import Case, compare
from weighbridge.policy.facts import ASKED, FACTS, Values, command_of, facts_of, missing_for, question_of
from weighbridge.policy.rules import Policy, Rule
from weighbridge.policy.ruling import (
    ASK,
    ASK_MINUTES,
    Ruling,
    breached,
    exempt,
    harshest,
    holds,
    to_measure,
    unanswered,
    unsettled,
)

_NO_CARD_MINUTES = 10  # ours: nothing is known of what a probe costs that is not installed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Court:
    """What every rule is held against."""

    candidate: Candidate
    facts: dict[str, Values | None]
    evidence: tuple[Evidence, ...]  # about this very candidate
    cards: tuple[Card, ...]
    confidence: float


def judge(
    policy: Policy, candidate: Candidate, evidence: tuple[Evidence, ...], cards: tuple[Card, ...]
) -> tuple[Finding, ...]:
    """One finding for each rule of the policy, in its order; one for each component where a rule names several."""
    seal = (candidate.digest, candidate.reading)
    court = _Court(
        candidate=candidate,
        facts=dict(facts_of(candidate)),
        evidence=tuple(e for e in evidence if (e.asked.candidate, e.asked.reading) == seal),
        cards=cards,
        confidence=policy.confidence,
    )
    return tuple(finding for rule in policy.rule for finding in _findings(rule, court))


def _findings(rule: Rule, court: _Court) -> tuple[Finding, ...]:
    """One for each released component that the rule names; one where it names none, or none that is released."""
    heard = tuple(e for e in court.evidence if rule.watch and e.probe == rule.watch.probe)
    released = [c for c in rule.components if c in court.candidate.components]
    if rule.components and not released:
        named = " or ".join(c.value for c in rule.components)
        absent = exempt(phrase("no {component} is to be released", component=named))
        return (_finding(rule, rule.components[0], absent),)
    ruling = _ruling(rule, heard, court)
    return tuple(_finding(rule, component, ruling) for component in released or (None,))


def _finding(rule: Rule, component: Component | None, ruling: Ruling) -> Finding:
    return Finding(
        rule=rule.slug,
        effect=rule.effect,
        verdict=ruling.verdict,
        component=component,
        forbids=rule.forbidden if rule.effect.forbids else (),
        says=ruling.says,
        rests_on=ruling.rests_on,
        source=rule.source,
        remedy=ruling.remedy,
        minutes=ruling.minutes,
        countered_by=rule.countered_by,
    )


def _ruling(rule: Rule, heard: tuple[Evidence, ...], court: _Court) -> Ruling:
    """Whether the rule applies; and where it does, what it comes to."""
    terms = [(fact, court.facts.get(fact), values) for fact, values in rule.when]
    for fact, known, values in terms:
        if known is not None and not set(known) & set(values):
            return exempt(
                phrase("it is only about candidates whose {fact} is {values}", fact=fact, values=" or ".join(values))
            )
    if heard and all(isinstance(e.outcome, NotApplicable) for e in heard):
        is_known = all(known is not None for _fact, known, _values in terms)
        # While it is not answered whether a rule applies, a probe that says it does not is believed: the question
        # itself is another rule's, and keeps back what it keeps back.
        return _hear(rule if is_known else replace(rule, insists=False), heard, court)
    if heard and rule.watch is not None and any(known is None for _fact, known, _values in terms):
        either_way = _hear(rule, heard, court)
        if either_way.verdict is Verdict.HOLDS:  # whether it applies makes no difference then
            return either_way
    for fact, known, _values in terms:
        if known is None:
            question = missing_for(fact, court.facts)
            says = phrase(
                'whether this matters here depends on the question "{question}", which is not answered',
                question=question,
            )
            return unanswered(says, question, command=command_of(fact) or ASK)
    if rule.watch is None:
        said = dict(court.candidate.asserted).get(rule.answer)
        return _ruling_on_answer(rule, court.facts.get(rule.answer), said)
    if not heard:
        return _not_run(rule, rule.watch.probe, court.cards)
    return _hear(rule, heard, court)


def _ruling_on_answer(rule: Rule, known: Values | None, said: Values | None) -> Ruling:
    """What an answer makes of a rule. A stop hears all that was said, also what does not count: doubt lifts no stop."""
    if rule.effect is Effect.STOP and said and not rule.safe.any and set(said) - {*rule.safe.choices, *rule.safe.waits}:
        return breached(rule.says, rule.remedy, rule.minutes)
    if known is None:
        question = question_of(rule.answer)
        if rule.safe.silence:
            return exempt(
                phrase('the question "{question}" is not answered, and another rule asks for it', question=question)
            )
        if not rule.safe.any:  # its sentence and its remedy are for a wrong answer, not for none
            says = phrase('the question "{question}" is not answered', question=question)
            return unanswered(says, question, command=command_of(rule.answer) or ASK)
        minutes = ASK_MINUTES if rule.minutes is None else rule.minutes
        if rule.answer in FACTS and rule.answer not in ASKED:
            return unsettled(Phrase(template=rule.says), Phrase(template=rule.remedy), minutes)
        return unanswered(Phrase(template=rule.says), question, minutes, command_of(rule.answer) or rule.remedy)
    if rule.safe.any or set(known) <= set(rule.safe.choices):
        return holds(
            phrase('the question "{question}" is answered: {answer}', question=rule.answer, answer=", ".join(known))
        )
    if set(known) & set(rule.safe.waits) and set(known) <= {*rule.safe.waits, *rule.safe.choices}:
        says = phrase(
            "{question} is answered {answer}, which settles nothing yet", question=rule.answer, answer=", ".join(known)
        )
        return unsettled(says, Phrase(template=rule.remedy), ASK_MINUTES if rule.minutes is None else rule.minutes)
    return breached(rule.says, rule.remedy, rule.minutes)


def _not_run(rule: Rule, probe: str, cards: tuple[Card, ...]) -> Ruling:
    says = phrase("{probe} has not been run on these files", probe=probe)
    if is_imported(probe):
        says = phrase("nothing was brought in as {probe} about these files", probe=probe)
    return unsettled(says, to_measure(probe), _minutes(rule, _card(probe, cards)))


def _hear(rule: Rule, heard: tuple[Evidence, ...], court: _Court) -> Ruling:
    """What the evidence makes of a rule that applies; all runs must be safe, or trying again would clear."""
    ruling = harshest([_hear_one(rule, e, court) for e in heard])
    return replace(ruling, rests_on=tuple(sorted({e.digest for e in heard})))


def _hear_one(rule: Rule, evidence: Evidence, court: _Court) -> Ruling:
    """What one piece of evidence makes of a rule that applies."""
    card, outcome = _card(evidence.probe, court.cards), evidence.outcome
    match outcome:
        case NotApplicable() if rule.insists:
            return unsettled(outcome.because, Phrase(template=rule.remedy), _minutes(rule, card))
        case NotApplicable():
            return exempt(outcome.because)
        case NotMeasured():
            return unsettled(outcome.because, outcome.remedy, _minutes(rule, card))
        case Failed():
            remedy = phrase("tell the authors of {probe}, and weigh again", probe=evidence.probe)
            return unsettled(
                phrase("{probe} broke: {error}", probe=evidence.probe, error=str(outcome.error)),
                remedy,
                _minutes(rule, card),
            )
        case Measured():
            if card is None or rule.watch is None:
                return _not_run(rule, evidence.probe, court.cards)
            case = Case(rule=rule, watch=rule.watch, card=card, facts=court.facts, confidence=court.confidence)
            return compare(case, evidence, outcome)
        case _:
            assert_never(outcome)


def _card(probe: str, cards: tuple[Card, ...]) -> Card | None:
    return next((c for c in cards if c.slug == probe), None)


def _minutes(rule: Rule, card: Card | None) -> int:
    if rule.minutes is not None:
        return rule.minutes
    return card.cost.typical_minutes if card else _NO_CARD_MINUTES
