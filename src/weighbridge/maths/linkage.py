"""How many people of one table are found in another beyond those who would meet by chance.

Counted are keys, that is combinations of what both tables say of somebody: those that one person has in each table, and
those that two people have in one table and nobody in the other. If both tables were about different people from one
population, who of two lookalikes lies in which table would be chance: that gives how many meet though they are two. No
independence between columns is assumed, so that columns which go together in everybody make no link.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import chi2, nbinom

from weighbridge.maths.proportions import Interval

LEAST_KEPT = 1 / (1 << 62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Keys of two tables, all of them or a share that was drawn by hash.

    `once` in both tables by one person each; `twice` by two people of one table and by nobody of the other: of those
    keys of which the share `kept` was drawn, as of `once`; `twice_elsewhere` those of the other table, of which
    `kept_elsewhere` was drawn. `n_left`, `n_right` people that the tables have.
    """

    once: int
    twice: int
    n_left: int
    n_right: int
    kept: float = 1.0
    twice_elsewhere: int = 0
    kept_elsewhere: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Counts over the whole tables."""

    matched: Interval  # beyond chance
    chance: Interval  # what would meet by chance


def beyond_chance(met: Met, *, confidence: float = 0.95) -> Linked:
    """Who meets exactly one person beyond chance, with an interval.

    Parameters
    ----------
    met : n_left and n_right at least 1, kept in (0, 1]
    confidence : of both intervals together

    Returns
    -------
    Of w keys of two people in one table, w * r meet by chance, where r = 2ab / (a(a-1) + b(b-1)) for tables of a and b
    people. The interval of how many there are is that of a negative binomial, as w is itself a count. Where keys were
    drawn, the count of those who meet has its Poisson interval besides (wider than the binomial one).

    Notes
    -----
    For tables of about one size the number by chance is at most this whatever the two populations are, as 2xy is at
    most x * x + y * y for each key. For tables of very different size it is right where both come from one population.

    References
    ----------
    Garwood 1936, Fiducial limits for the Poisson distribution, Biometrika 28. The split of pairs is ours.
    """
    odds = _odds(met.n_left, met.n_right)
    pairs = _pairs(met, odds)
    tail = (1 - confidence) / (2 if met.kept == 1 else 4)
    each = tail / max(1, len(pairs))
    low_chance = sum(float(nbinom.ppf(each, n, 1 / (1 + o))) for n, o in pairs if n and o)
    high_chance = sum(float(nbinom.ppf(1 - each, n + 1, 1 / (1 + o))) for n, o in pairs if o)
    expected = sum(n * o for n, o in pairs)
    low, high = float(met.once), float(met.once)
    if met.kept < 1:
        low = float(chi2.ppf(tail, 2 * met.once) / 2) if met.once else 0.0
        high = float(chi2.ppf(1 - tail, 2 * met.once + 2) / 2)
    return Linked(
        matched=_interval(met.once - expected, low - high_chance, high - low_chance, met),
        chance=_interval(expected, low_chance, high_chance, met),
    )


def _pairs(met: Met, odds: float) -> list[tuple[int, float]]:
    """Keys of two people of one table, with how many meet by chance for each of them, among keys drawn as `once` is."""
    if met.kept_elsewhere == met.kept:
        return [(met.twice + met.twice_elsewhere, odds)]
    return [(met.twice, odds), (met.twice_elsewhere, odds * met.kept / max(met.kept_elsewhere, LEAST_KEPT))]


def _odds(left: int, right: int) -> float:
    """How often two lookalikes lie in two tables, for once that they lie in one."""
    within = left * (left - 1) + right * (right - 1)
    return 2 * left * right / within if within else 1.0


def _interval(value: float, low: float, high: float, met: Met) -> Interval:
    """As counts over all keys, between none and all people of the smaller table."""
    most = float(min(met.n_left, met.n_right))
    ends = [min(most, max(0.0, number / max(met.kept, LEAST_KEPT))) for number in (value, low, high)]
    return Interval(ends[0], min(ends), max(ends))
