from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.grounds import Ground, why_too_weak

WEAK = (Ground.PEERS, Ground.LAWFUL, Ground.PRESS, Ground.GOVERNMENT)


@pytest.mark.parametrize(
    ("ground", "says"),
    [
        (Ground.PEERS, "everybody else"),
        (Ground.LAWFUL, "does not make it right"),
        (Ground.PRESS, "Journalists do not decide"),
        (Ground.GOVERNMENT, "Governments do not decide"),
    ],
)
def test_each_weak_ground_is_refused_with_the_essays_reason(ground: Ground, says: str) -> None:
    assert says in why_too_weak([ground])
    assert not why_too_weak([ground, Ground.EVIDENCE])


@given(st.lists(st.sampled_from(Ground)))
def test_only_weak_grounds_alone_are_too_weak(grounds: list[Ground]) -> None:
    assert bool(why_too_weak(grounds)) == (bool(grounds) and set(grounds) <= set(WEAK))


def test_that_the_law_forbids_it_carries() -> None:
    assert Ground.UNLAWFUL.carries
    assert {ground for ground in Ground if not ground.carries} == set(WEAK)
