import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.identifiers import find
from weighbridge.probes.verbatim_extraction.calibration import WORDS, ToyModel
from weighbridge.probes.verbatim_extraction.windows import (
    Shape,
    Span,
    identified_starts,
    information_bits,
    near,
    place,
    starts,
    told,
)

SHAPE = Shape(prefix=4, suffix=4, stride=4)


@pytest.mark.parametrize(
    ("n_tokens", "stride", "expected"),
    [(7, 4, []), (8, 4, [0]), (9, 4, [0, 1]), (12, 4, [0, 4]), (15, 4, [0, 4, 7]), (11, 1, [0, 1, 2, 3])],
)
def test_windows_stand_a_stride_apart_and_the_last_ends_with_the_document(
    n_tokens: int, stride: int, expected: list[int]
) -> None:
    assert starts(n_tokens, Shape(prefix=4, suffix=4, stride=stride)).tolist() == expected


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 200))
def test_every_token_behind_the_first_prefix_is_in_a_suffix(prefix: int, suffix: int, n_tokens: int) -> None:
    shape = Shape(prefix=prefix, suffix=suffix, stride=suffix)
    covered = {t for s in starts(n_tokens, shape).tolist() for t in range(s + prefix, s + shape.length)}
    assert covered == (set(range(prefix, n_tokens)) if n_tokens >= shape.length else set())


@pytest.mark.parametrize(
    ("spans", "n_tokens", "windows", "reached"),
    [
        ([(10, 12, 1)], 20, [4], {1}),  # ends with the identifier
        ([(10, 12, 1), (12, 14, 2)], 20, [6], {1, 2}),  # two in one suffix
        ([(10, 12, 1), (13, 15, 2)], 20, [4, 7], {1, 2}),  # too far apart for one
        ([(2, 4, 1)], 20, [], set()),  # too near the start
        ([(3, 6, 1)], 20, [0], {1}),  # mostly in the suffix of the first window
        ([(5, 6, 1)], 7, [], set()),  # a document shorter than a window
        ([(5, 6, 1), (9, 10, 1)], 20, [0], {1}),  # given away in the prefix of the second
        ([(8, 20, 1)], 24, [], set()),  # longer than a suffix can hold the half of
        ([(18, 20, 1)], 20, [12], {1}),
        ([], 20, [], set()),
    ],
)
def test_windows_end_with_identifiers(
    spans: list[tuple[int, int, int]], n_tokens: int, windows: list[int], reached: set[int]
) -> None:
    given_spans = [Span(start=s, end=e, key=k) for s, e, k in spans]
    found, keys = identified_starts(given_spans, n_tokens, SHAPE)
    assert (list(found), set(keys)) == (windows, reached)


def test_what_the_prefix_gives_away_is_not_asked_for() -> None:
    spans = (Span(start=1, end=2, key=1), Span(start=5, end=6, key=1), Span(start=6, end=7, key=2))
    assert [s.key for s in told(spans, 0, SHAPE)] == [2]
    assert near(spans, 2, 6) == spans[1:2]


def test_identifiers_are_found_among_tokens_wherever_they_stand() -> None:
    model = ToyModel()
    rng = np.random.default_rng(1)
    tokens = rng.integers(1, 50, 500)
    mail = WORDS.index("ada1@example.org")
    at = [0, 63, 64, 127, 130, 131, 300, 499]
    tokens[at] = mail
    key = find(WORDS[mail])[0].key
    spans = place(model, tokens, frozenset({key}))
    assert [(s.start, s.end) for s in spans] == [(t, t + 1) for t in at]
    assert place(model, tokens, frozenset({key + 1})) == ()


@pytest.mark.parametrize(
    ("prefix", "suffix", "is_low"),
    [
        ("the " * 50, "the " * 50, True),
        (" ".join(map(str, range(1, 30))), " ".join(map(str, range(30, 60))), True),
        ("| 0 | 0 |\n" * 9, "| 0 | 0 |\n" * 9, True),
        ("He went to the house on the hill, and", " there was nobody in it but a cat.", False),
        ("The number is", " 4815162342.", False),
        ("x", "", True),
    ],
)
def test_a_suffix_that_repeats_or_counts_on_says_little(prefix: str, suffix: str, is_low: bool) -> None:
    assert (information_bits(prefix, suffix) < 64) is is_low
