"""How far a staged release has come, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from weighbridge.app.meet import Judged
from weighbridge.app.stage import Progress, State, Step
from weighbridge.core.decision import Decision
from weighbridge.core.findings import Verdict
from weighbridge.core.shape import plain
from weighbridge.core.stages import Sort
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean, pasteable, sentence, told


def render_progress(decision: Decision, progress: Progress, *, style: str, path: str = "DIR") -> str:
    """Every stage with its day, its criteria and what each waits for, as a table of sentences or as JSON."""
    if style == "json":
        return json.dumps(_document(decision, progress), indent=2, ensure_ascii=False)
    return "\n".join(_lines(decision, progress, path))


def state_in_words(state: State) -> str:
    """How a stage stands, in the reader's language."""
    return {
        State.OPEN: _("open"),
        State.READY: _("ready: nothing stands against it but that people must sign it"),
        State.WAITING: _("not open yet"),
        State.MISSED: _("missed: the gate is closed until it is weighed and decided again"),
    }[state]


def _lines(decision: Decision, progress: Progress, path: str) -> Iterator[str]:
    yield _("{name} {version}, decided on {day}").format(
        name=clean(decision.name), version=clean(decision.version), day=decision.decided_at[:10]
    )
    yield "  " + _("at once: {plan}").format(plan=_plan(decision.plan))
    for n, step in enumerate(progress.steps, 1):
        yield f"{n}. {step.stage.name}: {state_in_words(step.state)}"
        yield "  " + _("gives {plan}; {days}").format(plan=_plan(step.stage.plan), days=_days(step))
        for judged in step.judged:
            yield from _criterion(judged, step, path)
        for opening in step.openings:
            if opening.why_not is None:
                yield "  " + _("signed as {role} on {day}").format(role=opening.role.value, day=opening.at[:10])
            else:
                says = _("the signature as {role} of {day} does not count: {why}")
                yield "  " + says.format(role=opening.role.value, day=opening.at[:10], why=sentence(opening.why_not))
        if step.missing and step.state in (State.READY, State.WAITING):
            yield "  " + _("to be signed as {roles}").format(roles=", ".join(role.value for role in step.missing))
    yield _("in force: {plan}").format(plan=_plan(progress.plan))


def _criterion(judged: Judged, step: Step, path: str) -> Iterator[str]:
    criterion = judged.criterion
    met = {Verdict.HOLDS: _("met"), Verdict.BREACHED: _("not met")}.get(judged.verdict, _("not yet answered"))
    if criterion.sort is Sort.TESTIFIED and judged.verdict is not Verdict.HOLDS:
        met = _("to be testified to")
    yield f"  {met:<18} {criterion.name}: {clean(criterion.says)}"
    if judged.verdict is not Verdict.HOLDS:
        yield f"  {'':<18} {sentence(judged.says)}"
    if judged.verdict is not Verdict.HOLDS and judged.fix is not None and step.state is not State.MISSED:
        yield f"  {'':<18} {_('fix')}: {pasteable(told(judged.fix), path)}"


def _days(step: Step) -> str:
    if step.stage.not_before:
        return _("from {first} to {last}").format(first=step.stage.not_before, last=step.stage.by)
    return _("by {last}").format(last=step.stage.by)


def _plan(plan: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(f"{component} {rung.value}" for component, rung in plan)


def _document(decision: Decision, progress: Progress) -> dict[str, Any]:
    """English, whatever the reader's language: it is read by programs."""
    return {
        "name": decision.name,
        "version": decision.version,
        "decision": decision.digest,
        "plan": {component: rung.value for component, rung in decision.plan},
        "in_force": {component: rung.value for component, rung in progress.plan},
        "stages": [_step(step) for step in progress.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "stage": plain(step.stage),
        "state": step.state.value,
        "criteria": [
            {
                "name": judged.criterion.name,
                "verdict": judged.verdict.value,
                "says": str(judged.says),
                "fix": str(judged.fix) if judged.fix else None,
                "rests_on": list(judged.rests_on),
            }
            for judged in step.judged
        ],
        "signatures": [
            {
                "role": opening.role.value,
                "fingerprint": opening.fingerprint,
                "at": opening.at,
                "counts": opening.why_not is None,
                "why_not": str(opening.why_not) if opening.why_not else None,
            }
            for opening in step.openings
        ],
        "missing": [role.value for role in step.missing],
    }
