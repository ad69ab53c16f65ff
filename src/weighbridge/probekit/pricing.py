"""What a shelf of prices says on one day: spreads of its factors, utilisation, an hour of a chip."""

from __future__ import annotations

import math

import numpy as np

from weighbridge.core.prices import Chip, FactorName, Prices, Shape, year_of
from weighbridge.core.replication import Span, Training
from weighbridge.maths.replication import (
    SECONDS_PER_HOUR,
    Z95,
    PriceLine,
    Spread,
    between,
    constant,
    pert,
    price_at,
    uniform,
    utilisation_at,
)


def spread_of(prices: Prices, name: FactorName) -> Spread:
    """A factor of the shelf as a spread."""
    factor = prices.factor_named(name)
    match factor.shape:
        case Shape.PERT:
            return pert(factor.low, factor.mode, factor.high)
        case Shape.SPAN:
            return between(factor.low, factor.high)
        case Shape.UNIFORM:
            return uniform(factor.low, factor.high)
        case Shape.EXACT:
            return constant(factor.low)


def used(prices: Prices, year: float) -> Spread:
    """The share of a chip's peak that a run in that year gets out of it, from the runs of the shelf."""
    peak = {chip.name: chip.flop_per_second for chip in prices.chip}
    shares = [run.flop / (run.chip_hours * SECONDS_PER_HOUR * peak[run.chip]) for run in prices.run]
    error = {by_rule: _sigma(prices, FactorName.RULE if by_rule else FactorName.TOLD) for by_rule in (False, True)}
    found = utilisation_at(
        np.array([year_of(run.date) for run in prices.run]), np.array(shares), year,
        np.array([error[run.by_rule] for run in prices.run]),
    )  # fmt: skip
    return found.spread(prices.factor_named(FactorName.MOST_USED).low)


def _sigma(prices: Prices, name: FactorName) -> float:
    """Standard deviation of the logarithm of a factor that is a span, or exact."""
    factor = prices.factor_named(name)
    if factor.shape is Shape.EXACT:
        return 0.0
    return math.log(factor.high / factor.low) / (2 * Z95)


def final_flop(told: Training, prices: Prices) -> Spread | None:
    """Operations of the final run, as told or by the rule; None where neither is known."""
    if told.flop is not None:
        return spread_of(prices, FactorName.TOLD).scaled(told.flop)
    rule = told.flop_by_rule
    return None if rule is None else spread_of(prices, FactorName.RULE).scaled(rule)


def span_or(span: Span | None, prices: Prices, otherwise: FactorName) -> Spread:
    """What was declared, else the factor of the shelf."""
    return spread_of(prices, otherwise) if span is None else between(span.low, span.high)


def price_line(chip: Chip, prices: Prices, year: float) -> PriceLine:
    """What an hour of a chip costs in that year."""
    quotes = prices.quotes(chip)
    decline = prices.factor_named(FactorName.DECLINE).low
    return price_at(np.array([year_of(q.date) for q in quotes]), np.array([q.usd for q in quotes]), year, decline)
