"""From declared facts and a shelf of prices to draws of what it costs to come by the like.

Read by the probe `replication-cost`, and by whoever compares plans: the same facts, shelf, day and seed
give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from weighbridge.core.evidence import not_measured
from weighbridge.core.prices import Chip, FactorName, Prices, is_day, year_of
from weighbridge.core.replication import Replication, doubts
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.replication import Drawn, Floats, Market, PriceLine, Stream, Way, World, uniform
from weighbridge.probekit.pricing import price_line, span_or, spread_of, used
from weighbridge.probekit.ways import Building, Route

_RENTABLE_YEARS = 3.0  # a chip that nobody quoted for so long before the day is taken as no longer for rent; ours
_FEWEST_QUOTES = 3  # of fewer, the cheapest would be picked for its luck; ours
_FAR_YEARS = 1.0  # a price from further off than this is told as such; ours


class Scenario(StrEnum):
    """Who pays for the compute."""

    PAID = "paid"
    SUBSIDISED = "subsidised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which day, on which chip, and what the candidate holds."""

    as_of: str = ""  # empty: the shelf's own day
    chip: str = ""  # empty: the one on which an operation costs least
    holds_model: bool = True
    holds_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is drawn from: the market, the ways there are, and why there are no others."""

    as_of: str
    chip: Chip
    market: Market
    ways: tuple[tuple[Route, Way], ...]
    untold: tuple[tuple[Route, Phrase], ...]  # routes whose cost cannot be told, or not wholly, and the missing fact
    ruled_out: tuple[Route, ...]  # routes that nobody can go: the data is unobtainable
    notes: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """All worlds. Arrays of shape (n,)."""

    setup: Setup
    world: World
    by_route: dict[Route, Drawn]
    usd: dict[tuple[Route, Scenario], Floats]  # infinite where the route is ruled out; absent where it is not told

    @property
    def n(self) -> int:
        """How many worlds."""
        return self.world.n


def draws(facts: Replication, prices: Prices, terms: Terms, *, n: int, stream: Stream) -> Draws:
    """What each route costs in each of `n` worlds.

    Leaves through `Silent` (not measured), naming the fact, where the facts contradict each other or too few are told.
    """
    setup = set_up(facts, prices, terms)
    world = setup.market.draw(stream, n)
    by_route, usd = {}, {}
    for route, way in setup.ways:
        by_route[route] = way.draw(world, lambda name, route=route: stream(f"{route.value} {name}"))  # type: ignore[misc]  # a default binds the loop's value
        for scenario in Scenario:
            total = by_route[route].usd(world, subsidised=scenario is Scenario.SUBSIDISED)
            if total is not None:
                usd[route, scenario] = total
    for route in setup.ruled_out:
        for scenario in Scenario:
            usd[route, scenario] = np.full(n, np.inf)
    return Draws(setup=setup, world=world, by_route=by_route, usd=usd)


def set_up(facts: Replication, prices: Prices, terms: Terms) -> Setup:
    """What is drawn from; leaves through `Silent` as `draws`."""
    _check_facts(facts)
    day = terms.as_of or prices.as_of
    year = _year(day, prices)
    building = Building(facts=facts, prices=prices, year=year)
    chip, line = _priced_chip(building, terms.chip)
    routes = dict(_routes(facts, terms))
    for route in routes:
        building.add(route, chip)
    if not building.ways and not building.ruled_out:
        because = building.untold[0][1] if building.untold else phrase("nothing is declared of how it was made")
        not_measured(because, phrase("{fix}", fix=_FIX))
    return Setup(
        as_of=day, chip=chip, market=_market(facts, prices, year, chip, line), ways=tuple(building.ways),
        untold=tuple(building.untold), ruled_out=tuple(building.ruled_out),
        notes=(*_day_notes(day, year, prices, chip, line), *building.notes),
    )  # fmt: skip


_FIX = "add the fact to [replication] in weighbridge.toml, then: weighbridge weigh DIR --probe replication-cost"


def _check_facts(facts: Replication) -> None:
    found = doubts(facts)
    if found:
        told = "; ".join(f"{'.'.join(('replication', *map(str, d.path)))} {d.says}" for d in found)
        not_measured(phrase("{doubts}", doubts=told), phrase("mend [replication] in weighbridge.toml"))


def _year(day: str, prices: Prices) -> float:
    if not is_day(day):
        not_measured(
            phrase("the day that prices shall be of is none"), phrase("name it as in: --as-of {day}", day=prices.as_of)
        )
    first = min(price.date for price in prices.price)
    if day < first:
        not_measured(
            phrase("{day} lies before the first price on the shelf, of {first}", day=day, first=first),
            phrase(
                "choose a later day: --as-of {first}; or give a shelf with older prices: --prices FILE", first=first
            ),
        )
    return year_of(day)


def _routes(facts: Replication, terms: Terms) -> Iterator[tuple[Route, None]]:
    told = (facts.flop, facts.chip_hours, facts.parameters, facts.tokens)
    if terms.holds_model or any(number is not None for number in told):
        yield Route.TRAIN, None
    if facts.fine_tuning is not None:
        yield Route.FINE_TUNE, None
    if facts.distillation is not None:
        yield Route.DISTIL, None
    if terms.holds_data:
        yield Route.OBTAIN, None


def _market(facts: Replication, prices: Prices, year: float, chip: Chip, line: PriceLine) -> Market:
    by_others = facts.subsidy
    return Market(
        peak_flop=chip.flop_per_second,
        utilisation=used(prices, year),
        price=line.spread,
        discount=spread_of(prices, FactorName.DISCOUNT),
        research=spread_of(prices, FactorName.RESEARCH),
        wage=span_or(facts.staff.usd_per_month, prices, FactorName.WAGE),
        team=spread_of(prices, FactorName.TEAM),
        paid_by_others=spread_of(prices, FactorName.SUBSIDY)
        if by_others is None
        else uniform(by_others.low, by_others.high),
    )


def _priced_chip(building: Building, wanted: str) -> tuple[Chip, PriceLine]:
    """The chip that hours are told of and paid for: the one wanted, else the one on which an operation costs least."""
    prices, year = building.prices, building.year
    if wanted:
        chip = building.known_chip(wanted)
        if not prices.quotes(chip):
            not_measured(
                phrase("the shelf has no price of {chip}", chip=chip.name),
                phrase("leave the setting `chip` out, or give a shelf that has one: --prices FILE"),
            )
        return chip, price_line(chip, prices, year)
    last = max(year_of(price.date) for price in prices.price)
    rentable = [
        (chip, price_line(chip, prices, year))
        for chip in prices.chip
        if chip.clustered
        and len(dates := [year_of(q.date) for q in prices.quotes(chip)]) >= _FEWEST_QUOTES
        and min(dates) <= year
        and max(dates) >= min(year, last) - _RENTABLE_YEARS
    ]
    if not rentable:
        first = min(p.date for p in prices.price for c in prices.chip if c.clustered and c.name == p.chip)
        not_measured(
            phrase("no chip that large models are trained on has a price on the shelf on that day"),
            phrase("choose a later day: --as-of {first}", first=first),
        )
    return min(rentable, key=lambda c: (c[1].level - math.log(c[0].flop_per_second), c[0].name))


def _day_notes(day: str, year: float, prices: Prices, chip: Chip, line: PriceLine) -> Iterator[Phrase]:
    yield phrase("prices are of {day}; hours are of {chip}, {n} prices of it weigh", day=day, chip=chip.name, n=line.n)
    if day >= prices.expires:
        yield phrase(
            "the shelf of prices expired on {expires}: what it says of {day} is drawn out of the past",
            expires=prices.expires, day=day,
        )  # fmt: skip
    if abs(line.distance) > _FAR_YEARS:
        yield phrase(
            "the nearest price of {chip} is {years:.1f} years away; each year between widens the interval",
            chip=chip.name, years=abs(line.distance),
        )  # fmt: skip
    runs = [run.date for run in prices.run]
    if year > year_of(max(runs)) + _FAR_YEARS:
        yield phrase("how much of a chip runs use is known up to {last}, and taken as it was then", last=max(runs))
