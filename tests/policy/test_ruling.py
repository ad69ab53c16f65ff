"""Verdicts and their words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy.toys import unhurried
from weighbridge.core.findings import Verdict
from weighbridge.core.wording import phrase
from weighbridge.policy.ruling import (
    ASK,
    COMMAND,
    QUESTION,
    Ruling,
    breached,
    exempt,
    harshest,
    holds,
    to_measure,
    unanswered,
    unsettled,
)

RULINGS = (
    breached("bad", "mend", None),
    unsettled(phrase("a"), phrase("b"), 1),
    unsettled(phrase("a"), phrase("b"), 2),
    unanswered(phrase("c"), "harm"),
    holds(phrase("fine")),
    exempt(phrase("not here")),
)


@unhurried
@given(st.permutations(RULINGS), st.integers(1, len(RULINGS)))
def test_the_harshest_is_the_same_in_any_order(rulings: list[Ruling], n: int) -> None:
    some = rulings[:n]
    assert harshest(some) == harshest(some[::-1])
    weights = [Verdict.BREACHED, Verdict.OPEN, Verdict.HOLDS, Verdict.EXEMPT]
    assert harshest(some).verdict is min((r.verdict for r in some), key=weights.index)


def test_a_question_carries_its_name_and_the_command() -> None:
    remedy = unanswered(phrase("c"), "harm").remedy
    assert remedy is not None
    assert dict(remedy.fields) == {QUESTION: "harm", COMMAND: ASK}
    assert str(remedy) == "answer harm: weighbridge init --ask DIR"


def test_what_brings_a_number() -> None:
    assert str(to_measure("a-probe")) == "weighbridge weigh DIR --probe a-probe"
    assert "import-report DIR FILE" in str(to_measure("imported-garak"))
