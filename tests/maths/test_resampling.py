from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from weighbridge.maths import roc
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.maths.resampling import Floats, Rated, auc, evading, gain, share, tpr_at


def rated(positives: Floats, negatives: Floats, *, paired: bool = False) -> Rated:
    n, m = len(positives), len(negatives)
    groups = np.concatenate([np.arange(n), np.arange(m) if paired else n + np.arange(m)])
    return Rated(scores=np.concatenate([positives, negatives]), is_positive=np.arange(n + m) < n, groups=groups)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=30),
    st.lists(st.integers(0, 4), min_size=2, max_size=30),
    st.sampled_from([0.05, 0.3]),
)
def test_values_are_those_of_the_step_curve_and_lie_in_their_intervals(
    positives: list[int], negatives: list[int], fpr: float
) -> None:
    a, b = np.array(positives, float), np.array(negatives, float)
    area = auc(rated(a, b), 0.95, rng(), 50)
    found = tpr_at(rated(a, b), fpr, 0.95, rng(), 50)
    assert area.value == pytest.approx(roc.auc(a, b))
    assert found.value == pytest.approx(roc.tpr(a, b, fpr))
    for interval in (area, found):
        assert 0 <= interval.low <= interval.value <= interval.high <= 1


def test_the_same_seed_gives_the_same_interval() -> None:
    made = rated(rng().normal(size=50) + 1, rng().normal(size=50))
    assert auc(made, 0.95, rng()) == auc(made, 0.95, rng())


def test_nothing_out_of_order_is_no_certainty() -> None:
    made = rated(np.arange(20.0) + 100, np.arange(20.0))
    assert auc(made, 0.95, rng()).low < 0.9
    assert tpr_at(made, 0.05, 0.95, rng()).low == pytest.approx(clopper_pearson(20, 20).low)


def test_rows_of_few_groups_say_less() -> None:
    drawn = np.random.default_rng(1)
    a, b = np.repeat(drawn.normal(size=20) + 1, 10), np.repeat(drawn.normal(size=20), 10)
    alone = rated(a, b)
    together = Rated(scores=alone.scores, is_positive=alone.is_positive, groups=np.repeat(np.arange(40), 10))
    wide, narrow = auc(together, 0.95, rng()), auc(alone, 0.95, rng())
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_a_share_of_rows_alone_is_exact_and_of_groups_is_wider() -> None:
    flags = np.arange(100) < 30
    exact = clopper_pearson(30, 100)
    assert share(flags, np.arange(100), 0.95) == exact
    grouped = share(flags, np.arange(100) // 10, 0.95)
    assert grouped.low < exact.low
    assert grouped.high > exact.high
    assert share(np.zeros(100, bool), np.arange(100) // 10, 0.95).high == pytest.approx(clopper_pearson(0, 10).high)
    with pytest.raises(ValueError, match="nothing"):
        share(np.zeros(0, bool), np.zeros(0, np.int64), 0.95)


def test_who_evades_all() -> None:
    p_values = np.array([[0.5, 0.5], [0.01, 0.5], [0.5, 0.01], [0.5, 0.06]])
    assert evading(p_values, 0.05, np.arange(4), 0.95).value == 0.5


def test_a_gain_is_over_the_best_of_the_others() -> None:
    drawn = np.random.default_rng(2)
    truth = np.repeat([1.0, 0.0], 200)
    parts = truth[:, None] + drawn.normal(size=(400, 3)) * [1.5, 2.0, 4.0]
    made = Rated(scores=parts @ [1.0, 0.6, 0.1], is_positive=truth > 0, groups=np.arange(400))
    found, best = gain(made, parts, 0.95, rng())
    assert best == 0
    assert found.value == pytest.approx(
        roc.auc(made.scores[:200], made.scores[200:]) - roc.auc(parts[:200, 0], parts[200:, 0])
    )
    assert 0 < found.low < found.value < found.high
    same, _ = gain(Rated(scores=parts[:, 0], is_positive=truth > 0, groups=np.arange(400)), parts[:, :1], 0.95, rng())
    assert same.low < 0 == same.value < same.high


def test_one_kind_alone_and_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        Rated(scores=np.zeros(3), is_positive=np.ones(3, bool), groups=np.arange(3))
    with pytest.raises(ValueError, match="numbers"):
        Rated(scores=np.array([0.0, np.nan]), is_positive=np.array([True, False]), groups=np.arange(2))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("apart", "n", "each"), [(0.0, 60, 1), (0.0, 100, 4), (1.0, 60, 1), (2.5, 100, 1), (1.0, 200, 4)]
)
def test_it_covers(apart: float, n: int, each: int) -> None:
    truth, fpr = norm.cdf(apart / np.sqrt(2)), 0.05
    found = norm.cdf(apart + norm.ppf(fpr))
    held = np.zeros(2)
    for seed in range(300):
        drawn = np.random.default_rng([seed, n, each])
        sides = [
            np.sqrt(0.5) * (np.repeat(drawn.normal(size=n // each), each) + drawn.normal(size=n)) for _ in range(2)
        ]
        if each == 1:
            sides = [drawn.normal(size=n), drawn.normal(size=n)]
        groups = np.concatenate([np.arange(n) // each, n + np.arange(n) // each])
        made = Rated(
            scores=np.concatenate([sides[0] + apart, sides[1]]), is_positive=np.arange(2 * n) < n, groups=groups
        )
        area, rate = auc(made, 0.95, drawn, 300), tpr_at(made, fpr, 0.95, drawn, 300)
        held += [area.low <= truth <= area.high, rate.low <= found <= rate.high]
    assert min(held) >= 273, held  # of 300 at 95 %, fewer cover with probability 0.001 (exact binomial)


@pytest.mark.slow
@pytest.mark.parametrize("noise", [(1.2, 1.2, 1.2), (1.5, 2.0, 4.0)])
def test_a_gain_is_covered_though_the_best_of_the_others_must_be_guessed(noise: tuple[float, ...]) -> None:
    spread, truth = np.array(noise), np.repeat([1.0, 0.0], 100)
    weights = spread**-2
    whole = np.sqrt((weights**2 * spread**2).sum()) / weights.sum()
    gained = norm.cdf(1 / np.sqrt(2) / whole) - norm.cdf(1 / np.sqrt(2) / spread.min())
    held = 0
    for seed in range(300):
        drawn = np.random.default_rng(seed)
        parts = truth[:, None] + drawn.normal(size=(200, 3)) * spread
        made = Rated(scores=parts @ weights, is_positive=truth > 0, groups=np.arange(200))
        found, _ = gain(made, parts, 0.95, drawn, 300)
        held += found.low <= gained <= found.high
    assert held >= 273  # as above


@pytest.mark.slow
def test_a_rate_at_one_per_cent_is_covered() -> None:
    truth, held = norm.cdf(2 + norm.ppf(0.01)), 0
    for seed in range(200):
        drawn = np.random.default_rng(seed)
        made = rated(drawn.normal(size=500) + 2, drawn.normal(size=500))
        found = tpr_at(made, 0.01, 0.95, drawn, 300)
        held += found.low <= truth <= found.high
    assert held >= 180  # of 200 at 95 %, fewer cover with probability 0.0002


def test_a_share_of_few_groups_is_no_surer_than_its_groups() -> None:
    groups = np.repeat(np.arange(8), 50)
    hits = np.zeros(400, dtype=np.bool_)
    hits[::40] = True  # one or two in each group: no spread between groups is seen
    few = share(hits, groups, 0.95)
    alone = share(hits, np.arange(400), 0.95)
    assert few.high > 4 * alone.high
    assert share(~hits, groups, 0.95).low == pytest.approx(1 - few.high)
