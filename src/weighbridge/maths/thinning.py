"""Totals over things of which each was kept with one known chance, apart from all others: a Bernoulli sample.

Keys of a table are kept where their hash lies below a threshold. Hashes of combinations are made by simple tabulation
(XOR of one hash per cell), which behaves like full independence in the bounds that matter here.

Patrascu and Thorup 2012, The power of simple tabulation hashing, Journal of the ACM 59(3).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2, nbinom

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def count_below(kept: Ints, chance: float | Floats, *, confidence: float) -> Floats:
    """The most things there can well be when so many were kept: one-sided, exact.

    Parameters
    ----------
    kept : shape (m,), at least 0
    chance : with which each was kept, in (0, 1]; one for all, or shape (m,)
    confidence : of each bound alone

    Returns
    -------
    Shape (m,). The largest N for which as few as were kept is not rarer than 1 - confidence under Binomial(N, chance).
    """
    kept, chance = np.broadcast_arrays(np.asarray(kept, dtype=np.float64), chance)
    more = nbinom.ppf(confidence, kept + 1, np.minimum(chance, 1 - 1e-15))
    return np.where(chance >= 1, kept, kept + more)


def count_above(kept: Ints, chance: float | Floats, *, confidence: float) -> Floats:
    """The fewest things there can well be when so many were kept: one-sided, exact; see `count_below`."""
    kept, chance = np.broadcast_arrays(np.asarray(kept, dtype=np.float64), chance)
    more = nbinom.ppf(1 - confidence, np.maximum(kept, 1), np.minimum(chance, 1 - 1e-15))
    return np.where((chance >= 1) | (kept == 0), kept, kept + more)


def total_below(total: Floats, squares: Floats, largest: float, chance: float | Floats, *, confidence: float) -> Floats:
    """The largest total there can well be over all things, when those that were kept have this one.

    Things count with different weights here (a class of five people counts five), so the sum is no binomial count: the
    gamma bound holds for any weights up to `largest`, and takes the kept ones as Poisson, which errs to the wide side.

    Parameters
    ----------
    total, squares : sums of the kept weights and of their squares, shape (m,)
    largest : the most that one thing can weigh
    chance : as in `count_below`

    References
    ----------
    Fay and Feuer 1997, Confidence intervals for directly standardized rates: a method based on the gamma distribution,
    Statistics in Medicine 16.
    """
    total, squares, chance = np.broadcast_arrays(total, squares, chance)
    mean, variance = total + largest, squares + largest * largest
    bound = variance / (2 * mean) * chi2.ppf(confidence, 2 * mean * mean / variance)
    return np.where(chance >= 1, total, bound / chance)


def total_above(total: Floats, squares: Floats, chance: float | Floats, *, confidence: float) -> Floats:
    """The least total there can well be over all things; see `total_below`."""
    total, squares, chance = np.broadcast_arrays(total, squares, chance)
    some = total > 0
    mean, variance = np.where(some, total, 1.0), np.where(some, squares, 1.0)
    bound = variance / (2 * mean) * chi2.ppf(1 - confidence, 2 * mean * mean / variance)
    return np.where(chance >= 1, total, np.where(some, np.maximum(bound / chance, total), 0.0))
