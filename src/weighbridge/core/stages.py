"""Stages: a release that widens step by step, by criteria and dates that were fixed before the first step.

The plan of a decision is what leaves at once. Each stage widens it, in order, once all of its criteria are met, and not
after its last day: whoever reads the plan alone never takes more to be allowed than is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from weighbridge.core.errors import nearest_hint
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import _

Rungs = tuple[tuple[str, Rung], ...]  # by component
Key = tuple[str | int, ...]  # where in the file: ("stage", 0, "by")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Sort(StrEnum):
    """By what a criterion is met."""

    MEASURED = "measured"  # a number lies within its range, its whole interval
    ANSWERED = "answered"  # the last answer to a question is one of these
    TESTIFIED = "testified"  # who signs the opening of the stage says that it is so


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that must be so before a stage opens.

    It names a number (`probe`, `metric` and a range), an answer (`answer` and `choices`), or neither: then it is an
    event, which whoever signs the opening testifies to.
    """

    name: Annotated[str, "a short name, such as detectable-in-swahili"]
    says: Annotated[str, "what must be so, in words that everybody may read"]
    probe: Annotated[str, "the probe whose number is watched"] = ""
    metric: Annotated[str, "the number"] = ""
    where: Annotated[tuple[tuple[str, str], ...], "only the number with these axis values"] = ()
    at_most: float | None = None
    at_least: float | None = None
    answer: Annotated[str, "or the question whose answer is watched"] = ""
    choices: Annotated[tuple[str, ...], "the answers that meet it"] = ()

    @property
    def sort(self) -> Sort:
        """By what it is met."""
        if self.probe or self.metric:
            return Sort.MEASURED
        return Sort.ANSWERED if self.answer else Sort.TESTIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step: what it gives, from when it may open, by when it must, and what must be so before."""

    name: Annotated[str, "a short name, such as gated"]
    plan: Annotated[Rungs, "the rungs it gives; a component that it does not name stays as it is"]
    by: Annotated[str, "the last day on which it may open (ISO 8601, UTC); a missed day closes the gate"]
    criterion: Annotated[tuple[Criterion, ...], "what must be so before it opens"]
    not_before: Annotated[str, "the first day on which it may open; left out: at once"] = ""


def widened(plan: Rungs, stages: Sequence[Stage]) -> Rungs:
    """The rungs in force once these stages are open."""
    rungs = dict(plan)
    for stage in stages:
        rungs |= dict(stage.plan)
    return tuple(sorted(rungs.items()))


def stage_faults(plan: Rungs, stages: Sequence[Stage], *, ends: str = "") -> tuple[tuple[Key, str], ...]:
    """All that is wrong with these stages of a plan, each with its place in the file.

    Parameters
    ----------
    ends : the last day of the decision (ISO 8601), after which no stage can open; empty where there is none yet
    """
    return tuple(
        (("stage", n, *key), says)
        for n, stage in enumerate(stages)
        for key, says in (
            *_name_faults(stage.name, [s.name for s in stages[:n]]),
            *_day_faults(stage, stages[:n], ends),
            *_rung_faults(stage, dict(widened(plan, stages[:n]))),
            *_criteria_faults(stage),
        )
    )


def day_of(text: str) -> date | None:
    """The day a text says, written as 2027-03-31; None for any other way, since days are compared as texts."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _name_faults(name: str, before: Sequence[str]) -> Iterator[tuple[Key, str]]:
    if not _NAME.fullmatch(name):
        yield ("name",), _("is no short name: small letters and digits, parted by hyphens")
    elif name in before:
        yield ("name",), _("is the name of an earlier one")


def _day_faults(stage: Stage, before: Sequence[Stage], ends: str) -> Iterator[tuple[Key, str]]:
    by, first = day_of(stage.by), day_of(stage.not_before)
    if by is None:
        yield ("by",), _("is no day, such as 2027-03-31")
    if stage.not_before and first is None:
        yield ("not_before",), _("is no day, such as 2027-03-31")
    if by is not None and first is not None and first > by:
        yield ("not_before",), _("is after the last day on which it may open, {by}").format(by=stage.by)
    earlier = day_of(before[-1].by) if before else None
    if by is not None and earlier is not None and by <= earlier:
        yield ("by",), _("is not after the stage before it, {by}").format(by=before[-1].by)
    last = day_of(ends)
    if by is not None and last is not None and by > last:
        yield ("by",), _("is after the decision itself has ended, {ends}").format(ends=ends)


def _rung_faults(stage: Stage, before: dict[str, Rung]) -> Iterator[tuple[Key, str]]:
    for component, rung in stage.plan:
        was = before.get(component)
        if was is None:
            yield ("plan", component), _("is not in the plan; {hint}").format(hint=nearest_hint(component, before))
        elif not gives_as_much(rung, was):
            says = _(
                "{rung} does not widen {was}: a stage only ever gives more, since what is out cannot be taken back"
            )
            yield ("plan", component), says.format(rung=rung.value, was=was.value)
    if all(before.get(component) is rung for component, rung in stage.plan):
        yield ("plan",), _("widens nothing")


def _criteria_faults(stage: Stage) -> Iterator[tuple[Key, str]]:
    if not stage.criterion:
        yield ("criterion",), _("is missing: what must be so before a stage opens is fixed before the first")
    for n, criterion in enumerate(stage.criterion):
        for key, says in _criterion_faults(criterion, [c.name for c in stage.criterion[:n]]):
            yield ("criterion", n, *key), says


def _criterion_faults(criterion: Criterion, before: Sequence[str]) -> Iterator[tuple[Key, str]]:
    yield from _name_faults(criterion.name, before)
    if not criterion.says.strip():
        yield ("says",), _("is empty; everybody may read what must be so")
    bounds = [bound for bound in (criterion.at_most, criterion.at_least) if bound is not None]
    if criterion.sort is not Sort.MEASURED and (bounds or criterion.where):
        yield ("at_least",), _("bounds no number: name probe and metric")
    if criterion.sort is not Sort.ANSWERED and criterion.choices:
        yield ("choices",), _("are of no question: name its answer")
    if criterion.sort is Sort.MEASURED:
        yield from _measured_faults(criterion, bounds)
    elif criterion.sort is Sort.ANSWERED and not criterion.choices:
        yield ("choices",), _("are missing: which answers meet it")


def _measured_faults(criterion: Criterion, bounds: Sequence[float]) -> Iterator[tuple[Key, str]]:
    for key, text in (("probe", criterion.probe), ("metric", criterion.metric)):
        if not text:
            yield (key,), _("is missing: a number has a probe and a metric")
    if criterion.answer:
        yield ("answer",), _("stands beside a number: one criterion watches one thing")
    if not bounds:
        yield ("at_least",), _("is missing: a number needs a range, at_least, at_most or both")
    elif not all(math.isfinite(bound) for bound in bounds):
        yield ("at_least",), _("is no finite number")
    elif len(bounds) == 2 and bounds[0] < bounds[1]:  # at_most, then at_least
        yield ("at_most",), _("is less than at_least: nothing lies between")
