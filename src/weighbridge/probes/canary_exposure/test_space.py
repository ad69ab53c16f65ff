from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.bench import generator
from weighbridge.probes.canary_exposure.space import space_of


@pytest.mark.parametrize(
    ("secret", "size"),
    [
        ("0417", 10**4),
        ("99-AbC-9", 10**3 * 26**3),
        ("+41 79", 10**4),
        ("٣٤", 100),  # digits of another script
        ("яЖ", 32 * 32),
        ("ωΩ", 24 * 24),
        ("שלום", 22**3),  # a final letter stays
        ("قلم", 28**3),
        ("é1", 10),  # a letter with an accent stays
        ("密码7", 10),
        ("---", 1),
        ("", 1),
    ],
)
def test_sizes(secret: str, size: int) -> None:
    assert space_of(secret).size == size


@given(st.text(max_size=40))
def test_a_secret_lies_in_its_space(secret: str) -> None:
    space = space_of(secret)
    assert len(space.choices) == len(secret)
    assert all(character in these for character, these in zip(secret, space.choices, strict=True))
    assert all(len(set(these)) == len(these) for these in space.choices)


def test_every_string_comes_once() -> None:
    every = list(space_of("1-b").every())
    assert len(every) == len(set(every)) == 260
    assert {"0-a", "9-z", "1-b"} <= set(every)


def test_draws_are_even_and_without_the_secret() -> None:
    drawn = space_of("12").draw(20_000, generator(1, "test"), but="12")
    counts = Counter(drawn)
    assert len(drawn) == 20_000
    assert "12" not in counts
    assert len(counts) == 99
    assert all(abs(n - 20_000 / 99) < 75 for n in counts.values())  # five standard deviations


def test_of_two_strings_the_other_is_drawn() -> None:
    assert set(space_of("7").draw(50, generator(1, "test"), but="7")) == set("012345689")
