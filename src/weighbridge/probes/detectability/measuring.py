"""The pool over all rows: each is scored by a pool that has seen nothing of its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.detectability.pool import Pool, Scored
from weighbridge.probes.detectability.sample import Sample
from weighbridge.probes.detectability.splits import Split, rotations

_LEAST_SPREAD = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turn:
    """One rotation: who learnt, who set the thresholds, who is tested; and the pool that came of it."""

    split: Split
    pool: Pool
    scale: Scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """Middle and spread of the scores of the people's texts that set the thresholds, so that pools can be compared."""

    stack: tuple[float, float]
    min_p: tuple[float, float]
    members: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What the pool says of each row, shape (n,) or (n, members); scores are high for machines and comparable."""

    names: tuple[str, ...]
    is_machine: Bools
    groups: Ints
    fold: Ints
    stack: Floats
    min_p: Floats
    members: Floats
    stack_p: Floats
    min_p_p: Floats
    p_values: Floats

    def at(self, rows: Ints | Bools) -> Told:
        """Some of the rows."""
        return Told(
            names=self.names, is_machine=self.is_machine[rows], groups=self.groups[rows], fold=self.fold[rows],
            stack=self.stack[rows], min_p=self.min_p[rows], members=self.members[rows], stack_p=self.stack_p[rows],
            min_p_p=self.min_p_p[rows], p_values=self.p_values[rows],
        )  # fmt: skip

    @property
    def human(self) -> Told:
        """What it says of people's texts."""
        return self.at(~self.is_machine)

    @property
    def machine(self) -> Told:
        """What it says of the model's."""
        return self.at(self.is_machine)


Fit = Callable[[Sample, Sample, int], Pool]
"""Makes a pool of what learns and what sets the thresholds, in this turn."""


def turned(sample: Sample, fit: Fit, rng: np.random.Generator, folds: int) -> tuple[Turn, ...]:
    """A pool for each rotation."""
    made = []
    for number, split in enumerate(rotations(sample, rng, folds)):
        calibrate = sample.at(split.calibrate)
        pool = fit(sample.at(split.train), calibrate, number)
        made.append(Turn(split=split, pool=pool, scale=_scale(pool.scored(calibrate.human))))
    return tuple(made)


def tested(sample: Sample, turns: tuple[Turn, ...]) -> Told:
    """Every row by the pool that is tested with it; the rows in the order of the sample."""
    parts = [told(turn, sample.at(turn.split.test), fold) for fold, turn in enumerate(turns)]
    order = np.argsort(np.concatenate([turn.split.test for turn in turns]), kind="stable")
    return joined(parts).at(order)


def elsewhere(sample: Sample, texts: Sample, turns: tuple[Turn, ...]) -> Told:
    """Texts that are no rows of the sample, each by a pool that has seen nothing of its group; texts in their order."""
    tests = {int(group): fold for fold, turn in enumerate(turns) for group in sample.groups[turn.split.test].tolist()}
    fold_of = np.asarray([tests.get(group, group % len(turns)) for group in texts.groups.tolist()], dtype=np.int64)
    rows = [np.flatnonzero(fold_of == fold) for fold in range(len(turns))]
    parts = [told(turn, texts.at(some), fold) for fold, (turn, some) in enumerate(zip(turns, rows, strict=True))]
    return joined([part for part in parts if len(part.fold)]).at(np.argsort(np.concatenate(rows), kind="stable"))


def told(turn: Turn, sample: Sample, fold: int, by: str | None = None) -> Told:
    """What one pool says, in units of its own people's texts."""
    found = turn.pool.scored(sample, by=by)
    members = [_scaled(column, at) for column, at in zip(found.members.T, turn.scale.members, strict=True)]
    return Told(
        names=turn.pool.names, is_machine=sample.is_machine, groups=sample.groups,
        fold=np.full(len(sample), fold, dtype=np.int64), stack=_scaled(found.stack, turn.scale.stack),
        min_p=_scaled(found.min_p, turn.scale.min_p), members=np.stack(members, axis=1),
        stack_p=found.stack_p, min_p_p=found.min_p_p, p_values=found.p_values,
    )  # fmt: skip


def joined(parts: list[Told]) -> Told:
    """The rows of several, one after the other."""
    arrays = ("is_machine", "groups", "fold", "stack", "min_p", "members", "stack_p", "min_p_p", "p_values")
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return Told(names=parts[0].names, **whole)


def _scale(human: Scored) -> Scale:
    return Scale(
        stack=_middle(human.stack), min_p=_middle(human.min_p), members=tuple(_middle(c) for c in human.members.T)
    )


def _middle(scores: Floats) -> tuple[float, float]:
    low, middle, high = np.quantile(scores, (0.25, 0.5, 0.75))
    return float(middle), float(max(high - low, _LEAST_SPREAD))


def _scaled(scores: Floats, at: tuple[float, float]) -> Floats:
    return (scores - at[0]) / at[1]
