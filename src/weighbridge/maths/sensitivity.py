"""Which of the things that are not known matter: to a number, and to a choice.

All from draws that were made anyway: nothing is drawn again for an input.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from weighbridge.maths.proportions import Interval

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def rank_correlation(inputs: Array, output: Array) -> Array:
    """Spearman's rank correlation of each input, shape (inputs, draws), with an output; 0 where either never varies."""
    ranks = rankdata(inputs, axis=1) - (inputs.shape[1] + 1) / 2
    target = rankdata(output) - (len(output) + 1) / 2
    norms = np.sqrt((ranks**2).sum(axis=1) * (target**2).sum())
    made: Array = np.divide(ranks @ target, norms, out=np.zeros(len(inputs)), where=norms > 0)
    return made


def correlation_interval(r: float, n: int, confidence: float = 0.9) -> Interval:
    """Fisher's interval of a rank correlation over n draws.

    References
    ----------
    Bonett and Wright 2000, Sample size requirements for estimating Pearson, Kendall and Spearman correlations,
    Psychometrika 65: the variance (1 + r**2 / 2) / (n - 3) of the transformed rank correlation.
    """
    if n <= 3:
        return Interval(r, -1.0, 1.0)
    reach = float(ndtri((1 + confidence) / 2)) * math.sqrt((1 + r * r / 2) / (n - 3))
    middle = math.atanh(max(min(r, 1 - 1e-12), -1 + 1e-12))
    return Interval(r, min(r, math.tanh(middle - reach)), max(r, math.tanh(middle + reach)))


def binned(values: Array, bins: int) -> Places:
    """The bin of each draw, in bins that hold about as many each; ties share a bin."""
    ranks = rankdata(values, method="min") - 1
    place: Places = np.minimum((ranks * bins / len(values)).astype(np.intp), bins - 1)
    return place


def first_order(values: Array, output: Array, *, bins: int = 20) -> float:
    """The share of an output's variance that knowing one input alone would take away (first-order Sobol index).

    The variance of the means of bins of the input, less what that would be by chance alone; in [0, 1]. What happens
    inside a bin is not seen, so that an input which works in its far tail only is told a little low.

    References
    ----------
    Plischke, Borgonovo and Smith 2013, Global sensitivity measures from given data, European Journal of Operational
    Research 226; the correction for chance is that of omega squared (Hays 1963).
    """
    total = float(((output - output.mean()) ** 2).sum())
    if total == 0:
        return 0.0
    place = binned(values, bins)
    counts = np.bincount(place, minlength=bins)
    held = counts > 0
    groups = int(held.sum())
    if groups < 2:
        return 0.0
    means = np.bincount(place, weights=output, minlength=bins)[held] / counts[held]
    between = float((counts[held] * (means - output.mean()) ** 2).sum())
    within = (total - between) / max(len(output) - groups, 1)
    return float(np.clip((between - (groups - 1) * within) / (total + within), 0.0, 1.0))


def first_order_interval(values: Array, output: Array, rng: np.random.Generator, *, confidence: float = 0.9,
                         bins: int = 20, rounds: int = 100) -> Interval:  # fmt: skip
    """The same with an interval: so many standard deviations of bootstrap samples about the value, within [0, 1]."""
    value = first_order(values, output, bins=bins)
    again = []
    for _ in range(rounds):
        chosen = rng.integers(0, len(output), len(output))
        again.append(first_order(values[chosen], output[chosen], bins=bins))
    reach = float(ndtri((1 + confidence) / 2)) * float(np.std(again))
    return Interval(value, max(value - reach, 0.0), min(value + reach, 1.0))


def simplex(groups: tuple[tuple[float, ...], ...], n: int, rng: np.random.Generator) -> Array:
    """Weightings of counts that come in groups, shape (n, counts): evenly over the groups, then within each.

    Evenly means uniform on the simplex (Dirichlet with all parameters 1), so that no group weighs more for having been
    split into more counts. A group as a whole leans by the mean of the leans of its counts, and within it a count by
    its own: a lean is the parameter of the Dirichlet distribution, and 1 is no lean.
    """
    outer = rng.dirichlet([sum(leans) / len(leans) for leans in groups], n)
    return np.hstack([outer[:, [k]] * rng.dirichlet(leans, n) for k, leans in enumerate(groups)])


def winners(worth: Array, weights: Array, order: Array) -> Places:
    """Which plan each weighting prefers, shape (n,).

    Parameters
    ----------
    worth : shape (plans, counts), larger is better
    weights : shape (n, counts)
    order : shape (plans,); of plans that are worth the same, the one with the largest is preferred
    """
    scores = worth @ weights.T  # plans, n
    near = scores >= scores.max(axis=0) - 1e-9
    first: Places = np.where(near, order[:, None], -np.inf).argmax(axis=0)
    return first


def beats(one: Array, other: Array, *, tolerance: float = 1e-9, share: float = 0.95) -> bool:
    """Whether `one` is at least as good on every count in nearly every world, and better on some count.

    Parameters
    ----------
    one, other : shape (worlds, counts), larger is better
    """
    at_least = (one >= other - tolerance).all(axis=1).mean() >= share
    return bool(at_least and ((one - other).mean(axis=0) > 1e-3).any())


def chance_of_change(values: Array, worth: Array, weights: Array, order: Array, *, bins: int = 10) -> float:
    """How likely it is that knowing one input would change which plan most weightings prefer.

    The draws are cut into bins of the input; within each, the choice is made anew from the means of that bin. What
    comes out is the share of draws that lie in bins with another choice than the whole.

    Parameters
    ----------
    values : shape (draws,)
    worth : shape (draws, plans, counts)

    References
    ----------
    Strong and Oakley 2013, An efficient method for computing single-parameter partial expected value of perfect
    information, Medical Decision Making 33: the same bins, there for a gain and here for a change of choice.
    """
    usual = most_preferred(worth.mean(axis=0), weights, order)
    place = binned(values, bins)
    changed = 0
    for k in range(bins):
        inside = place == k
        if inside.any() and most_preferred(worth[inside].mean(axis=0), weights, order) != usual:
            changed += int(inside.sum())
    return changed / len(values)


def most_preferred(worth: Array, weights: Array, order: Array) -> int:
    """The plan that most weightings prefer; of several that as many do, the one with the largest order."""
    wins = np.bincount(winners(worth, weights, order), minlength=len(worth))
    near = wins >= wins.max()
    return int(np.where(near, order, -np.inf).argmax())
