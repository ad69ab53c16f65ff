"""Whom a price keeps out: actors with a budget and a value against the cheapest way to get what they want.

What is not known about the world (a price, a leak, how far a guess is off) is drawn once for each *world*; how actors
of one kind differ is drawn once for each *actor* within it. A share is counted over the actors of a world, an interval
is taken over worlds: more actors make it smoother, never narrower than what is not known.

An actor proceeds if and only if the cheapest route costs less than what it can spend and less than what it is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from weighbridge.maths.proportions import Interval

Array = NDArray[np.float64]
Singles = NDArray[np.float32]
Flags = NDArray[np.bool_]

Z95 = 1.6448536269514722  # 95 % quantile of N(0, 1): a range of nine in ten reaches so many standard deviations


def spread(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    """Draws of which nine in ten lie between `low` and `high`: lognormal, or evenly spread where `low` is zero."""
    if low == high:
        return np.full(n, low)
    if low == 0:
        return rng.uniform(0.0, high, n)
    middle, width = (math.log(low) + math.log(high)) / 2, math.log(high / low) / (2 * Z95)
    made: Array = np.exp(middle + width * rng.standard_normal(n))
    return made


def share_spread(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    """Draws of a share, spread evenly over its range: it never leaves it."""
    return rng.uniform(low, high, n) if low < high else np.full(n, low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What makes actors of one kind differ, the same for every kind and plan: shape (worlds, actors)."""

    budget: Singles  # standard normal
    value: Singles  # standard normal
    identity: Singles  # standard normal
    luck: Singles  # uniform on (0, 1): below the subsidised share, computing and work cost nothing

    @classmethod
    def drawn(cls, worlds: int, actors: int, rng: np.random.Generator) -> Noise:
        """Fresh noise; the same generator in the same state gives the same bytes."""
        shape = (worlds, actors)
        normal = (rng.standard_normal(shape, dtype=np.float32) for _ in range(3))
        budget, value, identity = normal
        return cls(budget=budget, value=value, identity=identity, luck=rng.random(shape, dtype=np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The actors of one kind in every world: logarithms of US dollars, shape (worlds, actors)."""

    limit: Singles  # the lesser of budget and value
    identity: Singles
    subsidised: Flags


def crowd(noise: Noise, ranges: tuple[tuple[float, float], ...], shifts: Array, subsidised: Array) -> Crowd:
    """Actors of one kind.

    Parameters
    ----------
    ranges : of budget, value and cost of identity, in US dollars: nine in ten of the actors lie between
    shifts : shape (3, worlds); by which logarithm the whole range is off in each world
    subsidised : shape (worlds,); the share to whom computing and work cost nothing
    """
    budget, value, identity = (
        _log_spread(z, low, high, off)
        for z, (low, high), off in zip((noise.budget, noise.value, noise.identity), ranges, shifts, strict=True)
    )
    np.minimum(budget, value, out=budget)
    return Crowd(limit=budget, identity=identity, subsidised=noise.luck < subsidised[:, None].astype(np.float32))


def _log_spread(z: Singles, low: float, high: float, off: Array) -> Singles:
    floor = max(low, high * 1e-3, 1e-6)  # a range from nothing starts at a thousandth of its end, or a millionth dollar
    top = max(high, floor)
    middle, width = (math.log(floor) + math.log(top)) / 2, math.log(top / floor) / (2 * Z95)
    made: Singles = z * np.float32(width)
    made += (middle + off)[:, None].astype(np.float32)
    return made


def can_pay(crowd: Crowd, usd: Array) -> Flags:
    """Which actors can and would pay this in each world, shape (worlds, actors). `usd` has shape (worlds,)."""
    return crowd.limit > _logs(usd)


def can_remake(crowd: Crowd, usd: Array, usd_subsidised: Array) -> Flags:
    """Which actors can and would pay for making it again: two prices, of which the subsidised pay the second."""
    pays = can_pay(crowd, usd)
    np.logical_or(pays, can_pay(crowd, usd_subsidised) & crowd.subsidised, out=pays)
    return pays


def can_apply(crowd: Crowd, usd: Array, asks: Array) -> Flags:
    """Which actors can and would pay this and give their name.

    Parameters
    ----------
    usd : shape (worlds,)
    asks : shape (worlds,); how much of the cost of giving one's name is asked for, from 0 to 1 or more
    """
    with np.errstate(divide="ignore"):
        price = np.logaddexp(_logs(usd), crowd.identity + np.log(asks)[:, None].astype(np.float32))
    applies: Flags = crowd.limit > price
    return applies


def _logs(usd: Array) -> Singles:
    with np.errstate(divide="ignore"):  # what costs nothing is within everybody's limit, what cannot be had in nobody's
        return np.log(usd)[:, None].astype(np.float32)


def proceeding(closed: Flags, leaked: Flags, leak: Array, outside: Array) -> Array:
    """The share of actors who proceed in each world, shape (worlds,).

    Parameters
    ----------
    closed, leaked : who proceeds while no copy has got out, and once one has
    leak : shape (worlds,); the chance that one gets out
    outside : shape (worlds,); the share who go on although nothing pays. While it is above zero, so is what comes out
    """
    share = (1 - leak) * closed.mean(axis=1) + leak * leaked.mean(axis=1)
    made: Array = share + (1 - share) * outside
    return made


def deterred(under_plan: Array, in_the_open: Array) -> Array:
    """The share of those who would proceed in the open and do not under a plan, by world; at least 0."""
    made: Array = np.clip(1 - under_plan / in_the_open, 0.0, 1.0)
    return made


def interval(draws: Array, confidence: float = 0.9) -> Interval:
    """Median and central interval of draws."""
    tail = (1 - confidence) / 2
    low, middle, high = np.quantile(draws, (tail, 0.5, 1 - tail), method="inverted_cdf")
    return Interval(float(middle), float(low), float(high))


def next_delay(days: Array, n: int, rng: np.random.Generator) -> Array:
    """Draws of the next delay after those that were seen: lognormal with mean and spread unknown.

    Parameters
    ----------
    days : at least two delays

    References
    ----------
    The predictive distribution of one more value of a normal sample is Student's t with n - 1 degrees of freedom about
    the mean, scaled by s * sqrt(1 + 1 / n): Hahn and Meeker 1991, Statistical Intervals, section 4.7.
    """
    logs = np.log(days)
    k = len(logs)
    scale = float(logs.std(ddof=1)) * math.sqrt(1 + 1 / k)
    draws = student.ppf(rng.random(n), k - 1) * scale + float(logs.mean())
    made: Array = np.exp(np.minimum(draws, math.log(36525.0)))  # a century: beyond it, days make no difference
    return made
