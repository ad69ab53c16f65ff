from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.core.wording import Phrase
from weighbridge.probes.detectability.attacks import ATTACKS, Attack, Lacking, attacked
from weighbridge.probes.detectability.engine_text import clusters
from weighbridge.probes.detectability.lexicon import ARTICLES, NO_ARTICLES, SPELLINGS, SYNONYMS, Lists, primary
from weighbridge.probes.detectability.sample import READ, sample_of

pytest.importorskip("regex", reason="regex is an extra")
pytest.importorskip("rapidfuzz", reason="rapidfuzz is an extra")

TEXT = "The big company started in 2019. It was a great success, and the colour of its house is important."
OTHERS = {
    "ru": "Мама мыла раму в 1999 году. Папа читал газету, а сын спал.",
    "zh": "这个国家的语言很难学。他们说话时我听不懂。",
    "ar": "كان يا ما كان في قديم الزمان ملك كبير. وكان يحب شعبه كثيرا.",
    "he": "היה היה מלך גדול. הוא אהב את העם שלו מאוד בשנת 1950.",
    "hi": "एक समय की बात है। राजा के पास १२ घोड़े थे।",
    "ko": "옛날 옛적에 임금님이 살았습니다. 그는 백성을 사랑했습니다.",
    "de": "Der große Hund muss schnell laufen. Das Auto ist neu.",
    "": "👩‍👩‍👧‍👦 ❤️ \x00 🏴‍☠️",
}
EACH = pytest.mark.parametrize("attack", ATTACKS, ids=[a.name for a in ATTACKS])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def named(name: str) -> Attack:
    return next(attack for attack in ATTACKS if attack.name == name)


@EACH
def test_it_changes_a_text_more_at_the_higher_strength_and_the_same_for_the_same_seed(attack: Attack) -> None:
    text = " ".join([TEXT] * 10)
    weak, strong = (attack.apply(text, strength, rng(), "en-GB") for strength in attack.strengths)
    assert weak != text
    assert strong != text
    both = attacked(sample_of((text,) * 4, ()), attack, attack.strengths[0], rng()) if attack.name == "case" else None
    assert both is None or 0 < both.edits.mean() < 0.1
    assert attack.apply(text, attack.strengths[1], rng(), "en-GB") == strong


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.text(max_size=40), st.sampled_from([TEXT, *OTHERS.values(), "", " ", "a", "The", "L'", "\ud800b c"])),
    st.sampled_from(["", "en", "de", "fr", "zh", "xx"]),
    st.integers(0, 9),
)
def test_never_the_same_never_empty_never_half_a_character(text: str, language: str, seed: int) -> None:
    for attack in ATTACKS:
        for strength in attack.strengths:
            made = attack.tried(text, strength, rng(seed), language)
            if isinstance(made, Phrase):
                continue
            assert made != text
            assert made.strip()
            if attack.name in ("zero-width", "whitespace"):
                mark = "\u200b" if attack.name == "zero-width" else " "
                assert made.replace(mark, "") == text.replace(mark, "")
                assert [c for c in clusters(made) if c.strip(mark)] == [c for c in clusters(text) if c.strip(mark)]


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_and_scripts(language: str) -> None:
    text = OTHERS[language]
    can = {a.name for a in ATTACKS if isinstance(a.tried(text, a.strengths[1], rng(), language), str)}
    cannot = {
        "ru": {"spelling", "article", "synonym"},
        "zh": {"homoglyph", "case", "misspelling", "number", "article", "synonym"},
        "ar": {"case", "spelling", "number", "article", "synonym"},
        "he": {"homoglyph", "case", "spelling", "article", "synonym"},
        "hi": {"homoglyph", "case", "spelling", "article", "synonym"},
        "ko": {"homoglyph", "case", "misspelling", "spelling", "number", "article", "synonym"},
        "de": {"number"},
        "": {"homoglyph", "case", "misspelling", "spelling", "number", "article", "paragraph", "synonym"},
    }[language]
    assert can == {a.name for a in ATTACKS} - cannot


@pytest.mark.parametrize(
    ("name", "language", "because"),
    [
        ("article", "ru", "has no articles"),
        ("article", "", "no articles are known for the language (not told)"),
        ("article", "xx", "no articles are known"),
        ("synonym", "sw", "no list of synonyms is known for the language sw"),
        ("spelling", "sw", "no list of alternative spellings"),
    ],
)
def test_what_a_language_lacks_is_said(name: str, language: str, because: str) -> None:
    with pytest.raises(Lacking, match=r".") as lacking:
        named(name).apply(TEXT, 1.0, rng(), language)
    assert because in str(lacking.value.because)


def test_what_each_does() -> None:
    full = {a.name: a.apply(TEXT, 1.0, rng(), "en") for a in ATTACKS}
    assert full["article"].startswith("Big company started in 2019. It was great success, and colour")
    assert "color" in full["spelling"]
    assert full["paragraph"].count("\n\n") == 1
    assert "2019" not in full["number"]
    assert len(full["number"]) == len(TEXT)
    assert full["homoglyph"].encode("ascii", "ignore").decode() != TEXT
    assert len(full["homoglyph"]) == len(TEXT)
    assert not full["synonym"].startswith("The big company started")
    assert full["zero-width"].count("\u200b") == len(TEXT) - 1
    assert named("number").apply("१२३", 1.0, rng()).isdigit()
    assert named("spelling").apply("这个国家", 1.0, rng(), "zh-Hans") == "這個國家"
    assert named("article").apply("l'homme", 1.0, rng(), "fr") == "homme"
    assert named("case").apply("STRASSE ß", 1.0, rng()) == "strasse ß"


def test_lists_of_the_user_s_own() -> None:
    lists = Lists(misspellings={"en": {"success": ("zukzess",)}}, synonyms={"sw": {"kubwa": ("pana",)}})
    assert "zukzess" in named("misspelling").apply(TEXT, 1.0, rng(), "en", lists)
    assert named("synonym").apply("Kubwa sana", 1.0, rng(), "sw", lists) == "Pana sana"


def test_a_huge_text_is_changed_in_what_is_read() -> None:
    text = "a word " * 150_000
    for attack in ATTACKS:
        made = attack.tried(text, attack.strengths[0], rng(), "en")
        if isinstance(made, str):
            assert made.endswith(text[READ:])


def test_a_sample_is_attacked_on_both_sides_and_says_what_was_not() -> None:
    sample = sample_of((TEXT, "no digits here"), (TEXT, "nor here", "nor there"), language="en")
    made = attacked(sample, named("number"), 1.0, rng())
    assert made.is_changed.tolist() == [True, False, True, False, False]
    assert made.sample.texts[1] == "no digits here"
    assert [(str(why), n) for why, n in made.because] == [("no number is in the text", 3)]
    assert made.edits.shape == (2,)
    assert 0 < made.edits.max() < 0.1
    nothing = attacked(sample, named("article"), 1.0, rng(), Lists())
    assert nothing.is_changed.sum() == 2
    assert not attacked(sample, named("synonym"), 1.0, rng(), Lists()).is_changed.any()


def test_lists_are_sound() -> None:
    for by_language in (SYNONYMS, SPELLINGS):
        for words in by_language.values():
            assert all(others and word not in others and word == word.lower() for word, others in words.items())
    assert not set(ARTICLES) & NO_ARTICLES
    assert primary("pt_BR") == "pt"
