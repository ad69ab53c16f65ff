"""Training, calibration and test texts that share no prompt, source or writer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.learner import folds_of
from weighbridge.probekit.ports import Ints
from weighbridge.probes.detectability.sample import Sample

FOLDS = 5  # of which three train, one calibrates and one tests: 60, 20 and 20 %; ours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Rows of a sample, by what they are for."""

    train: Ints
    calibrate: Ints
    test: Ints


def split(sample: Sample, rng: np.random.Generator) -> Split:
    """One split, 60 to 20 to 20, with both kinds and all strata spread evenly; a group lies in one part whole."""
    return rotations(sample, rng)[0]


def rotations(sample: Sample, rng: np.random.Generator, folds: int = FOLDS) -> tuple[Split, ...]:
    """Splits in which every row is tested once and calibrates once.

    There are fewer where there are fewer groups; three at least.

    Raises
    ------
    ValueError
        Where there are fewer than three groups, or one of the two kinds is missing from what would be a part.
    """
    _, stratum = np.unique(np.array(sample.strata, dtype=str), return_inverse=True)
    targets = stratum.ravel() * 2 + sample.is_machine
    fold = folds_of(targets, groups=sample.groups, folds=folds, seed=int(rng.integers(1 << 31)))
    n = int(fold.max(initial=-1)) + 1
    made = []
    for k in range(n):
        test, calibrate = fold == k, fold == (k + 1) % n
        parts = Split(
            train=np.flatnonzero(~test & ~calibrate), calibrate=np.flatnonzero(calibrate), test=np.flatnonzero(test)
        )
        for rows in (parts.train, parts.calibrate, parts.test):
            if len(np.unique(sample.is_machine[rows])) < 2:
                msg = "too few groups: a part would hold one kind alone"
                raise ValueError(msg)
        made.append(parts)
    if len(made) < 3:
        msg = "fewer than three groups of both kinds"
        raise ValueError(msg)
    return tuple(made)
