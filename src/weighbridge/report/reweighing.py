"""What a reweighing came to, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from weighbridge.app.reweigh import DECIDED, Reweighed
from weighbridge.core.evidence import Quantity
from weighbridge.core.tradeoffs import Comparison, PlanRow, Scenario
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean, sentence, told
from weighbridge.report.plans import share, state_in_words, usd


def render_reweighing(found: Reweighed, *, style: str) -> str:
    """Whether the answer turns, why, and the decided plan before and after; as sentences or as JSON."""
    if style == "json":
        return json.dumps(found.entry.body, indent=2, ensure_ascii=False, sort_keys=True)
    return "\n".join(_lines(found))


def _lines(found: Reweighed) -> Iterator[str]:
    if found.turned:
        yield _("The answer turns: nothing of this decision leaves until people decide again (entry {n}).").format(
            n=found.entry.number
        )
        yield from (f"  {sentence(turn)}" for turn in found.turns)
    else:
        yield _("The answer stands (entry {n}).").format(n=found.entry.number)
    for made, when in ((found.before, _("before")), (found.after, _("after"))):
        yield _("{when}, as of {day}: {plan}").format(when=when, day=made.as_of, plan=_preferred(made))
        row = made.row(DECIDED)
        if row is not None:
            yield from (f"  {line}" for line in _decided(row, made))
    yield from (f"! {sentence(note)}" for note in found.notes)


def _preferred(made: Comparison) -> str:
    if not made.recommended:
        return _("no plan is preferred")
    others = [name for name in made.tied if name != made.recommended]
    plan = clean(made.recommended)
    if others:
        return _("{plan} is preferred; as good within the error: {others}").format(
            plan=plan, others=", ".join(map(clean, others))
        )
    return _("{plan} is preferred").format(plan=plan)


def _decided(row: PlanRow, made: Comparison) -> Iterator[str]:
    yield _("what was decided: {state}").format(state=state_in_words(row.state))
    yield from (told(because) for because in row.because)
    for actor in made.actors:
        held = _of(row.deterred, actor.name)
        if held is not None:
            yield _("{who} deterred: {share}").format(who=clean(actor.says), share=share(held))
    if row.break_even:
        least = min(row.break_even, key=lambda q: q.value)
        yield _("an actor must value it above {usd} ({low} to {high})").format(
            usd=usd(least.value), low=usd(least.low), high=usd(least.high)
        )


def _of(quantities: tuple[Quantity, ...], actor: str) -> Quantity | None:
    return next((q for q in quantities if (q.at("actor"), q.at("scenario")) == (actor, Scenario.DECLARED.value)), None)
