from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.languages.tags import canonical, language_of, nearest, said


@pytest.mark.parametrize(
    ("tag", "made"),
    [
        ("en", "en"), ("EN", "en"), ("eng", "en"), ("eng_Latn", "en"), (" en\n", "en"), ("\u200fhe\u200f", "he"),
        ("iw", "he"), ("in", "id"), ("ji", "yi"), ("mo", "ro"), ("tl", "fil"), ("i-klingon", "tlh"),
        ("zh", "zh"), ("cmn", "zh"), ("cmn-Hans", "zh-Hans"), ("zho_Hant", "zh-Hant"), ("chi", "zh"), ("zh-yue", "yue"),
        ("arb_Arab", "ar"), ("arz", "arz"), ("swh_Latn", "sw"), ("nb", "no"), ("nob_Latn", "no"), ("no", "no"), ("nn", "nn"),
        ("pbt_Arab", "ps-Arab"), ("pt_BR", "pt-BR"), ("sr-Latn", "sr-Latn"),
    ],
)  # fmt: skip
def test_any_spelling_becomes_one(tag: str, made: str) -> None:
    assert canonical(tag) == made
    assert language_of(tag) == made.partition("-")[0]


@pytest.mark.parametrize(
    "tag",
    ["", " ", "english", "xx", "zz-zz-zz", "und", "mul", "zxx", "qaa", "qtz-Latn", "x-mine", "en" * 300, "e", "1", "-"],
)
def test_what_is_no_language_is_none(tag: str) -> None:
    assert canonical(tag) == language_of(tag) == ""


def test_that_there_is_no_language_can_be_said() -> None:
    assert said(" ZXX ") == "zxx"
    assert canonical("zxx") == ""
    assert said("iw") == "he"


@given(st.text(max_size=30))
def test_a_canonical_tag_stays_as_it_is(text: str) -> None:
    made = canonical(text)
    assert canonical(made) == made
    assert language_of(text) == language_of(made) == made.partition("-")[0]


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ("english", "en"),
        ("Englsh", "en"),
        ("Krioh", "kri"),
        ("en_gibberish-zz", "did you mean en?"),
        ("qqq9", "BCP 47"),
    ],
)
def test_a_wrong_tag_is_told_with_the_nearest(tag: str, says: str) -> None:
    assert says in nearest(tag, [("kri", "Krio")])
