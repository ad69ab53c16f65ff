"""How far up a secret stands among all that it could be: ranks from samples, and exposure in bits.

A rank of r among n is an exposure of log2(n) - log2(r) bits: of so many guesses an attacker is spared the logarithm.

References
----------
Carlini, Liu, Erlingsson, Kos and Song 2019, The Secret Sharer: evaluating and testing unintended memorization in neural
networks, USENIX Security (1802.08232), sections 4.1 (exposure) and 4.3 (its extrapolation by a skew-normal).
"""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, skewnorm

from weighbridge.maths.proportions import Interval, clopper_pearson

Floats = npt.NDArray[np.float64]

_MOST_SKEW = 0.995  # of a skew-normal: its skewness stays below 0.9953
_FEWEST = 8  # numbers from which a third moment is taken; with fewer a normal must do


@functools.lru_cache(maxsize=1 << 14)  # asked for again for every number of guesses
def sampled_rank(better: int, tried: int, others: int, *, confidence: float) -> Interval:
    """The rank among `others` + 1 of one that `better` of `tried` random others stand above.

    `tried` were drawn independently from the `others`, so the share that stands above has a Clopper-Pearson interval.
    """
    share = clopper_pearson(better, tried, confidence=confidence)
    return Interval(*(1 + others * part for part in (share.value, share.low, share.high)))


def bits(rank: float, size: int) -> float:
    """Exposure: log2(size) - log2(rank), at least 0."""
    return max(0.0, math.log2(size) - math.log2(rank))


def exposure(rank: Interval, size: int) -> Interval:
    """The same, of an interval."""
    return Interval(bits(rank.value, size), bits(rank.high, size), bits(rank.low, size))


def extrapolated_rank(scores: Floats, truth: float, others: int) -> float:
    """The rank of a score above all `scores`, by the skew-normal with their mean, variance and skewness.

    A guess where no sample reaches: it trusts the shape of a tail that nobody saw.

    References
    ----------
    Azzalini 1985, A class of distributions which includes the normal ones, Scandinavian Journal of Statistics 12.
    """
    spread = float(scores.std())
    if spread == 0:
        return 1.0
    skew = float((((scores - scores.mean()) / spread) ** 3).mean()) if len(scores) >= _FEWEST else 0.0
    part = abs(min(max(skew, -_MOST_SKEW), _MOST_SKEW)) ** (2 / 3)
    delta = math.copysign(math.sqrt(math.pi / 2 * part / (part + ((4 - math.pi) / 2) ** (2 / 3))), skew)
    delta = min(max(delta, -0.999), 0.999)
    scale = spread / math.sqrt(1 - 2 * delta**2 / math.pi)
    shape, at = delta / math.sqrt(1 - delta**2), float(scores.mean()) - scale * delta * math.sqrt(2 / math.pi)
    return 1 + others * float(skewnorm.sf(truth, shape, loc=at, scale=scale))


def median_interval(lows: Floats, values: Floats, highs: Floats, *, most: float, confidence: float) -> Interval:
    """The median of a quantity, of which each of n independent things has a value and bounds that hold together.

    Order statistics: the median lies below the k-th smallest with the probability that fewer than k of n fall below it,
    for every distribution. Where n is too small for a bound, it is 0 or `most`, between which the quantity lies.

    References
    ----------
    David and Nagaraja 2003, Order Statistics, section 7.1.
    """
    n = len(values)
    rank = int(binom.ppf((1 - confidence) / 2, n, 0.5))  # P(Bin < rank) <= error / 2, so the rank-th is a lower bound
    low = float(np.sort(lows)[rank - 1]) if rank >= 1 else 0.0
    high = float(np.sort(highs)[n - rank]) if rank >= 1 else most
    value = float(np.median(values))
    return Interval(value, min(low, value), max(high, value))
