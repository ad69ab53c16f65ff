"""Whether membership can be read at all: what the shift gate found, for the probes that come after it."""

from __future__ import annotations

import math
from typing import Never, assert_never

from weighbridge.core.evidence import (
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Quantity,
    not_measured,
)
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Bench

GATE = "shift-gate"
BLIND, SHARED = "blind-auc", "shared-records"
_GUESS = 0.5  # the AUC of one


def interpretable(bench: Bench, *, of: str, at_most: float) -> tuple[Phrase, ...]:
    """What to tell beside membership results; leaves through `Silent` where they could not be read.

    They can be read where the upper bound of the AUC at which members are told from non-members without the model is
    at most `at_most`. What the gate did not measure is no leave to go on.

    Parameters
    ----------
    of : "table" or "text"
    at_most : in [0.5, 1]
    """
    outcome = bench.evidence(GATE).outcome
    match outcome:
        case Measured():
            pass
        case NotMeasured():
            not_measured(_unknown(str(outcome.because)), outcome.remedy)
        case NotApplicable():
            not_measured(_unknown(str(outcome.because)), _run_it())
        case Failed():
            not_measured(_unknown(str(outcome.error)), _run_it())
        case _:
            assert_never(outcome)
    return _read(outcome, of, at_most)


def _read(outcome: Measured, of: str, at_most: float) -> tuple[Phrase, ...]:
    blind = _of(outcome, BLIND, of)
    if blind is None:
        because = next((str(note) for note in outcome.notes if dict(note.fields).get("of") == of), "")
        not_measured(_unknown(because or str(phrase("there is no number for {of}", of=of))), _run_it())
    shared = _of(outcome, SHARED, of)
    if blind.high > at_most:
        _differ(blind, shared, at_most)
    told = [
        phrase(
            "without the model, members and non-members can hardly be told apart (AUC {value:.3f}, at most {high:.3f}; "
            "0.5 is a guess), so what the model adds can be read",
            value=blind.value,
            high=blind.high,
        )
    ]
    if shared is not None and shared.value:
        told.append(
            phrase(
                "{n} records that were held out stand in the training data as well; they are left out of the "
                "non-members",
                n=int(shared.value),
            )
        )
    return tuple(told)


def _differ(blind: Quantity, shared: Quantity | None, at_most: float) -> Never:
    """Leave: they were shown to differ, or too few records were compared to say whether they do."""
    fields = {"value": blind.value, "low": blind.low, "high": blind.high, "at_most": at_most}
    if blind.low > _GUESS:
        not_measured(
            phrase(
                "members and non-members differ without the model: they are told apart with an AUC of {value:.3f} "
                "[{low:.3f}, {high:.3f}], and the upper bound may be {at_most:.3f} at most",
                **fields,
            ),
            _split_again(shared),
        )
    if at_most <= _GUESS:  # nobody can show that it is no more than a guess
        not_measured(
            phrase(
                "it cannot be said that members and non-members are alike without the model: no sample brings the "
                "upper bound of a guess, now {high:.3f}, down to {at_most:.3f}",
                **fields,
            ),
            phrase("allow more: a bound above 0.5, such as 0.55"),
        )
    not_measured(
        phrase(
            "it cannot be said whether members and non-members differ at all without the model: among {n} records "
            "they are told apart with an AUC of {value:.3f} [{low:.3f}, {high:.3f}], and the upper bound may be "
            "{at_most:.3f} at most",
            n=blind.n,
            **fields,
        ),
        phrase(
            "too few records were compared; where they do not differ, about {n} in all can show it: add to the "
            "held-out data",
            n=_needed(blind, at_most),
        ),
    )


def _needed(blind: Quantity, at_most: float) -> int:
    """How many records bring the upper bound down, as widths fall with the root of the number.

    What was found is kept for the true value as far as the middle between a guess and the bound. Beyond, hardly any
    number would do; there the true value is taken to be less than what chance showed.
    """
    found = max(_GUESS, blind.value)
    centre = min(found, (_GUESS + at_most) / 2)
    return max(blind.n + 1, math.ceil(blind.n * ((blind.high - found) / (at_most - centre)) ** 2))


def _split_again(shared: Quantity | None) -> Phrase:
    if shared is None or not shared.value:
        return phrase(
            "split the same data at random into training data and held-out data, train again on the first, and name "
            "both in weighbridge.toml"
        )
    return phrase(
        "split the same data at random, equal records together, train again on the one part, and name both in "
        "weighbridge.toml: {n} of {m} held-out records stand in the training data too and were left out, and where "
        "that is a large part, it alone makes the rest differ",
        n=int(shared.value),
        m=shared.n,
    )


def _of(outcome: Measured, metric: str, of: str) -> Quantity | None:
    return next((q for q in outcome.quantities if q.metric == metric and q.at("of") == of), None)


def _unknown(because: str) -> Phrase:
    return phrase(
        "it is not known whether members and non-members differ at all without the model, and if they do, membership "
        "results mean nothing: {because}",
        because=because,
    )


def _run_it() -> Phrase:
    return phrase("weighbridge weigh . --probe {gate}", gate=GATE)
