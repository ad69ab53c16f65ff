"""Rows ranked by how much they look like a machine's, and the rates that follow, for the pool or another test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths import resampling
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.resampling import Rated
from weighbridge.maths.roc import predictive_value, threshold
from weighbridge.probekit.labelled import Strings
from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.detectability.labels import is_label

CONFIDENCE = 0.95
RATES = ((0.05, "tpr-at-fpr-5pct"), (0.01, "tpr-at-fpr-1pct"))
PRIORS = (0.01, 0.1, 0.5)
LENGTHS = ((400, "400+"), (200, "200-399"), (100, "100-199"), (50, "50-99"), (0, "under-50"))
# A rule over languages corrects for those that the owner names, whom a probe may not ask: up to so many it is enough.
LANGUAGES = 10
_SHOWN_FROM = 20  # texts of a label that is shown: it is then about no single person

By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """How many texts of each side a number takes."""

    area: int
    at_5: int
    at_1: int

    def allows(self, fpr: float, n: int) -> bool:
        """Whether so many texts of each side allow the rate at this share of false alarms."""
        return n >= (self.at_1 if fpr < RATES[0][0] else self.at_5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """Rows with their score; every array has one length."""

    scores: Floats  # high for a machine
    is_machine: Bools
    groups: Ints
    at_5: Bools  # flagged at the threshold that was set for 5 in 100 on other people's rows
    at_1: Bools
    labels: dict[str, Strings]  # by axis; empty where nothing is said

    def at(self, rows: Ints | Bools) -> Ranked:
        """Some of them."""
        return Ranked(
            scores=self.scores[rows], is_machine=self.is_machine[rows], groups=self.groups[rows], at_5=self.at_5[rows],
            at_1=self.at_1[rows], labels={axis: column[rows] for axis, column in self.labels.items()},
        )  # fmt: skip

    @property
    def sizes(self) -> tuple[int, int]:
        """How many are people's, and how many a machine's."""
        return int((~self.is_machine).sum()), int(self.is_machine.sum())

    @property
    def fewest(self) -> int:
        """Of the side that has fewer."""
        return min(self.sizes)

    @property
    def rated(self) -> Rated:
        """As the statistics take it."""
        return Rated(scores=self.scores, is_positive=self.is_machine, groups=self.groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Teller:
    """Makes quantities."""

    rng: np.random.Generator
    gates: Gates
    draws: int
    n_of: str = "text"
    basis: Basis = Basis.MEASURED
    beside: By = ()  # axes that every number has

    def quantity(self, metric: str, found: Interval, n: int, by: By = (), confidence: float = CONFIDENCE) -> Quantity:
        """One number."""
        return Quantity(
            metric=metric, value=found.value, low=min(found.low, found.value), high=max(found.high, found.value),
            confidence=confidence, unit="1", n=n, n_of=self.n_of, by=(*by, *self.beside), basis=self.basis,
        )  # fmt: skip

    def area(self, metric: str, ranked: Ranked, by: By = (), confidence: float = CONFIDENCE) -> Quantity:
        """How often a machine's row ranks above a person's."""
        found = resampling.auc(ranked.rated, confidence, self.rng, self.draws)
        return self.quantity(metric, found, sum(ranked.sizes), by, confidence)

    def rate(self, metric: str, ranked: Ranked, fpr: float, by: By = (), confidence: float = CONFIDENCE) -> Quantity:
        """The share of a machine's rows that is found at this share of false alarms; the threshold moves too."""
        found = resampling.tpr_at(ranked.rated, fpr, confidence, self.rng, self.draws)
        return self.quantity(metric, found, ranked.sizes[1], by, confidence)

    def share(self, metric: str, flags: Bools, groups: Ints, by: By = (), confidence: float = CONFIDENCE) -> Quantity:
        """A share of rows."""
        return self.quantity(metric, resampling.share(flags, groups, confidence), len(flags), by, confidence)

    def rates(self, ranked: Ranked, by: By = (), confidence: float = CONFIDENCE) -> Iterator[Quantity]:
        """The area and the rates that there are enough rows for."""
        if ranked.fewest < self.gates.area:
            return
        yield self.area("auroc-stack", ranked, by, confidence)
        for fpr, metric in RATES:
            if self.gates.allows(fpr, ranked.fewest):
                yield self.rate(metric, ranked, fpr, by, confidence)


def headline(ranked: Ranked, teller: Teller) -> Iterator[Quantity]:
    """Over all, and by whatever is said of the rows."""
    yield from teller.rates(ranked)
    yield from teller.rates(ranked, (("state", "raw"),))
    human = ranked.at(~ranked.is_machine)
    yield teller.share("realised-fpr", human.at_5, human.groups)
    if teller.gates.allows(RATES[1][0], ranked.fewest):
        yield teller.share("realised-fpr-1pct", human.at_1, human.groups)
    yield from _predictive(ranked, teller)
    for axis in ("language", "domain", "length"):
        yield from _along(ranked, axis, teller)
    yield from _decodings(ranked, teller)
    yield from _groups(human, teller)


def changed(ranked: Ranked, arms: dict[str, Ranked], teller: Teller) -> Iterator[Quantity]:
    """The model's rows of changed arms against the same people's rows; and the worst of the arms."""
    enough = {arm: rows for arm, rows in arms.items() if rows.fewest >= teller.gates.area}
    found: list[Quantity] = list(teller.rates(ranked, (("arm", "raw"),)))
    each = corrected(CONFIDENCE, len(enough))
    for arm, rows in enough.items():
        found += teller.rates(rows, (("arm", arm),), each)
    yield from found
    for metric in dict.fromkeys(q.metric for q in found):
        of_arms = [q for q in found if q.metric == metric and q.at("arm") != "raw"]
        if len(of_arms) == len(enough) > 0:  # the worst is not known where one of them has too few
            yield teller.quantity(metric, smallest(of_arms), min(q.n for q in of_arms), (("state", "changed"),))


def flagged(scores: Floats, is_machine: Bools, fold: Ints, strata: Strings, fpr: float) -> Bools:
    """What lies above the threshold that was set on people's rows of the same stratum in the other folds."""
    found = np.zeros(len(scores), dtype=np.bool_)
    for stratum in sorted(set(strata.tolist())):
        here = strata == stratum
        for k in np.unique(fold[here]).tolist():
            others = scores[here & (fold != k) & ~is_machine]
            if len(others):
                rows = here & (fold == k)
                found[rows] = scores[rows] > threshold(others, fpr)
    return found


def smallest(of: list[Quantity]) -> Interval:
    """The smallest of several, with an interval that holds where all of theirs do."""
    return Interval(min(q.value for q in of), min(q.low for q in of), min(q.high for q in of))


def greatest(of: list[Quantity]) -> Interval:
    """The largest of several, likewise."""
    return Interval(max(q.value for q in of), max(q.low for q in of), max(q.high for q in of))


def shown(column: Strings) -> list[str]:
    """The labels that are shown: those of several texts, short and printable. Others might be about a person."""
    names, counts = np.unique(np.asarray(column, dtype=str), return_counts=True)
    return [
        str(name) for name, n in zip(names, counts, strict=True)
        if n >= _SHOWN_FROM and name and is_label(str(name))
    ]  # fmt: skip


def length_of(words: Ints) -> Strings:
    """The bucket of each length in words."""
    return np.asarray([next(name for least, name in LENGTHS if n >= least) for n in words.tolist()], dtype=object)


def _predictive(ranked: Ranked, teller: Teller) -> Iterator[Quantity]:
    """What a flag is worth: exactly as often as `fpr` are people's rows flagged there."""
    each = corrected(CONFIDENCE, len(PRIORS))
    for fpr, _metric in RATES:
        if not teller.gates.allows(fpr, ranked.fewest):
            continue
        found = resampling.tpr_at(ranked.rated, fpr, each, teller.rng, teller.draws)
        for prior in PRIORS:
            worth = predictive_value(found, Interval(fpr, fpr, fpr), prior)
            by = (("prior", f"{prior:g}"), ("at", f"{fpr:g}"))
            yield teller.quantity("predictive-value", worth, ranked.sizes[1], by, each)


def _along(ranked: Ranked, axis: str, teller: Teller) -> Iterator[Quantity]:
    """By an axis that both sides have; each value has a threshold of its own."""
    if axis not in ranked.labels:
        return
    column = ranked.labels[axis]
    parts = {value: ranked.at(column == value) for value in shown(column)}
    enough = {value: part for value, part in parts.items() if part.fewest >= teller.gates.area}
    each = corrected(CONFIDENCE, max(len(enough), LANGUAGES if axis == "language" else 1))
    for value, part in enough.items():
        yield from teller.rates(part, ((axis, value),), each)
        human = part.at(~part.is_machine)
        yield teller.share("realised-fpr", human.at_5, human.groups, ((axis, value),), each)


def _decodings(ranked: Ranked, teller: Teller) -> Iterator[Quantity]:
    """By the way the machine's rows were drawn, each against all people's rows."""
    column = ranked.labels.get("decoding", np.full(len(ranked.scores), "", dtype=object))
    values = shown(column[ranked.is_machine])
    parts = {value: ranked.at(~ranked.is_machine | (column == value)) for value in values}
    enough = {value: part for value, part in parts.items() if part.fewest >= teller.gates.area}
    for value, part in enough.items():
        yield from teller.rates(part, (("decoding", value),), corrected(CONFIDENCE, len(enough)))


def _groups(human: Ranked, teller: Teller) -> Iterator[Quantity]:
    """False alarms by group of writers, and the worst of them."""
    column = human.labels.get("group", np.full(len(human.scores), "", dtype=object))
    values = shown(column)
    each = corrected(CONFIDENCE, len(values))
    found = [
        teller.share("realised-fpr", part.at_5, part.groups, (("group", value),), each)
        for value in values
        for part in (human.at(column == value),)
    ]
    yield from found
    if found:
        yield teller.quantity("worst-group-fpr", greatest(found), min(q.n for q in found))
