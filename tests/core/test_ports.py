"""The fake ledger and the real one keep the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.ledger import FakeLedger, FixedClock
from weighbridge.adapters.ledger.sqlite import open_ledger
from weighbridge.core.bodies import evidence_body
from weighbridge.core.canon import Digest
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import Asked, Evidence, NotApplicable, NotMeasured
from weighbridge.core.ports import Kind, Ledger
from weighbridge.core.wording import phrase

ASKED = Asked(
    candidate=Digest("sha256:a"),
    reading=Digest("sha256:b"),
    probe="p",
    version=1,
    settings=(),
    seed=0,
    budget_seconds=1.0,
)


@pytest.fixture(params=["fake", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "fake":
        yield FakeLedger()
        return
    with open_ledger(tmp_path / "home", FixedClock(), {}) as opened:
        yield opened


def test_chains_are_gapless_and_apart(ledger: Ledger) -> None:
    for n in range(3):
        ledger.append("one", Kind.ANSWER, {"n": n})
    ledger.append("two", Kind.ANSWER, {"n": 9})
    assert [entry.number for entry in ledger.entries("one")] == [1, 2, 3]
    assert [entry.body for entry in ledger.entries("two")] == [{"n": 9}]
    assert ledger.chains() == ("one", "two")
    assert ledger.verify() == 4
    assert list(ledger.entries("three")) == []


def test_the_latest_evidence_is_found_again(ledger: Ledger) -> None:
    first = Evidence(asked=ASKED, outcome=NotMeasured(because=phrase("no {x}", x=1), remedy=phrase("get it")))
    second = Evidence(asked=ASKED, outcome=NotApplicable(because=phrase("none")))
    assert ledger.evidence("one", ASKED.digest) is None
    ledger.append("one", Kind.EVIDENCE, evidence_body(first))
    assert ledger.evidence("one", ASKED.digest) == first
    ledger.append("one", Kind.EVIDENCE, evidence_body(second))
    assert ledger.evidence("one", ASKED.digest) == second
    assert ledger.evidence("two", ASKED.digest) is None


def test_words_are_erasable_and_the_chain_stays_whole(ledger: Ledger) -> None:
    commitment = ledger.commit("one", "a name")
    assert commitment != ledger.commit("one", "a name"), "the salt hides that two said the same"
    ledger.append("one", Kind.ANSWER, {"by": commitment})
    assert ledger.text(commitment) == "a name"
    ledger.erase("one", commitment)
    assert ledger.text(commitment) is None
    assert ledger.verify() == 2
    with pytest.raises(Unusable):
        ledger.erase("one", Digest("sha256:none"))
