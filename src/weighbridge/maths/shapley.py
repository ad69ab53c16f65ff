"""Who adds how much to a whole: each player's mean increment over the orders in which all of them may come in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Worth = Mapping[frozenset[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean with its bounds; equal where it was taken over all there is."""

    value: float
    low: float
    high: float


def every_set(n: int) -> list[frozenset[int]]:
    """All sets of at least one of n players, the smaller first."""
    return [frozenset(s) for size in range(1, n + 1) for s in itertools.combinations(range(n), size)]


def beginnings(orders: Sequence[Ints]) -> list[frozenset[int]]:
    """The sets of those who came first in each order, without repetition."""
    found = [frozenset(order[:size].tolist()) for order in orders for size in range(1, len(order) + 1)]
    return list(dict.fromkeys(found))


def exact_shares(worth: Worth, n: int) -> list[float]:
    """What each of n players adds, on average over all n! orders.

    Parameters
    ----------
    worth : of every set that is not empty; that of none is zero

    References
    ----------
    Shapley 1953, A value for n-person games.
    """
    shares = [0.0] * n
    for size in range(n):
        weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        for others in map(frozenset, itertools.combinations(range(n), size)):
            before = worth.get(others, 0.0)
            for player in set(range(n)) - others:
                shares[player] += weight * (worth[others | {player}] - before)
    return shares


def exact_curve(worth: Worth, n: int) -> list[float]:
    """The mean worth of all sets of 1, 2, ... n players."""
    return [
        float(np.mean([worth[frozenset(s)] for s in itertools.combinations(range(n), size)]))
        for size in range(1, n + 1)
    ]


def sampled_shares(worth: Worth, orders: Sequence[Ints], *, confidence: float) -> list[Mean]:
    """What each player adds, on average over orders drawn at random; with Student's interval over the draws.

    References
    ----------
    Castro, Gomez and Tejada 2009, Polynomial calculation of the Shapley value based on sampling, Computers & Operations
    Research 36.
    """
    added = np.zeros((len(orders), len(orders[0])))
    for row, order in enumerate(orders):
        before = 0.0
        for size, player in enumerate(order.tolist(), 1):
            now = worth[frozenset(order[:size].tolist())]
            added[row, player], before = now - before, now
    return [_mean(column, confidence) for column in added.T]


def sampled_curve(worth: Worth, orders: Sequence[Ints], *, confidence: float) -> list[Mean]:
    """The mean worth of 1, 2, ... players drawn at random."""
    sizes = range(1, len(orders[0]) + 1)
    return [
        _mean(np.array([worth[frozenset(order[:size].tolist())] for order in orders]), confidence) for size in sizes
    ]


def _mean(draws: Floats, confidence: float) -> Mean:
    value = float(draws.mean())
    half = float(student.ppf((1 + confidence) / 2, len(draws) - 1) * draws.std(ddof=1) / math.sqrt(len(draws)))
    return Mean(value=value, low=value - half, high=value + half)
