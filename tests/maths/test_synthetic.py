"""Attacks on made-up rows, by hand and over many seeds."""

from __future__ import annotations

import numpy as np
import pytest

from weighbridge.maths.synthetic import (
    Attempt,
    Nearest,
    Rows,
    closest,
    copied,
    inferred,
    nearest,
    share_gap,
    singled_out,
)

Floats = np.ndarray


def rows(numbers: list[list[float]], codes: list[list[int]]) -> Rows:
    n = max(len(numbers), len(codes))
    return Rows(
        numbers=np.array(numbers, np.float64).reshape(n, -1), codes=np.array(codes, np.int64).reshape(n, -1)
    )  # fmt: skip


def at(*distances: float) -> Nearest:
    n = len(distances)
    return Nearest(index=np.zeros(n, np.int64), distance=np.array(distances), without=np.zeros((n, 0), np.int64))


def test_gower_by_hand() -> None:
    targets = rows([[0.0], [np.nan]], [[1], [2]])
    made = rows([[0.5], [np.nan], [0.0]], [[1], [2], [9]])
    found = nearest(targets, made, leave_out=np.array([1]))
    assert found.index.tolist() == [0, 1]
    assert found.distance.tolist() == [0.25, 0.0]
    assert found.without[:, 0].tolist() == [2, 1]  # without the category, the number alone decides
    assert inferred(targets, made, found, np.array([1])).tolist() == [[False], [True]]


def test_numbers_are_told_within_a_twentieth_of_their_range() -> None:
    targets, made = rows([[0.50]], [[7]]), rows([[0.54], [0.9]], [[7], [8]])
    found = nearest(targets, made, leave_out=np.array([0]))
    assert inferred(targets, made, found, np.array([0])).tolist() == [[True]]


def test_the_threshold_of_the_closest_is_owed_to_half_of_the_control() -> None:
    made = closest(at(0.0, 0.0, 0.9), at(*[0.5] * 20, *[0.4, 0.6]))
    assert made.originals.tolist() == [True, True, False]
    assert len(made.control) == 11
    assert copied(at(0.0, 0.1), at(0.2)).originals.tolist() == [True, False]


def test_a_part_of_the_made_up_rows_widens_only_upwards() -> None:
    flags, none = np.array([True] * 10 + [False] * 90), np.zeros(100, np.bool_)
    whole, part = (Attempt(originals=flags, control=none, compared=share).gap(0.95) for share in (1.0, 0.5))
    assert (part.value, part.low) == (whole.value, whole.low)
    assert part.high == pytest.approx(2 * whole.high)


def test_singling_out_finds_copies_and_nothing_in_fresh_rows() -> None:
    rng = np.random.default_rng(0)
    originals, control, fresh = (
        Rows(numbers=rng.random((200, 3)), codes=rng.integers(0, 4, (200, 2))) for _ in range(3)
    )
    copies = singled_out(originals, originals, control, n=100, rng=rng)
    assert copies is not None
    assert copies.originals.all()
    honest = singled_out(fresh, originals, control, n=100, rng=rng)
    assert honest is not None
    assert honest.gap(0.95).low <= 0 <= honest.gap(0.95).high
    alike = Rows(numbers=np.zeros((50, 1)), codes=np.zeros((50, 1), np.int64))
    assert singled_out(alike, originals.parts(np.array([0, 3])), control.parts(np.array([0, 3])), n=10, rng=rng) is None


@pytest.mark.parametrize(("p", "q"), [(0.05, 0.05), (0.5, 0.5), (0.2, 0.0), (0.02, 0.01)])
def test_the_gap_of_two_shares_covers_the_truth(p: float, q: float) -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        found = share_gap(rng.random(150) < p, rng.random(150) < q, 0.95)
        covered += found.low <= p - q <= found.high
    assert covered >= 276  # fewer of 300 at 95 % have probability below 0.02
