from __future__ import annotations

from weighbridge.probekit.lexicon import WORDS, Meaning


def test_every_meaning_has_words_in_many_languages() -> None:
    assert set(WORDS) == set(Meaning)
    assert all(text.count("|") >= 8 for text in WORDS.values())
