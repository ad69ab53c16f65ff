from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.bench import MemoryTexts
from weighbridge.probes.shift_gate.documents import Known, sample, shared, survey

KEY = b"k" * 32
TEXTS = st.lists(st.sampled_from(["a b", "A  b", "c", "d\n", "D", "", " ", "e e"]), max_size=20)


def known(texts: list[str], key: bytes = KEY) -> Known:
    return survey(MemoryTexts(texts), key, lambda: None)


def plain(text: str) -> str:
    return " ".join(text.casefold().split())


@given(TEXTS, TEXTS)
def test_what_stands_in_both_is_counted_one_by_one(train: list[str], held: list[str]) -> None:
    found = shared(known(train), known(held))
    there, alike = {t for t in train if t.strip()}, {plain(t) for t in train if t.strip()}
    assert found.exact == sum(t in there for t in held)
    assert found.alike == sum(plain(t) in alike for t in held if t.strip())
    assert found.n == sum(bool(t.strip()) for t in held)


@given(TEXTS, TEXTS, st.integers(0, 6))
def test_the_sample_holds_each_text_once_and_none_from_elsewhere(texts: list[str], others: list[str], n: int) -> None:
    drawn = sample(MemoryTexts(texts), known(texts), known(others).distinct, n, lambda: None)
    left = {plain(t) for t in texts if t.strip()} - {plain(t) for t in others}
    assert len(drawn) == min(n, len(left))
    assert {plain(t) for t in drawn} <= left
    assert len({plain(t) for t in drawn}) == len(drawn)


def test_another_key_is_another_sample_and_order_makes_no_difference() -> None:
    texts = [f"text {i}" for i in range(200)]

    def drawn(of: list[str], key: bytes = KEY) -> set[str]:
        return set(sample(MemoryTexts(of), known(of, key), known([]).distinct, 20, lambda: None))

    assert drawn(texts) == drawn(texts[::-1])
    assert drawn(texts) != drawn(texts, b"j" * 32)


def test_odd_texts_are_borne() -> None:
    assert known(["\0", "\u202e\u0130", "\U0001f642" * 5]).n == 3
