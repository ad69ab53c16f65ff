"""Shares of n, with exact intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import beta


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its bounds."""

    value: float
    low: float
    high: float


def clopper_pearson(hits: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Exact two-sided interval of a binomial share; covers at least as often as it says, for every n and every share.

    Parameters
    ----------
    hits : 0 <= hits <= n
    n : at least 1 independent trials
    confidence : in (0, 1)

    References
    ----------
    Clopper and Pearson 1934, The use of confidence or fiducial limits illustrated in the case of the binomial,
    Biometrika 26.
    """
    if not 0 <= hits <= n or n < 1:
        msg = f"{hits} hits of {n} tries"
        raise ValueError(msg)
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(1 - tail, hits + 1, n - hits))
    return Interval(hits / n, low, high)


def difference(hits_a: int, n_a: int, hits_b: int, n_b: int, *, confidence: float = 0.95) -> Interval:
    """Share of a minus share of b, from two independent samples; conservative.

    Each share gets its Clopper-Pearson interval at half the error rate, so that both hold together at least as often as
    `confidence` says (Bonferroni), and the difference of any two points inside them lies inside ours.
    """
    each = 1 - (1 - confidence) / 2
    a = clopper_pearson(hits_a, n_a, confidence=each)
    b = clopper_pearson(hits_b, n_b, confidence=each)
    return lead(a, b)


def lead(a: Interval, b: Interval) -> Interval:
    """A less b, with an interval that holds where both of theirs do."""
    return Interval(a.value - b.value, a.low - b.high, a.high - b.low)


def largest(intervals: Iterable[Interval]) -> Interval:
    """The largest of several (at least one), with an interval that holds where all of theirs do."""
    held = tuple(intervals)
    return Interval(max(i.value for i in held), max(i.low for i in held), max(i.high for i in held))


def corrected(confidence: float, comparisons: int) -> float:
    """The confidence each of several intervals needs so that all hold together (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, comparisons)


def clean_tries_needed(at_most: float, *, confidence: float = 0.95) -> int:
    """How many tries without a single hit bring the exact upper bound down to `at_most` (in (0, 1))."""
    return math.ceil(math.log((1 - confidence) / 2) / math.log1p(-at_most))
