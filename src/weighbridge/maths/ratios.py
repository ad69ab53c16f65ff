"""Ratios of sums over independent units: bits per byte, tokens per word, the rise of a loss; and a value's place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from weighbridge.maths.proportions import Interval, clopper_pearson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def ratio_of_sums(above: Floats, below: Floats, *, units: Ints | None = None, confidence: float = 0.95) -> Interval:
    """Sum of `above` over sum of `below`, over a sample of units such as documents.

    Its interval is that of the logarithm of the ratio where it is positive, so that it is never below zero, and that of
    the ratio itself where it is not (a rise may be a fall).

    Parameters
    ----------
    above, below : shape (n,); sum of `below` > 0
    units : shape (n,), equal numbers are one unit (documents of one source); left out: each is its own
    confidence : in (0, 1)

    References
    ----------
    The delete-one jackknife with Student's t: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 11;
    Cochran 1977, Sampling Techniques, chapter 6, for ratios of sums. The jackknife and not the bootstrap, since
    intervals that are corrected for hundreds of languages would need some hundred thousand resamples each.

    Raises
    ------
    ValueError
        With fewer than two units, or nothing to divide by.
    """
    above, below = _by_unit(above, units), _by_unit(below, units)
    n, total = len(below), float(below.sum())
    if n < 2 or total <= 0:
        msg = f"a ratio over {n} units that sum up to {total}"
        raise ValueError(msg)
    value = float(above.sum() / total)
    left = (above.sum() - above) / np.maximum(total - below, np.finfo(np.float64).tiny)
    quantile = float(t.ppf((1 + confidence) / 2, n - 1))
    if value > 0 and (left > 0).all():
        logs = np.log(left)
        half = quantile * math.sqrt((n - 1) / n * float(((logs - logs.mean()) ** 2).sum()))
        return Interval(value, value * math.exp(-half), value * math.exp(half))
    half = quantile * math.sqrt((n - 1) / n * float(((left - left.mean()) ** 2).sum()))
    return Interval(value, value - half, value + half)


def paired_drop(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_], *, confidence: float = 0.95) -> Interval:
    """How much of a share of hits is lost between two tries on the same things: share before less share after.

    Only things that were hit once and missed once tell: those lost and those gained each get a Clopper-Pearson
    interval at half the error rate, so that the difference of the two is held whatever they have to do with each other
    (Bonferroni). No change in n tries is no proof of none: the interval is then as wide as two exact upper bounds.

    Parameters
    ----------
    before, after : shape (n,), n >= 1
    """
    each = 1 - (1 - confidence) / 2
    lost, gained = (int((a & ~b).sum()) for a, b in ((before, after), (after, before)))
    down, up = (clopper_pearson(k, len(before), confidence=each) for k in (lost, gained))
    return Interval(down.value - up.value, down.low - up.high, down.high - up.low)


def place_among(one: Interval, others: Sequence[Interval]) -> Interval:
    """The share of the others that lie below one; those whose intervals overlap with its may lie on either side.

    Where all intervals hold, so does this one: it runs from the share surely below to the share not surely above.
    """
    n = len(others)
    return Interval(
        sum(o.value < one.value for o in others) / n,
        sum(o.high < one.low for o in others) / n,
        sum(o.low <= one.high for o in others) / n,
    )


def _by_unit(values: Floats, units: Ints | None) -> Floats:
    if units is None:
        return np.asarray(values, dtype=np.float64)
    _, place = np.unique(units, return_inverse=True)
    return np.bincount(place.ravel(), weights=values).astype(np.float64)
