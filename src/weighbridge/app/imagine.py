"""Imagine: draw the worlds that plans are compared in; all that is not known has one value in each.

Every plan meets the same worlds, so that a difference between two of them is theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from weighbridge.core.assumed import Assumed, Delays
from weighbridge.core.candidate import Candidate, Component, Said
from weighbridge.core.evidence import Silent
from weighbridge.core.plans import Worth
from weighbridge.core.prices import Prices
from weighbridge.core.replication import DataFacts, Obtaining, RecipePart, Replication, Span
from weighbridge.core.rungs import Rung
from weighbridge.core.tradeoffs import Known
from weighbridge.core.wording import Phrase, phrase
from weighbridge.core.worth import NONE, Actor, Benefit, Substitute
from weighbridge.maths.deterrence import Array, Crowd, Noise, crowd, next_delay, share_spread, spread
from weighbridge.probekit.bench import generator
from weighbridge.probekit.replication import Draws, Scenario, Terms, draws
from weighbridge.probekit.ways import Route

Parts = frozenset[RecipePart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is not drawn: what people declared, what the shelves say, what was measured."""

    candidate: Candidate
    assumed: Assumed
    delays: Delays
    prices: Prices
    defence: tuple[Known, ...]
    as_of: str  # the day that prices are of
    seen: str  # the day on which a substitute is to be had
    day: str  # the day that stages are counted from
    seed: int
    worlds: int = 400
    actors_per_world: int = 250
    against: tuple[Phrase, ...] = ()  # what the limits say that are breached, stops and cautions

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Those that were declared, else those of the shelf."""
        return self.candidate.worth.actors or self.assumed.actor

    @property
    def worth(self) -> Worth:
        """What is declared of worth."""
        return self.candidate.worth

    @property
    def is_misuse(self) -> bool:
        """Whether to ask who may misuse it: not if nobody can be hurt, as was answered, and nothing tells otherwise."""
        triage = self.candidate.triage
        is_exposing = Said.YES in (triage.private, triage.about_people)
        return triage.harm is not Said.NO or is_exposing or bool(self.against)

    def stream(self, name: str) -> np.random.Generator:
        """One independent generator for each name."""
        return generator(self.seed, "plans", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """What it costs to make it again: US dollars in each world, shape (worlds,)."""

    usd: Array
    usd_subsidised: Array  # for those to whom computing and work cost nothing
    from_answers: Array  # learning it from the answers of a served model; infinite where that is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """All that is not known, drawn. Arrays are of shape (worlds,) unless they say otherwise."""

    given: Given
    crowds: tuple[Crowd, ...]  # by actor
    use: Array  # US dollars to put to use what lies in the open
    asks: Array  # how much of the cost of giving one's name a served model asks for
    outside: Array
    part: Array
    sooner: dict[str, Array]  # by benefit: days by which it comes sooner than without the release; none where not told
    leak: dict[Rung, Array]
    reach: dict[Rung, Array]
    elsewhere: Array  # US dollars for the cheapest substitute that anybody showed; infinite where there is none
    unshown: Array  # the same with those that nobody showed
    delay: Array  # days until somebody else has made it in the open
    defence: Array  # the share of its output that is told apart, in the language where that is least
    remade: dict[Parts, Remade] | None  # by what of the recipe the plan adds; None: what that costs is not known
    why_not: Phrase | None = None  # why it is not known
    is_floor: bool = False  # the cost of the data is not told: making it again costs at least this
    inputs: tuple[tuple[str, Phrase, Array], ...] = ()  # what is varied, by name


def imagine(given: Given, parts: Iterable[Parts]) -> Worlds:
    """Draw the worlds.

    Parameters
    ----------
    parts : what plans add to the recipe that anybody has; one price of making it again is drawn for each
    """
    n, shelf = given.worlds, given.assumed
    shifts = {a.name: _shifts(given, a) for a in given.actors}
    remade, first, why_not, is_floor = _remaking(given, tuple(parts))
    defence, told = _defence(given)
    shown = [s for s in given.worth.substitutes if s.is_shown and is_there(s, given.seen)]
    every = [s for s in given.worth.substitutes if is_there(s, given.seen)]
    made = Worlds(
        given=given,
        crowds=_crowds(given, shifts),
        use=_drawn(given, "use", shelf.use.usd),
        asks=given.stream("asks").random(n),
        outside=_share(given, "outside", shelf.outside.share),
        part=_share(given, "part", shelf.part.share),
        sooner={b.name: _days(given, b) for b in given.worth.benefits if b.sooner_days is not None},
        leak={row.rung: _share(given, f"leak {row.rung}", row.share) for row in shelf.leak},
        reach={row.rung: _share(given, f"reach {row.rung}", row.share) for row in shelf.reach},
        elsewhere=_cheapest(given, shown),
        unshown=_cheapest(given, every),
        delay=_delay(given, first, is_there_already=bool(shown)),
        defence=defence,
        remade=remade,
        why_not=why_not,
        is_floor=is_floor,
    )
    return replace(made, inputs=_inputs(made, shifts, first, told))


def is_there(substitute: Substitute, day: str) -> bool:
    """Whether it was to be had on that day."""
    return not substitute.since or date.fromisoformat(substitute.since) <= date.fromisoformat(day)


def without_subsidy(crowd: Crowd, *, everyone: bool = False) -> Crowd:
    """The same actors, none of them subsidised, or all."""
    return replace(crowd, subsidised=np.full_like(crowd.subsidised, everyone))


def _drawn(given: Given, name: str, span: Span) -> Array:
    return spread(span.low, span.high, given.worlds, given.stream(name))


def _share(given: Given, name: str, span: Span) -> Array:
    return share_spread(span.low, span.high, given.worlds, given.stream(name))


def _days(given: Given, benefit: Benefit) -> Array:
    span = benefit.sooner_days or NONE
    return span.low + (span.high - span.low) * given.stream(f"sooner {benefit.name}").random(given.worlds)


def _shifts(given: Given, actor: Actor) -> Array:
    """By which logarithm budget, value and identity of one kind of actor are off, shape (3, worlds)."""
    reach = math.log(given.assumed.doubt)
    rows = [
        np.log(spread(math.exp(-reach), math.exp(reach), given.worlds, given.stream(f"{actor.name} {what}")))
        for what in ("budget", "value", "identity")
    ]
    return np.stack(rows)


def _crowds(given: Given, shifts: dict[str, Array]) -> tuple[Crowd, ...]:
    noise = Noise.drawn(given.worlds, given.actors_per_world, given.stream("actors"))
    return tuple(
        crowd(
            noise,
            tuple((s.low, s.high) for s in (actor.budget_usd, actor.value_usd, actor.identity_usd)),
            shifts[actor.name],
            _share(given, f"{actor.name} subsidised", actor.subsidised),
        )
        for actor in given.actors
    )


def _cheapest(given: Given, substitutes: Sequence[Substitute]) -> Array:
    prices = [_drawn(given, f"substitute {s.name}", s.cost_usd) for s in substitutes]
    return np.min(np.stack(prices), axis=0) if prices else np.full(given.worlds, np.inf)


def _delay(given: Given, drawn: Draws | None, *, is_there_already: bool) -> Array:
    """Days until somebody else has it in the open: of a model as those published took, of data as collecting takes."""
    if is_there_already:
        return np.zeros(given.worlds)
    if Component.WEIGHTS in given.candidate.components:
        days = np.array([episode.days for episode in given.delays.firsts])
        return next_delay(days, given.worlds, given.stream("delay"))
    way = drawn.by_route.get(Route.OBTAIN) if drawn is not None else None
    return np.full(given.worlds, _CENTURY) if way is None else np.minimum(way.months * _DAYS_PER_MONTH, _CENTURY)


_DAYS_PER_MONTH = 365.25 / 12
_CENTURY = 36525.0  # days: stands for what nobody can collect again


def _defence(given: Given) -> tuple[Array, bool]:
    """The defence in the language where it is least; where nobody measured, anything from none to all of it."""
    n = given.worlds
    if not given.defence:
        return np.zeros(n), False
    rows, is_open = [], False
    for known in given.defence:
        stream, q = given.stream(f"defence {known.language}"), known.share
        is_open = is_open or q is None
        low, high = (0.0, 1.0) if q is None else (max(q.low, 0.0), min(q.high, 1.0))
        rows.append(stream.uniform(low, high, n) if low < high else np.full(n, low))
    return np.min(np.stack(rows), axis=0), is_open


def _remaking(
    given: Given, parts: Sequence[Parts]
) -> tuple[dict[Parts, Remade] | None, Draws | None, Phrase | None, bool]:
    facts = given.candidate.replication
    if facts is None:
        says = phrase("[replication] in weighbridge.toml does not tell how it was made")
        return None, None, says, False
    holds_model = Component.WEIGHTS in given.candidate.components
    terms = Terms(as_of=given.as_of, holds_model=holds_model, holds_data=not holds_model)
    made: dict[Parts, Remade] = {}
    first, is_floor = None, False
    try:
        for part in dict.fromkeys((frozenset[RecipePart](), *parts)):
            drawn = draws(_with_parts(facts, part), given.prices, terms, n=given.worlds, stream=given.stream)
            remade, floor = _cheapest_route(drawn)
            if remade is None:
                because = drawn.setup.untold[0][1] if drawn.setup.untold else phrase("no route is told")
                return None, None, because, False
            made[part], is_floor, first = remade, is_floor or floor, first or drawn
    except Silent as silent:
        return None, None, silent.outcome.because, False
    return made, first, None, is_floor


def _with_parts(facts: Replication, parts: Parts) -> Replication:
    if not parts:
        return facts
    public = tuple(part for part in RecipePart if part in parts or part in facts.public)
    data = DataFacts(obtaining=Obtaining.PUBLIC) if RecipePart.DATA in parts else facts.data
    return replace(facts, public=public, data=data)


def _cheapest_route(drawn: Draws) -> tuple[Remade | None, bool]:
    """The cheapest way to make it again in each world; whether that is a floor, since its data has no price."""
    ways, free, is_floor = [], [], False
    for route in (Route.TRAIN, Route.FINE_TUNE, Route.OBTAIN):
        told = drawn.usd.get((route, Scenario.PAID))
        way = drawn.by_route.get(route)
        if way is not None and told is None:  # all but its data has a price
            is_floor, told = True, way.compute_usd + way.staff_usd
        if told is None:
            continue
        ways.append(told)
        if way is None:  # nobody can go there
            free.append(told)
        else:
            data = np.zeros(drawn.n) if way.data_usd is None else way.data_usd
            free.append(way.compute_usd * (1 - drawn.world.paid_by_others) + data)
    if not ways:
        return None, False
    answers = drawn.usd.get((Route.DISTIL, Scenario.PAID), np.full(drawn.n, np.inf))
    return Remade(usd=np.min(ways, axis=0), usd_subsidised=np.min(free, axis=0), from_answers=answers), is_floor


def _inputs(
    worlds: Worlds,
    shifts: dict[str, Array],
    first: Draws | None,
    is_open: bool,  # noqa: FBT001  told by `_defence`
) -> tuple[tuple[str, Phrase, Array], ...]:
    """What is varied from world to world, with the words for it; what never varies is left out."""
    made: list[tuple[str, Phrase, Array]] = []
    if worlds.remade is not None and first is not None:
        made.append(("replication-cost", phrase("what it costs to make it again"), worlds.remade[frozenset()].usd))
        made += [
            (f"replication-{name}", phrase("{what}, in the cost of making it again", what=what), values)
            for name, what, values in (
                ("utilisation", "how well its chips are used", 1 / first.world.hours_per_flop),
                ("price", "the price of a chip-hour", first.world.usd_per_hour),
                ("research", "runs before the final one", first.world.research),
                ("wage", "wages", first.world.wage),
            )
        ]
        route = next(iter(first.by_route.values()), None)
        if route is not None:
            made.append(("replication-staff", phrase("how long people take to make it again"), route.staff_months))
    made.append(("substitute", phrase("what the cheapest substitute costs"), worlds.elsewhere))
    for actor in worlds.given.actors:
        made += [
            (f"{actor.name}-{key}", phrase(says, who=actor.says), shift)
            for (key, says), shift in zip(_ACTOR_WORDS, shifts[actor.name], strict=True)
        ]
    for b in worlds.given.worth.benefits:
        if b.name in worlds.sooner:
            made.append((f"sooner-{b.name}", phrase("how much sooner for {who}", who=b.who), worlds.sooner[b.name]))
    made += [(f"leak-{rung.value}", phrase("how often a copy gets out under {rung}", rung=rung.value), values)
             for rung, values in worlds.leak.items()]  # fmt: skip
    made += [(f"reach-{rung.value}", phrase("how many good users {rung} reaches", rung=rung.value), values)
             for rung, values in worlds.reach.items()]  # fmt: skip
    made.append(("outside", phrase("who goes on although it does not pay"), worlds.outside))
    made.append(("delay", phrase("how long until others have made it"), worlds.delay))
    says = phrase("the defence, which nobody has measured") if is_open else phrase("the defence, within its interval")
    made.append(("defence", says, worlds.defence))
    finite = [(name, says, np.where(np.isfinite(values), values, _NEVER)) for name, says, values in made]
    return tuple((name, says, values) for name, says, values in finite if np.ptp(values) > 0)


_NEVER = 1e15  # US dollars: stands for what cannot be had, so that it has a rank


_ACTOR_WORDS = (
    ("budget", "what {who} can spend"),
    ("value", "what it is worth to {who}"),
    ("identity", "what giving a name costs {who}"),
)
