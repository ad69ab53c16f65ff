from __future__ import annotations

from dataclasses import replace

from core.test_envelope import APPROVAL, DECISION
from weighbridge.core.bodies import approval_from, decision_from
from weighbridge.core.candidate import Component
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain


def test_goes_into_the_ledger_and_back() -> None:
    assert decision_from(plain(DECISION)) == DECISION
    assert approval_from(plain(APPROVAL)) == APPROVAL


def test_the_digest_covers_all_of_it() -> None:
    changes = [
        {"expires": "2027-05-02"},
        {"conditions": ("x",)},
        {"plan": (("weights", Rung.GATED),)},
        {"released": ()},
    ]
    digests = {replace(DECISION, **change).digest for change in changes}  # type: ignore[arg-type]
    assert len(digests | {DECISION.digest}) == 5


def test_a_component_has_the_rung_that_was_decided_or_none() -> None:
    assert DECISION.rung_of(Component.WEIGHTS) is Rung.OPEN
    assert DECISION.rung_of(Component.DATA) is None
