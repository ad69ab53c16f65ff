from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import binom

from weighbridge.maths.hexagons import on_sphere
from weighbridge.maths.lonely import (
    RING,
    Floats,
    Gatherings,
    Ints,
    Limits,
    Map,
    chance,
    gatherings,
    joined,
    left_out,
    lonely,
)

KM = 1 / 111.195


@dataclass(frozen=True)
class Plain:
    counts: Ints

    def people(self, cells: Ints) -> float:
        return float(self.counts[cells].sum())

    def heat(self, cells: Ints) -> float:
        return float(self.counts[cells].sum())


def a_map(counts: np.ndarray, *, least: int = 1) -> Map:
    """Squares of 1 km with so many people each, from a square of counts; empty ones are no cells."""
    row, column = np.nonzero(counts)
    held = counts[row, column].astype(np.int64)
    return Map(
        middles=on_sphere(np.asarray(row * KM, np.float64), np.asarray(column * KM, np.float64)), people=held, district=(row // 7 * 1000 + column // 7).astype(np.uint64),
        spacing_m=1000.0, heads=Plain(held), tests=len(held), least=least, grain_m=1000.0,
    )  # fmt: skip


def spread(*at: tuple[int, int, int]) -> np.ndarray:
    counts = np.zeros((120, 120), dtype=int)
    for row, column, n in at:
        counts[row, column] += n
    return counts


FAR = [(20 + 40 * (n // 2), 20 + 40 * (n % 2)) for n in range(4)]


def test_a_crowd_with_nobody_around_is_lonely_and_one_among_others_is_not() -> None:
    found = gatherings(a_map(spread((60, 60, 30))), 5)
    alone = lonely(found, Limits(everybody=1e6))
    assert (alone.sure, alone.shown, alone.possible) == (1, 1, 1)
    assert alone.contrast[0] == pytest.approx(30 * (RING**2 - 1))
    beside = spread((60, 60, 30), *((60 + d, 60, 20) for d in (-5, 5)))
    assert lonely(gatherings(a_map(beside), 5), Limits(everybody=1e6)).possible == 0


def test_lookalikes_hide_each_other_from_as_many_as_few_on() -> None:
    def shown(n: int) -> tuple[int, int]:
        ring = [(60 + round(17 * np.sin(a)), 60 + round(17 * np.cos(a)), 30) for a in np.arange(n) * 2 * np.pi / n]
        made = lonely(gatherings(a_map(spread(*ring)), 5), Limits(few=5, nearby_m=50_000, everybody=1e6))
        return made.shown, made.hidden

    assert shown(5) == (5, 0)  # four others each
    assert shown(6) == (0, 6)  # five others each


def test_towns_and_a_map_of_one_place_are_counted_apart() -> None:
    town = lonely(gatherings(a_map(spread((60, 60, 3000))), 5), Limits(crowd=1000, everybody=1e6))
    assert (town.shown, town.towns) == (0, 1)
    whole = lonely(gatherings(a_map(spread((60, 60, 30))), 5), Limits(everybody=40))
    assert (whole.shown, whole.whole) == (0, 1)


def test_a_road_through_nothing_is_not_lonely() -> None:
    road = np.zeros((120, 120), dtype=int)
    road[60, :] = 50
    found = gatherings(a_map(road), 5)
    assert len(found.p)
    assert found.contrast.max() < 20
    assert lonely(found, Limits(everybody=1e6)).possible == 0


def test_the_chance_is_that_of_the_others_lying_in_the_middle() -> None:
    assert chance(np.array([1.0]), np.array([0.0]))[0] == 1
    assert chance(np.array([3.0]), np.array([5.0]))[0] == pytest.approx(binom.sf(1, 7, 1 / RING**2))


def test_people_spread_evenly_seldom_look_lonely() -> None:
    """Over maps without a crowd even one found by the sure bound is an error: at most one in twenty."""
    errors = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found = gatherings(a_map(rng.poisson(rng.choice([0.02, 0.1, 0.5, 2.0]), (120, 120))), 5)
        errors += lonely(found, Limits(everybody=1e9)).sure > 0
    assert errors <= 4


def test_where_small_counts_were_left_out_a_small_one_tells_nothing() -> None:
    seen = a_map(spread((60, 60, 6)), least=5)
    assert left_out(np.array([6.0]), seen)[0] > 1e-4
    assert left_out(np.array([40.0]), seen)[0] < 1e-30
    assert left_out(np.array([6.0]), a_map(spread((60, 60, 6))))[0] == 0


def test_sizes_are_joined_and_a_place_that_shows_at_two_is_one() -> None:
    fine, coarse = a_map(spread((60, 60, 30))), a_map(spread((60, 60, 30)))
    both = joined([gatherings(fine, 5), gatherings(coarse, 5)])
    assert isinstance(both, Gatherings)
    assert (len(both.p), both.tests) == (2, 2)
    assert lonely(both, Limits(everybody=1e6)).shown == 1


def test_an_empty_map_has_nothing() -> None:
    none = gatherings(a_map(spread()), 5)
    made = lonely(none, Limits())
    assert (made.sure, made.shown, made.possible, made.hidden) == (0, 0, 0, 0)
    empty: Floats = made.people
    assert len(empty) == 0
