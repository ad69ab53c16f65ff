"""One question put to the data: do these columns tell that one, better than what is known anyway does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weighbridge.maths.proportions import Interval, largest, lead
from weighbridge.maths.separation import FoldScores, separation
from weighbridge.probekit.learner import cross_predicted, folds_of
from weighbridge.probekit.ports import Bench, Bools, Floats, Ints
from weighbridge.probes.implicit_attributes.labels import Labels
from weighbridge.probes.implicit_attributes.linear import read_linearly

_NO_BETTER = Interval(0.5, 0.5, 0.5)  # without anything to go by, nobody is put before anybody


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A sensitive column, and what it might be told from. All have one row per record."""

    source: str
    column: str
    where: str  # label of the table, or what was asked
    labels: Labels
    inputs: pa.Table | Floats  # columns, or numbers inside a model, shape (n, width)
    baseline: pa.Table | None  # what is known anyway, and is among the inputs too
    groups: Ints  # equal numbers are one person
    is_all: bool  # no record was left to be drawn
    n_of: str

    @property
    def key(self) -> tuple[str, str]:
        """What its numbers are told by."""
        return self.source, self.column

    @property
    def known(self) -> Bools:
        """Rows whose value is there."""
        return self.labels.targets >= 0

    def tellable(self, least: int) -> tuple[int, ...]:
        """The values that enough people have, and enough have not; of two, one, as who tells it tells the other."""
        targets, groups = self.labels.targets[self.known], self.groups[self.known]
        enough = tuple(
            one
            for one in range(self.labels.n_named)
            if min(len(np.unique(groups[side])) for side in (targets == one, targets != one)) >= least
        )
        return enough[:1] if self.labels.n_classes == 2 else enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a case."""

    case: Case
    area: Interval
    lift: Interval
    permuted: Interval
    n: int  # people


def tell(case: Case, values: tuple[int, ...], bench: Bench, *, folds: int, confidence: float) -> Answer:
    """Learn the column from the others out of fold, and once more with its values shuffled.

    Parameters
    ----------
    values : those to be told, each from all others; not empty
    confidence : of each interval; the largest of several values is told at the same, so correct it for them
    """
    run = _Run(case=case, bench=bench, folds=folds)
    chances, fold = run.learnt(case.inputs, run.targets, "inputs")
    each = 1 - (1 - confidence) / 2
    areas = {one: run.area_of(chances, run.targets, fold, one, confidence) for one in values}
    lifts = [lead(i, _NO_BETTER) for i in areas.values()]
    if case.baseline is not None:
        anyway, _ = run.learnt(case.baseline, run.targets, "inputs")  # the same seed deals out the same folds
        lifts = [
            lead(
                run.area_of(chances, run.targets, fold, one, each),
                run.area_of(anyway, run.targets, fold, one, each),
            )
            for one in values
        ]
    told_best = max(areas, key=lambda one: areas[one].value)
    return Answer(
        case=case,
        area=largest(areas.values()),
        lift=largest(lifts),
        permuted=run.shuffled(told_best, confidence),
        n=len(np.unique(run.groups)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One case under way; rows without a value are left out."""

    case: Case
    bench: Bench
    folds: int

    @property
    def targets(self) -> Ints:
        return self.case.labels.targets[self.case.known]

    @property
    def groups(self) -> Ints:
        return self.case.groups[self.case.known]

    def _drawn(self, purpose: str) -> np.random.Generator:
        return self.bench.generator(*self.case.key, self.case.where, purpose)

    def learnt(self, inputs: pa.Table | Floats, targets: Ints, purpose: str) -> tuple[Floats, Ints]:
        """How likely each class is, out of fold, and the fold of each row."""
        self.bench.progress(0, 1, "columns")
        seed = int(self._drawn(purpose).integers(2**31))
        n_classes, known = self.case.labels.n_classes, self.case.known
        fold = folds_of(targets, groups=self.groups, folds=self.folds, seed=seed)
        if isinstance(inputs, np.ndarray):
            return read_linearly(inputs[known], targets, fold, n_classes), fold
        kept = inputs.filter(pa.array(known))
        found = cross_predicted(kept, targets, n_classes=n_classes, groups=self.groups, folds=self.folds, seed=seed)
        return found, fold

    def area_of(self, chances: Floats, targets: Ints, fold: Ints, one: int, confidence: float) -> Interval:
        """How well one value is told from all others."""
        scored = FoldScores(scores=chances[:, one], is_positive=targets == one, fold=fold, groups=self.groups)
        return separation(scored, confidence)

    def shuffled(self, one: int, confidence: float) -> Interval:
        """The same with the values dealt out anew, so that there is nothing to be told."""
        targets = self._drawn("shuffle").permutation(self.targets)
        chances, fold = self.learnt(self.case.inputs, targets, "shuffled")
        return self.area_of(chances, targets, fold, one, confidence)
