"""Which cells tell a small count, and how: the answer, before it is put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.bounds import Bounds
from weighbridge.probekit.ports import Bools, Floats
from weighbridge.probes.small_cells.sums import Summed

SHOWN, DERIVED, NARROWED, DIFFERENCED, ZERO = "shown", "derived", "narrowed", "differenced", "zero"
KINDS = (SHOWN, DERIVED, NARROWED, DIFFERENCED, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The cells of one table, or of several: `found` by kind; `open` are hidden ones that were not all looked at."""

    cells: int = 0
    hidden: int = 0
    open: int = 0
    contradictory: int = 0
    found: Counter[str]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            cells=self.cells + other.cells, hidden=self.hidden + other.hidden, open=self.open + other.open,
            contradictory=self.contradictory + other.contradictory, found=self.found + other.found,
        )  # fmt: skip


def tally(summed: Summed, solved: Bounds, *, k: int) -> Tally:
    """Count the cells of one table."""
    own = slice(summed.first, summed.first + summed.grid.n)
    shown = summed.low == summed.high
    found = Counter({
        SHOWN: int((shown & (summed.low > 0) & (summed.low < k)).sum()),
        ZERO: int((shown & (summed.low == 0)).sum()),
    })  # fmt: skip
    low, high = solved.low[own], solved.high[own]
    found += _told(low[~shown], high[~shown], (summed.low[~shown], summed.high[~shown]), k=k)
    extra = summed.left_out
    nothing = (np.zeros(len(extra)), np.full(len(extra), np.inf))
    found += _told(solved.low[extra], solved.high[extra], nothing, k=k)
    # A row that is left out and turns out to be of nobody tells no more than that it is left out.
    found[ZERO] -= int((solved.high[extra] == 0).sum())
    hidden = np.append(np.flatnonzero(~shown) + summed.first, extra)
    return Tally(
        cells=summed.grid.n + len(extra), hidden=len(hidden), open=int(solved.unsolved[hidden].sum()),
        contradictory=int(solved.contradictory[hidden].sum()), found=+found,
    )  # fmt: skip


def _told(low: Floats, high: Floats, printed: tuple[Floats, Floats], *, k: int) -> Counter[str]:
    exact = low == high
    is_small = (low >= 1) & (high < k)
    narrower = is_small & ~exact & _narrower(low, high, *printed, k=k)
    return Counter({
        DERIVED: int((exact & is_small).sum()), ZERO: int((exact & (high == 0)).sum()), NARROWED: int(narrower.sum()),
    })  # fmt: skip


def _narrower(low: Floats, high: Floats, printed_low: Floats, printed_high: Floats, *, k: int) -> Bools:
    """Whether a range says more than the print does, which at best means 1 to below k, or below what is printed."""
    least = np.maximum(printed_low, 1)
    most = np.minimum(printed_high, k - 1)
    return np.asarray((low > least) | (high < most))


def together(tallies: Sequence[Tally]) -> Tally:
    """All of them as one."""
    return sum(tallies, Tally(found=Counter()))
