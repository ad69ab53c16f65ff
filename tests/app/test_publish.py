from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.test_decide import DRAFT
from app.test_gate import Yard, yard
from fakes.ledger import FakeLedger
from weighbridge.app.publish import publish
from weighbridge.app.reopen import Happening, reopen
from weighbridge.core.decision import SignerRole
from weighbridge.core.passage import Destination

__all__ = ["yard"]


def test_a_ledger_without_decisions(yard: Yard) -> None:
    found = publish(FakeLedger(), yard.ring, yard.clock.now())
    assert (found.decisions, found.unsigned) == ((), 0)


def test_signed_decisions_the_latest_first(yard: Yard) -> None:
    yard.decides(replace(DRAFT, conditions=("a condition",)))
    assert publish(yard.ledger, yard.ring, yard.clock.now()).unsigned == 1
    yard.signs(SignerRole.OWNER, "somebody else")
    found = publish(yard.ledger, yard.ring, yard.clock.now())
    assert found.unsigned == 0
    assert sorted((d.stands, len(d.signatures)) for d in found.decisions) == [(False, 2), (True, 1)]


def test_signatures_that_do_not_count_are_not_published(yard: Yard) -> None:
    (shown,) = publish(yard.ledger, yard.ring, yard.clock.now()).decisions
    assert [s.role for s in shown.signatures] == ["owner", "security"]
    yard.ring.revoke(yard.ring.find("owner"), "lost")
    (shown,) = publish(yard.ledger, yard.ring, yard.clock.now()).decisions
    assert [s.role for s in shown.signatures] == ["security"]


def test_no_person_is_named(yard: Yard, tmp_path: Path) -> None:
    yard.decides(DRAFT)
    yard.signs(SignerRole.OWNER, "Ada Lovelace")
    told = repr(publish(yard.ledger, yard.ring, yard.clock.now()))
    assert "Ada" not in told
    assert "it does good" not in told


@pytest.mark.parametrize("happens", [False, True])
def test_what_has_come_of_it(yard: Yard, happens: bool) -> None:
    if happens:
        reopen("c", Happening(what="it was found"), yard.ledger)
    yard.gates(Destination.PUBLIC)
    (shown,) = publish(yard.ledger, yard.ring, yard.clock.now()).decisions
    assert [i.is_open for i in shown.incidents] == [True] * happens
