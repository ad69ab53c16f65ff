import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.wording import phrase
from weighbridge.report.neutral import capital, clean, ended, pasteable, sentence, told

HIDING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_hides_or_reorders_is_left(text: str) -> None:
    left = {c for c in clean(text) if unicodedata.category(c) in HIDING}
    assert left <= set("\u200c\u200d")
    clean(text).encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_plain_text_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\n\tb", "a b"),
        ("exe\u202egpj", "exe⟨U+202E⟩gpj"),
        ("\x1b[31m", "⟨U+001B⟩[31m"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # the joiner is spelling, not disguise
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_sentence_raises_its_first_letter_unless_that_is_a_name() -> None:
    assert sentence(phrase("there is no table")) == "There is no table."
    assert sentence(phrase("{name} was left out!", name="weight_kg")) == "weight_kg was left out!"
    assert told(phrase("{x}", x="\u2066")) == "⟨U+2066⟩"
    assert ended("") == capital("") == ""


def test_a_command_with_a_hyphen_is_filled_too() -> None:
    made = pasteable("weighbridge import-report DIR FILE --as ROLE", "m", home="h", policy="p")
    assert made == "weighbridge import-report m --home h FILE --as ROLE"
    assert pasteable("weighbridge weigh DIR", "m", policy="my p") == "weighbridge weigh m --policy 'my p'"
