"""Whether what passed a weak check passed by chance: check digits that one random number in ten has."""

from __future__ import annotations

import math

from scipy import stats

_TRUE = 0.95  # share of real numbers that pass their own check, slips of the pen apart; ours


def log_likelihood_ratio(passed: int, tried: int, chance: float) -> float:
    """How much likelier the passes are if these are real numbers than if they are random, as a natural logarithm.

    Parameters
    ----------
    passed, tried : counts, passed <= tried
    chance : share of random numbers that pass, in (0, 1)

    >>> log_likelihood_ratio(1, 1, 0.1) > 0 > log_likelihood_ratio(10, 100, 0.1)
    True
    """
    failed = tried - passed
    return passed * math.log(_TRUE / chance) + failed * math.log((1 - _TRUE) / (1 - chance))


def more_than_chance(passed: int, tried: int, chance: float) -> float:
    """The probability that as many pass where all are random: exact, one-sided.

    >>> round(more_than_chance(2, 2, 0.1), 3)
    0.01
    """
    return float(stats.binom.sf(passed - 1, tried, chance))


def by_chance_at_most(tried: int, chance: float, confidence: float) -> int:
    """How many of so many random numbers pass at most, with this confidence."""
    return int(stats.binom.ppf(confidence, tried, chance))
