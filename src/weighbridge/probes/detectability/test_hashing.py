from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probes.detectability import engine_hashing, hashing
from weighbridge.probes.detectability.sample import READ

ODD = [
    "",
    "a",
    "ab",
    "abc\x00d",
    "\ud800x\udfff",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    "שלום עולם",
    "aaaaaaaa",
    "é\u0301" * 5,
    "日本語テキスト",
]
ANY = st.text(alphabet=st.characters(codec=None), max_size=40)


def same(a: hashing.Counts, b: hashing.Counts) -> bool:
    return all(
        np.array_equal(getattr(a, name), getattr(b, name)) and getattr(a, name).dtype == getattr(b, name).dtype
        for name in ("starts", "places", "counts")
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(ANY, st.sampled_from(ODD)), max_size=8))
def test_compiled_or_not_the_counts_are_the_same(texts: list[str]) -> None:
    pytest.importorskip("numba", reason="numba is an extra")
    assert same(hashing.counts(texts), hashing.counts(texts, by_numpy=True))


def test_the_loop_that_is_compiled_says_the_same_when_it_is_not() -> None:
    codes, ends = hashing.coded(ODD)
    with np.errstate(over="ignore"):  # products of 64 bits are meant to run over
        starts, places, counts = hashing.loop(codes, ends)
    assert same(hashing.Counts(starts=starts, places=places, counts=counts), hashing.counts(ODD, by_numpy=True))


def test_every_string_is_counted_once_for_each_place_it_stands() -> None:
    made = hashing.counts(["abcabc", "abc"], by_numpy=True)
    assert [int(made.counts[a:b].sum()) for a, b in zip(made.starts[:-1], made.starts[1:], strict=True)] == [14, 3]
    assert int(made.counts[: made.starts[1]].max()) == 2


def test_as_many_strings_as_scikit_learn_counts() -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is an extra")
    theirs = text.HashingVectorizer(
        analyzer="char", ngram_range=(2, 5), lowercase=False, norm=None, alternate_sign=False
    )
    words = ["The quick brown fox jumps over the lazy dog. 12", "über Äpfel", "日本語テキスト"]
    made = hashing.counts(words)
    assert (
        np.add.reduceat(made.counts, made.starts[:-1]).tolist()
        == theirs.transform(words).sum(axis=1).ravel().tolist()[0]
    )


def test_many_texts_are_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"text {i} of some length" for i in range(50)]
    whole = hashing.counts(texts, by_numpy=True)
    monkeypatch.setattr(hashing, "_PIECE", 100)
    assert same(hashing.counts(texts, by_numpy=True), whole)


def test_a_huge_text_is_read_in_its_beginning() -> None:
    assert same(hashing.counts(["ab" * READ]), hashing.counts([("ab" * READ)[:READ]]))


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert engine_hashing.compiled(hashing.loop) is None
