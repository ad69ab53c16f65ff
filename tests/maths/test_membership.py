from __future__ import annotations

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from weighbridge.maths.membership import (
    LEAST_FLOOR,
    ShadowSums,
    complementary_halves,
    disjoint_parts,
    group_means,
    lira_offline_scores,
    lira_online_scores,
    log_odds,
    loss_scores,
    probability_floor,
    ratio_scores,
)
from weighbridge.maths.roc import auc, tpr

Floats = npt.NDArray[np.float64]


def world(k: int, n: int = 400, seed: int = 0) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """The target's p, the shadows' p (k, n), and who saw what; a model that saw a record has log odds 1 higher."""
    rng = np.random.default_rng(seed)
    hardness = rng.normal(0, 1, n)
    subsets = complementary_halves(n, k, rng)
    member = np.arange(n) < n // 2

    def told(seen: npt.NDArray[np.bool_]) -> Floats:
        return np.asarray(1 / (1 + np.exp(-(hardness + seen + rng.normal(0, 0.5, n)))))

    return told(member), np.stack([told(seen) for seen in subsets]), subsets


@given(st.integers(2, 40), st.integers(1, 8), st.integers(0, 99))
def test_each_record_is_left_out_by_exactly_half_of_the_models(n: int, pairs: int, seed: int) -> None:
    halves = complementary_halves(n, 2 * pairs, np.random.default_rng(seed))
    assert halves.shape == (2 * pairs, n)
    assert (halves.sum(axis=0) == pairs).all()
    assert (halves[::2] == ~halves[1::2]).all()
    assert set(halves.sum(axis=1).tolist()) <= {n // 2, n - n // 2}


@pytest.mark.parametrize(("n", "k"), [(10, 3), (10, 0), (1, 2)])
def test_what_cannot_be_halved_is_refused(n: int, k: int) -> None:
    with pytest.raises(ValueError):
        complementary_halves(n, k, np.random.default_rng(0))


def test_the_halves_of_a_forest_s_trees_differ() -> None:
    halves = complementary_halves(100, 20, np.random.default_rng(0))
    assert len(np.unique(halves, axis=0)) == 20


# ---- Probabilities ----


def test_a_forest_s_zero_is_half_a_vote() -> None:
    votes = np.random.default_rng(0).integers(0, 101, 500) / 100
    assert probability_floor(votes) == pytest.approx(0.005)


def test_saturated_probabilities_are_not_taken_at_their_word() -> None:
    p = np.asarray([1.0, 1 - 2**-24, 1e-30, 0.0, 0.5])
    assert probability_floor(p) == LEAST_FLOOR
    assert np.isfinite(log_odds(p, LEAST_FLOOR)).all()
    assert probability_floor(np.asarray([0.0, 1.0])) == 0.25
    assert np.isfinite(loss_scores(p)).all()


def test_what_is_not_saturated_is_left_as_it_is() -> None:
    p = np.asarray([0.2, 0.9])
    assert log_odds(p, probability_floor(p)) == pytest.approx(np.log(p / (1 - p)))


# ---- Shadows ----


def test_sums_add_up_over_blocks_and_hold_what_the_shadows_said() -> None:
    _p, shadows, subsets = world(16)
    whole = ShadowSums.of(shadows, subsets, 1e-6)
    parts = ShadowSums.of(shadows[:8], subsets[:8], 1e-6) + ShadowSums.of(shadows[8:], subsets[8:], 1e-6)
    assert parts.rows == pytest.approx(whole.rows)
    out = np.ma.masked_array(shadows, subsets)
    assert whole.mean_out == pytest.approx(out.mean(axis=0).data)
    assert (whole.n_in == 8).all()
    assert (whole.n_out == 8).all()


@pytest.mark.parametrize("k", [8, 64])
def test_variance_is_shared_below_64_shadows_and_a_record_s_own_from_there(k: int) -> None:
    _p, shadows, subsets = world(k)
    sums, odds = ShadowSums.of(shadows, subsets, 1e-6), np.log(shadows / (1 - shadows))
    inside = np.ma.masked_array(odds, ~subsets)
    mean, variance = sums.odds_in
    assert mean == pytest.approx(inside.mean(axis=0).data)
    own = inside.var(axis=0, ddof=1).data
    assert variance == pytest.approx(np.maximum(own, own.mean() / 10) if k == 64 else np.full(400, own.mean()))


def test_records_on_which_all_shadows_agree_are_not_infinitely_significant() -> None:
    halves = complementary_halves(10, 64, np.random.default_rng(0))
    sums = ShadowSums.of(np.ones((64, 10)), halves, 0.005)
    for scores in (lira_offline_scores, lira_online_scores):
        assert np.isfinite(scores(np.linspace(0, 1, 10), sums, 0.005)).all()


def test_two_shadows_are_few_but_no_fault() -> None:
    p, shadows, subsets = world(2)
    sums = ShadowSums.of(shadows, subsets, 1e-6)
    assert np.isfinite(lira_online_scores(p, sums, 1e-6)).all()


def test_a_record_that_all_shadows_saw_cannot_be_scored() -> None:
    sums = ShadowSums.of(np.full((2, 3), 0.5), np.ones((2, 3), dtype=bool), 1e-6)
    with pytest.raises(ValueError):
        _ = sums.mean_out


def test_memory_does_not_grow_with_the_number_of_shadows() -> None:
    n, k = 20_000, 200
    halves = complementary_halves(n, k, np.random.default_rng(0))
    tracemalloc.start()
    ShadowSums.of((np.full(n, 0.5) for _ in range(k)), halves, 1e-6)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * n * 8


# ---- Scores ----


def test_the_ratio_is_the_published_one_and_ranks_as_its_share_of_a_population_does() -> None:
    rng = np.random.default_rng(0)
    p, out, pop, pop_out = rng.random(300), rng.random(300), rng.random(1000), rng.random(1000)
    ours = ratio_scores(p, out)
    assert ours[0] == pytest.approx(p[0] / (0.65 * out[0] + 0.35))
    population = ratio_scores(pop, pop_out)
    share = (ours[:, None] >= population).mean(axis=1)  # the matrix that is not needed
    assert (np.diff(share[np.argsort(ours, kind="stable")]) >= 0).all()


def test_offline_lira_ranks_as_the_log_of_the_distribution_function() -> None:
    p, shadows, subsets = world(64)
    sums = ShadowSums.of(shadows, subsets, 1e-6)
    mean, variance = sums.odds_out
    published = norm.logcdf(log_odds(p, 1e-6), mean, np.sqrt(variance))
    ours = lira_offline_scores(p, sums, 1e-6)
    assert (np.argsort(published, kind="stable") == np.argsort(ours, kind="stable")).all()


def test_online_lira_is_the_log_of_the_likelihood_ratio() -> None:
    p, shadows, subsets = world(64)
    sums = ShadowSums.of(shadows, subsets, 1e-6)
    parts = [norm.logpdf(log_odds(p, 1e-6), m, np.sqrt(v)) for m, v in (sums.odds_in, sums.odds_out)]
    assert lira_online_scores(p, sums, 1e-6) == pytest.approx(parts[0] - parts[1])


def test_what_knows_the_difficulty_of_a_record_finds_more_members() -> None:
    p, shadows, subsets = world(64, n=4000)
    sums, half = ShadowSums.of(shadows, subsets, 1e-6), 2000
    made = {
        "loss": loss_scores(p),
        "ratio": ratio_scores(p, sums.mean_out),
        "offline": lira_offline_scores(p, sums, 1e-6),
        "online": lira_online_scores(p, sums, 1e-6),
    }
    areas = {name: auc(scores[:half], scores[half:]) for name, scores in made.items()}
    assert areas["loss"] + 0.05 < min(areas["ratio"], areas["offline"], areas["online"])
    best = norm.cdf(1 / 0.5 / np.sqrt(2))  # by construction: two normals, one apart, of deviation one half
    assert areas["online"] == pytest.approx(best, abs=0.03)
    assert tpr(made["online"][:half], made["online"][half:], 0.01) > 0.2


def test_a_group_s_score_is_the_mean_of_its_records() -> None:
    assert group_means(np.asarray([1.0, 3.0, 5.0]), np.asarray([0, 0, 1])).tolist() == [2.0, 5.0]


@given(st.integers(4, 60), st.sampled_from([2, 4, 8]), st.integers(1, 4), st.integers(0, 9))
def test_disjoint_parts_share_out_all_records_evenly(n: int, parts: int, groups: int, seed: int) -> None:
    if n < parts:
        return
    k = parts * groups
    seen = disjoint_parts(n, k, parts, np.random.default_rng(seed))
    assert seen.shape == (k, n)
    assert (seen.sum(axis=0) == groups).all()
    sizes = seen.sum(axis=1)
    assert sizes.max() - sizes.min() <= 1
    for start in range(0, k, parts):
        assert (seen[start : start + parts].sum(axis=0) == 1).all()


@pytest.mark.parametrize(("n", "k", "parts"), [(3, 4, 4), (9, 6, 4), (9, 4, 1)])
def test_parts_that_cannot_be_shared_out_are_refused(n: int, k: int, parts: int) -> None:
    with pytest.raises(ValueError, match="records"):
        disjoint_parts(n, k, parts, np.random.default_rng(0))
