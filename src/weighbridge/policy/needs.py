"""How many tries settle a rule on a share."""

from __future__ import annotations

import math

from weighbridge.policy.rules import Safe


def corrected(confidence: float, comparisons: int) -> float:
    """The confidence each of several intervals needs so that all hold together (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, comparisons)


def tries_needed(safe: Safe, *, confidence: float, comparisons: int = 1) -> int | None:
    """The fewest tries whose exact two-sided interval can lie in a share's safe range; None where no number will do.

    For `at_most` t they must all miss, for `at_least` t they must all hit: any other outcome needs more of them. A
    difference of two shares splits its error between the two, so it needs more as well.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26, solved for n at 0 or n hits: (1 - t)^n = alpha / 2.
    """
    log_tail = math.log((1 - corrected(confidence, comparisons)) / 2)
    match (safe.at_most, safe.at_least):
        case (float() as most, None):
            return _tries(log_tail, math.log1p(-most) if most < 1 else -math.inf)
        case (None, float() as least):
            return _tries(log_tail, math.log(least) if least > 0 else -math.inf)
        case _:  # neither all hits nor all misses need lie between two bounds: the number depends on the share itself
            return None


def _tries(log_tail: float, log_each: float) -> int | None:
    """The smallest n, at least 1, with exp(n * log_each) <= exp(log_tail)."""
    return max(1, math.ceil(log_tail / log_each)) if log_each < 0 else None
