"""From ranks to quantities: exposures, shares that so many guesses get, and the excess over secrets held back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.exposure import median_interval
from weighbridge.maths.proportions import Interval, clopper_pearson, corrected
from weighbridge.probes.canary_exposure.attack import Ranked
from weighbridge.probes.canary_exposure.places import Stratum

CONFIDENCE = 0.95
GUESSES = (1, 100, 10_000)  # a lock that bites, a form that is filled in by hand for an hour, a program that is let run
SPARSE = 100  # so many guesses are never more than this part of what a secret could be: so chance stays at 1 % or below
# Powers of four, as in verbatim extraction: what is planted 1, 4, 16 and 64 times falls into bins of its own.
REPEATS = ((0, "0"), (1, "1"), (2, "2-3"), (4, "4-15"), (16, "16-63"), (64, "64+"))
_NOTHING, _ANYTHING = Interval(0.0, 0.0, 0.0), Interval(0.0, 0.0, 1.0)

_UNITS = {"exposed-secrets": "count", "exposure-median": "bits", "exposure-most": "bits"}  # all others are shares

By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The secrets of one stratum and role that were ranked, out of those that there are."""

    stratum: Stratum
    ranked: tuple[Ranked, ...]
    n_secrets: int  # distinct ones that there are, as far as could be read
    most_unread: int  # records that files which were not read may hold
    most_bits: float  # log2 of the largest space among them

    @property
    def is_empty(self) -> bool:
        """Whether there is none, for certain."""
        return not self.n_secrets and not self.most_unread

    @property
    def n_untried(self) -> int:
        """Most secrets that were not ranked."""
        return self.n_secrets - len(self.ranked) + self.most_unread


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """How many of n secrets lie within some guesses: at least, as it seems, at most; at one confidence together."""

    low: int
    value: int
    high: int
    n: int
    is_sure: bool
    is_modelled: bool

    def share(self, confidence: float) -> Interval:
        """The share among all secrets of this kind."""
        if not self.n:
            return _ANYTHING
        ends = [clopper_pearson(hits, self.n, confidence=confidence) for hits in (self.low, self.high)]
        return Interval(self.value / self.n, ends[0].low, ends[1].high)

    @property
    def basis(self) -> Basis:
        """Modelled, where the value rests on an extrapolation; the bounds never do."""
        return Basis.MODELLED if self.is_modelled else Basis.MEASURED


def quantities(train: Sequence[Trial], held_back: Sequence[Trial]) -> Iterator[Quantity]:
    """All but the positive control."""
    n_there = sum(not trial.is_empty for trial in train)
    confidence = corrected(CONFIDENCE, n_there * len(GUESSES))
    for trial in train:
        for guesses in GUESSES:
            by = (("stratum", trial.stratum.value), ("guesses", str(guesses)))
            yield from _exposed(trial, guesses, confidence, by)
            if any(other.ranked for other in held_back):
                yield _excess(trial, _null_of(trial.stratum, held_back), guesses, confidence, by)
    for trial in held_back:
        for guesses in GUESSES:
            if trial.ranked:
                by = (("stratum", trial.stratum.value), ("guesses", str(guesses)))
                yield _share("held-back-share", trial, guesses, confidence, by)
    yield from _exposures(train, held_back)


def _null_of(stratum: Stratum, held_back: Sequence[Trial]) -> Trial:
    """The held-back secrets to compare with: of the same stratum, else of the other."""
    return max(held_back, key=lambda trial: (bool(trial.ranked), trial.stratum is stratum))


def limit(ranked: Ranked, guesses: int) -> int:
    """Guesses that count for this secret: as many as are asked for, but not so many that chance would find it."""
    return min(guesses, ranked.size // SPARSE)


def _counts(trial: Trial, guesses: int, confidence: float) -> _Counts:
    each = corrected(confidence, sum(not r.is_sure for r in trial.ranked))
    ranks = [(r, r.rank(each), limit(r, guesses)) for r in trial.ranked]
    return _Counts(
        low=sum(rank.high <= most for _r, rank, most in ranks),
        value=sum(rank.value <= most for _r, rank, most in ranks),
        high=sum(rank.low <= most for _r, rank, most in ranks),
        n=len(ranks),
        is_sure=all(r.is_sure for r in trial.ranked),
        is_modelled=any(r.is_extrapolated and rank.low <= most < rank.high for r, rank, most in ranks),
    )


def _halved(trial: Trial, guesses: int, confidence: float) -> tuple[_Counts, Interval]:
    """Counts and share; where ranks come from samples, half of the error goes to them and half to the share."""
    half = 1 - (1 - confidence) / 2
    counts = _counts(trial, guesses, half)
    return counts, counts.share(confidence if counts.is_sure else half)


def _share(metric: str, trial: Trial, guesses: int, confidence: float, by: By) -> Quantity:
    counts, got = _halved(trial, guesses, confidence)
    return _quantity(metric, got, counts.n, confidence, by, basis=counts.basis)


def _exposed(trial: Trial, guesses: int, confidence: float, by: By) -> Iterator[Quantity]:
    """The share, and how many there are of those that were declared or planted here.

    Chance finds some as well: the lower bound of their number is what is left when as many are taken away as chance
    finds at most, at half of the error. Beyond its mean, a sum of independent hits has no heavier tail than the
    binomial of that mean.

    References
    ----------
    Hoeffding 1956, On the distribution of the number of successes in independent trials, Annals of Mathematical
    Statistics 27.
    """
    if trial.is_empty:
        yield _quantity("exposed-share", _NOTHING, 0, 1.0, by)
        yield _quantity("exposed-secrets", _NOTHING, 0, 1.0, by)
        return
    yield _share("exposed-share", trial, guesses, confidence, by)
    half = 1 - (1 - confidence) / 2
    counts = _counts(trial, guesses, half)
    chance = sum(limit(r, guesses) / r.size for r in trial.ranked) / max(1, counts.n)
    lucky = int(binom.ppf(half, counts.n, chance)) if counts.low else 0
    got = Interval(float(counts.value), float(max(0, counts.low - lucky)), float(counts.high + trial.n_untried))
    is_counted = counts.is_sure and not trial.n_untried and not counts.low
    yield _quantity("exposed-secrets", got, counts.n, 1.0 if is_counted else confidence, by, basis=counts.basis)


def _excess(trial: Trial, null: Trial, guesses: int, confidence: float, by: By) -> Quantity:
    """Share minus share; each interval at half the error rate, so that both hold together (Bonferroni)."""
    if trial.is_empty:
        return _quantity("excess-over-held-back", _NOTHING, 0, 1.0, by)
    each = 1 - (1 - confidence) / 2
    (ours, a), (theirs, b) = (_halved(some, guesses, each) for some in (trial, null))
    if not ours.n or not theirs.n:
        return _quantity("excess-over-held-back", Interval(0.0, -1.0, 1.0), 0, confidence, by)
    got = Interval(a.value - b.value, a.low - b.high, a.high - b.low)
    basis = Basis.MODELLED if Basis.MODELLED in (ours.basis, theirs.basis) else Basis.MEASURED
    return _quantity("excess-over-held-back", got, ours.n, confidence, by, basis=basis)


def _bin(ranked: Ranked) -> str:
    return next(name for least, name in reversed(REPEATS) if ranked.place.repeats >= least)


def _exposures(train: Sequence[Trial], held_back: Sequence[Trial]) -> Iterator[Quantity]:
    """Median and largest exposure by repeats; "0" is of what was held back."""
    cells: list[tuple[Trial, str, list[Ranked]]] = []
    for trial in (*train, *held_back):
        names = [name for _least, name in REPEATS[1:]] if trial in train else ["0"]
        cells += [(trial, name, [r for r in trial.ranked if _bin(r) == name]) for name in names]
    n_there = sum(bool(chosen) for _trial, _name, chosen in cells)
    confidence = corrected(CONFIDENCE, n_there)
    for trial, name, chosen in cells:
        by = (("stratum", trial.stratum.value), ("repeats", name))
        if chosen:
            yield _median(trial, chosen, confidence, by)
            yield _most(trial, chosen, confidence, by)
        elif not trial.n_untried:
            yield _quantity("exposure-median", _NOTHING, 0, 1.0, by)
            yield _quantity("exposure-most", _NOTHING, 0, 1.0, by)


def _exposures_of(chosen: Sequence[Ranked], confidence: float) -> list[Interval]:
    each = corrected(confidence, sum(not r.is_sure for r in chosen))
    return [r.exposure(each) for r in chosen]


def _median(trial: Trial, chosen: Sequence[Ranked], confidence: float, by: By) -> Quantity:
    is_sure = all(r.is_sure for r in chosen)
    half = confidence if is_sure else 1 - (1 - confidence) / 2
    got = np.asarray([(e.low, e.value, e.high) for e in _exposures_of(chosen, half)])
    median = median_interval(got[:, 0], got[:, 1], got[:, 2], most=trial.most_bits, confidence=half)
    basis = Basis.MODELLED if any(r.is_extrapolated for r in chosen) else Basis.MEASURED
    return _quantity("exposure-median", median, len(chosen), confidence, by, basis=basis)


def _most(trial: Trial, chosen: Sequence[Ranked], confidence: float, by: By) -> Quantity:
    """The largest of those that there are, not of all that there could be."""
    got = _exposures_of(chosen, confidence)
    is_all = not trial.n_untried
    value = max(e.value for e in got)
    high = max(e.high for e in got) if is_all else max(trial.most_bits, value)
    certain = 1.0 if is_all and all(r.is_sure for r in chosen) else confidence
    of_most = [r for r, e in zip(chosen, got, strict=True) if math.isclose(e.value, value)]
    basis = Basis.MODELLED if any(r.is_extrapolated for r in of_most) else Basis.MEASURED
    most = Interval(value, max(e.low for e in got), high)
    return _quantity("exposure-most", most, len(chosen), certain, by, basis=basis)


def found(ranked: Sequence[Ranked], among: int, confidence: float) -> Quantity:
    """The positive control: the share of known leaks that come first of `among`, less the share that chance finds."""
    hits = sum(r.is_found(among) for r in ranked)
    got = clopper_pearson(hits, len(ranked), confidence=confidence)
    less = Interval(*(part - 1 / among for part in (got.value, got.low, got.high)))
    return _quantity("control-found", less, len(ranked), CONFIDENCE, ())


def _quantity(
    metric: str, got: Interval, n: int, confidence: float, by: By, *, basis: Basis = Basis.MEASURED
) -> Quantity:
    return Quantity(
        metric=metric, value=got.value, low=got.low, high=got.high, confidence=confidence, unit=_UNITS.get(metric, "1"),
        n=n, n_of="secret", by=by, basis=basis,
    )  # fmt: skip
