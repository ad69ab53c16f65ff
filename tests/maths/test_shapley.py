import itertools
from collections.abc import Callable

import numpy as np
import pytest

from weighbridge.maths.shapley import beginnings, every_set, exact_curve, exact_shares, sampled_curve, sampled_shares

Chosen = frozenset[int]


def worths(n: int, of: Callable[[Chosen], float]) -> dict[Chosen, float]:
    return {s: of(s) for s in every_set(n)}


def test_shares_add_up_and_equals_share_equally() -> None:
    glove = worths(3, lambda s: float({0, 1} <= s or {0, 2} <= s))  # one left glove, two right ones
    assert exact_shares(glove, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert exact_curve(glove, 3) == pytest.approx([0, 2 / 3, 1])


def test_shares_are_the_mean_over_all_orders() -> None:
    rng = np.random.default_rng(1)
    worth = {s: float(rng.random()) for s in every_set(4)}
    added = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for place, player in enumerate(order):
            added[player] += worth[frozenset(order[: place + 1])] - worth.get(frozenset(order[:place]), 0.0)
    assert exact_shares(worth, 4) == pytest.approx(added / 24)
    orders = [np.array(order) for order in itertools.permutations(range(4))]
    assert [m.value for m in sampled_shares(worth, orders, confidence=0.95)] == pytest.approx(added / 24)
    assert [m.value for m in sampled_curve(worth, orders, confidence=0.95)] == pytest.approx(exact_curve(worth, 4))
    assert set(beginnings(orders)) == set(every_set(4))


def test_intervals_over_drawn_orders_cover() -> None:
    rng = np.random.default_rng(2)
    worth = worths(6, lambda s: min(1.0, (sum(s) / 15) ** 2))
    truth, curve = exact_shares(worth, 6), exact_curve(worth, 6)
    covered = np.zeros(12)
    for _ in range(300):
        orders = [rng.permutation(6) for _ in range(24)]
        found = [*sampled_shares(worth, orders, confidence=0.95), *sampled_curve(worth, orders, confidence=0.95)]
        covered += [m.low - 1e-9 <= t <= m.high + 1e-9 for m, t in zip(found, [*truth, *curve], strict=True)]
    assert covered.min() >= 270  # a skewed increment costs the interval a little of its 95 %
