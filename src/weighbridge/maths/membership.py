"""Scores that tell a model's training records from others: high for members.

`p` is throughout the probability that a model gives to the right answer of each record, shape (n,). Models fitted on
known halves of the records (shadows) are taken in one after the other; of each record only sums are kept, so that
memory is O(n) whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# How fast the score of an offline ratio grows where the references never saw the record; 0.3 is what Zarifzadeh et al.
# 2024 recommend and others took over. Fixed beforehand, never tuned on what is measured.
OFFLINE_A = 0.3
# Single precision parts 1 - 6e-8 from 1, and no finer: beyond this, a probability is rounding.
LEAST_FLOOR = 1e-6
# From so many shadows on a record's own variance is used, below it one for all (Carlini et al. 2022, section VI).
OWN_VARIANCE_FROM = 64
# A record's own variance counts as at least this share of the pooled one. Ours: where all of a record's shadows agree,
# its variance is 0 and any difference would be infinitely significant.
_LEAST_SHARE_OF_VARIANCE = 0.1
_LEAST_VARIANCE = 1e-6  # of log odds, where all shadows agree on all records; ours


def complementary_halves(n: int, k: int, generator: np.random.Generator) -> Bools:
    """Which of n records each of k models sees: shape (k, n), in pairs that share out all records between them.

    Each record is left out by exactly k / 2 models, so that no record is judged by fewer than another.
    """
    if n < 2 or k < 2 or k % 2:
        msg = f"{k} halves of {n} records"
        raise ValueError(msg)
    firsts = generator.permuted(np.tile(np.arange(n) < n // 2, (k // 2, 1)), axis=1)
    return np.stack([firsts, ~firsts], axis=1).reshape(k, n)


def disjoint_parts(n: int, k: int, parts: int, generator: np.random.Generator) -> Bools:
    """Which of n records each of k models sees, where a model sees one of so many equal parts: shape (k, n).

    Each group of `parts` models shares out all records between them, so that each record is seen by exactly k / parts
    models. For two parts these are `complementary_halves`; more of them make each model as small as the one that is
    attacked, where others are many and members few: a larger one would not be unsure where that one was.
    """
    if parts == 2:
        return complementary_halves(n, k, generator)
    if n < parts or parts < 2 or k % parts:
        msg = f"{k} models on {parts} parts of {n} records"
        raise ValueError(msg)
    order = generator.permuted(np.tile(np.arange(n) * parts // n, (k // parts, 1)), axis=1)
    return np.asarray((order[:, None, :] == np.arange(parts)[None, :, None]).reshape(k, n))


def probability_floor(p: Floats) -> float:
    """What a probability of 0 is taken for: half of the least that this model gives short of 0, or of 1.

    For a forest of T pure trees that is half a vote, 1 / (2 T): it cannot tell a probability of 0 from one just above.
    """
    short = np.concatenate([p[p > 0], 1 - p[p < 1]])
    return float(np.clip(short.min(initial=0.5) / 2, LEAST_FLOOR, 0.25))


def log_odds(p: Floats, floor: float) -> Floats:
    """log(p / (1 - p)), with p kept at least `floor` away from 0 and 1."""
    kept = np.clip(p, floor, 1 - floor)
    return np.asarray(np.log(kept) - np.log1p(-kept), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ShadowSums:
    """What is kept of all shadows: rows of shape (n,), which add up over blocks of shadows."""

    rows: Floats  # shape (7, n): see the properties, in their order

    @classmethod
    def of(cls, probabilities: Iterable[Floats], subsets: Bools, floor: float) -> ShadowSums:
        """Take in one shadow after the other: `p` under each, and which records it has seen, shape (k, n)."""
        rows = np.zeros((7, subsets.shape[1]))
        for p, seen in zip(probabilities, subsets, strict=True):
            odds = log_odds(p, floor)
            inside, outside = seen.astype(np.float64), (~seen).astype(np.float64)
            rows += (
                inside, outside, outside * p,
                inside * odds, inside * odds**2, outside * odds, outside * odds**2,
            )  # fmt: skip
        return cls(rows)

    def __add__(self, other: ShadowSums) -> ShadowSums:
        return ShadowSums(self.rows + other.rows)

    @property
    def n_in(self) -> Floats:
        """Shadows that saw the record."""
        return np.asarray(self.rows[0])

    @property
    def n_out(self) -> Floats:
        """Shadows that did not."""
        return np.asarray(self.rows[1])

    @property
    def mean_out(self) -> Floats:
        """Mean of p over the shadows that did not see the record."""
        return _mean(self.rows[2], self.n_out)

    @property
    def odds_in(self) -> tuple[Floats, Floats]:
        """Mean and variance of the log odds over the shadows that saw the record."""
        return _moments(self.n_in, self.rows[3], self.rows[4])

    @property
    def odds_out(self) -> tuple[Floats, Floats]:
        """Mean and variance of the log odds over the shadows that did not."""
        return _moments(self.n_out, self.rows[5], self.rows[6])


def _mean(total: Floats, n: Floats) -> Floats:
    if not bool((n > 0).all()):
        msg = "a record that every shadow, or none, has seen"
        raise ValueError(msg)
    return total / n


def _moments(n: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of each record: a pooled variance below 64 shadows, and never one near 0."""
    mean = _mean(total, n)
    spread = np.maximum(squares - n * mean**2, 0)
    freedom = float((n - 1).sum())
    pooled = max(float(spread.sum()) / freedom if freedom else float(mean.var()), _LEAST_VARIANCE)
    if 2 * n.min() < OWN_VARIANCE_FROM:
        return mean, np.full_like(mean, pooled)
    return mean, np.maximum(spread / (n - 1), _LEAST_SHARE_OF_VARIANCE * pooled)


def loss_scores(p: Floats) -> Floats:
    """How sure the model is of the right answer: minus the loss, in nats.

    References
    ----------
    Yeom et al. 2018, Privacy Risk in Machine Learning, CSF (1709.01604).
    """
    return np.asarray(np.log(np.maximum(p, np.finfo(np.float64).tiny)), dtype=np.float64)


def ratio_scores(p: Floats, mean_out: Floats, *, a: float = OFFLINE_A) -> Floats:
    """How much surer the model is than models that never saw the record.

    r = p / ((1 + a) / 2 p_out + (1 - a) / 2). The published score is the share of a population whose ratio r exceeds: a
    monotone map of r, the same for all records, that leaves the ROC as it is and only ties the highest. So there is no
    population, no n x z matrix, and no tie that is not in r.

    Parameters
    ----------
    p : under the model that is tried; for the label alone, 1 where it is right and 0 where not
    mean_out : mean of p over references that did not see the record: shadows, or for a bagged forest its single trees

    References
    ----------
    Zarifzadeh, Liu and Shokri 2024, Low-Cost High-Power Membership Inference Attacks (RMIA), ICML (2312.03262),
    equations 6 and 10.
    """
    return np.asarray(p / ((1 + a) / 2 * mean_out + (1 - a) / 2), dtype=np.float64)


def lira_offline_scores(p: Floats, sums: ShadowSums, floor: float) -> Floats:
    """How far the log odds lie above those of models that never saw the record, in standard deviations.

    The published score is the logarithm of the normal distribution function at this value. It ranks records the same,
    but rounds the highest to one number; so this value is given as it is.

    References
    ----------
    Carlini et al. 2022, Membership Inference Attacks From First Principles (LiRA), IEEE S&P (2112.03570), equation 4.
    """
    mean, variance = sums.odds_out
    return np.asarray((log_odds(p, floor) - mean) / np.sqrt(variance), dtype=np.float64)


def lira_online_scores(p: Floats, sums: ShadowSums, floor: float) -> Floats:
    """Log likelihood ratio of the log odds: normal over models that saw the record, against those that did not.

    References
    ----------
    Carlini et al. 2022, equation 2 and algorithm 1.
    """
    odds = log_odds(p, floor)
    return _log_normal(odds, *sums.odds_in) - _log_normal(odds, *sums.odds_out)


def _log_normal(x: Floats, mean: Floats, variance: Floats) -> Floats:
    """Log density, up to a constant."""
    return np.asarray(-0.5 * ((x - mean) ** 2 / variance + np.log(variance)), dtype=np.float64)


def group_means(values: Floats, groups: npt.NDArray[np.int64]) -> Floats:
    """The mean of each group, for groups numbered from 0 without a gap."""
    return np.asarray(np.bincount(groups, weights=values) / np.bincount(groups), dtype=np.float64)
