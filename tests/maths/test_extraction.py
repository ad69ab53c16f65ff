import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.maths.extraction import chance_within, log1mexp, log_chance_within, scrambled, window_hashes


@pytest.mark.parametrize(
    ("log_p", "tries", "expected"),
    [
        (0.0, 1, 1.0),
        (-math.inf, 1000, 0.0),
        (math.log(0.5), 1, 0.5),
        (math.log(0.5), 10, 1 - 2**-10),
        (math.log(1e-20), 1000, 1e-17),  # 1 - (1 - p)^n is 0 here in plain float64
        (-1e-18, 1, 1.0),
        (1e-9, 5, 1.0),  # a log-probability a rounding error above 0
        (-690.0, 1000, 1000 * math.exp(-690)),
    ],
)
def test_chance_within_is_right_at_both_ends(log_p: float, tries: int, expected: float) -> None:
    assert chance_within([log_p], tries)[0] == pytest.approx(expected, rel=1e-12)


def test_log_chance_reaches_below_what_a_float_can_hold() -> None:
    assert log_chance_within([-2000.0], 1000)[0] == pytest.approx(-2000 + math.log(1000))
    assert log_chance_within([-699.999, -700.001], 7) == pytest.approx([-699.999 + math.log(7), -700.001 + math.log(7)])


@given(st.floats(-1000, 0), st.integers(1, 10_000))
def test_more_tries_never_help_less(log_p: float, tries: int) -> None:
    fewer, more = chance_within([log_p], tries)[0], chance_within([log_p], tries + 1)[0]
    assert 0 <= fewer <= more <= 1


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 1000))
def test_chance_within_agrees_with_the_plain_formula_where_that_is_sound(p: float, tries: int) -> None:
    assert chance_within([math.log(p)], tries)[0] == pytest.approx(1 - (1 - p) ** tries, rel=1e-7, abs=1e-12)


def test_log1mexp_is_minus_infinity_at_zero_and_zero_far_below() -> None:
    assert log1mexp([0.0, -800.0]).tolist() == [-math.inf, 0.0]


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(1, 20), st.integers(0, 5))
def test_equal_windows_have_equal_hashes_and_only_they(tokens: list[int], length: int, salt: int) -> None:
    array = np.asarray(tokens, dtype=np.int64)
    got = window_hashes(array, length, salt=salt)
    windows = [tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)]
    assert len(got) == len(windows)
    assert len(set(got.tolist())) == len(set(windows))
    assert len(set(zip(got.tolist(), windows, strict=True))) == len(set(windows))


@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 100])
def test_a_window_has_the_same_hash_wherever_it_stands(length: int) -> None:
    window = np.arange(length) * 17
    lone = window_hashes(window, length)
    among = window_hashes(np.concatenate([[5, 9], window, [1]]), length)
    assert lone.shape == (1,)
    assert among[2] == lone[0]
    assert window_hashes(window, length + 1).shape == (0,)


def test_scrambling_loses_nothing_and_depends_on_the_salt() -> None:
    values = np.arange(10_000)
    assert len(np.unique(scrambled(values, 1))) == 10_000
    assert not np.array_equal(scrambled(values, 1), scrambled(values, 2))
