from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.adapters.languages.identification import Ear, open_ear
from weighbridge.adapters.languages.registry import open_registry
from weighbridge.adapters.languages.scripts import scripts_of
from weighbridge.core.evidence import Silent
from weighbridge.probekit.languages import UNKNOWN, Identified
from weighbridge.probekit.scripts import n_letters

pytest.importorskip("pycld2", reason="telling languages apart is an extra")
pytest.importorskip("py3langid", reason="telling languages apart is an extra")

ENGLISH = "The water is cold today, and the road to the village is closed."
FRENCH = "L'eau est froide aujourd'hui, et la route du village est fermée."


def heard(text: str) -> Identified:
    return open_ear().identify([text])[0]


@pytest.mark.parametrize(
    ("language", "script", "text"),
    [
        ("en", "Latn", ENGLISH),
        ("fr", "Latn", FRENCH),
        ("fr", "Latn", FRENCH.upper()),
        ("sw", "Latn", "Maji ni baridi leo, na barabara ya kwenda kijijini imefungwa."),
        ("ru", "Cyrl", "Сегодня вода холодная, и дорога в деревню закрыта."),
        ("hi", "Deva", "आज पानी ठंडा है और गाँव जाने वाली सड़क बंद है।"),
        ("zh", "Hani", "今天水很冷，通往村子的路封了，我们在学校读这本书。"),
        ("ja", "Jpan", "今日は水が冷たくて、村へ行く道は閉まっています。"),
        ("ko", "Kore", "오늘은 물이 차갑고 마을로 가는 길이 막혔습니다."),
        ("he", "Hebr", "\u200fהמים קרים היום והדרך אל הכפר סגורה\u200f"),
        ("en", "Latn", "\uff34\uff48\uff45 water is cold today and the road is closed"),  # full width
        ("en", "Latn", f"{ENGLISH} https://example.org/la-route-du-village-est-fermee"),
        ("no", "Latn", "Vannet er kaldt i dag, og veien til landsbyen er stengt."),
    ],
)
def test_tells_a_language(language: str, script: str, text: str) -> None:
    assert (heard(text).language, heard(text).script) == (language, script)


@pytest.mark.parametrize(
    "text",
    [
        "mujhe aaj bazaar jana hai aur doodh lana hai kyunki ghar mein khatam ho gaya",  # Hindi in Latin letters
        "privet kak dela segodnya ochen horoshaya pogoda i ya idu domoy",  # Russian likewise
        "arigatou gozaimasu kyou wa totemo ii tenki desu ne",
        "kubernetes helm chart values yaml deployment ingress",
        "ok", "a", "Jones Ivanova Suzuki",
    ],
)  # fmt: skip
def test_is_not_forced_to_a_language(text: str) -> None:
    assert heard(text).language == UNKNOWN
    assert heard(text).script == "Latn"  # which is known all the same


@pytest.mark.parametrize(
    "text", ["", " \n\t", "😀🎉 ❤️", "12 345.67", "\u200f\u202e", "https://example.org/the/road", "...!?"]
)
def test_what_has_no_letter_is_in_no_language(text: str) -> None:
    assert heard(text).parts == ()
    assert (heard(text).language, heard(text).script) == (UNKNOWN, "")


def test_two_languages_in_one_text() -> None:
    found = heard(f"{ENGLISH} {FRENCH}\n今日は水が冷たくて、村へ行く道は閉まっています。")
    assert [(part.language, part.script) for part in found.parts] == [("en", "Latn"), ("fr", "Latn"), ("ja", "Jpan")]
    assert found.language == UNKNOWN  # none holds more than half
    assert heard(f"{ENGLISH} {ENGLISH} {FRENCH}").language == "en"


def test_what_it_knows_is_on_record() -> None:
    known = open_registry().identifiable
    assert len(known) > 100
    assert {"en", "sw", "yo", "ha", "zu", "bo"} <= set(known)
    assert all(open_registry().find(tag) and scripts_of(tag) for tag in known)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    ear = open_ear()
    first, second = ear.identify([text, text])
    assert first == second
    assert {part.language for part in first.parts} <= {UNKNOWN, *ear.languages}
    assert first.n_letters >= 0
    assert not first.parts or first.n_letters > 0
    assert (n_letters(text) > 0) or not first.parts


def test_answers_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.adapters.languages.identification._MOST_KEPT", 1)
    ear = Ear(open_ear()._judge, open_ear().languages)
    assert [one.language for one in ear.identify([ENGLISH, FRENCH, ENGLISH])] == ["en", "fr", "en"]
    assert len(ear._kept) == 1


def test_without_the_packages_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    open_ear.cache_clear()
    monkeypatch.setitem(sys.modules, "pycld2", None)
    with pytest.raises(Silent, match="not installed"):
        open_ear()
    open_ear.cache_clear()
