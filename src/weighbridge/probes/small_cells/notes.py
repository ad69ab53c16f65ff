"""What is said beside the numbers: what was taken for a total, what was not looked for. No count of a cell is told."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.core.evidence import NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.speaker import called
from weighbridge.probes.small_cells.grids import Grid
from weighbridge.probes.small_cells.overlap import Joint
from weighbridge.probes.small_cells.sums import Summed
from weighbridge.probes.small_cells.tally import DERIVED, NARROWED, ZERO, Tally


def unclear(label: str) -> NotMeasured:
    """What to say of a table of counts of which nothing tells what it counts."""
    return NotMeasured(
        because=phrase("{label} is a table of counts, and nothing tells whether it counts people", label=label),
        remedy=phrase(
            "say it in weighbridge.toml, at the artefact {label}: about_people = true, or about_people = false",
            label=label,
        ),
    )


def on_sums(summed: Summed) -> tuple[Phrase, ...]:
    """What the table was taken for."""
    grid = summed.grid
    label = grid.label
    with_total = [i for i, code in enumerate(grid.total) if code >= 0 and grid.dimensions[i] not in summed.no_sums]
    notes = [
        phrase(
            "{label}: {cells} cells over {columns}; totals of {totals} give {n} equations",
            label=label,
            cells=grid.n,
            columns=_named(grid, range(len(grid.dimensions))) or "nothing",
            totals=_named(grid, with_total) or "no column",
            n=summed.n_equations,
        )
    ]
    if summed.no_sums:
        says = "{label}: totals of {columns} are no sums of what stands beside them; nothing was worked out from these"
        wrong = [i for i, name in enumerate(grid.dimensions) if name in summed.no_sums]
        notes.append(phrase(says, label=label, columns=_named(grid, wrong)))
    if grid.base > 1:
        says = "{label}: all counts are multiples of {base}, so each is taken to be rounded, by up to {most} either way"
        notes.append(phrase(says, label=label, base=grid.base, most=grid.base - 1))
    if len(summed.left_out):
        says = "{label}: under {n} totals rows are left out; what is missing there is counted as one hidden cell each"
        notes.append(phrase(says, label=label, n=len(summed.left_out)))
    return tuple(notes)


def on_tally(grid: Grid, tally: Tally) -> tuple[Phrase, ...]:
    """What was found in it, and what was not looked for."""
    notes = []
    if tally.found[DERIVED] or tally.found[NARROWED]:
        says = (
            "{label}: of {hidden} hidden cells {derived} small ones follow exactly from others, and {narrowed} to a few"
        )
        says += " people; hide more cells beside them, or the totals"
        notes.append(
            phrase(
                says,
                label=grid.label,
                hidden=tally.hidden,
                derived=tally.found[DERIVED],
                narrowed=tally.found[NARROWED],
            )
        )
    if tally.found[ZERO]:
        says = "{label}: {n} cells count nobody; a nought tells of all in the group that they are not among the counted"
        notes.append(phrase(says, label=grid.label, n=tally.found[ZERO]))
    if tally.open:
        says = "{label}: {n} hidden cells hang together in more equations than were solved, so the numbers stay open;"
        says += " solve them: --set small-cells.unknowns={n}"
        notes.append(phrase(says, label=grid.label, n=tally.open))
    if tally.contradictory:
        says = (
            "{label}: {n} hidden cells stand in equations that nothing satisfies, and nothing was worked out for them;"
        )
        says += " are all totals sums?"
        notes.append(phrase(says, label=grid.label, n=tally.contradictory))
    return tuple(notes)


def on_large(label: str, tally: Tally) -> tuple[Phrase, ...]:
    """Of a table with too many cells."""
    says = "{label}: {cells} cells are too many to work out the {hidden} hidden ones, so the numbers stay open;"
    says += " look at all: --set small-cells.cells={cells}"
    if not tally.hidden:
        return ()
    return (phrase(says, label=label, cells=tally.cells, hidden=tally.hidden),)


def on_joints(joints: Sequence[Joint], k: int) -> tuple[Phrase, ...]:
    """Of tables that count the same people, and of versions of one."""
    notes = []
    for joint in joints:
        one, other = joint.labels
        if joint.n_equations:
            says = "{one} and {other} count the same people where both show a count; {n} equations come from that"
            notes.append(phrase(says, one=one, other=other, n=joint.n_equations))
        elif len(joint.differences):
            few = int((joint.differences < k).sum())
            says = (
                "{one} and {other} are versions of one table: {n} cells changed, {few} of them by fewer than {k} people"
            )
            notes.append(phrase(says, one=one, other=other, n=len(joint.differences), few=few, k=k))
    return tuple(notes)


def _named(grid: Grid, dimensions: Sequence[int] | range) -> str:
    names = [called(grid.dimensions[i], i + 1) if grid.dimensions[i] else "the columns" for i in dimensions]
    return ", ".join(names[:8]) + (f" (+{len(names) - 8})" if len(names) > 8 else "")
