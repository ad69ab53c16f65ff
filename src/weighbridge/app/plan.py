"""Plan: compare the plans there are for a candidate, and say what the choice hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from weighbridge.app.account import assumptions, warnings, worksheet
from weighbridge.app.figure import figured, market_of
from weighbridge.app.flip import flips
from weighbridge.app.imagine import Given, Worlds, imagine
from weighbridge.app.learn import DETECTABILITY, learnings, swings
from weighbridge.app.say import spoken_of, statement
from weighbridge.app.trade import (
    Fair,
    admit_plans,
    choose,
    closes,
    weigh_plans,
    weightings,
)
from weighbridge.app.value import Count, Market, counts_of, value
from weighbridge.core.assumed import Assumed, Delays
from weighbridge.core.candidate import Candidate, Component, Impact, Said, Subject
from weighbridge.core.canon import Digest, Plain, digest_of
from weighbridge.core.card import Card
from weighbridge.core.errors import Unusable, nearest_hint
from weighbridge.core.evidence import Basis, Evidence, Measured, Quantity
from weighbridge.core.findings import Verdict
from weighbridge.core.plans import Plan
from weighbridge.core.prices import Prices
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.tradeoffs import Comparison, Known, PlanRow, State, Swing
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, _
from weighbridge.policy.plans import recipe_parts, standard_plans

VERSION = 3  # of the way figures follow from what is given: part of what a statement is bound to
UNSAID = "und"  # BCP 47: a language that nobody said
DEFENCE = ("tpr-at-fpr-1pct", "tpr-at-fpr-5pct")  # metrics of detectability, the better one first


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What is known beside the candidate."""

    assumed: Assumed
    delays: Delays
    prices: Prices
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How plans are compared."""

    as_of: str = ""  # the day that prices and substitutes are of; empty: that of the shelf of prices, and `today`
    seen: str = ""  # the day on which a substitute is to be had; empty: as said above
    today: str = ""  # the day that stages are counted from; empty: the day that prices are of
    seed: int = 0
    plan: str = ""  # the one that the statement speaks of; empty: chosen as `statement` says
    decides: Plan | None = None  # what is decided: the statement speaks of it, whatever its name is
    in_full: bool = True  # with what the choice hangs on: swings, flip points, what an hour would tell
    worlds: int = 400
    actors_per_world: int = 250


def compare_plans(weighing: Weighing, shelves: Shelves, terms: Terms) -> Comparison:
    """All plans for what was weighed, side by side."""
    given = given_of(weighing, shelves, terms)
    plans = plans_of(weighing, given.day)
    if terms.decides is not None:
        days = [stage.by for stage in terms.decides.stages]
        alike = [p for p in plans if _given(p) == _given(terms.decides) and [s.by for s in p.stages] == days]
        same = next(iter(alike), None)
        plans = plans if same else (*plans, terms.decides)
        terms = replace(terms, plan=(same or terms.decides).name)
    names = [plan.name for plan in plans]
    if terms.plan and terms.plan not in names:
        raise Unusable(
            _("there is no plan {name}").format(name=terms.plan), nearest_hint(terms.plan, names),
            _("name one of them, or write your own as [[plan]] in weighbridge.toml"),
        )  # fmt: skip
    worlds = imagine(given, [recipe_parts(_rungs(p, n)) for p in plans for n in range(len(p.stages) + 1)])
    rows = admit_plans(plans, weighing.findings, worlds)
    market = market_of(worlds)
    fair, out = weigh_plans(rows, worlds, market)
    counts = counts_of(worlds)
    weights = weightings(counts, given.stream("weightings"))
    choice, cleared = choose(fair, weights), choose([f for f in fair if f.row.is_cleared], weights)
    preferred = "" if any(r.state is State.UNJUSTIFIED for r in out) and worlds.remade is None else choice.preferred
    told = figured(plans, fair, out, worlds, counts, replace(choice, preferred=preferred))
    made = Comparison(
        candidate=given.candidate.digest, as_of=given.as_of, day=given.day, seed=given.seed,
        worlds=given.worlds,
        actors_per_world=given.actors_per_world, figures=figures_of(weighing, given), rows=told,
        needs_statement=needs_statement(given.candidate),
        recommended=preferred, tied=choice.tied if preferred else (), cleared=cleared.preferred if preferred else "",
        defence=given.defence,
        actors=given.actors, substitutes=given.worth.substitutes, benefits=given.worth.benefits,
        alternatives=given.worth.alternatives,
        assumptions=assumptions(worlds), warnings=warnings(worlds, terms.today),
    )  # fmt: skip
    about = spoken_of(made, worlds, terms.plan)
    said = replace(made, statement=statement(made, worlds, terms.plan), about=about.plan.name if about else "")
    said = replace(said, worksheet=worksheet(said, worlds))
    if not terms.in_full:
        return said
    return replace(
        said, swings=_swings(worlds, market, rows, counts, preferred), flips=flips(rows, market, weights, preferred),
        learnings=learnings(worlds, rows, fair, weights, shelves.cards),
    )  # fmt: skip


def given_of(weighing: Weighing, shelves: Shelves, terms: Terms) -> Given:
    """What is not drawn."""
    as_of = terms.as_of or shelves.prices.as_of
    day = terms.today or as_of
    return Given(
        candidate=weighing.candidate, assumed=shelves.assumed, delays=shelves.delays, prices=shelves.prices,
        defence=defence_of(weighing.candidate, weighing.evidence), as_of=as_of, day=day,
        seen=terms.seen or terms.as_of or day, seed=terms.seed, worlds=terms.worlds,
        actors_per_world=terms.actors_per_world, against=_against(weighing),
    )  # fmt: skip


def _against(weighing: Weighing) -> tuple[Phrase, ...]:
    breached = [f for f in weighing.findings if f.verdict is Verdict.BREACHED and f.effect.forbids]
    return tuple(dict.fromkeys(f.says for f in sorted(breached, key=lambda f: f.rule)))


def plans_of(weighing: Weighing, day: str) -> tuple[Plan, ...]:
    """The standard plans and the owner's; one of the owner's stands for the standard one of its name or its rungs."""
    own = weighing.candidate.worth.plans
    named, given = {plan.name for plan in own}, {_given(plan) for plan in own}
    standard = standard_plans(weighing.candidate, weighing.findings, date.fromisoformat(day))
    return (*(plan for plan in standard if plan.name not in named and _given(plan) not in given), *own)


def _given(plan: Plan) -> tuple[object, ...]:
    return plan.slice, *(tuple(sorted(plan.at(n))) for n in range(len(plan.stages) + 1))


def needs_statement(candidate: Candidate) -> bool:
    """Whether nobody may decide without saying the risk: not where everything was answered, and all of it no."""
    return candidate.triage.impact is not Impact.LIGHT or candidate.replication is not None


def defence_of(candidate: Candidate, evidence: Sequence[Evidence]) -> tuple[Known, ...]:
    """What is known of the defence, by language. None at all where nothing is generated that could be told apart."""
    found: dict[str, Quantity] = {}
    for e in evidence:
        if e.probe == DETECTABILITY and isinstance(e.outcome, Measured):
            for metric in reversed(DEFENCE):
                found |= _worst_by_language(e.outcome, metric)
    if not found and Subject.CAUSAL_LM not in candidate.subjects and candidate.triage.generates is not Said.YES:
        return ()
    languages = dict.fromkeys((*candidate.claims.languages, *candidate.triage.languages, *found))
    return tuple(Known(language=name, share=found.get(name)) for name in languages or (UNSAID,))


def _worst_by_language(measured: Measured, metric: str) -> dict[str, Quantity]:
    """The number of each language: that of the language alone, else the worst of those that are broken down further."""
    held: dict[str, list[Quantity]] = {}
    for q in measured.quantities:
        language = q.at("language")
        if q.metric == metric and language and q.basis is not Basis.ASSUMED and q.n > 0:
            held.setdefault(language, []).append(q)
    return {
        language: next((q for q in qs if len(q.by) == 1), min(qs, key=lambda q: q.low)) for language, qs in held.items()
    }


def figures_of(weighing: Weighing, given: Given) -> Digest:
    """Over all that the figures follow from; the same on every machine, which the last digit of a figure is not."""
    c = given.candidate
    worth = replace(c.worth, alternatives=())  # no figure follows from these
    told = (c.triage, c.claims.languages, c.subjects, c.components, c.replication, worth, given.defence)
    parts: list[Plain] = [plain(part) for part in told]
    findings: list[Plain] = [
        [f.rule, f.verdict.value, f.component.value if f.component else ""] for f in weighing.findings
    ]
    findings.sort(key=str)
    shelves: list[Plain] = [given.assumed.digest, given.delays.digest, given.prices.digest]
    drawn: list[Plain] = [given.as_of, given.seen, given.day, given.seed, given.worlds, given.actors_per_world]
    return digest_of([VERSION, c.digest, parts, findings, shelves, drawn])


def _rungs(plan: Plan, opened: int) -> dict[Component, Rung]:
    return {Component(name): rung for name, rung in plan.at(opened) if name in set(Component)}


def _swings(
    worlds: Worlds, market: Market, rows: Sequence[PlanRow], counts: Sequence[Count], preferred: str
) -> tuple[Swing, ...]:
    """Of the plan that is recommended if it closes, else of the most closed one that makes sense."""
    closed = [r for r in rows if r.state is not State.INCOHERENT and closes(r.plan, worlds)]
    if worlds.remade is None or not closed:
        return ()
    row = next((r for r in closed if r.plan.name == preferred), max(closed, key=lambda r: r.undoing))
    return swings(worlds, Fair(row=row, valued=value(row.plan, market, counts)))
