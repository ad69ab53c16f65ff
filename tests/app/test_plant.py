from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.app.plant import NAME, SECRET, TEMPLATES, Design, plant
from weighbridge.core.errors import Unusable
from weighbridge.probes.canary_exposure.space import space_of


def test_a_kit_is_made_from_its_seed_alone() -> None:
    kit = plant(Design(), 7)
    assert plant(Design(), 7) == kit
    assert {c.secret for c in kit.planted}.isdisjoint(c.secret for c in plant(Design(), 7 + (1 << 100)).planted)
    assert kit.seed == 7


def test_canaries_are_spread_evenly_and_stand_as_often_as_said() -> None:
    kit = plant(Design(canaries=12, repeats=(1, 3, 9)), 1)
    assert Counter(c.repeats for c in kit.planted) == {1: 4, 3: 4, 9: 4}
    assert Counter(kit.rows) == {c: c.repeats for c in kit.planted}
    assert [c.repeats for c in kit.held_back] == [0] * 12
    assert kit.rows != tuple(sorted(kit.rows, key=lambda c: c.secret))  # mixed, not one after the other


def test_every_sentence_is_planted_at_every_rung() -> None:
    kit = plant(Design(canaries=16, repeats=(1, 2, 4, 8), languages=("en", "ru")), 1)
    assert Counter((c.repeats, "Код" in c.text) for c in kit.planted) == {(n, ru): 2 for n in (1, 2, 4, 8) for ru in (True, False)}  # fmt: skip
    assert sum("Код" in c.text for c in kit.held_back) == 8


@given(st.sampled_from(["99999", "99-AAA-9999", "aAaA", "A9 99/99"]), st.integers(0, 2**128), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_secrets_have_the_shape_and_stand_once(pattern: str, seed: int, n: int) -> None:
    kit = plant(Design(canaries=n, pattern=pattern), seed)
    every = [*kit.planted, *kit.held_back]
    assert len({c.secret for c in every}) == len({c.text for c in every}) == 2 * n
    for canary in every:
        assert canary.text.count(canary.secret) == 1
        kinds = "".join(
            "9" if c.isdigit() else "A" if c.isupper() else "a" if c.islower() else c for c in canary.secret
        )
        assert kinds == pattern
        assert space_of(canary.secret) == space_of(kit.planted[0].secret)  # the probe sees one space


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_hold_what_they_must(template: str) -> None:
    for sentence in TEMPLATES[template].values():
        assert (sentence.count(SECRET), sentence.count(NAME)) == (1, 1)
    assert list(TEMPLATES[template]) == list(TEMPLATES["code"])


def test_a_sentence_of_ones_own() -> None:
    kit = plant(Design(canaries=2, template="PIN? {secret}!"), 3)
    assert all(c.text == f"PIN? {c.secret}!" for c in kit.planted)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"canaries": 0}, "0 canaries were asked for"),
        ({"repeats": ()}, "each number of repeats must be 1 or more"),
        ({"repeats": (1, 0)}, "each number of repeats must be 1 or more"),
        ({"repeats": (10**6,)}, "1000000 at most"),
        ({"template": "cod"}, "did you mean 'code'"),
        ({"template": "no place"}, "has no {secret} in it"),
        ({"template": "{secret} {secret}"}, "once"),
        ({"template": "{x} {secret}"}, "no other braces"),
        ({"template": "{secret}"}, "words around them"),
        ({"languages": ("en", "xx")}, "there is no template in xx"),
        ({"languages": ()}, "there is no template in no language"),
        ({"pattern": "999"}, "there are 1000 secrets of this shape"),
        ({"pattern": ""}, "there are 1 secrets of this shape"),
        ({"pattern": "KEY-999999"}, "it may hold 9"),
        ({"pattern": "99999\n"}, "it may hold 9"),
        ({"pattern": " 99999"}, "it may hold 9"),
        ({"pattern": "99999é"}, "it may hold 9"),
        ({"canaries": 1000, "pattern": "9999", "repeats": (1,)}, "it takes 20000"),
    ],
)
def test_what_gives_no_kit_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(Unusable) as caught:
        plant(replace(Design(), **change), 1)  # type: ignore[arg-type]  # drawn from names
    assert why in caught.value.why
    assert caught.value.fix
