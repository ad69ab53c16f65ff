from __future__ import annotations

import pytest

from weighbridge.probekit.scanner.words import (
    CARD_WORDS,
    INTRODUCTIONS,
    PHONE_WORDS,
    POSITION_WORDS,
    STREETS_AFTER,
    STREETS_BEFORE,
    STREETS_JOINED,
    TITLES,
)


@pytest.mark.parametrize(
    "text", ["tel ", "phone: ", "móvil ", "téléphone", "тел. ", "电话", "فون هاتف ", "call me at ", "handynummer "]
)
def test_words_before_a_number_to_call(text: str) -> None:
    assert PHONE_WORDS.search(text.encode())


@pytest.mark.parametrize("text", ["hotel ", "recall ", "total ", "calling", "label ", "context "])
def test_a_word_is_whole(text: str) -> None:
    assert not PHONE_WORDS.search(text.encode())


def test_words_of_cards_and_positions() -> None:
    assert CARD_WORDS.search("carte n° ".encode())
    assert not CARD_WORDS.search(b"discard ")
    assert POSITION_WORDS.search(b"gps: ")


def test_no_list_holds_an_empty_word_or_one_twice() -> None:
    for words in (STREETS_AFTER, STREETS_BEFORE, STREETS_JOINED, TITLES, INTRODUCTIONS):
        assert all(word.strip() == word and word for word in words)
        assert len(set(words)) == len(words)
