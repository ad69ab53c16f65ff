from __future__ import annotations

import hashlib
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.maths.replication import (
    Z95,
    Market,
    Spread,
    Way,
    between,
    constant,
    lognormal,
    pert,
    price_at,
    uniform,
    utilisation_at,
)


def stream(name: str, seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([seed, *hashlib.sha256(name.encode()).digest()[:8]])


def shares(spread: Spread, n: int = 200_000) -> np.ndarray:
    return np.quantile(spread.draw(stream("x"), n), (0.05, 0.5, 0.95))


# spreads


def test_a_span_holds_nine_in_ten() -> None:
    low, middle, high = shares(between(2.0, 50.0))
    assert low == pytest.approx(2.0, rel=0.02)
    assert middle == pytest.approx(10.0, rel=0.02)
    assert high == pytest.approx(50.0, rel=0.02)


def test_a_lognormal_has_its_median_and_width() -> None:
    drawn = np.log(lognormal(3.0, 0.5).draw(stream("x"), 200_000))
    assert drawn.mean() == pytest.approx(math.log(3.0), abs=0.005)
    assert drawn.std() == pytest.approx(0.5, rel=0.01)


def test_a_pert_is_the_beta_it_names() -> None:
    drawn = pert(0.0, 0.2, 0.6).draw(stream("x"), 200_000)
    assert drawn.min() >= 0.0
    assert drawn.max() <= 0.6
    assert drawn.mean() == pytest.approx((0.0 + 4 * 0.2 + 0.6) / 6, abs=0.001)


def test_constants_are_constant() -> None:
    for spread in (constant(2.0), between(2.0, 2.0), pert(2.0, 2.0, 2.0), uniform(2.0, 2.0), lognormal(2.0, 0.0)):
        assert set(spread.draw(stream("x"), 10)) == {2.0}
    assert set(between(0.0, 0.0).draw(stream("x"), 3)) == {0.0}


@given(low=st.floats(1e-6, 1e12), factor=st.floats(1.0, 1e6), scale=st.floats(1e-3, 1e3))
@settings(max_examples=30)
def test_quantiles_ascend_and_scale(low: float, factor: float, scale: float) -> None:
    spread = between(low, low * factor)
    assert (np.diff(spread.quantiles) >= 0).all()
    assert np.allclose(spread.scaled(scale).quantiles, spread.quantiles * scale)
    drawn = spread.draw(stream("y"), 100)
    assert spread.quantiles[0] <= drawn.min()
    assert drawn.max() <= spread.quantiles[-1] * (1 + 1e-12)


# utilisation

YEARS = np.arange(2015.0, 2025.0)


def test_runs_that_agree_leave_no_width() -> None:
    found = utilisation_at(YEARS, np.full(10, 0.3), 2020.0, np.zeros(10))
    assert math.exp(found.level) == pytest.approx(0.3)
    assert found.sigma == 0.0
    assert np.allclose(found.spread(1.0).draw(stream("u"), 5), 0.3)


def test_beyond_the_first_and_last_run_it_is_as_in_their_years() -> None:
    values = np.linspace(0.1, 0.5, 10)
    late, later = (utilisation_at(YEARS, values, year, np.zeros(10)) for year in (2024.0, 2099.0))
    assert late == later
    assert late.level > utilisation_at(YEARS, values, 1990.0, np.zeros(10)).level


def test_a_slip_moves_neither_level_nor_width_by_much() -> None:
    years = np.linspace(2018, 2022, 40)
    values = np.exp(np.log(0.3) + 0.3 * stream("v").standard_normal(40))
    slipped = np.where(np.arange(40) == 20, 0.001, values)
    plain, other = (utilisation_at(years, v, 2020.0, np.zeros(40)) for v in (values, slipped))
    assert other.level == pytest.approx(plain.level, abs=0.1)
    assert other.sigma < 1.5 * plain.sigma


def test_the_error_of_a_flop_count_is_not_counted_twice() -> None:
    years = np.linspace(2018, 2022, 40)
    values = np.minimum(np.exp(np.log(0.3) + 0.4 * stream("v").standard_normal(40)), 1.0)
    whole, less = (utilisation_at(years, values, 2020.0, np.full(40, error)) for error in (0.0, 0.2))
    assert less.sigma == pytest.approx(math.sqrt(whole.sigma**2 - 0.04), rel=1e-6)
    assert utilisation_at(years, values, 2020.0, np.full(40, 9.0)).sigma == pytest.approx(whole.sigma / 4)


def test_no_run_uses_more_than_the_most() -> None:
    found = utilisation_at(YEARS, np.geomspace(0.1, 0.9, 10), 2020.0, np.zeros(10))
    assert found.spread(0.5).quantiles.max() == 0.5


@pytest.mark.parametrize("n", [20, 60])
def test_nine_in_ten_of_new_runs_lie_inside(n: int) -> None:
    inside = 0
    for seed in range(300):
        rng = stream("c", seed)
        logs = np.minimum(np.log(0.3) + 0.5 * rng.standard_t(4, n + 1), 0.0)
        years = rng.uniform(2015, 2024, n + 1)
        found = utilisation_at(years[:n], np.exp(logs[:n]), float(years[n]), np.zeros(n))
        inside += bool(abs(logs[n] - found.level) <= Z95 * found.sigma)
    assert inside >= 252  # of 300 at 90 %, fewer with probability 0.001 (exact binomial)


# prices


def test_the_price_of_a_day_is_that_of_its_quotes() -> None:
    line = price_at(np.array([2020.0, 2020.0, 2024.0]), np.array([3.0, 3.0, 1.0]), 2020.0, 0.3)
    assert math.exp(line.level) == pytest.approx(3.0, rel=0.02)
    assert line.distance == 0.0
    between_them = price_at(np.array([2020.0, 2024.0]), np.array([3.0, 1.0]), 2022.0, 0.3)
    assert 1.0 < math.exp(between_them.level) < 3.0


def test_after_the_last_quote_prices_fall_and_grow_vaguer() -> None:
    years, usd = np.array([2020.0, 2021.0]), np.array([2.0, 2.0])
    now, later = price_at(years, usd, 2021.0, 0.3), price_at(years, usd, 2024.0, 0.3)
    assert math.exp(later.level) == pytest.approx(2.0 * math.exp(-0.9))
    assert later.sigma > now.sigma
    assert later.distance == -3.0
    before = price_at(years, usd, 2018.0, 0.3)
    assert math.exp(before.level) == pytest.approx(2.0)
    assert before.sigma > now.sigma


# ways

MARKET = Market(
    peak_flop=1e14,
    utilisation=constant(0.25),
    price=constant(2.0),
    discount=constant(0.5),
    research=constant(3.0),
    wage=constant(1000.0),
    team=constant(2.0),
    paid_by_others=constant(0.75),
)


def test_a_cost_in_closed_form() -> None:
    world = MARKET.draw(stream, 4)
    way = Way(
        flop=constant(9e19),  # a thousand hours at a quarter of 1e14 per second
        chip_hours=None,
        staff_months=constant(4.0),
        data_usd=constant(70.0),
        data_months=constant(1.0),
    )
    drawn = way.draw(world, stream)
    assert np.allclose(drawn.chip_hours, 1000.0)
    assert np.allclose(drawn.run_usd, 1000.0)
    assert np.allclose(drawn.compute_usd, 3000.0)
    assert np.allclose(drawn.months, 3.0)
    paid, given_away = drawn.usd(world, subsidised=False), drawn.usd(world, subsidised=True)
    assert paid is not None
    assert given_away is not None
    assert np.allclose(paid, 3000.0 + 4000.0 + 70.0)
    assert np.allclose(given_away, 750.0 + 4000.0 + 70.0)


def test_hours_that_are_told_stand_before_flop_and_no_compute_costs_none() -> None:
    world = MARKET.draw(stream, 2)
    told = Way(
        flop=constant(1e30),
        chip_hours=constant(5.0),
        staff_months=constant(0.0),
        data_usd=None,
        data_months=constant(0.0),
    )
    drawn = told.draw(world, stream)
    assert np.allclose(drawn.chip_hours, 5.0)
    assert drawn.usd(world, subsidised=False) is None
    none = Way(
        flop=None, chip_hours=None, staff_months=constant(0.0), data_usd=constant(9.0), data_months=constant(0.0)
    ).draw(world, stream)
    assert np.allclose(none.compute_usd, 0.0)


def wide(n: int) -> bytes:
    market = Market(
        peak_flop=1e14, utilisation=lognormal(0.3, 0.4), price=lognormal(2, 0.3), discount=pert(0, 0.2, 0.6),
        research=between(1.5, 10), wage=between(4e3, 18e3), team=between(1, 6), paid_by_others=uniform(0.9, 1),
    )  # fmt: skip
    world = market.draw(stream, n)
    total = b""
    for route in "abcd":
        way = Way(
            flop=between(1e21, 3e21), chip_hours=None, staff_months=between(3, 24), data_usd=between(100, 1e4),
            data_months=between(0.1, 3),
        )  # fmt: skip
        drawn = way.draw(world, lambda name, route=route: stream(route + name))  # type: ignore[misc]  # a default binds the loop's value
        for subsidised in (False, True):
            usd = drawn.usd(world, subsidised=subsidised)
            assert usd is not None
            total += usd[:1000].tobytes()
    return total


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert wide(2000) == wide(2000)


def test_a_million_worlds_are_drawn_well_under_a_second() -> None:
    wide(1000)
    start = time.process_time()
    wide(1_000_000)
    assert time.process_time() - start < 3.0  # about 0.5 on an idle core; shared cores are slower
