"""Places where people gather and around which there is nobody: what stands out on a map although no person does.

A gathering is a cell that has most people among its neighbours. It is compared with the ring around it, which reaches
`RING` times as far, by heat: every person's presence, shared out over the cells they were in, so that a road, whose
people are soon elsewhere, weighs little. The heat of the ring is told in people of the middle. A gathering *stands
apart* where the middle has as much heat as the whole ring, and this is no chance: given how many there are in both,
each of the others would lie in the middle with the probability of its share of the area, were people spread evenly. The
cell is chosen because somebody is in it, so that this one person is not counted (of a Poisson process with a point at
the middle, the other points are Poisson still).

Where counts below some number were left out, the ring may hold that much less one in every cell: then a gathering must
also be more than what the largest even spread that fits such an empty ring would show by chance.

It is *lonely* where it stands apart and there are fewer than a few lookalikes nearby: a village among villages tells
nobody anything, as a person among many like them does not.

References
----------
Przyborowski and Wilenski 1940, Homogeneity of results in testing samples from Poisson series, Biometrika 31 (the
conditional test). Benjamini and Hochberg 1995, Controlling the false discovery rate, J. R. Statist. Soc. B 57.
Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree
from scipy.special import gammaincinv
from scipy.stats import binom, poisson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EARTH_M = 6_371_008.8  # mean radius; IUGG 1980
REACH = 1.5  # of the middle, in distances between neighbours: a cell and those that touch it. Ours
RING = 8.0  # how much further the ring reaches than the middle: 63 times its area. Ours
_AREAS = RING**2 - 1
APART = _AREAS  # as many people in the middle as in the whole ring; ours. A straight road through nothing has 9
_EVEN = 0.5  # as likely as not
_DENSE = 8.0  # of a lookalike; ours
_ALIKE = 0.5  # a lookalike has at least so large a part of its people; ours


class Heads(Protocol):
    """What is in some cells together; cells by their place in the list."""

    def people(self, cells: Ints) -> float:
        """Different people in them, as few as it can be."""
        ...

    def heat(self, cells: Ints) -> float:
        """Their presence, added up over cells; in any unit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Map:
    """Cells of one size; all arrays have one length."""

    middles: Floats  # unit vectors, shape (n, 3)
    people: Ints  # in each cell
    district: npt.NDArray[np.uint64]  # equal numbers: near each other; of each district only the fullest cell is tried
    spacing_m: float  # between the middles of neighbours
    heads: Heads
    tests: int  # places at which people could have been found together
    least: int = 1  # the smallest count that was not left out; 1: none was
    grain_m: float = 1.0  # side of the squares that counts were made for, where some were left out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gatherings:
    """What was tried; all arrays have one length."""

    at: Floats  # unit vectors, shape (n, 3)
    inside: Floats
    around: Floats  # as many people of the middle as would make the heat of the ring
    reach_m: Floats  # of the middle
    p: Floats  # probability of so many by chance
    tests: int  # how many could have been tried

    @property
    def contrast(self) -> Floats:
        """How many times the people that the middle would have, were it as the ring; one more is counted there."""
        return np.asarray(self.inside / (1 + self.around) * _AREAS, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a gathering must be to count."""

    few: int = 5  # people in it, and lookalikes that hide it
    crowd: int = 1000  # so many people are a town, which everybody knows
    nearby_m: float = 25_000.0  # how far lookalikes are looked for
    fdr: float = 0.05
    everybody: float = float("inf")  # people on the whole map: where half of them are there is nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lonely:
    """How many places are lonely; `sure` <= `shown` <= `possible`."""

    sure: int  # the chance that even one of these is chance is at most that of the confidence asked for
    shown: int  # at most a share `fdr` of these is chance, on average
    possible: int  # likewise at a share of one half
    hidden: int  # stand apart, among enough lookalikes
    towns: int  # stand apart, with too many people to be a secret
    whole: int  # hold half of the map, so that there is nothing to compare with
    at: Floats  # of each of `shown`, shape (shown, 3): to hold against a known truth; never to be told
    people: Floats  # in each of `shown`
    contrast: Floats  # of each of `shown`


def gatherings(on: Map, few: int) -> Gatherings:
    """Every cell with most people in its district and among its neighbours, with its ring."""
    tree = cKDTree(on.middles)
    tried = [found for cell in _fullest(on, few) if (found := _measured(on, tree, int(cell))) is not None]
    cells = np.array([cell for cell, _, _ in tried], dtype=np.int64)
    inside = np.array([n for _, n, _ in tried], dtype=np.float64)
    around = np.array([n for _, _, n in tried], dtype=np.float64)
    return Gatherings(
        at=on.middles[cells].reshape(-1, 3),
        inside=inside,
        around=around,
        reach_m=np.full(len(cells), REACH * on.spacing_m),
        p=np.maximum(chance(inside, around), left_out(inside, on)),
        tests=on.tests,
    )


def chance(inside: Floats, around: Floats) -> Floats:
    """Probability of at least so many in the middle, given how many in both and that one is in the middle."""
    others, both = np.rint(inside) - 1, np.rint(inside) - 1 + np.rint(around)
    return np.asarray(np.where(others <= 0, 1.0, binom.sf(others - 1, both, 1 / RING**2)), dtype=np.float64)


def left_out(inside: Floats, on: Map) -> Floats:
    """Probability of so many in one square at the largest even rate that fits a ring without one that was shown.

    That rate is one at which, of as many squares as the ring has, all stay below `least` with probability 1/20.
    """
    if on.least <= 1:
        return np.zeros(len(inside))
    squares = np.pi * (REACH * on.spacing_m) ** 2 * (RING**2 - 1) / on.grain_m**2
    each = -np.expm1(np.log(0.05) / max(1.0, squares))
    rate = float(gammaincinv(on.least, each))  # Poisson: P(X >= m) is the incomplete gamma function of m at the rate
    return np.asarray(poisson.sf(np.rint(inside) - 1, rate), dtype=np.float64)


def joined(several: list[Gatherings]) -> Gatherings:
    """Gatherings of several sizes of cells as one list."""
    return Gatherings(
        at=np.concatenate([g.at for g in several]),
        inside=np.concatenate([g.inside for g in several]),
        around=np.concatenate([g.around for g in several]),
        reach_m=np.concatenate([g.reach_m for g in several]),
        p=np.concatenate([g.p for g in several]),
        tests=sum(g.tests for g in several),
    )


def lonely(found: Gatherings, limits: Limits, confidence: float = 0.95) -> Lonely:
    """Which gatherings are lonely, each place counted once whatever sizes of cells it shows at."""
    apart = (found.contrast > APART) & (found.inside >= limits.few)
    whole = apart & (2 * found.inside > limits.everybody)
    town = apart & ~whole & (found.inside >= limits.crowd)
    small = apart & ~whole & ~town
    shown = small & (found.p <= _level(found.p[small], found.tests, limits.fdr, step_up=True))
    maybe = small & (found.p <= _level(found.p[small], found.tests, _EVEN, step_up=True))
    sure = small & (found.p <= _level(found.p[small], found.tests, 1 - confidence, step_up=False))
    places = _once(found, small)
    dense = _once(found, (found.contrast > _DENSE) & (found.inside >= limits.few))
    alone = places[_lookalikes(found, places, dense, limits.nearby_m) < limits.few]
    kept = alone[shown[alone]]
    return Lonely(
        sure=int(sure[alone].sum()),
        shown=len(kept),
        possible=int(maybe[alone].sum()),
        hidden=len(places) - len(alone),
        towns=len(_once(found, town)),
        whole=len(_once(found, whole)),
        at=found.at[kept],
        people=found.inside[kept],
        contrast=found.contrast[kept],
    )


def _fullest(on: Map, few: int) -> Ints:
    """The fullest cell of each district, the first in the list among equals, of those that are no emptier than few."""
    order = np.lexsort((np.arange(len(on.people)), -on.people, on.district))
    ordered = on.district[order]
    first = order[np.r_[True, ordered[1:] != ordered[:-1]]] if len(order) else order
    return np.sort(first[on.people[first] >= max(2, few // 2)])


def _measured(on: Map, tree: cKDTree, cell: int) -> tuple[int, float, float] | None:
    middle = on.middles[cell]
    near = np.array(sorted(tree.query_ball_point(middle, _chord(RING * REACH * on.spacing_m))), dtype=np.int64)
    within = np.linalg.norm(on.middles[near] - middle, axis=1) <= _chord(REACH * on.spacing_m)
    if on.people[near[within]].max() > on.people[cell]:
        return None
    people, heat = on.heads.people(near[within]), on.heads.heat(near[within])
    return cell, people, on.heads.heat(near[~within]) * people / heat


def _chord(metres: float) -> float:
    return float(2 * np.sin(min(metres / EARTH_M, np.pi) / 2))


def _level(p: Floats, tests: int, alpha: float, *, step_up: bool) -> float:
    """The largest p-value that is rejected: Benjamini and Hochberg's where `step_up`, else Holm's; -1 for none."""
    ordered = np.sort(p)
    rank = np.arange(1, len(p) + 1)
    ok = ordered <= alpha * rank / tests if step_up else ordered <= alpha / (tests - rank + 1)
    if step_up:
        return float(ordered[np.flatnonzero(ok)[-1]]) if ok.any() else -1.0
    n = len(ok) if ok.all() else int(np.argmin(ok))
    return float(ordered[n - 1]) if n else -1.0


def _once(found: Gatherings, chosen: Bools) -> Ints:
    """Of gatherings that lie in each other's reach, the one with the highest contrast."""
    index = np.flatnonzero(chosen)
    if not len(index):
        return index
    order = index[np.lexsort((-found.reach_m[index], -found.contrast[index]))]
    tree = cKDTree(found.at[order])
    widest = float(found.reach_m[order].max())
    gone = np.zeros(len(order), np.bool_)
    for n in range(len(order)):
        if gone[n]:
            continue
        near = np.array(tree.query_ball_point(found.at[order[n]], _chord(2 * widest)), dtype=np.int64)
        far = np.linalg.norm(found.at[order[near]] - found.at[order[n]], axis=1)
        reach = 2 * np.maximum(found.reach_m[order[near]], found.reach_m[order[n]])
        gone[near[(far <= 2 * np.sin(reach / EARTH_M / 2)) & (near > n)]] = True
    return order[~gone]


def _lookalikes(found: Gatherings, places: Ints, dense: Ints, nearby_m: float) -> Ints:
    """For each place, how many others nearby have at least half as many people, whether they are lonely or not."""
    if not len(places):
        return np.zeros(0, np.int64)
    inside = found.inside[dense]
    near = cKDTree(found.at[dense]).query_ball_point(found.at[places], _chord(nearby_m))
    alike = []
    for place, others in zip(places.tolist(), near, strict=True):
        at = np.array(others, dtype=np.int64)
        like = at[inside[at] >= _ALIKE * found.inside[place]]
        away = np.linalg.norm(found.at[dense[like]] - found.at[place], axis=1) > _chord(2 * found.reach_m[place])
        alike.append(int(away.sum()))
    return np.array(alike, dtype=np.int64)
