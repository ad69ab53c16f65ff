"""What a made-up table gives away of the rows it was made from: attacks, on the originals and on rows it never saw.

Every attack is tried on originals and on a control of the same kind. What goes for both is what such tables tell of such
people; only what goes for the originals alone is a leak. The units are the rows attacked, so that given the made-up table
those of the control are independent draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weighbridge.maths.proportions import Interval, clopper_pearson
from weighbridge.maths.ratios import paired_drop

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TOLERANCE = 0.05  # of the range of a number: a guess as near is right; anonymeter's default
_AT_A_TIME = 1 << 22  # distances held at once; ours, for memory
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of one table, in the measures of the originals: numbers so that their range is 1, categories as codes.

    `numbers` has shape (n, p), NaN where missing; `codes` has shape (n, q), and a missing value is a code of its own.
    """

    numbers: Floats
    codes: Ints

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.numbers)

    @property
    def width(self) -> int:
        """How many columns: numbers first, then codes."""
        return self.numbers.shape[1] + self.codes.shape[1]

    def take(self, rows: Ints) -> Rows:
        """Some of the rows."""
        return replace(self, numbers=self.numbers[rows], codes=self.codes[rows])

    def parts(self, columns: Ints) -> Rows:
        """Some of the columns."""
        p = self.numbers.shape[1]
        return Rows(numbers=self.numbers[:, columns[columns < p]], codes=self.codes[:, columns[columns >= p] - p])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nearest:
    """Of each row attacked, which made-up row is nearest and how far it is, as a mean over columns in [0, 1]."""

    index: Ints
    distance: Floats
    without: Ints  # shape (n, k): which is nearest where one of k columns is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attack on originals and on the control."""

    originals: Bools  # whether it was right about each original
    control: Bools
    is_paired: bool = False  # the same guess was tried on both

    def gap(self, confidence: float) -> Interval:
        """How much more often it is right about originals than about the control."""
        if self.is_paired:
            return paired_drop(self.originals, self.control, confidence=confidence)
        return share_gap(self.originals, self.control, confidence)


def share_gap(a: Bools, b: Bools, confidence: float) -> Interval:
    """One share less another, by squares: the ends are as far as both exact intervals reach, taken as independent.

    References
    ----------
    Newcombe 1998, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    method 10, with Clopper and Pearson's intervals in the place of Wilson's, which makes it the more careful.
    """
    one, two = (clopper_pearson(int(f.sum()), len(f), confidence=confidence) for f in (a, b))
    value = one.value - two.value
    down = math.hypot(one.value - one.low, two.high - two.value)
    up = math.hypot(one.high - one.value, two.value - two.low)
    return Interval(value, max(-1.0, value - down), min(1.0, value + up))


def nearest(targets: Rows, made: Rows, *, leave_out: Ints | None = None, tick: Callable[[], None] | None = None) -> Nearest:
    """The made-up row nearest to each target, by Gower's distance.

    References
    ----------
    Gower 1971, A general coefficient of similarity and some of its properties, Biometrics 27.
    """
    left = np.zeros(0, np.int64) if leave_out is None else leave_out
    index, distance = np.zeros(targets.n, np.int64), np.zeros(targets.n)
    without = np.zeros((targets.n, len(left)), np.int64)
    step = max(1, _AT_A_TIME // max(1, made.n))
    for start in range(0, targets.n, step):
        part = slice(start, min(start + step, targets.n))
        total = sum(_by_column(targets, made, part), np.zeros((part.stop - part.start, made.n), np.float32))
        index[part] = total.argmin(axis=1)
        distance[part] = total.min(axis=1) / targets.width
        for k, column in enumerate(left.tolist()):
            without[part, k] = (total - _apart(targets, made, part, column)).argmin(axis=1)
        if tick:
            tick()
    return Nearest(index=index, distance=distance, without=without)


def _by_column(targets: Rows, made: Rows, part: slice) -> Iterator[npt.NDArray[np.float32]]:
    for column in range(targets.width):
        yield _apart(targets, made, part, column)


def _apart(targets: Rows, made: Rows, part: slice, column: int) -> npt.NDArray[np.float32]:
    """How far targets and made-up rows lie apart in one column: 1 at most, 0 where both are missing."""
    p = targets.numbers.shape[1]
    if column >= p:
        differ = targets.codes[part, column - p][:, None] != made.codes[:, column - p][None, :]
        return differ.astype(np.float32)
    a, b = targets.numbers[part, column].astype(np.float32), made.numbers[:, column].astype(np.float32)
    apart = np.minimum(np.abs(a[:, None] - b[None, :]), 1)
    if not (np.isnan(a).any() or np.isnan(b).any()):
        return np.asarray(apart, np.float32)
    both = np.isnan(a)[:, None] & np.isnan(b)[None, :]
    return np.asarray(np.where(both, 0, np.nan_to_num(apart, nan=1)), np.float32)


def closest(originals: Nearest, control: Nearest) -> Attempt:
    """Who is in the originals is guessed by nearness: nearer than all but a twentieth of one half of the control.

    The other half of the control is attacked, so that the threshold is owed to neither side.

    References
    ----------
    Distance to the closest record: Chen et al. 2020, GAN-Leaks (CCS), the black-box attack; at 5 % of false alarms (ours).
    """
    half = len(control.distance) // 2
    threshold = float(np.quantile(control.distance[:half], TOLERANCE))
    return Attempt(originals=originals.distance < threshold, control=control.distance[half:] < threshold)


def copied(originals: Nearest, control: Nearest) -> Attempt:
    """Whether a row stands in the made-up table as it is."""
    return Attempt(originals=originals.distance < _SAME, control=control.distance < _SAME)


def inferred(targets: Rows, made: Rows, found: Nearest, left_out: Ints) -> Bools:
    """Whether the nearest made-up row tells each column left out, shape (n, k); numbers to within `TOLERANCE`."""
    p = targets.numbers.shape[1]
    right = np.zeros((targets.n, len(left_out)), np.bool_)
    for k, column in enumerate(left_out.tolist()):
        chosen = found.without[:, k]
        if column >= p:
            right[:, k] = targets.codes[:, column - p] == made.codes[chosen, column - p]
        else:
            right[:, k] = np.abs(targets.numbers[:, column] - made.numbers[chosen, column]) <= TOLERANCE
    return right


def singled_out(
    made: Rows, originals: Rows, control: Rows, *, n: int, columns: int, rng: np.random.Generator
) -> Attempt | None:
    """Whether what is true of one made-up row only is true of one original only; None where too few such things are.

    Predicates are drawn from made-up rows over a few columns: a category is equal, a number is as high, or as low, as in
    the row. Those that fit one made-up row only are tried on as many originals as there are rows of the control.

    References
    ----------
    Cohen and Nissim 2020, Towards formalizing the GDPR's notion of singling out, PNAS 117; Giomi et al. 2023, A Unified
    Framework for Quantifying Privacy Risk in Synthetic Data (anonymeter), PoPETs 2023(2), the multivariate attack.
    """
    size = min(originals.n, control.n)
    tables = (originals.take(np.arange(size)), control.take(np.arange(size)))
    middle = np.nan_to_num(np.nanmedian(made.numbers, axis=0)) if made.numbers.size else np.zeros(0)
    hits: list[list[bool]] = []
    for _ in range(10 * n):
        if len(hits) >= n:
            break
        row = int(rng.integers(made.n))
        chosen = rng.permutation(made.width)[:columns]
        if int(_fitting(made, made, row, chosen, middle).sum()) == 1:
            hits.append([int(_fitting(made, table, row, chosen, middle).sum()) == 1 for table in tables])
    if len(hits) < n:
        return None
    both = np.array(hits, np.bool_)
    return Attempt(originals=both[:, 0], control=both[:, 1], is_paired=True)


def _fitting(made: Rows, table: Rows, row: int, columns: Ints, middle: Floats) -> Bools:
    p = made.numbers.shape[1]
    fits = np.ones(table.n, np.bool_)
    for column in columns.tolist():
        if column >= p:
            fits &= table.codes[:, column - p] == made.codes[row, column - p]
            continue
        value, values = made.numbers[row, column], table.numbers[:, column]
        if np.isnan(value):
            fits &= np.isnan(values)
        else:
            fits &= values >= value if value > middle[column] else values <= value
    return fits
