"""A known weight: a shelf on which little is uncertain, and a true cost drawn by plain arithmetic beside the probe.

All that spreads is lognormal, and the published runs agree with each other; so what a world costs is a product and a
sum of numbers that are drawn here one by one, not through tables of quantiles.
"""

from __future__ import annotations

import math

import numpy as np

from weighbridge.core.candidate import Candidate, Subject
from weighbridge.core.prices import Chip, Factor, FactorName, Price, Prices, PublishedRun, Shape
from weighbridge.core.replication import DataFacts, Obtaining, RecipePart, Replication, Span
from weighbridge.probekit.bench import MemoryBench, generator
from weighbridge.probekit.ports import Calibration, Truth, Weight

_PEAK, _USED = 1e14, 0.25
_USD = 2.0  # for a chip-hour, in each of four quotes of one day
_PRICE_SIGMA = math.sqrt(4 * 0.3**2 / 8)  # four quotes that agree, and four quotes' worth of the usual scatter
_DISCOUNT = 0.2
_DATA = Span(low=50.0, high=500.0)
_TEAM = 2.0
_SPANS = {
    FactorName.RULE: (1 / 1.5, 1.5),
    FactorName.RESEARCH: (1.5, 10.0),
    FactorName.WAGE: (4e3, 18e3),
    FactorName.STAFF_CODE: (0.02, 0.5),
    FactorName.STAFF_NOTHING: (6.0, 60.0),
}
_EXACT = {FactorName.DISCOUNT: _DISCOUNT, FactorName.TEAM: _TEAM, FactorName.MOST_USED: 1.0, FactorName.SUBSIDY: 1.0}


def _factor(name: FactorName) -> Factor:
    low, high = _SPANS.get(name, (_EXACT.get(name, 1.0), 0.0))
    shape = Shape.SPAN if name in _SPANS else Shape.EXACT
    return Factor(name=name, shape=shape, low=low, high=high, unit="1", says="", source="made up for a known weight")


def shelf() -> Prices:
    """One chip, one price that four vendors agree on, eight runs that used it alike."""
    made_up = "made up for a known weight"
    flop = _USED * _PEAK * 3600 * 1e3
    return Prices(
        name="toy", as_of="2020-01-01", expires="2021-01-01",
        chip=(Chip(name="toy", flop_per_second=_PEAK, format="any", source=made_up),),
        price=tuple(
            Price(chip="toy", date="2020-01-01", vendor=f"{n}", usd=_USD, source=made_up) for n in range(4)
        ),
        run=tuple(
            PublishedRun(
                model=f"{n}", who=f"{n}", date=f"20{10 + n}-06-01", chip="toy", flop=flop, chip_hours=1e3,
                source=made_up,
            )
            for n in range(8)
        ),
        factor=tuple(_factor(name) for name in FactorName),
    )  # fmt: skip


def _drawn(rng: np.random.Generator, low: float, high: float) -> float:
    """A lognormal that lies between these two nine times in ten."""
    return float(math.sqrt(low * high) * math.exp(rng.normal() * math.log(high / low) / (2 * 1.6448536269514722)))


def _weight(seed: int, size: tuple[float, float], public: tuple[RecipePart, ...]) -> Weight:
    """A model of so many parameters and tokens, and what it costs in one world."""
    parameters, tokens = size
    rng = generator(seed, "replication-cost", "known weight", f"{parameters:g}")
    flop = 6 * parameters * tokens * _drawn(rng, *_SPANS[FactorName.RULE])
    hours = flop / (_PEAK * _USED * 3600)
    run = hours * _USD * math.exp(rng.normal() * _PRICE_SIGMA) * (1 - _DISCOUNT)
    compute = run * _drawn(rng, *_SPANS[FactorName.RESEARCH])
    staff_for = FactorName.STAFF_CODE if RecipePart.CODE in public else FactorName.STAFF_NOTHING
    months = _drawn(rng, *_SPANS[staff_for])
    people = months * _drawn(rng, *_SPANS[FactorName.WAGE])
    data = _drawn(rng, _DATA.low, _DATA.high)
    facts = Replication(
        parameters=parameters, tokens=tokens, public=public, data=DataFacts(obtaining=Obtaining.OBTAINABLE, usd=_DATA)
    )
    candidate = Candidate(name="toy", version="1", artefacts=(), subjects=(Subject.CAUSAL_LM,), replication=facts)
    route = (("route", "train"),)
    truths = (
        Truth(metric="cost-usd", value=compute + people + data, by=(*route, ("scenario", "paid"))),
        Truth(metric="cost-usd", value=people + data, by=(*route, ("scenario", "subsidised"))),
        Truth(metric="compute-usd", value=compute, by=route),
        Truth(metric="run-usd", value=run, by=route),
        Truth(metric="chip-hours", value=hours, by=route),
        Truth(metric="staff-months", value=months, by=route),
        Truth(metric="months", value=months / _TEAM, by=route),
    )
    bench = MemoryBench(candidate=candidate, seed=seed, the_prices=shelf())
    return Weight(bench=bench, truths=truths, settings=(("draws", 5000),))


def null(seed: int) -> Weight:
    """A small model whose training code is public."""
    return _weight(seed, (1e6, 1e8), (RecipePart.PAPER, RecipePart.CODE))


def planted(seed: int) -> Weight:
    """A large one of which nothing is public."""
    return _weight(seed, (1e11, 1e12), ())


CALIBRATION = Calibration(null=null, planted=planted)
