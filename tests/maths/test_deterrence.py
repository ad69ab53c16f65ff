import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from weighbridge.maths.deterrence import (
    Z95,
    Noise,
    can_apply,
    can_pay,
    can_remake,
    crowd,
    deterred,
    interval,
    next_delay,
    proceeding,
    share_spread,
    spread,
)

WORLDS, ACTORS = 40, 500
STILL = np.zeros((3, WORLDS))
NOBODY = np.zeros(WORLDS)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def some(
    ranges: Any = ((100.0, 1000.0), (100.0, 1000.0), (10.0, 100.0)), *, subsidised: Any = 0.0, shifts: Any = STILL
) -> Any:
    noise = Noise.drawn(WORLDS, ACTORS, rng())
    return crowd(noise, ranges, shifts, np.full(WORLDS, subsidised))


def at(usd: float) -> np.ndarray:
    return np.full(WORLDS, usd)


def test_nine_in_ten_lie_in_the_range() -> None:
    draws = spread(50.0, 1000.0, 40_000, rng())
    assert ((draws > 50) & (draws < 1000)).mean() == pytest.approx(0.9, abs=0.01)
    assert spread(0.0, 2.0, 1000, rng()).max() <= 2.0
    assert set(spread(3.0, 3.0, 5, rng())) == {3.0}
    assert 0.2 <= share_spread(0.2, 0.4, 100, rng()).min() <= share_spread(0.2, 0.4, 100, rng()).max() <= 0.4


def test_the_share_is_that_of_the_closed_form() -> None:
    """Budget and value are independent lognormals: the chance that both exceed a price is a product."""
    wide = math.log(1000 / 100) / (2 * Z95)
    for price in (120.0, 300.0, 900.0):
        beyond = norm.sf((math.log(price) - math.log(math.sqrt(100 * 1000))) / wide)
        assert can_pay(some(), at(price)).mean() == pytest.approx(beyond**2, abs=0.01)


def test_nothing_costs_nobody_anything_and_what_cannot_be_had_is_nobodys() -> None:
    assert can_pay(some(), at(0.0)).all()
    assert not can_pay(some(), at(math.inf)).any()


def test_asking_for_names_keeps_some_out_and_asking_for_none_keeps_out_nobody_more() -> None:
    who = some()
    assert (can_apply(who, at(50.0), at(0.0)) == can_pay(who, at(50.0))).all()
    assert can_apply(who, at(50.0), at(1.0)).sum() < can_pay(who, at(50.0)).sum()


def test_the_subsidised_pay_the_other_price() -> None:
    none, all_of_them = some(), some(subsidised=1.0)
    assert not can_remake(none, at(math.inf), at(0.0)).any()
    assert can_remake(all_of_them, at(math.inf), at(0.0)).all()


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 1e7), st.floats(1.0, 10.0), st.floats(0.0, 1.0), st.floats(0.001, 0.2))
def test_a_dearer_way_never_lets_more_proceed_and_none_are_ever_all(
    price: Any, dearer: Any, leak: Any, outside: Any
) -> None:
    who, easy = some(), can_pay(some(), at(10.0))
    cheap = proceeding(can_pay(who, at(price)), easy, at(leak), at(outside))
    dear = proceeding(can_pay(who, at(price * dearer)), easy, at(leak), at(outside))
    in_the_open = proceeding(easy, easy, at(0.0), at(outside))
    assert (dear <= cheap + 1e-9).all()
    assert (deterred(dear, in_the_open) < 1).all()
    assert (dear >= outside - 1e-9).all()


def test_what_the_world_does_not_tell_is_not_smoothed_away_by_more_actors() -> None:
    doubt = np.stack([rng().standard_normal(WORLDS) * 0.7] * 3)
    wide = can_pay(some(shifts=doubt), at(300.0)).mean(axis=1)
    narrow = can_pay(some(), at(300.0)).mean(axis=1)
    assert wide.std() > 3 * narrow.std()


def test_the_interval_holds_nine_in_ten_draws() -> None:
    got = interval(np.arange(1000.0))
    assert (got.low, got.value, got.high) == (49.0, 499.0, 949.0)


def test_the_next_delay_is_covered_as_often_as_said() -> None:
    """Three delays of a lognormal predict a fourth: the central nine in ten hold it nine times in ten."""
    source, hits, n = rng(), 0, 400
    for _ in range(n):
        seen = np.exp(source.normal(5.6, 0.8, 4))
        low, high = np.quantile(next_delay(seen[:3], 2000, source), (0.05, 0.95))
        hits += low < seen[3] < high
    assert 0.85 < hits / n < 0.95


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert some().limit.tobytes() == some().limit.tobytes()
