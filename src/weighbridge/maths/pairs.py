"""Two ways of answering the same questions, set against each other."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import binom


def mcnemar(only_first: int, only_second: int) -> float:
    """How often a difference as large as this comes about where both ways err equally often; exact, two-sided.

    Only questions that one of the two got wrong count: where both err equally often, each of these is as likely the
    one's as the other's.

    Parameters
    ----------
    only_first, only_second : questions that the first alone, and the second alone, got wrong; at least 0

    Returns
    -------
    p in (0, 1]; 1 where no question tells them apart.

    References
    ----------
    McNemar 1947, Note on the sampling error of the difference between correlated proportions or percentages,
    Psychometrika 12; exact by the binomial, Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13.
    """
    if min(only_first, only_second) < 0:
        msg = f"{only_first} and {only_second} are no counts"
        raise ValueError(msg)
    told = only_first + only_second
    return min(1.0, 2 * float(binom.cdf(min(only_first, only_second), told, 0.5)))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values of several tests, in their order, raised so that all of them hold together.

    References
    ----------
    Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.
    """
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    held, made = 0.0, dict[int, float]()
    for rank, n in enumerate(order):
        held = max(held, min(1.0, (len(p_values) - rank) * p_values[n]))
        made[n] = held
    return tuple(made[n] for n in range(len(p_values)))
