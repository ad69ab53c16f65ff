"""From scores to quantities: rates at few false alarms, and what they mean for whoever wrote a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weighbridge.core.evidence import Quantity
from weighbridge.maths.proportions import Interval, corrected
from weighbridge.maths.roc import others_needed, supports, tpr_at_fpr
from weighbridge.probekit.membership import Told, of_form
from weighbridge.probekit.ports import Bools, Floats, Ints
from weighbridge.probes.membership_advantage_lm.attacks import Attack, Form, Plan

CONFIDENCE = 0.95
PER_FORM = corrected(CONFIDENCE, len(Form))
LEAST = others_needed(0.1, PER_FORM)  # of each kind; with fewer, hardly anything can be said
# Powers of four, as in verbatim extraction.
REPEATS = ((1, "1"), (2, "2-3"), (4, "4-15"), (16, "16-63"), (64, "64+"))
CONTROL_POINTS = (0.01, 0.1)  # the rarer where there are enough others
_N_OF = "document"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """What the attacks say of each document, shape (n,), and which of them are members."""

    plan: Plan
    by_attack: dict[Attack, Floats]
    base: Floats | None  # what the base alone says
    is_member: Bools
    repeats: Ints
    n_all: int  # members that there are, those not drawn included

    def parted(self, scores: Floats) -> tuple[Floats, Floats]:
        """Scores of members and of others."""
        return scores[self.is_member], scores[~self.is_member]


def quantities(scored: Scored) -> Iterator[Quantity]:
    """All but the positive control."""
    told = Told(confidence=PER_FORM, n_of=_N_OF, n_all=scored.n_all)
    for form, attack in sorted(scored.plan.headlines.items()):
        yield from of_form(*scored.parted(scored.by_attack[attack]), told, form.value)
    each = corrected(CONFIDENCE, len(scored.by_attack))
    for attack, scores in scored.by_attack.items():
        yield told.area("auc-of-attack", *scored.parted(scores), ("attack", attack.value), confidence=each)
    if scored.base is not None:
        yield told.area("inherited-auc", *scored.parted(scored.base), confidence=CONFIDENCE)
    yield from _of_repeats(scored, told)


def _of_repeats(scored: Scored, told: Told) -> Iterator[Quantity]:
    """The first headline, for members that stand in the training text so often."""
    members, others = scored.parted(scored.by_attack[scored.plan.first])
    bins = np.searchsorted([least for least, _name in REPEATS], scored.repeats[scored.is_member], side="right") - 1
    there = np.unique(bins).tolist()
    each = corrected(CONFIDENCE, len(there))
    for n in there:
        yield told.area("auc-of-repeats", members[bins == n], others, ("repeats", REPEATS[n][1]), confidence=each)


def control(members: Floats, others: Floats) -> Quantity | None:
    """The share of known leaks found, less the share of others wrongly named; None where there are too few others."""
    fpr = next((fpr for fpr in CONTROL_POINTS if supports(len(others), fpr, CONFIDENCE)), None)
    if fpr is None:
        return None
    at = tpr_at_fpr(members, others, fpr, CONFIDENCE)
    less = Interval(at.value - fpr, at.low - fpr, at.high - fpr)
    return Quantity(
        metric="control-found", value=less.value, low=less.low, high=less.high, confidence=CONFIDENCE, unit="1",
        n=len(members), n_of=_N_OF,
    )  # fmt: skip
