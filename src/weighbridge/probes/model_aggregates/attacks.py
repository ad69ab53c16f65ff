"""The attacks on a made-up table, and the same on a known leak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from weighbridge.maths.proportions import Interval, corrected, largest
from weighbridge.maths.synthetic import Attempt, Bools, Ints, Rows, closest, copied, inferred, nearest, singled_out
from weighbridge.probes.model_aggregates.tables import Encoded

CONFIDENCE = 0.95
ATTACKS = ("exact-copy", "closest-record", "linkability", "inference", "singling-out")


@dataclass(slots=True, kw_only=True)
class Tried:
    """What came of the attacks on one table."""

    attempts: dict[str, Attempt] = field(default_factory=dict)  # all but inference
    by_column: dict[str, Attempt] = field(default_factory=dict)  # inference
    n_comparisons: int = 0

    @property
    def confidence(self) -> float:
        """That each interval has, so that all hold together."""
        return corrected(CONFIDENCE, self.n_comparisons)

    def gaps(self) -> dict[str, Interval]:
        """Each attack's risk above the control; inference is that of the column where it is largest."""
        found = {name: attempt.gap(self.confidence) for name, attempt in self.attempts.items()}
        if self.by_column:
            found["inference"] = largest(attempt.gap(self.confidence) for attempt in self.by_column.values())
        return found


def attack(
    table: Encoded, inferring: tuple[int, ...], *, predicates: int, rng: np.random.Generator, tick: Callable[[], None]
) -> Tried:
    """All attacks on a made-up table."""
    tried = Tried()
    if table.made.width:
        _by_distance(table, inferring, tried, rng, tick)
        tick()
        found = singled_out(table.made, table.originals, table.control, n=predicates, rng=rng)
        if found is not None:
            tried.attempts["singling-out"] = found
    if table.worded:
        originals, control = (np.any([flags[i] > 0 for flags in table.worded], axis=0) for i in (0, 1))
        if "exact-copy" in tried.attempts:
            whole = tried.attempts["exact-copy"]
            originals, control = originals | whole.originals, control | whole.control
        tried.attempts["exact-copy"] = Attempt(originals=originals, control=control)
    tried.attempts = {name: replace(a, compared=table.compared) for name, a in tried.attempts.items()}
    tried.by_column = {name: replace(a, compared=table.compared) for name, a in tried.by_column.items()}
    tried.n_comparisons = len(tried.attempts) + len(tried.by_column)
    return tried


def _by_distance(
    table: Encoded, inferring: tuple[int, ...], tried: Tried, rng: np.random.Generator, tick: Callable[[], None]
) -> None:
    left_out = np.array(inferring if table.made.width > 1 else (), np.int64)
    sides = [
        (rows, nearest(rows, table.made, leave_out=left_out, tick=tick)) for rows in (table.originals, table.control)
    ]
    (_, of_originals), (_, of_control) = sides
    tried.attempts["closest-record"] = closest(of_originals, of_control)
    tried.attempts["exact-copy"] = copied(of_originals, of_control)
    right = [inferred(rows, table.made, found, left_out) for rows, found in sides]
    for k, column in enumerate(left_out.tolist()):
        tried.by_column[table.names[column]] = Attempt(originals=right[0][:, k], control=right[1][:, k])
    if table.made.width > 1:
        halves = np.array_split(rng.permutation(table.made.width), 2)
        linked = [_linked(rows, table.made, halves, tick) for rows in (table.originals, table.control)]
        tried.attempts["linkability"] = Attempt(originals=linked[0], control=linked[1])


def _linked(rows: Rows, made: Rows, halves: list[Ints], tick: Callable[[], None]) -> Bools:
    """Whether the made-up row nearest by one half of the columns is the one nearest by the other.

    References
    ----------
    Giomi et al. 2023 (anonymeter), the linkability attack, with one neighbour.
    """
    one, other = (nearest(rows.parts(np.sort(half)), made.parts(np.sort(half)), tick=tick).index for half in halves)
    return np.asarray(one == other)


def known_leak(table: Encoded, *, rng: np.random.Generator, most: int) -> Encoded:
    """The same with a made-up table that is none: half of the originals attacked, copied as they are."""
    chosen = rng.permutation(table.originals.n)[:most]
    originals = table.originals.take(np.sort(chosen))
    control = table.control.take(np.arange(min(table.control.n, most)))
    half = originals.take(np.sort(rng.permutation(originals.n)[: max(1, originals.n // 2)]))
    return Encoded(
        made=half, originals=originals, control=control, names=table.names, worded=(), left_out=(), compared=1.0
    )
