"""What a made-up table gives away of the rows it was made from: attacks, on the originals and on rows it never saw.

Every attack is tried on originals and on a control of the same kind. What goes for both is what such tables tell of
such people; only what goes for the originals alone is a leak. The units are the rows attacked, so that given the
made-up table those of the control are independent draws.
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
        return int(self.numbers.shape[1] + self.codes.shape[1])

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
    compared: float = 1.0  # of the made-up rows, the share that was held against them

    def gap(self, confidence: float) -> Interval:
        """How much more often it is right about originals than about the control.

        Where only a part of the made-up rows was compared, the upper end takes the rest to give away as much.
        """
        if self.is_paired:
            found = paired_drop(self.originals, self.control, confidence=confidence)
        else:
            found = share_gap(self.originals, self.control, confidence)
        return (
            found if self.compared >= 1 else replace(found, high=min(1.0, max(found.high, found.high / self.compared)))
        )


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


def nearest(
    targets: Rows, made: Rows, *, leave_out: Ints | None = None, tick: Callable[[], None] | None = None
) -> Nearest:
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
        return np.asarray(differ, np.float32)
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
    Distance to the closest record: Chen et al. 2020, GAN-Leaks (CCS), the black-box attack; at 5 % of false alarms
    (ours).
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


def singled_out(made: Rows, originals: Rows, control: Rows, *, n: int, rng: np.random.Generator) -> Attempt | None:
    """Whether what is true of one made-up row only is true of one original only; None where too few such things are.

    What is true of a made-up row is told column after column, in random order, until it fits no other: a category is
    equal, a number is as high, or as low, as in the row. It is then tried on as many originals as there are rows of the
    control.

    References
    ----------
    Cohen and Nissim 2020, Towards formalizing the GDPR's notion of singling out, PNAS 117; Giomi et al. 2023, A Unified
    Framework for Quantifying Privacy Risk in Synthetic Data (anonymeter), PoPETs 2023(2), the multivariate attack.
    """
    size = min(originals.n, control.n)
    tables = (originals.take(np.arange(size)), control.take(np.arange(size)))
    middle = _middle(made)
    hits: list[tuple[bool, bool]] = []
    for _ in range(3 * n):
        if len(hits) >= n:
            break
        row = int(rng.integers(made.n))
        told = _until_alone(made, row, rng.permutation(made.width), middle)
        if told is not None:
            first, second = (_fitting(made, table, row, told, middle) == 1 for table in tables)
            hits.append((first, second))
    if len(hits) < n:
        return None
    both = np.array(hits, np.bool_)
    return Attempt(originals=both[:, 0], control=both[:, 1], is_paired=True)


def _middle(made: Rows) -> Floats:
    """The median of each column of numbers; 0 where all are missing."""
    present = np.isfinite(made.numbers)
    columns = zip(made.numbers.T, present.T, strict=True)
    return np.array([float(np.median(values[held])) if held.any() else 0.0 for values, held in columns], np.float64)


def _until_alone(made: Rows, row: int, order: Ints, middle: Floats) -> Ints | None:
    """The first columns in this order that tell a made-up row from all others; None where all together do not."""
    left = np.arange(made.n)
    for n_told, column in enumerate(order.tolist(), 1):
        left = left[_fits(made, made, row, column, middle, left)]
        if len(left) == 1:
            return order[:n_told]
    return None


def _fitting(made: Rows, table: Rows, row: int, columns: Ints, middle: Floats) -> int:
    """How many rows of a table are as a made-up row is told to be."""
    left = np.arange(table.n)
    for column in columns.tolist():
        left = left[_fits(made, table, row, column, middle, left)]
    return len(left)


def _fits(made: Rows, table: Rows, row: int, column: int, middle: Floats, among: Ints) -> Bools:
    p = made.numbers.shape[1]
    if column >= p:
        return np.asarray(table.codes[among, column - p] == made.codes[row, column - p])
    value, values = made.numbers[row, column], table.numbers[among, column]
    if np.isnan(value):
        return np.asarray(np.isnan(values))
    return np.asarray(values >= value if value > middle[column] else values <= value)
