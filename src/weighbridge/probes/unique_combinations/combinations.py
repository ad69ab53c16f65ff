"""Every combination of columns, counted: one by one where that is quick, else in one scan over a sample of classes.

What is always counted over all rows: each column alone, all columns together, and of the sampled combinations those
that tell most. All columns together bound what any combination can tell, since who is alone in a few columns is alone
in all of them. So what was sampled or left out widens an interval up to there, and is never taken for clean.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weighbridge.maths.classes import Crowd, crowd
from weighbridge.probekit.attributes import Attributes, Part
from weighbridge.probekit.ports import Bench, ClassSizes, Table
from weighbridge.probes.unique_combinations.curve import (
    DECLARED,
    IDENTIFIER,
    Counted,
    Curve,
    Point,
    Sampled,
    exact,
    worst,
)
from weighbridge.probes.unique_combinations.planning import Plan, plan_for
from weighbridge.probes.unique_combinations.sampling import Estimates, estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Counts the combinations of one table."""

    bench: Bench
    table: Table
    attributes: Attributes
    k: int
    max_columns: int
    affords: Callable[[float], bool]
    tick: Callable[[], None]

    def count(self) -> Curve:
        """Count what there is time for; see `planning.plan_for`."""
        attributes, quasi = self.attributes, self.attributes.of(Part.QUASI)
        by_column = {name: self._sizes((name,)) for name in quasi}
        singles = tuple(self._as_counted((name,), found) for name, found in by_column.items())
        together = by_column[quasi[0]] if len(quasi) == 1 else self._sizes(quasi) if quasi else None
        overlooked = attributes.of(Part.OVERLOOKED)
        curve = Curve(
            table=self.table.label, n_of="person" if attributes.person else "row", points=(), combinations=singles,
            without=(), identifiers=(), is_open=bool(attributes.repeating), whole=together,
            beyond=self._counted((*quasi, *overlooked)).crowd if overlooked else None,
        )  # fmt: skip
        if together:
            whole = self._as_counted(quasi, together)
            ranked = tuple(sorted(quasi, key=lambda name: (_lookalikes(by_column[name]), quasi.index(name))))
            plan = plan_for(attributes, ranked, max_columns=self.max_columns, affords=self.affords)
            curve = self._by_sample(curve, whole, plan) if plan.by_sample else self._one_by_one(curve, whole, plan)
        return self._with_identifiers(curve)

    def _one_by_one(self, curve: Curve, whole: Counted, plan: Plan) -> Curve:
        done = {frozenset(c.columns): c for c in (*curve.combinations, whole)}

        def once(columns: tuple[str, ...]) -> Counted:
            key = frozenset(columns)
            if key not in done:
                done[key] = self._counted(columns)
            return replace(done[key], columns=columns)

        sizes = range(2, self.max_columns + 1)
        bigger = [once(columns) for size in sizes for columns in itertools.combinations(plan.columns, size)]
        found = (*curve.combinations, *bigger)
        points = [
            self._point(size, found, whole, None, is_complete=size == 1 or not plan.left_out)
            for size in range(1, self.max_columns + 1)
        ]
        without: list[Counted] = []
        if len(whole.columns) > 1 and not plan.left_out:
            rests = {name: tuple(c for c in whole.columns if c != name) for name in whole.columns}
            without = [replace(once(rest), columns=(name,)) for name, rest in rests.items()]
        return replace(
            curve, points=(*points, exact(DECLARED, whole.crowd)), combinations=found, without=tuple(without),
            left_out=plan.left_out,
        )  # fmt: skip

    def _by_sample(self, curve: Curve, whole: Counted, plan: Plan) -> Curve:
        told = estimate(self.bench, self.table, self.attributes, plan.columns, k=self.k, max_columns=self.max_columns)
        confirmed = tuple(self._counted(columns) for columns in told.suspects())
        found = (*curve.combinations, *confirmed)
        points = [
            self._point(size, found, whole, told, is_complete=size == 1 or not plan.left_out)
            for size in range(1, self.max_columns + 1)
        ]
        without: tuple[Counted, ...] = ()
        if told.best_left_out and not plan.left_out:
            rest = tuple(c for c in whole.columns if c != told.best_left_out)
            without = (replace(self._counted(rest), columns=(told.best_left_out,)),)
        sampled = Sampled(n=len(told.combinations), confirmed=len(confirmed), chance=told.chance)
        return replace(
            curve, points=(*points, exact(DECLARED, whole.crowd)), combinations=found, without=without,
            left_out=plan.left_out, sampled=sampled,
        )  # fmt: skip

    def _point(
        self, size: int, found: Sequence[Counted], whole: Counted, told: Estimates | None, *, is_complete: bool
    ) -> Point:
        """The worst of all combinations of at most `size` columns."""
        counted = [c for c in found if len(c.columns) <= size]
        seen = worst(c.crowd for c in counted)
        point = exact(str(size), seen)
        most = whole.crowd
        if told and size > 1:
            rest = told.beyond(size, done=[c.columns for c in counted])
            seen = replace(seen, smallest=min(seen.smallest, rest.smallest))
            point = replace(
                point, crowd=seen, is_certain=False, least_smallest=min(seen.smallest, most.smallest),
                most_unique=min(max(seen.unique, rest.most_unique), most.unique),
                most_small=min(max(seen.small, rest.most_small), most.small),
            )  # fmt: skip
        if is_complete:
            return point
        return replace(
            point, most_unique=most.unique, most_small=most.small, is_certain=True,
            least_smallest=min(most.smallest, seen.smallest),
        )  # fmt: skip

    def _with_identifiers(self, curve: Curve) -> Curve:
        attributes = self.attributes
        identifiers = tuple(
            self._direct(columns) if attributes.is_direct(columns) else self._counted(columns)
            for columns in attributes.identifiers
        )
        alike = _all_alike(attributes.n_individuals, k=self.k)
        named = exact(IDENTIFIER, worst([alike, *(c.crowd for c in identifiers)]))
        return replace(curve, identifiers=identifiers, points=(*curve.points, named))

    def _direct(self, columns: tuple[str, ...]) -> Counted:
        """An identifier of which each value is one person's.

        Where persons are known, those who share a value are counted so, and yet the value names one of them. Where they
        are not, several rows with one value are several rows of one person, who is alone with it.
        """
        if self.attributes.person:
            found = self._counted(columns)
            return replace(found, crowd=replace(found.crowd, smallest=1))
        with_it = min(t.n_present for t in self.attributes.traits if t.name in columns)
        alone = Crowd(n=self.attributes.n_individuals, unique=with_it, small=with_it, smallest=1)
        return Counted(columns=columns, crowd=alone)

    def _counted(self, columns: tuple[str, ...]) -> Counted:
        return self._as_counted(columns, self._sizes(columns))

    def _as_counted(self, columns: tuple[str, ...], found: ClassSizes) -> Counted:
        return Counted(columns=columns, crowd=crowd(found.sizes, found.individuals, k=self.k))

    def _sizes(self, columns: tuple[str, ...]) -> ClassSizes:
        self.tick()
        person = "" if self.attributes.one_row_each else self.attributes.person
        return self.table.class_sizes(columns, person=person, steps=dict(self.attributes.steps))


def _lookalikes(found: ClassSizes) -> float:
    """How many people one has in a class with oneself, on average: the fewer, the more a column tells."""
    return float(np.dot(found.sizes.astype(np.float64), found.individuals) / found.individuals.sum())


def _all_alike(n: int, *, k: int) -> Crowd:
    """What somebody sees who knows nothing: everybody in one class. So it is where nothing identifies by itself."""
    return Crowd(n=n, unique=n if n == 1 else 0, small=n if n < k else 0, smallest=n)
