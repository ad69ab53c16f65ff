"""What lookalikes give away of each other: how many sensitive values there are among people nobody can tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weighbridge.maths.proportions import corrected
from weighbridge.maths.thinning import total_above, total_below
from weighbridge.probekit.attributes import Attributes, Part
from weighbridge.probekit.combinations import Combinations, read_classes
from weighbridge.probekit.ports import Bench, Floats, Table

CONFIDENCE = 0.95

_PAIRS = 1 << 20  # of a class and a value in it, remembered at the most; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversity:
    """The worst sensitive column of a table.

    `fewest` is the l of l-diversity, the fewest different values in any class; with `told` rows whose class has one
    value only. Bounds are those of a sample of classes where there were too many to remember.
    """

    column: str
    n: int
    fewest: int
    fewest_least: int
    told: float  # share of rows
    told_low: float
    told_high: float
    is_sampled: bool
    is_exact: bool  # neither sampled nor could others know more than was declared


def diversity(bench: Bench, table: Table, attributes: Attributes, *, largest: int) -> tuple[Diversity, ...]:
    """Every sensitive column within the classes of all columns that others could know, the largest of so many rows."""
    can_be_told = attributes.of(Part.QUASI) and not is_untold(attributes)
    sensitive = attributes.of(Part.SENSITIVE) if can_be_told else ()
    return tuple(_of(bench, table, attributes, column, (len(sensitive), largest)) for column in sensitive)


def is_untold(attributes: Attributes) -> bool:
    """Whether there is something sensitive, and no scan to tell how it is mixed, since rows stay where they lie."""
    return attributes.rows_stay and bool(attributes.of(Part.SENSITIVE))


def _of(bench: Bench, table: Table, attributes: Attributes, column: str, among: tuple[int, int]) -> Diversity:
    comparisons, largest = among
    columns = (*attributes.of(Part.QUASI), column)
    fold = Combinations(
        columns=columns, sets=(tuple(range(len(columns) - 1)),), inner=column, seed=bench.seed,
        steps=tuple(s for s in attributes.steps if s[0] in columns),
        cap=_PAIRS,
    )  # fmt: skip
    (found,) = read_classes(fold, table.fold(fold, lambda done, of: bench.progress(done, of, "row")))
    n, is_sampled, is_open = table.n_rows, found.chance < 1, bool(attributes.of(Part.OVERLOOKED))
    is_exact = not is_sampled and not is_open
    alike: Floats = found.sizes[found.values == 1].astype(np.float64)
    each = 1 - (1 - corrected(CONFIDENCE, comparisons)) / 2
    total, squares = np.array([alike.sum()]), np.array([(alike**2).sum()])
    low = float(total_above(total, squares, found.chance, confidence=each)[0])
    high = float(total_below(total, squares, float(largest), found.chance, confidence=each)[0])
    fewest = int(found.values.min()) if len(found.values) else 1
    told = min(1.0, float(total[0]) / found.chance / n)
    return Diversity(
        column=column, n=n, fewest=fewest, fewest_least=fewest if is_exact else 1, is_exact=is_exact, told=told,
        told_low=min(told, low / n), told_high=1.0 if is_open else max(told, min(1.0, high / n)),
        is_sampled=is_sampled,
    )  # fmt: skip
