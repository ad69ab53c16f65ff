"""How many different things there are, and how many of them were never seen: from what turned up in some draws.

Each draw (an output of a model) shows a set of things, mostly none. How many different ones turn up grows with the
draws; how it grows tells how much is still to come.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from weighbridge.maths.proportions import Interval, clopper_pearson

Ints = npt.NDArray[np.int64]


def expected_different(incidences: Ints, n_draws: int, of: int) -> float:
    """How many different things so many of the draws show on average, drawn from those there are without replacement.

    Parameters
    ----------
    incidences : in how many draws each thing stands; each from 1 to `n_draws`
    n_draws : how many draws there are
    of : how many of them are looked at, at most `n_draws`

    References
    ----------
    Colwell et al. 2012, Models and estimators linking individual-based and sample-based rarefaction, extrapolation and
    comparison of assemblages, Journal of Plant Ecology 5, equation 17: sample-based rarefaction, exact.
    """
    left = n_draws - incidences
    # log of (left choose of) over (n_draws choose of); where fewer draws lack the thing than are looked at, it is seen
    can_miss = left >= of
    held = left[can_miss].astype(np.float64)
    log_miss = gammaln(held + 1) - gammaln(held - of + 1) - gammaln(n_draws + 1) + gammaln(n_draws - of + 1)
    return float(len(incidences) - np.exp(log_miss).sum())


def in_reach(incidences: Ints, n_draws: int, *, confidence: float = 0.95) -> Interval:
    """How many different things there are at least, those never seen included: Chao's lower bound.

    The interval is Chao's, of the logarithm of what is unseen; it is about the bound, and there may be more.

    References
    ----------
    Chao 1987, Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43, in
    the form without bias for incidences (Chao2): Gotelli and Colwell 2011, Estimating species richness, equations 4.7
    and 4.9.
    """
    from scipy.stats import norm

    seen, once, twice = len(incidences), int((incidences == 1).sum()), int((incidences == 2).sum())
    if seen == 0 or n_draws == 0:
        return Interval(0.0, 0.0, 0.0)
    a = (n_draws - 1) / n_draws
    unseen = a * once * (once - 1) / (2 * (twice + 1))
    if unseen <= 0:
        return Interval(float(seen), float(seen), float(seen))
    if twice:
        ratio = once / twice
        variance = twice * (a / 2 * ratio**2 + a**2 * ratio**3 + a**2 / 4 * ratio**4)
    else:
        total = seen + unseen
        variance = a * once * (once - 1) / 2 + a**2 * once * (2 * once - 1) ** 2 / 4 - a**2 * once**4 / (4 * total)
    factor = math.exp(float(norm.isf((1 - confidence) / 2)) * math.sqrt(math.log1p(max(0.0, variance) / unseen**2)))
    return Interval(seen + unseen, seen + unseen / factor, seen + unseen * factor)


def next_is_new(shows_new: npt.NDArray[np.bool_], *, confidence: float = 0.95) -> Interval:
    """How likely a further draw is to show a thing that none of the first half shows.

    Given the first half, the draws of the second are independent of each other and of it, so that the interval is
    exact for the state of knowledge after the first half. With more draws it can only fall.

    Parameters
    ----------
    shows_new : shape (n,), of each draw of the second half: whether it shows something that no draw of the first does
    """
    return clopper_pearson(int(shows_new.sum()), len(shows_new), confidence=confidence)
