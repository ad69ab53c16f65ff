"""From the classes of a sample to those of the population it was drawn from: named models, never a guess.

Input is how many classes of each size the sample has (its frequencies of frequencies), and how large both are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, gammaln, hyp1f1
from scipy.stats import beta, hypergeom

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_QUANTILES = (np.arange(400) + 0.5) / 400  # of the share of one class that the average over it is taken at
_LEAST, _FAR = 1e-4, 35.0  # bounds of alpha and of log theta: beyond, double precision sees no difference
_MANY = 200.0  # expected others, above which 1 / (size + others) needs no average


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitman:
    """The two-parameter partition of Pitman, fitted to a sample.

    As in Hoshino 2001: the next individual falls into a class of size f with a chance of (f - alpha) / (n + theta),
    else into a new one. Then a class of the sample grows in the population as a beta-binomial number.
    """

    alpha: float  # in [0, 1)
    theta: float  # above -alpha
    n: int  # individuals in the sample

    def stays_alone(self, population: int) -> float:
        """The chance that who is unique in the sample is unique in a population of so many."""
        n, a, t = self.n, self.alpha, self.theta
        log = gammaln(population + t - 1 + a) - gammaln(n + t - 1 + a) + gammaln(n + t) - gammaln(population + t)
        return float(np.exp(min(0.0, log)))

    def risk(self, sizes: Ints, population: int) -> Floats:
        """For a class of each size in the sample, the mean of one over its size in the population; shape (m,)."""
        a, b = sizes - self.alpha, self.n + self.theta - sizes + self.alpha
        shares = beta.ppf(_QUANTILES[:, None], a, np.maximum(b, 1e-9))
        others = (population - self.n) * shares
        few = hyp1f1(1.0, sizes + 1.0, -np.minimum(others, _MANY)) / sizes  # the mean of 1 / (size + Poisson)
        return np.asarray(np.where(others > _MANY, 1 / (sizes + others), few).mean(axis=0))


def fit_pitman(sizes: Ints, classes: Ints) -> Pitman:
    """The likeliest parameters.

    Parameters
    ----------
    sizes, classes : shape (m,), m >= 1, sizes ascending; `classes[i]` classes of the sample have `sizes[i]` individuals

    References
    ----------
    Hoshino 2001, Applying Pitman's sampling formula to microdata disclosure risk assessment, Journal of Official
    Statistics 17(4). Pitman 1995, Exchangeable and partially exchangeable random partitions, Probability Theory 102.
    """
    n, u = int((sizes * classes).sum()), int(classes.sum())

    def parameters(at: Floats) -> tuple[float, float]:
        alpha = float(np.clip(expit(at[0]), _LEAST, 1 - _LEAST))
        return alpha, float(np.exp(np.clip(at[1], -_FAR / 2, _FAR))) - alpha

    def loss(at: Floats) -> float:
        alpha, theta = parameters(at)
        new = (u - 1) * np.log(alpha) + gammaln(theta / alpha + u) - gammaln(theta / alpha + 1)
        grown = (classes * (gammaln(sizes - alpha) - gammaln(1 - alpha))).sum()
        return float(gammaln(theta + n) - gammaln(theta + 1) - new - grown)

    starts = [np.array([at, np.log(max(n / 10, 2.0))]) for at in (-2.0, 2.0)]
    found = [minimize(loss, start, method="Nelder-Mead", options={"maxiter": 600, "xatol": 1e-5}) for start in starts]
    alpha, theta = parameters(min(found, key=lambda f: float(f.fun)).x)
    return Pitman(alpha=alpha, theta=theta, n=n)


def zayatz(sizes: Ints, classes: Ints, population: int) -> Floats:
    """For a class of each size in the sample, the mean of one over its size in the population, erring to the high side.

    By Bayes' rule, with the sample's own class sizes in the place of the population's: those are larger, so the risk is
    overstated, the more the smaller the sample. For size 1 and a population class of 1 this is the estimate of Zayatz.

    Parameters
    ----------
    sizes, classes : as in `fit_pitman`

    Returns
    -------
    Shape (m,).

    References
    ----------
    Zayatz 1991, Estimation of the percent of unique population elements on a microdata file using the sample, US Census
    Bureau, SRD research report 91/08.
    """
    n = int((sizes * classes).sum())
    risk = 1.0 / sizes
    for place, size in enumerate(sizes.tolist()):
        likely = hypergeom.pmf(size, population, sizes, n) * classes
        if likely.sum() > 0:
            risk[place] = float((likely / sizes).sum() / likely.sum())
    return risk


def zayatz_stays_alone(sizes: Ints, classes: Ints, population: int) -> float:
    """The chance that who is unique in the sample is unique in the population; see `zayatz`."""
    if not (sizes == 1).any():
        return 0.0
    n = int((sizes * classes).sum())
    likely = hypergeom.pmf(1, population, sizes, n) * classes
    return float(likely[sizes == 1].sum() / likely.sum())
