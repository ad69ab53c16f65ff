"""The comparison of plans in the reader's language, before it takes a form: terminal, page and Markdown share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weighbridge.core.evidence import Quantity
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import BEYOND_ALL, Comparison, PlanRow, Scenario, State
from weighbridge.core.wording import _
from weighbridge.core.worth import Alternative, Benefit, Ground
from weighbridge.report.neutral import capital, clean, ended, pasteable, told
from weighbridge.report.numbers import downwards, minutes_in_words, percent, rounded, upwards
from weighbridge.report.tornado import tornado
from weighbridge.report.words import listed

_HALF = 0.5
_TELLING = 0.02  # counts that differ by less than this are told as the same
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTold:
    """A figure, and between what nine in ten worlds have it; both empty where it is not known."""

    value: str
    between: str = ""

    def __str__(self) -> str:
        return f"{self.value} ({self.between})" if self.between else self.value


_NONE = FigureTold(value="–")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTold:
    """One plan."""

    name: str
    says: str
    rungs: str
    stages: tuple[str, ...]
    state: str  # slug, for the style
    stands: str
    because: tuple[str, ...]
    wins: FigureTold | None
    deterred: tuple[FigureTold, ...]  # by actor; empty where not known
    price: FigureTold
    delay: FigureTold
    counts: tuple[tuple[str, str], ...]
    trades: tuple[str, ...]  # what it gives up and gains against the recommended one
    cautions: tuple[str, ...]
    waiting: str
    is_recommended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioTold:
    """What one plan deters under other circumstances."""

    name: str
    deterred: tuple[FigureTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTold:
    """One step of the worksheet."""

    asks: str
    says: tuple[str, ...]
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitTold:
    """One benefit, in its own unit."""

    who: str
    amount: str
    marks: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansTold:
    """All of it."""

    headline: str
    notes: tuple[str, ...]
    statement: str
    actors: tuple[str, ...]
    plans: tuple[PlanTold, ...]
    about: str  # the plan that scenarios and picture are of
    scenarios: tuple[ScenarioTold, ...]
    picture: str  # SVG; empty where there is none
    flips: tuple[str, ...]
    learnings: tuple[tuple[str, str, str], ...]  # what, how long, how likely it changes the plan
    worksheet: tuple[StepTold, ...]
    benefits: tuple[BenefitTold, ...]
    alternatives: tuple[str, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    drawn: str
    figures: str


def plans_told(made: Comparison, path: str = "DIR") -> PlansTold:
    """Everything that is said of a comparison.

    Parameters
    ----------
    path : of the candidate, as it stands in commands that can be pasted
    """
    best = made.row(made.recommended)
    about = next((r for r in made.rows if r.plan.name == _closed(made)), None)
    return PlansTold(
        headline=_headline(made, best),
        notes=_notes(made),
        statement=clean(made.statement),
        actors=tuple(capital(clean(actor.says)) for actor in made.actors) if _is_misuse(made) else (),
        plans=tuple(_plan(row, made, best) for row in _in_order(made.rows)),
        about=clean(about.plan.name) if about else "",
        scenarios=_scenarios(about, made) if about else (),
        picture=tornado(made.swings) if made.swings else "",
        flips=tuple(capital(ended(told(flip.says))) for flip in made.flips),
        learnings=tuple(
            (capital(pasteable(told(e.says), path)), minutes_in_words(e.minutes), _chance(e.chance))
            for e in made.learnings
        ),
        worksheet=tuple(
            StepTold(asks=told(step.asks), says=tuple(capital(told(s)) for s in step.says), is_known=step.is_known)
            for step in made.worksheet
        ),
        benefits=tuple(_benefit(b) for b in made.benefits),
        alternatives=tuple(_alternative(a) for a in made.alternatives),
        assumptions=tuple(capital(ended(told(text))) for text in made.assumptions),
        warnings=tuple(capital(ended(told(text))) for text in made.warnings),
        drawn=_(
            "{worlds} worlds of {actors} actors of each kind, seed {seed}, prices of {day}, stages from {start}"
        ).format(
            worlds=made.worlds, actors=made.actors_per_world, seed=made.seed, day=made.as_of,
            start=made.day,
        ),
        figures=made.figures,
    )  # fmt: skip


def _headline(made: Comparison, best: PlanRow | None) -> str:
    if best is None:
        if any(row.state is State.UNJUSTIFIED for row in made.rows):
            return _("No plan is recommended yet: what keeping it back would buy is not known.")
        return _("No plan is left to recommend.")
    share = best.wins
    if sum(row.state is State.IN for row in made.rows) == 1:
        return _("Only “{plan}” is left in the running: see below why the rest is out.").format(
            plan=clean(best.plan.name)
        )
    if made.tied:
        text = _("Of the plans in the running, “{plan}” and others are tied: no more ways to weigh prefer one of them")
    elif share is not None and share.low <= _HALF:
        text = _("Of the plans in the running, more ways to weigh what they trade prefer “{plan}” than any other")
    else:
        text = _("Of the plans in the running, “{plan}” is preferred by most ways to weigh what they trade")
    text = text.format(plan=clean(best.plan.name))
    return f"{text} ({percent(share.value)})." if share is not None else f"{text}."


def _is_misuse(made: Comparison) -> bool:
    """Whether anybody could be hurt, so that there is somebody to deter."""
    return not made.rows or any(q.at("count") == "lead" for row in made.rows for q in row.counts)


def _notes(made: Comparison) -> tuple[str, ...]:
    notes = []
    if made.tied:
        text = _("{others} do as well within the error of drawing; a tie goes to what can be undone.")
        notes.append(text.format(others=capital(listed(clean(name) for name in made.tied))))
    if made.recommended and made.cleared != made.recommended:
        row = made.row(made.recommended)
        text = _("It is not cleared yet: {n} rules wait for an answer.")
        notes.append(text.format(n=len(row.waiting) if row else 0))
        if made.cleared:
            text = _("Of those that nothing unanswered holds back, “{plan}” is preferred.")
            notes.append(text.format(plan=clean(made.cleared)))
    if made.recommended and not made.learnings and made.flips:
        notes.append(_("Nothing that an hour of measuring or asking would tell is likely to change that."))
    notes.append(_("No plan has a score, and none of the weightings is ours. People decide."))
    return tuple(notes)


_ORDER = (State.IN, State.UNJUSTIFIED, State.BEATEN, State.FORBIDDEN, State.INCOHERENT)


def _in_order(rows: Sequence[PlanRow]) -> list[PlanRow]:
    return sorted(rows, key=lambda r: (_ORDER.index(r.state), -(r.wins.value if r.wins else 0.0)))


def state_in_words(state: State) -> str:
    """How a plan stands."""
    return {
        State.IN: _("in the running"),
        State.INCOHERENT: _("undoes itself"),
        State.FORBIDDEN: _("out: a limit forbids it"),
        State.BEATEN: _("out: another is as good on every count"),
        State.UNJUSTIFIED: _("not shown to buy anything"),
    }[state]


def _plan(row: PlanRow, made: Comparison, best: PlanRow | None) -> PlanTold:
    plan, breaks = row.plan, row.break_even
    return PlanTold(
        name=clean(plan.name), says=capital(clean(plan.says)),
        rungs=", ".join(f"{clean(name)}: {rung.value}" for name, rung in plan.rungs),
        stages=tuple(
            _("by {day}: {rungs}, if {criteria}").format(
                day=clean(stage.by), rungs=", ".join(f"{clean(n)}: {r.value}" for n, r in stage.plan),
                criteria=listed(clean(c.says) for c in stage.criterion),
            )
            for stage in plan.stages
        ),
        state=row.state.value, stands=state_in_words(row.state),
        because=tuple(capital(ended(told(text))) for text in row.because),
        wins=_wins(row), deterred=tuple(share(q) for q in _of(row, Scenario.DECLARED)),
        price=_price(breaks) if _is_misuse(made) else _NONE, delay=_delay(row.delay) if _is_misuse(made) else _NONE,
        counts=tuple((q.at("count") or "", str(share(q))) for q in row.counts),
        trades=_against(row, best, made),
        cautions=tuple(_caution(t.rule, [told(a) for a in t.against]) for t in row.trades),
        waiting=", ".join(clean(rule) for rule in row.waiting), is_recommended=best is not None and row is best,
    )  # fmt: skip


def _wins(row: PlanRow) -> FigureTold | None:
    return None if row.wins is None else share(row.wins)


def _of(row: PlanRow, scenario: Scenario) -> list[Quantity]:
    return [q for q in row.deterred if q.at("scenario") == scenario]


def share(q: Quantity) -> FigureTold:
    """A share with its interval, in percent; a deterred one never says all."""
    if q.low == q.high:
        return FigureTold(value=percent(q.value))
    return FigureTold(value=percent(q.value), between=_range(downwards(q.low * 100), upwards(q.high * 100), f"{NBSP}%"))


def _range(low: str, high: str, unit: str) -> str:
    return _("{low} to {high}").format(low=low, high=high) + unit


def _down(x: float) -> str:
    return f"{downwards(x * 100)}{NBSP}%"


def _up(x: float) -> str:
    return f"{upwards(x * 100)}{NBSP}%"


def usd(x: float) -> str:
    """Dollars to two significant digits."""
    if x >= BEYOND_ALL:
        return _("more than any amount considered")
    return f"{rounded(float(f'{x:.2g}'))}{NBSP}USD"


def _price(breaks: Sequence[Quantity]) -> FigureTold:
    """What an actor must value it above: that of the kind of actor to whom it is cheapest."""
    if not breaks:
        return FigureTold(value=_("not known"))
    least = min(breaks, key=lambda q: q.value)
    if least.low >= BEYOND_ALL:
        return FigureTold(value=usd(least.value))
    if least.high >= BEYOND_ALL:
        return FigureTold(value=usd(least.value), between=_("{low} or more").format(low=usd(least.low)))
    low, high = (rounded(float(f"{x:.2g}")) for x in (least.low, least.high))
    return FigureTold(value=usd(least.value), between=_range(low, high, f"{NBSP}USD"))


def _delay(delay: Quantity | None) -> FigureTold:
    if delay is None:
        return FigureTold(value=_("not known"))
    if delay.high == 0:
        return FigureTold(value=_("none"))
    value = _("{n} days").format(n=rounded(delay.value, digits=3))
    return FigureTold(value=value, between=_range(downwards(delay.low), upwards(delay.high), ""))


def _against(row: PlanRow, best: PlanRow | None, made: Comparison) -> tuple[str, ...]:
    """What it gains and gives up against the recommended plan, count by count."""
    if best is None or row is best or row.state is not State.IN:
        return ()
    says = _count_words(made)
    more = [_gap(says, q) for q in row.against if q.value > _TELLING]
    less = [_gap(says, q) for q in row.against if q.value < -_TELLING]
    lines = []
    if more:
        lines.append(_("More than “{best}”: {what}").format(best=clean(best.plan.name), what="; ".join(more)))
    if less:
        lines.append(_("Less than “{best}”: {what}").format(best=clean(best.plan.name), what="; ".join(less)))
    return tuple(lines)


def _gap(says: Mapping[str, str], q: Quantity) -> str:
    name = q.at("count") or ""
    low, value, high = (_signed(x) for x in (q.low, q.value, q.high))
    between = _("{value}; {low} to {high}").format(value=value, low=low, high=high) if low != high else value
    return f"{says.get(name, name)} ({between})"


def _signed(x: float) -> str:
    points = round(x * 100)
    return f"{points:+d}".replace("-", "−") if points else "0"


def _count_words(made: Comparison) -> dict[str, str]:
    """What each count is called."""
    kept = _("{who} kept from misuse or found out")
    words = {f"misuse-{actor.name}": kept.format(who=clean(actor.says)) for actor in made.actors}
    words |= {f"benefit-{b.name}": _("{who} served").format(who=clean(b.who)) for b in made.benefits}
    return words | {
        "lead": _("a head start for defenders"),
        "reach": _("good users reached"),
        "checking": _("others can check it"),
    }


def _caution(rule: str, against: Sequence[str]) -> str:
    if not against:
        return _("The caution {rule} stands against it, and nothing that was measured outweighs it.").format(
            rule=clean(rule)
        )
    text = _("The caution {rule} stands against it; whoever decides may set against it, by name: {what}.")
    return text.format(rule=clean(rule), what="; ".join(against))


def scenario_in_words(scenario: Scenario) -> str:
    """Under which circumstances."""
    return {
        Scenario.DECLARED: _("As declared"),
        Scenario.NO_SUBSTITUTE: _("Were there no substitute"),
        Scenario.NO_SUBSIDY: _("Were nobody given computing or work"),
        Scenario.ALL_SUBSIDISED: _("Were all given computing and work"),
        Scenario.UNSHOWN: _("With substitutes that nobody showed"),
    }[scenario]


def _closed(made: Comparison) -> str:
    """The recommended plan if it keeps anything back, else the most closed one that makes sense."""
    told_rows = [r for r in made.rows if r.deterred and any(q.high > 0 for q in r.deterred)]
    if any(r.plan.name == made.recommended for r in told_rows):
        return made.recommended
    return max(told_rows, key=lambda r: r.undoing).plan.name if told_rows else ""


def _scenarios(row: PlanRow, made: Comparison) -> tuple[ScenarioTold, ...]:
    told_ = []
    for scenario in Scenario:
        by_actor = {q.at("actor"): q for q in _of(row, scenario)}
        if by_actor:
            shares = tuple(share(by_actor[actor.name]) for actor in made.actors if actor.name in by_actor)
            told_.append(ScenarioTold(name=scenario_in_words(scenario), deterred=shares))
    return tuple(told_)


def _chance(q: Quantity) -> str:
    if q.n == 0:
        return _("nothing can be said of closing before it")
    text = _("changes the plan with a chance of {value} ({low} to {high})")
    return text.format(value=percent(q.value), low=_down(q.low), high=_up(q.high))


def _benefit(b: Benefit) -> BenefitTold:
    marks = [_("health")] if b.kind.value == "health" else []
    marks += [_("low-resource")] if b.low_resource else []
    if b.sooner_days is not None:
        marks.append(
            _("{low} to {high} days sooner").format(low=rounded(b.sooner_days.low), high=rounded(b.sooner_days.high))
        )
    marks += [_("from {rung} on").format(rung=Rung(b.needs).value)]
    marks += [_("if withheld: {what}").format(what=clean(b.loses))] if b.loses else []
    marks += [_("asked: {who}").format(who=clean(b.asked)) if b.asked else _("nobody of them was asked")]
    basis = _("testified: {source}") if b.basis is Ground.TESTIFIED else _("assumed: {source}")
    return BenefitTold(
        who=clean(b.who),
        amount=f"{rounded(b.amount.low)}–{rounded(b.amount.high)} {clean(b.unit)}",
        marks=tuple(marks),
        basis=basis.format(source=clean(b.source) or _("nobody says")),
    )


def _alternative(a: Alternative) -> str:
    text = _("{work}: {good} ({source})")
    return text.format(work=clean(a.says), good=clean(a.good), source=clean(a.source) or _("nobody is named"))
