"""Value: what each plan comes to in each world, count by count; nothing is added up here.

A plan is followed for a year, the longest that a decision may hold: what each stretch of it gives counts for as long as
it lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial

import numpy as np

from weighbridge.app.imagine import Parts, Worlds
from weighbridge.core.candidate import Component
from weighbridge.core.plans import Plan
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import Phrase, phrase
from weighbridge.core.worth import Benefit, Ground, Kind
from weighbridge.maths.deterrence import (
    Array,
    Crowd,
    Flags,
    can_apply,
    can_pay,
    can_remake,
    deterred,
    proceeding,
)
from weighbridge.policy.plans import main_component, recipe_parts, to_anyone

Rungs = Mapping[Component, Rung]

YEAR = 365.0
_CHECKABLE = (Component.WEIGHTS, Component.DATA, Component.TRAIN_DATA, Component.CODE, Component.PAPER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the year in which the same rungs hold."""

    share: float  # of the year
    rungs: Rungs
    is_sliced: bool  # a part of the whole is out at large as a candidate of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One thing that plans are compared by."""

    name: str
    group: str  # misuse, lead, good or checking: counts of a group share its weight
    lean: float = 1.0  # how much more than another of its group it weighs, on the mean over all weightings
    says: Phrase
    actor: int | None = None  # whose misuse is counted
    benefit: Benefit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """One plan in every world."""

    counts: Array  # shape (worlds, counts), from 0 to 1, more is better
    proceeds: Array  # shape (actors, worlds); the share of each kind that proceeds, over the year
    deterred: Array  # the same against everything open
    delay: Array  # shape (worlds,); days in which nobody but the named have it
    price: Array  # shape (actors, worlds); US dollars that the cheapest way costs one actor of each kind


class Touches(Enum):
    """What of a market changes with a figure."""

    NEITHER = "neither"
    REMAKING = "remaking"
    ELSEWHERE = "elsewhere"
    ACTORS = "actors"


@dataclass(slots=True, kw_only=True)
class Market:
    """Who can go which way, for one scenario: worked out once for each rung and each recipe."""

    worlds: Worlds
    crowds: tuple[Crowd, ...]
    elsewhere: Array
    _using: dict[tuple[int, Rung], Flags] = field(default_factory=dict)
    _making: dict[tuple[int, Parts, bool], Flags] = field(default_factory=dict)
    _share: dict[tuple[int, Rung, Parts], Array] = field(default_factory=dict)

    def moved(self, worlds: Worlds, touches: Touches) -> Market:
        """The same market in worlds of which one figure was moved; what that does not touch is not worked out again."""
        made = Market(worlds=worlds, crowds=worlds.crowds, elsewhere=worlds.elsewhere)
        if touches is not Touches.ACTORS:
            made._using |= {
                k: v for k, v in self._using.items() if touches is not Touches.ELSEWHERE or k[1] is not Rung.OPEN
            }
        if touches is Touches.NEITHER:
            made._making |= self._making
            made._share |= self._share
        return made

    def proceeds(self, actor: int, rungs: Rungs, main: Component | None) -> Array:
        """The share of one kind of actor that proceeds in each world while these rungs hold."""
        rung = Rung.OPEN if main is None else rungs[main]
        key = (actor, rung, frozenset() if to_anyone(rung) else recipe_parts(rungs))
        if key not in self._share:
            self._share[key] = self._worked_out(*key)
        return self._share[key]

    def _worked_out(self, actor: int, rung: Rung, parts: Parts) -> Array:
        w = self.worlds
        use = self._use(actor, Rung.OPEN)
        if to_anyone(rung):
            return proceeding(use, use, np.zeros_like(w.use), w.outside)
        closed = self._made(actor, parts, from_answers=rung is Rung.SERVED)
        if rung in (Rung.GATED, Rung.SERVED):
            closed = closed | self._use(actor, rung)
        return proceeding(closed, closed | use, w.leak[rung], w.outside)

    def _use(self, actor: int, rung: Rung) -> Flags:
        key = (actor, rung)
        if key not in self._using:
            w, who = self.worlds, self.crowds[actor]
            if rung is Rung.OPEN:
                self._using[key] = can_pay(who, np.minimum(w.use, self.elsewhere))
            else:
                asks = w.asks if rung is Rung.SERVED else np.ones_like(w.asks)
                self._using[key] = can_apply(who, w.use, asks)
        return self._using[key]

    def _made(self, actor: int, parts: Parts, *, from_answers: bool) -> Flags:
        key = (actor, parts, from_answers)
        if key not in self._making:
            paid, free = self.prices(parts, from_answers=from_answers)
            self._making[key] = can_remake(self.crowds[actor], paid, free)
        return self._making[key]

    def prices(self, parts: Parts, *, from_answers: bool) -> tuple[Array, Array]:
        """What the cheapest way around a closed door costs in each world, and what it costs the subsidised."""
        w = self.worlds
        if w.remade is None:
            return self.elsewhere, self.elsewhere
        made = w.remade[parts]
        usd = np.minimum(made.usd, made.from_answers) if from_answers else made.usd
        return np.minimum(usd, self.elsewhere), np.minimum(np.minimum(usd, made.usd_subsidised), self.elsewhere)


def stretches(plan: Plan, day: str) -> tuple[Stretch, ...]:
    """The year from `day` in stretches; a stage counts from the last day on which it may open."""
    start = date.fromisoformat(day)
    days = [0.0, *(min(max(float((date.fromisoformat(s.by) - start).days), 0.0), YEAR) for s in plan.stages), YEAR]
    return tuple(
        Stretch(
            share=(days[n + 1] - days[n]) / YEAR,
            rungs={Component(name): rung for name, rung in plan.at(n)},
            is_sliced=plan.slice is not None and n == 0,
        )
        for n in range(len(plan.stages) + 1)
        if days[n + 1] > days[n]
    )


def counts_of(worlds: Worlds) -> tuple[Count, ...]:
    """What plans are compared by. Where nobody could be hurt, misuse is no count."""
    given = worlds.given
    made: list[Count] = []
    if given.is_misuse:
        for n, a in enumerate(given.actors):
            says = phrase("{who} kept from misuse, or found out", who=a.says)
            made.append(Count(name=f"misuse-{a.name}", group="misuse", says=says, actor=n))
        made.append(Count(name="lead", group="lead", says=phrase("a head start for those who defend against misuse")))
    made += [
        Count(name=f"benefit-{b.name}", group="good", says=phrase("{who} served", who=b.who), benefit=b, lean=lean(b))
        for b in given.worth.benefits
    ]
    if not given.worth.benefits:
        made.append(Count(name="reach", group="good", says=phrase("good users reached (no benefit is declared)")))
    return (*made, Count(name="checking", group="checking", says=phrase("others can check the work and build on it")))


def lean(benefit: Benefit) -> float:
    """Twice for health, twice for those for whom little is made: whoever has least loses most by going without. Ours.

    Only where somebody testifies to it: a guess does not weigh double.
    """
    if benefit.basis is not Ground.TESTIFIED:
        return 1.0
    return (2.0 if benefit.kind is Kind.HEALTH else 1.0) * (2.0 if benefit.low_resource else 1.0)


def value(plan: Plan, market: Market, counts: Sequence[Count]) -> Valued:
    """One plan in every world."""
    w = market.worlds
    main = main_component(w.given.candidate)
    year, everyone = stretches(plan, w.given.day), range(len(market.crowds))

    def over_year(of: Callable[[Rungs], Array]) -> Array:
        return _over_year(year, of, w.part, main)

    proceeds = np.stack([over_year(partial(market.proceeds, k, main=main)) for k in everyone])
    opened = dict.fromkeys(w.given.candidate.components, Rung.OPEN)
    in_the_open = np.stack([market.proceeds(k, opened, main=main) for k in everyone])
    rows = [
        1 - proceeds[c.actor] * (1 - w.defence) if c.actor is not None
        else _over_year(year, partial(_good, c, w, main), w.part, main, until=_matters(c, w))
        for c in counts
    ]  # fmt: skip
    return Valued(
        counts=np.stack(rows, axis=1),
        proceeds=proceeds,
        deterred=np.stack([deterred(p, o) for p, o in zip(proceeds, in_the_open, strict=True)]),
        delay=_delay(year, w, main),
        price=np.stack([_price(k, market, year[0].rungs, main) for k in everyone]),
    )


def _matters(count: Count, worlds: Worlds) -> Array | None:
    """The share of the year for which a release makes a difference to those served; None: for all of it."""
    days = worlds.sooner.get(count.benefit.name) if count.benefit else None
    return None if days is None else np.minimum(days, YEAR) / YEAR


def _over_year(
    year: Sequence[Stretch],
    of: Callable[[Rungs], Array],
    part: Array,
    main: Component | None,
    *,
    until: Array | None = None,
) -> Array:
    """The mean over the year of something that follows from the rungs; of a slice, that of its part is as if open.

    What matters `until` a share of the year alone is had by everybody from then on, whatever the plan.
    """
    total = np.zeros_like(part) if until is None else 1 - until
    start = 0.0
    for stretch in year:
        told = of(stretch.rungs)
        if stretch.is_sliced and main is not None:
            told = part * of({**stretch.rungs, main: Rung.OPEN}) + (1 - part) * told
        stop = start + stretch.share
        share = stretch.share if until is None else np.clip(until, start, stop) - start
        total += share * told
        start = stop
    return total


def _good(count: Count, worlds: Worlds, main: Component | None, rungs: Rungs) -> Array:
    """How much of one good the rungs give, in every world."""
    everywhere: Array = np.ones(worlds.given.worlds)
    rung = rungs[main] if main is not None else min(rungs.values(), key=lambda r: list(Rung).index(r))
    match count.group:
        case "lead":
            return everywhere * (rung is not Rung.WITHHELD and not to_anyone(rung))
        case "checking":
            held = [gives_as_much(rungs[c], Rung.GATED) for c in _CHECKABLE if c in rungs]
            return everywhere * (sum(held) / len(held) if held else 0.0)
        case _ if count.benefit is None:
            return worlds.reach[rung]
        case _:
            of = served_by(count.benefit, rungs, main)
            return 0 * everywhere if of is None else worlds.reach[rungs[of]]


def served_by(benefit: Benefit, rungs: Rungs, main: Component | None) -> Component | None:
    """The component that serves those whom a benefit is for; None where these rungs do not give them what they need."""
    of = Component(benefit.component) if benefit.component else main
    return of if of is not None and of in rungs and gives_as_much(rungs[of], benefit.needs) else None


def _delay(year: Sequence[Stretch], worlds: Worlds, main: Component | None) -> Array:
    """Days until anyone can have a copy, of this or of something like it."""
    closed = 0.0
    for stretch in year:
        if main is None or to_anyone(stretch.rungs[main]):
            return np.minimum(worlds.delay, closed)
        closed += stretch.share * YEAR
    return worlds.delay


def _price(actor: int, market: Market, rungs: Rungs, main: Component | None) -> Array:
    """US dollars that the cheapest way costs one actor of a kind on the first day; a copy that gets out not counted."""
    w, rung = market.worlds, Rung.OPEN if main is None else rungs[main]
    if to_anyone(rung):
        return np.minimum(w.use, market.elsewhere)
    around, _subsidised = market.prices(recipe_parts(rungs), from_answers=rung is Rung.SERVED)
    if rung not in (Rung.GATED, Rung.SERVED):
        return around
    name = np.exp(market.crowds[actor].identity[:, 0].astype(np.float64))
    return np.minimum(around, w.use + name * (w.asks if rung is Rung.SERVED else 1.0))
