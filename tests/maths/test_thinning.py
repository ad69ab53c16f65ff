import numpy as np
import pytest
from scipy.stats import binom

from weighbridge.maths.thinning import count_above, count_below, total_above, total_below


@pytest.mark.parametrize("kept", [0, 1, 7, 400])
@pytest.mark.parametrize("chance", [0.5, 1 / 64, 1 / 1024])
def test_bounds_of_a_count_are_the_last_that_are_not_too_rare(kept: int, chance: float) -> None:
    most = int(count_below(np.array([kept]), chance, confidence=0.975)[0])
    assert binom.cdf(kept, most, chance) >= 0.025 > binom.cdf(kept, most + 1, chance)
    least = int(count_above(np.array([kept]), chance, confidence=0.975)[0])
    assert (
        least == kept
        if kept == 0
        else binom.sf(kept - 1, least, chance) >= 0.025 > binom.sf(kept - 1, least - 1, chance)
    )


def test_what_was_counted_whole_has_no_bounds_but_itself() -> None:
    kept = np.array([0, 5])
    assert count_below(kept, 1.0, confidence=0.999).tolist() == [0, 5]
    assert count_above(kept, 1.0, confidence=0.999).tolist() == [0, 5]
    total, squares = np.array([0.0, 9.0]), np.array([0.0, 27.0])
    assert total_below(total, squares, 4.0, 1.0, confidence=0.999).tolist() == [0, 9]
    assert total_above(total, squares, 1.0, confidence=0.999).tolist() == [0, 9]


@pytest.mark.parametrize("n", [0, 3, 50, 3000])
@pytest.mark.parametrize("chance", [0.5, 1 / 32])
def test_bounds_of_a_total_cover_it(n: int, chance: float) -> None:
    rng = np.random.default_rng(0)
    weights = rng.integers(1, 11, n).astype(float)
    kept = [weights[rng.random(n) < chance] for _ in range(2000)]
    total, squares = np.array([k.sum() for k in kept]), np.array([(k**2).sum() for k in kept])
    high = total_below(total, squares, 10.0, chance, confidence=0.975)
    low = total_above(total, squares, chance, confidence=0.975)
    assert (low <= high).all()
    assert np.mean((low <= weights.sum()) & (weights.sum() <= high)) >= 0.94  # 0.95 less three standard errors of 2,000
