"""What it means for a person that members can be told from others: the numbers that every membership attack reports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from weighbridge.core.evidence import Quantity
from weighbridge.maths.proportions import Interval
from weighbridge.maths.roc import (
    TooFew,
    auc_interval,
    epsilon_lower,
    others_needed,
    predictive_value,
    supports,
    tpr_at_fpr,
)
from weighbridge.probekit.ports import Floats

PRIORS = ("0.5", "0.1", "0.01")  # how likely it was beforehand
POINTS = (("tpr-at-fpr-1pct", 0.01), ("tpr-at-fpr-0.1pct", 0.001))  # few false alarms first, then hardly any
_UNITS = {"records-exposed": "count", "epsilon-lower": "nats"}  # all others are shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How the numbers are told."""

    confidence: float  # of each form
    n_of: str  # "record", "person", "document"
    n_all: float  # members that there are, those not drawn included

    def quantity(
        self, metric: str, got: Interval, n: int, *by: tuple[str, str], confidence: float | None = None
    ) -> Quantity:
        """An interval as a number of its own; at another confidence where it is given."""
        return Quantity(
            metric=metric, value=got.value, low=got.low, high=got.high,
            confidence=self.confidence if confidence is None else confidence,
            unit=_UNITS.get(metric, "1"), n=n, n_of=self.n_of, by=by,
        )  # fmt: skip

    def area(
        self, metric: str, members: Floats, others: Floats, *by: tuple[str, str], confidence: float | None = None
    ) -> Quantity:
        """How often a member's score lies above another's."""
        got = auc_interval(members, others, self.confidence if confidence is None else confidence)
        return self.quantity(metric, got, min(len(members), len(others)), *by, confidence=confidence)


def of_form(members: Floats, others: Floats, told: Told, form: str) -> Iterator[Quantity]:
    """All that scores say of what leaves in one form; points that there are too few others for are left out."""
    by, n = ("form", form), len(members)
    yield told.area("auc", members, others, by)
    points = {
        fpr: (metric, tpr_at_fpr(members, others, fpr, told.confidence))
        for metric, fpr in POINTS
        if supports(len(others), fpr, told.confidence)
    }
    for metric, at in points.values():
        yield told.quantity(metric, at, n, by)
    if points:
        rarest = min(points)
        yield told.quantity("records-exposed", _exposed(points[rarest][1], rarest, told.n_all), n, by)
    if 0.01 in points:
        named = Interval(0.01, 0.01, 0.01)  # the point is where exactly so many others are named
        for prior in PRIORS:
            value = predictive_value(points[0.01][1], named, float(prior))
            yield told.quantity("predictive-value", value, n, by, ("prior", prior))
    try:
        yield told.quantity("epsilon-lower", epsilon_lower(members, others, told.confidence), n, by)
    except TooFew:
        return


def _exposed(at: Interval, fpr: float, n_all: float) -> Interval:
    """How many of all stand out at this rate of false alarms, beyond those expected by chance."""
    value, low, high = (n_all * max(0.0, x - fpr) for x in (at.value, at.low, at.high))
    return Interval(float(round(value)), float(math.floor(low)), float(math.ceil(high)))


def unsupported(n_others: int, confidence: float) -> tuple[tuple[str, int], ...]:
    """Points for which there are too few others, and how many they need."""
    needed = ((metric, others_needed(fpr, confidence)) for metric, fpr in POINTS)
    return tuple((metric, least) for metric, least in needed if n_others < least)
