from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weighbridge.adapters.models.logits import TOP_K, TOP_P, Logits, NotFinite, draw, empty_scores, fill
from weighbridge.probekit.ports import Decoding, Floats, Ints, Scores, Signal


def _scores(logits: Logits, targets: Ints) -> Scores:
    """Scores of rows as windows of one token each."""
    scores = empty_scores((len(targets), 1), tuple(Decoding), tuple(Signal))
    fill(scores, slice(0, len(targets)), logits[:, None, :], targets[:, None])
    return scores


def _slow(row: Logits, decoding: Decoding) -> list[float]:
    """The distribution under a scheme, token by token, as the definition says it."""
    order = sorted(range(len(row)), key=lambda token: (-row[token], token))
    weights = [math.exp(float(row[token]) - float(row[order[0]])) for token in order]
    masses = [weight / math.fsum(weights) for weight in weights]
    kept = len(order)
    if decoding is Decoding.GREEDY:
        kept = 1
    elif decoding is Decoding.TOP_K:
        kept = min(TOP_K, kept)
    elif decoding is Decoding.TOP_P:
        kept = next(n for n in range(1, kept + 1) if math.fsum(masses[:n]) >= TOP_P or n == kept)
    found = [0.0] * len(row)
    for token, mass in zip(order[:kept], masses[:kept], strict=True):
        found[token] = mass / math.fsum(masses[:kept])
    return found


def _everything(row: Logits, decoding: Decoding) -> Floats:
    """The probability of every token, by scoring each of them."""
    rows = np.repeat(row[None], len(row), axis=0)
    return np.exp(_scores(rows, np.arange(len(row))).under[decoding][:, 0])


@pytest.mark.parametrize("scale", [0.0, 0.5, 3.0, 30.0])
@pytest.mark.parametrize("vocabulary", [2, 39, 64, 127, 300])
@pytest.mark.parametrize("decoding", list(Decoding))
def test_probabilities_are_those_of_the_definition(scale: float, vocabulary: int, decoding: Decoding) -> None:
    row = np.random.default_rng(vocabulary).normal(0, scale, vocabulary).astype(np.float32)
    assert _everything(row, decoding) == pytest.approx(_slow(row, decoding), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(arrays(np.float32, st.integers(2, 150), elements=st.integers(-4, 4).map(np.float32)), st.sampled_from(Decoding))
def test_with_many_equal_logits_probabilities_still_sum_to_one(row: Logits, decoding: Decoding) -> None:
    found = _everything(row, decoding)
    assert found.sum() == pytest.approx(1, abs=1e-5)
    if decoding is Decoding.TOP_K:
        assert np.count_nonzero(found) == min(TOP_K, len(row))
    if decoding is Decoding.GREEDY:
        assert found[row.argmax()] == 1


def test_a_token_that_crosses_the_line_is_kept_and_the_next_is_not() -> None:
    row = np.log(np.array([0.5, 0.4, 0.07, 0.03], dtype=np.float32))
    assert _everything(row, Decoding.TOP_P) == pytest.approx(np.array([0.5, 0.4, 0.07, 0]) / 0.97, abs=1e-6)


def test_an_impossible_token_has_log_probability_minus_infinity() -> None:
    row = np.array([[0, 1, -np.inf]], dtype=np.float32)
    scores = _scores(row, np.array([2]))
    assert scores.log_probability[0, 0] == -np.inf
    assert all(values[0, 0] == -np.inf for values in scores.under.values())
    assert all(np.isfinite(values).all() for values in scores.signals.values())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_that_are_not_finite_are_refused(bad: float) -> None:
    with pytest.raises(NotFinite):
        _scores(np.array([[0, bad, 1]], dtype=np.float32), np.array([0]))


def test_signals_are_those_of_the_definition() -> None:
    row = np.random.default_rng(1).normal(0, 2, 50).astype(np.float32)
    p = np.array(_slow(row, Decoding.SAMPLED))
    scores = _scores(row[None], np.array([7]))
    assert scores.log_probability[0, 0] == pytest.approx(np.log(p[7]), abs=1e-6)
    assert scores.signals[Signal.RANK][0, 0] == np.count_nonzero(p > p[7])
    assert scores.signals[Signal.MEAN][0, 0] == pytest.approx(np.sum(p * np.log(p)), abs=1e-5)
    assert scores.signals[Signal.ENTROPY][0, 0] == pytest.approx(-np.sum(p * np.log(p)), abs=1e-5)
    variance = np.sum(p * np.log(p) ** 2) - np.sum(p * np.log(p)) ** 2
    assert scores.signals[Signal.VARIANCE][0, 0] == pytest.approx(variance, abs=1e-5)


def test_many_rows_are_scored_as_each_alone() -> None:
    draw_from = np.random.default_rng(2)
    logits = draw_from.normal(0, 2, (70, 5000)).astype(np.float32)  # more than fits in one part
    targets = draw_from.integers(0, 5000, 70)
    together = _scores(logits, targets)
    for n in (0, 51, 52, 69):
        alone = _scores(logits[n : n + 1], targets[n : n + 1])
        assert alone.log_probability[0, 0] == together.log_probability[n, 0]
        assert all(alone.under[decoding][0, 0] == together.under[decoding][n, 0] for decoding in Decoding)


@pytest.mark.parametrize("decoding", list(Decoding))
def test_tokens_are_drawn_as_often_as_they_are_scored(decoding: Decoding) -> None:
    row = np.random.default_rng(3).normal(0, 1.5, 80).astype(np.float32)
    expected = np.array(_slow(row, decoding))
    n = 20_000
    even = (np.arange(n) + 0.5) / n  # in place of random numbers: every count is then right to within one
    counts = np.bincount(draw(np.repeat(row[None], n, axis=0), decoding, even), minlength=80)
    assert np.abs(counts - n * expected).max() <= 1.5
    assert (counts[expected == 0] == 0).all()
