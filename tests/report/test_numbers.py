from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import clopper_pearson
from weighbridge.report.numbers import (
    confidence_in_words,
    counted_in_words,
    downwards,
    minutes_in_words,
    percent,
    quantity_in_words,
    rounded,
    size_in_words,
    upwards,
)


def quantity(
    value: float, low: float, high: float, *, n: int = 48, unit: str = "1", confidence: float = 0.95
) -> Quantity:
    return Quantity(metric="m", value=value, low=low, high=high, confidence=confidence, unit=unit, n=n, n_of="suffix")


@pytest.mark.parametrize(
    ("q", "words"),
    [
        (quantity(0, 0, 0.0740), "none of 48 suffixes; the true figure may be up to 7.4 in 100, 95 % sure"),
        (quantity(0.04, 0.0131, 0.0891), "4 in 100; between 1.3 and 9 in 100, 95 % sure"),
        (quantity(1, 0.926, 1), "all of 48 suffixes; between 92 and 100 in 100, 95 % sure"),
        (quantity(0.4321, 0.4321, 0.4321, confidence=1), "43 in 100; counted over all there is"),
        (quantity(0.0002, 0.00001, 0.0004), "2 in 10,000; between 0.1 and 4 in 10,000, 95 % sure"),
        (quantity(-0.02, -0.1, 0.05), "−2 in 100; between −10 and 5 in 100, 95 % sure"),
        (quantity(0, 0, 0, confidence=1), "none of 48 suffixes; counted over all there is"),
        (quantity(3, 3, 3, unit="count", confidence=1), "3; counted over all there is"),
        (quantity(0, 0, 0, n=12), "none of 12 suffixes; 95 % sure"),
        (quantity(0, 0, 7, unit="count"), "0; the true figure may be up to 7, 95 % sure"),
        (quantity(2.5, 1.25, 4, unit="nats"), "2.5 nats; between 1.2 and 4 nats, 95 % sure"),
    ],
)
def test_quantity_in_words(q: Quantity, words: str) -> None:
    assert quantity_in_words(q).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_number_that_was_not_measured_says_so() -> None:
    q = Quantity(
        metric="m", value=1, low=1, high=2, confidence=0.9, unit="count", n=0, n_of="", basis=Basis.ASSUMED
    )  # fmt: skip
    assert quantity_in_words(q).endswith("; assumed, not measured")


@given(st.floats(0, 1))
def test_bounds_are_rounded_outwards(x: float) -> None:
    assert float(downwards(x)) <= x * (1 + 1e-11)
    assert float(upwards(x)) >= x * (1 - 1e-11)


@given(st.integers(1, 5000), st.data())
def test_words_never_claim_more_than_the_interval(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    got = clopper_pearson(hits, n)
    words = quantity_in_words(quantity(got.value, got.low, got.high, n=n))
    assert ("none of" in words) == (hits == 0)
    assert ("all of" in words) == (hits == n)


@given(st.floats(0, 1, exclude_max=True))
def test_less_than_all_is_never_called_100_percent(x: float) -> None:
    assert (percent(x) == "100\N{NO-BREAK SPACE}%") == (float(f"{x * 100:.12g}") == 100)


@pytest.mark.parametrize(
    ("n", "of", "words"),
    [
        (1, "suffix", "1 suffix"),
        (0, "class of rows", "0 classes of rows"),
        (4000, "person", "4,000 persons"),
        (2, "distinct entry", "2 distinct entries"),
        (2, "day", "2 days"),
        (12345, "", "12,345"),
    ],
)
def test_counted_in_words(n: int, of: str, words: str) -> None:
    assert counted_in_words(n, of) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "about 1 minute"), (89, "about 89 minutes"), (119, "about 2 hours")]
)
def test_minutes_in_words(minutes: int, words: str) -> None:
    assert minutes_in_words(minutes) == words


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 B"), (55_000, "55 kB"), (4_200_000, "4.2 MB"), (7 * 10**9, "7 GB")]
)
def test_size_in_words(size: int, words: str) -> None:
    assert size_in_words(size).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(("confidence", "words"), [(0.95, "95 % sure"), (1 - 0.05 / 30, "99.8 % sure"), (1, "certain")])
def test_confidence_is_cut_off_not_rounded_up(confidence: float, words: str) -> None:
    assert confidence_in_words(confidence).replace("\N{NO-BREAK SPACE}", " ") == words


def test_large_numbers_keep_their_digits() -> None:
    assert rounded(48211) == "48,211"
    assert rounded(-0.5) == "−0.5"


def test_none_of_none_is_said_as_that() -> None:
    none = Quantity(metric="m", value=0, low=0, high=0, confidence=1.0, unit="count", n=0, n_of="leaf")
    assert quantity_in_words(none) == "there is nothing of this kind"
    assert quantity_in_words(replace(none, n=3)) == "0; counted over all there is"


def test_a_share_of_nothing_is_said_as_that() -> None:
    none = Quantity(metric="m", value=0, low=0, high=1, confidence=0.9, unit="1", n=0, n_of="suffix")
    assert quantity_in_words(none) == "none tried"
