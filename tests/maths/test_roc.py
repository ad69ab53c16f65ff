from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from weighbridge.maths.proportions import clopper_pearson
from weighbridge.maths.roc import (
    Interval,
    TooFew,
    auc,
    auc_interval,
    auc_interval_of_counts,
    epsilon_lower,
    exceeding,
    others_needed,
    predictive_value,
    supports,
    threshold,
    tpr,
    tpr_at_fpr,
)

Floats = npt.NDArray[np.float64]

tied = st.lists(st.integers(-3, 3), min_size=1, max_size=30).map(lambda xs: np.asarray(xs, dtype=np.float64))
loose = st.lists(st.floats(-1e6, 1e6) | st.just(math.inf) | st.just(-math.inf), min_size=1, max_size=30).map(np.asarray)
scores = tied | loose
levels = st.sampled_from([0.5, 0.9, 0.95, 0.999])


def drawn(rng: np.random.Generator, kind: str, n: int) -> tuple[Floats, Floats]:
    """Members and others of a known distribution."""
    if kind == "null":
        return rng.normal(size=n), rng.normal(size=n)
    if kind == "shifted":
        return rng.normal(1.5, 1, n), rng.normal(size=n)
    if kind == "known by heart":
        return np.where(rng.random(n) < 0.3, 2.0, rng.random(n)), rng.random(n)
    if kind == "tied":
        return rng.binomial(3, 0.8, n).astype(float), rng.binomial(3, 0.6, n).astype(float)
    return (rng.random(n) < 0.97).astype(float), (rng.random(n) < 0.9).astype(float)  # "right or wrong"


def true_auc(kind: str) -> float:
    if kind == "tied":
        a, b = binom.pmf(range(4), 3, 0.8), binom.pmf(range(4), 3, 0.6)
        return float(sum(a[i] * (b[:i].sum() + b[i] / 2) for i in range(4)))
    of = {"null": 0.5, "shifted": norm.cdf(1.5 / math.sqrt(2)), "known by heart": 0.65, "right or wrong": 0.535}
    return float(of[kind])


def true_tpr(kind: str, fpr: float) -> float:
    if kind == "tied":  # the most that can be had at a rate of at most fpr: 3 of 3 is had by 21.6 % of others
        return float(binom.sf(2, 3, 0.8)) if fpr >= 0.6**3 else 0.0
    if kind == "right or wrong":
        return 0.97 if fpr >= 0.9 else 0.0
    of = {"null": fpr, "shifted": norm.sf(norm.isf(fpr) - 1.5), "known by heart": 0.3 + 0.7 * fpr}
    return float(of[kind])


KINDS = ["null", "shifted", "known by heart", "tied", "right or wrong"]


# ---- The area ----


@given(scores, scores)
def test_the_area_is_how_often_a_member_beats_an_other(members: Floats, others: Floats) -> None:
    wins = [(a > b) + 0.5 * (a == b) for a in members for b in others]
    assert auc(members, others) == pytest.approx(float(np.mean(wins)))
    assert auc(others, members) == pytest.approx(1 - auc(members, others))


@given(scores, scores, levels, levels)
def test_the_area_lies_in_its_interval_which_grows_with_confidence(
    members: Floats, others: Floats, one: float, other: float
) -> None:
    narrow, wide = (auc_interval(members, others, level) for level in sorted((one, other)))
    assert 0 <= wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 6, 30, 250])
def test_the_area_is_covered(kind: str, n: int) -> None:
    rng = np.random.default_rng(n)
    truth, missed = true_auc(kind), 0
    for _ in range(300):
        made = auc_interval(*drawn(rng, kind, n), 0.9)
        missed += not made.low - 1e-12 <= truth <= made.high + 1e-12
    assert missed <= 48  # of 300 that miss at most 10 %: more with probability 0.0006


def test_two_samples_that_lie_apart_are_not_known_to_lie_apart() -> None:
    made = auc_interval(np.ones(20), np.zeros(20), 0.95)
    assert (made.value, made.high) == (1.0, 1.0)
    assert 0.7 < made.low < 0.95
    assert auc_interval(np.ones(2000), np.zeros(2000), 0.95).low > 0.99


def test_for_many_scores_the_interval_is_delong_s() -> None:
    rng = np.random.default_rng(0)
    members, others = rng.normal(1, 1, 1500), rng.normal(0, 2, 900)
    beats = members[:, None] > others
    variance = beats.mean(axis=1).var(ddof=1) / 1500 + beats.mean(axis=0).var(ddof=1) / 900
    made = auc_interval(members, others, 0.95)
    assert made.high - made.low == pytest.approx(2 * 1.96 * math.sqrt(variance), rel=0.03)


# ---- Points of the curve ----


@given(scores, scores, st.floats(0.001, 0.99))
def test_the_point_is_the_best_that_whole_groups_of_ties_allow(members: Floats, others: Floats, fpr: float) -> None:
    tops = np.unique(others)
    hits = [np.mean(members > top) for top in tops if np.mean(others > top) <= fpr + 1e-12]
    reached = max(hits)  # the highest other is above none of them
    assert tpr(members, others, fpr) == reached
    assert exceeding(others, threshold(others, fpr)) <= fpr * len(others) + 1e-9


@given(scores, scores, st.sampled_from([0.2, 0.3, 0.6]), levels, levels)
def test_the_point_lies_in_its_interval_which_grows_with_confidence(
    members: Floats, others: Floats, fpr: float, one: float, other: float
) -> None:
    for level in (one, other):
        if not supports(len(others), fpr, level):
            with pytest.raises(TooFew) as found:
                tpr_at_fpr(members, others, fpr, level)
            assert found.value.needed == others_needed(fpr, level) > len(others)
            return
    narrow, wide = (tpr_at_fpr(members, others, fpr, level) for level in sorted((one, other)))
    assert 0 <= wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "fpr"), [(40, 0.1), (40, 0.3), (500, 0.01), (500, 0.3)])
def test_the_point_is_covered_although_its_threshold_is_estimated(kind: str, n: int, fpr: float) -> None:
    rng = np.random.default_rng(n)
    truth, missed = true_tpr(kind, fpr), 0
    for _ in range(300):
        made = tpr_at_fpr(*drawn(rng, kind, n), fpr, 0.9)
        missed += not made.low - 1e-12 <= truth <= made.high + 1e-12
    assert missed <= 48


def test_everyone_known_by_heart_is_found_at_any_rate() -> None:
    others = np.arange(1000) / 1000
    made = tpr_at_fpr(np.full(400, 5.0), others, 0.01, 0.95)
    assert (made.value, made.high) == (1.0, 1.0)
    assert made.low == clopper_pearson(400, 400, confidence=0.975).low


def test_ties_with_others_are_not_counted_as_found() -> None:
    """Right answers alone part nobody at 1 %: half of the others have them too."""
    members, others = np.ones(500), np.repeat([0.0, 1.0], 300)
    made = tpr_at_fpr(members, others, 0.01, 0.95)
    assert (made.value, made.low) == (0.0, 0.0)
    assert tpr_at_fpr(members, others, 0.6, 0.95).value == 1.0


@given(st.sampled_from([0.001, 0.01, 0.1, 0.5]), levels)
def test_so_many_others_are_enough_and_one_fewer_is_not(fpr: float, confidence: float) -> None:
    n = others_needed(fpr, confidence)
    others = np.arange(float(n))
    assert tpr_at_fpr(others, others, fpr, confidence).low <= fpr
    with pytest.raises(TooFew):
        tpr_at_fpr(others, others[1:], fpr, confidence)


def test_the_numbers_that_a_point_needs() -> None:
    assert (others_needed(0.01, 0.95), others_needed(0.001, 0.95)) == (437, 4380)


# ---- What follows from a point ----


def test_the_predictive_value_falls_with_the_prior() -> None:
    """Section 4.3 of the research notes: 25 % at 1 % is 96 % at even odds, 74 % at one in ten, 20 % at one in 100."""
    point, false = Interval(0.25, 0.2, 0.3), Interval(0.01, 0.01, 0.01)
    values = [predictive_value(point, false, prior).value for prior in (0.5, 0.1, 0.01)]
    assert values == pytest.approx([0.9615, 0.7353, 0.2016], abs=1e-3)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.999))
def test_the_predictive_value_lies_in_its_interval(a: float, b: float, c: float, d: float, prior: float) -> None:
    low, high = sorted((a, b))
    less, more = sorted((c, d))
    for value, false in ((low, less), (high, more), (low, more), (high, less)):
        made = predictive_value(Interval(value, low, high), Interval(false, less, more), prior)
        assert 0 <= made.low <= made.value <= made.high <= 1


def test_an_attack_that_names_nobody_says_no_more_than_the_prior() -> None:
    none = Interval(0.0, 0.0, 0.1)
    assert predictive_value(none, none, 0.1) == Interval(0.1, 0.0, 1.0)


# ---- Epsilon ----


def test_epsilon_is_bounded_where_members_stand_out_and_nowhere_else() -> None:
    rng = np.random.default_rng(0)
    others = rng.normal(size=2000)
    assert epsilon_lower(rng.normal(size=2000), others, 0.95).low == 0.0
    known = epsilon_lower(np.full(2000, 9.0), others, 0.95)
    assert 4.0 < known.low <= known.value <= math.log(1000)
    missed = epsilon_lower(others, np.full(2000, -9.0), 0.95)  # others who stand out give members away as well
    assert missed.low > 4.0


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1.0, 3.0]))
def test_epsilon_of_randomised_response_is_not_overstated(seed: int, epsilon: float) -> None:
    """The score is a bit told truly with chance e^eps / (1 + e^eps): exactly eps-private."""
    rng = np.random.default_rng(seed)
    truly = math.exp(epsilon) / (1 + math.exp(epsilon))
    members, others = (rng.random(500) < truly).astype(float), (rng.random(500) >= truly).astype(float)
    made = epsilon_lower(members, others, 0.9999)
    assert 0 <= made.low <= made.value <= made.high
    assert made.low <= epsilon


def test_epsilon_of_a_handful_is_not_known() -> None:
    with pytest.raises(TooFew) as found:
        epsilon_lower(np.arange(4.0), np.arange(4.0), 0.95)
    assert found.value.needed == others_needed(0.5, 1 - 0.05 / 8)


@pytest.mark.parametrize("bad", [np.zeros(0), np.asarray([1.0, math.nan]), np.zeros((2, 2))])
def test_refuses_what_is_no_score(bad: Floats) -> None:
    good = np.arange(500.0)
    for pair in ((bad, good), (good, bad)):
        for measure in (auc, lambda a, b: tpr_at_fpr(a, b, 0.1, 0.9), lambda a, b: epsilon_lower(a, b, 0.9)):
            with pytest.raises(ValueError):
                measure(*pair)


@given(st.floats(0, 1), st.integers(1, 400), st.integers(1, 400), levels)
def test_an_area_of_unknown_scores_lies_in_an_interval_that_shrinks_with_records(
    value: float, members: int, others: int, confidence: float
) -> None:
    made = auc_interval_of_counts(value, members, others, confidence)
    assert 0 <= made.low <= value <= made.high <= 1
    more = auc_interval_of_counts(value, 4 * members, 4 * others, confidence)
    assert made.low - 1e-9 <= more.low
    assert more.high <= made.high + 1e-9
    assert auc_interval_of_counts(value, others, members, confidence) == made


@pytest.mark.parametrize("value", [0.0, 0.5, 0.88, 1.0])
def test_no_wider_than_hoeffding_and_no_narrower_than_an_exact_share(value: float) -> None:
    n, confidence = 75, 0.95
    made = auc_interval_of_counts(value, n, n, confidence)
    reach = math.sqrt(math.log(2 / (1 - confidence)) / (2 * n))
    assert made.low >= value - reach - 1e-9
    assert made.high <= value + reach + 1e-9
    exact = clopper_pearson(round(value * n), n, confidence=confidence)
    assert made.low <= exact.low + 1e-9
    assert exact.high <= made.high + 1e-9


@pytest.mark.parametrize("kind", ["null", "coin", "one-sided"])
def test_the_area_of_unknown_scores_is_covered_whatever_they_are(kind: str) -> None:
    rng = np.random.default_rng(11)
    n, missed = 12, 0
    truth = {"null": 0.5, "coin": 0.5 + 0.5 * (0.9 - 0.2), "one-sided": 0.95}[kind]
    for _ in range(400):
        if kind == "null":
            members, others = rng.normal(size=n), rng.normal(size=3 * n)
        elif kind == "coin":  # ties count half: 0.5 (1 + 0.9 - 0.2)
            members, others = (rng.random(n) < 0.9).astype(float), (rng.random(3 * n) < 0.2).astype(float)
        else:  # one other in twenty lies above all members
            members, others = np.zeros(n), np.where(rng.random(3 * n) < 0.05, 1.0, -1.0)
        made = auc_interval_of_counts(auc(members, others), n, 3 * n, 0.9)
        missed += not made.low <= truth <= made.high
    assert missed <= binom.ppf(0.999, 400, 0.1)


@pytest.mark.parametrize("wrong", [(1.1, 5, 5, 0.9), (0.5, 0, 5, 0.9), (0.5, 5, 0, 0.9), (0.5, 5, 5, 1.0)])
def test_an_area_without_records_has_no_interval(wrong: tuple[float, int, int, float]) -> None:
    with pytest.raises(ValueError, match="an area of"):
        auc_interval_of_counts(*wrong)
