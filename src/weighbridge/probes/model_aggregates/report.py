"""What was found so far, and how a number is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from weighbridge.core.evidence import Basis, NotMeasured, Quantity
from weighbridge.core.wording import Phrase
from weighbridge.maths.proportions import Interval

LEAST = 50  # originals, rows of the control, or texts: with fewer, no interval says anything. Ours


@dataclass(slots=True, kw_only=True)
class Report:
    """What was found so far."""

    quantities: list[Quantity] = field(default_factory=list)
    controls: list[Interval] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    silent: list[NotMeasured] = field(default_factory=list)


def quantity(  # noqa: PLR0913  one number of a list
    metric: str,
    interval: Interval,
    confidence: float,
    *,
    n: int,
    n_of: str,
    by: tuple[tuple[str, str], ...] = (),
    unit: str = "1",
    basis: Basis = Basis.MEASURED,
) -> Quantity:
    """A number with its interval."""
    return Quantity(
        metric=metric, value=interval.value, low=interval.low, high=interval.high, confidence=confidence, unit=unit,
        n=n, n_of=n_of, by=by, basis=basis,
    )  # fmt: skip


def none(metric: str) -> Quantity:
    """A number about things of which the candidate has none: a rule on it is then about nothing."""
    return quantity(metric, Interval(0.0, 0.0, 0.0), 1.0, n=0, n_of="row")
