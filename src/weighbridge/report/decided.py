"""What people decided on what was weighed, and how far that has come: as the report tells it."""

from __future__ import annotations

from dataclasses import dataclass

from weighbridge.app.meet import Judged
from weighbridge.app.stage import Progress, State, Step
from weighbridge.core.decision import Decision
from weighbridge.core.findings import Verdict
from weighbridge.core.stages import Rungs, Sort
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean
from weighbridge.report.progress import state_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTold:
    """One stage."""

    name: str
    state: str
    gives: str
    days: str
    is_open: bool
    criteria: tuple[tuple[str, str], ...]  # what must be so, and whether it is


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedTold:
    """A decision."""

    headline: str
    at_once: str
    in_force: str
    statement: str  # empty where the risk is not said
    conditions: tuple[str, ...]
    stages: tuple[StageTold, ...]
    digest: str


def decided_told(decision: Decision, progress: Progress) -> DecidedTold:
    """What was decided, in the reader's language; signatures are the gate's to tell."""
    told = _("Decided on {day}, to hold until {end}. Whether it is signed and holds today, the gate tells.")
    if progress.missed is not None:
        told = _("Decided on {day}; a stage was not opened by its day, so that all of it is to be weighed again.")
    return DecidedTold(
        headline=told.format(day=decision.decided_at[:10], end=decision.expires),
        at_once=_rungs(decision.plan), in_force=_rungs(progress.plan),
        statement=clean(decision.statement.says) if decision.statement else "",
        conditions=tuple(map(clean, decision.conditions)), stages=tuple(map(_stage, progress.steps)),
        digest=decision.digest,
    )  # fmt: skip


def _stage(step: Step) -> StageTold:
    one = step.stage
    days = _("by {last}").format(last=one.by)
    if one.not_before:
        days = _("from {first} to {last}").format(first=one.not_before, last=one.by)
    return StageTold(
        name=one.name, state=state_in_words(step.state), gives=_rungs(one.plan), days=days,
        is_open=step.state is State.OPEN, criteria=tuple((clean(j.criterion.says), _met(j)) for j in step.judged),
    )  # fmt: skip


def _met(judged: Judged) -> str:
    if judged.verdict is Verdict.HOLDS:
        return _("met")
    if judged.criterion.sort is Sort.TESTIFIED:
        return _("to be testified to")
    return _("not met") if judged.verdict is Verdict.BREACHED else _("not yet answered")


def _rungs(plan: Rungs) -> str:
    return ", ".join(f"{component} {rung.value}" for component, rung in plan)
