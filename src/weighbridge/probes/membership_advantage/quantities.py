"""From scores to quantities: rates at few false alarms, what they mean for a person, and where they are worst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.maths.proportions import corrected, difference, largest
from weighbridge.maths.roc import (
    Interval,
    exceeding,
    others_needed,
    supports,
    threshold,
    tpr_at_fpr,
)
from weighbridge.probekit.membership import Told, of_form
from weighbridge.probekit.ports import Bools, Ints
from weighbridge.probes.membership_advantage.attacks import Scored

# The probe may look three times, with 8, 16 and 64 models, or as many times more trees: each look has a third of the
# error, whether or not it comes.
LOOKS = 3
CONFIDENCE = 1 - 0.05 / LOOKS
# Weights and probabilities are tried by the same scores; an answer alone by others. So two comparisons, three forms.
PER_FORM = corrected(CONFIDENCE, 2)
LEAST = others_needed(0.1, PER_FORM)  # of each kind; with fewer, hardly anything can be said
_CONTROL_POINTS = (0.1, 0.3)  # the control is small, and supports no rarer false alarms
LEAST_IN_SLICE = 30  # members, and others; ours
_MOST_SLICES = 50
_FINE_FROM = 1000  # others, for a threshold that 1 in 100 exceed; 1 in 10 below


class Form(StrEnum):
    """In which form the classifier leaves."""

    BYTES = "bytes"
    PROBABILITIES = "probabilities"
    LABELS = "labels"


def quantities(scored: Scored, n_of: str, n_all: float) -> Iterator[Quantity]:
    """All but the slices and the positive control; of records or persons, so many in the training data altogether."""
    told = Told(confidence=PER_FORM, n_of=n_of, n_all=n_all)
    for form in Form:
        members, others = scored.parted(None if form is Form.LABELS else scored.headline)
        yield from of_form(members, others, told, form.value)
    yield from _of_attacks(scored, told)


def _of_attacks(scored: Scored, told: Told) -> Iterator[Quantity]:
    each = corrected(CONFIDENCE, len(scored.by_attack))
    for attack in scored.by_attack:
        members, others = scored.parted(attack)
        by = ("attack", attack.value)
        yield told.area("auc-of-attack", members, others, by, confidence=each)
        if supports(len(others), 0.01, each):
            at = tpr_at_fpr(members, others, 0.01, each)
            yield told.quantity("tpr-1pct-of-attack", at, len(members), by, confidence=each)


def control(scored: Scored, n_of: str) -> Quantity | None:
    """What the attack finds of a known leak, at the better of two points; None where there are too few records to say.

    The intervals of both points hold together, so that the better may be taken.
    """
    members, others = scored.parted(scored.headline)
    each = corrected(CONFIDENCE, len(_CONTROL_POINTS))
    if not supports(len(others), min(_CONTROL_POINTS), each):
        return None
    at = [(tpr_at_fpr(members, others, fpr, each), fpr) for fpr in _CONTROL_POINTS]
    value, low, high = (
        max(x) for x in zip(*((got.value - fpr, got.low - fpr, got.high - fpr) for got, fpr in at), strict=True)
    )
    return _quantity("control-found", Interval(value, low, high), each, len(members), n_of)


def models_refitted(n: int) -> Quantity:
    """Models that were made from the recipe."""
    return Quantity(metric="models-refitted", value=n, low=n, high=n, confidence=1.0, unit="count", n=n, n_of="model")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slices:
    """A way to cut all persons into groups: `codes` of shape (n_persons,), from 0."""

    column: str  # or "" for the classes
    codes: Ints


def worst_slice(
    scored: Scored, ways: tuple[Slices, ...], n_of: str, generator: np.random.Generator
) -> tuple[Quantity, Slices] | None:
    """The advantage where it is largest, and in which way of cutting; None where no slice is large enough.

    One threshold for all: it is set on a random half of the others, and the other half are counted beyond it, so that
    what is counted did not choose the threshold. All slices' intervals hold together; so does their maximum.
    """
    scores = scored.by_attack[scored.headline]
    others = generator.permutation(np.flatnonzero(~scored.is_member))
    setting, counted = others[: len(others) // 2], others[len(others) // 2 :]
    fpr = 0.01 if len(setting) >= _FINE_FROM else 0.1
    level = threshold(scores[setting], fpr)
    is_counted = np.zeros(len(scores), dtype=bool)
    is_counted[counted] = True
    parts = [
        (way, scores[scored.is_member & within], scores[is_counted & within])
        for way in ways
        for within in (way.codes == code for code in range(int(way.codes.max()) + 1))
        if _is_large(scored.is_member & within) and _is_large(is_counted & within)
    ]
    if not parts:
        return None
    each = corrected(CONFIDENCE, len(parts))
    got = [
        difference(exceeding(ins, level), len(ins), exceeding(outs, level), len(outs), confidence=each)
        for _way, ins, outs in parts
    ]
    worst = largest(got)
    at = int(np.argmax([x.value for x in got]))
    n = int(scored.is_member.sum())
    return _quantity("worst-slice-advantage", worst, each, n, n_of), parts[at][0]


def _is_large(within: Bools) -> bool:
    return int(within.sum()) >= LEAST_IN_SLICE


def _quantity(metric: str, got: Interval, confidence: float, n: int, n_of: str) -> Quantity:
    return Quantity(
        metric=metric, value=got.value, low=got.low, high=got.high, confidence=confidence, unit="1", n=n, n_of=n_of
    )
