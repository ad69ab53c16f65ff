"""Replay: what was known of a case as evidence, and what the tool says of it beside what it must say.

Evidence that a case brings as a number stands under the probe whose metric it is, on the word of its source: its basis
is testimony, and its settings name the source and the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from weighbridge.core.arguments import why_too_weak
from weighbridge.core.candidate import Candidate
from weighbridge.core.card import Card
from weighbridge.core.case import (
    Case,
    CaseEvidence,
    ExpectedFinding,
    ExpectedNumber,
    ExpectedReason,
    ExpectedStanding,
    Number,
)
from weighbridge.core.errors import nearest_hint
from weighbridge.core.evidence import Asked, Basis, Evidence, Measured, Quantity
from weighbridge.core.findings import Effect, Finding, Standing, Verdict
from weighbridge.core.question import Question
from weighbridge.core.rungs import Rung, highest
from weighbridge.core.shape import Path
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Policy

# What a breached rule of these effects does must be expected, or the case came out for another reason than the essay's.
_LIMITING = frozenset({Effect.STOP, Effect.CAUTION, Effect.REFUSE_RATIONALE, Effect.HOLD, Effect.NARROW_CLAIM})
_HEARD = (Verdict.BREACHED, Verdict.OPEN, Verdict.HOLDS, Verdict.EXEMPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A rule: what it must come to, and what it came to."""

    rule: str
    expected: Verdict | None  # None: nobody expected it, and it limits
    found: Verdict
    says: Phrase
    because: str = ""  # the essay's reason
    piece: str = ""  # of the tool's sentence, by which it is for that reason

    @property
    def differs(self) -> bool:
        """Whether the tool and the case disagree, in the verdict or in the reason."""
        return self.expected is not self.found or self.piece not in str(self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """A component: how far it may go by the case, and by the tool; the highest rungs of each."""

    component: str
    expected_ceiling: tuple[Rung, ...] | None  # None: the case says nothing of it
    ceiling: tuple[Rung, ...]
    expected_cleared: tuple[Rung, ...] | None
    cleared: tuple[Rung, ...]

    @property
    def differs(self) -> bool:
        """Whether the tool and the case disagree."""
        return self.expected_ceiling not in (None, self.ceiling) or self.expected_cleared not in (None, self.cleared)


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow:
    """A piece that must stand in the risk statement."""

    says: str
    is_there: bool

    @property
    def differs(self) -> bool:
        """Whether the tool and the case disagree."""
        return not self.is_there


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number that must be reported; None where no probe reported it."""

    expected: ExpectedNumber
    found: Quantity | None

    @property
    def differs(self) -> bool:
        """Whether the tool and the case disagree: some of its interval lies outside, or there is none."""
        least, most = self.expected.at_least, self.expected.at_most
        if self.found is None or self.found.n == 0:
            return True
        return (least is not None and self.found.low < least) or (most is not None and self.found.high > most)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason for a decision, and why it is too weak to carry one; empty where it carries."""

    expected: ExpectedReason
    why: str

    @property
    def differs(self) -> bool:
        """Whether the tool and the case disagree."""
        return self.expected.carries is bool(self.why)


Row = FindingRow | NumberRow | ReasonRow | StandingRow | PieceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A case, what was made of it, and where that differs from what must come out."""

    case: Case
    weighing: Weighing
    findings: tuple[FindingRow, ...]
    standings: tuple[StandingRow, ...]
    numbers: tuple[NumberRow, ...] = ()
    reasons: tuple[ReasonRow, ...] = ()
    pieces: tuple[PieceRow, ...] = ()
    statement: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything that was compared."""
        return (*self.findings, *self.numbers, *self.reasons, *self.standings, *self.pieces)

    @property
    def differs(self) -> bool:
        """Whether anything came out otherwise."""
        return any(row.differs for row in self.rows)


def brought(case: Case, candidate: Candidate, cards: Iterable[Card]) -> tuple[Evidence, ...]:
    """The numbers of a case as evidence about its candidate; one piece for each source and probe."""
    by_slug = {card.slug: card for card in cards}
    made: dict[tuple[int, str], list[Quantity]] = {}
    for place, evidence in enumerate(case.evidence):
        for number in evidence.number:
            made.setdefault((place, number.probe), []).append(_quantity(number, by_slug[number.probe]))
    return tuple(
        Evidence(
            asked=Asked(
                candidate=candidate.digest, reading=candidate.reading, probe=slug, version=by_slug[slug].version,
                settings=_told(case.evidence[place]), seed=0, budget_seconds=0.0,
            ),
            outcome=Measured(
                quantities=tuple(quantities),
                notes=(phrase("Not measured here: {source}, {on}.", source=case.evidence[place].source,
                              on=case.evidence[place].on),),
            ),
        )
        for (place, slug), quantities in made.items()
    )  # fmt: skip


def _told(evidence: CaseEvidence) -> tuple[tuple[str, str], ...]:
    return (("on", evidence.on), ("source", evidence.source))


def _quantity(number: Number, card: Card) -> Quantity:
    metric = card.metric_named(number.metric)
    low = number.value if number.low is None else number.low
    high = number.value if number.high is None else number.high
    return Quantity(
        metric=number.metric, value=number.value, low=low, high=high, confidence=number.confidence,
        unit=metric.unit if metric else "", n=number.n, n_of=number.n_of, by=number.by, basis=Basis.TESTIFIED,
    )  # fmt: skip


def faults_against(
    case: Case, policy: Policy, cards: Sequence[Card], questions: Sequence[Question]
) -> Iterator[tuple[Path, str]]:
    """What a case names that there is not: rules, probes, metrics, axes, questions, answers; key and sentence."""
    rules = [rule.slug for rule in policy.rule]
    for n, expected in enumerate(case.finding):
        if expected.rule not in rules:
            hint = nearest_hint(expected.rule, rules)
            yield ("finding", n, "rule"), f"{expected.rule!r} is no rule of the policy {policy.name}; {hint}"
    slugs = [card.slug for card in cards]
    for n, slug in enumerate(case.probes or ()):
        if slug not in slugs:
            yield ("probes",), f"item {n + 1} is no probe; {nearest_hint(slug, slugs)}"
    for n, want in enumerate(case.number):
        yield from ((("number", n, key), says) for key, says in _place_faults(want, cards))
    for n, evidence in enumerate(case.evidence):
        for m, number in enumerate(evidence.number):
            yield from (((("evidence", n, "number", m, key)), says) for key, says in _number_faults(number, cards))
    asked = {question.slug: question for question in questions if not question.is_triage}
    for n, answer in enumerate(case.answer):
        if answer.question not in asked:
            yield ("answer", n, "question"), f"is no question of the interview; {nearest_hint(answer.question, asked)}"


def _number_faults(number: Number, cards: Sequence[Card]) -> Iterator[tuple[str, str]]:
    faults = tuple(_place_faults(number, cards))
    yield from faults
    if not faults:
        try:
            _quantity(number, next(c for c in cards if c.slug == number.probe))
        except ValueError as wrong:
            yield "value", str(wrong)


def _place_faults(number: Number | ExpectedNumber, cards: Sequence[Card]) -> Iterator[tuple[str, str]]:
    """What is wrong with the probe, the metric or the axes that are named."""
    card = next((c for c in cards if c.slug == number.probe), None)
    if card is None:
        yield "probe", f"is no probe; {nearest_hint(number.probe, [c.slug for c in cards])}"
        return
    metric = card.metric_named(number.metric)
    if metric is None:
        hint = nearest_hint(number.metric, [m.name for m in card.metric])
        yield "metric", f"is no metric of {card.slug}; {hint}"
        return
    values = {axis.name: axis.values for axis in card.axis}
    for axis, value in number.by:
        if axis not in metric.by:
            yield "by", f"{axis!r} is no axis of {card.slug} {metric.name}; {nearest_hint(axis, metric.by)}"
        elif values.get(axis) and value not in values[axis]:
            yield "by", f"{axis} has no value {value!r}; {nearest_hint(value, values[axis])}"


def compare(case: Case, weighing: Weighing, statement: str = "") -> Replayed:
    """What the tool made of a case beside what the case says it must."""
    return Replayed(
        case=case,
        weighing=weighing,
        findings=(*_expected(case.finding, weighing.findings), *_unexpected(case.finding, weighing.findings)),
        standings=_standings(case.standing, weighing.recommendation.components),
        numbers=tuple(NumberRow(expected=want, found=_reported(want, weighing)) for want in case.number),
        reasons=tuple(ReasonRow(expected=want, why=why_too_weak(want.arguments)) for want in case.reason),
        pieces=tuple(PieceRow(says=says, is_there=says in statement) for says in case.statement),
        statement=statement,
    )


def _reported(want: ExpectedNumber, weighing: Weighing) -> Quantity | None:
    """The number that a probe reported on exactly these axes."""
    by = sorted(want.by)
    measured = [e.outcome for e in weighing.evidence if e.probe == want.probe and isinstance(e.outcome, Measured)]
    return next((q for m in measured for q in m.quantities if q.metric == want.metric and sorted(q.by) == by), None)


def _expected(expected: Iterable[ExpectedFinding], findings: Sequence[Finding]) -> Iterator[FindingRow]:
    for want in expected:
        about = [f for f in findings if f.rule == want.rule]
        found = min(about, key=lambda f: _HEARD.index(f.verdict))  # one ruling, told for each component released
        yield FindingRow(
            rule=want.rule,
            expected=want.verdict,
            found=found.verdict,
            says=found.says,
            because=want.because,
            piece=want.says,
        )


def _unexpected(expected: Iterable[ExpectedFinding], findings: Iterable[Finding]) -> Iterator[FindingRow]:
    wanted = {want.rule for want in expected}
    told: dict[str, Finding] = {}
    for finding in findings:
        if finding.verdict is Verdict.BREACHED and finding.effect in _LIMITING and finding.rule not in wanted:
            told.setdefault(finding.rule, finding)
    for rule, finding in told.items():
        yield FindingRow(rule=rule, expected=None, found=finding.verdict, says=finding.says)


def _standings(expected: Sequence[ExpectedStanding], found: Sequence[Standing]) -> tuple[StandingRow, ...]:
    """Every component that is there or was expected; one that is not there goes nowhere."""
    wanted = {e.component: e for e in expected}
    there = {s.component: s for s in found}
    return tuple(_standing(c.value, wanted.get(c), there.get(c)) for c in dict.fromkeys((*there, *wanted)))


def _standing(component: str, want: ExpectedStanding | None, found: Standing | None) -> StandingRow:
    return StandingRow(
        component=component,
        expected_ceiling=highest(want.ceiling) if want else None,
        ceiling=highest(found.ceiling) if found else (),
        expected_cleared=highest(want.cleared) if want and want.cleared is not None else None,
        cleared=highest(found.cleared) if found else (),
    )
