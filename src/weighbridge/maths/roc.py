"""How well a score tells members from others: the step ROC, its points, and intervals that hold for both samples.

Scores are high for members. Nothing is interpolated: others with equal scores are let in all together or not at all.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import binom
from scipy.stats import t as student

from weighbridge.maths.proportions import Interval, clopper_pearson, corrected

__all__ = [
    "Interval",
    "TooFew",
    "auc",
    "auc_interval",
    "auc_interval_of_counts",
    "epsilon_lower",
    "exceeding",
    "others_needed",
    "predictive_value",
    "supports",
    "threshold",
    "tpr",
    "tpr_at_fpr",
]

Floats = npt.NDArray[np.float64]

# Points at which a bound on epsilon is looked for; fixed beforehand, so that the best of them can be corrected for.
_EPSILON_POINTS = (0.001, 0.01, 0.1, 0.5)
_TINY = 1e-12  # a truth that is closer to 0 or 1 than this counts as 0 or 1
_ROUNDING = 1e-9  # so that 0.29 x 100 is 29, not 28.999...


class TooFew(ValueError):
    """So few others say nothing about this false-positive rate."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"{needed} others are needed")
        self.needed = needed


def auc(members: Floats, others: Floats) -> float:
    """How often a random member scores above a random other; ties count half.

    References
    ----------
    Mann and Whitney 1947, On a test of whether one of two random variables is stochastically larger than the other,
    Annals of Mathematical Statistics 18.
    """
    members, others = _checked(members), _checked(others)
    return float(_placements(members, np.sort(others)).mean())


def auc_interval(members: Floats, others: Floats, confidence: float) -> Interval:
    """The area under the ROC, with an interval over both samples.

    DeLong's variance, taken after one score below all and one above all were added to each sample, with Student's t at
    Welch's degrees of freedom. The four added scores are what Agresti and Caffo add to two shares, which this is where
    scores are 0 and 1: the variance is never 0, and the interval holds near 0, near 1, with ties and for few scores. It
    reaches from the area with them and from that without, which differ for few scores near 0 and 1.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson 1988, Comparing the areas under two or more correlated receiver operating
    characteristic curves, Biometrics 44. Agresti and Caffo 2000, Simple and effective confidence intervals for
    proportions and differences of proportions, The American Statistician 54.
    """
    value = auc(members, others)
    above, below = np.sort(_padded(members)), np.sort(_padded(others))
    of_members, of_others = _placements(above, below), 1 - _placements(below, above)
    parts = [float(placed.var(ddof=1)) / len(placed) for placed in (of_members, of_others)]
    freedom = sum(parts) ** 2 / sum(part**2 / (len(s) - 1) for part, s in zip(parts, (above, below), strict=True))
    reach = float(student.ppf((1 + confidence) / 2, freedom)) * math.sqrt(sum(parts))
    middle = float(of_members.mean())
    return Interval(value, max(0.0, min(value, middle) - reach), min(1.0, max(value, middle) + reach))


def auc_interval_of_counts(value: float, n_members: int, n_others: int, confidence: float) -> Interval:
    """An interval for an area under the ROC of which nothing is known but how many scores of each kind it came from.

    Valid for every distribution of the scores, ties counting half, and for every number of them; wider than what the
    scores themselves would give. The area is an average over pairs; cut into min(n_members, n_others) pairs that share
    no score, it is a mean of such means, so that its tails are no heavier than those of one mean of that many
    independent values in [0, 1] (Hoeffding's Chernoff bound in the Kullback-Leibler form, half of the error each side).

    References
    ----------
    Hoeffding 1963, Probability inequalities for sums of bounded random variables, Journal of the American Statistical
    Association 58, theorem 1 (2.1) and section 5 (U-statistics of two samples).
    """
    if not 0 <= value <= 1 or min(n_members, n_others) < 1 or not 0 < confidence < 1:
        msg = f"an area of {value} from {n_members} and {n_others} scores at confidence {confidence}"
        raise ValueError(msg)
    allowed = math.log(2 / (1 - confidence)) / min(n_members, n_others)

    def beyond(truth: float) -> float:
        return _divergence(value, truth) - allowed

    low = 0.0 if value == 0 or beyond(_TINY) <= 0 else float(brentq(beyond, _TINY, value))
    high = 1.0 if value == 1 or beyond(1 - _TINY) <= 0 else float(brentq(beyond, value, 1 - _TINY))
    return Interval(value, min(low, value), max(high, value))


def _divergence(seen: float, truth: float) -> float:
    """Kullback-Leibler divergence of one coin from another, in nats; 0 < truth < 1."""
    of_hit = seen * math.log(seen / truth) if seen > 0 else 0.0
    of_miss = (1 - seen) * math.log((1 - seen) / (1 - truth)) if seen < 1 else 0.0
    return of_hit + of_miss


def _padded(scores: Floats) -> Floats:
    return np.concatenate([[-np.inf], _checked(scores), [np.inf]])


def _placements(scores: Floats, against: Floats) -> Floats:
    """For each score the share of `against`, which is sorted, that lies below it; equal ones count half."""
    lower = np.searchsorted(against, scores, side="left")
    upper = np.searchsorted(against, scores, side="right")
    return np.asarray((lower + upper) / (2 * len(against)), dtype=np.float64)


def threshold(others: Floats, fpr: float) -> float:
    """The score that at most this share of others exceeds; minus infinity where all may."""
    others = _checked(others)
    allowed = math.floor(fpr * len(others) + _ROUNDING)
    return _ranked(others, allowed + 1)


def exceeding(scores: Floats, level: float) -> int:
    """How many scores lie above the level, which itself is not above; minus infinity is exceeded by all."""
    return int(np.count_nonzero(_finite(scores) > level))


def tpr(members: Floats, others: Floats, fpr: float) -> float:
    """The share of members found at the largest false-positive rate that is at most `fpr` and can be had."""
    members = _checked(members)
    return exceeding(members, threshold(others, fpr)) / len(members)


def tpr_at_fpr(members: Floats, others: Floats, fpr: float, confidence: float) -> Interval:
    """The true-positive rate where the true false-positive rate is `fpr`, or the largest below it that can be had.

    Valid for every distribution, although the threshold is estimated too: half of the error goes to the rank of the
    other whose score certainly lies above, and certainly below, the true threshold (the share of others beyond the
    k-th of n follows Beta(k, n - k + 1)); the other half to Clopper-Pearson over the members beyond it. Members who
    tie with such an other are not beyond it, as no threshold parts the two.

    Raises
    ------
    TooFew
        Where even the highest other may lie below the true threshold.

    References
    ----------
    David and Nagaraja 2003, Order Statistics, section 7.1 (distribution-free intervals for quantiles).
    """
    members, others = _checked(members), _checked(others)
    n, spent = len(others), (1 - confidence) / 4
    strict = int(binom.ppf(spent, n, fpr))
    if strict < 1:
        raise TooFew(others_needed(fpr, confidence))
    loose = int(binom.ppf(1 - spent, n, fpr)) + 1
    each = 1 - (1 - confidence) / 2
    found = (exceeding(members, _ranked(others, rank)) for rank in (strict, loose))
    low, high = (clopper_pearson(hits, len(members), confidence=each) for hits in found)
    return Interval(tpr(members, others, fpr), low.low, high.high)


def others_needed(fpr: float, confidence: float) -> int:
    """How many others `tpr_at_fpr` needs: with fewer, none of them may lie above the true threshold."""
    return math.floor(math.log((1 - confidence) / 4) / math.log1p(-fpr)) + 1


def supports(n_others: int, fpr: float, confidence: float) -> bool:
    """Whether so many others support a point at this false-positive rate."""
    return n_others >= others_needed(fpr, confidence)


def _ranked(others: Floats, rank: int) -> float:
    """The score of the other with this rank, from 1 for the highest; minus infinity below the last."""
    n = len(others)
    return float(np.partition(others, n - rank)[n - rank]) if rank <= n else -math.inf


def predictive_value(tpr: Interval, fpr: Interval, prior: float) -> Interval:
    """How often someone whom the attack names as a member is one, where this share of all was a member beforehand.

    The interval holds at the confidence at which `tpr` and `fpr` hold together. An attack that names nobody says no
    more than the prior.
    """
    value = _predictive(tpr.value, fpr.value, prior, prior)
    low, high = _predictive(tpr.low, fpr.high, prior, 0.0), _predictive(tpr.high, fpr.low, prior, 1.0)
    return Interval(value, min(low, value), max(high, value))


def _predictive(tpr: float, fpr: float, prior: float, nobody: float) -> float:
    named = prior * tpr + (1 - prior) * fpr
    return prior * tpr / named if named > 0 else nobody


def epsilon_lower(members: Floats, others: Floats, confidence: float) -> Interval:
    """The epsilon that the attack's best operating point proves the training had at least, were it private at all.

    Over fixed points f: log(TPR at FPR f / f), and log(TNR at FNR f / f) with the roles exchanged. All intervals hold
    together (Bonferroni), so that the best may be taken. `low` is the bound; 0 where nothing is shown. It bounds
    epsilon from below only: no audit proves that it is small.

    Raises
    ------
    TooFew
        Where not one point is supported.

    References
    ----------
    Jagielski, Ullman and Oprea 2020, Auditing differentially private machine learning, NeurIPS (2006.07709). Nasr et
    al. 2021, Adversary instantiation, IEEE S&P (2101.04535).
    """
    sides = ((members, others), (-_checked(others), -_checked(members)))
    each = corrected(confidence, len(sides) * len(_EPSILON_POINTS))
    bounds = [
        (tpr_at_fpr(above, below, point, each), point)
        for above, below in sides
        for point in _EPSILON_POINTS
        if supports(len(below), point, each)
    ]
    if not bounds:
        raise TooFew(others_needed(_EPSILON_POINTS[-1], each))
    value, low, high = (
        max(math.log(max(part, point) / point) for part, point in shares)
        for shares in zip(
            *(((at.value, point), (at.low, point), (at.high, point)) for at, point in bounds), strict=True
        )
    )
    return Interval(value, low, high)


def _checked(scores: Floats) -> Floats:
    """At least one score, and none that is no number."""
    found = np.asarray(scores, dtype=np.float64)
    if found.ndim != 1 or len(found) == 0 or bool(np.isnan(found).any()):
        msg = f"scores of shape {found.shape}, or one that is no number"
        raise ValueError(msg)
    return _finite(found)


def _finite(scores: Floats) -> Floats:
    """Infinite scores as the largest and smallest numbers, so that infinity is left to mean beyond them all."""
    largest = np.finfo(np.float64).max
    return np.clip(scores, -largest, largest)
