from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.scanner.folding import folded, folds, places


@given(st.text(max_size=60))
def test_every_character_has_its_place_and_folding_twice_is_folding_once(text: str) -> None:
    plain, back = folded(text), places(text)
    assert folded(plain) == plain
    assert len(back) == len(plain) + 1
    assert list(back) == sorted(back)
    assert back[-1] == len(text)


def test_digits_of_every_script() -> None:
    assert folded("٠١٢ ۳۴ ५६ ৭৮ ９") == "012 34 56 78 9"
    assert folded("a\u200bb\u00a0c\u2013d") == "ab c-d"
    assert not folds("Größe, naïve, Привет")
