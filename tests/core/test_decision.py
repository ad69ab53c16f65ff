from __future__ import annotations

from dataclasses import replace

from core.test_envelope import APPROVAL, DECISION
from core.test_stages import FIRST
from weighbridge.core.bodies import approval_from, decision_from
from weighbridge.core.candidate import Component
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Statement
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


def test_a_decision_of_an_earlier_version_keeps_its_digest() -> None:
    # as version 0.1 sealed it; approvals in ledgers hold such digests
    assert DECISION.digest == "sha256:ce466e189664dd9b0b63ab8a084202e25c7dd839eba02e6b58affb76cbca1d90"
    assert not {"stages", "statement"} & set(plain(DECISION))  # type: ignore[arg-type]  # a data class is a table


def test_stages_and_statement_are_in_the_digest_and_come_back() -> None:
    staged = replace(DECISION, stages=(FIRST,))
    said = replace(DECISION, statement=Statement(says="It buys a year.", figures=digest_of_bytes(b"f")))
    assert len({DECISION.digest, staged.digest, said.digest}) == 3
    for made in (staged, said):
        assert decision_from(plain(made)) == made
