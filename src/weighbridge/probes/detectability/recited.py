"""Text of people that the model gives back: no detector can find it, so it counts as not found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from weighbridge.core.evidence import Quantity
from weighbridge.maths.proportions import Interval, clopper_pearson
from weighbridge.probes.detectability.ranked import RATES

_FOUND = frozenset({*(metric for _level, metric in RATES), "worst-attack-tpr", "adversarial-tpr", "attack-tpr"})
_FLAGS = "predictive-value"


def with_recited(quantities: Iterable[Quantity], n_recited: int, n_other: int) -> Iterator[Quantity]:
    """The numbers with every share that is found taken of all that the model writes, recited text among it.

    Each bound takes the bound of the rate and that of the share, so it may err twice as often as one of them alone.

    Parameters
    ----------
    n_recited : texts of the model that are, nearly or to the letter, one of people's; left out of the comparison
    n_other : texts of the model that were compared
    """
    for quantity in quantities:
        if not n_recited or quantity.metric not in (_FOUND | {_FLAGS}):
            yield quantity
            continue
        found = clopper_pearson(n_other, n_recited + n_other, confidence=quantity.confidence)
        told = Interval(quantity.value, quantity.low, quantity.high)
        made = _of_flags(told, found) if quantity.metric == _FLAGS else _of_all(told, found)
        yield replace(quantity, value=made.value, low=made.low, high=made.high)


def _of_all(told: Interval, other: Interval) -> Interval:
    return Interval(told.value * other.value, told.low * other.low, told.high * other.high)


def _of_flags(told: Interval, other: Interval) -> Interval:
    """What a flag is worth where only this share of the model's texts can be flagged: the odds fall with it."""

    def worth(value: float, share: float) -> float:
        return value * share / (value * share + 1 - value) if value else 0.0

    return Interval(worth(told.value, other.value), worth(told.low, other.low), worth(told.high, other.high))
