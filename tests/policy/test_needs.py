"""How many tries settle a share, held against the exact interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.toys import unhurried
from weighbridge.maths import proportions
from weighbridge.policy.needs import corrected, tries_needed
from weighbridge.policy.rules import Safe


@unhurried
@given(st.floats(0.001, 0.9), st.sampled_from([0.9, 0.95, 0.99]), st.integers(1, 6))
def test_one_try_fewer_would_not_do(bound: float, confidence: float, comparisons: int) -> None:
    needed = tries_needed(Safe(at_most=bound), confidence=confidence, comparisons=comparisons)
    assert needed is not None
    each = corrected(confidence, comparisons)
    assert proportions.clopper_pearson(0, needed, confidence=each).high <= bound + 1e-12
    if needed > 1:
        assert proportions.clopper_pearson(0, needed - 1, confidence=each).high > bound - 1e-12


@unhurried
@given(st.floats(0.1, 0.999))
def test_at_least_is_the_mirror_of_at_most(bound: float) -> None:
    needed = tries_needed(Safe(at_least=bound), confidence=0.95)
    assert needed is not None
    assert proportions.clopper_pearson(needed, needed).low >= bound - 1e-12


@pytest.mark.parametrize(
    ("safe", "needed"),
    [
        (Safe(at_most=0.0), None),  # no sample shows that there is none
        (Safe(at_least=1.0), None),
        (Safe(at_most=-0.1), None),
        (Safe(at_most=1.0), 1),
        (Safe(at_least=0.0), 1),
        (Safe(at_least=0.1, at_most=0.2), None),
        (Safe(at_most=0.01), 368),
        (Safe(choices=("no",)), None),
    ],
)
def test_known_cases(safe: Safe, needed: int | None) -> None:
    assert tries_needed(safe, confidence=0.95) == needed


@unhurried
@given(st.floats(0.5, 0.999), st.integers(0, 50))
def test_the_correction_is_that_of_the_intervals(confidence: float, comparisons: int) -> None:
    assert corrected(confidence, comparisons) == proportions.corrected(confidence, comparisons)
