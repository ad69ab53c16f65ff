"""Which columns together find most people: tried on a small sample of keys, then counted for the best."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weighbridge.maths.linkage import Linked, beyond_chance
from weighbridge.probekit.attributes import person_column, read_traits
from weighbridge.probekit.ports import Table
from weighbridge.probes.linkage.pairs import KeyPair
from weighbridge.probes.linkage.people import Combination, Meeting, People, meet_within, read_people

_TRIED = 1024  # keys kept of each combination while the best is sought; ours
_CONFIRMED = 3  # of the best, counted in full; ours
_ROUNDS = 3  # columns added one by one after the first look; ours

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A table with the people in it: persons where a column names them (as declared or guessed), else rows."""

    table: Table
    n: int
    person: str


def side(table: Table) -> Side:
    """Count a table's people."""
    person = person_column(table, read_traits(table, table.columns))
    return Side(table=table, n=table.n_individuals(person) if person else table.n_rows, person=person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The combination that finds most, of all that were tried."""

    combination: Combination
    linked: Linked
    meeting: Meeting
    n_tried: int


def search(left: Side, right: Side, pairs: Sequence[KeyPair], key: bytes, tick: Tick, *, cap: int) -> Best:
    """Find the columns that link most people, and count those people.

    The confidence is split over all combinations that were tried: the best of many is never as good as it looks.
    """
    everything = tuple(range(len(pairs)))
    asked = {*itertools.combinations(everything, 1), *itertools.combinations(everything, 2), everything}
    asked |= {tuple(n for n in everything if n != without) for without in everything} - {()}
    scores = _scores(left, right, pairs, tuple(sorted(asked)), key, tick)
    for _ in range(_ROUNDS):
        top = max(scores, key=lambda c: (scores[c], -len(c), c))
        more = {tuple(sorted({*top, n})) for n in everything} - set(scores)
        if not more:
            break
        scores |= _scores(left, right, pairs, tuple(sorted(more)), key, tick)
    top_few = tuple(sorted(scores, key=lambda c: (-scores[c], len(c), c))[:_CONFIRMED])
    confidence = 1 - 0.05 / len(scores)
    made = [
        Best(combination=c, linked=beyond_chance(m.met, confidence=confidence), meeting=m, n_tried=len(scores))
        for c, m in zip(top_few, _meetings(left, right, pairs, top_few, key, tick, cap=cap), strict=True)
    ]
    return max(made, key=lambda best: (best.linked.matched.low, best.linked.matched.value))


def _scores(
    left: Side, right: Side, pairs: Sequence[KeyPair], asked: tuple[Combination, ...], key: bytes, tick: Tick
) -> dict[Combination, float]:
    met = _meetings(left, right, pairs, asked, key, tick, cap=_TRIED)
    return {c: beyond_chance(m.met).matched.value for c, m in zip(asked, met, strict=True)}


def _meetings(  # noqa: PLR0913  two tables, what they share, and how much is kept
    left: Side,
    right: Side,
    pairs: Sequence[KeyPair],
    asked: tuple[Combination, ...],
    key: bytes,
    tick: Tick,
    *,
    cap: int,
) -> list[Meeting]:
    """The smaller table first; of the larger one all people of its keys are kept, and a sample of others."""
    names = {id(left): tuple(p.left for p in pairs), id(right): tuple(p.right for p in pairs)}
    few, many = (left, right) if left.n <= right.n else (right, left)
    fold = People(
        keys=names[id(few)], combinations=asked, key=key, cap=cap, level=_level(few.n, cap), person=few.person
    )
    drawn = read_people(few.table.fold(fold, tick))
    within = tuple(np.unique(d.keys).astype("<u8").tobytes() for d in drawn)
    fold = People(
        keys=names[id(many)], combinations=asked, key=key, cap=cap, level=_level(many.n, cap), person=many.person,
        within=within,
    )  # fmt: skip
    beside = read_people(many.table.fold(fold, tick))
    return [meet_within(a, b, n_few=few.n, n_many=many.n) for a, b in zip(drawn, beside, strict=True)]


def _level(n: int, cap: int) -> int:
    """Where drawing starts, so that the first rows of a large table need not all be held."""
    return max(0, math.floor(math.log2(n / (4 * cap)))) if n > 4 * cap else 0
