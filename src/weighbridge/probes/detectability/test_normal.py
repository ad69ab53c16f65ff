from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probes.detectability.attacks import ATTACKS
from weighbridge.probes.detectability.normal import normal
from weighbridge.probes.detectability.scripts import main_script, shares

ENGLISH = "The cat sat on the mat, and every excellent copy of an exercise was scary. 12 people saw it."
RUSSIAN = "Мама мыла раму, а папа читал газету. Хорошо, что рост не сор."
GREEK = "Η γάτα κάθισε πάνω στο χαλί. Και όλοι ήταν χαρούμενοι."
ARABIC = "كان يا ما كان في قديم الزمان ملك كبير يحب شعبه."
PERSIAN = "یکی بود یکی نبود، غیر از خدا هیچ\u200cکس نبود."
HINDI = "एक समय की बात है, क्\u200dष राजा था।"
FAMILY = "We are here 👩‍👩‍👧‍👦 and ❤️ it 🏴\U000e0067\U000e0062\U000e007f."


@pytest.mark.parametrize(
    "text", [ENGLISH, RUSSIAN, GREEK, ARABIC, PERSIAN, HINDI, FAMILY, "日本語のテキスト。", "שלום עולם"]
)
def test_an_honest_text_stays_as_it_is(text: str) -> None:
    assert normal(text) == unicodedata.normalize("NFC", text)


def test_a_russian_word_in_an_english_text_stays_russian() -> None:
    text = f"{ENGLISH} The word рост means growth, and нет means no."
    assert normal(text) == text


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, GREEK])
@pytest.mark.parametrize("name", ["homoglyph", "zero-width", "whitespace", "paragraph"])
def test_it_undoes_what_is_not_seen(text: str, name: str) -> None:
    attack = next(a for a in ATTACKS if a.name == name)
    for strength in attack.strengths:
        changed = attack.apply(text, strength, np.random.default_rng(0))
        assert changed != text
        assert normal(changed) == unicodedata.normalize("NFC", text)


def test_letters_in_another_style_are_plain() -> None:
    assert normal("𝐇𝐞𝐥𝐥𝐨 ｗｏｒｌｄ １２ ⓐ") == "Hello world 12 a"


def test_a_text_of_nothing_visible_is_empty() -> None:
    assert normal("\u200b\u200e\x00 \u3164\n") == ""


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


def test_scripts_are_told_by_letters() -> None:
    assert shares("ab вг 12") == {"CYRILLIC": 0.5, "LATIN": 0.5}
    assert main_script("12 !?") == ""
    assert main_script("漢字かな漢字") == "CJK"
