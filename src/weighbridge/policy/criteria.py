"""Criteria of stages, held against evidence and answers as rules are: the whole interval, and silence meets nothing.

No correction for several criteria: a stage opens only where all of them are met, and all are met by chance no more
often than one is (an intersection of tests).

References
----------
Berger 1982, Multiparameter hypothesis testing and acceptance sampling, Technometrics 24 (intersection-union tests).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, Failed, Measured, NotApplicable, NotMeasured
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.stages import Criterion
from weighbridge.core.wording import phrase
from weighbridge.policy.comparison import Case, compare
from weighbridge.policy.rules import Rule, Safe, Watch
from weighbridge.policy.ruling import Ruling, breached, harshest, holds, unsettled

_MINUTES = 10  # ours: nothing is known of what it costs to meet a criterion


def measured(criterion: Criterion, heard: Sequence[Evidence], cards: Sequence[Card], confidence: float) -> Ruling:
    """What the evidence makes of a criterion on a number; all runs must meet it, or trying again would.

    Parameters
    ----------
    confidence : that each verdict must have, in (0, 1)
    """
    card = next((card for card in cards if card.slug == criterion.probe), None)
    again = phrase("weighbridge weigh DIR --probe {probe}", probe=criterion.probe)
    if card is None or not heard:
        return unsettled(phrase("{probe} has not been run on these files", probe=criterion.probe), again, _MINUTES)
    return harshest([_one(criterion, evidence, card, confidence) for evidence in heard])


def answered(criterion: Criterion, choice: Sequence[str] | None) -> Ruling:
    """What an answer makes of a criterion; None where nobody has answered."""
    ask = "answer {question} in weighbridge.toml, then: weighbridge weigh DIR"
    if not choice:
        says = phrase('the question "{question}" is not answered', question=criterion.answer)
        return unsettled(says, phrase(ask, question=criterion.answer), _MINUTES)
    if set(choice) <= set(criterion.choices):
        told = ", ".join(choice)
        return holds(phrase("{question} is answered: {answer}", question=criterion.answer, answer=told))
    return breached("it is answered otherwise", "decide on another plan: weighbridge decide DIR --draft", None)


def _one(criterion: Criterion, evidence: Evidence, card: Card, confidence: float) -> Ruling:
    outcome = evidence.outcome
    match outcome:
        case Measured():
            watch = Watch(probe=criterion.probe, metric=criterion.metric, where=criterion.where)
            case = Case(rule=_rule(criterion, watch), watch=watch, card=card, facts={}, confidence=confidence)
            return _not_exempt(compare(case, evidence, outcome))
        case NotApplicable():
            return unsettled(
                outcome.because, phrase("decide on another plan: weighbridge decide DIR --draft"), _MINUTES
            )
        case NotMeasured():
            return unsettled(outcome.because, outcome.remedy, _MINUTES)
        case Failed():
            says = phrase("{probe} broke: {error}", probe=evidence.probe, error=str(outcome.error))
            return unsettled(says, phrase("tell the authors of {probe}", probe=evidence.probe), _MINUTES)
        case _:
            assert_never(outcome)


def _not_exempt(ruling: Ruling) -> Ruling:
    """That there is nothing of the kind meets no criterion: whoever fixed it expected something."""
    if ruling.verdict is Verdict.EXEMPT:
        return unsettled(ruling.says, phrase("decide on another plan: weighbridge decide DIR --draft"), _MINUTES)
    return ruling


def _rule(criterion: Criterion, watch: Watch) -> Rule:
    return Rule(
        slug=criterion.name, says="the number is outside of the range", because="-", source="-", ours=True,
        effect=Effect.ADVISE, safe=Safe(at_most=criterion.at_most, at_least=criterion.at_least),
        remedy="weigh again once it is otherwise: weighbridge weigh DIR", watch=watch,
    )  # fmt: skip
