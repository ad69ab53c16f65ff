"""Words moved and misspelt: what else is in a text stays as it was."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probes.english_assumptions.changes import has_words, main_script, misspelt, plain, shuffled


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.text(max_size=80), st.integers(0, 5), st.sampled_from([0, 1, 3]))
def test_the_same_characters_stay(text: str, seed: int, window: int) -> None:
    assert Counter("".join(shuffled(text, rng(seed), window=window).split())) == Counter("".join(text.split()))


@given(st.text(st.characters(categories=["L", "P", "Zs"]), max_size=80), st.integers(0, 5))
def test_misspelt_words_have_the_same_letters(text: str, seed: int) -> None:
    before, after = plain(text).split(), misspelt(text, rng(seed)).split()
    assert len(before) == len(after)
    assert all(sorted(a) == sorted(b) for a, b in zip(before, after, strict=True))


def test_marks_stay_at_the_end_and_sentences_in_their_place() -> None:
    made = shuffled("one two three. four five six! seven?", rng(1))
    first, rest = made.split(". ")
    assert set(first.split()) == {"one", "two", "three"}
    assert rest.endswith(" seven?")
    assert "! " in rest


def test_a_window_keeps_words_near() -> None:
    words = [f"w{n}" for n in range(12)]
    made = shuffled(" ".join(words), rng(), window=3).split()
    assert [set(made[at : at + 3]) for at in range(0, 12, 3)] == [set(words[at : at + 3]) for at in range(0, 12, 3)]
    assert made != words


def test_every_order_is_as_likely() -> None:
    random = rng(3)
    counted = Counter(shuffled("a b c", random) for _ in range(1200))
    assert len(counted) == 6
    assert min(counted.values()) > 140  # of 200 expected


def test_one_word_in_ten_and_never_its_first_letter() -> None:
    text = " ".join(["abcdef"] * 30)
    made = misspelt(text, rng()).split()
    wrong = [word for word in made if word != "abcdef"]
    assert len(wrong) == 3
    assert all(word[0] == "a" and sorted(word) == list("abcdef") for word in wrong)


@pytest.mark.parametrize("text", ["", "a", "an ox", "1234 5678", "aaaa", "🙂🙂🙂🙂", "\u200f\u200e"])
def test_what_cannot_be_misspelt_stays(text: str) -> None:
    assert misspelt(text, rng()) == plain(text)


def test_signs_stay_on_their_letters() -> None:
    assert misspelt("नमस्ते", rng()) in ("नस्मते", "नमतेस्")
    assert shuffled("यह वाक्य है।", rng()).endswith("।")


@pytest.mark.parametrize(
    ("text", "script", "spaced"),
    [
        ("two words", "Latn", True),
        ("word", "Latn", False),
        ("今天天气很好 今天", "Hani", False),
        ("สวัสดี ชาวโลก", "Thai", False),
        ("한국어 문장", "Kore", True),
        ("مرحبا بالعالم", "Arab", True),
        ("123 456", "", True),
    ],
)
def test_scripts_without_spaces_have_no_words(text: str, script: str, spaced: bool) -> None:
    assert (main_script(text), has_words(text)) == (script, spaced)
