"""From guesses to quantities: shares with exact intervals, and the two differences that tell a leak from a likeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase
from weighbridge.maths.proportions import Interval, clopper_pearson, difference, lead
from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probes.attribute_inference.attack import Counts
from weighbridge.probes.attribute_inference.control import Control
from weighbridge.probes.attribute_inference.values import Candidates

CONFIDENCE = 0.95
_ANYTHING, _NOTHING = Interval(0.0, -1.0, 1.0), Interval(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """What came of one column. Arrays have one entry per row; -1 where nothing was tried."""

    found: Candidates
    is_member: Bools
    guesses: Ints
    imputed: Ints | None  # what the other columns and the right answer say, without the model
    not_imputed: Phrase | None  # why there is none
    members: Counts  # as the published attack counts
    others: Counts
    n_of: str  # what a row stands for

    def hits(self, of: Bools) -> tuple[int, int]:
        """How many of these rows were completed rightly, and how many were tried."""
        tried = of & self.found.tried
        return int((self.guesses == self.found.truth)[tried].sum()), int(tried.sum())

    def gap(self, confidence: float) -> Interval:
        """Members' share less that of others, from two independent samples."""
        (hits, n), (hits_others, n_others) = self.hits(self.is_member), self.hits(~self.is_member)
        if not n or not n_others:
            return _ANYTHING
        return difference(hits, n, hits_others, n_others, confidence=confidence)

    @property
    def told_by_the_model_alone(self) -> Ints:
        """The members that the model completes and the other columns do not."""
        truth = self.found.truth
        told = self.is_member & self.found.tried & (self.guesses == truth)
        return np.flatnonzero(told if self.imputed is None else told & (self.imputed != truth))


def quantities(trial: Trial, confidence: float) -> Iterator[Quantity]:
    """All numbers of one column."""
    n_others = trial.hits(~trial.is_member)[1]
    hits, n = trial.hits(trial.is_member)
    yield _share("members-share", trial, (hits, n), confidence)
    yield _share("others-share", trial, trial.hits(~trial.is_member), confidence)
    yield _share("majority-share", trial, _majority(trial), confidence)
    yield _quantity("inference-gap", trial, trial.gap(confidence), min(n, n_others), confidence)
    if trial.imputed is None:
        yield _quantity("inference-over-imputation", trial, _ANYTHING, 0, confidence)
        return
    tried = trial.is_member & trial.found.tried
    right, imputed = (guess[tried] == trial.found.truth[tried] for guess in (trial.guesses, trial.imputed))
    yield _share("imputed-share", trial, (int(imputed.sum()), n), confidence)
    got = paired(right, imputed, confidence) if n else _ANYTHING
    yield _quantity("inference-over-imputation", trial, got, n, confidence)


def nothing(column: str, *, is_all: bool, n_of: str) -> Iterator[Quantity]:
    """A column in which nothing is left to be guessed: known to be so, or only among what was drawn."""
    got, confidence = (_NOTHING, 1.0) if is_all else (_ANYTHING, CONFIDENCE)
    for metric in ("inference-gap", "inference-over-imputation"):
        yield Quantity(
            metric=metric, value=got.value, low=got.low, high=got.high, confidence=confidence, unit="1", n=0,
            n_of=n_of, by=(("column", column),),
        )  # fmt: skip


def worst_gap(quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """The largest gap over all columns: intervals that hold together bound the largest of what they bound."""
    gaps = [q for q in quantities if q.metric == "inference-gap"]
    if not gaps:
        return
    largest = max(gaps, key=lambda q: q.value)
    yield replace(
        largest, metric="worst-inference-gap", low=max(q.low for q in gaps), high=max(q.high for q in gaps), by=(),
        n=min(q.n for q in gaps), confidence=1.0 if all(q.confidence == 1 for q in gaps) else CONFIDENCE,
    )  # fmt: skip


def control_found(tried: Control, confidence: float, n_of: str) -> Quantity:
    """How much better the attack completes what a copy knows by heart than what it never saw.

    A column in which one side has no value says nothing, and must not go unsaid: another's control is not its own.
    """
    got = _ANYTHING
    if tried.n_in and tried.n_out:
        got = difference(tried.hits_in, tried.n_in, tried.hits_out, tried.n_out, confidence=confidence)
    return Quantity(
        metric="control-found", value=got.value, low=got.low, high=got.high, confidence=confidence, unit="1",
        n=min(tried.n_in, tried.n_out), n_of=n_of, by=(("column", tried.name),),
    )  # fmt: skip


def paired(one: Bools, other: Bools, confidence: float) -> Interval:
    """How much more often one is right than the other, on the same rows (at least one); conservative.

    Each of the two ways to disagree gets its exact interval at half the error rate, so that both hold together.

    References
    ----------
    McNemar 1947, Note on the sampling error of the difference between correlated proportions, Psychometrika 12: only
    disagreements tell.
    """
    each = 1 - (1 - confidence) / 2
    ours = clopper_pearson(int((one & ~other).sum()), len(one), confidence=each)
    theirs = clopper_pearson(int((other & ~one).sum()), len(one), confidence=each)
    return lead(ours, theirs)


def _majority(trial: Trial) -> tuple[int, int]:
    """Members with the value that is commonest among others, so that their own values do not choose it."""
    truth = trial.found.truth
    others = truth[~trial.is_member & trial.found.tried]
    members = truth[trial.is_member & trial.found.tried]
    commonest = int(np.bincount(others, minlength=trial.found.n).argmax())
    return int((members == commonest).sum()), len(members)


def _share(metric: str, trial: Trial, of: tuple[int, int], confidence: float) -> Quantity:
    hits, n = of
    got = clopper_pearson(hits, n, confidence=confidence) if n else Interval(0.0, 0.0, 1.0)
    return _quantity(metric, trial, got, n, confidence)


def _quantity(metric: str, trial: Trial, got: Interval, n: int, confidence: float) -> Quantity:
    return Quantity(
        metric=metric, value=got.value, low=got.low, high=got.high, confidence=confidence, unit="1", n=n,
        n_of=trial.n_of, by=(("column", trial.found.name),),
    )  # fmt: skip
