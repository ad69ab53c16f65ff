"""Which combinations there is time for, from figures alone and never from a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from weighbridge.maths.classes import n_combinations
from weighbridge.probekit.attributes import Attributes, Part

CONFIRMED = 20  # sampled combinations that are then counted one by one; ours

# Nominal cost of one combination: what DuckDB took on two cores over a million rows and seven columns, rounded up.
_SECONDS, _SECONDS_PER_ROW, _PERSON_FACTOR = 5e-3, 3e-7, 3.0
# Nominal cost of a scan on one core: of hashing a cell, and of looking at a row's key in one combination.
_SECONDS_PER_CELL, _SECONDS_PER_KEY = 1e-7, 3e-9
_PATIENCE_S = 20.0  # nominal; below, every combination is counted one by one. Ours
_MOST_SETS = 4096  # combinations in one scan, so that what is remembered of them stays small; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which combinations are counted, and how."""

    columns: tuple[str, ...]  # those that are combined
    left_out: tuple[str, ...]
    by_sample: bool


def _n_without(quasi: int, max_columns: int) -> int:
    """How many sets of all columns but one are not among the combinations."""
    return quasi if quasi > 1 and quasi - 1 > max_columns else 0


def n_planned(attributes: Attributes, plan: Plan, *, max_columns: int) -> int:
    """How many times it is grouped, at the most."""
    if plan.by_sample:
        return n_needed(attributes) + CONFIRMED + max_columns
    m = len(plan.columns)
    bigger = n_combinations(m, at_most=max_columns) - m
    whole_again = 1 if 1 < m == len(attributes.of(Part.QUASI)) <= max_columns else 0
    return n_needed(attributes) + bigger - whole_again + (0 if plan.left_out else _n_without(m, max_columns))


def n_needed(attributes: Attributes) -> int:
    """How many times it is grouped at the least: by each column, by all of them together, and by each identifier."""
    quasi = len(attributes.of(Part.QUASI))
    grouped = [columns for columns in attributes.identifiers if attributes.person or not attributes.is_direct(columns)]
    return quasi + (quasi > 1) + bool(attributes.of(Part.OVERLOOKED)) + len(grouped)


def seconds_per_count(attributes: Attributes) -> float:
    """Nominal seconds of grouping a table once."""
    rows = _SECONDS + _SECONDS_PER_ROW * attributes.n_rows
    return rows if attributes.one_row_each else _PERSON_FACTOR * rows


def seconds_needed(attributes: Attributes) -> float:
    """Nominal seconds of what is counted at the least, with one scan for each sensitive column."""
    cells = len(attributes.of(Part.SENSITIVE)) * (len(attributes.of(Part.QUASI)) + 1) * attributes.n_rows
    return n_needed(attributes) * seconds_per_count(attributes) + cells * _SECONDS_PER_CELL


def plan_for(
    attributes: Attributes, ranked: tuple[str, ...], *, max_columns: int, affords: Callable[[float], bool]
) -> Plan:
    """What there is time for.

    Persons with several rows are not sampled: each counts with the smallest of all classes that it has a row in, and a
    sample of classes cannot tell which that is. For them the columns that tell most are combined, and counted fully.

    Parameters
    ----------
    ranked : the columns, those first that tell most by themselves
    affords : whether so many nominal seconds fit
    """
    each, needed = seconds_per_count(attributes), seconds_needed(attributes)
    quasi = attributes.of(Part.QUASI)

    def one_by_one(m: int) -> float:
        sets = n_combinations(m, at_most=max_columns) - m + (_n_without(m, max_columns) if m == len(quasi) else 0)
        return needed + sets * each

    def scanned(m: int) -> float:
        cells = m * _SECONDS_PER_CELL + (n_combinations(m, at_most=max_columns) + m) * _SECONDS_PER_KEY
        return needed + (CONFIRMED + 1) * each + attributes.n_rows * cells

    everything = one_by_one(len(quasi))
    if len(quasi) < 2 or (everything <= max(_PATIENCE_S, needed + each) and affords(everything)):
        return Plan(columns=quasi, left_out=(), by_sample=False)
    by_sample = attributes.one_row_each and not attributes.rows_stay
    seconds = scanned if by_sample else one_by_one
    fits = [m for m in range(2, len(quasi) + 1) if _few_enough(m, max_columns) and affords(seconds(m))]
    chosen = set(ranked[: max(fits, default=1)])
    return Plan(
        columns=tuple(c for c in quasi if c in chosen),
        left_out=tuple(c for c in quasi if c not in chosen),
        by_sample=by_sample and len(chosen) > 1,
    )


def _few_enough(m: int, max_columns: int) -> bool:
    return n_combinations(m, at_most=max_columns) <= _MOST_SETS
