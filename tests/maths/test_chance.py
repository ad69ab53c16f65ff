from __future__ import annotations

import pytest
from scipy import stats

from weighbridge.maths.chance import by_chance_at_most, log_likelihood_ratio, more_than_chance


@pytest.mark.parametrize(
    ("passed", "tried", "real"),
    [(1, 1, True), (20, 20, True), (19, 20, True), (2, 20, False), (100, 1000, False), (0, 5, False)],
)
def test_what_passes_mostly_is_real_and_what_passes_seldom_is_chance(passed: int, tried: int, real: bool) -> None:
    assert (log_likelihood_ratio(passed, tried, 0.1) > 0) is real


def test_the_tail_is_exact() -> None:
    assert more_than_chance(3, 10, 0.1) == pytest.approx(1 - stats.binom.cdf(2, 10, 0.1))
    assert more_than_chance(0, 10, 0.1) == 1


def test_so_many_pass_by_chance_at_most() -> None:
    n = by_chance_at_most(1000, 0.1, 0.975)
    assert stats.binom.cdf(n, 1000, 0.1) >= 0.975 > stats.binom.cdf(n - 1, 1000, 0.1)
