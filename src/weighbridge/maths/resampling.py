"""How well scores tell two kinds apart where rows come in groups: intervals by drawing groups again.

Scores are high for positives. The groups are drawn again, not the rows, and within each make-up (groups of positives
alone, of negatives alone, of both), so that every draw has about as many of each kind as there are. Negatives are drawn
again as well: where a false-positive rate is fixed, the threshold moves with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import beta, norm, t

from weighbridge.maths.proportions import Interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DRAWS = 1000  # ours: the ends of an interval of 95 % are then certain to about a tenth of its half-width
_AT_A_TIME = 1 << 21  # weights held at once; ours, for memory
_ROUNDING = 1e-9
_FEW = 20  # groups with a hit, or with a miss, from which a spread between groups is told; ours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rated:
    """Scores of positives and negatives, at least one of each; all arrays have one length."""

    scores: Floats
    is_positive: Bools
    groups: Ints  # equal numbers are drawn together

    def __post_init__(self) -> None:
        """Refuse what has no answer."""
        if not 0 < int(self.is_positive.sum()) < len(self.scores) or bool(np.isnan(self.scores).any()):
            msg = "scores of both kinds are needed, and numbers"
            raise ValueError(msg)


def auc(rated: Rated, confidence: float, rng: np.random.Generator, draws: int = DRAWS) -> Interval:
    """The share of pairs in order, ties half, with an interval over both kinds and their groups.

    The spread over draws, taken in log-odds, in which it is nearly symmetric; where hardly any pair is out of order at
    least as wide as what so many disjoint pairs would show.

    References
    ----------
    Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 6 and 8.
    Field and Welsh 2007, Bootstrapping clustered data, Journal of the Royal Statistical Society B 69.
    """
    value, drawn = _areas([rated], rng, draws)
    return _in_log_odds(float(value[0]), float(drawn[:, 0].std(ddof=1)) * _small(rated), _pairs(rated), confidence)


def tpr_at(rated: Rated, fpr: float, confidence: float, rng: np.random.Generator, draws: int = DRAWS) -> Interval:
    """Share of positives above the threshold that at most a share `fpr` of negatives exceeds.

    The interval holds the middle draws, and what Clopper and Pearson give for as many independent groups, the threshold
    taken as known: the wider end of the two on each side.
    """
    value = _rates(rated, np.ones((1, len(rated.scores))), fpr)[0]
    drawn = np.concatenate([_rates(rated, weights, fpr) for weights in _draws(rated, rng, draws)])
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    level = _threshold(rated, fpr)
    exact = share(rated.scores[rated.is_positive] > level, rated.groups[rated.is_positive], confidence)
    return Interval(float(value), min(float(low), exact.low), max(float(high), exact.high))


def gain(
    rated: Rated, others: Floats, confidence: float, rng: np.random.Generator, draws: int = DRAWS
) -> tuple[Interval, int]:
    """How much larger the area of one score is than the largest of several others, of shape (n, m); and which that is.

    In each draw the best of the others is chosen anew, since their best is no fixed one: that favours the others, so
    that a gain above 0 is not owed to the choice. The upper end is the least of what each of them allows, corrected for
    how many there are: which one is the best may be seen wrongly.
    """
    rates = [rated, *(replace(rated, scores=column) for column in others.T)]
    value, drawn = _areas(rates, rng, draws)
    differences = drawn[:, :1] - drawn[:, 1:]
    best = int(value[1:].argmax())
    point = float(value[0] - value[1:].max())
    tail = (1 - confidence) / 2
    low = np.quantile(differences.min(axis=1), tail)
    high = np.quantile(differences, 1 - tail / differences.shape[1], axis=0).min()
    edge = (1 - confidence) ** (1 / _pairs(rated)) if _pairs(rated) else 0.0  # no pair differs: so many might yet
    least = 1 - edge if float(np.ptp(differences.min(axis=1))) == 0 else 0.0
    return Interval(point, max(-1.0, min(float(low), point) - least), min(1.0, max(float(high), point) + least)), best


def share(flags: Bools, groups: Ints, confidence: float) -> Interval:
    """A share of rows that come in groups; exact where each is its own, else by as many rows as they are worth.

    The number of rows is divided by the design effect, at least 1, and by as much as few groups leave that unsure;
    where hits or misses come from few groups, it is no more than there are groups. Clopper and Pearson's interval is
    taken of what is left.

    References
    ----------
    Korn and Graubard 1998, Confidence intervals for proportions with small expected number of positive counts estimated
    from survey data, Survey Methodology 24.
    """
    n = len(flags)
    if n == 0:
        msg = "a share of nothing"
        raise ValueError(msg)
    value = float(flags.mean())
    _, group = np.unique(groups, return_inverse=True)
    sizes, held = np.bincount(group.ravel()), np.bincount(group.ravel(), weights=flags)
    k = len(sizes)
    worth = float(min(n, k))
    if k == n:
        worth = float(n)
    elif 0 < value < 1 and k > 1:
        spread = float(((held - value * sizes) ** 2).sum()) * k / (k - 1) / n**2
        effect = spread * n / (value * (1 - value))
        worth = n / effect if effect > 1 else float(n)
        tail = (1 - confidence) / 2
        worth *= float(t.isf(tail, n - 1) / t.isf(tail, k - 1)) ** 2  # the effect itself is known from k groups alone
        if min((held > 0).sum(), (held < sizes).sum()) < _FEW:
            worth = min(worth, float(k))
    tail = (1 - confidence) / 2
    hits = value * worth
    low = 0.0 if value == 0 else float(beta.ppf(tail, hits, worth - hits + 1))
    high = 1.0 if value == 1 else float(beta.ppf(1 - tail, hits + 1, worth - hits))
    return Interval(value, min(low, value), max(high, value))


def evading(p_values: Floats, level: float, groups: Ints, confidence: float) -> Interval:
    """Share of rows that none of several tests flags at its own level; p-values of shape (n, m)."""
    return share(np.asarray((p_values > level).all(axis=1), dtype=np.bool_), groups, confidence)


def _pairs(rated: Rated) -> int:
    """Pairs of a positive and a negative that share no group with another pair."""
    return min(len(np.unique(rated.groups[side])) for side in (rated.is_positive, ~rated.is_positive))


def _small(rated: Rated) -> float:
    """Draws vary too little by this factor, since they come from so few groups."""
    n = _pairs(rated)
    return math.sqrt(n / (n - 1)) if n > 1 else 1.0


def _in_log_odds(area: float, spread: float, n_pairs: int, confidence: float) -> Interval:
    tail = (1 - confidence) / 2
    area = min(1.0, max(0.0, area))
    most = tail ** (1 / n_pairs)  # of as many disjoint pairs, none is out of order if each is right as often as this
    low, high = area * most, 1 - (1 - area) * most
    if 0 < area < 1:
        reach = norm.isf(tail) * spread / (area * (1 - area))
        low, high = min(low, float(expit(logit(area) - reach))), max(high, float(expit(logit(area) + reach)))
    return Interval(area, min(low, area), max(high, area))


def _draws(rated: Rated, rng: np.random.Generator, draws: int) -> list[Floats]:
    """How often each row is in each draw, in pieces of shape (some, n)."""
    _, group = np.unique(rated.groups, return_inverse=True)
    group = group.ravel()
    n_groups = int(group.max()) + 1
    makeup = (np.bincount(group, weights=rated.is_positive, minlength=n_groups) > 0) * 1
    makeup += (np.bincount(group, weights=~rated.is_positive, minlength=n_groups) > 0) * 2
    made = []
    step = max(1, _AT_A_TIME // len(group))
    for begin in range(0, draws, step):
        n = min(step, draws - begin)
        times = np.zeros((n, n_groups))
        for kind in np.unique(makeup):
            inside = np.flatnonzero(makeup == kind)
            times[:, inside] = rng.multinomial(len(inside), np.full(len(inside), 1 / len(inside)), size=n)
        made.append(times[:, group])
    return made


def _areas(rates: list[Rated], rng: np.random.Generator, draws: int) -> tuple[Floats, Floats]:
    """The area of each score, shape (m,), and in the same draws, shape (draws, m)."""
    whole = np.array([_area(rated, np.ones((1, len(rated.scores))))[0] for rated in rates])
    pieces = [np.stack([_area(rated, weights) for rated in rates], axis=1) for weights in _draws(rates[0], rng, draws)]
    return whole, np.concatenate(pieces)


def _area(rated: Rated, weights: Floats) -> Floats:
    """Weighted share of pairs in order, for each row of weights."""
    positive, negative = _by_score(rated, weights)
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return np.asarray((positive * below).sum(axis=1) / np.maximum(pairs, _ROUNDING), dtype=np.float64)


def _rates(rated: Rated, weights: Floats, fpr: float) -> Floats:
    """Weighted share of positives above the threshold of each row of weights."""
    positive, negative = _by_score(rated, weights)
    above = np.cumsum(negative[:, ::-1], axis=1)[:, ::-1]  # negatives at this score or higher
    allowed = above <= fpr * negative.sum(axis=1, keepdims=True) + _ROUNDING
    found = (positive * allowed).sum(axis=1)
    return np.asarray(found / np.maximum(positive.sum(axis=1), _ROUNDING), dtype=np.float64)


def _by_score(rated: Rated, weights: Floats) -> tuple[Floats, Floats]:
    """Weights of positives and of negatives at each different score, ascending; shape (draws, different)."""
    _, first = np.unique(np.sort(rated.scores), return_index=True)
    order = np.argsort(rated.scores, kind="stable")
    ordered, positive = weights[:, order], rated.is_positive[order]
    return (
        np.add.reduceat(ordered * positive, first, axis=1),
        np.add.reduceat(ordered * ~positive, first, axis=1),
    )


def _threshold(rated: Rated, fpr: float) -> float:
    negatives = np.sort(rated.scores[~rated.is_positive])[::-1]
    return float(negatives[min(len(negatives) - 1, math.floor(fpr * len(negatives) + _ROUNDING))])
