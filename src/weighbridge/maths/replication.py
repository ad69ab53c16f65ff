"""What it costs to make something again: spreads, published utilisation, published prices, and draws from them.

Every uncertain number is a table of its quantiles at evenly spaced probabilities, so that a normal and a beta
are drawn by one look-up each, fast and with bounded tails.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtri

Floats = npt.NDArray[np.float64]
Stream = Callable[[str], np.random.Generator]  # one independent generator per name

Z95 = 1.6448536269514722  # 95 % quantile of N(0, 1): a span leaves one chance in twenty on either side
SECONDS_PER_HOUR = 3600.0
_KNOTS = 4096  # tails end at 1/8192: far beyond any bound that is told
_P = (np.arange(_KNOTS) + 0.5) / _KNOTS


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution, as its quantiles at evenly spaced probabilities; shape (knots,), ascending.

    One knot is a constant.
    """

    quantiles: Floats

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Shape (n,)."""
        last = len(self.quantiles) - 1
        if last == 0:
            return np.full(n, self.quantiles[0])
        at = rng.random(n)
        at *= last
        below = at.astype(np.int32)
        at -= below
        steps = np.append(np.diff(self.quantiles), 0.0)
        at *= steps[below]
        at += self.quantiles[below]
        return at

    def scaled(self, factor: float) -> Spread:
        """The same, times a positive number."""
        return Spread(self.quantiles * factor)


def constant(value: float) -> Spread:
    """No spread at all."""
    return Spread(np.array([value]))


def lognormal(median: float, sigma: float) -> Spread:
    """A lognormal by its median and the standard deviation of its logarithm."""
    return Spread(median * np.exp(sigma * ndtri(_P))) if sigma > 0 else constant(median)


def between(low: float, high: float) -> Spread:
    """A lognormal that lies between these two with nine chances in ten; a constant where they are equal."""
    if low == high:
        return constant(low)
    return lognormal(math.sqrt(low * high), math.log(high / low) / (2 * Z95))


def uniform(low: float, high: float) -> Spread:
    """As likely anywhere between these two."""
    return Spread(low + (high - low) * _P) if high > low else constant(low)


def pert(low: float, mode: float, high: float) -> Spread:
    """A beta over [low, high] with its peak at the mode.

    References
    ----------
    Malcolm et al. 1959, Application of a Technique for Research and Development Program Evaluation, Operations
    Research 7; the weight of 4 on the mode is theirs.
    """
    if high == low:
        return constant(low)
    a = 1 + 4 * (mode - low) / (high - low)
    b = 1 + 4 * (high - mode) / (high - low)
    return Spread(low + (high - low) * betaincinv(a, b, _P))


# utilisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """What share of a chip's peak published runs used: in one year, as the runs near it did."""

    year: float  # that of the question, or the nearest one with a run
    level: float  # natural logarithm
    sigma: float  # of one run about the level, in the logarithm, told FLOP's own error taken out
    n: float  # how many runs weigh, each as much as it does

    def spread(self, most: float) -> Spread:
        """What a run uses; never more than `most`."""
        return Spread(np.minimum(lognormal(math.exp(self.level), self.sigma).quantiles, most))


def utilisation_at(years: Floats, shares: Floats, year: float, flop_sigma: Floats) -> Utilisation:
    """The share of peak that a run in one year gets out of a chip, from published runs.

    Parameters
    ----------
    years : shape (n,); when each run was published
    shares : shape (n,), in (0, 1]; FLOP that a run needed over what its chips could do in its hours
    year : beyond the first and the last run, it is as in their years
    flop_sigma : shape (n,); standard deviation of the logarithm of each FLOP count about the truth. The runs scatter by
        utilisation and by that error; whoever draws both must not count it twice, so it is taken out here.

    Notes
    -----
    A run weighs half as much for each two years between. The level is the weighted median. The width is that within
    which nine in ten of the runs lie, by weight, with one run more for the one that is asked about (as in conformal
    prediction): a row with a slip in it moves neither.

    References
    ----------
    Lei et al. 2018, Distribution-Free Predictive Inference for Regression, JASA 113; Tibshirani et al. 2019,
    Conformal Prediction Under Covariate Shift, for the weights.
    """
    asked = min(max(year, float(years.min())), float(years.max()))
    logs, weights = np.log(shares), np.exp2(-np.abs(years - asked) / _HALVING_YEARS)
    level = _weighted_quantile(logs, weights, 0.5)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    half = _weighted_quantile(np.abs(logs - level), weights, min(_NINE_TENTHS * (1 + 1 / effective), 1.0))
    seen = half / Z95
    error = float(np.average(flop_sigma**2, weights=weights))
    sigma = math.sqrt(max(seen**2 - error, (0.25 * seen) ** 2))
    return Utilisation(year=asked, level=level, sigma=sigma, n=effective)


_HALVING_YEARS = (
    3.0  # about as long as one chip serves most large runs (V100 from 2017, A100 from 2020, H100 from 2023); ours
)
_NINE_TENTHS = 0.9


def _weighted_quantile(values: Floats, weights: Floats, p: float) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(reached, p - 1e-12)), len(values) - 1)])


# prices


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """What is known of a price at one moment: its logarithm and how wide that spreads over vendors and years."""

    level: float
    sigma: float
    distance: float  # years to the nearest quote; negative: that one is earlier
    n: int  # quotes that weigh

    @property
    def spread(self) -> Spread:
        """As a lognormal."""
        return lognormal(math.exp(self.level), self.sigma)


def price_at(years: Floats, usd: Floats, year: float, decline: float) -> PriceLine:
    """A price at a moment, from quotes at others: the nearer in time, the more a quote weighs.

    Parameters
    ----------
    years, usd : shape (n,), n at least 1; when, and how much
    decline : by how much the logarithm of such a price falls in a year; used beyond the last quote only, and as the
        spread that each year between a quote and the moment adds

    Notes
    -----
    Weights halve each half year. The spread is that of the quotes about their mean, shrunk towards that of
    1.35 (a standard deviation of 0.3 in the logarithm) where there are few: four quotes' worth.
    """
    logs, distance = np.log(usd), years - year
    nearest = float(np.abs(distance).min())
    weights = np.exp2(-2 * (np.abs(distance) - nearest))
    level = float(np.average(logs, weights=weights))
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    seen = float(np.average((logs - level) ** 2, weights=weights))
    variance = (effective * seen + _FEW * _USUAL**2) / (effective + _FEW)
    after = max(year - float(years.max()), 0.0)
    return PriceLine(
        level=level - decline * after, sigma=math.sqrt(variance + (decline * nearest) ** 2),
        distance=float(distance[np.abs(distance).argmin()]), n=int((weights > 0.05).sum()),
    )  # fmt: skip


_FEW, _USUAL = (
    4.0,
    0.3,
)  # ours; 0.3 is the scatter over vendors in the shipped shelf, where a year has ten quotes or more


# draws


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is the same for every way in one world: shape (n,) each."""

    hours_per_flop: Floats  # chip-hours for one operation on the chip that is priced
    usd_per_hour: Floats  # what is paid for a chip-hour, discount taken off
    research: Floats  # all compute over that of the final run
    wage: Floats  # USD for a person-month
    team: Floats  # persons
    paid_by_others: Floats  # share of the compute, where it is subsidised

    @property
    def n(self) -> int:
        """How many worlds."""
        return len(self.wage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The spreads a world is drawn from."""

    peak_flop: float  # per second, of the chip that is priced
    utilisation: Spread
    price: Spread
    discount: Spread
    research: Spread
    wage: Spread
    team: Spread
    paid_by_others: Spread

    def draw(self, stream: Stream, n: int) -> World:
        """One value of each for every world."""
        hours = self.utilisation.draw(stream("utilisation"), n)
        np.divide(1 / (SECONDS_PER_HOUR * self.peak_flop), hours, out=hours)
        usd = self.price.draw(stream("price"), n)
        usd *= 1 - self.discount.draw(stream("discount"), n)
        return World(
            hours_per_flop=hours, usd_per_hour=usd, research=self.research.draw(stream("research"), n),
            wage=self.wage.draw(stream("wage"), n), team=self.team.draw(stream("team"), n),
            paid_by_others=self.paid_by_others.draw(stream("subsidy"), n),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of coming by it: spreads of what it takes. None for compute: it takes none; None for USD: not told."""

    flop: Spread | None  # of the final run
    chip_hours: Spread | None  # of the final run, where told for the chip that is priced; stands before `flop`
    staff_months: Spread
    data_usd: Spread | None
    data_months: Spread

    def draw(self, world: World, stream: Stream) -> Drawn:
        """What it takes in each world."""
        n = world.n
        if self.chip_hours is not None:
            hours = self.chip_hours.draw(stream("chip-hours"), n)
        elif self.flop is not None:
            hours = self.flop.draw(stream("flop"), n)
            hours *= world.hours_per_flop
        else:
            hours = np.zeros(n)
        run = hours * world.usd_per_hour
        staff = self.staff_months.draw(stream("staff"), n)
        return Drawn(
            chip_hours=hours, run_usd=run, compute_usd=run * world.research, staff_months=staff,
            staff_usd=staff * world.wage,
            data_usd=None if self.data_usd is None else self.data_usd.draw(stream("data"), n),
            months=self.data_months.draw(stream("data-months"), n) + staff / world.team,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What one way takes: shape (n,) each."""

    chip_hours: Floats  # of the final run
    run_usd: Floats  # the final run alone
    compute_usd: Floats  # with all runs that came before it
    staff_months: Floats
    staff_usd: Floats
    data_usd: Floats | None  # None: not told
    months: Floats  # until it is there: data first, then people; time on the chips is not added

    def usd(self, world: World, *, subsidised: bool) -> Floats | None:
        """All that whoever goes this way pays; None where the data's cost is not told."""
        if self.data_usd is None:
            return None
        total = self.compute_usd * (1 - world.paid_by_others) if subsidised else self.compute_usd.copy()
        total += self.staff_usd
        total += self.data_usd
        return total
