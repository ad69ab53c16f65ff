"""Which cells of a table of counts tell of few people, openly or to whoever subtracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import Phrase, phrase
from weighbridge.maths.bounds import Bounds, bounds, equations
from weighbridge.probekit.ports import Bench, Probe, Table
from weighbridge.probekit.studies import released
from weighbridge.probes.small_cells.grids import Grid, Shape, about_people, read_grid, recognised
from weighbridge.probes.small_cells.notes import on_joints, on_large, on_sums, on_tally, unclear
from weighbridge.probes.small_cells.overlap import Joint, join
from weighbridge.probes.small_cells.shown import ShownCounts, read_shown
from weighbridge.probes.small_cells.sums import Unknowns, take_in
from weighbridge.probes.small_cells.tally import (
    DERIVED,
    DIFFERENCED,
    KINDS,
    NARROWED,
    SHOWN,
    ZERO,
    Tally,
    tally,
    together,
)

_SECONDS_EACH = 0.02  # nominal, for one hidden cell that goes to the solver; ours


By = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """As on the card."""

    k: int = 11
    count: str = ""
    cells: int = 200_000
    unknowns: int = 2000


def measure(bench: Bench, settings: Settings) -> Outcome:
    """Find the tables of counts, work out what they hide, and count the cells that tell of few people."""
    released, others = _tables(bench)
    declared = tuple(name.strip() for name in settings.count.split(",") if name.strip())
    sorted_ = _Sorted()
    for table in released:
        bench.progress(sorted_.seen, len(released) + len(others), "table")
        sorted_.take(table, declared, settings)
    if not sorted_.small and not sorted_.large:
        return sorted_.silence(len(released))
    own = len(sorted_.small)
    for table in others:  # others' tables are no part of the release: they help to work out what it hides
        sorted_.take_other(table, declared, settings)
    unknowns = Unknowns()
    summed = [take_in(grid, unknowns) for grid in sorted_.small]
    joints = join(summed, unknowns)
    solved = _solve(bench, unknowns, settings)
    tallies = [tally(s, solved, k=settings.k) for s in summed[:own]]
    large = [_of_large(bench, table, shape, settings) for table, shape in sorted_.large]
    whole = together([*tallies, *large, _of_versions(joints, settings.k)])
    notes = [note for s, t in zip(summed, tallies, strict=False) for note in (*on_sums(s), *on_tally(s.grid, t))]
    notes += [note for (table, _), t in zip(sorted_.large, large, strict=True) for note in on_large(table.label, t)]
    return Measured(
        quantities=_quantities(whole, complete=not sorted_.unclear),
        notes=(*notes, *on_joints(joints, settings.k), *sorted_.asides()),
    )


def _tables(bench: Bench) -> tuple[list[Table], list[Table]]:
    """Tables that are released, and those that others have already (role population)."""
    return list(released(bench, but=(Role.POPULATION,))), list(bench.tables(Role.POPULATION))


class _Sorted:
    """Tables as they are told apart: of counts, of people's counts, small enough to be worked out, or neither."""

    def __init__(self) -> None:
        self.seen = 0
        self.small: list[Grid] = []
        self.large: list[tuple[Table, Shape]] = []
        self.unclear: list[NotMeasured] = []
        self.not_people: list[str] = []
        self.no_counts: list[str] = []

    def take(self, table: Table, declared: Sequence[str], settings: Settings) -> None:
        """Sort in a table that is to be released."""
        self.seen += 1
        shape = recognised(table, declared)
        if shape is None:
            self.no_counts.append(table.label)
            return
        fits = table.n_rows * len(shape.values) <= settings.cells
        grid = read_grid(table, shape) if fits else None
        are = about_people(table, shape, grid)
        if are is False:
            self.not_people.append(table.label)
        elif are is None:
            self.unclear.append(unclear(table.label))
        elif grid is not None:
            self.small.append(grid)
        else:
            self.large.append((table, shape))

    def take_other(self, table: Table, declared: Sequence[str], settings: Settings) -> None:
        """Sort in a table that others have."""
        shape = recognised(table, declared)
        if shape and table.n_rows * len(shape.values) <= settings.cells:
            self.small.append(read_grid(table, shape))

    def silence(self, n: int) -> NotApplicable | NotMeasured:
        """What to say where there is no table of counts of people."""
        if self.unclear:
            return self.unclear[0]
        if self.not_people:
            return NotApplicable(
                because=phrase("no table of counts is about people: {n} count other things", n=len(self.not_people))
            )
        says = (
            "none of {n} tables to be released is known for counts of people; if one is: --set small-cells.count=COLUMN"
        )
        return NotApplicable(because=phrase(says, n=n))

    def asides(self) -> tuple[Phrase, ...]:
        """What was set aside beside what was measured."""
        said = [u.because for u in self.unclear] + [u.remedy for u in self.unclear]
        if self.no_counts:
            says = "{n} other tables hold no counts that were known; if one does: --set small-cells.count=COLUMN"
            said.append(phrase(says, n=len(self.no_counts)))
        return tuple(said)


def _solve(bench: Bench, unknowns: Unknowns, settings: Settings) -> Bounds:
    low = np.concatenate([*unknowns.low, np.zeros(0)])
    high = np.concatenate([*unknowns.high, np.zeros(0)])
    most = min(settings.unknowns, bench.budget.affords(_SECONDS_EACH))
    return bounds(
        low, high, equations(unknowns.terms), below=settings.k, unknowns=most,
        tick=lambda done, of: bench.progress(done, of, "hidden cell"),
    )  # fmt: skip


def _of_large(bench: Bench, table: Table, shape: Shape, settings: Settings) -> Tally:
    """Of a table with too many cells: what it shows. What it hides stays open."""
    fold = ShownCounts(columns=shape.values, k=settings.k)
    found = read_shown(table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    return Tally(
        cells=found.cells, hidden=found.hidden, open=found.hidden, found=Counter({SHOWN: found.small, ZERO: found.zero})
    )


def _of_versions(joints: Sequence[Joint], k: int) -> Tally:
    """Cells that changed by a few people between two versions of a table."""
    changed = sum(int((joint.differences < k).sum()) for joint in joints)
    return Tally(found=Counter({DIFFERENCED: changed}))


def _quantities(whole: Tally, *, complete: bool) -> tuple[Quantity, ...]:
    """Each kind, and the two that tell a count outright together; what was not looked for widens the upper end."""
    n = max(1, whole.cells)
    numbers: list[tuple[By, int, int]] = [((), whole.found[SHOWN] + whole.found[DERIVED], whole.open)]
    numbers += [
        ((("cell", kind),), whole.found[kind], whole.open if kind in (DERIVED, NARROWED, ZERO) else 0) for kind in KINDS
    ]
    made = []
    for by, found, more in numbers:
        high = found + more if complete else max(n, found + more)
        made.append(_quantity("small-cells", found, high, "count", whole.cells, by))
        if by != (("cell", DIFFERENCED),):
            made.append(_quantity("small-cell-share", min(1.0, found / n), min(1.0, high / n), "1", whole.cells, by))
    hidden = whole.hidden
    return (*made, _quantity("hidden-cells", hidden, hidden, "count", whole.cells, ()))


def _quantity(metric: str, value: float, high: float, unit: str, n: int, by: tuple[tuple[str, str], ...]) -> Quantity:
    return Quantity(
        metric=metric, value=value, low=value, high=high, confidence=1.0, unit=unit, n=n, n_of="cell", by=by
    )


PROBE = Probe(Settings, measure)
