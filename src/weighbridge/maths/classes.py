"""Classes of individuals who look alike, and steps for numbers that nobody knows to the last digit."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How well individuals hide among those who look like them.

    `small` counts individuals in classes of fewer than k, the unique ones among them; `smallest` is the size of the
    smallest class.
    """

    n: int
    unique: int
    small: int
    smallest: int

    @property
    def unique_share(self) -> float:
        """Share of individuals whom nobody else looks like."""
        return self.unique / self.n

    @property
    def small_share(self) -> float:
        """Share of individuals in classes of fewer than k."""
        return self.small / self.n


def crowd(sizes: Ints, individuals: Ints, *, k: int) -> Crowd:
    """Sum up class sizes.

    Parameters
    ----------
    sizes, individuals : shape (m,), m >= 1; `individuals[i]` of them lie in a class of `sizes[i]`
    k : at least 1; a class of fewer is small
    """
    if not individuals.sum():
        msg = "nobody to count"
        raise ValueError(msg)
    return Crowd(
        n=int(individuals.sum()),
        unique=int(individuals[sizes == 1].sum()),
        small=int(individuals[sizes < k].sum()),
        smallest=int(sizes[individuals > 0].min()),
    )


def n_combinations(columns: int, *, at_most: int) -> int:
    """How many sets of one to `at_most` columns there are.

    >>> n_combinations(12, at_most=3)
    298
    """
    return sum(math.comb(columns, size) for size in range(1, at_most + 1))


def round_step(values: Floats, *, steps: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that cuts the middle nine tenths of the values into at least `steps`.

    Equal steps, not equal counts: the one who earns ten times more than all others stays alone in a step, as in life.

    Parameters
    ----------
    values : shape (n,), finite, n >= 1
    steps : at least 1

    Returns
    -------
    0.0 where the values differ by nothing, or by more than a float holds: there is nothing to cut.

    >>> round_step(np.arange(1000.0), steps=20)
    20.0
    """
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = np.quantile(values, [0.05, 0.95])
        if high == low:
            low, high = values.min(), values.max()
        width = float(high - low) / steps
    if not sys.float_info.min < width < math.inf:
        return 0.0
    power = math.floor(math.log10(width))
    mantissa = round(width / 10.0**power, 9)  # without what floating point adds in the last digits
    return next(m for m in (5, 2, 1) if m <= mantissa or m == 1) * 10.0**power
