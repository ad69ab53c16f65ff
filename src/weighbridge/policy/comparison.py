"""Numbers against a safe range.

What a rule watches is one number, or with `over = "worst(axis)"` one number for each value of the axis.

*Which values there must be.* An axis named like a fact (language, role, ...) has the candidate's values of that fact;
another axis has those its card lists, and no rule may go over an axis that has neither, since nobody would notice what
is missing. A value that there must be and for which the evidence has no number keeps the rule open.

A rule that names a fact in `among` is about that fact's values alone, and about all of them.

*How a probe says that there is none.* It reports exactly zero, of n = 0, with confidence 1: counted over all there is,
and there is nothing of this kind (no canary was planted, no licence is to be compared). Such a value is left out of the
comparison. Any other number of n = 0 says that nothing was tried, or not all could be read: it is judged as it stands.

*Correction.* Where m values are compared, missing ones among them, each interval must have confidence 1 - (1 - c) / m
(Bonferroni), so that the verdict has the policy's c. One that has less is a probe's fault; it keeps the rule open,
whichever side it lies on. Where it is not known which values there must be, only what was counted exactly can breach.

*Control.* What an attack did not find holds only where the attack was shown to find a known leak. A control without
axes vouches for all; one that is broken down vouches for its part, and the whole needs all parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from weighbridge.core.card import Card
from weighbridge.core.evidence import Basis, Evidence, Measured, Quantity, is_imported
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.facts import FACTS, Values, command_of, question_of
from weighbridge.policy.needs import corrected, tries_needed
from weighbridge.policy.rules import Rule, Watch
from weighbridge.policy.ruling import (
    ASK,
    Ruling,
    breached,
    exempt,
    harshest,
    holds,
    to_measure,
    unanswered,
    unsettled,
)

_ROUNDING = 1e-9  # confidences are made by a division or two in double precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One rule on a number, with all that bears on it."""

    rule: Rule
    watch: Watch
    card: Card
    facts: dict[str, Values | None]
    confidence: float  # the policy's

    @property
    def minutes(self) -> int:
        """What measuring costs."""
        return self.card.cost.typical_minutes if self.rule.minutes is None else self.rule.minutes

    @property
    def what(self) -> str:
        """The number by name."""
        where = ", ".join(f"{axis} {value}" for axis, value in self.watch.where)
        return f"{self.watch.metric} ({where})" if where else self.watch.metric


def compare(case: Case, evidence: Evidence, measured: Measured) -> Ruling:
    """What the numbers of one piece of evidence make of the rule."""
    numbers = [q for q in measured.quantities if is_watched(q, case.watch)]
    if case.watch.among:
        return _compare_among(case, numbers, evidence, measured)
    if not numbers:
        says = phrase("the measurement has no {what}", what=case.what)
        return unsettled(says, _what_it_takes(case, measured), case.minutes)
    absent, unknown = _absent(case, numbers)
    there = [q for q in numbers if not _says_none(q)]
    if unknown:  # how many are compared is not known, so no correction is enough
        there = [q for q in there if q.confidence == 1]
    comparisons = len(there) + len(absent)
    rulings = [_compare_one(case, q, evidence, comparisons) for q in there]
    rulings += [unknown] if unknown else []
    rulings += [_missing(case, absent, measured)] if absent else []
    return _together(case, there, rulings, measured)


def _compare_among(case: Case, numbers: list[Quantity], evidence: Evidence, measured: Measured) -> Ruling:
    """The same for some values of an axis alone, such as the languages in which a misuse was named.

    One without a number keeps the rule open and takes nothing from the others: they are corrected for each other only.
    """
    wanted = case.facts[case.watch.among]
    if wanted is None:
        says = phrase("it is not said for which {axis} this must hold", axis=case.watch.axis)
        return unanswered(says, question_of(case.watch.among), command=command_of(case.watch.among) or ASK)
    there = [q for q in numbers if q.at(case.watch.axis) in wanted]
    absent = tuple(sorted(set(wanted) - {q.at(case.watch.axis) for q in there}))
    there = [q for q in there if not _says_none(q)]
    rulings = [_compare_one(case, q, evidence, len(there)) for q in there]
    rulings += [_missing(case, absent, measured)] if absent else []
    return _together(case, there, rulings, measured)


def _together(case: Case, there: list[Quantity], rulings: list[Ruling], measured: Measured) -> Ruling:
    """What the comparisons come to: the harshest, where one is not safe; else safe, if the attack was shown to work."""
    if not rulings:
        return exempt(phrase("nothing in the candidate is of the kind that {what} is about", what=case.what))
    worst = harshest(rulings)
    if worst.verdict is Verdict.BREACHED and case.rule.effect is Effect.NARROW_CLAIM and case.watch.axis:
        return _cut(case, worst, list(zip(there, rulings, strict=False)))
    if worst.verdict is not Verdict.HOLDS:
        return worst
    if case.card.attack and (places := _unvouched(case, there, measured)):
        return _unproven(case, places, _tries(case, measured))
    low, high = min(q.low for q in there), max(q.high for q in there)
    safe = str(case.rule.safe)
    if low == high:
        return holds(phrase("{what} is {low:.3g}; safe is {safe}", what=case.what, low=low, safe=safe))
    return holds(
        phrase(
            "{what} lies between {low:.3g} and {high:.3g}; safe is {safe}",
            what=case.what,
            low=low,
            high=high,
            safe=safe,
        )
    )


def _cut(case: Case, worst: Ruling, by_value: list[tuple[Quantity, Ruling]]) -> Ruling:
    """A claim that goes too far, with what it goes too far in and what is left of it."""
    named = [(str(q.at(case.watch.axis)), ruling.verdict) for q, ruling in by_value]
    gone = sorted(value for value, verdict in named if verdict is Verdict.BREACHED)
    left = sorted(value for value, verdict in named if verdict is Verdict.HOLDS)
    says = phrase("{says} That is so for {gone}.", says=str(worst.says), gone=", ".join(gone))
    if left:
        says = phrase(
            "{says} That is so for {gone}; what is left of the claim is {left}.",
            says=str(worst.says), gone=", ".join(gone), left=", ".join(left),
        )  # fmt: skip
    return replace(worst, says=says)


def is_watched(q: Quantity, watch: Watch) -> bool:
    """Whether it is one of the numbers that the watch is about."""
    axes = dict(watch.where) | ({watch.axis: q.at(watch.axis)} if watch.axis else {})
    return q.metric == watch.metric and dict(q.by) == axes


def _says_none(q: Quantity) -> bool:
    return q.n == 0 and q.confidence == 1 and q.low == q.high == 0


def _compare_one(case: Case, q: Quantity, evidence: Evidence, comparisons: int) -> Ruling:
    needed = corrected(case.confidence, comparisons)
    safe = case.rule.safe
    again = to_measure(case.card.slug)
    if q.basis is Basis.ASSUMED:
        return unsettled(phrase("{what} is assumed, not measured", what=case.what), again, case.minutes)
    if q.confidence < needed - _ROUNDING:
        says = phrase(
            "the interval of {what} has confidence {has:.6g}; {m} compared at once need {needed:.6g} each",
            what=case.what, has=q.confidence, m=comparisons, needed=needed,
        )  # fmt: skip
        remedy = phrase("this is a fault of the probe {probe}: tell its authors", probe=case.card.slug)
        return unsettled(says, remedy, case.minutes)
    if safe.breached(q.low, q.high):
        return breached(case.rule.says, case.rule.remedy, case.rule.minutes)
    if safe.holds(q.low, q.high):
        return holds(phrase("{what} is safe", what=case.what))
    says = phrase(
        "{what} lies between {low:.3g} and {high:.3g}; safe is {safe}",
        what=case.what, low=q.low, high=q.high, safe=str(safe),
    )  # fmt: skip
    return unsettled(says, _larger_sample(case, q, evidence, comparisons), case.minutes)


def _larger_sample(case: Case, q: Quantity, evidence: Evidence, comparisons: int) -> Phrase:
    """How much more it takes, where that can be said: for a share that so far is all misses or all hits."""
    if is_imported(case.card.slug):
        return to_measure(case.card.slug)
    if q.unit != "1":  # a count is uncertain by what was left out, and only the probe knows what that was
        return phrase(
            "see the notes of {probe} for what was left out or not known, and mend that; where it was time: "
            "weighbridge weigh DIR --probe {probe} --budget {seconds}",
            probe=case.card.slug, seconds=math.ceil(4 * evidence.asked.budget_seconds),
        )  # fmt: skip
    needed = tries_needed(case.rule.safe, confidence=case.confidence, comparisons=comparisons)
    is_clean = q.value == (0 if case.rule.safe.at_most is not None else 1)
    if q.n == 0 and not is_clean:  # nothing was tried, so that no larger sample of the same would
        return Phrase(template=case.rule.remedy)
    if needed is None or not is_clean or needed <= q.n:
        seconds = math.ceil(4 * evidence.asked.budget_seconds)  # four times the sample halves the interval
        return phrase(
            "a larger sample may settle it: more rows where all there are were used, else more time: "
            "weighbridge weigh DIR --probe {probe} --budget {seconds}",
            probe=case.card.slug, seconds=seconds,
        )  # fmt: skip
    return phrase(
        "{needed} tries with this outcome would settle it, {n} were made: "
        "weighbridge weigh DIR --probe {probe} --budget {seconds}",
        n=q.n, needed=needed, probe=case.card.slug,
        seconds=math.ceil(evidence.asked.budget_seconds * max(2.0, needed / max(1, q.n))),
    )  # fmt: skip


def _absent(case: Case, numbers: list[Quantity]) -> tuple[tuple[str, ...], Ruling | None]:
    """The axis values that there must be and that have no number; or why it is not known which there must be."""
    axis = case.watch.axis
    if not axis:
        return (), None
    required = case.facts[axis] if axis in FACTS else _listed(case.card, axis)
    if required is None:
        says = phrase("it is not said for which {axis} this must hold", axis=axis)
        return (), unanswered(says, question_of(axis))
    if not required:
        says = phrase("the card of {probe} does not say which {axis} there are", probe=case.card.slug, axis=axis)
        return (), unsettled(says, Phrase(template=case.rule.remedy), case.minutes)
    return tuple(sorted(set(required) - {q.at(axis) for q in numbers})), None


def _missing(case: Case, absent: tuple[str, ...], measured: Measured) -> Ruling:
    values = ", ".join(absent)
    says = phrase("{what} has no number for {axis} {values}", what=case.what, axis=case.watch.axis, values=values)
    return unsettled(says, _what_it_takes(case, measured), case.minutes)


def _what_it_takes(case: Case, measured: Measured) -> Phrase:
    """What brings a number that is missing; the rule's own remedy is for one that is too high or too low."""
    if not measured.notes:
        return Phrase(template=case.rule.remedy)
    return phrase("the notes of {probe} say what it takes", probe=case.card.slug)


def _listed(card: Card, axis: str) -> Values:
    return next((a.values for a in card.axis if a.name == axis), ())


def _unvouched(case: Case, there: list[Quantity], measured: Measured) -> list[tuple[tuple[str, str], ...]]:
    """Where the attack was not shown to find a known leak in this same run, by axes; the empty tuple: nowhere at all.

    A control that is broken down by axes speaks for its part alone. So each number that is watched needs one that no
    common axis parts it from, and all of those must have found something: then the whole is vouched for part by part.
    A part that the card lists and no control speaks for is not vouched for either: silence about it proves nothing.
    """
    tries = _tries(case, measured)
    if not tries:
        return [()]
    alone = [q.by for q in there if not any(_is_about(control, q) for control in tries)]
    alone += [part for q in there for part in _silent_parts(case.card, q, tries)]
    failed = [
        control.by
        for control in tries
        if not _has_found(control, case.confidence) and any(_is_about(control, q) for q in there)
    ]
    return list(dict.fromkeys((*alone, *failed)))


def _silent_parts(card: Card, q: Quantity, tries: list[Quantity]) -> list[tuple[tuple[str, str], ...]]:
    """The parts of a number, as the card lists them, that controls broken down in that way do not speak for."""
    about = [control for control in tries if _is_about(control, q)]
    axes = dict.fromkeys(axis for control in about for axis, _value in control.by if q.at(axis) is None)
    return [
        ((axis, value),)
        for axis in axes
        for value in _listed(card, axis)
        if not any(control.at(axis) in (None, value) for control in about)
    ]


def _tries(case: Case, measured: Measured) -> list[Quantity]:
    """What came of the positive control; none where there was none to try."""
    control = case.card.control
    return [q for q in measured.quantities if control and q.metric == control.name]


def _is_about(control: Quantity, q: Quantity) -> bool:
    watched = dict(q.by)
    return all(watched.get(axis, value) == value for axis, value in control.by)


def _has_found(control: Quantity, confidence: float) -> bool:
    """Whether it is above zero, beyond chance. Where several must be, each may err as often as one: no correction."""
    return control.basis is not Basis.ASSUMED and control.low > 0 and control.confidence >= confidence - _ROUNDING


def _unproven(case: Case, places: list[tuple[tuple[str, str], ...]], tries: list[Quantity]) -> Ruling:
    if is_imported(case.card.slug):
        says = phrase("{what} looks safe, but another tool's report can limit, and never clear", what=case.what)
        return unsettled(says, phrase("let the rule watch a probe as well, or only advise"), case.minutes)
    if () in places and tries:
        says = phrase(
            "{what} looks safe, but the attack could not find the known leak that it was tried on", what=case.what
        )
        remedy = phrase(
            "with more rows it may: see the notes of {probe}, name more rows in weighbridge.toml, then: "
            "weighbridge weigh DIR --probe {probe}",
            probe=case.card.slug,
        )  # fmt: skip
        return unsettled(says, remedy, case.minutes)
    if () in places:
        says = phrase("{what} looks safe, but the attack was not shown to find a known leak", what=case.what)
        remedy = phrase(
            "the notes of {probe} say why there was no known leak to try it on, such as no recipe or no planted "
            "canaries; mend that, then: weighbridge weigh DIR --probe {probe}",
            probe=case.card.slug,
        )  # fmt: skip
        return unsettled(says, remedy, case.minutes)
    where = "; ".join(", ".join(f"{axis} {value}" for axis, value in place) for place in places)
    says = phrase(
        "{what} looks safe, but the attack was not shown to find a known leak everywhere: not at {where}",
        what=case.what, where=where,
    )  # fmt: skip
    remedy = phrase(
        "give the attack more to find there; for the settings of its control: weighbridge probes show {probe}",
        probe=case.card.slug,
    )  # fmt: skip
    return unsettled(says, remedy, case.minutes)
