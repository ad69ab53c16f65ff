from __future__ import annotations

import numpy as np
import pytest

from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.prices import FactorName
from weighbridge.core.replication import Span, Training
from weighbridge.probekit.pricing import final_flop, price_line, span_or, spread_of, used
from weighbridge.probes.replication_cost.calibration import shelf


def middle(spread: object) -> float:
    return float(np.median(spread.quantiles))  # type: ignore[attr-defined]  # a spread


def test_factors_keep_their_shapes() -> None:
    prices = read_prices()
    discount = spread_of(prices, FactorName.DISCOUNT).quantiles
    assert 0 <= discount[0] < discount[-1] <= 0.6
    assert middle(spread_of(prices, FactorName.RESEARCH)) == pytest.approx(15**0.5, rel=1e-3)
    assert len(spread_of(prices, FactorName.MOST_USED).quantiles) == 1
    subsidy = spread_of(prices, FactorName.SUBSIDY).quantiles
    assert 0.9 <= subsidy[0] < subsidy[-1] <= 1.0


def test_what_was_declared_stands_before_the_shelf() -> None:
    assert middle(span_or(Span(low=3, high=3), shelf(), FactorName.WAGE)) == 3
    assert middle(span_or(None, shelf(), FactorName.WAGE)) == pytest.approx((4e3 * 18e3) ** 0.5, rel=1e-3)


def test_flop_as_told_or_by_the_rule() -> None:
    prices = read_prices()
    told = final_flop(Training(parameters=1e9, tokens=1e10, flop=9e19), prices)
    rule = final_flop(Training(parameters=1e9, tokens=1e10), prices)
    assert told is not None
    assert rule is not None
    assert middle(told) == pytest.approx(9e19, rel=1e-3)
    assert middle(rule) == pytest.approx(6e19, rel=1e-3)
    assert told.quantiles[-1] / told.quantiles[0] < rule.quantiles[-1] / rule.quantiles[0]
    assert final_flop(Training(parameters=1e9), prices) is None


def test_a_shelf_whose_runs_agree_leaves_no_doubt_of_utilisation() -> None:
    assert np.allclose(used(shelf(), 2015.0).quantiles, 0.25)


def test_early_runs_used_less_than_late_ones() -> None:
    prices = read_prices()
    assert middle(used(prices, 2019.0)) < middle(used(prices, 2024.0)) < 0.6


def test_an_hour_costs_what_was_quoted_for_it() -> None:
    match = read_prices().chip_named("Google TPU v3")
    assert match is not None
    assert np.exp(price_line(match.chip, read_prices(), 2019.5).level) == pytest.approx(2.0, rel=0.05)
