from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.maths.roc import auc
from weighbridge.probes.detectability.canonical import canonical, length_matched
from weighbridge.probes.detectability.sample import READ, sample_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("One.\n\nTwo  three.", "One. Two three"),
        ("It ended.Then it began.", "It ended. Then it began"),
        ("“Yes,” she said — ‘no’…", "Yes,\" she said - 'no"),
        ("Sure, here is a story:\nOnce upon a time", "Once upon a time"),
        ("Natürlich, hier ist der Text:\n\nEs war einmal", "Es war einmal"),
        ("## Title\n\n- **bold** point\n1. `code`", "Title bold point code"),
        ("Tom &amp; Jerry<br>ran", "Tom & Jerry ran"),
        ("a , b ( c )", "a, b ( c"),
        ("nul\x00 here", "nul here"),
        ("3.14 is e.g. pi", "3.14 is e.g. pi"),
        ("?!", "?!"),
        ("<br>", "<br>"),
        ("Sure, here is:", "Sure, here is:"),
        ("(यह हिन्दी है।)", "यह हिन्दी है"),
        ("... fun 🎉!", "fun 🎉"),
        ("", ""),
    ],
)
def test_one_format(text: str, plain: str) -> None:
    assert canonical(text) == plain


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="ab A.,*_`#-\n\"'>1:;&amplt<br>", max_size=40)))
def test_a_second_time_changes_nothing_and_nothing_is_emptied(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert once or not any(c.isalnum() for c in text)


@pytest.mark.parametrize(
    "piece", ["*", "!", " ", "\n", "** a", "a.", "`", "> ", "# ", "&amp;", "<br>", "Sure ", "\x00", "-", "''"]
)
@pytest.mark.timeout(20)
def test_huge_and_hostile_texts_take_no_longer_than_long_ones(piece: str) -> None:
    assert len(canonical(piece * 500_000 + "x")) <= READ


def words(n: int, word: str = "word") -> str:
    return " ".join(f"{word}{i}" for i in range(n))


def test_lengths_have_one_distribution_and_no_text_grows() -> None:
    rng = np.random.default_rng(0)
    human = tuple(words(int(n)) for n in rng.integers(50, 200, 300))
    machine = tuple(words(int(n)) for n in rng.integers(80, 120, 300))
    made = length_matched(sample_of(human, machine))
    a, b = (np.array([len(t.split()) for t in side.texts]) for side in (made.human, made.machine))
    assert np.abs(np.sort(a) - np.sort(b)).max() <= 1
    assert all(len(new) < len(old) for new, old in zip(made.texts, (*human, *machine), strict=True))


def test_characters_count_where_words_are_not_parted() -> None:
    made = length_matched(sample_of(("漢字" * 50,), ("漢字" * 20,)))
    first, second = (len(text) for text in made.texts)
    assert first == second
    assert 30 <= first < 40


def test_nobody_is_told_by_where_a_text_was_cut() -> None:
    sentence = "one two three four five six seven eight nine ten. "
    human = tuple(sentence * 14 for _ in range(300))  # they end where a sentence ends
    machine = tuple(
        " ".join((sentence * 16).split()[at % 9 :]) for at in range(300)
    )  # longer: cut in the middle of one
    made = length_matched(sample_of(human, machine))
    since = [np.array([len(t.split(". ")[-1].split()) for t in side.texts]) for side in (made.human, made.machine)]
    assert abs(auc(since[1].astype(float), since[0].astype(float)) - 0.5) < 0.1
    assert all(len(set(lengths.tolist())) >= 9 for lengths in since)


def test_one_kind_alone_in_a_stratum_and_texts_of_one_word() -> None:
    assert length_matched(sample_of(("a b c",), ())).texts == ("a b c",)
    assert length_matched(sample_of(("word",), ("other", ""))).texts == ("word", "other", "")
