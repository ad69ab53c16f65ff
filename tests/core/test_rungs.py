from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.rungs import Rung, closed, gives_as_much, highest, in_order

rungs = st.sets(st.sampled_from(list(Rung)))


@pytest.mark.parametrize(
    ("forbidden", "all_forbidden"),
    [
        ({Rung.OPEN}, {Rung.OPEN}),
        ({Rung.LICENSED}, {Rung.LICENSED, Rung.OPEN}),
        ({Rung.GATED}, {Rung.GATED, Rung.LICENSED, Rung.OPEN}),
        ({Rung.PARTNERS}, {Rung.PARTNERS, Rung.GATED, Rung.LICENSED, Rung.OPEN}),
        ({Rung.SERVED}, {Rung.SERVED, Rung.LICENSED, Rung.OPEN}),
        (set(), set()),
    ],
)
def test_forbids_all_that_gives_as_much(forbidden: set[Rung], all_forbidden: set[Rung]) -> None:
    assert closed(forbidden) == all_forbidden


def test_partners_and_served_cannot_be_compared() -> None:
    assert not gives_as_much(Rung.PARTNERS, Rung.SERVED)
    assert not gives_as_much(Rung.SERVED, Rung.PARTNERS)
    assert highest({Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED}) == (Rung.PARTNERS, Rung.SERVED)


@given(st.sampled_from(list(Rung)), st.sampled_from(list(Rung)), st.sampled_from(list(Rung)))
def test_is_a_partial_order(a: Rung, b: Rung, c: Rung) -> None:
    assert gives_as_much(a, a)
    assert gives_as_much(a, Rung.WITHHELD)
    assert not (gives_as_much(a, b) and gives_as_much(b, c)) or gives_as_much(a, c)
    assert a == b or not (gives_as_much(a, b) and gives_as_much(b, a))


@given(rungs, rungs)
def test_closing_is_monotone_and_done_once(one: set[Rung], other: set[Rung]) -> None:
    assert closed(one) <= closed(one | other)
    assert closed(closed(one)) == closed(one)


@given(rungs)
def test_what_is_left_open_is_closed_downward(forbidden: set[Rung]) -> None:
    left = set(Rung) - closed(forbidden)
    assert all(lesser in left for rung in left for lesser in Rung if gives_as_much(rung, lesser))


def test_orders_as_declared() -> None:
    assert in_order({Rung.OPEN, Rung.WITHHELD}) == (Rung.WITHHELD, Rung.OPEN)
