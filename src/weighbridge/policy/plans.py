"""The plans there are for a candidate: the standard ones and its owner's; which undo themselves, which a stop forbids.

All of this is decided from findings and rungs alone. What the plans that are left are worth is weighed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from weighbridge.core.candidate import Candidate, Component, Subject
from weighbridge.core.errors import nearest_hint
from weighbridge.core.findings import Effect, Finding, Verdict
from weighbridge.core.plans import Plan, Slice
from weighbridge.core.replication import RecipePart
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.stages import Criterion, Rungs, Stage
from weighbridge.core.wording import Phrase, _, phrase

_MAIN = (Component.WEIGHTS, Component.DATA, Component.TRAIN_DATA)  # what is at stake
_STAGE_DAYS = 182  # ours: half of the longest a decision may hold
_LEAD_DAYS = 91  # ours: a quarter, for defenders to build what counters it
_TOLD = frozenset({Component.CODE, Component.PAPER, Component.SAMPLES, Component.DETECTOR})


def main_component(candidate: Candidate) -> Component | None:
    """The component at stake: the model where there is one, else the data; None where only papers and code leave."""
    return next((c for c in _MAIN if c in candidate.components), None)


def standard_plans(candidate: Candidate, findings: Sequence[Finding], day: date) -> tuple[Plan, ...]:
    """The plans that everybody has for a candidate of these components.

    What goes out beside the main component goes as far as the plan says, and no further than its own stops let it: a
    model is not kept in for a stop on its training data.

    Parameters
    ----------
    day : the day that stages are counted from
    """
    main = main_component(candidate)
    made = _standard(candidate, main, day)
    return tuple(replace(plan, rungs=_held_back(plan, main, findings)) for plan in made)


def _held_back(plan: Plan, main: Component | None, findings: Sequence[Finding]) -> Rungs:
    held = []
    for name, rung in plan.rungs:
        forbidden = {
            r
            for f in findings
            if (f.verdict, f.effect) == (Verdict.BREACHED, Effect.STOP) and f.component in (None, Component(name))
            for r in f.forbids
        }
        left = [r for r in Rung if r not in forbidden and gives_as_much(rung, r)]
        held.append((name, rung if rung not in forbidden or name == main or not left else left[-1]))
    return tuple(held)


def _standard(candidate: Candidate, main: Component | None, day: date) -> tuple[Plan, ...]:
    if not candidate.components:
        return ()
    if main is None:
        return tuple(_plan(candidate, name, says, rung, rung) for name, says, rung in _EVERYTHING)
    plans = [
        _plan(candidate, name, says, *rungs)
        for name, says, rungs in _PLAINLY
        if name != "paper-only" or Component.PAPER in candidate.components
    ]
    if main is Component.WEIGHTS:
        says = _("anyone may use the model through your service; nobody gets a copy of it or of its data")
        plans.append(_plan(candidate, "served", says, Rung.WITHHELD, Rung.OPEN, weights=Rung.SERVED))
    plans += [_staged(candidate, main, day), _defenders_first(candidate, main, day)]
    return (*plans, *_sliced(candidate, main, day))


_PLAINLY = (
    ("open", _("everything goes to anyone"), (Rung.OPEN, Rung.OPEN)),
    ("licensed", _("anyone may download it, under terms of use"), (Rung.LICENSED, Rung.OPEN)),
    ("gated", _("people you have checked may download it"), (Rung.GATED, Rung.OPEN)),
    ("paper-only", _("the paper goes out, and nothing that runs"), (Rung.WITHHELD, Rung.WITHHELD)),
    ("withhold", _("nothing goes out"), (Rung.WITHHELD, Rung.WITHHELD)),
)
_EVERYTHING = (("open", _PLAINLY[0][1], Rung.OPEN), ("withhold", _PLAINLY[-1][1], Rung.WITHHELD))


def _plan(candidate: Candidate, name: str, says: str, main: Rung, rest: Rung, weights: Rung | None = None) -> Plan:
    rungs = {c: main if c in _MAIN else rest for c in candidate.components}
    if weights is not None:
        rungs[Component.WEIGHTS] = weights
    if name == "paper-only":
        rungs |= {c: Rung.OPEN for c in (Component.PAPER,) if c in rungs}
    return Plan(name=name, says=says, rungs=tuple(sorted((c.value, rung) for c, rung in rungs.items())))


def _staged(candidate: Candidate, main: Component, day: date) -> Plan:
    says = _("first to people you have checked, then to anyone, once nothing has been seen that speaks against it")
    plan = _plan(candidate, "staged-by-time", says, Rung.GATED, Rung.OPEN)
    wider = ((main.value, Rung.LICENSED),)
    return _with_stage(plan, day, _STAGE_DAYS, wider, _("nobody who has it has reported a misuse that was confirmed"))


def _defenders_first(candidate: Candidate, main: Component, day: date) -> Plan:
    says = _("first to partners and to those who defend against its misuse, then to people you have checked")
    plan = _plan(candidate, "defenders-first", says, Rung.PARTNERS, Rung.OPEN)
    wider = ((main.value, Rung.GATED),)
    return _with_stage(plan, day, _LEAD_DAYS, wider, _("the defenders say that what counters it is in use"))


def _sliced(candidate: Candidate, main: Component, day: date) -> Iterable[Plan]:
    """Plans whose first part is a candidate of its own: this one stays back until the stage opens."""
    if Subject.CAUSAL_LM in candidate.subjects:
        says = _("a smaller model goes to anyone first, as a candidate of its own; this one follows")
        plan = _plan(candidate, "staged-by-size", says, Rung.WITHHELD, Rung.OPEN)
        cut = Plan(name=plan.name, says=plan.says, rungs=plan.rungs, slice=Slice.SIZE)
        seen = _("no misuse of the smaller one was confirmed")
        yield _with_stage(cut, day, _STAGE_DAYS, ((main.value, Rung.LICENSED),), seen)
    languages = {*candidate.claims.languages, *candidate.triage.languages}
    if len(languages) > 1:
        says = _("languages with a measured defence go to anyone first, as a candidate of their own; the rest follows")
        plan = _plan(candidate, "staged-by-language", says, Rung.WITHHELD, Rung.OPEN)
        cut = Plan(name=plan.name, says=plan.says, rungs=plan.rungs, slice=Slice.LANGUAGE)
        seen = _("a defence was measured in every language that is left")
        yield _with_stage(cut, day, _STAGE_DAYS, ((main.value, Rung.LICENSED),), seen)


def _with_stage(plan: Plan, day: date, days: int, wider: tuple[tuple[str, Rung], ...], says: str) -> Plan:
    stage = Stage(
        name="wider", plan=wider, by=(day + timedelta(days=days)).isoformat(),
        criterion=(Criterion(name="first-stage-went-well", says=says),),
    )  # fmt: skip
    return Plan(name=plan.name, says=plan.says, rungs=plan.rungs, stages=(stage,), slice=plan.slice)


def incoherences(plan: Plan, candidate: Candidate) -> tuple[Phrase, ...]:
    """Why a plan undoes itself; empty where it does not."""
    released = [c.value for c in candidate.components]
    named = dict(plan.rungs)
    faults = [
        phrase("{component} is not released; {hint}", component=name, hint=nearest_hint(name, released))
        for name in named
        if name not in released
    ]
    faults += [phrase("{component} has no rung, and withheld is one", component=n) for n in released if n not in named]
    for opened in range(len(plan.stages) + 1):
        faults += _undone({Component(n): r for n, r in plan.at(opened) if n in set(Component)})
    return tuple(dict.fromkeys(faults))


def _undone(rungs: Mapping[Component, Rung]) -> list[Phrase]:
    faults = [
        phrase("{component} cannot be served: there is nothing in it to ask", component=c.value)
        for c in sorted(_TOLD & rungs.keys())
        if rungs[c] is Rung.SERVED
    ]
    weights = rungs.get(Component.WEIGHTS)
    if weights is not None and not to_anyone(weights) and recipe_parts(rungs) >= _RECIPE:
        says = (
            "the model is {rung} while its data, its code and its paper are anyone's: whoever wants it makes it again"
        )
        faults.append(phrase(says, rung=weights.value))
    return faults


_RECIPE = frozenset({RecipePart.PAPER, RecipePart.CODE, RecipePart.DATA})


def recipe_parts(rungs: Mapping[Component, Rung]) -> frozenset[RecipePart]:
    """The parts of the recipe that these rungs hand to anybody."""
    parts = {
        RecipePart.PAPER: Component.PAPER, RecipePart.CODE: Component.CODE,
        RecipePart.DATA: Component.TRAIN_DATA, RecipePart.DETECTOR: Component.DETECTOR,
    }  # fmt: skip
    return frozenset(part for part, c in parts.items() if c in rungs and to_anyone(rungs[c]))


def to_anyone(rung: Rung) -> bool:
    """Whether anyone gets bytes."""
    return gives_as_much(rung, Rung.LICENSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What the findings say of a plan."""

    stops: tuple[Finding, ...] = ()  # breached: the plan is out
    cautions: tuple[Finding, ...] = ()  # breached: may be traded, by name
    waiting: tuple[Finding, ...] = ()  # not yet answered: nothing of it is cleared until they are


def admitted(plan: Plan, findings: Sequence[Finding]) -> Admission:
    """The findings that forbid a rung of the plan, at any of its stages."""
    rungs = {(Component(n), r) for k in range(len(plan.stages) + 1) for n, r in plan.at(k) if n in set(Component)}
    against = [f for f in findings if f.effect.forbids and any(
        f.component in (None, component) and rung in f.forbids for component, rung in rungs)]  # fmt: skip

    def having(verdict: Verdict, *effects: Effect) -> tuple[Finding, ...]:
        return tuple(f for f in against if f.verdict is verdict and f.effect in effects)

    return Admission(
        stops=having(Verdict.BREACHED, Effect.STOP),
        cautions=having(Verdict.BREACHED, Effect.CAUTION),
        waiting=having(Verdict.OPEN, Effect.STOP, Effect.CAUTION),
    )


_UNDOING = {Rung.WITHHELD: 4, Rung.SERVED: 3, Rung.PARTNERS: 2, Rung.GATED: 1, Rung.LICENSED: 0, Rung.OPEN: 0}


def undoing(plan: Plan) -> float:
    """How far a plan can still be undone, from 4 (nothing is out) to 0 (anyone has copies).

    The first day counts, and a little of the last: what a stage has not given yet can still be kept.
    """
    first = min((_UNDOING[rung] for name, rung in plan.rungs if name in {c.value for c in _MAIN}), default=0)
    last = min((_UNDOING[r] for n, r in plan.at(len(plan.stages)) if n in {c.value for c in _MAIN}), default=0)
    return first + last / 10
