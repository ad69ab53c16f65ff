from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.arguments import Argument, why_too_weak

WEAK = (Argument.PEERS, Argument.LAWFUL, Argument.PRESS, Argument.GOVERNMENT)


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        (Argument.PEERS, "everybody else"),
        (Argument.LAWFUL, "does not make it right"),
        (Argument.PRESS, "Journalists do not decide"),
        (Argument.GOVERNMENT, "Governments do not decide"),
    ],
)
def test_each_weak_ground_is_refused_with_the_essays_reason(argument: Argument, says: str) -> None:
    assert says in why_too_weak([argument])
    assert not why_too_weak([argument, Argument.EVIDENCE])


@given(st.lists(st.sampled_from(Argument)))
def test_only_weak_grounds_alone_are_too_weak(arguments: list[Argument]) -> None:
    assert bool(why_too_weak(arguments)) == (bool(arguments) and set(arguments) <= set(WEAK))


def test_that_the_law_forbids_it_carries() -> None:
    assert Argument.UNLAWFUL.carries
    assert {argument for argument in Argument if not argument.carries} == set(WEAK)
