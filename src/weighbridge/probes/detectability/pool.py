"""Several detectors as one: each fitted, together weighed, and all calibrated on people's texts that taught none.

Two ways to one score. The *stack* is a regression over the members' scores: the best on texts as they are. *Min-p* is
the smallest p-value of all members, calibrated again as a score of its own: hard to evade, since one member that sees
something is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weighbridge.probekit.learner import folds_of
from weighbridge.probekit.ports import Floats, Ints
from weighbridge.probes.detectability import engine
from weighbridge.probes.detectability.members import MEMBERS, Fitted, Member
from weighbridge.probes.detectability.normal import normal
from weighbridge.probes.detectability.sample import READ, Sample, Tick, silent

_FOLDS = 3  # in which training texts are scored by members that have not seen them; ours
_REACH = 4.0  # spreads to which a member's say in the stack is bounded: one that is broken must not outvote all; ours
_LOOKED_AT = 4 * READ  # characters of one text that are normalised: most of them may be invisible; ours
_TAIL = 0.1  # of people's scores, the highest, whose mean excess tells how surprise grows beyond the highest; ours


class Uncalibrated(ValueError):
    """No text of a person of this stratum was there to calibrate on: no threshold holds there."""

    def __init__(self, stratum: str) -> None:
        super().__init__("a stratum without calibration texts")
        self.stratum = stratum


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What a pool says of n texts. Scores are higher for what looks like the model's.

    A p-value is the share of people's calibration texts of the stratum that score at least as high, the text itself
    counted among them: of people's texts, at most a share a has one of at most a.
    """

    members: Floats  # shape (n, m)
    p_values: Floats  # shape (n, m): of each member by itself
    stack: Floats  # shape (n,), log-odds
    stack_p: Floats
    min_p: Floats  # shape (n,), the largest surprise of all members, in nats
    min_p_p: Floats

    def at(self, rows: Ints) -> Scored:
        """Some of the texts."""
        return Scored(
            members=self.members[rows], p_values=self.p_values[rows], stack=self.stack[rows],
            stack_p=self.stack_p[rows], min_p=self.min_p[rows], min_p_p=self.min_p_p[rows],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """A regression over the scores of members."""

    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, scores: Floats, sample: Sample, seed: int) -> Stack:
        """Learn from scores of training texts by members that have not seen them."""
        mean, spread = scores.mean(axis=0), scores.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        weights, intercept = engine.regression(_bounded(scores, mean, spread), sample.is_machine, seed)
        return cls(mean=mean, spread=spread, weights=weights, intercept=intercept)

    def score(self, scores: Floats) -> Floats:
        """Log-odds."""
        return np.asarray(_bounded(scores, self.mean, self.spread) @ self.weights + self.intercept, dtype=np.float64)


def _bounded(scores: Floats, mean: Floats, spread: Floats) -> Floats:
    return np.clip((scores - mean) / spread, -_REACH, _REACH)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surprise:
    """How surprising a score would be of a person's text: minus the logarithm of the share that scores higher.

    Between people's scores it is interpolated. Beyond the highest it grows as if they fell off exponentially, so that
    two texts beyond it still compare.
    """

    at: Floats  # ascending scores of people's training texts
    nats: Floats
    scale: float  # beyond the highest: score per nat

    @classmethod
    def of(cls, scores: Floats) -> Surprise:
        """From scores of people's texts, at least one."""
        ordered = np.sort(scores)
        n = len(ordered)
        at, first = np.unique(ordered, return_index=True)
        last = np.append(first[1:], n)
        nats = -np.log1p(-((first + last) / 2) / (n + 0.5))
        tail = ordered[int(n * (1 - _TAIL)) :]
        excess = float((tail - tail[0]).mean())
        return cls(at=at, nats=nats, scale=excess if excess > 0 else float(ordered.std()) or 1.0)

    def __call__(self, scores: Floats) -> Floats:
        """In nats; the lowest scores of all surprise nobody."""
        beyond = np.maximum(0.0, scores - self.at[-1]) / self.scale
        below = np.minimum(0.0, scores - self.at[0]) / self.scale
        return np.asarray(np.interp(scores, self.at, self.nats) + beyond + 1e-3 * np.tanh(below), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Members, fitted; how they are combined; and what people's texts score."""

    names: tuple[str, ...]
    members: tuple[Fitted, ...]
    stack: Stack
    surprise: tuple[Surprise, ...]
    people: dict[
        str, Floats
    ]  # by stratum: ascending scores of calibration texts, shape (n, m + 2): members, stack, min-p
    normalised: bool

    @classmethod
    def fit(
        cls,
        train: Sample,
        calibrate: Sample,
        *,
        rng: np.random.Generator,
        tick: Tick = silent,
        normalised: bool = False,
        only: tuple[str, ...] = (),
    ) -> Pool:
        """Teach members on `train`; combine them by how they score what they have not seen; calibrate on `calibrate`.

        Parameters
        ----------
        train : texts of both kinds; the white-box member is there where it has columns
        calibrate : shares no group with `train`; only people's texts in it are used
        normalised : whether texts pass `normal` before anything looks at them, here and when they are scored
        only : names of the members to fit; empty for all

        Raises
        ------
        ValueError
            Where `train` lacks one of the two kinds, or `calibrate` people's texts.
        """
        seed = int(rng.integers(1 << 31))
        if normalised:
            train, calibrate = _normalised(train), _normalised(calibrate)
        if len(np.unique(train.is_machine)) < 2 or calibrate.is_machine.all():
            msg = "texts of both kinds to learn from, and of people to calibrate on, are needed"
            raise ValueError(msg)
        kinds = [
            kind
            for kind in MEMBERS
            if (train.columns.shape[1] or not kind.needs_columns) and (not only or kind.name in only)
        ]
        unseen, members = _fitted(kinds, train, seed, tick)
        made = cls(
            names=tuple(kind.name for kind in kinds), members=tuple(members), stack=Stack.fit(unseen, train, seed),
            surprise=tuple(Surprise.of(column) for column in unseen[~train.is_machine].T), people={},
            normalised=normalised,
        )  # fmt: skip
        return replace(made, people=made._calibrated(calibrate.human))

    def _calibrated(self, human: Sample) -> dict[str, Floats]:
        scores = self._all(human)
        strata = np.array(human.strata, dtype=object)
        return {stratum: np.sort(scores[strata == stratum], axis=0) for stratum in sorted(set(human.strata))}

    def scored(self, sample: Sample, *, by: str | None = None) -> Scored:
        """Scores and p-values of texts.

        Parameters
        ----------
        sample : which of its texts are whose is not looked at
        by : the stratum whose people calibrate all texts; without it each text's own

        Raises
        ------
        Uncalibrated
            Where a stratum has no calibration text.
        """
        scores = self._all(_normalised(sample) if self.normalised else sample)
        p_values = np.ones_like(scores)
        strata = np.array([stratum if by is None else by for stratum in sample.strata], dtype=object)
        for stratum in sorted(set(strata)):
            if stratum not in self.people:
                raise Uncalibrated(stratum)
            rows = strata == stratum
            p_values[rows] = _p(self.people[stratum], scores[rows])
        m = len(self.members)
        return Scored(
            members=scores[:, :m], p_values=p_values[:, :m], stack=scores[:, m], stack_p=p_values[:, m],
            min_p=scores[:, m + 1], min_p_p=p_values[:, m + 1],
        )  # fmt: skip

    def _all(self, sample: Sample) -> Floats:
        """Scores of the members, the stack, and the largest surprise, shape (n, m + 2)."""
        scores = np.stack([member.score(sample) for member in self.members], axis=1)
        surprise = np.stack([of(column) for of, column in zip(self.surprise, scores.T, strict=True)], axis=1)
        return np.column_stack([scores, self.stack.score(scores), surprise.max(axis=1)])


def pools(
    train: Sample, calibrate: Sample, *, rng: np.random.Generator, tick: Tick = silent, only: tuple[str, ...] = ()
) -> tuple[Pool, Pool]:
    """A pool without and one with the normaliser in front; where it changes none of these texts they learn once."""
    seed = int(rng.integers(1 << 31))
    plain = Pool.fit(train, calibrate, rng=np.random.default_rng(seed), tick=tick, only=only)
    if _normalised(train).texts == train.texts and _normalised(calibrate).texts == calibrate.texts:
        return plain, replace(plain, normalised=True)
    front = Pool.fit(train, calibrate, rng=np.random.default_rng(seed), tick=tick, normalised=True, only=only)
    return plain, front


def _normalised(sample: Sample) -> Sample:
    return sample.saying(tuple(normal(text[:_LOOKED_AT]) for text in sample.texts))


def _fitted(kinds: list[Member], train: Sample, seed: int, tick: Tick) -> tuple[Floats, list[Fitted]]:
    """Scores of training texts by members that have not seen them, shape (n, m), and members that have seen all."""
    fold = folds_of(train.is_machine.astype(np.int64), groups=train.groups, folds=_FOLDS, seed=seed)
    out = np.zeros((len(train), len(kinds)))
    members: list[Fitted] = []
    folds = np.unique(fold).tolist()
    of = len(kinds) * (len(folds) + 1)
    for column, kind in enumerate(kinds):
        for k in folds:
            tick(column * (len(folds) + 1) + k, of)
            seen = train.at(fold != k)
            if len(np.unique(seen.is_machine)) == 2:
                out[fold == k, column] = kind.fit(seen, seed).score(train.at(fold == k))
        tick(column * (len(folds) + 1) + len(folds), of)
        members.append(kind.fit(train, seed))
    return out, members


def _p(people: Floats, scores: Floats) -> Floats:
    """Share of people's texts that score at least as high, the text itself among them.

    References
    ----------
    Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World: conformal p-values.
    """
    n = len(people)
    below = [np.searchsorted(people[:, j], scores[:, j], side="left") for j in range(scores.shape[1])]
    return np.asarray((1 + n - np.stack(below, axis=1)) / (n + 1), dtype=np.float64)
