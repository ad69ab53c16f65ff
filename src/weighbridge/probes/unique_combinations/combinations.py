"""Every combination of columns, counted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from weighbridge.maths.classes import Crowd, crowd, n_combinations
from weighbridge.probekit.ports import Table
from weighbridge.probes.unique_combinations.attributes import Attributes, Part

DECLARED = "declared"
IDENTIFIER = "identifier"

# Nominal cost of one combination: what DuckDB took on two cores over a million rows and seven columns, rounded up.
_SECONDS, _SECONDS_PER_ROW, _PERSON_FACTOR = 5e-3, 3e-7, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One combination and how well people hide in it."""

    columns: tuple[str, ...]
    crowd: Crowd


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All that was counted of one table."""

    table: str  # its label
    n_of: str
    points: tuple[tuple[str, Crowd], ...]  # value of the axis `columns`, and the worst there; see `worst`
    combinations: tuple[Counted, ...]
    without: tuple[Counted, ...]  # all quasi-identifiers but one; `columns` names the one left out
    identifiers: tuple[Counted, ...]
    beyond: Crowd | None  # all quasi-identifiers with those that were not declared; None where there are none such
    is_open: bool  # one person may have several rows, and nothing tells whose they are


def worst(crowds: Iterable[Crowd]) -> Crowd:
    """The worst of each number; they need not come from the same combination."""
    every = tuple(crowds)
    return Crowd(
        n=every[0].n,
        unique=max(c.unique for c in every),
        small=max(c.small for c in every),
        smallest=min(c.smallest for c in every),
    )


def n_counts(attributes: Attributes, *, max_columns: int) -> int:
    """How many times a table has to be grouped; known before the start."""
    quasi = len(attributes.of(Part.QUASI))
    grouped = [columns for columns in attributes.identifiers if attributes.person or not attributes.is_direct(columns)]
    whole = (1 + quasi if quasi > 1 else 0) + (1 if attributes.of(Part.OVERLOOKED) else 0)
    return n_combinations(quasi, at_most=max_columns) + whole + len(grouped)


def seconds_per_count(attributes: Attributes, *, n_rows: int) -> float:
    """Nominal seconds of grouping a table once."""
    return (_SECONDS + _SECONDS_PER_ROW * n_rows) * (_PERSON_FACTOR if attributes.person else 1.0)


def count(table: Table, attributes: Attributes, *, k: int, max_columns: int, tick: Callable[[], None]) -> Curve:
    """Count every combination of one to `max_columns` quasi-identifiers, all of them together, and each identifier."""
    steps = dict(attributes.steps)

    def counted(columns: tuple[str, ...]) -> Counted:
        tick()
        found = table.class_sizes(columns, person=attributes.person, steps=steps)
        return Counted(columns=columns, crowd=crowd(found.sizes, found.individuals, k=k))

    quasi = attributes.of(Part.QUASI)
    sizes = range(1, max_columns + 1)
    combinations = [counted(columns) for size in sizes for columns in itertools.combinations(quasi, size)]
    points = [(str(size), worst(c.crowd for c in combinations if len(c.columns) <= size)) for size in sizes if quasi]
    without: list[Counted] = []
    if len(quasi) > 1:
        points.append((DECLARED, counted(quasi).crowd))
        without = [_left_out(name, counted(tuple(c for c in quasi if c != name))) for name in quasi]
    elif quasi:
        points.append((DECLARED, combinations[0].crowd))
    identifiers = tuple(
        _direct(columns, attributes, counted) if attributes.is_direct(columns) else counted(columns)
        for columns in attributes.identifiers
    )
    overlooked = attributes.of(Part.OVERLOOKED)
    alike = _all_alike(attributes.n_individuals, k=k)
    points.append((IDENTIFIER, worst([alike, *(c.crowd for c in identifiers)])))
    return Curve(
        table=table.label, n_of="person" if attributes.person else "row", points=tuple(points),
        combinations=tuple(combinations), without=tuple(without), identifiers=identifiers,
        beyond=counted((*quasi, *overlooked)).crowd if overlooked else None, is_open=bool(attributes.repeating),
    )  # fmt: skip


def _direct(columns: tuple[str, ...], attributes: Attributes, counted: Callable[[tuple[str, ...]], Counted]) -> Counted:
    """An identifier of which each value is one person's.

    Where persons are known, those who share a value are counted so, and yet the value names one of them. Where they are
    not, several rows with one value are several rows of one person, who is alone with it.
    """
    if attributes.person:
        found = counted(columns)
        return replace(found, crowd=replace(found.crowd, smallest=1))
    with_it = min(t.n_present for t in attributes.traits if t.name in columns)
    alone = Crowd(n=attributes.n_individuals, unique=with_it, small=with_it, smallest=1)
    return Counted(columns=columns, crowd=alone)


def _all_alike(n: int, *, k: int) -> Crowd:
    """What somebody sees who knows nothing: everybody in one class. So it is where nothing identifies by itself."""
    return Crowd(n=n, unique=n if n == 1 else 0, small=n if n < k else 0, smallest=n)


def _left_out(name: str, rest: Counted) -> Counted:
    return Counted(columns=(name,), crowd=rest.crowd)
