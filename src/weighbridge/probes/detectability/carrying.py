"""What becomes of a threshold that is carried to a domain or a language that the pool has never seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.core.wording import Phrase
from weighbridge.maths import resampling
from weighbridge.maths.proportions import corrected
from weighbridge.maths.resampling import Rated
from weighbridge.probekit.labelled import Strings
from weighbridge.probes.detectability import notes
from weighbridge.probes.detectability.pool import Pool
from weighbridge.probes.detectability.ranked import CONFIDENCE, Teller, shown
from weighbridge.probes.detectability.sample import Sample
from weighbridge.probes.detectability.splits import rotations

LEVEL = 0.05
_MOST = 6  # values of an axis that are left out in turn, those with most texts; ours, for time

Fit = Callable[[Sample, Sample, str], Pool]


def carried(
    sample: Sample, axes: dict[str, Strings], fit: Fit, teller: Teller
) -> tuple[list[Quantity], tuple[Phrase, ...]]:
    """Leave one value of each axis out, and try the pool of the others on it at their own threshold."""
    found: list[Quantity] = []
    said: tuple[Phrase, ...] = ()
    for axis, column in axes.items():
        values = _largest(sample, column, teller.gates.area)
        tried = values[:_MOST] if len(values) > 1 else []
        each = corrected(CONFIDENCE, len(tried))
        rates = []
        for value in tried:
            more = _left_out(sample, column == value, fit, teller, ((axis, value),), each)
            rates += [q.value for q in more if q.metric == "carried-fpr"]
            found += more
        said += notes.of_carrying(axis, len(rates), max(rates, default=0.0), len(values) - len(tried))
    return found, said


def _largest(sample: Sample, column: Strings, least: int) -> list[str]:
    """The values with enough of both sides, the largest first."""
    sizes = {
        value: min(int((column[side] == value).sum()) for side in (sample.is_machine, ~sample.is_machine))
        for value in shown(column)
    }
    return sorted((value for value, n in sizes.items() if n >= least), key=lambda value: (-sizes[value], value))


def _left_out(
    sample: Sample, out: np.ndarray, fit: Fit, teller: Teller, by: tuple[tuple[str, str], ...], confidence: float
) -> list[Quantity]:
    others, there = sample.at(~out), sample.at(out)
    groups = np.unique(there.groups)
    others = others.at(~np.isin(others.groups, groups))  # a source that reaches into both stays out of what learns
    try:
        split = rotations(others, teller.rng)[0]
    except ValueError:  # too few sources are left to learn from
        return []
    learns = np.concatenate([split.train, split.test])
    pool = fit(others.at(np.sort(learns)), others.at(split.calibrate), f"carried-{by[0][0]}-{by[0][1]}")
    most = max(pool.people, key=lambda stratum: (len(pool.people[stratum]), stratum))
    told = pool.scored(there, by=most)
    human = ~there.is_machine
    rated = Rated(scores=told.stack, is_positive=there.is_machine, groups=there.groups)
    area = resampling.auc(rated, confidence, teller.rng, teller.draws)
    return [
        teller.share("carried-fpr", told.stack_p[human] <= LEVEL, there.groups[human], by, confidence),
        teller.quantity("carried-auroc", area, len(there), by, confidence),
    ]
